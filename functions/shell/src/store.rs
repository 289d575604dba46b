//! Reading and committing. Reads of state are consistent; lists from an index may lag, and nothing is decided on them.

mod bucket;
mod index;
mod memory;
mod rows;

pub use index::{IndexRange, Page, place_in_index};
pub use rows::Placed;

use crate::{
    Env, StartError,
    commit::{Answer, Commit, Expect, Item, Marker, SCHEMA, Write, condition, key_item, number, row, text},
    failure::{Failure, of_sdk},
    hook::Telling,
    key::{Key, Table, due_shard, queue_key},
    tables::Tables,
};
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        put_item::{PutItemError, PutItemOutput, builders::PutItemFluentBuilder},
        query::builders::QueryFluentBuilder,
        transact_write_items::TransactWriteItemsError,
    },
    types::{AttributeValue, CancellationReason, DeleteRequest, KeysAndAttributes, WriteRequest},
};
use domain::{at::Instant, id::StoreId};
use memory::{Memory, Reading, Rows};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::{HashMap, HashSet},
    fmt::Debug,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

/// A state and the version in which it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// What it is.
    pub state: T,
    /// Counts its changes.
    pub version: u64,
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is written.
    Now,
    /// The same fact was acted on before, with this answer.
    Before(Option<Answer>),
}

/// A page of a partition: states with their places.
#[derive(Debug, Clone)]
pub struct Stretch<T> {
    /// Its rows.
    pub rows: Vec<(String, Seen<T>)>,
    /// The place of the last one, if there is more.
    pub next: Option<String>,
}

/// A page of a partition, newest first.
#[derive(Debug, Clone)]
pub struct Newest<T> {
    /// Its states.
    pub rows: Vec<T>,
    /// The place of the last one, if there is more.
    pub next: Option<String>,
}

/// The tables.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    tables: Tables,
    telling: Telling,
    /// Where what was read is kept, if it is not to be read again.
    memory: Option<Arc<Memory>>,
}

/// States that were read together.
#[derive(Debug, Clone, Default)]
pub struct Found(HashMap<Key, Item>);

impl Found {
    /// The state of one key.
    pub fn state<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<Seen<T>>, Failure> {
        self.0.get(key).map(seen).transpose()
    }

    /// The states of those of these keys that are there, in their order.
    pub fn states<T: DeserializeOwned>(&self, keys: &[Key]) -> Result<Vec<T>, Failure> {
        let there = keys.iter().filter_map(|key| self.0.get(key));
        there.map(|item| seen(item).map(|seen| seen.state)).collect()
    }
}

/// The code of a fact that was told before with another content.
pub const FACT_CONFLICT: &str = "fact_conflict";

const BATCH: usize = 25;
const ATTEMPTS: u32 = 3;

impl Store {
    pub(crate) fn new(client: Client, env: &Env) -> Result<Self, StartError> {
        Ok(Self { client, tables: Tables::from_env(env)?, telling: Telling::from_env(env), memory: None })
    }

