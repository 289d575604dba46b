//! A schedule that runs: who works when. The seed chooses each step from what could come next.

use super::{
    bugs::Bug,
    chance::Chance,
    chapters::Story,
    counts::Counts,
    flow,
    people::{Act, Asked, People, until_due},
    post::Post,
    promises::Broken,
    schedule::Schedule,
    workers::{Ended, Event, Job, Which, Worker},
};
use crate::{
    World,
    cloud::{Message, locked},
    faults::Attempt,
    functions,
    traffic::{Back, Held},
};
use serde_json::Value as Json;
use std::{
    collections::BTreeMap,
    future::poll_fn,
    hash::{DefaultHasher, Hash, Hasher},
    task::{Context, Poll},
    time::Duration,
};

/// How fast a clock is that nobody checks, in milliseconds.
const HOUR: i64 = 3_600_000;
/// No service takes a request that was signed so long ago (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/AboutTimestamp.html>).
const SIGNED_FOR: i64 = 15 * 60_000;
/// The most workers at one moment.
const MOST_WORKERS: usize = 3;
/// The most steps until it must be quiet.
const MOST_STEPS: u32 = 4_000;

/// A request and what became of it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What was asked.
    pub asked: Asked,
    /// Every final answer.
    pub answers: Vec<(i64, Json)>,
    /// When the gateway took it, each time.
    pub taken_at: Vec<i64>,
    working: bool,
}

/// Everything about the schedule that runs.
pub struct Run<'a> {
    pub story: &'a Story,
    pub world: &'a World,
    pub people: People,
    pub chance: Chance,
    pub sent: Vec<Sent>,
    /// Every message that a person or the marketplace put into a queue.
    pub told: Vec<(&'static str, String)>,
    /// Notices whose message was delivered: whether each must arrive.
    pub notices: BTreeMap<String, bool>,
    /// What SES said of mails.
    pub post: Post,
    pub broken: Vec<Broken>,
    pub(super) workers: Vec<Worker>,
    pub(super) held: Vec<Held>,
    /// Done, and not answered yet.
    pub(super) slow: Vec<(Held, Back)>,
    /// On their way though their sender is gone, and since when.
    late: Vec<(i64, Attempt)>,
    pub(super) dead: Vec<(String, Message)>,
    shard: flow::Shard,
    /// Whether anything went wrong that may send a mail twice.
    pub(super) trouble: bool,
    pub(super) begun: u64,
    pub(super) calls: u64,
    /// Writes that an index shows only later.
    pub(super) lagged: u64,
    pub(super) base_of_chapter: i64,
    pub(super) base: i64,
    clock: tokio::time::Instant,
    trace: DefaultHasher,
    words: Option<Vec<String>>,
    pub(super) bug: Option<Bug>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Call(usize),
    Answer(usize),
    Land(usize),
    Deliver(usize),
    Relay,
    Request(Which),
    Act,
    Wait,
}

impl<'a> Run<'a> {
    /// Nothing has happened yet.
    pub fn begin(story: &'a Story, people: People, chance: Chance, bug: Option<Bug>, in_words: bool) -> Self {
        let world = &story.world;
        Self {
            story,
            world,
            people,
            chance,
            sent: Vec::new(),
            told: Vec::new(),
            notices: BTreeMap::new(),
            post: Post::default(),
            broken: Vec::new(),
            workers: Vec::new(),
            held: Vec::new(),
            slow: Vec::new(),
            late: Vec::new(),
            dead: Vec::new(),
            shard: flow::Shard::default(),
            trouble: false,
            begun: 0,
            calls: 0,
            lagged: 0,
            base_of_chapter: world.cloud.now(),
            base: world.cloud.now(),
            clock: tokio::time::Instant::now(),
            trace: DefaultHasher::new(),
            words: in_words.then(Vec::new),
            bug,
        }
    }

    /// What is to be said of it.
    pub fn ends(self) -> Schedule {
        Schedule {
            trace: self.trace.finish(),
            counts: Counts {
                calls: self.calls,
                faults: u64::from(self.chance.faults()),
                lagged: self.lagged,
                halved: self.shard.halved,
                given_up: self.shard.given_up,
                ..Counts::default()
            },
            steps: self.words.unwrap_or_default(),
            broken: self.broken,
            ..Schedule::default()
        }
    }
}

