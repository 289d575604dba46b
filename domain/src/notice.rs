//! Notices (NTF): one mail that is owed to somebody, as facts. The id follows from its cause, so that a trigger that
//! is delivered twice owes one mail. How it reads is the sender's affair; no word of a customer is ever in it.

use crate::{
    at::Instant,
    claim::criteria::Criterion,
    decision::{DecisionKind, DecisionRecord},
    fee::TierName,
    id::{
        ClaimId, ContactId, DecisionId, InquiryId, InvitationId, NoticeId, OrderId, RequestId, SellerId, StoreId,
        UserId,
    },
    inquiry::HandOver,
    money::Money,
    quarter::Quarter,
    question::QuestionKind,
    received::Cause,
    seller::Enrolling,
    transfer,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// To whom a notice goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Recipient {
    /// The seller's default address.
    Seller {
        /// Which.
        seller: SellerId,
    },
    /// A secondary user of the seller, at the address of its invitation.
    User {
        /// Of which seller.
        seller: SellerId,
        /// Which.
        user: UserId,
    },
    /// The customer who made this contact.
    Customer {
        /// Which.
        contact: ContactId,
    },
    /// The address of an invitation, as long as it is open.
    Invited {
        /// To be a user of whom.
        seller: SellerId,
        /// Which.
        invitation: InvitationId,
    },
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum NoticeKind {
    /// The seller is enrolled.
    EnrollmentComplete {
        /// The first instant of service.
        starts_at: Instant,
        /// The end of the free trial.
        trial_ends_at: Option<Instant>,
        /// By the seller, or by default.
        by: Enrolling,
    },
    /// The trial's end comes near.
    TrialEnding {
        /// When.
        ends_at: Instant,
        /// In so many days.
        days_left: u64,
    },
    /// The service needs an answer.
    RequestOpened {
        /// Which request.
        request: RequestId,
        /// About which order.
        order: OrderId,
        /// Until when.
        due_at: Instant,
        /// What kind of question.
        question: QuestionKind,
    },
    /// The answer is still missing.
    RequestReminder {
        /// Which request.
        request: RequestId,
        /// About which order.
        order: OrderId,
        /// Until when.
        due_at: Instant,
        /// So many hours are left.
        hours_left: i64,
    },
    /// No answer came.
    RequestExpired {
        /// Which request.
        request: RequestId,
        /// About which order.
        order: OrderId,
        /// The deadline that passed.
        effective_at: Instant,
        /// What was decided at once, if anything.
        decision: Option<DecisionFacts>,
    },
    /// The service decided.
    Decided {
        /// About which order.
        order: OrderId,
        /// What.
        decision: DecisionFacts,
    },
    /// The seller has a matter that was the service's.
    HandedOver {
        /// Which; the seller knows it as the case.
        inquiry: InquiryId,
        /// About which order.
        order: OrderId,
        /// Why.
        reason: HandOver,
    },
    /// The rate of a quarter.
    RatePublished {
        /// Which quarter.
        quarter: Quarter,
        /// What a unit costs.
        rate: Money,
        /// Where in the card that stands. Earlier notices do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<TierName>,
        /// Countable contacts of the quarter before.
        contacts: u64,
        /// Units shipped in the quarter before.
        units: u64,
    },
    /// The statement of a quarter is final.
    StatementReady {
        /// Which quarter.
        quarter: Quarter,
        /// Units in it.
        units: u64,
        /// What is due.
        total: Money,
        /// FEE-11: the first instant at which it can no longer be disputed; none where it cannot be, and in earlier notices.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disputable_until: Option<Instant>,
    },
    /// RET-2: the seller's own return policy was looked at.
    PolicyDecided {
        /// Which version.
        version: u32,
        /// Why it was rejected; none where it was approved.
        reason: Option<String>,
    },
    /// ACC-1: somebody may become a user of the seller.
    Invitation {
        /// The first instant at which it is over.
        until: Instant,
    },
    /// CLM-3: a claim moved.
    ClaimMoved {
        /// Which.
        claim: ClaimId,
        /// About which order.
        order: OrderId,
        /// Where to.
        #[serde(flatten)]
        step: ClaimStep,
    },
    /// To the customer: what an associate answers. The words lie in the conversation, and are in no notice.
    Answer {
        /// In which inquiry.
        inquiry: InquiryId,
        /// About which order.
        order: OrderId,
        /// Which answer: when it was given,
        at: Instant,
        /// and by which request.
        cause: String,
    },
    /// To the customer: the matter is resolved.
    InquiryResolved {
        /// Which inquiry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inquiry: Option<InquiryId>,
        /// About which order.
        order: OrderId,
        /// How.
        decision: DecisionKind,
        /// What goes back.
        amount: Option<Money>,
    },
    /// RTE-8: what became of what the seller forwarded by mail.
    TransferRouted {
        /// About which order.
        order: OrderId,
        /// What.
        #[serde(flatten)]
        outcome: transfer::Outcome,
    },
    /// RTE-8, REQ-5: nothing came of a mail of the seller's.
    MailNotTaken {
        /// About which order, where the mail answers a request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
        /// Which request it answers, if it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<RequestId>,
        /// When it came in. Earlier notices do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_at: Option<Instant>,
        /// Why.
        #[serde(flatten)]
        cause: Cause,
    },
    /// INS-3, to the customer: how was it? The link is signed when the mail is written, and is in no notice.
    Survey {
        /// About which inquiry.
        inquiry: InquiryId,
        /// About which order.
        order: OrderId,
        /// The first instant at which it is too late to answer.
        until: Instant,
    },
    /// What somebody wants to hear once a day. What it holds is read when the mail is written.
    Digest {
        /// A day of the store.
        day: NaiveDate,
    },
}

/// A claim's step in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ClaimStep {
    /// The seller is asked for more.
    Asked {
        /// Until when.
        due_at: Instant,
    },
    /// It did not answer.
    FellSilent {
        /// The end of its time.
        effective_at: Instant,
    },
    /// Something is paid back.
    Granted {
        /// How much, in all.
        amount: Money,
        /// The first instant that is too late for an appeal; none where there is none.
        appeal_until: Option<Instant>,
    },
    /// Nothing is, or on appeal nothing more.
    Denied {
        /// By which criterion.
        criterion: Criterion,
        /// Why.
        reason: String,
        /// The first instant that is too late for an appeal; none where there is none.
        appeal_until: Option<Instant>,
    },
}

