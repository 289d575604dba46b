//! The paths of mails that come in.

use super::paths::{Trigger, ordered};
use crate::stories::told::Told;
use world::{
    MAIL_HOST,
    receipts::{self, Incoming, PASSED, automatic, letter, with_files},
};

pub const PATHS: [&str; 5] = [
    "order forwarded by mail",
    "forwarded in vain",
    "question answered by mail",
    "customer answers by mail",
    "machine answers by mail",
];

pub async fn before(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let seller = "s1@sellers.example";
    let customer = "c1@customers.example";
    let (from, to) = match path {
        "order forwarded by mail" | "forwarded in vain" => (seller, format!("csba-ustous@{MAIL_HOST}")),
        "question answered by mail" => {
            let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
            let request = told.asked(&inquiry).await;
            (seller, told.reply_address(&format!("q-{request}")).await)
        }
        _ => {
            let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
            (customer, told.reply_address(&format!("i-{inquiry}")).await)
        }
    };
    let what = if path == "forwarded in vain" { "Where is it?" } else { "It is about o1." };
    let raw = match path {
        "machine answers by mail" => automatic(&letter("a", from, "Re", what)),
        "customer answers by mail" => with_files("a", from, what, &[("a.txt", "text/plain", b"proof")]),
        _ => letter("a", from, "Re", what),
    };
    let incoming = Incoming { raw: &raw, to: &[&to], source: from, found: PASSED };
    let name = told.world.kept_mail(&raw);
    Trigger::Messages("mail-intake", vec![receipts::of(&incoming, &name, told.just_now()).to_string()])
}
