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
    let decline = json!({ "kind": "decline", "basis": "It works as described." });
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
    assert_eq!(told.world.mails_to("c1@customers.example").len(), 2, "one for each time it was resolved");
}
