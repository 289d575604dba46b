//! The schedule's edge. A tick carries nothing but its time; what is due is found, not remembered, so a tick that is
//! late, doubled or missed changes nothing but when. One that does not say its time fails: what is due is never read off
//! a machine's clock, which may be ahead.

use crate::{Shell, failure::Failure, telemetry};
use chrono::{DateTime, Utc};
use domain::at::Instant;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;

/// A tick of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Tick {
    /// The schedule's own time.
    pub time: DateTime<Utc>,
}

/// One tick.
pub async fn run(
    shell: &Shell,
    tick: Tick,
    handle: &impl AsyncFn(&Shell, Instant) -> Result<u64, Failure>,
) -> Result<u64, Failure> {
    let ended = Box::pin(handle(shell, shell.clock.event(tick.time))).await;
    telemetry::ticked(&ended);
    ended
}

/// Serves a schedule until Lambda ends the process. The answer says how much was due.
pub async fn serve(handle: impl AsyncFn(&Shell, Instant) -> Result<u64, Failure>) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle) = (&shell, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Tick>| run(shell, event.payload, handle).await)).await
}
