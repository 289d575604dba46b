//! A seller's own return policy (RET-2): `draft → submitted → approved | rejected(reason)`. Each draft is a version with
//! a number; the one that was approved last holds for the orders placed from then on.
//!
//! Not here: what a policy says, and whether it is worse than the standard ([`crate::returns`]).

use crate::{
    at::{At, Instant},
    id::{SellerId, StoreId},
    notice::{Notice, NoticeKind},
    outcome::{Outcome, Refusal},
    returns::ReturnTerms,
    store::Store,
};
use serde::{Deserialize, Serialize};

/// How far a version has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The seller is writing it.
    Draft,
    /// The service looks at it.
    Submitted {
        /// Since when.
        at: Instant,
    },
    /// It holds for orders placed from then on, until another one does.
    Approved {
        /// From when.
        at: Instant,
    },
    /// It never holds.
    Rejected {
        /// When.
        at: Instant,
        /// Why, for the seller to read.
        reason: String,
    },
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counts from 1.
    pub number: u32,
    /// What it says.
    pub terms: ReturnTerms,
    /// How far it has come.
    #[serde(flatten)]
    pub stage: Stage,
}

/// A seller's own policy: the version it works on, and every one that was ever approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// The newest version.
    pub latest: Version,
    /// In the order of their approval.
    pub approved: Vec<Approved>,
}

/// A version that holds, or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Which.
    pub number: u32,
    /// What it says.
    pub terms: ReturnTerms,
    /// The first instant whose orders have it.
    pub since: Instant,
}

/// What happened to a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PolicyEvent {
    /// The seller wrote a version.
    Drafted {
        /// Where.
        store: StoreId,
        /// Whose.
        seller: SellerId,
        /// Which.
        number: u32,
        /// What it says.
        terms: Box<ReturnTerms>,
    },
    /// It asked for approval.
    Submitted {
        /// When.
        at: Instant,
    },
    /// It was approved.
    Approved {
        /// When.
        at: Instant,
    },
    /// It was rejected.
    Rejected {
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
}

impl Policy {
    /// The seller writes a version, which is a new one each time. Refused where it is worse than the standard, and while
    /// the last one is being looked at.
    pub fn draft(
        known: Option<&Self>,
        store: &Store,
        seller: &SellerId,
        terms: ReturnTerms,
        at: &At,
    ) -> Result<Outcome<PolicyEvent>, Refusal> {
        let latest = known.map(|policy| &policy.latest);
        if latest.is_some_and(|latest| matches!(latest.stage, Stage::Submitted { .. })) {
            let sentence = "A version of this policy is being looked at; the next one can be written after that.";
            return Err(Refusal::state("RET-2", "policy_under_review", sentence));
        }
        if latest.is_some_and(|latest| latest.stage == Stage::Draft && latest.terms == terms) {
            return Ok(Outcome::unchanged());
        }
        at_least_as_good(&terms, store, at.now)?;
        let number = latest.map_or(0, |latest| latest.number).saturating_add(1);
        let (store, seller) = (store.id.clone(), seller.clone());
        Ok(Outcome::of(vec![PolicyEvent::Drafted { store, seller, number, terms: Box::new(terms) }]))
    }

    /// The seller asks for approval of the version it wrote last.
    pub fn submit(&self, store: &Store, number: u32, at: &At) -> Result<Outcome<PolicyEvent>, Refusal> {
        self.named(number)?;
        match self.latest.stage {
            Stage::Submitted { .. } => Ok(Outcome::unchanged()),
            Stage::Draft => {
                at_least_as_good(&self.latest.terms, store, at.now)?;
                Ok(Outcome::of(vec![PolicyEvent::Submitted { at: at.now }]))
            }
            Stage::Approved { .. } | Stage::Rejected { .. } => Err(self.decided()),
        }
    }

    /// A lead approves; from now on it holds. Refused where the standard has become better meanwhile.
    pub fn approve(&self, store: &Store, number: u32, at: &At) -> Result<Outcome<PolicyEvent>, Refusal> {
        self.submitted(number)?;
        at_least_as_good(&self.latest.terms, store, at.now)?;
        Ok(Outcome::of(vec![PolicyEvent::Approved { at: at.now }]).then(self.decided_notice(None)))
    }

