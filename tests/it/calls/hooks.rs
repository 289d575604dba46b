//! What webhooks cost, and what it costs to look at them.

use super::{CHANGE, Row, tour::Tour};
use chrono::TimeDelta;
use serde_json::json;
use world::{cloud::locked, facts};

const ATTEMPT: &str = "BatchGetItem PostWebhook TransactWriteItems";
const DOCUMENTED: &str = "one `BatchGetItem` (how far it has come, and the secrets that sign it), one request to the \
                          receiver, one transaction";

/// The steps of them.
pub const TABLE: &[Row] = &[
    (
        "first webhook of all",
        "hook-sender",
        "BatchGetItem PutItem GetItem PostWebhook TransactWriteItems",
        "The first webhook of all makes the first secret: a `PutItem` and a `GetItem` more.",
    ),
    (
        "first webhook of all",
        "contact-router",
        "BatchGetItem GetItem TransactWriteItems",
        "or came in a quarter that is over by now",
    ),
    ("webhook", "hook-sender", ATTEMPT, DOCUMENTED),
    ("webhook again", "hook-sender", "BatchGetItem", "A message for an attempt that was made costs the read."),
    ("webhook refused", "hook-sender", ATTEMPT, DOCUMENTED),
    ("webhook tried again", "hook-sender", ATTEMPT, DOCUMENTED),
    ("webhooks read", "desk-lead", "Query", "webhooks are one query of their index"),
    ("webhook tried anew", "desk-lead", CHANGE, "and trying one anew is one `GetItem` and one transaction"),
    ("webhook tried anew in vain", "desk-lead", "GetItem GetItem", "a refusal is one more `GetItem`"),
];

/// Webhooks that are taken, refused for now and for good, and what a lead makes of the latter.
pub async fn hooks(tour: &mut Tour) {
    tour.told.world.set_telling(true);
    tour.forget();
    tour.told.contact("k-told", Some("o1"), "late_delivery").await;
    tour.step("first webhook of all");
    tour.told.world.set_telling(false);
    let call = |id: &str| {
        json!({ "id": id, "store": "US", "seller": "s1", "kind": "rate.published", "at": "2026-08-03T15:00:00Z",
            "body": "{}", "attempt": 0 })
        .to_string()
    };
    for (step, id, answer) in [
        ("webhook", "h1", None),
        ("webhook again", "h1", None),
        ("webhook refused", "h2", Some(503)),
        ("webhook refused for good", "h3", Some(410)),
    ] {
        locked(&tour.told.world.cloud.receiver).answers.extend(answer);
        tour.told.world.cloud.send("HooksQueue", call(id));
        tour.told.world.settle().await;
        tour.step(step);
    }
    tour.told.world.pass(TimeDelta::minutes(2)).await;
    tour.step("webhook tried again");
    let (lead, path) = (facts::lead("lin"), "/v1/stores/US/desk/hooks");
    let given_up = tour.told.world.request("GET", path, lead.clone(), "", "").await.body;
    tour.step("webhooks read");
    assert_eq!(given_up["hooks"][0]["hook_id"], "h3", "{given_up}");
    for (key, status) in [("webhook tried anew", 200), ("webhook tried anew in vain", 409)] {
        let path = format!("{path}/h3/redrive");
        let answer = tour.told.world.request("POST", &path, lead.clone(), &key.replace(' ', "-"), "{}").await;
        assert_eq!(answer.status, status, "{}", answer.body);
        tour.step(key);
    }
    tour.told.world.pass(TimeDelta::minutes(2)).await;
    tour.forget();
}
