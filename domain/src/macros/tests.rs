use super::*;
use crate::{
    book::Book,
    testing::{MILLI, id, opened, store, topic, utc},
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn template(text: &str) -> Template {
    Template::parse(text).unwrap()
}

/// A macro with one slot of its own, in these languages.
fn row(code: &str, from: &str, families: &[Family], topics: &[&str], languages: &[&str]) -> Macro {
    let wording = |language: &&str| {
        let text = template(&format!("{language} {from}: {{order_id}}, {{what}}, {{order_id}}."));
        ((*language).to_owned(), Wording { title: code.to_uppercase(), text })
    };
    Macro {
        code: code.into(),
        effective_from: day(from),
        families: families.to_vec(),
        topics: topics.iter().map(|code| (*code).to_owned()).collect(),
        slots: vec![Slot { name: "what".into(), longest: 5 }],
        texts: languages.iter().map(wording).collect(),
    }
}

fn said(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// An inquiry of the US store about the quality of something, in this language, and who answers it when.
fn asked<R>(language: &str, now: &str, read: impl FnOnce(&About<'_>) -> R) -> R {
    let inquiry = Inquiry { language: language.into(), ..opened("quality") };
    let associate = id("mei");
    read(&About {
        inquiry: &inquiry,
        topic: topic("quality"),
        store: store("US"),
        associate: &associate,
        now: utc(now),
    })
}

const NOW: &str = "2026-08-03T15:00:00Z";

#[test]
fn inq_2_a_text_is_read_with_its_slots_and_what_is_none_is_named() {
    let text = template("{order_id}, {what}{what} and no more");
    assert_eq!(text.slots().collect::<Vec<_>>(), ["order_id", "what", "what"]);
    assert_eq!(text.longest(|_| 10), 30 + ",  and no more".len());
    assert_eq!(template("").longest(|_| 10), 0);
    for (text, problem) in [
        ("an {order_id", "a { is not closed"),
        ("an {order{_id}", "a { is not closed"),
        ("an order_id}", "a } closes nothing"),
        ("an {order_id}}", "a } closes nothing"),
        ("an {}", "{} is no slot: its name is of a-z and _"),
        ("an {order id}", "{order id} is no slot: its name is of a-z and _"),
    ] {
        assert_eq!(Template::parse(text).unwrap_err().to_string(), problem, "{text}");
    }
}

#[test]
fn inq_2_a_macro_fits_by_family_or_topic_and_by_language() {
    let all: Macros = [
        row("by_family", "2020-01-01", &[Family::Product], &[], &["en", "zh"]),
        row("by_topic", "2020-01-01", &[Family::Order], &["quality"], &["en", "zh"]),
        row("of_another", "2020-01-01", &[Family::Order], &["defective"], &["en", "zh"]),
        row("in_german", "2020-01-01", &[Family::Product], &[], &["de"]),
    ]
    .into_iter()
    .collect();
    let fitting = |language: &str| {
        asked(language, NOW, |about| {
            let fitting = all.fitting(about);
            fitting.iter().map(|canned| (canned.row.code.clone(), canned.language.to_owned())).collect::<Vec<_>>()
        })
    };
    let of = |rows: &[(&str, &str)]| rows.iter().map(|(code, language)| ((*code).into(), (*language).into())).collect();
    let english: Vec<(String, String)> = of(&[("by_family", "en"), ("by_topic", "en")]);
    assert_eq!(fitting("en"), english);
    assert_eq!(fitting("zh-Hant"), of(&[("by_family", "zh"), ("by_topic", "zh")]), "the customer's own language");
    assert_eq!(fitting("de_AT"), of(&[("by_family", "en"), ("by_topic", "en"), ("in_german", "de")]));
    assert_eq!(fitting("fr"), english, "RTE-7: the language that it is worked on in");
}

#[test]
fn inq_2_a_macro_is_as_its_row_of_that_day_says_in_the_stores_zone() {
    let all: Macros = [
        row("a", "2026-08-04", &[Family::Product], &[], &["en", "zh"]),
        row("a", "2026-09-01", &[Family::Product], &[], &["en", "zh"]),
        row("a", "2026-10-01", &[], &[], &[]),
    ]
    .into_iter()
    .collect();
    let from = |now: Instant| {
        asked("en", &now.to_rfc3339(), |about| all.fitting(about).first().map(|canned| canned.row.effective_from))
    };
    for (midnight, before, since) in [
        ("2026-08-04T07:00:00Z", None, Some("2026-08-04")),
        ("2026-09-01T07:00:00Z", Some("2026-08-04"), Some("2026-09-01")),
        ("2026-10-01T07:00:00Z", Some("2026-09-01"), None),
    ] {
        let midnight = utc(midnight);
        let shown = [midnight - MILLI, midnight, midnight + MILLI].map(from);
        assert_eq!(shown, [before, since, since].map(|of| of.map(day)), "{midnight}");
    }
}

#[test]
fn inq_2_what_the_service_knows_is_filled_in_and_the_rest_is_left_to_whoever_answers() {
    let text = template("{order_id} {seller} {store} {associate} {resolution_due} {what}");
    let mut row = row("a", "2020-01-01", &[Family::Product], &[], &[]);
    row.texts = ["en", "zh"].map(|of| (of.to_owned(), Wording { title: "A".into(), text: text.clone() })).into();
    let all: Macros = [row].into_iter().collect();
    let draft = |language| {
        asked(language, NOW, |about| {
            let due = about.inquiry.due_at(about.now).with_timezone(&about.store.zone);
            let due = due.format("%Y-%m-%d %H:%M (UTC%:z)").to_string();
            let draft = all.named("a", about).unwrap().draft(about);
            draft.replace(&due, "DUE").replace(about.inquiry.order.as_str(), "ORDER")
        })
    };
    assert_eq!(draft("en"), "ORDER s United States mei DUE {what}");
    assert_eq!(draft("zh"), "ORDER s 美国 mei DUE {what}");
}

#[test]
fn inq_2_a_slot_that_is_missing_foreign_or_does_not_fit_is_named_each_of_them() {
    let all: Macros = [row("a", "2020-01-01", &[Family::Product], &[], &["en", "zh"])].into_iter().collect();
    asked("en", NOW, |about| {
        let canned = all.named("a", about).unwrap();
        let order = about.inquiry.order.to_string();
        let filled = |value: &str| canned.fill(about, &said(&[("what", value)]));
        let with = |value: &str| Ok(format!("en 2020-01-01: {order}, {value}, {order}."));
        assert_eq!(filled("five5"), with("five5"));
        assert_eq!(filled("  鞋  "), with("鞋"), "five characters, not bytes, and nothing around them");
        assert_eq!(filled("{a}"), with("{a}"), "what is said is no text with slots");
        let problem = |slot: &str, problem: &str| SlotProblem { slot: slot.into(), problem: problem.into() };
        let unfit = problem("what", "must be 1 to 5 characters on one line");
        for value in ["", "  ", "six666", "a\nb", "a\u{7}"] {
            assert_eq!(filled(value), Err(vec![unfit.clone()]), "{value:?}");
        }
        let foreign = [problem("order_id", "is filled in by the service"), problem("why", "is no slot of a")];
        let given = said(&[("why", "x"), ("order_id", "x")]);
        let missing = [problem("what", "is missing")];
        assert_eq!(canned.fill(about, &given), Err([&missing[..], &foreign].concat()));
        let origin = Origin { code: "a".into(), effective_from: day("2020-01-01"), language: "en".into() };
        assert_eq!((canned.origin(), canned.title(), canned.slots().len()), (origin, "A", 1));
    });
}

#[test]
fn inq_2_of_a_macro_that_does_not_fit_those_that_do_are_named() {
    let book = Book::shipped().unwrap();
    asked("en", NOW, |about| {
        let fitting = ["looking_into_it", "seller_is_asked"];
        for code in ["how_to_send_back", "none", ""] {
            assert_eq!(book.macros().unwrap().named(code, about).err(), Some(fitting.to_vec()), "{code}");
        }
        assert!(fitting.iter().all(|code| book.macros().unwrap().named(code, about).is_ok()));
    });
}

proptest! {
    /// Whatever is said for a slot stands in the answer as it was said, and nothing that fits is longer than was promised.
    #[test]
    fn inq_2_whatever_is_said_an_answer_is_the_text_with_it_or_its_slot_is_named(value in any::<String>()) {
        let all: Macros = [row("a", "2020-01-01", &[Family::Product], &[], &["en", "zh"])].into_iter().collect();
        asked("en", NOW, |about| {
            let canned = all.named("a", about).unwrap();
            match canned.fill(about, &said(&[("what", &value)])) {
                Ok(text) => {
                    let order = about.inquiry.order.to_string();
                    prop_assert_eq!(&text, &format!("en 2020-01-01: {order}, {}, {order}.", value.trim()));
                    let longest = canned.wording.text.longest(|name| if name == "what" { 5 } else { Known::LONGEST });
                    prop_assert!(text.chars().count() <= longest);
                }
                Err(problems) => prop_assert_eq!(&problems[0].slot, "what"),
            }
            Ok(())
        })?;
    }
}
