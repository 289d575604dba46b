//! Calendar quarters and days in a store's own time zone. Quarters tile the time line: each instant lies in exactly
//! one, `[start, end)`.
//!
//! A local time that daylight saving skips means the first instant after the gap; one that occurs twice, the first.

use crate::at::Instant;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The instant of a local time.
#[must_use]
pub fn instant(zone: Tz, local: NaiveDateTime) -> Instant {
    if let Some(found) = zone.from_local_datetime(&local).earliest() {
        return found.with_timezone(&Utc);
    }
    // Inside a gap: the clock jumped forward at the instant whose offset changes, which is the first minute that exists.
    let mut later = local;
    for _ in 0..(26 * 60) {
        later = later.checked_add_signed(TimeDelta::minutes(1)).unwrap_or(later);
        if let Some(found) = zone.from_local_datetime(&later).earliest() {
            return whole_minute(found.with_timezone(&Utc));
        }
    }
    local.and_utc()
}

fn whole_minute(found: Instant) -> Instant {
    let over = found.timestamp().rem_euclid(60);
    crate::at::after(found, TimeDelta::try_seconds(over.saturating_neg()).unwrap_or(TimeDelta::zero()))
}

/// The same local time so many calendar days later.
#[must_use]
pub fn days_later(zone: Tz, from: Instant, days: u64) -> Instant {
    let local = from.with_timezone(&zone).naive_local();
    instant(zone, local.checked_add_days(Days::new(days)).unwrap_or(NaiveDateTime::MAX))
}

/// The same local time so many calendar days earlier.
#[must_use]
pub fn days_before(zone: Tz, from: Instant, days: u64) -> Instant {
    let local = from.with_timezone(&zone).naive_local();
    instant(zone, local.checked_sub_days(Days::new(days)).unwrap_or(NaiveDateTime::MIN))
}

/// The start of a local day.
#[must_use]
pub fn day_start(zone: Tz, day: NaiveDate) -> Instant {
    instant(zone, day.and_time(NaiveTime::MIN))
}

/// A calendar quarter, `2018Q1`. Which instants it holds depends on the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: i32,
    /// 1 to 4.
    number: u32,
}

impl Quarter {
    /// The quarter of this instant in the store's zone.
    #[must_use]
    pub fn of(at: Instant, zone: Tz) -> Self {
        let day = at.with_timezone(&zone).date_naive();
        Self { year: day.year(), number: day.month0().wrapping_div(3).saturating_add(1) }
    }

    /// Of which year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// Which of the year: 1 to 4.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    fn first_day(self) -> NaiveDate {
        let month = self.number.saturating_mul(3).saturating_sub(2);
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// The first instant that belongs to it.
    #[must_use]
    pub fn start(self, zone: Tz) -> Instant {
        day_start(zone, self.first_day())
    }

    /// The first instant that no longer belongs to it.
    #[must_use]
    pub fn end(self, zone: Tz) -> Instant {
        self.next().start(zone)
    }

    /// This day, or the one next to it that belongs to the quarter.
    #[must_use]
    pub fn nearest_day(self, day: NaiveDate) -> NaiveDate {
        let last = self.next().first_day().pred_opt().unwrap_or(NaiveDate::MAX);
        day.clamp(self.first_day(), last)
    }

    /// The quarter after.
    #[must_use]
    pub fn next(self) -> Self {
        Self::starting(self.first_day().checked_add_months(Months::new(3)))
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::starting(self.first_day().checked_sub_months(Months::new(3)))
    }

    fn starting(day: Option<NaiveDate>) -> Self {
        let day = day.unwrap_or(NaiveDate::MAX);
        Self { year: day.year(), number: day.month0().wrapping_div(3).saturating_add(1) }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}Q{}", self.year, self.number)
    }
}

/// Why a text names no quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a year from 2000 to 2199 and a quarter, like 2026Q3")]
pub struct NotAQuarter;

