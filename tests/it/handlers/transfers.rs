//! Transfers: what is missing is said, what is another's is as absent, and a refused one leaves nothing.

use super::{bytes, stored, told};
use crate::stories::told::Told;
use serde_json::{Value as Json, json};
use world::facts;

async fn handed(told: &mut Told, body: Json) -> (i64, Json) {
    let reply = told.as_seller("POST", "/transfers", body).await;
    (reply.status, reply.body)
}

#[tokio::test]
async fn rte_8_the_seller_is_told_what_is_missing_and_nothing_is_stored() {
    let mut told = told().await;
    told.world
        .facts([
            told.placed("o2", "seller", told.just_now()),
            facts::placed("theirs", "s2", 1, "seller", told.just_now()),
        ])
        .await;
    let before = stored(&told.world);
    for (body, code, problem) in [
        (
            json!({ "topic": "quality", "text": "Where is it?" }),
            "invalid_input",
            "is missing, and the text names no order",
        ),
        (
            json!({ "topic": "quality", "text": "Where is o9, of 2026-08-03?" }),
            "unknown_order",
            "is missing, and the text names no order of yours",
        ),
        (
            json!({ "topic": "quality", "text": "Where is theirs, that is theirs1?" }),
            "unknown_order",
            "is missing, and the text names no order of yours",
        ),
        (
            json!({ "topic": "quality", "text": "o1 and o2" }),
            "invalid_input",
            "is needed: the text names several orders of yours, o1, o2",
        ),
        (json!({ "topic": "quality", "text": "o1", "order_id": "o9" }), "unknown_order", "o9 is no order of yours"),
        (
            json!({ "topic": "quality", "text": "o1", "order_id": "theirs" }),
            "unknown_order",
            "theirs is no order of yours",
        ),
    ] {
        let (status, answer) = handed(&mut told, body.clone()).await;
        let error = json!({ "field": "order_id", "problem": problem });
        assert_eq!(
            (status, &answer["type"], &answer["errors"]),
            (422, &json!(format!("/problems/{code}")), &json!([error])),
            "{body}"
        );
    }
    let (status, answer) = handed(&mut told, json!({ "topic": "weather", "order_id": "a b", "language": 1 })).await;
    let fields: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(
        (status, fields),
        (422, ["order_id", "text", "language", "topic"].map(Json::from).to_vec()),
        "all at once"
    );
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn rte_8_acc_3_a_transfer_of_another_seller_s_order_is_byte_for_byte_one_of_an_absent_order() {
    let mut told = told().await;
    told.world.fact(facts::placed("o-their-s", "s2", 1, "seller", told.just_now())).await;
    let body = |order: &str| json!({ "topic": "quality", "text": "Where?", "order_id": order }).to_string();
    let own = facts::user_of("s1");
    let foreign = bytes(&told, "POST", "/transfers", &own, &body("o-their-s")).await;
    let absent = bytes(&told, "POST", "/transfers", &own, &body("o-nobody-s")).await;
    assert_eq!(foreign.replace("o-their-s", ""), absent.replace("o-nobody-s", ""));

    let transfer = told.transferred("o1 is late").await;
    let stranger = facts::user_of("s2");
    let foreign = bytes(&told, "GET", &format!("/transfers/{transfer}"), &stranger, "").await;
    let absent = bytes(&told, "GET", "/transfers/00000000000000000000000000", &stranger, "").await;
    assert!(foreign.contains("\"statusCode\":404"), "{foreign}");
    assert_eq!(foreign, absent);
}

/// X1: when it came first, the text named one order that was there.
#[tokio::test]
async fn x1_rte_8_a_replay_gets_its_first_answer_though_the_text_is_not_clear_any_more() {
    let mut told = told().await;
    let (path, claims) = ("/v1/stores/US/transfers", facts::user_of("s1"));
    let body = json!({ "topic": "quality", "text": "It is about o1, which replaces o2." }).to_string();
    let first = told.world.request("POST", path, claims.clone(), "the-key", &body).await;
    assert_eq!(first.status, 202, "{}", first.body);
    told.world.fact(told.placed("o2", "seller", told.just_now())).await;
    assert_eq!(told.world.request("POST", path, claims.clone(), "the-key", &body).await, first);
    assert_eq!(told.world.request("POST", path, claims, "another-key", &body).await.status, 422);
}

/// INQ-5: what the seller is shown of a transfer is not even its own text, which may quote the customer.
#[tokio::test]
async fn rte_8_the_same_words_under_another_key_are_the_first_transfer_and_are_routed_once() {
    let mut told = told().await;
    let first = told.transferred("o1 is late").await;
    let seen = told.as_seller("GET", &format!("/transfers/{first}"), Json::Null).await.body;
    assert_eq!(seen["arrival"], "opened");
    assert!(!seen.to_string().contains("is late"), "{seen}");
    let before = told.world.items("InquiriesTable");
    let (status, again) =
        handed(&mut told, json!({ "topic": "quality", "text": " o1  is\nlate", "order_id": "o1" })).await;
    assert_eq!(
        (status, &again["transfer_id"], &again["topic"]),
        (202, &json!(first), &json!("late_delivery")),
        "the first stands"
    );
    assert_eq!(told.world.items("InquiriesTable"), before);
}
