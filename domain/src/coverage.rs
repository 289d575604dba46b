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