impl ClaimStep {
    /// Its stable name, which is that of its JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "asked",
            Self::FellSilent { .. } => "fell_silent",
            Self::Granted { .. } => "granted",
            Self::Denied { .. } => "denied",
        }
    }
}

/// A decision in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFacts {
    /// Which. Earlier notices do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<DecisionId>,
    /// What.
    pub kind: DecisionKind,
    /// Money that goes to the customer.
    pub amount: Option<Money>,
    /// RET-4: until when a seller abroad names a way for the goods to come back. Earlier notices do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_method_by: Option<Instant>,
}

impl DecisionFacts {
    /// Of this decision.
    #[must_use]
    pub fn of(record: &DecisionRecord) -> Self {
        let DecisionRecord { id, kind, amount, return_method_by, .. } = record;
        Self { id: Some(id.clone()), kind: *kind, amount: *amount, return_method_by: *return_method_by }
    }

    /// Whether the seller has to do something, or may do it no more, before it reads of it anywhere else: to ship once more,
    /// not to ship, or to name a way back in time.
    #[must_use]
    pub const fn binds_the_seller(&self) -> bool {
        matches!(self.kind, DecisionKind::Replacement | DecisionKind::Cancel) || self.return_method_by.is_some()
    }
}

/// One mail that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Follows from its cause.
    pub id: NoticeId,
    /// In which store.
    pub store: StoreId,
    /// To whom.
    #[serde(flatten)]
    pub recipient: Recipient,
    /// What it says.
    #[serde(flatten)]
    pub kind: NoticeKind,
}

