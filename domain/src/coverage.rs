//! Which units the service is responsible for (COV). Decided once, from the time the order was placed, and stored
//! with the order; no later change of the enrollment touches it.

use crate::{at::Instant, seller::Seller, store::Store};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// An order is judged so long after it was placed, so that an opt-out of the same moment has been written by then.
pub const SETTLING: TimeDelta = TimeDelta::seconds(15);

/// Who ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// The seller itself.
    Seller,
    /// The store's own fulfilment.
    Store,
    /// Seller-Fulfilled Prime.
    Prime,
}

/// Whether the service handles a line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "handled_by", rename_all = "snake_case")]
pub enum Coverage {
    /// COV-1: covered.
    Service {
        /// Units shipped before this instant are in the free trial (FEE-8); known for good once the order is covered.
        trial_ends_at: Instant,
    },
    /// Not covered.
    Seller {
        /// Why not.
        why: Uncovered,
    },
}

/// Why a unit is not covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uncovered {
    /// The store shipped it.
    FulfilledByStore,
    /// Seller-Fulfilled Prime.
    SellerFulfilledPrime,
    /// Placed before the first service began.
    BeforeEnrollment,
    /// Placed between two periods.
    EnrollmentGap,
    /// Placed after the last period ended.
    AfterOptOut,
}

impl Coverage {
    /// Whether the service handles it.
    #[must_use]
    pub const fn is_covered(&self) -> bool {
        matches!(self, Self::Service { .. })
    }
}

