//! The services behind a function that is measured: the model's tables and queues that take everything. Each call is counted,
//! takes a fixed time, and leaves nothing behind but what it wrote.

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use shell::{Connection, RetryPartition, Shell, clock::Clock};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use world::{cloud::locked, environment, faults::Attempt, model::Tables, shipped::BOOK, template::Template};

/// What a call takes from a function to a service in its region, there and back.
pub const CALL: Duration = Duration::from_millis(5);

/// Tables and queues.
#[derive(Debug)]
pub struct Services {
    template: Template,
    tables: Mutex<Tables>,
    counts: Mutex<BTreeMap<String, u64>>,
    largest: AtomicU64,
    now: AtomicI64,
    slow: Mutex<Duration>,
}

impl Services {
    /// Empty ones, at this time.
    pub fn new(now: DateTime<Utc>) -> Arc<Self> {
        let template = Template::load();
        Arc::new(Self {
            tables: Mutex::new(Tables::new(template.tables.values())),
            template,
            counts: Mutex::default(),
            largest: AtomicU64::new(0),
            now: AtomicI64::new(now.timestamp_millis()),
            slow: Mutex::default(),
        })
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now.load(Ordering::Relaxed)).expect("a time")
    }

    /// Sets it.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.now.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// From now on each call takes its time and is counted, from zero.
    pub fn watch(&self) {
        *locked(&self.slow) = CALL;
        locked(&self.counts).clear();
        self.largest.store(0, Ordering::Relaxed);
    }

    /// From now on calls take no time; what was called since, and the most bytes that an answer had.
    pub fn counted(&self) -> (BTreeMap<String, u64>, u64) {
        *locked(&self.slow) = Duration::ZERO;
        (std::mem::take(&mut *locked(&self.counts)), self.largest.load(Ordering::Relaxed))
    }

    /// A process of this function.
    pub fn shell(self: &Arc<Self>, package: &str) -> Shell {
        let wire = SharedHttpConnector::new(Wire(Arc::clone(self)));
        let connection = Connection {
            aws: wire.clone(),
            web: wire,
            outward: None,
            retries: RetryPartition::new("scale"),
            signed: false,
        };
        let services = Arc::clone(self);
        let env = environment(&self.template.functions[package], false);
        Shell::new(connection, &env, Clock::of(move || services.now()), Arc::clone(&BOOK)).expect("the function starts")
    }

    fn answer(&self, asked: &Attempt) -> (u16, String) {
        *locked(&self.counts).entry(asked.operation.clone()).or_default() += 1;
        let answer = if asked.target.starts_with("DynamoDB_") {
            locked(&self.tables).answer(&asked.operation, &asked.body, self.now.load(Ordering::Relaxed))
        } else {
            let request: Json = serde_json::from_str(&asked.body).unwrap_or_default();
            let entries = request["Entries"].as_array().into_iter().flatten();
            let taken: Vec<_> =
                entries.map(|entry| json!({ "Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "" })).collect();
            (200, json!({ "Successful": taken, "Failed": [] }).to_string())
        };
        self.largest.fetch_max(answer.1.len() as u64, Ordering::Relaxed);
        answer
    }
}

#[derive(Debug, Clone)]
struct Wire(Arc<Services>);

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (services, asked) = (Arc::clone(&self.0), Attempt::of("scale", &request));
        HttpConnectorFuture::new(async move {
            let slow = *locked(&services.slow);
            if !slow.is_zero() {
                tokio::time::sleep(slow).await;
            }
            let (status, body) = services.answer(&asked);
            Ok(HttpResponse::new(StatusCode::try_from(status).expect("a status"), SdkBody::from(body)))
        })
    }
}
