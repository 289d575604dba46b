//! What was measured of each candidate, and the few statistics of it.

use crate::{Outcome, candidate::Candidate, process::Cold};
use std::time::Duration;

/// What the answers of one process took.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Each, from the hand-out of the event until it was answered.
    pub latencies: Vec<Duration>,
    /// What the process worked for each.
    pub cpu: Duration,
    /// The most memory that it had.
    pub peak_kib: u64,
}

/// All of one candidate.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Whose.
    pub name: String,
    /// What is deployed, in bytes.
    pub size: u64,
    /// The same, packed.
    pub packed: u64,
    /// Cold starts on the whole machine, by round.
    pub cold: Vec<Cold>,
    /// Cold starts with a small function's share of a processor from the beginning.
    pub small: Vec<Cold>,
    /// Cold starts with that share from when the process asks for an event.
    pub boosted: Vec<Cold>,
    /// Answers, by block.
    pub warm: Vec<Taken>,
}

impl Measured {
    /// A candidate of which the cold starts are known.
    pub fn of(candidate: &Candidate, cold: Vec<Cold>) -> Outcome<Self> {
        let (size, packed) = candidate.sizes()?;
        Ok(Self {
            name: candidate.name.clone(),
            size,
            packed,
            cold,
            small: Vec::new(),
            boosted: Vec::new(),
            warm: Vec::new(),
        })
    }
}

/// How long what is asked of each cold start took, in the middle of all; in milliseconds.
pub fn middle(cold: &[Cold], of: impl Fn(&Cold) -> Duration) -> Option<f64> {
    quantile(cold.iter().map(|cold| of(cold).as_secs_f64() * 1e3), 0.5)
}

/// How much longer this one's cold starts took than the other's: the middle of the ratios of each round.
pub fn ratio(own: &[Cold], other: &[Cold]) -> Option<f64> {
    let ratios = own.iter().zip(other).map(|(own, other)| own.answered.as_secs_f64() / other.answered.as_secs_f64());
    quantile(ratios, 0.5)
}

/// The value below which so great a part of them is.
pub fn quantile(values: impl Iterator<Item = f64>, part: f64) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "values are few, and the part is between 0 and 1"
    )]
    let place = (last as f64 * part).round() as usize;
    values.get(place).copied()
}
