//! Erasing what is known of a customer as a person: words, and where to mail. What is left says that something was said,
//! when, about which order and what came of it: ids, amounts, reasons and decisions stay, so no figure and no statement
//! moves.
//!
//! It is asked for by a lead, and done a few contacts at a time by a clock that goes on until it is through. What a live
//! inquiry still needs is left alone and looked at again later.
//!
//! Not here: what the items look like that are erased (the shell's).

use crate::{
    at::{Actor, At, Instant, hours_after},
    clock::Alarm,
    id::{AssociateId, ContactId, CustomerId, InquiryId, StoreId},
    outcome::{FollowUp, Outcome, Refusal},
    store::Store,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where an erasure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Stage {
    /// It goes on at once.
    Running,
    /// Some inquiries are live; they are looked at again.
    Waiting {
        /// When.
        until: Instant,
    },
    /// Nothing is left.
    Done {
        /// Since when.
        at: Instant,
    },
}

/// The erasure of one customer's personal data in one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub customer: CustomerId,
    /// Who asked for it last.
    pub asked_by: AssociateId,
    /// When.
    pub asked_at: Instant,
    /// How often it was asked for, from 1: a customer may come back.
    pub run: u32,
    /// Steps that this run has made.
    pub step: u32,
    /// Where this run stands.
    pub stage: Stage,
    /// Contacts that this run has erased.
    pub erased: u64,
    /// Live inquiries that this pass has met.
    pub waits_for: BTreeSet<InquiryId>,
    /// The last contact that this pass has looked at; none where it begins.
    pub upto: Option<ContactId>,
}

/// What happened to an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ErasureEvent {
    /// A lead asked for it.
    Asked {
        /// Where.
        store: StoreId,
        /// Whose.
        customer: CustomerId,
        /// Who.
        by: AssociateId,
        /// When.
        at: Instant,
    },
    /// Some contacts were looked at.
    Went {
        /// What was said in these is erased.
        erased: Vec<ContactId>,
        /// These are live.
        waits_for: Vec<InquiryId>,
        /// The last one.
        upto: Option<ContactId>,
    },
    /// The pass is over, and something is left.
    Paused {
        /// It is looked at again then.
        until: Instant,
    },
    /// Nothing is left.
    Ended {
        /// Since when.
        at: Instant,
    },
}

/// What one step found and erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Contacts that are erased by it.
    pub erased: Vec<ContactId>,
    /// Live inquiries that it met.
    pub waits_for: Vec<InquiryId>,
    /// The last contact that it is through with.
    pub upto: Option<ContactId>,
    /// Whether there is more.
    pub more: bool,
}

impl Erasure {
    /// A lead asks for it. One that is under way goes on as it does.
    pub fn ask(
        known: Option<&Self>,
        store: &StoreId,
        customer: &CustomerId,
        at: &At,
    ) -> Result<Outcome<ErasureEvent>, Refusal> {
        let Actor::Associate(by) = &at.actor else {
            return Err(Refusal::forbidden("Only a lead asks for an erasure."));
        };
        if known.is_some_and(|known| !known.is_done()) {
            return Ok(Outcome::unchanged());
        }
        let run = known.map_or(0, |known| known.run).saturating_add(1);
        let (store, customer, by) = (store.clone(), customer.clone(), by.clone());
        let alarm = Alarm::Erasure { store: store.clone(), customer: customer.clone(), run, step: 0 };
        let asked = ErasureEvent::Asked { store, customer, by, at: at.now };
        Ok(Outcome::of(vec![asked]).then(FollowUp::Alarm { at: at.now, alarm }))
    }

