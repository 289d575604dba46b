//! The operations as the SDK writes them. A parameter that is not here is refused by name.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap};

type Values<'a> = BTreeMap<Cow<'a, str>, super::row::Scalar>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GetItem<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub key: &'a RawValue,
    #[serde(default, rename = "ConsistentRead")]
    pub _consistent_read: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BatchGetItem<'a> {
    #[serde(borrow)]
    pub request_items: BTreeMap<Cow<'a, str>, Keys<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Keys<'a> {
    #[serde(borrow)]
    pub keys: Vec<&'a RawValue>,
    #[serde(default, rename = "ConsistentRead")]
    pub _consistent_read: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Query<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub index_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub key_condition_expression: Cow<'a, str>,
    #[serde(default, borrow)]
    pub expression_attribute_names: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(default, borrow)]
    pub expression_attribute_values: Values<'a>,
    #[serde(default)]
    pub consistent_read: bool,
    #[serde(default = "forward")]
    pub scan_index_forward: bool,
    pub limit: Option<usize>,
    #[serde(borrow)]
    pub exclusive_start_key: Option<&'a RawValue>,
}

fn forward() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PutItem<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub item: &'a RawValue,
    #[serde(borrow)]
    pub condition_expression: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub expression_attribute_values: Values<'a>,
    #[serde(borrow, rename = "ReturnValuesOnConditionCheckFailure")]
    pub on_failure: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ConditionCheck<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub key: &'a RawValue,
    #[serde(borrow)]
    pub condition_expression: Cow<'a, str>,
    #[serde(default, borrow)]
    pub expression_attribute_values: Values<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DeleteItem<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub key: &'a RawValue,
    #[serde(borrow)]
    pub condition_expression: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    pub expression_attribute_values: Values<'a>,
}

#[derive(Debug, Deserialize)]
pub enum Action<'a> {
    #[serde(borrow)]
    Put(PutItem<'a>),
    #[serde(borrow)]
    Delete(DeleteItem<'a>),
    #[serde(borrow)]
    ConditionCheck(ConditionCheck<'a>),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TransactWriteItems<'a> {
    #[serde(borrow)]
    pub transact_items: Vec<Action<'a>>,
    #[serde(borrow)]
    pub client_request_token: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BatchWriteItem<'a> {
    #[serde(borrow)]
    pub request_items: BTreeMap<Cow<'a, str>, Vec<Change<'a>>>,
}

#[derive(Debug, Deserialize)]
pub enum Change<'a> {
    #[serde(rename = "DeleteRequest", borrow, deserialize_with = "key")]
    Delete(&'a RawValue),
}

fn key<'de: 'a, 'a, D: Deserializer<'de>>(delete: D) -> Result<&'a RawValue, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase", deny_unknown_fields)]
    struct Delete<'a> {
        #[serde(borrow)]
        key: &'a RawValue,
    }
    Delete::deserialize(delete).map(|delete| delete.key)
}

/// One part of a key condition.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Equals(&'a str, &'a str),
    BeginsWith(&'a str, &'a str),
    AtMost(&'a str, &'a str),
    Between(&'a str, &'a str, &'a str),
}

/// The parts of a key condition, each a name and the name of a value.
pub fn parts(condition: &str) -> Result<Vec<Part<'_>>, String> {
    let part = |part| {
        let part: &str = part;
        if let Some((name, value)) =
            part.strip_prefix("begins_with(").and_then(|rest| rest.strip_suffix(')')?.split_once(", "))
        {
            Ok(Part::BeginsWith(name, value))
        } else if let Some((name, value)) = part.split_once(" <= ") {
            Ok(Part::AtMost(name, value))
        } else if let Some((name, value)) = part.split_once(" = ") {
            Ok(Part::Equals(name, value))
        } else {
            Err(format!("{part} is no key condition of the model"))
        }
    };
    if let Some((before, (name, from, to))) = between(condition) {
        let mut parts = parts(before)?;
        parts.push(Part::Between(name, from, to));
        return Ok(parts);
    }
    condition.split(" AND ").map(part).collect()
}

/// What stands before a last part that names two bounds, and that part.
fn between(condition: &str) -> Option<(&str, (&str, &str, &str))> {
    let (before, bounds) = condition.split_once(" BETWEEN ")?;
    let (before, name) = before.rsplit_once(" AND ")?;
    let (from, to) = bounds.split_once(" AND ")?;
    Some((before, (name, from, to)))
}
