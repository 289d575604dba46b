//! One path on its stage: run it with faults, deliver it again until it is quiet, look at what it left, put it back.

use super::{
    hooks,
    mails::MAILS,
    moves::PARKED,
    paths::{Trigger, before},
};
use crate::stories::told::Told;
use aws_lambda_events::{encodings::Body, sqs::SqsEvent};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use shell::{key::BUCKET, schedule::Tick};
use std::collections::BTreeMap;
use world::{
    Delivery, World,
    cloud::{Kept, Message, locked},
    events,
    faults::Fault,
    functions,
    verify::{Finding, Moment, verify},
};

/// Every item by table and key.
pub type Items = BTreeMap<(String, String, String), Json>;

/// What was asked once, and how it ended.
enum Ended {
    /// Answered for good; a request with this.
    Quiet(Option<(i64, Json)>),
    /// It comes again.
    Again,
}

/// What came of one delivery.
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    /// It is done; a request with this answer.
    Done(Option<(i64, Json)>),
    /// It comes again.
    Again,
}

/// What a path has left when it was quiet.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// Every item of every table.
    pub items: Items,
    /// The mails that were sent.
    pub mails: Vec<(String, String)>,
    /// The webhooks that were taken, each with its id.
    pub told: Vec<(String, String)>,
    /// The answer to a request.
    pub answer: Option<(i64, Json)>,
}

/// A path and the world before it.
pub struct Stage {
    /// Which.
    pub path: &'static str,
    told: Told,
    trigger: Trigger,
    items: Items,
    kept: Kept,
    now: i64,
    mails: usize,
    webhooks: usize,
}

/// The most deliveries until it must be quiet; the queues give up after five.
const PATIENCE: u32 = 5;
/// A message that failed comes again after so many milliseconds.
const VISIBILITY: i64 = 180_000;

/// A batch as the poller brings it, each message for the n-th time.
pub fn batch(messages: &[(String, String)], sent: DateTime<Utc>, deliveries: u32) -> SqsEvent {
    let message = |(id, body): &(String, String)| Message {
        id: id.clone(),
        body: body.clone(),
        sent: sent.timestamp_millis(),
        deliveries,
        visible_at: 0,
    };
    events::batch(&messages.iter().map(message).collect::<Vec<_>>())
}

/// Every item, but for sellers' buckets: they count what was tried, whatever came of it.
fn all_items(world: &World) -> Items {
    let mut items = Items::new();
    for table in world.template.tables.keys() {
        let key = |item: &Json, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
        world.each_item(table, |item| {
            items.insert((table.clone(), key(&item, "pk"), key(&item, "sk")), item);
        });
    }
    items.retain(|(.., sk), _| sk != BUCKET);
    items
}

impl Stage {
    /// The world before a path.
    pub async fn set(path: &'static str) -> Self {
        let world = World::new("2026-08-03T15:00:00Z", Delivery::Once);
        let mut told = Told::new(if hooks::PATHS.contains(&path) { world.telling() } else { world });
        let trigger = before(&mut told, path).await;
        assert_eq!(told.world.parked().len(), usize::from(path == PARKED), "{path}: {:?}", told.world.parked());
        let (items, kept, now) = (all_items(&told.world), told.world.cloud.kept(), told.world.cloud.now());
        let (mails, webhooks) = (locked(&told.world.cloud.mails).len(), told.world.told().len());
        Self { path, told, trigger, items, kept, now, mails, webhooks }
    }

    /// Whether the path's messages go on to other functions.
    fn goes_on(&self) -> bool {
        matches!(self.trigger, Trigger::Tick(_) | Trigger::Stream(_))
    }

    /// The world, for a test that changes what is there before the path.
    pub fn world(&self) -> &World {
        &self.told.world
    }

    /// From now on the stage begins with what is in the world now, and with these messages.
    pub fn begin_with(&mut self, change: impl Fn(&str) -> String) {
        if let Trigger::Messages(_, bodies) = &mut self.trigger {
            for body in bodies {
                *body = change(body);
            }
        }
        self.items = all_items(&self.told.world);
        self.kept = self.told.world.cloud.kept();
    }

    /// The path's event once, whatever comes of it, and all that follows at this time. The world is left as it is then.
    pub async fn come(&self, delivery: u32) -> Came {
        self.told.world.begin_anew();
        let mut waiting = self.messages();
        match self.once(&mut waiting, delivery).await {
            Ended::Quiet(answer) => Came::Done(answer),
            Ended::Again => Came::Again,
        }
    }

    /// Every item there is.
    pub fn items(&self) -> Items {
        all_items(&self.told.world)
    }

