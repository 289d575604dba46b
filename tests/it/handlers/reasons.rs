//! Why a message is parked, as whoever finds it reads it: which thing, what is wrong with it, and what to do.

use super::told;
use chrono::TimeDelta;
use serde_json::json;
use world::facts;

#[tokio::test]
async fn rte_10_a_fact_that_waited_in_vain_or_contradicts_what_is_known_says_so_of_its_thing_and_what_to_do() {
    let mut told = told().await;
    let ahead = told.world.now() + TimeDelta::minutes(50);
    let at = told.just_now();
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let refund = json!({ "kind": "refund_full", "reason": "damaged", "liable": "seller" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), refund).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    let decision = decided.body["id"].as_str().unwrap();
    for (fact, reason) in [
        (
            facts::placed("o3", "s1", 1, "seller", ahead),
            format!(
                "order_too_fresh: Order o3 is placed at {} and judged 15 seconds later at the earliest: send this again \
                 then.",
                ahead.to_rfc3339()
            ),
        ),
        (
            facts::changed("s9", "good", at),
            "unknown_seller: Seller s9 is not registered (yet): send this again once it is.".to_owned(),
        ),
        (
            facts::scanned("p-o1", "o1", at),
            "unknown_shipment: Shipment p-o1 of order o1 is not confirmed (yet): send this again once it is."
                .to_owned(),
        ),
        (
            facts::refunded("o1", "s1", "d-none", 100, at),
            "unknown_decision: This seller's part of the order has no decision d-none (yet): check the id, then send \
             this again."
                .to_owned(),
        ),
        (
            facts::refunded("o1", "s1", decision, 5_001, at),
            format!(
                "refund_above_decision: Decision {decision} gives less than 50.01 USD: no more than it gives is paid out \
                 by it."
            ),
        ),
        (
            facts::returned("o1", "s1", [3], "used", at),
            "unknown_unit: Order o1 has no unit 3 of item 1 by this seller.".to_owned(),
        ),
        (facts::contested("o1", "s2", "a_to_z", at), "unknown_unit: Seller s2 sells nothing in order o1.".to_owned()),
        (
            facts::took_over("o1", "s2", "quality", at),
            "unknown_unit: seller_id s2 sells nothing in this order".to_owned(),
        ),
    ] {
        let before = told.world.parked().len();
        told.world.fact(fact).await;
        let parked = told.world.parked();
        assert_eq!(parked.len(), before + 1, "{reason}: {parked:#?}");
        assert!(parked.contains(&reason), "{reason}: {parked:#?}");
    }
}

#[tokio::test]
async fn jdg_2_a_decision_is_refused_with_the_fact_that_is_against_it_and_what_would_do() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let path = format!("/inquiries/{inquiry}/decision");
    let refund = |reason: &str| json!({ "kind": "refund_full", "reason": reason, "liable": "seller" });
    for (reason, code, detail) in [
        (
            "returned",
            (409, "fact_missing"),
            "Not all of these units came back. So this reason does not fit: choose another one.",
        ),
        ("damaged", (200, ""), ""),
        (
            "damaged",
            (409, "not_open"),
            "This inquiry is resolved; it opens again when the customer writes about it in time.",
        ),
    ] {
        let reply = told.as_associate("POST", &path, refund(reason)).await;
        assert_eq!(reply.code(), code, "{}", reply.body);
        assert_eq!(reply.body["detail"].as_str().unwrap_or_default(), detail);
    }
}

#[tokio::test]
async fn a_mail_whose_bytes_are_gone_and_a_clock_that_always_rings_too_early_say_so() {
    let mut told = told().await;
    let receipt = json!({ "timestamp": told.just_now(), "recipients": ["csba-ustous@mail.marketplace.example"],
        "action": { "type": "S3", "objectKey": "in-none" } });
    let received = json!({ "notificationType": "Received", "mail": { "messageId": "in-none" }, "receipt": receipt });
    told.world.cloud.send("MailsQueue", received.to_string());
    told.world.settle().await;
    let gone = "unknown_mail: receipt.action.objectKey names no mail: it was deleted, or never kept";
    assert_eq!(told.world.parked(), [gone]);

    let inquiry = told.inquiry("k1", "o1", "quality").await;
    let request = told.asked(&inquiry).await;
    let due_at = told.request(&request).await["due_at"].as_str().unwrap().replace('Z', "+00:00");
    let early = json!({ "alarm": "request_expiry", "store": "US", "seller": "s1", "request": request });
    told.world.cloud.send("ClocksQueue", early.to_string());
    told.world.settle().await;
    let waits = format!("not_due: The seller has until {due_at}, and it is looked at after that.");
    assert!(told.world.parked().contains(&waits), "{:#?}", told.world.parked());
}
