//! A statement and a forecast, as the seller reads them.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    fee::{Measure, Rate, TierName},
    forecast::Forecast,
    ledger::QuarterHead,
    quarter::Quarter,
    statement::Statement,
    store::Store,
};
use serde::Serialize;
use shell::csv::Column;

/// A statement. Amounts are in minor units of `currency`; the quarter is the store's own.
#[derive(Debug, Serialize)]
pub struct StatementView {
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
    lines: Vec<LineView>,
    contacts: Contacts,
}

#[derive(Debug, Serialize)]
struct Measured {
    contacts: u64,
    units: u64,
    packages: u64,
    packages_scanned: u64,
    rate_minor: Option<i64>,
}

/// The contacts that are recorded, and how many of them count.
#[derive(Debug, Serialize)]
struct Contacts {
    recorded: u64,
    counted: u64,
}

/// The columns of the lines as CSV.
pub const LINES: [Column; 6] = [
    ("quarter", "/quarter"),
    ("reason", "/reason"),
    ("rate_minor", "/rate_minor"),
    ("units", "/units"),
    ("amount_minor", "/amount_minor"),
    ("currency", "/currency"),
];

#[derive(Debug, Serialize)]
struct LineView {
    quarter: Quarter,
    reason: &'static str,
    rate_minor: i64,
    units: u64,
    amount_minor: i64,
    currency: &'static str,
}

/// CLM-3, CLM-4: what is paid back, as one line, so that the lines come to the total. It has no units.
fn paid_back(statement: &Statement) -> Option<LineView> {
    (statement.paid_back.causes > 0).then(|| LineView {
        quarter: statement.quarter,
        reason: "reimbursement",
        rate_minor: 0,
        units: 0,
        amount_minor: statement.paid_back.amount.minor.saturating_neg(),
        currency: statement.total.currency.code(),
    })
}

/// What the seller sees of its quarter.
pub fn view(store: &Store, head: &QuarterHead, statement: &Statement) -> StatementView {
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
        lines: statement
            .lines
            .iter()
            .map(|line| LineView {
                quarter: statement.quarter,
                reason: line.reason.as_str(),
                rate_minor: line.rate.minor,
                units: line.units,
                amount_minor: line.amount.minor,
                currency: line.amount.currency.code(),
            })
            .chain(paid_back(statement))
            .collect(),
        contacts: Contacts { recorded: statement.contacts.recorded, counted: statement.contacts.counted },
    }
}

/// What the running quarter would come to.
#[derive(Debug, Serialize)]
pub struct ForecastView {
    quarter: Quarter,
    as_of: DateTime<Utc>,
    currency: &'static str,
    /// Contacts per unit.
    cpu: Option<Share>,
    /// Scanned parcels per parcel.
    vtr: Share,
    /// Of the next quarter, if this one ended now.
    rate: Option<RateView>,
    next: Option<NextView>,
}

#[derive(Debug, Serialize)]
struct Share {
    numerator: u64,
    denominator: u64,
}

#[derive(Debug, Serialize)]
struct RateView {
    rate_of: Quarter,
    card: String,
    tier: TierName,
    rate_minor: i64,
}

/// Where a unit costs more.
#[derive(Debug, Serialize)]
struct NextView {
    contacts_left: u64,
    tier: TierName,
    rate_minor: i64,
}

/// What the seller sees of the quarter to come.
pub fn forecast(store: &Store, quarter: Quarter, counted: &Measure, now: Instant) -> ForecastView {
    let next = quarter.next();
    let forecast: Option<Forecast> = store.card_at(next.start(store.zone)).map(|card| card.forecast(counted));
    let rate = |rate: &Rate| RateView {
        rate_of: next,
        card: rate.card.clone(),
        tier: rate.tier,
        rate_minor: rate.amount.minor,
    };
    let dearer = forecast.as_ref().and_then(|forecast| forecast.next.as_ref());
    ForecastView {
        quarter,
        as_of: now,
        currency: store.currency.code(),
        cpu: forecast.as_ref().map(|f| Share { numerator: f.rate.contacts, denominator: f.rate.units }),
        vtr: Share { numerator: counted.packages_scanned, denominator: counted.packages },
        rate: forecast.as_ref().map(|forecast| rate(&forecast.rate)),
        next: dearer.map(|dearer| NextView {
            contacts_left: dearer.contacts,
            tier: dearer.rate.tier,
            rate_minor: dearer.rate.amount.minor,
        }),
    }
}
