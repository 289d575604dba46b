//! Bugs that are planted between the functions and the services, to see that they are found. The functions hold no
//! switch: each bug changes what goes over the wire into what a function with that bug would send, or what a queue
//! would hear.

use crate::{cloud::Cloud, faults::Attempt};
use serde_json::{Value as Json, json};

/// A bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// No transaction's conditions are asked.
    NoConditions,
    /// What has failed is acknowledged.
    AcknowledgesFailures,
}

impl Bug {
    /// Every bug.
    pub const ALL: [Self; 2] = [Self::NoConditions, Self::AcknowledgesFailures];

    /// The services take a call of a function with this bug.
    pub(crate) fn perform(self, cloud: &Cloud, attempt: &Attempt) -> (u16, String) {
        match self {
            Self::NoConditions => cloud.answer(&changed(attempt, |item| {
                if let Some(put) = item["Put"].as_object_mut() {
                    put.retain(|name, _| name == "TableName" || name == "Item");
                }
            })),
            Self::AcknowledgesFailures => cloud.answer(attempt),
        }
    }
}

/// A transaction with its items changed.
fn changed(attempt: &Attempt, change: impl Fn(&mut Json)) -> Attempt {
    if attempt.operation != "TransactWriteItems" {
        return attempt.clone();
    }
    let mut body: Json = serde_json::from_str(&attempt.body).unwrap_or_else(|_| json!({}));
    body["TransactItems"].as_array_mut().into_iter().flatten().for_each(change);
    Attempt { body: body.to_string(), ..attempt.clone() }
}
