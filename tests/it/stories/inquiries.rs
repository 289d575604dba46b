//! Stories of one matter over several contacts: taken over by the seller, joined, reopened, followed by another.

use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

/// The seller writes to its customer itself; that issue is the seller's from then on, another one is still ours.
///
/// Whether a contact that crosses the seller's mail is handed over or never ours depends on which is taken in first;
/// here each step waits for the one before, so that all ways of delivery tell the same.
pub async fn taken_over(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    told.world.facts([told.took_over("o1", "where_is_my_order")]).await;
    let seen = told.seen(&inquiry).await;
    assert_eq!((&seen["status"], &seen["reason"]), (&json!("handed_to_seller"), &json!("seller_took_over")), "{seen}");
    assert_eq!(told.as_associate("GET", "/queue", Json::Null).await.body, json!({ "inquiries": [] }));
    let question = json!({ "kind": "free_text", "text": "Have you solved it?" });
    let refused = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/not_open")));

    told.world.pass(TimeDelta::hours(1)).await;
    told.contact("k2", Some("o1"), "lost_in_transit").await;
    let went = told.went("k2").await;
    assert_eq!((&went["owner"], &went["reason"]), (&json!("seller"), &json!("seller_took_over")), "the same issue");
    told.contact("k3", Some("o1"), "damaged_item").await;
    let went = told.went("k3").await;
    assert_eq!((&went["owner"], &went["reason"]), (&json!("service"), &json!("covered")), "another issue");
    told.world.facts([told.took_over("o1", "late_delivery")]).await;
    assert_eq!(told.seen(&inquiry).await["history"].as_array().unwrap().len(), 3, "opened, claimed, handed over: once");
    let listed = told.listed("2026Q3", "contacts").await;
    let counted: Vec<_> = listed.iter().map(|contact| &contact["contact"]).collect();
    assert_eq!(counted, ["k1", "k3"], "FEE-4: what was handed to the seller does not count");
}

/// One order, one issue: a second contact joins, one within 14 days of the resolution reopens, a later one begins anew.
pub async fn reopened(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "quality").await;
    told.world.pass(TimeDelta::hours(2)).await;
    told.contact("k2", Some("o1"), "defective").await;
    assert_eq!(told.went("k2").await["inquiry_id"], json!(inquiry), "RTE-9: the same issue, by another topic");
    let decline = json!({ "kind": "decline", "reason": "no_ground", "basis": "It works as described." });
    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decline.clone()).await.status, 200);

    told.world.pass(TimeDelta::days(13)).await;
    told.contact("k3", Some("o1"), "quality").await;
    assert_eq!(told.went("k3").await["inquiry_id"], json!(inquiry), "INQ-1: reopened");
    assert_eq!(told.seen(&inquiry).await["status"], "open");
    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decline).await.status, 200);

    told.world.pass(TimeDelta::days(15)).await;
    told.contact("k4", Some("o1"), "quality").await;
    let another = told.went("k4").await["inquiry_id"].as_str().unwrap().to_owned();
    assert_ne!(another, inquiry, "after 14 days it is another matter");
    let old = told.seen(&inquiry).await;
    assert_eq!((&old["status"], &old["contacts"]), (&json!("resolved"), &json!(3)), "its history is still told: {old}");
    let claimed = told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    assert_eq!((claimed.status, &claimed.body["type"]), (409, &json!("/problems/not_open")));

    let listed = told.listed("2026Q3", "contacts").await;
    let rules = listed.iter().map(|contact| contact["counts"].as_str().unwrap());
    assert_eq!(rules.collect::<Vec<_>>(), ["fee-4.countable", "rte-9.joined", "fee-4.countable", "fee-4.countable"]);
    assert_eq!(told.world.mails_to("c1@customers.example").len(), 3, "one each time it is resolved, one survey");
}

