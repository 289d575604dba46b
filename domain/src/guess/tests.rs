use super::*;
use crate::book::Book;
use proptest::prelude::*;

/// Three topics, each with some words of its own; `b` has twice as many.
const WORDS: &str = r#"
both = 97
alone = [18, 31, 49, 66, 78]
different = 6
topics = [{ code = "a", words = 20 }, { code = "b", words = 40 }, { code = "c", words = 20 }]
words = """
apple 0:4
apple* 0:2 1:2
berry 1:8
cherr* 2:4
cherry 2:3 0:1
zebra 1:1
"""
"#;

const PHRASES: &str = r#"
a = ["apple pie", "red .. apple"]
b = ["berry", "not ripe"]
c = ["cherry", "pie"]
"#;

fn guesser() -> Guesser {
    Guesser::read(("phrases.toml", PHRASES), ("words.toml", WORDS)).unwrap()
}

fn phrases(text: &str) -> Option<String> {
    guesser().testimony(text).phrases.map(str::to_owned)
}

#[test]
fn rte_12_a_text_is_read_without_accents_capitals_and_apostrophes_and_every_number_is_alike() {
    let read = |text: &str| words(text).join(" ");
    assert_eq!(read("¿Dónde está mi PEDIDO?"), "donde esta mi pedido");
    assert_eq!(read("Größe 40, too big; order 1189-B"), "grose # too big order # b");
    assert_eq!(read("It doesn't work and I can’t, wont"), "it does not work and i ca not wo not");
    assert_eq!(read("went want don't dont"), "went want do not do not");
    assert_eq!(read("4B 12a x2"), "# b # a x #");
    assert_eq!(read(" ?! \n"), "");
}

#[test]
fn rte_12_of_a_text_the_first_hundred_words_are_read() {
    for (before, found) in [(98, true), (99, true), (100, false)] {
        let text = format!("{}apple", "word ".repeat(before));
        assert_eq!(words(&text).contains(&"apple".to_owned()), found, "{before}");
    }
    assert_eq!(words(&"can't ".repeat(60)).len(), WORDS_READ);
}

#[test]
fn rte_12_a_word_counts_and_the_beginning_of_a_longer_one_too() {
    let features: Vec<_> = features_of("cherry cherries pear").into_iter().collect();
    assert_eq!(features, ["cherr*", "cherries", "cherry", "pear"]);
    assert_eq!(features_of("pears"), BTreeSet::from(["pears".to_owned()]), "five letters are no beginning");
}

#[test]
fn rte_12_a_phrase_is_found_wherever_it_stands_and_bridges_four_words_at_most() {
    assert_eq!(phrases("an Apple-pie, please").as_deref(), Some("a"));
    assert_eq!(phrases("pie of apple").as_deref(), Some("c"), "the order of the words matters");
    assert_eq!(phrases("a red apple").as_deref(), Some("a"), "a gap may be nothing");
    assert_eq!(phrases("red and green and sweet apple").as_deref(), Some("a"));
    assert_eq!(phrases("red and green and very sweet apple"), None, "five words are too many");
    assert_eq!(phrases("they aren't ripe").as_deref(), Some("b"));
    assert_eq!(phrases("berries berry"), Some("b".into()));
    assert_eq!(phrases("cherry berry"), None, "two topics are level");
    assert_eq!(phrases("berry not ripe cherry").as_deref(), Some("b"), "the heavier one stands");
}

#[test]
fn rte_12_the_words_speak_for_the_topic_in_whose_texts_they_are_most() {
    let guesser = guesser();
    let said = |text: &str| guesser.testimony(text).words.map(|(topic, ahead)| (topic.to_owned(), ahead));
    // log2(5 * 8 + 1) - log2(5 * 40 + 6) for b against log2(1) - log2(5 * 20 + 6) for the others.
    assert_eq!(said("berry"), Some(("b".into(), 1371 - 1967 + 1722)));
    assert_eq!(said("cherry").unwrap().0, "c");
    assert_eq!(said("unheard of"), None);
    assert_eq!(said(""), None);
}

#[test]
fn rte_12_where_both_witnesses_agree_it_is_as_sure_as_measured_and_else_as_clear_as_the_words_are() {
    let guesser = guesser();
    let guess = |text: &str| guesser.guess(text).map(|guess| (guess.topic, guess.percent, guess.by));
    assert_eq!(guess("berry"), Some(("b".into(), 97, Witness::Both)));
    assert_eq!(guess("zebra"), Some(("b".into(), 18, Witness::Words)));
    assert_eq!(guess("cherries"), Some(("c".into(), 49, Witness::Words)), "further ahead");
    assert_eq!(guess("a red apple pie").map(|(_, _, by)| by), Some(Witness::Both));
    assert_eq!(guess("nothing known"), None);
}

#[test]
fn rte_12_the_bands_begin_where_they_say() {
    let percent = |ahead: i64| {
        let band = BANDS.into_iter().zip(guesser().counted.alone).take_while(|(from, _)| *from <= ahead).last();
        band.map(|(_, percent)| percent)
    };
    assert_eq!([0, 511, 512, 1023, 1024].map(percent), [18, 18, 31, 31, 49].map(Some));
    assert_eq!([1535, 1536, 2047, 2048, 9999].map(percent), [49, 66, 66, 78, 78].map(Some));
}

