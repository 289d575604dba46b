//! The paths on which an inquiry leaves whoever holds it, and those of its clocks.

use super::paths::{Trigger, by, by_associate, clock, facts_of, ordered, wait_until};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::json;

/// The path before which a message is parked.
pub const PARKED: &str = "parked message sent again";

pub const PATHS: [&str; 12] = [
    "given back",
    "noted",
    "merged while the seller is asked",
    "handed over while the seller is asked",
    "reassigned",
    "associate set",
    "next inquiry",
    "claim idle",
    "claim not idle",
    "time running out",
    "seller took over what it is asked about",
    PARKED,
];

pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    if path == "merged while the seller is asked" {
        let other = told.inquiry("k0", "o1", "quality").await;
        told.world.cloud.set_now(told.world.cloud.now() + 3_600_000);
        let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
        told.asked(&inquiry).await;
        return by_associate(told, &inquiry, "merge", &json!({ "into": other }));
    }
    if path == PARKED {
        told.world.fact(json!({ "store": "US", "type": "order_eaten" })).await;
        let all = told.world.request("GET", "/v1/stores/US/desk/parked", world::facts::lead("lin"), "", "").await;
        let path = format!("/desk/parked/{}/redrive", all.body["parked"][0]["parked_id"].as_str().unwrap());
        return by(told, world::facts::lead("lin"), &path, &json!({}));
    }
    let can =
        json!({ "languages": ["en"], "skills": ["delivery"], "capacity": { "phone": 1, "message": 1, "email": 1 } });
    if path == "associate set" {
        return by(told, world::facts::lead("lin"), "/desk/associates/mei", &can);
    }
    if path == "next inquiry" {
        assert_eq!(told.as_lead("/associates/mei", can).await.status, 200);
        told.contact("k1", Some("o1"), "late_delivery").await;
        return by(told, world::facts::associate("mei"), "/desk/next", &json!({}));
    }
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    if path.ends_with("asked") || path.ends_with("asked about") {
        told.asked(&inquiry).await;
    }
    match path {
        "given back" => by_associate(told, &inquiry, "release", &json!({})),
        "noted" => by_associate(told, &inquiry, "notes", &json!({ "note": "The carrier was called." })),
        "handed over while the seller is asked" => {
            by_associate(told, &inquiry, "hand-over", &json!({ "reason": "seller_requested" }))
        }
        "reassigned" => {
            let path = format!("/desk/inquiries/{inquiry}/reassign");
            by(told, world::facts::lead("lin"), &path, &json!({ "associate": "ada" }))
        }
        "claim idle" => {
            wait_until(told, told.world.now() + TimeDelta::minutes(31));
            clock(told, "idle_claim#", "")
        }
        "claim not idle" => {
            told.world.cloud.set_now(told.world.cloud.now() + 60_000);
            let note = json!({ "note": "The carrier was called." });
            assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/notes"), note).await.status, 200);
            wait_until(told, told.world.now() + TimeDelta::minutes(29));
            clock(told, "idle_claim#", "")
        }
        "time running out" => {
            wait_until(told, told.world.now() + TimeDelta::hours(37));
            clock(told, "resolution#", "")
        }
        _ => facts_of(vec![told.took_over("o1", "late_delivery")]),
    }
}
