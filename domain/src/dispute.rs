//! FEE-11: a seller disputes a unit that it was charged, or a contact that counted, on a final statement. A lead accepts or
//! denies. What is accepted is taken back by an entry of its own on the statement of the quarter in which it is accepted:
//! no final statement is edited, and no published rate changes, so an accepted contact is listed and alters no figure.
//!
//! A thing is disputed once: the dispute's id is derived from it.

use crate::{
    at::{At, Instant},
    id::{AssociateId, DisputeId, SellerId, StoreId},
    ledger::{Closed, Disputed, Entry, ReversalEntry, Thing},
    outcome::{Outcome, Refusal},
    quarter::{Quarter, days_later},
    store::Store,
};
use serde::{Deserialize, Serialize};

/// What a seller holds against a final statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Which.
    pub id: DisputeId,
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// On which statement.
    pub statement: Quarter,
    /// What is disputed, as it stands there.
    pub disputed: Disputed,
    /// Why, in the seller's words.
    pub reason: String,
    /// When.
    pub filed_at: Instant,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody has decided yet.
    Open,
    /// It is taken back.
    Accepted {
        /// When.
        at: Instant,
        /// By whom.
        by: AssociateId,
    },
    /// It stands.
    Denied {
        /// When.
        at: Instant,
        /// By whom.
        by: AssociateId,
        /// Why.
        reason: String,
    },
}

/// What happened to a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DisputeEvent {
    /// The seller filed it.
    Filed(Box<Dispute>),
    /// A lead decided.
    Decided(Verdict),
}

/// The quarter's final statement and what stands on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnStatement {
    /// Whose.
    pub seller: SellerId,
    /// Which statement.
    pub quarter: Quarter,
    /// Since when it is final; not, while it is a draft.
    pub closed: Option<Closed>,
    /// What is disputed.
    pub disputed: Disputed,
}

impl Dispute {
    /// The id that a dispute of this thing has.
    #[must_use]
    pub fn id_of(store: &StoreId, seller: &SellerId, thing: &Thing) -> DisputeId {
        DisputeId::derived(&[store.as_str(), seller.as_str(), &thing.to_string()])
    }

    /// The first instant at which a statement that became final at this one can no longer be disputed; none where it never
    /// could be.
    #[must_use]
    pub fn until(store: &Store, final_at: Instant) -> Option<Instant> {
        store.dispute_days_at(final_at).map(|days| days_later(store.zone, final_at, days))
    }

