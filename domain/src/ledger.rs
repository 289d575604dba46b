//! What is recorded of a seller's quarter, and into which quarter a fact goes (FEE-10).
//!
//! A quarter lives through three times: running, until 15 minutes after its end; measured, when what was counted has
//! fixed the next quarter's rate; closed, 72 hours after its end, when its statement is final. A fact that comes late
//! finds the first place that is still open, and never opens one again.
//!
//! Not here: what a unit costs ([`crate::fee`]) and what it comes to ([`crate::statement`]).

use crate::{
    at::{Instant, after, hours_after},
    coverage::Uncovered,
    fee::Measure,
    id::{ContactId, DisputeId, ItemId, OrderId, SellerId, ShipmentId, StoreId},
    money::Money,
    quarter::Quarter,
    reimbursement::ReimbursementEntry,
};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::fmt;

mod measuring;

pub use measuring::{Measuring, measure};

/// So long after a quarter it is measured: what happened in its last seconds may still be on its way.
const MEASURE_AFTER: TimeDelta = TimeDelta::minutes(15);
/// FEE-10: so long its statement is a draft.
pub const CLOSE_AFTER_HOURS: i64 = 72;

/// FEE-2: one piece of one order line; charged at most once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnitKey {
    /// The order.
    pub order: OrderId,
    /// Its line.
    pub item: ItemId,
    /// The piece, from 1.
    pub ordinal: u16,
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.order, self.item, self.ordinal)
    }
}

/// What becomes of a unit, settled when it ships (FEE-1, FEE-8, FEE-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// At the rate in force.
    Chargeable,
    /// Shipped in the trial: counted, and free.
    Trial,
    /// Not ours, and free.
    NotCovered(Uncovered),
}

impl Disposition {
    pub(crate) const fn is_covered(self) -> bool {
        matches!(self, Self::Chargeable | Self::Trial)
    }

    /// COV-1: neither the store nor Seller-Fulfilled Prime shipped it.
    pub(crate) const fn is_seller_fulfilled(self) -> bool {
        !matches!(self, Self::NotCovered(Uncovered::FulfilledByStore | Uncovered::SellerFulfilledPrime))
    }
}

/// A unit that was shipped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnitEntry {
    /// Which.
    pub key: UnitKey,
    /// In which parcel.
    pub shipment: ShipmentId,
    /// When; the rate of this instant applies (FEE-9).
    pub shipped_at: Instant,
    /// What becomes of it.
    pub disposition: Disposition,
}

/// FEE-4: whether a contact counts, with the rule that says so. Contacts that are not ours are not recorded at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Counting {
    /// It counts.
    #[serde(rename = "fee-4.countable")]
    Counted,
    /// It joined an open inquiry.
    #[serde(rename = "rte-9.joined")]
    Joined,
    /// It is the same contact once more.
    #[serde(rename = "rte-9.same_contact")]
    SameContact,
    /// Its seller handed it over.
    #[serde(rename = "fee-4.transferred")]
    Transferred,
    /// Contacts about its topic do not count.
    #[serde(rename = "fee-4.topic_not_counted")]
    TopicNotCounted,
    /// It counted, and a dispute of that was accepted.
    #[serde(rename = "fee-11.reversed")]
    Reversed,
}

impl Counting {
    /// The stable code of the rule.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Counted => "fee-4.countable",
            Self::Joined => "rte-9.joined",
            Self::SameContact => "rte-9.same_contact",
            Self::Transferred => "fee-4.transferred",
            Self::TopicNotCounted => "fee-4.topic_not_counted",
            Self::Reversed => "fee-11.reversed",
        }
    }

    /// Whether it counts.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Counted)
    }
}

/// A contact of a customer about a covered unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContactEntry {
    /// Which.
    pub contact: ContactId,
    /// About which order.
    pub order: OrderId,
    /// About what.
    pub topic: String,
    /// When.
    pub received_at: Instant,
    /// Whether it counts, and by which rule.
    pub counts: Counting,
}

/// A parcel that was shipped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PackageEntry {
    /// Which.
    pub shipment: ShipmentId,
    /// Of which order.
    pub order: OrderId,
    /// When.
    pub shipped_at: Instant,
    /// FEE-7: the first scan by the carrier, which makes its tracking valid.
    pub scanned_at: Option<Instant>,
    /// Whether the seller shipped it itself.
    pub seller_fulfilled: bool,
}

/// What is taken back of a final statement: what it says there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Disputed {
    /// A unit that was charged.
    Unit {
        /// Which.
        #[serde(flatten)]
        key: UnitKey,
        /// In which parcel.
        shipment: ShipmentId,
        /// When it shipped.
        shipped_at: Instant,
        /// What it was charged.
        rate: Money,
    },
    /// A contact that counted.
    Contact(ContactEntry),
}

impl Disputed {
    /// Which thing it is, whatever is known of it.
    #[must_use]
    pub fn thing(&self) -> Thing {
        match self {
            Self::Unit { key, .. } => Thing::Unit(key.clone()),
            Self::Contact(contact) => Thing::Contact(contact.contact.clone()),
        }
    }
}

/// A unit or a contact, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A unit.
    Unit(UnitKey),
    /// A contact.
    Contact(ContactId),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(key) => write!(f, "UNIT#{}#{}#{}", key.order, key.item, key.ordinal),
            Self::Contact(contact) => write!(f, "CONTACT#{contact}"),
        }
    }
}

