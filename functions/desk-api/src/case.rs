//! One inquiry with the order and every word that was said.

use crate::{Answered, find::products_of};
use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    catalogue::{Product, ProductFact},
    decision::DecisionRecord,
    id::{AssociateId, ContactId, InquiryId, ItemId, NoticeId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    macros::Origin,
    mail::{Delivery, State},
    order::Order,
    question::Question,
    remedy::Remedies,
    request::{Progress, Request},
    returns::ReturnTerms,
    store::Store,
    topic::Family,
    transfer::Transfer,
};
use futures_util::future::try_join3;
use serde::{Serialize, de::DeserializeOwned};
use shell::{
    Shell,
    commit::EventRow,
    desk::{Events, InquiryView, told},
    failure::Failure,
    http::Request as HttpRequest,
    key::{Key, Table},
    record::{MailFile, Noted, Words},
};
use std::collections::{BTreeMap, BTreeSet};

/// Items of one `BatchGetItem`.
const PER_BATCH: usize = 100;

/// One inquiry with all that belongs to it.
pub struct Case {
    pub inquiry: Inquiry,
    pub order: Order,
    pub remedies: Option<Remedies>,
    pub events: Vec<EventRow<InquiryEvent>>,
    /// With the contact that each was said in.
    pub words: Vec<(ContactId, Words)>,
    pub requests: Vec<Request>,
    pub transfers: Vec<Transfer>,
    pub products: Vec<Product>,
    pub answers: Vec<Answered>,
    /// How far the mail of each answer has come that is mailed.
    pub mails: BTreeMap<NoticeId, State>,
    pub notes: Vec<Noted>,
}

/// What was said about an inquiry, of one kind.
async fn said<T: DeserializeOwned>(
    shell: &Shell,
    store: &StoreId,
    id: &InquiryId,
    kind: &str,
) -> Result<Vec<T>, Failure> {
    let rows = shell.store.list(Table::Conversations, &Key::inquiry_history(store, id).pk, kind).await?;
    Ok(rows.into_iter().map(|(_, seen)| seen.state).collect())
}

/// Reads what an inquiry with all that belongs to it begins with, for a page that knows of which before it may show it.
pub async fn ahead(shell: &Shell, request: &HttpRequest, store: &Store) -> Result<(), Failure> {
    let Ok(id) = request.path::<InquiryId>("inquiry_id") else { return Ok(()) };
    match begin(shell, &store.id, &id).await {
        Err(Failure::Refused(_)) => Ok(()),
        ended => ended.map(drop),
    }
}

type Begun = ((Inquiry, Events), Vec<Answered>, Vec<Noted>);

async fn begin(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Begun, Failure> {
    let (answers, notes) = (said(shell, store, id, "ANSWER#"), said(shell, store, id, "NOTE#"));
    Box::pin(try_join3(told(shell, store, id), answers, notes)).await
}

/// An inquiry as its events tell it, with the order and every word that was said.
pub async fn load(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Case, Failure> {
    let ((inquiry, events), answers, notes) = begin(shell, store, id).await?;
    let order_key = Key::order(store, &inquiry.order);
    let said = inquiry.contacts.iter().map(|contact| Key::words(store, contact));
    let asked = events.iter().filter_map(|row| match &row.event {
        InquiryEvent::SellerAsked { request, .. } => Some(Key::request(store, &inquiry.seller, request)),
        _ => None,
    });
    let brought = inquiry.contacts.iter().map(|contact| Key::transfer(store, &inquiry.seller, contact));
    let (said, asked, brought): (Vec<_>, Vec<_>, Vec<_>) = (said.collect(), asked.collect(), brought.collect());
    let remedies_key = Key::remedies(store, &inquiry.seller, &inquiry.order);
    let mailed = answers.iter().filter_map(|answer| answer.mail.as_ref());
    let mailed: Vec<_> = mailed.map(|mail| (Key::notice(mail), mail)).collect();
    let (mut words, mut requests, mut transfers, mut order, mut remedies) =
        (Vec::new(), Vec::new(), Vec::new(), None, None);
    let mut mails = BTreeMap::new();
    let all = [&order_key, &remedies_key].into_iter().chain(&said).chain(&brought).chain(&asked);
    let all = all.chain(mailed.iter().map(|(key, _)| key));
    // INQ-2: what the catalogue says about them.
    let is_about_a_product = inquiry.issue == Family::Product;
    let described = inquiry.products.iter().filter(|_| is_about_a_product);
    let described: Vec<_> = described.map(|product| Key::product(store, product)).collect();
    let mut products = Vec::new();
    let keys: Vec<_> = all.chain(&described).cloned().collect();
    for chunk in keys.chunks(PER_BATCH) {
        let found = shell.store.get_all(chunk).await?;
        for key in chunk {
            if *key == order_key {
                order = found.state::<Order>(key)?;
            } else if *key == remedies_key {
                remedies = found.state::<Remedies>(key)?.map(|seen| seen.state);
            } else if let Some(of) = said.iter().position(|of| of == key) {
                let contact = inquiry.contacts.get(of).into_iter().cloned();
                words.extend(contact.zip(found.state::<Words>(key)?.map(|seen| seen.state)));
            } else if let Some((_, mail)) = mailed.iter().find(|(of, _)| of == key) {
                mails.extend(found.state::<State>(key)?.map(|seen| ((*mail).clone(), seen.state)));
            } else if described.contains(key) {
                products.extend(found.state::<Product>(key)?.map(|seen| seen.state));
            } else if brought.contains(key) {
                transfers.extend(found.state::<Transfer>(key)?.map(|seen| seen.state));
            } else {
                requests.extend(found.state::<Request>(key)?.map(|seen| seen.state));
            }
        }
    }
    let order = order.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?.state;
    if is_about_a_product {
        products.append(&mut untold(shell, &inquiry, &order).await?);
    }
    Ok(Case { inquiry, order, remedies, events, words, requests, transfers, products, answers, mails, notes })
}

/// The same of those products that its contacts did not bring along: there are none, but for contacts of earlier code.
async fn untold(shell: &Shell, inquiry: &Inquiry, order: &Order) -> Result<Vec<Product>, Failure> {
    let ids: BTreeSet<_> = products_of(inquiry, order).into_values().collect();
    let keys: Vec<_> = ids.difference(&inquiry.products).map(|product| Key::product(&inquiry.store, product)).collect();
    if keys.is_empty() { Ok(Vec::new()) } else { shell.store.get_all(&keys).await?.states(&keys) }
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
    items: &'a [ItemId],
    order: &'a Order,
    history: &'a [EventRow<InquiryEvent>],
    /// What the customer said, in order.
    customer: Vec<WordsView<'a>>,
    /// RTE-8: what the seller said of what it handed over.
    transfers: Vec<TransferView<'a>>,
    /// What the seller was asked, and what it replied.
    requests: Vec<RequestView<'a>>,
    /// INQ-2: what the catalogue says about what the customer asks, the nearest first.
    catalogue: Vec<SaidOf<'a>>,
    answers: Vec<AnswerView<'a>>,
    /// What associates wrote down for each other.
    notes: &'a [Noted],
    decisions: &'a [DecisionRecord],
    /// RET-2: the return policy that is pinned to the order, by which it is decided.
    return_policy: Option<PolicyView>,
    /// What was decided, refunded and sent back of this seller's part of the order, in whichever inquiry.
    remedies: Option<&'a Remedies>,
}

/// What the customer said at one time.
#[derive(Debug, Serialize)]
struct WordsView<'a> {
    contact_id: &'a ContactId,
    text: &'a str,
    mail: Option<MailView<'a>>,
}

/// What else is to be known of it, where it came as a mail.
#[derive(Debug, Serialize)]
struct MailView<'a> {
    files: &'a [MailFile],
    marks: &'a [String],
    folds: &'a [(usize, usize)],
}

