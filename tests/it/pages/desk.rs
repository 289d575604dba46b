//! The pages of the desk, and the one that a customer answers a survey on.

use super::{costs, places};
use crate::stories::{
    surveys::{link, resolved},
    told::Told,
};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use world::{
    browser::Browser,
    facts,
    receipts::{Incoming, PASSED, letter},
};

/// One that has signed in at the desk with these claims.
async fn at_the_desk(told: &Told, mut claims: Json) -> Browser {
    claims["scope"] = json!("openid desk");
    Browser::signed_in(&told.world, &claims).await
}

/// A world in which a customer has asked about the order `o1`.
async fn asked_by_a_customer() -> Told {
    let mut told = Told::ordered().await;
    assert_eq!(told.contact("k1", Some("o1"), "late_delivery").await.status, 202);
    told
}

#[tokio::test]
async fn an_associate_is_handed_an_inquiry_asks_the_seller_and_decides_by_forms() {
    let mut told = asked_by_a_customer().await;
    let mut mei = at_the_desk(&told, facts::associate("mei")).await;
    let queue = mei.get(&mut told.world, "/stores/US/desk/queue").await;
    assert!(queue.status == 200 && queue.html.contains("Late delivery"), "{}", queue.html);
    let unknown = mei.send(&mut told.world, "/stores/US/desk/next", &[]).await;
    assert!(
        unknown.status == 409 && unknown.html.contains("A lead has to set your profile first."),
        "{}",
        unknown.html
    );
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    lin.get(&mut told.world, "/stores/US/desk/associates").await;
    let can = ["phone", "message", "email"].map(|channel| (format!("capacity.{channel}"), "3"));
    let can: Vec<_> = can.iter().map(|(field, most)| (field.as_str(), *most)).collect();
    let can = [&[("associate", "mei"), ("languages.en", "yes"), ("skills.delivery", "yes")], can.as_slice()].concat();
    let set = lin.send(&mut told.world, "/stores/US/desk/associates", &can).await;
    assert!(set.status == 200 && set.html.contains("mei"), "{}", set.html);
    let inquiry = mei.send(&mut told.world, "/stores/US/desk/next", &[]).await;
    assert!(inquiry.status == 200 && inquiry.html.contains("You are working on it."), "{}", inquiry.html);
    let page = inquiry.place.split('?').next().unwrap_or_default().to_owned();

    let nothing = mei.send(&mut told.world, &format!("{page}/requests"), &[("text", "What was in it?")]).await;
    assert_eq!(nothing.status, 422, "a question has a kind: {}", nothing.html);
    assert!(nothing.html.contains(">What was in it?</textarea>"), "what was written is not lost: {}", nothing.html);
    let question = [("kind", "shipping_status"), ("text", "What was in it?")];
    let asked = mei.send(&mut told.world, &format!("{page}/requests"), &question).await;
    assert!(asked.status == 200 && asked.html.contains("You have asked the seller"), "{}", asked.html);

    assert!(!asked.html.contains("/decision\""), "nothing is decided while the seller is asked: {}", asked.html);
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    let request = told.seen(&inquiry).await["requests"][0]["request_id"].as_str().unwrap().to_owned();
    assert_eq!(told.reply(&request, "Shoes.").await.status, 200);
    mei.get(&mut told.world, &page).await;

    let refused = [("kind", "refund_partial damaged"), ("amount", "1000000.00")];
    let refused = mei.send(&mut told.world, &format!("{page}/decision"), &refused).await;
    assert!(refused.status >= 400 && refused.html.contains("role=\"alert\""), "{}: {}", refused.status, refused.html);
    let decision = [("kind", "refund_full not_received"), ("liable", "seller")];
    let decided = mei.send(&mut told.world, &format!("{page}/decision"), &decision).await;
    assert_eq!((decided.status, decided.place.starts_with("/stores/US/desk/queue")), (200, true), "{}", decided.html);
    let read = mei.get(&mut told.world, &page).await;
    assert!(read.html.contains("Full refund") && read.html.contains("50.00 USD"), "{}", read.html);
}

#[tokio::test]
async fn an_answer_shows_how_far_its_mail_has_come_and_its_inquiry_why_it_is_back() {
    let mut told = asked_by_a_customer().await;
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    for (act, body) in [("claim", json!({})), ("answer", json!({ "message": "It left on Monday, by UPS." }))] {
        let done = told.as_associate("POST", &format!("/inquiries/{inquiry}/{act}"), body).await;
        assert_eq!(done.status, 200, "{}", done.body);
    }
    let mut mei = at_the_desk(&told, facts::associate("mei")).await;
    let place = format!("/stores/US/desk/inquiries/{inquiry}");
    let sent = mei.get(&mut told.world, &place).await;
    assert!(sent.html.contains("<small>Mailed</small>"), "{}", sent.html);
    let mail = told.world.mails_to("c1@customers.example").pop().unwrap();
    told.reported(&mail, Fate::HardBounced).await;
    let back = mei.get(&mut told.world, &place).await;
    let why = "The mail did not arrive (no such address, or it takes nothing from us)";
    assert!(back.html.contains(&format!("<small class=\"late\">{why}</small>")), "{}", back.html);
    assert!(back.html.contains("Taken up again: the mail with the answer did not arrive"), "{}", back.html);
}

