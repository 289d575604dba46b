//! A partition, page by page and in its own order: for whoever reads all of it.

use super::{OWN, Store, item_at, place, seen};
use crate::{
    failure::{Failure, of_sdk},
    key::Table,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A page of a partition, each state with its place.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// Its states.
    pub rows: Vec<(String, T)>,
    /// The place of the last one, if there may be more.
    pub next: Option<String>,
}

impl Store {
    /// Every state of a partition whose place begins with `prefix`, without the events that lie beside it; all pages.
    pub async fn states<T: DeserializeOwned>(&self, table: Table, pk: &str, prefix: &str) -> Result<Vec<T>, Failure> {
        let rows = self.list::<Value>(table, pk, prefix).await?;
        let states = rows.into_iter().filter(|(place, _)| !place.contains("#EVENT#")).map(|(place, seen)| {
            let unreadable = |error| Failure::Fault(format!("the item at {pk} {place} cannot be read: {error}"));
            serde_json::from_value(seen.state).map_err(unreadable)
        });
        states.collect()
    }

    /// A page of a partition, from after this place on. It may be short, or empty.
    pub async fn rows<T: DeserializeOwned>(
        &self,
        table: Table,
        pk: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Placed<T>, Failure> {
        let page = self
            .partition(table, pk)?
            .key_condition_expression(OWN)
            .limit(limit)
            .set_exclusive_start_key(after.map(|sk| item_at(pk, sk)))
            .send()
            .await
            .map_err(|error| of_sdk("Query", &error))?;
        let rows = page.items().iter().map(|item| Ok((place(item), seen(item)?.state)));
        let rows = rows.collect::<Result<_, Failure>>()?;
        Ok(Placed { rows, next: page.last_evaluated_key.as_ref().map(place) })
    }
}
