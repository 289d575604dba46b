//! What a seller disputes, and what it sees of it. Times are UTC, amounts in minor units.

use domain::{
    dispute::Dispute,
    id::{ContactId, DisputeId},
    ledger::{Thing, UnitKey},
};
use serde::Serialize;
use shell::{cursor, failure::Failure, fields::Fields, view::DisputeView};

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
pub struct PageView<'a> {
    disputes: Vec<DisputeView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// The disputes after this one, as many as one answer holds.
pub fn page<'a>(all: &'a [Dispute], after: Option<&DisputeId>) -> PageView<'a> {
    let (rows, next_cursor) = cursor::page(all, after, PAGE, |dispute| dispute.id.clone());
    PageView { disputes: rows.into_iter().map(DisputeView::of).collect(), next_cursor }
}
