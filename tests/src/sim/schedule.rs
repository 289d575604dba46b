//! Schedules: one seed makes one, from where it begins to the promises at its end.

use super::{
    bugs::Bug,
    chance::Chance,
    chapters::{Story, told},
    counts::Counts,
    promises::{self, Broken},
    run::Run,
};
use crate::{Delivery, World, cloud::locked};
use std::{future::Future, pin::Pin};

/// Webhooks go out in one of so many schedules: each fact then takes five calls more.
const TELLS: u8 = 4;

/// How a schedule went.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    /// Its seed.
    pub seed: u64,
    /// Where it began.
    pub chapter: &'static str,
    /// What was decided at each step, as one number: the same for the same seed.
    pub trace: u64,
    /// The steps in words, if they were asked for.
    pub steps: Vec<String>,
    /// What happened, in figures.
    pub counts: Counts,
    /// Promises that do not hold.
    pub broken: Vec<Broken>,
}

/// Worlds and their chapters, to run schedules on, one after the other.
pub struct Simulation {
    /// Nobody is told by webhook what happens, and due work is spread over two keys of its index.
    quiet: Story,
    /// The marketplace's systems are, and it is spread as usual.
    telling: Story,
    bug: Option<Bug>,
}

/// A runtime whose clock goes on only when everybody waits for it.
fn paused() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime")
}

impl Simulation {
    /// Tells the chapters.
    ///
    /// # Panics
    /// If there can be no runtime.
    #[must_use]
    pub fn ready() -> Self {
        let story = |world: World| {
            let told: Pin<Box<dyn Future<Output = Story>>> = Box::pin(told(world));
            paused().block_on(told)
        };
        let world = || World::new("2026-08-03T15:00:00Z", Delivery::Once);
        let mut quiet = world();
        quiet.spread("DUE_SHARDS", 2);
        Self { quiet: story(quiet), telling: story(world().telling()), bug: None }
    }

    /// The same with a bug between the functions and the services.
    #[must_use]
    pub fn with(self, bug: Bug) -> Self {
        Self { bug: Some(bug), ..self }
    }

    /// Runs one schedule; in words, if asked.
    #[must_use]
    pub fn run(&self, seed: u64, in_words: bool) -> Schedule {
        // A clock of its own, so that no schedule begins between two of its ticks.
        paused().block_on(self.schedule(seed, in_words))
    }

    async fn schedule(&self, seed: u64, in_words: bool) -> Schedule {
        let mut chance = Chance::of(seed);
        let story = if chance.rng.u8(..TELLS) == 0 { &self.telling } else { &self.quiet };
        let weights: Vec<_> = story.chapters.iter().map(|chapter| (chapter.weight, chapter)).collect();
        let chapter = chance.one_of(&weights);
        let cloud = &story.world.cloud;
        cloud.put_back(&chapter.kept);
        story.world.begin_anew();
        locked(&cloud.tables).page = chance.page;
        let mut run = Run::begin(story, chapter.people.clone(), chance, self.bug, in_words);
        let acts = [1, 1, 1, 2, 2, 4][run.chance.rng.usize(..6)];
        run.goes_on(acts).await;
        run.comes_to_rest().await;
        promises::ask(&mut run);
        let mails = locked(&cloud.mails).len() as u64;
        let sent_twice = promises::sent_twice(&run);
        let schedule = run.ends();
        let counts = Counts { mails, sent_twice, ..schedule.counts };
        Schedule { seed, chapter: chapter.name, counts, ..schedule }
    }
}
