//! The pages, as a browser without a script sees them: who gets in, who sees what, and that a form does what a request does.

mod desk;
mod dom;
mod everywhere;
mod figures;
mod mails;
mod said;
mod sign_in;
mod words;

use crate::stories::{
    told::Told,
    users::{joined, user},
};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use world::{
    browser::{Browser, Seen},
    traffic::in_round_trips,
};

/// A world with the seller `s1`, its order `o1`, and a question that it was asked; gives the question's id.
pub async fn asked() -> (Told, String) {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    (told, request)
}

/// What the claims of a user of `s1` become in a session.
pub fn claims(subject: &str, seller: &str) -> Json {
    json!({ "sub": subject, "scope": "openid seller", "seller_id": seller })
}

async fn of_s1(told: &Told) -> Browser {
    Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await
}

pub fn places(seen: &Seen) -> Vec<&str> {
    let links = seen.html.split_once("<nav").and_then(|(_, rest)| rest.split_once("</nav>")).map_or("", |(nav, _)| nav);
    links.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn a_seller_answers_a_question_by_a_form_and_reads_what_was_decided() {
    let (mut told, request) = asked().await;
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
    assert_eq!(home.status, 200, "{}", home.html);
    assert!(
        home.html.contains("The service has answered your customers since Aug 3, 2026, 08:14 PDT."),
        "{}",
        home.html
    );
    assert!(home.html.contains("Does it fit a 12 mm axle?"), "what waits for the seller: {}", home.html);

    let page = format!("/stores/US/case-log/{request}");
    assert!(home.html.contains(&format!("href=\"{page}\"")), "{}", home.html);
    let case = browser.get(&mut told.world, &page).await;
    assert!(case.html.contains("Nothing is decided yet.") && case.html.contains("The answer"), "{}", case.html);

    let nothing = browser.send(&mut told.world, &format!("{page}/reply"), &[]).await;
    assert_eq!(nothing.status, 422, "an empty answer says what is missing: {}", nothing.html);
    assert!(
        nothing.html.contains(
            "<b>In your own words</b> <span>must say something, unless a question is answered or a file is sent"
        ),
        "{}",
        nothing.html
    );
    let wrong = [("source", "hearsay"), ("text", "My words, kept.")];
    let wrong = browser.send(&mut told.world, &format!("{page}/reply"), &wrong).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    assert!(wrong.html.contains(">My words, kept.</textarea>"), "what was written is not lost: {}", wrong.html);

    let answer = [("fact", "Yes, with a ring."), ("source", "manual"), ("text", "")];
    let answered = browser.send(&mut told.world, &format!("{page}/reply"), &answer).await;
    assert_eq!((answered.status, answered.place.as_str()), (200, format!("{page}?done=1").as_str()));
    assert!(answered.html.contains("You answered on Aug 3, 2026") && answered.html.contains("Yes, with a ring."));
    let stored = told.request(&request).await["reply"]["answers"].clone();
    assert_eq!(stored, json!({ "fact": "Yes, with a ring.", "source": "manual" }), "a form does what a request does");

    let inquiry = told.request(&request).await["case_id"].as_str().unwrap().to_owned();
    let decision = json!({ "kind": "refund_full", "reason": "not_received", "liable": "seller" });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), decision).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    let seen = browser.get(&mut told.world, &page).await;
    for text in ["Full refund", "50.00 USD", "An associate", "You can claim the amount back until Sep 2, 2026"] {
        assert!(seen.html.contains(text), "{text}: {}", seen.html);
    }
    assert!(!seen.html.contains("mei"), "a seller reads that an associate decided, not which");
}

#[tokio::test]
async fn enr_9_leaving_and_joining_are_shown_before_they_are_done() {
    let (mut told, _) = asked().await;
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
    assert!(home.html.contains("If you leave now, the service ends on"), "{}", home.html);
    assert!(home.html.contains("1 open matter stays with the service"), "{}", home.html);
    let left = browser.send(&mut told.world, "/stores/US/enrollment/opt-out", &[]).await;
    assert_eq!(left.status, 200, "{}", left.html);
    assert!(left.html.contains("You answer your customers yourself.") && left.html.contains("If you join now"));
    let joined = browser.send(&mut told.world, "/stores/US/enrollment/opt-in", &[("terms_version", "2026-01")]).await;
    assert!(joined.html.contains("The service starts on"), "{}", joined.html);
}

