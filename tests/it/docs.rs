//! The documents against the tree: each link leads somewhere, each place, name and test that they speak of is there, each
//! block says what it is, and what they show of the marketplace is taken.

use crate::{
    architecture::{extension, files, read, root},
    rules::{is_there, tests},
};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use world::{Delivery, World, facts};

/// What a block may be.
const LANGUAGES: [&str; 8] = ["js", "json", "mermaid", "python", "rust", "sh", "text", "toml"];
/// How places begin.
const FOLDERS: [&str; 4] = ["domain/", "functions/", "infra/", "tests/"];
/// What a guide has its reader make.
const MADE_UP: [&str; 3] = ["domain/data/stores/fr.toml", "functions/warranty-api", "tests/events/warranty-api.json"];
/// A name of so many words is a test's.
const WORDS_OF_A_TEST: usize = 5;

/// A block between fences.
struct Block {
    line: usize,
    language: String,
    text: String,
}

/// A document: its blocks, and what stands outside of them.
struct Document {
    file: String,
    blocks: Vec<Block>,
    prose: String,
}

impl Document {
    fn open(file: String) -> Self {
        let (mut blocks, mut prose) = (Vec::new(), String::new());
        let mut open: Option<Block> = None;
        for (line, content) in (1..).zip(read(&file).lines()) {
            match (content.trim_start().strip_prefix("```"), open.take()) {
                (Some(_), Some(block)) => blocks.push(block),
                (Some(language), None) => {
                    open = Some(Block { line, language: language.trim().to_owned(), text: String::new() });
                    prose.push('\n');
                }
                (None, Some(block)) => open = Some(Block { text: block.text + content + "\n", ..block }),
                (None, None) => prose.push_str(&format!("{content}\n")),
            }
        }
        assert!(open.is_none(), "{file}: a block does not end");
        Self { file, blocks, prose }
    }

    /// Each paragraph, cut at its backticks: every second part is code.
    fn paragraphs(&self) -> Vec<Vec<&str>> {
        let paragraphs: Vec<Vec<&str>> = self.prose.split("\n\n").map(|text| text.split('`').collect()).collect();
        for parts in &paragraphs {
            assert!(parts.len() % 2 == 1, "{}: a backtick without another: {parts:?}", self.file);
        }
        paragraphs
    }

    /// What stands between backticks.
    fn codes(&self) -> Vec<&str> {
        self.paragraphs().into_iter().flat_map(|parts| parts.into_iter().skip(1).step_by(2)).collect()
    }

    /// Where its links lead.
    fn links(&self) -> Vec<String> {
        let words: String = self.paragraphs().into_iter().flat_map(|parts| parts.into_iter().step_by(2)).collect();
        words.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
    }

    /// The names of its headings, as links have them.
    fn anchors(&self) -> BTreeSet<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut anchors = BTreeSet::new();
        for heading in self.prose.lines().filter(|line| line.starts_with('#')) {
            let name = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = name.chars().filter(|sign| sign.is_alphanumeric() || [' ', '-', '_'].contains(sign));
            let anchor: String = kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect();
            let before = seen.entry(anchor.clone()).or_default();
            anchors.insert(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
            *before += 1;
        }
        anchors
    }

    /// Every value of its blocks of JSON; those of a list one by one.
    fn examples(&self) -> Vec<Json> {
        let json = self.blocks.iter().filter(|block| block.language == "json");
        let read = |block: &Block| match serde_json::from_str(&block.text) {
            Ok(Json::Array(values)) => values,
            Ok(value) => vec![value],
            Err(error) => panic!("{}:{}: {error}", self.file, block.line),
        };
        json.flat_map(read).collect()
    }
}

fn documents() -> Vec<Document> {
    let documents: Vec<_> = files().into_iter().filter(|file| extension(file) == "md").map(Document::open).collect();
    assert!(documents.len() > 10, "{}", documents.len());
    documents
}