    /// Whether this run is through.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done { .. })
    }

    /// Whether this step of this run is the next one. Any other has been made.
    #[must_use]
    pub fn expects(&self, run: u32, step: u32) -> bool {
        (self.run, self.step) == (run, step) && !self.is_done()
    }

    /// A step was made; the clock of the next one leaves with it.
    #[must_use]
    pub fn went(&self, store: &Store, looked: Looked, at: &At) -> Outcome<ErasureEvent> {
        let Looked { erased, waits_for, upto, more } = looked;
        let went = ErasureEvent::Went { erased, waits_for, upto };
        let Some(next) = Self::apply(Some(self.clone()), &went) else { return Outcome::unchanged() };
        let (end, again_at) = if more {
            (None, Some(at.now))
        } else if next.waits_for.is_empty() {
            (Some(ErasureEvent::Ended { at: at.now }), None)
        } else {
            let until = hours_after(at.now, store.erasure_looks_again_hours);
            (Some(ErasureEvent::Paused { until }), Some(until))
        };
        let outcome = Outcome::of(std::iter::once(went).chain(end).collect());
        match again_at {
            None => outcome,
            Some(again_at) => {
                let (store, customer) = (self.store.clone(), self.customer.clone());
                let alarm = Alarm::Erasure { store, customer, run: next.run, step: next.step };
                outcome.then(FollowUp::Alarm { at: again_at, alarm })
            }
        }
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &ErasureEvent) -> Option<Self> {
        if let ErasureEvent::Asked { store, customer, by, at } = event {
            return Some(Self {
                store: store.clone(),
                customer: customer.clone(),
                asked_by: by.clone(),
                asked_at: *at,
                run: state.map_or(0, |known| known.run).saturating_add(1),
                step: 0,
                stage: Stage::Running,
                erased: 0,
                waits_for: BTreeSet::new(),
                upto: None,
            });
        }
        let mut next = state?;
        match event {
            ErasureEvent::Asked { .. } => {}
            ErasureEvent::Went { erased, waits_for, upto } => {
                if next.upto.is_none() {
                    next.waits_for.clear();
                }
                next.step = next.step.saturating_add(1);
                next.stage = Stage::Running;
                next.erased = next.erased.saturating_add(u64::try_from(erased.len()).unwrap_or(u64::MAX));
                next.waits_for.extend(waits_for.iter().cloned());
                next.upto.clone_from(upto);
            }
            ErasureEvent::Paused { until } => {
                next.stage = Stage::Waiting { until: *until };
                next.upto = None;
            }
            ErasureEvent::Ended { at } => next.stage = Stage::Done { at: *at },
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, id, monday, store};
    use proptest::prelude::*;

    fn by_lead() -> At {
        At { actor: Actor::Associate(id("lea")), ..at(monday()) }
    }

    fn next(known: Option<&Erasure>, outcome: &Outcome<ErasureEvent>) -> Erasure {
        outcome.events.iter().fold(known.cloned(), Erasure::apply).unwrap()
    }

    fn asked(known: Option<&Erasure>) -> Erasure {
        next(known, &Erasure::ask(known, &id("US"), &id("c"), &by_lead()).unwrap())
    }

    fn looked(erased: &[&str], waits_for: &[&str], more: bool) -> Looked {
        let upto = erased.last().map(|last| id(last));
        Looked {
            erased: erased.iter().map(|name| id(name)).collect(),
            waits_for: waits_for.iter().map(|name| id(name)).collect(),
            upto,
            more,
        }
    }

    fn rings(outcome: &Outcome<ErasureEvent>) -> Vec<(Instant, u32, u32)> {
        let ring = |follow_up: &FollowUp| match follow_up {
            FollowUp::Alarm { at, alarm: Alarm::Erasure { run, step, .. } } => (*at, *run, *step),
            other @ (FollowUp::Notice(_) | FollowUp::Route(_) | FollowUp::Alarm { .. }) => panic!("{other:?}"),
        };
        outcome.follow_ups.iter().map(ring).collect()
    }

    #[test]
    fn an_erasure_goes_on_step_by_step_until_nothing_is_left() {
        let asked = asked(None);
        assert!(asked.expects(1, 0) && !asked.expects(1, 1) && !asked.expects(2, 0));
        let first = asked.went(store("US"), looked(&["k1", "k2"], &[], true), &at(monday()));
        assert_eq!(rings(&first), [(monday(), 1, 1)], "the next step is due at once");
        let running = next(Some(&asked), &first);
        assert!(!running.expects(1, 0), "a step that is told again has been made");
        assert_eq!((running.erased, running.upto.clone()), (2, Some(id("k2"))));
        let last = running.went(store("US"), looked(&["k3"], &[], false), &at(monday()));
        assert_eq!(rings(&last), []);
        let done = next(Some(&running), &last);
        assert_eq!((done.stage.clone(), done.erased), (Stage::Done { at: monday() }, 3));
        assert!(!done.expects(1, 2));
    }

    #[test]
    fn what_is_live_is_left_alone_and_looked_at_again_a_day_later() {
        let asked = asked(None);
        let first = asked.went(store("US"), looked(&["k1"], &["i1"], false), &at(monday()));
        let until = hours_after(monday(), 24);
        assert_eq!(rings(&first), [(until, 1, 1)]);
        let waiting = next(Some(&asked), &first);
        assert_eq!(waiting.stage, Stage::Waiting { until });
        assert_eq!((waiting.waits_for.clone(), waiting.upto.clone()), (BTreeSet::from([id("i1")]), None));
        let again = next(Some(&waiting), &waiting.went(store("US"), looked(&["k2"], &[], false), &at(until)));
        assert_eq!((again.stage, again.erased, again.waits_for), (Stage::Done { at: until }, 2, BTreeSet::new()));
    }

    #[test]
    fn asking_twice_changes_nothing_and_asking_again_when_it_is_done_begins_another_run() {
        let first = asked(None);
        assert!(Erasure::ask(Some(&first), &id("US"), &id("c"), &by_lead()).unwrap().is_unchanged());
        let done = next(Some(&first), &first.went(store("US"), Looked::default(), &at(monday())));
        let second = asked(Some(&done));
        assert_eq!((second.run, second.step, second.stage), (2, 0, Stage::Running));
        assert!(Erasure::ask(None, &id("US"), &id("c"), &at(monday())).is_err(), "nobody else asks for it");
    }

    proptest! {
        #[test]
        fn whatever_is_met_each_clock_is_of_the_step_that_comes_next_and_one_run_ends_once(
            steps in prop::collection::vec((0_usize..3, 0_usize..2, any::<bool>()), 1..12)
        ) {
            let mut known = asked(None);
            for (erased, live, more) in steps {
                if known.is_done() {
                    break;
                }
                let names: Vec<_> = (0..erased).map(|n| format!("k{}-{n}", known.step)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let outcome = known.went(store("US"), looked(&names, &["i"][..live], more), &at(monday()));
                let after = next(Some(&known), &outcome);
                prop_assert_eq!(after.step, known.step + 1);
                prop_assert_eq!(after.is_done(), rings(&outcome).is_empty());
                for (_, run, step) in rings(&outcome) {
                    prop_assert!(after.expects(run, step));
                }
                known = after;
            }
        }
    }
}
