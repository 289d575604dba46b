//! What a store says of claims: how long a refund can be claimed back, how much of it, and what is paid back without a
//! claim. All of it is data, dated (`data/stores/*.toml`).

use crate::{at::Instant, fee::BasisPoints, money::Money};
use serde::{Deserialize, Serialize};

/// CLM-2: how long refunds from this instant on can be claimed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimWindow {
    /// From when refunds have it.
    pub effective_from: Instant,
    /// Calendar days.
    pub days: u64,
    /// From what they count.
    pub counts_from: CountsFrom,
}

/// What the days of a window count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountsFrom {
    /// The refund.
    Refund,
    /// The return or the refund, whichever came later.
    ReturnOrRefund,
}

/// CLM-2, CLM-3: what holds for claims from this instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimTerms {
    /// From when claims that are filed have them.
    pub effective_from: Instant,
    /// The most for one order.
    pub most: Money,
    /// The most of what was refunded, where the customer damaged it.
    pub customer_damaged: BasisPoints,
    /// Calendar days for an answer.
    pub answer_days: u64,
    /// Calendar days for an appeal.
    pub appeal_days: u64,
}

/// CLM-4: what is paid back without a claim, of refunds from this instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidBack {
    /// From when.
    pub effective_from: Instant,
    /// Which.
    pub refunds: Vec<WithoutClaim>,
}

/// A refund that is paid back without a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutClaim {
    /// Given out of goodwill.
    Goodwill,
    /// For a delivery that went wrong under a protected label.
    ProtectedLabel,
}
