//! A request in the seller's Case Log (REQ): a typed question, 24 hours on the wall clock, and either an answer or
//! silence. It holds no word of the customer.
//!
//! Time here is instants and nothing else: no zone, no calendar, no working day.

use crate::{
    at::{At, Instant, after, hours_after},
    attachment::Attachment,
    clock::Alarm,
    decision::DecisionRecord,
    id::{InquiryId, OrderId, RequestId, SellerId, StoreId},
    inquiry::Inquiry,
    notice::{Notice, NoticeKind},
    outcome::{FollowUp, Outcome, Refusal},
    question::{Answers, Question},
    topic::Family,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// REQ-2: the seller's time to reply.
pub const REPLY_HOURS: i64 = 24;
/// REQ-3: reminders when so many hours are left.
pub const REMINDERS: [i64; 3] = [12, 4, 1];
/// Clocks of two machines differ by no more than this; nothing expires earlier than so long after its deadline.
pub const SKEW_MARGIN: TimeDelta = TimeDelta::seconds(5);

/// The seller's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What the seller says in words; empty where answers or files say it all.
    pub text: String,
    /// REQ-6: what it says to each slot of the question.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub answers: Answers,
    /// REQ-6: the files that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Which user of the seller.
    pub user: String,
    /// When the gateway took it.
    pub received_at: Instant,
    /// REQ-5: after the 24 hours.
    pub late: bool,
}

/// What a seller says to a question: words, answers, files, or several of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Its words; may be empty.
    pub text: String,
    /// Its answers, as the question takes them.
    pub answers: Answers,
    /// Its files.
    pub attachments: Vec<Attachment>,
}

/// How far a request has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// The clock runs.
    Awaiting,
    /// The seller replied.
    Answered {
        /// What it said.
        reply: Reply,
    },
    /// The seller kept silent.
    Expired {
        /// The deadline, whenever the silence was noticed.
        effective_at: Instant,
        /// When it was noticed.
        detected_at: Instant,
        /// A reply that came after that.
        reply: Option<Reply>,
    },
    /// The service asks no more: the matter has gone elsewhere before the seller replied.
    Withdrawn {
        /// When.
        at: Instant,
        /// Where to.
        why: Withdrawal,
    },
}

/// Why a request is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// The seller has the matter.
    HandedToSeller,
    /// The matter goes on in another case.
    Merged,
}

/// A request in the Case Log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Where.
    pub store: StoreId,
    /// Who is asked.
    pub seller: SellerId,
    /// In which matter; the seller knows it as the case id.
    pub inquiry: InquiryId,
    /// About which order.
    pub order: OrderId,
    /// The issue of the matter.
    pub issue: Family,
    /// What is asked.
    pub question: Question,
    /// When.
    pub asked_at: Instant,
    /// Until when.
    pub due_at: Instant,
    /// How far it has come.
    pub progress: Progress,
    /// What the service decided in the matter since.
    pub decision: Option<DecisionRecord>,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RequestEvent {
    /// It was asked.
    Asked(Box<Request>),
    /// The seller replied.
    Replied(Reply),
    /// The seller kept silent.
    Expired {
        /// The deadline.
        effective_at: Instant,
        /// When that was noticed.
        detected_at: Instant,
    },
    /// The matter was decided.
    Decided(Box<DecisionRecord>),
    /// The service asks no more.
    Withdrawn {
        /// When.
        at: Instant,
        /// Why.
        why: Withdrawal,
    },
}

/// A view of the Case Log (REQ-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The clock runs.
    NeedsAttention,
    /// The seller replied.
    Answered,
    /// The seller kept silent.
    Expired,
    /// The service asks no more.
    Withdrawn,
    /// Every request.
    All,
}

impl View {
    /// Every view.
    pub const EACH: [Self; 5] = [Self::NeedsAttention, Self::Answered, Self::Expired, Self::Withdrawn, Self::All];

    /// The one view beside `All` to which a request belongs.
    #[must_use]
    pub const fn of(request: &Request) -> Self {
        match request.progress {
            Progress::Awaiting => Self::NeedsAttention,
            Progress::Answered { .. } => Self::Answered,
            Progress::Expired { .. } => Self::Expired,
            Progress::Withdrawn { .. } => Self::Withdrawn,
        }
    }

    /// Whether a request belongs to the view.
    #[must_use]
    pub fn shows(self, request: &Request) -> bool {
        self == Self::All || self == Self::of(request)
    }

    /// Its code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeedsAttention => "needs_attention",
            Self::Answered => "answered",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::All => "all",
        }
    }
}

impl Request {
    /// REQ-1 to REQ-3: asks, mails the seller, and sets the clocks.
    #[must_use]
    pub fn ask(inquiry: &Inquiry, question: Question, at: &At) -> Outcome<RequestEvent> {
        let (store, seller, order) = (&inquiry.store, &inquiry.seller, &inquiry.order);
        let id = RequestId::derived(&[&at.cause, inquiry.id.as_str()]);
        let due_at = hours_after(at.now, REPLY_HOURS);
        let request = Self {
            id: id.clone(),
            store: store.clone(),
            seller: seller.clone(),
            inquiry: inquiry.id.clone(),
            order: order.clone(),
            issue: inquiry.issue,
            question,
            asked_at: at.now,
            due_at,
            progress: Progress::Awaiting,
            decision: None,
        };
        let reminders = REMINDERS.map(|hours_left| FollowUp::Alarm {
            at: hours_after(due_at, hours_left.saturating_neg()),
            alarm: Alarm::RequestReminder {
                store: store.clone(),
                seller: seller.clone(),
                request: id.clone(),
                hours_left,
            },
        });
        let expiry = FollowUp::Alarm {
            at: after(due_at, SKEW_MARGIN),
            alarm: Alarm::RequestExpiry { store: store.clone(), seller: seller.clone(), request: id.clone() },
        };
        let kind = NoticeKind::RequestOpened {
            request: id.clone(),
            order: order.clone(),
            due_at,
            question: request.question.kind,
        };
        let notice = Notice::to_seller(store, seller, kind, &[id.as_str()]);
        let mut outcome = Outcome::of(vec![RequestEvent::Asked(Box::new(request))]).then(notice).then(expiry);
        outcome.follow_ups.extend(reminders);
        outcome
    }

