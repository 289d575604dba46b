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
