//! What a transaction wrote into the outbox to leave at once goes to its queue. What is due later is left to the sweep.
//!
//! Calls: per ten entries of one queue one `SendMessageBatch`, per 25 one `BatchWriteItem` that deletes them.

use shell::{
    Shell,
    commit::Item,
    failure::Failure,
    outbox::{Entry, dispatch},
};

/// One batch of the stream. A failure leaves the entries where they are: the batch comes again, and the sweep after it.
pub async fn handle(shell: &Shell, items: Vec<Item>) -> Result<u64, Failure> {
    let entries = items.iter().filter_map(Entry::from_item).filter(|entry| entry.at_once);
    dispatch(shell, entries.collect()).await
}