    /// The keys of the index of due work, over which it is spread.
    pub fn due_shards(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.tables.due_shards).map(due_shard)
    }

    /// The keys of the index in which the queue of a store stands.
    pub fn queue_keys(&self, store: &StoreId) -> impl Iterator<Item = String> {
        (0..self.tables.queue_shards).map(|shard| queue_key(store.as_str(), shard))
    }

    /// The same tables for whoever shows what several functions read in one request: it reads nothing twice.
    #[must_use]
    pub fn remembering(&self) -> Self {
        Self { memory: Some(Arc::default()), ..self.clone() }
    }

    /// One state.
    pub async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<Seen<T>>, Failure> {
        let read = Box::pin(async {
            let got = self
                .client
                .get_item()
                .table_name(self.tables.name(key.table)?)
                .set_key(Some(key_item(key)))
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| of_sdk("GetItem", &error))?;
            Ok(Rows { items: got.item.into_iter().collect(), next: None })
        });
        let rows = self.read(|| Reading::Item(key.clone()), read).await?;
        rows.items.first().map(seen).transpose()
    }

    async fn read(
        &self,
        reading: impl FnOnce() -> Reading,
        read: impl Future<Output = Result<Rows, Failure>>,
    ) -> Result<Arc<Rows>, Failure> {
        match &self.memory {
            Some(memory) => memory.rows(reading(), read).await,
            None => read.await.map(Arc::new),
        }
    }

    /// Several states in one call.
    pub async fn get_all(&self, keys: &[Key]) -> Result<Found, Failure> {
        let mut wanted: HashMap<String, Vec<Item>> = HashMap::new();
        for key in keys {
            let of_table = wanted.entry(self.tables.name(key.table)?.to_owned()).or_default();
            let item = key_item(key);
            if !of_table.contains(&item) {
                of_table.push(item);
            }
        }
        let mut request = self.client.batch_get_item();
        for (table, keys) in wanted {
            let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
            request = request.request_items(table, keys.map_err(|error| Failure::Fault(error.to_string()))?);
        }
        let got = request.send().await.map_err(|error| of_sdk("BatchGetItem", &error))?;
        if got.unprocessed_keys().is_some_and(|left| !left.is_empty()) {
            return Err(Failure::Transient("BatchGetItem: not everything was read".into()));
        }
        let mut found = Found::default();
        for (name, items) in got.responses.unwrap_or_default() {
            let table = self.tables.table(&name);
            for item in items {
                let field = |name: &str| item.get(name).and_then(|v| v.as_s().ok()).cloned().unwrap_or_default();
                if let Some(table) = table {
                    found.0.insert(Key { table, pk: field("pk"), sk: field("sk") }, item);
                }
            }
        }
        Ok(found)
    }

    /// A query of a partition, consistent; what of it is still to be said.
    fn partition(&self, table: Table, pk: &str) -> Result<QueryFluentBuilder, Failure> {
        let query = self.client.query().table_name(self.tables.name(table)?);
        Ok(query.expression_attribute_values(":pk", text(pk)).consistent_read(true))
    }

    /// Every state of a partition whose place begins with `prefix`, with its place; all pages.
    pub async fn list<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        prefix: &str,
    ) -> Result<Vec<(String, Seen<T>)>, Failure> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = self.prefixed(table, pk, prefix, after.as_deref()).await?;
            rows.extend(page.rows);
            after = page.next;
            if after.is_none() {
                return Ok(rows);
            }
        }
    }

    /// A page of what begins with `prefix`, after `after`.
    pub async fn prefixed<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Stretch<T>, Failure> {
        self.part(table, pk, (prefix, None), after).await?.stretch()
    }

    /// A page of what lies between two places of a partition, after `after`.
    pub async fn stretch<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        (from, to): (&str, &str),
        after: Option<&str>,
    ) -> Result<Stretch<T>, Failure> {
        self.part(table, pk, (from, Some(to)), after).await?.stretch()
    }

    /// A page of a part of a partition, after `after`: from one place to another, or where there is none, what begins as the
    /// one does.
    async fn part(
        &self,
        table: Table,
        pk: &str,
        (from, to): (&str, Option<&str>),
        after: Option<&str>,
    ) -> Result<Arc<Rows>, Failure> {
        let query = self.partition(table, pk)?;
        let query = match to {
            None if from.is_empty() => query.key_condition_expression(OWN),
            None => beginning(query, from),
            Some(to) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to)),
        };
        let query = query.set_exclusive_start_key(after.map(|sk| item_at(pk, sk)));
        let reading = || Reading::Rows { table, pk: pk.to_owned(), from: from.to_owned(), to: to.map(str::to_owned) };
        let read = Box::pin(async {
            let page = query.send().await.map_err(|error| of_sdk("Query", &error))?;
            let next = page.last_evaluated_key().map(place);
            Ok(Rows { items: page.items.unwrap_or_default(), next })
        });
        // Whoever reads on reads something large, of which a page at a time is enough.
        if after.is_some() { read.await.map(Arc::new) } else { self.read(reading, read).await }
    }

    /// A page of a partition backwards, from before this place on.
    pub async fn newest<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        before: Option<&str>,
        limit: i32,
    ) -> Result<Newest<T>, Failure> {
        let mut from = before.map(|sk| item_at(pk, sk));
        let mut states = Vec::new();
        loop {
            let space = limit.saturating_sub(i32::try_from(states.len()).unwrap_or(limit));
            let page = self
                .partition(table, pk)?
                .key_condition_expression(OWN)
                .scan_index_forward(false)
                .limit(space)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| of_sdk("Query", &error))?;
            for item in page.items.unwrap_or_default() {
                states.push(seen(&item)?.state);
            }
            from = page.last_evaluated_key;
            if from.is_none() || i32::try_from(states.len()).is_ok_and(|known| known >= limit) {
                break;
            }
        }
        Ok(Newest { rows: states, next: from.as_ref().map(place) })
    }

    /// The first state of a partition whose place begins with `prefix`.
    pub async fn first<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        prefix: &str,
    ) -> Result<Option<Seen<T>>, Failure> {
        let query = beginning(self.partition(table, pk)?, prefix).limit(1);
        let page = query.send().await.map_err(|error| of_sdk("Query", &error))?;
        page.items().first().map(seen).transpose()
    }

    /// Deletes up to 25 items in one call, each once. What is left undone stays, for the next one to delete.
    pub async fn delete(&self, keys: &[Key]) -> Result<(), Failure> {
        let mut seen = HashSet::new();
        let keys: Vec<_> = keys.iter().filter(|key| seen.insert(*key)).collect();
        for chunk in keys.chunks(BATCH) {
            let mut requests: HashMap<String, Vec<WriteRequest>> = HashMap::new();
            for key in chunk {
                let delete = DeleteRequest::builder()
                    .set_key(Some(key_item(key)))
                    .build()
                    .map_err(|error| Failure::Fault(error.to_string()))?;
                let request = WriteRequest::builder().delete_request(delete).build();
                requests.entry(self.tables.name(key.table)?.to_owned()).or_default().push(request);
            }
            let sent = self.client.batch_write_item().set_request_items(Some(requests)).send().await;
            sent.map_err(|error| of_sdk("BatchWriteItem", &error))?;
        }
        Ok(())
    }

    /// Writes one item by itself, where no transaction is needed: a mail's state, a parked record.
    pub async fn put<T: Serialize>(&self, key: &Key, expect: Expect, state: &T) -> Result<(), Failure> {
        put_ended(self.putting(key, expect, row(key, state)?)?.send().await)
    }

    /// What lies there from now on: this, unless something did. Of two processes that lay something down at one time, one
    /// writes, and both read that.
    pub async fn begin<T: Serialize + DeserializeOwned>(&self, key: &Key, first: &T) -> Result<Option<T>, Failure> {
        match self.put(key, Expect::Absent, first).await {
            Ok(()) | Err(Failure::Stale) => {}
            Err(failure) => return Err(failure),
        }
        Ok(self.get(key).await?.map(|seen| seen.state))
    }

    /// The same for an item that the table deletes by itself some time after this instant.
    pub async fn put_until<T: Serialize>(&self, key: &Key, state: &T, until: Instant) -> Result<(), Failure> {
        let mut item = row(key, state)?;
        item.insert("expires_at".into(), number(until.timestamp()));
        put_ended(self.putting(key, Expect::Absent, item)?.send().await)
    }

    fn putting(&self, key: &Key, expect: Expect, mut item: Item) -> Result<PutItemFluentBuilder, Failure> {
        if let Expect::Seen(seen) = expect {
            item.insert("version".into(), number(seen.unwrap_or(0) + 1));
        }
        let (condition, values) = condition(expect);
        let put =
            self.client.put_item().table_name(self.tables.name(key.table)?).set_item(Some(self.tables.spread(item)));
        Ok(put.set_condition_expression(condition.map(str::to_owned)).set_expression_attribute_values(values))
    }

    /// The one transaction.
    pub async fn commit(&self, commit: &Commit) -> Result<Committed, Failure> {
        let items = commit.items(&self.tables, self.telling)?;
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        match sent {
            Ok(_) => Ok(Committed::Now),
            Err(error) => refused(commit, self.telling, &error),
        }
    }

    /// What a replay of this fact is answered, if it was acted on before.
    pub async fn answered(&self, fact: &crate::commit::Fact) -> Result<Option<Option<Answer>>, Failure> {
        let marker = self.get::<Marker>(&fact.key()).await?;
        marker.map(|marker| same_content(&fact.digest, marker.state)).transpose()
    }
}

