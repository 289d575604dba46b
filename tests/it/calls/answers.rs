//! What an answer by mail costs, and that it bounced.

use super::{ANSWERABLE, Row, tour::Tour};
use domain::mail::Fate;
use serde_json::json;
use world::facts;

/// The steps of it.
pub const TABLE: &[Row] = &[
    (
        "answer mailed",
        "notice-sender",
        ANSWERABLE,
        "one write of how it ended; where it may be answered, that is a transaction with the name by which it is found then",
    ),
    (
        "answer bounced",
        "mail-feedback",
        "GetItem Query GetItem GetItem TransactWriteItems",
        "finds the inquiry by one query and one `GetItem`, and its thread by another",
    ),
    (
        "inquiry with an answer read",
        "desk-api",
        "Query Query Query BatchGetItem",
        "one `BatchGetItem` (order, what was given, words, transfers, requests, mails of answers,",
    ),
];

/// An answer to an address that is no more.
pub async fn answers(tour: &mut Tour) {
    tour.told.world.fact(tour.told.placed("o-mail", "seller", tour.told.just_now())).await;
    let mut contact = facts::contact("k-mail", "email", Some("o-mail"), "s1", "late_delivery");
    contact["customer"]["email"] = json!("moved@customers.example");
    let claims = facts::marketplace();
    let taken = tour.told.world.request("POST", "/v1/stores/US/contacts", claims, "k-mail", &contact.to_string()).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    let inquiry = tour.told.went("k-mail").await["inquiry_id"].as_str().unwrap().to_owned();
    tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    tour.forget();
    let answer = json!({ "message": "It left on Monday, by UPS." });
    let answered = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    tour.step("answer mailed");
    let mail = tour.told.world.mails_to("moved@customers.example").pop().unwrap();
    tour.told.reported(&mail, Fate::HardBounced).await;
    tour.step("answer bounced");
    assert_eq!(tour.told.seen(&inquiry).await["status"], "open");
    tour.step("inquiry with an answer read");
}
