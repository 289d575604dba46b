//! Each minute: finds what is due in the outbox, sends it to its queue, deletes it there. Decides nothing.
//!
//! Calls: one query per shard and page of what is due; nothing else where nothing is. Per ten due entries one
//! `SendMessageBatch`, per 25 one `BatchWriteItem`.

use domain::at::Instant;
use shell::{
    Shell,
    failure::Failure,
    key::{DUE_SHARDS, Table, due_shard},
    outbox::{Entry, dispatch},
};

/// One tick.
pub async fn handle(shell: &Shell, now: Instant) -> Result<u64, Failure> {
    let mut sent = 0;
    for shard in 0..DUE_SHARDS {
        let mut from = None;
        loop {
            let page = shell.store.due(Table::Outbox, &due_shard(shard), now, from).await?;
            sent += dispatch(shell, page.rows.iter().filter_map(Entry::from_item).collect()).await?;
            from = page.next;
            if from.is_none() {
                break;
            }
        }
    }
    Ok(sent)
}
