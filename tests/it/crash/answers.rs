//! The paths of an answer's mail: it is sent, it waits, it is reported before its sender knew, and it bounces.

use super::paths::{Trigger, by_associate, notices, ordered, unrelayed};
use crate::stories::told::Told;
use domain::mail::Fate;
use serde_json::json;
use world::{
    faults::{Fault, Kind},
    reports,
};

/// Each path of answers.
pub const PATHS: [&str; 4] =
    ["mail of an answer", "mail of an answer that waits", "answer delivered early", "answer bounced"];

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let said = json!({ "message": "It left on Monday, by UPS." });
    if path == "answer bounced" {
        let answered = told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), said).await;
        assert_eq!(answered.status, 200, "{}", answered.body);
        return reported(told, Fate::HardBounced);
    }
    let images = unrelayed(told, by_associate(told, &inquiry, "answer", &said)).await;
    let mail = notices(&images);
    let Trigger::Messages(sender, bodies) = &mail else { panic!("messages") };
    // The first mail with an address to answer to makes the key that signs it: three calls between the read and the rest.
    let call = match path {
        "mail of an answer that waits" => 5,
        "answer delivered early" => 6,
        _ => return mail,
    };
    told.world.cloud.faults.begin(&[Fault { call, kind: Kind::Throttle, every: true }]);
    let ended = told.deliver(sender, &bodies[0], 1).await;
    let made = told.world.cloud.faults.end();
    assert!(ended.is_err(), "{ended:?}");
    let failed = if path == "answer delivered early" { "TransactWriteItems" } else { "SendRawEmail" };
    assert_eq!(made[call], failed, "{made:?}");
    if path == "answer delivered early" { reported(told, Fate::Delivered) } else { mail }
}

/// SES says this of the answer's mail.
fn reported(told: &Told, fate: Fate) -> Trigger {
    let mail = told.world.mails_to("c1@customers.example").pop().unwrap();
    Trigger::Messages("mail-feedback", vec![reports::of(&mail, fate, told.just_now()).to_string()])
}
