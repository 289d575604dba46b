//! Keys of indexes, and the shards over which the busy ones are spread.

use domain::{
    id::{AssociateId, CustomerId, InquiryId, SellerId, StoreId},
    request::View,
};

/// The queue of a store's inquiries is spread over so many keys of its index, where the template does not say otherwise.
pub(crate) const QUEUE_SHARDS: u32 = 4;
/// Work that is due is spread over so many keys of its index, where the template does not say otherwise.
pub(crate) const DUE_SHARDS: u32 = 16;
/// The most of either. How many there are is a power of two, so that a name's shard is the rest of its shard here.
const MOST_SHARDS: u32 = 64;

/// The index key of a seller's requests, and of its live inquiries.
#[must_use]
pub fn seller_key(store: &StoreId, seller: &SellerId) -> String {
    format!("{store}#{seller}")
}

/// The index key of a customer's orders, and of its contacts.
#[must_use]
pub fn customer_key(store: &StoreId, customer: &CustomerId) -> String {
    format!("{store}#{customer}")
}

/// The index key of a seller's requests in one view of its Case Log (REQ-7).
#[must_use]
pub fn view_key(store: &StoreId, seller: &SellerId, view: View) -> String {
    format!("{store}#{seller}#{}", view.as_str())
}

/// The index key of a seller's requests about one order, or in one case.
#[must_use]
pub fn about_key(store: &StoreId, seller: &SellerId, about: &str) -> String {
    format!("{store}#{seller}#{about}")
}

/// The index key of the inquiries of a store whose time runs out or is over (INQ-3).
#[must_use]
pub fn escalated_key(store: &StoreId) -> String {
    store.to_string()
}

/// The index key of the inquiries that an associate works on.
#[must_use]
pub fn holder_key(store: &StoreId, associate: &AssociateId) -> String {
    format!("{store}#{associate}")
}

/// One of the index keys of a store's queue.
pub(crate) fn queue_key(store: &str, shard: u32) -> String {
    format!("{store}#{shard}")
}

/// The index key of an inquiry in the queue of its store, among the most shards there may be.
pub(crate) fn finest_queue_key(store: &StoreId, inquiry: &InquiryId) -> String {
    queue_key(store.as_str(), shard(inquiry.as_str(), MOST_SHARDS))
}

/// The index key that this one is among so many shards.
pub(crate) fn coarser_queue_key(finest: &str, shards: u32) -> String {
    let (store, shard) = finest.rsplit_once('#').unwrap_or((finest, ""));
    queue_key(store, coarser(shard, shards))
}

/// Whether an inquiry of this store stands in this part of its queue, of however many there are.
#[must_use]
pub fn may_be_queued_in(store: &StoreId, inquiry: &InquiryId, key: &str) -> bool {
    numbers_of_shards().any(|shards| queue_key(store.as_str(), shard(inquiry.as_str(), shards)) == key)
}

/// One of the index keys of due work.
pub(crate) fn due_shard(shard: u32) -> String {
    format!("{shard:02}")
}

/// The index key of the due work of this name, among the most shards there may be.
pub(crate) fn finest_due_shard(name: &str) -> String {
    due_shard(shard(name, MOST_SHARDS))
}

/// The index key that this one is among so many shards.
pub(crate) fn coarser_due_shard(finest: &str, shards: u32) -> String {
    due_shard(coarser(finest, shards))
}

/// Whether the due work of this name lies in this shard, of however many there are.
#[must_use]
pub fn may_be_due_in(name: &str, due_in: &str) -> bool {
    numbers_of_shards().any(|shards| due_shard(shard(name, shards)) == due_in)
}

/// How many shards there may be.
pub(crate) fn numbers_of_shards() -> impl Iterator<Item = u32> {
    (0..=MOST_SHARDS.ilog2()).map(|power| 1 << power)
}

fn coarser(finest: &str, shards: u32) -> u32 {
    finest.parse::<u32>().unwrap_or(0).checked_rem(shards).unwrap_or(0)
}

/// The shard of a thing, by its name: always the same one, evenly spread.
pub(crate) fn shard(name: &str, shards: u32) -> u32 {
    // FNV-1a: small, and the same on every machine and in every version.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % shards
}
