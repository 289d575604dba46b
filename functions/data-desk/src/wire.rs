//! Exports and erasures, as a lead asks for and sees them.

use domain::{
    at::Instant,
    erasure::{Erasure, Stage},
    export::{Export, Whose},
    id::InquiryId,
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};
use std::collections::BTreeSet;

const LONGEST_REASON: usize = 500;

/// Of whom, and what for.
pub struct Asked {
    pub of: Whose,
    pub reason: String,
}

/// Reads what a lead asks for: a customer's or a seller's.
pub fn asked(body: &[u8]) -> Result<Asked, Failure> {
    let fields = Fields::parse(body)?;
    let customer = fields.id_if_given("customer_id").map(Whose::CustomerId);
    let seller = fields.id_if_given("seller_id").map(Whose::SellerId);
    match (fields.has("customer_id"), fields.has("seller_id")) {
        (true, true) => fields.wrong("seller_id", "must not be given with customer_id: an export is of one of them"),
        (false, false) => fields.wrong("customer_id", "is missing, and so is seller_id: name one of them"),
        (true, false) | (false, true) => {}
    }
    let reason = fields.text("reason", LONGEST_REASON);
    fields.build(|| Some(Asked { of: customer.or(seller)?, reason: reason? }))
}

#[derive(Debug, Serialize)]
pub struct ExportView<'a> {
    export_id: &'a str,
    #[serde(flatten)]
    of: &'a Whose,
    reason: &'a str,
    asked_by: &'a str,
    asked_at: Instant,
    until: Instant,
}

/// An export that can be read.
pub fn export(export: &Export) -> ExportView<'_> {
    ExportView {
        export_id: export.id.as_str(),
        of: &export.of,
        reason: &export.reason,
        asked_by: export.by.as_str(),
        asked_at: export.at,
        until: export.until,
    }
}

#[derive(Debug, Serialize)]
pub struct ErasureView<'a> {
    customer_id: &'a str,
    #[serde(flatten)]
    stage: &'a Stage,
    asked_by: &'a str,
    asked_at: Instant,
    /// Contacts, since it was asked for.
    erased: u64,
    /// Live inquiries, of which nothing is erased yet.
    waits_for: &'a BTreeSet<InquiryId>,
}

/// How an erasure stands.
pub fn erasure(erasure: &Erasure) -> ErasureView<'_> {
    ErasureView {
        customer_id: erasure.customer.as_str(),
        stage: &erasure.stage,
        asked_by: erasure.asked_by.as_str(),
        asked_at: erasure.asked_at,
        erased: erasure.erased,
        waits_for: &erasure.waits_for,
    }
}
