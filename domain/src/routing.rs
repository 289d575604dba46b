//! Routing (RTE): each contact ends with exactly one owner and a reason, and both are the same for ever.

use crate::{
    at::{Instant, after},
    contact::{Channel, Contact},
    coverage::{Coverage, Uncovered},
    guess::Source,
    id::{ContactId, InquiryId, ItemId, OrderId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    ledger::{ContactEntry, Counting},
    order::{Order, unknown_order},
    outcome::Refusal,
    store::Store,
    topic::{Family, Scope, Topic},
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// RTE-9: the same customer on the same order by the same channel within this time is the same contact.
const SAME_CONTACT: TimeDelta = TimeDelta::minutes(15);

/// Who owns a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The service answers.
    Service,
    /// The seller answers, in its Buyer-Seller Messaging.
    Seller,
}

/// Why it is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// RTE-1: a post-order inquiry about a covered unit.
    Covered,
    /// RTE-2: asked before there was an order.
    PreOrder,
    /// RTE-3: the store fulfilled it.
    FulfilledByStore,
    /// COV-1: Seller-Fulfilled Prime.
    SellerFulfilledPrime,
    /// RTE-4: an invoice.
    Invoice,
    /// RTE-4: product customization.
    Customization,
    /// RTE-5: the order was placed before the enrollment began.
    BeforeEnrollment,
    /// RTE-5: the order was placed in a gap.
    EnrollmentGap,
    /// RTE-5: the order was placed after opt-out.
    AfterOptOut,
    /// RTE-6: the seller took the issue over.
    SellerTookOver,
}

/// One owner and one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Whose it is.
    pub owner: Owner,
    /// Why.
    pub reason: Reason,
}

impl Route {
    const fn to_seller(reason: Reason) -> Self {
        Self { owner: Owner::Seller, reason }
    }
}

/// What the contacts about one order of one seller have in common, whatever their issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Issues that the seller took over (RTE-6); they never come back.
    pub taken_over: BTreeSet<Family>,
    /// The last contact by each channel.
    pub last: BTreeMap<Channel, LastContact>,
    /// RTE-12: issues that go on under another one, because an associate chose the topic of an inquiry that was filed
    /// there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filed: BTreeMap<Family, Family>,
}

/// The last contact by one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastContact {
    /// When it came.
    pub at: Instant,
    /// The issue it was filed under.
    pub issue: Family,
}

/// What a routed contact comes to; kept for ever under the contact's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutedContact {
    /// Which contact.
    pub contact: ContactId,
    /// Where.
    pub store: StoreId,
    /// Whose seller.
    pub seller: SellerId,
    /// About which order.
    pub order: Option<OrderId>,
    /// The topic.
    pub topic: String,
    /// RTE-12: who says so.
    #[serde(default, skip_serializing_if = "Source::is_told")]
    pub source: Source,
    /// Its owner and why.
    pub route: Route,
    /// The inquiry it is part of, if it is the service's.
    pub inquiry: Option<InquiryId>,
    /// And how it came there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
}

/// What a contact of ours found: nothing, an inquiry that is open, or one that it opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// It opened the inquiry.
    Opened,
    /// The matter was the service's already.
    Joined,
    /// It was resolved, and is open again.
    Reopened,
}

/// All that routing one contact changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reception {
    /// The record of the decision.
    pub routed: RoutedContact,
    /// The thread, if it changes.
    pub thread: Option<Thread>,
    /// What happens to the inquiry of the issue.
    pub events: Vec<InquiryEvent>,
    /// The seller's ledger of contacts (FEE-4).
    pub entry: Option<ContactEntry>,
}

/// The owner of a contact about these items. Total: every topic, every kind of coverage.
#[must_use]
pub fn route(topic: &Topic, about: Option<(&Order, &[ItemId])>, taken_over: &BTreeSet<Family>) -> Route {
    match topic.scope {
        Scope::PreOrder => return Route::to_seller(Reason::PreOrder),
        Scope::Invoice => return Route::to_seller(Reason::Invoice),
        Scope::Customization => return Route::to_seller(Reason::Customization),
        Scope::InScope => {}
    }
    let Some((order, items)) = about else { return Route::to_seller(Reason::PreOrder) };
    let mut why = None;
    for line in order.lines.iter().filter(|l| items.contains(&l.item)) {
        match line.coverage {
            Coverage::Service { .. } if taken_over.contains(&topic.family) => {
                return Route::to_seller(Reason::SellerTookOver);
            }
            Coverage::Service { .. } => return Route { owner: Owner::Service, reason: Reason::Covered },
            Coverage::Seller { why: uncovered } => why = why.or(Some(uncovered)),
        }
    }
    Route::to_seller(match why {
        Some(Uncovered::FulfilledByStore) => Reason::FulfilledByStore,
        Some(Uncovered::SellerFulfilledPrime) => Reason::SellerFulfilledPrime,
        Some(Uncovered::BeforeEnrollment) => Reason::BeforeEnrollment,
        Some(Uncovered::EnrollmentGap) => Reason::EnrollmentGap,
        Some(Uncovered::AfterOptOut) => Reason::AfterOptOut,
        None => Reason::PreOrder,
    })
}

