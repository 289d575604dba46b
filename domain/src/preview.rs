//! ENR-9: what opting in or out now would mean, found by asking the very decisions that would be made. Nothing is changed
//! and nothing follows.
//!
//! Not here: which inquiries stay (a list of the store's), and what units will cost ([`crate::forecast`]).

use crate::{
    at::{Actor, At, Instant},
    quarter::days_before,
    seller::{EndReason, Seller, SellerEvent, TRIAL_DAYS, Trial},
    store::Store,
};
use serde::Serialize;

/// What opting in now would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OptingIn {
    /// Orders placed from then on would be covered.
    WouldStart {
        /// From when.
        starts_at: Instant,
    },
    /// Nothing: the seller has joined.
    AlreadyIn {
        /// Since when, or from when.
        starts_at: Instant,
    },
    /// It would be refused.
    Refused {
        /// Every requirement of ENR-1 that is not met.
        unmet: Vec<&'static str>,
    },
}

/// What opting out now would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OptingOut {
    /// Orders placed from then on would be the seller's own; those placed before stay covered.
    WouldEnd {
        /// From when.
        ends_at: Instant,
    },
    /// Nothing: the seller has not joined.
    NotIn,
}

/// The free trial as it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TrialLeft {
    /// Its bounds: those it has, or those that opting in now would give it.
    #[serde(flatten)]
    pub trial: Trial,
    /// Days of it that are left, one that has begun included.
    pub days_left: u64,
}

/// What either would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Joining.
    pub opt_in: OptingIn,
    /// Leaving.
    pub opt_out: OptingOut,
    /// None where there is none, and opting in now would be refused.
    pub trial: Option<TrialLeft>,
}

impl Trial {
    /// The days that are left, one that has begun included: none from its end on, all of them until it starts.
    #[must_use]
    pub fn days_left(&self, store: &Store, now: Instant) -> u64 {
        let reached = |left: &u64| days_before(store.zone, self.ends_at, *left) <= now;
        (0..TRIAL_DAYS).find(reached).unwrap_or(TRIAL_DAYS)
    }
}

