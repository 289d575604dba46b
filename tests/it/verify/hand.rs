//! A hand that changes items where the verifier must see it: each of its moves gives the place that it touched.

use super::left::Items;
use serde_json::{Value as Json, json};

/// A table, a partition and a place in it.
pub type At<'a> = (&'a str, &'a str, &'a str);

/// The place as a finding names it.
pub fn place((table, pk, sk): At<'_>) -> String {
    format!("{table} {pk} {sk}")
}

fn is(entry: &(String, Json), (table, pk, sk): At<'_>) -> bool {
    entry.0 == table && entry.1["pk"]["S"] == pk && entry.1["sk"]["S"] == sk
}

/// The item at a place.
pub fn item<'i>(items: &'i mut Items, at: At<'_>) -> &'i mut Json {
    let found = items.iter_mut().find(|entry| is(entry, at));
    &mut found.unwrap_or_else(|| panic!("nothing lies at {at:?}")).1
}

/// Writes a value into an item.
pub fn set(items: &mut Items, at: At<'_>, path: &str, value: Json) -> String {
    let item = item(items, at);
    *item.pointer_mut(path).unwrap_or_else(|| panic!("{at:?} has no {path}")) = value;
    place(at)
}

/// Writes a text into an item.
pub fn say(items: &mut Items, at: At<'_>, path: &str, text: &str) -> String {
    set(items, at, path, json!({ "S": text }))
}

/// Takes an attribute away.
pub fn strip(items: &mut Items, at: At<'_>, name: &str) -> String {
    item(items, at).as_object_mut().unwrap().remove(name).unwrap();
    place(at)
}

/// Takes a part of a state away, if it is there.
pub fn strip_state(items: &mut Items, at: At<'_>, name: &str) -> String {
    item(items, at)["state"]["M"].as_object_mut().unwrap().remove(name);
    place(at)
}

/// Takes an item away.
pub fn lose(items: &mut Items, at: At<'_>) -> String {
    let before = items.len();
    items.retain(|entry| !is(entry, at));
    assert_eq!(items.len() + 1, before, "{at:?}");
    place(at)
}

/// Lays a copy of an item elsewhere in its table.
pub fn copy(items: &mut Items, at: At<'_>, to: (&str, &str)) -> String {
    let mut copied = item(items, at).clone();
    copied["pk"] = json!({ "S": to.0 });
    copied["sk"] = json!({ "S": to.1 });
    items.push((at.0.to_owned(), copied));
    place((at.0, to.0, to.1))
}

/// Moves an item elsewhere in its table.
pub fn shift(items: &mut Items, at: At<'_>, to: (&str, &str)) -> String {
    let place = copy(items, at, to);
    lose(items, at);
    place
}

/// Lays a copy of an item with one name in the place of another.
pub fn liken(items: &mut Items, at: At<'_>, old: &str, new: &str) {
    let text = item(items, at).to_string().replace(old, new);
    items.retain(|entry| !is(entry, (at.0, &at.1.replace(old, new), &at.2.replace(old, new))));
    items.push((at.0.to_owned(), serde_json::from_str(&text).unwrap()));
}

/// The partition and place of the first item that is like this.
pub fn find(items: &Items, table: &str, like: impl Fn(&str, &str, &Json) -> bool) -> (String, String) {
    let keys =
        |item: &Json| (item["pk"]["S"].as_str().unwrap().to_owned(), item["sk"]["S"].as_str().unwrap().to_owned());
    let mut found = items.iter().filter(|(name, _)| name == table).map(|(_, item)| (keys(item), item));
    found.find(|((pk, sk), item)| like(pk, sk, &item["state"]["M"])).expect("an item like this").0
}

/// The request about this order.
pub fn request(items: &Items, order: &str) -> String {
    find(items, "RequestsTable", |_, sk, state| {
        sk.starts_with("REQUEST#") && state["order"]["S"] == order && !sk.contains("EVENT")
    })
    .1
}

/// The inquiry of this contact.
pub fn inquiry(items: &Items, contact: &str) -> String {
    let (pk, _) = find(items, "InquiriesTable", |_, sk, state| {
        sk.ends_with("#00") && state["event"]["M"]["contacts"]["L"][0]["S"] == contact
    });
    pk
}

/// The survey that was answered, and its score.
pub fn survey(items: &Items) -> [(String, String); 2] {
    let survey = find(items, "InquiriesTable", |_, sk, state| sk == "SURVEY" && state["stage"]["S"] == "answered");
    [survey, find(items, "LedgerTable", |_, sk, _| sk.contains("#SCORED#"))]
}

/// The claim at this stage.
pub fn claim(items: &Items, stage: &str) -> (String, String) {
    find(items, "LedgerTable", |_, sk, state| {
        sk.starts_with("CLAIM#") && !sk.contains("EVENT") && state["stage"]["S"] == stage
    })
}

/// What was paid back for this.
pub fn reimbursement(items: &Items, why: &str) -> (String, String) {
    find(items, "LedgerTable", |_, sk, _| sk.starts_with(&format!("REIMBURSEMENT#{why}#")))
}

/// The dispute with this verdict.
pub fn dispute(items: &Items, status: &str) -> (String, String) {
    find(items, "LedgerTable", |_, sk, state| {
        sk.starts_with("DISPUTE#") && !sk.contains("EVENT") && state["verdict"]["M"]["status"]["S"] == status
    })
}
