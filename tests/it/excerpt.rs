//! The replay of a small history, made here from a seed, against a second computation that shares no rule with the
//! first.

mod history;
mod naive;

use history::History;
use naive::Naive;
use std::collections::BTreeSet;
use world::replay::{Files, Report, run};

const SEED: u64 = 0x0115_7000;
const ORDERS: usize = 200;

async fn replayed(history: &History) -> Report {
    let folder = tempfile(history);
    let files = Files::read(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(files.unreadable, Vec::<String>::new());
    run(&files, |_, _| {}).await
}

/// A folder of this test alone, with the history's files.
fn tempfile(history: &History) -> std::path::PathBuf {
    static FOLDERS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let n = FOLDERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("csba-excerpt-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    history.write(&folder);
    folder
}

#[tokio::test]
async fn fee_10_each_line_of_each_statement_is_what_a_naive_recomputation_says_and_a_second_run_gives_the_same_bytes() {
    let history = History::of(SEED, ORDERS);
    let expected = Naive::of(&history).statements();
    let report = replayed(&history).await;
    assert_eq!(report.parked, Vec::<String>::new());
    assert_eq!(report.unprocessed, 0);

    let lines: Vec<_> = report.csv().lines().skip(1).map(str::to_owned).collect();
    let wanted: Vec<_> = expected.iter().map(ToString::to_string).collect();
    for (n, (line, wanted)) in lines.iter().zip(&wanted).enumerate() {
        assert_eq!(line, wanted, "line {n}");
    }
    assert_eq!(lines.len(), wanted.len());
    assert!(report.csv().starts_with("seller_id,quarter,reason,rate_minor,units,amount_minor\n"));
    assert_eq!(report.orders, ORDERS as u64);
    let left_out = Naive::of(&history).left_out();
    let counted = report.skipped.iter().chain(&report.rejected).map(|(reason, n)| (reason.clone(), *n));
    assert_eq!(counted.collect::<std::collections::BTreeMap<_, _>>(), left_out);

    assert_eq!(replayed(&history).await.csv(), report.csv(), "byte for byte");
}

/// A history that tests nothing would pass every test; this one has what the rules tell apart.
#[test]
fn the_history_has_what_the_rules_tell_apart() {
    let history = History::of(SEED, ORDERS);
    let lines = Naive::of(&history).statements();
    let reasons: BTreeSet<_> = lines.iter().map(|line| line.reason).collect();
    assert_eq!(reasons, BTreeSet::from(["charged", "free_cpu", "not_covered", "trial"]));
    let charged = || lines.iter().filter(|line| line.reason == "charged");
    let quarters: BTreeSet<_> = charged().map(|line| line.quarter.clone()).collect();
    let rates: BTreeSet<_> = charged().map(|line| line.rate).collect();
    assert!(quarters.len() >= 3, "{quarters:?}");
    assert!(rates.len() >= 3, "{rates:?}");
    let gaps = lines.iter().filter(|line| line.reason == "not_covered" && line.seller.starts_with('0'));
    let gap_units: u64 = gaps.filter(|line| line.quarter == "2018Q1").map(|line| line.units).sum();
    assert!(gap_units >= 3, "ENR-5: units of orders in the gap: {gap_units}");
    let left_out = Naive::of(&history).left_out();
    assert_eq!(left_out.len(), 4, "{left_out:?}");
    assert!(history.reviews.iter().any(|review| review.message.contains('\n') && review.message.contains('"')));
}
