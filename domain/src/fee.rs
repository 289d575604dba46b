//! Fees: a rate card and what was measured give the rate of a unit (FEE-3, FEE-6, FEE-7). Cards are data; what holds
//! for all of them is here, and all of it compares whole numbers by cross-multiplication.
//!
//! Not here: which card holds when ([`crate::store::Store::card_at`]), what is measured ([`crate::ledger`]), and what
//! it comes to ([`crate::statement`]).

mod tier;

pub use tier::TierName;

use crate::{at::Instant, money::Money};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BasisPoints(pub u32);

const WHOLE: u128 = 10_000;

impl BasisPoints {
    /// `"5%"` or `"2.5%"`, up to two decimals and 9999 %. Refuses signs, spaces and anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_suffix('%')?;
        let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
        let plain = |s: &str, longest| (1..=longest).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole, 4) || !part.is_none_or(|part| plain(part, 2)) {
            return None;
        }
        format!("{whole}{:0<2}", part.unwrap_or_default()).parse().ok().map(Self)
    }

    /// How `part / whole` stands to this share, without dividing. Nothing of nothing equals every share.
    #[must_use]
    fn compared_with(self, part: u64, whole: u64) -> std::cmp::Ordering {
        let share = u128::from(part).saturating_mul(WHOLE);
        share.cmp(&u128::from(whole).saturating_mul(u128::from(self.0)))
    }
}

impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.wrapping_div(100), self.0.wrapping_rem(100));
        let text = format!("{whole}.{part:02}");
        write!(f, "{}%", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// What was counted in one quarter. It fixes the rate of the next one and is frozen when that is published (FEE-5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Covered units shipped, trial or not.
    pub units_covered: u64,
    /// Units shipped that the seller fulfilled itself, covered or not.
    pub units_seller_fulfilled: u64,
    /// Orders with at least one such unit.
    pub orders: u64,
    /// Contacts that count (FEE-4).
    pub contacts: u64,
    /// Packages shipped by the seller itself.
    pub packages: u64,
    /// Those with at least one carrier scan (FEE-7).
    pub packages_scanned: u64,
}

/// By which units the contacts are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denominator {
    /// All that the seller fulfilled itself.
    SellerFulfilled,
    /// Only the covered ones.
    Covered,
}

/// Why a unit is free, in the card's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeReason {
    /// Few contacts.
    FreeCpu,
    /// Few orders.
    FreeVolume,
}

/// One way to be free: every condition that is named must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeRule {
    /// What to call it.
    pub reason: FreeReason,
    /// Contacts per unit below this; exactly this is not.
    pub cpu_below: Option<BasisPoints>,
    /// Valid tracking on at least this share of the packages.
    pub vtr_at_least: Option<BasisPoints>,
    /// Fewer orders than this.
    pub orders_below: Option<u64>,
}

impl FreeRule {
    /// Without units there are no contacts per unit, and without packages no tracking rate: neither is met.
    fn holds(&self, measure: &Measure, units: u64) -> bool {
        let cpu = |limit: BasisPoints| limit.compared_with(measure.contacts, units).is_lt();
        let vtr = |limit: BasisPoints| {
            measure.packages > 0 && limit.compared_with(measure.packages_scanned, measure.packages).is_ge()
        };
        self.cpu_below.is_none_or(cpu)
            && self.vtr_at_least.is_none_or(vtr)
            && self.orders_below.is_none_or(|limit| measure.orders < limit)
    }
}

/// Contacts per unit up to and including a bound, above that of the tier before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// The last value inside.
    pub up_to: BasisPoints,
    /// Per unit.
    pub rate: Money,
}

/// What holds while so few units were measured that the share says little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultRate {
    /// The most units it is for.
    pub up_to_units: u64,
    /// Per unit.
    pub rate: Money,
}

/// Prices of one store for a time. [`crate::book`] proves that no rate falls while the contacts per unit rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCard {
    /// Its name on statements.
    pub id: String,
    /// The first instant it is in force.
    pub from: Instant,
    /// The first instant it no longer is.
    pub until: Option<Instant>,
    /// By which units the contacts are divided.
    pub denominator: Denominator,
    /// The ways to be free; the first that holds names the reason.
    pub free: Vec<FreeRule>,
    /// The bounded tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// Per unit, above the last of them. It stands apart so that every measure has a rate.
    pub above: Money,
    /// For few units.
    pub default: Option<DefaultRate>,
}

/// A rate and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Per unit.
    pub amount: Money,
    /// Where in the card.
    pub tier: TierName,
    /// Of which card.
    pub card: String,
    /// Contacts per unit, the upper number.
    pub contacts: u64,
    /// Contacts per unit, the lower number: the units that this card counts.
    pub units: u64,
}

