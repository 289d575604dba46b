//! What a contact does to an inquiry: it opens one, joins it, or brings it back.

use super::{Inquiry, InquiryEvent, Status, TimeOwned};
use crate::{
    at::{Instant, after},
    contact::Contact,
    id::{InquiryId, ItemId, ProductId},
    order::{Line, Order},
    store::Store,
    topic::{Family, Topic},
};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// INQ-1: a contact so long after the resolution reopens the inquiry.
const REOPENS_WITHIN: TimeDelta = TimeDelta::days(14);

/// COV-3: only these are served.
fn covered<'a>(order: &'a Order, items: &[ItemId]) -> Vec<&'a Line> {
    let covered = |item: &ItemId| order.lines.iter().find(|line| line.item == *item && line.coverage.is_covered());
    items.iter().filter_map(covered).collect()
}

/// INQ-3: by when a contact of this instant is to be resolved, in an inquiry of that one.
fn promised(store: &Store, opened_at: Instant, at: Instant) -> Instant {
    store.desk_times_at(opened_at).map_or(at, |times| after(at, times.resolution))
}

impl Inquiry {
    /// RTE-9, INQ-1: what a contact does to the latest inquiry of its issue: joins it, reopens it, or opens a new one.
    #[must_use]
    pub fn receive(
        latest: Option<&Self>,
        contact: &Contact,
        topic: &Topic,
        order: &Order,
        items: &[ItemId],
        store: &Store,
    ) -> InquiryEvent {
        let (id, at, mailable) = (contact.id.clone(), contact.received_at, contact.mailable);
        let lines = covered(order, items);
        let items: Vec<_> = lines.iter().map(|line| line.item.clone()).collect();
        let products: BTreeSet<_> = lines.iter().map(|line| line.product.clone()).collect();
        let channel = (!contact.transferred).then_some(contact.channel);
        match latest {
            Some(live) if live.is_live() => {
                InquiryEvent::ContactJoined { contact: id, at, mailable, channel, items, products }
            }
            Some(done) if done.reopens_at(at) => {
                let resolution_due = Some(promised(store, done.opened_at, at));
                InquiryEvent::Reopened { contact: id, at, mailable, channel, items, products, resolution_due }
            }
            _ => {
                let episode = latest.map_or(0, |last| last.episode).saturating_add(1);
                let issue = latest.map_or(topic.family, |last| last.issue);
                let due = promised(store, at, at);
                InquiryEvent::Opened(Box::new(Self::open(contact, issue, order, (items, products), episode, due)))
            }
        }
    }

    fn open(
        contact: &Contact,
        issue: Family,
        order: &Order,
        (items, products): (Vec<ItemId>, BTreeSet<ProductId>),
        episode: u32,
        resolution_due: Instant,
    ) -> Self {
        let causes =
            [contact.store.as_str(), order.id.as_str(), contact.seller.as_str(), issue.as_str(), &episode.to_string()];
        Self {
            id: InquiryId::derived(&causes),
            store: contact.store.clone(),
            order: order.id.clone(),
            seller: contact.seller.clone(),
            customer: contact.customer.clone(),
            issue,
            topic: contact.topic.clone(),
            source: contact.source.clone(),
            items,
            products,
            channel: contact.channel,
            came_last: None,
            language: contact.language.clone(),
            opened_at: contact.received_at,
            resolution_due,
            escalated: None,
            owned: Some(TimeOwned::from(contact.received_at)),
            episode,
            contacts: vec![contact.id.clone()],
            mailable: contact.mailable.then(|| contact.id.clone()),
            mailed: None,
            status: Status::Open { judgement_owed: false },
            request: None,
            decisions: Vec::new(),
            in_stock: None,
        }
    }

    /// Whether what a customer says then is said about this one, and not about another that follows it.
    #[must_use]
    pub fn takes_at(&self, at: Instant) -> bool {
        self.is_live() || self.reopens_at(at)
    }

    fn reopens_at(&self, at: Instant) -> bool {
        matches!(self.status, Status::Resolved { at: resolved } if at <= after(resolved, REOPENS_WITHIN))
    }
}
