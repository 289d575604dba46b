//! A typed question to a seller (REQ-6): what kind it is, and which answers it takes. The kinds are fixed, because the
//! service acts by them; what each takes is data.
//!
//! An answer that does not fit its slot is refused with the slot and what would fit. A seller may also reply in words
//! alone, as by mail.

use crate::id::ProductId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Where is the parcel?
    ShippingStatus,
    /// What does the warranty cover?
    WarrantyTerms,
    /// Is there a replacement or a part?
    PartAvailability,
    /// A fact that the detail page does not give.
    ProductFact,
    /// Where and how does the customer send it back?
    ReturnInstructions,
    /// Anything else, in the associate's own words.
    FreeText,
}

/// JDG-4: the slot of [`QuestionKind::PartAvailability`] by which the service judges, and what it says of a thing that is
/// there now.
const AVAILABLE: &str = "available";
const IN_STOCK: &str = "in_stock";

impl QuestionKind {
    /// JDG-4: whether answers to such a question say that there is another one now; none where they say nothing of it.
    #[must_use]
    pub fn in_stock(self, answers: &Answers) -> Option<bool> {
        let said = answers.get(AVAILABLE).filter(|_| self == Self::PartAvailability)?;
        Some(*said == Answer::Text(IN_STOCK.to_owned()))
    }

    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::ShippingStatus,
        Self::WarrantyTerms,
        Self::PartAvailability,
        Self::ProductFact,
        Self::ReturnInstructions,
        Self::FreeText,
    ];
}

/// The question to the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its type.
    pub kind: QuestionKind,
    /// The associate's words; never the customer's.
    pub text: String,
    /// INS-4: what the product's page should have said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<CatalogueGap>,
}

/// Something that a product's page does not say and a customer wanted to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueGap {
    /// Of which product.
    pub product: ProductId,
    /// What, as in `Axle diameter`.
    pub attribute: String,
}

/// What a slot is called on the page, in the languages that sellers read (NTF-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// English.
    pub en: String,
    /// Chinese, simplified.
    pub zh: String,
}

/// What fits a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// One of these words.
    Choice(Vec<String>),
    /// At most so many characters.
    Text(usize),
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// A calendar day, as in `2026-08-04`.
    Day,
}

/// One thing that a question asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Its code.
    pub name: String,
    /// What it is called.
    pub label: Label,
    /// What fits it.
    pub takes: Takes,
    /// Whether answers without it say too little.
    #[serde(default)]
    pub required: bool,
}

/// What is said to one slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A number.
    Number(i64),
    /// A choice, a text or a day.
    Text(String),
}

/// What is said to each slot, by its name.
pub type Answers = BTreeMap<String, Answer>;

/// The slots of every kind of question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions(BTreeMap<QuestionKind, Vec<Slot>>);

impl Slot {
    /// What is wrong with an answer, if it does not fit.
    #[must_use]
    pub fn problem(&self, answer: &Answer) -> Option<String> {
        let needed = match (&self.takes, answer) {
            (Takes::Choice(of), Answer::Text(text)) if of.contains(text) => return None,
            (Takes::Text(longest), Answer::Text(text))
                if !text.trim().is_empty() && text.chars().count() <= *longest =>
            {
                return None;
            }
            (Takes::Number(least, most), Answer::Number(number)) if (least..=most).contains(&number) => return None,
            (Takes::Day, Answer::Text(text)) if is_day(text) => return None,
            (Takes::Choice(of), _) => format!("must be one of {}", of.join(", ")),
            (Takes::Text(longest), _) => format!("must be a text of 1 to {longest} characters"),
            (Takes::Number(least, most), _) => format!("must be a whole number from {least} to {most}"),
            (Takes::Day, _) => "must be a day like 2026-08-04".to_owned(),
        };
        Some(needed)
    }
}

/// Four, two and two digits, and in the calendar.
fn is_day(text: &str) -> bool {
    text.parse::<NaiveDate>().is_ok_and(|day| day.to_string() == text)
}

impl Questions {
    /// The slots of this kind.
    #[must_use]
    pub fn slots(&self, kind: QuestionKind) -> &[Slot] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Everything that is wrong with these answers: the slot and the problem.
    #[must_use]
    pub fn problems(&self, kind: QuestionKind, answers: &Answers) -> Vec<(String, String)> {
        let slots = self.slots(kind);
        let of_slot = |slot: &Slot| match answers.get(&slot.name) {
            Some(answer) => slot.problem(answer),
            None => slot.required.then(|| "is missing".to_owned()),
        };
        let known = slots.iter().filter_map(|slot| Some((slot.name.clone(), of_slot(slot)?)));
        let unknown = answers.keys().filter(|name| slots.iter().all(|slot| slot.name != **name));
        known.chain(unknown.map(|name| (name.clone(), "is not asked for".to_owned()))).collect()
    }
}

