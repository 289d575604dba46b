//! How associates see an inquiry wherever they see one. Times are UTC.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    guess::Source,
    inquiry::{Inquiry, Status},
};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct InquiryView<'a> {
    inquiry_id: &'a str,
    order_id: &'a str,
    seller_id: &'a str,
    issue: &'a str,
    topic: &'a str,
    /// RTE-12: who says so; where nobody does, a hint and the wish for a choice.
    topic_source: &'a Source,
    channel: domain::contact::Channel,
    language: &'a str,
    #[serde(flatten)]
    status: &'a Status,
    /// Who has the next word: the service, the seller, the customer, or nobody.
    ball: &'static str,
    opened_at: DateTime<Utc>,
    resolution_due: DateTime<Utc>,
    overdue: bool,
    contacts: usize,
}

/// One inquiry in a list.
pub fn inquiry(inquiry: &Inquiry, now: Instant) -> InquiryView<'_> {
    let ball = match inquiry.status {
        Status::Open { .. } | Status::Working { .. } => "service",
        Status::WaitingSeller { .. } => "seller",
        Status::WaitingCustomer { .. } => "customer",
        Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => "nobody",
    };
    InquiryView {
        inquiry_id: inquiry.id.as_str(),
        order_id: inquiry.order.as_str(),
        seller_id: inquiry.seller.as_str(),
        issue: inquiry.issue.as_str(),
        topic: &inquiry.topic,
        topic_source: &inquiry.source,
        channel: inquiry.channel,
        language: &inquiry.language,
        status: &inquiry.status,
        ball,
        opened_at: inquiry.opened_at,
        resolution_due: inquiry.resolution_due,
        overdue: inquiry.is_live() && inquiry.resolution_due < now,
        contacts: inquiry.contacts.len(),
    }
}
