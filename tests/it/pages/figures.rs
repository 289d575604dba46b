//! The figures of Insights: what stands on the page is what the API answers, as JSON and as CSV, whatever has happened and
//! whatever is asked for.
//!
//! What JSON and CSV have and the page does not show: where in the rate card a rate is (`tier`); what a number is made of
//! that is no share (the part and the whole of `contact_reason`, `service_time`, `seller_time` and `customer_time`); the
//! parts of a share of nothing; when a gap was asked for last (`newest`); and the single contacts of a reason, which have no
//! page.

mod history;

use super::{
    claims,
    dom::{Dom, Element},
};
use crate::stories::told::Told;
use history::{Matter, TOPICS, any_history};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{browser::Browser, facts, functions};

/// The quarters that are asked about: the running one, by its name or by none, the one before, and one before all.
const QUARTERS: [&str; 4] = ["", "2026Q4", "2026Q3", "2025Q1"];

/// A figure: its number, and the part and the whole of a share.
type Figure = (Option<i64>, Option<i64>, Option<i64>);

/// A table of the page: under which heading it stands, and its rows.
struct Table<'a> {
    heading: String,
    rows: Vec<Vec<Element<'a>>>,
}

fn tables(dom: &Dom) -> Vec<Table<'_>> {
    let (mut tables, mut heading) = (Vec::new(), String::new());
    for element in dom.elements() {
        match element.name().as_str() {
            "h2" => heading = element.text(),
            "tbody" => {
                let is_cell = |inside: &Element<'_>| ["th", "td"].contains(&inside.name().as_str());
                let rows = element.inside().filter(|inside| inside.name() == "tr");
                let rows = rows.map(|row| row.inside().filter(is_cell).collect()).collect();
                tables.push(Table { heading: heading.clone(), rows });
            }
            _ => {}
        }
    }
    tables
}

