//! The table: which cells there have to be, which there are, and `tests/MATRIX.md`, which says so.
//!
//! Cells are those of [`rows`](super::rows). A column none of whose packages is in the template is `later`; as soon as one of
//! them is there, its cells are asked for. `MATRIX_UPDATE=1` writes the file anew.

use super::rows::{ROWS, Row};
use std::{collections::BTreeSet, fmt::Write, path::Path, process::Command};
use world::{functions::ALL, template::Template};

/// Short name, what it stands for, and the packages it is made of.
const COLUMNS: [(&str, &str, &[&str]); 8] = [
    (
        "enr",
        "whoever writes over HTTP: enrollment, Case Log, desk, contacts, return policies, disputes, claims, surveys, transfers, users, exports, erasures",
        &[
            "enrollment-api",
            "case-log-api",
            "desk-api",
            "desk-lead",
            "contact-api",
            "return-policy-api",
            "dispute-api",
            "dispute-desk",
            "survey-api",
            "transfer-api",
            "claim-api",
            "claim-desk",
            "account-api",
            "data-desk",
        ],
    ),
    ("rte", "routing of contacts", &["contact-router"]),
    ("swp", "the minute sweep and its clocks", &["sla-sweep", "sla-clock"]),
    ("ntf", "what goes out: mails, webhooks", &["notice-sender", "hook-sender"]),
    ("inb", "mails in, and what became of mails", &["mail-intake", "mail-feedback"]),
    (
        "fee",
        "units in, quarters measured and closed, days added up",
        &["marketplace-intake", "fee-statement", "insight-day", "ledger-rollup"],
    ),
    (
        "dsh",
        "whoever reads over HTTP",
        &[
            "statement-api",
            "insight-api",
            "enrollment-api",
            "case-log-api",
            "desk-api",
            "desk-lead",
            "contact-api",
            "return-policy-api",
            "dispute-api",
            "dispute-desk",
            "survey-api",
            "transfer-api",
            "claim-api",
            "claim-desk",
            "account-api",
            "data-desk",
        ],
    ),
    ("rly", "the outbox' stream", &["outbox-relay"]),
];

/// Cells that are asked for only where there is what they are about: forms need pages, letters somebody who reads them.
const FORMS: u8 = 28;
const LETTERS: u8 = 23;

fn required(template: &Template, row: &Row, column: &str) -> bool {
    let has = |package: &str| template.functions.contains_key(package);
    if row.number == FORMS {
        return template.functions.keys().any(|package| package.ends_with("-portal"));
    }
    if row.number == LETTERS {
        return has("mail-intake");
    }
    COLUMNS.iter().any(|(short, _, packages)| *short == column && packages.iter().any(|package| has(package)))
}

