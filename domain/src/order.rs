//! An order and what became of its units: placed, shipped, scanned. Coverage is decided when it is recorded; a unit
//! is metered when its shipment is confirmed, once, whatever is confirmed later (FEE-2).

use crate::{
    at::Instant,
    contest::Contest,
    coverage::{Coverage, Fulfilment, SETTLING, cover},
    id::{CustomerId, ItemId, OrderId, ProductId, SellerId, ShipmentId, StoreId},
    ledger::{Booking, Disposition, Entry, PackageEntry, UnitEntry, UnitKey},
    money::{Money, MoneyError},
    outcome::Refusal,
    policy::{Approved, Policy, name_of},
    returns::{ReturnTerms, StandardPolicy},
    seller::Seller,
    store::Store,
    unit::Unit,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What rests on this order, which did not come before it.
#[must_use]
pub fn unknown_order(order: &OrderId) -> Refusal {
    Refusal::not_yet(
        "RTE-10",
        "unknown_order",
        format!("Order {order} is not known (yet): send this again once it is."),
    )
}

/// What rests on this seller, which did not come before it.
#[must_use]
pub fn unknown_seller(seller: &SellerId) -> Refusal {
    let sentence = format!("Seller {seller} is not registered (yet): send this again once it is.");
    Refusal::not_yet("RTE-10", "unknown_seller", sentence)
}

/// More units than one transaction holds with what goes with them; a larger parcel comes as several confirmations.
pub const UNITS_PER_SHIPMENT: usize = 90;
/// More lines than an order may have.
pub const LINES_PER_ORDER: usize = 100;

/// What the marketplace says of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedLine {
    /// Which line.
    pub item: ItemId,
    /// Who sells it.
    pub seller: SellerId,
    /// What it is.
    pub product: ProductId,
    /// The group of goods it belongs to (RET-3), where the store has a name for it.
    pub category: Option<String>,
    /// How many units.
    pub quantity: u16,
    /// The price of one.
    pub unit_price: Money,
    /// Who ships.
    pub fulfilment: Fulfilment,
    /// The promised delivery.
    pub promised_by: Option<Instant>,
}

/// An order as the marketplace announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    /// Where.
    pub store: StoreId,
    /// Which.
    pub id: OrderId,
    /// Whose.
    pub customer: CustomerId,
    /// When it was placed: the instant that decides coverage.
    pub placed_at: Instant,
    /// Its lines.
    pub lines: Vec<PlacedLine>,
}

/// One line, with its coverage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which line.
    pub item: ItemId,
    /// Who sells it.
    pub seller: SellerId,
    /// What it is.
    pub product: ProductId,
    /// RET-3: the group of goods it belongs to, where the store has a name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How many units.
    pub quantity: u16,
    /// The price of one.
    pub unit_price: Money,
    /// Who ships.
    pub fulfilment: Fulfilment,
    /// The promised delivery.
    pub promised_by: Option<Instant>,
    /// COV-2: decided once.
    pub coverage: Coverage,
    /// Ordinals of the units whose shipment is confirmed.
    pub shipped: BTreeSet<u16>,
}

/// A parcel of this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Who sent it.
    pub seller: SellerId,
    /// When.
    pub shipped_at: Instant,
    /// Where it stands in the ledger.
    pub booking: Booking,
    /// The first scan by the carrier.
    pub scanned_at: Option<Instant>,
    /// When the carrier delivered it.
    pub delivered_at: Option<Instant>,
    /// Whether the seller shipped it itself.
    pub seller_fulfilled: bool,
    /// CLM-4: whether its label is protected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected_label: bool,
    /// Whether it brought units into the ledger, and so stands there itself; a replacement does not.
    pub metered: bool,
    /// Of which lines it holds a unit. Earlier parcels do not say; they may hold one of any.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<ItemId>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Where.
    pub store: StoreId,
    /// Which.
    pub id: OrderId,
    /// Whose.
    pub customer: CustomerId,
    /// When it was placed.
    pub placed_at: Instant,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its parcels.
    pub parcels: BTreeMap<ShipmentId, Parcel>,
    /// RET-2: of its sellers that had a return policy of their own at that moment, the version in force.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<SellerId, Approved>,
    /// CLM-2: where a seller's part of it is contested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contests: Vec<Contest>,
}