/// COV-1, COV-2: covered exactly when the seller ships it itself and the order was placed inside a period.
///
/// ```
/// # use domain::coverage::{Coverage, Fulfilment, Uncovered};
/// // Whatever the enrollment says, the store's own fulfilment is never covered:
/// # let book = domain::book::Book::shipped().unwrap();
/// # let store = book.store(&"BR".parse().unwrap()).unwrap();
/// # let seller: domain::seller::Seller = serde_json::from_str(r#"{"store":"BR","id":"s1","facts":{"plan":"professional",
/// #   "standing":"good","address_country":"BR","email":"s@example.com","language":"en"},"facts_at":"2018-01-01T00:00:00Z",
/// #   "accepted":[],"periods":[]}"#).unwrap();
/// let coverage = domain::coverage::cover(Fulfilment::Store, "2018-01-02T00:00:00Z".parse().unwrap(), &seller, store);
/// assert_eq!(coverage, Coverage::Seller { why: Uncovered::FulfilledByStore });
/// ```
#[must_use]
pub fn cover(fulfilment: Fulfilment, placed_at: Instant, seller: &Seller, store: &Store) -> Coverage {
    match fulfilment {
        Fulfilment::Store => return Coverage::Seller { why: Uncovered::FulfilledByStore },
        Fulfilment::Prime => return Coverage::Seller { why: Uncovered::SellerFulfilledPrime },
        Fulfilment::Seller => {}
    }
    let holds = seller
        .periods
        .iter()
        .any(|p| p.starts_at <= placed_at && seller.end_of(p, store).is_none_or(|end| placed_at < end));
    let before = seller.periods.first().is_none_or(|first| placed_at < first.starts_at);
    let between = seller.periods.iter().any(|p| placed_at < p.starts_at);
    match seller.trial(store) {
        Some(trial) if holds => Coverage::Service { trial_ends_at: trial.ends_at },
        _ if before => Coverage::Seller { why: Uncovered::BeforeEnrollment },
        _ if between => Coverage::Seller { why: Uncovered::EnrollmentGap },
        _ => Coverage::Seller { why: Uncovered::AfterOptOut },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, minutes, origin, serving, store, utc};
    use proptest::prelude::*;

    fn asked(seller: &Seller, placed_at: Instant) -> Coverage {
        cover(Fulfilment::Seller, placed_at, seller, store("BR"))
    }

    const fn not(why: Uncovered) -> Coverage {
        Coverage::Seller { why }
    }

    #[test]
    fn cov_1_the_instant_before_on_and_after_each_boundary_of_a_period() {
        let seller = serving(&[(10, Some(20)), (30, None)]);
        let moment = |minute| origin() + minutes(minute);
        let service = Coverage::Service { trial_ends_at: seller.trial(store("BR")).unwrap().ends_at };
        for (boundary, before, after) in [
            (10, not(Uncovered::BeforeEnrollment), service),
            (20, service, not(Uncovered::EnrollmentGap)),
            (30, not(Uncovered::EnrollmentGap), service),
        ] {
            assert_eq!(asked(&seller, moment(boundary) - MILLI), before, "before {boundary}");
            assert_eq!(asked(&seller, moment(boundary)), after, "on {boundary}");
            assert_eq!(asked(&seller, moment(boundary) + MILLI), after, "after {boundary}");
        }
        assert_eq!(asked(&serving(&[(10, Some(20))]), moment(20)), not(Uncovered::AfterOptOut));
        assert_eq!(asked(&serving(&[]), moment(20)), not(Uncovered::BeforeEnrollment));
    }

    #[test]
    fn cov_1_a_period_that_ended_as_it_began_covers_nothing_and_is_over() {
        let moment = origin() + minutes(30);
        assert_eq!(asked(&serving(&[(30, Some(30))]), moment), not(Uncovered::AfterOptOut));
        assert_eq!(asked(&serving(&[(10, Some(20)), (30, Some(30))]), moment), not(Uncovered::AfterOptOut));
        assert_eq!(asked(&serving(&[(30, Some(30)), (40, None)]), moment), not(Uncovered::EnrollmentGap));
    }

    #[test]
    fn cov_1_only_what_the_seller_ships_itself_is_covered() {
        let seller = serving(&[(10, None)]);
        for minute in [0, 10, 11] {
            let by = |fulfilment| cover(fulfilment, origin() + minutes(minute), &seller, store("BR"));
            assert_eq!(by(Fulfilment::Store), not(Uncovered::FulfilledByStore));
            assert_eq!(by(Fulfilment::Prime), not(Uncovered::SellerFulfilledPrime));
            assert_eq!(by(Fulfilment::Seller).is_covered(), minute >= 10);
        }
    }

    #[test]
    fn fee_8_an_order_of_a_second_period_keeps_the_trial_of_the_first() {
        let seller = serving(&[(0, Some(5)), (1_000_000, None)]);
        let ends_at = utc("2017-04-01T01:00:00Z");
        let late = asked(&seller, origin() + minutes(1_000_001));
        assert_eq!(late, Coverage::Service { trial_ends_at: ends_at }, "which is over by then");
    }

    #[test]
    fn cov_4_the_answer_is_written_in_one_word_and_a_reason() {
        let json = |coverage: Coverage| serde_json::to_string(&coverage).unwrap();
        assert_eq!(json(not(Uncovered::EnrollmentGap)), r#"{"handled_by":"seller","why":"enrollment_gap"}"#);
        let service = json(Coverage::Service { trial_ends_at: origin() });
        assert_eq!(service, r#"{"handled_by":"service","trial_ends_at":"2017-01-01T00:00:00Z"}"#);
    }

    /// Cuts of the time line, made into periods: each two are a start and an end, and an odd last one stays open.
    fn periods() -> impl Strategy<Value = Vec<(i64, Option<i64>)>> {
        prop::collection::vec(0_i64..60, 0..7).prop_map(|mut cuts| {
            cuts.sort_unstable();
            cuts.chunks(2).map(|pair| (pair[0], pair.get(1).copied())).collect()
        })
    }

    proptest! {
        #[test]
        fn e3_cov_1_coverage_is_that_of_a_time_line_painted_minute_by_minute(
            periods in periods(), placed in 0_i64..64, millis in 0_i64..60_000
        ) {
            let painted: Vec<bool> = (0..64)
                .map(|minute| periods.iter().any(|(start, end)| (*start..end.unwrap_or(64)).contains(&minute)))
                .collect();
            let begun = periods.iter().filter(|(start, _)| *start <= placed).count();
            let answer = asked(&serving(&periods), origin() + minutes(placed) + TimeDelta::milliseconds(millis));
            match answer {
                Coverage::Service { trial_ends_at } => {
                    let first = painted.iter().position(|served| *served).unwrap();
                    let first = origin() + minutes(i64::try_from(first).unwrap());
                    prop_assert!(painted[usize::try_from(placed).unwrap()]);
                    prop_assert_eq!(trial_ends_at, crate::quarter::days_later(store("BR").zone, first, 90));
                }
                Coverage::Seller { why } => {
                    prop_assert!(!painted[usize::try_from(placed).unwrap()]);
                    let expected = match begun {
                        0 => Uncovered::BeforeEnrollment,
                        n if n < periods.len() => Uncovered::EnrollmentGap,
                        _ => Uncovered::AfterOptOut,
                    };
                    prop_assert_eq!(why, expected);
                }
            }
        }
    }
}