    /// All that follows.
    pub async fn settle(&mut self) {
        self.told.world.settle().await;
    }

    /// Everything as it was before the path.
    pub fn put_back(&self) {
        self.told.world.cloud.put_back(&self.kept);
    }

    /// From now on no transaction's conditions are asked.
    pub fn plant_a_bug(&self) {
        self.told.world.cloud.faults.ask_no_conditions();
    }

    /// Whether anything is there that was not before.
    pub fn differs(&self, left: &Left) -> bool {
        self.items != left.items
    }

    /// What the verifier finds in it. What the path has sent on is still in a queue.
    pub fn verified(&self, left: &Left) -> Vec<Finding> {
        let items = left.items.iter().map(|((table, ..), item)| (table.as_str(), item));
        verify(&self.told.world.shell("sla-sweep").book, Moment::Running, items).findings
    }

    /// Which function the path is of.
    pub fn package(&self) -> String {
        match &self.trigger {
            Trigger::Messages(package, _) | Trigger::Tick(package) => (*package).to_owned(),
            Trigger::Request(package, _) => package.clone(),
            Trigger::Stream(_) => "outbox-relay".to_owned(),
        }
    }

    /// The path with these faults, until it is quiet: what it left, and the calls it made. The stage is as before then.
    pub async fn run(&mut self, faults: &[Fault]) -> (Left, Vec<String>) {
        self.told.world.begin_anew();
        let cloud = std::sync::Arc::clone(&self.told.world.cloud);
        cloud.faults.begin(faults);
        let answer = self.until_quiet(faults).await;
        cloud.land(true);
        let calls = cloud.faults.end();
        (self.left(answer).await, calls)
    }

    /// What the path has left; the stage is as before then.
    async fn left(&mut self, answer: Option<(i64, Json)>) -> Left {
        if self.goes_on() {
            self.follow().await;
        }
        assert_eq!(self.told.world.dead(), [], "{}", self.path);
        let cloud = &self.told.world.cloud;
        let mails = locked(&cloud.mails).split_off(self.mails);
        let mails = mails.into_iter().map(|mail| (mail.to, mail.raw)).collect();
        let told = self.told.world.told().split_off(self.webhooks);
        let told = told.into_iter().map(|webhook| (webhook.id, webhook.body)).collect();
        let items = all_items(&self.told.world);
        cloud.put_back(&self.kept);
        Left { items, mails, told, answer }
    }

    /// Two workers get the path's event at one moment: the first stops at this call, the second runs to its end, the
    /// first goes on. `deliveries` says how often the second's message has come by then. Whatever fails comes again after
    /// its visibility time. Says what was left, and what the second was answered.
    pub async fn run_two(&mut self, at: Fault, deliveries: u32) -> (Left, Option<(i64, Json)>) {
        self.told.world.begin_anew();
        let cloud = std::sync::Arc::clone(&self.told.world.cloud);
        cloud.faults.begin(&[at]);
        let (mut first, mut second) = (self.messages(), self.messages());
        // Two clocks never say the same; only who owns a mail depends on it.
        let apart = i64::from(self.path.starts_with(MAILS));
        let other = async {
            cloud.faults.held().await;
            cloud.set_now(self.now + apart);
            let ended = self.once(&mut second, deliveries).await;
            cloud.set_now(self.now);
            cloud.faults.let_go();
            ended
        };
        let ends = tokio::join!(self.once(&mut first, 1), other);
        let mut answers = Vec::new();
        for (mut ended, mut waiting) in [(ends.0, first), (ends.1, second)] {
            let mut delivery = deliveries;
            while matches!(ended, Ended::Again) {
                delivery += 1;
                assert!(delivery <= PATIENCE, "{}: {at:?}: not quiet", self.path);
                cloud.set_now(self.now + i64::from(delivery) * VISIBILITY);
                ended = self.once(&mut waiting, delivery).await;
            }
            let Ended::Quiet(answer) = ended else { unreachable!("it is quiet") };
            answers.push(answer);
        }
        cloud.set_now(self.now);
        cloud.faults.end();
        let left = self.left(answers[0].clone()).await;
        (left, answers.swap_remove(1))
    }

