//! Each minute: finds what is due in the outbox, sends it to its queue, deletes it there. Decides nothing.
//!
//! It says how late it came to what waited longest; an alarm measures that.
//!
//! Calls: one query per shard and page of what is due; nothing else where nothing is. Per ten due entries one
//! `SendMessageBatch`, per 25 one `BatchWriteItem`.

use shell::{
    Shell,
    failure::Failure,
    key::Table,
    outbox::{Entry, dispatch},
    schedule::Work,
    telemetry,
};
use std::cell::Cell;

/// One tick.
pub async fn handle(shell: &Shell, work: Work) -> Result<u64, Failure> {
    let oldest = Cell::new(None);
    let hand_on = async |page: &[_]| {
        let entries: Vec<_> = page.iter().filter_map(Entry::from_item).collect();
        oldest.set(entries.iter().map(|entry| entry.due_at).chain(oldest.get()).min());
        dispatch(shell, entries).await
    };
    let sent = work.each_page(shell, Table::Outbox, hand_on).await?;
    if let Some(oldest) = oldest.get() {
        telemetry::swept(shell.clock.wall().signed_duration_since(oldest));
    }
    Ok(sent)
}
