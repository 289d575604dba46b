//! Finding an inquiry by its id: its first event says where its state lies.

use crate::Answered;
use domain::{
    catalogue::Product,
    id::{InquiryId, ItemId, ProductId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    order::Order,
    outcome::Refusal,
    request::Request,
    topic::Family,
};
use shell::{
    Shell,
    commit::EventRow,
    failure::Failure,
    key::{Key, QUEUE_SHARDS, Table, queue_key},
    record::{Words, inquiry_key},
    store::{IndexRange, Seen},
};
use std::collections::{BTreeMap, BTreeSet};

/// Inquiries of one answer, of each shard.
const PER_SHARD: usize = 25;
/// Items of one `BatchGetItem`.
const PER_BATCH: usize = 100;

/// One inquiry with all that belongs to it.
pub struct Case {
    pub inquiry: Inquiry,
    pub order: Order,
    pub events: Vec<EventRow<InquiryEvent>>,
    pub words: Vec<Words>,
    pub requests: Vec<Request>,
    pub products: Vec<Product>,
    pub answers: Vec<Answered>,
}

fn unseen() -> Failure {
    Refusal::unseen("inquiry").into()
}

/// The most urgent inquiries of a store: judgements owed, then who waits at the phone, then by the promised resolution.
pub async fn queue(shell: &Shell, store: &StoreId) -> Result<Vec<Inquiry>, Failure> {
    let mut ranked = Vec::new();
    for shard in 0..QUEUE_SHARDS {
        let hash = queue_key(store, shard);
        let range = IndexRange {
            table: Table::Inquiries,
            index: "queue",
            hash: ("queue_key", &hash),
            until: None,
            newest_first: false,
        };
        let (mut rows, mut next) = (Vec::new(), None);
        loop {
            let space = i32::try_from(PER_SHARD - rows.len()).unwrap_or(1);
            let page = shell.store.page::<Inquiry>(&range, next, space).await?;
            rows.extend(page.rows.into_iter().map(|row| row.state));
            next = page.next;
            if next.is_none() || rows.len() >= PER_SHARD {
                break;
            }
        }
        ranked.append(&mut rows);
    }
    ranked.sort_by_cached_key(shell::record::rank);
    Ok(ranked)
}

/// The state of an inquiry. One that a later inquiry about the same issue has followed is over.
pub async fn inquiry(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Seen<Inquiry>, Failure> {
    let history = Key::inquiry_history(store, id);
    let first = shell.store.first::<EventRow<InquiryEvent>>(Table::Inquiries, &history.pk, "INQUIRY#EVENT#").await?;
    let Some(InquiryEvent::Opened(opened)) = first.map(|seen| seen.state.event) else { return Err(unseen()) };
    let seen = shell.store.get::<Inquiry>(&inquiry_key(&opened)).await?.ok_or_else(unseen)?;
    if seen.state.id == *id {
        Ok(seen)
    } else {
        Err(Refusal::state("INQ-1", "not_open", "This inquiry is over; a later one about the same issue followed it.")
            .into())
    }
}

/// An inquiry as its events tell it, with the order and every word that was said.
pub async fn case(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Case, Failure> {
    let history = Key::inquiry_history(store, id);
    let rows = shell.store.list::<EventRow<InquiryEvent>>(Table::Inquiries, &history.pk, "INQUIRY#EVENT#").await?;
    let events: Vec<_> = rows.into_iter().map(|(_, seen)| seen.state).collect();
    let inquiry = events.iter().fold(None, |state, row| Inquiry::apply(state, &row.event)).ok_or_else(unseen)?;
    let order_key = Key::order(store, &inquiry.order);
    let said = inquiry.contacts.iter().map(|contact| Key::words(store, contact));
    let asked = events.iter().filter_map(|row| match &row.event {
        InquiryEvent::SellerAsked { request } => Some(Key::request(store, &inquiry.seller, request)),
        _ => None,
    });
    let (said, asked): (Vec<_>, Vec<_>) = (said.collect(), asked.collect());
    let (mut words, mut requests, mut order) = (Vec::new(), Vec::new(), None);
    let keys: Vec<_> = std::iter::once(&order_key).chain(&said).chain(&asked).cloned().collect();
    for chunk in keys.chunks(PER_BATCH) {
        let found = shell.store.get_all(chunk).await?;
        for key in chunk {
            if *key == order_key {
                order = found.state::<Order>(key)?;
            } else if said.contains(key) {
                words.extend(found.state::<Words>(key)?.map(|seen| seen.state));
            } else {
                requests.extend(found.state::<Request>(key)?.map(|seen| seen.state));
            }
        }
    }
    let order = order.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?.state;
    let products = if inquiry.issue == Family::Product { products(shell, &inquiry, &order).await? } else { Vec::new() };
    let answers = shell.store.list::<Answered>(Table::Conversations, &history.pk, "ANSWER#").await?;
    Ok(Case {
        inquiry,
        order,
        events,
        words,
        requests,
        products,
        answers: answers.into_iter().map(|(_, seen)| seen.state).collect(),
    })
}

/// The products of an inquiry's items, each once.
pub fn products_of(inquiry: &Inquiry, order: &Order) -> BTreeMap<ItemId, ProductId> {
    let lines = order.lines_of(&inquiry.seller).filter(|line| inquiry.items.contains(&line.item));
    lines.map(|line| (line.item.clone(), line.product.clone())).collect()
}

/// INQ-2: what the catalogue says about them.
async fn products(shell: &Shell, inquiry: &Inquiry, order: &Order) -> Result<Vec<Product>, Failure> {
    let ids: BTreeSet<_> = products_of(inquiry, order).into_values().collect();
    let keys: Vec<_> = ids.iter().map(|product| Key::product(&inquiry.store, product)).collect();
    let found = shell.store.get_all(&keys).await?;
    let read = keys.iter().map(|key| found.state::<Product>(key));
    read.filter_map(|product| product.map(|seen| seen.map(|seen| seen.state)).transpose()).collect()
}