/// Why a transaction was not taken. Reasons are positional: the marker first, then what was expected of each item.
fn refused(commit: &Commit, telling: Telling, error: &SdkError<TransactWriteItemsError>) -> Result<Committed, Failure> {
    let service = error.as_service_error();
    if service.is_some_and(|e| matches!(e.code(), Some("TransactionConflictException"))) {
        return Err(Failure::Stale);
    }
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = service else {
        return Err(of_sdk("TransactWriteItems", error));
    };
    let reasons = cancelled.cancellation_reasons();
    let first = reasons.first().filter(|reason| condition_failed(reason));
    if let Some((fact, marker)) = commit.fact.as_ref().zip(first) {
        let marker: Seen<Marker> = match &marker.item {
            Some(item) => seen(item)?,
            None => return Err(Failure::Fault("a marker was there and not shown".into())),
        };
        return same_content(&fact.digest, marker.state).map(Committed::Before);
    }
    let operations = commit.operations(telling)?;
    let failed = || reasons.iter().zip(&operations).filter(|(reason, _)| condition_failed(reason));
    let stale = failed().any(|(_, operation)| matches!(operation.expect, Expect::Seen(_)));
    let barred = failed().find_map(|(_, operation)| match &operation.write {
        Write::Bar(refusal) => Some(refusal.clone()),
        Write::Put(_) | Write::Delete | Write::Check => None,
    });
    let code = |wanted: &[&str]| reasons.iter().any(|r| r.code().is_some_and(|code| wanted.contains(&code)));
    if stale || code(&["TransactionConflict"]) {
        Err(Failure::Stale)
    } else if let Some(refusal) = barred {
        Err(refusal.into())
    } else if code(&["ThrottlingError", "ProvisionedThroughputExceeded"]) {
        Err(Failure::Transient("TransactWriteItems: throttled".into()))
    } else {
        let codes: Vec<_> = reasons.iter().map(|r| r.code().unwrap_or("None")).collect();
        let name = commit.fact.as_ref().map_or("no fact", |fact| fact.name.as_str());
        Err(Failure::Fault(format!("TransactWriteItems of {name}: {}", codes.join(", "))))
    }
}