/// The rows of the table under this heading; none where there is no such table.
fn under<'a>(tables: &'a [Table<'a>], heading: &str) -> &'a [Vec<Element<'a>>] {
    tables.iter().find(|table| table.heading == heading).map_or(&[], |table| &table.rows)
}

fn texts(row: &[Element<'_>]) -> Vec<String> {
    row.iter().map(|cell| cell.text().trim().to_owned()).collect()
}

/// A figure as it stands on the page, read back from its digits.
fn read(unit: &str, text: &str) -> Figure {
    let whole = |text: &str| Some(text.parse::<i64>().unwrap_or_else(|error| panic!("{text} is no number: {error}")));
    match (unit, text) {
        (_, "no data") => (None, None, None),
        ("share", text) => {
            if let Some(few) = text.strip_prefix("too few to show (") {
                return (None, None, whole(few.strip_suffix(')').unwrap()));
            }
            if let Some(both) = text.strip_suffix(" unit)").or_else(|| text.strip_suffix(" units)")) {
                let (each, both) = both.split_once(" (").unwrap();
                let (contacts, units) = both.split_once(", ").unwrap();
                let contacts = contacts.strip_suffix("s").unwrap_or(contacts).strip_suffix(" contact").unwrap();
                let (contacts, units) = (whole(contacts), whole(units));
                let (n, d) = (contacts.unwrap(), units.unwrap());
                let each = each.split_once('.').map(|(whole, part)| format!("{whole}{part:0<4}")).unwrap();
                assert_eq!(whole(&each), Some(n * 10_000 / d), "{text}");
                return (None, contacts, units);
            }
            let (percent, of) = text.split_once("% (").unwrap();
            let (part, of) = of.strip_suffix(')').unwrap().split_once(" of ").unwrap();
            let (part, of) = (whole(part), whole(of));
            let hundredths = part.unwrap() * 10_000 / of.unwrap();
            assert_eq!(percent, format!("{}.{:02}", hundredths / 100, hundredths % 100), "{text}");
            (None, part, of)
        }
        ("minor", text) => (whole(&text.strip_suffix(" USD").unwrap().replacen('.', "", 1)), None, None),
        ("minutes", text) => (whole(text.strip_suffix(" min").unwrap()), None, None),
        ("days", text) => (whole(text.trim_end_matches('s').strip_suffix(" day").unwrap()), None, None),
        (_, text) => (whole(text), None, None),
    }
}

/// A figure as the API has it, as far as the page shows it.
fn told_as(unit: &str, figure: &Json) -> Figure {
    let share = |name: &str| figure[name].as_i64().filter(|_| unit == "share" && figure["denominator"] != 0);
    (figure["value"].as_i64(), share("numerator"), share("denominator"))
}

/// Both quarters of a row, as they stand on the page and as the API has them.
fn same(row: &Json, now: &str, before: &str) {
    let unit = row["unit"].as_str().unwrap();
    assert_eq!(read(unit, now), told_as(unit, row), "{now} is not of {row}");
    assert_eq!(read(unit, before), told_as(unit, &row["previous"]), "{before} is not of {row}, the quarter before");
}

/// What the API answers as CSV: each row by its columns.
async fn as_csv(told: &Told, path: &str) -> Vec<BTreeMap<String, String>> {
    let (package, mut event) = told.world.event("GET", &format!("/v1/stores/US{path}"), &facts::user_of("s1"), "", "");
    event["headers"]["accept"] = json!("text/csv");
    let response = functions::http(&package, told.world.shell(&package), serde_json::from_value(event).unwrap()).await;
    let response = serde_json::to_value(response).unwrap();
    assert_eq!(response["statusCode"], 200, "{response}");
    rows_of(response["body"].as_str().unwrap())
}

fn rows_of(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

/// Rows of CSV are those of JSON, cell by cell, and none is missing.
fn same_in_csv(rows: &[Json], csv: &[BTreeMap<String, String>]) {
    assert_eq!(rows.len(), csv.len());
    for (row, line) in rows.iter().zip(csv) {
        for (name, cell) in line {
            let value = name.strip_prefix("previous_").and_then(|name| row["previous"].get(name));
            let text = match value.or_else(|| row.get(name)) {
                None | Some(Json::Null) => String::new(),
                Some(Json::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            assert_eq!(*cell, text, "{name} of {row}");
        }
    }
}

async fn rows(told: &mut Told, path: &str, what: &str) -> Vec<Json> {
    let body = told.as_seller("GET", path, Json::Null).await.body;
    body[what].as_array().unwrap_or_else(|| panic!("{path}: {body}")).clone()
}

/// The page of a quarter and a topic says what the API says.
async fn says_the_same(told: &mut Told, browser: &mut Browser, quarter: &str, topic: Option<&str>) {
    let query = format!("quarter={quarter}");
    let query_of_api = if quarter.is_empty() { "" } else { query.as_str() };
    let asked = format!("/stores/US/insights?{query}&topic={}", topic.unwrap_or_default());
    let page = browser.get(&mut told.world, &asked).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let dom = Dom::of(&page.html);
    let tables = tables(&dom);

    let figures = rows(told, &format!("/insights?{query_of_api}"), "figures").await;
    same_in_csv(&figures, &as_csv(told, &format!("/insights?{query_of_api}")).await);
    let file = browser.get(&mut told.world, &format!("/stores/US/insights/csv?{query}")).await;
    same_in_csv(&figures, &rows_of(&file.html));
    let shown = [
        of_all(told, &figures, under(&tables, "")).await,
        of_reasons(&figures, under(&tables, "Contact reasons")),
        of_products(&figures, under(&tables, "Products with the most contacts")),
        of_refunds(&figures, under(&tables, "Refunds")),
    ];
    assert_eq!(shown.iter().sum::<usize>(), figures.len(), "no figure is missing on the page: {shown:?}");

    let gaps = rows(told, &format!("/insights/gaps?{query_of_api}"), "gaps").await;
    same_in_csv(&gaps, &as_csv(told, &format!("/insights/gaps?{query_of_api}")).await);
    let listed: Vec<_> = under(&tables, "What product pages did not say").iter().map(|row| texts(row)).collect();
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let expected: Vec<_> =
        gaps.iter().map(|gap| ["product", "attribute", "asked"].map(|name| text(&gap[name]))).collect();
    assert_eq!(listed, expected);

    let heading = tables.iter().find(|table| table.heading.ends_with(": Products"));
    let Some(topic) = topic else { return assert!(heading.is_none(), "nothing unfolds by itself") };
    let path = format!("/insights/reasons/{topic}?{query_of_api}");
    let products = rows(told, &path, "products").await;
    same_in_csv(&products, &as_csv(told, &path).await);
    let listed: Vec<_> = heading.map_or(&[][..], |table| &table.rows).iter().map(|row| texts(row)).collect();
    let names = ["product", "contacts", "previous_contacts"];
    let expected: Vec<_> = products.iter().map(|product| names.map(|name| text(&product[name]))).collect();
    assert_eq!(listed, expected, "{topic}");
}

/// Figures of everything, each under its name and with its meaning; says how many there are.
async fn of_all(told: &mut Told, figures: &[Json], shown: &[Vec<Element<'_>>]) -> usize {
    let metrics = rows(told, "/insights/metrics", "metrics").await;
    let whole: Vec<_> = figures.iter().filter(|row| row["of"].is_null() && row["liable"].is_null()).collect();
    assert_eq!(shown.len(), whole.len());
    for (cells, row) in shown.iter().zip(&whole) {
        let metric = metrics.iter().find(|metric| metric["metric"] == row["metric"]).unwrap();
        let name = [&metric["name"]["en"], &metric["meaning"]["en"]].map(|text| text.as_str().unwrap()).concat();
        let [said, now, before] = texts(cells).try_into().unwrap();
        assert_eq!(said, name);
        same(row, &now, &before);
    }
    whole.len()
}

/// Contact reasons, each with a link that unfolds it, and with bars as long as its numbers.
fn of_reasons(figures: &[Json], shown: &[Vec<Element<'_>>]) -> usize {
    let reasons: Vec<_> = figures.iter().filter(|row| row["metric"] == "contact_reason").collect();
    assert_eq!(shown.len(), reasons.len());
    let both = |row: &Json| [&row["value"], &row["previous"]["value"]].map(|value| value.as_i64().unwrap());
    let most = reasons.iter().flat_map(|row| both(row)).max().unwrap_or(1).max(1);
    for (cells, row) in shown.iter().zip(&reasons) {
        let link = cells[0].inside().find_map(|inside| inside.attribute("href")).unwrap();
        assert!(link.contains(&format!("&topic={}#", row["of"].as_str().unwrap())), "{link} is not of {row}");
        let said = texts(cells);
        same(row, &said[1], &said[2]);
        let bars = cells[3].inside().filter(|inside| inside.name() == "rect");
        let bars: Vec<_> = bars.map(|bar| bar.attribute("width").unwrap().parse::<i64>().unwrap()).collect();
        assert_eq!(bars, both(row).map(|value| value * 1000 / most), "{row}");
    }
    reasons.len()
}

fn of_products(figures: &[Json], shown: &[Vec<Element<'_>>]) -> usize {
    let products: Vec<_> = figures.iter().filter(|row| row["metric"] == "product_contacts").collect();
    assert_eq!(shown.len(), products.len());
    for (cells, row) in shown.iter().zip(&products) {
        let [said, now, before] = texts(cells).try_into().unwrap();
        assert_eq!(json!(said), row["of"]);
        same(row, &now, &before);
    }
    products.len()
}

/// Refunds, whose number and amount are two figures on one line.
fn of_refunds(figures: &[Json], shown: &[Vec<Element<'_>>]) -> usize {
    let of = |metric: &str| figures.iter().filter(|row| row["metric"] == metric).collect::<Vec<_>>();
    let (counts, amounts) = (of("refunds"), of("refund_amount"));
    assert_eq!((shown.len(), shown.len()), (counts.len(), amounts.len()));
    for ((cells, count), amount) in shown.iter().zip(&counts).zip(&amounts) {
        assert_eq!((&count["of"], &count["liable"]), (&amount["of"], &amount["liable"]));
        let [reason, liable, now, before, amount_now, amount_before] = texts(cells).try_into().unwrap();
        let plain = |text: &str| text.to_lowercase().replace([' ', '_'], "");
        let said = |code: &Json| {
            let named = |code| match code {
                "open" => "Not settled yet",
                "seller" => "You",
                code => code,
            };
            code.as_str().map(|code| named(code).to_owned())
        };
        assert_eq!(Some(plain(&reason)), said(&count["of"]).map(|words| plain(&words)));
        assert_eq!(Some(plain(&liable)), said(&count["liable"]).map(|words| plain(&words)));
        same(count, &now, &before);
        same(amount, &amount_now, &amount_before);
    }
    counts.len() + amounts.len()
}

async fn asked(history: &[Matter], filters: &[(usize, Option<usize>)]) {
    let mut told = history::told(history).await;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    for (quarter, topic) in filters {
        says_the_same(&mut told, &mut browser, QUARTERS[*quarter], topic.map(|topic| TOPICS[topic])).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn ins_1_ins_4_each_figure_on_the_page_is_that_of_json_and_csv_whatever_happened_and_whatever_is_asked(
        history in any_history(),
        filters in prop::collection::vec((0..QUARTERS.len(), prop::option::weighted(0.8, 0..TOPICS.len())), 6..10),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(asked(&history, &filters));
    }
}