/// A path as it stands in a document, from the top.
fn placed(document: &str, path: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a word is the name of a place: not a pattern, and nothing that a guide makes up.
fn is_place(word: &str) -> bool {
    let named = word.trim_start_matches("../");
    FOLDERS.iter().any(|folder| named.starts_with(folder))
        && !named.contains(['<', '*', '{', '…'])
        && !MADE_UP.contains(&named)
}

/// Whether a piece of code is the name of a test.
fn is_test(code: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_' || sign == ':';
    let name = code.rsplit("::").next().unwrap_or_default();
    code.chars().all(plain) && name.split('_').count() >= WORDS_OF_A_TEST
}

/// Whether this source defines something of this name, or has a row of it that a macro makes a test of.
fn defines(source: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == '_');
    let begins_with_it = |rest: &str| rest.strip_prefix(name).is_some_and(ends);
    source.lines().map(str::trim_start).any(|line| {
        let is_row = line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" => "));
        let kinds = ["fn ", "struct ", "enum ", "const ", "static "];
        is_row || kinds.iter().any(|kind| line.split_once(kind).is_some_and(|(_, rest)| begins_with_it(rest)))
    })
}

#[test]
fn each_link_leads_to_a_file_and_to_a_heading_that_are_there() {
    let (documents, mut lost) = (documents(), Vec::new());
    for document in &documents {
        for link in document.links().into_iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let target = if path.is_empty() { document.file.clone() } else { placed(&document.file, path) };
            let there = root().join(&target).exists();
            let other = documents.iter().find(|other| other.file == target);
            let leads = anchor.is_empty() || other.is_some_and(|other| other.anchors().contains(anchor));
            if !there || !leads {
                lost.push(format!("{}: {link}", document.file));
            }
        }
    }
    assert!(lost.is_empty(), "these lead nowhere: {lost:#?}");
}

#[test]
fn each_place_that_a_document_names_is_there() {
    let (mut named, mut lost) = (0, Vec::new());
    for document in documents() {
        let words = document.codes().into_iter().flat_map(str::split_whitespace);
        for word in words.filter(|word| is_place(word)) {
            let up = word.starts_with("../");
            let place = if up { placed(&document.file, word) } else { word.trim_end_matches('/').to_owned() };
            named += 1;
            if !root().join(place).exists() {
                lost.push(format!("{}: {word}", document.file));
            }
        }
    }
    assert!(named > 100, "{named}");
    assert!(lost.is_empty(), "{lost:#?}");
}

