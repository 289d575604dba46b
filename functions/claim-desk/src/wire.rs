//! What a lead asks and decides, and what the desk sees of a claim. Times are UTC, amounts in minor units.

use chrono::{DateTime, Utc};
use domain::{
    claim::{Claim, criteria::Criterion},
    store::Store,
};
use serde::{Deserialize, Serialize};
use shell::{failure::Failure, fields::Fields, view::ClaimView};

const LONGEST_TEXT: usize = 1_000;

/// Reads a question.
pub fn question(body: &[u8]) -> Result<String, Failure> {
    let fields = Fields::parse(body)?;
    let text = fields.text("text", LONGEST_TEXT);
    fields.build(|| text)
}

/// What a lead decides.
pub enum Deciding {
    Grant { amount_minor: i64, customer_damaged: bool },
    Deny { criterion: Criterion, reason: String },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Grant,
    Deny,
}

/// Reads a decision: how much, or by which criterion not and why.
pub fn deciding(body: &[u8]) -> Result<Deciding, Failure> {
    let fields = Fields::parse(body)?;
    let decision = fields.one_of::<Decision>("decision");
    let deciding = match decision {
        Some(Decision::Grant) => {
            let (amount, damaged) = (fields.number("amount_minor", 1..=i64::MAX), fields.flag("customer_damaged"));
            amount
                .zip(damaged)
                .map(|(amount_minor, customer_damaged)| Deciding::Grant { amount_minor, customer_damaged })
        }
        Some(Decision::Deny) => {
            let (criterion, reason) = (fields.one_of("criterion"), fields.text("reason", LONGEST_TEXT));
            criterion.zip(reason).map(|(criterion, reason)| Deciding::Deny { criterion, reason })
        }
        None => None,
    };
    fields.build(|| deciding)
}

#[derive(Debug, Serialize)]
pub struct WorkView<'a> {
    #[serde(flatten)]
    claim: ClaimView<'a>,
    seller_id: &'a str,
    /// Since when it waits for a lead.
    waits_since: Option<DateTime<Utc>>,
    /// The most that can be granted, and the most where the customer damaged it.
    most_minor: i64,
    most_if_damaged_minor: i64,
}

/// One claim.
pub fn view<'a>(claim: &'a Claim, store: &Store) -> WorkView<'a> {
    WorkView {
        claim: ClaimView::of(claim, store),
        seller_id: claim.seller.as_str(),
        waits_since: claim.waits_since(),
        most_minor: claim.most(false, store).minor,
        most_if_damaged_minor: claim.most(true, store).minor,
    }
}

#[derive(Debug, Serialize)]
pub struct WaitingView<'a> {
    claims: Vec<WorkView<'a>>,
}

/// Those that wait for a lead.
pub fn waiting<'a>(claims: &'a [Claim], store: &Store) -> WaitingView<'a> {
    WaitingView { claims: claims.iter().map(|claim| view(claim, store)).collect() }
}
