//! What is erased by itself: what of a matter that is followed or merged, that has too much for one look, and what a lead sees
//! of all that before.

use super::{stored, told};
use crate::stories::{
    data::{foreseen, lead},
    surveys,
    told::Told,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::book::Book;
use serde_json::{Value as Json, json};
use shell::key::Table;
use std::collections::BTreeSet;
use world::{cloud::locked, facts};

/// Every clock rings until this day.
async fn until(told: &mut Told, from: DateTime<Utc>, day: i64) {
    while told.world.now() < from + TimeDelta::days(day) {
        let next = (told.world.now() + TimeDelta::days(179)).min(from + TimeDelta::days(day));
        told.world.pass_to(next).await;
    }
}

/// How many items of Conversations hold words.
fn with_words(told: &Told) -> usize {
    told.world.items("ConversationsTable").iter().filter(|item| item.to_string().contains("CANARY")).count()
}

async fn answered(told: &mut Told, inquiry: &str) {
    let said = json!({ "message": "CANARY dear Ana, we look into it" });
    let path = format!("/inquiries/{inquiry}/answer");
    assert_eq!(told.as_associate("POST", &path, said).await.status, 200);
}

#[tokio::test]
async fn acc_2_what_will_be_erased_is_a_leads_to_see_for_a_day_that_there_is() {
    let mut told = told().await;
    let before = stored(&told.world);
    for (query, field, problem) in [
        ("", "on", "is missing"),
        ("?on=tomorrow", "on", "must be a day, like 2028-08-04"),
        ("?on=2028-13-01", "on", "must be a day, like 2028-08-04"),
        ("?on=1969-12-31", "on", "must be a day"),
        ("?on=9999-01-01", "on", "must be a day"),
        ("?on=+262142-12-31", "on", ""),
        ("?on=2028-08-04&cursor=~", "cursor", "is none"),
    ] {
        let reply = lead(&mut told, "GET", &format!("/retention{query}"), Json::Null).await;
        assert_eq!((reply.status, &reply.body["errors"][0]["field"]), (422, &json!(field)), "{query}: {}", reply.body);
        assert!(reply.body["errors"][0]["problem"].as_str().unwrap().contains(problem), "{query}: {}", reply.body);
    }
    let later = shell::cursor::after(&json!({ "shard": 0, "after": ["retention#x", 4_000_000_000_000_i64] }));
    let long = shell::cursor::after(&json!({ "shard": 0, "after": ["x".repeat(3_000), 0] }));
    for cursor in [later, long] {
        let reply = lead(&mut told, "GET", &format!("/retention?on=2028-08-04&cursor={cursor}"), Json::Null).await;
        assert_eq!((reply.status, &reply.body["errors"][0]["field"]), (422, &json!("cursor")), "{}", reply.body);
    }
    let elsewhere = json!({ "sub": "lea", "stores": "DE", "role": "lead" });
    for claims in [facts::associate("mei"), elsewhere] {
        let path = "/v1/stores/US/desk/retention?on=2028-08-04";
        assert_eq!(told.world.request("GET", path, claims, "", "").await.status, 403);
    }
    assert_eq!(stored(&told.world), before);
}

/// Page by page, each matter once, however the index gives them, and none of another store.
#[tokio::test]
async fn what_will_be_erased_is_told_page_by_page_each_matter_once_and_of_its_store_alone() {
    let mut told = told().await;
    for n in 0..13 {
        told.contact(&format!("k{n}"), None, "pre_order").await;
    }
    let elsewhere = json!({ "sub": "lea", "stores": "DE", "role": "lead" });
    let pre_order = facts::contact("k-de", "email", None, "s1", "pre_order").to_string();
    let taken = told.world.request("POST", "/v1/stores/DE/contacts", facts::marketplace(), "k-de", &pre_order).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
    told.world.settle().await;
    let expected: BTreeSet<_> = (0..13).map(|n| format!("k{n}")).collect();
    for page in [None, Some(1), Some(2)] {
        locked(&told.world.cloud.tables).page = page;
        let matters = foreseen(&mut told, "2028-08-03").await;
        let contacts = matters.iter().map(|matter| matter["contact_id"].as_str().unwrap().to_owned());
        assert_eq!((matters.len(), contacts.collect()), (13, expected.clone()), "{page:?}");
        assert!(matters.iter().all(|matter| matter["erased"]["words"]["count"] == 1), "{matters:?}");
    }
    locked(&told.world.cloud.tables).page = None;
    let first = lead(&mut told, "GET", "/retention?on=2028-08-03", Json::Null).await.body;
    assert_eq!((first["matters"].as_array().unwrap().len(), &first["counts"]["words"]), (5, &json!(5)), "{first}");
    let path = "/v1/stores/DE/desk/retention?on=2027-08-04";
    let theirs = told.world.request("GET", path, elsewhere, "", "").await.body;
    assert_eq!(theirs["matters"][0]["contact_id"], "k-de", "a year in that store: {theirs}");
    assert_eq!(theirs["classes"]["words"]["days"], 365, "{theirs}");
}

/// Whatever lies in a table has its days, or is kept, with the reason.
#[test]
fn every_table_is_erased_by_itself_or_it_is_said_why_not() {
    let book = Book::shipped().unwrap();
    let kept: BTreeSet<_> = book.kept().unwrap().iter().map(|kept| kept.what.as_str()).collect();
    let tables = Table::ALL.into_iter().filter(|table| *table != Table::Conversations);
    let tables: BTreeSet<_> = tables.map(|table| format!("{table:?}").to_lowercase()).collect();
    let missing: Vec<_> = tables.iter().filter(|table| !kept.contains(table.as_str())).collect();
    assert!(missing.is_empty(), "kept.toml does not say why these are kept: {missing:?}");
    for part in ["attachments", "erasures", "exports"] {
        assert!(kept.contains(part), "{part}");
    }
}

/// A later inquiry about the same issue has taken the place of the one that is over.
#[tokio::test]
async fn what_is_followed_by_a_later_inquiry_is_erased_by_its_own_end_and_the_later_one_is_not() {
    let mut told = told().await;
    let begun = told.world.now();
    let first = told.inquiry("k1", "o1", "late_delivery").await;
    answered(&mut told, &first).await;
    surveys::decline(&mut told, &first).await;
    until(&mut told, begun, 20).await;
    let next = told.inquiry("k2", "o1", "late_delivery").await;
    assert_ne!(first, next);
    answered(&mut told, &next).await;
    until(&mut told, begun, 729).await;
    assert_eq!(with_words(&told), 6, "of each the contact, the answer and the answer's mail");
    until(&mut told, begun, 731).await;
    assert_eq!(with_words(&told), 3, "those of the later one, which is live");
    assert_eq!(told.seen(&next).await["customer"].as_array().unwrap().len(), 1);
    assert_eq!(told.world.parked(), Vec::<String>::new());
}

/// What was merged is over when the inquiry in which it goes on is.
#[tokio::test]
async fn what_was_merged_is_kept_as_long_as_what_it_goes_on_in() {
    let mut told = told().await;
    let begun = told.world.now();
    let into = told.inquiry("k1", "o1", "quality").await;
    told.world.pass(TimeDelta::hours(1)).await;
    let merged = told.inquiry("k2", "o1", "late_delivery").await;
    answered(&mut told, &merged).await;
    let path = format!("/inquiries/{merged}/merge");
    assert_eq!(told.as_associate("POST", &path, json!({ "into": into })).await.status, 200);
    until(&mut told, begun, 400).await;
    assert!(foreseen(&mut told, "2040-01-01").await.is_empty(), "it goes on");
    told.as_associate("POST", &format!("/inquiries/{into}/claim"), json!({})).await;
    surveys::decline(&mut told, &into).await;
    let ended = told.world.now();
    let will = foreseen(&mut told, "2040-01-01").await;
    let counts = will.iter().map(|matter| matter["erased"].to_string().matches("k2").count()).sum::<usize>();
    assert_eq!((will.len(), counts), (2, 1), "each with what was said in it, and no contact in both: {will:?}");
    assert!(will.iter().all(|matter| matter["ended_at"] == json!(ended)), "since the end of the one: {will:?}");
    until(&mut told, ended, 729).await;
    assert_eq!(with_words(&told), 4, "two contacts, and an answer with its mail in what was merged");
    until(&mut told, ended, 731).await;
    assert_eq!(with_words(&told), 0);
    assert_eq!(told.world.parked(), Vec::<String>::new());
}

/// More than a transaction holds: the next look goes on at once.
#[tokio::test]
async fn a_matter_in_which_more_was_said_than_one_look_erases_is_erased_in_several() {
    let mut told = told().await;
    let begun = told.world.now();
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    for _ in 0..43 {
        answered(&mut told, &inquiry).await;
    }
    surveys::decline(&mut told, &inquiry).await;
    let will = foreseen(&mut told, "2040-01-01").await;
    assert_eq!(will[0]["erased"]["answers"]["count"], 86, "with their mails: {will:?}");
    until(&mut told, begun, 731).await;
    assert_eq!(with_words(&told), 7, "eighty items in one look");
    told.world.pass(TimeDelta::minutes(1)).await;
    assert_eq!(with_words(&told), 0);
}

#[tokio::test]
async fn a_clock_of_what_was_taken_up_again_rings_for_nothing() {
    let mut told = told().await;
    let begun = told.world.now();
    let inquiry = surveys::resolved(&mut told, "k1", "o1").await;
    told.world.pass(TimeDelta::days(1)).await;
    told.contact("k2", Some("o1"), "late_delivery").await;
    until(&mut told, begun, 800).await;
    assert_eq!(with_words(&told), 2, "it is live again");
    assert_eq!(told.seen(&inquiry).await["status"], "open");
}
