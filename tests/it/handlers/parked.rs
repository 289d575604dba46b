//! What a lead can do about messages that no delivery could mend.

use super::told;
use crate::stories::told::Told;
use serde_json::{Value as Json, json};
use world::{Reply, facts};

/// As a lead of this store.
async fn led(told: &mut Told, store: &str, method: &str, path: &str) -> Reply {
    let (key, mut lead) = (told.key(), facts::lead("lin"));
    lead["stores"] = json!(store);
    told.world.request(method, &format!("/v1/stores/{store}/desk{path}"), lead, &key, "{}").await
}

async fn parked(told: &mut Told) -> Vec<Json> {
    let all = led(told, "US", "GET", "/parked").await;
    assert_eq!(all.status, 200, "{}", all.body);
    all.body["parked"].as_array().unwrap().clone()
}

fn redriven(message: &Json) -> String {
    format!("/parked/{}/redrive", message["parked_id"].as_str().unwrap())
}

#[tokio::test]
async fn what_waited_in_vain_is_sent_again_and_taken_when_its_cause_is_mended() {
    let mut told = told().await;
    let mut order = told.placed("o9", "seller", told.just_now());
    order["lines"][0]["seller_id"] = json!("s9");
    told.world.facts([order.clone()]).await;
    told.world.pass(chrono::TimeDelta::minutes(30)).await;
    let [message] = parked(&mut told).await.try_into().unwrap();
    assert_eq!((&message["queue"], &message["function"]), (&json!("events"), &json!("marketplace-intake")));
    assert_eq!(message["reason"], "unknown_seller: Seller s9 is not registered (yet): send this again once it is.");
    assert_eq!(message["body"], order.to_string(), "as it was sent");

    let mut seller = told.registered();
    seller["seller_id"] = json!("s9");
    told.world.fact(seller).await;
    let sent = led(&mut told, "US", "POST", &redriven(&message)).await;
    assert_eq!((sent.status, &sent.body["parked_id"]), (200, &message["parked_id"]), "{}", sent.body);
    told.world.pass(chrono::TimeDelta::minutes(2)).await;
    assert_eq!(parked(&mut told).await, Vec::<Json>::new());
    let known = told.as_user_of("s9", "GET", "/orders/o9", Json::Null).await;
    assert_eq!(known.status, 200, "the order is there: {}", known.body);
}

#[tokio::test]
async fn what_still_cannot_be_taken_is_parked_anew_and_one_that_is_gone_is_sent_by_nobody() {
    let mut told = told().await;
    told.world.facts([json!({ "store": "US", "type": "order_eaten" })]).await;
    let [first] = parked(&mut told).await.try_into().unwrap();
    assert_eq!(led(&mut told, "US", "POST", &redriven(&first)).await.status, 200);
    let again = led(&mut told, "US", "POST", &redriven(&first)).await;
    assert_eq!(
        (again.status, &again.body["detail"]),
        (404, &json!("There is no such parked message.")),
        "{}",
        again.body
    );
    told.world.pass(chrono::TimeDelta::minutes(2)).await;
    let [second] = parked(&mut told).await.try_into().unwrap();
    assert_eq!(second["reason"], first["reason"]);
    assert_ne!(second["parked_id"], first["parked_id"]);
    let too_long = "A".repeat(2_000);
    for id in ["nonsense", "IiI", "IiAi", &too_long] {
        let answer = led(&mut told, "US", "POST", &format!("/parked/{id}/redrive")).await;
        assert_eq!(answer.status, 404, "{id}: {}", answer.body);
    }
}

#[tokio::test]
async fn acc_3_a_message_is_shown_to_the_leads_of_the_store_that_it_names_and_to_nobody_else() {
    let mut told = told().await;
    told.world.facts([json!({ "store": "US", "type": "?" }), json!({ "store": "XX" }), json!(["{", "DE"])]).await;
    assert_eq!(told.world.parked().len(), 3);
    let [message] = parked(&mut told).await.try_into().unwrap();
    let other = led(&mut told, "DE", "GET", "/parked").await;
    assert_eq!((other.status, &other.body["parked"]), (200, &json!([])), "{}", other.body);
    assert_eq!(led(&mut told, "DE", "POST", &redriven(&message)).await.status, 404);
    let associate = told.as_associate("GET", "/parked", Json::Null).await;
    assert_eq!(associate.status, 403, "{}", associate.body);
}

#[tokio::test]
async fn many_are_listed_by_pages_each_cut_to_its_first_2000_characters() {
    let mut told = told().await;
    let long = |n: usize| json!({ "store": "US", "type": n.to_string(), "text": "客".repeat(3_000) });
    told.world.facts((0..120).map(long)).await;
    let (mut seen, mut place) = (Vec::new(), "/parked".to_owned());
    for size in [50, 50, 20] {
        let page = led(&mut told, "US", "GET", &place).await;
        let rows = page.body["parked"].as_array().unwrap();
        assert_eq!(rows.len(), size, "{}", page.body["next_cursor"]);
        assert!(rows.iter().all(|row| row["body"].as_str().unwrap().chars().count() == 2_000));
        seen.extend(rows.iter().map(|row| row["parked_id"].as_str().unwrap().to_owned()));
        place = format!("/parked?cursor={}", page.body["next_cursor"].as_str().unwrap_or_default());
    }
    assert_eq!(place, "/parked?cursor=", "that was all");
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 120);
}
