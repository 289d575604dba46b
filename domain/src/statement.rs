//! The statement of a seller's quarter (FEE-10): a pure fold of the ledger's rows and the cards. It says what each line comes
//! to and has a digest of the rows behind it, so that it is small however much a seller ships; the rows themselves are handed
//! out as they are folded ([`Fold`]).
//!
//! Its own bounds are checked before it is given to anybody; a breach is a reason to stop and bill nothing.
//! Not here: when it is made and when it is final ([`crate::ledger`]).

use crate::{
    at::Instant,
    coverage::Uncovered,
    fee::{Measure, Rate, TierName},
    id::{DisputeId, SellerId, ShipmentId, StoreId},
    ledger::{ContactEntry, Disposition, Row, UnitEntry, UnitKey},
    money::{Money, MoneyError},
    quarter::Quarter,
    reimbursement::ReimbursementEntry,
    store::Store,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

mod fold;

pub use fold::Fold;

/// Why units are charged or free. In alphabetical order, in which the lines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// At the rate of the line.
    Charged,
    /// Free by the card: few contacts.
    FreeCpu,
    /// Free by the card: few orders.
    FreeVolume,
    /// Not ours.
    NotCovered,
    /// FEE-11: charged on an earlier statement, and taken back.
    Reversal,
    /// FEE-8.
    Trial,
}

impl Reason {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::FreeCpu => "free_cpu",
            Self::FreeVolume => "free_volume",
            Self::NotCovered => "not_covered",
            Self::Reversal => "reversal",
            Self::Trial => "trial",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why this unit stands in its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The rate in force when it shipped.
    Rated {
        /// By which card.
        card: String,
        /// Where in the card.
        tier: TierName,
        /// Of which quarter's rate: that of the shipping, also on a later statement.
        rate_of: Quarter,
    },
    /// Shipped in the trial.
    Trial,
    /// Not covered, and why.
    NotCovered(Uncovered),
    /// What was charged is taken back.
    Reversed {
        /// On which statement it was charged.
        statement: Quarter,
        /// Why it is not any more.
        dispute: DisputeId,
    },
}

/// A unit behind a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedUnit {
    /// Which.
    #[serde(flatten)]
    pub key: UnitKey,
    /// In which parcel.
    pub shipment: ShipmentId,
    /// When.
    pub shipped_at: Instant,
    /// Why it stands here.
    pub why: Why,
}

/// All units of one reason and one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Why.
    pub reason: Reason,
    /// Per unit; 0 where they are free, below 0 where they are taken back.
    pub rate: Money,
    /// How many.
    pub units: u64,
    /// Rate times units.
    pub amount: Money,
    /// SHA-256 over each of them as a line of JSON, in hex.
    pub listed: String,
}

/// The contacts of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// All that are recorded.
    pub recorded: u64,
    /// Those that count.
    pub counted: u64,
    /// SHA-256 over each as a line of JSON, in hex.
    pub listed: String,
}

/// CLM-3, CLM-4: what a statement pays back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidBack {
    /// For how many causes.
    pub causes: u64,
    /// The sum.
    pub amount: Money,
    /// SHA-256 over each as a line of JSON, in hex.
    pub listed: String,
}

/// What stands on a statement because of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// A unit, in the line of this reason and rate.
    Unit {
        /// Why.
        reason: Reason,
        /// Per unit.
        rate: Money,
        /// Which.
        unit: ListedUnit,
    },
    /// A contact, with the rule that counted it or did not.
    Contact(ContactEntry),
    /// What is paid back.
    PaidBack(ReimbursementEntry),
}

/// What a seller owes for a quarter, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where.
    pub store: StoreId,
    /// Who.
    pub seller: SellerId,
    /// For which quarter.
    pub quarter: Quarter,
    /// By reason, then rate.
    pub lines: Vec<Line>,
    /// What was asked.
    pub contacts: Contacts,
    /// What is paid back.
    pub paid_back: PaidBack,
    /// All units that shipped; those that are taken back are not among them.
    pub units: u64,
    /// The sum of the lines, less what is paid back. Below 0 it is owed to the seller.
    pub total: Money,
    /// SHA-256 over everything above as JSON, in hex.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// Why there is no statement. Each needs a person; nothing is billed until then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// F8: one thing, two rows.
    #[error("{0} is recorded twice")]
    Conflict(String),
    /// Rows that do not come in the order of their places.
    #[error("{0} comes after what stands behind it")]
    Disordered(String),
    /// Something that is paid back, and gives nothing; or for a claim more than any order can get.
    #[error("{amount} is paid back; it must be more than nothing, and for a claim at most {most}")]
    NotPaidBack {
        /// How much.
        amount: Money,
        /// The highest cap of an order.
        most: Money,
    },
    /// Shipped before the first rate card.
    #[error("no rate card is in force at {0}")]
    NoCard(Instant),
    /// The quarter of shipping has no published rate.
    #[error("nothing fixes the rate of {0}")]
    NoMeasure(Quarter),
    /// The lines hold other units than were given.
    #[error("{given} units were given and {listed} are listed")]
    UnitsLost {
        /// Into the fold.
        given: u64,
        /// In the lines.
        listed: u64,
    },
    /// A line or the total is not what its parts come to.
    #[error("an amount is not the sum of its parts")]
    WrongSum,
    /// Somebody would be paid for shipping.
    #[error("an amount is negative")]
    Negative,
    /// A line that takes back, and gives nothing; or more than any unit costs.
    #[error("a line takes back {rate} a unit; it must be more than nothing and at most {top}")]
    NotTakenBack {
        /// What it takes back, per unit.
        rate: Money,
        /// The top rate.
        top: Money,
    },
    /// A free line that costs.
    #[error("a line of {0} has a rate")]
    NotFree(Reason),
    /// More than all units at the dearest rate.
    #[error("{total} is more than all units can cost, which is {most}")]
    AboveTop {
        /// The total.
        total: Money,
        /// Units times the top rate.
        most: Money,
    },
    /// A sum that is none.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// It cannot be written down.
    #[error("the statement cannot be written as JSON")]
    Unwritable,
}