fn said_by_customer((contact_id, words): &(ContactId, Words)) -> WordsView<'_> {
    let mail = words.mail.as_ref();
    let mail = mail.map(|mail| MailView { files: &mail.files, marks: &mail.marks, folds: &mail.folds });
    WordsView { contact_id, text: &words.text, mail }
}

/// What the customer was told, and how far its mail has come; none where it was told otherwise.
#[derive(Debug, Serialize)]
struct AnswerView<'a> {
    associate: &'a AssociateId,
    at: Instant,
    text: &'a str,
    #[serde(rename = "macro", skip_serializing_if = "Option::is_none")]
    made_of: Option<&'a Origin>,
    mail: Option<Delivery>,
}

fn answered<'a>(answer: &'a Answered, case: &Case) -> AnswerView<'a> {
    let Answered { associate, at, text, made_of, mail } = answer;
    let mail = mail.as_ref().map(|mail| Delivery::of(case.mails.get(mail)));
    AnswerView { associate, at: *at, text, made_of: made_of.as_ref(), mail }
}

/// A return policy, and what it is called in the record of a decision.
#[derive(Debug, Serialize)]
struct PolicyView {
    version: String,
    terms: ReturnTerms,
}

/// What a seller handed over, in its words.
#[derive(Debug, Serialize)]
struct TransferView<'a> {
    topic: &'a str,
    text: &'a str,
    at: DateTime<Utc>,
}

fn handed_over(transfer: &Transfer) -> TransferView<'_> {
    TransferView { topic: &transfer.topic, text: &transfer.text, at: transfer.at }
}

/// A fact of a product's page.
#[derive(Debug, Serialize)]
struct SaidOf<'a> {
    product_id: &'a str,
    #[serde(flatten)]
    fact: &'a ProductFact,
}

fn catalogue(case: &Case) -> Vec<SaidOf<'_>> {
    let question: Vec<_> = case.words.iter().map(|(_, words)| words.text.as_str()).collect();
    let question = question.join("\n");
    let facts = case.products.iter().flat_map(|product| {
        product.facts_about(&question).into_iter().map(|fact| SaidOf { product_id: product.id.as_str(), fact })
    });
    facts.collect()
}

/// An inquiry at one glance.
pub fn view<'a>(case: &'a Case, store: &Store, now: Instant) -> CaseView<'a> {
    let pinned = case.order.policy_of(&case.inquiry.seller, store);
    CaseView {
        inquiry: InquiryView::of(&case.inquiry, store, now),
        items: &case.inquiry.items,
        order: &case.order,
        history: &case.events,
        customer: case.words.iter().map(said_by_customer).collect(),
        transfers: case.transfers.iter().map(handed_over).collect(),
        requests: case.requests.iter().map(asked_of_seller).collect(),
        catalogue: catalogue(case),
        answers: case.answers.iter().map(|answer| answered(answer, case)).collect(),
        notes: &case.notes,
        decisions: &case.inquiry.decisions,
        return_policy: pinned.map(|pinned| PolicyView { version: pinned.version, terms: pinned.terms }),
        remedies: case.remedies.as_ref(),
    }
}
