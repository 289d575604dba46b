//! What `DynamoDB` counts: the size of items, and the request units of each call by what it wrote and what was answered.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use world::{cloud::Call, template::Template};

const WRITE: u64 = 1_024;
const READ: u64 = 4_096;

/// Units of writing, and halves of units of reading: what is read as it was a moment ago costs half.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Units {
    pub written: u64,
    pub read_halves: u64,
}

/// Every item as it was last written, so that its replacement is counted with its indexes.
pub struct Shelf {
    tables: BTreeMap<String, Json>,
    items: BTreeMap<(String, String, String), Json>,
}

impl Shelf {
    pub fn new() -> Self {
        Self { tables: Template::load().tables, items: BTreeMap::new() }
    }

    /// What this call costs. A transaction costs twice, its conditions on other items and its indexes too.
    pub fn count(&mut self, call: &Call, answer: &str) -> Units {
        let request: Json = serde_json::from_str(&call.body).unwrap_or_default();
        let answer: Json = serde_json::from_str(answer).unwrap_or_default();
        let halves = |consistent: &Json| if *consistent == true { 2 } else { 1 };
        let mut units = Units::default();
        match call.operation.as_str() {
            "GetItem" => units.read_halves = halves(&request["ConsistentRead"]) * blocks(size(&answer["Item"]), READ),
            "Query" => {
                let found: u64 = answer["Items"].as_array().into_iter().flatten().map(size).sum();
                units.read_halves = halves(&request["ConsistentRead"]) * blocks(found, READ);
            }
            "BatchGetItem" => {
                for (table, asked) in request["RequestItems"].as_object().into_iter().flatten() {
                    let found = answer["Responses"][table].as_array().cloned().unwrap_or_default();
                    let missing = asked["Keys"].as_array().map_or(0, Vec::len) - found.len();
                    let read: u64 = found.iter().map(|item| blocks(size(item), READ)).sum();
                    units.read_halves += halves(&asked["ConsistentRead"]) * (read + missing as u64);
                }
            }
            "PutItem" => units.written = self.put(&request),
            "TransactWriteItems" => {
                let actions = request["TransactItems"].as_array().cloned().unwrap_or_default();
                units.written = 2 * actions.iter().map(|action| self.act(action)).sum::<u64>();
            }
            "BatchWriteItem" => {
                for (table, changes) in request["RequestItems"].as_object().into_iter().flatten() {
                    for change in changes.as_array().into_iter().flatten() {
                        units.written +=
                            self.replace(table, &change["DeleteRequest"]["Key"], &change["PutRequest"]["Item"]);
                    }
                }
            }
            // The bucket of a seller is far below a kilobyte, whatever is in it.
            "UpdateItem" => units.written = 1,
            "SendMessageBatch" | "SendRawEmail" | "GetObject" | "DeleteObjectTagging" => {}
            other => panic!("{other} is not counted"),
        }
        units
    }

