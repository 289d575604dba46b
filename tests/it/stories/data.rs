//! Stories of what is kept of people: exported, and erased.

use crate::stories::{surveys, told::Told};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{Reply, facts};

/// What a lead asks.
pub async fn lead(told: &mut Told, method: &str, path: &str, body: Json) -> Reply {
    let (key, path) = (told.key(), format!("/v1/stores/US/desk{path}"));
    told.world.request(method, &path, facts::lead("lea"), &key, &body.to_string()).await
}

/// Asks for the erasure of `c1`.
pub async fn erasure_asked(told: &mut Told) -> Reply {
    lead(told, "POST", "/customers/c1/erasure", json!({})).await
}

/// How the erasure of `c1` stands.
pub async fn erasure(told: &mut Told) -> Json {
    lead(told, "GET", "/customers/c1/erasure", Json::Null).await.body
}

/// Every page of an export, one after the other.
pub async fn exported(told: &mut Told, of: Json) -> Vec<Json> {
    let mut asked = json!({ "reason": "It was asked for." });
    asked.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
    let asked = lead(told, "POST", "/exports", asked).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let path = format!("/exports/{}", asked.body["export_id"].as_str().unwrap());
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = lead(told, "GET", &format!("{path}{cursor}"), Json::Null).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let next = page.body["next_cursor"].as_str().map(str::to_owned);
        pages.push(page.body);
        let Some(next) = next else { return pages };
        cursor = format!("?cursor={next}");
    }
}

/// Whatever a table, a queue or the outbox holds.
fn everything(told: &Told) -> String {
    told.world.template.tables.keys().flat_map(|table| told.world.items(table)).map(|item| item.to_string()).collect()
}

/// Resolved matters are erased at once, a live one when it is over; what came of them stays as it was.
pub async fn erased(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.world.facts([told.shipped("o1")]).await;
    let first = told.inquiry("k1", "o1", "late_delivery").await;
    let said = json!({ "message": "CANARY dear Ana, we look into it" });
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{first}/answer"), said).await.status, 200);
    surveys::decline(told, &first).await;
    told.transferred("CANARY of o3, says the customer.").await;
    told.contact("k0", None, "pre_order").await;
    let live = told.inquiry("k2", "o2", "late_delivery").await;
    let said = json!({ "message": "CANARY we look into it" });
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{live}/answer"), said).await.status, 200);
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body["inquiries"].clone();
    let transferred = queue.as_array().unwrap().iter().find(|inquiry| inquiry["order_id"] == "o3").unwrap();
    let transferred = transferred["inquiry_id"].as_str().unwrap().to_owned();

    let figures = ["/statements/2026Q3", "/statements/2026Q3/contacts"];
    let mut before = Vec::new();
    for path in figures {
        before.push(told.as_seller("GET", path, Json::Null).await.body);
    }
    let asked = erasure_asked(told).await;
    assert_eq!((asked.status, &asked.body["state"]), (202, &json!("running")), "{}", asked.body);
    for _ in 0..4 {
        told.world.pass(TimeDelta::minutes(1)).await;
    }
    let stands = erasure(told).await;
    let mut waits_for = [json!(live), json!(transferred)];
    waits_for.sort_by_key(Json::to_string);
    assert_eq!((&stands["state"], &stands["waits_for"]), (&json!("waiting"), &json!(waits_for)), "{stands}");
    assert_eq!(stands["erased"], 2, "what is resolved, and what was asked before any order: {stands}");
    let again = erasure_asked(told).await;
    assert_eq!((again.status, &again.body), (202, &stands), "it goes on as it does");
    assert!(told.seen(&live).await["customer"][0].as_str().unwrap().contains("CANARY"), "what is live is worked on");
    assert_eq!(told.seen(&first).await["customer"], json!([""]));

    for inquiry in [&live, &transferred] {
        told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
        surveys::decline(told, inquiry).await;
    }
    for _ in 0..3 {
        told.world.pass(TimeDelta::hours(24)).await;
    }
    let done = erasure(told).await;
    assert_eq!((&done["state"], &done["erased"]), (&json!("done"), &json!(4)), "{done}");
    let left = everything(told);
    for gone in ["CANARY", "c1@customers.example"] {
        assert!(!left.contains(gone), "{gone} is left");
    }
    for (path, before) in figures.iter().zip(before) {
        assert_eq!(told.as_seller("GET", path, Json::Null).await.body, before, "{path}: no figure moves");
    }
    let decided = told.as_seller("GET", "/decisions", Json::Null).await.body;
    assert_eq!(decided["decisions"].as_array().unwrap().len(), 3, "decisions stay: {decided}");

    told.contact("k3", Some("o1"), "quality").await;
    let inquiry = told.went("k3").await["inquiry_id"].as_str().unwrap().to_owned();
    let anew = erasure_asked(told).await;
    assert_eq!(anew.body["state"], "running", "who comes back can ask again: {}", anew.body);
    told.world.pass(TimeDelta::minutes(1)).await;
    told.world.pass(TimeDelta::minutes(1)).await;
    let stands = erasure(told).await;
    assert_eq!(
        (&stands["state"], &stands["waits_for"], &stands["erased"]),
        (&json!("waiting"), &json!([inquiry]), &json!(0))
    );
}
