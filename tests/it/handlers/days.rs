//! Days that are added up (INS-2): one too long for a message, one whose sum no item holds, and what is no day.

use crate::stories::told::Told;
use chrono::{DateTime, Utc};
use domain::insight::Fact;
use serde_json::{Value as Json, json};
use shell::store::Seen;
use world::cloud::locked;

/// The day after that of the facts, in the store's zone.
const NEXT_DAY: &str = "2026-08-04T08:00:00Z";

async fn with_orders(orders: usize) -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    let names: Vec<_> = (0..orders).map(|n| format!("o{n}")).collect();
    told.world.facts(names.iter().map(|order| told.placed(order, "seller", told.just_now())).collect::<Vec<_>>()).await;
    told.world.facts(names.iter().map(|order| told.shipped(order)).collect::<Vec<_>>()).await;
    told
}

fn wait(told: &Told) {
    told.world.cloud.set_now(NEXT_DAY.parse::<DateTime<Utc>>().unwrap().timestamp_millis());
}

/// One message about the day of the facts.
async fn message(told: &mut Told) {
    let due = json!({ "store": "US", "seller": "s1", "quarter": "2026Q3", "day": "2026-08-03" });
    told.world.cloud.send("DaysQueue", due.to_string());
    told.world.settle().await;
}

async fn tick(told: &mut Told) {
    told.world.tick("ledger-rollup").await;
    told.world.settle().await;
}

fn stage(told: &Told) -> Option<String> {
    let items = told.world.items("LedgerTable").into_iter();
    let mut sums = items.filter(|item| item["sk"]["S"] == "DAY#2026Q3#2026-08-03");
    sums.next().map(|item| item["state"]["M"]["stage"]["S"].as_str().unwrap().to_owned())
}

async fn units(told: &mut Told) -> Json {
    let insights = told.as_seller("GET", "/insights?quarter=2026Q3", Json::Null).await.body;
    let vtr = insights["figures"].as_array().unwrap().iter().find(|row| row["metric"] == "vtr").unwrap();
    vtr["denominator"].clone()
}

#[tokio::test]
async fn ins_2_a_day_with_more_facts_than_one_message_reads_is_added_up_by_several() {
    let mut told = with_orders(20).await;
    locked(&told.world.cloud.tables).page = Some(1);
    let scanned = told.scanned("o0");
    wait(&told);
    assert_eq!((stage(&told), units(&mut told).await), (None, json!(20)));
    message(&mut told).await;
    assert_eq!((stage(&told).as_deref(), units(&mut told).await), (Some("adding"), json!(20)), "sixteen of twenty");
    // A fact that comes meanwhile, before the place that was reached, makes it begin anew.
    told.world.facts([scanned]).await;
    message(&mut told).await;
    assert_eq!((stage(&told).as_deref(), units(&mut told).await), (Some("adding"), json!(20)));
    message(&mut told).await;
    assert_eq!((stage(&told).as_deref(), units(&mut told).await), (Some("complete"), json!(20)));
    let before = told.world.left_behind();
    assert_eq!(told.world.tick("ledger-rollup").await, 0, "nothing is due any more");
    assert_eq!((told.world.left_behind(), told.world.parked()), (before, Vec::new()));
}

/// Contacts about so many products that no item holds them all; each fact is as the router writes it.
#[tokio::test]
async fn ins_2_a_day_that_no_item_holds_is_shown_from_its_facts() {
    let mut told = with_orders(1).await;
    told.contact("k0", Some("o0"), "quality").await;
    let item = told
        .world
        .items("LedgerTable")
        .into_iter()
        .find(|item| item["sk"]["S"].as_str().unwrap().contains("#CONTACT#"));
    let item = item.unwrap();
    for n in 0..60 {
        let mut more = item.clone();
        more["sk"]["S"] = json!(item["sk"]["S"].as_str().unwrap().replace("k0", &format!("k-many-{n}")));
        more["state"]["M"]["contact"]["S"] = json!(format!("k-many-{n}"));
        let products: Vec<_> = (0..100).map(|p| json!({ "S": format!("{n:032}{p:032}") })).collect();
        more["state"]["M"]["products"] = json!({ "L": products });
        told.world.cloud.put("LedgerTable", &more);
    }
    wait(&told);
    tick(&mut told).await;
    assert_eq!(stage(&told).as_deref(), Some("too_large"));
    let products = told.as_seller("GET", "/insights/reasons/quality?quarter=2026Q3", Json::Null).await.body;
    assert_eq!(products["products"].as_array().unwrap().len(), 6_001);
    assert_eq!((told.world.tick("ledger-rollup").await, told.world.parked()), (0, Vec::new()));
}

