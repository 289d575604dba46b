//! The verifier accuses nothing that is sound, and finds every kind of damage that is planted.

mod claims;
mod damage;
mod figures;
mod hand;
mod hooks;
mod house;
mod left;

use claims::OF_CLAIMS;
use damage::{Damage, OF_MONEY, OF_PEOPLE};
use domain::book::Book;
use figures::OF_FIGURES;
use hooks::OF_HOOKS;
use house::OF_THE_HOUSE;
use left::{Items, half_a_year};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    process::{Command, Stdio},
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
    [OF_PEOPLE, OF_MONEY, OF_THE_HOUSE, OF_CLAIMS, OF_FIGURES, OF_HOOKS].into_iter().flatten()
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

/// The program on a dump of the store, as lines and as an export of one table.
#[test]
fn f10_the_program_answers_0_where_nothing_is_wrong_1_where_something_is_and_2_where_it_cannot_read() {
    let line = |(table, item): &(String, Json)| json!({ "table": table, "item": item }).to_string();
    let lines = |items: &Items| items.iter().map(line).collect::<Vec<_>>().join("\n");
    let tables: BTreeSet<_> = sound().iter().map(|(table, _)| table).collect();
    let (code, said) = program(&[], &lines(sound()));
    assert_eq!(code, Some(0), "{said}");
    let counted = format!("0 findings; {} tables, {} items, ", tables.len(), sound().len());
    assert!(said.starts_with(&counted), "{said}");

    let mut items = sound().clone();
    let (name, invariant, _, plant) = OF_MONEY.first().unwrap();
    let place = plant(&mut items);
    let (code, said) = program(&[], &lines(&items));
    assert_eq!(code, Some(1), "{name}: {said}");
    assert!(said.contains(&format!("{invariant}: {place}: ")), "{said}");

    let (code, said) = program(&[], &format!("{}\n{{\"table\":", lines(&items)));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains(&format!("stdin, line {}: EOF", items.len() + 1)), "{said}");
    for (bad, why) in [
        ("{\"table\": \"WeatherTable\", \"item\": {}}", "stdin, line 1: WeatherTable is no table"),
        ("{\"item\": {}}", "stdin, line 1: it names no table"),
        ("{\"table\": \"OrdersTable\", \"item\": {}}", "stdin, line 1: it holds no item with pk and sk"),
    ] {
        let (code, said) = program(&[], bad);
        assert!(code == Some(2) && said.contains(why), "{said}");
    }

    let sellers = sound().iter().filter(|(table, _)| table == "SellersTable");
    let export = sellers.map(|(_, item)| json!({ "Item": item }).to_string()).collect::<Vec<_>>().join("\n");
    let (code, said) = program(&["--table", "SellersTable"], &export);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("F4: LedgerTable US#s1#2026Q3 HEAD: the first quarter is missing"), "{said}");
}

/// The program's code, and all that it said.
fn program(arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut verifier = Command::new(env!("CARGO_BIN_EXE_verify"));
    let verifier = verifier.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut verifier = verifier.spawn().unwrap();
    let mut stdin = verifier.stdin.take().unwrap();
    // Where the input is bad it stops reading.
    std::thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(input.as_bytes())));
        let output = verifier.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    })
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
