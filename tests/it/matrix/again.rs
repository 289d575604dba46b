//! Row 10: what arrives in another order than it happened.

use super::cells;
use crate::{
    crash::{paused, run::batch},
    stories::told::Told,
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{
    faults::{Fault, Kind},
    functions,
};

async fn enrolled() -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    told
}

/// A seller leaves while the marketplace suspends it: whoever writes second has decided on a version that is gone, and
/// decides again. Its period ends once, whichever comes first.
async fn a_decision_on_an_old_version_is_taken_again() {
    let told = enrolled().await;
    let world = &told.world;
    let mut suspended = told.registered();
    suspended["type"] = json!("seller_changed");
    suspended["standing"] = json!("suspended");
    let body = [("m0".to_owned(), suspended.to_string())];
    let claims = json!({ "sub": "u", "seller_id": "s1" });
    let request = world.event("POST", "/v1/stores/US/enrollment/opt-out", &claims, "k", "{}").1;
    let out = async || {
        let event = serde_json::from_value(request.clone()).unwrap();
        functions::http("enrollment-api", world.shell("enrollment-api"), event).await.status_code
    };
    let change = async || {
        let event = batch(&body, world.now(), 1);
        let response = functions::queue("marketplace-intake", world.shell("marketplace-intake"), event).await;
        response.unwrap().batch_item_failures.len()
    };
    let kept = world.cloud.kept();
    for call in [0, 1] {
        for out_first in [true, false] {
            world.cloud.put_back(&kept);
            world.cloud.faults.begin(&[Fault { call, kind: Kind::HoldBefore, every: true }]);
            let ended = if out_first {
                tokio::join!(out(), async {
                    world.cloud.faults.held().await;
                    let ended = change().await;
                    world.cloud.faults.let_go();
                    ended
                })
            } else {
                let (changed, status) = tokio::join!(change(), async {
                    world.cloud.faults.held().await;
                    let status = out().await;
                    world.cloud.faults.let_go();
                    status
                });
                (status, changed)
            };
            world.cloud.faults.end();
            assert_eq!(ended, (200, 0), "both are done");
            let items = world.items("SellersTable");
            let seller = items.iter().find(|item| item["sk"]["S"] == "SELLER").unwrap();
            let periods = seller["state"]["M"]["periods"]["L"].as_array().unwrap();
            assert_eq!(periods.len(), 1, "{periods:?}");
            let events = items.iter().filter_map(|item| item.pointer("/state/M/event/M/event/S")?.as_str());
            assert_eq!(events.filter(|event| *event == "left").count(), 1, "it leaves once");
            assert_eq!(seller["state"]["M"]["facts"]["M"]["standing"]["S"], "suspended", "nothing is lost");
        }
    }
}

fn contact(told: &Told, order: &str) -> String {
    json!({ "id": "k1", "store": "US", "customer": "c1", "channel": "email", "language": "en", "mailable": true,
        "seller": "s1", "subject": { "order": order, "items": ["1"] }, "topic": "late_delivery",
        "received_at": told.world.now() })
    .to_string()
}

/// Delivers one message for the n-th time; whether it comes again.
async fn again(told: &Told, package: &str, body: &str, deliveries: u32) -> bool {
    let sent = told.world.now() - TimeDelta::minutes(3) * (deliveries.cast_signed() - 1);
    let event = batch(&[("m0".to_owned(), body.to_owned())], sent, deliveries);
    functions::queue(package, told.world.shell(package), event).await.is_err()
}

/// Waits, and is parked with its reason at the fourth delivery; nothing else is left of it.
async fn waits_and_is_parked(package: &str, body: &str, reason: &str) {
    let told = enrolled().await;
    let before = (told.world.left_behind(), told.world.items("OnceTable"));
    for delivery in 1..=3 {
        assert!(again(&told, package, body, delivery).await, "{reason}: it waits");
        assert_eq!(told.world.parked(), Vec::<String>::new());
    }
    assert!(!again(&told, package, body, 4).await, "before the queue gives it up");
    assert_eq!(told.world.parked(), [reason]);
    assert_eq!((told.world.left_behind(), told.world.items("OnceTable")), before, "{reason}: nothing else");
}