#[tokio::test]
async fn a_page_of_the_desk_is_answered_in_two_round_trips() {
    let mut told = asked_by_a_customer().await;
    let inquiry = told.inquiry("k2", "o1", "late_delivery").await;
    told.asked(&inquiry).await;
    told.world.facts([told.placed("o2", "seller", told.just_now())]).await;
    let of_a_product = told.inquiry("k3", "o2", "quality").await;
    let pages = [
        "queue",
        &format!("inquiries/{inquiry}"),
        &format!("inquiries/{of_a_product}"),
        "escalations",
        "associates",
        "parked",
        "mails",
        "claims",
        "disputes",
    ];
    let pages: Vec<_> = pages.iter().map(|page| format!("desk/{page}")).collect();
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    insta::assert_snapshot!(costs(&told, &mut lin, &pages).await.join("\n"), @r"
    desk/queue: GetItem, then Query Query Query Query
    desk/inquiries/{id}: GetItem Query Query Query, then BatchGetItem
    desk/inquiries/{id}: GetItem Query Query Query, then BatchGetItem
    desk/escalations: GetItem, then Query
    desk/associates: GetItem, then Query
    desk/parked: GetItem, then Query
    desk/mails: GetItem, then Query
    desk/claims: GetItem, then Query
    desk/disputes: GetItem, then Query
    ");
}

#[tokio::test]
async fn inq_4_who_works_on_an_inquiry_is_shown_to_others_who_may_read_it() {
    let mut told = asked_by_a_customer().await;
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    let page = format!("/stores/US/desk/inquiries/{inquiry}");
    let mut mei = at_the_desk(&told, facts::associate("mei")).await;
    let mut bob = at_the_desk(&told, facts::associate("bob")).await;
    for browser in [&mut mei, &mut bob] {
        browser.get(&mut told.world, &page).await;
    }
    assert_eq!(mei.send(&mut told.world, &format!("{page}/claim"), &[]).await.status, 200);
    let late = bob.send(&mut told.world, &format!("{page}/claim"), &[]).await;
    assert!(
        late.status == 409 && late.html.contains("mei works on this inquiry; a lead can give it to you."),
        "{}",
        late.html
    );
    let read = bob.get(&mut told.world, &page).await;
    assert!(read.status == 200 && read.html.contains("mei is working on it. You can read along"), "{}", read.html);
}

#[tokio::test]
async fn acc_2_leads_have_pages_that_associates_neither_see_nor_find() {
    let mut told = asked_by_a_customer().await;
    let mut mei = at_the_desk(&told, facts::associate("mei")).await;
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    let queue = "/stores/US/desk/queue";
    let (for_all, of_leads) = (mei.get(&mut told.world, queue).await, lin.get(&mut told.world, queue).await);
    assert_eq!(places(&for_all).len() + 4, places(&of_leads).len(), "{:?}", places(&of_leads));
    for page in ["escalations", "associates", "parked", "mails"] {
        let page = format!("/stores/US/desk/{page}");
        assert!(places(&of_leads).contains(&page.as_str()) && !places(&for_all).contains(&page.as_str()), "{page}");
        assert_eq!(lin.get(&mut told.world, &page).await.status, 200, "{page}");
        assert_eq!(mei.get(&mut told.world, &page).await.status, 404, "{page}");
    }
    let mut away = at_the_desk(&told, json!({ "sub": "ada", "stores": "DE" })).await;
    assert_eq!(away.get(&mut told.world, queue).await.status, 404, "another store is as absent");
    let mut seller = Browser::signed_in(&told.world, &super::claims("user-of-s1", "s1")).await;
    assert_eq!(seller.once(&told.world, "GET", queue, "").await.status, 303, "a seller has not signed in for the desk");
}

#[tokio::test]
async fn a_lead_sends_again_what_no_delivery_could_mend() {
    let mut told = asked_by_a_customer().await;
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    let page = "/stores/US/desk/parked";
    let none = lin.get(&mut told.world, page).await;
    assert!(none.html.contains("No message is parked."), "{}", none.html);
    told.world.facts([json!({ "store": "US", "type": "order_<eaten>" })]).await;
    let one = lin.get(&mut told.world, page).await;
    for text in [
        "A fact from the marketplace",
        "marketplace-intake",
        "type must be one of seller_registered",
        "order_&#60;eaten&#62;",
    ] {
        assert!(one.html.contains(text), "{text}: {}", one.html);
    }
    let form = one.html.split("action=\"").find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("redrive")));
    let by_another = lin.form(&[]).replacen("key=", "key=0", 1);
    let sent = lin.send(&mut told.world, form.unwrap(), &[]).await;
    assert!(sent.status == 200 && sent.html.contains("No message is parked."), "{}", sent.html);
    let late = lin.once(&told.world, "POST", form.unwrap(), &by_another).await;
    assert!(late.status == 404 && late.html.contains("role=\"alert\""), "{}: {}", late.status, late.html);
    told.world.pass(TimeDelta::minutes(2)).await;
    let back = lin.get(&mut told.world, page).await;
    assert!(back.html.contains("type must be one of seller_registered"), "it is parked anew: {}", back.html);
}