    /// A lead rejects, and says why.
    pub fn reject(&self, number: u32, reason: String, at: &At) -> Result<Outcome<PolicyEvent>, Refusal> {
        self.submitted(number)?;
        let notice = self.decided_notice(Some(reason.clone()));
        Ok(Outcome::of(vec![PolicyEvent::Rejected { at: at.now, reason }]).then(notice))
    }

    /// The version that holds for an order placed at this instant.
    #[must_use]
    pub fn in_force_at(&self, placed_at: Instant) -> Option<&Approved> {
        self.approved.iter().rev().find(|approved| approved.since <= placed_at)
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &PolicyEvent) -> Option<Self> {
        if let PolicyEvent::Drafted { store, seller, number, terms } = event {
            return Some(Self {
                store: store.clone(),
                seller: seller.clone(),
                latest: Version { number: *number, terms: (**terms).clone(), stage: Stage::Draft },
                approved: state.map(|known| known.approved).unwrap_or_default(),
            });
        }
        let mut next = state?;
        match event {
            PolicyEvent::Drafted { .. } => {}
            PolicyEvent::Submitted { at } => next.latest.stage = Stage::Submitted { at: *at },
            PolicyEvent::Approved { at } => {
                next.latest.stage = Stage::Approved { at: *at };
                let Version { number, terms, .. } = next.latest.clone();
                next.approved.push(Approved { number, terms, since: *at });
            }
            PolicyEvent::Rejected { at, reason } => {
                next.latest.stage = Stage::Rejected { at: *at, reason: reason.clone() };
            }
        }
        Some(next)
    }

    fn named(&self, number: u32) -> Result<(), Refusal> {
        if self.latest.number == number {
            return Ok(());
        }
        let sentence =
            format!("The latest version of this policy is {}; look at it, and name that one.", self.latest.number);
        Err(Refusal::state("RET-2", "policy_not_latest", sentence))
    }

    fn submitted(&self, number: u32) -> Result<(), Refusal> {
        self.named(number)?;
        match self.latest.stage {
            Stage::Submitted { .. } => Ok(()),
            Stage::Draft => {
                let sentence = "The seller has not submitted this version; it can be decided once it has.";
                Err(Refusal::state("RET-2", "policy_not_submitted", sentence))
            }
            Stage::Approved { .. } | Stage::Rejected { .. } => Err(self.decided()),
        }
    }

    fn decided(&self) -> Refusal {
        let sentence = format!("Version {} was decided already; a new version can be written.", self.latest.number);
        Refusal::state("RET-2", "policy_decided", sentence)
    }

    fn decided_notice(&self, reason: Option<String>) -> Notice {
        let number = self.latest.number;
        let kind = NoticeKind::PolicyDecided { version: number, reason };
        Notice::to_seller(&self.store, &self.seller, kind, &[&number.to_string()])
    }
}

/// What a version of a seller's own policy begins with, where the store's have names of their own.
const OWN: &str = "seller-";

/// The name under which an order has this version of its seller's own policy.
#[must_use]
pub fn name_of(number: u32) -> String {
    format!("{OWN}{number}")
}

/// The number of the version that has this name, if it is one of a seller's own policy.
#[must_use]
pub fn number_in(name: &str) -> Option<&str> {
    name.strip_prefix(OWN)
}

/// RET-1: refused with every field that is worse than the standard of this moment.
fn at_least_as_good(terms: &ReturnTerms, store: &Store, now: Instant) -> Result<(), Refusal> {
    let worse = store.return_policy_at(now).map(|standard| terms.worse_than(&standard.terms)).unwrap_or_default();
    if worse.is_empty() {
        return Ok(());
    }
    let said: Vec<_> = worse.iter().map(|worse| format!("{}: {}", worse.field, worse.why)).collect();
    let sentence = format!("Worse than the standard policy: {}.", said.join("; "));
    let mut unmet: Vec<_> = worse.iter().map(|worse| worse.field).collect();
    unmet.dedup();
    Err(Refusal { unmet, ..Refusal::state("RET-1", "policy_worse", sentence) })
}

#[cfg(test)]
mod tests;
