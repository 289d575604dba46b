//! The life of an inquiry (INQ): the customer's matter with one seller's part of one order and one issue.
//!
//! `open → working ⇄ waiting_seller | waiting_customer → resolved`, and the exits `handed_to_seller` and `merged`. Each
//! change is an event that is never rewritten; the state is those events, folded.

use crate::{
    at::{At, Instant, after, hours_after},
    contact::{Channel, Contact},
    decision::{self, DecisionRecord},
    id::{AssociateId, ContactId, CustomerId, InquiryId, ItemId, OrderId, RequestId, SellerId, StoreId},
    notice::{Notice, NoticeKind},
    order::Order,
    outcome::{Outcome, Refusal},
    request::Request,
    store::Store,
    topic::{Family, Topic},
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// INQ-3: the commitment to the customer, a target.
const RESOLUTION_HOURS: i64 = 48;
/// INQ-1: a contact so long after the resolution reopens the inquiry.
const REOPENS_WITHIN: TimeDelta = TimeDelta::days(14);

/// Where an inquiry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Waits for an associate.
    Open {
        /// Whether the seller kept silent and a judgement is owed: the head of the queue (REQ-4).
        judgement_owed: bool,
    },
    /// An associate works on it.
    Working {
        /// Who.
        associate: AssociateId,
    },
    /// The seller was asked.
    WaitingSeller {
        /// What.
        request: RequestId,
        /// By whom.
        associate: AssociateId,
    },
    /// The customer was answered and has the next word.
    WaitingCustomer {
        /// By whom.
        associate: AssociateId,
    },
    /// Done.
    Resolved {
        /// When.
        at: Instant,
    },
    /// Another inquiry goes on in its place.
    Merged {
        /// Since when.
        at: Instant,
        /// Which.
        into: InquiryId,
    },
    /// The seller has it.
    HandedToSeller {
        /// Since when.
        at: Instant,
        /// Why.
        reason: HandOver,
    },
}

/// Why a seller has an inquiry that was the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// RTE-6: it wrote to the customer itself.
    SellerTookOver,
}

