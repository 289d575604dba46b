//! Rows 18 and 19: indexes that lag by ten minutes, and pages of one item with an empty one at the end.

use super::{
    cells,
    edges::{ask, readable},
    faults::paths,
};
use crate::{
    crash::{paused, run::Stage},
    stories::told::Told,
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{Delivery, World, cloud::locked};

const LAG: i64 = 10 * 60_000;

/// The paths of a column leave the same, whatever an index shows: nothing is decided on one.
fn nobody_asks_it(column: &str, leave_out: &[&str]) {
    for path in paths(column).iter().filter(|path| !leave_out.contains(path)) {
        paused(async {
            let mut stage = Stage::set(path).await;
            let (clean, _) = stage.run(&[]).await;
            locked(&stage.world().cloud.tables).lag = LAG;
            stage.begin_with(str::to_owned);
            assert!(stage.run(&[]).await.0 == clean, "{path}");
        });
    }
}

fn with_small_pages(column: &str) {
    for path in paths(column) {
        paused(async {
            let mut stage = Stage::set(path).await;
            let (clean, _) = stage.run(&[]).await;
            locked(&stage.world().cloud.tables).page = Some(1);
            stage.begin_with(str::to_owned);
            assert!(stage.run(&[]).await.0 == clean, "{path}");
        });
    }
}

fn pass(told: &Told, time: TimeDelta) {
    told.world.cloud.set_now((told.world.now() + time).timestamp_millis());
}

/// A clock that the index does not show yet rings ten minutes later; one that it still shows rings twice and does nothing
/// the second time.
async fn the_sweep_sees_late() {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    locked(&told.world.cloud.tables).lag = TimeDelta::hours(25).num_milliseconds();
    let request = told.asked(&inquiry).await;
    pass(&told, TimeDelta::hours(24) + TimeDelta::minutes(1));
    told.world.tick("sla-sweep").await;
    told.world.settle().await;
    assert_eq!(told.request(&request).await["state"], "needs_attention", "not seen yet");
    locked(&told.world.cloud.tables).lag = LAG;
    pass(&told, TimeDelta::hours(1));
    assert!(told.world.tick("sla-sweep").await > 0, "seen by a later tick");
    told.world.settle().await;
    assert_eq!(told.request(&request).await["state"], "expired");
    let (before, mails) = (told.world.left_behind(), told.world.mails_to("s1@sellers.example").len());
    assert!(told.world.tick("sla-sweep").await > 0, "the index still shows what is gone");
    told.world.settle().await;
    assert_eq!((told.world.left_behind(), told.world.mails_to("s1@sellers.example").len()), (before, mails));
    assert_eq!((told.world.parked(), told.world.dead()), (Vec::new(), &[][..]));
}

/// The rollup finds a quarter late, or one that was measured by now: either way it is measured once.
async fn the_rollup_sees_late() {
    let mut told = Told::new(World::new("2026-09-30T15:00:00Z", Delivery::Once));
    locked(&told.world.cloud.tables).lag = TimeDelta::hours(48).num_milliseconds();
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now()), told.shipped("o1")]).await;
    pass(&told, TimeDelta::hours(24));
    assert_eq!(told.world.tick("ledger-rollup").await, 0, "not seen yet");
    locked(&told.world.cloud.tables).lag = LAG;
    pass(&told, TimeDelta::hours(26));
    assert_eq!(told.world.tick("ledger-rollup").await, 2, "the quarter, and a day with facts");
    told.world.settle().await;
    let before = told.world.left_behind();
    assert_eq!(told.world.tick("ledger-rollup").await, 2, "the index still shows them");
    told.world.settle().await;
    assert_eq!(told.world.left_behind(), before);
    let next = told.as_seller("GET", "/statements/2026Q4", Json::Null).await.body;
    assert_eq!(next["measured"]["units"], 2, "summed over the keys of the table: {next}");
}