async fn a_contact_before_its_order() {
    let mut told = enrolled().await;
    let body = contact(&told, "o1");
    assert!(again(&told, "contact-router", &body, 1).await);
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    assert!(!again(&told, "contact-router", &body, 2).await);
    assert_eq!(told.went("k1").await["reason"], "covered");
    waits_and_is_parked(
        "contact-router",
        &contact(&told, "o9"),
        "unknown_order: Order o9 is not known (yet): send this again once it is.",
    )
    .await;
}

/// S4, S8: the reply was taken at the gateway so long before or after the deadline, and looked at before or after the
/// silence was noticed.
async fn reply_and_expiry_cross() {
    for (offset, in_time) in [(-1, true), (0, true), (1, false)] {
        for reply_first in [true, false] {
            let mut told = enrolled().await;
            let mut order = told.placed("o1", "seller", told.just_now());
            order["lines"][0]["unit_price_minor"] = json!(90_000);
            told.world.fact(order).await;
            let inquiry = told.inquiry("k1", "o1", "quality").await;
            let request = told.asked(&inquiry).await;
            let due = told.world.now() + TimeDelta::hours(24);
            let received = due + TimeDelta::milliseconds(offset);
            told.world.cloud.set_now((due + TimeDelta::seconds(60)).timestamp_millis());
            let path = format!("/v1/stores/US/case-log/{request}/reply");
            let claims = json!({ "sub": "u", "seller_id": "s1" });
            let body = json!({ "text": "On Monday." }).to_string();
            let mut event = told.world.event("POST", &path, &claims, "the-reply", &body).1;
            event["requestContext"]["timeEpoch"] = json!(received.timestamp_millis());
            let reply = async |told: &Told| {
                let event = serde_json::from_value(event.clone()).unwrap();
                functions::http("case-log-api", told.world.shell("case-log-api"), event).await.status_code
            };
            let expire = async |told: &mut Told| {
                told.world.tick("sla-sweep").await;
                told.world.settle().await;
            };
            let status = if reply_first {
                let status = reply(&told).await;
                expire(&mut told).await;
                status
            } else {
                expire(&mut told).await;
                reply(&told).await
            };
            let what = format!("{offset} ms, reply first: {reply_first}");
            assert_eq!(status, 200, "S8: it is kept: {what}");
            let seen = told.request(&request).await;
            assert_eq!(seen["reply"]["late"], !in_time, "S4: {what}: {seen}");
            assert_eq!(seen["state"], if reply_first { "answered" } else { "expired" }, "S8: {what}: {seen}");
            assert_eq!(seen["reply"]["text"], "On Monday.");
            assert_eq!(told.world.parked(), Vec::<String>::new(), "{what}");
        }
    }
}

/// Two notices of one request, the later first.
async fn notices_reversed() {
    let mut mails = Vec::new();
    for reversed in [false, true] {
        let told = enrolled().await;
        let notice = |id: &str, hours: i64| {
            json!({ "id": id, "store": "US", "to": "seller", "seller": "s1", "notice": "request_reminder", "request": "r1",
                "order": "o1", "due_at": told.world.now(), "hours_left": hours })
            .to_string()
        };
        let mut bodies = vec![("a".to_owned(), notice("n12", 12)), ("b".to_owned(), notice("n4", 4))];
        if reversed {
            bodies.reverse();
        }
        let event = batch(&bodies, told.world.now(), 1);
        let ended = functions::queue("notice-sender", told.world.shell("notice-sender"), event).await.unwrap();
        assert_eq!(ended.batch_item_failures.len(), 0);
        let mut sent: Vec<_> = told.world.mails_to("s1@sellers.example").iter().map(|mail| mail.raw.clone()).collect();
        sent.sort();
        mails.push(sent);
    }
    assert!(mails[0].len() >= 2 && mails[0] == mails[1], "each once, with the same bytes: {}", mails[0].len());
}