/// `` `cover` in `domain/src/coverage.rs` ``.
#[test]
fn each_name_that_a_document_says_stands_in_a_source_stands_there() {
    let (mut named, mut lost) = (0, Vec::new());
    for document in documents() {
        for parts in document.paragraphs() {
            for window in parts.windows(3).skip(1).step_by(2) {
                let [name, between, source] = window else { continue };
                let is_said = is_place(source) && extension(source) == "rs" && between.split_whitespace().eq(["in"]);
                let name = name.rsplit("::").next().unwrap_or_default();
                if is_said {
                    named += 1;
                    if !defines(&read(source), name) {
                        lost.push(format!("{}: {name} in {source}", document.file));
                    }
                }
            }
        }
    }
    assert!(named > 40, "{named}");
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn each_test_that_a_document_names_is_there() {
    let (tests, mut lost) = (tests(), Vec::new());
    for document in documents() {
        let named = document.codes().into_iter().filter(|code| is_test(code));
        lost.extend(named.filter(|test| !is_there(&tests, test)).map(|test| format!("{}: {test}", document.file)));
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn each_step_of_a_walkthrough_says_where_it_happens_and_what_proves_it() {
    let document = Document::open("functions/WALKTHROUGHS.md".to_owned());
    let is_step = |line: &str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    let mut steps: Vec<String> = Vec::new();
    for line in document.prose.lines() {
        if is_step(line) {
            steps.push(line.to_owned());
        } else if let Some(step) = steps.last_mut().filter(|_| line.starts_with(' ')) {
            step.push_str(line);
        }
    }
    assert!(steps.len() > 30, "{}", steps.len());
    for step in steps {
        let codes: Vec<_> = step.split('`').skip(1).step_by(2).collect();
        assert!(codes.iter().any(|code| is_place(code)), "where? {step}");
        assert!(codes.iter().any(|code| is_test(code)), "what proves it? {step}");
    }
}

#[test]
fn each_block_says_what_it_is_and_json_is_json() {
    for document in documents() {
        for Block { line, language, .. } in &document.blocks {
            assert!(LANGUAGES.contains(&language.as_str()), "{}:{line}: {language:?} is no language", document.file);
        }
        document.examples();
    }
}

/// The facts of a document, in their order, and then its contacts; how many kinds of facts, and what was parked.
async fn told(file: &str) -> (World, usize) {
    let mut world = World::new("2026-10-01T12:00:00Z", Delivery::Once);
    let mut kinds = BTreeSet::new();
    let mut contacts = Vec::new();
    for example in Document::open(file.to_owned()).examples() {
        if let Some(kind) = example["type"].as_str() {
            kinds.insert(kind.to_owned());
            world.fact(&example).await;
        } else if example["message"].is_string() {
            contacts.push(example);
        }
    }
    assert_eq!(contacts.len(), 1, "{file} shows a contact");
    for contact in contacts {
        let (path, claims) = ("/v1/stores/US/contacts", facts::marketplace());
        let taken = world.request("POST", path, claims, "key-1", &contact.to_string()).await;
        assert_eq!(taken.status, 202, "{file}: {}", taken.body);
    }
    (world, kinds.len())
}

#[tokio::test]
async fn what_the_contract_shows_of_the_marketplace_is_taken() {
    let (world, kinds) = told("functions/README.md").await;
    assert_eq!(kinds, 10, "an example of each fact");
    let parked = world.parked();
    assert_eq!(parked.len(), 1, "the refund's decision was never made: {parked:?}");
    assert!(parked[0].starts_with("unknown_decision"), "{parked:?}");
}

#[tokio::test]
async fn what_the_guide_for_marketplaces_sends_is_taken_and_the_services() {
    let (mut world, kinds) = told("functions/MARKETPLACE.md").await;
    assert_eq!((kinds, world.parked()), (4, Vec::new()));
    let went = world.request("GET", "/v1/stores/US/contacts/k-7", facts::marketplace(), "", "").await.body;
    assert_eq!((&went["owner"], &went["reason"]), (&Json::from("service"), &Json::from("covered")), "{went}");
}

#[tokio::test]
async fn what_the_guide_has_its_reader_ship_costs_what_it_says() {
    let mut world = World::new("2026-10-01T12:00:00Z", Delivery::Once);
    for fact in Document::open("domain/GUIDES.md".to_owned()).examples().iter().filter(|fact| fact["type"].is_string())
    {
        world.fact(fact).await;
    }
    assert_eq!(world.parked(), Vec::<String>::new());
    let rui = json!({ "sub": "rui", "seller_id": "loja" });
    let statement = world.request("GET", "/v1/stores/BR/statements/2026Q3", rui, "", "").await.body;
    let line = &statement["lines"][0];
    assert_eq!((&line["reason"], &line["rate_minor"], &line["units"]), (&json!("charged"), &json!(125), &json!(2)));
    assert_eq!((&statement["total_minor"], &statement["lines"][1]), (&json!(250), &Json::Null), "{statement}");
}

#[test]
fn documents_are_read_as_they_are_written() {
    assert_eq!(placed("functions/README.md", "../domain/data/stores"), "domain/data/stores");
    assert_eq!(placed("README.md", "functions/README.md"), "functions/README.md");
    assert!(is_place("tests/it/docs.rs") && is_place("../domain/RULES.md"));
    assert!(!is_place("functions/<each>") && !is_place("target/local") && !is_place("functions/warranty-api"));
    assert!(is_test("seller::enr_1_a_refusal_names_every_unmet_requirement") && !is_test("judgement_after_silence"));
    let source = "pub const fn cover(at: Instant) {\n    struct Mail<'a>;\n    a_story_of_so_many_words => told::it;";
    assert!(["cover", "Mail", "a_story_of_so_many_words"].iter().all(|name| defines(source, name)));
    assert!(["cove", "covers", "Mai", "told"].iter().all(|name| !defines(source, name)));
    let prose = "## FEE · Fees\n## `a_b`, and c\n## FEE · Fees\n".to_owned();
    let document = Document { file: String::new(), blocks: Vec::new(), prose };
    let anchors = ["a_b-and-c", "fee--fees", "fee--fees-1"].map(str::to_owned);
    assert_eq!(document.anchors(), BTreeSet::from(anchors));
}
