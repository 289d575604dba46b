//! The queue of a store: what is live, most urgent first.

use domain::{at::Instant, id::StoreId, inquiry::Inquiry, store::Store};
use futures_util::future::try_join_all;
use serde::Serialize;
use shell::{Shell, commit::Answer, desk::InquiryView, failure::Failure, http::Request, key::Table, store::IndexRange};

/// Inquiries of one answer, of each shard.
const PER_SHARD: usize = 25;

#[derive(Debug, Serialize)]
struct QueueView<'a> {
    inquiries: Vec<InquiryView<'a>>,
}

/// The most urgent ones.
pub async fn show(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    Answer::ok(&queue(&load(shell, &store.id).await?, store, request.now))
}

fn queue<'a>(inquiries: &'a [Inquiry], store: &Store, now: Instant) -> QueueView<'a> {
    QueueView { inquiries: inquiries.iter().map(|one| InquiryView::of(one, store, now)).collect() }
}

/// Judgements owed and what is overdue, then who waits at the phone, then by the promised resolution.
pub async fn load(shell: &Shell, store: &StoreId) -> Result<Vec<Inquiry>, Failure> {
    let of_shard = async |hash: String| {
        let range = IndexRange {
            table: Table::Inquiries,
            index: "queue",
            hash: ("queue_key", &hash),
            until: None,
            newest_first: false,
        };
        shell.store.full_page(&range, None, PER_SHARD, |_| true).await.map(|page| page.rows)
    };
    let pages = Box::pin(try_join_all(shell.store.queue_keys(store).map(of_shard))).await?;
    let mut ranked: Vec<Inquiry> = pages.into_iter().flatten().collect();
    ranked.sort_by_cached_key(shell::record::rank);
    Ok(ranked)
}
