//! What mails cost that come in.

use super::{Row, tour::Tour};
use serde_json::{Value as Json, json};
use world::{
    MAIL_HOST, facts,
    receipts::{Incoming, PASSED, letter, with_files},
};

/// The steps of it.
pub const TABLE: &[Row] = &[
    (
        "order forwarded by mail",
        "mail-intake",
        "GetItem GetObject BatchGetItem Query BatchGetItem BatchGetItem TransactWriteItems",
        "what came to it by mistake one `BatchGetItem` more (whether it is known)",
    ),
    (
        "order forwarded by mail again",
        "mail-intake",
        "GetItem GetObject BatchGetItem Query BatchGetItem BatchGetItem TransactWriteItems PutItem",
        "the same mail again is one `PutItem` more",
    ),
    (
        "nothing forwarded by mail",
        "mail-intake",
        "GetItem GetObject BatchGetItem Query BatchGetItem GetItem TransactWriteItems",
        "what the rules do not take is one `GetItem` more (whether they took it before)",
    ),
    (
        "question answered by mail",
        "mail-intake",
        "GetItem GetObject GetItem BatchGetItem Query BatchGetItem GetItem TransactWriteItems",
        "The first mail of a process to a signed address reads the keys of links",
    ),
    (
        "customer answers by mail",
        "mail-intake",
        "GetItem GetObject BatchGetItem Query TransactWriteItems",
        "a customer's answer is one query more (the inquiry's events)",
    ),
    (
        "customer sends two files by mail",
        "mail-intake",
        "GetItem GetObject BatchGetItem Query PutObject PutObject TransactWriteItems",
        "and one request to S3 for each file that it brings",
    ),
    (
        "file of a mail read at the desk",
        "desk-api",
        "Query BatchGetItem",
        "one to a file of a customer's mail one query and one `BatchGetItem`",
    ),
    (
        "spam",
        "mail-intake",
        "GetItem GetObject BatchGetItem TransactWriteItems",
        "One that is kept for its verdicts alone is the first three and the transaction",
    ),
    (
        "customer answers by mail, to no address of ours",
        "mail-intake",
        "GetItem GetObject BatchGetItem BatchGetItem Query TransactWriteItems",
        "where no address says to whom a mail is, and it answers some, one `BatchGetItem` more",
    ),
    ("mails not taken read", "desk-lead", "Query", "mails that led to nothing are one query"),
    ("mail told again", "mail-intake", "GetItem", "one `GetItem` (whether it came before)"),
];

/// A seller forwards what is not its own, answers a question, and a customer answers.
pub async fn mails_in(tour: &mut Tour) {
    let seller = "s1@sellers.example";
    tour.told.world.fact(tour.told.placed("702-1112223", "seller", tour.told.just_now())).await;
    let box_of_us = format!("csba-ustous@{MAIL_HOST}");
    let forwarded = letter("tour-a", seller, "Fwd", "It is about 702-1112223.");
    let nothing = letter("tour-b", seller, "Fwd", "It is about something.");
    for (name, raw) in [
        ("order forwarded by mail", &forwarded),
        ("order forwarded by mail again", &forwarded),
        ("nothing forwarded by mail", &nothing),
    ] {
        tour.forget();
        tour.told.world.mail_in(&Incoming { raw, to: &[&box_of_us], source: seller, found: PASSED }).await;
        tour.step(name);
    }
    let inquiry = tour.told.inquiry("k-by-mail", "702-1112223", "damaged_item").await;
    let request = tour.told.asked(&inquiry).await;
    let request = tour.told.reply_address(&format!("q-{request}")).await;
    let known = inquiry.clone();
    let inquiry = tour.told.reply_address(&format!("i-{inquiry}")).await;
    tour.forget();
    for (name, id, to, found) in [
        ("question answered by mail", "tour-c", &request, PASSED),
        ("customer answers by mail", "tour-d", &inquiry, PASSED),
        ("spam", "tour-e", &inquiry, ["FAIL"; 5]),
    ] {
        let raw = letter(id, seller, "Fwd", "It is broken.");
        tour.told.world.mail_in(&Incoming { raw: &raw, to: &[to], source: seller, found }).await;
        tour.step(name);
    }
    let files: [(&str, &str, &[u8]); 2] = [("a.txt", "text/plain", b"a"), ("b.txt", "text/plain", b"b")];
    let raw = with_files("tour-g", "c1@customers.example", "See here.", &files);
    tour.forget();
    let incoming = Incoming { raw: &raw, to: &[&inquiry], source: "c1@customers.example", found: PASSED };
    tour.told.world.mail_in(&incoming).await;
    tour.step("customer sends two files by mail");
    let seen = tour.told.seen(&known).await;
    let contact = seen["customer"].as_array().unwrap().iter().find(|said| !said["mail"]["files"][0].is_null()).unwrap();
    let contact = contact["contact_id"].as_str().unwrap().to_owned();
    tour.forget();
    tour.told.as_associate("GET", &format!("/inquiries/{known}/contacts/{contact}/files/2"), Json::Null).await;
    tour.step("file of a mail read at the desk");
    let sent = tour.told.world.mails_to("moved@customers.example").pop().unwrap();
    let raw = letter("tour-f", "moved@customers.example", "Re", "It came today.");
    let raw = format!("In-Reply-To: <{}@eu-west-1.amazonses.com>\r\n{raw}", sent.id);
    let to: &[&str] = &[&format!("service@{MAIL_HOST}")];
    tour.told.world.mail_in(&Incoming { raw: &raw, to, source: "moved@customers.example", found: PASSED }).await;
    tour.step("customer answers by mail, to no address of ours");
    let kept = tour.told.world.request("GET", "/v1/stores/US/desk/mails", facts::lead("lin"), "", "").await.body;
    assert_eq!(kept["mails"].as_array().unwrap().len(), 2, "{kept}");
    tour.step("mails not taken read");
    let receipt = json!({ "timestamp": tour.told.just_now(), "recipients": [box_of_us],
        "action": { "type": "S3", "objectKey": "in-000000" } });
    let told = json!({ "notificationType": "Received", "mail": { "messageId": "in-000000" }, "receipt": receipt });
    tour.told.world.cloud.send("MailsQueue", told.to_string());
    tour.told.world.settle().await;
    tour.step("mail told again");
}
