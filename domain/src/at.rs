//! When, by whom and why: all that a decision learns of the outside. Built once per record at the edge, from the
//! event (gateway time, queue's sent time, the schedule's own time), never from a clock inside a rule.

use crate::id::AssociateId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A point in time, UTC.
pub type Instant = DateTime<Utc>;

/// Who causes a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A user of the seller, by the token's subject.
    Seller(String),
    /// An associate of the store.
    Associate(AssociateId),
    /// The marketplace, by an event.
    Marketplace,
    /// The service itself: a rule, or a clock that ran out.
    Service,
}

/// The circumstances of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The time of the event, which is the time of the decision.
    pub now: Instant,
    /// Who asks.
    pub actor: Actor,
    /// The root id of the event. Ids of what the decision makes are derived from it.
    pub cause: String,
}

/// `instant + hours`, or the end of time where the calendar ends.
#[must_use]
pub fn hours_after(instant: Instant, hours: i64) -> Instant {
    after(instant, TimeDelta::try_hours(hours).unwrap_or(TimeDelta::MAX))
}

/// `instant + delta`, or the end of time where the calendar ends.
#[must_use]
pub fn after(instant: Instant, delta: TimeDelta) -> Instant {
    instant.checked_add_signed(delta).unwrap_or(if delta < TimeDelta::zero() {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}