impl FromIterator<(QuestionKind, Vec<Slot>)> for Questions {
    fn from_iter<I: IntoIterator<Item = (QuestionKind, Vec<Slot>)>>(kinds: I) -> Self {
        Self(kinds.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Book;

    fn questions() -> Questions {
        Book::shipped().unwrap().questions
    }

    fn answers(given: &[(&str, Answer)]) -> Answers {
        given.iter().map(|(name, answer)| ((*name).to_owned(), answer.clone())).collect()
    }

    fn text(text: &str) -> Answer {
        Answer::Text(text.to_owned())
    }

    fn slot(takes: Takes) -> Slot {
        Slot { name: "s".into(), label: Label { en: "s".into(), zh: "s".into() }, takes, required: false }
    }

    #[test]
    fn req_6_every_kind_but_free_text_has_slots_and_one_that_is_required() {
        for kind in QuestionKind::ALL {
            let slots = questions().slots(kind).to_vec();
            assert_eq!(slots.is_empty(), kind == QuestionKind::FreeText, "{kind:?}");
            assert_eq!(slots.iter().any(|slot| slot.required), kind != QuestionKind::FreeText, "{kind:?}");
        }
    }

    #[test]
    fn req_6_answers_that_fit_are_taken() {
        let said = answers(&[
            ("status", text("in_transit")),
            ("carrier", text("UPS")),
            ("tracking_number", text("1Z999")),
            ("expected_on", text("2026-08-07")),
        ]);
        assert_eq!(questions().problems(QuestionKind::ShippingStatus, &said), []);
        let said = answers(&[("covered", text("yes")), ("months", Answer::Number(24))]);
        assert_eq!(questions().problems(QuestionKind::WarrantyTerms, &said), []);
    }

    #[test]
    fn req_6_every_problem_is_named_with_its_slot() {
        let said = answers(&[
            ("carrier", text(" ")),
            ("expected_on", text("07.08.2026")),
            ("mood", text("good")),
            ("tracking_number", Answer::Number(1)),
        ]);
        let named = |(slot, problem): &(&str, &str)| ((*slot).to_owned(), (*problem).to_owned());
        let expected = [
            ("status", "is missing"),
            ("carrier", "must be a text of 1 to 100 characters"),
            ("tracking_number", "must be a text of 1 to 100 characters"),
            ("expected_on", "must be a day like 2026-08-04"),
            ("mood", "is not asked for"),
        ];
        let expected: Vec<_> = expected.iter().map(named).collect();
        assert_eq!(questions().problems(QuestionKind::ShippingStatus, &said), expected);
        assert_eq!(questions().problems(QuestionKind::FreeText, &answers(&[("status", text("lost"))])).len(), 1);
    }

    #[test]
    fn jdg_4_only_an_answer_about_a_part_says_whether_there_is_another_one_now() {
        let said = |answer: &str| answers(&[("available", text(answer))]);
        for kind in QuestionKind::ALL {
            let asked = kind == QuestionKind::PartAvailability;
            assert_eq!(kind.in_stock(&said("in_stock")), asked.then_some(true), "{kind:?}");
            assert_eq!(kind.in_stock(&said("no")), asked.then_some(false), "{kind:?}");
            assert_eq!(kind.in_stock(&answers(&[])), None, "{kind:?}");
        }
        let slots = questions().slots(QuestionKind::PartAvailability).to_vec();
        let available = slots.iter().find(|slot| slot.name == AVAILABLE).unwrap();
        assert_eq!(available.problem(&text(IN_STOCK)), None, "it can be answered so");
    }

    #[test]
    fn req_6_the_answer_before_on_and_after_each_bound() {
        let fits = |takes: &Takes, answer: &Answer| slot(takes.clone()).problem(answer).is_none();
        let number = Takes::Number(0, 120);
        let numbers = [(-1, false), (0, true), (120, true), (121, false)];
        assert!(numbers.iter().all(|(n, fit)| fits(&number, &Answer::Number(*n)) == *fit));
        assert!(!fits(&number, &text("12")), "a number is no text");
        let short = Takes::Text(3);
        let texts = [("", false), ("   ", false), ("a", true), ("äöü", true), ("abcd", false)];
        assert!(texts.iter().all(|(said, fit)| fits(&short, &text(said)) == *fit));
        let choice = Takes::Choice(vec!["yes".into(), "no".into()]);
        assert!(fits(&choice, &text("no")) && !fits(&choice, &text("No")));
        let days =
            [("2026-02-28", true), ("2026-02-29", false), ("2028-02-29", true), ("2026-2-28", false), ("x", false)];
        assert!(days.iter().all(|(day, fit)| fits(&Takes::Day, &text(day)) == *fit));
        assert!(!fits(&Takes::Day, &text("+2026-02-2")), "ten characters, and no day");
    }
}
