//! Stories of enrollment and coverage: out and in again, and orders that arrive after the fact.

use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

const COVERED: (&str, Option<&str>) = ("service", None);

fn by(told: &(Json, Json)) -> (&str, Option<&str>) {
    (told.0.as_str().unwrap(), told.1.as_str())
}

/// A seller leaves and comes back an hour later; orders are judged by when they were placed, for ever.
pub async fn out_and_in(told: &mut Told) {
    told.enrolled().await;
    let trial = told.as_seller("GET", "/enrollment", Json::Null).await.body["trial"].clone();
    told.world.facts([told.placed("before", "seller", told.just_now())]).await;
    let out = told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    assert_eq!((out.status, &out.body["status"]), (200, &json!("not_enrolled")), "{}", out.body);
    let again = told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    assert_eq!((again.status, &again.body["periods"]), (200, &out.body["periods"]), "ENR-8: nothing changes");

    told.world.pass(TimeDelta::minutes(30)).await;
    let missed = told.placed("missed", "seller", told.just_now());
    told.world.facts([told.placed("gap", "seller", told.just_now())]).await;
    assert_eq!(by(&told.handled("gap").await), ("seller", Some("after_opt_out")));
    told.world.pass(TimeDelta::minutes(30)).await;
    let back = told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    assert_eq!((back.status, &back.body["status"]), (200, &json!("starting")), "{}", back.body);
    let starts_at = back.body["starts_at"].clone();
    let again = told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    assert_eq!((again.status, &again.body["starts_at"]), (200, &starts_at), "ENR-8: nothing changes");
    told.world.pass(TimeDelta::minutes(10)).await;
    let soon = told.placed("soon", "seller", told.just_now());
    told.world.pass(TimeDelta::minutes(10)).await;
    told.world.facts([missed, soon, told.placed("after", "seller", told.just_now())]).await;

    assert_eq!(by(&told.handled("before").await), COVERED, "COV-2: no opt-out revokes it");
    assert_eq!(by(&told.handled("gap").await), ("seller", Some("after_opt_out")), "and no opt-in fills it");
    assert_eq!(by(&told.handled("missed").await), ("seller", Some("enrollment_gap")), "nor one that was told late");
    assert_eq!(by(&told.handled("soon").await), ("seller", Some("enrollment_gap")), "ENR-3: service had not begun");
    assert_eq!(by(&told.handled("after").await), COVERED);
    told.contact("k1", Some("missed"), "late_delivery").await;
    assert_eq!(told.went("k1").await["reason"], "enrollment_gap", "RTE-5");

    let now = told.as_seller("GET", "/enrollment", Json::Null).await.body;
    assert_eq!(now["trial"], trial, "ENR-6: the trial never pauses and never begins again");
    let periods = now["periods"].as_array().unwrap();
    assert_eq!(periods.len(), 2, "{now}");
    assert_eq!(periods[0]["end_reason"], "opted_out");
    assert!(periods[0]["ended_at"].as_str() <= periods[1]["starts_at"].as_str(), "ENR-5: they do not overlap");
    assert_eq!(told.world.mails_to("s1@sellers.example").len(), 2, "one mail for each time it was enrolled");
}

/// Its shipment, its scan and the seller's leaving are all told before the order itself.
pub async fn late_order(told: &mut Told) {
    let too_early = told.just_now();
    told.enrolled().await;
    let late = told.placed("late", "seller", told.just_now());
    let early = told.placed("early", "seller", too_early);
    told.world.pass(TimeDelta::hours(1)).await;
    assert_eq!(told.as_seller("POST", "/enrollment/opt-out", json!({})).await.status, 200);
    told.world.pass(TimeDelta::hours(1)).await;
    told.world.facts([told.scanned("late"), told.shipped("late"), late, early]).await;
    assert_eq!(by(&told.handled("late").await), COVERED, "placed inside the period");
    assert_eq!(by(&told.handled("early").await), ("seller", Some("before_enrollment")));
    let order = told.as_seller("GET", "/orders/late", Json::Null).await.body;
    assert_eq!(order["lines"][0]["shipped"], 2, "the shipment waited for its order");
    told.contact("k1", Some("late"), "late_delivery").await;
    assert_eq!(told.went("k1").await["reason"], "covered", "ENR-4: an opt-out is for orders placed from then on");
    let statement = told.as_seller("GET", "/statements/2026Q3", Json::Null).await.body;
    assert_eq!((&statement["units"], &statement["lines"][0]["reason"]), (&json!(2), &json!("trial")), "{statement}");
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    let next = told.as_seller("GET", "/statements/2026Q4", Json::Null).await.body;
    assert_eq!((&next["measured"]["packages"], &next["measured"]["packages_scanned"]), (&json!(1), &json!(1)));
}

/// ENR-9: leaving is looked at, done, looked at again; the inquiry that was open is still ours, the resolved one is not
/// shown.
pub async fn previewed(told: &mut Told) {
    told.enrolled().await;
    told.world
        .facts([told.placed("o1", "seller", told.just_now()), told.placed("o2", "seller", told.just_now())])
        .await;
    let done = told.inquiry("k1", "o1", "late_delivery").await;
    let open = told.inquiry("k2", "o2", "late_delivery").await;
    let decision = json!({ "kind": "decline", "reason": "on_its_way" });
    let decided = told.as_associate("POST", &format!("/inquiries/{done}/decision"), decision).await;
    assert_eq!(decided.status, 200, "{}", decided.body);

    let preview = told.as_seller("GET", "/enrollment/preview", Json::Null).await.body;
    let stays = json!({ "count": 1, "inquiries": [{ "inquiry_id": open, "order_id": "o2" }], "next_cursor": null });
    assert_eq!(
        (&preview["open_inquiries"], &preview["opt_in"]["outcome"]),
        (&stays, &json!("already_in")),
        "{preview}"
    );
    assert_eq!((&preview["trial"]["days_left"], &preview["forecast"]["rate_of"]), (&json!(90), &json!("2026Q4")));
    assert!(!preview.to_string().contains("CANARY"), "INQ-5: {preview}");
    let out = told.as_seller("POST", "/enrollment/opt-out", json!({})).await.body;
    assert_eq!(out["periods"][0]["ended_at"], preview["opt_out"]["ends_at"], "{out}");

    let preview = told.as_seller("GET", "/enrollment/preview", Json::Null).await.body;
    assert_eq!(
        (&preview["open_inquiries"], &preview["opt_out"]),
        (&stays, &json!({ "outcome": "not_in" })),
        "{preview}"
    );
    assert_eq!(told.seen(&open).await["status"], "working", "and it is still worked on");
    let back = told.as_seller("POST", "/enrollment/opt-in", json!({})).await.body;
    assert_eq!(json!({ "outcome": "would_start", "starts_at": back["starts_at"] }), preview["opt_in"], "{back}");
    assert_eq!(back["trial"]["ends_at"], preview["trial"]["ends_at"]);
}
