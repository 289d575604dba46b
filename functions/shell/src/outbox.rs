//! The outbox: work that leaves with a transaction. An entry is sent to its queue at once, by the table's stream; an
//! entry that is due later is a clock. The minute sweep sends whatever is due and still there, so it is the guarantee
//! for both. Whoever receives a message decides again, so sending one twice does no harm.

use crate::{
    Shell,
    commit::{Item, due, key_item, text},
    failure::Failure,
    key::Key,
    sqs::Queue,
    store::place_in_index,
};
use chrono::{DateTime, TimeDelta};
use domain::{
    at::{Instant, after},
    hook::delivery::Call,
    outcome::FollowUp,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The stream has so long before the sweep takes an entry up.
const STREAM_HEAD_START: TimeDelta = TimeDelta::seconds(60);

/// The most messages in one call.
const PER_CALL: usize = 10;

/// The attribute that says whether the stream sends an entry.
pub const KIND: &str = "kind";
/// Sent by the stream.
pub const NOW: &str = "now";
/// Sent by the sweep, when due.
pub const LATER: &str = "later";

/// What the names of messages begin with that were parked, and are sent again.
pub const AGAIN: &str = "again#";

/// An entry as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies.
    pub key: Key,
    /// Where it goes.
    pub queue: Queue,
    /// What goes there.
    pub body: String,
    /// Whether the stream sends it; the sweep sends it otherwise, when it is due.
    pub at_once: bool,
    /// When the sweep takes it up.
    pub due_at: Instant,
}

/// The item of a follow-up. Its key follows from the fact, so that the same fact makes one entry.
pub(crate) fn entry(follow_up: &FollowUp, now: Instant) -> Result<(Key, Item), Failure> {
    let (name, queue, body, kind, due_at) = match follow_up {
        FollowUp::Notice(notice) => {
            (format!("notice#{}", notice.id), Queue::Notices, json(notice)?, NOW, after(now, STREAM_HEAD_START))
        }
        FollowUp::Route(contact) => {
            let name = format!("contact#{}#{}", contact.store, contact.id);
            (name, Queue::Contacts, json(contact)?, NOW, after(now, STREAM_HEAD_START))
        }
        FollowUp::Alarm { at, alarm } => (alarm.fact().join("#"), Queue::Clocks, json(alarm)?, LATER, *at),
    };
    Ok(laid_down(&name, queue, &body, kind, due_at))
}

/// The item of a call for an attempt at a webhook: at once, or when it is due.
pub(crate) fn call(call: &Call, due_at: Option<Instant>, now: Instant) -> Result<(Key, Item), Failure> {
    let (kind, due_at) = due_at.map_or_else(|| (NOW, after(now, STREAM_HEAD_START)), |due_at| (LATER, due_at));
    Ok(laid_down(&call.fact(), Queue::Hooks, &json(call)?, kind, due_at))
}

/// The item of a message that was parked in this place, and that the next sweep sends.
pub(crate) fn again(place: &str, queue: Queue, body: &str, now: Instant) -> (Key, Item) {
    laid_down(&format!("{AGAIN}{place}"), queue, body, LATER, now)
}

fn laid_down(name: &str, queue: Queue, body: &str, kind: &str, due_at: Instant) -> (Key, Item) {
    let key = Key::outbox(name);
    let mut item = key_item(&key);
    item.insert(KIND.into(), text(kind));
    item.insert("queue".into(), text(queue.name()));
    item.insert("body".into(), text(body));
    item.extend(due(name, due_at));
    (key, item)
}

fn json(message: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(message).map_err(|error| Failure::Fault(format!("a message cannot be written: {error}")))
}

/// Where the index of due work goes on after the entry of this name.
#[must_use]
pub fn after_entry(shard: &str, name: &str, due_at: i64) -> Item {
    place_in_index(&Key::outbox(name), ("due_shard", shard), ("due_at", due_at))
}

impl Entry {
    /// An entry from its item; `None` for other items of the table.
    #[must_use]
    pub fn from_item(item: &Item) -> Option<Self> {
        let field = |name: &str| item.get(name)?.as_s().ok().cloned();
        let (pk, sk) = (field("pk")?, field("sk")?);
        let key = Key { table: crate::key::Table::Outbox, pk, sk };
        let at_once = field(KIND)? == NOW;
        let due_at = DateTime::from_timestamp_millis(item.get("due_at")?.as_n().ok()?.parse().ok()?)?;
        Some(Self { key, queue: Queue::named(&field("queue")?)?, body: field("body")?, at_once, due_at })
    }
}

/// Sends entries to their queues, ten a call, and deletes those that were taken; says how many. What was not taken
/// stays for the next sweep.
pub async fn dispatch(shell: &Shell, entries: Vec<Entry>) -> Result<u64, Failure> {
    let mut by_queue: BTreeMap<Queue, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        by_queue.entry(entry.queue).or_default().push(entry);
    }
    let mut sent = Vec::new();
    for (queue, entries) in by_queue {
        for chunk in entries.chunks(PER_CALL) {
            let bodies: Vec<_> = chunk.iter().map(|entry| entry.body.as_str()).collect();
            let taken = shell.queues.send(queue, &bodies).await?;
            sent.extend(chunk.iter().zip(taken).filter(|(_, taken)| *taken).map(|(entry, _)| entry.key.clone()));
        }
    }
    shell.store.delete(&sent).await?;
    Ok(sent.len() as u64)
}