fn condition_failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

fn same_content(digest: &str, marker: Marker) -> Result<Option<Answer>, Failure> {
    if marker.digest == digest {
        Ok(marker.answer)
    } else {
        Err(Failure::bad_field(
            FACT_CONFLICT,
            "body",
            "differs from what was sent under the same name before, which stands",
        ))
    }
}

/// All of a partition.
const OWN: &str = "pk = :pk";

/// Of a partition what begins with this.
fn beginning(query: QueryFluentBuilder, prefix: &str) -> QueryFluentBuilder {
    query.key_condition_expression("pk = :pk AND begins_with(sk, :sk)").expression_attribute_values(":sk", text(prefix))
}

/// The key of an item of a partition, by its place.
fn item_at(pk: &str, sk: &str) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// The place of an item in its partition.
fn place(item: &Item) -> String {
    item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default()
}

fn seen<T: DeserializeOwned>(item: &Item) -> Result<Seen<T>, Failure> {
    let place = || item.get("pk").and_then(|pk| pk.as_s().ok()).cloned().unwrap_or_default();
    let layout: Option<u32> = item.get("schema").and_then(|schema| schema.as_n().ok()).and_then(|n| n.parse().ok());
    if layout.is_some_and(|layout| layout > SCHEMA) {
        return Err(Failure::Fault(format!("the item at {} is laid down by newer code", place())));
    }
    let state = item.get("state").cloned().unwrap_or(AttributeValue::Null(true));
    let version = item.get("version").and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(0);
    serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value(state)
        .map(|state| Seen { state, version })
        .map_err(|error| Failure::Fault(format!("the item at {} cannot be read: {error}", place())))
}

/// What became of one item that was written by itself.
fn put_ended<R>(sent: Result<PutItemOutput, SdkError<PutItemError, R>>) -> Result<(), Failure>
where
    R: Debug,
{
    sent.map(drop).map_err(|error| match error.code() {
        Some("ConditionalCheckFailedException") => Failure::Stale,
        _ => of_sdk("PutItem", &error),
    })
}

/// Decides again after a lost race: three tries with jitter, then later.
pub async fn attempts<T>(seed: &str, mut attempt: impl AsyncFnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    for n in 1..=ATTEMPTS {
        match attempt().await {
            Err(Failure::Stale) => tokio::time::sleep(jitter(seed, n)).await,
            ended => return ended,
        }
    }
    Err(Failure::Transient("somebody else was faster, three times".into()))
}

/// 10 to 50 ms times the number of the try; two contenders wait differently.
fn jitter(seed: &str, n: u32) -> Duration {
    let mut hasher = DefaultHasher::new();
    (seed, n).hash(&mut hasher);
    Duration::from_millis((10 + hasher.finish() % 40) * u64::from(n))
}