/// What both witnesses say is the topic; what one says alone, or what would send the customer away, waits for a person.
pub async fn without_a_topic(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2", "o3", "o4"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.world.facts([told.placed("o5", "store", told.just_now())]).await;
    assert_eq!(told.wrote("k1", "o1", "It says delivered, but I did not get anything").await.status, 202);
    let went = told.went("k1").await;
    let guess = json!({ "by": "guessed", "guess": { "topic": "delivered_not_received", "percent": 97, "by": "both" } });
    assert_eq!((&went["topic"], &went["topic_source"]), (&json!("delivered_not_received"), &guess));
    assert_eq!((&went["owner"], &went["reason"]), (&json!("service"), &json!("covered")));

    told.wrote("k2", "o2", "Please send me an invoice").await;
    let went = told.went("k2").await;
    assert_eq!((&went["topic"], &went["owner"]), (&json!("other"), &json!("service")), "nobody is sent away: {went}");
    let hint = json!({ "by": "unclear", "guess": { "topic": "invoice", "percent": 97, "by": "both" } });
    assert_eq!(went["topic_source"], hint);
    let inquiry = went["inquiry_id"].as_str().unwrap().to_owned();
    assert_eq!(told.seen(&inquiry).await["topic_source"], hint, "the associate has the hint");

    told.wrote("k3", "o3", "Qwertz").await;
    let went = told.went("k3").await;
    assert_eq!(went["topic_source"], json!({ "by": "unclear", "guess": null }), "no word of it is known");
    told.wrote("k5", "o5", "Please send me an invoice").await;
    let went = told.went("k5").await;
    assert_eq!((&went["owner"], &went["reason"]), (&json!("seller"), &json!("fulfilled_by_store")), "as ever: {went}");

    let mut body = world::facts::contact("k6", "email", None, "s1", "other");
    (body["topic"], body["message"]) = (Json::Null, json!("When will it be in stock again? I want to buy one"));
    let claims = world::facts::marketplace();
    let refused = told.world.request("POST", "/v1/stores/US/contacts", claims, "k6", &body.to_string()).await;
    let problem = json!([{ "field": "order_id", "problem": "is needed where no topic is given" }]);
    assert_eq!((refused.status, &refused.body["errors"]), (422, &problem), "{}", refused.body);
}

async fn choose(told: &mut Told, inquiry: &str, topic: &str) -> (i64, Json) {
    let reply = told.as_associate("POST", &format!("/inquiries/{inquiry}/topic"), json!({ "topic": topic })).await;
    (reply.status, reply.body)
}

/// The contacts of the quarter, each with its topic and the rule that counted it.
async fn counted(told: &mut Told, quarter: &str) -> Vec<(String, String, String)> {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let listed = told.listed(quarter, "contacts").await;
    listed.iter().map(|one| (text(&one["contact"]), text(&one["topic"]), text(&one["counts"]))).collect()
}

/// Four inquiries of unclear topic: one goes on under its new topic, one is handed over, one is merged, one comes too late.
pub async fn topic_chosen(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2", "o3", "o4"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let filed = told.inquiry("k1", "o1", "other").await;
    let (status, body) = choose(told, &filed, "late_delivery").await;
    assert_eq!((status, &body["topic"], &body["issue"]), (200, &json!("late_delivery"), &json!("other")), "{body}");
    assert_eq!(body["topic_source"], json!({ "by": "chosen", "associate": "mei" }));
    let (status, body) = choose(told, &filed, "weather").await;
    assert_eq!((status, &body["errors"][0]["field"]), (422, &json!("topic")), "{body}");
    told.world.pass(TimeDelta::hours(1)).await;
    told.contact("k2", Some("o1"), "lost_in_transit").await;
    assert_eq!(told.went("k2").await["inquiry_id"], json!(filed), "RTE-9: its issue goes on there");
    told.world.facts([told.took_over("o1", "where_is_my_order")]).await;
    let seen = told.seen(&filed).await;
    assert_eq!((&seen["status"], &seen["reason"]), (&json!("handed_to_seller"), &json!("seller_took_over")), "RTE-6");

    let away = told.inquiry("k3", "o2", "other").await;
    let (status, body) = choose(told, &away, "invoice").await;
    assert_eq!(
        (status, &body["status"], &body["reason"]),
        (200, &json!("handed_to_seller"), &json!("invoice")),
        "RTE-4"
    );
    let (status, body) = choose(told, &away, "billing").await;
    assert_eq!((status, &body["type"]), (409, &json!("/problems/not_open")), "{body}");

    let live = told.inquiry("k4", "o3", "quality").await;
    told.world.pass(TimeDelta::hours(1)).await;
    let same = told.inquiry("k5", "o3", "other").await;
    let (status, body) = choose(told, &same, "defective").await;
    assert_eq!((status, &body["status"], &body["into"]), (200, &json!("merged"), &json!(live)), "{body}");

    let row = |contact: &str, topic: &str, rule: &str| (contact.to_owned(), topic.to_owned(), rule.to_owned());
    let expected = [
        row("k1", "late_delivery", "fee-4.countable"),
        row("k2", "lost_in_transit", "rte-9.joined"),
        row("k3", "invoice", "fee-4.topic_not_counted"),
        row("k4", "quality", "fee-4.countable"),
        row("k5", "defective", "rte-9.joined"),
    ];
    assert_eq!(counted(told, "2026Q3").await, expected, "FEE-4");

    told.world.facts([told.shipped("o4")]).await;
    let late = told.inquiry("k6", "o4", "other").await;
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    told.as_associate("POST", &format!("/inquiries/{late}/claim"), json!({})).await;
    let (status, body) = choose(told, &late, "customization").await;
    assert_eq!((status, &body["reason"]), (200, &json!("customization")), "{body}");
    let last = counted(told, "2026Q3").await.pop().unwrap();
    assert_eq!(last, row("k6", "other", "fee-4.countable"), "FEE-10: what has been measured is not counted anew");
}
