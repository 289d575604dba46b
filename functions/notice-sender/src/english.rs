//! Letters in English.

use crate::letter::{self, Facts, Letter};
use askama::Template;
use chrono::NaiveDate;
use domain::{
    at::Instant,
    claim::criteria::Criterion,
    decision::DecisionKind,
    fee::TierName,
    inquiry::HandOver,
    notice::{ClaimStep, NoticeKind},
    question::QuestionKind,
    received::Cause,
    routing::Reason,
    seller::Enrolling,
    store::Store,
    transfer::Outcome,
};
use shell::failure::Failure;

#[derive(Template)]
#[template(path = "en.txt")]
struct Text<'a> {
    facts: Facts<'a>,
}

#[derive(Template)]
#[template(path = "en.html")]
struct Html<'a> {
    facts: Facts<'a>,
    subject: &'a str,
}

/// Writes the letter.
pub fn write(facts: Facts<'_>) -> Result<Letter, Failure> {
    letter::compose("Customer Service", &Text { facts }, |subject| Html { facts, subject }.render())
}

/// `Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)`.
pub fn time(store: &Store, at: &Instant) -> String {
    let local = at.with_timezone(&store.zone);
    let utc = if local.date_naive() == at.date_naive() { "%H:%M" } else { "%-d %B, %H:%M" };
    format!("{} {} ({} UTC)", local.format("%A, %-d %B %Y, %H:%M"), clock(store, at), at.format(utc))
}

/// `16 June, 14:00 PDT`.
pub fn short_time(store: &Store, at: &Instant) -> String {
    format!("{} {}", at.with_timezone(&store.zone).format("%-d %B, %H:%M"), clock(store, at))
}

/// `Tuesday, 16 June 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// `1 July to 30 September 2026`.
pub fn days(first: NaiveDate, last: NaiveDate) -> String {
    format!("{} to {}", first.format("%-d %B"), last.format("%-d %B %Y"))
}

/// `PDT`, or `Sao Paulo time`.
fn clock(store: &Store, at: &Instant) -> String {
    letter::clock(store, at, |city| format!("{city} time"))
}
