//! What a text is about (RTE-12), from two witnesses that know nothing of each other: phrases that people wrote down,
//! and the words counted in texts whose topic is known (naive Bayes, in whole numbers). Where both name one topic it is
//! as sure as was measured; what one of them says alone is a hint for the person who chooses.
//!
//! The data lie in `data/guess`, compiled in. Nothing is parsed of the counted words: a word is looked up in their
//! sorted lines, so that a process which never guesses pays nothing, and one that does starts in well under a
//! millisecond.
//!
//! Not here: from which percentage a guess is taken for the topic ([`crate::topic`]), how the words are counted and the
//! percentages measured (`cargo xtask train-topics`).

use crate::{
    book::DataError,
    id::AssociateId,
    topic::{Topic, Topics},
};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// The phrases, and the counted words, each a name and a text.
pub const SHIPPED: [(&str, &str); 2] = [
    ("guess/phrases.toml", include_str!("../data/guess/phrases.toml")),
    ("guess/words.toml", include_str!("../data/guess/words.toml")),
];
/// What lies after so many words does not say more about the topic.
const WORDS_READ: usize = 100;
/// Longer words are known by so many first letters too.
const STEM: usize = 5;
/// A gap of a phrase is so many words at the most.
const GAP: usize = 4;
/// Written without the apostrophe, as many write.
const NEGATED: &str = "arent cant couldnt didnt doesnt dont hasnt havent isnt shouldnt wasnt wont wouldnt";
/// The words speak so clearly for one topic, in 256ths of a bit before the next: the lower edges of the bands.
pub const BANDS: [i64; 5] = [0, 512, 1024, 1536, 2048];

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Witness {
    /// The counted words alone.
    Words,
    /// The words and the phrases.
    Both,
}

/// What a text seems to be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// The topic's code.
    pub topic: String,
    /// Of a hundred such guesses so many were right where it was measured.
    pub percent: u8,
    /// Who says so.
    pub by: Witness,
}

impl Guess {
    /// Whether it stands for the topic without a person.
    #[must_use]
    pub const fn is_sure(&self, topic: &Topic) -> bool {
        self.percent >= topic.sure_from
    }
}

/// What each witness says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Testimony<'a> {
    /// The topic for which the words speak, and by how much more than for the next.
    pub words: Option<(&'a str, i64)>,
    /// The topic for which the phrases speak; none, where two are level.
    pub phrases: Option<&'a str>,
}

/// Both witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guesser {
    phrases: Vec<Phrase>,
    counted: Counted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    topic: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Begins(String),
    Gap,
}

/// The counted words as they are laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// How many of a hundred guesses were right where both witnesses agreed.
    pub both: u8,
    /// And where the words said it alone, by [`BANDS`].
    pub alone: [u8; BANDS.len()],
    /// How many different words there are.
    pub different: u32,
    /// The words of each topic's texts, all together.
    pub topics: Vec<Total>,
    /// One line a word, sorted: the word, then for each topic its place in `topics` and in how many texts it is.
    pub words: String,
}

/// A topic and the number of words in its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The topic's code.
    pub code: String,
    /// Words, each once a text.
    pub words: u32,
}

static GUESSER: LazyLock<Result<Guesser, DataError>> = LazyLock::new(|| {
    let [phrases, words] = SHIPPED;
    Guesser::read(phrases, words)
});

