//! The one transaction of an event, as a value. Turning it into write items is a pure function; the order is fixed:
//! the *once* marker, states, events, outbox entries, and checks of what was read but not written.

use crate::{
    audit::{Change, is_a_person},
    csv::Csv,
    failure::Failure,
    hook::Telling,
    key::{Key, finest_due_shard},
    outbox,
    sqs::Queue,
    tables::Tables,
};
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use domain::{
    at::{Actor, At, Instant},
    hook::{Hook, delivery::Call},
    id::{SellerId, StoreId},
    outcome::{FollowUp, Refusal},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// An item as it goes over the wire.
pub type Item = HashMap<String, AttributeValue>;

/// Markers outlive every possible redelivery.
const ONCE_DAYS: i64 = 400;
/// The version of the items' layout. Whoever meets a later one does not guess.
pub const SCHEMA: u32 = 1;

/// What is expected of an item that is written or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// That it is as it was seen: this version, or absent.
    Seen(Option<u64>),
    /// That it is new; anything else is a bug.
    Absent,
    /// Nothing.
    Anything,
}

#[derive(Debug, Clone)]
pub(crate) enum Write {
    Put(Item),
    Delete,
    Check,
    /// What it must not meet, and what the rule says if it does.
    Bar(Refusal),
}

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    key: Key,
    pub(crate) expect: Expect,
    pub(crate) write: Write,
}

/// An answer that a replay gets again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: Value,
    /// What stands in its place, where CSV was asked for; never for a write.
    #[serde(skip)]
    pub csv: Option<Csv>,
}

/// The marker of a fact that was acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Digest of the fact: the same name with another content is a conflict.
    pub digest: String,
    /// What was answered.
    pub answer: Option<Answer>,
}

/// Which fact is acted on: who acts, on what, and a digest of all it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The function, or the caller and route.
    pub scope: String,
    /// The business fact.
    pub name: String,
    /// Of its content.
    pub digest: String,
}

impl Fact {
    /// A fact with this content.
    #[must_use]
    pub fn new(scope: impl Into<String>, name: impl Into<String>, content: &[u8]) -> Self {
        Self { scope: scope.into(), name: name.into(), digest: digest(content) }
    }

    /// The root id of all that follows from the fact.
    #[must_use]
    pub fn cause(&self) -> String {
        digest(format!("{}\n{}", self.scope, self.name).as_bytes())
    }

    /// Where its marker lies.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::once(&self.scope, &self.name)
    }
}

/// SHA-256, in hex.
#[must_use]
pub fn digest(content: &[u8]) -> String {
    format!("{:x}", Sha256::digest(content))
}

/// Of a text, as a number that every reader of JSON takes exactly: 48 bits of its digest.
fn fingerprint(text: &str) -> u64 {
    digest(text.as_bytes()).get(..12).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default()
}

/// Everything that one event changes.
#[derive(Debug, Clone)]
pub struct Commit {
    pub(crate) fact: Option<Fact>,
    at: At,
    pub(crate) answer: Option<Answer>,
    states: Vec<Operation>,
    events: Vec<Operation>,
    entries: Vec<Operation>,
    told: Vec<Operation>,
    checks: Vec<Operation>,
    changes: Vec<Change>,
}

/// An event of an item's history, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventRow<E> {
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: Actor,
    /// The root id.
    pub cause: String,
    /// What.
    pub event: E,
}

impl Commit {
    /// A transaction for this fact.
    #[must_use]
    pub const fn new(fact: Fact, at: At) -> Self {
        Self::of(Some(fact), at)
    }

    /// A transaction without a mark, for what does no harm when it is told again: the state it finds says all.
    #[must_use]
    pub const fn unmarked(at: At) -> Self {
        Self::of(None, at)
    }

