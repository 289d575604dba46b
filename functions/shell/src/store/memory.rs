//! What was read for one page: each thing once, however many of the functions that the page asks read it, and also where
//! they ask at one time. Nobody decides on it, since what is known there is never seen to change.

use super::{Item, Key, Stretch, Table, place, seen};
use crate::failure::Failure;
use serde::de::DeserializeOwned;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// Items that were read in one call.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The items.
    pub items: Vec<Item>,
    /// The place of the last one, if there is more.
    pub next: Option<String>,
}

impl Rows {
    /// Each state with its place.
    pub fn stretch<T: DeserializeOwned>(&self) -> Result<Stretch<T>, Failure> {
        let rows = self.items.iter().map(|item| Ok((place(item), seen(item)?))).collect::<Result<_, Failure>>()?;
        Ok(Stretch { rows, next: self.next.clone() })
    }
}

/// What a call reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// One item.
    Item(Key),
    /// The first page of a part of a partition: from one place to another, or where there is none, what begins as the one does.
    Rows { table: Table, pk: String, from: String, to: Option<String> },
}

/// What was read, by what was asked.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<Reading, Arc<OnceCell<Arc<Rows>>>>>);

impl Memory {
    /// What was read before, or else now. Of several who ask at one time, one reads; what failed is not remembered.
    pub async fn rows(
        &self,
        reading: Reading,
        read: impl Future<Output = Result<Rows, Failure>>,
    ) -> Result<Arc<Rows>, Failure> {
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(reading).or_default())
        };
        cell.get_or_try_init(async || Ok(Arc::new(read.await?))).await.map(Arc::clone)
    }
}
