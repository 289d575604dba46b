//! The life of an inquiry (INQ): the customer's matter with one seller's part of one order and one issue.
//!
//! `open → working ⇄ waiting_seller | waiting_customer → resolved`, and the exits `handed_to_seller` and `merged`. Each
//! change is an event that is never rewritten; the state is those events, folded (`event.rs`). What a contact does to an
//! inquiry stands in `receive.rs`, who holds it in `holder.rs`, which answers are mailed in `mailed.rs`, by when it is to
//! be resolved in `due.rs`, who has had the next word for how long in `owned.rs`; how it ends elsewhere in `merge.rs` and
//! `hand_over.rs`, and what becomes of it when an associate says what it is about in `topic.rs`.

mod due;
mod event;
mod hand_over;
mod holder;
mod mailed;
mod merge;
mod owned;
mod receive;
mod topic;

pub use due::{DeskTimes, Escalation, rung};
pub use event::{Absorbed, InquiryEvent, Release};
pub use hand_over::{HandOver, HandedOver};
pub use merge::Merge;
pub use owned::{Ball, OwnedMinutes, TimeOwned};
pub use topic::Choice;

use crate::{
    at::{At, Instant, is_unknown},
    contact::Channel,
    decision::DecisionRecord,
    guess::Source,
    id::{
        AssociateId, ContactId, CustomerId, InquiryId, ItemId, NoticeId, OrderId, ProductId, RequestId, SellerId,
        StoreId,
    },
    notice::{Notice, NoticeKind},
    outcome::{Outcome, Refusal},
    request::Request,
    routing::Thread,
    store::Store,
    survey,
    topic::Family,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
        /// INQ-4: since when nothing has come of it.
        #[serde(default, skip_serializing_if = "is_unknown")]
        idle_since: Instant,
        /// Whether a judgement is owed (REQ-4).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        judgement_owed: bool,
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

/// Why the service takes up again what was not its turn any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recall {
    /// RET-5: the goods came back, and the refund did not go out in time.
    RefundOverdue,
    /// RET-4: the seller is abroad, and named no way for the goods to come back.
    NoWayBack,
    /// The mail with the answer did not arrive.
    AnswerBounced,
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
    /// The topic of its first contact, or what an associate chose.
    pub topic: String,
    /// RTE-12: who says so.
    #[serde(default, skip_serializing_if = "Source::is_told")]
    pub source: Source,
    /// COV-3: the covered items it concerns.
    pub items: Vec<ItemId>,
    /// Their products; none where that was not told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub products: BTreeSet<ProductId>,
    /// How the customer came first.
    pub channel: Channel,
    /// How the customer came last; none where it came once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_last: Option<Channel>,
    /// The customer's language.
    pub language: String,
    /// The first contact.
    pub opened_at: Instant,
    /// INQ-3: the commitment. While the customer has the next word it moves on.
    pub resolution_due: Instant,
    /// INQ-3: how far that has run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<Escalation>,
    /// How long each side has had the next word; none where that was not counted from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned: Option<TimeOwned>,
    /// Counts the inquiries about this issue.
    pub episode: u32,
    /// Every contact, in order.
    pub contacts: Vec<ContactId>,
    /// The contact whose sender can be mailed.
    pub mailable: Option<ContactId>,
    /// The last answer that was mailed, until the customer speaks again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<NoticeId>,
    /// Where it stands.
    pub status: Status,
    /// The question to the seller that was last asked.
    pub request: Option<RequestId>,
    /// What was decided.
    pub decisions: Vec<DecisionRecord>,
    /// JDG-4: whether the seller said that there is another one; none where it said nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_stock: Option<bool>,
}

impl Inquiry {
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

