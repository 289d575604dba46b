//! Notices (NTF): one mail that is owed to somebody, as facts. The id follows from its cause, so that a trigger that
//! is delivered twice owes one mail. How it reads is the sender's affair; no word of a customer is ever in it.

use crate::{
    at::Instant,
    decision::DecisionKind,
    id::{ContactId, NoticeId, OrderId, RequestId, SellerId, StoreId},
    money::Money,
    quarter::Quarter,
    request::QuestionKind,
    seller::Enrolling,
};
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
    /// The customer who made this contact.
    Customer {
        /// Which.
        contact: ContactId,
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
    /// The rate of a quarter.
    RatePublished {
        /// Which quarter.
        quarter: Quarter,
        /// What a unit costs.
        rate: Money,
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
    },
    /// To the customer: the matter is resolved.
    InquiryResolved {
        /// About which order.
        order: OrderId,
        /// How.
        decision: DecisionKind,
        /// What goes back.
        amount: Option<Money>,
    },
}

/// A decision in a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionFacts {
    /// What.
    pub kind: DecisionKind,
    /// Money that goes to the customer.
    pub amount: Option<Money>,
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

    /// A notice to the customer who made this contact.
    #[must_use]
    pub fn to_customer(store: &StoreId, contact: &ContactId, kind: NoticeKind, cause: &[&str]) -> Self {
        let head = [kind.name(), store.as_str(), contact.as_str()];
        let id = NoticeId::derived(&[&head, cause].concat());
        Self { id, store: store.clone(), recipient: Recipient::Customer { contact: contact.clone() }, kind }
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
            Self::RatePublished { .. } => "rate_published",
            Self::StatementReady { .. } => "statement_ready",
            Self::InquiryResolved { .. } => "inquiry_resolved",
        }
    }

    /// Whether it must arrive even at the risk of arriving twice (a clock of the seller's runs by it).
    #[must_use]
    pub const fn must_arrive(&self) -> bool {
        matches!(self, Self::RequestOpened { .. } | Self::RequestReminder { .. } | Self::RequestExpired { .. })
    }
}
