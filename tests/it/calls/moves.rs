//! What it costs when an inquiry leaves whoever holds it, and when its clocks ring.

use super::{CHANGE, Row, tour::Tour};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::facts;

const FOUND: &str = "Query GetItem TransactWriteItems";

/// The steps of it.
pub const TABLE: &[Row] = &[
    (
        "topic chosen of an issue that is over",
        "desk-api",
        "Query GetItem BatchGetItem Query GetItem GetItem TransactWriteItems",
        "reads thread and latest inquiry of the topic's issue, in one `BatchGetItem`",
    ),
    (
        "claim",
        "desk-api",
        "Query GetItem TransactWriteItems",
        "each change finds the inquiry by one query and one `GetItem` and is one transaction",
    ),
    ("claim refused", "desk-api", "Query GetItem GetItem", "a refusal is one more `GetItem`"),
    ("claim again", "desk-api", FOUND, "and is one transaction"),
    ("claim given back", "desk-api", FOUND, "each change finds the inquiry by one query and one `GetItem`"),
    ("inquiry noted", "desk-api", FOUND, "each change finds the inquiry by one query and one `GetItem`"),
    (
        "inquiry merged",
        "desk-api",
        "Query GetItem Query GetItem GetItem Query GetItem GetItem TransactWriteItems",
        "a merge finds the other inquiry too, reads the thread of their order, and counts contacts anew as a choice of topic \
         does",
    ),
    ("inquiry handed over", "desk-api", "Query GetItem GetItem TransactWriteItems", "a hand-over reads the thread"),
    (
        "inquiry handed over while the seller is asked",
        "desk-api",
        "Query GetItem GetItem GetItem TransactWriteItems",
        "where the seller is being asked, either is one `GetItem` more (the request)",
    ),
    ("hand-overs read", "case-log-api", "Query", "a page of what was handed over one of its partition"),
    (
        "seller took over what it is asked about",
        "marketplace-intake",
        "BatchGetItem GetItem TransactWriteItems",
        "and 1 where the seller is being asked",
    ),
    ("inquiry reassigned", "desk-lead", FOUND, "finds it by one query and one `GetItem` and is one transaction"),
    ("inquiry reassigned in vain", "desk-lead", "Query GetItem GetItem", "a refusal is one more `GetItem`"),
    ("associate set", "desk-lead", CHANGE, "setting what one can do is one `GetItem` and one transaction"),
    ("associates read", "desk-lead", "Query", "the associates are one query of their partition"),
    (
        "next inquiry",
        "desk-api",
        "GetItem Query Query Query Query Query GetItem TransactWriteItems",
        "the next inquiry is one `GetItem` (the profile), one query of what the associate works on, the queue, one `GetItem` \
         for each that may fit, and one transaction",
    ),
    ("escalations read", "desk-lead", "Query", "what runs out of time is one query of its index"),
    ("claim not idle", "sla-clock", CHANGE, "| claim idle | 1 `GetItem` (the inquiry) |"),
    ("claim idle", "sla-clock", CHANGE, "| claim idle | 1 `GetItem` (the inquiry) |"),
    (
        "time running out",
        "sla-clock",
        CHANGE,
        "| time to the resolution running out, or over | 1 `GetItem` (the inquiry) |",
    ),
];

async fn led(tour: &mut Tour, method: &str, path: &str, key: &str, body: &Json) -> i64 {
    let path = format!("/v1/stores/US/desk{path}");
    tour.told.world.request(method, &path, facts::lead("lin"), key, &body.to_string()).await.status
}

async fn desk(tour: &mut Tour, inquiry: &str, what: &str, body: Json) {
    let answer = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/{what}"), body).await;
    assert_eq!(answer.status, 200, "{what}: {}", answer.body);
}