#[tokio::test]
async fn a_lead_reads_what_a_parked_message_is_about_and_what_is_wrong_with_it_without_a_code() {
    let mut told = asked_by_a_customer().await;
    let mut other = told.placed("o1", "seller", told.just_now());
    other["lines"][0]["quantity"] = json!(3);
    told.world.facts([other]).await;
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    for (language, about, why) in [
        ("zh", "下单 · o1", "消息内容与此前以同一编号发送的内容不同"),
        ("en", "Order placed · o1", "The message differs from what came before under the same number"),
    ] {
        let page = lin.get(&mut told.world, &format!("/stores/US/desk/parked?language={language}")).await;
        for text in [about, why] {
            assert!(page.html.contains(text), "{text}: {}", page.html);
        }
    }
}

#[tokio::test]
async fn what_a_customer_mails_is_read_with_its_quotes_folded_and_what_led_to_nothing_is_a_leads_to_see() {
    let mut told = asked_by_a_customer().await;
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    let to = told.reply_address(&format!("i-{inquiry}")).await;
    let raw = letter("a", "c1@customers.example", "Re", "It is <here>.\r\n\r\nOn Monday you wrote:\r\n> Look again.");
    for (to, found) in [(to.as_str(), PASSED), ("csba-ustous@mail.marketplace.example", ["FAIL"; 5])] {
        told.world.mail_in(&Incoming { raw: &raw, to: &[to], source: "c1@customers.example", found }).await;
    }
    let mut lin = at_the_desk(&told, facts::lead("lin")).await;
    let page = lin.get(&mut told.world, &format!("/stores/US/desk/inquiries/{inquiry}")).await.html;
    let (_, said) = page.split_once("It is &#60;here&#62;.").unwrap();
    let (_, folded) = said.split_once("<details><summary>Quoted text</summary>").unwrap();
    assert!(folded.split("</details>").next().unwrap().contains("&#62; Look again."), "{page}");
    let mails = lin.get(&mut told.world, "/stores/US/desk/mails").await.html;
    for text in ["c1@customers.example", "csba-ustous@mail.marketplace.example", "A virus was found"] {
        assert!(mails.contains(text), "{text}: {mails}");
    }
    assert!(!mails.contains("It is") && !mails.contains("here&#62;"), "what a mail says is not shown there");
}

#[tokio::test]
async fn ins_3_a_customer_answers_a_survey_once_and_looking_stores_nothing() {
    let mut told = asked_by_a_customer().await;
    told.world.facts([told.placed("o2", "seller", told.just_now())]).await;
    resolved(&mut told, "k2", "o2").await;
    told.world.pass(TimeDelta::hours(24)).await;
    let page = link(&told).replacen("/v1", "", 1);
    let before = told.world.left_behind();
    let mut customer = Browser::default();
    for language in ["en", "zh"] {
        let seen = customer.get(&mut told.world, &format!("{page}?language={language}")).await;
        assert!(seen.status == 200 && seen.html.contains(&format!("<html lang=\"{language}\">")), "{}", seen.html);
    }
    assert_eq!(told.world.left_behind(), before, "whoever opens the link has not answered");
    customer.get(&mut told.world, &format!("{page}?language=en")).await;
    let nothing = customer.send(&mut told.world, &page, &[("comment", "Kept as it was written.")]).await;
    assert!(nothing.status == 422 && nothing.html.contains("Kept as it was written."), "{}", nothing.html);
    let thanked =
        customer.send(&mut told.world, &page, &[("score", "4"), ("comment", "Kept as it was written.")]).await;
    assert_eq!((thanked.status, thanked.place.ends_with("?done=1")), (200, true), "{}", thanked.html);
    let other = customer.send(&mut told.world, &page, &[("score", "1")]).await;
    assert_eq!(other.status, 409, "{}", other.html);
}
