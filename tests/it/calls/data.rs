//! What exports and erasures cost.

use super::{CHANGE, GET, Row, tour::Tour};
use crate::stories::{
    data::{erasure, erasure_asked, exported, lead},
    surveys,
};
use serde_json::{Value as Json, json};

/// The steps of exports and erasures.
pub const TABLE: &[Row] = &[
    ("export asked for", "data-desk", "TransactWriteItems", "and one transaction"),
    (
        "customers orders read",
        "data-desk",
        "GetItem Query BatchGetItem",
        "A page of a customer's is one `GetItem`, one query of an index, one `BatchGetItem`",
    ),
    (
        "customers contacts read",
        "data-desk",
        "GetItem Query BatchGetItem Query Query",
        "and for each contact two queries of its inquiry (events, what was said) or one `GetItem` of what a seller wrote",
    ),
    ("erasure asked for", "data-desk", CHANGE, "to ask is one `GetItem` where it is an erasure, and one transaction"),
    ("erasure looked at", "data-desk", GET, "How an erasure stands is one `GetItem`"),
    (
        "erasure",
        "sla-clock",
        "GetItem Query BatchGetItem Query GetItem Query TransactWriteItems",
        "| erasure | 1 `GetItem`, 1 query of the customer's contacts, and for each of five of them 1 `BatchGetItem` (where it \
         went, its words), 1 query and 1 `GetItem` of its inquiry and 1 query of what was said there, or 1 `GetItem` of what a \
         seller wrote |",
    ),
    (
        "retention not due yet",
        "sla-clock",
        "GetItem TransactWriteItems",
        "| retention | 1 `GetItem` (the inquiry), or 1 query of its events where a later one followed it",
    ),
    (
        "retention due",
        "sla-clock",
        "GetItem Query BatchGetItem TransactWriteItems",
        "where something is due 1 query of what was said there and for forty contacts 1 `BatchGetItem`",
    ),
    (
        "what will be erased read",
        "data-desk",
        "Query Query Query Query Query Query Query Query Query Query Query Query Query Query Query Query",
        "up to sixteen queries of the index of clocks, one for each shard",
    ),
    (
        "own export read",
        "account-api",
        "GetItem Query",
        "A page of the export is one `GetItem` and one query, and one more for each partition that holds nothing.",
    ),
];

/// A customer with one order and one contact, exported and erased; and a seller that exports its own.
pub async fn data(tour: &mut Tour) {
    let mut placed = tour.told.placed("o-erased", "seller", tour.told.just_now());
    placed["customer_id"] = json!("c7");
    tour.told.world.fact(placed).await;
    let mut contact = world::facts::contact("k-erased", "email", Some("o-erased"), "s1", "late_delivery");
    contact["customer"] = json!({ "id": "c7", "email": "c7@customers.example", "language": "en" });
    let claims = world::facts::marketplace();
    let path = "/v1/stores/US/contacts";
    assert_eq!(tour.told.world.request("POST", path, claims, "k-erased", &contact.to_string()).await.status, 202);
    let inquiry = tour.told.went("k-erased").await["inquiry_id"].as_str().unwrap().to_owned();
    tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    surveys::decline(&mut tour.told, &inquiry).await;
    let asked_for = json!({ "customer_id": "c7", "reason": "Asked." });
    tour.forget();
    let export = lead(&mut tour.told, "POST", "/exports", asked_for).await.body;
    tour.step("export asked for");
    let path = format!("/exports/{}", export["export_id"].as_str().unwrap());
    let orders = lead(&mut tour.told, "GET", &path, Json::Null).await.body;
    tour.step("customers orders read");
    let next = format!("{path}?cursor={}", orders["next_cursor"].as_str().unwrap());
    assert_eq!(lead(&mut tour.told, "GET", &next, Json::Null).await.body["contacts"].as_array().unwrap().len(), 1);
    tour.step("customers contacts read");
    let asked = lead(&mut tour.told, "POST", "/customers/c7/erasure", json!({})).await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    tour.step("erasure asked for");
    lead(&mut tour.told, "GET", "/customers/c7/erasure", Json::Null).await;
    tour.step("erasure looked at");
    tour.rings("erasure", "erasure#US#c7#1#*0").await;
    lead(&mut tour.told, "GET", "/retention?on=2000-01-01", Json::Null).await;
    tour.step("what will be erased read");
    tour.told.as_seller("GET", "/export", Json::Null).await;
    tour.step("own export read");
    let mut cursor = String::new();
    loop {
        let page = tour.told.as_seller("GET", &format!("/export{cursor}"), Json::Null).await.body;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("?cursor={next}");
    }
    // What a lead sees of a seller, and of what a seller handed over.
    exported(&mut tour.told, json!({ "seller_id": "s1" })).await;
    exported(&mut tour.told, json!({ "customer_id": "c1" })).await;
    assert_eq!(erasure_asked(&mut tour.told).await.status, 202);
    while erasure(&mut tour.told).await["state"] == "running" {
        tour.told.world.pass(chrono::TimeDelta::minutes(1)).await;
    }
    tour.step("erasures and exports of many");
}

/// A matter is looked at before and when it is due, and so is what a lead sees of it.
pub async fn retention(tour: &mut Tour) {
    tour.told.world.fact(tour.told.placed("o-kept", "seller", tour.told.just_now())).await;
    let inquiry = tour.told.inquiry("k-kept", "o-kept", "late_delivery").await;
    let said = json!({ "message": "CANARY we look for it" });
    tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), said).await;
    surveys::decline(&mut tour.told, &inquiry).await;
    let clock = format!("retention#inquiry#{inquiry}#*");
    let begun = tour.told.world.now();
    for (days, name) in [(181, "retention not due yet"), (900, "retention due")] {
        tour.told.world.cloud.set_now((begun + chrono::TimeDelta::days(days)).timestamp_millis());
        tour.forget();
        tour.rings(name, &clock).await;
    }
    lead(&mut tour.told, "GET", "/retention?on=2040-01-01", Json::Null).await;
    tour.step("what will be erased of many");
}
