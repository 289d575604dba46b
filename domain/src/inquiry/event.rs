//! What happens to an inquiry, and how that changes it.

use super::{HandOver, Inquiry, Recall, Status};
use crate::{
    at::Instant,
    decision::DecisionRecord,
    guess::Source,
    id::{AssociateId, ContactId, InquiryId, ItemId, RequestId},
};
use serde::{Deserialize, Serialize};

/// What happened to an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum InquiryEvent {
    /// A contact opened it.
    Opened(Box<Inquiry>),
    /// RTE-9: a contact joined it.
    ContactJoined {
        /// Which contact.
        contact: ContactId,
        /// When.
        at: Instant,
        /// Whether its sender can be mailed.
        mailable: bool,
        /// The covered items it concerns.
        items: Vec<ItemId>,
    },
    /// A contact within 14 days of the resolution reopened it.
    Reopened {
        /// Which contact.
        contact: ContactId,
        /// When.
        at: Instant,
        /// Whether its sender can be mailed.
        mailable: bool,
        /// The covered items it concerns.
        items: Vec<ItemId>,
    },
    /// INQ-4: an associate took it.
    Claimed {
        /// Who.
        associate: AssociateId,
    },
    /// RTE-12: an associate said what it is about.
    TopicChosen {
        /// The topic's code.
        topic: String,
        /// Who.
        associate: AssociateId,
    },
    /// The seller was asked.
    SellerAsked {
        /// What.
        request: RequestId,
    },
    /// The seller replied.
    SellerReplied {
        /// To what.
        request: RequestId,
        /// JDG-4: whether there is another one, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        in_stock: Option<bool>,
    },
    /// The seller kept silent.
    SellerSilent {
        /// On what.
        request: RequestId,
        /// Since when: the deadline.
        effective_at: Instant,
    },
    /// The customer was answered; more may come.
    Answered {
        /// By whom.
        associate: AssociateId,
    },
    /// It was decided, and is resolved with that.
    Resolved {
        /// When.
        at: Instant,
        /// What was decided.
        decision: Box<DecisionRecord>,
    },
    /// What was decided has not come about in time.
    Recalled {
        /// What.
        why: Recall,
        /// Since when.
        effective_at: Instant,
    },
    /// It turned out to be the same matter as another one.
    Merged {
        /// When.
        at: Instant,
        /// Which goes on.
        into: InquiryId,
    },
    /// The seller has it from now on.
    HandedToSeller {
        /// When.
        at: Instant,
        /// Why.
        reason: HandOver,
    },
}

impl Inquiry {
    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &InquiryEvent) -> Option<Self> {
        if let InquiryEvent::Opened(opened) = event {
            return Some((**opened).clone());
        }
        let mut next = state?;
        match event {
            InquiryEvent::Opened(_) => {}
            InquiryEvent::ContactJoined { contact, mailable, items, .. } => {
                next.add(contact, *mailable, items);
                if let Status::WaitingCustomer { associate } = &next.status {
                    next.status = Status::Working { associate: associate.clone() };
                }
            }
            InquiryEvent::Reopened { contact, mailable, items, .. } => {
                next.add(contact, *mailable, items);
                next.status = Status::Open { judgement_owed: false };
            }
            InquiryEvent::Claimed { associate } => next.status = Status::Working { associate: associate.clone() },
            InquiryEvent::TopicChosen { topic, associate } => {
                next.topic.clone_from(topic);
                next.source = Source::Chosen { associate: associate.clone() };
            }
            InquiryEvent::SellerAsked { request } => {
                next.request = Some(request.clone());
                if let Status::Working { associate } | Status::WaitingCustomer { associate } = next.status {
                    next.status = Status::WaitingSeller { request: request.clone(), associate };
                }
            }
            InquiryEvent::SellerReplied { in_stock, .. } => {
                next.in_stock = in_stock.or(next.in_stock);
                if let Status::WaitingSeller { associate, .. } = next.status {
                    next.status = Status::Working { associate };
                }
            }
            InquiryEvent::SellerSilent { .. } | InquiryEvent::Recalled { .. } => {
                next.status = Status::Open { judgement_owed: true }
            }
            InquiryEvent::Answered { associate } => {
                next.status = Status::WaitingCustomer { associate: associate.clone() };
            }
            InquiryEvent::Resolved { at, decision } => {
                next.decisions.push((**decision).clone());
                next.status = Status::Resolved { at: *at };
            }
            InquiryEvent::Merged { at, into } => next.status = Status::Merged { at: *at, into: into.clone() },
            InquiryEvent::HandedToSeller { at, reason } => {
                next.status = Status::HandedToSeller { at: *at, reason: *reason };
            }
        }
        Some(next)
    }

    fn add(&mut self, contact: &ContactId, mailable: bool, items: &[ItemId]) {
        let new = items.iter().filter(|item| !self.items.contains(item)).cloned().collect::<Vec<_>>();
        self.items.extend(new);
        self.contacts.push(contact.clone());
        if mailable {
            self.mailable = Some(contact.clone());
        }
    }
}