impl FromStr for Quarter {
    type Err = NotAQuarter;
    fn from_str(text: &str) -> Result<Self, NotAQuarter> {
        let (year, number) = text.split_once('Q').ok_or(NotAQuarter)?;
        let (year, number) = (year.parse().map_err(|_| NotAQuarter)?, number.parse().map_err(|_| NotAQuarter)?);
        let known = (2000..2200).contains(&year) && (1..=4).contains(&number) && text.len() == 6;
        if known { Ok(Self { year, number }) } else { Err(NotAQuarter) }
    }
}

impl TryFrom<String> for Quarter {
    type Error = NotAQuarter;
    fn try_from(text: String) -> Result<Self, NotAQuarter> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAO_PAULO: Tz = Tz::America__Sao_Paulo;

    fn utc(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn fee_5_the_instant_before_on_and_after_a_quarters_edge() {
        let edge = Quarter::from_str("2018Q1").unwrap().start(SAO_PAULO);
        assert_eq!(edge, utc("2018-01-01T02:00:00Z"), "summer time: two hours behind UTC");
        let milli = TimeDelta::milliseconds(1);
        assert_eq!(Quarter::of(edge - milli, SAO_PAULO).to_string(), "2017Q4");
        assert_eq!(Quarter::of(edge, SAO_PAULO).to_string(), "2018Q1");
        assert_eq!(Quarter::of(edge + milli, SAO_PAULO).to_string(), "2018Q1");
    }

    #[test]
    fn a_midnight_that_daylight_saving_skips_is_the_first_instant_after_the_gap() {
        let skipped = NaiveDate::from_ymd_opt(2017, 10, 15).unwrap();
        assert_eq!(day_start(SAO_PAULO, skipped), utc("2017-10-15T03:00:00Z"));
        let inside = skipped.and_hms_opt(0, 30, 30).unwrap();
        assert_eq!(instant(SAO_PAULO, inside), utc("2017-10-15T03:00:00Z"));
    }

    #[test]
    fn a_day_that_a_country_leaves_out_is_the_first_instant_of_the_next() {
        let left_out = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        assert_eq!(
            day_start(Tz::Pacific__Apia, left_out),
            utc("2011-12-30T10:00:00Z"),
            "west to east of the date line"
        );
    }

    #[test]
    fn a_local_time_that_occurs_twice_is_the_first() {
        let twice = NaiveDate::from_ymd_opt(2018, 2, 17).unwrap().and_hms_opt(23, 30, 0).unwrap();
        assert_eq!(instant(SAO_PAULO, twice), utc("2018-02-18T01:30:00Z"));
    }

    #[test]
    fn enr_6_ninety_days_later_is_the_same_local_time_over_a_change_of_the_clock() {
        let start = utc("2017-09-01T13:15:00Z");
        assert_eq!(days_later(SAO_PAULO, start, 90), utc("2017-11-30T12:15:00Z"));
    }

    #[test]
    fn a_day_outside_a_quarter_is_next_to_its_first_or_its_last() {
        let quarter = Quarter::from_str("2018Q1").unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (of, nearest) in [
            ("2017-12-31", "2018-01-01"),
            ("2018-01-01", "2018-01-01"),
            ("2018-02-10", "2018-02-10"),
            ("2018-03-31", "2018-03-31"),
            ("2018-04-01", "2018-03-31"),
        ] {
            assert_eq!(quarter.nearest_day(day(of)), day(nearest), "{of}");
        }
    }

    #[test]
    fn a_text_that_names_no_quarter_is_refused() {
        for bad in ["2018Q0", "2018Q5", "18Q1", "2018q1", "2018-1", "", "2018Q01", "10000Q1", "+018Q1"] {
            assert!(bad.parse::<Quarter>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn f5_each_instant_lies_in_exactly_one_quarter(
            seconds in 946_684_800_i64..7_258_118_400, zone in 0..chrono_tz::TZ_VARIANTS.len()
        ) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
            let quarter = Quarter::of(at, zone);
            prop_assert!(quarter.start(zone) <= at && at < quarter.end(zone));
            prop_assert_eq!(quarter.next().previous(), quarter);
            prop_assert_eq!(quarter.end(zone), quarter.next().start(zone));
            prop_assert_eq!(quarter.to_string().parse::<Quarter>(), Ok(quarter));
        }
    }
}
