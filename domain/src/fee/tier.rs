//! The name of a place in a rate card.

use super::BasisPoints;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where in a card a rate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierName {
    /// Free: few contacts.
    FreeCpu,
    /// Free: few orders.
    FreeVolume,
    /// The tier that ends here, in basis points.
    UpTo(BasisPoints),
    /// The tier above all bounds.
    Above(BasisPoints),
    /// The default, for few units.
    Default,
}

impl TierName {
    /// Whether a unit costs nothing.
    #[must_use]
    pub const fn is_free(self) -> bool {
        matches!(self, Self::FreeCpu | Self::FreeVolume)
    }
}

impl fmt::Display for TierName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FreeCpu => f.write_str("free_cpu"),
            Self::FreeVolume => f.write_str("free_volume"),
            Self::UpTo(bound) => write!(f, "up to {bound}"),
            Self::Above(bound) => write!(f, "above {bound}"),
            Self::Default => f.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_costs_nothing_where_contacts_or_orders_are_few_and_nowhere_else() {
        let free = [TierName::FreeCpu, TierName::FreeVolume];
        let charged = [TierName::UpTo(BasisPoints(300)), TierName::Above(BasisPoints(3000)), TierName::Default];
        assert!(free.into_iter().all(TierName::is_free) && !charged.into_iter().any(TierName::is_free));
    }
}
