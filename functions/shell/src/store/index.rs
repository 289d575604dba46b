//! Lists that an index holds, in the order of its range key. They may lag behind what was written.

use super::{Seen, Store, seen};
use crate::{
    commit::{Item, key_item, number, text},
    failure::{Failure, of_sdk},
    key::{Key, Table},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::at::Instant;
use serde::de::DeserializeOwned;

/// A range of an index.
#[derive(Debug, Clone)]
pub struct IndexRange<'a> {
    /// Whose index.
    pub table: Table,
    /// Its name.
    pub index: &'a str,
    /// The hash key and its value.
    pub hash: (&'a str, &'a str),
    /// The range key and its greatest value.
    pub until: Option<(&'a str, AttributeValue)>,
    /// Backwards.
    pub newest_first: bool,
}

/// Where an index goes on after the item of this key, by the values that its two keys have there.
#[must_use]
pub fn place_in_index(key: &Key, hash: (&str, &str), range: (&str, i64)) -> Item {
    let mut place = key_item(key);
    place.insert(hash.0.to_owned(), text(hash.1));
    place.insert(range.0.to_owned(), number(range.1));
    place
}

/// A page of a list, and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The key of the last one, if there is more.
    pub next: Option<Item>,
}

impl Store {
    /// A page of an index, sorted by its range key.
    async fn page<T: DeserializeOwned>(
        &self,
        of: &IndexRange<'_>,
        from: Option<Item>,
        limit: i32,
    ) -> Result<Page<Seen<T>>, Failure> {
        let page = self.query_index(of, from, Some(limit)).await?;
        Ok(Page { rows: page.rows.iter().map(seen).collect::<Result<_, _>>()?, next: page.next })
    }

    /// So many of an index that fit, and where the next ones begin. An index may give fewer than it was asked for, so it is
    /// read on until the answer is full or nothing is left.
    pub async fn full_page<T: DeserializeOwned>(
        &self,
        of: &IndexRange<'_>,
        from: Option<Item>,
        limit: usize,
        fits: impl Fn(&T) -> bool,
    ) -> Result<Page<T>, Failure> {
        let mut full = Page { rows: Vec::new(), next: from };
        loop {
            let space = i32::try_from(limit.saturating_sub(full.rows.len())).unwrap_or(i32::MAX);
            let page = self.page::<T>(of, full.next, space).await?;
            full.rows.extend(page.rows.into_iter().map(|seen| seen.state).filter(&fits));
            full.next = page.next;
            if full.next.is_none() || full.rows.len() >= limit {
                return Ok(full);
            }
        }
    }

    /// A page of an index that holds keys alone, as they stand in it.
    pub async fn keys(&self, of: &IndexRange<'_>, from: Option<Item>) -> Result<Page<Item>, Failure> {
        self.query_index(of, from, None).await
    }

    /// All of it, one after the other.
    pub async fn each_key(
        &self,
        of: &IndexRange<'_>,
        mut take: impl FnMut(&Item) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut from = None;
        loop {
            let page = self.keys(of, from).await?;
            page.rows.iter().try_for_each(&mut take)?;
            from = page.next;
            if from.is_none() {
                return Ok(());
            }
        }
    }

    /// A page of items that are due, oldest first, as they stand in the index.
    pub async fn due(
        &self,
        table: Table,
        shard: &str,
        now: Instant,
        from: Option<Item>,
    ) -> Result<Page<Item>, Failure> {
        let range = IndexRange {
            table,
            index: "due",
            hash: ("due_shard", shard),
            until: Some(("due_at", number(now.timestamp_millis()))),
            newest_first: false,
        };
        self.query_index(&range, from, None).await
    }

    async fn query_index(
        &self,
        of: &IndexRange<'_>,
        from: Option<Item>,
        limit: Option<i32>,
    ) -> Result<Page<Item>, Failure> {
        let mut condition = "#hash = :hash".to_owned();
        let mut query = self
            .client
            .query()
            .table_name(self.tables.name(of.table)?)
            .index_name(of.index)
            .expression_attribute_names("#hash", of.hash.0)
            .expression_attribute_values(":hash", text(of.hash.1));
        if let Some((range, until)) = &of.until {
            condition.push_str(" AND #range <= :until");
            query =
                query.expression_attribute_names("#range", *range).expression_attribute_values(":until", until.clone());
        }
        let page = query
            .key_condition_expression(condition)
            .scan_index_forward(!of.newest_first)
            .set_limit(limit)
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| of_sdk("Query", &error))?;
        Ok(Page { next: page.last_evaluated_key, rows: page.items.unwrap_or_default() })
    }
}
