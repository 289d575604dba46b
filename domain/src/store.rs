//! A store: a marketplace with its own currency, time zone, languages, terms and rate cards. All of it is data
//! (`data/stores/*.toml`), read and checked by [`crate::book`]; what has a date is looked up by date.

use crate::{
    associate::HandOut,
    at::Instant,
    attachment::Attachable,
    claim::terms::{ClaimTerms, ClaimWindow, PaidBack, WithoutClaim},
    fee::{Measure, Rate, RateCard},
    hook::delivery::Schedule,
    id::StoreId,
    inquiry::DeskTimes,
    money::Money,
    pace::Pace,
    quarter::{Quarter, day_start},
    received::{Allowance, Mailbox},
    retention::Retention,
    returns::StandardPolicy,
    survey::Asking,
};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use iso_currency::Currency;
use std::collections::BTreeSet;

/// One version of the terms that a seller accepts (ENR-1, ENR-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its name.
    pub version: String,
    /// From when it is the one to accept.
    pub effective_from: Instant,
}

/// How long a seller may dispute what a final statement says (FEE-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// From when final statements have it.
    pub effective_from: Instant,
    /// Calendar days.
    pub days: u64,
}

/// JDG-3: on which reasons a refund may go without a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnlessGrounds {
    /// From when decisions have them.
    pub effective_from: Instant,
    /// Codes of reasons.
    pub reasons: Vec<String>,
}

/// RET-5: how soon a refund follows what came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTime {
    /// From when returns have it.
    pub effective_from: Instant,
    /// Days after the one on which they came; the last one counts to its end.
    pub days: u32,
    /// Whether only Mondays to Fridays count.
    pub business_days: bool,
}

/// RET-4: what sellers outside the store's country owe a customer who sends something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InternationalReturns {
    /// From when decisions have it.
    pub effective_from: Instant,
    /// Calendar days to name a way.
    pub days: u64,
    /// What costs no more is refunded without return where no way was named.
    pub returnless_up_to: Money,
}

/// One store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Its name in every key.
    pub id: StoreId,
    /// Its name for people.
    pub name: String,
    /// The same in Chinese (NTF-2).
    pub name_zh: String,
    /// The city of its clock in Chinese, where the clock has no short name.
    pub clock_zh: Option<String>,
    /// Of all its money.
    pub currency: Currency,
    /// Where it is: a seller with another address is abroad (RET-4).
    pub country: String,
    /// Of its days and quarters.
    pub zone: Tz,
    /// In which it answers; the first is the default (RTE-7).
    pub languages: Vec<String>,
    /// Where a seller's business may have its address (ENR-1).
    pub address_countries: Vec<String>,
    /// ENR-2: whether a new seller is enrolled without asking.
    pub default_enrollment: bool,
    /// ENR-3: from opting in to the start, at most an hour.
    pub activation_delay: TimeDelta,
    /// Oldest first, at least one.
    pub terms: Vec<Terms>,
    /// JDG-4: above it a person decides.
    pub judgement_limit: Money,
    /// Oldest first.
    pub returnless_grounds: Vec<ReturnlessGrounds>,
    /// Oldest first; none where the store has no such rule.
    pub international_returns: Vec<InternationalReturns>,
    /// Oldest first.
    pub refund_times: Vec<RefundTime>,
    /// Oldest first.
    pub claim_windows: Vec<ClaimWindow>,
    /// Oldest first.
    pub claim_terms: Vec<ClaimTerms>,
    /// Oldest first.
    pub paid_back: Vec<PaidBack>,
    /// Oldest first.
    pub dispute_windows: Vec<Window>,
    /// ACC-1: calendar days in which an invitation is good.
    pub invitation_days: u64,
    /// NTF-1: calendar days in which the link of a mail ends mails of its kind.
    pub unsubscribe_days: u64,
    /// For how many hours an export can be read.
    pub export_hours: i64,
    /// After how many hours an erasure looks again at what was live.
    pub erasure_looks_again_hours: i64,
    /// Oldest first, at least one.
    pub retention: Vec<Retention>,
    /// RET-3: groups of goods that a return policy may name.
    pub categories: BTreeSet<String>,
    /// Oldest first.
    pub return_policies: Vec<StandardPolicy>,
    /// REQ-6: what sellers may attach.
    pub attachments: Attachable,
    /// INS-3: when customers are asked.
    pub survey: Asking,
    /// RTE-8: where sellers forward what came to them by mistake.
    pub mailboxes: Vec<Mailbox>,
    /// N6: oldest first.
    pub mail_allowances: Vec<Allowance>,
    /// Of one seller's users. Oldest first.
    pub write_paces: Vec<Pace>,
    /// Oldest first.
    pub hook_schedules: Vec<Schedule>,
    /// Oldest first.
    pub desk_times: Vec<DeskTimes>,
    /// Oldest first.
    pub hand_outs: Vec<HandOut>,
    /// Oldest first, without gap or overlap, the last one without an end.
    pub rate_cards: Vec<RateCard>,
}

