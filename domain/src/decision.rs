//! What the service decided (JDG): a record that the seller sees, with the liability and the way back. It holds no
//! word of the customer.

use crate::{
    at::Instant,
    id::{AssociateId, DecisionId, InquiryId, ItemId, OrderId},
    money::Money,
    order::Order,
    quarter::days_later,
    store::Store,
    topic::{AfterSilence, Liable, Topic},
};
use serde::{Deserialize, Serialize};

/// What is done for the customer (JDG-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// An answer, no money and no goods.
    Answer,
    /// The whole price back, the goods return.
    RefundFull,
    /// A part of the price back.
    RefundPartial,
    /// The whole price back, the goods stay.
    RefundReturnless,
    /// New goods.
    Replacement,
    /// The goods may return.
    ReturnAuthorised,
    /// The order is cancelled.
    Cancel,
    /// Nothing is done.
    Decline,
}

impl DecisionKind {
    /// Whether money goes back.
    #[must_use]
    pub const fn refunds(self) -> bool {
        matches!(self, Self::RefundFull | Self::RefundPartial | Self::RefundReturnless)
    }
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum DecidedBy {
    /// A person of the service.
    Associate {
        /// Who.
        associate: AssociateId,
    },
    /// The topic's judgement rule, after the seller kept silent for 24 hours (REQ-4).
    JudgementAfterSilence,
}

/// How the seller can get its money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way_back", rename_all = "snake_case")]
pub enum WayBack {
    /// By a claim, until this instant.
    Claim {
        /// The first instant that is too late.
        until: Instant,
    },
    /// There is nothing to get back.
    None,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Which.
    pub id: DecisionId,
    /// In which matter.
    pub inquiry: InquiryId,
    /// About which order.
    pub order: OrderId,
    /// About which items.
    pub items: Vec<ItemId>,
    /// What.
    pub kind: DecisionKind,
    /// By whom.
    pub decided_by: DecidedBy,
    /// When.
    pub decided_at: Instant,
    /// On what ground, for the seller to read.
    pub basis: String,
    /// The return policy it rests on.
    pub policy: String,
    /// Money that goes to the customer.
    pub amount: Option<Money>,
    /// Who bears it.
    pub liable: Liable,
    /// The seller's way back.
    pub way_back: WayBack,
}

/// RET-1: the policy that every decision rests on where the seller has no better one.
pub const STANDARD_POLICY: &str = "standard";

impl WayBack {
    /// The way back that this kind of decision leaves open from now on.
    #[must_use]
    pub fn of(kind: DecisionKind, liable: Liable, decided_at: Instant, store: &Store) -> Self {
        let borne_by_seller = kind.refunds() && liable == Liable::Seller;
        match store.claim_days_at(decided_at).filter(|_| borne_by_seller) {
            Some(days) => Self::Claim { until: days_later(store.zone, decided_at, days) },
            None => Self::None,
        }
    }
}

/// REQ-4, JDG-4: what the topic's rule decides by itself once the seller has kept silent. `None`: a person decides,
/// because the rule says so or because the value is above the store's limit.
#[must_use]
pub fn after_silence(
    inquiry: &InquiryId,
    order: &Order,
    items: &[ItemId],
    topic: &Topic,
    store: &Store,
    at: Instant,
) -> Option<DecisionRecord> {
    let value = order.price_of(items, store.currency).ok()?;
    let kind = match topic.after_silence {
        AfterSilence::Refund => DecisionKind::RefundFull,
        AfterSilence::Replacement => DecisionKind::Replacement,
        AfterSilence::AuthoriseReturn => DecisionKind::ReturnAuthorised,
        AfterSilence::Person => return None,
    };
    (value.minor <= store.judgement_limit.minor).then(|| DecisionRecord {
        id: DecisionId::derived(&[inquiry.as_str(), "after_silence"]),
        inquiry: inquiry.clone(),
        order: order.id.clone(),
        items: items.to_vec(),
        kind,
        decided_by: DecidedBy::JudgementAfterSilence,
        decided_at: at,
        basis: format!("The seller did not reply within 24 hours; rule for topic {}.", topic.code),
        policy: STANDARD_POLICY.to_owned(),
        amount: kind.refunds().then_some(value),
        liable: topic.liable,
        way_back: WayBack::of(kind, topic.liable, at, store),
    })
}
