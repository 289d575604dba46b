//! What may go wrong in one schedule, and how often.

use crate::faults::Kind;
use fastrand::Rng;

/// The most faults of one schedule.
const MOST_FAULTS: u32 = 8;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is done and answered.
    Well,
    /// It is done, and answered only later.
    Slow,
    /// It goes wrong.
    Fault(Kind),
}

/// How bad one schedule is.
#[derive(Debug, Clone)]
pub struct Chance {
    /// Where every choice comes from.
    pub rng: Rng,
    /// A call goes wrong so often.
    calls: f64,
    /// A worker is killed between two calls so often.
    pub kills: f64,
    /// A message stays in its queue though it was taken, so often.
    pub duplicates: f64,
    /// Whether indexes lag.
    lags: bool,
    /// The most items of a page, if fewer than the service's own.
    pub page: Option<usize>,
    /// Whether the outbox' stream works.
    pub streams: bool,
    /// A worker's clock differs by so much at most, in milliseconds.
    skew: i64,
    /// So far ahead is looked for what falls due when all is quiet, in milliseconds.
    pub horizon: i64,
    faults: u32,
}

impl Chance {
    /// The chances of this seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let calls = [0.0, 0.04, 0.12, 0.3][rng.usize(..4)];
        Self {
            calls,
            kills: if rng.bool() { 0.03 } else { 0.0 },
            duplicates: if rng.bool() { 0.1 } else { 0.0 },
            lags: rng.bool(),
            page: (rng.u8(..8) == 0).then(|| rng.usize(1..3)),
            streams: rng.u8(..5) > 0,
            skew: [0, 5_000, 5_000, 5_000][rng.usize(..4)],
            horizon: match rng.u8(..16) {
                0 => 120,
                1 => 26,
                2..=8 => 1,
                _ => 0,
            } * 3_600_000,
            faults: 0,
            rng,
        }
    }

    /// Everything goes well from now on, and the stream is back.
    pub fn end_faults(&mut self) {
        (self.calls, self.kills, self.duplicates, self.lags, self.streams) = (0.0, 0.0, 0.0, false, true);
    }

    /// Whether something that happens so often happens now.
    pub fn happens(&mut self, often: f64) -> bool {
        often > 0.0 && self.rng.f64() < often
    }

    /// How many faults there were.
    #[must_use]
    pub const fn faults(&self) -> u32 {
        self.faults
    }

    /// What becomes of a call to this operation.
    pub fn fate(&mut self, operation: &str) -> Fate {
        let calls = self.calls;
        if self.faults < MOST_FAULTS && self.happens(calls) {
            self.faults += 1;
            let kinds = Kind::of(operation);
            return Fate::Fault(kinds[self.rng.usize(..kinds.len())]);
        }
        if calls > 0.0 && self.rng.u8(..6) == 0 { Fate::Slow } else { Fate::Well }
    }

    /// How far the indexes lag behind the next write.
    pub fn lag(&mut self) -> i64 {
        if !self.lags || self.rng.u8(..3) > 0 {
            return 0;
        }
        if self.rng.u8(..8) == 0 { self.rng.i64(0..600_000) } else { self.rng.i64(0..2_000) }
    }

    /// How far a worker's clock is off.
    pub fn skew(&mut self) -> i64 {
        if self.skew == 0 { 0 } else { self.rng.i64(-self.skew..=self.skew) }
    }

    /// One of these, as often as its weight says.
    pub fn one_of<T: Copy>(&mut self, options: &[(u32, T)]) -> T {
        let all = options.iter().map(|(weight, _)| weight).sum::<u32>();
        let mut n = self.rng.u32(..all);
        for (weight, option) in options {
            if n < *weight {
                return *option;
            }
            n -= weight;
        }
        unreachable!("the weights add up")
    }
}