    /// Bytes that are stored, indexes too, with a hundred more for each item in each of them.
    pub fn stored(&self) -> u64 {
        let of = |((table, ..), item): (&(String, String, String), &Json)| {
            let indexes = self.tables[table]["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
            let copies = indexes.map(|index| shown(index, item)).filter(|copy| !copy.is_null());
            copies.map(|copy| size(&copy) + 100).sum::<u64>() + size(item) + 100
        };
        self.items.iter().map(of).sum()
    }

    fn act(&mut self, action: &Json) -> u64 {
        match action.as_object().and_then(|action| action.iter().next()) {
            Some((kind, put)) if kind == "Put" => self.put(put),
            Some((kind, gone)) if kind == "Delete" => {
                self.replace(gone["TableName"].as_str().unwrap(), &gone["Key"], &Json::Null)
            }
            Some((kind, asked)) if kind == "ConditionCheck" => {
                let key = place(asked["TableName"].as_str().unwrap(), &asked["Key"]);
                blocks(self.items.get(&key).map_or(0, size), WRITE)
            }
            other => panic!("{other:?} is not counted"),
        }
    }

    fn put(&mut self, put: &Json) -> u64 {
        self.replace(put["TableName"].as_str().unwrap(), &Json::Null, &put["Item"])
    }

    fn replace(&mut self, table: &str, key: &Json, item: &Json) -> u64 {
        let place = place(table, if item.is_null() { key } else { item });
        let before = self.items.remove(&place).unwrap_or_default();
        let mut written = blocks(size(&before).max(size(item)), WRITE);
        for index in self.tables[table]["GlobalSecondaryIndexes"].as_array().into_iter().flatten() {
            written += index_writes(index, &shown(index, &before), &shown(index, item));
        }
        if !item.is_null() {
            self.items.insert(place, item.clone());
        }
        written
    }
}

fn place(table: &str, item: &Json) -> (String, String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (table.to_owned(), text("pk"), text("sk"))
}

/// What an index holds of an item: nothing where it has not the index' keys.
fn shown(index: &Json, item: &Json) -> Json {
    let keys: Vec<_> =
        index["KeySchema"].as_array().unwrap().iter().map(|key| key["AttributeName"].as_str().unwrap()).collect();
    if keys.iter().any(|key| item[*key].is_null()) {
        return Json::Null;
    }
    if index["Projection"]["ProjectionType"] == "ALL" {
        return item.clone();
    }
    keys.into_iter().chain(["pk", "sk"]).map(|key| (key.to_owned(), item[key].clone())).collect()
}

/// An entry that moves is taken away and put anew.
fn index_writes(index: &Json, before: &Json, after: &Json) -> u64 {
    let moved = || {
        index["KeySchema"].as_array().unwrap().iter().any(|key| {
            let name = key["AttributeName"].as_str().unwrap();
            before[name] != after[name]
        })
    };
    match (before.is_null(), after.is_null()) {
        (true, true) => 0,
        (false, false) if before == after => 0,
        (false, false) if moved() => blocks(size(before), WRITE) + blocks(size(after), WRITE),
        _ => blocks(size(before).max(size(after)), WRITE),
    }
}

/// At least one: also what is not there is looked for.
fn blocks(bytes: u64, block: u64) -> u64 {
    bytes.div_ceil(block).max(1)
}

/// The size of an item: names and values, as the developer guide describes it.
fn size(item: &Json) -> u64 {
    item.as_object().into_iter().flatten().map(|(name, value)| name.len() as u64 + of_value(value)).sum()
}

fn of_value(value: &Json) -> u64 {
    let (kind, value) = value.as_object().and_then(|value| value.iter().next()).expect("one type");
    match (kind.as_str(), value) {
        ("S", Json::String(text)) => text.len() as u64,
        ("N", Json::String(digits)) => (digits.trim_start_matches('-').len() as u64).div_ceil(2) + 1,
        ("BOOL" | "NULL", _) => 1,
        ("L", Json::Array(list)) => 3 + list.iter().map(|value| of_value(value) + 1).sum::<u64>(),
        ("M", map @ Json::Object(fields)) => 3 + size(map) + fields.len() as u64,
        other => panic!("{other:?} is not counted"),
    }
}

#[test]
fn items_are_measured_as_the_developer_guide_says() {
    use serde_json::json;
    let item = json!({ "pk": { "S": "US#1" }, "n": { "N": "-1234" }, "is": { "BOOL": true },
        "of": { "M": { "a": { "L": [{ "S": "xy" }, { "NULL": true }] } } } });
    assert_eq!(size(&item), (2 + 4) + (1 + 3) + (2 + 1) + (2 + (3 + 1 + 1 + (3 + 3 + 2))));
    assert_eq!((blocks(0, READ), blocks(1_024, WRITE), blocks(1_025, WRITE)), (1, 1, 2));
}

#[test]
fn an_index_is_written_when_what_it_shows_changes() {
    use serde_json::json;
    let index = json!({ "KeySchema": [{ "AttributeName": "k" }, { "AttributeName": "r" }],
        "Projection": { "ProjectionType": "KEYS_ONLY" } });
    let item = |k: &str, more: &str| json!({ "pk": { "S": "p" }, "sk": { "S": "s" }, "k": { "S": k }, "r": { "N": "1" }, "more": { "S": more } });
    let of = |before: &Json, after: &Json| index_writes(&index, &shown(&index, before), &shown(&index, after));
    assert_eq!(of(&Json::Null, &item("a", "")), 1, "new");
    assert_eq!(of(&item("a", ""), &item("a", "else")), 0, "the same");
    assert_eq!(of(&item("a", ""), &item("b", "")), 2, "moved");
    assert_eq!(of(&item("a", ""), &json!({ "pk": { "S": "p" }, "sk": { "S": "s" } })), 1, "gone");
    assert_eq!(of(&Json::Null, &json!({ "pk": { "S": "p" } })), 0, "never there");
}