/// Prefix of the places of entries that the next quarter measures, which stand apart so that they can be read apart.
pub const MEASURED_NEXT: &str = "NEXT#";

/// FEE-11: a dispute was accepted. It stands on the statement of the quarter in which it was, and edits none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReversalEntry {
    /// Why.
    pub dispute: DisputeId,
    /// What is taken back.
    pub disputed: Disputed,
    /// Of which statement.
    pub statement: Quarter,
    /// When it was accepted.
    pub accepted_at: Instant,
}

/// One fact of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A unit.
    Unit(UnitEntry),
    /// A contact.
    Contact(ContactEntry),
    /// A parcel.
    Package(PackageEntry),
    /// Something that is taken back.
    Reversal(ReversalEntry),
    /// Something that is paid back.
    Reimbursement(ReimbursementEntry),
}

impl Entry {
    /// When it happened, which says to which quarter it belongs by right.
    #[must_use]
    pub const fn happened_at(&self) -> Instant {
        match self {
            Self::Unit(unit) => unit.shipped_at,
            Self::Contact(contact) => contact.received_at,
            Self::Package(package) => package.shipped_at,
            Self::Reversal(reversal) => reversal.accepted_at,
            Self::Reimbursement(reimbursement) => reimbursement.granted_at,
        }
    }

    /// What it is about, by name: of that there is one entry at most.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Unit(unit) => Thing::Unit(unit.key.clone()).to_string(),
            Self::Contact(contact) => Thing::Contact(contact.contact.clone()).to_string(),
            Self::Reversal(reversal) => format!("REVERSAL#{}", reversal.disputed.thing()),
            Self::Reimbursement(reimbursement) => format!("REIMBURSEMENT#{}", reimbursement.why),
            Self::Package(package) => format!("PACKAGE#{}#{}", package.order, package.shipment),
        }
    }
}

/// An entry as it stands in the quarter of its statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The fact.
    pub entry: Entry,
    /// It came after this quarter was measured and is measured with the next.
    pub measured_next: bool,
}

impl Row {
    /// Its place in the quarter. In the order of places rows are read, and folded.
    #[must_use]
    pub fn place(&self) -> String {
        place(self.measured_next, &self.entry.name())
    }
}

/// The place in a quarter of what has this name.
#[must_use]
pub fn place(measured_next: bool, name: &impl fmt::Display) -> String {
    let apart = if measured_next { MEASURED_NEXT } else { "" };
    format!("{apart}{name}")
}

/// The final statement of a quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Instant,
    /// Of the statement.
    pub digest: String,
    /// Whether the digest is over those of the lines; that of earlier code was over every unit, and proves nothing any more.
    #[serde(default)]
    pub by_line: bool,
}

impl Closed {
    /// The digest that the statement must have.
    #[must_use]
    pub fn seal(&self) -> Option<&str> {
        self.by_line.then_some(self.digest.as_str())
    }
}

/// A seller's quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterHead {
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// Which.
    pub quarter: Quarter,
    /// What was counted in the quarter before. It fixes this quarter's rate and is frozen (FEE-5).
    pub measure: Measure,
    /// When this quarter's rate was published; never, for a quarter that nothing came before.
    pub published_at: Option<Instant>,
    /// Whether this quarter was measured, and so the next one's rate published.
    pub measured: bool,
    /// Its final statement.
    pub closed: Option<Closed>,
}

impl QuarterHead {
    /// When there is something to do next: to measure, then to close, then nothing.
    #[must_use]
    pub fn due_at(&self, zone: Tz) -> Option<Instant> {
        match (self.measured, &self.closed) {
            (_, Some(_)) => None,
            (false, None) => Some(measured_at(self.quarter, zone)),
            (true, None) => Some(closed_at(self.quarter, zone)),
        }
    }
}

/// When a quarter is measured: a little after its end, because writes of its last seconds may still be on their way.
#[must_use]
pub fn measured_at(quarter: Quarter, zone: Tz) -> Instant {
    after(quarter.end(zone), MEASURE_AFTER)
}

/// FEE-10: when a quarter is closed, and its statement final.
#[must_use]
pub fn closed_at(quarter: Quarter, zone: Tz) -> Instant {
    hours_after(quarter.end(zone), CLOSE_AFTER_HOURS)
}

/// Where a fact goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The quarter whose statement lists it.
    pub statement: Quarter,
    /// Whether it is measured with the quarter after that one.
    pub measured_next: bool,
}

impl Booking {
    /// The quarter that measures it.
    #[must_use]
    pub fn measured_in(self) -> Quarter {
        if self.measured_next { self.statement.next() } else { self.statement }
    }
}

/// FEE-10: where a fact goes that happened at `fact_at` and is written at `now`. The head is that of the quarter in
/// which it happened; none, where nobody has looked at that quarter yet, which is then as good as running.
///
/// After closing it goes to the quarter of `now`. The caller writes it on the condition that this one is not closed
/// either.
#[must_use]
pub fn book(fact_at: Instant, now: Instant, zone: Tz, head: Option<&QuarterHead>) -> Booking {
    let own = Quarter::of(fact_at, zone);
    match head {
        Some(QuarterHead { closed: Some(_), .. }) => {
            Booking { statement: Quarter::of(now, zone).max(own.next()), measured_next: false }
        }
        Some(QuarterHead { measured, closed: None, .. }) => Booking { statement: own, measured_next: *measured },
        None => Booking { statement: own, measured_next: false },
    }
}

pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
