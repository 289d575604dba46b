//! Time. A decision's time is its event's time, never later than the wall clock; what the wall clock says is asked
//! only to know whether a quarter may already have been measured.
//!
//! On the local stack time can be moved: a debug build adds the seconds written in the file that `CSBA_TRAVEL_FILE`
//! names. A release build does not contain this.

use domain::at::{Instant, after};
use std::{fmt, sync::Arc, time::Duration};

/// X5: so long before the end of an invocation its work is broken off, so that it can still answer.
pub(crate) const ANSWER: Duration = Duration::from_secs(1);

/// How much time an invocation has left.
#[expect(clippy::disallowed_methods, reason = "how much time is left is the machine's own affair")]
pub(crate) fn time_left(context: &lambda_runtime::Context) -> Duration {
    context.deadline().duration_since(std::time::SystemTime::now()).unwrap_or_default()
}

/// A source of time.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Instant + Send + Sync>,
    travelled: fn() -> chrono::TimeDelta,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn system() -> Self {
        Self { wall: Arc::new(chrono::Utc::now), travelled }
    }

    /// A clock of the test's own.
    #[must_use]
    pub fn of(wall: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self { wall: Arc::new(wall), travelled: chrono::TimeDelta::zero }
    }

    /// What the wall clock says.
    #[must_use]
    pub fn wall(&self) -> Instant {
        after((self.wall)(), (self.travelled)())
    }

    /// What the machine's own clock says, by which others judge whether a request of ours is fresh.
    pub(crate) fn machine(&self) -> Instant {
        (self.wall)()
    }

    /// The time of an event that carries this stamp, never in the future.
    #[must_use]
    pub fn event(&self, stamp: Instant) -> Instant {
        after(stamp, (self.travelled)()).min(self.wall())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[cfg(debug_assertions)]
fn travelled() -> chrono::TimeDelta {
    std::env::var_os("CSBA_TRAVEL_FILE")
        .and_then(|path| std::fs::read_to_string(path).ok())
        .and_then(|text| text.trim().parse().ok())
        .and_then(chrono::TimeDelta::try_seconds)
        .unwrap_or_else(chrono::TimeDelta::zero)
}

#[cfg(not(debug_assertions))]
fn travelled() -> chrono::TimeDelta {
    chrono::TimeDelta::zero()
}
