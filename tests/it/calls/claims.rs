//! What claims cost.

use super::{BATCH, CHANGE, GET, Row, tour::Tour};
use serde_json::{Value as Json, json};
use world::facts;

/// The steps of claims.
pub const TABLE: &[Row] = &[
    ("claim eligibility", "claim-api", "BatchGetItem", "eligibility is one `BatchGetItem` (order, remedies, claim)"),
    ("claim filed", "claim-api", BATCH, "filing is the same and one transaction"),
    ("claim filed again", "claim-api", "BatchGetItem GetItem", "a refusal is one `GetItem` more"),
    ("claims read", "claim-api", "Query", "a list one query (a page more per megabyte)"),
    ("claim read", "claim-api", GET, "one claim is one `GetItem`"),
    ("waiting claims read", "claim-desk", "Query", "a list is one query"),
    ("claim read at the desk", "claim-desk", GET, "one claim is one `GetItem`"),
    ("claim asked about", "claim-desk", CHANGE, "a question and a decision are one `GetItem` and one transaction"),
    ("time to answer over", "sla-clock", CHANGE, "| time to answer about a claim over | 1 `GetItem` |"),
    ("claim answered", "claim-api", CHANGE, "an answer is one `GetItem` and one transaction"),
    ("claim denied", "claim-desk", CHANGE, "a question and a decision are one `GetItem` and one transaction"),
    (
        "claim appealed",
        "claim-api",
        "GetItem GetItem TransactWriteItems",
        "an appeal two `GetItem` and one transaction",
    ),
    ("claim granted", "claim-desk", CHANGE, "a question and a decision are one `GetItem` and one transaction"),
    ("claim decided again", "claim-desk", "GetItem GetItem", "a refusal is one `GetItem` more"),
    ("order contested", "marketplace-intake", BATCH, "| order contested | 1 `BatchGetItem` |"),
    ("reimbursements read", "statement-api", "Query GetItem", "so is each page of what stands behind any statement"),
];

/// A claim that is asked about, met with silence, denied, appealed and granted, and an order that is contested then.
pub async fn claims(tour: &mut Tour) {
    let told = &mut tour.told;
    told.world.fact(told.placed("o-claim", "seller", told.just_now())).await;
    told.world.fact(told.shipped("o-claim")).await;
    told.refunded("o-claim", "damaged").await;
    tour.forget();
    tour.told.as_seller("GET", "/orders/o-claim/claim-eligibility", Json::Null).await;
    tour.step("claim eligibility");
    let filed = tour.told.as_seller("POST", "/claims", facts::claim("o-claim")).await;
    assert_eq!(filed.status, 201, "{}", filed.body);
    tour.step("claim filed");
    assert_eq!(tour.told.as_seller("POST", "/claims", facts::claim("o-claim")).await.status, 409);
    tour.step("claim filed again");
    let claim = filed.body["claim_id"].as_str().unwrap();
    let (own, desk) = (format!("/claims/{claim}"), format!("/claims/s1/{claim}"));
    tour.told.as_seller("GET", "/claims", Json::Null).await;
    tour.step("claims read");
    tour.told.as_seller("GET", &own, Json::Null).await;
    tour.step("claim read");
    tour.told.as_associate("GET", "/claims", Json::Null).await;
    tour.step("waiting claims read");
    tour.told.as_associate("GET", &desk, Json::Null).await;
    tour.step("claim read at the desk");
    led(tour, "claim asked about", &format!("{desk}/question"), json!({ "text": "Who signed?" }), 200).await;
    let over = tour.told.world.now() + chrono::TimeDelta::days(8);
    tour.wait_until(&over.to_rfc3339());
    tour.rings("time to answer over", "claim_answer#*#0").await;
    said(tour, "claim answered", &format!("{own}/answer")).await;
    let deny = json!({ "decision": "deny", "criterion": "evidence", "reason": "Nobody signed." });
    led(tour, "claim denied", &format!("{desk}/decision"), deny.clone(), 200).await;
    said(tour, "claim appealed", &format!("{own}/appeal")).await;
    let grant = json!({ "decision": "grant", "amount_minor": 100 });
    led(tour, "claim granted", &format!("{desk}/decision"), grant, 200).await;
    led(tour, "claim decided again", &format!("{desk}/decision"), deny, 409).await;
    tour.fact("order contested", facts::contested("o-claim", "s1", "a_to_z", tour.told.just_now())).await;
    let quarter = tour.told.as_seller("GET", "/statements/2026Q4/reimbursements", Json::Null).await;
    assert_eq!(quarter.body["reimbursements"][0]["for"], "appeal", "{}", quarter.body);
    tour.step("reimbursements read");
}

async fn led(tour: &mut Tour, step: &'static str, path: &str, body: Json, status: i64) {
    let reply = tour.told.as_lead(path, body).await;
    assert_eq!(reply.status, status, "{step}: {}", reply.body);
    tour.step(step);
}

async fn said(tour: &mut Tour, step: &'static str, path: &str) {
    let reply = tour.told.as_seller("POST", path, json!({ "text": "Mr. Li." })).await;
    assert_eq!(reply.status, 200, "{step}: {}", reply.body);
    tour.step(step);
}
