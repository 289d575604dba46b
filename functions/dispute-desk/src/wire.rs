//! What a lead decides, and what the desk sees of a dispute. Times are UTC, amounts in minor units.

use domain::dispute::Dispute;
use serde::{Deserialize, Serialize};
use shell::{failure::Failure, fields::Fields, view::DisputeView};

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
pub struct WaitingView<'a> {
    disputes: Vec<DisputeView<'a>>,
}

/// Those that wait for a lead.
pub fn waiting(disputes: &[Dispute]) -> WaitingView<'_> {
    WaitingView { disputes: disputes.iter().map(DisputeView::of).collect() }
}
