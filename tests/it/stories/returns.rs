//! Stories of returns: a policy that betters the standard, and the orders that have it.

use crate::stories::told::{Told, subjects};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::facts;

async fn policy_of(told: &mut Told, order: &str) -> Json {
    told.as_seller("GET", &format!("/orders/{order}"), Json::Null).await.body["return_policy"].clone()
}

/// A worse policy is refused, a better one is submitted, rejected, written again and approved; each order keeps the
/// version in force when it was placed, however late it is told.
pub async fn own_policy(told: &mut Told) {
    told.enrolled().await;
    let empty = told.as_seller("GET", "/return-policy", Json::Null).await.body;
    assert_eq!((&empty["standard"]["version"], &empty["latest"]), (&json!("us-2000"), &Json::Null));
    let mut worse = facts::terms(29);
    worse["non_returnable"] = json!(["books"]);
    let refused = told.as_seller("POST", "/return-policy", worse).await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/policy_worse")), "{}", refused.body);
    assert_eq!(refused.body["unmet"], json!(["window_days", "non_returnable"]), "RET-1: every field");

    let first = json!({ "version": 1 });
    assert_eq!(told.as_seller("POST", "/return-policy", facts::terms(45)).await.status, 200);
    assert_eq!(told.as_seller("POST", "/return-policy/submit", first.clone()).await.status, 200);
    let review = "/return-policies/s1";
    let associate = told.as_associate("POST", &format!("{review}/approve"), first.clone()).await;
    assert_eq!(associate.status, 403, "ACC-2: a lead's affair");
    let rejection = json!({ "version": 1, "reason": "Say who pays." });
    assert_eq!(told.as_lead(&format!("{review}/reject"), rejection).await.status, 200);
    let before = told.placed("before", "seller", told.just_now());
    let late = told.placed("late", "seller", told.just_now());
    told.world.facts([before]).await;

    assert_eq!(told.as_seller("POST", "/return-policy", facts::terms(60)).await.status, 200);
    let second = json!({ "version": 2 });
    assert_eq!(told.as_seller("POST", "/return-policy/submit", second.clone()).await.status, 200);
    let approved = told.as_lead(&format!("{review}/approve"), second).await;
    assert_eq!(approved.body["approved"][0]["number"], 2, "{}", approved.body);
    told.world.pass(TimeDelta::minutes(10)).await;
    told.world.facts([late, told.placed("after", "seller", told.just_now())]).await;
    for (order, version) in [("before", "us-2000"), ("late", "us-2000"), ("after", "seller-2")] {
        assert_eq!(policy_of(told, order).await, version, "RET-2: {order}");
    }
    let told_of: Vec<_> = subjects(told, "s1@sellers.example").into_iter().filter(|s| s.contains("policy")).collect();
    assert_eq!(
        told_of,
        ["Your return policy, version 1: not approved", "Your return policy, version 2: approved"],
        "NTF-1, NTF-3: once each"
    );
}
