//! What happens to an inquiry, and how that changes it.

use super::{Escalation, HandOver, Inquiry, OwnedMinutes, Recall, Status};
use crate::{
    at::{Instant, is_unknown},
    contact::Channel,
    decision::DecisionRecord,
    guess::Source,
    id::{AssociateId, ContactId, InquiryId, ItemId, NoticeId, ProductId, RequestId},
    topic::Family,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How a claim ended without anything being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// The associate gave it back.
    GivenBack,
    /// INQ-4: nothing came of it for too long.
    Idle,
}

/// What an inquiry takes over from one that is merged into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorbed {
    /// From which.
    pub from: InquiryId,
    /// The issue of that one.
    pub issue: Family,
    /// When.
    pub at: Instant,
    /// Its contacts, in order.
    pub contacts: Vec<ContactId>,
    /// The contact whose sender can be mailed.
    pub mailable: Option<ContactId>,
    /// How the customer came last; none where that was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_last: Option<Channel>,
    /// The customer's language.
    pub language: String,
    /// The covered items it concerned.
    pub items: Vec<ItemId>,
    /// Their products; none where that was not told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub products: BTreeSet<ProductId>,
    /// Whether a judgement was owed.
    pub judgement_owed: bool,
    /// INQ-3: what the customer was promised.
    pub resolution_due: Instant,
}

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
        /// How the customer came; none where its seller brought it, and where that was not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
        /// The covered items it concerns.
        items: Vec<ItemId>,
        /// Their products; none where that was not told.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        products: BTreeSet<ProductId>,
    },
    /// A contact within 14 days of the resolution reopened it.
    Reopened {
        /// Which contact.
        contact: ContactId,
        /// When.
        at: Instant,
        /// Whether its sender can be mailed.
        mailable: bool,
        /// How the customer came; none where its seller brought it, and where that was not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
        /// The covered items it concerns.
        items: Vec<ItemId>,
        /// Their products; none where that was not told.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        products: BTreeSet<ProductId>,
        /// INQ-3: what is promised anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resolution_due: Option<Instant>,
    },
    /// INQ-4: an associate took it.
    Claimed {
        /// Who.
        associate: AssociateId,
        /// When.
        #[serde(default, skip_serializing_if = "is_unknown")]
        at: Instant,
        /// Whether a judgement is owed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        judgement_owed: bool,
    },
    /// INQ-4: nobody holds it any more.
    Released {
        /// When.
        at: Instant,
        /// Why.
        why: Release,
    },
    /// A lead gave it to an associate.
    Reassigned {
        /// To whom.
        associate: AssociateId,
        /// When.
        at: Instant,
    },
    /// Whoever holds it wrote something down for the desk.
    Noted {
        /// When.
        at: Instant,
    },
    /// RTE-12: an associate said what it is about.
    TopicChosen {
        /// The topic's code.
        topic: String,
        /// Who.
        associate: AssociateId,
        /// When.
        #[serde(default, skip_serializing_if = "is_unknown")]
        at: Instant,
    },
    /// The seller was asked.
    SellerAsked {
        /// What.
        request: RequestId,
        /// When.
        #[serde(default, skip_serializing_if = "is_unknown")]
        at: Instant,
    },
    /// The seller replied.
    SellerReplied {
        /// To what.
        request: RequestId,
        /// When.
        #[serde(default, skip_serializing_if = "is_unknown")]
        at: Instant,
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
        /// When.
        #[serde(default, skip_serializing_if = "is_unknown")]
        at: Instant,
        /// By which mail, if by one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mailed: Option<NoticeId>,
    },
    /// INQ-3: a lead is warned that the promised time is running out.
    DueSoon {
        /// Since when.
        at: Instant,
    },
    /// INQ-3: the promised time is over.
    Overdue {
        /// Since when.
        at: Instant,
    },
    /// It was decided, and is resolved with that.
    Resolved {
        /// When.
        at: Instant,
        /// What was decided.
        decision: Box<DecisionRecord>,
        /// How long each side had the next word until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owned: Option<OwnedMinutes>,
        /// By which mail the customer was answered, if that ended it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mailed: Option<NoticeId>,
    },
    /// What was decided has not come about in time, or the answer did not arrive.
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
    /// Another one was merged into it.
    Absorbed(Box<Absorbed>),
    /// The seller has it from now on.
    HandedToSeller {
        /// When.
        at: Instant,
        /// Why.
        reason: HandOver,
    },
}

impl InquiryEvent {
    /// When it happened, as far as that is known.
    const fn at(&self) -> Instant {
        match self {
            Self::Opened(inquiry) => inquiry.opened_at,
            Self::Absorbed(absorbed) => absorbed.at,
            Self::SellerSilent { effective_at: at, .. }
            | Self::Recalled { effective_at: at, .. }
            | Self::ContactJoined { at, .. }
            | Self::Reopened { at, .. }
            | Self::Claimed { at, .. }
            | Self::Released { at, .. }
            | Self::Reassigned { at, .. }
            | Self::Noted { at }
            | Self::TopicChosen { at, .. }
            | Self::SellerAsked { at, .. }
            | Self::SellerReplied { at, .. }
            | Self::Answered { at, .. }
            | Self::DueSoon { at }
            | Self::Overdue { at }
            | Self::Resolved { at, .. }
            | Self::Merged { at, .. }
            | Self::HandedToSeller { at, .. } => *at,
        }
    }
}

