//! Clocks: a look at something, later. An alarm says what to look at and carries no decision: when it rings, the rule
//! is asked again with the state of that moment, and most often the answer is "nothing to do".

use crate::{
    at::Instant,
    digest::Digest,
    id::{ClaimId, CustomerId, DecisionId, OrderId, RequestId, SellerId, StoreId},
    retention::Over,
    survey::About,
};
use serde::{Deserialize, Serialize};

/// What to look at when the time has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alarm", rename_all = "snake_case")]
pub enum Alarm {
    /// REQ-3: so many hours are left to reply.
    RequestReminder {
        /// Whose Case Log.
        store: StoreId,
        /// Whose Case Log.
        seller: SellerId,
        /// Which request.
        request: RequestId,
        /// 12, 4 or 1.
        hours_left: i64,
    },
    /// REQ-4: the 24 hours are over.
    RequestExpiry {
        /// Whose Case Log.
        store: StoreId,
        /// Whose Case Log.
        seller: SellerId,
        /// Which request.
        request: RequestId,
    },
    /// RET-4: a seller abroad should have named a way back by now, or has named that there is none.
    ReturnMethod {
        /// Where.
        store: StoreId,
        /// Whose part.
        seller: SellerId,
        /// Of which order.
        order: OrderId,
        /// By which decision something is to come back.
        decision: DecisionId,
        /// Whether it rings because one was named.
        named: bool,
    },
    /// RET-5: what came back should have been refunded by now.
    RefundDue {
        /// Where.
        store: StoreId,
        /// Whose part.
        seller: SellerId,
        /// Of which order.
        order: OrderId,
        /// When it came back.
        received_at: Instant,
    },
    /// CLM-3: the time to answer a question about a claim is over.
    ClaimAnswer {
        /// Whose claim.
        store: StoreId,
        /// Whose claim.
        seller: SellerId,
        /// Which.
        claim: ClaimId,
        /// Which of its rounds, from 0.
        round: usize,
    },
    /// NTF-1: the free trial ends in so many days.
    TrialEnding {
        /// Where.
        store: StoreId,
        /// Whose trial.
        seller: SellerId,
        /// 14 or 3.
        days_left: u64,
    },
    /// INS-3: an inquiry was resolved so long ago that its customer may be asked.
    Survey {
        /// Which inquiry.
        #[serde(flatten)]
        about: About,
        /// When it was resolved; it may have been reopened since.
        resolved_at: Instant,
    },
    /// The erasure of a customer's personal data goes on.
    Erasure {
        /// Where.
        store: StoreId,
        /// Whose.
        customer: CustomerId,
        /// Which run of it.
        run: u32,
        /// Which of its steps.
        step: u32,
    },
    /// INQ-3: the time to the resolution of an inquiry runs out, or is over.
    Resolution {
        /// Of which.
        #[serde(flatten)]
        about: About,
        /// When; the time may have been moved since.
        rings_at: Instant,
        /// Which version of the inquiry set it: of what stops and goes on, each stretch has clocks of its own.
        #[serde(default)]
        version: u64,
    },
    /// INQ-4: a claim may have been idle for too long.
    IdleClaim {
        /// Of which inquiry.
        #[serde(flatten)]
        about: About,
        /// When; something may have come of it since.
        rings_at: Instant,
    },
    /// What people said in a matter that is over may have been kept for long enough.
    Retention {
        /// In which.
        #[serde(flatten)]
        over: Over,
        /// When it ended; it may have been taken up again since.
        ended_at: Instant,
        /// When.
        rings_at: Instant,
        /// How often it was looked at before, for this end.
        step: u32,
    },
    /// NTF-1: the day of a digest is over.
    Digest(Digest),
}

impl Alarm {
    /// What makes one alarm the same as another: its kind and its subject.
    #[must_use]
    pub fn fact(&self) -> Vec<String> {
        match self {
            Self::RequestReminder { request, hours_left, .. } => {
                vec!["request_reminder".into(), request.to_string(), hours_left.to_string()]
            }
            Self::RequestExpiry { request, .. } => vec!["request_expiry".into(), request.to_string()],
            Self::ReturnMethod { store, seller, decision, named, .. } => vec![
                "return_method".into(),
                store.to_string(),
                seller.to_string(),
                decision.to_string(),
                if *named { "named" } else { "due" }.into(),
            ],
            Self::RefundDue { store, seller, order, received_at } => vec![
                "refund_due".into(),
                store.to_string(),
                seller.to_string(),
                order.to_string(),
                received_at.to_rfc3339(),
            ],
            Self::ClaimAnswer { claim, round, .. } => {
                vec!["claim_answer".into(), claim.to_string(), round.to_string()]
            }
            Self::TrialEnding { store, seller, days_left } => {
                vec!["trial_ending".into(), store.to_string(), seller.to_string(), days_left.to_string()]
            }
            Self::Erasure { store, customer, run, step } => {
                vec!["erasure".into(), store.to_string(), customer.to_string(), run.to_string(), step.to_string()]
            }
            Self::Survey { about, resolved_at: at } => of_inquiry("survey", about, *at),
            Self::Resolution { about, rings_at: at, version } => {
                let mut fact = of_inquiry("resolution", about, *at);
                fact.push(version.to_string());
                fact
            }
            Self::IdleClaim { about, rings_at: at } => of_inquiry("idle_claim", about, *at),
            Self::Digest(digest) => vec!["digest".into(), digest.notice().id.to_string()],
            Self::Retention { over, ended_at, step, .. } => {
                let end = [ended_at.timestamp_millis().to_string(), step.to_string()];
                ["retention".to_owned()].into_iter().chain(over.name()).chain(end).collect()
            }
        }
    }
}

