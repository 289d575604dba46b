//! What the service decided (JDG): a record that the seller sees, with the liability and the way back. It holds no
//! word of the customer.
//!
//! Not here: on what grounds something is decided ([`crate::judgement`]), and what was given for a unit before
//! ([`crate::remedy`]).

use crate::{
    at::Instant,
    id::{AssociateId, DecisionId, InquiryId, ItemId, OrderId, RequestId},
    money::Money,
    quarter::days_later,
    returns::{Condition, Payer},
    store::Store,
    topic::Liable,
    unit::Units,
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
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Answer,
        Self::RefundFull,
        Self::RefundPartial,
        Self::RefundReturnless,
        Self::Replacement,
        Self::ReturnAuthorised,
        Self::Cancel,
        Self::Decline,
    ];

    /// Whether money goes back.
    #[must_use]
    pub const fn refunds(self) -> bool {
        matches!(self, Self::RefundFull | Self::RefundPartial | Self::RefundReturnless)
    }

    /// Whether the customer is given something for the units, so that nobody gives it a second time.
    #[must_use]
    pub const fn remedies(self) -> bool {
        !matches!(self, Self::Answer | Self::Decline)
    }
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum DecidedBy {
    /// A person of the service.
    Associate {
        /// Who; which of the store's people it was is not for sellers to read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        associate: Option<AssociateId>,
    },
    /// The topic's judgement rule, after the seller kept silent for 24 hours (REQ-4).
    JudgementAfterSilence,
    /// Another rule, once its time had come.
    Rule {
        /// Its id.
        rule: String,
    },
}

/// How the seller can get its money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way_back", rename_all = "snake_case")]
pub enum WayBack {
    /// By itself, on this day.
    Automatic {
        /// From when it is due.
        on: Instant,
    },
    /// By a claim, until this instant.
    Claim {
        /// The first instant that is too late.
        until: Instant,
    },
    /// There is nothing to get back.
    None,
}

/// The facts that a decision looked at, as they were known then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The promised delivery, the last one of its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<Instant>,
    /// The last delivery that a carrier reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Instant>,
    /// RET-3: the first instant that is too late to return one of its items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returnable_until: Option<Instant>,
    /// When they came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Instant>,
    /// How they came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Whether the seller said that there is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_stock: Option<bool>,
    /// What the seller was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Whether it had replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_replied: Option<bool>,
    /// What had been given back for the units before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Money>,
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
    /// For which units it gives something, and what money for each. Earlier decisions do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Units>,
    /// What.
    pub kind: DecisionKind,
    /// By whom.
    pub decided_by: DecidedBy,
    /// When.
    pub decided_at: Instant,
    /// On what ground, for the seller to read.
    pub basis: String,
    /// The code of the reason; decisions before there were codes have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The facts that it looked at.
    #[serde(default)]
    pub facts: Facts,
    /// The return policy it rests on.
    pub policy: String,
    /// Money that goes to the customer, of all units together.
    pub amount: Option<Money>,
    /// Who bears it.
    pub liable: Liable,
    /// RET-3: who pays for sending the goods back, where they are to come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_shipping: Option<Payer>,
    /// RET-4: until when a seller abroad names a way for the goods to come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_method_by: Option<Instant>,
    /// The seller's way back.
    pub way_back: WayBack,
    /// Decisions that it took the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<DecisionId>,
}

/// RET-1: the policy that every decision rests on where the seller has no better one.
pub const STANDARD_POLICY: &str = "standard";

impl DecisionRecord {
    /// As its seller reads it: which of the store's people decided is the store's affair.
    #[must_use]
    pub fn for_seller(mut self) -> Self {
        if let DecidedBy::Associate { associate } = &mut self.decided_by {
            *associate = None;
        }
        self
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, monday, store, utc};

    #[test]
    fn jdg_2_the_way_back_is_a_claim_where_the_seller_bears_a_refund_and_nothing_else() {
        use DecisionKind::{
            Answer, Cancel, Decline, RefundFull, RefundPartial, RefundReturnless, Replacement, ReturnAuthorised,
        };
        let kinds = [
            (RefundFull, true),
            (RefundPartial, true),
            (RefundReturnless, true),
            (Answer, false),
            (Replacement, false),
            (ReturnAuthorised, false),
            (Cancel, false),
            (Decline, false),
        ];
        for (kind, refunds) in kinds {
            assert_eq!(kind.refunds(), refunds, "{kind:?}");
            for liable in [Liable::Seller, Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open] {
                let claim = WayBack::of(kind, liable, monday(), store("US")) != WayBack::None;
                assert_eq!(claim, refunds && liable == Liable::Seller, "{kind:?} {liable:?}");
            }
        }
    }

    #[test]
    fn clm_2_the_time_to_claim_is_that_of_the_day_of_the_refund() {
        let until = |decided_at| WayBack::of(DecisionKind::RefundFull, Liable::Seller, decided_at, store("US"));
        let change = utc("2026-02-16T08:00:00Z");
        let claim = |until: &str| WayBack::Claim { until: utc(until) };
        assert_eq!(until(change - MILLI), claim("2026-04-17T06:59:59.999Z"), "60 days, an hour of them skipped");
        assert_eq!(until(change), claim("2026-03-18T07:00:00Z"));
        assert_eq!(until(utc("2014-01-01T00:00:00Z")), WayBack::None, "before the first window");
    }
}
