//! Insights (INS): what a seller's quarter looks like. A figure is made of facts in three steps, each a pure fold: facts
//! of one day add up to that day ([`Day`]), days add up to a quarter, and a quarter beside the one before gives the rows
//! that are shown ([`figures()`]). What each figure is, in words, is data ([`Metrics`]); who shows a figure reads it there.
//!
//! A fact ([`Fact`]) is written where it happens, in the same transaction, and holds no word of a customer. What comes late
//! is one more fact of its day. A day that is over is added up once ([`DaySum`]), and again after that.
//!
//! Not here: what a unit costs ([`crate::fee`]), what a contact counts by ([`crate::ledger`]), how many answers are too few
//! to be shown ([`crate::survey`]).

mod day;
mod fact;
mod figures;
mod owned;
mod sum;

pub use day::{Day, Gap, Minutes, ORDERS_NAMED, Reason, Refunds, Requests};
pub use fact::{Fact, Lacking, Place, Scanned, Shipped, metered};
pub use figures::{Figures, Quantity, Row, figures};
pub use owned::Owned;
pub use sum::{DayDue, DaySum, Stage};

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What is shown. The registry says of each what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The rate of a unit.
    FeeRate,
    /// How satisfied customers were.
    Csat,
    /// Contacts per unit.
    Cpu,
    /// Parcels with valid tracking.
    Vtr,
    /// What the figures come to for the quarter after.
    NextRate,
    /// How many contacts are left before that costs more.
    ContactsLeft,
    /// Of the free trial.
    TrialDaysLeft,
    /// Contacts of customers.
    Contacts,
    /// Contacts by what they are about.
    ContactReason,
    /// Products with most contacts.
    ProductContacts,
    /// Requests that were answered within their 24 hours.
    RequestsInTime,
    /// Requests that were answered later.
    RequestsLate,
    /// Requests whose 24 hours ended in silence.
    RequestsExpired,
    /// Matters that were resolved.
    Resolutions,
    /// How long half of them took.
    ResolutionMedian,
    /// How long nine of ten took.
    ResolutionP90,
    /// For how long the service had the next word in them.
    ServiceTime,
    /// For how long the seller had it.
    SellerTime,
    /// For how long the customer had it.
    CustomerTime,
    /// Refunds by reason and liability.
    Refunds,
    /// What they came to.
    RefundAmount,
    /// Facts that product pages lack.
    CatalogueGaps,
}

impl Metric {
    /// Every metric, in the order in which they are shown.
    pub const ALL: [Self; 22] = [
        Self::FeeRate,
        Self::Csat,
        Self::Cpu,
        Self::Vtr,
        Self::NextRate,
        Self::ContactsLeft,
        Self::TrialDaysLeft,
        Self::Contacts,
        Self::ContactReason,
        Self::ProductContacts,
        Self::RequestsInTime,
        Self::RequestsLate,
        Self::RequestsExpired,
        Self::Resolutions,
        Self::ResolutionMedian,
        Self::ResolutionP90,
        Self::ServiceTime,
        Self::SellerTime,
        Self::CustomerTime,
        Self::Refunds,
        Self::RefundAmount,
        Self::CatalogueGaps,
    ];

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FeeRate => "fee_rate",
            Self::Csat => "csat",
            Self::Cpu => "cpu",
            Self::Vtr => "vtr",
            Self::NextRate => "next_rate",
            Self::ContactsLeft => "contacts_left",
            Self::TrialDaysLeft => "trial_days_left",
            Self::Contacts => "contacts",
            Self::ContactReason => "contact_reason",
            Self::ProductContacts => "product_contacts",
            Self::RequestsInTime => "requests_in_time",
            Self::RequestsLate => "requests_late",
            Self::RequestsExpired => "requests_expired",
            Self::Resolutions => "resolutions",
            Self::ResolutionMedian => "resolution_median",
            Self::ResolutionP90 => "resolution_p90",
            Self::ServiceTime => "service_time",
            Self::SellerTime => "seller_time",
            Self::CustomerTime => "customer_time",
            Self::Refunds => "refunds",
            Self::RefundAmount => "refund_amount",
            Self::CatalogueGaps => "catalogue_gaps",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text for sellers, in the languages they read (NTF-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese, simplified.
    pub zh: String,
}

/// In what a figure is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// So many.
    Count,
    /// A part and a whole; nobody has divided or rounded them.
    Share,
    /// Minor units of the store's currency.
    Minor,
    /// Whole minutes.
    Minutes,
    /// Days of the store's calendar.
    Days,
}

/// To which time a figure belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A calendar quarter, by days in the store's time zone.
    Quarter,
    /// The instant at which it is shown.
    Moment,
}

/// What becomes of a fact that is told late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// The quarter that still measures it has it, as on statements (FEE-10).
    Booked,
    /// The day on which it happened has it, and is added up again.
    ItsDay,
    /// Nothing of it can come late.
    Never,
}

/// What a figure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What it is called.
    pub name: Text,
    /// What it says.
    pub meaning: Text,
    /// How it is computed.
    pub formula: String,
    /// In what it is given.
    pub unit: Unit,
    /// To which time it belongs.
    pub span: Span,
    /// What becomes of late facts.
    pub late: Late,
}

/// The registry: what each metric is.
pub type Metrics = BTreeMap<Metric, Definition>;

#[cfg(test)]
mod tests;
