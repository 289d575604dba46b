//! Exports and erasures: who may, what is in them and what is not, and what of them is written down.

use super::{stored, told};
use crate::stories::{
    data::{erasure_asked, exported, lead},
    told::Told,
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{cloud::locked, facts};

/// A world with a matter of `c1` that was asked about, and one that a seller handed over.
async fn with_customers() -> Told {
    let mut told = told().await;
    told.world.facts(["o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), json!({ "message": "CANARY dear Ana" })).await;
    told.asked(&inquiry).await;
    told.transferred("CANARY of o3, says the customer.").await;
    told
}

#[tokio::test]
async fn acc_4_an_export_names_one_person_and_a_reason_and_every_field_at_fault() {
    let mut told = told().await;
    let before = stored(&told.world);
    let both = json!({ "customer_id": "c1", "seller_id": "s1", "reason": "Why." });
    for (body, expected) in [
        (json!({}), &["customer_id", "reason"][..]),
        (json!({ "customer_id": "a b", "reason": " " }), &["customer_id", "reason"]),
        (both, &["seller_id"]),
        (json!({ "seller_id": "s1", "reason": "x".repeat(501) }), &["reason"]),
    ] {
        let reply = lead(&mut told, "POST", "/exports", body.clone()).await;
        assert_eq!((reply.code(), reply.fields().as_slice()), ((422, "invalid_input"), expected), "{body}");
    }
    for path in ["/exports/none", "/customers/c9/erasure"] {
        assert_eq!(lead(&mut told, "GET", path, Json::Null).await.code(), (404, "not_found"), "{path}");
    }
    let of = json!({ "customer_id": "c1", "reason": "Why." }).to_string();
    for (path, body) in [("/exports", of.as_str()), ("/customers/c1/erasure", "{}")] {
        let path = format!("/v1/stores/US/desk{path}");
        let elsewhere = json!({ "sub": "lea", "stores": "DE", "role": "lead" });
        for claims in [facts::associate("mei"), elsewhere] {
            let reply = told.world.request("POST", &path, claims, "k", body).await;
            assert_eq!(reply.code(), (403, "forbidden"), "{path}: {}", reply.body);
        }
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn acc_4_that_somebody_looked_is_kept_and_the_copy_is_not_and_ends_after_a_day() {
    let mut told = with_customers().await;
    let body = json!({ "customer_id": "c1", "reason": "She asked for it." });
    let asked = lead(&mut told, "POST", "/exports", body).await.body;
    let kept = told.world.items("ConversationsTable");
    let kept = kept.iter().find(|item| item["sk"]["S"] == "EXPORT").expect("it is written down");
    let said = |name: &str| kept["state"]["M"][name]["S"].clone();
    assert_eq!((said("by"), said("reason")), (json!("lea"), json!("She asked for it.")));
    let path = format!("/exports/{}", asked["export_id"].as_str().unwrap());
    let before = stored(&told.world);
    assert_eq!(lead(&mut told, "GET", &path, Json::Null).await.status, 200);
    assert_eq!(stored(&told.world), before, "who reads writes nothing");
    let end = told.world.now() + TimeDelta::hours(24);
    told.world.pass_to(end - TimeDelta::milliseconds(1)).await;
    assert_eq!(lead(&mut told, "GET", &path, Json::Null).await.status, 200, "to the last instant");
    told.world.pass_to(end).await;
    assert_eq!(lead(&mut told, "GET", &path, Json::Null).await.code(), (409, "export_over"));
}

#[tokio::test]
async fn a_customers_export_has_its_orders_its_words_and_its_history_page_by_page_each_once() {
    let mut told = with_customers().await;
    for page in [None, Some(1)] {
        locked(&told.world.cloud.tables).page = page;
        let pages = exported(&mut told, json!({ "customer_id": "c1" })).await;
        let all = |name: &str| -> Vec<Json> {
            pages.iter().flat_map(|page| page[name].as_array().unwrap().clone()).collect()
        };
        let orders: Vec<_> = all("orders").iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(orders, ["o1", "o2", "o3"]);
        let contacts = all("contacts");
        assert_eq!(contacts.len(), 2);
        let own = contacts.iter().find(|contact| contact["contact_id"] == "k1").unwrap();
        assert_eq!(own["words"]["email"], "c1@customers.example");
        assert!(own["said"].to_string().contains("dear Ana") && own["history"].to_string().contains("\"opened\""));
        let brought = contacts.iter().find(|contact| contact["contact_id"] != "k1").unwrap();
        assert!(brought["handed_over"]["text"].as_str().unwrap().contains("CANARY"), "{brought}");
    }
    let nobody = exported(&mut told, json!({ "customer_id": "c9" })).await;
    assert!(nobody.iter().all(|page| page["contacts"] == json!([]) && page["orders"] == json!([])));
}

/// INQ-5, ACC-3: what a seller gets of itself names no customer's word, no other seller, and nobody of the store's.
#[tokio::test]
async fn inq_5_a_sellers_own_export_has_all_its_items_but_what_customers_said_and_who_of_the_store_it_was() {
    let mut told = with_customers().await;
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = told.as_seller("GET", &format!("/export{cursor}"), Json::Null).await;
        assert_eq!(page.status, 200, "{}", page.body);
        items.extend(page.body["items"].as_array().unwrap().clone());
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("?cursor={next}");
    }
    let text = json!(items).to_string();
    for never in ["CANARY", "c1@customers.example", "\"mei\"", "\"s2\""] {
        assert!(!text.contains(never), "{never} in {text}");
    }
    let mut own = 0;
    for table in ["SellersTable", "RequestsTable", "AuditTable", "LedgerTable"] {
        own += told
            .world
            .items(table)
            .iter()
            .filter(|item| item["pk"]["S"].as_str().unwrap().starts_with("US#s1"))
            .count();
    }
    assert_eq!(items.len(), own, "each item once");
    let staff = exported(&mut told, json!({ "seller_id": "s1" })).await;
    let staff: Vec<_> = staff.iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
    assert_eq!(staff.len(), items.len());
    assert!(json!(staff).to_string().contains("\"mei\""), "the store knows its people");
    let bad = told.as_seller("GET", "/export?cursor=~", Json::Null).await;
    assert_eq!((bad.code(), bad.fields()), ((422, "invalid_input"), vec!["cursor"]));
}

#[tokio::test]
async fn an_erasure_is_asked_for_once_under_one_key_and_says_who_asked() {
    let mut told = with_customers().await;
    let (path, claims) = ("/v1/stores/US/desk/customers/c1/erasure", facts::lead("lea"));
    let first = told.world.request("POST", path, claims.clone(), "the-key", "{}").await;
    assert_eq!((first.status, &first.body["asked_by"]), (202, &json!("lea")), "{}", first.body);
    told.world.pass(TimeDelta::minutes(1)).await;
    assert_eq!(told.world.request("POST", path, claims.clone(), "the-key", "{}").await, first, "as the first time");
    let other = told.world.request("POST", path, claims, "the-key", r#"{"a":1}"#).await;
    assert_eq!(other.code(), (422, "idempotency_key_reused"));
    let nobody = lead(&mut told, "POST", "/customers/c9/erasure", json!({})).await;
    assert_eq!(nobody.status, 202, "whether there is such a customer is not said: {}", nobody.body);
    told.world.pass(TimeDelta::minutes(1)).await;
    let stands = lead(&mut told, "GET", "/customers/c9/erasure", Json::Null).await.body;
    assert_eq!((&stands["state"], &stands["erased"]), (&json!("done"), &json!(0)));
    assert_eq!(erasure_asked(&mut told).await.status, 202);
}

/// More than a transaction holds: it takes several steps, and each contact counts once.
#[tokio::test]
async fn an_inquiry_in_which_more_was_said_than_one_step_erases_is_erased_in_several() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    // Each answer has its mail beside it.
    for n in 0..43 {
        let said = json!({ "message": format!("CANARY number {n}") });
        let path = format!("/inquiries/{inquiry}/answer");
        assert_eq!(told.as_associate("POST", &path, said).await.status, 200);
    }
    let decline = json!({ "kind": "decline", "reason": "on_its_way" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decline).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    erasure_asked(&mut told).await;
    told.world.pass(TimeDelta::minutes(1)).await;
    let so_far = lead(&mut told, "GET", "/customers/c1/erasure", Json::Null).await.body;
    assert_eq!((&so_far["state"], &so_far["erased"]), (&json!("running"), &json!(0)), "{so_far}");
    told.world.pass(TimeDelta::minutes(1)).await;
    let done = lead(&mut told, "GET", "/customers/c1/erasure", Json::Null).await.body;
    assert_eq!((&done["state"], &done["erased"]), (&json!("done"), &json!(1)), "{done}");
    let left = told.world.items("ConversationsTable").iter().filter(|item| item.to_string().contains("CANARY")).count();
    assert_eq!(left, 0);
}
