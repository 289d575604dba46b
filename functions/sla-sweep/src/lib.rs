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
use std::sync::Mutex;

/// One tick.
pub async fn handle(shell: &Shell, work: Work) -> Result<u64, Failure> {
    let oldest = Mutex::new(None);
    let hand_on = async |page: &[_]| {
        let entries: Vec<_> = page.iter().filter_map(Entry::from_item).collect();
        if let Ok(mut oldest) = oldest.lock() {
            *oldest = oldest.into_iter().chain(entries.iter().map(|entry| entry.due_at)).min();
        }
        dispatch(shell, entries).await
    };
    let sent = work.each_page(shell, Table::Outbox, hand_on).await?;
    if let Ok(Some(oldest)) = oldest.into_inner() {
        telemetry::swept(shell.clock.wall().signed_duration_since(oldest));
    }
    Ok(sent)
}
