//! The statement of a seller's quarter (FEE-10): a pure fold of the ledger's entries and the cards. However often and
//! in whatever order the entries come, the bytes are the same, and so is their digest.
//!
//! Its own bounds are checked before it is given to anybody; a breach is a reason to stop and bill nothing.
//! Not here: when it is made and when it is final ([`crate::ledger`]).

use crate::{
    at::Instant,
    coverage::Uncovered,
    fee::{Measure, Rate, TierName},
    id::{ContactId, DisputeId, SellerId, ShipmentId, StoreId},
    ledger::{ContactEntry, Counting, Disposition, Disputed, Entry, ReversalEntry, Thing, UnitEntry, UnitKey, count},
    money::{Money, MoneyError},
    quarter::Quarter,
    reimbursement::{For, ReimbursementEntry},
    store::Store,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

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
    /// Each of them, by its key.
    pub listed: Vec<ListedUnit>,
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
    /// Every recorded contact with the rule that counted it or did not, by its id.
    pub contacts: Vec<ContactEntry>,
    /// CLM-3, CLM-4: what is paid back, each by its cause.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reimbursements: Vec<ReimbursementEntry>,
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
    /// F8: one unit, two stories.
    #[error("the unit {0} is recorded twice with different facts")]
    UnitConflict(UnitKey),
    /// One contact, two stories.
    #[error("the contact {0} is recorded twice with different facts")]
    ContactConflict(ContactId),
    /// One reversal, two stories.
    #[error("{0} is taken back twice with different facts")]
    ReversalConflict(Thing),
    /// One cause, paid back in two ways.
    #[error("{0} is paid back twice with different facts")]
    ReimbursementConflict(String),
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
        /// Behind the lines.
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
    /// FEE-10: the statement over these entries. `measure_of` knows what was counted before a quarter, which fixes its
    /// rate: a late unit costs what it would have cost in time (FEE-9).
    pub fn fold<'a>(
        store: &Store,
        seller: &SellerId,
        quarter: Quarter,
        measure_of: impl Fn(Quarter) -> Option<Measure>,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> Result<Self, Breach> {
        let Facts { units, contacts, reversals, reimbursements } = facts(entries)?;
        let given = count(units.len());
        let mut by_line: BTreeMap<(Reason, i64), Vec<ListedUnit>> = BTreeMap::new();
        for unit in units.into_values() {
            let (reason, rate, why) = charge(store, &measure_of, unit)?;
            if rate.currency != store.currency {
                return Err(MoneyError::TwoCurrencies.into());
            }
            let listed =
                ListedUnit { key: unit.key.clone(), shipment: unit.shipment.clone(), shipped_at: unit.shipped_at, why };
            by_line.entry((reason, rate.minor)).or_default().push(listed);
        }
        let mut contacts: Vec<_> = contacts.into_values().cloned().collect();
        for reversal in reversals.into_values() {
            match &reversal.disputed {
                Disputed::Contact(contact) => {
                    contacts.push(ContactEntry { counts: Counting::Reversed, ..contact.clone() });
                }
                Disputed::Unit { key, shipment, shipped_at, rate } => {
                    let why = Why::Reversed { statement: reversal.statement, dispute: reversal.dispute.clone() };
                    let listed =
                        ListedUnit { key: key.clone(), shipment: shipment.clone(), shipped_at: *shipped_at, why };
                    by_line.entry((Reason::Reversal, rate.minor.saturating_neg())).or_default().push(listed);
                }
            }
        }
        let reimbursements: Vec<_> = reimbursements.into_values().cloned().collect();
        contacts.sort_by(|one, other| one.contact.cmp(&other.contact));
        let mut total = Money::new(0, store.currency);
        let mut lines = Vec::new();
        for ((reason, minor), listed) in by_line {
            let (rate, units) = (Money::new(minor, store.currency), count(listed.len()));
            let amount = rate.times(units)?;
            total = total.plus(amount)?;
            lines.push(Line { reason, rate, units, amount, listed });
        }
        for reimbursement in &reimbursements {
            total = total.plus(negative(reimbursement.amount))?;
        }
        let mut statement = Self {
            store: store.id.clone(),
            seller: seller.clone(),
            quarter,
            lines,
            contacts,
            reimbursements,
            units: given,
            total,
            digest: String::new(),
        };
        statement.check(given, store)?;
        statement.digest = statement.hashed()?;
        Ok(statement)
    }

    /// F9: the bounds that hold for every statement, whatever made it. What is taken back and paid back may be more than
    /// what is charged; then the total is below zero.
    pub fn check(&self, given: u64, store: &Store) -> Result<(), Breach> {
        let top = Money::new(store.rate_cards.iter().map(|card| card.top().minor).max().unwrap_or(0), store.currency);
        let (mut total, mut charged) = (Money::new(0, store.currency), Money::new(0, store.currency));
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
            if line.rate.times(line.units)? != line.amount || line.units != count(line.listed.len()) {
                return Err(Breach::WrongSum);
            }
            total = total.plus(line.amount)?;
            if !takes_back {
                listed = listed.saturating_add(line.units);
                charged = charged.plus(line.amount)?;
            }
        }
        let most = Money::new(store.claim_terms.iter().map(|t| t.most.minor).max().unwrap_or(0), store.currency);
        for ReimbursementEntry { why, amount, .. } in &self.reimbursements {
            let of_claim = matches!(why, For::Claim { .. } | For::Appeal { .. });
            if amount.minor <= 0 || of_claim && amount.minor > most.minor {
                return Err(Breach::NotPaidBack { amount: *amount, most });
            }
            total = total.plus(negative(*amount))?;
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

    /// The digest that belongs to the content; a stored statement is sound when it equals [`Statement::digest`].
    pub fn recompute_digest(&self) -> Result<String, Breach> {
        Self { digest: String::new(), ..self.clone() }.hashed()
    }

    /// Of all that it says, as JSON, which is never whole in memory: a statement may list a million units.
    fn hashed(&self) -> Result<String, Breach> {
        let mut digest = Sha256::new();
        serde_json::to_writer(&mut digest, self).map_err(|_| Breach::Unwritable)?;
        Ok(format!("{:x}", digest.finalize()))
    }
}

fn negative(amount: Money) -> Money {
    Money::new(amount.minor.saturating_neg(), amount.currency)
}

#[derive(Default)]
struct Facts<'a> {
    units: BTreeMap<&'a UnitKey, &'a UnitEntry>,
    contacts: BTreeMap<&'a ContactId, &'a ContactEntry>,
    reversals: BTreeMap<Thing, &'a ReversalEntry>,
    /// By the name of its cause.
    reimbursements: BTreeMap<String, &'a ReimbursementEntry>,
}

