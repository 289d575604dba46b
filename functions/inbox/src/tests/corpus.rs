//! Each mail of the corpus says what is expected of it.

use super::{seen, *};
use crate::author::{Author, Machine};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, path::PathBuf};

/// What one mail of the corpus says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    author: String,
    message_id: bool,
    answers_to: Vec<String>,
    begins: String,
    files: usize,
    marks: Vec<Mark>,
    orders: Vec<String>,
    folded: bool,
    message: Option<String>,
    from: Option<String>,
    sender: Option<String>,
    to: Option<Vec<String>>,
    cc: Option<Vec<String>>,
    subject: Option<String>,
    date: Option<String>,
    #[serde(default)]
    html: bool,
    file_names: Option<Vec<String>>,
    shown: Option<Vec<bool>>,
    seen: Option<String>,
    hidden: Option<String>,
    envelope: Option<String>,
    host: Option<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The mails of the corpus by name.
pub fn mails() -> Vec<(String, Vec<u8>)> {
    let mut mails: Vec<_> = files("eml")
        .into_iter()
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    mails.sort();
    mails
}

fn files(end: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|own| own == end)).collect()
}

fn expected() -> BTreeMap<String, Expected> {
    let mut all = BTreeMap::new();
    for path in files("toml") {
        let of_theme: BTreeMap<String, Expected> = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for (name, expected) in of_theme {
            assert!(all.insert(name.clone(), expected).is_none(), "{name} is expected twice");
        }
    }
    all
}

/// An author in one word: `person`, `not_answered:list`, `machine:report`.
fn word(author: Author) -> String {
    fn code(reason: &impl Serialize) -> String {
        toml::Value::try_from(reason).unwrap().as_str().unwrap().to_owned()
    }
    match author {
        Author::Person => "person".to_owned(),
        Author::PersonNotToBeAnswered(reason) => format!("not_answered:{}", code(&reason)),
        Author::Machine(reason) => format!("machine:{}", code(&reason)),
    }
}

/// The ids that look like those of orders, in the subject and the text.
fn orders(letter: &Letter) -> Vec<String> {
    let named = domain::transfer::order_ids(&format!("{}\n{}", letter.subject, letter.text));
    let named = named.iter().map(|id| id.as_str().to_owned());
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let looks_like_one = |id: &String| match id.split('-').collect::<Vec<_>>().as_slice() {
        ["o", number] => digits(number, 4),
        [a, b, c] => digits(a, 3) && digits(b, 7) && digits(c, 7),
        _ => false,
    };
    named.filter(looks_like_one).collect()
}

/// The text outside of what is folded, and the text inside.
fn parted(text: &str) -> (String, String) {
    let (mut outside, mut inside, mut at) = (String::new(), String::new(), 0);
    for range in folds(text) {
        outside.push_str(&text[at..range.start]);
        inside.push_str(&text[range.clone()]);
        at = range.end;
    }
    outside.push_str(&text[at..]);
    (outside, inside)
}

#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, what: &str, is: &T, expected: &T) {
        if is != expected {
            self.0.push(format!("{name}: {what} is {is:?}, not {expected:?}"));
        }
    }

    fn check_if_said<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, what: &str, is: &T, expected: Option<&T>) {
        if let Some(expected) = expected {
            self.check(name, what, is, expected);
        }
    }
}

#[test]
fn each_mail_of_the_corpus_says_what_is_expected_of_it() {
    let expected = expected();
    let mut found = Differences::default();
    let mails = mails();
    let names: Vec<&String> = mails.iter().map(|(name, _)| name).collect();
    assert_eq!(names, expected.keys().collect::<Vec<_>>(), "each mail is expected, and each expectation has a mail");
    assert!(mails.len() >= 85);
    for (name, raw) in &mails {
        check(name, &read(raw, expected[name].envelope.as_deref()), &expected[name], &mut found);
    }
    assert!(found.0.is_empty(), "{} differ:\n{}", found.0.len(), found.0.join("\n"));
}

