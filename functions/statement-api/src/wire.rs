//! A statement, as the seller reads it.

use chrono::{DateTime, Utc};
use domain::{ledger::QuarterHead, statement::Statement, store::Store};
use serde::Serialize;

/// A statement. Amounts are in minor units of `currency`; the quarter is the store's own.
#[derive(Debug, Serialize)]
pub struct StatementView<'a> {
    quarter: String,
    /// `draft` until 72 hours after the quarter, then `final`.
    state: &'static str,
    final_since: Option<DateTime<Utc>>,
    currency: &'static str,
    time_zone: String,
    /// What fixes the rate: the quarter before.
    measured: Measured,
    units: u64,
    total_minor: i64,
    #[serde(flatten)]
    content: Content<'a>,
}

#[derive(Debug, Serialize)]
struct Measured {
    contacts: u64,
    units: u64,
    packages: u64,
    packages_scanned: u64,
    rate_minor: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Content<'a> {
    lines: Vec<LineView<'a>>,
    contacts: &'a [domain::ledger::ContactEntry],
}

#[derive(Debug, Serialize)]
struct LineView<'a> {
    reason: &'static str,
    rate_minor: i64,
    units: u64,
    amount_minor: i64,
    listed: &'a [domain::statement::ListedUnit],
}

/// What the seller sees of its quarter.
pub fn view<'a>(store: &Store, head: &QuarterHead, statement: &'a Statement) -> StatementView<'a> {
    let rate = store.rate_at(head.quarter.start(store.zone), &head.measure);
    StatementView {
        quarter: statement.quarter.to_string(),
        state: if head.closed.is_some() { "final" } else { "draft" },
        final_since: head.closed.as_ref().map(|closed| closed.at),
        currency: store.currency.code(),
        time_zone: store.zone.to_string(),
        measured: Measured {
            contacts: head.measure.contacts,
            units: rate.as_ref().map_or(0, |rate| rate.units),
            packages: head.measure.packages,
            packages_scanned: head.measure.packages_scanned,
            rate_minor: rate.map(|rate| rate.amount.minor),
        },
        units: statement.units,
        total_minor: statement.total.minor,
        content: Content {
            lines: statement
                .lines
                .iter()
                .map(|line| LineView {
                    reason: line.reason.as_str(),
                    rate_minor: line.rate.minor,
                    units: line.units,
                    amount_minor: line.amount.minor,
                    listed: &line.listed,
                })
                .collect(),
            contacts: &statement.contacts,
        },
    }
}
