//! The codes of problems and of parked messages: the sources, the tables of the functions' document, the contract and the
//! words of the desk name the same ones.

use super::contract;
use crate::architecture::{extension, files, read};
use std::collections::BTreeSet;

/// What a code stands behind in the sources, or the rule before it.
const SAID_AFTER: [&str; 11] = [
    "Refusal::state(",
    "Refusal::not_yet(",
    "Refusal::input(",
    "Refusal::outdated(",
    "Refusal::too_fast(",
    "bad_field(",
    " no(",
    ".holds(version,",
    "Self::state(",
    " code:",
    "const FACT_CONFLICT: &str =",
];
/// Those of what is nobody's fault, and of what is ours.
const OF_NO_RULE: [&str; 2] = ["fault", "try_again"];
/// What the mails are decided by, and what only a page says.
const INSIDE: [&str; 3] = ["address_suppressed", "digest_closed", "sign_in_failed"];
/// A parked message of this kind names no store, so no lead sees it.
const OF_NO_STORE: &str = "unknown_mail";

type Codes = BTreeSet<String>;

fn codes(all: &[&str]) -> Codes {
    all.iter().map(|code| (*code).to_owned()).collect()
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_')
}

/// The text that begins here, between quotes, and what comes behind it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.trim_start_matches([' ', ',']).strip_prefix('"')?.split_once('"')
}

/// The code behind this: the first text, or the second where the first is a rule.
fn code_of(behind: &str) -> Option<&str> {
    let (first, rest) = quoted(behind)?;
    Some(first).filter(|first| is_code(first)).or_else(|| Some(quoted(rest)?.0).filter(|second| is_code(second)))
}

/// What the code can say, of which no test is a part.
fn said_by_the_sources() -> Codes {
    let is_source = |file: &String| {
        let ours = file.starts_with("domain/src/") || file.starts_with("functions/");
        ours && extension(file) == "rs" && !file.ends_with("tests.rs") && !file.contains("/tests/")
    };
    let mut said = codes(&OF_NO_RULE);
    for file in files().into_iter().filter(is_source) {
        let source = read(&file);
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        for mark in SAID_AFTER {
            said.extend(source.split(mark).skip(1).filter_map(code_of).map(str::to_owned));
        }
    }
    said
}

/// The codes in the first column of the table below a heading.
fn listed(file: &str, heading: &str) -> Codes {
    let document = read(file);
    let (_, below) = document.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    let table = below.lines().take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with("| `"));
    let first = table.filter_map(|row| row.split('|').nth(1));
    let listed: Codes = first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    assert!(listed.len() > 5, "{heading}: {listed:?}");
    listed
}

fn problems() -> Codes {
    listed("functions/ERRORS.md", "## Codes")
}

fn parked() -> Codes {
    listed("functions/README.md", "### Why a fact is parked")
}

#[test]
fn each_problem_type_of_the_contract_stands_in_the_table_of_errors_and_the_other_way_round() {
    let contract = contract();
    let said = contract["components"]["schemas"]["Problem"]["properties"]["type"]["enum"].as_sequence().unwrap().iter();
    let said: Codes = said.map(|kind| kind.as_str().unwrap().trim_start_matches("/problems/").to_owned()).collect();
    assert_eq!(said, problems());
}

#[test]
fn each_code_that_a_rule_or_a_function_says_is_listed_and_each_that_is_listed_is_said() {
    let listed: Codes = problems().union(&parked()).cloned().chain(codes(&INSIDE)).collect();
    assert_eq!(said_by_the_sources(), listed);
}

#[test]
fn each_reason_for_which_a_message_is_parked_has_words_at_the_desk_and_no_other_has() {
    let words = read("functions/desk-portal/src/words.rs");
    let named = words.lines().filter_map(|line| line.trim_start().strip_prefix("parked_")?.split_once(": "));
    let named: Codes = named.map(|(code, _)| code.to_owned()).filter(|code| code != "fault").collect();
    let mut shown = parked();
    assert!(shown.remove(OF_NO_STORE));
    assert_eq!(named, shown);
}

#[test]
fn a_code_is_found_where_it_is_said() {
    for (behind, code) in [
        (r#""RTE-7", "no_profile", "A lead"#, Some("no_profile")),
        (r#" "body_too_large", "body", problem"#, Some("body_too_large")),
        (r#""W1", code, sentence"#, None),
        (r#"code, "order_id", problem"#, None),
    ] {
        assert_eq!(code_of(behind), code, "{behind}");
    }
}
