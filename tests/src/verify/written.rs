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
pub struct Read(Result<Item<'static>, String>, String);

impl Read {
    /// An item of this table.
    ///
    /// # Panics
    /// If the template has no such table.
    #[must_use]
    pub fn of(table: &str, text: &str) -> Self {
        let table = table_named(table).expect("a table of ours");
        // What comes from a reader borrows nothing of it.
        let read = |known| {
            let mut reader = serde_json::Deserializer::from_reader(text.as_bytes());
            reader.deserialize_map(Reading { table, known }).map_err(|e| e.to_string())
        };
        Self(whole(read), read_key(table, Written::Text(text)))
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
        Written::Text(text) => whole(|known| {
            let mut reader = serde_json::Deserializer::from_str(text);
            reader.deserialize_map(Reading { table, known }).map_err(|e| e.to_string())
        }),
        Written::Tree(tree) => whole(|known| tree.deserialize_map(Reading { table, known }).map_err(|e| e.to_string())),
        Written::Read(Read(item, _)) => item.clone(),
    }
}

/// An item, read once more where its state came before its key.
fn whole<'a>(read: impl Fn(Option<Kind>) -> Result<Parsed<'a>, String>) -> Result<Item<'a>, String> {
    match read(None)? {
        Parsed { item, late: true } => read(item.kind).map(|parsed| parsed.item),
        Parsed { item, late: false } => Ok(item),
    }
}

/// The place of an item of which nothing else can be read.
pub fn read_key(table: shell::key::Table, written: Written<'_>) -> String {
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
        Written::Read(Read(_, place)) => return place.clone(),
    };
    keyed.map_or_else(
        |_| format!("{table:?}Table"),
        |Keyed { pk, sk }| format!("{table:?}Table {} {}", pk.text, sk.text),
    )
}
