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
    /// The customer, by the link in a mail.
    Customer,
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

/// The beginning of time: what was laid down before its time was kept says this.
#[must_use]
pub fn is_unknown(at: &Instant) -> bool {
    *at == Instant::UNIX_EPOCH
}

/// `instant + hours`, or the end of time where the calendar ends.
#[must_use]
pub fn hours_after(instant: Instant, hours: i64) -> Instant {
    let endless = if hours < 0 { TimeDelta::MIN } else { TimeDelta::MAX };
    after(instant, TimeDelta::try_hours(hours).unwrap_or(endless))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, id, monday};
    use proptest::prelude::*;

    #[test]
    fn what_lies_beyond_the_calendar_is_its_end() {
        assert_eq!(hours_after(monday(), i64::MAX), DateTime::<Utc>::MAX_UTC);
        assert_eq!(after(monday(), TimeDelta::MAX), DateTime::<Utc>::MAX_UTC);
        assert_eq!(after(monday(), TimeDelta::MIN), DateTime::<Utc>::MIN_UTC);
        assert_eq!(after(DateTime::<Utc>::MAX_UTC, TimeDelta::nanoseconds(1)), DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn hours_before_what_the_calendar_holds_are_its_beginning() {
        assert_eq!(hours_after(monday(), i64::MIN), DateTime::<Utc>::MIN_UTC);
    }

    #[test]
    fn only_the_beginning_of_time_is_a_time_that_nobody_kept() {
        assert!(is_unknown(&Instant::UNIX_EPOCH));
        assert!(!is_unknown(&(Instant::UNIX_EPOCH + MILLI)) && !is_unknown(&monday()));
    }

    #[test]
    fn an_actor_is_read_back_as_it_was_written() {
        let people = [Actor::Seller("sub".into()), Actor::Associate(id("a")), Actor::Customer];
        for actor in people.into_iter().chain([Actor::Marketplace, Actor::Service]) {
            let text = serde_json::to_string(&actor).unwrap();
            assert_eq!(serde_json::from_str::<Actor>(&text).unwrap(), actor, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_hour_is_3600_seconds_and_can_be_undone(hours in -100_000_i64..100_000) {
            let later = hours_after(monday(), hours);
            prop_assert_eq!(later.timestamp() - monday().timestamp(), hours * 3600);
            prop_assert_eq!(hours_after(later, -hours), monday());
        }
    }
}
