//! Reading the macros (INQ-2): each text has the slots of its macro, each macro speaks to both who read English and who
//! read Chinese, and what one comes to fits into an answer.

use super::{DataError, File};
use crate::{
    macros::{Known, Macro, Macros, Slot, Template, Wording, is_code},
    topic::{Family, Scope, Topics},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

/// Characters of an answer, as the desk takes one.
const LONGEST_ANSWER: usize = 10_000;
const LONGEST_SLOT: usize = 1_000;
const LONGEST_TITLE: usize = 100;
/// NTF-2: whatever else a macro speaks.
const LANGUAGES: [&str; 2] = ["en", "zh"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMacros {
    macros: Vec<RawMacro>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMacro {
    code: Spanned<String>,
    effective_from: Spanned<Datetime>,
    #[serde(default)]
    families: Vec<Family>,
    #[serde(default)]
    topics: Vec<Spanned<String>>,
    #[serde(default)]
    slots: Vec<Spanned<Slot>>,
    #[serde(default)]
    texts: BTreeMap<String, RawWording>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWording {
    title: Spanned<String>,
    text: Spanned<String>,
}

pub(super) fn macros(file: &File<'_>, topics: &Topics) -> Result<Macros, DataError> {
    let raw: RawMacros = file.parse()?;
    let mut read: Vec<Macro> = Vec::new();
    for row in raw.macros {
        let (code_at, day_at) = (row.code.span().start, row.effective_from.span().start);
        let row = read_macro(file, topics, row)?;
        let before = read.iter().rfind(|before| before.code == row.code);
        if before.is_none() && !row.is_in_use() {
            return Err(file.error(code_at, format!("{} is for no topic and no family", row.code)));
        }
        if before.is_some_and(|before| before.effective_from >= row.effective_from) {
            return Err(file.error(day_at, format!("the rows of {} stand in the order of their days", row.code)));
        }
        read.push(row);
    }
    Ok(read.into_iter().collect())
}

fn read_macro(file: &File<'_>, topics: &Topics, raw: RawMacro) -> Result<Macro, DataError> {
    let (start, code) = (raw.code.span().start, raw.code.into_inner());
    if !is_code(&code) {
        return Err(file.error(start, format!("{code:?} is no code: a-z and _")));
    }
    for topic in &raw.topics {
        if topics.get(topic.get_ref()).is_none_or(|topic| topic.scope != Scope::InScope) {
            let problem = format!("{:?} is no topic that the service answers", topic.get_ref());
            return Err(file.error(topic.span().start, problem));
        }
    }
    let slots = read_slots(file, raw.slots)?;
    let read = raw.texts.into_iter().map(|(language, raw)| {
        let wording = read_wording(file, &slots, &language, raw)?;
        Ok((language, wording))
    });
    let row = Macro {
        code,
        effective_from: file.date(&raw.effective_from)?,
        families: raw.families,
        topics: raw.topics.into_iter().map(Spanned::into_inner).collect(),
        texts: read.collect::<Result<BTreeMap<_, _>, DataError>>()?,
        slots,
    };
    match LANGUAGES.iter().find(|language| row.is_in_use() && !row.texts.contains_key(**language)) {
        Some(missing) => Err(file.error(start, format!("{} has no text in the language {missing}", row.code))),
        None => Ok(row),
    }
}

fn read_slots(file: &File<'_>, raw: Vec<Spanned<Slot>>) -> Result<Vec<Slot>, DataError> {
    let mut slots: Vec<Slot> = Vec::new();
    for row in raw {
        let (start, slot) = (row.span().start, row.into_inner());
        let problem = if !is_code(&slot.name) {
            format!("{:?} is no name of a slot: a-z and _", slot.name)
        } else if Known::named(&slot.name).is_some() {
            format!("{} is filled in by the service", slot.name)
        } else if slots.iter().any(|other| other.name == slot.name) {
            format!("{} is there twice", slot.name)
        } else if !(1..=LONGEST_SLOT).contains(&slot.longest) {
            format!("{} holds 1 to {LONGEST_SLOT} characters", slot.name)
        } else {
            slots.push(slot);
            continue;
        };
        return Err(file.error(start, problem));
    }
    Ok(slots)
}

fn read_wording(file: &File<'_>, slots: &[Slot], language: &str, raw: RawWording) -> Result<Wording, DataError> {
    let title_at = raw.title.span().start;
    if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(file.error(title_at, format!("{language:?} is no language: two letters of a-z")));
    }
    let title = raw.title.into_inner();
    if title.trim().is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(file.error(title_at, format!("a title has 1 to {LONGEST_TITLE} characters")));
    }
    let (start, text) = (raw.text.span().start, raw.text.into_inner());
    let text = Template::parse(&text).map_err(|error| file.error(start, error.to_string()))?;
    let declared = |name: &str| slots.iter().find(|slot| slot.name == name).map(|slot| slot.longest);
    let longest_of = |name: &str| Known::named(name).map_or_else(|| declared(name), |_| Some(Known::LONGEST));
    let longest = text.longest(|name| longest_of(name).unwrap_or(0));
    let problem = if let Some(unknown) = text.slots().find(|name| longest_of(name).is_none()) {
        format!("{{{unknown}}} is no slot of this macro")
    } else if let Some(missing) = slots.iter().find(|slot| !text.slots().any(|name| name == slot.name)) {
        format!("the slot {{{}}} is missing in this text", missing.name)
    } else if longest == 0 || longest > LONGEST_ANSWER {
        format!("an answer has 1 to {LONGEST_ANSWER} characters, and this one may come to {longest}")
    } else {
        return Ok(Wording { title, text });
    };
    Err(file.error(start, problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Book, MACROS, QUESTIONS, REASONS, TOPICS};

    fn refused(text: &str) -> String {
        Book::read(&[], TOPICS, QUESTIONS, REASONS, ("macros.toml", text)).unwrap_err().to_string()
    }

    /// A row of a macro `a`, with the one thing replaced that a test is about.
    fn row(from: &str, to: &str) -> String {
        let row = r#"
[[macros]]
code = "a"
effective_from = 2020-01-01
families = ["order"]
topics = ["quality"]
slots = [{ name = "what", longest = 20 }]
texts.en = { title = "A", text = "Of {order_id}: {what}." }
texts.zh = { title = "甲", text = "{order_id}：{what}。" }
"#;
        assert!(row.contains(from), "{from}");
        row.replace(from, to)
    }

    #[test]
    fn inq_2_a_macro_that_breaks_a_rule_is_refused_with_its_line() {
        let long = "x".repeat(10_000);
        for (from, to, line, problem) in [
            ("\"a\"", "\"a-b\"", 3, "\"a-b\" is no code: a-z and _"),
            ("2020-01-01", "2020-01-01T00:00:00Z", 4, "a day is needed here, like 2026-05-22"),
            ("\"quality\"", "\"weather\"", 6, "\"weather\" is no topic that the service answers"),
            ("\"quality\"", "\"invoice\"", 6, "\"invoice\" is no topic that the service answers"),
            ("\"what\"", "\"the what\"", 7, "\"the what\" is no name of a slot: a-z and _"),
            ("\"what\"", "\"seller\"", 7, "seller is filled in by the service"),
            ("longest = 20", "longest = 0", 7, "what holds 1 to 1000 characters"),
            ("longest = 20", "longest = 1001", 7, "what holds 1 to 1000 characters"),
            ("{what}.", "{what} {why}.", 8, "{why} is no slot of this macro"),
            ("{what}.", "it.", 8, "the slot {what} is missing in this text"),
            ("：{what}", "：", 9, "the slot {what} is missing in this text"),
            ("{what}.", "{what.", 8, "a { is not closed"),
            ("{what}.", "{what}}.", 8, "a } closes nothing"),
            ("{what}.", "{What}.", 8, "{What} is no slot: its name is of a-z and _"),
            ("Of ", &long, 8, "an answer has 1 to 10000 characters, and this one may come to 10123"),
            ("\"A\"", "\" \"", 8, "a title has 1 to 100 characters"),
            ("texts.zh", "texts.de", 3, "a has no text in the language zh"),
            ("texts.zh", "texts.zho", 9, "\"zho\" is no language: two letters of a-z"),
        ] {
            assert_eq!(refused(&row(from, to)), format!("macros.toml:{line}: {problem}"), "{from} -> {to}");
        }
        let twice = row("20 }]", "20 }, { name = \"what\", longest = 9 }]");
        assert_eq!(refused(&twice), "macros.toml:7: what is there twice");
        let nothing = row("[\"order\"]", "[]").replace("[\"quality\"]", "[]");
        assert_eq!(refused(&nothing), "macros.toml:3: a is for no topic and no family");
        assert!(refused(&row("slots", "slot")).starts_with("macros.toml:7: unknown field `slot`"));
    }

    #[test]
    fn inq_2_a_title_has_100_characters_at_most_and_an_answer_10_000() {
        let read = |from: &str, to: &str| {
            let text = row(from, to);
            let book = Book::read(&[], TOPICS, QUESTIONS, REASONS, ("macros.toml", &text));
            book.map(drop).map_err(|error| error.to_string())
        };
        let title = |length: usize| read("\"A\"", &format!("\"{}\"", "x".repeat(length)));
        let refused = Err("macros.toml:8: a title has 1 to 100 characters".to_owned());
        assert_eq!([1, 100, 101, 102].map(title), [Ok(()), Ok(()), refused.clone(), refused]);
        // `: ` and `.` are 3 characters more, the order 100 and the slot 20.
        let answer = |length: usize| read("Of ", &"x".repeat(length - 123));
        let refused = "macros.toml:8: an answer has 1 to 10000 characters, and this one may come to 10001".to_owned();
        assert_eq!([9_999, 10_000, 10_001].map(answer), [Ok(()), Ok(()), Err(refused)]);
    }

    #[test]
    fn inq_2_the_rows_of_a_macro_stand_in_the_order_of_their_days() {
        for (day, line) in [("2020-01-01", 13), ("2019-12-31", 13)] {
            let text = row("", "") + &row("2020-01-01", day);
            assert_eq!(refused(&text), format!("macros.toml:{line}: the rows of a stand in the order of their days"));
        }
    }

    #[test]
    fn inq_2_every_macro_is_said_in_every_language_of_every_store() {
        let book = Book::shipped().unwrap();
        assert!(book.macros().unwrap().rows().count() >= 7, "{}", MACROS.0);
        for row in book.macros().unwrap().rows() {
            for language in book.stores.values().flat_map(|store| &store.languages) {
                assert!(row.texts.contains_key(language), "{} in {language}", row.code);
            }
        }
        for topic in book.topics.iter().filter(|topic| topic.scope == Scope::InScope) {
            let for_it = |row: &&Macro| row.families.contains(&topic.family) || row.topics.contains(&topic.code);
            assert!(book.macros().unwrap().rows().any(|row| for_it(&row)), "{} has no macro", topic.code);
        }
        for store in book.stores.values() {
            let longest = [&store.name, &store.name_zh].map(|name| name.chars().count());
            assert!(longest.iter().all(|length| *length <= Known::LONGEST), "{}", store.id);
        }
    }
}
