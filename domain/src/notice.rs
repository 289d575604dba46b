//! Notices (NTF): one mail that is owed to somebody, as facts. The id follows from its cause, so that a trigger that
//! is delivered twice owes one mail. How it reads is the sender's affair; no word of a customer is ever in it.

use crate::{
    at::Instant,
    claim::criteria::Criterion,
    decision::DecisionKind,
    id::{ClaimId, ContactId, InquiryId, InvitationId, NoticeId, OrderId, RequestId, SellerId, StoreId},
    inquiry::HandOver,
    money::Money,
    quarter::Quarter,
    question::QuestionKind,
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
    /// INS-3, to the customer: how was it? The link is signed when the mail is written, and is in no notice.
    Survey {
        /// About which inquiry.
        inquiry: InquiryId,
        /// About which order.
        order: OrderId,
        /// The first instant at which it is too late to answer.
        until: Instant,
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
        }
    }

    /// Whether it must arrive even at the risk of arriving twice: a clock of the seller's runs by it, or a customer waits for
    /// it, to whom nothing else says what was answered.
    #[must_use]
    pub const fn must_arrive(&self) -> bool {
        let asked = matches!(self, Self::ClaimMoved { step: ClaimStep::Asked { .. }, .. });
        let request =
            matches!(self, Self::RequestOpened { .. } | Self::RequestReminder { .. } | Self::RequestExpired { .. });
        asked || request || matches!(self, Self::Answer { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{id, monday, utc};
    use iso_currency::Currency;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// One of each kind.
    fn each() -> Vec<NoticeKind> {
        let (order, request, due_at): (OrderId, RequestId, _) = (id("o"), id("r"), monday());
        let decision = DecisionFacts { kind: DecisionKind::RefundFull, amount: Some(Money::new(99, Currency::USD)) };
        let quarter = Quarter::of(monday(), chrono_tz::UTC);
        vec![
            NoticeKind::EnrollmentComplete { starts_at: monday(), trial_ends_at: None, by: Enrolling::OptIn },
            NoticeKind::TrialEnding { ends_at: monday(), days_left: 14 },
            NoticeKind::RequestOpened {
                request: request.clone(),
                order: order.clone(),
                due_at,
                question: QuestionKind::ProductFact,
            },
            NoticeKind::RequestReminder { request: request.clone(), order: order.clone(), due_at, hours_left: 4 },
            NoticeKind::RequestExpired { request, order: order.clone(), effective_at: due_at, decision: None },
            NoticeKind::Decided { order: order.clone(), decision },
            NoticeKind::HandedOver { inquiry: id("q"), order: order.clone(), reason: HandOver::SellerRequested },
            NoticeKind::RatePublished { quarter, rate: Money::new(10, Currency::USD), contacts: 4, units: 100 },
            NoticeKind::StatementReady { quarter, units: 3, total: Money::new(30, Currency::USD) },
            NoticeKind::PolicyDecided { version: 2, reason: Some("Say who pays.".into()) },
            NoticeKind::Invitation { until: monday() },
            NoticeKind::ClaimMoved {
                claim: id("cl"),
                order: order.clone(),
                step: ClaimStep::Denied {
                    criterion: Criterion::Evidence,
                    reason: "It was not scanned.".into(),
                    appeal_until: Some(monday()),
                },
            },
            NoticeKind::Answer { inquiry: id("q"), order: order.clone(), at: monday(), cause: "c".into() },
            NoticeKind::InquiryResolved {
                inquiry: Some(id("q")),
                order: order.clone(),
                decision: DecisionKind::Answer,
                amount: None,
            },
            NoticeKind::Survey { inquiry: id("q"), order, until: monday() },
        ]
    }

    fn notice(kind: NoticeKind, seller: &str, cause: &[&str]) -> Notice {
        Notice::to_seller(&id("US"), &id(seller), kind, cause)
    }

    #[test]
    fn ntf_3_the_same_cause_is_the_same_mail_whatever_else_it_says() {
        let reminder = |due_at: &str| NoticeKind::RequestReminder {
            request: id("r"),
            order: id("o"),
            due_at: utc(due_at),
            hours_left: 4,
        };
        let first = notice(reminder("2017-06-06T12:00:00Z"), "s", &["r", "4"]);
        let again = notice(reminder("2018-06-06T12:00:00Z"), "s", &["r", "4"]);
        assert_eq!(first.id, again.id);
        let to_customer = |contact: &str| {
            let kind = NoticeKind::Survey { inquiry: id("q"), order: id("o"), until: monday() };
            Notice::to_customer(&id("US"), &id(contact), kind, &["d"]).id
        };
        assert_eq!(to_customer("c"), to_customer("c"));
        assert_ne!(to_customer("c"), to_customer("d"));
    }

    #[test]
    fn ntf_3_another_kind_store_seller_or_cause_is_another_mail() {
        let mut ids = BTreeSet::new();
        let mut mails = 0;
        for store in ["US", "BR"] {
            for seller in ["s", "t"] {
                for kind in each() {
                    for cause in [&["a"][..], &["b"], &["a", "b"], &[]] {
                        ids.insert(Notice::to_seller(&id(store), &id(seller), kind.clone(), cause).id);
                        mails += 1;
                    }
                }
            }
        }
        assert_eq!(ids.len(), mails);
    }

    #[test]
    fn ntf_1_each_kind_has_a_name_of_its_own_which_is_that_of_its_json() {
        let mut names = BTreeSet::new();
        for kind in each() {
            assert!(names.insert(kind.name()));
            assert_eq!(serde_json::to_value(&kind).unwrap()["notice"], kind.name());
        }
    }

    #[test]
    fn n3_only_what_a_clock_of_the_seller_runs_by_and_an_answer_must_arrive_at_the_risk_of_arriving_twice() {
        let must: Vec<_> = each().iter().filter(|kind| kind.must_arrive()).map(NoticeKind::name).collect();
        assert_eq!(must, ["request_opened", "request_reminder", "request_expired", "answer"]);
        let moved = |step| NoticeKind::ClaimMoved { claim: id("cl"), order: id("o"), step }.must_arrive();
        assert!(moved(ClaimStep::Asked { due_at: monday() }), "the seller's time to answer runs");
        assert!(!moved(ClaimStep::FellSilent { effective_at: monday() }));
    }

    #[test]
    fn ntf_1_each_step_of_a_claim_has_the_name_of_its_json() {
        let amount = Money::new(1, Currency::USD);
        let (criterion, reason) = (Criterion::Evidence, String::from("No."));
        for step in [
            ClaimStep::Asked { due_at: monday() },
            ClaimStep::FellSilent { effective_at: monday() },
            ClaimStep::Granted { amount, appeal_until: None },
            ClaimStep::Denied { criterion, reason, appeal_until: None },
        ] {
            assert_eq!(serde_json::to_value(&step).unwrap()["step"], step.name());
        }
    }

    #[test]
    fn a_notice_is_read_back_as_it_was_written() {
        for kind in each() {
            let invited = Notice::to_invited(&id("US"), &id("s"), &id("i"), kind.clone());
            for notice in
                [notice(kind.clone(), "s", &["a"]), Notice::to_customer(&id("US"), &id("c"), kind, &["a"]), invited]
            {
                let text = serde_json::to_string(&notice).unwrap();
                assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice, "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn ntf_3_two_mails_have_one_id_exactly_when_their_causes_are_one(
            a in prop::collection::vec("[a-c]{0,2}", 0..3), b in prop::collection::vec("[a-c]{0,2}", 0..3)
        ) {
            let id = |cause: &[String]| {
                let cause: Vec<&str> = cause.iter().map(String::as_str).collect();
                notice(NoticeKind::TrialEnding { ends_at: monday(), days_left: 3 }, "s", &cause).id
            };
            prop_assert_eq!(id(&a) == id(&b), a == b);
        }
    }
}