/// Earlier code added a day up without whose time its resolutions took: it is shown from its facts.
#[tokio::test]
async fn ins_2_a_sum_that_leaves_out_what_is_shown_today_is_not_taken_for_its_facts() {
    let mut told = with_orders(1).await;
    let inquiry = told.inquiry("k0", "o0", "quality").await;
    told.world.cloud.set_now(told.world.cloud.now() + 300_000);
    crate::stories::surveys::decline(&mut told, &inquiry).await;
    wait(&told);
    tick(&mut told).await;
    let time = async |told: &mut Told| {
        let insights = told.as_seller("GET", "/insights?quarter=2026Q3", Json::Null).await.body;
        let row = insights["figures"].as_array().unwrap().iter().find(|row| row["metric"] == "service_time").unwrap();
        (row["value"].clone(), row["numerator"].clone(), row["denominator"].clone())
    };
    let counted = (json!(5), json!(5), json!(1));
    assert_eq!((stage(&told).as_deref(), time(&mut told).await), (Some("complete"), counted.clone()));
    let sums = told.world.items("LedgerTable").into_iter();
    let mut sum = sums.into_iter().find(|item| item["sk"]["S"] == "DAY#2026Q3#2026-08-03").unwrap();
    sum["state"]["M"]["sum"]["M"].as_object_mut().unwrap().remove("owned").unwrap();
    told.world.cloud.put("LedgerTable", &sum);
    assert_eq!(time(&mut told).await, counted);
    let report = crate::stories::told::verified(&told.world, world::verify::Moment::Running);
    assert_eq!(report.findings, [], "and the verifier accuses nothing of it");
}

#[tokio::test]
async fn ins_2_what_names_no_day_of_a_store_is_parked_and_a_day_that_is_not_over_waits() {
    let mut told = with_orders(1).await;
    let due = |day: &str, quarter: &str, store: &str| {
        json!({ "store": store, "seller": "s1", "quarter": quarter, "day": day }).to_string()
    };
    for (body, reason) in [
        (due("2026-08-03", "2026Q4", "US"), "invalid_input: day is no day of 2026Q4"),
        (due("2026-08-03", "2026Q3", "XX"), "unknown_store: store XX is no store: the stores are BR, DE, US"),
        (due("2026-08-32", "2026Q3", "US"), "malformed_json: body "),
    ] {
        told.world.cloud.send("DaysQueue", body);
        told.world.settle().await;
        assert!(told.world.parked().iter().any(|parked| parked.starts_with(reason)), "{:?}", told.world.parked());
    }
    assert_eq!(told.world.parked().len(), 3);
    let last = "2026-08-04T06:59:59.999Z".parse::<DateTime<Utc>>().unwrap();
    told.world.cloud.set_now(last.timestamp_millis());
    told.world.cloud.send("DaysQueue", due("2026-08-03", "2026Q3", "US"));
    told.world.settle().await;
    assert_eq!((stage(&told), told.world.tick("ledger-rollup").await), (None, 0), "the instant before it is over");
    told.world.cloud.set_now(last.timestamp_millis() + 1);
    assert_eq!(told.world.tick("ledger-rollup").await, 1, "and on it");
    told.world.settle().await;
    assert_eq!(stage(&told).as_deref(), Some("complete"));
}

/// A fact that comes while its day is being added up is in the sum, or leaves its mark there: two workers meet.
#[tokio::test]
async fn d2_ins_2_a_mark_that_is_put_anew_meanwhile_is_not_taken_away() {
    let told = with_orders(1).await;
    wait(&told);
    let shell = told.world.shell("insight-day");
    let due: domain::insight::DayDue =
        serde_json::from_value(json!({ "store": "US", "seller": "s1", "quarter": "2026Q3", "day": "2026-08-03" }))
            .unwrap();
    let mut work = shell::insight::Work::of(shell, due.clone()).await.unwrap().expect("something to do");
    assert!(!work.add_page(shell).await.unwrap());
    // The same mark again, by another cause, after the facts were read.
    let marks = told
        .world
        .items("LedgerTable")
        .into_iter()
        .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("DUE#"));
    for mut mark in marks {
        mark["version"]["N"] = json!("7");
        told.world.cloud.put("LedgerTable", &mark);
    }
    let at = domain::at::At { now: told.world.now(), actor: domain::at::Actor::Service, cause: "test".into() };
    let us = shell.book.store(&due.store).unwrap();
    let commit = shell::commit::Commit::unmarked(at).day_sum(us, work).unwrap();
    assert_eq!(shell.store.commit(&commit).await, Err(shell::failure::Failure::Stale), "decide again");
    assert_eq!(stage(&told), None);
    let facts = shell.store.list::<Fact>(shell::key::Table::Ledger, "US#s1#INSIGHTS", "FACT#").await.unwrap();
    assert!(matches!(&facts[..], [(_, Seen { state: Fact::Shipped(_), .. })]));
}