/// A confirmed shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// Which parcel.
    pub id: ShipmentId,
    /// Who sent it.
    pub seller: SellerId,
    /// When.
    pub shipped_at: Instant,
    /// What is in it: a unit is one piece of one line, ordinals from 1.
    pub units: Vec<(ItemId, u16)>,
    /// A replacement is free of any fee (FEE-2).
    pub replacement: bool,
    /// CLM-4: whether its label is protected.
    pub protected_label: bool,
}

/// A scan by the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Which parcel.
    pub shipment: ShipmentId,
    /// When.
    pub scanned_at: Instant,
    /// Whether it was the delivery.
    pub delivered: bool,
}

/// The order after a shipment or scan, and what is written in the ledger with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metered {
    /// The order's next state.
    pub order: Order,
    /// Where the entries are booked.
    pub booking: Booking,
    /// New entries; an entry with the key of an older one replaces it (a package that was scanned).
    pub entries: Vec<Entry>,
}

/// The return policy that a seller's part of an order goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned<'a> {
    /// Its name in the record of a decision.
    pub version: String,
    /// What it says.
    pub terms: ReturnTerms,
    /// The standard of that moment, whose seasons hold for every policy.
    pub standard: &'a StandardPolicy,
}

/// Who handles an order (COV-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handler {
    /// The service.
    Service,
    /// The seller.
    Seller,
    /// COV-3: the service for the covered units, the seller for the others.
    Mixed,
}

impl Order {
    /// COV-2: the order with the coverage of each line. All its sellers must be known, and the moment settled.
    pub fn place(
        placed: PlacedOrder,
        sellers: &BTreeMap<SellerId, Seller>,
        policies: &BTreeMap<SellerId, Policy>,
        store: &Store,
        now: Instant,
    ) -> Result<Self, Refusal> {
        if now < crate::at::after(placed.placed_at, SETTLING) {
            let sentence = format!(
                "Order {} is placed at {} and judged {} seconds later at the earliest: send this again then.",
                placed.id,
                placed.placed_at.to_rfc3339(),
                SETTLING.num_seconds()
            );
            return Err(Refusal::not_yet("COV-2", "order_too_fresh", sentence));
        }
        let in_force = |line: &PlacedLine| {
            let approved = policies.get(&line.seller)?.in_force_at(placed.placed_at)?;
            Some((line.seller.clone(), approved.clone()))
        };
        let policies = placed.lines.iter().filter_map(in_force).collect();
        let lines = placed
            .lines
            .into_iter()
            .map(|line| {
                let seller = sellers.get(&line.seller).ok_or_else(|| unknown_seller(&line.seller))?;
                Ok(Line {
                    coverage: cover(line.fulfilment, placed.placed_at, seller, store),
                    item: line.item,
                    seller: line.seller,
                    product: line.product,
                    category: line.category.filter(|name| store.categories.contains(name)),
                    quantity: line.quantity,
                    unit_price: line.unit_price,
                    fulfilment: line.fulfilment,
                    promised_by: line.promised_by,
                    shipped: BTreeSet::new(),
                })
            })
            .collect::<Result<_, Refusal>>()?;
        Ok(Self {
            store: placed.store,
            id: placed.id,
            customer: placed.customer,
            placed_at: placed.placed_at,
            lines,
            parcels: BTreeMap::new(),
            policies,
            contests: Vec::new(),
        })
    }

