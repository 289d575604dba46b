//! The queue's edge: each record is read, decided and committed by itself. One that cannot be taken is parked with its
//! reason, one that may go well later is reported, and its neighbours never notice.

use crate::{
    Shell,
    clock::{ANSWER, time_left},
    commit::{Commit, Fact},
    failure::Failure,
    parked::park,
    store::{Committed, attempts},
    telemetry,
};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use chrono::{DateTime, TimeDelta};
use domain::{
    at::{Actor, At, Instant},
    outcome::RefusalKind,
};
use futures_util::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;
use std::{panic::AssertUnwindSafe, time::Duration};
use tokio::time::{Instant as Stopwatch, timeout};

/// A record that waits for something else is parked when it has come so often: before the queue gives it up.
const PATIENCE: u32 = 4;
/// And has waited so long: a queue may bring one message several times at one moment, and counts each.
const LEAST_WAIT: TimeDelta = TimeDelta::minutes(5);
/// No record is begun with less time left.
const RESERVE: Duration = Duration::from_secs(3);

/// One message.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its body.
    pub body: Vec<u8>,
    /// When it was sent, as the queue says.
    pub sent_at: Instant,
    /// The time of what it causes: when it was sent, never in the future.
    pub now: Instant,
    /// The queue's id of it.
    pub id: String,
    /// How often it has come, this time included.
    pub deliveries: u32,
}

enum Ended {
    Done,
    Again,
}

impl Record {
    fn new(message: SqsMessage, shell: &Shell) -> Option<Self> {
        let attribute = |name: &str| message.attributes.get(name);
        let sent = attribute("SentTimestamp").and_then(|ms| ms.parse().ok()).and_then(DateTime::from_timestamp_millis);
        let sent_at = sent.unwrap_or_else(|| shell.clock.wall());
        Some(Self {
            sent_at,
            now: shell.clock.event(sent_at),
            deliveries: attribute("ApproximateReceiveCount").and_then(|n| n.parse().ok()).unwrap_or(1),
            id: message.message_id?,
            body: message.body.unwrap_or_default().into_bytes(),
        })
    }

    /// The message, where it is one of our own.
    pub fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Failure::bad_field("malformed_json", "body", format!("is nothing that is sent here: {error}"))
        })
    }

    /// The circumstances of a decision that this fact asks for.
    #[must_use]
    pub fn at(&self, fact: &Fact, actor: Actor) -> At {
        At { now: self.now, actor, cause: fact.cause() }
    }

    /// Whether what it waits for had its time to come.
    fn has_waited(&self, now: Instant) -> bool {
        self.deliveries >= PATIENCE && now.signed_duration_since(self.sent_at) >= LEAST_WAIT
    }

    /// Decides and commits, again after a lost race. `None`: nothing to write.
    pub async fn write(
        &self,
        shell: &Shell,
        mut decide: impl AsyncFnMut() -> Result<Option<Commit>, Failure>,
    ) -> Result<(), Failure> {
        attempts(&self.id, async || match decide().await? {
            None => Ok(()),
            Some(commit) => match shell.store.commit(&commit).await? {
                Committed::Now | Committed::Before(_) => Ok(()),
            },
        })
        .await
    }
}

/// One batch. What the time does not suffice for is reported and comes again (X5). An error means that not one record could
/// be taken for now: the poller backs off.
pub async fn run(
    shell: &Shell,
    function: &str,
    event: SqsEvent,
    time_left: Duration,
    handle: &impl AsyncFn(&Shell, &Record) -> Result<(), Failure>,
) -> Result<SqsBatchResponse, Failure> {
    let begun = Stopwatch::now();
    let (mut again, total) = (Vec::new(), event.records.len());
    for message in event.records {
        let Some(record) = Record::new(message, shell) else {
            return Err(Failure::Fault("a record without an id: the batch cannot be answered record by record".into()));
        };
        let left = time_left.saturating_sub(begun.elapsed());
        let ended = if left < RESERVE { Ended::Again } else { one(shell, function, &record, left, handle).await };
        if matches!(ended, Ended::Again) {
            again.push(record.id);
        }
    }
    if total > 0 && again.len() == total {
        return Err(Failure::Transient("not one record of the batch could be taken".into()));
    }
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = again
        .into_iter()
        .map(|id| {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            failure
        })
        .collect();
    Ok(response)
}

async fn one(
    shell: &Shell,
    function: &str,
    record: &Record,
    left: Duration,
    handle: &impl AsyncFn(&Shell, &Record) -> Result<(), Failure>,
) -> Ended {
    let handled = AssertUnwindSafe(Box::pin(handle(shell, record))).catch_unwind();
    let ended = match timeout(left.saturating_sub(ANSWER), handled).await {
        Ok(Ok(ended)) => ended,
        Ok(Err(_)) => Err(Failure::Fault("the handler panicked".into())),
        Err(_) => Err(Failure::Transient("the time of the invocation is over".into())),
    };
    telemetry::handled(function, record, ended.as_ref().err());
    let Err(failure) = ended else { return Ended::Done };
    let give_up = match &failure {
        Failure::BadInput { .. } | Failure::Fault(_) => true,
        Failure::Refused(refusal) => match refusal.kind {
            RefusalKind::Input => true,
            RefusalKind::NotYet => record.has_waited(shell.clock.wall()),
            RefusalKind::TooFast { .. } => false,
            RefusalKind::State | RefusalKind::Unseen | RefusalKind::Forbidden | RefusalKind::Outdated => {
                return Ended::Done;
            }
        },
        Failure::Stale | Failure::Transient(_) => false,
    };
    if give_up && park(shell, function, record, &failure).await.is_ok() { Ended::Done } else { Ended::Again }
}

/// Serves a queue until Lambda ends the process.
pub async fn serve(
    function: &'static str,
    handle: impl AsyncFn(&Shell, &Record) -> Result<(), Failure>,
) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle) = (&shell, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        run(shell, function, event.payload, time_left(&event.context), handle).await
    }))
    .await
}