impl Statement {
    /// FEE-10: the statement over rows that are all at hand, in any order and however often, with what stands on it.
    /// `measure_of` knows what was counted before a quarter, which fixes its rate: a late unit costs what it would have cost in
    /// time (FEE-9).
    pub fn fold<'a>(
        store: &Store,
        seller: &SellerId,
        quarter: Quarter,
        measure_of: impl Fn(Quarter) -> Option<Measure>,
        rows: impl IntoIterator<Item = &'a Row>,
    ) -> Result<(Self, Vec<Listed>), Breach> {
        let mut rows: Vec<_> = rows.into_iter().map(|row| (row.place(), row)).collect();
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        rows.dedup();
        let (mut fold, mut all) = (Fold::begin(store, seller, quarter), Vec::new());
        for (_, row) in rows {
            all.extend(fold.take(row, &measure_of)?);
        }
        Ok((fold.ends()?, all))
    }

    /// F9: the bounds that hold for every statement, whatever made it. What is taken back and paid back may be more than
    /// what is charged; then the total is below zero.
    pub fn check(&self, given: u64, store: &Store) -> Result<(), Breach> {
        let top = Money::new(store.rate_cards.iter().map(|card| card.top().minor).max().unwrap_or(0), store.currency);
        let (mut total, mut charged) = (negative(self.paid_back.amount), Money::new(0, store.currency));
        let mut listed = 0_u64;
        for line in &self.lines {
            let takes_back = line.reason == Reason::Reversal;
            let back = negative(line.rate);
            if takes_back && !(1..=top.minor).contains(&back.minor) {
                return Err(Breach::NotTakenBack { rate: back, top });
            }
            if !takes_back && (line.amount.minor < 0 || line.rate.minor < 0) {
                return Err(Breach::Negative);
            }
            if !takes_back && line.reason != Reason::Charged && line.rate.minor != 0 {
                return Err(Breach::NotFree(line.reason));
            }
            if line.rate.times(line.units)? != line.amount {
                return Err(Breach::WrongSum);
            }
            total = total.plus(line.amount)?;
            if !takes_back {
                listed = listed.saturating_add(line.units);
                charged = charged.plus(line.amount)?;
            }
        }
        if listed != given || self.units != given {
            return Err(Breach::UnitsLost { given, listed });
        }
        if total != self.total {
            return Err(Breach::WrongSum);
        }
        let most = top.times(given)?;
        if charged.minor > most.minor {
            return Err(Breach::AboveTop { total: charged, most });
        }
        Ok(())
    }

    /// The digest that belongs to the content; a statement is sound when it equals [`Statement::digest`]. What a statement comes
    /// to say later is not written where it is empty, or those of before lose their digest.
    pub fn recompute_digest(&self) -> Result<String, Breach> {
        let content = serde_json::to_vec(&Self { digest: String::new(), ..self.clone() });
        Ok(format!("{:x}", Sha256::digest(content.map_err(|_| Breach::Unwritable)?)))
    }
}

fn negative(amount: Money) -> Money {
    Money::new(amount.minor.saturating_neg(), amount.currency)
}

/// FEE-1, FEE-8, FEE-9: why a unit is charged or free, and what it costs.
pub fn charge(
    store: &Store,
    measure_of: impl Fn(Quarter) -> Option<Measure>,
    unit: &UnitEntry,
) -> Result<(Reason, Money, Why), Breach> {
    let nothing = Money::new(0, store.currency);
    match unit.disposition {
        Disposition::Trial => Ok((Reason::Trial, nothing, Why::Trial)),
        Disposition::NotCovered(why) => Ok((Reason::NotCovered, nothing, Why::NotCovered(why))),
        Disposition::Chargeable => {
            let rate_of = store.quarter_of(unit.shipped_at);
            let measure = measure_of(rate_of).ok_or(Breach::NoMeasure(rate_of))?;
            let rate = store.rate_at(unit.shipped_at, &measure);
            let Rate { amount, tier, card, .. } = rate.ok_or(Breach::NoCard(unit.shipped_at))?;
            let reason = match tier {
                TierName::FreeCpu => Reason::FreeCpu,
                TierName::FreeVolume => Reason::FreeVolume,
                TierName::UpTo(_) | TierName::Above(_) | TierName::Default => Reason::Charged,
            };
            Ok((reason, amount, Why::Rated { card, tier, rate_of }))
        }
    }
}

#[cfg(test)]
mod tests;