/// Every test of this binary, by its whole name.
fn tests() -> BTreeSet<String> {
    let listed = Command::new(std::env::current_exe().unwrap()).args(["--list", "--format", "terse"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// The cell that a test is of: its row and its column.
fn cell(test: &str) -> Option<(u8, &str)> {
    let name = test.strip_prefix("matrix::")?.rsplit("::").next()?;
    let (row, rest) = name.strip_prefix('m')?.split_once('_')?;
    let (column, sentence) = rest.split_once('_')?;
    let is_row = row.len() == 2 && !sentence.is_empty() && COLUMNS.iter().any(|(short, ..)| *short == column);
    Some((row.parse().ok()?, column)).filter(|_| is_row)
}

fn is_asked(row: &Row, column: &str) -> bool {
    row.columns.split(' ').any(|asked| asked == column)
}

fn written(template: &Template, cells: &BTreeSet<(u8, &str)>) -> String {
    let mut text = "# The fault matrix\n\nWhat may go wrong, against each part of the system. ✓: there is a test; –: does not \
         apply; later: the part does not exist yet, and its\ncells are asked for as soon as the template has it. A test is \
         called `m<row>_<column>_<sentence>`. Written by\n`MATRIX_UPDATE=1 cargo test -p tests matrix::table`, and held to \
         be up to date by the same test.\n\n| column | what it is | packages |\n|---|---|---|\n"
        .to_owned();
    for (short, words, packages) in COLUMNS {
        writeln!(text, "| {} | {words} | {} |", short.to_uppercase(), packages.join(", ")).unwrap();
    }
    let heads: Vec<_> = COLUMNS.iter().map(|(short, ..)| short.to_uppercase()).collect();
    write!(text, "\n| | fault | {} |\n|---|---|{}\n", heads.join(" | "), ":-:|".repeat(heads.len())).unwrap();
    for row in &ROWS {
        let mark = |column: &str| match () {
            () if !is_asked(row, column) => "–",
            () if cells.contains(&(row.number, column)) => "✓",
            () if !required(template, row, column) => "later",
            () => "missing",
        };
        let marks: Vec<_> = COLUMNS.iter().map(|(short, ..)| mark(short)).collect();
        writeln!(text, "| {} | {} | {} |", row.number, row.fault, marks.join(" | ")).unwrap();
    }
    text.push_str("\n## What is asserted\n\n");
    for row in &ROWS {
        writeln!(text, "{}. **{}**: {}", row.number, row.fault, row.asserted).unwrap();
    }
    text
}

#[test]
fn every_cell_of_the_fault_matrix_has_a_test_and_every_test_a_cell() {
    let (template, tests) = (Template::load(), tests());
    let cells: BTreeSet<_> = tests.iter().filter_map(|test| cell(test)).collect();
    assert!(cells.len() > 100, "the tests are found: {cells:?}");
    let mut wrong = Vec::new();
    let (mut later, mut never) = (0, 0);
    for row in &ROWS {
        for (column, ..) in COLUMNS {
            let is_there = cells.contains(&(row.number, column));
            match (is_asked(row, column), required(&template, row, column)) {
                (false, _) => {
                    never += 1;
                    if is_there {
                        wrong.push(format!("row {} has no column {column}, and there is a test", row.number));
                    }
                }
                (true, false) => later += usize::from(!is_there),
                (true, true) if !is_there => wrong.push(format!("{}-{column} is empty: {}", row.number, row.fault)),
                (true, true) => {}
            }
        }
    }
    let known = |row: u8| ROWS.iter().any(|known| known.number == row);
    wrong.extend(cells.iter().filter(|(row, _)| !known(*row)).map(|(row, column)| format!("no row {row}: {column}")));
    // Whatever looks like a cell's test has to be one.
    let looks = |test: &&String| {
        let name = test.strip_prefix("matrix::").and_then(|name| name.rsplit("::").next()).unwrap_or_default();
        let mut letters = name.chars();
        letters.next() == Some('m') && letters.next().is_some_and(|letter| letter.is_ascii_digit())
    };
    let strays = tests.iter().filter(looks).filter(|test| cell(test).is_none());
    wrong.extend(strays.map(|test| format!("{test} is called like no cell")));
    println!("fault matrix: {} cells have a test, {later} come later, {never} do not apply", cells.len());
    assert!(wrong.is_empty(), "{wrong:#?}");

    let (file, text) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("MATRIX.md"), written(&template, &cells));
    if std::env::var_os("MATRIX_UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "tests/MATRIX.md is not up to date: MATRIX_UPDATE=1 writes it anew");
}

/// Pages are asked as the functions are that they show.
#[test]
fn every_function_but_the_pages_stands_in_a_column() {
    let shows = |package: &str| package.ends_with("-portal") || package.ends_with("-page");
    let stands = |package: &str| COLUMNS.iter().any(|(.., packages)| packages.contains(&package));
    let lost: Vec<_> = ALL.into_iter().filter(|package| !shows(package) && !stands(package)).collect();
    assert!(lost.is_empty(), "of which column of COLUMNS is {lost:?}?");
}

#[test]
fn what_is_asked_for_follows_the_template() {
    let mut template = Template::load();
    template.functions.retain(|package, _| !package.ends_with("-portal") && package != "mail-intake");
    let of = |column: &'static str| move |template: &Template, row: usize| required(template, &ROWS[row], column);
    assert!(of("rte")(&template, 0) && !of("inb")(&template, 22) && !of("enr")(&template, 27));
    template.functions.insert("mail-intake".into(), world::template::Function::default());
    template.functions.insert("seller-portal".into(), world::template::Function::default());
    assert!(of("inb")(&template, 22) && of("enr")(&template, 27));
}

#[test]
fn a_test_s_name_says_its_cell() {
    assert_eq!(cell("matrix::faults::m03_rte_an_answer_is_lost"), Some((3, "rte")));
    for other in ["matrix::m3_rte_x", "matrix::m03_xyz_x", "matrix::m03_rte", "crash::m03_rte_x", "matrix::f3_rte_x"] {
        assert_eq!(cell(other), None, "{other}");
    }
}
