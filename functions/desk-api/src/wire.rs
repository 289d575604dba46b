//! What associates send and see. Times are UTC, amounts are in minor units of the store's currency.

use crate::find::Case;
use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    catalogue::ProductFact,
    id::{ItemId, ProductId},
    inquiry::{Inquiry, Status},
    question::{CatalogueGap, Question, QuestionKind},
    request::{Progress, Request},
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};
use std::collections::BTreeMap;

const LONGEST_TEXT: usize = 10_000;
const LONGEST_ATTRIBUTE: usize = 100;

/// What an associate asks the seller.
pub struct Asking {
    pub kind: QuestionKind,
    pub text: String,
    /// INS-4: what the page of which item does not say; of the only item, where none is named.
    pub missing: Option<(Option<ItemId>, String)>,
}

/// Reads a question to the seller.
pub fn question(body: &[u8]) -> Result<Asking, Failure> {
    let fields = Fields::parse(body)?;
    let (kind, text) = (fields.one_of("kind"), fields.text("text", LONGEST_TEXT));
    let missing = match kind {
        Some(QuestionKind::ProductFact) => fields.text_if_given("attribute", LONGEST_ATTRIBUTE),
        _ => None,
    };
    let missing = missing.map(|attribute| (fields.id_if_given("item_id"), attribute));
    fields.build(|| Some(Asking { kind: kind?, text: text?, missing }))
}

impl Asking {
    /// The question, as the seller reads it. `products` are those of the inquiry's items.
    pub fn question(&self, products: &BTreeMap<ItemId, ProductId>) -> Result<Question, Failure> {
        let gap = match &self.missing {
            None => None,
            Some((item, attribute)) => {
                let product = match item {
                    Some(item) => products.get(item),
                    None => products.values().next().filter(|first| products.values().all(|other| other == *first)),
                };
                let names: Vec<_> = products.keys().map(ItemId::as_str).collect();
                let which =
                    || Failure::bad_field("invalid_input", "item_id", format!("must be one of {}", names.join(", ")));
                Some(CatalogueGap { product: product.ok_or_else(which)?.clone(), attribute: attribute.clone() })
            }
        };
        Ok(Question { kind: self.kind, text: self.text.clone(), gap })
    }
}

/// An answer to the customer.
pub struct Said {
    pub message: String,
    pub resolve: bool,
}

/// Reads an answer.
pub fn answer(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let (message, resolve) = (fields.text("message", LONGEST_TEXT), fields.flag("resolve"));
    fields.build(|| Some(Said { message: message?, resolve: resolve? }))
}

#[derive(Debug, Serialize)]
pub struct Asked<'a> {
    request_id: &'a str,
    due_at: DateTime<Utc>,
}

/// The request that was opened.
pub fn asked(request: &Request) -> Asked<'_> {
    Asked { request_id: request.id.as_str(), due_at: request.due_at }
}

#[derive(Debug, Serialize)]
pub struct InquiryView<'a> {
    inquiry_id: &'a str,
    order_id: &'a str,
    seller_id: &'a str,
    issue: &'a str,
    topic: &'a str,
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

#[derive(Debug, Serialize)]
pub struct QueueView<'a> {
    inquiries: Vec<InquiryView<'a>>,
}

/// The queue, most urgent first.
pub fn queue(inquiries: &[Inquiry], now: Instant) -> QueueView<'_> {
    QueueView { inquiries: inquiries.iter().map(|one| inquiry(one, now)).collect() }
}

#[derive(Debug, Serialize)]
struct RequestView<'a> {
    request_id: &'a str,
    question: &'a Question,
    asked_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    #[serde(flatten)]
    progress: &'a Progress,
}

fn asked_of_seller(request: &Request) -> RequestView<'_> {
    RequestView {
        request_id: request.id.as_str(),
        question: &request.question,
        asked_at: request.asked_at,
        due_at: request.due_at,
        progress: &request.progress,
    }
}

#[derive(Debug, Serialize)]
pub struct CaseView<'a> {
    #[serde(flatten)]
    inquiry: InquiryView<'a>,
    items: &'a [domain::id::ItemId],
    order: &'a domain::order::Order,
    history: &'a [shell::commit::EventRow<domain::inquiry::InquiryEvent>],
    /// What the customer said, in order.
    customer: Vec<&'a str>,
    /// What the seller was asked, and what it replied.
    requests: Vec<RequestView<'a>>,
    /// INQ-2: what the catalogue says about what the customer asks, the nearest first.
    catalogue: Vec<SaidOf<'a>>,
    answers: &'a [crate::Answered],
    decisions: &'a [domain::decision::DecisionRecord],
}

/// A fact of a product's page.
#[derive(Debug, Serialize)]
struct SaidOf<'a> {
    product_id: &'a str,
    #[serde(flatten)]
    fact: &'a ProductFact,
}

fn catalogue(case: &Case) -> Vec<SaidOf<'_>> {
    let question: Vec<_> = case.words.iter().map(|words| words.text.as_str()).collect();
    let question = question.join("\n");
    let facts = case.products.iter().flat_map(|product| {
        product.facts_about(&question).into_iter().map(|fact| SaidOf { product_id: product.id.as_str(), fact })
    });
    facts.collect()
}

/// An inquiry at one glance.
pub fn case(case: &Case, now: Instant) -> CaseView<'_> {
    CaseView {
        inquiry: inquiry(&case.inquiry, now),
        items: &case.inquiry.items,
        order: &case.order,
        history: &case.events,
        customer: case.words.iter().map(|words| words.text.as_str()).collect(),
        requests: case.requests.iter().map(asked_of_seller).collect(),
        catalogue: catalogue(case),
        answers: &case.answers,
        decisions: &case.inquiry.decisions,
    }
}