impl Run<'_> {
    pub(super) fn note(&mut self, what: impl FnOnce() -> String) {
        // Without a reader the words are not written.
        if let Some(words) = &mut self.words {
            words.push(format!("{} {}", self.world.cloud.now() - self.base, what()));
        }
    }

    pub(super) fn mark(&mut self, what: &(impl Hash + ?Sized)) {
        (self.world.cloud.now(), what).hash(&mut self.trace);
    }

    /// Reads the time off the runtime's clock.
    pub(super) fn tell_time(&mut self) {
        let passed = i64::try_from(self.clock.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.world.cloud.set_now(self.base + passed);
    }

    /// Time passes, and whoever waits for it goes on.
    async fn pass(&mut self, ms: i64) {
        if self.workers.is_empty() {
            self.base += ms;
        } else {
            tokio::time::advance(Duration::from_millis(u64::try_from(ms.min(40_000)).unwrap_or(0))).await;
        }
        self.tell_time();
    }

    /// People act, and everything that follows happens in some order.
    pub(super) async fn goes_on(&mut self, mut acts: u32) {
        for _ in 0..MOST_STEPS {
            self.work().await;
            let Some(step) = self.choose(acts > 0) else { return };
            if matches!(step, Step::Act) {
                acts -= 1;
            }
            self.take(step).await;
        }
        self.broken.push(Broken::new("S3", "the schedule", "it does not come to rest"));
    }

    fn choose(&mut self, may_act: bool) -> Option<Step> {
        let mut options: Vec<_> = (0..self.held.len()).map(|n| (8, Step::Call(n))).collect();
        options.extend((0..self.slow.len()).map(|n| (4, Step::Answer(n))));
        options.extend((0..self.late.len()).map(|n| (1, Step::Land(n))));
        if self.workers.len() < MOST_WORKERS {
            options.extend((0..flow::waiting(self.world).len()).map(|n| (3, Step::Deliver(n))));
            if self.is_relay_idle() && !locked(&self.world.cloud.stream).is_empty() {
                options.push((1, Step::Relay));
            }
            let unanswered = |(n, sent): (usize, &Sent)| (!sent.working && sent.answers.is_empty()).then_some(n);
            options.extend(self.sent.iter().enumerate().filter_map(unanswered).map(|n| (2, Step::Request(n))));
            if may_act {
                options.push((2, Step::Act));
            }
        }
        if !self.workers.is_empty() {
            let waits_alone = self.held.is_empty() && self.slow.is_empty();
            options.push((if waits_alone { 4 } else { 1 }, Step::Wait));
        }
        (!options.is_empty()).then(|| self.chance.one_of(&options))
    }

    fn is_relay_idle(&self) -> bool {
        !self.workers.iter().any(|worker| matches!(worker.job, Job::Stream))
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Call(n) => {
                let held = self.held.remove(n);
                // It is under way though its sender was ended.
                self.trouble |= held.is_given_up();
                self.call(held).await;
            }
            Step::Answer(n) => {
                let (held, back) = self.slow.remove(n);
                // Whoever gave up before has lost the answer.
                self.trouble |= held.is_given_up();
                self.note(|| format!("answers {}", held.attempt.operation));
                held.answer(back);
            }
            Step::Land(n) => {
                let (sent, attempt) = self.late.remove(n);
                let is_taken = self.world.cloud.now() - sent <= SIGNED_FOR;
                let lands = if is_taken { "lands late" } else { "comes too late" };
                self.note(|| format!("{lands}: {} of {}", attempt.operation, attempt.function));
                if is_taken {
                    self.perform(&attempt, false);
                }
            }
            Step::Deliver(n) => {
                let queue = flow::waiting(self.world).swap_remove(n);
                self.deliver(&queue);
            }
            Step::Relay => self.relay(),
            Step::Request(n) => self.request(n),
            Step::Act => self.act().await,
            Step::Wait => self.wait().await,
        }
        let kills = self.chance.kills;
        if !self.workers.is_empty() && self.chance.happens(kills) {
            let n = self.chance.rng.usize(..self.workers.len());
            self.kill(n);
        }
    }

    async fn act(&mut self) {
        let act = self.people.act(&mut self.chance, self.world);
        self.note(|| format!("{act:?}"));
        match act {
            Act::Fact(fact) => self.tell("EventsQueue", fact.to_string()),
            Act::Poison(queue, body) => self.tell(queue, body),
            Act::Request(asked) => {
                if asked.path.ends_with("/reply") {
                    self.comes_to_the_edge().await;
                }
                let times = if self.chance.rng.u8(..5) == 0 { 2 } else { 1 };
                self.sent.push(Sent { asked, answers: Vec::new(), taken_at: Vec::new(), working: false });
                for _ in 0..times {
                    self.request(self.sent.len() - 1);
                }
            }
            Act::Pass(ms) => self.pass(ms).await,
            Act::Tick(package, late) => self.tick(package, late),
        }
    }

    /// Now and then a reply comes at the very deadline, a millisecond before, or one after.
    async fn comes_to_the_edge(&mut self) {
        if self.workers.is_empty()
            && self.chance.rng.u8(..3) == 0
            && let Some(left) = until_due(self.world)
        {
            let ms = left + self.chance.rng.i64(-1..=1);
            self.pass(ms).await;
        }
    }

    fn tell(&mut self, queue: &'static str, body: String) {
        let times = if self.chance.duplicates > 0.0 && self.chance.rng.u8(..4) == 0 { 2 } else { 1 };
        for _ in 0..times {
            self.world.cloud.send(queue, body.clone());
        }
        self.told.push((queue, body));
    }

    fn starts(&mut self, package: &'static str, job: Job, event: Event) {
        self.begun += 1;
        let (skew, event) = match self.bug {
            Some(Bug::TrustsItsOwnClock) => (HOUR, event.later(HOUR)),
            _ => (self.chance.skew(), event),
        };
        let mut worker = Worker::new(self.world, self.begun, package, job, event);
        worker.skew = skew;
        self.mark(package);
        self.note(|| format!("begins {package} {:?}, its clock off by {} ms", worker.job, worker.skew));
        self.workers.push(worker);
    }

    fn deliver(&mut self, queue: &str) {
        let batch = flow::receive(self.world, queue, &mut self.chance, &mut self.dead);
        if batch.is_empty() {
            return;
        }
        if queue == "NoticesQueue" {
            let notices = batch.iter().filter_map(|m| serde_json::from_str::<domain::notice::Notice>(&m.body).ok());
            self.notices.extend(notices.map(|notice| (notice.id.to_string(), notice.kind.must_arrive())));
        }
        let consumer = functions::ALL
            .into_iter()
            .find(|package| self.world.template.functions[*package].queue.as_deref() == Some(queue));
        let job = Job::Batch { queue: queue.to_owned(), messages: batch.iter().map(|m| m.id.clone()).collect() };
        self.starts(consumer.expect("a queue has a function"), job, Event::Batch(batch));
    }

    fn relay(&mut self) {
        if !self.chance.streams {
            locked(&self.world.cloud.stream).clear();
            return;
        }
        self.shard.trim(self.world);
        let waiting: Vec<_> = locked(&self.world.cloud.stream).iter().map(|entry| entry.image.clone()).collect();
        if waiting.is_empty() {
            return;
        }
        let count = self.shard.next(waiting.len(), &mut self.chance);
        let images = waiting.into_iter().take(count).collect();
        self.starts("outbox-relay", Job::Stream, Event::Stream(images));
    }

    fn request(&mut self, n: Which) {
        let asked = self.sent[n].asked.clone();
        let now = self.world.cloud.now();
        if self.bug == Some(Bug::LateAtTheLastInstant) {
            self.world.cloud.set_now(now + 1);
        }
        let (package, event) =
            self.world.event(asked.method, &asked.path, &asked.claims, &asked.key, &asked.body.to_string());
        self.world.cloud.set_now(now);
        let package = functions::ALL.into_iter().find(|known| **known == package).expect("a function");
        let event = serde_json::from_value(event).expect("a request of the gateway");
        self.sent[n].working = true;
        self.sent[n].taken_at.push(now);
        self.starts(package, Job::Request(n), Event::Request(Box::new(event)));
    }

    pub(super) fn tick(&mut self, package: &'static str, late: i64) {
        let at = self.world.cloud.now() - late;
        self.starts(package, Job::Tick, Event::Tick(at));
    }

    /// The worker is gone; what it has sent may still arrive.
    pub(super) fn kill(&mut self, n: usize) {
        self.trouble = true;
        let worker = self.workers.remove(n);
        self.note(|| format!("dies: {} {:?}", worker.package, worker.job));
        self.mark("dies");
        let (own, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|held| held.worker == worker.id);
        self.held = others;
        for held in own {
            if self.chance.rng.bool() {
                self.goes_astray(held.attempt);
            }
        }
        match worker.job {
            Job::Request(n) => self.sent[n].working = false,
            Job::Stream => self.shard.failed(self.world),
            Job::Batch { .. } | Job::Tick => {}
        }
    }

    /// Lets everybody work until they wait for something.
    fn poll(&mut self, context: &Context<'_>) {
        let mut n = 0;
        while n < self.workers.len() {
            match self.workers[n].poll(self.world, context) {
                Poll::Pending => n += 1,
                Poll::Ready(ended) => {
                    let worker = self.workers.remove(n);
                    self.ended(worker, ended);
                }
            }
        }
        self.held.extend(self.world.cloud.traffic.taken());
    }

    /// Everybody works until they wait for a call or for time; whose time is over is ended.
    async fn work(&mut self) {
        poll_fn(|context| {
            self.poll(context);
            Poll::Ready(())
        })
        .await;
        let now = self.world.cloud.now();
        while let Some(n) = self.workers.iter().position(|worker| worker.until < now) {
            self.kill(n);
        }
    }

    /// Time goes to the next moment at which somebody goes on by themselves.
    async fn wait(&mut self) {
        let before = (self.workers.len(), self.held.len());
        poll_fn(|context| {
            self.poll(context);
            let went_on = (self.workers.len(), self.held.len()) != before;
            // A call that was given up is tried again by itself, after a pause.
            if went_on || self.held.iter().any(Held::is_given_up) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.tell_time();
        self.give_up();
    }

    /// Calls whose sender waits no longer are on their way all the same.
    fn give_up(&mut self) {
        let (gone, held): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held).into_iter().partition(Held::is_given_up);
        self.held = held;
        self.trouble |= !gone.is_empty();
        for held in gone {
            self.goes_astray(held.attempt);
        }
    }

    /// A call goes on without its sender.
    pub(super) fn goes_astray(&mut self, attempt: Attempt) {
        self.late.push((self.world.cloud.now(), attempt));
    }

    fn ended(&mut self, worker: Worker, ended: Ended) {
        self.mark(worker.package);
        self.note(|| format!("ends {} {:?}: {ended:?}", worker.package, worker.job));
        match (worker.job, ended) {
            (Job::Batch { queue, messages }, Ended::Batch(Some(failed))) => {
                let failed = if self.bug == Some(Bug::AcknowledgesFailures) { Vec::new() } else { failed };
                self.reports_taken(&queue, &messages, &failed);
                let taken: Vec<_> = messages.iter().filter(|id| !failed.contains(id)).collect();
                flow::delete(self.world, &queue, &taken, &mut self.chance);
            }
            (Job::Stream, Ended::Done(true)) => self.shard.taken(self.world),
            (Job::Stream, Ended::Done(false)) => self.shard.failed(self.world),
            (Job::Request(n), Ended::Reply(status, body)) => {
                self.sent[n].working = false;
                if status >= 500 && status != 503 {
                    self.broken.push(Broken::new(
                        "X4",
                        &self.sent[n].asked.path,
                        &format!("answered {status}: {body}"),
                    ));
                }
                if status != 503 {
                    self.sent[n].answers.push((status, body));
                }
            }
            _ => {}
        }
    }
}