/// An inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Which.
    pub id: InquiryId,
    /// Where.
    pub store: StoreId,
    /// About which order.
    pub order: OrderId,
    /// Whose part of the order.
    pub seller: SellerId,
    /// Who asks.
    pub customer: CustomerId,
    /// The issue.
    pub issue: Family,
    /// The topic of its first contact.
    pub topic: String,
    /// COV-3: the covered items it concerns.
    pub items: Vec<ItemId>,
    /// How the customer came first.
    pub channel: Channel,
    /// The customer's language.
    pub language: String,
    /// The first contact.
    pub opened_at: Instant,
    /// INQ-3: the commitment.
    pub resolution_due: Instant,
    /// Counts the inquiries about this issue.
    pub episode: u32,
    /// Every contact, in order.
    pub contacts: Vec<ContactId>,
    /// The contact whose sender can be mailed.
    pub mailable: Option<ContactId>,
    /// Where it stands.
    pub status: Status,
    /// The question to the seller that was last asked.
    pub request: Option<RequestId>,
    /// What was decided.
    pub decisions: Vec<DecisionRecord>,
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
    /// The seller was asked.
    SellerAsked {
        /// What.
        request: RequestId,
    },
    /// The seller replied.
    SellerReplied {
        /// To what.
        request: RequestId,
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

/// COV-3: only these are served.
fn covered(order: &Order, items: &[ItemId]) -> Vec<ItemId> {
    let is_covered = |item: &&ItemId| order.lines.iter().any(|l| l.item == **item && l.coverage.is_covered());
    items.iter().filter(is_covered).cloned().collect()
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
    ) -> InquiryEvent {
        let (id, at, mailable) = (contact.id.clone(), contact.received_at, contact.mailable);
        let items = covered(order, items);
        match latest {
            Some(live) if live.is_live() => InquiryEvent::ContactJoined { contact: id, at, mailable, items },
            Some(done) if done.reopens_at(at) => InquiryEvent::Reopened { contact: id, at, mailable, items },
            _ => {
                let episode = latest.map_or(0, |last| last.episode).saturating_add(1);
                InquiryEvent::Opened(Box::new(Self::open(contact, topic, order, items, episode)))
            }
        }
    }

    fn open(contact: &Contact, topic: &Topic, order: &Order, items: Vec<ItemId>, episode: u32) -> Self {
        let causes = [
            contact.store.as_str(),
            order.id.as_str(),
            contact.seller.as_str(),
            topic.family.as_str(),
            &episode.to_string(),
        ];
        Self {
            id: InquiryId::derived(&causes),
            store: contact.store.clone(),
            order: order.id.clone(),
            seller: contact.seller.clone(),
            customer: contact.customer.clone(),
            issue: topic.family,
            topic: contact.topic.clone(),
            items,
            channel: contact.channel,
            language: contact.language.clone(),
            opened_at: contact.received_at,
            resolution_due: hours_after(contact.received_at, RESOLUTION_HOURS),
            episode,
            contacts: vec![contact.id.clone()],
            mailable: contact.mailable.then(|| contact.id.clone()),
            status: Status::Open { judgement_owed: false },
            request: None,
            decisions: Vec::new(),
        }
    }

    /// Whether a contact joins it.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        match self.status {
            Status::Open { .. }
            | Status::Working { .. }
            | Status::WaitingSeller { .. }
            | Status::WaitingCustomer { .. } => true,
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => false,
        }
    }

    fn reopens_at(&self, at: Instant) -> bool {
        matches!(self.status, Status::Resolved { at: resolved } if at <= after(resolved, REOPENS_WITHIN))
    }

    /// INQ-4: an associate takes it; nobody takes what somebody has.
    pub fn claim(&self, associate: &AssociateId) -> Result<Outcome<InquiryEvent>, Refusal> {
        match &self.status {
            Status::Open { .. } => Ok(Outcome::of(vec![InquiryEvent::Claimed { associate: associate.clone() }])),
            Status::Working { associate: holder } if holder == associate => Ok(Outcome::unchanged()),
            Status::Working { associate: holder }
            | Status::WaitingSeller { associate: holder, .. }
            | Status::WaitingCustomer { associate: holder } => {
                Err(Refusal::state("INQ-4", "already_claimed", format!("{holder} works on this inquiry.")))
            }
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }

    /// REQ-1: the associate who works on it asks the seller.
    pub fn ask_seller(&self, associate: &AssociateId, request: &RequestId) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        Ok(Outcome::of(vec![InquiryEvent::SellerAsked { request: request.clone() }]))
    }

    /// The seller replied to a request: the inquiry goes back to whoever asked. A reply to a matter that has moved on
    /// stays with the request alone.
    #[must_use]
    pub fn seller_replied(&self, request: &RequestId) -> Outcome<InquiryEvent> {
        if self.waits_for(request) {
            Outcome::of(vec![InquiryEvent::SellerReplied { request: request.clone() }])
        } else {
            Outcome::unchanged()
        }
    }

    /// REQ-4: the seller kept silent. The topic's rule decides where it may; else the head of the queue. What has had
    /// its remedy does not get another one by itself: a person decides.
    #[must_use]
    pub fn seller_silent(
        &self,
        request: &Request,
        order: &Order,
        topic: &Topic,
        store: &Store,
        at: &At,
    ) -> Outcome<InquiryEvent> {
        if !self.waits_for(&request.id) {
            return Outcome::unchanged();
        }
        let silent = InquiryEvent::SellerSilent { request: request.id.clone(), effective_at: request.due_at };
        let judged = decision::after_silence(&self.id, &request.id, order, &self.items, topic, store, at.now);
        match judged.filter(|_| !self.is_remedied()) {
            None => Outcome::of(vec![silent]),
            Some(record) => {
                let mut outcome = self.resolve(record, at.now);
                outcome.events.insert(0, silent);
                outcome
            }
        }
    }

    /// The associate answers and waits for the customer's next word.
    pub fn answer(&self, associate: &AssociateId) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        Ok(Outcome::of(vec![InquiryEvent::Answered { associate: associate.clone() }]))
    }

    /// JDG-1: the associate decides, and the inquiry is resolved.
    pub fn decide(
        &self,
        associate: &AssociateId,
        record: DecisionRecord,
        at: &At,
    ) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        Ok(self.resolve(record, at.now))
    }

    fn resolve(&self, record: DecisionRecord, now: Instant) -> Outcome<InquiryEvent> {
        let notice = self.mailable.as_ref().map(|contact| {
            let kind =
                NoticeKind::InquiryResolved { order: self.order.clone(), decision: record.kind, amount: record.amount };
            Notice::to_customer(&self.store, contact, kind, &[record.id.as_str()])
        });
        let outcome = Outcome::of(vec![InquiryEvent::Resolved { at: now, decision: Box::new(record) }]);
        match notice {
            Some(notice) => outcome.then(notice),
            None => outcome,
        }
    }

    /// INQ-1: the associate finds it to be the same matter as another live inquiry of the same customer.
    pub fn merge_into(&self, other: &Self, associate: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        let unfit = other.id == self.id || other.store != self.store || other.customer != self.customer;
        if unfit || !other.is_live() {
            let sentence = "An inquiry is merged into another open one of the same customer.";
            return Err(Refusal::state("INQ-1", "not_mergeable", sentence));
        }
        Ok(Outcome::of(vec![InquiryEvent::Merged { at: at.now, into: other.id.clone() }]))
    }

    /// RTE-6: the seller wrote to the customer itself.
    #[must_use]
    pub fn seller_took_over(&self, at: Instant) -> Outcome<InquiryEvent> {
        if self.is_live() {
            Outcome::of(vec![InquiryEvent::HandedToSeller { at, reason: HandOver::SellerTookOver }])
        } else {
            Outcome::unchanged()
        }
    }

    /// JDG-2: whether a decision has given something for one of its items before.
    fn is_remedied(&self) -> bool {
        let gave = |decision: &&DecisionRecord| decision.kind.remedies();
        self.decisions.iter().filter(gave).any(|decision| decision.items.iter().any(|item| self.items.contains(item)))
    }

    fn waits_for(&self, request: &RequestId) -> bool {
        matches!(&self.status, Status::WaitingSeller { request: waiting, .. } if waiting == request)
    }

    fn worked_on_by(&self, associate: &AssociateId) -> Result<(), Refusal> {
        match &self.status {
            Status::Working { associate: holder } | Status::WaitingCustomer { associate: holder }
                if holder == associate =>
            {
                Ok(())
            }
            Status::Open { .. } => Err(Refusal::state("INQ-4", "not_claimed", "Claim the inquiry first.")),
            Status::WaitingSeller { .. } => Err(Refusal::state(
                "REQ-2",
                "waiting_for_seller",
                "The seller has been asked and its 24 hours are running.",
            )),
            Status::Working { associate: holder } | Status::WaitingCustomer { associate: holder } => {
                Err(Refusal::state("INQ-4", "already_claimed", format!("{holder} works on this inquiry.")))
            }
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }

    fn not_open(&self) -> Refusal {
        let sentence = match &self.status {
            Status::HandedToSeller { .. } => "The seller has taken this inquiry over.".to_owned(),
            Status::Merged { into, .. } => format!("This inquiry goes on as {into}."),
            Status::Open { .. }
            | Status::Working { .. }
            | Status::WaitingSeller { .. }
            | Status::WaitingCustomer { .. }
            | Status::Resolved { .. } => "This inquiry is resolved.".to_owned(),
        };
        Refusal::state("INQ-1", "not_open", sentence)
    }

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
            InquiryEvent::SellerAsked { request } => {
                next.request = Some(request.clone());
                if let Status::Working { associate } | Status::WaitingCustomer { associate } = next.status {
                    next.status = Status::WaitingSeller { request: request.clone(), associate };
                }
            }
            InquiryEvent::SellerReplied { .. } => {
                if let Status::WaitingSeller { associate, .. } = next.status {
                    next.status = Status::Working { associate };
                }
            }
            InquiryEvent::SellerSilent { .. } => next.status = Status::Open { judgement_owed: true },
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

#[cfg(test)]
mod tests;
