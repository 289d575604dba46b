//! For how long each side had the next word in the matters that were resolved: whose time a resolution took.

use crate::inquiry::OwnedMinutes;
use serde::{Deserialize, Serialize};

/// Whole minutes, each matter's by itself, of several matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owned {
    /// Resolutions of which it was counted.
    pub counted: u64,
    /// Those of inquiries that began before it was counted.
    pub uncounted: u64,
    /// The service had the next word.
    pub service: u64,
    /// The seller had it.
    pub seller: u64,
    /// The customer had it.
    pub customer: u64,
}

impl Owned {
    /// With one resolution more.
    #[must_use]
    pub const fn and(self, minutes: Option<OwnedMinutes>) -> Self {
        self.plus(match minutes {
            Some(OwnedMinutes { service, seller, customer }) => {
                Self { counted: 1, uncounted: 0, service, seller, customer }
            }
            None => Self { counted: 0, uncounted: 1, service: 0, seller: 0, customer: 0 },
        })
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            counted: self.counted.saturating_add(other.counted),
            uncounted: self.uncounted.saturating_add(other.uncounted),
            service: self.service.saturating_add(other.service),
            seller: self.seller.saturating_add(other.seller),
            customer: self.customer.saturating_add(other.customer),
        }
    }

    /// Every resolution, counted or not.
    #[must_use]
    pub const fn resolutions(self) -> u64 {
        self.counted.saturating_add(self.uncounted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ins_2_inq_3_what_was_not_counted_is_no_part_of_the_whole() {
        let minutes = |service, seller, customer| Some(OwnedMinutes { service, seller, customer });
        let sum = [minutes(1, 2, 3), None, minutes(10, 0, 0)].into_iter().fold(Owned::default(), Owned::and);
        assert_eq!(sum, Owned { counted: 2, uncounted: 1, service: 11, seller: 2, customer: 3 });
        assert_eq!((sum.resolutions(), Owned::default().resolutions()), (3, 0));
        assert_eq!(sum.plus(sum).service, 22);
    }
}
