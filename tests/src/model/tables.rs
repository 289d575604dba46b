//! The tables: the operations, as the service answers them.

use super::{
    index::{Index, IndexPlace},
    query::Asked,
    request::{
        Action, BatchGetItem, BatchWriteItem, Change, ConditionCheck, DeleteItem, GetItem, PutItem, Query,
        TransactWriteItems,
    },
    row::{Attributes, Place, Row, Scalar, attributes, scalar, size},
    update::UpdateItem,
};
use serde::Deserialize;
use serde_json::{Value as Json, json, value::RawValue};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The most bytes of an item.
const LARGEST_ITEM: usize = 400 * 1024;
/// The most items of a transaction.
const MOST_ITEMS: usize = 100;
/// The most bytes of a transaction.
const LARGEST_TRANSACTION: usize = 4 * 1024 * 1024;
/// The most deletions of a batch, and the most keys that are read in one.
const MOST_CHANGES: usize = 25;
const MOST_KEYS: usize = 100;
/// A transaction that comes again under its token is answered as before for so long.
const TOKEN_WINDOW: i64 = 10 * 60_000;
/// From so many on, those whose time is over are forgotten.
const MANY_TOKENS: usize = 4_096;

/// A table and the places in it that a write touches.
pub type Touched = BTreeSet<(String, Place)>;

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) rows: BTreeMap<Place, Row>,
    indexes: Vec<Index>,
}

/// Every table.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    tables: BTreeMap<String, Table>,
    /// The digest of what was asked under each token, and until when it counts.
    tokens: HashMap<String, (u64, i64)>,
    /// How far an index lags behind a write from now on, in milliseconds.
    pub lag: i64,
    /// The most items of a page, if fewer than the service's own.
    pub page: Option<usize>,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refused {
    Invalid(String),
    Unknown(String),
    ConditionFailed,
    Mismatch,
    Cancelled(Vec<Json>),
}

pub(super) type Answer = Result<String, Refused>;

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self::Invalid(message)
    }
}

impl Refused {
    fn answer(self) -> (u16, String) {
        let (code, message, reasons) = match self {
            Self::Invalid(message) => ("ValidationException", message, None),
            Self::Unknown(table) => ("ResourceNotFoundException", format!("no table {table}"), None),
            Self::ConditionFailed => {
                ("ConditionalCheckFailedException", "The conditional request failed".to_owned(), None)
            }
            Self::Mismatch => ("IdempotentParameterMismatchException", "another request had this token".into(), None),
            Self::Cancelled(reasons) => {
                ("TransactionCanceledException", "Transaction cancelled".to_owned(), Some(reasons))
            }
        };
        let mut body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message });
        if let Some(reasons) = reasons {
            body["CancellationReasons"] = Json::Array(reasons);
        }
        (400, body.to_string())
    }
}

pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Refused> {
    serde_json::from_str(body).map_err(|error| Refused::Invalid(format!("not in the model: {error}")))
}

