//! The facts as the marketplace sends them: one JSON object per message, with `type` and `version`.

use domain::{
    at::Instant,
    book::Book,
    catalogue::{FACTS_PER_PRODUCT, Product, ProductFact},
    contest::{Contest, ContestKind},
    id::{DecisionId, OrderId, ProductId, SellerId, StoreId},
    money::Money,
    order::{LINES_PER_ORDER, PlacedLine, PlacedOrder, Scan, Shipment, UNITS_PER_SHIPMENT},
    returns::Condition,
    seller::SellerFacts,
    store::Store,
    topic::Family,
    unit::Unit,
};
use serde::Deserialize;
use shell::{
    commit::{Fact, digest},
    failure::Failure,
    fields::Fields,
};

/// What a message can say, by its type.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    SellerRegistered,
    SellerChanged,
    OrderPlaced,
    ShipmentConfirmed,
    CarrierScanned,
    SellerContactedCustomer,
    ProductDescribed,
    RefundIssued,
    ReturnReceived,
    OrderContested,
}

/// What a message says.
pub enum What {
    Registered(SellerId, SellerFacts, Option<String>, Instant),
    Changed(SellerId, SellerFacts, Instant),
    Placed(PlacedOrder),
    Shipped(OrderId, Shipment),
    Scanned(OrderId, Scan),
    SellerWrote(OrderId, SellerId, Family, Instant),
    Described(Product),
    Refunded(Refunded),
    Returned(Returned),
    Contested(OrderId, Contest),
}

/// A refund that was paid out.
pub struct Refunded {
    pub order: OrderId,
    pub seller: SellerId,
    pub decision: DecisionId,
    pub amount: Money,
    pub issued_at: Instant,
}

/// Units that came back.
pub struct Returned {
    pub order: OrderId,
    pub seller: SellerId,
    pub units: Vec<Unit>,
    pub received_at: Instant,
    pub condition: Condition,
}

/// What a message says, about which store, and the name under which it counts once.
pub struct Said<'a> {
    pub store: &'a Store,
    pub fact: Fact,
    pub what: What,
}

/// The greatest price of a unit, in minor units.
const DEAREST: i64 = 1_000_000_000_000;

/// Characters of a fact's name and of its source, and of its value.
const LONGEST_NAME: usize = 100;
const LONGEST_VALUE: usize = 500;

/// Characters of a token's subject.
const LONGEST_SUBJECT: usize = 255;

/// Reads a message. Nothing in it may lie after `now`.
pub fn read<'a>(body: &[u8], book: &'a Book, now: Instant) -> Result<Said<'a>, Failure> {
    let fields = Fields::parse(body)?;
    let content = fields.canonical();
    let (kind, version) = (fields.one_of::<Kind>("type"), fields.number("version", 1..=1));
    let store: Option<StoreId> = fields.id("store");
    let store = store.and_then(|id| {
        let known = book.store(&id);
        if known.is_none() {
            fields.wrong("store", book.no_store(&id));
        }
        known
    });
    let reader = Reader { fields: &fields, store, book, now };
    let called = kind.and_then(|_| fields.text_if_given("type", LONGEST_NAME));
    let said = kind.and_then(|kind| match kind {
        Kind::SellerRegistered => reader.registered(),
        Kind::SellerChanged => reader.changed(),
        Kind::OrderPlaced => reader.placed(),
        Kind::ShipmentConfirmed => reader.shipped(),
        Kind::CarrierScanned => reader.scanned(),
        Kind::SellerContactedCustomer => reader.seller_wrote(),
        Kind::ProductDescribed => reader.described(),
        Kind::RefundIssued => reader.refunded(),
        Kind::ReturnReceived => reader.returned(),
        Kind::OrderContested => reader.contested(),
    });
    fields.build(|| {
        let (store, (name, what), called, _) = (store?, said?, called?, version?);
        let fact = Fact::new("marketplace-intake", format!("{called}#{}#{name}", store.id), content.as_bytes());
        Some(Said { store, fact, what })
    })
}

struct Reader<'a> {
    fields: &'a Fields,
    store: Option<&'a Store>,
    book: &'a Book,
    now: Instant,
}

type Read = Option<(String, What)>;