    /// FEE-2: meters the units whose shipment was not confirmed before. `None`: nothing new.
    pub fn ship(mut self, shipment: Shipment, booking: Booking) -> Result<Option<Metered>, Refusal> {
        let known = self.parcels.contains_key(&shipment.id);
        let shipped_at = shipment.shipped_at.max(self.placed_at);
        let mut entries = Vec::new();
        let (mut seller_fulfilled, mut items) = (false, BTreeSet::new());
        for (item, ordinal) in shipment.units {
            let line = self
                .lines
                .iter_mut()
                .find(|l| l.item == item && l.seller == shipment.seller)
                .filter(|l| (1..=l.quantity).contains(&ordinal))
                .ok_or_else(|| {
                    let sentence = format!("Order {} has no unit {ordinal} of item {item} by this seller.", self.id);
                    Refusal::input("RTE-10", "unknown_unit", sentence)
                })?;
            seller_fulfilled |= line.fulfilment == Fulfilment::Seller;
            items.insert(item.clone());
            if !shipment.replacement && line.shipped.insert(ordinal) {
                entries.push(Entry::Unit(UnitEntry {
                    key: UnitKey { order: self.id.clone(), item, ordinal },
                    shipment: shipment.id.clone(),
                    shipped_at,
                    disposition: disposition(line.coverage, shipped_at),
                }));
            }
        }
        if entries.is_empty() && known {
            return Ok(None);
        }
        let parcel = self.parcels.entry(shipment.id.clone()).or_insert(Parcel {
            seller: shipment.seller,
            shipped_at,
            booking,
            scanned_at: None,
            delivered_at: None,
            seller_fulfilled,
            protected_label: false,
            metered: false,
            items: BTreeSet::new(),
        });
        parcel.items.append(&mut items);
        parcel.protected_label |= shipment.protected_label;
        if !entries.is_empty() && !parcel.metered {
            // It may be known as a replacement's parcel, told in another quarter.
            (parcel.metered, parcel.booking, parcel.shipped_at) = (true, booking, shipped_at);
            entries.push(package(&self.id, &shipment.id, parcel));
        }
        Ok(Some(Metered { order: self, booking, entries }))
    }

    /// FEE-7: the first scan proves the tracking valid. `None`: nothing new.
    pub fn scan(mut self, scan: &Scan) -> Result<Option<Metered>, Refusal> {
        let id = self.id.clone();
        let parcel = self.parcels.get_mut(&scan.shipment).ok_or_else(|| {
            let it = &scan.shipment;
            let sentence = format!("Shipment {it} of order {id} is not confirmed (yet): send this again once it is.");
            Refusal::not_yet("RTE-10", "unknown_shipment", sentence)
        })?;
        let scanned_at = scan.scanned_at.max(parcel.shipped_at);
        let first = parcel.scanned_at.is_none_or(|known| scanned_at < known);
        let delivery = scan.delivered && parcel.delivered_at.is_none();
        if !first && !delivery {
            return Ok(None);
        }
        if first {
            parcel.scanned_at = Some(scanned_at);
        }
        if delivery {
            parcel.delivered_at = Some(scanned_at);
        }
        let booking = parcel.booking;
        let entries = parcel.metered.then(|| package(&id, &scan.shipment, parcel)).into_iter().collect();
        Ok(Some(Metered { order: self, booking, entries }))
    }

    /// CLM-2: a seller's part is contested, of each kind once. `None`: nothing new.
    pub fn contest(mut self, contest: Contest) -> Result<Option<Self>, Refusal> {
        if self.lines_of(&contest.seller).next().is_none() {
            let sentence = format!("Seller {} sells nothing in order {}.", contest.seller, self.id);
            return Err(Refusal::input("RTE-10", "unknown_unit", sentence));
        }
        if self.contests.iter().any(|known| known.seller == contest.seller && known.kind == contest.kind) {
            return Ok(None);
        }
        self.contests.push(contest);
        Ok(Some(self))
    }

    /// The contest of a seller's part that was opened first.
    #[must_use]
    pub fn contest_of(&self, seller: &SellerId) -> Option<&Contest> {
        self.contests.iter().filter(|contest| contest.seller == *seller).min_by_key(|contest| contest.opened_at)
    }

