//! The life of a notice's mail (NTF-3, N2 to N5), kept under the notice's id and changed by conditional writes alone:
//!
//! ```text
//! absent ─┬─> sending ─┬─> sent ──> what became of it
//!         │     ▲      ├─> refused
//!         │     ▼      └─> unknown
//!         │   waiting
//!         └─> suppressed
//! ```
//!
//! The mail is frozen when it becomes `sending`, before it is handed over; every attempt carries the same bytes. An
//! attempt whose owner died, or whose answer was lost, may have arrived: a mail that must arrive is sent once more, any
//! other is left at `unknown` for a person to see. What is not taken for now was no attempt.
//!
//! What is reported of a mail later proves that it was taken, so a report makes it `sent` wherever it stood. Reports
//! come twice, in any order, and before the sender has written anything: they are only ever added up.
//!
//! Not here: reading, writing and sending; how the mail reads.

mod delivery;

pub use delivery::{Delivery, Undelivered};

use crate::{at::Instant, id::NoticeId};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// N3: attempts at a mail that must arrive.
const MOST_ATTEMPTS: u32 = 2;
/// A delivery is over after so long for certain: it may run for 30 seconds.
const LONGEST_DELIVERY: TimeDelta = TimeDelta::seconds(60);

/// How far a notice has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// It is taken later.
    Waiting {
        /// As it was frozen.
        mail: Mail,
        /// So many attempts have been made.
        attempts: u32,
    },
    /// It is being sent, or was when its owner died.
    Sending(Attempt),
    /// It was taken.
    Sent {
        /// The name it was given then.
        message_id: String,
        /// What is known of it since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        became: Option<Report>,
    },
    /// There is nobody to mail, or nobody who may be mailed.
    Suppressed {
        /// Why.
        why: String,
    },
    /// It is not taken.
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
    /// Which message.
    pub message: String,
    /// Its first delivery, or a later one.
    pub delivery: u32,
    /// When it began.
    pub since: Instant,
}

/// How handing it over was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken, under this name.
    Accepted(String),
    /// Not taken, now or ever.
    Refused(String),
    /// Taken later.
    NotNow(String),
    /// Nobody knows.
    Unknown,
}

/// What became of a mail that was taken, the more telling the later: of two attempts at one mail, what says more counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Not delivered yet; it is still tried.
    Delayed,
    /// Not delivered, and no longer tried. The address may do another time.
    SoftBounced,
    /// Taken, looked at, and not let out.
    Rejected,
    /// The receiver's server has it.
    Delivered,
    /// There is no such address, or it takes nothing from us.
    HardBounced,
    /// Whoever got it called it unwanted.
    Complained,
}

/// A fate, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What became of it.
    pub fate: Fate,
    /// When.
    pub at: Instant,
}

/// N4: why an address is not mailed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// What happened to a mail to it.
    pub report: Report,
    /// Which notice that was.
    pub notice: NoticeId,
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
    pub fn answered(&self, answer: Answer, must_arrive: bool) -> State {
        match answer {
            Answer::Accepted(message_id) => State::Sent { message_id, became: None },
            Answer::Refused(why) => State::Refused { why },
            Answer::NotNow(_) => State::Waiting { mail: self.mail.clone(), attempts: self.number.saturating_sub(1) },
            Answer::Unknown if self.is_the_last(must_arrive) => State::Unknown,
            Answer::Unknown => State::Sending(self.clone()),
        }
    }

    const fn is_the_last(&self, must_arrive: bool) -> bool {
        !must_arrive || self.number >= MOST_ATTEMPTS
    }
}

impl State {
    /// The same with these bytes, as long as it has any: those of a mail that holds words of a conversation lie there.
    #[must_use]
    pub fn carrying(mut self, mime: &str) -> Self {
        if let Self::Waiting { mail, .. } | Self::Sending(Attempt { mail, .. }) = &mut self {
            mime.clone_into(&mut mail.mime);
        }
        self
    }

    /// Whether nothing more is done about it.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        match self {
            Self::Sent { .. } | Self::Suppressed { .. } | Self::Refused { .. } | Self::Unknown => true,
            Self::Waiting { .. } | Self::Sending(_) => false,
        }
    }

    /// Whether this is to stand where the other has come in between: that the mail was taken is known for good.
    #[must_use]
    pub const fn outranks(&self, other: &Self) -> bool {
        matches!(self, Self::Sent { .. }) && !matches!(other, Self::Sent { .. })
    }
}

/// How a notice stands after a report of its mail, which was taken under this name. `None`: nothing is new.
#[must_use]
pub fn reported(found: Option<State>, message_id: &str, report: Report) -> Option<State> {
    let Some(State::Sent { message_id, became }) = found else {
        return Some(State::Sent { message_id: message_id.to_owned(), became: Some(report) });
    };
    let now = became.map_or(report, |before| before.and(report));
    (became != Some(now)).then_some(State::Sent { message_id, became: Some(now) })
}

impl Report {
    /// Both: what says more, and of two that say the same the earlier.
    fn and(self, other: Self) -> Self {
        let says = |report: &Self| (report.fate, Reverse(report.at));
        if says(&other) > says(&self) { other } else { self }
    }

    /// NTF-3: whether the address is not to be mailed any more.
    #[must_use]
    pub const fn suppresses(&self) -> bool {
        match self.fate {
            Fate::HardBounced | Fate::Complained => true,
            Fate::Delayed | Fate::SoftBounced | Fate::Rejected | Fate::Delivered => false,
        }
    }
}

#[cfg(test)]
mod tests;
