//! A global secondary index: a second view of the items that have its keys, each write in it only after its lag.

use super::row::{Attributes, Place, Row, Scalar, Sorted, scalar};
use serde_json::Value as Json;
use std::{collections::BTreeMap, sync::Arc};

/// Where an item lies in an index.
pub type IndexPlace = (Arc<str>, Sorted, Place);

/// What an index shows of an item.
type Shown = Option<(IndexPlace, Arc<str>)>;

/// An index of a table.
#[derive(Debug, Clone)]
pub struct Index {
    pub name: String,
    pub hash: String,
    pub range: String,
    keys_only: bool,
    rows: BTreeMap<IndexPlace, Arc<str>>,
    /// Where each item stands, as far as the index knows.
    places: BTreeMap<Place, IndexPlace>,
    /// What it does not show yet: when it will, in the order of the writes, and what the item is by then.
    behind: Vec<(i64, Place, Shown)>,
}

impl Index {
    /// The index that a `CreateTable` request asks for.
    pub fn new(asked: &Json) -> Self {
        let key = |n: usize| asked["KeySchema"][n]["AttributeName"].as_str().expect("a key").to_owned();
        Self {
            name: asked["IndexName"].as_str().expect("a name").to_owned(),
            hash: key(0),
            range: key(1),
            keys_only: asked["Projection"]["ProjectionType"] == "KEYS_ONLY",
            rows: BTreeMap::new(),
            places: BTreeMap::new(),
            behind: Vec::new(),
        }
    }

    /// Takes note of a write, to be shown so long after it; writes of one item are shown in their order.
    pub fn write(
        &mut self,
        place: &Place,
        item: Option<(&Attributes<'_>, &Row)>,
        (now, lag): (i64, i64),
    ) -> Result<(), String> {
        let shown = match item {
            None => None,
            Some((attributes, row)) => self.shown(place, attributes, row)?,
        };
        let before = self.behind.iter().rev().find(|(_, other, _)| other == place).map(|(at, ..)| *at);
        if before.is_none() && lag == 0 {
            self.show(place.clone(), shown);
        } else if shown.is_some() || before.is_some() || self.places.contains_key(place) {
            self.behind.push(((now + lag).max(before.unwrap_or(now)), place.clone(), shown));
        }
        Ok(())
    }

    fn shown(&self, place: &Place, attributes: &Attributes<'_>, row: &Row) -> Result<Shown, String> {
        let Some(Scalar::S(hash)) = scalar(attributes, &self.hash) else { return Ok(None) };
        let Some(range) = scalar(attributes, &self.range) else { return Ok(None) };
        let range = range.sorted()?;
        let text = if self.keys_only {
            let (hash, at) = (attributes[&self.hash].get(), attributes[&self.range].get());
            format!("{{{},\"{}\":{hash},\"{}\":{at}}}", place.json(), self.hash, self.range).into()
        } else {
            Arc::clone(&row.text)
        };
        Ok(Some(((hash.into(), range, place.clone()), text)))
    }

    /// Shows what is to be shown by now.
    pub fn catch_up(&mut self, now: i64) {
        if self.behind.iter().all(|(at, ..)| *at > now) {
            return;
        }
        let (due, behind): (Vec<_>, _) = std::mem::take(&mut self.behind).into_iter().partition(|(at, ..)| *at <= now);
        self.behind = behind;
        for (_, place, shown) in due {
            self.show(place, shown);
        }
    }

    fn show(&mut self, place: Place, shown: Shown) {
        if let Some(old) = self.places.remove(&place) {
            self.rows.remove(&old);
        }
        if let Some((at, text)) = shown {
            self.places.insert(place, at.clone());
            self.rows.insert(at, text);
        }
    }

    /// What stands under this hash key, by its range, from this place on.
    pub fn rows<'a>(
        &'a self,
        hash: &'a str,
        from: Option<&IndexPlace>,
    ) -> impl Iterator<Item = (&'a IndexPlace, &'a Arc<str>)> + use<'a> {
        let nothing: Arc<str> = "".into();
        let first = (Arc::from(hash), Sorted::Number(i64::MIN), Place { pk: Arc::clone(&nothing), sk: nothing });
        let from = from.filter(|from| **from > first).cloned().unwrap_or(first);
        self.rows.range(from..).take_while(move |((own, ..), _)| **own == *hash)
    }

    /// The time at which all that is written will be shown.
    pub fn shows_all_at(&self) -> Option<i64> {
        self.behind.iter().map(|(at, ..)| *at).max()
    }

    /// The first and the last range key up to this number.
    pub fn due(&self, until: i64) -> Option<(i64, i64)> {
        let number = |(_, range, _): &IndexPlace| match range {
            Sorted::Number(number) if *number <= until => Some(*number),
            _ => None,
        };
        let behind = self.behind.iter().filter_map(|(_, _, shown)| shown.as_ref().map(|(place, _)| place));
        let due = || self.rows.keys().chain(behind.clone()).filter_map(number);
        Some((due().min()?, due().max()?))
    }

    /// A key of this index as the service writes it.
    pub fn key(&self, (hash, range, place): &IndexPlace) -> String {
        let hash = Json::from(&**hash);
        let range = match range {
            Sorted::Number(number) => format!("{{\"N\":\"{number}\"}}"),
            Sorted::Text(text) => format!("{{\"S\":{}}}", Json::from(&**text)),
        };
        format!("{{{},\"{}\":{{\"S\":{hash}}},\"{}\":{range}}}", place.json(), self.hash, self.range)
    }

    /// The key that a caller gives back.
    pub fn place(&self, attributes: &Attributes<'_>) -> Result<IndexPlace, String> {
        let unknown = || "The provided starting key is invalid".to_owned();
        let Some(Scalar::S(hash)) = scalar(attributes, &self.hash) else { return Err(unknown()) };
        let range = scalar(attributes, &self.range).ok_or_else(unknown)?.sorted()?;
        Ok((hash.into(), range, Place::of(attributes)?))
    }
}
