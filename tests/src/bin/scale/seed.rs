//! What is there before a function is measured, laid down by the shell itself: clocks, quarters, units.

use crate::services::Services;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    at::{Actor, At},
    clock::Alarm,
    id::SellerId,
    ledger::{Disposition, Entry, UnitEntry, UnitKey},
    outcome::FollowUp,
    store::Store,
};
use shell::{
    Shell,
    commit::{Commit, Fact},
    ledger::booked,
};
use std::sync::Arc;

/// So many things in one transaction.
const TOGETHER: u64 = 90;

fn begun(name: String, now: DateTime<Utc>) -> Commit {
    let fact = Fact::new("scale", name, b"");
    let at = At { now, actor: Actor::Service, cause: fact.cause() };
    Commit::unmarked(at)
}

/// Where all of it is.
pub fn store(shell: &Shell) -> &Store {
    shell.book.store(&"US".parse().expect("an id")).expect("a store")
}

fn seller(n: u64) -> SellerId {
    format!("seller-{n:07}").parse().expect("an id")
}

/// Parts of so many, each a transaction.
fn parts(total: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..total.div_ceil(TOGETHER)).map(move |part| part * TOGETHER..((part + 1) * TOGETHER).min(total))
}

/// Clocks that ring at this time, named from here on.
pub async fn clocks(services: &Arc<Services>, from: u64, count: u64, at: DateTime<Utc>) {
    let shell = services.shell("marketplace-intake");
    for part in parts(count) {
        let ring = |n: u64| FollowUp::Alarm {
            at: at + TimeDelta::milliseconds(i64::try_from(n % 1000).unwrap_or(0)),
            alarm: Alarm::TrialEnding { store: store(&shell).id.clone(), seller: seller(from + n), days_left: 3 },
        };
        let commit = begun(format!("clocks-{from}-{}", part.start), services.now());
        let commit = commit.follow_ups(part.map(ring).collect()).expect("clocks");
        shell.store.commit(&commit).await.expect("they are written");
    }
}

/// A quarter that runs, with so many units: a seller for each hundred of them, of whom the first ships a tenth of all.
pub async fn quarter(services: &Arc<Services>, size: u64) {
    let sellers = size.div_ceil(100).max(2);
    quarters(services, sellers).await;
    units(services, 0, size / 10).await;
    for seller in 1..sellers {
        units(services, seller, TOGETHER).await;
    }
}

/// Sellers whose quarter runs.
async fn quarters(services: &Arc<Services>, count: u64) {
    let shell = services.shell("marketplace-intake");
    for part in parts(count) {
        let commit = begun(format!("quarters-{}", part.start), services.now());
        let commit = part
            .fold(commit, |commit, n| commit.first_quarter(store(&shell), &seller(n), services.now()).expect("a head"));
        shell.store.commit(&commit).await.expect("they are written");
    }
}

/// Units that this seller shipped in the quarter that runs.
async fn units(services: &Arc<Services>, of: u64, count: u64) {
    let shell = services.shell("marketplace-intake");
    let (store, seller, now) = (store(&shell), seller(of), services.now());
    for part in parts(count) {
        let unit = |n: u64| {
            let key = UnitKey {
                order: format!("order-{n:08}").parse().expect("an id"),
                item: "1".parse().expect("an id"),
                ordinal: 1,
            };
            let shipment = format!("parcel-{n:08}").parse().expect("an id");
            Entry::Unit(UnitEntry { key, shipment, shipped_at: now, disposition: Disposition::Chargeable })
        };
        let booked = booked(&shell, store, &seller, now).await.expect("it is booked");
        let commit = begun(format!("units-{of}-{}", part.start), now);
        let commit = commit.entries(store, &seller, booked, part.map(unit).collect()).expect("units");
        shell.store.commit(&commit).await.expect("they are written");
    }
}

/// The message that asks for this seller's quarter.
pub fn due(services: &Arc<Services>, of: u64, quarter_of: DateTime<Utc>) -> String {
    let shell = services.shell("marketplace-intake");
    let store = store(&shell);
    let due = shell::ledger::Due { store: store.id.clone(), seller: seller(of), quarter: store.quarter_of(quarter_of) };
    serde_json::to_string(&due).expect("a message")
}
