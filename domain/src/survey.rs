//! INS-3: how satisfied customers are. A day after an inquiry was resolved its customer is asked once, if the matter still
//! stands so; an answer is a rating from 1 to 5 and, if the customer likes, a comment. The comment is the customer's word
//! and no part of this module: it lies where nothing made for sellers can read it (INQ-5). The rating is the seller's
//! figure.
//!
//! An inquiry is one episode of an issue, so one inquiry is asked about once, however often it is reopened.

use crate::{
    at::{At, Instant, after},
    clock::Alarm,
    contact::Channel,
    id::{ContactId, InquiryId, OrderId, SellerId, StoreId},
    inquiry::{Inquiry, Status},
    notice::{Notice, NoticeKind},
    outcome::{FollowUp, Outcome, Refusal},
    store::Store,
    topic::Family,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// D3: with fewer answers the score is not shown, since single ones could be guessed from it.
const FEWEST_ANSWERS: u64 = 5;
/// This and more is a satisfied customer.
const SATISFIED: u8 = 4;

/// When a store asks its customers, and until when they may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// From the resolution to the question.
    pub delay: TimeDelta,
    /// From the question to the end of its link.
    pub valid: TimeDelta,
}

/// What a survey is about, and where the inquiry lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Where.
    pub store: StoreId,
    /// Which order.
    pub order: OrderId,
    /// Whose part of it.
    pub seller: SellerId,
    /// Which issue of it.
    pub issue: Family,
    /// Which inquiry: one episode of the issue.
    pub inquiry: InquiryId,
}

impl About {
    /// About this inquiry.
    #[must_use]
    pub fn of(inquiry: &Inquiry) -> Self {
        Self {
            store: inquiry.store.clone(),
            order: inquiry.order.clone(),
            seller: inquiry.seller.clone(),
            issue: inquiry.issue,
            inquiry: inquiry.id.clone(),
        }
    }
}

/// From 1, the worst, to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

impl Rating {
    /// Whether the customer is satisfied.
    #[must_use]
    pub const fn is_satisfied(self) -> bool {
        self.0 >= SATISFIED
    }
}

/// Why a number is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 5")]
pub struct NotARating;

impl TryFrom<u8> for Rating {
    type Error = NotARating;
    fn try_from(number: u8) -> Result<Self, NotARating> {
        if (1..=5).contains(&number) { Ok(Self(number)) } else { Err(NotARating) }
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

/// Why a customer was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// The matter was taken up again, by whomever, so there is nothing to look back on yet.
    NotResolved,
    /// The customer was asked about this inquiry before.
    AlreadyAsked,
    /// No contact of the inquiry can be mailed.
    NoAddress,
}

/// What a customer was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// About which resolution; a later one is another.
    pub resolved_at: Instant,
    /// The topic of the inquiry.
    pub topic: String,
    /// How the customer came.
    pub channel: Channel,
    /// Who is asked: the sender of this contact.
    pub contact: ContactId,
    /// When.
    pub at: Instant,
    /// The first instant at which it is too late to answer.
    pub until: Instant,
}

/// How far a survey has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has been asked.
    Skipped {
        /// After which resolution.
        resolved_at: Instant,
        /// Why not, the last time it was due.
        why: Skip,
    },
    /// The customer was asked.
    Asked {
        /// What.
        question: Question,
    },
    /// The customer has answered.
    Answered {
        /// To what.
        question: Question,
        /// When.
        at: Instant,
        /// How content the customer is.
        rating: Rating,
    },
}

/// The survey of one inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// How far it has come.
    #[serde(flatten)]
    pub stage: Stage,
}

/// What happened to a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SurveyEvent {
    /// It was due, and the customer was not asked.
    Skipped {
        /// About what.
        about: About,
        /// After which resolution.
        resolved_at: Instant,
        /// Why.
        why: Skip,
    },
    /// The customer was asked.
    Asked {
        /// About what.
        about: About,
        /// What.
        question: Question,
    },
    /// The customer answered.
    Answered {
        /// When.
        at: Instant,
        /// How content the customer is.
        rating: Rating,
    },
}

/// What an answer is to the seller: a figure. It belongs to the quarter in which it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Of which inquiry.
    pub inquiry: InquiryId,
    /// The topic of the inquiry.
    pub topic: String,
    /// How the customer came.
    pub channel: Channel,
    /// When.
    pub answered_at: Instant,
    /// From 1 to 5.
    pub rating: Rating,
}

/// What whoever has the link may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Answer.
    Open,
    /// Nothing any more: it was answered.
    Answered,
}

/// The clock of a resolution: whether to ask the customer is decided when it rings.
#[must_use]
pub fn alarm(inquiry: &Inquiry, store: &Store, resolved_at: Instant) -> FollowUp {
    let alarm = Alarm::Survey { about: About::of(inquiry), resolved_at };
    FollowUp::Alarm { at: after(resolved_at, store.survey.delay), alarm }
}

/// Whether the issue's latest inquiry is this one, and stands resolved as it did then.
fn still_resolved(latest: &Inquiry, about: &About, resolved_at: Instant) -> bool {
    latest.id == about.inquiry && latest.status == Status::Resolved { at: resolved_at }
}

