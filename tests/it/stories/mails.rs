//! Stories of mails: what SES says of one later, and who is not mailed any more.

use crate::stories::told::Told;
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};

const SELLER: &str = "s1@sellers.example";
const MOVED: &str = "mail@s1.example";

/// The first mail to the seller bounces after all; what is owed next is not sent there, and goes to its next address.
pub async fn bounced(told: &mut Told) {
    told.enrolled().await;
    let first = told.world.mails_to(SELLER).swap_remove(0);
    told.reported(&first, Fate::Delivered).await;
    told.reported(&first, Fate::HardBounced).await;
    assert_eq!(told.notice(&first.notice)["became"]["M"]["fate"]["S"], "hard_bounced");

    let mail = told.as_seller("GET", "/mail", Json::Null).await.body;
    assert_eq!((&mail["email"], &mail["suppressed"]["because"]), (&json!(SELLER), &json!("hard_bounced")), "{mail}");

    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    told.asked(&inquiry).await;
    assert_eq!(told.world.mails_to(SELLER).len(), 1, "N4: nothing more goes there");

    let mut moved = told.registered();
    moved["type"] = json!("seller_changed");
    moved["email"] = json!(MOVED);
    told.world.fact(moved).await;
    let mail = told.as_seller("GET", "/mail", Json::Null).await.body;
    let reached = (&mail["email"], &mail["suppressed"]);
    assert_eq!(reached, (&json!(MOVED), &Json::Null), "another address is another matter: {mail}");
    told.world.pass(TimeDelta::hours(12)).await;
    let reminders = told.world.mails_to(MOVED);
    assert_eq!((reminders.len(), told.world.mails_to(SELLER).len()), (1, 1), "the reminder finds the new address");
    told.reported(&reminders[0], Fate::Complained).await;
    told.world.pass(TimeDelta::hours(13)).await;
    assert_eq!(told.world.mails_to(MOVED).len(), 1, "N4: who complains is not mailed either");
}
