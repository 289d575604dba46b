//! Letters in simplified Chinese. A paragraph is one line: between Chinese characters a browser shows a line's end as a gap.

use crate::letter::{self, Facts, Letter};
use askama::Template;
use chrono::{Datelike, NaiveDate, Weekday};
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
#[template(path = "zh.txt")]
struct Text<'a> {
    facts: Facts<'a>,
}

#[derive(Template)]
#[template(path = "zh.html")]
struct Html<'a> {
    facts: Facts<'a>,
    subject: &'a str,
}

/// Writes the letter.
pub fn write(facts: Facts<'_>) -> Result<Letter, Failure> {
    letter::compose("客户服务", &Text { facts }, |subject| Html { facts, subject }.render())
}

/// `2026年6月16日星期二 14:00 PDT（UTC 21:00）`.
pub fn time(store: &Store, at: &Instant) -> String {
    let local = at.with_timezone(&store.zone);
    let utc = if local.date_naive() == at.date_naive() { "%H:%M" } else { "%-m月%-d日 %H:%M" };
    let (day, hour) = (local.format("%Y年%-m月%-d日"), local.format("%H:%M"));
    format!("{day}{} {hour} {}（UTC {}）", weekday(local.weekday()), clock(store, at), at.format(utc))
}

/// `6月16日 14:00 PDT`.
pub fn short_time(store: &Store, at: &Instant) -> String {
    format!("{} {}", at.with_timezone(&store.zone).format("%-m月%-d日 %H:%M"), clock(store, at))
}

/// `2026年6月16日星期二`.
pub fn day(day: NaiveDate) -> String {
    format!("{}{}", day.format("%Y年%-m月%-d日"), weekday(day.weekday()))
}

/// `2026年7月1日至9月30日`.
pub fn days(first: NaiveDate, last: NaiveDate) -> String {
    format!("{}至{}", first.format("%Y年%-m月%-d日"), last.format("%-m月%-d日"))
}

/// `PDT`, or `圣保罗时间`.
fn clock(store: &Store, at: &Instant) -> String {
    letter::clock(store, at, |city| {
        store.clock_zh.as_ref().map_or_else(|| format!("{city} 时间"), |zh| format!("{zh}时间"))
    })
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}
