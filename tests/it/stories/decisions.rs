//! Stories of decisions: which units they give something for, what they rest on, and what becomes of them.

use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::facts;

async fn decide(told: &mut Told, inquiry: &str, body: Json) -> (i64, Json) {
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), body).await;
    (decided.status, decided.body)
}

/// One order and two inquiries: the second decision on a unit names the first, money given before counts, and the seller
/// sees both records, each with its reason, its facts and its units.
pub async fn once_for_each_unit(told: &mut Told) {
    told.enrolled().await;
    told.policy(45).await;
    told.world.pass(TimeDelta::minutes(10)).await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    told.world.facts([told.shipped("o1"), told.scanned("o1")]).await;
    let first = told.inquiry("k1", "o1", "defective").await;
    let seen = told.seen(&first).await;
    assert_eq!(seen["return_policy"]["version"], "seller-1", "RET-2: the version that is pinned to the order");
    assert_eq!(seen["remedies"], Json::Null);

    let one = json!([{ "item_id": "1", "ordinal": 1 }]);
    let part = json!({ "kind": "refund_partial", "reason": "defective", "amount_minor": 1_000, "units": one });
    let (status, part) = decide(told, &first, part).await;
    assert_eq!((status, &part["policy"], &part["amount"]["minor"]), (200, &json!("seller-1"), &json!(1_000)), "{part}");

    let second = told.inquiry("k2", "o1", "replacement_request").await;
    let mut full = json!({ "kind": "refund_full", "reason": "defective", "liable": "seller" });
    let (status, refused) = decide(told, &second, full.clone()).await;
    assert_eq!((status, &refused["type"]), (409, &json!("/problems/already_remedied")), "JDG-2: {refused}");
    full["supersedes"] = json!([part["id"]]);
    let (status, full) = decide(told, &second, full).await;
    assert_eq!((status, &full["amount"]["minor"]), (200, &json!(4_000)), "what is left of two at 25.00: {full}");
    assert_eq!(full["facts"]["refunded"]["minor"], 1_000);

    let listed = told.as_seller("GET", "/decisions", Json::Null).await.body;
    assert_eq!(listed["decisions"].as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(full["decided_by"], json!({ "by": "associate", "associate": "mei" }), "the desk reads who it was");
    assert_eq!(listed["decisions"][0]["decided_by"], json!({ "by": "associate" }), "the seller does not");
    let one = told.as_seller("GET", &format!("/decisions/{}", full["id"].as_str().unwrap()), Json::Null).await.body;
    assert_eq!(one["decided_by"], json!({ "by": "associate" }));
    assert_eq!((&one["supersedes"], &one["reason"]), (&json!([part["id"]]), &json!("defective")), "{one}");
    assert_eq!(one["return_shipping"], "seller", "RET-3: the seller is at fault");
    let theirs = told.as_user_of("s2", "GET", &format!("/decisions/{}", one["id"].as_str().unwrap()), Json::Null).await;
    assert_eq!(theirs.status, 404, "ACC-3");

    let decision = full["id"].as_str().unwrap().to_owned();
    let paid = facts::refunded("o1", "s1", &decision, 4_000, told.just_now());
    told.world.facts([paid, facts::returned("o1", "s1", [1, 2], "used", told.just_now())]).await;
    let remedies = told.seen(&second).await["remedies"].clone();
    assert_eq!(remedies["refunds"].as_array().unwrap().len(), 1, "RET-5: once: {remedies}");
    assert_eq!(remedies["returns"][0]["condition"], "used");
    assert_eq!(remedies["decided"].as_array().unwrap().len(), 2);
}

/// A return is authorised and arrives. Of two orders one is refunded in four days; the other comes to the head of the queue.
pub async fn refund_overdue(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.world.facts(["o1", "o2"].map(|order| told.shipped(order))).await;
    let mut decisions = Vec::new();
    for (contact, order) in [("k1", "o1"), ("k2", "o2")] {
        let inquiry = told.inquiry(contact, order, "return_request").await;
        let body = json!({ "kind": "return_authorised", "reason": "changed_mind" });
        let (status, record) = decide(told, &inquiry, body).await;
        assert_eq!((status, &record["return_shipping"]), (200, &json!("customer")), "RET-3: {record}");
        decisions.push((inquiry, record["id"].as_str().unwrap().to_owned()));
    }
    // It is Monday; four days later are Friday, to its end in Los Angeles.
    let back = ["o1", "o2"].map(|order| facts::returned(order, "s1", [1, 2], "original", told.just_now()));
    told.world.facts(back).await;
    told.world.pass(TimeDelta::days(2)).await;
    told.world.facts([facts::refunded("o1", "s1", &decisions[0].1, 5_000, told.just_now())]).await;
    told.world.pass_to("2026-08-08T06:59:00Z".parse().unwrap()).await;
    assert_eq!(told.as_associate("GET", "/queue", Json::Null).await.body, json!({ "inquiries": [] }));
    told.world.pass_to("2026-08-08T07:01:00Z".parse().unwrap()).await;
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    assert_eq!(queue["inquiries"].as_array().unwrap().len(), 1, "RET-5: the one that is not refunded: {queue}");
    let overdue = told.seen(&decisions[1].0).await;
    assert_eq!((&overdue["status"], &overdue["judgement_owed"]), (&json!("open"), &json!(true)), "{overdue}");
    assert_eq!(told.seen(&decisions[0].0).await["status"], "resolved");

    told.as_associate("POST", &format!("/inquiries/{}/claim", decisions[1].0), json!({})).await;
    let body = json!({ "kind": "refund_full", "reason": "returned", "supersedes": [decisions[1].1] });
    let (status, record) = decide(told, &decisions[1].0, body).await;
    assert_eq!((status, &record["facts"]["condition"]), (200, &json!("original")), "{record}");
}

/// A seller in China waives one return, names a label for another, and says nothing of two: the cheap one is refunded
/// without return after five days, the dear one comes to a person.
pub async fn from_abroad(told: &mut Told) {
    let mut seller = told.registered();
    seller["address_country"] = json!("CN");
    told.world.facts([seller]).await;
    told.world.pass(TimeDelta::minutes(20)).await;
    let orders = ["waived", "labelled", "cheap", "dear", "both"];
    let placed = orders.map(|order| {
        let mut placed = told.placed(order, "seller", told.just_now());
        placed["lines"][0]["unit_price_minor"] = json!(if order == "dear" { 2_501 } else { 2_500 });
        if order == "both" {
            let mut dear = placed["lines"][0].clone();
            (dear["item_id"], dear["unit_price_minor"]) = (json!("2"), json!(2_501));
            placed["lines"].as_array_mut().unwrap().push(dear);
        }
        placed
    });
    told.world.facts(placed).await;
    let mut decided = Vec::new();
    for order in orders {
        let inquiry = told.inquiry(&format!("k-{order}"), order, "return_request").await;
        let body = json!({ "kind": "return_authorised", "reason": "changed_mind", "liable": "customer" });
        let (status, record) = decide(told, &inquiry, body).await;
        assert_eq!((status, &record["return_shipping"]), (200, &json!("seller")), "RET-4: the seller's cost: {record}");
        decided.push((inquiry, record["id"].as_str().unwrap().to_owned()));
    }
    for (n, way) in
        [(0, json!({ "method": "refund_without_return" })), (1, json!({ "method": "prepaid_label", "place": "P" }))]
    {
        let path = format!("/decisions/{}/return-method", decided[n].1);
        let named = told.as_seller("POST", &path, way).await;
        assert_eq!(named.status, 200, "{}", named.body);
    }
    let bare = json!({ "method": "prepaid_label" });
    let path = format!("/decisions/{}/return-method", decided[2].1);
    let refused = told.as_seller("POST", &path, bare).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (422, &json!("place")));
    told.world.pass(TimeDelta::minutes(2)).await;
    let last = async |told: &mut Told, n: usize| {
        let seen = told.seen(&decided[n].0).await;
        (seen["status"].clone(), seen["decisions"].as_array().unwrap().last().unwrap()["kind"].clone())
    };
    assert_eq!(last(told, 0).await, (json!("resolved"), json!("refund_returnless")), "as the seller has it");
    told.world.pass(TimeDelta::days(5)).await;
    assert_eq!(last(told, 1).await, (json!("resolved"), json!("return_authorised")));
    assert_eq!(last(told, 2).await, (json!("resolved"), json!("refund_returnless")), "25.00 and no way back");
    assert_eq!(last(told, 3).await, (json!("open"), json!("return_authorised")), "a person decides");
    assert_eq!(last(told, 4).await, (json!("open"), json!("refund_returnless")), "the cheap ones; the others wait");
    let listed = told.as_seller("GET", "/decisions", Json::Null).await.body;
    let by_rule = listed["decisions"].as_array().unwrap().iter().filter(|record| record["decided_by"]["by"] == "rule");
    assert_eq!(by_rule.count(), 3, "{listed}");
}
