//! One item, as it came over the wire, and the few attributes that the model itself looks at.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::{collections::BTreeMap, sync::Arc};

/// Where an item lies in its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The partition.
    pub pk: Arc<str>,
    /// The place in it.
    pub sk: Arc<str>,
}

/// A key's value, as it sorts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sorted {
    /// A number; all of ours are whole.
    Number(i64),
    /// A text.
    Text(Arc<str>),
}

/// An item.
#[derive(Debug, Clone)]
pub struct Row {
    /// The whole of it, as JSON.
    pub text: Arc<str>,
    /// The attribute that conditions ask for.
    pub version: Option<Arc<str>>,
}

/// An attribute of the first level.
#[derive(Debug, Deserialize)]
pub enum Scalar {
    S(String),
    N(String),
}

/// The attributes of an item by name, unread.
pub type Attributes<'a> = BTreeMap<String, &'a RawValue>;

/// The attributes of an item.
pub fn attributes(item: &RawValue) -> Result<Attributes<'_>, String> {
    serde_json::from_str(item.get()).map_err(|error| format!("an item cannot be read: {error}"))
}

/// A key attribute of an item, if it is there and a text or a number.
pub fn scalar(attributes: &Attributes<'_>, name: &str) -> Option<Scalar> {
    serde_json::from_str(attributes.get(name)?.get()).ok()
}

impl Scalar {
    /// As it sorts.
    pub fn sorted(self) -> Result<Sorted, String> {
        match self {
            Self::S(text) => Ok(Sorted::Text(text.into())),
            Self::N(number) => {
                number.parse().map(Sorted::Number).map_err(|_| format!("{number} is no whole number: not in the model"))
            }
        }
    }
}

impl Place {
    /// Where the item with these attributes lies.
    pub fn of(attributes: &Attributes<'_>) -> Result<Self, String> {
        let text = |name: &str| match scalar(attributes, name) {
            Some(Scalar::S(text)) if !text.is_empty() => Ok(Arc::from(text)),
            _ => Err(format!("One or more parameter values were invalid: Missing the key {name} in the item")),
        };
        Ok(Self { pk: text("pk")?, sk: text("sk")? })
    }

    /// The place as the keys of an item, without braces.
    #[must_use]
    pub fn json(&self) -> String {
        let (pk, sk) = (serde_json::Value::from(&*self.pk), serde_json::Value::from(&*self.sk));
        format!("\"pk\":{{\"S\":{pk}}},\"sk\":{{\"S\":{sk}}}")
    }
}

/// The bytes that an item counts for: its names and values, as the service adds them up.
pub fn size(item: &serde_json::Value) -> usize {
    fn of(value: &serde_json::Value) -> usize {
        let Some((kind, value)) = value.as_object().and_then(|object| object.iter().next()) else { return 0 };
        match (kind.as_str(), value) {
            ("M", serde_json::Value::Object(map)) => {
                3 + map.iter().map(|(name, value)| name.len() + of(value) + 1).sum::<usize>()
            }
            ("L", serde_json::Value::Array(list)) => 3 + list.iter().map(|value| of(value) + 1).sum::<usize>(),
            ("N", serde_json::Value::String(number)) => number.trim_start_matches('-').len().div_ceil(2) + 1,
            (_, serde_json::Value::String(text)) => text.len(),
            _ => 1,
        }
    }
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() + of(value)).sum()
}
