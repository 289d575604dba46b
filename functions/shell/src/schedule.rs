//! The schedule's edge. A tick carries nothing but its time; what is due is found, not remembered, so a tick that is
//! late, doubled or missed changes nothing but when. One that does not say its time fails: what is due is never read off
//! a machine's clock, which may be ahead.

use crate::{Shell, clock::time_left, commit::Item, failure::Failure, key::Table, telemetry};
use chrono::{DateTime, Utc};
use domain::at::Instant;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant as Stopwatch;

/// No page is begun with less time left.
const RESERVE: Duration = Duration::from_secs(5);

/// A tick of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Tick {
    /// The schedule's own time.
    pub time: DateTime<Utc>,
}

/// What a tick has to do: all that was due at a time, as far as its own time goes.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    until: Instant,
    ends: Stopwatch,
}

impl Work {
    /// Hands on whatever is due in this table, page by page; says how much was done. What the time does not suffice for is
    /// found by the next tick, which begins with another shard.
    pub async fn each_page(
        self,
        shell: &Shell,
        table: Table,
        hand_on: impl AsyncFn(&[Item]) -> Result<u64, Failure>,
    ) -> Result<u64, Failure> {
        let mut shards: Vec<_> = shell.store.due_shards().collect();
        let minute = usize::try_from(self.until.timestamp().div_euclid(60)).unwrap_or(0);
        let first = minute.checked_rem(shards.len()).unwrap_or(0);
        shards.rotate_left(first);
        let mut done = 0;
        for shard in shards {
            let mut from = None;
            loop {
                if Stopwatch::now() >= self.ends {
                    return Ok(done);
                }
                let page = shell.store.due(table, &shard, self.until, from).await?;
                done += hand_on(&page.rows).await?;
                from = page.next;
                if from.is_none() {
                    break;
                }
            }
        }
        Ok(done)
    }
}

/// One tick.
pub async fn run(
    shell: &Shell,
    tick: Tick,
    time_left: Duration,
    handle: &impl AsyncFn(&Shell, Work) -> Result<u64, Failure>,
) -> Result<u64, Failure> {
    let ends = Stopwatch::now() + time_left.saturating_sub(RESERVE);
    let ended = Box::pin(handle(shell, Work { until: shell.clock.event(tick.time), ends })).await;
    telemetry::ticked(&ended);
    ended
}

/// Serves a schedule until Lambda ends the process. The answer says how much was due.
pub async fn serve(handle: impl AsyncFn(&Shell, Work) -> Result<u64, Failure>) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle) = (&shell, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Tick>| {
        run(shell, event.payload, time_left(&event.context), handle).await
    }))
    .await
}