#[tokio::test]
async fn ntf_3_a_seller_whose_address_is_mailed_no_more_reads_so_at_home() {
    for (fate, text) in [
        (Fate::HardBounced, "Mail to s1@sellers.example came back for good on Aug 3, 2026"),
        (Fate::Complained, "Mail to s1@sellers.example was reported as unwanted on Aug 3, 2026"),
    ] {
        let (mut told, _) = asked().await;
        let mut browser = of_s1(&told).await;
        let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
        assert!(!home.html.contains("No mail reaches you"), "{}", home.html);
        let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
        told.reported(&mail, fate).await;
        let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
        assert!(home.html.contains("No mail reaches you") && home.html.contains(text), "{}", home.html);
    }
}

#[tokio::test]
async fn cov_4_an_order_is_looked_up_with_who_handles_it_and_why() {
    let (mut told, _) = asked().await;
    told.world.facts([told.placed("o2", "store", told.just_now())]).await;
    let mut browser = of_s1(&told).await;
    for (order, text) in [
        ("o1", "You ship it yourself, and it was ordered while the service was running."),
        ("o2", "The store ships it."),
        ("o-none", "There is no such order of yours in this store."),
        ("%3Cb%3E", "There is no such order of yours in this store."),
    ] {
        let seen = browser.get(&mut told.world, &format!("/stores/US/orders?order_id={order}")).await;
        assert!(seen.status == 200 && seen.html.contains(text), "{order}: {}", seen.html);
    }
}

#[tokio::test]
async fn rte_8_a_question_that_came_by_mistake_is_handed_over_by_a_form_and_its_outcome_is_read_there() {
    let (mut told, _) = asked().await;
    told.world.facts([told.placed("o2", "store", told.just_now())]).await;
    let mut browser = of_s1(&told).await;
    let page = "/stores/US/orders";
    let look_up = browser.get(&mut told.world, &format!("{page}?order_id=o1")).await;
    assert!(look_up.html.contains("name=\"order_id\" maxlength=\"64\" value=\"o1\""), "{}", look_up.html);
    assert!(
        look_up.html.contains("csba-ustous@mail.marketplace.example, from an email"),
        "or by mail: {}",
        look_up.html
    );
    let unclear = [("order_id", ""), ("topic", "quality"), ("text", "It squeaks.")];
    let unclear = browser.send(&mut told.world, page, &unclear).await;
    assert!(unclear.status == 422 && unclear.html.contains("the text names no order"), "{}", unclear.html);
    assert!(unclear.html.contains(">It squeaks.</textarea>"), "what was written is not lost: {}", unclear.html);
    for (topic, text, outcome) in [
        ("quality", "Order o1: it squeaks.", "The service has taken it."),
        ("late_delivery", "Order o1 is late.", "The service works on this matter already, and has it now."),
        ("invoice", "An invoice for o1, please.", "It stays with you."),
    ] {
        let sent = browser.send(&mut told.world, page, &[("topic", topic), ("text", text)]).await;
        assert!(sent.place.starts_with(&format!("{page}?done=1&transfer=")), "{topic}: {}", sent.html);
        let seen = browser.get(&mut told.world, &sent.place).await;
        assert!(seen.html.contains(outcome), "{topic}: {}", seen.html);
    }
    for id in ["00000000000000000000000000", "%3Cb%3E"] {
        let seen = browser.get(&mut told.world, &format!("{page}?transfer={id}")).await;
        assert!(seen.status == 200 && !seen.html.contains("Handed over, order"), "{}", seen.html);
    }
}

