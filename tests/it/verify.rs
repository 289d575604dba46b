//! The verifier accuses nothing that is sound, and finds every kind of damage that is planted.

mod damage;
mod hand;
mod left;

use damage::{Damage, OF_MONEY, OF_PEOPLE, OF_THE_HOUSE};
use domain::book::Book;
use left::{Items, half_a_year};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
    time::Instant,
};
use world::verify::{Finding, Moment, Report, verify};

/// The store is told once; each test looks at a copy.
fn sound() -> &'static Items {
    static SOUND: OnceLock<Items> = OnceLock::new();
    SOUND.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(half_a_year())
    })
}

fn damages() -> impl Iterator<Item = &'static Damage> {
    [OF_PEOPLE, OF_MONEY, OF_THE_HOUSE].into_iter().flatten()
}

fn look(items: &Items) -> Report {
    let book = Book::shipped().unwrap();
    verify(&book, Moment::Still, items.iter().map(|(table, item)| (table.as_str(), item)))
}

#[test]
fn f10_a_sound_store_has_no_findings_however_its_items_come() {
    let items = sound();
    let book = Book::shipped().unwrap();
    let report = look(items);
    assert_eq!(report.findings, []);
    assert_eq!(report.items, items.len() as u64);
    let backwards = verify(&book, Moment::Still, items.iter().rev().map(|(table, item)| (table.as_str(), item)));
    assert_eq!(backwards.findings, [], "in reversed order");
    // As text, the state before the key: as an export may write it.
    let mut texts = Vec::new();
    for (table, item) in items {
        let fields: BTreeMap<_, _> = item.as_object().unwrap().iter().collect();
        let fields: Vec<_> = fields.iter().rev().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        texts.push((table.as_str(), format!("{{{}}}", fields.join(", "))));
    }
    let begun = Instant::now();
    let report = verify(&book, Moment::Still, texts.iter().map(|(table, text)| (*table, text.as_str())));
    let took = begun.elapsed();
    assert_eq!(report.findings, [], "as text");
    println!("{} items, {} checks, {took:?}", report.items, report.checks);
}

#[test]
fn f10_the_verifier_finds_every_kind_of_planted_damage() {
    let mut missed = Vec::new();
    let mut kinds = BTreeSet::new();
    for (name, invariant, says, plant) in damages() {
        let mut items = sound().clone();
        let place = plant(&mut items);
        let report = look(&items);
        let is_it = |f: &&Finding| f.invariant == *invariant && f.place == place && f.what.contains(says);
        let found = report.findings.iter().find(is_it);
        match found {
            Some(finding) => {
                println!("{name:<55} {:<6} {} finding(s); {}", finding.invariant, report.findings.len(), finding.what);
            }
            None => missed.push(format!("{name}: no {invariant} of {says:?} at {place} in {:#?}", report.findings)),
        }
        assert!(kinds.insert(*name), "{name} is planted once");
    }
    println!("{} kinds of damage", kinds.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(kinds.len() >= 20);
}

#[test]
fn f10_the_same_damage_is_told_alike_in_whatever_order_it_is_read() {
    for (name, _, _, plant) in damages() {
        let mut items = sound().clone();
        plant(&mut items);
        let forwards = look(&items);
        items.reverse();
        assert_eq!(look(&items), forwards, "{name}");
    }
}

#[test]
fn x3_a_clock_that_may_be_on_its_way_is_missed_only_where_nothing_moves() {
    let mut items = sound().clone();
    items.retain(|(table, item)| {
        table != "OutboxTable" || !item["pk"]["S"].as_str().unwrap().starts_with("ENTRY#request_expiry#")
    });
    let book = Book::shipped().unwrap();
    let at = |moment| verify(&book, moment, items.iter().map(|(table, item)| (table.as_str(), item))).findings;
    assert_eq!(at(Moment::Running), []);
    assert_eq!(at(Moment::Still).len(), 1);
}