    const fn of(fact: Option<Fact>, at: At) -> Self {
        Self {
            fact,
            at,
            answer: None,
            states: Vec::new(),
            events: Vec::new(),
            entries: Vec::new(),
            told: Vec::new(),
            checks: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The answer that a replay gets again.
    #[must_use]
    pub fn answering(mut self, answer: &Answer) -> Self {
        self.answer = Some(answer.clone());
        self
    }

    /// A state that was seen in this version (or not at all), now this.
    pub fn state<T: Serialize>(self, key: Key, seen: Option<u64>, state: &T) -> Result<Self, Failure> {
        self.indexed_state(key, seen, state, Item::new())
    }

    /// The same of an item that the table deletes by itself some time after this instant.
    pub fn state_until<T: Serialize>(
        self,
        key: Key,
        seen: Option<u64>,
        state: &T,
        until: Instant,
    ) -> Result<Self, Failure> {
        self.indexed_state(key, seen, state, Item::from([("expires_at".to_owned(), number(until.timestamp()))]))
    }

    /// The same, with attributes of an index.
    pub fn indexed_state<T: Serialize>(
        mut self,
        key: Key,
        seen: Option<u64>,
        state: &T,
        index: Item,
    ) -> Result<Self, Failure> {
        let mut item = row(&key, state)?;
        item.insert("version".into(), number(seen.unwrap_or(0) + 1));
        item.extend(index);
        self.states.push(Operation { key, expect: Expect::Seen(seen), write: Write::Put(item) });
        Ok(self)
    }

    /// A new item.
    pub fn insert<T: Serialize>(self, key: Key, state: &T) -> Result<Self, Failure> {
        self.write(key, Expect::Absent, state)
    }

    /// A new item, with attributes of an index.
    pub fn indexed_insert<T: Serialize>(mut self, key: Key, state: &T, index: Item) -> Result<Self, Failure> {
        let mut item = row(&key, state)?;
        item.extend(index);
        self.states.push(Operation { key, expect: Expect::Absent, write: Write::Put(item) });
        Ok(self)
    }

    /// An item, whatever stood there.
    pub fn replace<T: Serialize>(self, key: Key, state: &T) -> Result<Self, Failure> {
        self.write(key, Expect::Anything, state)
    }

    /// A mark, put whatever stood there, and once however often it is asked for. Who puts it reads nothing, so its version
    /// does not count: it tells marks of two causes apart, for whoever takes one away.
    pub fn marked<T: Serialize>(mut self, key: Key, state: &T, index: Item) -> Result<Self, Failure> {
        if self.states.iter().any(|operation| operation.key == key) {
            return Ok(self);
        }
        let mut item = row(&key, state)?;
        item.insert("version".into(), number(fingerprint(&self.at.cause)));
        item.extend(index);
        self.states.push(Operation { key, expect: Expect::Anything, write: Write::Put(item) });
        Ok(self)
    }

    /// When it happens.
    pub(crate) const fn now(&self) -> Instant {
        self.at.now
    }

    /// The root id of all that it changes.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.at.cause
    }

    /// An item taken away, whatever stood there.
    #[must_use]
    pub fn removed(mut self, key: Key) -> Self {
        self.states.push(Operation { key, expect: Expect::Anything, write: Write::Delete });
        self
    }

    /// An item that was seen in this version, taken away.
    #[must_use]
    pub fn without(mut self, key: Key, seen: u64) -> Self {
        self.states.push(Operation { key, expect: Expect::Seen(Some(seen)), write: Write::Delete });
        self
    }

    fn write<T: Serialize>(mut self, key: Key, expect: Expect, state: &T) -> Result<Self, Failure> {
        let item = row(&key, state)?;
        self.states.push(Operation { key, expect, write: Write::Put(item) });
        Ok(self)
    }

    /// The events of the change that made `version` of the item at `key`.
    pub fn events<E: Serialize>(mut self, key: &Key, version: u64, events: &[E]) -> Result<Self, Failure> {
        for (n, event) in events.iter().enumerate() {
            let key = key.event(version, n);
            let stored =
                EventRow { at: self.at.now, actor: self.at.actor.clone(), cause: self.at.cause.clone(), event };
            let item = row(&key, &stored)?;
            self.events.push(Operation { key, expect: Expect::Absent, write: Write::Put(item) });
        }
        Ok(self)
    }

    /// ACC-4: what these events made of a thing of this seller. It is audited where a person asked for it.
    pub fn changed<S: Serialize, E: Serialize>(
        mut self,
        whose: (&StoreId, &SellerId),
        key: &Key,
        states: (Option<&S>, &S),
        events: &[E],
    ) -> Result<Self, Failure> {
        if is_a_person(&self.at.actor) {
            self.changes.push(Change::of(whose, &key.sk, states, events)?);
        }
        Ok(self)
    }

    /// With a row of the audit for each change that this request asks for.
    pub fn audited(mut self, request_id: &str) -> Result<Self, Failure> {
        for change in std::mem::take(&mut self.changes) {
            let key = Key::audit(&change.store, &change.seller, self.at.now, &self.at.cause, &change.thing);
            let audited = change.row(self.at.now, &self.at.actor, &self.at.cause, request_id);
            let item = row(&key, &audited)?;
            self.events.push(Operation { key, expect: Expect::Absent, write: Write::Put(item) });
        }
        Ok(self)
    }

    /// What leaves with the transaction.
    pub fn follow_ups(mut self, follow_ups: Vec<FollowUp>) -> Result<Self, Failure> {
        for follow_up in follow_ups {
            let (key, item) = outbox::entry(&follow_up, self.at.now)?;
            self.entries.push(Operation { key, expect: Expect::Anything, write: Write::Put(item) });
        }
        Ok(self)
    }

    /// What the marketplace's systems are told of it, where they are told anything.
    pub fn tells(mut self, hooks: impl IntoIterator<Item = Hook>) -> Result<Self, Failure> {
        for hook in hooks {
            let (key, item) = outbox::call(&Call { hook, attempt: 0 }, None, self.at.now)?;
            self.told.push(Operation { key, expect: Expect::Anything, write: Write::Put(item) });
        }
        Ok(self)
    }

    /// An attempt at a webhook, when it is due.
    pub(crate) fn calling(mut self, call: &Call, due_at: Instant) -> Result<Self, Failure> {
        let (key, item) = outbox::call(call, Some(due_at), self.at.now)?;
        self.entries.push(Operation { key, expect: Expect::Anything, write: Write::Put(item) });
        Ok(self)
    }

    /// A message that was parked in this place, to its queue again by the next sweep.
    #[must_use]
    pub fn sending(mut self, queue: Queue, place: &str, body: &str) -> Self {
        let (key, item) = outbox::again(place, queue, body, self.at.now);
        self.entries.push(Operation { key, expect: Expect::Anything, write: Write::Put(item) });
        self
    }

    /// That an item which was only read is still as it was seen.
    #[must_use]
    pub fn unchanged_since(mut self, key: Key, seen: Option<u64>) -> Self {
        self.checks.push(Operation { key, expect: Expect::Seen(seen), write: Write::Check });
        self
    }

    /// That this item is not there. Where it is, nothing is written, and the answer is this refusal.
    #[must_use]
    pub fn unless(mut self, key: Key, refusal: Refusal) -> Self {
        self.checks.push(Operation { key, expect: Expect::Absent, write: Write::Bar(refusal) });
        self
    }

    fn marker(&self, fact: &Fact) -> Result<Operation, Failure> {
        let key = fact.key();
        let marker = Marker { digest: fact.digest.clone(), answer: self.answer.clone() };
        let mut item = row(&key, &marker)?;
        let expires = domain::at::after(self.at.now, chrono::TimeDelta::days(ONCE_DAYS)).timestamp();
        item.insert("expires_at".into(), number(expires));
        Ok(Operation { key, expect: Expect::Absent, write: Write::Put(item) })
    }

    /// What is written and asked, in the order of the items; the answer's reasons come in the same order.
    pub(crate) fn operations(&self, telling: Telling) -> Result<Vec<Operation>, Failure> {
        let marker = self.fact.as_ref().map(|fact| self.marker(fact)).transpose()?;
        let told = if telling == Telling::On { self.told.as_slice() } else { &[] };
        let rest = [&self.states, &self.events, &self.entries].into_iter().flatten();
        let rest = rest.chain(told).chain(&self.checks).cloned();
        Ok(marker.into_iter().chain(rest).collect())
    }

    /// The write items of the transaction. Pure: the same commit gives the same items.
    pub(crate) fn items(&self, tables: &Tables, telling: Telling) -> Result<Vec<TransactWriteItem>, Failure> {
        self.operations(telling)?.into_iter().map(|operation| transact_item(operation, tables)).collect()
    }
}

/// The item of a state: key, layout version, state.
pub(crate) fn row<T: Serialize>(key: &Key, state: &T) -> Result<Item, Failure> {
    let mut item = key_item(key);
    item.insert("schema".into(), number(SCHEMA));
    item.insert("state".into(), stored(key, state)?);
    Ok(item)
}

/// A state as the item of this key holds it.
pub(crate) fn stored<T: Serialize>(key: &Key, state: &T) -> Result<AttributeValue, Failure> {
    let stored = serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(state);
    stored.map_err(|error| Failure::Fault(format!("{}/{} cannot be stored: {error}", key.pk, key.sk)))
}

/// The attributes of a key.
pub(crate) fn key_item(key: &Key) -> Item {
    Item::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

/// The attributes that put an item into the index of due work.
pub(crate) fn due(name: &str, at: Instant) -> Item {
    Item::from([
        ("due_shard".to_owned(), text(&finest_due_shard(name))),
        ("due_at".to_owned(), number(at.timestamp_millis())),
    ])
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn number<N: ToString + Copy>(number: N) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The condition of an expectation, with its names and values.
pub(crate) fn condition(expect: Expect) -> (Option<&'static str>, Option<HashMap<String, AttributeValue>>) {
    match expect {
        Expect::Seen(Some(version)) => {
            (Some("version = :seen"), Some(HashMap::from([(":seen".to_owned(), number(version))])))
        }
        Expect::Seen(None) | Expect::Absent => (Some("attribute_not_exists(pk)"), None),
        Expect::Anything => (None, None),
    }
}

fn transact_item(operation: Operation, tables: &Tables) -> Result<TransactWriteItem, Failure> {
    let table = tables.name(operation.key.table)?;
    let (condition, values) = condition(operation.expect);
    let unbuildable = |error| Failure::Fault(format!("a write item cannot be built: {error}"));
    Ok(match operation.write {
        Write::Put(item) => TransactWriteItem::builder()
            .put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(tables.spread(item)))
                    .set_condition_expression(condition.map(str::to_owned))
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                    .build()
                    .map_err(unbuildable)?,
            )
            .build(),
        Write::Delete => TransactWriteItem::builder()
            .delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key_item(&operation.key)))
                    .set_condition_expression(condition.map(str::to_owned))
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(unbuildable)?,
            )
            .build(),
        Write::Check | Write::Bar(_) => TransactWriteItem::builder()
            .condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key_item(&operation.key)))
                    .set_condition_expression(condition.map(str::to_owned))
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(unbuildable)?,
            )
            .build(),
    })
}