/// The issue under which a contact is filed: that of the contact it continues (RTE-9), or that of its topic. What the
/// seller has taken over is not continued (RTE-6).
#[must_use]
pub fn issue(contact: &Contact, topic: &Topic, thread: &Thread) -> Family {
    continued(contact, thread).unwrap_or_else(|| thread.issue_of(topic.family))
}

fn continued(contact: &Contact, thread: &Thread) -> Option<Family> {
    // RTE-8: what a seller brings the customer wrote some time ago; it continues nothing.
    if contact.transferred {
        return None;
    }
    let last = thread.last.get(&contact.channel)?;
    let near =
        contact.received_at <= after(last.at, SAME_CONTACT) && last.at <= after(contact.received_at, SAME_CONTACT);
    (near && !thread.taken_over.contains(&last.issue)).then_some(last.issue)
}

/// Routes a contact, given the order, the thread and the latest inquiry of its [`issue`].
pub fn receive(
    contact: &Contact,
    topic: &Topic,
    order: Option<&Order>,
    thread: &Thread,
    inquiry: Option<&Inquiry>,
    store: &Store,
) -> Result<Reception, Refusal> {
    let about = match (&contact.subject, order) {
        (Some(subject), Some(order)) => Some((order, subject.items.as_slice())),
        (Some(subject), None) => {
            return Err(unknown_order(&subject.order));
        }
        (None, _) => None,
    };
    let route = route(topic, about, &thread.taken_over);
    let mut routed = RoutedContact {
        contact: contact.id.clone(),
        store: contact.store.clone(),
        seller: contact.seller.clone(),
        order: contact.subject.as_ref().map(|s| s.order.clone()),
        topic: contact.topic.clone(),
        source: contact.source.clone(),
        route,
        inquiry: None,
        arrival: None,
    };
    let (Owner::Service, Some((order, items))) = (route.owner, about) else {
        return Ok(Reception { routed, thread: None, events: Vec::new(), entry: None });
    };
    let same_contact = continued(contact, thread).is_some();
    let event = Inquiry::receive(inquiry, contact, topic, order, items, store);
    let arrival = if matches!(event, InquiryEvent::Opened(_)) {
        Arrival::Opened
    } else if matches!(event, InquiryEvent::ContactJoined { .. }) {
        Arrival::Joined
    } else {
        Arrival::Reopened
    };
    routed.arrival = Some(arrival);
    routed.inquiry =
        if let InquiryEvent::Opened(opened) = &event { Some(opened.id.clone()) } else { inquiry.map(|i| i.id.clone()) };
    let counts = match arrival {
        _ if contact.transferred => Counting::Transferred,
        _ if same_contact => Counting::SameContact,
        Arrival::Joined => Counting::Joined,
        Arrival::Opened | Arrival::Reopened if !topic.counts => Counting::TopicNotCounted,
        Arrival::Opened | Arrival::Reopened => Counting::Counted,
    };
    let mut next = thread.clone();
    let last = LastContact { at: contact.received_at, issue: issue(contact, topic, thread) };
    if !contact.transferred && thread.last.get(&contact.channel).is_none_or(|known| known.at <= last.at) {
        next.last.insert(contact.channel, last);
    }
    let entry = ContactEntry {
        contact: contact.id.clone(),
        order: order.id.clone(),
        topic: contact.topic.clone(),
        received_at: contact.received_at,
        counts,
    };
    Ok(Reception { routed, thread: Some(next), events: vec![event], entry: Some(entry) })
}

impl Thread {
    /// Under which issue a family of topics is filed: under itself, if no associate has filed it elsewhere.
    #[must_use]
    pub fn issue_of(&self, family: Family) -> Family {
        self.filed.get(&family).copied().unwrap_or(family)
    }

    /// RTE-12: the inquiry about this issue turned out to be about that family.
    #[must_use]
    pub fn file(&self, family: Family, issue: Family) -> Self {
        let mut next = self.clone();
        next.filed.retain(|_, at| *at != issue);
        if family != issue {
            next.filed.insert(family, issue);
        }
        next
    }

    /// INQ-1: the inquiry about an issue goes on in that about another one, and so do its contacts and whatever was filed
    /// there.
    #[must_use]
    pub fn merge(&self, issue: Family, into: Family) -> Self {
        let mut next = self.clone();
        for under in next.filed.values_mut().chain(next.last.values_mut().map(|last| &mut last.issue)) {
            if *under == issue {
                *under = into;
            }
        }
        next.filed.insert(issue, into);
        next.filed.retain(|family, under| family != under);
        next
    }

    /// RTE-6: the seller itself contacted the customer about this issue. `None`: it had before.
    #[must_use]
    pub fn take_over(&self, issue: Family) -> Option<Self> {
        let mut next = self.clone();
        next.filed.retain(|family, at| *family != issue && *at != issue);
        next.taken_over.insert(issue).then_some(next)
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
