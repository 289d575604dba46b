//! `cargo xtask verify-ledger`: reads every item of every table and says what does not hold.
//!
//! Items come on stdin, one to a line, as `{"table": "OrdersTable", "item": {…}}`; or, with `--from DIR`, from a file
//! `<Table>.jsonl` for each table; or, with `--table NAME`, from stdin and all of one table. There a line may also be
//! one of `DynamoDB`'s own exports, `{"Item": {…}}`. `--running`: messages may be in queues while the items are read.
//!
//! It ends with 0 where nothing is wrong, 1 where something is, 2 where the input cannot be read.

use domain::book::Book;
use serde_json::Value as Json;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};
use world::verify::{Moment, is_table, verify};

const USAGE: &str = "verify [--running] [--table NAME | --from DIR], items as JSON lines";

/// What was asked for.
struct Wanted {
    moment: Moment,
    table: Option<String>,
    from: Option<PathBuf>,
}

/// Items as text, by table.
type Items = Vec<(String, String)>;

fn wanted() -> Result<Wanted, String> {
    let mut wanted = Wanted { moment: Moment::Still, table: None, from: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value: {USAGE}"));
        match argument.as_str() {
            "--running" => wanted.moment = Moment::Running,
            "--table" => wanted.table = Some(value()?),
            "--from" => wanted.from = Some(PathBuf::from(value()?)),
            _ => return Err(format!("{argument} is not known: {USAGE}")),
        }
    }
    Ok(wanted)
}

/// The item of a line and its table.
fn item(line: &str, table: Option<&str>) -> Result<(String, String), String> {
    let mut line: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let table =
        table.or_else(|| line["table"].as_str()).ok_or("it names no table, and --table does neither")?.to_owned();
    if !is_table(&table) {
        return Err(format!("{table} is no table of the template"));
    }
    let name = if line["item"].is_object() { "item" } else { "Item" };
    let item = line[name].take();
    if item["pk"]["S"].is_string() && item["sk"]["S"].is_string() {
        Ok((table, item.to_string()))
    } else {
        Err("it holds no item with pk and sk".into())
    }
}

fn read(lines: impl BufRead, name: &str, table: Option<&str>, items: &mut Items) -> Result<(), String> {
    for (n, line) in (1_u64..).zip(lines.lines()) {
        let line = line.map_err(|error| format!("{name}, line {n}: {error}"))?;
        if !line.trim().is_empty() {
            items.push(item(&line, table).map_err(|problem| format!("{name}, line {n}: {problem}"))?);
        }
    }
    Ok(())
}

/// Every `<Table>.jsonl` of a folder.
fn read_folder(folder: &Path, items: &mut Items) -> Result<(), String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{} has no <Table>.jsonl", folder.display()));
    }
    for path in paths {
        let table = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let name = path.display().to_string();
        let file = File::open(&path).map_err(|error| format!("{name}: {error}"))?;
        read(BufReader::new(file), &name, Some(table), items)?;
    }
    Ok(())
}

fn run() -> Result<ExitCode, String> {
    let begun = Instant::now();
    let (wanted, mut items) = (wanted()?, Items::new());
    match &wanted.from {
        Some(folder) => read_folder(folder, &mut items)?,
        None => read(std::io::stdin().lock(), "stdin", wanted.table.as_deref(), &mut items)?,
    }
    let book = Book::shipped().map_err(|error| error.to_string())?;
    let report = verify(&book, wanted.moment, items.iter().map(|(table, item)| (table.as_str(), item.as_str())));
    for finding in &report.findings {
        println!("{finding}");
    }
    let tables: BTreeSet<_> = items.iter().map(|(table, _)| table).collect();
    println!(
        "{} findings; {} tables, {} items, {} checks, {:.3} s",
        report.findings.len(),
        tables.len(),
        report.items,
        report.checks,
        begun.elapsed().as_secs_f64()
    );
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn main() -> ExitCode {
    run().unwrap_or_else(|problem| {
        eprintln!("verify: {problem}");
        ExitCode::from(2)
    })
}