/// Each unit, each contact, each reversal and each reimbursement once. Of two stories about one the smallest key is
/// reported, in whatever order they came.
fn facts<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Facts<'a>, Breach> {
    let mut facts = Facts::default();
    let (mut unit_conflict, mut contact_conflict, mut reversal_conflict) = (None, None, None);
    let mut reimbursement_conflict: Option<String> = None;
    for entry in entries {
        match entry {
            Entry::Unit(unit) => {
                if *facts.units.entry(&unit.key).or_insert(unit) != unit {
                    unit_conflict = Some(unit_conflict.map_or(&unit.key, |known| std::cmp::min(known, &unit.key)));
                }
            }
            Entry::Contact(contact) => {
                let id = &contact.contact;
                if *facts.contacts.entry(id).or_insert(contact) != contact {
                    contact_conflict = Some(contact_conflict.map_or(id, |known| std::cmp::min(known, id)));
                }
            }
            Entry::Reversal(reversal) => {
                let name = reversal.disputed.thing();
                if *facts.reversals.entry(name.clone()).or_insert(reversal) != reversal {
                    let smallest = reversal_conflict.filter(|known: &Thing| *known < name).unwrap_or(name);
                    reversal_conflict = Some(smallest);
                }
            }
            Entry::Reimbursement(reimbursement) => {
                let name = reimbursement.why.to_string();
                if *facts.reimbursements.entry(name.clone()).or_insert(reimbursement) != reimbursement {
                    let smallest = reimbursement_conflict.filter(|known| *known < name).unwrap_or(name);
                    reimbursement_conflict = Some(smallest);
                }
            }
            Entry::Package(_) => {}
        }
    }
    if let Some(key) = unit_conflict {
        return Err(Breach::UnitConflict(key.clone()));
    }
    if let Some(id) = contact_conflict {
        return Err(Breach::ContactConflict(id.clone()));
    }
    if let Some(name) = reversal_conflict {
        return Err(Breach::ReversalConflict(name));
    }
    match reimbursement_conflict {
        Some(name) => Err(Breach::ReimbursementConflict(name)),
        None => Ok(facts),
    }
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
