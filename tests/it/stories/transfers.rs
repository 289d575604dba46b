//! Stories of transfers: what came to the seller by mistake.

use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

async fn became(told: &mut Told, transfer: &str) -> Json {
    let seen = told.as_seller("GET", &format!("/transfers/{transfer}"), Json::Null).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    seen.body
}

/// The first opens a case, the second joins it, the third is the first again; what is not covered stays the seller's, and so
/// does what the seller took over. Nothing of it counts, and the customer's own contact joins.
pub async fn handed_over(told: &mut Told) {
    told.enrolled().await;
    let mut early = told.placed("early-1", "seller", told.just_now());
    early["placed_at"] = json!(told.just_now() - TimeDelta::days(30));
    let placed = ["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(placed.into_iter().chain([early, told.placed("stored-1", "store", told.just_now())])).await;

    let first = told.transferred("Fwd: Order #o1: ¿dónde está mi paquete?").await;
    let opened = became(told, &first).await;
    assert_eq!(
        (&opened["state"], &opened["arrival"], &opened["order_id"]),
        (&json!("taken"), &json!("opened"), &json!("o1"))
    );
    let case = opened["case_id"].as_str().unwrap().to_owned();
    let joined = told.transferred("The customer of o1 wrote again: it is still not there.").await;
    let joined = became(told, &joined).await;
    assert_eq!((&joined["arrival"], &joined["case_id"]), (&json!("joined"), &json!(case)), "already ours");
    let again = told.transferred("Fwd: Order #o1:\n  ¿dónde está mi paquete?").await;
    assert_eq!(again, first, "the same words");
    assert_eq!(told.contact("k1", Some("o1"), "where_is_my_order").await.status, 202);
    assert_eq!(told.went("k1").await["inquiry_id"], json!(case), "the customer's own contact joins");

    let seen = told.seen(&case).await;
    assert_eq!((&seen["contacts"], seen["customer"].as_array().unwrap().len()), (&json!(3), 1), "{seen}");
    let words: Vec<_> = seen["transfers"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(
        words,
        ["Fwd: Order #o1: ¿dónde está mi paquete?", "The customer of o1 wrote again: it is still not there."]
    );
    assert_eq!(told.world.mails_to("c1@customers.example").len(), 0);

    for (order, reason) in [("early-1", "before_enrollment"), ("stored-1", "fulfilled_by_store")] {
        let stays = told.transferred(&format!("It is about ({order}).")).await;
        let stays = became(told, &stays).await;
        assert_eq!((&stays["state"], &stays["reason"]), (&json!("not_covered"), &json!(reason)), "{stays}");
    }
    told.world.fact(told.took_over("o2", "late_delivery")).await;
    let taken_over = told.transferred("o2 is late, and we have written to the customer.").await;
    assert_eq!(became(told, &taken_over).await["reason"], "seller_took_over");

    told.world.fact(told.shipped("o1")).await;
    let counted = told.listed("2026Q3", "contacts").await;
    let mut rules: Vec<_> = counted.iter().map(|contact| contact["counts"].as_str().unwrap()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["fee-4.transferred", "fee-4.transferred", "rte-9.joined"]);
    assert!(counted.iter().all(|contact| contact["counted"] == false), "FEE-4");
}
