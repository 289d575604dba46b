//! Replays a marketplace's history, in the public Olist format, through the very handlers that serve a store.
//!
//! Times are local to the store; events are fed in the order of time; quarters are measured and closed as their time
//! comes. No mail is sent.

mod files;
mod mapping;
mod report;

pub use files::{Files, ReadError};
pub use report::{Report, StatementRow};

use crate::{Delivery, World};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{book::Book, ledger::measured_at, quarter::Quarter, store::Store};
use mapping::{Event, What};
use serde_json::{Value as Json, json};
use std::{collections::BTreeSet, time::Instant};

/// The store that is replayed.
const STORE: &str = "BR";
/// An order is taken in once it can be judged.
const TAKEN_IN_AFTER: TimeDelta = TimeDelta::seconds(20);
/// A closed quarter is looked for so long after its end.
const CLOSED_AFTER: TimeDelta = TimeDelta::hours(72);

/// Replays the files; `progress` hears of each event that is done, and of how many there are.
///
/// # Panics
/// If a handler answers what no replay can go on from.
pub async fn run(files: &Files, mut progress: impl FnMut(u64, u64)) -> Report {
    let begun = Instant::now();
    let book = Book::shipped().expect("the shipped data are sound");
    let store = book.store(&STORE.parse().expect("an id")).expect("the store is shipped");
    let history = mapping::history(files, store);
    let mut report = Report::of(&history.counted);
    let events = with_ticks(history.events, store);
    let total = events.len() as u64;
    let mut world: Option<World> = None;
    for (done, event) in (1..).zip(events) {
        let world = world.get_or_insert_with(|| World::new(&event.at.to_rfc3339(), Delivery::Once).without_mail());
        feed(world, event, &mut report).await;
        report.note_calls(&world.calls());
        progress(done, total);
    }
    if let Some(world) = &mut world {
        read_statements(world, store, &mut report).await;
        report.parked = world.parked();
        report.unprocessed = world.dead().len() as u64;
    }
    report.seconds = begun.elapsed().as_secs_f64();
    report
}

/// The events with the ticks between them: a daily sweep of clocks is left out where nothing can be due.
fn with_ticks(mut events: Vec<Event>, store: &Store) -> Vec<Event> {
    let times = || events.iter().map(|event| event.at);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return events };
    let (mut quarter, last) = (store.quarter_of(first), store.quarter_of(last));
    while quarter <= last {
        let end = quarter.end(store.zone);
        events.push(Event { at: measured_at(quarter, store.zone), what: What::Tick });
        events.push(Event { at: end + CLOSED_AFTER, what: What::Tick });
        quarter = quarter.next();
    }
    events.sort_by_key(|event| (event.at, event.what.rank()));
    events
}

async fn feed(world: &mut World, event: Event, report: &mut Report) {
    let now = if matches!(event.what, What::Placed(_)) { event.at + TAKEN_IN_AFTER } else { event.at };
    world.cloud.set_now(now.timestamp_millis());
    report.events += 1;
    match event.what {
        What::Registered(fact) | What::Placed(fact) | What::Shipped(fact) | What::Scanned(fact) => {
            world.fact(fact).await;
        }
        What::OptedOut(seller) => enrollment(world, &seller, "opt-out", event.at).await,
        What::OptedIn(seller) => enrollment(world, &seller, "opt-in", event.at).await,
        What::Contacted { key, body } => {
            let claims = json!({ "sub": "marketplace" });
            let path = format!("/v1/stores/{STORE}/contacts");
            let reply = world.request("POST", &path, claims, &key, &body).await;
            match reply.status {
                202 => report.contacts += 1,
                422 => {
                    let kind = reply.body["type"].as_str().unwrap_or_default();
                    report.reject(&format!("contact: {}", kind.trim_start_matches("/problems/")));
                }
                other => panic!("a contact was answered {other}: {}", reply.body),
            }
        }
        What::Tick => world.pass_to(event.at).await,
    }
}

async fn enrollment(world: &mut World, seller: &str, change: &str, at: DateTime<Utc>) {
    let claims = json!({ "sub": seller, "seller_id": seller });
    let path = format!("/v1/stores/{STORE}/enrollment/{change}");
    let key = format!("{change}-{}", at.timestamp());
    let reply = world.request("POST", &path, claims, &key, "{}").await;
    assert_eq!(reply.status, 200, "{change} of {seller}: {}", reply.body);
}

/// Every final statement with units in it, as its seller reads it.
async fn read_statements(world: &mut World, store: &Store, report: &mut Report) {
    let mut wanted: BTreeSet<(String, Quarter)> = BTreeSet::new();
    world.each_item("LedgerTable", |item| {
        if item["sk"]["S"] == "STATEMENT" && item["state"]["M"]["units"]["N"] != "0" {
            let pk = item["pk"]["S"].as_str().unwrap_or_default();
            let (_, seller, quarter) = shell::key::Key::quarter_of(pk).expect("a key of the ledger");
            wanted.insert((seller.to_string(), quarter));
        }
    });
    for (seller, quarter) in wanted {
        let claims = json!({ "sub": seller, "seller_id": seller });
        let path = format!("/v1/stores/{}/statements/{quarter}", store.id);
        let reply = world.request("GET", &path, claims, "read", "").await;
        assert_eq!((reply.status, &reply.body["state"]), (200, &Json::from("final")), "{path}: {}", reply.body);
        report.statement(&seller, quarter, &reply.body);
    }
}