    /// The seller disputes what stands on a final statement, once, within the days that the store gives.
    pub fn file(
        known: Option<&Self>,
        on: OnStatement,
        reason: String,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<DisputeEvent>, Refusal> {
        let no = |code, sentence: &str| Err(Refusal::state("FEE-11", code, sentence));
        if known.is_some() {
            return no("already_disputed", "This was disputed before; a unit or a contact can be disputed once.");
        }
        let Some(closed) = &on.closed else {
            return no("not_final", "This statement is a draft; it can be disputed once it is final.");
        };
        let until = Self::until(store, closed.at).unwrap_or(closed.at);
        if at.now >= until {
            return no("dispute_too_late", &format!("This statement could be disputed until {}.", until.to_rfc3339()));
        }
        let nothing = match &on.disputed {
            Disputed::Unit { rate, .. } => rate.minor == 0,
            Disputed::Contact(contact) => !contact.counts.counts(),
        };
        if nothing {
            return no(
                "nothing_to_dispute",
                "This unit was free, or this contact did not count: there is nothing to take back.",
            );
        }
        Ok(Outcome::of(vec![DisputeEvent::Filed(Box::new(Self {
            id: Self::id_of(&store.id, &on.seller, &on.disputed.thing()),
            store: store.id.clone(),
            seller: on.seller,
            statement: on.quarter,
            disputed: on.disputed,
            reason,
            filed_at: at.now,
            verdict: Verdict::Open,
        }))]))
    }

    /// A lead takes back what was disputed.
    pub fn accept(&self, by: &AssociateId, at: &At) -> Result<Outcome<DisputeEvent>, Refusal> {
        self.decide(Verdict::Accepted { at: at.now, by: by.clone() })
    }

    /// A lead lets it stand, and says why.
    pub fn deny(&self, by: &AssociateId, reason: String, at: &At) -> Result<Outcome<DisputeEvent>, Refusal> {
        self.decide(Verdict::Denied { at: at.now, by: by.clone(), reason })
    }

    fn decide(&self, verdict: Verdict) -> Result<Outcome<DisputeEvent>, Refusal> {
        match self.verdict {
            Verdict::Open => Ok(Outcome::of(vec![DisputeEvent::Decided(verdict)])),
            Verdict::Accepted { .. } | Verdict::Denied { .. } => {
                Err(Refusal::state("FEE-11", "dispute_decided", "This dispute is decided, and stays so."))
            }
        }
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &DisputeEvent) -> Option<Self> {
        match event {
            DisputeEvent::Filed(dispute) => Some((**dispute).clone()),
            DisputeEvent::Decided(verdict) => Some(Self { verdict: verdict.clone(), ..state? }),
        }
    }

    /// What an accepted dispute takes back: an entry of the ledger. None of one that was not accepted.
    #[must_use]
    pub fn reversal(&self) -> Option<Entry> {
        let Verdict::Accepted { at, .. } = self.verdict else { return None };
        Some(Entry::Reversal(ReversalEntry {
            dispute: self.id.clone(),
            disputed: self.disputed.clone(),
            statement: self.statement,
            accepted_at: at,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::{ContactEntry, Counting, UnitKey},
        money::Money,
        testing::{MILLI, at, id, store, utc},
    };

    const FINAL: &str = "2026-10-04T07:00:00Z";
    /// 90 days later by the clock of Los Angeles, which was set back in between.
    const TOO_LATE: &str = "2027-01-02T08:00:00Z";

    fn unit(minor: i64) -> Disputed {
        let us = store("US");
        let key = UnitKey { order: id("o"), item: id("i"), ordinal: 1 };
        Disputed::Unit {
            key,
            shipment: id("p"),
            shipped_at: utc("2026-08-01T00:00:00Z"),
            rate: Money::new(minor, us.currency),
        }
    }

    fn contact(counts: Counting) -> Disputed {
        Disputed::Contact(ContactEntry {
            contact: id("k"),
            order: id("o"),
            topic: "late_delivery".into(),
            received_at: utc("2026-08-02T00:00:00Z"),
            counts,
        })
    }

    fn filed_at(disputed: Disputed, now: Instant) -> Result<Dispute, &'static str> {
        let closed = Closed { at: utc(FINAL), digest: String::new(), by_line: false };
        filed(None, Some(&closed), disputed, now)
    }

    fn filed(
        known: Option<&Dispute>,
        closed: Option<&Closed>,
        disputed: Disputed,
        now: Instant,
    ) -> Result<Dispute, &'static str> {
        let (seller, closed) = (id("s"), closed.cloned());
        let on = OnStatement { seller, quarter: "2026Q3".parse().unwrap(), closed, disputed };
        let outcome = Dispute::file(known, on, "It never left.".into(), store("US"), &at(now));
        let outcome = outcome.map_err(|refusal| refusal.code)?;
        Ok(outcome.events.iter().fold(None, Dispute::apply).unwrap())
    }

    fn open() -> Dispute {
        filed_at(unit(25), utc(FINAL)).unwrap()
    }

    fn decided(dispute: &Dispute, outcome: &Outcome<DisputeEvent>) -> Dispute {
        outcome.events.iter().fold(Some(dispute.clone()), Dispute::apply).unwrap()
    }

    #[test]
    fn fee_11_the_instant_before_on_and_after_the_end_of_90_days() {
        let too_late = utc(TOO_LATE);
        assert!(filed_at(unit(25), utc(FINAL)).is_ok());
        assert!(filed_at(unit(25), too_late - MILLI).is_ok());
        assert_eq!(filed_at(unit(25), too_late), Err("dispute_too_late"));
        assert_eq!(filed_at(unit(25), too_late + MILLI), Err("dispute_too_late"));
    }

    #[test]
    fn fee_11_a_draft_cannot_be_disputed() {
        assert_eq!(filed(None, None, unit(25), utc(FINAL)), Err("not_final"));
    }

    #[test]
    fn fee_11_a_thing_is_disputed_once_whatever_became_of_it() {
        let mei = id("mei");
        let closed = Closed { at: utc(FINAL), digest: String::new(), by_line: false };
        let open = open();
        let denied = decided(&open, &open.deny(&mei, "It did.".into(), &at(utc(FINAL))).unwrap());
        for known in [&open, &denied] {
            assert_eq!(filed(Some(known), Some(&closed), unit(25), utc(FINAL)), Err("already_disputed"));
        }
        assert_eq!(filed_at(unit(50), utc(FINAL)).unwrap().id, open.id, "its name is that of the thing");
        assert_ne!(filed_at(contact(Counting::Counted), utc(FINAL)).unwrap().id, open.id);
    }

    #[test]
    fn fee_11_only_what_was_charged_or_counted_can_be_disputed() {
        for (disputed, expected) in [
            (unit(0), Err("nothing_to_dispute")),
            (unit(1), Ok(())),
            (contact(Counting::Joined), Err("nothing_to_dispute")),
            (contact(Counting::Reversed), Err("nothing_to_dispute")),
            (contact(Counting::Counted), Ok(())),
        ] {
            assert_eq!(filed_at(disputed.clone(), utc(FINAL)).map(drop), expected, "{disputed:?}");
        }
    }

    #[test]
    fn fee_11_a_lead_decides_once_and_only_what_is_accepted_is_taken_back() {
        let (mei, later) = (id::<AssociateId>("mei"), utc("2026-11-01T00:00:00Z"));
        let open = open();
        assert_eq!(open.reversal(), None);
        let accepted = decided(&open, &open.accept(&mei, &at(later)).unwrap());
        let denied = decided(&open, &open.deny(&mei, "It did.".into(), &at(later)).unwrap());
        assert_eq!(accepted.verdict, Verdict::Accepted { at: later, by: mei.clone() });
        assert_eq!(denied.verdict, Verdict::Denied { at: later, by: mei.clone(), reason: "It did.".into() });
        assert_eq!(denied.reversal(), None);
        let Some(Entry::Reversal(reversal)) = accepted.reversal() else { panic!("it is taken back") };
        assert_eq!((reversal.accepted_at, reversal.disputed), (later, unit(25)));
        assert_eq!((reversal.statement, reversal.dispute), ("2026Q3".parse().unwrap(), open.id));
        for dispute in [accepted, denied] {
            assert_eq!(dispute.accept(&mei, &at(later)).unwrap_err().code, "dispute_decided");
            assert_eq!(dispute.deny(&mei, "No.".into(), &at(later)).unwrap_err().code, "dispute_decided");
        }
    }
}
