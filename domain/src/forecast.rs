//! FEE-12: what a quarter's figures would come to if it ended now: the rate of the next quarter, and how many contacts
//! are left before a unit costs more.
//!
//! Not here: counting ([`crate::ledger::measure`]) and the card that will be in force ([`crate::store`]).

use crate::fee::{Measure, Rate, RateCard};
use serde::{Deserialize, Serialize};

/// The next dearer place in the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dearer {
    /// With so many contacts more it is reached; with one fewer it is not.
    pub contacts: u64,
    /// What a unit costs there.
    pub rate: Rate,
}

/// What the figures come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// The rate, with the contacts and units that make it.
    pub rate: Rate,
    /// What comes next; none where no number of contacts costs more.
    pub next: Option<Dearer>,
}

impl RateCard {
    /// The rate that these figures fix, and the distance to the next dearer one. A tier of the same price is none: what a
    /// seller wants to know is when a unit costs more. Since no rate falls while contacts rise (F7), halving finds it.
    #[must_use]
    pub fn forecast(&self, measure: &Measure) -> Forecast {
        let with = |more: u64| self.rate(&Measure { contacts: measure.contacts.saturating_add(more), ..*measure });
        let rate = with(0);
        let costs_more = |more: u64| with(more).amount.minor > rate.amount.minor;
        let (mut enough, mut too_few) = (u64::MAX.saturating_sub(measure.contacts), 0_u64);
        if !costs_more(enough) {
            return Forecast { rate, next: None };
        }
        while enough.saturating_sub(too_few) > 1 {
            let between = too_few.midpoint(enough);
            if costs_more(between) {
                enough = between;
            } else {
                too_few = between;
            }
        }
        Forecast { rate, next: Some(Dearer { contacts: enough, rate: with(enough) }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::Book,
        fee::{BasisPoints, TierName},
    };
    use proptest::prelude::*;

    const CARDS: [&str; 4] = ["us-2015", "us-2026-05", "de-2015", "br-2016"];

    fn card(id: &str) -> RateCard {
        let book = Book::shipped().unwrap();
        book.stores.values().flat_map(|store| &store.rate_cards).find(|card| card.id == id).unwrap().clone()
    }

    fn measured(contacts: u64, units: u64) -> Measure {
        let every =
            Measure { units_covered: units, units_seller_fulfilled: units, orders: units, ..Measure::default() };
        Measure { contacts, packages: 100, packages_scanned: 100, ..every }
    }

    /// Contacts that are left, and the rate after them.
    fn next(id: &str, contacts: u64, units: u64) -> Option<(u64, i64)> {
        let next = card(id).forecast(&measured(contacts, units)).next?;
        Some((next.contacts, next.rate.amount.minor))
    }

    #[test]
    fn fee_12_the_contact_before_on_and_after_each_bound_is_told_how_many_are_left() {
        for (contacts, expected) in [
            (0, Some((30, 10))), // exactly 3 % is not free
            (29, Some((1, 10))),
            (30, Some((21, 25))), // exactly 5 % is the first tier
            (50, Some((1, 25))),
            (51, Some((100, 50))),
            (150, Some((1, 50))),
            (300, Some((1, 70))),
            (301, None),
            (5000, None),
        ] {
            assert_eq!(next("us-2015", contacts, 1000), expected, "{contacts} on 1000");
        }
    }

    #[test]
    fn fee_12_a_tier_of_the_same_price_is_no_next_one() {
        let few = card("us-2015").forecast(&measured(1, 20));
        assert_eq!(few.next.map(|next| (next.contacts, next.rate.amount.minor)), Some((1, 25)));
        // 2 of 20 cost 0.25 by their tier, and 0.25 by the default from 4 on: never more.
        assert_eq!(next("us-2015", 2, 20), None);
        assert_eq!(next("us-2026-05", 0, 29), None, "fewer than 30 orders are free, whoever asks");
    }

    #[test]
    fn fee_12_the_forecast_is_the_rate_if_the_quarter_ended_now() {
        let forecast = card("us-2015").forecast(&measured(40, 1000));
        assert_eq!((forecast.rate.contacts, forecast.rate.units), (40, 1000));
        assert_eq!(forecast.rate.tier, TierName::UpTo(BasisPoints(500)));
        assert_eq!(forecast.next.unwrap().rate.tier, TierName::UpTo(BasisPoints(1500)));
    }

    #[test]
    fn fee_12_without_units_a_card_with_a_default_has_nothing_dearer_and_one_without_has() {
        assert_eq!(card("us-2015").forecast(&Measure::default()).next, None);
        let many = Measure { orders: 30, ..Measure::default() };
        assert_eq!(card("us-2026-05").forecast(&many).next.map(|next| next.contacts), Some(1));
    }

    #[test]
    fn fee_12_the_largest_numbers_have_a_forecast_too() {
        let most = Measure { units_covered: u64::MAX, units_seller_fulfilled: u64::MAX, ..measured(u64::MAX, 100) };
        assert_eq!(card("us-2015").forecast(&most).next, None, "there is no contact after the last number");
        let units = Measure { contacts: 0, ..most };
        let left = card("br-2016").forecast(&units).next.unwrap().contacts;
        assert_eq!(left, u64::MAX / 100 * 3 + 1, "3 % of all of them, rounded up");
    }

    proptest! {
        #[test]
        fn fee_12_with_that_many_more_contacts_the_rate_is_as_said_and_with_one_fewer_it_is_not(
            contacts in prop_oneof![0_u64..70, 0_u64..3000, Just(u64::MAX)],
            covered in prop_oneof![0_u64..70, 0_u64..3000],
            others in 0_u64..100,
            orders in 0_u64..70,
            packages in 0_u64..100,
            scanned in 0_u64..100,
            id in 0..CARDS.len(),
        ) {
            let measure = Measure {
                units_covered: covered,
                units_seller_fulfilled: covered + others,
                orders,
                contacts,
                packages,
                packages_scanned: scanned.min(packages),
            };
            let card = card(CARDS[id]);
            let with = |more: u64| card.rate(&Measure { contacts: contacts.saturating_add(more), ..measure });
            let forecast = card.forecast(&measure);
            prop_assert_eq!(&forecast.rate, &card.rate(&measure));
            if let Some(next) = forecast.next {
                prop_assert_eq!(&next.rate, &with(next.contacts));
                prop_assert!(next.rate.amount.minor > forecast.rate.amount.minor);
                prop_assert_eq!(with(next.contacts - 1).amount, forecast.rate.amount);
            } else {
                prop_assert_eq!(with(u64::MAX).amount, forecast.rate.amount);
            }
        }
    }
}
