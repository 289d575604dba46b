//! How far a webhook has come: it waits for its next attempt, was delivered, or was given up with what was answered last.
//! Each attempt that is due has its number among all there were, so that a message which comes twice begins none twice.
//!
//! It is delivered at least once. Whoever sends one and dies before that is written down has it sent again, under the same id
//! and with the same bytes; so has an answer that was lost.

use super::Hook;
use crate::{
    at::{Instant, after},
    fee::BasisPoints,
    id::HookId,
    outcome::Refusal,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Of so many attempts it is kept how they went; the latest.
const REMEMBERED: usize = 20;
/// The receiver wants this no more, now or ever.
const GONE: u16 = 410;
const WHOLE: i64 = 10_000;

/// When it is tried again (data of each store).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// From when facts have it.
    pub effective_from: Instant,
    /// From each attempt to the next; the last one again and again. At least one, none shorter than the one before.
    pub delays: Vec<TimeDelta>,
    /// At most this share of a delay more, so that what failed together does not come together.
    pub jitter: BasisPoints,
    /// It is given up so long after the first attempt.
    pub ends_after: TimeDelta,
    /// A receiver may ask for so much patience, and no more.
    pub most_patience: TimeDelta,
}

impl Schedule {
    /// When the next attempt is due after `tries` of them, of which the last was now; `asked` is when the receiver wants to
    /// hear of it again. The last attempt is made when the time is over; `None` after that.
    #[must_use]
    pub fn next(
        &self,
        hook: &HookId,
        since: Instant,
        tries: u32,
        now: Instant,
        asked: Option<Instant>,
    ) -> Option<Instant> {
        let end = after(since, self.ends_after);
        if now >= end {
            return None;
        }
        let nth = usize::try_from(tries).unwrap_or(usize::MAX).saturating_sub(1);
        let delay = self.delays.get(nth).or(self.delays.last()).copied().unwrap_or(self.ends_after);
        let due = after(after(now, delay), self.jitter_of(delay, hook, tries));
        let asked = asked.map_or(due, |asked| asked.min(after(now, self.most_patience)));
        Some(due.max(asked).min(end))
    }

    /// Between nothing and the whole of the jitter, always the same for this attempt of this webhook.
    fn jitter_of(&self, delay: TimeDelta, hook: &HookId, tries: u32) -> TimeDelta {
        let most = delay.num_milliseconds().saturating_mul(self.jitter.0.into()).wrapping_div(WHOLE);
        let drawn = HookId::derived(&[hook.as_str(), &tries.to_string()]);
        let share = drawn
            .as_str()
            .bytes()
            .fold(0_i64, |share, byte| share.saturating_mul(31).saturating_add(byte.into()).wrapping_rem(WHOLE));
        TimeDelta::milliseconds(most.saturating_mul(share).wrapping_div(WHOLE))
    }
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAnswer {
    /// There is no address that webhooks go to, or none that can be read.
    NoAddress,
    /// The address is not of the public Internet.
    AddressRefused,
    /// Its name could not be looked up.
    Unresolved,
    /// It took too long.
    TimedOut,
    /// There was no connection, or it broke.
    Broken,
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// An answer with this status.
    Status(u16),
    /// None.
    Error(NoAnswer),
}

impl Answer {
    /// Whether the receiver has it now.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// Whether the receiver may say when it wants to hear of it again.
    #[must_use]
    pub const fn may_ask_for_patience(self) -> bool {
        matches!(self, Self::Status(429 | 503))
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: Instant,
    /// How long it took.
    pub milliseconds: u64,
    /// What came back.
    #[serde(flatten)]
    pub answer: Answer,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It is tried again.
    Waiting {
        /// When.
        next_at: Instant,
    },
    /// The receiver has it.
    Delivered {
        /// Since when.
        at: Instant,
    },
    /// It is not tried any more.
    GivenUp {
        /// Since when.
        at: Instant,
    },
}

impl State {
    /// Its stable name, which is that of its JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Delivered { .. } => "delivered",
            Self::GivenUp { .. } => "given_up",
        }
    }

