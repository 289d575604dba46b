//! What a seller files, answers and appeals, and what it sees of its claims. Times are UTC, amounts in minor units.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    claim::{
        Claim,
        criteria::{Finding, Recourse, Refund},
        evidence::Evidence,
    },
    contest::Contest,
    id::{ClaimId, OrderId, TrackingNumber},
    store::Store,
};
use serde::Serialize;
use shell::{cursor, failure::Failure, fields::Fields, view::ClaimView};

const LONGEST_TEXT: usize = 2_000;
const MOST_NUMBERS: usize = 20;
/// Claims of one answer.
const PAGE: usize = 100;

/// About which order a seller files, and with what.
pub struct Filing {
    pub order: OrderId,
    pub evidence: Evidence,
}

/// Reads a claim.
pub fn filing(body: &[u8]) -> Result<Filing, Failure> {
    let fields = Fields::parse(body)?;
    let (order, ground) = (fields.id("order_id"), fields.one_of("ground"));
    let (tracking, condition) = (fields.ids("tracking", MOST_NUMBERS), fields.one_of_if_given("condition"));
    let text = fields.text("text", LONGEST_TEXT);
    fields.build(|| {
        Some(Filing {
            order: order?,
            evidence: Evidence { ground: ground?, tracking: tracking?, condition, text: text? },
        })
    })
}

/// What a seller answers.
pub struct Said {
    pub text: String,
    pub tracking: Vec<TrackingNumber>,
}

/// Reads an answer.
pub fn answer(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let (text, tracking) = (fields.text("text", LONGEST_TEXT), fields.ids("tracking", MOST_NUMBERS));
    fields.build(|| Some(Said { text: text?, tracking: tracking? }))
}

/// Reads what a seller says against a verdict.
pub fn appeal(body: &[u8]) -> Result<String, Failure> {
    let fields = Fields::parse(body)?;
    let text = fields.text("text", LONGEST_TEXT);
    fields.build(|| text)
}

#[derive(Debug, Serialize)]
pub struct EligibilityView<'a> {
    order_id: &'a str,
    eligible: bool,
    criteria: Vec<Finding>,
    refunds: Vec<RefundView<'a>>,
    returned_at: Option<DateTime<Utc>>,
    contest: Option<&'a Contest>,
    claim_id: Option<&'a str>,
    /// The first instant that is too late.
    until: Option<DateTime<Utc>>,
    most_minor: i64,
    most_if_damaged_minor: i64,
}

#[derive(Debug, Serialize)]
struct RefundView<'a> {
    #[serde(flatten)]
    refund: &'a Refund,
    /// The first instant that is too late to claim it back.
    until: Option<DateTime<Utc>>,
}

/// Whether there can be a claim now.
pub fn eligibility<'a>(recourse: &'a Recourse<'_>, store: &Store, now: Instant) -> EligibilityView<'a> {
    let eligibility = recourse.eligibility(store, now);
    let until = |refund| RefundView { refund, until: recourse.until(refund, store) };
    EligibilityView {
        order_id: recourse.order.as_str(),
        eligible: eligibility.is_eligible(),
        refunds: recourse.refunds.iter().map(until).collect(),
        returned_at: recourse.returned_at,
        contest: recourse.contest,
        claim_id: recourse.claim.map(|claim| claim.id.as_str()),
        until: eligibility.until,
        most_minor: eligibility.most.minor,
        most_if_damaged_minor: eligibility.most_if_damaged.minor,
        criteria: eligibility.findings,
    }
}

#[derive(Debug, Serialize)]
pub struct OwnClaimView<'a> {
    #[serde(flatten)]
    claim: ClaimView<'a>,
    /// Whether nothing can change it any more.
    r#final: bool,
}

/// One claim.
pub fn view<'a>(claim: &'a Claim, store: &Store, now: Instant) -> OwnClaimView<'a> {
    OwnClaimView { claim: ClaimView::of(claim, store), r#final: claim.is_final(store, now) }
}

#[derive(Debug, Serialize)]
pub struct PageView<'a> {
    claims: Vec<OwnClaimView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// The claims after this one, as many as one answer holds.
pub fn page<'a>(all: &'a [Claim], after: Option<&ClaimId>, store: &Store, now: Instant) -> PageView<'a> {
    let (rows, next_cursor) = cursor::page(all, after, PAGE, |claim| claim.id.clone());
    PageView { claims: rows.into_iter().map(|claim| view(claim, store, now)).collect(), next_cursor }
}