impl Tables {
    /// Empty tables, as these `CreateTable` requests ask.
    ///
    /// # Panics
    /// If one of them is none.
    #[must_use]
    pub fn new<'a>(asked: impl IntoIterator<Item = &'a Json>) -> Self {
        let table = |asked: &Json| {
            let indexes = asked["GlobalSecondaryIndexes"].as_array().into_iter().flatten().map(Index::new).collect();
            (asked["TableName"].as_str().expect("a name").to_owned(), Table { rows: BTreeMap::new(), indexes })
        };
        Self { tables: asked.into_iter().map(table).collect(), ..Self::default() }
    }

    /// Answers one request.
    pub fn answer(&mut self, operation: &str, body: &str, now: i64) -> (u16, String) {
        let answer = match operation {
            "GetItem" => self.get_item(body),
            "BatchGetItem" => self.batch_get_item(body),
            "Query" => self.query(body, now),
            "PutItem" => self.put_item(body, now),
            "UpdateItem" => self.update_item(body, now),
            "BatchWriteItem" => self.batch_write_item(body, now),
            "TransactWriteItems" => self.transact_write_items(body, now),
            other => Err(Refused::Invalid(format!("{other} is not in the model"))),
        };
        answer.map_or_else(Refused::answer, |body| (200, body))
    }

    /// What a write would touch; nothing if it is no write.
    #[must_use]
    pub fn touched(operation: &str, body: &str) -> Touched {
        let place = |item: &RawValue| attributes(item).and_then(|item| Place::of(&item));
        let one = |table: &str, item: &RawValue| Some((table.to_owned(), place(item).ok()?));
        match operation {
            "PutItem" => {
                read::<PutItem<'_>>(body).ok().and_then(|put| one(&put.table_name, put.item)).into_iter().collect()
            }
            "UpdateItem" => {
                let update = read::<UpdateItem<'_>>(body).ok();
                update.and_then(|update| one(&update.table_name, update.key)).into_iter().collect()
            }
            "TransactWriteItems" => read::<TransactWriteItems<'_>>(body)
                .map(|request| {
                    request.transact_items.iter().filter_map(|action| one(action.table(), action.item())).collect()
                })
                .unwrap_or_default(),
            "BatchWriteItem" => read::<BatchWriteItem<'_>>(body)
                .map(|request| {
                    let changes = request.request_items.iter().flat_map(|(table, changes)| {
                        changes.iter().filter_map(move |Change::Delete(key)| one(table, key))
                    });
                    changes.collect()
                })
                .unwrap_or_default(),
            _ => Touched::new(),
        }
    }

    /// The items that a transaction puts into this table, and what each is to its stream.
    #[must_use]
    pub fn put_into(&self, table: &str, body: &str) -> Vec<(&'static str, Json)> {
        let request: Option<TransactWriteItems<'_>> = read(body).ok();
        let actions = request.iter().flat_map(|request| &request.transact_items);
        let puts = actions.filter(|action| matches!(action, Action::Put(_)) && action.table() == table);
        let change = |item: &RawValue| {
            let is_there = matches!(self.row(table, item), Ok(Some(_)));
            (if is_there { "MODIFY" } else { "INSERT" }, serde_json::from_str(item.get()).unwrap_or_default())
        };
        puts.map(|action| change(action.item())).collect()
    }

    /// Every item of a table.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn items(&self, table: &str) -> impl Iterator<Item = (&Place, &str)> {
        self.tables[table].rows.iter().map(|(place, row)| (place, &*row.text))
    }

    /// When every index will show all that is written.
    #[must_use]
    pub fn shows_all_at(&self) -> Option<i64> {
        self.tables.values().flat_map(|table| table.indexes.iter().filter_map(Index::shows_all_at)).max()
    }

    /// When the first and the last of what is due in a table until then is due, as its index will show it.
    ///
    /// # Panics
    /// If the table has no such index.
    #[must_use]
    pub fn due(&mut self, table: &str, until: i64, now: i64) -> Option<(i64, i64)> {
        let indexes = &mut self.tables.get_mut(table).expect("a table").indexes;
        let index = indexes.iter_mut().find(|known| known.name == "due").expect("an index");
        index.catch_up(now);
        index.due(until)
    }

    pub(super) fn table(&self, name: &str) -> Result<&Table, Refused> {
        self.tables.get(name).ok_or_else(|| Refused::Unknown(name.to_owned()))
    }

    fn row(&self, table: &str, key: &RawValue) -> Result<Option<&Row>, Refused> {
        let place = Place::of(&attributes(key)?)?;
        Ok(self.table(table)?.rows.get(&place))
    }

    fn get_item(&self, body: &str) -> Answer {
        let request: GetItem<'_> = read(body)?;
        let row = self.row(&request.table_name, request.key)?;
        Ok(row.map_or_else(|| "{}".to_owned(), |row| format!("{{\"Item\":{}}}", row.text)))
    }

    fn batch_get_item(&self, body: &str) -> Answer {
        let request: BatchGetItem<'_> = read(body)?;
        let mut asked = BTreeSet::new();
        let mut responses = Vec::new();
        for (table, keys) in &request.request_items {
            let mut found = Vec::new();
            for key in &keys.keys {
                let place = Place::of(&attributes(key)?)?;
                found.extend(self.table(table)?.rows.get(&place).map(|row| &*row.text));
                if !asked.insert((table, place)) {
                    return Err(Refused::Invalid("Provided list of item keys contains duplicates".into()));
                }
            }
            responses.push(format!("{}:[{}]", Json::from(&**table), found.join(",")));
        }
        if asked.len() > MOST_KEYS {
            return Err(Refused::Invalid("Too many items requested for the BatchGetItem call".into()));
        }
        Ok(format!("{{\"Responses\":{{{}}},\"UnprocessedKeys\":{{}}}}", responses.join(",")))
    }

    fn put_item(&mut self, body: &str, now: i64) -> Answer {
        let put: PutItem<'_> = read(body)?;
        let item = attributes(put.item)?;
        let place = Place::of(&item)?;
        check_size(put.item)?;
        if !self.holds(
            &put.table_name,
            &place,
            put.condition_expression.as_deref(),
            &put.expression_attribute_values,
        )? {
            return Err(Refused::ConditionFailed);
        }
        self.write(&put.table_name, place, &item, put.item, now)?;
        Ok("{}".to_owned())
    }

    fn batch_write_item(&mut self, body: &str, now: i64) -> Answer {
        let request: BatchWriteItem<'_> = read(body)?;
        let mut places = Touched::new();
        let mut asked = 0;
        for (table, changes) in &request.request_items {
            self.table(table)?;
            for Change::Delete(key) in changes {
                asked += 1;
                places.insert((table.to_string(), Place::of(&attributes(key)?)?));
            }
        }
        if asked > MOST_CHANGES || places.len() < asked {
            return Err(Refused::Invalid("Too many items, or one of them twice, in the BatchWriteItem call".into()));
        }
        for (table, place) in places {
            self.delete(&table, &place, now)?;
        }
        Ok("{\"UnprocessedItems\":{}}".to_owned())
    }

    fn transact_write_items(&mut self, body: &str, now: i64) -> Answer {
        let request: TransactWriteItems<'_> = read(body)?;
        let token = request.client_request_token.as_deref();
        let asked = digest(body);
        if let Some((before, until)) = token.and_then(|token| self.tokens.get(token))
            && *until >= now
        {
            return if *before == asked { Ok("{}".to_owned()) } else { Err(Refused::Mismatch) };
        }
        let mut places = Vec::new();
        let mut bytes = 0;
        for action in &request.transact_items {
            let item = attributes(action.item())?;
            let place = Place::of(&item)?;
            if places.iter().any(|(table, other, _)| *table == action.table() && *other == place) {
                let message = "Transaction request cannot include multiple operations on one item";
                return Err(Refused::Invalid(message.into()));
            }
            bytes += check_size(action.item())?;
            places.push((action.table(), place, item));
        }
        if places.len() > MOST_ITEMS || bytes > LARGEST_TRANSACTION {
            return Err(Refused::Invalid(format!(
                "{} items of {bytes} bytes are too many for a transaction",
                places.len()
            )));
        }
        let mut reasons = Vec::new();
        for (action, (table, place, _)) in request.transact_items.iter().zip(&places) {
            let (condition, values) = action.condition();
            reasons.push(if self.holds(table, place, condition, values)? {
                json!({ "Code": "None" })
            } else {
                let mut reason =
                    json!({ "Code": "ConditionalCheckFailed", "Message": "The conditional request failed" });
                if let (true, Some(row)) = (action.shows_the_old_one(), self.table(table)?.rows.get(place)) {
                    reason["Item"] = serde_json::from_str(&row.text).expect("an item");
                }
                reason
            });
        }
        if reasons.iter().any(|reason| reason["Code"] != "None") {
            return Err(Refused::Cancelled(reasons));
        }
        for (action, (table, place, item)) in request.transact_items.iter().zip(places) {
            match action {
                Action::Put(put) => self.write(table, place, &item, put.item, now)?,
                Action::Delete(_) => self.delete(table, &place, now)?,
                Action::ConditionCheck(_) => {}
            }
        }
        if let Some(token) = token {
            if self.tokens.len() >= MANY_TOKENS {
                self.tokens.retain(|_, (_, until)| *until >= now);
            }
            self.tokens.insert(token.to_owned(), (asked, now + TOKEN_WINDOW));
        }
        Ok("{}".to_owned())
    }

    fn holds(
        &self,
        table: &str,
        place: &Place,
        condition: Option<&str>,
        values: &BTreeMap<Cow<'_, str>, Scalar>,
    ) -> Result<bool, Refused> {
        let row = self.table(table)?.rows.get(place);
        match condition {
            None => Ok(true),
            Some("attribute_not_exists(pk)") => Ok(row.is_none()),
            Some("version = :seen") => {
                let Some(Scalar::N(seen)) = values.get(":seen") else {
                    return Err(Refused::Invalid(":seen is not given".into()));
                };
                Ok(row.and_then(|row| row.version.as_deref()) == Some(seen))
            }
            Some(other) => Err(Refused::Invalid(format!("{other} is not in the model"))),
        }
    }

    pub(super) fn write(
        &mut self,
        table: &str,
        place: Place,
        item: &Attributes<'_>,
        text: &RawValue,
        now: i64,
    ) -> Result<(), Refused> {
        let version = match scalar(item, "version") {
            Some(Scalar::N(number)) => Some(Arc::from(number)),
            _ => None,
        };
        let row = Row { text: text.get().into(), version };
        let table = self.tables.get_mut(table).ok_or_else(|| Refused::Unknown(table.to_owned()))?;
        for index in &mut table.indexes {
            index.write(&place, Some((item, &row)), (now, self.lag))?;
        }
        table.rows.insert(place, row);
        Ok(())
    }

    fn delete(&mut self, table: &str, place: &Place, now: i64) -> Result<(), Refused> {
        let table = self.tables.get_mut(table).ok_or_else(|| Refused::Unknown(table.to_owned()))?;
        table.rows.remove(place);
        for index in &mut table.indexes {
            index.write(place, None, (now, self.lag))?;
        }
        Ok(())
    }

    fn query(&mut self, body: &str, now: i64) -> Answer {
        let request: Query<'_> = read(body)?;
        let limit = request.limit.into_iter().chain(self.page).min().unwrap_or(usize::MAX);
        let table = self.tables.get_mut(&*request.table_name);
        let table = table.ok_or_else(|| Refused::Unknown(request.table_name.to_string()))?;
        let asked = Asked::of(&request)?;
        let after = request.exclusive_start_key.map(attributes).transpose()?;
        match &request.index_name {
            None => {
                let after = after.map(|key| Place::of(&key)).transpose()?;
                let rows = asked.rows(&table.rows, after.as_ref());
                Ok(asked.page(rows, after.as_ref(), limit, |place| format!("{{{}}}", place.json())))
            }
            Some(_) if request.consistent_read => {
                Err(Refused::Invalid("Consistent reads are not supported on global secondary indexes".into()))
            }
            Some(name) => {
                let index = table.indexes.iter_mut().find(|index| index.name == **name);
                let index =
                    index.ok_or_else(|| Refused::Invalid(format!("The table does not have the index {name}")))?;
                index.catch_up(now);
                let after = after.map(|key| index.place(&key)).transpose()?;
                let rows = asked.rows_of_index(index, after.as_ref())?;
                Ok(asked.page(rows, after.as_ref(), limit, |place: &IndexPlace| index.key(place)))
            }
        }
    }
}