fn check(name: &str, letter: &Letter, expected: &Expected, found: &mut Differences) {
    let author = expected.host.as_deref().map_or(letter.author, |host| letter.author_for(host));
    let addresses = |all: &[Address]| all.iter().map(|one| one.address.clone()).collect::<Vec<_>>();
    let text: String = letter.text.chars().take(60).collect();
    let (outside, inside) = parted(&letter.text);
    found.check(name, "the author", &word(author), &expected.author);
    found.check(name, "that it has an id", &letter.message_id.is_some(), &expected.message_id);
    found.check(name, "what it answers", &letter.answers_to, &expected.answers_to);
    found.check(name, "the beginning of the text", &text, &expected.begins);
    found.check(name, "the number of files", &letter.files.len(), &expected.files);
    found.check(name, "what is marked", &letter.marks, &expected.marks);
    found.check(name, "which orders are named", &orders(letter), &expected.orders);
    found.check(name, "that something is folded", &!inside.is_empty(), &expected.folded);
    found.check(name, "that it has HTML", &letter.html.is_some(), &expected.html);
    found.check_if_said(
        name,
        "the id",
        letter.message_id.as_ref().unwrap_or(&String::new()),
        expected.message.as_ref(),
    );
    let from = letter.from.as_ref();
    let sender = from.map(|from| from.name.clone()).unwrap_or_default();
    found.check_if_said(name, "the sender's name", &sender, expected.sender.as_ref());
    let from = from.map(|from| from.address.clone()).unwrap_or_default();
    found.check_if_said(name, "the sender's address", &from, expected.from.as_ref());
    found.check_if_said(name, "whom it is to", &addresses(&letter.to), expected.to.as_ref());
    found.check_if_said(name, "who else has it", &addresses(&letter.cc), expected.cc.as_ref());
    found.check_if_said(name, "the subject", &letter.subject, expected.subject.as_ref());
    let date = letter.date.map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default();
    found.check_if_said(name, "the date", &date, expected.date.as_ref());
    let names = letter.files.iter().map(|file| file.name.clone()).collect();
    found.check_if_said(name, "the names of the files", &names, expected.file_names.as_ref());
    let shown = letter.files.iter().map(|file| file.shown).collect();
    found.check_if_said(name, "which files are shown", &shown, expected.shown.as_ref());
    for (what, text, part) in [("seen", outside, &expected.seen), ("hidden", inside, &expected.hidden)] {
        if let Some(part) = part.as_ref().filter(|part| !text.contains(part.as_str())) {
            found.0.push(format!("{name}: {part:?} is not {what}; {what} is only {text:?}"));
        }
    }
}

#[test]
fn a_mail_says_the_same_with_either_kind_of_line_ends() {
    for (name, raw) in mails() {
        // A carriage return alone is no line end, and stays what it is.
        if name.contains("bare") {
            continue;
        }
        let short = without_cr(&raw);
        assert_eq!(seen(&read(&raw, None)), seen(&read(&short, None)), "{name}");
    }
}

fn without_cr(raw: &[u8]) -> Vec<u8> {
    raw.iter().copied().filter(|&byte| byte != b'\r').collect()
}

#[test]
fn what_we_wrote_ourselves_is_a_machines_whatever_else_it_says() {
    let raw = b"From: a@x.example\nMessage-ID: <1@Service.Example>\nSubject: hi\n\nhi";
    let letter = read(raw, None);
    assert_eq!(letter.author, Author::Person);
    assert!(letter.is_ours("service.example") && !letter.is_ours("x.example") && !letter.is_ours(""));
    assert_eq!(letter.author_for("service.example"), Author::Machine(Machine::Ours));
}

#[test]
fn html_of_the_corpus_has_nothing_that_loads_or_runs() {
    for (name, raw) in mails() {
        let html = read(&raw, None).html.unwrap_or_default();
        for never in
            ["<script", "<style", "<img", "<form", "<iframe", "<meta", "<base", "javascript:", "onclick", "onload"]
        {
            assert!(!html.contains(never), "{name}: {never} in {html}");
        }
        assert_eq!(html.matches("<a ").count(), html.matches("rel=\"noopener noreferrer nofollow\"").count(), "{name}");
    }
}
