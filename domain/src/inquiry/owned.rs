//! Who has the next word in an inquiry, and for how long each side has had it: folded from the events, so that a slow
//! answer can be told from a slow seller.

use super::{Inquiry, Status};
use crate::at::{Instant, after};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Who has the next word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ball {
    /// The service.
    Service,
    /// The seller.
    Seller,
    /// The customer.
    Customer,
    /// It is over.
    Nobody,
}

/// For how long each side has had the next word, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeOwned {
    /// Up to when it is counted.
    pub counted_to: Instant,
    /// The service.
    pub service_ms: i64,
    /// The seller.
    pub seller_ms: i64,
    /// The customer.
    pub customer_ms: i64,
}

/// The same in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedMinutes {
    /// The service.
    pub service: u64,
    /// The seller.
    pub seller: u64,
    /// The customer.
    pub customer: u64,
}

impl TimeOwned {
    /// Nobody has had it yet.
    #[must_use]
    pub const fn from(at: Instant) -> Self {
        Self { counted_to: at, service_ms: 0, seller_ms: 0, customer_ms: 0 }
    }

    /// Whole minutes; what is left of one is dropped.
    #[must_use]
    pub fn minutes(self) -> OwnedMinutes {
        let minutes = |ms: i64| u64::try_from(TimeDelta::milliseconds(ms).num_minutes()).unwrap_or(0);
        OwnedMinutes {
            service: minutes(self.service_ms),
            seller: minutes(self.seller_ms),
            customer: minutes(self.customer_ms),
        }
    }

    /// Whoever has the next word has it up to this instant. Time never goes back: what is told late takes none. Gives the
    /// time that has passed.
    fn pass(&mut self, ball: Ball, to: Instant) -> TimeDelta {
        let to = to.max(self.counted_to);
        let passed = to.signed_duration_since(self.counted_to);
        self.counted_to = to;
        let whose = match ball {
            Ball::Service => &mut self.service_ms,
            Ball::Seller => &mut self.seller_ms,
            Ball::Customer => &mut self.customer_ms,
            Ball::Nobody => return passed,
        };
        *whose = whose.saturating_add(passed.num_milliseconds());
        passed
    }
}

impl Inquiry {
    /// Who has the next word.
    #[must_use]
    pub const fn ball(&self) -> Ball {
        match self.status {
            Status::Open { .. } | Status::Working { .. } => Ball::Service,
            Status::WaitingSeller { .. } => Ball::Seller,
            Status::WaitingCustomer { .. } => Ball::Customer,
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Ball::Nobody,
        }
    }

    /// For how long each side has had the next word, as it stands at this instant.
    #[must_use]
    pub fn owned_at(&self, now: Instant) -> Option<TimeOwned> {
        let mut owned = self.owned?;
        owned.pass(self.ball(), now);
        Some(owned)
    }

    /// INQ-3: by when it is to be resolved, as it stands at this instant: later by the time that the customer takes.
    #[must_use]
    pub fn due_at(&self, now: Instant) -> Instant {
        let mut then = self.clone();
        then.pass(now);
        then.resolution_due
    }

    /// Time passes until an event, which is then at this instant, or where the last one was, if it is told late.
    pub(super) fn pass(&mut self, to: Instant) -> Instant {
        let ball = self.ball();
        let Some(owned) = &mut self.owned else { return to };
        let passed = owned.pass(ball, to);
        let now = owned.counted_to;
        if ball == Ball::Customer {
            self.resolution_due = after(self.resolution_due, passed);
        }
        now
    }
}

#[cfg(test)]
mod tests;
