//! Stories of answers that go by mail: what the customer reads, where its reply goes, and what comes of one that bounces.

use crate::stories::told::{Told, subjects};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use shell::reply::{self, Answered};
use world::cloud::Mail;

const CUSTOMER: &str = "c1@customers.example";
const SAID: &str = "It left on Monday, by UPS.\nLook for <1Z999> there.";

/// An associate says this to the customer.
async fn says(told: &mut Told, inquiry: &str, answer: Json) {
    let answered = told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
}

/// The mail of each answer as the desk sees it.
async fn mails(told: &mut Told, inquiry: &str) -> Vec<Json> {
    let seen = told.seen(inquiry).await;
    seen["answers"].as_array().unwrap().iter().map(|answer| answer["mail"].clone()).collect()
}

/// A customer asks by e-mail and is answered.
async fn told_by_mail(told: &mut Told) -> (String, Mail) {
    told.enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    says(told, &inquiry, json!({ "message": SAID })).await;
    let [mail] = <[Mail; 1]>::try_from(told.world.mails_to(CUSTOMER)).unwrap();
    (inquiry, mail)
}

/// The associate's words reach the customer, and what it writes back finds its matter.
pub async fn mailed(told: &mut Told) {
    let (inquiry, mail) = told_by_mail(told).await;
    assert_eq!(mail.subject(), "Your question about order o1");
    let raw = mail.raw.replace("=\r\n", "").replace("\r\n", "\n").replace("=3D", "=");
    assert!(raw.contains(&format!("Customer Service answers on behalf of the seller:\n\n{SAID}\n")), "{raw}");
    assert!(raw.contains("by UPS.<br>Look for &#60;1Z999&#62; there.</p>"), "{raw}");
    assert!(!raw.contains("Auto-Submitted"), "N6: a person wrote it");
    let (_, reply_to) = raw.split_once("Reply-To: <").unwrap();
    let (reply_to, _) = reply_to.split_once('>').unwrap();
    assert!(reply_to.ends_with("@mail.marketplace.example"), "{reply_to}");
    let shell = told.world.shell("notice-sender");
    let about = reply::answered(&shell.links, &shell.store, &shell.book, reply_to).await.unwrap();
    assert_eq!(about, Some(Answered::Inquiry("US".parse().unwrap(), inquiry.parse().unwrap())));

    let found = told.world.items("OutboxTable");
    let by_name = found.iter().find(|item| item["pk"]["S"] == format!("MAILED#{}", mail.id).as_str()).unwrap();
    assert_eq!(
        by_name["state"]["M"]["inquiry"]["L"],
        json!([{ "S": "US" }, { "S": inquiry }]),
        "by the name SES gave it"
    );
    assert!(!found.iter().any(|item| item.to_string().contains("1Z999")), "INQ-5: no word of it is in the Outbox");

    assert_eq!(mails(told, &inquiry).await, [json!({ "state": "sent" })]);
    told.reported(&mail, Fate::Delivered).await;
    assert_eq!(mails(told, &inquiry).await, [json!({ "state": "delivered" })]);

    told.world.pass(TimeDelta::minutes(1)).await;
    told.contact_by("phone", "k2", Some("o1"), "late_delivery").await;
    says(told, &inquiry, json!({ "message": "We have told you on the phone.", "resolve": true })).await;
    assert_eq!(mails(told, &inquiry).await, [json!({ "state": "delivered" }), Json::Null]);
    let subjects = subjects(told, CUSTOMER);
    assert_eq!(subjects, ["What we have done about your order o1", "Your question about order o1"]);
}

/// The last word is the answer, and no other mail says that it was given.
pub async fn resolved(told: &mut Told) {
    let (inquiry, _) = told_by_mail(told).await;
    told.world.pass(TimeDelta::minutes(1)).await;
    told.contact("k2", Some("o1"), "late_delivery").await;
    says(told, &inquiry, json!({ "message": "It is in your post office.", "resolve": true })).await;
    assert_eq!(told.seen(&inquiry).await["status"], "resolved");
    assert_eq!(subjects(told, CUSTOMER), ["Your question about order o1"; 2]);
    let last = told.world.mails_to(CUSTOMER).pop().unwrap();
    assert!(last.raw.contains("It is in your post office."));
    told.reported(&last, Fate::SoftBounced).await;
    assert_eq!(mails(told, &inquiry).await[1], json!({ "state": "bounced", "why": "soft_bounced" }));
    assert_eq!(told.seen(&inquiry).await["status"], "resolved", "another day the address may do");
    told.reported(&last, Fate::HardBounced).await;
    assert_eq!(told.seen(&inquiry).await["status"], "open");
}

/// RTE-6: its seller has written to the customer meanwhile, so what bounces brings nothing back.
pub async fn taken_over(told: &mut Told) {
    let (inquiry, _) = told_by_mail(told).await;
    told.world.pass(TimeDelta::minutes(1)).await;
    told.contact("k2", Some("o1"), "late_delivery").await;
    says(told, &inquiry, json!({ "message": "It is in your post office.", "resolve": true })).await;
    let last = told.world.mails_to(CUSTOMER).pop().unwrap();
    told.world.fact(told.took_over("o1", "late_delivery")).await;
    told.reported(&last, Fate::HardBounced).await;
    assert_eq!(told.seen(&inquiry).await["status"], "resolved");
    assert_eq!(mails(told, &inquiry).await[1], json!({ "state": "bounced", "why": "hard_bounced" }));
}

/// An answer bounces for good: its inquiry is back in the queue, at its head, with why, and once.
pub async fn bounced(told: &mut Told) {
    let (inquiry, mail) = told_by_mail(told).await;
    let promised = told.seen(&inquiry).await["resolution_due"].clone();
    told.world.pass(TimeDelta::hours(1)).await;
    for _ in 0..2 {
        told.reported(&mail, Fate::HardBounced).await;
        told.reported(&mail, Fate::Delayed).await;
    }
    let seen = told.seen(&inquiry).await;
    assert_eq!(
        (&seen["status"], &seen["judgement_owed"], &seen["ball"]),
        (&json!("open"), &json!(true), &json!("service"))
    );
    assert_ne!(seen["resolution_due"], promised, "INQ-3: an hour later, since the customer had the next word");
    let back: Vec<_> =
        seen["history"].as_array().unwrap().iter().filter(|row| row["event"]["event"] == "recalled").collect();
    assert_eq!((back.len(), &back[0]["event"]["why"]), (1, &json!("answer_bounced")), "{seen}");
    assert_eq!(mails(told, &inquiry).await, [json!({ "state": "bounced", "why": "hard_bounced" })]);
    let queue = told.as_associate("GET", "/queue", Json::Null).await.body;
    assert_eq!(queue["inquiries"][0]["inquiry_id"], inquiry.as_str());

    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    told.reported(&mail, Fate::HardBounced).await;
    assert_eq!(told.seen(&inquiry).await["status"], "working", "it was brought back for that before");
    says(told, &inquiry, json!({ "message": "We try once more to reach you." })).await;
    assert_eq!(mails(told, &inquiry).await[1], json!({ "state": "suppressed" }), "N4");
    assert_eq!(told.world.mails_to(CUSTOMER).len(), 1);
}