impl Guesser {
    /// The one that is compiled in.
    pub fn shipped() -> Result<&'static Self, DataError> {
        GUESSER.as_ref().map_err(Clone::clone)
    }

    /// A guesser of these files, each a name and a text.
    pub fn read(phrases: (&str, &str), words: (&str, &str)) -> Result<Self, DataError> {
        let by_topic: BTreeMap<String, Vec<String>> = crate::book::parse(phrases)?;
        let phrases = by_topic.into_iter().flat_map(|(topic, said)| {
            said.into_iter().map(move |phrase| Phrase { topic: topic.clone(), steps: steps(&phrase) })
        });
        Ok(Self { phrases: phrases.collect(), counted: crate::book::parse(words)? })
    }

    /// What a text seems to be about; nothing, where no word of it is known.
    #[must_use]
    pub fn guess(&self, text: &str) -> Option<Guess> {
        let Testimony { words, phrases } = self.testimony(text);
        let (topic, ahead) = words?;
        let band = BANDS.into_iter().zip(self.counted.alone).take_while(|(from, _)| *from <= ahead).last();
        let (percent, by) = if phrases == Some(topic) {
            (self.counted.both, Witness::Both)
        } else {
            (band.map_or(0, |(_, percent)| percent), Witness::Words)
        };
        Some(Guess { topic: topic.to_owned(), percent, by })
    }

    /// What each witness says of a text.
    #[must_use]
    pub fn testimony(&self, text: &str) -> Testimony<'_> {
        let words = words(text);
        Testimony { words: self.by_words(&features(&words)), phrases: self.by_phrases(&words) }
    }

    fn by_words(&self, features: &BTreeSet<String>) -> Option<(&str, i64)> {
        let known: Vec<_> = features.iter().filter_map(|feature| self.counted.line(feature)).map(counts).collect();
        if known.is_empty() {
            return None;
        }
        let mut ranked: Vec<(i64, &str)> = Vec::new();
        for (place, total) in self.counted.topics.iter().enumerate() {
            // Each count is taken as a fifth more than it is, so that a word not seen with a topic yet does not rule it out.
            let all = log2(total.words.saturating_mul(5).saturating_add(self.counted.different));
            let of = |counts: &Vec<(usize, u32)>| {
                let count = counts.iter().find(|(other, _)| *other == place).map_or(0, |(_, count)| *count);
                log2(count.saturating_mul(5).saturating_add(1)).saturating_sub(all)
            };
            ranked.push((known.iter().map(of).fold(0, i64::saturating_add), total.code.as_str()));
        }
        ranked.sort_by_key(|(score, code)| (Reverse(*score), *code));
        match ranked.as_slice() {
            [(first, code), (second, _), ..] => Some((code, first.saturating_sub(*second))),
            _ => None,
        }
    }

    fn by_phrases(&self, words: &[String]) -> Option<&str> {
        let mut weights: BTreeMap<&str, usize> = BTreeMap::new();
        for phrase in self.phrases.iter().filter(|phrase| is_in(&phrase.steps, words)) {
            let weight = phrase.steps.iter().filter(|step| **step != Step::Gap).count();
            let sum = weights.entry(&phrase.topic).or_default();
            *sum = sum.saturating_add(weight);
        }
        let most = weights.values().max()?;
        let mut heaviest = weights.iter().filter(|(_, weight)| *weight == most);
        let (topic, _) = heaviest.next()?;
        heaviest.next().is_none().then_some(*topic)
    }
}

impl Counted {
    /// The line of a word. The lines are sorted, so half of what is left is ruled out by each look.
    fn line(&self, word: &str) -> Option<&str> {
        let mut left = self.words.as_str();
        while !left.is_empty() {
            let mut middle = left.len() / 2;
            while !left.is_char_boundary(middle) {
                middle = middle.saturating_sub(1);
            }
            let start = left.get(..middle)?.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
            let (earlier, line) = (left.get(..start)?, left.get(start..)?);
            let (line, later) = line.split_once('\n').unwrap_or((line, ""));
            match line.split(' ').next().unwrap_or_default().cmp(word) {
                std::cmp::Ordering::Equal => return Some(line),
                std::cmp::Ordering::Less => left = later,
                std::cmp::Ordering::Greater => left = earlier,
            }
        }
        None
    }
}

/// The counts of a line: a topic's place, and in how many of its texts the word is.
fn counts(line: &str) -> Vec<(usize, u32)> {
    let pair =
        |part: &str| part.split_once(':').and_then(|(place, count)| Some((place.parse().ok()?, count.parse().ok()?)));
    line.split(' ').skip(1).filter_map(pair).collect()
}