    /// When it came to this.
    #[must_use]
    pub const fn at(self) -> Instant {
        match self {
            Self::Waiting { next_at: at } | Self::Delivered { at } | Self::GivenUp { at } => at,
        }
    }
}

/// A webhook on its way, from its first attempt on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// What is told.
    pub hook: Hook,
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// Attempts that were made, all of them.
    pub made: u32,
    /// How many were made before the present time ran, which begins anew when a person has it sent again.
    pub before: u32,
    /// Since when it is tried, of the present time.
    pub since: Instant,
    /// How the latest went, oldest first.
    pub attempts: Vec<Attempt>,
}

/// What becomes of a message that calls for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It is made.
    Attempt,
    /// It was made before.
    Nothing,
    /// It was made before, and was the last: somebody has to be told, and whoever wrote it down may have died before that.
    SayAgain,
}

impl Delivery {
    /// Nothing was tried yet.
    #[must_use]
    pub const fn begin(hook: Hook, now: Instant) -> Self {
        Self { hook, state: State::Waiting { next_at: now }, made: 0, before: 0, since: now, attempts: Vec::new() }
    }

    /// What becomes of a message that calls for this attempt, from 0.
    #[must_use]
    pub const fn due(&self, attempt: u32) -> Due {
        match self.state {
            State::Waiting { .. } if attempt >= self.made => Due::Attempt,
            State::GivenUp { .. } if attempt.saturating_add(1) == self.made => Due::SayAgain,
            State::Waiting { .. } | State::Delivered { .. } | State::GivenUp { .. } => Due::Nothing,
        }
    }

    /// This attempt was made, and this came back; `None` where that changes nothing, because another worker has made it too
    /// and has written it down. That the receiver has it stands above all else.
    #[must_use]
    pub fn answered(&self, number: u32, attempt: Attempt, asked: Option<Instant>, schedule: &Schedule) -> Option<Self> {
        let taken = attempt.answer.is_taken();
        let known = matches!(self.state, State::GivenUp { .. }) || number < self.made;
        if matches!(self.state, State::Delivered { .. }) || (known && !taken) {
            return None;
        }
        let made = self.made.max(number.saturating_add(1));
        let (tries, now) = (made.saturating_sub(self.before), attempt.at);
        let next = schedule.next(&self.hook.id, self.since, tries, now, asked);
        let state = match next.filter(|_| attempt.answer != Answer::Status(GONE)) {
            _ if taken => State::Delivered { at: now },
            Some(next_at) => State::Waiting { next_at },
            None => State::GivenUp { at: now },
        };
        let mut attempts = self.attempts.clone();
        attempts.push(attempt);
        let forgotten = attempts.len().saturating_sub(REMEMBERED);
        attempts.drain(..forgotten);
        Some(Self { state, made, attempts, ..self.clone() })
    }

    /// A person has it sent again: its time begins anew.
    pub fn redrive(&self, now: Instant) -> Result<Self, Refusal> {
        let State::GivenUp { .. } = self.state else {
            let sentence = "This webhook was delivered, or is still tried; only one that was given up is sent again.";
            return Err(Refusal::state("W1", "not_given_up", sentence));
        };
        Ok(Self { state: State::Waiting { next_at: now }, before: self.made, since: now, ..self.clone() })
    }

    /// The message that calls for the next attempt.
    #[must_use]
    pub fn call(&self) -> Call {
        Call { hook: self.hook.clone(), attempt: self.made }
    }
}

/// A message that calls for an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// At what.
    #[serde(flatten)]
    pub hook: Hook,
    /// Which attempt, from 0.
    pub attempt: u32,
}

impl Call {
    /// What makes one call the same as another.
    #[must_use]
    pub fn fact(&self) -> String {
        format!("hook#{}#{}", self.hook.id, self.attempt)
    }
}
