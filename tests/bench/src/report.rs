//! The figures, as a table to read and as JSON to compare.

use crate::{
    Outcome,
    candidate::{MINIMAL, ROUTER},
    samples::{Measured, middle, quantile, ratio},
};
use serde_json::{Map, Value, json};
use std::{fs, iter, path::Path, time::Duration};

/// One column: its head, its name in JSON, how many decimals it is shown with, and its figure.
type Column<'a> = (&'a str, &'a str, usize, Box<dyn Fn(&Measured) -> Option<f64> + 'a>);

/// Writes the table to the terminal and to `bench.md`, and all of it to `bench.json`.
pub fn write(all: &[Measured], folder: &Path) -> Outcome<()> {
    let columns = columns(all);
    let table = table(all, &columns);
    println!("{table}");
    fs::write(folder.join("bench.md"), table)?;
    let rows: Vec<_> = all.iter().map(|measured| row(measured, &columns)).collect();
    let file = folder.join("bench.json");
    fs::write(&file, serde_json::to_string_pretty(&rows)?)?;
    println!("{}", file.display());
    Ok(())
}

fn columns(all: &[Measured]) -> Vec<Column<'_>> {
    let of = |name: &str| all.iter().find(|measured| measured.name == name);
    let (minimal, router) = (of(MINIMAL), of(ROUTER));
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    vec![
        ("calls", "calls", 0, Box::new(|one| one.cold.last().map(|cold| count(cold.calls)))),
        ("KiB", "size_kib", 0, Box::new(|one| Some(kib(one.size)))),
        ("packed KiB", "packed_kib", 0, Box::new(|one| Some(kib(one.packed)))),
        ("cold ms", "cold_ms", 1, Box::new(|one| middle(&one.cold, |cold| cold.answered))),
        ("p90", "cold_p90_ms", 1, Box::new(move |one| quantile(one.cold.iter().map(|cold| ms(cold.answered)), 0.9))),
        ("× minimal", "cold_to_minimal", 2, Box::new(move |one| ratio(&one.cold, &minimal?.cold))),
        ("× router", "cold_to_router", 2, Box::new(move |one| ratio(&one.cold, &router?.cold))),
        ("init ms", "ready_ms", 1, Box::new(|one| middle(&one.cold, |cold| cold.ready))),
        ("first answer ms", "first_answer_ms", 1, Box::new(|one| middle(&one.cold, |cold| cold.first))),
        ("cold CPU ms", "cold_cpu_ms", 1, Box::new(|one| middle(&one.cold, |cold| cold.cpu))),
        ("warm p50 ms", "warm_p50_ms", 2, Box::new(move |one| quantile(latencies(one), 0.5))),
        ("p99", "warm_p99_ms", 2, Box::new(move |one| quantile(latencies(one), 0.99))),
        ("warm CPU µs", "warm_cpu_us", 0, Box::new(move |one| quantile(one.warm.iter().map(|w| ms(w.cpu) * 1e3), 0.5))),
        ("peak MB", "peak_mb", 1, Box::new(|one| quantile(one.warm.iter().map(|w| kib(w.peak_kib)), 1.0))),
        ("128 MB cold ms", "small_cold_ms", 0, Box::new(|one| middle(&one.small, |cold| cold.answered))),
        ("init at full speed", "boosted_cold_ms", 0, Box::new(|one| middle(&one.boosted, |cold| cold.answered))),
    ]
}

fn latencies(one: &Measured) -> impl Iterator<Item = f64> {
    one.warm.iter().flat_map(|warm| &warm.latencies).map(|latency| latency.as_secs_f64() * 1e3)
}

/// As a figure.
#[expect(clippy::cast_precision_loss, reason = "figures are small: nothing is lost")]
fn count(number: usize) -> f64 {
    number as f64
}

/// A 1024th of it.
#[expect(clippy::cast_precision_loss, reason = "memory is less than 2^52 bytes: nothing is lost")]
fn kib(number: u64) -> f64 {
    number as f64 / 1024.0
}

fn table(all: &[Measured], columns: &[Column<'_>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads = iter::once(String::new()).chain(columns.iter().map(|(head, ..)| (*head).to_owned()));
    let rule = iter::repeat_n("---".to_owned(), columns.len() + 1);
    let rows = all.iter().map(|one| {
        let figure = |column: &Column<'_>| column.3(one).map_or_else(String::new, |n| format!("{n:.*}", column.2));
        line(iter::once(one.name.clone()).chain(columns.iter().map(figure)).collect())
    });
    [line(heads.collect()), line(rule.collect())].into_iter().chain(rows).collect()
}

fn row(one: &Measured, columns: &[Column<'_>]) -> Value {
    let mut figures =
        Map::from_iter([("name".to_owned(), json!(one.name)), ("rounds".to_owned(), json!(one.cold.len()))]);
    figures.extend(columns.iter().map(|(_, name, _, figure)| ((*name).to_owned(), json!(figure(one)))));
    Value::Object(figures)
}