    /// Since when it is over, in whatever way; none while it is live.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Instant> {
        match self.status {
            Status::Open { .. }
            | Status::Working { .. }
            | Status::WaitingSeller { .. }
            | Status::WaitingCustomer { .. } => None,
            Status::Resolved { at } | Status::HandedToSeller { at, .. } | Status::Merged { at, .. } => Some(at),
        }
    }

    /// REQ-1: the associate who works on it asks the seller.
    pub fn ask_seller(
        &self,
        associate: &AssociateId,
        request: &RequestId,
        at: &At,
    ) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        Ok(Outcome::of(vec![InquiryEvent::SellerAsked { request: request.clone(), at: at.now }]))
    }

    /// The seller replied to a request: the inquiry goes back to whoever asked. A reply to a matter that has moved on
    /// stays with the request alone.
    #[must_use]
    pub fn seller_replied(&self, request: &RequestId, in_stock: Option<bool>, at: &At) -> Outcome<InquiryEvent> {
        if self.awaits() == Some(request) {
            Outcome::of(vec![InquiryEvent::SellerReplied { request: request.clone(), at: at.now, in_stock }])
        } else {
            Outcome::unchanged()
        }
    }

    /// REQ-4: the seller kept silent. What the topic's rule comes to resolves it; else it goes to the head of the queue.
    #[must_use]
    pub fn seller_silent(
        &self,
        request: &Request,
        judged: Option<DecisionRecord>,
        store: &Store,
        at: &At,
    ) -> Outcome<InquiryEvent> {
        if self.awaits() != Some(&request.id) {
            return Outcome::unchanged();
        }
        let silent = InquiryEvent::SellerSilent { request: request.id.clone(), effective_at: request.due_at };
        match (judged, Self::apply(Some(self.clone()), &silent)) {
            (Some(record), Some(after)) => {
                let mut outcome = after.resolve(record, store, at.now);
                outcome.events.insert(0, silent);
                outcome
            }
            _ => Outcome::of(vec![silent]),
        }
    }

    /// The associate answers and waits for the customer's next word.
    pub fn answer(&self, associate: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        let mail = self.answer_by_mail(at);
        let mailed = mail.as_ref().map(|mail| mail.id.clone());
        let outcome = Outcome::of(vec![InquiryEvent::Answered { associate: associate.clone(), at: at.now, mailed }]);
        Ok(match mail {
            Some(mail) => outcome.then(mail),
            None => outcome,
        })
    }

    /// What was decided has not come about in time: a person looks at it again, at the head of the queue. Whoever works on
    /// it already does.
    #[must_use]
    pub fn recall(&self, why: Recall, thread: &Thread, effective_at: Instant) -> Outcome<InquiryEvent> {
        if matches!(self.status, Status::Resolved { .. }) {
            Outcome::of(self.recalled(why, thread, effective_at).into_iter().collect())
        } else {
            Outcome::unchanged()
        }
    }

    /// That it is taken up again; what its seller has taken over meanwhile is its seller's (RTE-6).
    #[must_use]
    pub fn recalled(&self, why: Recall, thread: &Thread, effective_at: Instant) -> Option<InquiryEvent> {
        (!thread.taken_over.contains(&self.issue)).then_some(InquiryEvent::Recalled { why, effective_at })
    }

    /// INQ-4: that this associate may decide it.
    pub fn decidable(&self, associate: &AssociateId) -> Result<(), Refusal> {
        self.worked_on_by(associate)
    }

    /// JDG-1: the associate decides, and the inquiry is resolved.
    pub fn decide(
        &self,
        associate: &AssociateId,
        record: DecisionRecord,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        Ok(self.resolve(record, store, at.now))
    }

    /// The associate's answer ends the matter. Where it is mailed, no other mail says so.
    pub fn resolve_by_answer(
        &self,
        associate: &AssociateId,
        record: DecisionRecord,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<InquiryEvent>, Refusal> {
        let Some(mail) = self.answer_by_mail(at) else { return self.decide(associate, record, store, at) };
        self.worked_on_by(associate)?;
        Ok(self.resolved_and_told(record, store, at.now, Some(mail)))
    }

    /// Whether a rule may decide on it once its time has come: it is still resolved as it was when that was set. What
    /// somebody works on is left to that person.
    #[must_use]
    pub fn is_decided_by_rule(&self, record: &DecisionRecord) -> bool {
        matches!(self.status, Status::Resolved { .. }) && self.id == record.inquiry
    }

    /// A rule decides on what is resolved.
    #[must_use]
    pub fn decide_by_rule(&self, record: &DecisionRecord, store: &Store, at: &At) -> Outcome<InquiryEvent> {
        self.resolve(record.clone(), store, at.now)
    }

    fn resolve(&self, record: DecisionRecord, store: &Store, now: Instant) -> Outcome<InquiryEvent> {
        let told = self.mailable.as_ref().map(|contact| {
            let kind = NoticeKind::InquiryResolved {
                inquiry: Some(self.id.clone()),
                order: self.order.clone(),
                decision: record.kind,
                amount: record.amount,
            };
            Notice::to_customer(&self.store, contact, kind, &[record.id.as_str()])
        });
        self.resolved_and_told(record, store, now, told)
    }

    fn resolved_and_told(
        &self,
        record: DecisionRecord,
        store: &Store,
        now: Instant,
        told: Option<Notice>,
    ) -> Outcome<InquiryEvent> {
        let is_answer = |mail: &&Notice| matches!(mail.kind, NoticeKind::Answer { .. });
        let mailed = told.as_ref().filter(is_answer).map(|mail| mail.id.clone());
        let owned = self.owned_at(now).map(TimeOwned::minutes);
        let outcome = Outcome::of(vec![InquiryEvent::Resolved { at: now, decision: Box::new(record), owned, mailed }])
            .then(survey::alarm(self, store, now));
        match told {
            Some(mail) => outcome.then(mail),
            None => outcome,
        }
    }

    /// JDG-2: whether a decision has given something for one of its items before.
    #[must_use]
    pub fn is_remedied(&self) -> bool {
        let gave = |decision: &&DecisionRecord| decision.kind.remedies();
        self.decisions.iter().filter(gave).any(|decision| decision.items.iter().any(|item| self.items.contains(item)))
    }

    /// The request whose reply it waits for.
    #[must_use]
    pub const fn awaits(&self) -> Option<&RequestId> {
        if let Status::WaitingSeller { request, .. } = &self.status { Some(request) } else { None }
    }

    fn not_open(&self) -> Refusal {
        let sentence = match &self.status {
            Status::HandedToSeller { reason, .. } => reason.sentence().to_owned(),
            Status::Merged { into, .. } => format!("This inquiry goes on as {into}: open that one."),
            Status::Open { .. }
            | Status::Working { .. }
            | Status::WaitingSeller { .. }
            | Status::WaitingCustomer { .. }
            | Status::Resolved { .. } => {
                "This inquiry is resolved; it opens again when the customer writes about it in time.".to_owned()
            }
        };
        Refusal::state("INQ-1", "not_open", sentence)
    }
}

#[cfg(test)]
mod tests;
