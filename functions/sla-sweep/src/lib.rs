//! Each minute: finds what is due in the outbox, sends it to its queue, deletes it there. Decides nothing.
//!
//! It says how late it came to what waited longest; an alarm measures that.
//!
//! Calls: one query per shard and page of what is due; nothing else where nothing is. Per ten due entries one
//! `SendMessageBatch`, per 25 one `BatchWriteItem`.

use domain::at::Instant;
use shell::{
    Shell,
    failure::Failure,
    key::{DUE_SHARDS, Table, due_shard},
    outbox::{Entry, dispatch},
    telemetry,
};

/// One tick.
pub async fn handle(shell: &Shell, now: Instant) -> Result<u64, Failure> {
    let (mut sent, mut oldest) = (0, None);
    for shard in 0..DUE_SHARDS {
        let mut from = None;
        loop {
            let page = shell.store.due(Table::Outbox, &due_shard(shard), now, from).await?;
            let entries: Vec<_> = page.rows.iter().filter_map(Entry::from_item).collect();
            oldest = oldest.into_iter().chain(entries.iter().map(|entry| entry.due_at)).min();
            sent += dispatch(shell, entries).await?;
            from = page.next;
            if from.is_none() {
                break;
            }
        }
    }
    if let Some(oldest) = oldest {
        telemetry::swept(shell.clock.wall().signed_duration_since(oldest));
    }
    Ok(sent)
}
