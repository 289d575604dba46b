//! CLM-2: that an order is contested elsewhere: by an A-to-z claim with the marketplace, or by a chargeback of the bank.
//! Whichever it is, what becomes of the money is decided there and not by a claim here.

use crate::{at::Instant, id::SellerId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where an order is contested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContestKind {
    /// An A-to-z claim of the customer.
    AToZ,
    /// The customer's bank took the money back.
    Chargeback,
}

impl ContestKind {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AToZ => "a_to_z",
            Self::Chargeback => "chargeback",
        }
    }
}

/// A seller's part of an order is contested.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contest {
    /// Whose part.
    pub seller: SellerId,
    /// Where.
    pub kind: ContestKind,
    /// Since when.
    pub opened_at: Instant,
}

impl fmt::Display for Contest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ContestKind::AToZ => "An A-to-z claim",
            ContestKind::Chargeback => "A chargeback",
        };
        write!(f, "{what} was opened on this order at {}.", self.opened_at.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contest_is_called_as_its_json() {
        for kind in [ContestKind::AToZ, ContestKind::Chargeback] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
