//! The statements of a history, computed as plainly as possible: loops over rows, no state, no events, and none of the
//! project's rules. Only the time zone's table is shared.

use super::history::{History, Order, Review};
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
            let skipped = i64::from(before != local);
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

fn speaks(review: &Review) -> bool {
    review.score <= 2 && !review.message.trim().is_empty()
}

/// The history, with what is asked of it over and over.
pub struct Naive<'a> {
    history: &'a History,
    /// Each order with its sellers and their units in it.
    orders: Vec<(&'a Order, BTreeMap<&'a str, u64>)>,
    /// When each seller's service begins for the first time.
    begins: BTreeMap<&'a str, Time>,
}

impl<'a> Naive<'a> {
    pub fn of(history: &'a History) -> Self {
        let mut parts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        for item in &history.items {
            *parts.entry(&item.order).or_default().entry(item.seller.as_str()).or_default() += 1;
        }
        let of = |order: &'a Order| (order, parts.get(order.id.as_str()).cloned().unwrap_or_default());
        let orders: Vec<_> = history.orders.iter().map(of).collect();
        let mut begins: BTreeMap<&str, Time> = BTreeMap::new();
        for (order, parts) in &orders {
            let day = instant(order.purchased).with_timezone(&Sao_Paulo).date_naive();
            let begin = instant(day.and_hms_opt(0, 0, 0).unwrap()) + TimeDelta::minutes(15);
            for seller in parts.keys() {
                let known = begins.entry(seller).or_insert(begin);
                *known = begin.min(*known);
            }
        }
        Self { history, orders, begins }
    }

    fn covered(&self, seller: &str, placed: Time) -> bool {
        let (begins, out, back) = (self.begins[seller], midnight(2018, 1, 1), midnight(2018, 3, 1));
        let leaves = seller.starts_with('0') && begins - TimeDelta::minutes(15) < out;
        placed >= begins && !(leaves && placed >= out && placed < back + TimeDelta::minutes(15))
    }

    fn in_trial(&self, seller: &str, shipped: Time) -> bool {
        let begins = self.begins[seller].with_timezone(&Sao_Paulo).naive_local();
        shipped < instant(begins.checked_add_days(Days::new(90)).unwrap())
    }

    /// The reason and the rate of a charged unit that this seller ships in this quarter: by what was counted before it.
    fn rate(&self, seller: &str, of: i32) -> (&'static str, u64) {
        let measured = of - 1;
        let (mut units, mut packages, mut scanned) = (0, 0, 0);
        for (order, parts) in &self.orders {
            let Some(at) = shipped(order).filter(|at| quarter(*at) == measured) else { continue };
            let Some(own) = parts.get(seller) else { continue };
            if self.covered(seller, instant(order.purchased)) {
                units += own;
            }
            packages += 1;
            let seen = order.delivered.map(|delivered| instant(delivered).max(at));
            if seen.is_some_and(|seen| seen < quarter_end(measured) + TimeDelta::minutes(15)) {
                scanned += 1;
            }
        }
        let contacts = self.contacts(seller).into_iter().filter(|at| quarter(*at) == measured).count() as u64;
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
    fn contacts(&self, seller: &str) -> Vec<Time> {
        let mut first = Vec::new();
        for (order, parts) in &self.orders {
            let placed = instant(order.purchased);
            if parts.contains_key(seller) && self.covered(seller, placed) {
                let unhappy = self.history.reviews.iter().filter(|review| review.order == order.id && speaks(review));
                first.extend(unhappy.map(|review| instant(review.created).max(placed)).min());
            }
        }
        first
    }

    /// Every line, sorted.
    pub fn statements(&self) -> Vec<Line> {
        let mut lines: BTreeMap<(String, String, &'static str, u64), u64> = BTreeMap::new();
        for (order, parts) in &self.orders {
            let Some(at) = shipped(order) else { continue };
            for (seller, units) in parts {
                let (reason, rate) = if !self.covered(seller, instant(order.purchased)) {
                    ("not_covered", 0)
                } else if self.in_trial(seller, at) {
                    ("trial", 0)
                } else {
                    self.rate(seller, quarter(at))
                };
                *lines.entry(((*seller).to_owned(), name(quarter(at)), reason, rate)).or_default() += units;
            }
        }
        let line = |((seller, quarter, reason, rate), units)| Line { seller, quarter, reason, rate, units };
        lines.into_iter().map(line).collect()
    }

    /// Rows that come to nothing, by reason.
    pub fn left_out(&self) -> BTreeMap<String, u64> {
        let mut counted: BTreeMap<String, u64> = BTreeMap::new();
        let mut count = |reason: &str| *counted.entry(reason.to_owned()).or_default() += 1;
        for _ in self.orders.iter().filter(|(_, parts)| parts.is_empty()) {
            count("order without items");
        }
        let mut seen = BTreeSet::new();
        for review in &self.history.reviews {
            match self.orders.iter().find(|(order, _)| order.id == review.order) {
                None => count("review of an unknown order"),
                Some(_) if !speaks(review) => {}
                Some(_) if !seen.insert((&review.id, &review.order)) => count("repeated review"),
                Some((_, parts)) if parts.is_empty() => count("review of an order without items"),
                Some(_) => {}
            }
        }
        counted
    }
}
