//! What mails cost that do not go out, and what is reported of those that did.

use super::{CHANGE, GET, Row};

use super::tour::Tour;
use crate::stories::wishes::{ANN, chosen, ending};
use serde_json::{Value as Json, json};
use world::browser::Browser;

/// The steps of mails; the tour's ways out make them.
pub const TABLE: &[Row] = &[
    ("mail sent again", "notice-sender", "BatchGetItem", "A message for a notice that has ended costs the read."),
    (
        "mail to a suppressed address",
        "notice-sender",
        "BatchGetItem TransactWriteItems PutItem",
        "To a suppressed address it is the write and no mail.",
    ),
    ("mail that nobody wants", "notice-sender", "BatchGetItem PutItem", "so it is where the mail is not wanted"),
    (
        "mail for a digest",
        "notice-sender",
        "BatchGetItem TransactWriteItems",
        "so it is where the mail is not wanted, or wanted in a digest",
    ),
    (
        "day of a digest over",
        "sla-clock",
        "TransactWriteItems",
        "| the day of a digest over | | that it is closed, mail |",
    ),
    (
        "day of a digest over",
        "notice-sender",
        "BatchGetItem Query TransactWriteItems SendRawEmail PutItem",
        "A digest costs one query more.",
    ),
    (
        "delivery reported",
        "mail-feedback",
        "GetItem PutItem",
        "one `GetItem` (how the notice stands) and one `PutItem`",
    ),
    ("delivery reported again", "mail-feedback", GET, "An event that says nothing new costs the read."),
    ("bounce reported", "mail-feedback", CHANGE, "one transaction in its place where the address is suppressed"),
];

/// The steps of the link that ends mails: nobody asks who its users are, since no token is asked for.
pub const LINKED: &[Row] = &[
    ("mail to be ended looked at", "account-api", GET, "The link of a mail costs what that of an invitation does."),
    ("mail ended", "account-api", CHANGE, "The link of a mail costs what that of an invitation does."),
    ("mail ended again", "account-api", GET, "The link of a mail costs what that of an invitation does."),
    (
        "mail ended on its page",
        "unsubscribe-page",
        "GetItem GetItem TransactWriteItems",
        "looking and ending cost what `account-api` says",
    ),
];

/// What users want mailed, and how they end it by the link of a mail. `bo` may see the Case Log, and all is left as it was.
pub async fn wishes(tour: &mut Tour) {
    let decision = |id: &str| {
        json!({ "id": id, "store": "US", "to": "seller", "seller": "s1", "notice": "decided", "order": "o1",
            "decision": { "kind": "decline", "amount": null } })
    };
    assert_eq!(chosen(&mut tour.told, "bo", json!({ "decided": "each" })).await.status, 200);
    tour.forget();
    tour.told.world.cloud.send("NoticesQueue", decision("n-copied").to_string());
    tour.told.world.settle().await;
    tour.step("mail with a copy");
    assert_eq!(chosen(&mut tour.told, ANN, json!({ "decided": "never" })).await.status, 200);
    assert_eq!(chosen(&mut tour.told, "bo", json!({ "decided": "never" })).await.status, 200);
    tour.forget();
    tour.told.world.cloud.send("NoticesQueue", decision("n-unwanted").to_string());
    tour.told.world.settle().await;
    tour.step("mail that nobody wants");
    assert_eq!(chosen(&mut tour.told, ANN, json!({ "decided": "daily" })).await.status, 200);
    tour.forget();
    tour.told.world.cloud.send("NoticesQueue", decision("n-gathered").to_string());
    tour.told.world.settle().await;
    tour.step("mail for a digest");
    let before = tour.told.world.now();
    tour.rings("day of a digest over", "digest#*").await;

    let link = ending(&tour.told, "s1@sellers.example");
    let none = || Json::Null;
    tour.forget();
    assert_eq!(tour.told.world.request("GET", &link, none(), "", "").await.status, 200);
    tour.step("mail to be ended looked at");
    for step in ["mail ended", "mail ended again"] {
        assert_eq!(tour.told.world.request("POST", &link, none(), "", "").await.status, 200);
        tour.step(step);
    }
    assert_eq!(chosen(&mut tour.told, ANN, json!({ "decided": "daily" })).await.status, 200);
    tour.forget();
    let page = link.replacen("/v1/mail", "", 1);
    let ended = Browser::default().once(&tour.told.world, "POST", &page, "List-Unsubscribe=One-Click").await;
    assert_eq!(ended.status, 200, "{}", ended.html);
    tour.step("mail ended on its page");
    assert_eq!(chosen(&mut tour.told, ANN, json!({ "decided": "each" })).await.status, 200);
    assert_eq!(tour.told.world.now(), before);
}
