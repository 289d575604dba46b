//! Clocks: a look at something, later. An alarm says what to look at and carries no decision: when it rings, the rule
//! is asked again with the state of that moment, and most often the answer is "nothing to do".

use crate::id::{RequestId, SellerId, StoreId};
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
    /// NTF-1: the free trial ends in so many days.
    TrialEnding {
        /// Where.
        store: StoreId,
        /// Whose trial.
        seller: SellerId,
        /// 14 or 3.
        days_left: u64,
    },
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
            Self::TrialEnding { store, seller, days_left } => {
                vec!["trial_ending".into(), store.to_string(), seller.to_string(), days_left.to_string()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::id;
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
            alarms.push(Alarm::RequestExpiry { store, seller, request });
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
    fn an_alarm_is_read_back_as_it_was_written() {
        for alarm in each() {
            let text = serde_json::to_string(&alarm).unwrap();
            assert_eq!(serde_json::from_str::<Alarm>(&text).unwrap(), alarm, "{text}");
        }
    }
}
