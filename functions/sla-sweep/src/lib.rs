//! Each minute: finds what is due in the outbox, sends it to its queue, deletes it there. Decides nothing.
//!
//! Calls: one query per shard and page of what is due; nothing else where nothing is. Per ten due entries one
//! `SendMessageBatch`, per 25 one `BatchWriteItem`.

use shell::{
    Shell,
    failure::Failure,
    key::Table,
    outbox::{Entry, dispatch},
    schedule::Work,
};

/// One tick.
pub async fn handle(shell: &Shell, work: Work) -> Result<u64, Failure> {
    let send = async |page: &[_]| dispatch(shell, page.iter().filter_map(Entry::from_item).collect()).await;
    work.each_page(shell, Table::Outbox, send).await
}
