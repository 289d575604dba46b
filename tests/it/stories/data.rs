//! Stories of what is kept of people: exported, and erased.

use crate::stories::{surveys, told::Told};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
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

/// Every matter of which something will have been erased by the end of this day, page after page.
pub async fn foreseen(told: &mut Told, on: &str) -> Vec<Json> {
    let (mut matters, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = lead(told, "GET", &format!("/retention?on={on}{cursor}"), Json::Null).await;
        assert_eq!(page.status, 200, "{}", page.body);
        matters.extend(page.body["matters"].as_array().unwrap().clone());
        let Some(next) = page.body["next_cursor"].as_str() else { return matters };
        cursor = format!("&cursor={next}");
    }
}

/// How much of each class will have been erased by the end of this day.
async fn counted(told: &mut Told, on: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for matter in foreseen(told, on).await {
        for (class, gone) in matter["erased"].as_object().unwrap() {
            *counts.entry(class.clone()).or_default() += gone["count"].as_u64().unwrap();
        }
    }
    counts
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
    let slots = json!({ "carrier": "UPS", "tracking_number": "1Z999", "place": "CANARY at Ana's door" });
    for said in [
        json!({ "message": "CANARY dear Ana, we look into it" }),
        json!({ "macro": "parcel_is_there", "slots": slots }),
    ] {
        assert_eq!(told.as_associate("POST", &format!("/inquiries/{first}/answer"), said).await.status, 200);
    }
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
    assert!(
        told.seen(&live).await["customer"][0]["text"].as_str().unwrap().contains("CANARY"),
        "what is live is worked on"
    );
    let seen = told.seen(&first).await;
    assert_eq!(seen["customer"], json!([{ "contact_id": "k1", "text": "", "mail": null }]));
    let (answers, made_of) = (seen["answers"].as_array().unwrap(), json!("parcel_is_there"));
    assert!(answers.iter().all(|answer| answer["text"] == ""), "{seen}");
    assert!(answers.iter().any(|answer| answer["macro"]["code"] == made_of), "of which it was made is no word of it");

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

/// Half a year after half a year: each clock rings, and most often only sets the next one.
async fn days_pass(told: &mut Told, from: chrono::DateTime<chrono::Utc>, days: impl IntoIterator<Item = i64>) {
    for day in days {
        told.world.pass_to(from + TimeDelta::days(day) + TimeDelta::hours(1)).await;
    }
}

/// What was said is erased by itself when its days are over, class by class; what was taken up again has its days anew, and
/// what is live all of it. What will be gone is told before, and telling changes nothing.
pub async fn forgotten(told: &mut Told) {
    told.enrolled().await;
    let orders = ["o1", "o2", "o3", "o4"];
    told.world.facts(orders.map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.contact("k0", None, "pre_order").await;
    let begun = told.world.now();
    let first = told.inquiry("k1", "o1", "late_delivery").await;
    let path = format!("/inquiries/{first}");
    told.as_associate("POST", &format!("{path}/notes"), json!({ "note": "CANARY the carrier was called" })).await;
    let said = json!({ "message": "CANARY dear Ana, we look into it" });
    assert_eq!(told.as_associate("POST", &format!("{path}/answer"), said).await.status, 200);
    surveys::decline(told, &first).await;
    let again = told.inquiry("k4", "o4", "late_delivery").await;
    surveys::decline(told, &again).await;
    told.transferred("CANARY of o3, says the customer.").await;
    let transferred = told.as_associate("GET", "/queue", Json::Null).await.body["inquiries"][0]["inquiry_id"].clone();
    let transferred = transferred.as_str().unwrap().to_owned();
    told.as_associate("POST", &format!("/inquiries/{transferred}/claim"), json!({})).await;
    surveys::decline(told, &transferred).await;
    let live = told.inquiry("k2", "o2", "late_delivery").await;

    days_pass(told, begun, [10]).await;
    told.contact("k5", Some("o4"), "late_delivery").await;
    told.as_associate("POST", &format!("/inquiries/{again}/claim"), json!({})).await;
    surveys::decline(told, &again).await;

    let (left, asked) = (told.world.left_behind(), told.world.now());
    assert_eq!(counted(told, "2027-08-02").await, BTreeMap::new(), "nothing within a year");
    assert_eq!(counted(told, "2027-08-03").await, BTreeMap::from([("notes".to_owned(), 1)]));
    let all = |words| {
        let classes = [("answers", 2), ("notes", 1), ("transfers", 1), ("words", words)];
        classes.map(|(class, count): (&str, u64)| (class.to_owned(), count)).into()
    };
    assert_eq!(counted(told, "2028-08-02").await, all(2), "k0 and k1, and an answer with its mail");
    assert_eq!(counted(told, "2040-01-01").await, all(4), "and k4 and k5; nothing of what is live");
    assert_eq!((told.world.left_behind(), told.world.now()), (left, asked), "and nothing has changed");

    days_pass(told, begun, [181, 362, 366]).await;
    let page = lead(told, "GET", "/retention?on=2028-08-02", Json::Null).await.body;
    assert_eq!(page["classes"]["notes"]["days"], 365, "{page}");
    let seen = told.seen(&first).await;
    assert_eq!(seen["notes"][0]["text"], "", "{seen}");
    assert!(seen["customer"][0]["text"].as_str().unwrap().contains("CANARY"), "the rest is kept: {seen}");

    days_pass(told, begun, [543, 547, 725, 728]).await;
    assert!(everything(told).contains("dear Ana"), "not a day before");
    days_pass(told, begun, [730]).await;
    let seen = told.seen(&first).await;
    assert_eq!(
        [&seen["customer"][0]["text"], &seen["customer"][0]["mail"], &seen["answers"][0]["text"]],
        [&json!(""), &Json::Null, &json!("")],
        "{seen}"
    );
    assert!(told.seen(&live).await["customer"][0]["text"].as_str().unwrap().contains("CANARY"), "it is worked on");
    assert!(told.seen(&again).await["customer"].to_string().contains("CANARY"), "its days began with its last end");
    let left = everything(told);
    for gone in ["dear Ana", "CANARY of o3"] {
        assert!(!left.contains(gone), "{gone} is left");
    }
    let decided = told.as_seller("GET", "/decisions", Json::Null).await.body;
    assert_eq!(decided["decisions"].as_array().unwrap().len(), 4, "decisions stay: {decided}");
    days_pass(told, begun, [741]).await;
    let words = told.seen(&again).await["customer"].take();
    let said: Vec<_> = words.as_array().unwrap().iter().map(|said| (&said["text"], &said["mail"])).collect();
    assert_eq!(said, [(&json!(""), &Json::Null); 2]);
    assert_eq!(foreseen(told, "2040-01-01").await, Vec::<Json>::new(), "nothing is left of what is over");
}