impl RateCard {
    /// FEE-6: free, or the tier of the contacts per unit, or the default where few units were measured and the tier
    /// would cost more. Without any unit there is no tier: the default, where the card has one.
    #[must_use]
    pub fn rate(&self, measure: &Measure) -> Rate {
        let units = match self.denominator {
            Denominator::SellerFulfilled => measure.units_seller_fulfilled,
            Denominator::Covered => measure.units_covered,
        };
        let (tier, amount) = self.free_by(measure, units).unwrap_or_else(|| self.priced(measure.contacts, units));
        Rate { amount, tier, card: self.id.clone(), contacts: measure.contacts, units }
    }

    fn free_by(&self, measure: &Measure, units: u64) -> Option<(TierName, Money)> {
        let rule = self.free.iter().find(|rule| rule.holds(measure, units))?;
        let name = match rule.reason {
            FreeReason::FreeCpu => TierName::FreeCpu,
            FreeReason::FreeVolume => TierName::FreeVolume,
        };
        Some((name, Money::new(0, self.above.currency)))
    }

    fn priced(&self, contacts: u64, units: u64) -> (TierName, Money) {
        let (name, amount) = self.tier(contacts, units);
        match self.default {
            Some(default) if units <= default.up_to_units && (units == 0 || default.rate.minor < amount.minor) => {
                (TierName::Default, default.rate)
            }
            _ => (name, amount),
        }
    }

    fn tier(&self, contacts: u64, units: u64) -> (TierName, Money) {
        let inside = |tier: &&Tier| tier.up_to.compared_with(contacts, units).is_le();
        self.tiers.iter().find(inside).map_or_else(
            || (TierName::Above(self.tiers.last().map_or(BasisPoints(0), |last| last.up_to)), self.above),
            |tier| (TierName::UpTo(tier.up_to), tier.rate),
        )
    }

