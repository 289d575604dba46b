//! What sellers and the desk both see of a thing; each function adds what is its own. Times are UTC.

use chrono::{DateTime, Utc};
use domain::{
    claim::{Appeal, Claim, Round, Stage, criteria::Refund, evidence::Evidence},
    dispute::{Dispute, Verdict},
    ledger::Disputed,
    quarter::Quarter,
    store::Store,
};
use serde::Serialize;

/// A claim.
#[derive(Debug, Serialize)]
pub struct ClaimView<'a> {
    claim_id: &'a str,
    order_id: &'a str,
    filed_at: DateTime<Utc>,
    refunds: &'a [Refund],
    evidence: &'a Evidence,
    rounds: &'a [Round],
    #[serde(flatten)]
    stage: &'a Stage,
    appeal: Option<&'a Appeal>,
    /// Until when the seller has to answer a question.
    answer_until: Option<DateTime<Utc>>,
    /// The first instant that is too late for an appeal.
    appeal_until: Option<DateTime<Utc>>,
}

impl<'a> ClaimView<'a> {
    /// Of this claim.
    #[must_use]
    pub fn of(claim: &'a Claim, store: &Store) -> Self {
        Self {
            claim_id: claim.id.as_str(),
            order_id: claim.order.as_str(),
            filed_at: claim.filed_at,
            refunds: &claim.refunds,
            evidence: &claim.evidence,
            rounds: &claim.rounds,
            stage: &claim.stage,
            appeal: claim.appeal.as_ref(),
            answer_until: claim.answer_until(),
            appeal_until: claim.appeal_until(store),
        }
    }
}

/// A dispute.
#[derive(Debug, Serialize)]
pub struct DisputeView<'a> {
    dispute_id: &'a str,
    seller_id: &'a str,
    statement: Quarter,
    disputed: &'a Disputed,
    reason: &'a str,
    filed_at: DateTime<Utc>,
    verdict: &'a Verdict,
}

impl<'a> DisputeView<'a> {
    /// Of this dispute.
    #[must_use]
    pub fn of(dispute: &'a Dispute) -> Self {
        Self {
            dispute_id: dispute.id.as_str(),
            seller_id: dispute.seller.as_str(),
            statement: dispute.statement,
            disputed: &dispute.disputed,
            reason: &dispute.reason,
            filed_at: dispute.filed_at,
            verdict: &dispute.verdict,
        }
    }
}
