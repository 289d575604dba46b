//! Which mails a seller's user wants, chosen at home by a form and ended by the link of a mail, without signing in.

use super::{asked, of_s1};
use crate::stories::{
    told::{Told, subjects},
    users::user,
    wishes::ending_hand_overs,
};
use serde_json::Value as Json;
use world::browser::{Browser, Seen};

const HOME: &str = "/stores/US/enrollment";
const SELLER: &str = "s1@sellers.example";

/// Whether home offers this choice of a kind as the one that is taken.
fn is_taken(home: &Seen, kind: &str, choice: &str) -> bool {
    let (_, select) = home.html.split_once(&format!("name=\"mail.{kind}\">")).expect("a choice of this kind");
    let (select, _) = select.split_once("</select>").expect("a list of choices");
    select.contains(&format!("<option value=\"{choice}\" selected>"))
}

async fn version(told: &mut Told) -> String {
    user(told, "user-of-s1", "GET", "/mail", Json::Null).await.body["version"].to_string()
}

async fn refunded(told: &mut Told, order: &str) -> usize {
    told.world.fact(told.placed(order, "seller", told.just_now())).await;
    told.refunded(order, "damaged").await;
    subjects(told, SELLER).iter().filter(|subject| subject.contains(order)).count()
}

#[tokio::test]
async fn ntf_1_what_is_chosen_at_home_is_mailed_and_what_another_changed_meanwhile_is_not_written_over() {
    let (mut told, _) = asked().await;
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, HOME).await;
    assert!(is_taken(&home, "decided", "each"), "{}", home.html);
    assert!(!home.html.contains("name=\"mail.request_opened\""), "what must arrive cannot be chosen: {}", home.html);
    assert_eq!(refunded(&mut told, "o2").await, 1);

    let seen = version(&mut told).await;
    let choice = [("version", seen.as_str()), ("mail.decided", "never")];
    let chosen = browser.send(&mut told.world, "/stores/US/mail", &choice).await;
    assert_eq!((chosen.status, chosen.place.as_str()), (200, "/stores/US/enrollment?done=1"), "{}", chosen.html);
    assert!(is_taken(&chosen, "decided", "never"), "{}", chosen.html);
    assert_eq!(refunded(&mut told, "o3").await, 0);

    let late = [("version", seen.as_str()), ("mail.claim_moved", "daily")];
    let late = browser.send(&mut told.world, "/stores/US/mail", &late).await;
    assert_eq!(late.status, 409, "{}", late.html);
    assert!(late.html.contains("has changed since you looked at it"), "{}", late.html);
    assert!(is_taken(&late, "claim_moved", "daily"), "what was chosen is not lost: {}", late.html);
    let home = browser.get(&mut told.world, HOME).await;
    assert!(is_taken(&home, "claim_moved", "each") && is_taken(&home, "decided", "never"), "{}", home.html);
}

#[tokio::test]
async fn ntf_1_whoever_has_the_link_of_a_mail_sees_what_it_ends_and_ends_it_by_a_button_without_signing_in() {
    let (mut told, _) = asked().await;
    assert_eq!(refunded(&mut told, "o2").await, 1);
    let mail = told.world.mails_to(SELLER).into_iter().find(|mail| mail.subject().contains("o2")).expect("a mail");
    let link = format!("/unsubscribe/{}", mail.token("unsubscribe").expect("a link"));
    let mut stranger = Browser::default();
    let before = told.world.left_behind();
    let looked = stranger.get(&mut told.world, &link).await;
    assert_eq!(looked.status, 200, "{}", looked.html);
    for text in ["Emails about what was decided for customers.", "Send me no more of these", "United States"] {
        assert!(looked.html.contains(text), "{text}: {}", looked.html);
    }
    assert_eq!(told.world.left_behind(), before, "whoever looks has ended nothing");
    let chinese = stranger.get(&mut told.world, &format!("{link}?language=zh")).await;
    assert!(chinese.html.contains("关于对买家所作决定的邮件。"), "{}", chinese.html);

    stranger.get(&mut told.world, &format!("{link}?language=en")).await;
    for again in ["", "again: "] {
        let ended = stranger.send(&mut told.world, &link, &[]).await;
        assert_eq!(ended.status, 200, "{again}{}", ended.html);
        assert!(ended.html.contains("You will get no more of these emails."), "{again}{}", ended.html);
    }
    assert_eq!(refunded(&mut told, "o3").await, 0);
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, HOME).await;
    assert!(is_taken(&home, "decided", "never"), "home says so: {}", home.html);

    let forged = stranger.get(&mut told.world, &format!("{}AAAA", &link[..link.len() - 4])).await;
    assert_eq!(forged.status, 404, "{}", forged.html);
}

#[tokio::test]
async fn ntf_1_a_link_of_before_that_ends_what_is_always_mailed_says_so_and_ends_nothing() {
    let (mut told, _) = asked().await;
    let link = ending_hand_overs(&told).await.replacen("/v1/mail", "", 1);
    let mut stranger = Browser::default();
    let before = told.world.left_behind();
    let looked = stranger.get(&mut told.world, &link).await;
    let sent = stranger.send(&mut told.world, &link, &[]).await;
    for seen in [looked, sent] {
        assert_eq!(seen.status, 200, "{}", seen.html);
        assert!(seen.html.contains("These emails are always sent"), "{}", seen.html);
        assert!(!seen.html.contains("Send me no more of these"), "{}", seen.html);
    }
    assert_eq!(told.world.left_behind(), before);
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, HOME).await;
    assert!(!home.html.contains("name=\"mail.handed_over\""), "it cannot be chosen: {}", home.html);
}