impl Store {
    /// The card in force; none before the first.
    #[must_use]
    pub fn card_at(&self, at: Instant) -> Option<&RateCard> {
        self.rate_cards.iter().find(|card| card.from <= at && card.until.is_none_or(|until| at < until))
    }

    /// The terms to accept; none before the first.
    #[must_use]
    pub fn terms_at(&self, at: Instant) -> Option<&Terms> {
        self.terms.iter().rev().find(|terms| terms.effective_from <= at)
    }

    /// N6: how much one sender may write on a day; nothing before the first day.
    #[must_use]
    pub fn mail_allowance_at(&self, at: Instant) -> Option<Allowance> {
        self.mail_allowances.iter().rev().find(|allowance| allowance.effective_from <= at).copied()
    }

    /// How fast the users of one seller may write; as they like before the first day.
    #[must_use]
    pub fn write_pace_at(&self, at: Instant) -> Option<Pace> {
        self.write_paces.iter().rev().find(|pace| pace.effective_from <= at).copied()
    }

    /// When a webhook of a fact of this instant is tried again; none before the first day.
    #[must_use]
    pub fn hook_schedule_at(&self, at: Instant) -> Option<&Schedule> {
        self.hook_schedules.iter().rev().find(|schedule| schedule.effective_from <= at)
    }

    /// RTE-8: the mailbox for a seller with its address in this country.
    #[must_use]
    pub fn mailbox_for(&self, address_country: &str) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.countries.iter().any(|country| country == address_country))
    }

    /// CLM-2: for how many days a refund of this instant can be claimed back; none before the first window.
    #[must_use]
    pub fn claim_days_at(&self, at: Instant) -> Option<u64> {
        self.claim_window_at(at).map(|window| window.days)
    }

    /// CLM-2: the window of a refund of this instant; none before the first.
    #[must_use]
    pub fn claim_window_at(&self, at: Instant) -> Option<ClaimWindow> {
        self.claim_windows.iter().rev().find(|window| window.effective_from <= at).copied()
    }

    /// CLM-2, CLM-3: what holds for a claim that is filed at this instant; none before the first.
    #[must_use]
    pub fn claim_terms_at(&self, at: Instant) -> Option<&ClaimTerms> {
        self.claim_terms.iter().rev().find(|terms| terms.effective_from <= at)
    }

    /// CLM-4: whether a refund of this instant and kind is paid back without a claim.
    #[must_use]
    pub fn is_paid_back(&self, kind: WithoutClaim, at: Instant) -> bool {
        let in_force = self.paid_back.iter().rev().find(|paid_back| paid_back.effective_from <= at);
        in_force.is_some_and(|paid_back| paid_back.refunds.contains(&kind))
    }

    /// JDG-3: the reasons of which a refund needs one to go without a return; none before the first day.
    #[must_use]
    pub fn returnless_grounds_at(&self, at: Instant) -> &[String] {
        let grounds = self.returnless_grounds.iter().rev().find(|grounds| grounds.effective_from <= at);
        grounds.map_or(&[], |grounds| &grounds.reasons)
    }

    /// RET-4: what a seller with its address in this country owes; nothing where it is the store's own.
    #[must_use]
    pub fn international_returns_at(&self, address_country: &str, at: Instant) -> Option<&InternationalReturns> {
        let in_force = self.international_returns.iter().rev().find(|rule| rule.effective_from <= at);
        in_force.filter(|_| address_country != self.country)
    }

    /// RET-5: the first instant that is too late to refund what came back then; none before the first day.
    #[must_use]
    pub fn refund_due(&self, received_at: Instant) -> Option<Instant> {
        let time = self.refund_times.iter().rev().find(|time| time.effective_from <= received_at)?;
        let mut last = received_at.with_timezone(&self.zone).date_naive();
        let mut left = time.days;
        while left > 0 {
            last = last.succ_opt()?;
            let weekend = matches!(last.weekday(), Weekday::Sat | Weekday::Sun);
            left = left.saturating_sub(u32::from(!(time.business_days && weekend)));
        }
        Some(day_start(self.zone, last.succ_opt()?))
    }

    /// FEE-11: for how many days a statement that became final at this instant can be disputed; none before the first
    /// window.
    #[must_use]
    pub fn dispute_days_at(&self, at: Instant) -> Option<u64> {
        days_at(&self.dispute_windows, at)
    }

    /// INQ-3, INQ-4: what associates keep to in an inquiry that was opened at this instant; none before the first day.
    #[must_use]
    pub fn desk_times_at(&self, at: Instant) -> Option<&DeskTimes> {
        self.desk_times.iter().rev().find(|times| times.effective_from <= at)
    }

    /// RTE-7: when requirements are let go for an inquiry that was opened at this instant; none before the first day.
    #[must_use]
    pub fn hand_out_at(&self, at: Instant) -> Option<&HandOut> {
        self.hand_outs.iter().rev().find(|rule| rule.effective_from <= at)
    }

    /// For how long it is kept what people said, for whatever is looked at at this instant; none before the first day.
    #[must_use]
    pub fn retention_at(&self, at: Instant) -> Option<&Retention> {
        self.retention.iter().rev().find(|policy| policy.effective_from <= at)
    }

    /// RET-1: the standard return policy of orders of this instant; none before the first.
    #[must_use]
    pub fn return_policy_at(&self, at: Instant) -> Option<&StandardPolicy> {
        self.return_policies.iter().rev().find(|policy| policy.effective_from <= at)
    }

    /// The quarter of an instant, in the store's zone (FEE-5).
    #[must_use]
    pub fn quarter_of(&self, at: Instant) -> Quarter {
        Quarter::of(at, self.zone)
    }

    /// The day of an instant, in the store's zone.
    #[must_use]
    pub fn day_of(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// FEE-9: the rate in force. The card follows the date, also inside a quarter; the measure is that of the quarter
    /// before and stays as it was published.
    #[must_use]
    pub fn rate_at(&self, at: Instant, measure: &Measure) -> Option<Rate> {
        Some(self.card_at(at)?.rate(measure))
    }
}