impl Seller {
    /// ENR-9: what opting in or out would mean at this instant.
    #[must_use]
    pub fn preview(&self, store: &Store, now: Instant) -> Preview {
        let at = At { now, actor: Actor::Service, cause: String::new() };
        let (joined, opt_in) = match self.opt_in(store, None, &at) {
            Err(refusal) => (self.clone(), OptingIn::Refused { unmet: refusal.unmet }),
            Ok(outcome) => {
                let joined = outcome.after(self, Self::apply);
                let starts_at = joined.periods.last().map_or(now, |last| last.starts_at);
                let new = outcome.events.iter().any(|event| matches!(event, SellerEvent::Enrolled { .. }));
                (joined, if new { OptingIn::WouldStart { starts_at } } else { OptingIn::AlreadyIn { starts_at } })
            }
        };
        let left = self.opt_out(store, &at).events.into_iter().find_map(|event| {
            let SellerEvent::Left(end) = event else { return None };
            (end.reason == EndReason::OptedOut).then_some(end.at)
        });
        Preview {
            opt_in,
            opt_out: left.map_or(OptingOut::NotIn, |ends_at| OptingOut::WouldEnd { ends_at }),
            trial: joined.trial(store).map(|trial| TrialLeft { trial, days_left: trial.days_left(store, now) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        seller::{Plan, SellerFacts, Standing},
        testing::{MILLI, at, facts, id, minutes, registered, store, utc, with_events},
    };
    use proptest::prelude::*;

    const DAY: &str = "2026-08-03T15:00:00Z";

    /// A US seller that was enrolled by default 15 minutes after it registered.
    fn enrolled() -> Seller {
        registered(store("US"), utc(DAY))
    }

    fn left() -> Seller {
        let seller = enrolled();
        with_events(Some(&seller), &seller.opt_out(store("US"), &at(utc(DAY) + minutes(60))))
    }

    #[test]
    fn enr_9_who_has_joined_is_told_since_when_and_when_leaving_would_take_effect() {
        let (seller, starts_at) = (enrolled(), utc(DAY) + minutes(15));
        for now in [starts_at - MILLI, starts_at, starts_at + MILLI] {
            let preview = seller.preview(store("US"), now);
            assert_eq!(preview.opt_in, OptingIn::AlreadyIn { starts_at });
            assert_eq!(preview.opt_out, OptingOut::WouldEnd { ends_at: now.max(starts_at) }, "at once, at {now}");
        }
    }

    #[test]
    fn enr_9_who_has_left_is_told_from_when_service_would_be_given_again_in_the_trial_of_the_first_time() {
        let now = utc(DAY) + minutes(24 * 60);
        let preview = left().preview(store("US"), now);
        assert_eq!(preview.opt_in, OptingIn::WouldStart { starts_at: now + minutes(15) });
        assert_eq!(preview.opt_out, OptingOut::NotIn);
        let trial = preview.trial.unwrap();
        assert_eq!((trial.trial.starts_at, trial.days_left), (utc(DAY) + minutes(15), 90), "the first day has begun");
    }

    #[test]
    fn enr_9_whoever_would_be_refused_is_told_every_unmet_requirement_and_of_no_trial() {
        let poor = SellerFacts { plan: Plan::Individual, standing: Standing::AtRisk, ..facts() };
        let outcome = Seller::register(None, store("US"), &id("s"), poor, None, utc(DAY));
        let preview = with_events(None, &outcome).preview(store("US"), utc(DAY));
        assert_eq!(preview.opt_in, OptingIn::Refused { unmet: vec!["terms", "plan", "standing"] });
        assert_eq!((preview.opt_out, preview.trial), (OptingOut::NotIn, None));
    }

    #[test]
    fn enr_9_a_trial_that_opting_in_would_begin_is_shown_whole() {
        let never = Seller { periods: Vec::new(), ..enrolled() };
        let trial = never.preview(store("US"), utc(DAY)).trial.unwrap();
        assert_eq!((trial.trial.starts_at, trial.days_left), (utc(DAY) + minutes(15), 90));
    }

    #[test]
    fn enr_9_the_instant_before_on_and_after_each_day_of_the_trial() {
        let us = store("US");
        let trial = enrolled().trial(us).unwrap();
        for left in [0, 1, 3, 14, 89, 90] {
            let day = days_before(us.zone, trial.ends_at, left);
            assert_eq!(trial.days_left(us, day), left);
            assert_eq!(trial.days_left(us, day - MILLI), (left + 1).min(90));
            assert_eq!(trial.days_left(us, day + MILLI), left);
        }
        assert_eq!(trial.days_left(us, trial.ends_at + minutes(60 * 24 * 365)), 0);
    }

    proptest! {
        #[test]
        fn enr_9_what_is_previewed_is_what_happens(out_at in prop::option::of(0_i64..400), now in 0_i64..500_000) {
            let us = store("US");
            let seller = match out_at {
                Some(minute) => {
                    let seller = enrolled();
                    with_events(Some(&seller), &seller.opt_out(us, &at(utc(DAY) + minutes(minute))))
                }
                None => enrolled(),
            };
            let now = utc(DAY) + minutes(400 + now);
            let preview = seller.preview(us, now);
            let joined = with_events(Some(&seller), &seller.opt_in(us, None, &at(now)).unwrap());
            let (OptingIn::WouldStart { starts_at } | OptingIn::AlreadyIn { starts_at }) = preview.opt_in else {
                panic!("nothing is unmet: {preview:?}");
            };
            prop_assert_eq!(joined.periods.last().unwrap().starts_at, starts_at);
            prop_assert_eq!(joined.trial(us), preview.trial.map(|left| left.trial));
            let outcome = seller.opt_out(us, &at(now));
            let ends = with_events(Some(&seller), &outcome).periods.last().unwrap().ended.clone().unwrap().at;
            prop_assert_eq!(preview.opt_out == OptingOut::NotIn, outcome.is_unchanged());
            if let OptingOut::WouldEnd { ends_at } = preview.opt_out {
                prop_assert_eq!(ends, ends_at);
            }
        }
    }
}
