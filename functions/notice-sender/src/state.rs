//! The life of a notice, kept under its id and changed by conditional writes alone:
//!
//! ```text
//! absent ─┬─> sending ─┬─> sent
//!         │     ▲      ├─> refused
//!         │     ▼      └─> unknown
//!         │   waiting
//!         └─> suppressed
//! ```
//!
//! The mail is frozen when it becomes `sending`, before SES is asked; every attempt carries the same bytes. An attempt
//! whose owner died, or whose answer was lost, may have arrived: a mail that must arrive is sent once more, any other
//! is left at `unknown` for a person to see. What SES does not take for now was no attempt.
//!
//! Not here: reading, writing and sending; how the mail reads.

use chrono::TimeDelta;
use domain::at::Instant;
use serde::{Deserialize, Serialize};
use shell::{failure::Failure, mail::Sent, queue::Record};

/// N3: attempts at a mail that must arrive.
const MOST_ATTEMPTS: u32 = 2;
/// A delivery is over after so long for certain: it may run for 30 seconds.
const LONGEST_DELIVERY: TimeDelta = TimeDelta::seconds(60);

/// How far a notice has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// SES takes it later.
    Waiting {
        /// As it was frozen.
        mail: Mail,
        /// So many attempts have been made.
        attempts: u32,
    },
    /// It is being sent, or was when its owner died.
    Sending(Attempt),
    /// SES took it.
    Sent {
        /// The name SES gave it.
        message_id: String,
    },
    /// There is nobody to mail.
    Suppressed {
        /// Why.
        why: String,
    },
    /// SES does not take it.
    Refused {
        /// Why.
        why: String,
    },
    /// It may have arrived or not.
    Unknown,
}

/// A mail, ready to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Where it goes.
    pub to: String,
    /// Headers and body, byte for byte.
    pub mime: String,
}

/// One attempt at a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What is sent.
    pub mail: Mail,
    /// The first or the second.
    pub number: u32,
    /// By whom.
    pub owner: Owner,
}

/// One delivery of the message that asks for the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    message: String,
    delivery: u32,
    since: Instant,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it has ended.
    Nothing,
    /// Nothing now: another delivery may be sending it at this moment.
    Later,
    /// Write down that it is ours, then send it.
    Take(Attempt),
    /// Send it: that it is ours was written by us, though the answer was lost.
    Send(Attempt),
    /// Write down that it ends here, without being sent.
    End(State),
}

impl Owner {
    /// The delivery of this record, begun now.
    #[must_use]
    pub fn of(record: &Record, now: Instant) -> Self {
        Self { message: record.id.clone(), delivery: record.deliveries, since: now }
    }

    /// Whether this delivery was over when the other began. Only time tells, also of one message: a queue may bring it
    /// twice at one moment, and counts that as well.
    fn is_over_for(&self, other: &Self) -> bool {
        let is_long_ago = other.since.signed_duration_since(self.since) > LONGEST_DELIVERY;
        is_long_ago && (self.message != other.message || self.delivery < other.delivery)
    }
}

/// What this delivery does about a notice that was found like this. `mail` is how it would read today, or why nobody
/// can be mailed; once something is frozen, that is sent instead.
#[must_use]
pub fn next(found: Option<State>, mail: Result<Mail, &'static str>, must_arrive: bool, owner: &Owner) -> Next {
    let take = |mail, number| Attempt { mail, number, owner: owner.clone() };
    let attempt = match found {
        None => mail.clone().map(|mail| take(mail, 1)),
        Some(State::Waiting { mail: frozen, attempts }) => mail.map(|_| take(frozen, attempts.saturating_add(1))),
        Some(State::Sending(attempt)) if attempt.owner == *owner => return Next::Send(attempt),
        Some(State::Sending(attempt)) if !attempt.owner.is_over_for(owner) => return Next::Later,
        Some(State::Sending(attempt)) if attempt.is_the_last(must_arrive) => return Next::End(State::Unknown),
        Some(State::Sending(attempt)) => mail.map(|_| take(attempt.mail, attempt.number.saturating_add(1))),
        Some(State::Sent { .. } | State::Suppressed { .. } | State::Refused { .. } | State::Unknown) => {
            return Next::Nothing;
        }
    };
    attempt.map_or_else(|why| Next::End(State::Suppressed { why: why.to_owned() }), Next::Take)
}

impl Attempt {
    /// How the notice stands after this answer.
    #[must_use]
    pub fn answered(&self, answer: Sent, must_arrive: bool) -> State {
        match answer {
            Sent::Accepted(message_id) => State::Sent { message_id },
            Sent::Refused(why) => State::Refused { why },
            Sent::NotNow(_) => State::Waiting { mail: self.mail.clone(), attempts: self.number.saturating_sub(1) },
            Sent::Unknown if self.is_the_last(must_arrive) => State::Unknown,
            Sent::Unknown => State::Sending(self.clone()),
        }
    }

    const fn is_the_last(&self, must_arrive: bool) -> bool {
        !must_arrive || self.number >= MOST_ATTEMPTS
    }
}

impl State {
    /// What becomes of the message: one that is not done comes again, and what went wrong for good is somebody's to see.
    pub fn ended(&self) -> Result<(), Failure> {
        match self {
            Self::Sent { .. } | Self::Suppressed { .. } => Ok(()),
            Self::Waiting { .. } => Err(Failure::Transient("SES takes no mail for now".into())),
            Self::Sending(_) => Err(Failure::Transient("the answer of SES was lost; once more".into())),
            Self::Refused { why } => Err(Failure::Fault(format!("SES refused a mail: {why}"))),
            Self::Unknown => Err(Failure::Fault("the answer of SES was lost; a mail may not have arrived".into())),
        }
    }

    /// Whether this is to stand where the other has come in between: that SES took the mail is known for good.
    #[must_use]
    pub const fn outranks(&self, other: &Self) -> bool {
        matches!(self, Self::Sent { .. }) && !matches!(other, Self::Sent { .. })
    }
}

#[cfg(test)]
mod tests;