fn days_at(windows: &[Window], at: Instant) -> Option<u64> {
    windows.iter().rev().find(|window| window.effective_from <= at).map(|window| window.days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Book;

    fn store(id: &str) -> Store {
        Book::shipped().unwrap().store(&id.parse().unwrap()).unwrap().clone()
    }

    fn utc(text: &str) -> Instant {
        text.parse().unwrap()
    }

    const MILLI: TimeDelta = TimeDelta::milliseconds(1);

    #[test]
    fn fee_6_the_us_card_changes_at_local_midnight_of_22_may_2026() {
        let us = store("US");
        let change = utc("2026-05-22T07:00:00Z");
        assert_eq!(us.card_at(change - MILLI).unwrap().id, "us-2015");
        assert_eq!(us.card_at(change).unwrap().id, "us-2026-05");
        assert_eq!(us.card_at(change + MILLI).unwrap().id, "us-2026-05");
    }

    #[test]
    fn fee_9_a_card_that_changes_inside_a_quarter_changes_the_rate_from_its_date_on() {
        let us = store("US");
        let change = utc("2026-05-22T07:00:00Z");
        assert_eq!(us.quarter_of(change - MILLI), us.quarter_of(change));
        let twelve_sold = Measure { units_seller_fulfilled: 12, orders: 12, contacts: 1, ..Measure::default() };
        assert_eq!(us.rate_at(change - MILLI, &twelve_sold).unwrap().amount.minor, 25);
        assert_eq!(us.rate_at(change, &twelve_sold).unwrap().amount.minor, 0);
    }

    #[test]
    fn enr_1_new_terms_are_the_ones_to_accept_from_their_day_on() {
        let us = store("US");
        let change = utc("2026-01-01T08:00:00Z");
        let version = |at| us.terms_at(at).map(|terms| terms.version.as_str());
        assert_eq!(version(utc("2015-01-01T07:59:59Z")), None);
        assert_eq!(version(change - MILLI), Some("2015-01"));
        assert_eq!(version(change), Some("2026-01"));
        assert_eq!(version(change + MILLI), Some("2026-01"));
    }

    #[test]
    fn clm_2_a_refund_can_be_claimed_back_for_60_days_until_15_february_2026_and_for_30_after_it() {
        let us = store("US");
        let change = utc("2026-02-16T08:00:00Z");
        assert_eq!(us.claim_days_at(utc("2015-01-01T07:59:59Z")), None);
        assert_eq!(us.claim_days_at(change - MILLI), Some(60));
        assert_eq!(us.claim_days_at(change), Some(30));
        assert_eq!(us.claim_days_at(change + MILLI), Some(30));
    }

    #[test]
    fn clm_4_goodwill_and_protected_labels_are_paid_back_from_22_may_2026() {
        let us = store("US");
        let change = utc("2026-05-22T07:00:00Z");
        for kind in [WithoutClaim::Goodwill, WithoutClaim::ProtectedLabel] {
            let paid_back = [change - MILLI, change, change + MILLI].map(|at| us.is_paid_back(kind, at));
            assert_eq!(paid_back, [false, true, true], "{kind:?}");
        }
    }

    /// A store once more, as its program says it.
    struct Said {
        id: &'static str,
        enrolls: bool,
        currency: Currency,
        addresses: &'static [&'static str],
        languages: &'static [&'static str],
        /// In minor units.
        limit: i64,
        /// The first instant of its first rate card.
        begins: &'static str,
    }

    #[rustfmt::skip]
    const SAID: [Said; 3] = [
        Said { id: "BR", enrolls: true, currency: Currency::BRL, addresses: &["BR"], languages: &["pt"], limit: 10_000, begins: "2016-01-01T02:00:00Z" },
        Said { id: "DE", enrolls: false, currency: Currency::EUR, addresses: &["DE"], languages: &["de", "en"], limit: 10_000, begins: "2014-12-31T23:00:00Z" },
        Said { id: "US", enrolls: true, currency: Currency::USD, addresses: &["US", "CN", "HK", "MO", "TW"], languages: &["en", "es"], limit: 10_000, begins: "2015-01-01T08:00:00Z" },
    ];

    #[test]
    fn the_stores_are_what_their_programs_say() {
        for (id, store) in Book::shipped().unwrap().stores {
            let said = SAID.iter().find(|said| said.id == id.as_str());
            let said = said.unwrap_or_else(|| panic!("{id}: give it a row in SAID"));
            assert_eq!(store.default_enrollment, said.enrolls, "{id}");
            assert_eq!(store.currency, said.currency, "{id}");
            assert_eq!(store.address_countries, said.addresses, "{id}");
            assert_eq!(store.languages, said.languages, "{id}");
            assert_eq!(store.judgement_limit, Money::new(said.limit, said.currency), "{id}");
            assert_eq!(store.activation_delay, TimeDelta::minutes(15), "{id}");
        }
    }

    #[test]
    fn fee_6_a_card_begins_at_its_first_day_and_not_before() {
        for Said { id, begins, .. } in SAID {
            let store = store(id);
            assert_eq!(store.card_at(utc(begins) - MILLI), None, "{id}");
            assert_eq!(store.card_at(utc(begins)), store.rate_cards.first(), "{id}");
            assert_eq!(store.rate_at(utc(begins) - MILLI, &Measure::default()), None, "{id}");
        }
    }

    #[test]
    fn ret_5_two_business_days_until_the_25th_of_january_2026_and_four_days_from_then_on() {
        let us = store("US");
        let due = |received: &str| us.refund_due(utc(received)).unwrap();
        // In Los Angeles: Monday, the 5th; Thursday, the 8th; Friday, the 9th; Saturday, the 10th; Sunday, the 25th.
        assert_eq!(due("2026-01-05T20:00:00Z"), utc("2026-01-08T08:00:00Z"));
        assert_eq!(due("2026-01-08T20:00:00Z"), utc("2026-01-13T08:00:00Z"), "Friday and Monday");
        assert_eq!(due("2026-01-10T07:59:59.999Z"), utc("2026-01-14T08:00:00Z"), "still Friday: Monday and Tuesday");
        assert_eq!(due("2026-01-10T20:00:00Z"), utc("2026-01-14T08:00:00Z"), "Saturday: Monday and Tuesday");
        let change = utc("2026-01-26T08:00:00Z");
        let milli = TimeDelta::milliseconds(1);
        assert_eq!(us.refund_due(change - milli), Some(utc("2026-01-28T08:00:00Z")), "Sunday: Monday and Tuesday");
        assert_eq!(us.refund_due(change), Some(utc("2026-01-31T08:00:00Z")));
        assert_eq!(us.refund_due(change + milli), Some(utc("2026-01-31T08:00:00Z")));
        assert_eq!(
            due("2026-03-06T20:00:00Z"),
            utc("2026-03-11T07:00:00Z"),
            "over a weekend and a change of the clock"
        );
    }
}