impl Action<'_> {
    fn table(&self) -> &str {
        match self {
            Self::Put(PutItem { table_name, .. })
            | Self::Delete(DeleteItem { table_name, .. })
            | Self::ConditionCheck(ConditionCheck { table_name, .. }) => table_name,
        }
    }

    /// The item that is put, or the key of the one that is deleted or checked.
    fn item(&self) -> &RawValue {
        match self {
            Self::Put(put) => put.item,
            Self::Delete(delete) => delete.key,
            Self::ConditionCheck(named) => named.key,
        }
    }

    fn condition(&self) -> (Option<&str>, &BTreeMap<Cow<'_, str>, Scalar>) {
        match self {
            Self::Put(put) => (put.condition_expression.as_deref(), &put.expression_attribute_values),
            Self::Delete(delete) => (delete.condition_expression.as_deref(), &delete.expression_attribute_values),
            Self::ConditionCheck(named) => (Some(&named.condition_expression), &named.expression_attribute_values),
        }
    }

    fn shows_the_old_one(&self) -> bool {
        matches!(self, Self::Put(PutItem { on_failure: Some(which), .. }) if which == "ALL_OLD")
    }
}

fn digest(body: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    hasher.finish()
}

/// The bytes of an item, if it may be stored. Its JSON is never shorter than what it counts for.
fn check_size(item: &RawValue) -> Result<usize, Refused> {
    let longest = item.get().len();
    if longest <= LARGEST_ITEM {
        return Ok(longest);
    }
    let bytes = size(&serde_json::from_str(item.get()).unwrap_or_default());
    if bytes > LARGEST_ITEM {
        return Err(Refused::Invalid("Item size has exceeded the maximum allowed size".into()));
    }
    Ok(bytes)
}