impl Reader<'_> {
    /// A time that has come.
    fn past(&self, name: &str) -> Option<Instant> {
        let at = self.fields.instant(name)?;
        if at > domain::at::hours_after(self.now, 1) {
            self.fields.wrong(name, "must not lie more than an hour in the future");
        }
        Some(at)
    }

    fn facts(&self) -> Option<SellerFacts> {
        let (plan, standing) = (self.fields.one_of("plan"), self.fields.one_of("standing"));
        let (address_country, language) = (self.fields.text("address_country", 2), self.fields.one_of("language"));
        if address_country.as_ref().is_some_and(|code| code.len() != 2 || code.bytes().any(|b| !b.is_ascii_uppercase()))
        {
            self.fields.wrong("address_country", "must be two capital letters, like US");
        }
        let email = self.fields.email("email");
        let primary_user = self.fields.text_if_given("primary_user", LONGEST_SUBJECT);
        Some(SellerFacts {
            plan: plan?,
            standing: standing?,
            address_country: address_country?,
            email: email?,
            language: language?,
            primary_user,
        })
    }

    fn registered(&self) -> Read {
        let (seller, facts) = (self.fields.id::<SellerId>("seller_id"), self.facts());
        let (terms, at) = (self.fields.text_if_given("accepted_terms", 64), self.past("occurred_at"));
        let seller = seller?;
        Some((seller.to_string(), What::Registered(seller, facts?, terms, at?)))
    }

    fn changed(&self) -> Read {
        let (seller, facts) = (self.fields.id::<SellerId>("seller_id"), self.facts());
        let (seller, at) = (seller?, self.past("occurred_at")?);
        Some((format!("{seller}#{}", at.to_rfc3339()), What::Changed(seller, facts?, at)))
    }

    fn placed(&self) -> Read {
        let f = self.fields;
        let (order, customer) = (f.id::<OrderId>("order_id"), f.id("customer_id"));
        let placed_at = self.past("placed_at");
        let lines = f.list("lines", LINES_PER_ORDER, |line| self.line(line));
        if let Some(lines) = &lines {
            let mut items: Vec<_> = lines.iter().map(|line| &line.item).collect();
            items.sort();
            if items.windows(2).any(|pair| pair.first() == pair.last()) {
                f.wrong("lines", "must not name an item twice");
            }
        }
        let order = order?;
        let placed = PlacedOrder {
            store: self.store?.id.clone(),
            id: order.clone(),
            customer: customer?,
            placed_at: placed_at?,
            lines: lines?,
        };
        Some((order.to_string(), What::Placed(placed)))
    }

    fn line(&self, line: &Fields) -> Option<PlacedLine> {
        let (item, seller, product) = (line.id("item_id"), line.id("seller_id"), line.id("product_id"));
        let category = line.text_if_given("category", 64);
        let (quantity, price) = (line.number("quantity", 1..=999), line.number("unit_price_minor", 0..=DEAREST));
        let (fulfilment, promised_by) = (line.one_of("fulfilment"), line.instant_if_given("promised_by"));
        Some(PlacedLine {
            item: item?,
            seller: seller?,
            product: product?,
            category,
            quantity: u16::try_from(quantity?).ok()?,
            unit_price: Money::new(price?, self.store?.currency),
            fulfilment: fulfilment?,
            promised_by,
        })
    }

    fn shipped(&self) -> Read {
        let f = self.fields;
        let (order, id, seller) = (f.id::<OrderId>("order_id"), f.id("shipment_id"), f.id("seller_id"));
        let (shipped_at, replacement) = (self.past("shipped_at"), f.flag("replacement"));
        let protected_label = f.flag("protected_label");
        let units = f.list("units", UNITS_PER_SHIPMENT, |unit| {
            let (item, ordinal) = (unit.id("item_id"), unit.number("ordinal", 1..=999));
            Some((item?, u16::try_from(ordinal?).ok()?))
        });
        let (order, id): (_, domain::id::ShipmentId) = (order?, id?);
        // A parcel may be confirmed in parts: each part is a fact of its own, named by its units.
        let mut parts: Vec<_> = units.iter().flatten().map(|(item, ordinal)| format!("{item}.{ordinal}")).collect();
        parts.sort();
        let name = format!("{order}#{id}#{}", digest(parts.join(" ").as_bytes()));
        let shipment = Shipment {
            id,
            seller: seller?,
            shipped_at: shipped_at?,
            units: units?,
            replacement: replacement?,
            protected_label: protected_label?,
        };
        Some((name, What::Shipped(order, shipment)))
    }

    fn scanned(&self) -> Read {
        let f = self.fields;
        let (order, shipment) = (f.id::<OrderId>("order_id"), f.id("shipment_id"));
        let (at, delivered) = (self.past("scanned_at"), f.flag("delivered"));
        let (order, shipment): (_, domain::id::ShipmentId) = (order?, shipment?);
        let (scanned_at, delivered) = (at?, delivered?);
        let name = format!("{order}#{shipment}#{}#{delivered}", scanned_at.to_rfc3339());
        Some((name, What::Scanned(order, Scan { shipment, scanned_at, delivered })))
    }

    fn described(&self) -> Read {
        let f = self.fields;
        let (product, at) = (f.id::<ProductId>("product_id"), self.past("described_at"));
        let facts = f.list("facts", FACTS_PER_PRODUCT, |fact| {
            let (name, value) = (fact.text("name", LONGEST_NAME), fact.text("value", LONGEST_VALUE));
            let source = fact.text("source", LONGEST_NAME);
            Some(ProductFact { name: name?, value: value?, source: source? })
        });
        let (id, described_at) = (product?, at?);
        let name = format!("{id}#{}", described_at.to_rfc3339());
        Some((name, What::Described(Product { id, facts: facts?, described_at })))
    }

    /// RET-5: each decision is paid out once.
    fn refunded(&self) -> Read {
        let f = self.fields;
        let (order, seller) = (f.id::<OrderId>("order_id"), f.id::<SellerId>("seller_id"));
        let (decision, amount) = (f.id::<DecisionId>("decision_id"), f.number("amount_minor", 1..=DEAREST));
        let issued_at = self.past("issued_at");
        let (order, seller, decision) = (order?, seller?, decision?);
        let name = format!("{order}#{seller}#{decision}");
        let amount = Money::new(amount?, self.store?.currency);
        Some((name, What::Refunded(Refunded { order, seller, decision, amount, issued_at: issued_at? })))
    }

    fn returned(&self) -> Read {
        let f = self.fields;
        let (order, seller) = (f.id::<OrderId>("order_id"), f.id::<SellerId>("seller_id"));
        let (received_at, condition) = (self.past("received_at"), f.one_of("condition"));
        let units = f.list("units", UNITS_PER_SHIPMENT, |unit| {
            let (item, ordinal) = (unit.id("item_id"), unit.number("ordinal", 1..=999));
            Some(Unit { item: item?, ordinal: u16::try_from(ordinal?).ok()? })
        });
        let (order, seller, received_at, mut units) = (order?, seller?, received_at?, units?);
        units.sort();
        let named: Vec<_> = units.iter().map(|unit| format!("{}.{}", unit.item, unit.ordinal)).collect();
        let name = format!("{order}#{seller}#{}#{}", received_at.to_rfc3339(), digest(named.join(" ").as_bytes()));
        Some((name, What::Returned(Returned { order, seller, units, received_at, condition: condition? })))
    }

    fn contested(&self) -> Read {
        let f = self.fields;
        let (order, seller) = (f.id::<OrderId>("order_id"), f.id::<SellerId>("seller_id"));
        let (kind, at) = (f.one_of::<ContestKind>("kind"), self.past("opened_at"));
        let (order, seller, kind) = (order?, seller?, kind?);
        let name = format!("{order}#{seller}#{}", kind.as_str());
        Some((name, What::Contested(order, Contest { seller, kind, opened_at: at? })))
    }

    fn seller_wrote(&self) -> Read {
        let f = self.fields;
        let (order, seller) = (f.id::<OrderId>("order_id"), f.id::<SellerId>("seller_id"));
        let (topic, at) = (f.text("topic", 64), self.past("occurred_at"));
        let issue = topic.and_then(|code| {
            let known = self.book.topics.get(&code).map(|topic| topic.family);
            if known.is_none() {
                f.wrong("topic", format!("{code} is no topic"));
            }
            known
        });
        let (order, seller, issue, at) = (order?, seller?, issue?, at?);
        let name = format!("{order}#{seller}#{issue}#{}", at.to_rfc3339());
        Some((name, What::SellerWrote(order, seller, issue, at)))
    }
}
