//! The paths of claims: what has happened before each, and the event that begins it.

use super::paths::{Trigger, by, by_seller, clock, facts_of, ordered, wait_until};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::facts;

/// Each path of claims.
pub const PATHS: [&str; 9] = [
    "claim filed",
    "claim asked about",
    "claim answered",
    "claim denied",
    "claim granted",
    "claim appealed",
    "time to answer about a claim over",
    "order contested",
    "order contested without a claim",
];

fn by_lead(told: &Told, claim: &str, what: &str, body: &Json) -> Trigger {
    by(told, facts::lead("lea"), &format!("/desk/claims/s1/{claim}/{what}"), body)
}

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let contested = |told: &Told| facts_of(vec![facts::contested("o1", "s1", "a_to_z", told.just_now())]);
    if path == "order contested without a claim" {
        return contested(told);
    }
    told.refunded("o1", "damaged").await;
    if path == "claim filed" {
        return by_seller(told, "/claims", &facts::claim("o1"));
    }
    let filed = told.as_seller("POST", "/claims", facts::claim("o1")).await;
    assert_eq!(filed.status, 201, "{}", filed.body);
    let claim = filed.body["claim_id"].as_str().unwrap().to_owned();
    let (question, said) = (json!({ "text": "Who signed?" }), json!({ "text": "Mr. Li.", "tracking": ["1Z-9"] }));
    let denied = json!({ "decision": "deny", "criterion": "evidence", "reason": "Nobody signed." });
    match path {
        "claim asked about" => by_lead(told, &claim, "question", &question),
        "claim denied" => by_lead(told, &claim, "decision", &denied),
        "claim granted" => by_lead(told, &claim, "decision", &json!({ "decision": "grant", "amount_minor": 100 })),
        "order contested" => contested(told),
        "claim appealed" => {
            assert_eq!(told.as_lead(&format!("/claims/s1/{claim}/decision"), denied).await.status, 200);
            by_seller(told, &format!("/claims/{claim}/appeal"), &json!({ "text": "He did." }))
        }
        "claim answered" | "time to answer about a claim over" => {
            assert_eq!(told.as_lead(&format!("/claims/s1/{claim}/question"), question).await.status, 200);
            if path == "claim answered" {
                return by_seller(told, &format!("/claims/{claim}/answer"), &said);
            }
            wait_until(told, told.world.now() + TimeDelta::days(7) + TimeDelta::seconds(30));
            clock(told, "claim_answer#", "#0")
        }
        other => panic!("no path {other}"),
    }
}
