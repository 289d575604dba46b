//! One path on its stage: run it with faults, deliver it again until it is quiet, look at what it left, put it back.

use super::paths::{Trigger, before};
use crate::stories::told::Told;
use aws_lambda_events::{encodings::Body, sqs::SqsEvent};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use shell::schedule::Tick;
use std::collections::BTreeMap;
use world::{
    Delivery, World,
    cloud::{Kept, locked},
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

/// What a path has left when it was quiet.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// Every item of every table.
    pub items: Items,
    /// The mails that were sent.
    pub mails: Vec<(String, String)>,
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
}

/// The most deliveries until it must be quiet; the queues give up after five.
const PATIENCE: u32 = 5;

/// A batch as the poller brings it, each message for the n-th time.
pub fn batch(messages: &[(String, String)], sent: DateTime<Utc>, deliveries: u32) -> SqsEvent {
    let record = |(id, body): &(String, String)| {
        json!({ "messageId": id, "receiptHandle": "r", "body": body, "md5OfBody": "",
            "attributes": { "SentTimestamp": sent.timestamp_millis().to_string(),
                "ApproximateReceiveCount": deliveries.to_string() },
            "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "arn", "awsRegion": "eu-west-1" })
    };
    let records: Vec<_> = messages.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

fn stream_event(images: &[Json]) -> aws_lambda_events::dynamodb::Event {
    let record = |image: &Json| {
        json!({ "awsRegion": "eu-west-1", "eventID": "e", "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "eventVersion": "1.1", "eventSourceARN": "arn",
            "dynamodb": { "ApproximateCreationDateTime": 0, "Keys": { "pk": image["pk"], "sk": image["sk"] },
                "NewImage": image, "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE" } })
    };
    let records: Vec<_> = images.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

fn all_items(world: &World) -> Items {
    let mut items = Items::new();
    for table in world.template.tables.keys() {
        let key = |item: &Json, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
        world.each_item(table, |item| {
            items.insert((table.clone(), key(&item, "pk"), key(&item, "sk")), item);
        });
    }
    items
}

impl Stage {
    /// The world before a path.
    pub async fn set(path: &'static str) -> Self {
        let mut told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Once));
        let trigger = before(&mut told, path).await;
        assert!(told.world.parked().is_empty(), "{path}: {:?}", told.world.parked());
        let (items, kept, now) = (all_items(&told.world), told.world.cloud.kept(), told.world.cloud.now());
        let mails = locked(&told.world.cloud.mails).len();
        Self { path, told, trigger, items, kept, now, mails }
    }

    /// Whether the path's messages go on to other functions.
    fn goes_on(&self) -> bool {
        matches!(self.trigger, Trigger::Tick(_) | Trigger::Stream(_))
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
        let cloud = std::sync::Arc::clone(&self.told.world.cloud);
        cloud.faults.begin(faults);
        let answer = self.until_quiet(faults).await;
        cloud.land(true);
        let calls = cloud.faults.end();
        if self.goes_on() {
            self.follow().await;
        }
        assert_eq!(self.told.world.dead(), [], "{}: {faults:?}", self.path);
        let mails = locked(&cloud.mails).split_off(self.mails);
        let mails = mails.into_iter().map(|mail| (mail.to, mail.raw)).collect();
        let items = all_items(&self.told.world);
        cloud.put_back(&self.kept);
        (Left { items, mails, answer }, calls)
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
        if self.path == "rollup" && !locked(&world.cloud.queues).values().any(|waiting| !waiting.is_empty()) {
            world.tick("fee-rollup").await;
        }
        for message in locked(&world.cloud.queues).values_mut().flatten() {
            message.sent = self.now;
        }
        world.settle().await;
    }

    async fn until_quiet(&self, faults: &[Fault]) -> Option<(i64, Json)> {
        let cloud = &self.told.world.cloud;
        let mut waiting = match &self.trigger {
            Trigger::Messages(_, bodies) => (0..).map(|n| format!("m{n}")).zip(bodies.iter().cloned()).collect(),
            _ => Vec::new(),
        };
        for delivery in 1..=PATIENCE {
            let ended = tokio::select! {
                biased;
                () = cloud.faults.killed() => Ended::Again,
                ended = self.once(&mut waiting, delivery) => ended,
            };
            cloud.land(false);
            if let Ended::Quiet(answer) = ended {
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
                let event = batch(waiting, world.now(), delivery);
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
                    assert_eq!(
                        response.status_code, 503,
                        "{}: a fault of a service is no fault of ours: {text}",
                        self.path
                    );
                    return Ended::Again;
                }
                Ended::Quiet(Some((response.status_code, serde_json::from_str(&text).unwrap())))
            }
            Trigger::Tick(package) => {
                let tick = Tick { time: Some(world.now()) };
                match functions::tick(package, world.shell(package), tick).await {
                    Ok(_) => Ended::Quiet(None),
                    Err(_) => Ended::Again,
                }
            }
            Trigger::Stream(images) => match functions::stream(world.shell("outbox-relay"), stream_event(images)).await
            {
                Ok(_) => Ended::Quiet(None),
                Err(_) => Ended::Again,
            },
        }
    }
}