fn of_inquiry(kind: &str, about: &About, at: Instant) -> Vec<String> {
    vec![kind.to_owned(), about.inquiry.to_string(), at.timestamp_millis().to_string()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        at::after,
        testing::{MILLI, id, monday, opened},
    };
    use std::collections::BTreeSet;

    fn each() -> Vec<Alarm> {
        let mut alarms = Vec::new();
        for name in ["a", "b"] {
            let (store, seller, request): (StoreId, SellerId, RequestId) = (id("US"), id(name), id(name));
            for hours_left in [12, 4, 1] {
                let (store, seller, request) = (store.clone(), seller.clone(), request.clone());
                alarms.push(Alarm::RequestReminder { store, seller, request, hours_left });
            }
            for days_left in [14, 3] {
                alarms.push(Alarm::TrialEnding { store: store.clone(), seller: seller.clone(), days_left });
            }
            for named in [true, false] {
                let (store, seller, order) = (store.clone(), seller.clone(), id("o"));
                alarms.push(Alarm::ReturnMethod { store, seller, order, decision: id("d"), named });
            }
            for received_at in [monday(), monday() + MILLI] {
                let (store, seller, order) = (store.clone(), seller.clone(), id("o"));
                alarms.push(Alarm::RefundDue { store, seller, order, received_at });
            }
            for (run, step) in [(1, 0), (1, 1), (2, 0)] {
                alarms.push(Alarm::Erasure { store: store.clone(), customer: id(name), run, step });
            }
            for round in [0, 1] {
                let (store, seller) = (store.clone(), seller.clone());
                alarms.push(Alarm::ClaimAnswer { store, seller, claim: id(name), round });
            }
            for user in [None, Some(id("u"))] {
                let day = monday().date_naive();
                alarms.push(Alarm::Digest(Digest { store: store.clone(), seller: seller.clone(), user, day }));
            }
            alarms.push(Alarm::RequestExpiry { store, seller, request });
            let about = About { inquiry: id(name), ..About::of(&opened("quality")) };
            for resolved_at in [monday(), after(monday(), MILLI)] {
                alarms.push(Alarm::Survey { about: about.clone(), resolved_at });
                for version in [1, 2] {
                    alarms.push(Alarm::Resolution { about: about.clone(), rings_at: resolved_at, version });
                }
                alarms.push(Alarm::IdleClaim { about: about.clone(), rings_at: resolved_at });
                for step in [0, 1] {
                    let of_seller = Over::Contact { store: id("US"), seller: id("s"), contact: id(name) };
                    for over in [Over::Inquiry(about.clone()), of_seller] {
                        alarms.push(Alarm::Retention { over, ended_at: resolved_at, rings_at: monday(), step });
                    }
                }
            }
        }
        alarms
    }

    #[test]
    fn n1_each_alarm_is_the_same_as_itself_and_as_no_other() {
        let facts: BTreeSet<_> = each().iter().map(Alarm::fact).collect();
        assert_eq!(facts.len(), each().len());
        assert_eq!(each().iter().map(Alarm::fact).collect::<BTreeSet<_>>(), facts);
    }

    #[test]
    fn inq_3_a_clock_that_earlier_code_set_rings_too() {
        let set = Alarm::Resolution { about: About::of(&opened("quality")), rings_at: monday(), version: 0 };
        let mut body = serde_json::to_value(&set).unwrap();
        body.as_object_mut().unwrap().remove("version");
        assert_eq!(serde_json::from_value::<Alarm>(body).unwrap(), set);
    }

    #[test]
    fn an_alarm_is_read_back_as_it_was_written() {
        for alarm in each() {
            let text = serde_json::to_string(&alarm).unwrap();
            assert_eq!(serde_json::from_str::<Alarm>(&text).unwrap(), alarm, "{text}");
        }
    }
}
