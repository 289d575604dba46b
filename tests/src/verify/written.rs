//! An item as it is written down, and how it becomes one that is read.

use super::{
    item::{Item, Parsed, Reading, table_named},
    kind::Kind,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use shell::key::Table;

/// An item as `DynamoDB` writes it.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// As text.
    Text(&'a str),
    /// As a tree.
    Tree(&'a Json),
    /// As it was read before.
    Read(&'a Read),
}

/// An item that is read once and verified often.
#[derive(Debug)]
pub struct Read(Item<'static>);

impl Read {
    /// An item of this table of the template; none if it cannot be read.
    #[must_use]
    pub fn of(table: &str, text: &str) -> Option<Self> {
        // What comes from a reader borrows nothing of it.
        let read = |how| serde_json::Deserializer::from_reader(text.as_bytes()).deserialize_map(how);
        whole(table_named(table)?, read).ok().map(Self)
    }
}

impl<'a> From<&'a str> for Written<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Json> for Written<'a> {
    fn from(tree: &'a Json) -> Self {
        Self::Tree(tree)
    }
}

/// Reads an item; the error says what of it cannot be read.
pub fn read(table: Table, written: Written<'_>) -> Result<Item<'_>, String> {
    match written {
        Written::Text(text) => whole(table, |how| serde_json::Deserializer::from_str(text).deserialize_map(how)),
        Written::Tree(tree) => whole(table, |how| tree.deserialize_map(how)),
        Written::Read(Read(item)) => Ok(item.clone()),
    }
}

/// An item, read once more where its state came before its key.
fn whole<'a>(table: Table, read: impl Fn(Reading) -> serde_json::Result<Parsed<'a>>) -> Result<Item<'a>, String> {
    let known = |known: Option<Kind>| read(Reading { table, known }).map_err(|error| error.to_string());
    match known(None)? {
        Parsed { item, late: true } => known(item.kind).map(|parsed| parsed.item),
        Parsed { item, late: false } => Ok(item),
    }
}

/// The place of an item of which nothing else can be read.
pub fn read_key(table: Table, written: Written<'_>) -> String {
    #[derive(Deserialize)]
    struct Named {
        #[serde(rename = "S")]
        text: String,
    }
    #[derive(Deserialize)]
    struct Keyed {
        pk: Named,
        sk: Named,
    }
    let keyed = match written {
        Written::Text(text) => serde_json::from_str::<Keyed>(text),
        Written::Tree(tree) => Keyed::deserialize(tree),
        Written::Read(Read(item)) => return item.place.to_string(),
    };
    keyed.map_or_else(
        |_| format!("{table:?}Table"),
        |Keyed { pk, sk }| format!("{table:?}Table {} {}", pk.text, sk.text),
    )
}
