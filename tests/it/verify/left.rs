//! What a busy half-year leaves: two sellers, an opt-out and an opt-in, orders in time and late, requests that were
//! answered, expired, and that wait, a takeover, a transfer, two closed quarters and one with fees, a mail that bounced, a
//! survey that was answered, and a customer of whom all is erased that is over.

use crate::stories::{
    data, surveys,
    told::{Told, all_items},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use world::{cloud::locked, facts};

/// Items by their table.
pub type Items = Vec<(String, Json)>;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn of_s2(mut fact: Json) -> Json {
    if fact["lines"].is_array() {
        fact["lines"][0]["seller_id"] = json!("s2");
    } else {
        fact["seller_id"] = json!("s2");
    }
    fact
}

/// The items, with nothing on its way.
pub async fn half_a_year() -> Items {
    let mut told = Told::begun();
    let told = &mut told;
    told.world.facts([told.registered(), of_s2(told.registered())]).await;
    told.world.pass(TimeDelta::minutes(20)).await;
    let names: Vec<_> = (1..=6).map(|n| format!("o{n}")).chain((0..30).map(|n| format!("many-{n}"))).collect();
    let placed: Vec<_> = names.iter().map(|order| told.placed(order, "seller", told.just_now())).collect();
    told.world.facts(placed).await;
    told.world.facts([of_s2(told.placed("p1", "seller", told.just_now()))]).await;
    told.world.facts([told.placed("o-store", "store", told.just_now())]).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let (late, very_late) = (told.shipped("o2"), told.shipped("o3"));
    let shipped = names.iter().filter(|o| o.starts_with("many") || *o == "o1").map(|o| told.shipped(o));
    let shipped: Vec<_> = shipped.chain([of_s2(told.shipped("p1")), told.shipped("o-store")]).collect();
    told.world.facts(shipped).await;
    told.world.facts([told.scanned("o1")]).await;

    told.policy(45).await;
    customers(told).await;
    told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    told.world.pass(TimeDelta::minutes(30)).await;
    told.as_seller("POST", "/enrollment/opt-in", json!({})).await;

    told.world.pass_to(at("2026-10-01T08:00:00Z")).await;
    told.world.facts([late]).await;
    told.world.pass_to(at("2026-10-05T08:00:00Z")).await;
    told.world.facts([very_late]).await;
    told.world.pass_to(at("2026-11-10T08:00:00Z")).await;
    told.world.facts([told.placed("dear", "seller", told.just_now())]).await;
    told.world.facts([told.shipped("dear")]).await;
    told.world.pass_to(at("2027-01-01T09:00:00Z")).await;
    told.world.pass_to(at("2027-01-05T09:00:00Z")).await;
    let statement = told.as_seller("GET", "/statements/2026Q4", Json::Null).await.body;
    assert_eq!((&statement["state"], &statement["total_minor"]), (&json!("final"), &json!(50)), "{statement}");

    disputes(told).await;
    claims(told).await;
    told.world.pass(TimeDelta::minutes(20)).await;
    assert_eq!(data::erasure_asked(told).await.status, 202);
    for _ in 0..4 {
        told.world.pass(TimeDelta::minutes(1)).await;
    }
    assert_eq!(data::erasure(told).await["state"], "waiting", "something is live");
    let inquiry = told.inquiry("k-open", "dear", "product_question").await;
    told.asked(&inquiry).await;
    let mail = told.world.mails_to("s1@sellers.example").pop().unwrap();
    told.reported(&mail, Fate::HardBounced).await;
    webhook(told).await;
    assert_eq!(told.world.parked(), Vec::<String>::new());
    all_items(&told.world)
}

/// Its receiver did not take it, so it waits for its next attempt.
async fn webhook(told: &mut Told) {
    locked(&told.world.cloud.receiver).answers.push_back(503);
    let call = json!({ "id": "h-waits", "store": "US", "seller": "s1", "kind": "statement.final", "body": "{}",
        "attempt": 0, "at": told.world.now() });
    told.world.cloud.send("HooksQueue", call.to_string());
    told.world.settle().await;
}

/// Of two charged units one is taken back, and about the other nobody has decided.
async fn disputes(told: &mut Told) {
    for ordinal in [1, 2] {
        let body = json!({ "order_id": "dear", "item_id": "1", "ordinal": ordinal, "reason": "It came back." });
        let filed = told.as_seller("POST", "/statements/2026Q4/disputes", body).await;
        assert_eq!(filed.status, 201, "{}", filed.body);
        if ordinal == 1 {
            let dispute = filed.body["dispute_id"].as_str().unwrap();
            let path = format!("/v1/stores/US/desk/disputes/s1/{dispute}/decision");
            let body = json!({ "decision": "accept" }).to_string();
            let decided = told.world.request("POST", &path, facts::lead("lea"), "accept", &body).await;
            assert_eq!(decided.status, 200, "{}", decided.body);
        }
    }
}

/// Something was paid back without a claim. One claim was granted a part, and all of it on appeal; one waits for a lead, and
/// one for its seller.
async fn claims(told: &mut Told) {
    told.refunded("many-3", "goodwill").await;
    for order in ["dear", "many-1", "many-2"] {
        told.refunded(order, "damaged").await;
        let filed = told.as_seller("POST", "/claims", facts::claim(order)).await;
        assert_eq!(filed.status, 201, "{}", filed.body);
        let claim = filed.body["claim_id"].as_str().unwrap();
        let path = format!("/claims/s1/{claim}");
        if order == "many-2" {
            let asked = told.as_lead(&format!("{path}/question"), json!({ "text": "Who signed?" })).await;
            assert_eq!(asked.status, 200, "{}", asked.body);
        }
        for amount in [1_000, 2_000].into_iter().filter(|_| order == "dear") {
            let grant = json!({ "decision": "grant", "amount_minor": amount });
            assert_eq!(told.as_lead(&format!("{path}/decision"), grant).await.status, 200);
            let appeal = told.as_seller("POST", &format!("/claims/{claim}/appeal"), json!({ "text": "More." })).await;
            assert_eq!(appeal.status, if amount == 1_000 { 200 } else { 409 }, "{}", appeal.body);
        }
    }
}

/// Silence, an answer, a late reply, a matter that comes back, and a takeover.
async fn customers(told: &mut Told) {
    told.contact("k-before", None, "pre_order").await;
    let silent = told.inquiry("k-silent", "o1", "late_delivery").await;
    let answered = told.inquiry("k-answered", "o3", "product_question").await;
    told.inquiry("k-taken", "o4", "late_delivery").await;
    told.transferred("Order o6 is late, says the customer.").await;
    let unsafe_thing = told.inquiry("k-safety", "o5", "safety").await;
    told.asked(&silent).await;
    let asked = told.asked(&answered).await;
    let late = told.asked(&unsafe_thing).await;
    told.world.facts([told.took_over("o4", "late_delivery")]).await;
    told.world.pass(TimeDelta::hours(1)).await;
    assert_eq!(told.reply(&asked, "Yes, with the ring.").await.status, 200);
    told.contact("k-joined", Some("o5"), "safety").await;
    told.world.pass(TimeDelta::hours(24)).await;
    assert_eq!(told.reply(&late, "Please stop using it.").await.status, 200);
    told.as_associate("POST", &format!("/inquiries/{unsafe_thing}/claim"), json!({})).await;
    let refund = json!({ "kind": "refund_returnless", "reason": "unsafe_to_return" });
    let decided = told.as_associate("POST", &format!("/inquiries/{unsafe_thing}/decision"), refund).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    let said = json!({ "message": "It fits, with the ring in the box.", "resolve": true });
    told.as_associate("POST", &format!("/inquiries/{answered}/claim"), json!({})).await;
    told.as_associate("POST", &format!("/inquiries/{answered}/answer"), said).await;
    told.world.pass(TimeDelta::days(15)).await;
    let survey = json!({ "score": 4, "comment": "CANARY, it fits" }).to_string();
    let said = told.world.request("POST", &surveys::link(told), Json::Null, "", &survey).await;
    assert_eq!(said.status, 200, "{}", said.body);
    told.contact("k-again", Some("o3"), "product_question").await;
}
