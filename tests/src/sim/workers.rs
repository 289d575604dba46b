//! Workers: each is one invocation of one function, a future that is polled here and nowhere else, with a clock of its
//! own that may be off.

use crate::{World, cloud::Message, events, functions};
use aws_lambda_events::encodings::Body;
use chrono::DateTime;
use futures_util::task::AtomicWaker;
use serde_json::Value as Json;
use shell::schedule::Tick;
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake},
};

/// Of a request: its place in the order of all requests.
pub type Which = usize;

/// What a worker works on.
#[derive(Debug, Clone)]
pub enum Job {
    /// A batch of a queue: the ids of its messages.
    Batch { queue: String, messages: Vec<String> },
    /// A request.
    Request(Which),
    /// Items from the beginning of the stream.
    Stream,
    /// A tick.
    Tick,
}

/// How a worker ended.
#[derive(Debug)]
pub enum Ended {
    /// Of a batch: what was not taken; `None`: nothing was.
    Batch(Option<Vec<String>>),
    /// Of a request: status and body.
    Reply(i64, Json),
    /// Of the rest: whether it went well.
    Done(bool),
}

/// One invocation.
pub struct Worker {
    /// Counts the workers of a schedule.
    pub id: u64,
    /// Which function.
    pub package: &'static str,
    /// On what.
    pub job: Job,
    /// How far its clock is off.
    pub skew: i64,
    /// When the platform ends it, in milliseconds.
    pub until: i64,
    polls: u64,
    bell: Arc<Bell>,
    work: Pin<Box<dyn Future<Output = Ended>>>,
}

/// Rings when what a worker waits for has come. Whoever waits for any of them hears it too.
#[derive(Debug, Default)]
struct Bell {
    has_rung: AtomicBool,
    anybody: AtomicWaker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.has_rung.store(true, Ordering::Relaxed);
        self.anybody.wake();
    }
}

/// The platform ends a worker after so long: of a request, of anything else.
const REQUEST_TIME: i64 = 10_000;
const TIME: i64 = 30_000;

impl Worker {
    /// A function at work on this; with its event, which is of this kind.
    pub fn new(world: &World, id: u64, package: &'static str, job: Job, event: Event) -> Self {
        let shell = world.shell(package).clone();
        let time = if matches!(job, Job::Request(_)) { REQUEST_TIME } else { TIME };
        let work: Pin<Box<dyn Future<Output = Ended>>> = match event {
            Event::Batch(messages) => Box::pin(async move {
                let ended = functions::queue(package, &shell, events::batch(&messages)).await;
                Ended::Batch(ended.ok().map(|response| {
                    response.batch_item_failures.into_iter().map(|failed| failed.item_identifier).collect()
                }))
            }),
            Event::Request(event) => Box::pin(async move {
                let response = functions::http(package, &shell, *event).await;
                let Some(Body::Text(text)) = response.body else { panic!("a body of text") };
                Ended::Reply(response.status_code, serde_json::from_str(&text).expect("a body of JSON"))
            }),
            Event::Stream(images) => {
                Box::pin(async move { Ended::Done(functions::stream(&shell, events::stream(&images)).await.is_ok()) })
            }
            Event::Tick(at) => Box::pin(async move {
                let tick = Tick { time: DateTime::from_timestamp_millis(at).expect("a time") };
                Ended::Done(functions::tick(package, &shell, tick).await.is_ok())
            }),
        };
        let bell = Arc::new(Bell { has_rung: AtomicBool::new(true), ..Bell::default() });
        Self { id, package, job, skew: 0, until: world.cloud.now() + time, polls: 0, bell, work }
    }

    /// Lets it work until it waits for something; not at all while what it waits for has not come.
    pub fn poll(&mut self, world: &World, context: &Context<'_>) -> Poll<Ended> {
        self.bell.anybody.register(context.waker());
        if !self.bell.has_rung.swap(false, Ordering::Relaxed) {
            return Poll::Pending;
        }
        // The SDK's pauses are random, and a client that is used for the first time draws once more than others.
        self.polls += 1;
        fastrand::seed((self.id << 32) + self.polls);
        world.cloud.skew(self.skew);
        world.cloud.traffic.of(Some(self.id));
        let bell = Arc::clone(&self.bell).into();
        let polled = self.work.as_mut().poll(&mut Context::from_waker(&bell));
        world.cloud.traffic.of(None);
        world.cloud.skew(0);
        polled
    }
}

impl Event {
    /// The same as it would be so much later, in milliseconds: what a function makes of it that reads its own clock.
    pub fn later(self, by: i64) -> Self {
        match self {
            Self::Batch(messages) => {
                Self::Batch(messages.into_iter().map(|m| Message { sent: m.sent + by, ..m }).collect())
            }
            Self::Tick(at) => Self::Tick(at + by),
            other => other,
        }
    }
}

/// What a function is called with.
pub enum Event {
    /// Messages of its queue.
    Batch(Vec<Message>),
    /// A request of the gateway.
    Request(Box<aws_lambda_events::apigw::ApiGatewayV2httpRequest>),
    /// Items of the outbox' stream.
    Stream(Vec<Json>),
    /// A tick of this time.
    Tick(i64),
}
