//! Stories of the audit (ACC-4): what people did in a seller's name or to its things.

use crate::stories::told::Told;
use serde_json::{Value as Json, json};
use world::facts;

/// A seller opts out, writes a policy that a lead approves, and replies to what is then decided; each has its row, however
/// often it was sent, newest first, and what changed nothing or was done by a clock has none.
pub async fn of_a_seller(told: &mut Told) {
    told.enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    assert_eq!(told.reply(&request, "It left on Monday.").await.status, 200);
    let declined = json!({ "kind": "decline", "reason": "on_its_way" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), declined).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    told.policy(45).await;
    assert_eq!(told.as_seller("POST", "/enrollment/opt-in", json!({})).await.status, 200, "which changes nothing");
    assert_eq!(told.as_seller("POST", "/enrollment/opt-out", json!({})).await.status, 200);

    let audit = told.as_seller("GET", "/audit", Json::Null).await.body;
    assert!(!audit.to_string().contains("CANARY"), "INQ-5: {audit}");
    let changes = audit["changes"].as_array().unwrap();
    let user = facts::user_of("s1")["sub"].clone();
    let mut said: Vec<_> = changes
        .iter()
        .map(|change| {
            let thing = change["thing"].as_str().unwrap().split('#').next().unwrap().to_owned();
            (thing, change["what"][0].as_str().unwrap(), change["by"].as_str().unwrap(), change["subject"] == user)
        })
        .collect();
    said.sort();
    let thing = str::to_owned;
    let expected = [
        (thing("REQUEST"), "asked", "associate", false),
        (thing("REQUEST"), "decided", "associate", false),
        (thing("REQUEST"), "replied", "user", true),
        (thing("RETURN_POLICY"), "approved", "associate", false),
        (thing("RETURN_POLICY"), "drafted", "user", true),
        (thing("RETURN_POLICY"), "submitted", "user", true),
        (thing("SELLER"), "left", "user", true),
    ];
    assert_eq!(said, expected, "one row for each change");
    let times: Vec<_> = changes.iter().map(|change| change["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first: {times:?}");
    let of = |what: &str| changes.iter().find(|change| change["what"][0] == what).unwrap();
    assert_eq!((&of("asked")["on_behalf_of"], &of("replied")["on_behalf_of"]), (&json!("US"), &json!("s1")));
    let stage = |change: &Json, when: &str| change[when]["latest"]["stage"].clone();
    let submitted = of("submitted");
    assert_eq!((stage(submitted, "before"), stage(submitted, "after")), (json!("draft"), json!("submitted")));
    assert!(submitted["before"]["approved"].is_null(), "what did not change is not said: {submitted}");
    assert!(of("replied")["request_id"].as_str().is_some_and(|id| id.starts_with("r-key-")), "{}", of("replied"));
    let theirs = told.as_user_of("s2", "GET", "/audit", Json::Null).await.body;
    assert_eq!(theirs["changes"], json!([]), "ACC-3");
}
