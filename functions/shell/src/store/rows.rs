//! A partition, page by page and in its own order: for whoever reads all of it.

use super::{Store, seen};
use crate::{
    commit::{Item, text},
    failure::{Failure, of_sdk},
    key::Table,
};
use serde::de::DeserializeOwned;

/// A page of a partition, each state with its place.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// Its states.
    pub rows: Vec<(String, T)>,
    /// The place of the last one, if there may be more.
    pub next: Option<String>,
}

impl Store {
    /// A page of a partition, from after this place on. It may be short, or empty.
    pub async fn rows<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Placed<T>, Failure> {
        let from = after.map(|sk| Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))]));
        let page = self
            .client
            .query()
            .table_name(self.tables.name(table)?)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk))
            .limit(limit)
            .consistent_read(true)
            .set_exclusive_start_key(from)
            .send()
            .await
            .map_err(|error| of_sdk("Query", &error))?;
        let place = |item: &Item| item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
        let rows = page.items().iter().map(|item| Ok((place(item), seen(item)?.state)));
        let rows = rows.collect::<Result<_, Failure>>()?;
        Ok(Placed { rows, next: page.last_evaluated_key.as_ref().map(place) })
    }
}
