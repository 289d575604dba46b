//! What a lead decides, and what the desk sees of a dispute. Times are UTC, amounts in minor units.

use chrono::{DateTime, Utc};
use domain::{
    dispute::{Dispute, Verdict},
    ledger::Disputed,
    quarter::Quarter,
};
use serde::{Deserialize, Serialize};
use shell::{failure::Failure, fields::Fields};

const LONGEST_REASON: usize = 1_000;

/// What a lead decides.
pub enum Deciding {
    Accept,
    Deny { reason: String },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Accept,
    Deny,
}

/// Reads a decision; who denies says why.
pub fn decision(body: &[u8]) -> Result<Deciding, Failure> {
    let fields = Fields::parse(body)?;
    let decision = fields.one_of::<Decision>("decision");
    let reason = match decision {
        Some(Decision::Deny) => fields.text("reason", LONGEST_REASON),
        Some(Decision::Accept) | None => None,
    };
    fields.build(|| match decision? {
        Decision::Accept => Some(Deciding::Accept),
        Decision::Deny => Some(Deciding::Deny { reason: reason? }),
    })
}

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

/// One dispute.
pub fn view(dispute: &Dispute) -> DisputeView<'_> {
    DisputeView {
        dispute_id: dispute.id.as_str(),
        seller_id: dispute.seller.as_str(),
        statement: dispute.statement,
        disputed: &dispute.disputed,
        reason: &dispute.reason,
        filed_at: dispute.filed_at,
        verdict: &dispute.verdict,
    }
}

#[derive(Debug, Serialize)]
pub struct WaitingView<'a> {
    disputes: Vec<DisputeView<'a>>,
}

/// Those that wait for a lead.
pub fn waiting(disputes: &[Dispute]) -> WaitingView<'_> {
    WaitingView { disputes: disputes.iter().map(view).collect() }
}