/// A list may lag; the thing itself does not.
async fn lists_lag_and_decide_nothing() {
    let mut told = Told::ordered().await;
    locked(&told.world.cloud.tables).lag = LAG;
    assert_eq!(told.contact("k1", Some("o1"), "late_delivery").await.status, 202);
    assert_eq!(told.as_associate("GET", "/queue", Json::Null).await.body, json!({ "inquiries": [] }), "not yet");
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    assert_eq!(told.seen(&inquiry).await["status"], "open", "the inquiry itself is there");
    pass(&told, TimeDelta::minutes(10));
    let listed = told.as_associate("GET", "/queue", Json::Null).await.body;
    assert_eq!(listed["inquiries"].as_array().unwrap().len(), 1);
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await.status, 200);
    let request = told.asked(&inquiry).await;
    assert_eq!(told.as_seller("GET", "/case-log", Json::Null).await.body["requests"], json!([]), "not yet");
    assert_eq!(told.request(&request).await["request_id"], json!(request), "the request itself is there");
    assert_eq!(told.reply(&request, "On Monday.").await.status, 200, "and can be answered");
    // What the index still shows as it was is refused by what is.
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await.status, 200);
    let question = json!({ "kind": "free_text", "text": "When?" });
    let asked = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
    assert!([200, 201, 409].contains(&asked.status), "{}", asked.body);
    pass(&told, TimeDelta::minutes(10));
    assert!(!told.as_seller("GET", "/case-log", Json::Null).await.body["requests"].as_array().unwrap().is_empty());
}

/// Every list, its pages put together, and everything else that is read: as with whole pages.
async fn lists_are_whole() {
    let (mut told, mut reads) = readable().await;
    let orders: Vec<_> = (2..12).map(|n| told.placed(&format!("o{n}"), "seller", told.just_now())).collect();
    told.world.facts(orders).await;
    for n in 2..12 {
        let inquiry = told.inquiry(&format!("k{n}"), &format!("o{n}"), "late_delivery").await;
        told.asked(&inquiry).await;
    }
    for n in 20..30 {
        told.world.fact(told.placed(&format!("o{n}"), "seller", told.just_now())).await;
        told.contact(&format!("k{n}"), Some(&format!("o{n}")), "late_delivery").await;
    }
    // Where the next page begins depends on where this one ends.
    let goes_on = |path: &str| path.ends_with("/case-log") || path.ends_with("/export") || path.contains("/retention?");
    reads.retain(|(path, _)| !goes_on(path));
    let mut clean = Vec::new();
    for page in [None, Some(1)] {
        locked(&told.world.cloud.tables).page = page;
        let mut all = Vec::new();
        for (path, claims) in &reads {
            all.push(ask(&told.world, "GET", path, claims, ("", "")).await);
        }
        let (mut cursor, mut listed) = (String::new(), Vec::new());
        loop {
            let log = told.as_seller("GET", &format!("/case-log{cursor}"), Json::Null).await.body;
            listed.extend(log["requests"].as_array().unwrap().clone());
            let Some(next) = log["next_cursor"].as_str() else { break };
            cursor = format!("?cursor={next}");
        }
        assert_eq!(listed.len(), 11, "each request once");
        clean.push((all, listed));
    }
    assert!(clean[0].1 == clean[1].1, "the Case Log");
    for ((path, _), (whole, small)) in reads.iter().zip(clean[0].0.iter().zip(&clean[1].0)) {
        assert_eq!(whole, small, "{path}");
    }
}

cells! {
    m18_enr_no_writer_asks_an_index => nobody_asks_it("enr", &[]);
    m18_rte_no_router_asks_an_index => nobody_asks_it("rte", &[]);
    m18_swp_what_an_index_does_not_show_yet_rings_later_and_what_it_still_shows_rings_in_vain => paused(the_sweep_sees_late());
    m18_fee_a_quarter_is_summed_over_the_table_and_found_late_or_twice_is_measured_once => {
        nobody_asks_it("fee", &["rollup"]);
        paused(the_rollup_sees_late());
    };
    m18_dsh_a_list_may_lag_and_the_thing_itself_does_not => paused(lists_lag_and_decide_nothing());
    m18_rly_an_entry_that_an_index_still_shows_is_sent_again_in_vain => nobody_asks_it("rly", &[]);

    m19_swp_a_sweep_sees_every_clock_on_pages_of_one => with_small_pages("swp");
    m19_fee_a_quarter_sums_to_the_same_on_pages_of_one => with_small_pages("fee");
    m19_dsh_every_list_is_whole_on_pages_of_one => paused(lists_are_whole());
}