/// F6: every order of the four facts of an order.
async fn every_order_of_an_orders_facts() {
    let orders: Vec<[usize; 4]> = (0..256)
        .map(|n| [n % 4, n / 4 % 4, n / 16 % 4, n / 64])
        .filter(|order| (0..4).all(|fact| order.contains(&fact)))
        .collect();
    let mut told = enrolled().await;
    let facts = [
        told.placed("o1", "seller", told.just_now()),
        told.shipped("o1"),
        told.scanned("o1"),
        told.took_over("o1", "quality"),
    ];
    let kept = told.world.cloud.kept();
    let mut first: Option<BTreeMap<String, Json>> = None;
    for order in &orders {
        told.world.cloud.put_back(&kept);
        told.world.facts(order.map(|n| facts[n].clone())).await;
        assert_eq!((told.world.parked(), told.world.dead()), (Vec::new(), &[][..]), "{order:?}");
        let left = told.world.left_behind();
        assert_eq!(first.get_or_insert_with(|| left.clone()), &left, "{order:?}");
    }
    assert_eq!(orders.len(), 24);
    for (fact, reason) in [
        (told.shipped("o9"), "unknown_order: Order o9 is not known (yet): send this again once it is."),
        (told.scanned("o9"), "unknown_order: Order o9 is not known (yet): send this again once it is."),
        (told.took_over("o9", "quality"), "unknown_order: Order o9 is not known (yet): send this again once it is."),
    ] {
        waits_and_is_parked("marketplace-intake", &fact.to_string(), reason).await;
    }
}

/// The stream brings the later entry first, and the sweep a third time.
async fn entries_reversed() {
    let mut left = Vec::new();
    for reversed in [false, true] {
        let mut told = enrolled().await;
        told.world.fact(told.placed("o1", "seller", told.just_now())).await;
        for contact in ["k1", "k2"] {
            let body = json!({ "contact_id": contact, "channel": "email", "customer": { "id": "c1" }, "order_id": "o1",
                "topic": "late_delivery", "message": "Where?" });
            let claims = json!({ "sub": "marketplace" });
            let event = told.world.event("POST", "/v1/stores/US/contacts", &claims, contact, &body.to_string()).1;
            let event = serde_json::from_value(event).unwrap();
            assert_eq!(functions::http("contact-api", told.world.shell("contact-api"), event).await.status_code, 202);
        }
        if reversed {
            world::cloud::locked(&told.world.cloud.stream).reverse();
        }
        told.world.settle().await;
        let (k1, k2) = (told.went("k1").await, told.went("k2").await);
        assert_eq!(k1["inquiry_id"], k2["inquiry_id"], "one matter");
        left.push((k1["owner"].clone(), k2["owner"].clone(), told.world.items("OutboxTable").len()));
    }
    assert_eq!(left[0], left[1]);
}

cells! {
    m10_enr_a_change_decided_on_a_version_that_is_gone_is_decided_again => {
        paused(a_decision_on_an_old_version_is_taken_again());
    };
    m10_rte_a_contact_before_its_order_waits_and_is_parked_if_it_never_comes => paused(a_contact_before_its_order());
    m10_swp_a_reply_that_crosses_the_expiry_is_kept_and_judged_by_the_gateway_s_time => paused(reply_and_expiry_cross());
    m10_ntf_notices_in_another_order_are_the_same_mails => paused(notices_reversed());
    m10_inb_reports_in_another_order_add_up_to_the_same => paused(super::feedback::in_every_order());
    m10_fee_every_order_of_the_facts_of_an_order_gives_one_ledger => paused(every_order_of_an_orders_facts());
    m10_rly_entries_in_another_order_leave_the_same => paused(entries_reversed());
}