impl Notice {
    /// A notice to a seller; `cause` tells it from others of its kind to the same seller.
    #[must_use]
    pub fn to_seller(store: &StoreId, seller: &SellerId, kind: NoticeKind, cause: &[&str]) -> Self {
        let head = [kind.name(), store.as_str(), seller.as_str()];
        let id = NoticeId::derived(&[&head, cause].concat());
        Self { id, store: store.clone(), recipient: Recipient::Seller { seller: seller.clone() }, kind }
    }

    /// The same to a secondary user who wants it too.
    #[must_use]
    pub fn to_user(&self, seller: &SellerId, user: &UserId) -> Self {
        let id = NoticeId::derived(&[self.id.as_str(), user.as_str()]);
        Self { id, recipient: Recipient::User { seller: seller.clone(), user: user.clone() }, ..self.clone() }
    }

    /// A notice to whom the seller invites.
    #[must_use]
    pub fn to_invited(store: &StoreId, seller: &SellerId, invitation: &InvitationId, kind: NoticeKind) -> Self {
        let id = NoticeId::derived(&[kind.name(), store.as_str(), seller.as_str(), invitation.as_str()]);
        let recipient = Recipient::Invited { seller: seller.clone(), invitation: invitation.clone() };
        Self { id, store: store.clone(), recipient, kind }
    }

    /// A notice to the customer who made this contact.
    #[must_use]
    pub fn to_customer(store: &StoreId, contact: &ContactId, kind: NoticeKind, cause: &[&str]) -> Self {
        let head = [kind.name(), store.as_str(), contact.as_str()];
        let id = NoticeId::derived(&[&head, cause].concat());
        Self { id, store: store.clone(), recipient: Recipient::Customer { contact: contact.clone() }, kind }
    }
}

impl Recipient {
    /// Whose wishes count: those of whoever reads the seller's default address, or of this secondary user.
    #[must_use]
    pub const fn reader(&self) -> Option<(&SellerId, Option<&UserId>)> {
        match self {
            Self::Seller { seller } => Some((seller, None)),
            Self::User { seller, user } => Some((seller, Some(user))),
            Self::Customer { .. } | Self::Invited { .. } => None,
        }
    }
}

impl NoticeKind {
    /// Its stable name: the template folder, and part of the id.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EnrollmentComplete { .. } => "enrollment_complete",
            Self::TrialEnding { .. } => "trial_ending",
            Self::RequestOpened { .. } => "request_opened",
            Self::RequestReminder { .. } => "request_reminder",
            Self::RequestExpired { .. } => "request_expired",
            Self::Decided { .. } => "decided",
            Self::HandedOver { .. } => "handed_over",
            Self::RatePublished { .. } => "rate_published",
            Self::StatementReady { .. } => "statement_ready",
            Self::PolicyDecided { .. } => "policy_decided",
            Self::Invitation { .. } => "invitation",
            Self::ClaimMoved { .. } => "claim_moved",
            Self::Answer { .. } => "answer",
            Self::InquiryResolved { .. } => "inquiry_resolved",
            Self::Survey { .. } => "survey",
            Self::TransferRouted { .. } => "transfer_routed",
            Self::MailNotTaken { .. } => "mail_not_taken",
            Self::Digest { .. } => "digest",
        }
    }

    /// Whether it must arrive even at the risk of arriving twice: a clock of the seller's runs by it, or a customer waits for
    /// it, to whom nothing else says what was answered.
    #[must_use]
    pub const fn must_arrive(&self) -> bool {
        let asked = matches!(self, Self::ClaimMoved { step: ClaimStep::Asked { .. }, .. });
        let request =
            matches!(self, Self::RequestOpened { .. } | Self::RequestReminder { .. } | Self::RequestExpired { .. });
        let way_back = matches!(self, Self::Decided { decision: DecisionFacts { return_method_by: Some(_), .. }, .. });
        asked || request || way_back || matches!(self, Self::Answer { .. })
    }
}

#[cfg(test)]
pub(crate) mod tests;