impl Inquiry {
    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &InquiryEvent) -> Option<Self> {
        if let InquiryEvent::Opened(opened) = event {
            return Some((**opened).clone());
        }
        let mut next = state?;
        let now = next.pass(event.at());
        match event {
            InquiryEvent::Opened(_) => {}
            InquiryEvent::ContactJoined { contact, mailable, channel, items, products, .. } => {
                next.concern(items, products);
                next.add(contact, *mailable, *channel);
                next.comes_back(now);
            }
            InquiryEvent::Reopened { contact, mailable, channel, items, products, resolution_due, .. } => {
                next.concern(items, products);
                next.add(contact, *mailable, *channel);
                next.resolution_due = resolution_due.unwrap_or(next.resolution_due);
                next.escalated = None;
                next.status = Status::Open { judgement_owed: false };
            }
            InquiryEvent::Claimed { associate, judgement_owed, .. } => {
                next.status =
                    Status::Working { associate: associate.clone(), idle_since: now, judgement_owed: *judgement_owed };
            }
            InquiryEvent::Released { .. } => next.status = Status::Open { judgement_owed: next.owes_judgement() },
            InquiryEvent::Reassigned { associate, .. } => next.give_to(associate, now),
            InquiryEvent::Noted { .. } => next.touch(now),
            InquiryEvent::TopicChosen { topic, associate, .. } => {
                next.topic.clone_from(topic);
                next.source = Source::Chosen { associate: associate.clone() };
                next.touch(now);
            }
            InquiryEvent::SellerAsked { request, .. } => {
                next.request = Some(request.clone());
                if let Status::Working { associate, .. } | Status::WaitingCustomer { associate } = next.status {
                    next.status = Status::WaitingSeller { request: request.clone(), associate };
                }
            }
            InquiryEvent::SellerReplied { in_stock, .. } => {
                next.in_stock = in_stock.or(next.in_stock);
                if let Status::WaitingSeller { associate, .. } = next.status {
                    next.status = Status::Working { associate, idle_since: now, judgement_owed: false };
                }
            }
            InquiryEvent::SellerSilent { .. } => next.status = Status::Open { judgement_owed: true },
            InquiryEvent::Recalled { .. } => {
                next.mailed = None;
                next.status = Status::Open { judgement_owed: true };
            }
            InquiryEvent::Answered { associate, mailed, .. } => {
                next.mailed.clone_from(mailed);
                next.status = Status::WaitingCustomer { associate: associate.clone() };
            }
            InquiryEvent::DueSoon { .. } => next.escalated = Some(Escalation::DueSoon),
            InquiryEvent::Overdue { .. } => next.escalated = Some(Escalation::Overdue),
            InquiryEvent::Resolved { at, decision, mailed, .. } => {
                next.mailed = mailed.clone().or(next.mailed);
                next.decisions.push((**decision).clone());
                next.status = Status::Resolved { at: *at };
            }
            InquiryEvent::Merged { at, into } => next.status = Status::Merged { at: *at, into: into.clone() },
            InquiryEvent::Absorbed(absorbed) => next.absorb(absorbed, now),
            InquiryEvent::HandedToSeller { at, reason } => {
                next.status = Status::HandedToSeller { at: *at, reason: *reason };
            }
        }
        Some(next)
    }

    fn add(&mut self, contact: &ContactId, mailable: bool, channel: Option<Channel>) {
        self.contacts.push(contact.clone());
        self.mailed = None;
        self.came_last = channel.or(self.came_last);
        if mailable {
            self.mailable = Some(contact.clone());
        }
    }

    /// Of two whose sender can be mailed its own is the one that is.
    fn absorb(&mut self, absorbed: &Absorbed, now: Instant) {
        self.concern(&absorbed.items, &absorbed.products);
        self.contacts.extend(absorbed.contacts.iter().cloned());
        if self.mailable.is_none() && absorbed.mailable.is_some() {
            self.mailable.clone_from(&absorbed.mailable);
            self.came_last = absorbed.came_last.or(self.came_last);
            self.language.clone_from(&absorbed.language);
        }
        self.resolution_due = self.resolution_due.min(absorbed.resolution_due);
        if let Status::Open { judgement_owed } | Status::Working { judgement_owed, .. } = &mut self.status {
            *judgement_owed |= absorbed.judgement_owed;
        }
        self.comes_back(now);
    }

    fn concern(&mut self, items: &[ItemId], products: &BTreeSet<ProductId>) {
        let new = items.iter().filter(|item| !self.items.contains(item)).cloned().collect::<Vec<_>>();
        self.items.extend(new);
        self.products.extend(products.iter().cloned());
    }

    /// The customer has spoken: whoever waited for that works on it again.
    fn comes_back(&mut self, now: Instant) {
        if let Status::WaitingCustomer { associate } = &self.status {
            self.status = Status::Working { associate: associate.clone(), idle_since: now, judgement_owed: false };
        }
    }

    fn give_to(&mut self, to: &AssociateId, now: Instant) {
        let judgement_owed = self.owes_judgement();
        if let Status::WaitingSeller { associate, .. } | Status::WaitingCustomer { associate } = &mut self.status {
            associate.clone_from(to);
        } else {
            self.status = Status::Working { associate: to.clone(), idle_since: now, judgement_owed };
        }
    }

    /// INQ-4: whoever holds it has just done something.
    const fn touch(&mut self, now: Instant) {
        if let Status::Working { idle_since, .. } = &mut self.status {
            *idle_since = now;
        }
    }

    pub(super) const fn owes_judgement(&self) -> bool {
        matches!(self.status, Status::Open { judgement_owed: true } | Status::Working { judgement_owed: true, .. })
    }
}
