//! What the rows mean for the service.

use super::{
    STORE,
    files::{Files, OrderRow},
};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{quarter, store::Store};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Sellers whose id begins so leave the service for a while.
const LEAVING: char = '0';
const LEAVES: &str = "2018-01-01 00:00:00";
const RETURNS: &str = "2018-03-01 00:00:00";
const TERMS: &str = "2016-01";

/// Something that happens.
pub struct Event {
    pub at: DateTime<Utc>,
    pub what: What,
}

/// What happens, with the bodies as they are sent.
pub enum What {
    Registered(String),
    OptedOut(String),
    OptedIn(String),
    Tick,
    Placed(String),
    Shipped(String),
    Scanned(String),
    Contacted { key: String, body: String },
}

impl What {
    /// What comes first of the same instant: what the others rest on.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Registered(_) => 0,
            Self::OptedOut(_) => 1,
            Self::OptedIn(_) => 2,
            Self::Placed(_) => 3,
            Self::Shipped(_) => 4,
            Self::Scanned(_) => 5,
            Self::Contacted { .. } => 6,
            Self::Tick => 7,
        }
    }
}

/// What was found in the rows.
#[derive(Default)]
pub struct Counted {
    pub orders: u64,
    pub units: u64,
    pub skipped: BTreeMap<String, u64>,
    pub rejected: BTreeMap<String, u64>,
}

/// Every event, in no order, and what was left out.
pub struct History {
    pub events: Vec<Event>,
    pub counted: Counted,
}

struct Unit<'a> {
    item: &'a str,
    product: &'a str,
    price_minor: i64,
}

/// An order with its times.
struct Timed<'a> {
    row: &'a OrderRow,
    placed: DateTime<Utc>,
    shipped: Option<DateTime<Utc>>,
    delivered: Option<DateTime<Utc>>,
    promised: Option<DateTime<Utc>>,
}

fn count(of: &mut BTreeMap<String, u64>, reason: &str) {
    *of.entry(reason.to_owned()).or_default() += 1;
}

fn local(store: &Store, text: &str) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M:%S").ok()?;
    Some(quarter::instant(store.zone, naive))
}

/// `"58.90"` in minor units.
fn minor(price: &str) -> Option<i64> {
    let (whole, part) = price.trim().split_once('.').unwrap_or((price.trim(), ""));
    let cents: String = part.chars().chain("00".chars()).take(2).collect();
    format!("{whole}{cents}").parse().ok()
}

/// Maps the rows.
pub fn history(files: &Files, store: &Store) -> History {
    let mut counted = Counted { orders: files.orders.len() as u64, ..Counted::default() };
    for _ in &files.unreadable {
        count(&mut counted.rejected, "row that cannot be read");
    }
    let mut sold: HashMap<&str, BTreeMap<&str, Vec<Unit<'_>>>> = HashMap::new();
    for row in &files.items {
        let Some(price_minor) = minor(&row.price) else {
            count(&mut counted.rejected, "item without a price");
            continue;
        };
        let unit = Unit { item: &row.order_item_id, product: &row.product_id, price_minor };
        sold.entry(&row.order_id).or_default().entry(&row.seller_id).or_default().push(unit);
    }
    let (mut events, mut known, mut first_order) = (Vec::new(), HashMap::new(), BTreeMap::new());
    for row in &files.orders {
        let Some(placed) = local(store, &row.order_purchase_timestamp) else {
            count(&mut counted.rejected, "order without a time of purchase");
            continue;
        };
        let after_purchase = |text: &str| local(store, text).map(|at| at.max(placed));
        let shipped = after_purchase(&row.order_delivered_carrier_date);
        let timed = Timed {
            row,
            placed,
            shipped,
            delivered: after_purchase(&row.order_delivered_customer_date),
            promised: local(store, &row.order_estimated_delivery_date),
        };
        match sold.get(row.order_id.as_str()) {
            None => count(&mut counted.skipped, "order without items"),
            Some(sellers) => {
                counted.units += sellers.values().map(Vec::len).sum::<usize>() as u64;
                for seller in sellers.keys() {
                    let first = first_order.entry((*seller).to_owned()).or_insert(placed);
                    *first = placed.min(*first);
                }
                order_events(&timed, sellers, &mut events);
            }
        }
        known.insert(row.order_id.as_str(), timed);
    }
    for row in files.items.iter().filter(|row| !known.contains_key(row.order_id.as_str())) {
        let _ = row;
        count(&mut counted.rejected, "item of an unknown order");
    }
    seller_events(store, &first_order, &mut events);
    contact_events(files, store, &known, &sold, &mut events, &mut counted);
    History { events, counted }
}