    /// CLM-4: whether each parcel of this seller that may hold one of these items has a protected label. Before one is
    /// sent, none has.
    #[must_use]
    pub fn is_protected(&self, seller: &SellerId, items: &[ItemId]) -> bool {
        let holds = |parcel: &&Parcel| parcel.items.is_empty() || items.iter().any(|item| parcel.items.contains(item));
        let parcels = self.parcels.values().filter(|parcel| parcel.seller == *seller);
        let mut parcels = parcels.filter(holds).peekable();
        parcels.peek().is_some() && parcels.all(|parcel| parcel.protected_label)
    }

    /// COV-4: who handles the lines of this seller, in one word.
    #[must_use]
    pub fn handler(&self, seller: &SellerId) -> Handler {
        let mut lines = self.lines_of(seller).map(|l| l.coverage.is_covered());
        let first = lines.next().unwrap_or(false);
        match (first, lines.all(|other| other == first)) {
            (true, true) => Handler::Service,
            (false, true) => Handler::Seller,
            _ => Handler::Mixed,
        }
    }

    /// RET-1, RET-2: the policy in force when the order was placed: the seller's own where it had one, nowhere worse than
    /// the standard of that moment, else the standard. None where the store had no standard yet.
    #[must_use]
    pub fn policy_of<'a>(&self, seller: &SellerId, store: &'a Store) -> Option<Pinned<'a>> {
        let standard = store.return_policy_at(self.placed_at)?;
        let (version, terms) = match self.policies.get(seller) {
            Some(own) => (name_of(own.number), own.terms.or_better(&standard.terms)),
            None => (standard.version.clone(), standard.terms.clone()),
        };
        Some(Pinned { version, terms, standard })
    }

    /// The line of a unit that this seller sold.
    #[must_use]
    pub fn line_of(&self, seller: &SellerId, unit: &Unit) -> Option<&Line> {
        let it = |line: &&Line| line.item == unit.item && line.seller == *seller;
        self.lines.iter().find(it).filter(|line| (1..=line.quantity).contains(&unit.ordinal))
    }

    /// Of each parcel that holds a unit of this line, when the carrier delivered it.
    pub fn deliveries<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = Option<Instant>> + 'a {
        let holds = |parcel: &&Parcel| parcel.items.is_empty() || parcel.items.contains(&line.item);
        let parcels = self.parcels.values().filter(|parcel| parcel.seller == line.seller);
        parcels.filter(holds).map(|parcel| parcel.delivered_at)
    }

    /// RET-3: the first instant that is too late to return a line that was delivered then, by the policy that is pinned.
    #[must_use]
    pub fn returnable_until(&self, line: &Line, delivered_at: Instant, store: &Store) -> Option<Instant> {
        let policy = self.policy_of(&line.seller, store)?;
        let category = line.category.as_deref();
        policy.standard.returnable_until(&policy.terms, category, self.placed_at, delivered_at, store.zone)
    }

    /// The lines of one seller.
    pub fn lines_of<'a>(&'a self, seller: &'a SellerId) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |l| l.seller == *seller)
    }

    /// What the customer paid for these items, all units of each.
    pub fn price_of(&self, items: &[ItemId], currency: iso_currency::Currency) -> Result<Money, MoneyError> {
        self.lines
            .iter()
            .filter(|l| items.contains(&l.item))
            .try_fold(Money::new(0, currency), |sum, line| sum.plus(line.unit_price.times(u64::from(line.quantity))?))
    }
}

/// FEE-1, FEE-8, FEE-9: what a unit costs is settled by its order's coverage and the time it shipped.
#[must_use]
pub fn disposition(coverage: Coverage, shipped_at: Instant) -> Disposition {
    match coverage {
        Coverage::Seller { why } => Disposition::NotCovered(why),
        Coverage::Service { trial_ends_at } if shipped_at < trial_ends_at => Disposition::Trial,
        Coverage::Service { .. } => Disposition::Chargeable,
    }
}

fn package(order: &OrderId, shipment: &ShipmentId, parcel: &Parcel) -> Entry {
    Entry::Package(PackageEntry {
        shipment: shipment.clone(),
        order: order.clone(),
        shipped_at: parcel.shipped_at,
        scanned_at: parcel.scanned_at,
        seller_fulfilled: parcel.seller_fulfilled,
    })
}

#[cfg(test)]
mod tests;
