//! One line per step: it turns while the step runs and stays with its seconds when it is done.
//! Where nobody watches (no terminal) only the finished lines are printed.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::trouble::Outcome;

/// A step under way.
pub struct Step {
    bar: ProgressBar,
    since: Instant,
}

impl Step {
    /// Shows what happens inside the step.
    pub fn say(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }
}

/// Runs one step; its name stands there with its seconds when it is done, and vanishes when it fails.
pub fn step<T>(name: &str, work: impl FnOnce(&Step) -> Outcome<T>) -> Outcome<T> {
    let bar = ProgressBar::new_spinner().with_message(name.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{elapsed:>6} {spinner} {msg}") {
        bar.set_style(style.tick_chars("-\\|/ "));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    let step = Step { bar, since: Instant::now() };
    let outcome = work(&step);
    step.bar.finish_and_clear();
    if outcome.is_ok() {
        done(name, step.since);
    }
    outcome
}

/// The line that stays.
pub fn done(name: &str, since: Instant) {
    println!("{:>6.1} s  {name}", since.elapsed().as_secs_f64());
}
