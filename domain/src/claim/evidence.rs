//! What a seller asserts in a claim, and what it shows for it.

use crate::id::TrackingNumber;
use serde::{Deserialize, Serialize};

/// Why the seller thinks that it should not bear the refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It was delivered, and in time.
    Delivered,
    /// It was as described.
    AsDescribed,
    /// The customer damaged it; then only a share is paid back.
    CustomerDamaged,
    /// Something else came back, or not all of it.
    ReturnedOtherwise,
    /// It never came back.
    NotReturned,
    /// None of these.
    Other,
}

/// What came back, as the seller found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnCondition {
    /// As it was sent.
    Original,
    /// Used.
    Used,
    /// Damaged.
    Damaged,
    /// Parts are missing.
    PartsMissing,
    /// It is something else.
    OtherItem,
    /// The parcel was empty.
    Empty,
    /// Nothing came back.
    NotReturned,
}

/// What the seller shows for its claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it asserts.
    pub ground: Ground,
    /// Tracking numbers that show it.
    pub tracking: Vec<TrackingNumber>,
    /// How it found what came back.
    pub condition: Option<ReturnCondition>,
    /// In its words.
    pub text: String,
}
