//! The views of the Case Log and its search: every page is whole, and nobody finds what is another's.

use super::csv::{as_csv, as_json};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::cloud::locked;

const PATH: &str = "/case-log";

/// The pages of a list: how many requests each has, and every request, in order.
async fn pages(told: &mut Told, filter: &str) -> (Vec<usize>, Vec<String>) {
    let (mut sizes, mut ids, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let body = told.as_seller("GET", &format!("{PATH}?{filter}{cursor}"), Json::Null).await.body;
        let rows = body["requests"].as_array().unwrap_or_else(|| panic!("{filter}: {body}"));
        sizes.push(rows.len());
        ids.extend(rows.iter().map(|row| row["request_id"].as_str().unwrap().to_owned()));
        let Some(next) = body["next_cursor"].as_str() else { return (sizes, ids) };
        cursor = format!("&cursor={next}");
    }
}

/// `many` requests about as many orders, a minute apart; every tenth is answered. Newest first.
async fn asked(many: usize) -> (Told, Vec<String>) {
    let mut told = Told::begun();
    told.enrolled().await;
    let orders: Vec<_> = (0..many).map(|n| told.placed(&format!("o{n}"), "seller", told.just_now())).collect();
    told.world.facts(orders).await;
    let mut asked = Vec::new();
    for n in 0..many {
        let inquiry = told.inquiry(&format!("k{n}"), &format!("o{n}"), "late_delivery").await;
        let request = told.asked(&inquiry).await;
        if n % 10 == 0 {
            assert_eq!(told.reply(&request, "On Monday.").await.status, 200);
        }
        asked.insert(0, request);
        told.world.pass(TimeDelta::minutes(1)).await;
    }
    (told, asked)
}

fn every_tenth(asked: &[String], answered: bool) -> Vec<String> {
    let oldest_first = asked.iter().rev().enumerate();
    let mut chosen: Vec<_> =
        oldest_first.filter(|(n, _)| (n % 10 == 0) == answered).map(|(_, id)| id.clone()).collect();
    chosen.reverse();
    chosen
}

#[tokio::test]
async fn req_7_each_view_is_newest_deadline_first_and_only_its_last_page_is_short() {
    let (mut told, asked) = asked(56).await;
    assert_eq!(pages(&mut told, "").await, (vec![25, 25, 6], asked.clone()), "all, where no view is named");
    assert_eq!(pages(&mut told, "view=all").await.1, asked);
    let waiting = every_tenth(&asked, false);
    assert_eq!(waiting.len(), 50);
    assert_eq!(pages(&mut told, "view=needs_attention").await, (vec![25, 25, 0], waiting.clone()), "exactly two pages");
    assert_eq!(pages(&mut told, "view=answered").await, (vec![6], every_tenth(&asked, true)));
    assert_eq!(pages(&mut told, "view=expired").await, (vec![0], vec![]));

    let newest = &waiting[0];
    assert_eq!(told.reply(newest, "On Monday.").await.status, 200);
    assert_eq!(pages(&mut told, "view=needs_attention").await, (vec![25, 24], waiting[1..].to_vec()), "one of 49");
    locked(&told.world.cloud.tables).page = Some(1);
    assert_eq!(pages(&mut told, "view=needs_attention").await, (vec![25, 24], waiting[1..].to_vec()), "a page of one");
    locked(&told.world.cloud.tables).page = None;

    told.world.pass(TimeDelta::hours(25)).await;
    assert_eq!(pages(&mut told, "view=needs_attention").await, (vec![0], vec![]));
    assert_eq!(pages(&mut told, "view=expired").await, (vec![25, 24], waiting[1..].to_vec()));
    assert_eq!(pages(&mut told, "").await.1, asked, "each is in all, whatever became of it");
}

#[tokio::test]
async fn req_7_a_case_and_an_order_are_found_exactly_among_many_and_by_their_seller_alone() {
    let (mut told, asked) = asked(12).await;
    let body = told.request(&asked[10]).await;
    assert_eq!(body["order_id"], "o1", "and o10 and o11 begin alike");
    let case = body["case_id"].as_str().unwrap().to_owned();
    let one = (vec![1], vec![asked[10].clone()]);
    assert_eq!(pages(&mut told, "order_id=o1").await, one);
    assert_eq!(pages(&mut told, &format!("case_id={case}")).await, one);
    assert_eq!(pages(&mut told, &format!("case_id={case}&order_id=o1&view=needs_attention")).await, one);
    for none in [
        "order_id=o".to_owned(),
        "order_id=o12".to_owned(),
        "order_id=o1&view=answered".to_owned(),
        format!("case_id={case}&order_id=o10"),
        format!("case_id={}", &case[..25]),
        format!("order_id={case}"),
        "case_id=o1".to_owned(),
    ] {
        assert_eq!(pages(&mut told, &none).await, (vec![0], vec![]), "{none}");
    }
    // A second question in the same case, and a case of the same order about something else.
    assert_eq!(told.reply(&asked[10], "On Monday.").await.status, 200);
    let second = told.asked(&case).await;
    told.world.pass(TimeDelta::minutes(16)).await;
    let other = told.inquiry("k-other", "o1", "product_question").await;
    let third = told.asked(&other).await;
    let of_case = vec![second.clone(), asked[10].clone()];
    assert_eq!(pages(&mut told, &format!("case_id={case}")).await, (vec![2], of_case));
    assert_eq!(pages(&mut told, "order_id=o1").await, (vec![3], vec![third, second.clone(), asked[10].clone()]));
    assert_eq!(pages(&mut told, &format!("view=needs_attention&case_id={case}")).await, (vec![1], vec![second]));
    for filter in ["order_id=o1".to_owned(), format!("case_id={case}"), "view=answered".to_owned()] {
        let theirs = told.as_user_of("s2", "GET", &format!("{PATH}?{filter}"), Json::Null).await.body;
        assert_eq!(theirs, json!({ "requests": [], "next_cursor": null }), "{filter}");
    }
}

#[tokio::test]
async fn req_7_ins_4_the_case_log_as_csv_has_the_rows_of_the_json() {
    let (mut told, _) = asked(30).await;
    for filter in ["view=all&", "view=needs_attention&", "order_id=o20&", "view=expired&"] {
        let json = as_json(&mut told, PATH, filter, "requests").await;
        let (names, rows) = as_csv(&told, PATH, filter).await;
        assert_eq!(rows.len(), json.len(), "{filter}");
        let at = |name: &str| names.iter().position(|known| known == name).unwrap();
        for (row, request) in rows.iter().zip(&json) {
            for (name, value) in [
                ("request_id", &request["request_id"]),
                ("case_id", &request["case_id"]),
                ("order_id", &request["order_id"]),
                ("due_at", &request["due_at"]),
                ("state", &request["state"]),
                ("question", &request["question"]["text"]),
                ("reply", &request["reply"]["text"]),
            ] {
                assert_eq!(row[at(name)], value.as_str().unwrap_or_default(), "{name}");
            }
        }
    }
}
