//! The paths of exports and erasures: what has happened before each, and the event that begins it.

use super::paths::{Trigger, by, clock, ordered};
use crate::stories::{data::erasure_asked, surveys, told::Told};
use serde_json::json;
use world::facts;

/// Each of these paths.
pub const PATHS: [&str; 5] = [
    "export asked for",
    "erasure asked for",
    "erasure goes on",
    "erasure meets what is live",
    "erasure of what a seller handed over",
];

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    match path {
        "erasure meets what is live" => drop(told.inquiry("k1", "o1", "late_delivery").await),
        "erasure of what a seller handed over" => {
            told.world.fact(told.placed("o-store-1", "store", told.just_now())).await;
            told.transferred("CANARY of o-store-1, says the customer.").await;
        }
        _ => drop(surveys::resolved(told, "k1", "o1").await),
    }
    match path {
        "export asked for" => {
            by(told, facts::lead("lea"), "/desk/exports", &json!({ "customer_id": "c1", "reason": "Asked." }))
        }
        "erasure asked for" => by(told, facts::lead("lea"), "/desk/customers/c1/erasure", &json!({})),
        _ => {
            assert_eq!(erasure_asked(told).await.status, 202);
            clock(told, "erasure#", "#0")
        }
    }
}