impl Survey {
    /// The clock of a resolution has rung, and the customer is asked or not. Given the latest inquiry of the issue.
    #[must_use]
    pub fn ask(
        known: Option<&Self>,
        latest: &Inquiry,
        about: &About,
        resolved_at: Instant,
        store: &Store,
        at: &At,
    ) -> Outcome<SurveyEvent> {
        let skip = |why| Outcome::of(vec![SurveyEvent::Skipped { about: about.clone(), resolved_at, why }]);
        match known.map(|survey| &survey.stage) {
            // A clock that rings again has been heard.
            Some(Stage::Skipped { resolved_at: heard, .. }) if *heard == resolved_at => return Outcome::unchanged(),
            Some(Stage::Asked { question } | Stage::Answered { question, .. })
                if question.resolved_at == resolved_at =>
            {
                return Outcome::unchanged();
            }
            Some(Stage::Asked { .. } | Stage::Answered { .. }) => return skip(Skip::AlreadyAsked),
            Some(Stage::Skipped { .. }) | None => {}
        }
        if !still_resolved(latest, about, resolved_at) {
            return skip(Skip::NotResolved);
        }
        let Some(contact) = latest.mailable.clone() else { return skip(Skip::NoAddress) };
        let until = after(at.now, store.survey.valid);
        let kind = NoticeKind::Survey { inquiry: about.inquiry.clone(), order: about.order.clone(), until };
        let notice = Notice::to_customer(&about.store, &contact, kind, &[about.inquiry.as_str()]);
        let (topic, channel) = (latest.topic.clone(), latest.channel);
        let question = Question { resolved_at, topic, channel, contact, at: at.now, until };
        Outcome::of(vec![SurveyEvent::Asked { about: about.clone(), question }]).then(notice)
    }

    /// What whoever has the link may do now, given the latest inquiry of the issue; or why nothing.
    pub fn standing(&self, latest: &Inquiry, now: Instant) -> Result<Standing, Refusal> {
        match &self.stage {
            Stage::Skipped { .. } => Err(Refusal::unseen("survey")),
            Stage::Answered { .. } => Ok(Standing::Answered),
            Stage::Asked { question } if now >= question.until => Err(over(question.until)),
            Stage::Asked { question } if !still_resolved(latest, &self.about, question.resolved_at) => {
                let sentence = "The matter was taken up again, so this survey has ended.";
                Err(Refusal::state("INS-3", "survey_ended", sentence))
            }
            Stage::Asked { .. } => Ok(Standing::Open),
        }
    }

    /// The customer answers, once.
    pub fn answer(&self, rating: Rating, latest: &Inquiry, at: &At) -> Result<Outcome<SurveyEvent>, Refusal> {
        match self.standing(latest, at.now)? {
            Standing::Open => Ok(Outcome::of(vec![SurveyEvent::Answered { at: at.now, rating }])),
            Standing::Answered => Err(answered()),
        }
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &SurveyEvent) -> Option<Self> {
        match (event, state) {
            (SurveyEvent::Skipped { .. }, Some(asked)) if !matches!(asked.stage, Stage::Skipped { .. }) => Some(asked),
            (SurveyEvent::Skipped { about, resolved_at, why }, _) => {
                Some(Self { about: about.clone(), stage: Stage::Skipped { resolved_at: *resolved_at, why: *why } })
            }
            (SurveyEvent::Asked { about, question }, _) => {
                Some(Self { about: about.clone(), stage: Stage::Asked { question: question.clone() } })
            }
            (SurveyEvent::Answered { at, rating }, Some(Self { about, stage: Stage::Asked { question } })) => {
                Some(Self { about, stage: Stage::Answered { question, at: *at, rating: *rating } })
            }
            (SurveyEvent::Answered { .. }, unasked) => unasked,
        }
    }

    /// What the seller's figures have of it, once it is answered.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        let Stage::Answered { question, at, rating } = &self.stage else { return None };
        Some(Score {
            inquiry: self.about.inquiry.clone(),
            topic: question.topic.clone(),
            channel: question.channel,
            answered_at: *at,
            rating: *rating,
        })
    }
}

/// The time to answer is over.
#[must_use]
pub fn over(until: Instant) -> Refusal {
    Refusal::state("INS-3", "survey_expired", format!("This survey could be answered until {}.", until.to_rfc3339()))
}

/// The first answer stands.
#[must_use]
pub fn answered() -> Refusal {
    Refusal::state("INS-3", "survey_answered", "This survey has been answered; the first answer stands.")
}

/// Answers that were counted. Those of two days add up to those of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// All of them.
    pub answers: u64,
    /// From satisfied customers.
    pub satisfied: u64,
}

impl Tally {
    /// With one more.
    #[must_use]
    pub fn and(self, rating: Rating) -> Self {
        self.plus(Self { answers: 1, satisfied: u64::from(rating.is_satisfied()) })
    }

    /// With those of another count.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            answers: self.answers.saturating_add(other.answers),
            satisfied: self.satisfied.saturating_add(other.satisfied),
        }
    }

    /// What may be shown of it.
    #[must_use]
    pub fn csat(self) -> Csat {
        let shown = self.answers >= FEWEST_ANSWERS;
        Csat { answers: self.answers, satisfied: shown.then_some(self.satisfied) }
    }
}

/// The customer satisfaction score: the share of ratings of 4 and 5, as two numbers, so that nobody rounds it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Csat {
    /// How many have answered.
    pub answers: u64,
    /// How many of them with 4 or 5; hidden where there are fewer than five answers (D3).
    pub satisfied: Option<u64>,
}

#[cfg(test)]
mod tests;
