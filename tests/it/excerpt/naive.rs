//! The statements of a history, computed as plainly as possible: loops over rows, no state, no events, and none of the
//! project's rules. Only the time zone's table is shared.

use super::history::{History, Order};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Sao_Paulo;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// One line of one statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub seller: String,
    pub quarter: String,
    pub reason: &'static str,
    pub rate: u64,
    pub units: u64,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seller, quarter, reason, rate, units } = self;
        write!(f, "{seller},{quarter},{reason},{rate},{units},{}", rate * units)
    }
}

type Time = DateTime<Utc>;

/// A local time; one that is skipped is the instant at which the clock was put forward.
fn instant(local: NaiveDateTime) -> Time {
    let mut before = local;
    loop {
        if let Some(found) = Sao_Paulo.from_local_datetime(&before).earliest() {
            let skipped = if before == local { 0 } else { 1 };
            return found.with_timezone(&Utc) + TimeDelta::seconds(skipped);
        }
        before -= TimeDelta::seconds(1);
    }
}

fn midnight(year: i32, month: u32, day: u32) -> Time {
    instant(NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap())
}

/// Year and quarter, counted through.
fn quarter(at: Time) -> i32 {
    let local = at.with_timezone(&Sao_Paulo);
    local.year() * 4 + i32::try_from(local.month0() / 3).unwrap()
}

fn quarter_end(quarter: i32) -> Time {
    let next = quarter + 1;
    midnight(next.div_euclid(4), u32::try_from(next.rem_euclid(4)).unwrap() * 3 + 1, 1)
}

fn name(quarter: i32) -> String {
    format!("{}Q{}", quarter.div_euclid(4), quarter.rem_euclid(4) + 1)
}

fn shipped(order: &Order) -> Option<Time> {
    order.shipped.map(|at| instant(at).max(instant(order.purchased)))
}

/// Sellers of an order, with their units in it.
fn parts<'a>(history: &'a History, order: &Order) -> BTreeMap<&'a str, u64> {
    let mut parts = BTreeMap::new();
    for item in history.items.iter().filter(|item| item.order == order.id) {
        *parts.entry(item.seller.as_str()).or_default() += 1;
    }
    parts
}

/// When a seller's service begins for the first time.
fn begins(history: &History, seller: &str) -> Time {
    let sells = |order: &&Order| parts(history, order).contains_key(seller);
    let first = history.orders.iter().filter(sells).map(|order| instant(order.purchased)).min().unwrap();
    let day = first.with_timezone(&Sao_Paulo).date_naive();
    instant(day.and_hms_opt(0, 0, 0).unwrap()) + TimeDelta::minutes(15)
}

fn covered(history: &History, seller: &str, placed: Time) -> bool {
    let (begins, out, back) = (begins(history, seller), midnight(2018, 1, 1), midnight(2018, 3, 1));
    let leaves = seller.starts_with('0') && begins - TimeDelta::minutes(15) < out;
    placed >= begins && !(leaves && placed >= out && placed < back + TimeDelta::minutes(15))
}

fn in_trial(history: &History, seller: &str, shipped: Time) -> bool {
    let begins = begins(history, seller).with_timezone(&Sao_Paulo).naive_local();
    shipped < instant(begins.checked_add_days(Days::new(90)).unwrap())
}

/// The reason and the rate of a charged unit that this seller ships in this quarter: by what was counted before it.
fn rate(history: &History, seller: &str, of: i32) -> (&'static str, u64) {
    let measured = of - 1;
    let (mut units, mut packages, mut scanned) = (0, 0, 0);
    for order in &history.orders {
        let Some(at) = shipped(order).filter(|at| quarter(*at) == measured) else { continue };
        let Some(own) = parts(history, order).get(seller).copied() else { continue };
        if covered(history, seller, instant(order.purchased)) {
            units += own;
        }
        packages += 1;
        let seen = order.delivered.map(|delivered| instant(delivered).max(at));
        if seen.is_some_and(|seen| seen < quarter_end(measured) + TimeDelta::minutes(15)) {
            scanned += 1;
        }
    }
    let contacts = contacts(history, seller).into_iter().filter(|at| quarter(*at) == measured).count() as u64;
    if contacts * 100 < units * 3 && packages > 0 && scanned * 100 >= packages * 95 {
        return ("free_cpu", 0);
    }
    let tier = match contacts * 100 {
        share if share <= units * 5 => 50,
        share if share <= units * 15 => 125,
        share if share <= units * 30 => 250,
        _ => 350,
    };
    ("charged", if units == 0 || (units <= 30 && tier > 125) { 125 } else { tier })
}

/// When the contacts came that count: of each order the first, as nobody ever resolves one here.
fn contacts(history: &History, seller: &str) -> Vec<Time> {
    let mut first = Vec::new();
    for order in &history.orders {
        let placed = instant(order.purchased);
        if !parts(history, order).contains_key(seller) || !covered(history, seller, placed) {
            continue;
        }
        let unhappy = history.reviews.iter().filter(|review| review.order == order.id).filter(|review| speaks(review));
        first.extend(unhappy.map(|review| instant(review.created).max(placed)).min());
    }
    first
}

fn speaks(review: &super::history::Review) -> bool {
    review.score <= 2 && !review.message.trim().is_empty()
}

/// Every line, sorted.
pub fn statements(history: &History) -> Vec<Line> {
    let mut lines: BTreeMap<(String, String, &'static str, u64), u64> = BTreeMap::new();
    for order in &history.orders {
        let Some(at) = shipped(order) else { continue };
        for (seller, units) in parts(history, order) {
            let (reason, rate) = if !covered(history, seller, instant(order.purchased)) {
                ("not_covered", 0)
            } else if in_trial(history, seller, at) {
                ("trial", 0)
            } else {
                rate(history, seller, quarter(at))
            };
            *lines.entry((seller.to_owned(), name(quarter(at)), reason, rate)).or_default() += units;
        }
    }
    lines.into_iter().map(|((seller, quarter, reason, rate), units)| Line { seller, quarter, reason, rate, units }).collect()
}

/// Rows that come to nothing, by reason.
pub fn left_out(history: &History) -> BTreeMap<String, u64> {
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = |reason: &str| *counted.entry(reason.to_owned()).or_default() += 1;
    for order in &history.orders {
        if parts(history, order).is_empty() {
            count("order without items");
        }
    }
    let mut seen = BTreeSet::new();
    for review in &history.reviews {
        match history.orders.iter().find(|order| order.id == review.order) {
            None => count("review of an unknown order"),
            Some(_) if !speaks(review) => {}
            Some(_) if !seen.insert((&review.id, &review.order)) => count("repeated review"),
            Some(order) if parts(history, order).is_empty() => count("review of an order without items"),
            Some(_) => {}
        }
    }
    counted
}
