//! What a seller disputes, and what it sees of it. Times are UTC, amounts in minor units.

use chrono::{DateTime, Utc};
use domain::{
    dispute::{Dispute, Verdict},
    id::{ContactId, DisputeId},
    ledger::{Disputed, Thing, UnitKey},
    quarter::Quarter,
};
use serde::Serialize;
use shell::{cursor, failure::Failure, fields::Fields};

const LONGEST_REASON: usize = 1_000;
/// Disputes of one answer.
const PAGE: usize = 100;

/// What a seller disputes, and why.
pub struct Filing {
    pub thing: Thing,
    pub reason: String,
}

/// Reads a dispute: of a contact, where one is named, else of a unit.
pub fn filing(body: &[u8]) -> Result<Filing, Failure> {
    let fields = Fields::parse(body)?;
    let reason = fields.text("reason", LONGEST_REASON);
    let thing = if fields.has("contact_id") {
        fields.id::<ContactId>("contact_id").map(Thing::Contact)
    } else {
        let (order, item) = (fields.id("order_id"), fields.id("item_id"));
        let ordinal = fields.number("ordinal", 1..=i64::from(u16::MAX)).and_then(|n| u16::try_from(n).ok());
        let key = || Some(UnitKey { order: order?, item: item?, ordinal: ordinal? });
        key().map(Thing::Unit)
    };
    fields.build(|| Some(Filing { thing: thing?, reason: reason? }))
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
pub struct PageView<'a> {
    disputes: Vec<DisputeView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// The disputes after this one, as many as one answer holds.
pub fn page<'a>(all: &'a [Dispute], after: Option<&DisputeId>) -> PageView<'a> {
    let mut rest = all.iter().skip_while(|one| after.is_some_and(|after| one.id <= *after)).peekable();
    let rows: Vec<_> = rest.by_ref().take(PAGE).collect();
    let next = rows.last().filter(|_| rest.peek().is_some());
    PageView { next_cursor: next.map(|last| cursor::after(&last.id)), disputes: rows.into_iter().map(view).collect() }
}