/// The binary logarithm, in 256ths and rounded down; of nothing, that of one.
fn log2(number: u32) -> i64 {
    let whole = number.max(1).ilog2();
    // One bit before the point and 31 behind; each squaring brings the next bit of the logarithm to the front.
    let mut rest = u64::from(number.max(1)).checked_shl(31_u32.saturating_sub(whole)).unwrap_or(0);
    let mut result = i64::from(whole);
    for _ in 0..8 {
        rest = rest.saturating_mul(rest).checked_shr(31).unwrap_or(0);
        let bit = rest.checked_shr(32).unwrap_or(0);
        rest = rest.checked_shr(u32::from(bit > 0)).unwrap_or(0);
        result = result.saturating_mul(2).saturating_add(i64::from(bit > 0));
    }
    result
}

/// The words of a text, one way of writing for all: small letters without accents, numbers alike, `n't` as `not`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            let whole = std::mem::take(word);
            let negated = NEGATED.split(' ').any(|other| other == whole);
            match whole.strip_suffix("nt").filter(|_| negated) {
                Some(verb) => words.extend([verb.to_owned(), "not".to_owned()]),
                None => words.push(whole),
            }
        }
        words.len() < WORDS_READ
    };
    let mut was_digit = false;
    for sign in text.chars().flat_map(char::to_lowercase) {
        let is_digit = sign.is_numeric();
        let is_apostrophe = matches!(sign, '\'' | '’' | '´' | '`');
        let goes_on = sign.is_alphanumeric() && is_digit == was_digit;
        if !goes_on && !is_apostrophe && !end(&mut word) {
            break;
        }
        match (is_digit, is_apostrophe) {
            (true, _) if word.is_empty() => word.push('#'),
            (false, false) if sign.is_alphabetic() => word.push(plain(sign)),
            _ => {}
        }
        was_digit = is_digit;
    }
    end(&mut word);
    words.truncate(WORDS_READ);
    words
}

/// A letter without its accent, in the languages of the stores.
const fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ß' => 's',
        other => other,
    }
}

/// What is counted of a text, each once: its words, and the beginnings of the longer ones.
#[must_use]
pub fn features_of(text: &str) -> BTreeSet<String> {
    features(&words(text))
}

fn features(words: &[String]) -> BTreeSet<String> {
    let stems = words.iter().filter_map(|word| {
        let (cut, _) = word.char_indices().nth(STEM)?;
        word.get(..cut).map(|stem| format!("{stem}*"))
    });
    words.iter().cloned().chain(stems).collect()
}

fn steps(phrase: &str) -> Vec<Step> {
    let step = |word| if word == ".." { Step::Gap } else { Step::Begins(String::from(word)) };
    phrase.split_whitespace().map(step).collect()
}

fn is_in(steps: &[Step], words: &[String]) -> bool {
    (0..words.len()).any(|start| words.get(start..).is_some_and(|words| begins(steps, words)))
}

fn begins(steps: &[Step], words: &[String]) -> bool {
    match steps {
        [] => true,
        [Step::Gap, rest @ ..] => (0..=GAP).any(|gap| words.get(gap..).is_some_and(|words| begins(rest, words))),
        [Step::Begins(with), rest @ ..] => {
            words.split_first().is_some_and(|(word, words)| word.starts_with(with.as_str()) && begins(rest, words))
        }
    }
}

/// Who says what a contact or an inquiry is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Source {
    /// It came with its topic.
    #[default]
    Told,
    /// Nobody; it is guessed, and the guess is sure enough.
    Guessed {
        /// What was guessed.
        guess: Guess,
    },
    /// Nobody: a person has to choose.
    Unclear {
        /// A hint for that person, if there is one.
        guess: Option<Guess>,
    },
    /// An associate.
    Chosen {
        /// Who.
        associate: AssociateId,
    },
}

impl Source {
    /// Whether it came with its topic.
    #[must_use]
    pub fn is_told(&self) -> bool {
        *self == Self::Told
    }
}

/// The topic of what was guessed of a text. What nobody is sure of has the one that the book keeps for it until a person
/// has chosen.
#[must_use]
pub fn topic_of(guess: Option<Guess>, topics: &Topics) -> (&Topic, Source) {
    match guess
        .as_ref()
        .and_then(|guess| topics.get(&guess.topic).filter(|topic| guess.is_sure(topic)))
        .zip(guess.clone())
    {
        Some((topic, guess)) => (topic, Source::Guessed { guess }),
        None => (topics.unclear(), Source::Unclear { guess }),
    }
}

#[cfg(test)]
mod tests;
