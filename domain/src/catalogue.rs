//! What the catalogue says about a product (INQ-2): the facts of its detail page, each with its source. A customer's
//! question is first held against them, so that the seller is asked only what the page does not say.
//!
//! The match is by words, without a model of language: it ranks what an associate reads, and decides nothing.

use crate::{at::Instant, id::ProductId};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeSet};

/// Facts of one product; the catalogue cuts off longer pages.
pub const FACTS_PER_PRODUCT: usize = 100;

/// One thing that the page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFact {
    /// Of what, as in `Axle diameter`.
    pub name: String,
    /// What, as in `12 mm`.
    pub value: String,
    /// Where the catalogue has it from, as in `detail_page` or `manual`.
    pub source: String,
}

/// What the catalogue says about one product of a store, whoever sells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// Every fact, in the order of the page.
    pub facts: Vec<ProductFact>,
    /// Since when the page says so.
    pub described_at: Instant,
}

impl Product {
    /// Whether this page stands after that one was read: of two the newer does, whatever the order of their coming.
    #[must_use]
    pub fn is_newer_than(&self, known: Option<&Self>) -> bool {
        known.is_none_or(|known| known.described_at < self.described_at)
    }

    /// The facts that a question is about, the nearest first: a word of a fact's name weighs three times one of its value.
    #[must_use]
    pub fn facts_about(&self, question: &str) -> Vec<&ProductFact> {
        let asked = words(question);
        let shared = |text: &str| words(text).iter().filter(|word| asked.iter().any(|one| alike(one, word))).count();
        let weight = |fact: &ProductFact| shared(&fact.name).saturating_mul(3).saturating_add(shared(&fact.value));
        let mut about: Vec<_> = self.facts.iter().map(|fact| (weight(fact), fact)).filter(|(w, _)| *w > 0).collect();
        about.sort_by_key(|(weight, _)| Reverse(*weight));
        about.into_iter().map(|(_, fact)| fact).collect()
    }
}

/// Words that say nothing about a product, in the languages of the stores.
const EMPTY_WORDS: &str = "and are but can das der die does ein eine for from has have how ist mit não nicht not num para por \
    que the this uma und von was what when will with you your não com del las los una esta este como";

/// The words that tell something: of three letters and more, numbers, and pairs of signs where words are not divided.
fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let mut words = BTreeSet::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let signs: Vec<char> = word.chars().collect();
        if signs.iter().any(|sign| is_undivided(*sign)) {
            words.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else if signs.iter().any(char::is_ascii_digit) || (signs.len() > 2 && !is_empty_word(word)) {
            words.insert(word.to_owned());
        }
    }
    words
}

fn is_empty_word(word: &str) -> bool {
    EMPTY_WORDS.split_whitespace().any(|empty| empty == word)
}

/// Signs of scripts that put no space between words.
const fn is_undivided(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// The same word, or two forms of it: they begin alike, by four letters and half of the longer one at the least.
fn alike(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let longer = one.chars().count().max(other.chars().count());
    one == other || (common >= 4 && common.saturating_mul(2) >= longer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, id, monday};
    use proptest::prelude::*;

    fn page(facts: &[(&str, &str)]) -> Product {
        let fact = |(name, value): &(&str, &str)| ProductFact {
            name: (*name).into(),
            value: (*value).into(),
            source: "detail_page".into(),
        };
        Product { id: id("axle"), facts: facts.iter().map(fact).collect(), described_at: monday() }
    }

    fn about(page: &Product, question: &str) -> Vec<String> {
        page.facts_about(question).into_iter().map(|fact| fact.name.clone()).collect()
    }

    const BIKE: [(&str, &str); 6] = [
        ("Axle diameter", "12 mm, with the ring in the box"),
        ("Weight", "1.2 kg"),
        ("Material", "Aluminium, not washable by machine"),
        ("Battery life", "8 hours"),
        ("Warranty", "24 months by the manufacturer"),
        ("材质", "不锈钢"),
    ];

    #[test]
    fn inq_2_a_question_finds_the_facts_that_it_is_about_the_nearest_first() {
        let page = page(&BIKE);
        assert_eq!(about(&page, "Does it fit a 12 mm axle?"), ["Axle diameter"]);
        assert_eq!(about(&page, "What is the diameter, and what is in the box? My axle is thick."), ["Axle diameter"]);
        assert_eq!(about(&page, "How long do the batteries last?"), ["Battery life"]);
        assert_eq!(about(&page, "Can I wash the material?"), ["Material"]);
        assert_eq!(about(&page, "Is a ring part of it, and how is the weight?"), ["Weight", "Axle diameter"]);
        assert_eq!(about(&page, "这个是什么材质的"), ["材质"]);
    }

    #[test]
    fn inq_2_a_question_that_the_page_does_not_answer_finds_nothing() {
        let page = page(&BIKE);
        for question in ["", "?!", "Is it what you have?", "Is it made in Italy?", "的"] {
            assert_eq!(about(&page, question), [""; 0], "{question}");
        }
    }

    #[test]
    fn inq_2_a_word_of_the_name_weighs_three_of_the_value() {
        let page = page(&[("Lid", "red green blue colour"), ("Colour", "any")]);
        assert_eq!(about(&page, "colour"), ["Colour", "Lid"]);
        assert_eq!(about(&page, "colour red green blue"), ["Lid", "Colour"]);
    }

    #[test]
    fn inq_2_two_forms_of_a_word_begin_alike() {
        for (one, other, same) in [
            ("wash", "washable", true),
            ("wash", "washables", false),
            ("red", "reds", false),
            ("battery", "batteries", true),
            ("car", "car", true),
            ("cart", "carton", true),
        ] {
            assert_eq!((alike(one, other), alike(other, one)), (same, same), "{one} {other}");
        }
    }

    #[test]
    fn inq_2_of_two_pages_the_newer_stands() {
        let known = page(&BIKE);
        let at = |described_at| Product { described_at, ..page(&[]) };
        assert!(at(monday()).is_newer_than(None));
        assert!(at(monday() + MILLI).is_newer_than(Some(&known)));
        assert!(!at(monday()).is_newer_than(Some(&known)), "the same page again changes nothing");
        assert!(!at(monday() - MILLI).is_newer_than(Some(&known)));
    }

    proptest! {
        #[test]
        fn inq_2_whatever_is_asked_each_fact_is_found_once_and_by_its_own_name(question in "\\PC{0,60}", n in 0_usize..5) {
            let page = page(&BIKE);
            let found = about(&page, &question);
            let once: BTreeSet<_> = found.iter().collect();
            prop_assert_eq!(once.len(), found.len());
            let named = about(&page, &format!("{question} {}", BIKE[n].0));
            prop_assert!(named.contains(&BIKE[n].0.to_owned()));
        }
    }
}
