//! The rule book against the list of rules and against the tests: each rule of `domain/rules.txt` has its section in
//! `domain/RULES.md`, each section names a test that proves it, each test that is named is there, and each test of the domain
//! that begins with a rule is named.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap()
}

fn read(file: impl AsRef<Path>) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rules() -> BTreeSet<String> {
    read("domain/rules.txt").lines().map(str::to_owned).collect()
}

/// A section of the rule book: its rules, and the tests it names.
struct Section {
    heading: String,
    rules: Vec<String>,
    tests: Vec<String>,
}

/// The rules that a heading names: one, several, or all from one to another.
fn named(heading: &str) -> Vec<String> {
    let ids = heading.split('·').next().unwrap_or_default();
    if let Some((from, to)) = ids.split_once(" to ") {
        let parts = |id: &str| {
            let (chapter, number) = id.trim().split_once('-').unwrap();
            (chapter.to_owned(), number.parse::<u32>().unwrap())
        };
        let ((chapter, from), (_, to)) = (parts(from), parts(to));
        return (from..=to).map(|number| format!("{chapter}-{number}")).collect();
    }
    ids.split(',').map(|id| id.trim().to_owned()).collect()
}

fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in read("domain/RULES.md").lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            sections.push(Section { heading: heading.to_owned(), rules: named(heading), tests: Vec::new() });
        } else if let Some(test) = line.strip_prefix("- `").and_then(|rest| rest.split('`').next()) {
            sections.last_mut().expect("tests stand below a heading").tests.push(test.to_owned());
        }
    }
    sections
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whatever is tested, by its name alone: with the files in which it stands, as a function or as a row of a macro that
/// makes one. A function counts only below `#[test]` or in `proptest!`, which is where `prop_assert` is used.
pub fn tests() -> BTreeMap<String, Vec<String>> {
    let mut files = Vec::new();
    for folder in ["domain/src", "functions", "tests/it"] {
        sources(&root().join(folder), &mut files);
    }
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let place = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let (mut is_test, mut in_proptest) = (false, false);
        for line in text.lines() {
            let code = line.trim_start();
            in_proptest = (in_proptest && line != "}") || line.starts_with("proptest! {");
            let name = code.strip_prefix("fn ").or_else(|| code.strip_prefix("async fn "));
            let is_name =
                |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte));
            let row = code.split_once(" => ").map(|(name, _)| name).filter(|_| place.starts_with("tests/it/"));
            let row = row.filter(is_name);
            if let Some(name) = name.and_then(|rest| rest.split('(').next()).filter(|_| is_test || in_proptest).or(row)
            {
                tests.entry(name.to_owned()).or_default().push(place.clone());
            }
            is_test =
                code.starts_with("#[test]") || code.starts_with("#[tokio::test") || (is_test && code.starts_with("#["));
        }
    }
    tests
}

/// Whether there is a test of this name; where its module stands before it, in that module.
pub fn is_there(tests: &BTreeMap<String, Vec<String>>, named: &str) -> bool {
    let mut parts: Vec<_> = named.split("::").collect();
    let name = parts.pop().unwrap();
    let module = parts.join("/");
    let is_inside = |place: &String| {
        let ends = [format!("/{module}.rs"), format!("/{module}/tests.rs"), format!("/{module}/lib.rs")];
        ends.iter().any(|end| place.ends_with(end.as_str())) || place.contains(&format!("/{module}/"))
    };
    tests.get(name).is_some_and(|places| parts.is_empty() || places.iter().any(is_inside))
}

