//! How fast the users of one seller may write (ACC-2): so many requests at once, and one more each so many seconds. It is a
//! bucket that fills by itself, and all that has to be kept of it is when it will be full.
//!
//! Not here: where that instant is kept, and that two requests at one time never both take the last place.

use crate::{
    at::{Instant, after},
    outcome::Refusal,
};
use chrono::{TimeDelta, serde::ts_milliseconds};
use serde::{Deserialize, Serialize};

/// What one seller's users may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From when.
    pub effective_from: Instant,
    /// As many as a full bucket holds; at least one.
    pub at_once: u32,
    /// One more fits in after this time.
    pub each: TimeDelta,
}

/// What is kept of a seller's bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// When it will be full.
    #[serde(with = "ts_milliseconds")]
    pub full_at: Instant,
}

/// What one request asks of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// A bucket that is full by now,
    pub full_by: Instant,
    /// will be full again then.
    pub then_full_at: Instant,
    /// Any other that is full by this instant
    pub fits_by: Instant,
    /// will be full so much later.
    pub later: TimeDelta,
}

impl Pace {
    /// What a request asks of its seller's bucket now.
    #[must_use]
    pub fn turn(&self, now: Instant) -> Turn {
        let others = i32::try_from(self.at_once.saturating_sub(1)).unwrap_or(i32::MAX);
        let ahead = self.each.checked_mul(others).unwrap_or(TimeDelta::MAX);
        Turn { full_by: now, then_full_at: after(now, self.each), fits_by: after(now, ahead), later: self.each }
    }

    /// There is no place left; there is one again before this time is over.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let seconds = u32::try_from(self.each.num_seconds().max(1)).unwrap_or(u32::MAX);
        let sentence = "Too many changes at once: send this one again in a moment, with the same Idempotency-Key.";
        Refusal::too_fast("ACC-2", "too_many_changes", seconds, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, monday};
    use proptest::prelude::*;

    fn pace(at_once: u32, seconds: i64) -> Pace {
        Pace { effective_from: at(monday()).now, at_once, each: TimeDelta::seconds(seconds) }
    }

    /// The bucket after one request more, if it takes it: what the table does in one step.
    fn take(turn: &Turn, bucket: Option<Bucket>) -> Option<Bucket> {
        match bucket.filter(|bucket| bucket.full_at > turn.full_by) {
            None => Some(Bucket { full_at: turn.then_full_at }),
            Some(bucket) if bucket.full_at <= turn.fits_by => Some(Bucket { full_at: bucket.full_at + turn.later }),
            Some(_) => None,
        }
    }

    #[test]
    fn acc_2_so_many_at_once_are_taken_and_then_one_each_time() {
        let (pace, begin) = (pace(3, 2), at(monday()).now);
        let mut bucket = None;
        let mut taken = |seconds: i64| {
            let next = take(&pace.turn(begin + TimeDelta::seconds(seconds)), bucket);
            bucket = next.or(bucket);
            next.is_some()
        };
        let asked = [0, 0, 0, 0, 1, 2, 2, 3, 4, 100, 100, 100, 100];
        let fits = [true, true, true, false, false, true, false, false, true, true, true, true, false];
        assert_eq!(asked.map(&mut taken), fits);
    }

    #[test]
    fn acc_2_who_was_too_fast_hears_in_how_many_seconds_there_is_a_place_again() {
        for (each, seconds) in [(0, 1), (1, 1), (5, 5)] {
            let refusal = pace(1, each).refusal();
            assert_eq!(refusal.kind, crate::outcome::RefusalKind::TooFast { seconds });
        }
    }

    proptest! {
        #[test]
        fn acc_2_in_no_stretch_of_time_more_are_taken_than_a_full_bucket_and_what_came_into_it(
            at_once in 1_u32..6, each in 1_i64..5, gaps in prop::collection::vec(0_i64..8, 1..60),
        ) {
            let (pace, mut now, mut bucket, mut taken) = (pace(at_once, each), at(monday()).now, None, Vec::new());
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                if let Some(next) = take(&pace.turn(now), bucket) {
                    bucket = Some(next);
                    taken.push(now);
                }
            }
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let most = i64::from(at_once) + (*to - *from).num_seconds() / each;
                    prop_assert!(i64::try_from(last - first + 1).unwrap() <= most);
                }
            }
        }
    }
}
