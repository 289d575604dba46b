//! A statement as CSV: the same rows and figures as in JSON, page by page.

use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{facts, functions};

/// A page of CSV: the header, its rows, and the query of the next page.
async fn page(told: &Told, path: &str) -> (Vec<String>, Vec<Vec<String>>, Option<String>) {
    let (package, mut event) = told.world.event("GET", &format!("/v1/stores/US{path}"), &facts::user_of("s1"), "", "");
    event["headers"]["accept"] = json!("text/csv");
    let event = serde_json::from_value(event).unwrap();
    let response = functions::http(&package, told.world.shell(&package), event).await;
    let response = serde_json::to_value(response).unwrap();
    let header = |name: &str| response["headers"][name].as_str().map(str::to_owned);
    assert_eq!(header("content-type").as_deref(), Some("text/csv; charset=utf-8; header=present"), "{response}");
    let mut reader = csv::Reader::from_reader(response["body"].as_str().unwrap().as_bytes());
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let next = header("link").map(|link| link.strip_prefix("<").unwrap().split('>').next().unwrap().to_owned());
    (names, rows, next)
}

/// Every row of every page, as JSON.
pub async fn as_json(told: &mut Told, path: &str, filter: &str, what: &str) -> Vec<Json> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let body = told.as_seller("GET", &format!("{path}?{filter}{cursor}"), Json::Null).await.body;
        rows.extend(body[what].as_array().unwrap_or_else(|| panic!("{body}")).clone());
        let Some(next) = body["next_cursor"].as_str() else { return rows };
        cursor = format!("cursor={next}");
    }
}

/// Every row of every page, as CSV, by following the links.
pub async fn as_csv(told: &Told, path: &str, filter: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let (names, mut rows, mut next) = page(told, &format!("{path}?{filter}")).await;
    while let Some(query) = next {
        let (_, more, then) = page(told, &format!("{path}{query}")).await;
        rows.extend(more);
        next = then;
    }
    (names, rows)
}

/// The cell of a column that a row of JSON has.
fn cell(row: &Json, name: &str) -> String {
    let reversed = if name == "reversed" { &row["why"]["reversed"]["statement"] } else { &Json::Null };
    let why = [&row["why"]["rated"][name], reversed, if name == "reversed" { &Json::Null } else { &row["why"][name] }];
    let value = std::iter::once(&row[name]).chain(why).find(|value| !value.is_null()).unwrap_or(&Json::Null);
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

async fn say_the_same(told: &mut Told, path: &str, filter: &str, what: &str) -> usize {
    let json = as_json(told, path, filter, what).await;
    let (names, rows) = as_csv(told, path, filter).await;
    assert_eq!(rows.len(), json.len(), "{path}?{filter}");
    for (row, object) in rows.iter().zip(&json) {
        let wanted: Vec<_> = names.iter().map(|name| cell(object, name)).collect();
        assert_eq!(*row, wanted, "{path}?{filter}");
    }
    rows.len()
}

#[tokio::test]
async fn fee_10_ins_4_a_statement_its_units_and_contacts_are_the_same_in_json_and_csv_on_every_page() {
    let mut told = Told::begun();
    told.enrolled().await;
    told.world.fact(facts::placed("gone", "s1", 90, "store", told.just_now())).await;
    for order in ["o1", "o2", "o3", "o4", "o5", "o6"] {
        told.world.fact(facts::placed(order, "s1", 90, "seller", told.just_now())).await;
    }
    told.world.pass(TimeDelta::hours(1)).await;
    for order in ["gone", "o1", "o2", "o3", "o4", "o5", "o6"] {
        told.world.fact(facts::shipped(&format!("p-{order}"), order, "s1", 1..=90, told.just_now())).await;
    }
    for (contact, order) in [("k1", "o1"), ("k2", "o1"), ("k3", "o2")] {
        assert_eq!(told.contact(contact, Some(order), "late_delivery").await.status, 202);
    }
    let path = "/statements/2026Q3";
    assert_eq!(say_the_same(&mut told, path, "", "lines").await, 2);
    let statement = told.as_seller("GET", path, Json::Null).await.body;
    let units = format!("{path}/units");
    assert_eq!(say_the_same(&mut told, &units, "", "units").await, 630, "more than a page of 500");
    for line in statement["lines"].as_array().unwrap() {
        let filter = format!("reason={}&rate_minor={}&", line["reason"].as_str().unwrap(), line["rate_minor"]);
        let behind = say_the_same(&mut told, &units, &filter, "units").await;
        assert_eq!(json!(behind), line["units"], "what stands behind {line}");
    }
    let contacts = format!("{path}/contacts");
    assert_eq!(say_the_same(&mut told, &contacts, "", "contacts").await, 3);
    let rules: Vec<_> = as_json(&mut told, &contacts, "", "contacts").await;
    assert_eq!(rules.iter().filter(|contact| contact["counted"] == true).count(), 2, "{rules:?}");
    assert_eq!(statement["contacts"], json!({ "recorded": 3, "counted": 2 }));
}

#[tokio::test]
async fn acc_3_a_cursor_names_no_seller() {
    let mut told = super::told().await;
    told.world.facts([told.shipped("o1")]).await;
    let units = told.as_seller("GET", "/statements/2026Q3/units", Json::Null).await.body;
    assert_eq!(units["units"].as_array().unwrap().len(), 2);
    let before_all = shell::cursor::after(&json!(["charged", 0, { "order": "a", "item": "a", "ordinal": 1 }]));
    let path = format!("/statements/2026Q3/units?cursor={before_all}");
    assert_eq!(told.as_seller("GET", &path, Json::Null).await.body, units, "the place before all");
    let theirs = told.as_user_of("s2", "GET", &path, Json::Null).await.body;
    assert_eq!(theirs["units"], json!([]), "{theirs}");
}
