//! Changing an item in its place: attributes that are set, to a value or to a sum, under a condition on one of them.

use super::{
    row::{Place, attributes},
    tables::{Answer, Refused, Tables, read},
};
use serde::Deserialize;
use serde_json::{Value as Json, json, value::RawValue};
use std::{borrow::Cow, collections::BTreeMap};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateItem<'a> {
    #[serde(borrow)]
    pub table_name: Cow<'a, str>,
    #[serde(borrow)]
    pub key: &'a RawValue,
    #[serde(borrow)]
    update_expression: Cow<'a, str>,
    #[serde(borrow)]
    condition_expression: Cow<'a, str>,
    expression_attribute_names: BTreeMap<String, String>,
    expression_attribute_values: BTreeMap<String, Json>,
}

impl UpdateItem<'_> {
    /// Where an attribute lies in an item; one of a map is named by the map's name and its own.
    fn pointer(&self, path: &str) -> String {
        let names = path.split('.').map(|name| self.expression_attribute_names.get(name).map_or(name, String::as_str));
        format!("/{}", names.collect::<Vec<_>>().join("/M/"))
    }

    fn value(&self, name: &str) -> Result<&Json, Refused> {
        self.expression_attribute_values.get(name).ok_or_else(|| Refused::Invalid(format!("{name} is not given")))
    }

    /// A condition: any of several, each of them that there is no item, or that a number is no larger.
    fn holds(&self, item: Option<&Json>) -> Result<bool, Refused> {
        for part in self.condition_expression.split(" OR ") {
            let holds = match part.split_once(" <= ") {
                None if part == "attribute_not_exists(pk)" => item.is_none(),
                None => return Err(Refused::Invalid(format!("{part} is not in the model"))),
                Some((path, most)) => {
                    let most = number(self.value(most)?);
                    item.and_then(|item| number(item.pointer(&self.pointer(path))?))
                        .zip(most)
                        .is_some_and(|(a, b)| a <= b)
                }
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The item with what is set.
    fn changed(&self, mut item: Json) -> Result<Json, Refused> {
        let before = item.clone();
        let set = self.update_expression.strip_prefix("SET ").unwrap_or_default();
        for (path, value) in set.split(", ").filter_map(|part| part.split_once(" = ")) {
            let value = match value.split_once(" + ") {
                None => self.value(value)?.clone(),
                Some((path, more)) => {
                    let sum = before.pointer(&self.pointer(path)).and_then(number).zip(number(self.value(more)?));
                    let (one, other) = sum.ok_or_else(|| Refused::Invalid("no sum of numbers".into()))?;
                    json!({ "N": (one + other).to_string() })
                }
            };
            let pointer = self.pointer(path);
            let (map, name) = pointer.rsplit_once('/').unwrap_or_default();
            let map = item.pointer_mut(map).and_then(Json::as_object_mut);
            let map = map.ok_or_else(|| Refused::Invalid("The document path is invalid for update".into()))?;
            map.insert(name.to_owned(), value);
        }
        Ok(item)
    }
}

fn number(value: &Json) -> Option<i64> {
    value["N"].as_str()?.parse().ok()
}

impl Tables {
    pub(super) fn update_item(&mut self, body: &str, now: i64) -> Answer {
        let update: UpdateItem<'_> = read(body)?;
        let place = Place::of(&attributes(update.key)?)?;
        let row = self.table(&update.table_name)?.rows.get(&place);
        let item: Option<Json> = row.map(|row| serde_json::from_str(&row.text).expect("JSON"));
        if !update.holds(item.as_ref())? {
            return Err(Refused::ConditionFailed);
        }
        let key = || serde_json::from_str(update.key.get()).expect("JSON");
        let changed = serde_json::value::to_raw_value(&update.changed(item.unwrap_or_else(key))?).expect("JSON");
        self.write(&update.table_name, place, &attributes(&changed)?, &changed, now)?;
        Ok("{}".to_owned())
    }
}
