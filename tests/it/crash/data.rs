//! The paths of exports and erasures: what has happened before each, and the event that begins it.

use super::paths::{Trigger, by, clock, ordered, wait_until};
use crate::stories::{data::erasure_asked, surveys, told::Told};
use chrono::TimeDelta;
use serde_json::json;
use world::facts;

/// Each of these paths.
pub const PATHS: [&str; 9] = [
    "export asked for",
    "erasure asked for",
    "erasure goes on",
    "erasure meets what is live",
    "erasure of what a seller handed over",
    "retention due",
    "retention not due yet",
    "retention of what was merged",
    "retention of what was the seller's",
];

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    if path.starts_with("retention") {
        return retention(told, path).await;
    }
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

/// Two years later the clock of a matter that is over rings, and every other one has rung.
async fn retention(told: &mut Told, path: &str) -> Trigger {
    let mut ended = "inquiry#".to_owned();
    match path {
        "retention of what was the seller's" => {
            told.contact("k0", None, "pre_order").await;
            "contact#".clone_into(&mut ended);
        }
        "retention of what was merged" => {
            let other = told.inquiry("k0", "o1", "quality").await;
            told.world.cloud.set_now(told.world.cloud.now() + 3_600_000);
            let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
            let said = json!({ "message": "CANARY we look into it" });
            told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), said).await;
            let merged =
                told.as_associate("POST", &format!("/inquiries/{inquiry}/merge"), json!({ "into": other })).await;
            assert_eq!(merged.status, 200, "{}", merged.body);
            surveys::decline(told, &other).await;
            ended.push_str(&inquiry);
        }
        _ => {
            let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
            let said = json!({ "message": "CANARY we look into it" });
            told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), said).await;
            surveys::decline(told, &inquiry).await;
        }
    }
    let trigger = clock(told, &format!("retention#{ended}"), "#0");
    let years = if path.ends_with("not due yet") { 1 } else { 3 };
    // The clocks of whatever else is told ring before.
    told.world.pass(TimeDelta::days(20)).await;
    wait_until(told, told.world.now() + TimeDelta::days(years * 300));
    trigger
}