    /// The most that a unit can cost by this card.
    #[must_use]
    pub fn top(&self) -> Money {
        let rates = self.tiers.iter().map(|tier| tier.rate).chain(self.default.map(|default| default.rate));
        rates.chain([self.above]).max_by_key(|rate| rate.minor).unwrap_or(self.above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Book;
    use proptest::prelude::*;

    /// A card once more, as its store's program says it.
    struct Said {
        id: &'static str,
        by: Denominator,
        /// Whether few contacts are free only with valid tracking.
        tracked: bool,
        /// Fewer orders are free.
        orders: u64,
        tiers: [i64; 4],
        default: Option<i64>,
    }

    /// The table of FEE-6, and below it that of the Brazilian store. Each is free under 3 % and cut at 5, 15 and 30 %.
    #[rustfmt::skip]
    const SAID: [Said; 4] = [
        Said { id: "us-2015", by: Denominator::SellerFulfilled, tracked: true, orders: 0, tiers: [10, 25, 50, 70], default: Some(25) },
        Said { id: "us-2026-05", by: Denominator::SellerFulfilled, tracked: false, orders: 30, tiers: [10, 25, 50, 70], default: None },
        Said { id: "de-2015", by: Denominator::SellerFulfilled, tracked: true, orders: 0, tiers: [9, 41, 109, 255], default: Some(41) },
        Said { id: "br-2016", by: Denominator::Covered, tracked: true, orders: 0, tiers: [50, 125, 250, 350], default: Some(125) },
    ];

    fn card(id: &str) -> RateCard {
        let book = Book::shipped().unwrap();
        book.stores.values().flat_map(|store| &store.rate_cards).find(|card| card.id == id).unwrap().clone()
    }

    /// So many contacts on so many units, every unit an order, and this many of 100 packages scanned.
    fn measured(contacts: u64, units: u64, scanned: u64) -> Measure {
        Measure {
            units_covered: units,
            units_seller_fulfilled: units,
            orders: units,
            contacts,
            packages: 100,
            packages_scanned: scanned,
        }
    }

    fn minor(card: &RateCard, contacts: u64, units: u64, scanned: u64) -> i64 {
        card.rate(&measured(contacts, units, scanned)).amount.minor
    }

    #[test]
    fn fee_6_every_card_that_is_cut_so_is_said_a_second_time() {
        let alike = |card: &&RateCard| card.tiers.iter().map(|tier| tier.up_to.0).eq([500, 1500, 3000]);
        for card in Book::shipped().unwrap().stores.values().flat_map(|store| &store.rate_cards).filter(alike) {
            assert!(SAID.iter().any(|said| said.id == card.id), "{}: give it a row in SAID", card.id);
        }
    }

    #[test]
    fn fee_3_forty_contacts_on_a_thousand_units_are_four_percent_and_in_the_first_tier() {
        let rate = card("us-2015").rate(&measured(40, 1000, 100));
        assert_eq!((rate.amount.minor, rate.contacts, rate.units), (10, 40, 1000));
        assert_eq!(rate.tier, TierName::UpTo(BasisPoints(500)));
    }

    #[test]
    fn fee_6_the_contact_before_on_and_after_each_bound_of_each_card() {
        for Said { id, tiers: [first, second, third, last], .. } in SAID {
            let card = card(id);
            for (contacts, expected) in [
                (0, 0),
                (29, 0),
                (30, first), // exactly 3 % is not free
                (31, first),
                (49, first),
                (50, first), // exactly 5 % is the first tier
                (51, second),
                (149, second),
                (150, second),
                (151, third),
                (299, third),
                (300, third),
                (301, last),
                (1000, last),
                (5000, last),
            ] {
                assert_eq!(minor(&card, contacts, 1000, 100), expected, "{id}: {contacts} on 1000");
            }
        }
    }

    #[test]
    fn fee_6_the_unit_before_on_and_after_each_bound_of_each_card() {
        for Said { id, tiers: [first, second, third, last], .. } in SAID {
            let card = card(id);
            for (contacts, units, expected) in [
                (30, 999, first),
                (30, 1000, first),
                (30, 1001, 0),
                (50, 999, second),
                (50, 1000, first),
                (50, 1001, first),
                (150, 999, third),
                (150, 1000, second),
                (150, 1001, second),
                (300, 999, last),
                (300, 1000, third),
                (300, 1001, third),
            ] {
                assert_eq!(minor(&card, contacts, units, 100), expected, "{id}: {contacts} on {units}");
            }
        }
    }

    #[test]
    fn fee_6_six_contacts_on_thirty_units_are_the_default_and_seven_on_thirty_one_are_not() {
        let card = card("us-2015");
        assert_eq!(minor(&card, 6, 30, 100), 25);
        assert_eq!(card.rate(&measured(6, 30, 100)).tier, TierName::Default);
        assert_eq!(minor(&card, 7, 31, 100), 50);
        assert_eq!(card.rate(&measured(7, 31, 100)).tier, TierName::UpTo(BasisPoints(3000)));
    }

    #[test]
    fn fee_6_the_default_never_replaces_a_better_tier() {
        for Said { id, tiers: [first, second, ..], default, .. } in SAID {
            let Some(default) = default else { continue };
            let card = card(id);
            assert_eq!(minor(&card, 0, 20, 100), 0, "{id}: free stays free");
            assert_eq!(minor(&card, 1, 20, 100), first, "{id}: exactly 5 % of 20 units");
            assert_eq!(
                card.rate(&measured(2, 20, 100)).tier,
                TierName::UpTo(BasisPoints(1500)),
                "{id}: the same price"
            );
            assert_eq!(minor(&card, 2, 20, 100), second, "{id}");
            assert_eq!(minor(&card, 20, 20, 100), default, "{id}: the default is better");
        }
    }

    #[test]
    fn fee_5_without_measured_units_the_default_rate_applies_where_the_card_has_one() {
        for Said { id, orders, tiers: [first, .., last], default, .. } in SAID {
            let (lowest, highest) = (TierName::UpTo(BasisPoints(500)), TierName::Above(BasisPoints(3000)));
            for (contacts, tier, of_tier) in [(0, lowest, first), (3, highest, last)] {
                let rate = card(id).rate(&Measure { contacts, ..Measure::default() });
                let free = (orders > 0).then_some((TierName::FreeVolume, 0));
                let expected = free.or(default.map(|default| (TierName::Default, default)));
                assert_eq!((rate.tier, rate.amount.minor), expected.unwrap_or((tier, of_tier)), "{id}: {contacts}");
            }
        }
    }

    #[test]
    fn fee_6_fewer_than_thirty_orders_are_free_by_the_new_us_card_alone() {
        let by_orders = |id: &str, orders| card(id).rate(&Measure { orders, ..measured(50, 100, 0) });
        assert_eq!(by_orders("us-2026-05", 29).tier, TierName::FreeVolume);
        assert_eq!(by_orders("us-2026-05", 29).amount.minor, 0);
        assert_eq!(by_orders("us-2026-05", 30).amount.minor, 70);
        assert_eq!(by_orders("us-2026-05", 31).amount.minor, 70);
        assert_eq!(by_orders("us-2015", 29).amount.minor, 70);
    }

    #[test]
    fn fee_6_on_the_new_us_card_no_units_on_many_orders_is_not_free() {
        let card = card("us-2026-05");
        let nothing = |contacts| card.rate(&Measure { orders: 30, contacts, ..Measure::default() }).amount.minor;
        assert_eq!((nothing(0), nothing(1)), (10, 70));
    }

    #[test]
    fn fee_7_valid_tracking_on_95_percent_of_the_packages_is_enough_and_on_94_is_not() {
        for Said { id, tiers: [first, ..], .. } in SAID.into_iter().filter(|said| said.tracked) {
            let card = card(id);
            assert_eq!(minor(&card, 0, 1000, 94), first, "{id}");
            assert_eq!(minor(&card, 0, 1000, 95), 0, "{id}");
            assert_eq!(minor(&card, 0, 1000, 96), 0, "{id}");
        }
        assert_eq!(minor(&card("us-2026-05"), 0, 1000, 0), 0, "the new US card no longer asks");
    }

    #[test]
    fn fee_7_without_packages_the_tracking_rate_is_not_met() {
        let none = Measure { packages: 0, packages_scanned: 0, ..measured(0, 1000, 0) };
        assert_eq!(card("us-2015").rate(&none).amount.minor, 10);
        assert_eq!(card("us-2026-05").rate(&none).tier, TierName::FreeCpu);
    }

    #[test]
    fn fee_3_the_card_says_by_which_units_the_contacts_are_divided() {
        let half_covered = Measure { units_covered: 100, units_seller_fulfilled: 200, ..measured(10, 0, 100) };
        assert_eq!(card("us-2015").rate(&half_covered).units, 200);
        assert_eq!(card("br-2016").rate(&half_covered).units, 100);
    }

    #[test]
    fn a_share_is_read_exactly_or_not_at_all() {
        for (text, points) in [("3%", 300), ("0%", 0), ("2.5%", 250), ("12.34%", 1234), ("9999%", 999_900)] {
            assert_eq!(BasisPoints::parse(text), Some(BasisPoints(points)), "{text}");
        }
        for bad in ["3", "%", "3 %", "-3%", "+3%", "3.%", ".5%", "3.123%", "3,5%", "10000%", "３%", "3%%"] {
            assert_eq!(BasisPoints::parse(bad), None, "{bad}");
        }
        assert_eq!(BasisPoints(1205).to_string(), "12.05%");
    }

    /// The same table once more, with fractions: `a/b ? c/d`, compared by common denominators.
    fn naive(said: &Said, m: &Measure) -> i64 {
        let ([first, second, third, last], default) = (said.tiers, said.default);
        let units = if said.by == Denominator::Covered { m.units_covered } else { m.units_seller_fulfilled };
        let percent = |part: u64, whole: u64, of: i128| {
            let (n, d) = (i128::from(part), i128::from(whole));
            n.saturating_mul(100).cmp(&of.saturating_mul(d))
        };
        if m.orders < said.orders {
            return 0;
        }
        if units == 0
            && let Some(default) = default
        {
            return default;
        }
        let tracked = !said.tracked || m.packages > 0 && percent(m.packages_scanned, m.packages, 95).is_ge();
        if tracked && percent(m.contacts, units, 3).is_lt() {
            return 0;
        }
        let tier = match m.contacts {
            n if percent(n, units, 5).is_le() => first,
            n if percent(n, units, 15).is_le() => second,
            n if percent(n, units, 30).is_le() => third,
            _ => last,
        };
        default.filter(|_| units <= 30).map_or(tier, |default| default.min(tier))
    }

    fn measures() -> impl Strategy<Value = Measure> {
        let some = || prop_oneof![0_u64..70, 0_u64..2000, Just(u64::MAX)];
        (some(), some(), some(), some(), 0_u64..100, 0_u64..100).prop_map(
            |(units_covered, units_seller_fulfilled, orders, contacts, packages, packages_scanned)| Measure {
                units_covered,
                units_seller_fulfilled,
                orders,
                contacts,
                packages,
                packages_scanned: packages_scanned.min(packages),
            },
        )
    }

    #[test]
    fn f4_the_most_that_a_card_takes_is_its_dearest_rate_whichever_that_is() {
        let odd = RateCard { above: Money::new(0, card("us-2015").above.currency), ..card("us-2015") };
        assert_eq!((odd.top(), card("us-2015").top()), (odd.tiers.last().unwrap().rate, card("us-2015").above));
    }

    proptest! {
        #[test]
        fn fee_6_every_card_agrees_with_the_table_written_a_second_time(measure in measures(), at in 0..SAID.len()) {
            prop_assert_eq!(card(SAID[at].id).rate(&measure).amount.minor, naive(&SAID[at], &measure));
        }

        #[test]
        fn f7_one_more_contact_never_lowers_the_rate(measure in measures(), at in 0..SAID.len()) {
            let card = card(SAID[at].id);
            let more = Measure { contacts: measure.contacts.saturating_add(1), ..measure };
            prop_assert!(card.rate(&measure).amount.minor <= card.rate(&more).amount.minor);
            prop_assert!(card.rate(&more).amount.minor <= card.top().minor);
        }

        #[test]
        fn a_share_that_is_shown_is_read_back(points in 0_u32..1_000_000) {
            prop_assert_eq!(BasisPoints::parse(&BasisPoints(points).to_string()), Some(BasisPoints(points)));
        }
    }
}