#[tokio::test]
async fn acc_2_a_user_sees_neither_the_link_nor_the_page_of_what_it_was_not_granted() {
    let (mut told, request) = asked().await;
    joined(&mut told, json!({ "insights": "view" })).await;
    let mut bo = Browser::signed_in(&told.world, &claims("bo", "s1")).await;
    let insights = bo.get(&mut told.world, "/stores/US/insights").await;
    assert_eq!((insights.status, places(&insights)), (200, vec!["/stores/US/insights"]), "{}", insights.html);
    let absent = bo.get(&mut told.world, "/stores/US/case-log/00000000000000000000000000").await;
    for page in ["enrollment", "case-log", "orders", "statements/2026Q3", &format!("case-log/{request}")] {
        let seen = bo.get(&mut told.world, &format!("/stores/US/{page}")).await;
        assert_eq!((seen.status, &seen.html), (404, &absent.html), "{page} is as absent");
    }
    let reply = format!("/stores/US/case-log/{request}/reply");
    bo.get(&mut told.world, "/stores/US/insights").await;
    let sent = bo.send(&mut told.world, &reply, &[("text", "I may not.")]).await;
    assert_eq!(sent.status, 404, "{}", sent.html);
    assert_eq!(told.request(&request).await["reply"], Json::Null);

    let users = user(&mut told, "user-of-s1", "GET", "/users", Json::Null).await.body;
    let id = users["users"][1]["user_id"].as_str().unwrap().to_owned();
    let version = json!({ "version": users["version"] });
    let removed = user(&mut told, "user-of-s1", "POST", &format!("/users/{id}/remove"), version).await;
    assert_eq!(removed.status, 200, "{}", removed.body);
    let gone = bo.get(&mut told.world, "/stores/US/insights").await;
    assert_eq!(gone.status, 404, "what is taken away is away at once, whatever the session says");
}

#[tokio::test]
async fn acc_3_what_is_another_sellers_looks_like_a_page_that_is_not_there() {
    let (mut told, request) = asked().await;
    let mut other = told.registered();
    other["seller_id"] = json!("s2");
    told.world.facts([other]).await;
    let mut stranger = Browser::signed_in(&told.world, &claims("user-of-s2", "s2")).await;
    let foreign = stranger.get(&mut told.world, &format!("/stores/US/case-log/{request}")).await;
    let absent = stranger.get(&mut told.world, "/stores/US/case-log/00000000000000000000000000").await;
    let (mut foreign, mut absent) = (foreign, absent);
    (foreign.place, absent.place) = (String::new(), String::new());
    assert_eq!((foreign.status, &foreign), (404, &absent));
    let order = stranger.get(&mut told.world, "/stores/US/orders?order_id=o1").await;
    assert!(order.html.contains("There is no such order of yours in this store."), "{}", order.html);
    for path in ["/stores/XX/enrollment", "/static/style.css"] {
        assert_eq!(stranger.get(&mut told.world, path).await.status, 404, "{path}");
    }
}

/// What pages cost: the calls of each, in the round trips in which they are made.
async fn costs(told: &Told, browser: &mut Browser, pages: &[&str]) -> Vec<String> {
    let cloud = Arc::clone(&told.world.cloud);
    let mut costs = Vec::new();
    for page in pages {
        let path = format!("/stores/US/{page}");
        let (seen, rounds) = in_round_trips(&cloud, browser.once(&told.world, "GET", &path, "")).await;
        assert_eq!(seen.status, 200, "{page}: {}", seen.html);
        let rounds: Vec<_> = rounds.iter().map(|calls| calls.join(" ")).collect();
        let page = page.split('/').map(|part| if part.len() == 26 { "{id}" } else { part }).collect::<Vec<_>>();
        costs.push(format!("{}: {}", page.join("/"), rounds.join(", then ")));
    }
    costs
}