fn order_events(order: &Timed<'_>, sellers: &BTreeMap<&str, Vec<Unit<'_>>>, events: &mut Vec<Event>) {
    let id = &order.row.order_id;
    let lines: Vec<_> = sellers
        .iter()
        .flat_map(|(seller, units)| {
            units.iter().map(move |unit| {
                json!({ "item_id": unit.item, "seller_id": seller, "product_id": unit.product, "quantity": 1,
                    "unit_price_minor": unit.price_minor, "fulfilment": "seller", "promised_by": null })
            })
        })
        .collect();
    let placed = json!({ "type": "order_placed", "version": 1, "store": STORE, "order_id": id,
        "customer_id": order.row.customer_id, "placed_at": order.placed, "lines": lines });
    events.push(Event { at: order.placed, what: What::Placed(placed.to_string()) });
    let Some(shipped) = order.shipped else { return };
    for (seller, units) in sellers {
        let shipment = format!("{}.{}", &id[..id.len().min(31)], &seller[..seller.len().min(31)]);
        let units: Vec<_> = units.iter().map(|unit| json!({ "item_id": unit.item, "ordinal": 1 })).collect();
        let fact = json!({ "type": "shipment_confirmed", "version": 1, "store": STORE, "shipment_id": shipment,
            "order_id": id, "seller_id": seller, "shipped_at": shipped, "tracking": null, "units": units });
        events.push(Event { at: shipped, what: What::Shipped(fact.to_string()) });
        if let Some(delivered) = order.delivered {
            let scanned = delivered.max(shipped);
            let fact = json!({ "type": "carrier_scanned", "version": 1, "store": STORE, "shipment_id": shipment,
                "order_id": id, "scanned_at": scanned, "delivered": true });
            events.push(Event { at: scanned, what: What::Scanned(fact.to_string()) });
        }
    }
}

/// A seller is there from the beginning of the day of its first order; some leave for two months.
fn seller_events(store: &Store, first_order: &BTreeMap<String, DateTime<Utc>>, events: &mut Vec<Event>) {
    let (leaves, returns) = (local(store, LEAVES), local(store, RETURNS));
    for (seller, first) in first_order {
        let day = first.with_timezone(&store.zone).date_naive();
        let at = quarter::day_start(store.zone, day);
        let fact = json!({ "type": "seller_registered", "version": 1, "store": STORE, "seller_id": seller,
            "occurred_at": at, "plan": "professional", "standing": "good", "address_country": "BR",
            "email": format!("{seller}@sellers.example"), "language": "en", "accepted_terms": TERMS });
        events.push(Event { at, what: What::Registered(fact.to_string()) });
        if let (Some(leaves), Some(returns)) = (leaves, returns)
            && seller.starts_with(LEAVING)
            && at < leaves
        {
            events.push(Event { at: leaves, what: What::OptedOut(seller.clone()) });
            events.push(Event { at: returns, what: What::OptedIn(seller.clone()) });
        }
    }
}

/// An unhappy review with words is a contact with each seller of the order.
fn contact_events(
    files: &Files,
    store: &Store,
    known: &HashMap<&str, Timed<'_>>,
    sold: &HashMap<&str, BTreeMap<&str, Vec<Unit<'_>>>>,
    events: &mut Vec<Event>,
    counted: &mut Counted,
) {
    let mut seen = BTreeSet::new();
    for row in &files.reviews {
        let unhappy = matches!(row.review_score.trim(), "1" | "2") && !row.review_comment_message.trim().is_empty();
        let Some(order) = known.get(row.order_id.as_str()) else {
            count(&mut counted.rejected, "review of an unknown order");
            continue;
        };
        if !unhappy {
            continue;
        }
        if !seen.insert((&row.review_id, &row.order_id)) {
            count(&mut counted.skipped, "repeated review");
            continue;
        }
        let Some(created) = local(store, &row.review_creation_date) else {
            count(&mut counted.rejected, "review without a date");
            continue;
        };
        let Some(sellers) = sold.get(row.order_id.as_str()) else {
            count(&mut counted.skipped, "review of an order without items");
            continue;
        };
        let at = created.max(order.placed);
        for (n, seller) in sellers.keys().enumerate() {
            let id = domain::id::ContactId::derived(&[&row.review_id, &row.order_id, seller]);
            let body = json!({ "contact_id": id, "customer": { "id": order.row.customer_id, "language": "pt" },
                "channel": "email", "order_id": row.order_id, "seller_id": seller, "topic": topic(order),
                "message": row.review_comment_message });
            let key = format!("{}-{n}", id.as_str());
            events.push(Event { at, what: What::Contacted { key, body: body.to_string() } });
        }
    }
}

fn topic(order: &Timed<'_>) -> &'static str {
    match (order.shipped, order.delivered, order.promised) {
        (None, None, _) => "where_is_my_order",
        (_, None, _) => "delivered_not_received",
        (_, Some(delivered), Some(promised)) if delivered > promised => "late_delivery",
        _ => "quality",
    }
}
