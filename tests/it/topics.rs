//! How well topics are guessed (RTE-12): that what is shipped is what the texts come to, and how right it is. The texts
//! are the project's own, so the bounds here say that nothing has become worse, not what a store's customers will write.

use domain::{book::Book, topic::Scope};
use std::collections::{BTreeMap, BTreeSet};
use world::topics::{Report, last, path, test, trained, training};

#[test]
fn rte_12_the_counted_words_are_those_of_the_texts() {
    let shipped = std::fs::read_to_string(path()).unwrap();
    assert!(shipped == trained(), "count them anew: cargo xtask train-topics");
}

#[test]
fn rte_12_no_text_is_in_two_sets_and_each_topic_has_its_share_of_each() {
    let sets = [(training(), 34), (test(), 9), (last(), 4)];
    let plain = |text: &str| text.to_lowercase().replace(|sign: char| !sign.is_alphanumeric(), "");
    let mut seen = BTreeSet::new();
    for (texts, least) in &sets {
        let mut by_topic: BTreeMap<&str, usize> = BTreeMap::new();
        for text in texts {
            assert!(seen.insert(plain(&text.text)), "twice: {}", text.text);
            *by_topic.entry(&text.topic).or_default() += 1;
        }
        for topic in Book::shipped().unwrap().topics.iter() {
            let there = by_topic.get(topic.code.as_str()).copied().unwrap_or_default();
            assert!(there >= *least, "{} has {there} texts of {least}", topic.code);
        }
    }
}

#[test]
fn rte_12_what_both_witnesses_say_is_right_and_what_one_says_alone_is_a_hint() {
    let report = Report::of("test", &test());
    assert!(report.both().percent() >= 97, "{report}");
    assert!(report.covered() >= 50, "{report}");
    let held_back = Report::held_back();
    assert!(held_back.both().percent() >= 95 && held_back.covered() >= 30, "{held_back}");
}

#[test]
fn rte_12_nobody_is_sent_away_by_a_guess_at_what_is_about_something_else() {
    let outside = Book::shipped().unwrap().topics;
    for report in [Report::of("test", &test()), Report::of("last", &last())] {
        for topic in outside.iter().filter(|topic| topic.scope != Scope::InScope) {
            assert_eq!(report.topics[&topic.code].sent_away, 0, "{}: {report}", topic.code);
        }
    }
}