    /// The reply, if one was given.
    #[must_use]
    pub const fn reply_given(&self) -> Option<&Reply> {
        match &self.progress {
            Progress::Awaiting | Progress::Withdrawn { .. } => None,
            Progress::Answered { reply } => Some(reply),
            Progress::Expired { reply, .. } => reply.as_ref(),
        }
    }

    /// REQ-2, REQ-5: the seller replies. What came in time counts as in time, however late it is looked at.
    pub fn reply(&self, said: Said, user: String, at: &At) -> Result<Outcome<RequestEvent>, Refusal> {
        let late = at.now > self.due_at;
        let answered = match &self.progress {
            Progress::Withdrawn { why, .. } => {
                let sentence = match why {
                    Withdrawal::HandedToSeller => "This request is withdrawn: the case was handed over to you.",
                    Withdrawal::Merged => "This request is withdrawn: the case goes on in another one.",
                };
                return Err(Refusal::state("INQ-1", "request_withdrawn", sentence));
            }
            Progress::Awaiting => false,
            Progress::Answered { .. } => true,
            Progress::Expired { reply, .. } => reply.is_some(),
        };
        if answered {
            let sentence = "This request has been answered already; the first reply stands.";
            return Err(Refusal::state("REQ-5", "already_answered", sentence));
        }
        if self.decision.is_some() && late {
            let sentence = "The service has decided this case without a reply; it can no longer be answered.";
            return Err(Refusal::state("REQ-5", "already_decided", sentence));
        }
        Ok(Outcome::of(vec![RequestEvent::Replied(Reply {
            text: said.text,
            answers: said.answers,
            attachments: said.attachments,
            user,
            received_at: at.now,
            late,
        })]))
    }

    /// REQ-4: the deadline has passed. Unchanged where the seller has replied meanwhile.
    pub fn expire(&self, at: &At) -> Result<Outcome<RequestEvent>, Refusal> {
        if self.progress != Progress::Awaiting {
            return Ok(Outcome::unchanged());
        }
        if at.now < after(self.due_at, SKEW_MARGIN) {
            let sentence =
                format!("The seller has until {}, and it is looked at after that.", self.due_at.to_rfc3339());
            return Err(Refusal::not_yet("REQ-4", "not_due", sentence));
        }
        Ok(Outcome::of(vec![RequestEvent::Expired { effective_at: self.due_at, detected_at: at.now }]))
    }

    /// REQ-3: the reminder that fits the present moment; none after a reply, none that a later one has overtaken.
    #[must_use]
    pub fn remind(&self, hours_left: i64, at: &At) -> Option<Notice> {
        let reached = |left: i64| at.now >= hours_after(self.due_at, left.saturating_neg());
        let overtaken = REMINDERS.iter().any(|fewer| *fewer < hours_left && reached(*fewer));
        let fits = self.progress == Progress::Awaiting && reached(hours_left) && !overtaken && at.now < self.due_at;
        fits.then(|| {
            let kind = NoticeKind::RequestReminder {
                request: self.id.clone(),
                order: self.order.clone(),
                due_at: self.due_at,
                hours_left,
            };
            Notice::to_seller(&self.store, &self.seller, kind, &[self.id.as_str(), &hours_left.to_string()])
        })
    }

    /// INQ-1: the matter has gone elsewhere. What the seller has replied to, or not in time, stays as it is.
    #[must_use]
    pub fn withdraw(&self, why: Withdrawal, at: &At) -> Outcome<RequestEvent> {
        if self.progress == Progress::Awaiting {
            Outcome::of(vec![RequestEvent::Withdrawn { at: at.now, why }])
        } else {
            Outcome::unchanged()
        }
    }

    /// The matter is decided; from now on a reply is refused.
    #[must_use]
    pub fn decided(&self, record: &DecisionRecord) -> Outcome<RequestEvent> {
        match self.decision {
            Some(_) => Outcome::unchanged(),
            None => Outcome::of(vec![RequestEvent::Decided(Box::new(record.clone()))]),
        }
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &RequestEvent) -> Option<Self> {
        if let RequestEvent::Asked(request) = event {
            return Some((**request).clone());
        }
        let mut next = state?;
        match event {
            RequestEvent::Asked(_) => {}
            RequestEvent::Replied(new) => {
                next.progress = match next.progress {
                    Progress::Expired { effective_at, detected_at, .. } => {
                        Progress::Expired { effective_at, detected_at, reply: Some(new.clone()) }
                    }
                    Progress::Awaiting | Progress::Answered { .. } | Progress::Withdrawn { .. } => {
                        Progress::Answered { reply: new.clone() }
                    }
                };
            }
            RequestEvent::Expired { effective_at, detected_at } => {
                next.progress =
                    Progress::Expired { effective_at: *effective_at, detected_at: *detected_at, reply: None };
            }
            RequestEvent::Withdrawn { at, why } => next.progress = Progress::Withdrawn { at: *at, why: *why },
            RequestEvent::Decided(record) => next.decision = Some((**record).clone()),
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests;
