//! Figures, and what they mean, as the seller reads them. Each row says what it is of, so that it can stand alone in CSV.

use domain::{
    at::Instant,
    insight::{Definition, Metric, Metrics, Row, Unit},
    quarter::Quarter,
    store::Store,
};
use serde::Serialize;
use shell::csv::Column;

/// The figures of a quarter.
#[derive(Debug, Serialize)]
pub struct FiguresView {
    quarter: Quarter,
    previous_quarter: Quarter,
    as_of: Instant,
    currency: &'static str,
    time_zone: String,
    figures: Vec<FigureView>,
}

#[derive(Debug, Serialize)]
struct FigureView {
    quarter: Quarter,
    unit: Option<Unit>,
    #[serde(flatten)]
    row: Row,
}

/// The columns of figures as CSV.
pub const FIGURES: [Column; 14] = [
    ("quarter", "/quarter"),
    ("metric", "/metric"),
    ("of", "/of"),
    ("liable", "/liable"),
    ("unit", "/unit"),
    ("value", "/value"),
    ("numerator", "/numerator"),
    ("denominator", "/denominator"),
    ("tier", "/tier"),
    ("previous_value", "/previous/value"),
    ("previous_numerator", "/previous/numerator"),
    ("previous_denominator", "/previous/denominator"),
    ("previous_tier", "/previous/tier"),
    ("as_of", "/as_of"),
];

/// What the seller sees of its quarter.
pub fn figures(store: &Store, quarter: Quarter, metrics: &Metrics, rows: Vec<Row>, as_of: Instant) -> FiguresView {
    let unit = |metric| metrics.get(&metric).map(|definition| definition.unit);
    FiguresView {
        quarter,
        previous_quarter: quarter.previous(),
        as_of,
        currency: store.currency.code(),
        time_zone: store.zone.to_string(),
        figures: rows.into_iter().map(|row| FigureView { quarter, unit: unit(row.metric), row }).collect(),
    }
}

/// The registry, with the store's own time zone and currency.
#[derive(Debug, Serialize)]
pub struct MetricsView<'a> {
    metrics: Vec<MetricView<'a>>,
}

#[derive(Debug, Serialize)]
struct MetricView<'a> {
    metric: Metric,
    #[serde(flatten)]
    definition: &'a Definition,
    currency: Option<&'static str>,
    time_zone: String,
}

/// The columns of the registry as CSV.
pub const METRICS: [Column; 11] = [
    ("metric", "/metric"),
    ("name_en", "/name/en"),
    ("name_zh", "/name/zh"),
    ("meaning_en", "/meaning/en"),
    ("meaning_zh", "/meaning/zh"),
    ("formula", "/formula"),
    ("unit", "/unit"),
    ("span", "/span"),
    ("late", "/late"),
    ("currency", "/currency"),
    ("time_zone", "/time_zone"),
];

/// What the seller reads of the figures' meaning.
pub fn metrics<'a>(metrics: &'a Metrics, store: &Store) -> MetricsView<'a> {
    let view = |metric| {
        let definition = metrics.get(&metric)?;
        let currency = (definition.unit == Unit::Minor).then(|| store.currency.code());
        Some(MetricView { metric, definition, currency, time_zone: store.zone.to_string() })
    };
    MetricsView { metrics: Metric::ALL.into_iter().filter_map(view).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        book::Book,
        insight::{Day, Figures, Minutes, Owned, Reason, Refunds},
        survey::Tally,
        topic::Liable,
    };
    use proptest::prelude::*;
    use serde_json::Value;
    use shell::commit::Answer;
    use std::collections::BTreeMap;

    fn any_day() -> impl Strategy<Value = Day> {
        let id = "[a-z0-9][a-z0-9._-]{0,5}";
        let products = prop::collection::btree_map(id, 0_u64..99, 0..4);
        let reasons = prop::collection::btree_map("[a-z_]{1,8}", (any::<u32>(), products), 0..5);
        let refunds = prop::collection::btree_map("[a-z_]{1,8}", (0_u64..9, any::<i32>()), 0..3);
        let minutes = prop::collection::vec((0_u64..9_999, 1_u64..99), 0..5);
        let scores = (0_u64..9, 0_u64..9).prop_map(|(answers, satisfied)| Tally { answers, satisfied });
        let owned = any::<[u32; 4]>().prop_map(|counts| {
            let [counted, service, seller, customer] = counts.map(u64::from);
            Owned { counted: counted % 3, uncounted: 0, service, seller, customer }
        });
        (any::<[u32; 4]>(), reasons, refunds, minutes, scores, owned).prop_map(
            |(counts, reasons, refunds, minutes, scores, owned)| {
                let [units, packages, packages_scanned, counted] = counts.map(u64::from);
                let reason = |(contacts, products): (u32, BTreeMap<String, u64>)| Reason {
                    contacts: contacts.into(),
                    products: products.into_iter().map(|(id, n)| (id.parse().unwrap(), n)).collect(),
                };
                let refund = |(count, minor): (u64, i32)| {
                    BTreeMap::from([(Liable::Seller, Refunds { count, minor: minor.into() })])
                };
                Day {
                    units_covered: units,
                    units_seller_fulfilled: units,
                    packages,
                    packages_scanned,
                    counted,
                    reasons: reasons.into_iter().map(|(topic, of)| (topic, reason(of))).collect(),
                    refunds: refunds.into_iter().map(|(topic, of)| (topic, refund(of))).collect(),
                    resolved: Minutes::from(minutes),
                    scores,
                    owned,
                    ..Day::default()
                }
            },
        )
    }

    proptest! {
        #[test]
        fn ins_4_d2_csv_and_json_give_the_same_figures_field_by_field(this in any_day(), last in any_day()) {
            let book = Book::shipped().unwrap();
            let store = book.store(&"US".parse().unwrap()).unwrap();
            let (quarter, now) = ("2026Q3".parse::<Quarter>().unwrap(), "2026-08-20T09:00:00Z".parse().unwrap());
            let of = |quarter, day| Figures { quarter, head: None, measured: None, day };
            let rows = domain::insight::figures(store, &of(quarter, &this), &of(quarter.previous(), &last), None, now);
            let json = Answer::ok(&figures(store, quarter, book.metrics().unwrap(), rows, now)).unwrap();
            let text = json.clone().as_csv("figures", &FIGURES, None).unwrap().csv.unwrap().text;
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
            let said = json.body["figures"].as_array().unwrap();
            prop_assert_eq!(lines.len(), said.len());
            for (line, row) in lines.iter().zip(said) {
                for (cell, (name, at)) in line.iter().zip(FIGURES) {
                    let same = match row.pointer(at) {
                        None | Some(Value::Null) => cell.is_empty(),
                        Some(Value::String(text)) => cell == text,
                        Some(number) => *number == cell.parse::<i64>().unwrap(),
                    };
                    prop_assert!(same, "{}: {} and {}", name, cell, row);
                }
            }
            let shown: usize = said.iter().filter_map(Value::as_object).map(serde_json::Map::len).max().unwrap_or(0);
            prop_assert_eq!(shown + 3, FIGURES.len(), "no field of the JSON is missing in the CSV");
        }
    }
}