/// Inquiries about orders of their own.
pub async fn moves(tour: &mut Tour) {
    for n in 1..=4 {
        tour.told.world.fact(tour.told.placed(&format!("o-move-{n}"), "seller", tour.told.just_now())).await;
    }
    let other = tour.told.inquiry("k-move-1", "o-move-1", "quality").await;
    tour.wait_until(&(tour.told.world.now() + TimeDelta::hours(1)).to_rfc3339());
    let mine = tour.told.inquiry("k-move-2", "o-move-1", "late_delivery").await;
    tour.forget();
    desk(tour, &mine, "release", json!({})).await;
    tour.step("claim given back");
    desk(tour, &mine, "claim", json!({})).await;
    tour.forget();
    desk(tour, &mine, "notes", json!({ "note": "The carrier was called." })).await;
    tour.step("inquiry noted");
    desk(tour, &mine, "merge", json!({ "into": other })).await;
    tour.step("inquiry merged");
    tour.wait_until(&(tour.told.world.now() + TimeDelta::hours(1)).to_rfc3339());
    for (n, asks, step) in
        [(2, false, "inquiry handed over"), (3, true, "inquiry handed over while the seller is asked")]
    {
        let inquiry = tour.told.inquiry(&format!("k-move-h{n}"), &format!("o-move-{n}"), "late_delivery").await;
        if asks {
            tour.told.asked(&inquiry).await;
        }
        tour.forget();
        desk(tour, &inquiry, "hand-over", json!({ "reason": "seller_requested" })).await;
        tour.step(step);
        if !asks {
            let path = format!("/inquiries/{inquiry}/reassign");
            assert_eq!(led(tour, "POST", &path, "in-vain", &json!({ "associate": "ada" })).await, 409);
            tour.step("inquiry reassigned in vain");
        }
    }
    tour.told.as_seller("GET", "/hand-overs", Json::Null).await;
    tour.step("hand-overs read");
    let last = tour.told.inquiry("k-move-4", "o-move-4", "late_delivery").await;
    tour.forget();
    let path = format!("/inquiries/{last}/reassign");
    assert_eq!(led(tour, "POST", &path, "reassigned", &json!({ "associate": "mei2" })).await, 200);
    tour.step("inquiry reassigned");
    let claim = format!("idle_claim#{last}#*");
    tour.wait_until(&(tour.told.world.now() + TimeDelta::minutes(10)).to_rfc3339());
    let note = json!({ "note": "The carrier was called." }).to_string();
    let path_of_notes = format!("/v1/stores/US/desk/inquiries/{last}/notes");
    let noted = tour.told.world.request("POST", &path_of_notes, facts::associate("mei2"), "noted", &note).await;
    assert_eq!(noted.status, 200, "{}", noted.body);
    tour.forget();
    tour.wait_until(&(tour.told.world.now() + TimeDelta::minutes(20)).to_rfc3339());
    tour.rings("claim not idle", &claim).await;
    tour.wait_until(&(tour.told.world.now() + TimeDelta::minutes(10)).to_rfc3339());
    tour.rings("claim idle", &claim).await;
    tour.wait_until(&(tour.told.world.now() + TimeDelta::hours(48)).to_rfc3339());
    tour.rings("time running out", &format!("resolution#{last}#*")).await;
    assert_eq!(led(tour, "GET", "/escalations", "", &Json::Null).await, 200);
    tour.step("escalations read");
    let can =
        json!({ "languages": ["en"], "skills": ["delivery"], "capacity": { "phone": 9, "message": 9, "email": 9 } });
    assert_eq!(led(tour, "POST", "/associates/mei", "set", &can).await, 200);
    tour.step("associate set");
    assert_eq!(led(tour, "GET", "/associates", "", &Json::Null).await, 200);
    tour.step("associates read");
    let next = tour.told.as_associate("POST", "/next", json!({})).await;
    assert_eq!((next.status, &next.body["associate"]), (200, &json!("mei")), "{}", next.body);
    tour.step("next inquiry");
    assert_eq!(led(tour, "POST", &path, "given-back", &json!({ "associate": "mei" })).await, 200);
    tour.told.asked(&last).await;
    tour.forget();
    let took_over = tour.told.took_over("o-move-4", "late_delivery");
    tour.fact("seller took over what it is asked about", took_over).await;
    let unclear = tour.told.inquiry("k-move-5", "o1", "billing").await;
    tour.forget();
    desk(tour, &unclear, "topic", json!({ "topic": "late_delivery" })).await;
    tour.step("topic chosen of an issue that is over");
}
