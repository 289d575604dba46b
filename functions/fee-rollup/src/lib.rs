//! Each day: finds the quarters that wait to be measured or closed, and sends each to be done by itself. It remembers
//! nothing; what a missed day left undone is found on the next.
//!
//! Calls: one query per shard and page of what is due; per ten quarters one `SendMessageBatch`.

use domain::at::Instant;
use shell::{
    Shell,
    failure::Failure,
    key::{DUE_SHARDS, Key, Table, due_shard},
    ledger::Due,
    sqs::Queue,
};

/// One tick.
pub async fn handle(shell: &Shell, now: Instant) -> Result<u64, Failure> {
    let mut found = 0;
    for shard in 0..DUE_SHARDS {
        let mut from = None;
        loop {
            let page = shell.store.due(Table::Ledger, &due_shard(shard), now, from).await?;
            let tasks = page.rows.iter().map(|item| {
                let pk = item.get("pk").and_then(|pk| pk.as_s().ok()).map_or("", String::as_str);
                let (store, seller, quarter) =
                    Key::quarter_of(pk).ok_or_else(|| Failure::Fault(format!("{pk} is no quarter of a seller")))?;
                serde_json::to_string(&Due { store, seller, quarter })
                    .map_err(|error| Failure::Fault(error.to_string()))
            });
            let tasks = tasks.collect::<Result<Vec<_>, _>>()?;
            for chunk in tasks.chunks(10) {
                let bodies: Vec<_> = chunk.iter().map(String::as_str).collect();
                let taken = shell.queues.send(Queue::Fees, &bodies).await?;
                found += taken.iter().filter(|taken| **taken).count() as u64;
            }
            from = page.next;
            if from.is_none() {
                break;
            }
        }
    }
    Ok(found)
}