#[tokio::test]
async fn a_page_is_answered_in_two_round_trips_the_first_of_which_says_who_visits() {
    let (mut told, request) = asked().await;
    told.world.facts([told.shipped("o1"), told.placed("o2", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k2", "o2", "quality").await;
    told.asked_what_the_page_lacks(&inquiry).await;
    let mut browser = of_s1(&told).await;
    let pages = [
        "enrollment",
        "case-log",
        &format!("case-log/{request}"),
        "orders?order_id=o1",
        "insights",
        "insights?topic=late_delivery",
        "statements/2026Q3",
        "claims",
        "decisions",
        "hand-overs",
        "disputes",
        "audit",
        "return-policy",
        "users",
    ];
    let costs = costs(&told, &mut browser, &pages).await;
    insta::assert_snapshot!(costs.join("\n"), @r"
    enrollment: GetItem GetItem, then Query Query Query GetItem Query
    case-log: GetItem GetItem, then Query
    case-log/{id}: GetItem GetItem, then GetItem Query
    orders?order_id=o1: GetItem GetItem, then GetItem
    insights: GetItem GetItem Query Query Query Query, then BatchGetItem Query Query Query BatchGetItem
    insights?topic=late_delivery: GetItem GetItem Query Query Query Query, then BatchGetItem Query Query Query BatchGetItem
    statements/2026Q3: GetItem GetItem, then Query
    claims: GetItem GetItem, then Query
    decisions: GetItem GetItem, then Query Query
    hand-overs: GetItem GetItem, then Query
    disputes: GetItem GetItem, then Query
    audit: GetItem GetItem, then Query
    return-policy: GetItem GetItem, then GetItem
    users: GetItem GetItem
    ");
}

#[tokio::test]
async fn a_page_lets_nothing_of_another_site_in() {
    let (mut told, _) = asked().await;
    let mut browser = of_s1(&told).await;
    let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
    let policy = &home.headers["content-security-policy"];
    for part in
        ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(home.headers["cache-control"], "no-store");
    for inline in ["<style", " style=", " onclick=", "javascript:", "http://", "https://"] {
        assert!(!home.html.contains(inline), "{inline}");
    }
    let assets: Vec<_> = home.html.split('"').filter(|text| text.starts_with("/static/")).map(str::to_owned).collect();
    assert_eq!(assets.len(), 3, "icon, style and script: {assets:?}");
    let mut size = home.html.len();
    for asset in assets {
        let seen = browser.get(&mut told.world, &asset).await;
        assert_eq!((seen.status, seen.headers["cache-control"].contains("immutable")), (200, true), "{asset}");
        size += seen.html.len();
    }
    assert!(size <= 60 * 1024, "a first view is {size} bytes before any compression");
}

#[tokio::test]
async fn a_session_ends_after_an_hour_and_at_once_when_its_user_signs_out() {
    let (mut told, _) = asked().await;
    let mut browser = of_s1(&told).await;
    let mut other = browser.clone();
    let home = browser.get(&mut told.world, "/stores/US/enrollment").await;
    assert_eq!(home.status, 200);
    let out = browser.once(&told.world, "POST", "/sign-out", "form=guessed").await;
    assert_eq!((out.status, browser.cookie("__Host-session").is_some()), (403, true), "nobody signs somebody else out");
    assert!(out.html.contains("name=\"form\""), "and who meant it can: {}", out.html);
    browser.get(&mut told.world, "/stores/US/enrollment").await;
    let token = home.html.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    browser.once(&told.world, "POST", "/sign-out", &format!("form={token}")).await;
    assert_eq!(browser.cookie("__Host-session"), None);
    let seen = other.once(&told.world, "GET", "/stores/US/enrollment", "").await;
    assert_eq!(seen.headers["location"], "/sign-in?to=%2Fstores%2FUS%2Fenrollment", "the cookie alone opens nothing");

    let mut late = of_s1(&told).await;
    told.world.pass(TimeDelta::minutes(59)).await;
    assert_eq!(late.once(&told.world, "GET", "/stores/US/enrollment", "").await.status, 200);
    told.world.pass(TimeDelta::minutes(1)).await;
    assert_eq!(late.once(&told.world, "GET", "/stores/US/enrollment", "").await.status, 303);
}
