//! The stream's edge: items as they were written to a table.

use crate::{Shell, failure::Failure, telemetry};
use aws_lambda_events::dynamodb::Event;
use lambda_runtime::{LambdaEvent, service_fn};

/// The new items of a batch, in the order in which they were written.
fn inserted(event: Event) -> Result<Vec<crate::commit::Item>, Failure> {
    let unreadable = |error| Failure::Fault(format!("a stream record cannot be read: {error}"));
    event
        .records
        .into_iter()
        .filter(|record| record.event_name == "INSERT")
        .map(|record| {
            let json = serde_json::to_value(&record.change.new_image).map_err(|e| unreadable(e.to_string()))?;
            let item: serde_dynamo::Item = serde_json::from_value(json).map_err(|e| unreadable(e.to_string()))?;
            Ok(item.into())
        })
        .collect()
}

/// One batch.
pub async fn run(
    shell: &Shell,
    event: Event,
    handle: &impl AsyncFn(&Shell, Vec<crate::commit::Item>) -> Result<u64, Failure>,
) -> Result<u64, Failure> {
    let ended = Box::pin(handle(shell, inserted(event)?)).await;
    telemetry::ticked(&ended);
    ended
}

/// Serves a stream until Lambda ends the process.
pub async fn serve(
    handle: impl AsyncFn(&Shell, Vec<crate::commit::Item>) -> Result<u64, Failure>,
) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle) = (&shell, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Event>| run(shell, event.payload, handle).await)).await
}
