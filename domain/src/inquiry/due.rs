//! INQ-3: the customer is promised a resolution. The time to it is counted while the service or the seller has the next
//! word; a lead is warned before it runs out, and when it has the inquiry is overdue, and first in the queue. A target,
//! not a penalty.
//!
//! Also the clocks of an inquiry, of which each only looks again.

use super::{Ball, Inquiry, InquiryEvent, Release, Status};
use crate::{
    at::{At, Instant, after},
    clock::Alarm,
    outcome::{FollowUp, Outcome, Refusal},
    store::Store,
    survey::About,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// By when associates are to have done what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskTimes {
    /// From when inquiries that are opened have them.
    pub effective_from: Instant,
    /// INQ-3: from the first contact to the resolution.
    pub resolution: TimeDelta,
    /// INQ-3: of which a lead is warned after so much.
    pub warn_after: TimeDelta,
    /// INQ-4: for so long a claim may be idle.
    pub idle: TimeDelta,
}

/// How far the promised time has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// A lead is warned.
    DueSoon,
    /// It is over.
    Overdue,
}

/// A clock that rings early, by the clock of another machine, has to ring again.
pub fn rung(rings_at: Instant, at: &At) -> Result<(), Refusal> {
    if at.now < rings_at {
        let sentence = format!("This clock rings at {}, and not before.", rings_at.to_rfc3339());
        return Err(Refusal::not_yet("INQ-3", "not_due", sentence));
    }
    Ok(())
}

impl Inquiry {
    /// INQ-3, INQ-4: the clocks that are set where an inquiry was that before and is this now, in this version: those of
    /// its resolution where the time of that is new or goes on, that of a claim where it is new, and where it has ended
    /// that of what was said in it.
    #[must_use]
    pub fn clocks(before: Option<&Self>, (after, version): (&Self, u64), store: &Store) -> Vec<FollowUp> {
        let mut clocks: Vec<_> = Self::kept_until(before, after, store).into_iter().collect();
        let known = before.filter(|before| before.is_live());
        let Some(times) = store.desk_times_at(after.opened_at).filter(|_| after.is_live()) else { return clocks };
        let goes_on = |before: &Self| {
            let resumed = before.ball() == Ball::Customer && after.ball() != Ball::Customer;
            resumed || before.resolution_due != after.resolution_due
        };
        if after.owned.is_some() && known.is_none_or(goes_on) {
            for rings_at in [after.warned_at(times), after.resolution_due] {
                clocks.push(FollowUp::Alarm {
                    at: rings_at,
                    alarm: Alarm::Resolution { about: About::of(after), rings_at, version },
                });
            }
        }
        if let (Some(holder), Some(rings_at)) = (after.worker(), after.idle_until(times))
            && known.and_then(Self::worker) != Some(holder)
        {
            clocks.push(after.idle_clock(rings_at));
        }
        clocks
    }

    /// INQ-3: a clock of the resolution rings. Nothing comes of it where the inquiry is over, or the time was moved on by a
    /// pause; while the customer has the next word no time runs out.
    #[must_use]
    pub fn resolution_rings(&self, store: &Store, at: &At) -> Outcome<InquiryEvent> {
        let Some(times) = store.desk_times_at(self.opened_at) else { return Outcome::unchanged() };
        let event = match self.escalated {
            _ if self.ball() == Ball::Customer || !self.is_live() => None,
            None | Some(Escalation::DueSoon) if at.now >= self.resolution_due => {
                Some(InquiryEvent::Overdue { at: self.resolution_due })
            }
            None if at.now >= self.warned_at(times) => Some(InquiryEvent::DueSoon { at: self.warned_at(times) }),
            _ => None,
        };
        event.map_or_else(Outcome::unchanged, |event| Outcome::of(vec![event]))
    }

    /// INQ-4: the clock of a claim rings. A claim of which something has come since has its time anew.
    #[must_use]
    pub fn idle_rings(&self, store: &Store, at: &At) -> Outcome<InquiryEvent> {
        let until = store.desk_times_at(self.opened_at).and_then(|times| self.idle_until(times));
        match until {
            None => Outcome::unchanged(),
            Some(until) if at.now >= until => {
                Outcome::of(vec![InquiryEvent::Released { at: at.now, why: Release::Idle }])
            }
            Some(until) => Outcome::unchanged().then(self.idle_clock(until)),
        }
    }

    fn warned_at(&self, times: &DeskTimes) -> Instant {
        let left = times.resolution.checked_sub(&times.warn_after).unwrap_or_default();
        self.resolution_due.checked_sub_signed(left).unwrap_or(self.resolution_due)
    }

    /// INQ-4: until when a claim may be idle.
    fn idle_until(&self, times: &DeskTimes) -> Option<Instant> {
        let Status::Working { idle_since, .. } = self.status else { return None };
        Some(after(idle_since, times.idle))
    }

    fn idle_clock(&self, rings_at: Instant) -> FollowUp {
        FollowUp::Alarm { at: rings_at, alarm: Alarm::IdleClaim { about: About::of(self), rings_at } }
    }
}

#[cfg(test)]
mod tests;
