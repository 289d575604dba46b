//! Many schedules, on as many threads as there are processors.

use super::{
    bugs::Bug,
    counts::Counts,
    schedule::{Schedule, Simulation},
};
use crate::cloud::locked;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// One of so many schedules is run twice, and must go the same way.
const TWICE: u64 = 200;
/// Whoever waits is told how far it is, each time so many were begun.
const TOLD: u64 = 100_000;
/// A broken promise is found often enough after so many schedules.
const ENOUGH: usize = 10;

/// What is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Campaign {
    /// The first seed; the others follow it.
    pub seed: u64,
    /// How many schedules.
    pub schedules: u64,
    /// With which bug.
    pub bug: Option<Bug>,
    /// Stops at the first promise that is broken.
    pub stops: bool,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Found {
    /// Schedules that were run.
    pub schedules: u64,
    /// What happened in them, in figures.
    pub counts: Counts,
    /// Schedules that were run twice.
    pub compared: u64,
    /// By where they began.
    pub chapters: BTreeMap<&'static str, u64>,
    /// Schedules in which a promise was broken; the first few.
    pub broken: Vec<Schedule>,
    /// How many there were.
    pub violations: u64,
    /// How long it took.
    pub took: Duration,
}

impl Found {
    fn add(&mut self, schedule: Schedule) {
        self.schedules += 1;
        self.counts += schedule.counts;
        *self.chapters.entry(schedule.chapter).or_default() += 1;
        if !schedule.broken.is_empty() {
            self.violations += 1;
            if self.broken.len() < ENOUGH {
                self.broken.push(schedule);
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.counts += other.counts;
        self.compared += other.compared;
        self.violations += other.violations;
        self.broken.extend(other.broken);
        for (chapter, n) in other.chapters {
            *self.chapters.entry(chapter).or_default() += n;
        }
    }
}

/// Runs them.
///
/// # Panics
/// If the same seed does not make the same schedule.
#[must_use]
pub fn campaign(campaign: Campaign) -> Found {
    let (begun, next, all) = (Instant::now(), AtomicU64::new(0), Mutex::new(Found::default()));
    let work = || {
        let mut simulation = Simulation::ready();
        if let Some(bug) = campaign.bug {
            simulation = simulation.with(bug);
        }
        let mut found = Found::default();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= campaign.schedules {
                break;
            }
            if n > 0 && n.is_multiple_of(TOLD) {
                eprintln!("{n} schedules after {:.0} s", begun.elapsed().as_secs_f64());
            }
            let seed = campaign.seed.wrapping_add(n);
            let schedule = simulation.run(seed, false);
            if n.is_multiple_of(TWICE) {
                let again = simulation.run(seed, false);
                assert_eq!(schedule.trace, again.trace, "seed {seed} does not go the same way twice");
                found.compared += 1;
            }
            if campaign.stops && !schedule.broken.is_empty() {
                next.store(campaign.schedules, Ordering::Relaxed);
            }
            found.add(schedule);
        }
        locked(&all).join(found);
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, Into::into) {
            scope.spawn(work);
        }
    });
    let mut found = all.into_inner().expect("no thread has panicked");
    found.took = begun.elapsed();
    found
}
