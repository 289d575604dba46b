//! The paths of what users want mailed: what has happened before each, and the event that begins it.

use super::paths::{Trigger, by_seller, clock};
use crate::stories::{
    told::Told,
    users::joined,
    wishes::{ANN, chosen, ending},
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

/// Each path.
pub const PATHS: [&str; 6] = [
    "mail that others want too",
    "mail for a digest",
    "mail once a day",
    "day of a digest over",
    "wishes chosen",
    "wish ended by a link",
];

/// A message that owes the seller the mail of a decision.
fn decision(order: &str) -> Json {
    json!({ "id": format!("n-{order}"), "store": "US", "to": "seller", "seller": "s1", "notice": "decided", "order": order,
        "decision": { "kind": "decline", "amount": null } })
}

async fn sent(told: &mut Told, notice: &Json) {
    told.world.cloud.send("NoticesQueue", notice.to_string());
    told.world.settle().await;
}

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    told.enrolled().await;
    match path {
        "mail that others want too" => {
            joined(told, json!({ "case_log": "view" })).await;
            assert_eq!(chosen(told, ANN, json!({ "decided": "never" })).await.status, 200);
            assert_eq!(chosen(told, "bo", json!({ "decided": "daily" })).await.status, 200);
            Trigger::Messages("notice-sender", vec![decision("o1").to_string()])
        }
        "mail for a digest" => {
            assert_eq!(chosen(told, ANN, json!({ "decided": "daily" })).await.status, 200);
            Trigger::Messages("notice-sender", vec![decision("o1").to_string()])
        }
        "mail once a day" | "day of a digest over" => {
            assert_eq!(chosen(told, ANN, json!({ "decided": "daily" })).await.status, 200);
            for order in ["o1", "o2"] {
                sent(told, &decision(order)).await;
            }
            let clock = clock(told, "digest#", "");
            if path == "day of a digest over" {
                return clock;
            }
            let Trigger::Messages(_, bodies) = clock else { panic!("a clock is a message") };
            let digest: domain::clock::Alarm = serde_json::from_str(&bodies[0]).unwrap();
            let domain::clock::Alarm::Digest(digest) = digest else { panic!("{digest:?}") };
            Trigger::Messages("notice-sender", vec![serde_json::to_string(&digest.notice()).unwrap()])
        }
        "wishes chosen" => {
            let seen = told.as_seller("GET", "/mail", Json::Null).await.body;
            let body = json!({ "choices": { "decided": "daily" }, "version": seen["version"] });
            by_seller(told, "/mail", &body)
        }
        _ => {
            sent(told, &decision("o1")).await;
            told.world.pass(TimeDelta::minutes(1)).await;
            let link = ending(told, "s1@sellers.example");
            let (package, event) = told.world.event("POST", &link, &Json::Null, "", "");
            Trigger::Request(package, event)
        }
    }
}
