//! Returns (RET-1, RET-3): what a return policy says, until when something may come back, and what may be kept of its
//! price. The standard policy is data of the store, dated; a seller's own is compared with it field by field.
//!
//! Not here: how a seller's policy comes into force ([`crate::policy`]).

use crate::{at::Instant, fee::BasisPoints, money::Money, quarter::day_start, topic::Liable};
use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who pays for sending something back that nobody is at fault for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// The seller.
    Seller,
    /// The customer.
    Customer,
}

/// RET-3: the most that may be kept of the price when something comes back. In time and as it was sold, nothing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restocking {
    /// As it was sold, but late.
    pub late: BasisPoints,
    /// Used, damaged, or with parts missing.
    pub used: BasisPoints,
    /// Opened software, or something materially different.
    pub different: BasisPoints,
}

/// What a return policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTerms {
    /// Days from delivery.
    pub window_days: u64,
    /// Categories with days of their own.
    pub windows: BTreeMap<String, u64>,
    /// Categories that do not come back.
    pub non_returnable: BTreeSet<String>,
    /// Who pays for the way back.
    pub return_shipping: Payer,
    /// What may be kept.
    pub restocking: Restocking,
}

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// A season in which what is bought may come back later. Its last day lies in the year after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// The first day of buying.
    pub bought_from: MonthDay,
    /// The last day of buying.
    pub bought_until: MonthDay,
    /// The last day of returning.
    pub returnable_until: MonthDay,
    /// Categories with a last day of their own.
    pub sooner: BTreeMap<String, MonthDay>,
}

/// The standard policy of a store from some day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardPolicy {
    /// Its name in the record of a decision.
    pub version: String,
    /// From when orders have it.
    pub effective_from: Instant,
    /// What it says.
    pub terms: ReturnTerms,
    /// Seasons; they hold for each seller's policy too.
    pub seasons: Vec<Season>,
}

/// How something came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As it was sold.
    Original,
    /// Used, damaged, or with parts missing.
    Used,
    /// Opened software, or something materially different.
    Different,
}

/// A field in which terms are worse than others, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worse {
    /// Its name in the terms.
    pub field: &'static str,
    /// In words.
    pub why: String,
}

impl ReturnTerms {
    /// Days from delivery; none where the category does not come back.
    #[must_use]
    pub fn days(&self, category: Option<&str>) -> Option<u64> {
        let name = category.unwrap_or_default();
        let days = self.windows.get(name).copied().unwrap_or(self.window_days);
        (!self.non_returnable.contains(name)).then_some(days)
    }

    /// RET-1: every field in which these terms are worse for the customer than the standard.
    #[must_use]
    pub fn worse_than(&self, standard: &Self) -> Vec<Worse> {
        let mut worse = Vec::new();
        let mut note = |field, why: String| worse.push(Worse { field, why });
        if self.window_days < standard.window_days {
            note("window_days", format!("{} days, the standard {}", self.window_days, standard.window_days));
        }
        for category in self.windows.keys().chain(standard.windows.keys()).collect::<BTreeSet<_>>() {
            if let (Some(own), Some(theirs)) = (self.days(Some(category)), standard.days(Some(category)))
                && own < theirs
            {
                note("windows", format!("{category} {own} days, the standard {theirs}"));
            }
        }
        for category in self.non_returnable.difference(&standard.non_returnable) {
            note("non_returnable", format!("{category} comes back by the standard"));
        }
        if (self.return_shipping, standard.return_shipping) == (Payer::Customer, Payer::Seller) {
            note("return_shipping", "the customer pays, by the standard the seller".to_owned());
        }
        for ((name, own), (_, most)) in self.restocking.shares().into_iter().zip(standard.restocking.shares()) {
            if own > most {
                note("restocking", format!("{name} {own}, the standard {most}"));
            }
        }
        worse
    }

    /// The better of both for the customer, field by field: what holds where the standard has improved meanwhile.
    #[must_use]
    pub fn or_better(&self, standard: &Self) -> Self {
        let days = |category: &String| self.days(Some(category)).max(standard.days(Some(category)));
        let named = [self, standard].into_iter().flat_map(|terms| terms.windows.keys().chain(&terms.non_returnable));
        let named: BTreeSet<&String> = named.collect();
        let shares = |name: fn(&Restocking) -> BasisPoints| name(&self.restocking).min(name(&standard.restocking));
        Self {
            window_days: self.window_days.max(standard.window_days),
            windows: named.into_iter().filter_map(|name| Some((name.clone(), days(name)?))).collect(),
            non_returnable: self.non_returnable.intersection(&standard.non_returnable).cloned().collect(),
            return_shipping: match (self.return_shipping, standard.return_shipping) {
                (Payer::Customer, Payer::Customer) => Payer::Customer,
                _ => Payer::Seller,
            },
            restocking: Restocking {
                late: shares(|fees| fees.late),
                used: shares(|fees| fees.used),
                different: shares(|fees| fees.different),
            },
        }
    }

    /// RET-3: the most that may be kept of this price. Nothing where the customer is not to blame.
    #[must_use]
    pub fn restocking_fee(&self, price: Money, condition: Condition, late: bool, liable: Liable) -> Money {
        let share = match (liable, condition) {
            (Liable::Seller | Liable::Carrier | Liable::Store, _) => BasisPoints(0),
            (_, Condition::Original) if late => self.restocking.late,
            (_, Condition::Original) => BasisPoints(0),
            (_, Condition::Used) => self.restocking.used,
            (_, Condition::Different) => self.restocking.different,
        };
        share_of(price, share)
    }
}

/// A share of an amount, rounded down: the part of a cent stays with the customer.
fn share_of(amount: Money, share: BasisPoints) -> Money {
    let hundredths = i128::from(amount.minor).saturating_mul(i128::from(share.0));
    Money::new(i64::try_from(hundredths.div_euclid(10_000)).unwrap_or(amount.minor), amount.currency)
}

impl Restocking {
    fn shares(&self) -> [(&'static str, BasisPoints); 3] {
        [("late", self.late), ("used", self.used), ("different", self.different)]
    }
}

impl StandardPolicy {
    /// RET-3: the first instant that is too late to return, by these terms and the seasons; none where the category
    /// does not come back. Whole days in the store's zone: the last one counts to its end.
    #[must_use]
    pub fn returnable_until(
        &self,
        terms: &ReturnTerms,
        category: Option<&str>,
        placed_at: Instant,
        delivered_at: Instant,
        zone: Tz,
    ) -> Option<Instant> {
        let days = terms.days(category)?;
        let delivered = delivered_at.with_timezone(&zone).date_naive();
        let last = delivered.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        let bought = placed_at.with_timezone(&zone).date_naive();
        let by_season = self.seasons.iter().filter_map(|season| season.last_day(bought, category)).max();
        let last = by_season.map_or(last, |day| day.max(last));
        Some(day_start(zone, last.succ_opt().unwrap_or(NaiveDate::MAX)))
    }
}

impl Season {
    /// The last day of returning what was bought on this day, if the season holds for it.
    fn last_day(&self, bought: NaiveDate, category: Option<&str>) -> Option<NaiveDate> {
        let day = MonthDay { month: bought.month(), day: bought.day() };
        let last = category.and_then(|name| self.sooner.get(name)).unwrap_or(&self.returnable_until);
        let year = bought.year().checked_add(1)?;
        let holds = self.bought_from <= day && day <= self.bought_until;
        holds.then(|| NaiveDate::from_ymd_opt(year, last.month, last.day)).flatten()
    }
}

#[cfg(test)]
mod tests;