/// The rule that a test proves: its name begins with it, after the invariants that it holds besides.
fn proves(test: &str) -> BTreeSet<String> {
    let name = test.rsplit("::").next().unwrap_or_default();
    let mut words = name.split('_').peekable();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_invariant = |word: &&str| {
        let mut signs = word.chars();
        signs.next().is_some_and(|sign| sign.is_ascii_lowercase()) && word.len() < 4 && is_number(signs.as_str())
    };
    while words.next_if(is_invariant).is_some() {}
    let mut rules = BTreeSet::new();
    while let Some(chapter) = words.next_if(|word| word.len() == 3) {
        let Some(number) = words.next_if(|word| is_number(word)) else { break };
        rules.insert(format!("{}-{number}", chapter.to_uppercase()));
        // `rte_1_to_5_…`
        if words.peek() == Some(&"to") {
            words.next();
            if let Some(last) = words.next_if(|word| is_number(word)) {
                let (from, to) = (number.parse::<u32>().unwrap(), last.parse::<u32>().unwrap());
                rules.extend((from..=to).map(|number| format!("{}-{number}", chapter.to_uppercase())));
            }
        }
    }
    rules
}

#[test]
fn every_rule_of_the_list_has_its_section_and_no_section_is_about_anything_else() {
    let rules = rules();
    assert_eq!(rules.len(), 73, "domain/rules.txt; a new rule is counted here");
    let mut seen = BTreeSet::new();
    for section in sections() {
        for rule in section.rules {
            assert!(rules.contains(&rule), "{}: {rule} is not in domain/rules.txt", section.heading);
            assert!(seen.insert(rule.clone()), "{rule} has two sections");
        }
    }
    let missing: Vec<_> = rules.difference(&seen).collect();
    assert!(missing.is_empty(), "without a section: {missing:?}");
}

#[test]
fn every_test_that_the_rule_book_names_is_there() {
    let (tests, mut lost) = (tests(), Vec::new());
    for section in sections() {
        for test in &section.tests {
            if !test.contains("::") || !is_there(&tests, test) {
                lost.push(format!("{}: {test}", section.heading));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// So that whoever looks a rule up finds all that proves it.
#[test]
fn every_test_of_the_domain_that_begins_with_a_rule_is_named_in_the_rule_book() {
    let sections = sections();
    let named: BTreeSet<_> =
        sections.iter().flat_map(|section| &section.tests).filter_map(|test| test.rsplit("::").next()).collect();
    let of_the_domain = |places: &[String]| places.iter().any(|place| place.starts_with("domain/"));
    let unnamed: Vec<_> = tests()
        .into_iter()
        .filter(|(test, places)| of_the_domain(places) && !proves(test).is_empty() && !named.contains(test.as_str()))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

#[test]
fn every_rule_is_proved_by_a_test_that_begins_with_it() {
    let mut unproved = Vec::new();
    for section in sections() {
        let proved: BTreeSet<_> = section.tests.iter().flat_map(|test| proves(test)).collect();
        for rule in section.rules.iter().filter(|rule| !proved.contains(*rule)) {
            unproved.push(rule.clone());
        }
    }
    assert!(unproved.is_empty(), "no test that is named begins with: {unproved:?}");
}

#[test]
fn a_test_that_begins_with_a_rule_begins_with_one_of_the_list() {
    let rules = rules();
    let chapters: BTreeSet<_> = rules.iter().filter_map(|rule| rule.split('-').next()).collect();
    for test in tests().keys() {
        for rule in proves(test) {
            let chapter = rule.split('-').next().unwrap_or_default();
            assert!(!chapters.contains(chapter) || rules.contains(&rule), "{test}: there is no {rule}");
        }
    }
}

#[test]
fn the_rules_that_a_name_begins_with_are_read_as_they_are_written() {
    let read = |test: &str| proves(test).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(read("seller::enr_3_service_starts"), "ENR-3");
    assert_eq!(read("order::f6_fee_2_order_and_repetition"), "FEE-2");
    assert_eq!(read("request::s1_s8_in_every_order"), "");
    assert_eq!(read("routing::rte_1_to_5_every_scope"), "RTE-1 RTE-2 RTE-3 RTE-4 RTE-5");
    assert_eq!(read("inquiry::an_inquiry_and_its_events"), "");
    assert_eq!(read("the_instant_before"), "");
    assert_eq!(named("RTE-1 to RTE-3 · One owner"), ["RTE-1", "RTE-2", "RTE-3"]);
    assert_eq!(named("RET-4, RET-5"), ["RET-4", "RET-5"]);
}
