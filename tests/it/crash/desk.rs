//! The paths of the desk: what an associate does with an inquiry, and what follows from a decision.

use super::paths::{Trigger, by_associate, by_seller, clock, facts_of, ordered, wait_until};
use crate::stories::{surveys, told::Told};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

pub async fn desk(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    if path == "claim" {
        told.contact("k1", Some("o1"), "late_delivery").await;
        let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
        return by_associate(told, &inquiry, "claim", &json!({}));
    }
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    match path {
        "topic chosen" => by_associate(told, &inquiry, "topic", &json!({ "topic": "quality" })),
        "topic chosen that is not ours" => by_associate(told, &inquiry, "topic", &json!({ "topic": "invoice" })),
        "answer" => by_associate(told, &inquiry, "answer", &json!({ "message": "We look into it." })),
        "answer made of a macro" => {
            let slots = json!({ "carrier": "UPS", "tracking_number": "1Z999", "place": "Oakland, the big depot" });
            by_associate(told, &inquiry, "answer", &json!({ "macro": "parcel_is_there", "slots": slots }))
        }
        "seller asked" => by_associate(told, &inquiry, "requests", &json!({ "kind": "free_text", "text": "When?" })),
        _ => by_associate(told, &inquiry, "decision", &json!({ "kind": "decline", "reason": "on_its_way" })),
    }
}

/// A refund was decided; what becomes of it, or another decision in another inquiry about the same units.
pub async fn decided(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let inquiry = told.inquiry("k1", "o1", "defective").await;
    let refund = json!({ "kind": "refund_partial", "reason": "defective", "amount_minor": 999 });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), refund).await.body;
    let decision = decided["id"].as_str().unwrap();
    match path {
        "refund issued" => facts_of(vec![world::facts::refunded("o1", "s1", decision, 999, told.just_now())]),
        "refund overdue" => {
            told.world.fact(world::facts::returned("o1", "s1", [1, 2], "used", told.just_now())).await;
            wait_until(told, told.world.now() + TimeDelta::days(6));
            clock(told, "refund_due#", "")
        }
        "return received" => facts_of(vec![world::facts::returned("o1", "s1", [1, 2], "used", told.just_now())]),
        _ => {
            let another = told.inquiry("k2", "o1", "replacement_request").await;
            let body = json!({ "kind": "replacement", "reason": "defective", "supersedes": [decision] });
            by_associate(told, &another, "decision", &body)
        }
    }
}

/// A return to a seller in China was authorised.
pub async fn abroad(told: &mut Told, path: &str) -> Trigger {
    let mut seller = told.registered();
    seller["address_country"] = json!("CN");
    told.world.fact(seller).await;
    told.world.pass(TimeDelta::minutes(20)).await;
    let mut placed = told.placed("o1", "seller", told.just_now());
    placed["lines"][0]["unit_price_minor"] =
        json!(if path == "return of a dear thing without a way" { 2_501 } else { 2_500 });
    told.world.fact(placed).await;
    let inquiry = told.inquiry("k1", "o1", "return_request").await;
    let authorised = json!({ "kind": "return_authorised", "reason": "changed_mind" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), authorised).await.body;
    if path == "way back named" {
        let way = format!("/decisions/{}/return-method", decided["id"].as_str().unwrap());
        return by_seller(told, &way, &json!({ "method": "refund_without_return" }));
    }
    wait_until(told, told.world.now() + TimeDelta::days(6));
    clock(told, "return_method#", "#due")
}

/// A matter that was resolved a day ago.
pub async fn survey(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    surveys::resolved(told, "k1", "o1").await;
    let due = told.world.now() + TimeDelta::hours(24);
    if path == "survey due" {
        wait_until(told, due);
        return clock(told, "survey#", "");
    }
    told.world.pass_to(due).await;
    let body = json!({ "score": 4, "comment": "CANARY, it came" }).to_string();
    let (package, event) = told.world.event("POST", &surveys::link(told), &Json::Null, "", &body);
    Trigger::Request(package, event)
}