    /// The path's event comes twice, the second time so much later; what was left after each, and the second answer.
    pub async fn run_again_after(&mut self, later: chrono::TimeDelta) -> (Items, Items, [Option<(i64, Json)>; 2]) {
        self.told.world.begin_anew();
        let cloud = std::sync::Arc::clone(&self.told.world.cloud);
        let mut all = Vec::new();
        let mut answers = Vec::new();
        for (delivery, now) in [(1, self.now), (2, self.now + later.num_milliseconds())] {
            let mut waiting = self.messages();
            cloud.set_now(now);
            let ended = self.once(&mut waiting, delivery).await;
            let Ended::Quiet(answer) = ended else { panic!("{}: not quiet at delivery {delivery}", self.path) };
            answers.push(answer);
            self.told.world.settle().await;
            all.push(all_items(&self.told.world));
        }
        assert_eq!(self.told.world.dead(), [], "{}", self.path);
        cloud.put_back(&self.kept);
        let second = all.swap_remove(1);
        (all.swap_remove(0), second, [answers.swap_remove(0), answers.swap_remove(0)])
    }

    /// When the path's messages were sent.
    fn sent(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now).unwrap()
    }

    /// What was not taken is found by the next tick, and all that follows happens. The tick's messages are stamped as if
    /// they had left at once, so that what follows compares.
    async fn follow(&mut self) {
        let world = &mut self.told.world;
        let soon = self.now + 120_000;
        let is_due =
            |item: &Json| item["due_at"]["N"].as_str().and_then(|at| at.parse().ok()).is_some_and(|at: i64| at <= soon);
        let left_over = world.items("OutboxTable").iter().any(is_due);
        if left_over {
            world.cloud.set_now(soon);
            world.tick("sla-sweep").await;
            world.cloud.set_now(self.now);
        }
        let waits = |queue: &str| locked(&world.cloud.queues).get(queue).is_some_and(|waiting| !waiting.is_empty());
        if self.path == "rollup" && !(waits("FeesQueue") && waits("DaysQueue")) {
            world.tick("ledger-rollup").await;
        }
        for message in locked(&world.cloud.queues).values_mut().flatten() {
            message.sent = self.now;
        }
        world.settle().await;
    }

    /// The path's messages, each with its id.
    fn messages(&self) -> Vec<(String, String)> {
        match &self.trigger {
            Trigger::Messages(_, bodies) => (0..).map(|n| format!("m{n}")).zip(bodies.iter().cloned()).collect(),
            _ => Vec::new(),
        }
    }

    async fn until_quiet(&self, faults: &[Fault]) -> Option<(i64, Json)> {
        let cloud = &self.told.world.cloud;
        let mut waiting = self.messages();
        for delivery in 1..=PATIENCE {
            // Whether a mail's last attempt is over, only time tells.
            if self.path.starts_with(MAILS) {
                cloud.set_now(self.now + i64::from(delivery - 1) * VISIBILITY);
            }
            let ended = tokio::select! {
                biased;
                () = cloud.faults.killed() => Ended::Again,
                ended = cloud.secrecy.reading_the_log(self.once(&mut waiting, delivery)) => ended,
            };
            cloud.land(false);
            if let Ended::Quiet(answer) = ended {
                cloud.set_now(self.now);
                return answer;
            }
        }
        panic!("{}: not quiet after {PATIENCE} deliveries: {faults:?}", self.path);
    }

    /// One delivery.
    async fn once(&self, waiting: &mut Vec<(String, String)>, delivery: u32) -> Ended {
        let world = &self.told.world;
        match &self.trigger {
            Trigger::Messages(package, _) => {
                let event = batch(waiting, self.sent(), delivery);
                let Ok(response) = functions::queue(package, world.shell(package), event).await else {
                    return Ended::Again;
                };
                let failed: Vec<_> = response.batch_item_failures.into_iter().map(|f| f.item_identifier).collect();
                waiting.retain(|(id, _)| failed.contains(id));
                if waiting.is_empty() { Ended::Quiet(None) } else { Ended::Again }
            }
            Trigger::Request(package, event) => {
                let event = serde_json::from_value(event.clone()).unwrap();
                let response = functions::http(package, world.shell(package), event).await;
                let Some(Body::Text(text)) = response.body else { panic!("a body of text") };
                if response.status_code >= 500 {
                    // A fault of a service is no fault of ours; what cannot be read is.
                    if response.status_code != 503 {
                        return Ended::Quiet(Some((response.status_code, serde_json::from_str(&text).unwrap())));
                    }
                    return Ended::Again;
                }
                Ended::Quiet(Some((response.status_code, serde_json::from_str(&text).unwrap())))
            }
            Trigger::Tick(package) => {
                let tick = Tick { time: world.now() };
                match functions::tick(package, world.shell(package), tick).await {
                    Ok(_) => Ended::Quiet(None),
                    Err(_) => Ended::Again,
                }
            }
            Trigger::Stream(images) => {
                match functions::stream(world.shell("outbox-relay"), events::stream(images)).await {
                    Ok(_) => Ended::Quiet(None),
                    Err(_) => Ended::Again,
                }
            }
        }
    }
}
