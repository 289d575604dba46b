//! The paths of webhooks, and what each may leave after its faults.
//!
//! A webhook whose attempt went as ever is taken once, and stands as without a fault. Where the attempt met a fault, or what
//! came of it could not be written down, it was taken once or twice and is delivered (W1), or it is tried again later, with the
//! message that calls for that beside it, or its receiver wants it no more. Whatever is taken has one id and the same bytes
//! (W2). Everything else is as without the fault.

use super::{
    mails::{Verdict, difference, is_called_before},
    paths::{Trigger, by, ordered},
    run::{Items, Left},
};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{cloud::locked, facts, faults::Fault};

/// What the paths of webhooks begin with.
pub const HOOKS: &str = "webhook";

pub const PATHS: [&str; 5] = [
    "webhook",
    "webhook tried again",
    "webhook at its last attempt",
    "given-up webhook sent again",
    "contact routed and told",
];

/// A decision is told, the first time.
fn first() -> Json {
    json!({ "id": "h1", "store": "US", "seller": "s1", "kind": "decision.made", "at": "2026-08-03T15:00:00Z",
        "body": "{\"type\":\"decision.made\"}", "attempt": 0 })
}

async fn comes(told: &Told, call: &Json) {
    let ended = told.deliver("hook-sender", call, 1).await;
    assert_eq!(ended.unwrap().batch_item_failures.len(), 0);
}

/// The call for the next attempt, which is due then.
async fn refused(told: &Told, call: &Json) -> Json {
    locked(&told.world.cloud.receiver).answers.push_back(503);
    comes(told, call).await;
    let next = told.world.items("OutboxTable").into_iter().filter(|item| item["queue"]["S"] == "hooks");
    let due = |item: &Json| item["due_at"]["N"].as_str().unwrap().parse::<i64>().unwrap();
    let next = next.max_by_key(due).unwrap();
    told.world.cloud.set_now(due(&next));
    serde_json::from_str(next["body"]["S"].as_str().unwrap()).unwrap()
}

pub async fn before(told: &mut Told, path: &str) -> Trigger {
    match path {
        "webhook" => Trigger::Messages("hook-sender", vec![first().to_string()]),
        "webhook tried again" => {
            let next = refused(told, &first()).await;
            Trigger::Messages("hook-sender", vec![next.to_string()])
        }
        "webhook at its last attempt" => {
            let next = refused(told, &first()).await;
            told.world.cloud.set_now(told.world.cloud.now() + TimeDelta::days(4).num_milliseconds());
            locked(&told.world.cloud.receiver).always = Some(500);
            Trigger::Messages("hook-sender", vec![next.to_string()])
        }
        "given-up webhook sent again" => {
            locked(&told.world.cloud.receiver).answers.push_back(410);
            comes(told, &first()).await;
            by(told, facts::lead("lin"), "/desk/hooks/h1/redrive", &json!({}))
        }
        _ => {
            ordered(told, false).await;
            let contact = json!({ "id": "k1", "store": "US", "customer": "c1", "channel": "email", "language": "en",
                "mailable": true, "seller": "s1", "subject": { "order": "o1", "items": ["1"] },
                "topic": "late_delivery", "received_at": told.world.now() });
            Trigger::Messages("contact-router", vec![contact.to_string()])
        }
    }
}

/// Whether after this one of the faults an attempt may be made twice, or its end be another.
fn leaves_a_doubt(fault: Fault, calls: &[String]) -> bool {
    let sent_before = is_called_before("PostWebhook", fault.call, calls);
    calls[fault.call] == "PostWebhook" || (sent_before && fault.every)
}

fn is_of_it((table, pk, sk): &(String, String, String)) -> bool {
    table == "OutboxTable" && (sk == "HOOK" || pk.starts_with("ENTRY#hook#"))
}

/// The webhook as it stands, and whether something calls for its next attempt.
fn stands(items: &Items) -> Option<(&str, u32, bool)> {
    let (_, item) = items.iter().find(|(place, _)| place.2 == "HOOK")?;
    let state = &item["state"]["M"];
    let made = state["made"]["N"].as_str()?.parse().ok()?;
    let called = items.keys().any(|place| place.1 == format!("ENTRY#hook#h1#{made}"));
    Some((state["state"]["S"].as_str()?, made, called))
}

/// Holds what a path left against what it leaves without a fault.
pub fn judge(_: &str, faults: &[Fault], calls: &[String], left: &Left, clean: &Left) -> Result<Verdict, String> {
    let taken = left.told.len();
    if !faults.iter().any(|fault| leaves_a_doubt(*fault, calls)) {
        if left.told != clean.told {
            return Err(format!("W1: {taken} were taken, not {}", clean.told.len()));
        }
        return difference(&left.items, &clean.items).map_or(Ok(Verdict::Same), Err);
    }
    if left.told.iter().any(|webhook| Some(webhook) != left.told.first()) {
        return Err(format!("W2: what was taken differs: {:?}", left.told));
    }
    let (state, made, called) = stands(&left.items).ok_or("W1: nothing is known of it")?;
    if state == "delivered" && taken == 0 {
        return Err("W1: it is said to be delivered, and was not".into());
    }
    if (state == "waiting") != called {
        return Err(format!("W1: it is {state} after {made} attempts, and a next one is called for: {called}"));
    }
    let rest = |items: &Items| items.clone().into_iter().filter(|(place, _)| !is_of_it(place)).collect::<Items>();
    if let Some(difference) = difference(&rest(&left.items), &rest(&clean.items)) {
        return Err(difference);
    }
    Ok(match (state, taken) {
        ("delivered", 1) => Verdict::Same,
        ("delivered", _) => Verdict::Twice,
        _ => Verdict::Later,
    })
}