#[test]
fn rte_12_a_guess_stands_for_the_topic_from_the_percentage_of_its_row_on() {
    let topics = Book::shipped().unwrap().topics;
    let guess = |topic: &str, percent| Guess { topic: topic.into(), percent, by: Witness::Both };
    let taken = |topic: &str, percent| topic_of(Some(guess(topic, percent)), &topics).0.code.clone();
    assert_eq!([94, 95, 96].map(|p| taken("late_delivery", p)), ["other", "late_delivery", "late_delivery"]);
    for code in ["invoice", "customization", "pre_order"] {
        assert_eq!([97, 98, 99].map(|p| taken(code, p)), ["other", code, code]);
    }
    assert_eq!(taken("weather", 100), "other", "a topic that the book does not know");
    let (topic, source) = topic_of(None, &topics);
    assert_eq!((topic.code.as_str(), source), ("other", Source::Unclear { guess: None }));
    let unsure = guess("invoice", 97);
    assert_eq!(topic_of(Some(unsure.clone()), &topics).1, Source::Unclear { guess: Some(unsure) }, "a hint is kept");
    let sure = guess("billing", 97);
    assert_eq!(topic_of(Some(sure.clone()), &topics).1, Source::Guessed { guess: sure });
}

#[test]
fn rte_12_each_line_of_the_counted_words_is_found_and_says_what_the_totals_say() {
    let counted = &Guesser::shipped().unwrap().counted;
    let (mut sums, mut lines, mut before) = (vec![0; counted.topics.len()], 0, "");
    for line in counted.words.lines() {
        let word = line.split(' ').next().unwrap();
        assert!(before < word, "{before} {word}");
        assert_eq!(counted.line(word), Some(line));
        assert_eq!(counts(line).len(), line.split(' ').count() - 1, "{line}");
        for (place, count) in counts(line) {
            sums[place] += count;
        }
        (lines, before) = (lines + 1, word);
    }
    assert_eq!(lines, counted.different);
    assert_eq!(sums, counted.topics.iter().map(|total| total.words).collect::<Vec<_>>());
    for absent in ["", " ", "!", "zzzz", "wher", "qq"] {
        assert_eq!(counted.line(absent), None, "{absent:?}");
    }
}

#[test]
fn rte_12_both_witnesses_know_every_topic_of_the_book_and_no_other() {
    let topics: Vec<_> = Book::shipped().unwrap().topics.iter().map(|topic| topic.code.clone()).collect();
    let guesser = Guesser::shipped().unwrap();
    let counted: Vec<_> = guesser.counted.topics.iter().map(|total| total.code.clone()).collect();
    assert_eq!(counted, topics);
    let said: BTreeSet<_> = guesser.phrases.iter().map(|phrase| phrase.topic.clone()).collect();
    assert_eq!(said.into_iter().collect::<Vec<_>>(), topics);
    for phrase in &guesser.phrases {
        let ends = [phrase.steps.first(), phrase.steps.last()];
        assert!(ends.iter().all(|step| matches!(step, Some(Step::Begins(_)))), "{phrase:?}");
        for step in &phrase.steps {
            let Step::Begins(with) = step else { continue };
            assert_eq!(words(with), std::slice::from_ref(with), "no word of a text begins so: {phrase:?}");
        }
    }
}

#[test]
fn rte_12_files_that_are_no_toml_are_refused_with_their_line() {
    let refused = |phrases: &str, words: &str| {
        Guesser::read(("phrases.toml", phrases), ("words.toml", words)).unwrap_err().to_string()
    };
    assert!(refused("a = 1", WORDS).starts_with("phrases.toml:1: "));
    assert!(refused(PHRASES, &WORDS.replace("both = 97", "both = 970")).starts_with("words.toml:2: "));
    assert!(refused(PHRASES, &WORDS.replace("different", "differing")).starts_with("words.toml:4: unknown field"));
}

#[test]
fn a_guess_is_read_back_as_it_was_written() {
    let guess = Guess { topic: "billing".into(), percent: 97, by: Witness::Both };
    let written = serde_json::to_string(&guess).unwrap();
    assert_eq!(written, r#"{"topic":"billing","percent":97,"by":"both"}"#);
    assert_eq!(serde_json::from_str::<Guess>(&written).unwrap(), guess);
}

#[test]
fn rte_12_who_says_what_a_contact_is_about_is_written_down_where_it_did_not_come_with_it() {
    let of = |source: Source| {
        let told = crate::testing::contact("c", "billing", crate::testing::monday());
        serde_json::to_value(crate::contact::Contact { source, ..told }).unwrap()["source"].clone()
    };
    assert!(of(Source::Told).is_null());
    let chosen = Source::Chosen { associate: "ann".parse().unwrap() };
    assert_eq!(of(chosen.clone()), serde_json::to_value(chosen).unwrap());
    let unclear = Source::Unclear { guess: None };
    assert_eq!(of(unclear.clone()), serde_json::to_value(unclear).unwrap());
}

#[test]
fn the_logarithm_is_that_of_a_table_rounded_down() {
    let known = [(0, 0), (1, 0), (2, 256), (3, 405), (5, 594), (6, 661), (7, 718), (10, 850), (1024, 2560)];
    for (number, expected) in known {
        assert_eq!(log2(number), expected, "{number}");
    }
    assert_eq!(log2(u32::MAX), 32 * 256 - 1);
}

proptest! {
    #[test]
    fn rte_12_whatever_is_written_a_guess_names_a_topic_of_the_book(text in "\\PC{0,400}") {
        let guesser = Guesser::shipped().unwrap();
        if let Some(guess) = guesser.guess(&text) {
            prop_assert!(guesser.counted.topics.iter().any(|total| total.code == guess.topic));
            prop_assert!(guess.percent <= 100);
        }
        prop_assert!(words(&text).iter().all(|word| !word.is_empty() && !word.contains(' ')));
    }

    #[test]
    fn rte_12_a_logarithm_never_falls(number in 0..u32::MAX) {
        prop_assert!(log2(number) <= log2(number + 1));
    }
}
