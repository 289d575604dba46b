//! How the words of topics are counted, and how well topics are guessed (RTE-12): `cargo xtask train-topics`.
//!
//! Three sets of texts lie in `tests/topics`, all written by the project: those in `train` are counted, `test.txt`
//! compares the ways, and `final.txt` is for the last figures alone. The percentages that a guess carries come from
//! the texts that train, each held against a guesser that has not seen it.

use domain::{
    book::Book,
    guess::{BANDS, Counted, Guesser, SHIPPED, Total, features_of, topic_of},
    topic::{Scope, Topics},
};
use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

/// The texts that train are held back in so many turns, each turn another part.
const TURNS: usize = 10;

/// A text, and what it is about.
#[derive(Debug, Clone)]
pub struct Text {
    /// The topic's code.
    pub topic: String,
    /// Its language.
    pub language: String,
    /// What a customer might write.
    pub text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("topics")
}

/// The texts of one file: `[topic language]`, and a text on each line below it.
fn texts(file: &Path) -> Vec<Text> {
    let content = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (mut texts, mut about) = (Vec::new(), None);
    for line in content.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let head = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')).and_then(|head| head.split_once(' '));
        match (head, about) {
            (Some(head), _) => about = Some(head),
            (None, Some((topic, language))) => {
                texts.push(Text { topic: topic.to_owned(), language: language.to_owned(), text: line.to_owned() });
            }
            (None, None) => panic!("{}: nothing says what {line:?} is about", file.display()),
        }
    }
    texts
}

/// The texts whose words are counted.
#[must_use]
pub fn training() -> Vec<Text> {
    let entries = fs::read_dir(folder().join("train")).expect("the folder of the texts is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().flat_map(|file| texts(file)).collect()
}

/// The texts that compare the ways.
#[must_use]
pub fn test() -> Vec<Text> {
    texts(&folder().join("test.txt"))
}

/// The texts for the last figures.
#[must_use]
pub fn last() -> Vec<Text> {
    texts(&folder().join("final.txt"))
}

/// Counts the words; nothing is measured yet.
fn count<'a>(texts: impl Iterator<Item = &'a Text>, topics: &Topics) -> Counted {
    let codes: Vec<&str> = topics.iter().map(|topic| topic.code.as_str()).collect();
    let mut words: BTreeMap<String, BTreeMap<usize, u32>> = BTreeMap::new();
    let mut totals = vec![0; codes.len()];
    for text in texts {
        let place = codes.iter().position(|code| *code == text.topic);
        let place = place.unwrap_or_else(|| panic!("{} is no topic", text.topic));
        for feature in features_of(&text.text) {
            *words.entry(feature).or_default().entry(place).or_default() += 1;
            totals[place] += 1;
        }
    }
    let line = |(word, counts): (&String, &BTreeMap<usize, u32>)| {
        let counts: String = counts.iter().map(|(place, count)| format!(" {place}:{count}")).collect();
        format!("{word}{counts}\n")
    };
    Counted {
        both: 0,
        alone: [0; BANDS.len()],
        different: u32::try_from(words.len()).expect("some thousand words"),
        topics: codes.iter().zip(totals).map(|(code, words)| Total { code: (*code).to_owned(), words }).collect(),
        words: words.iter().map(line).collect(),
    }
}

/// The file of the counted words.
fn written(counted: &Counted) -> String {
    let topic = |total: &Total| format!("  {{ code = \"{}\", words = {} }},\n", total.code, total.words);
    let topics: String = counted.topics.iter().map(topic).collect();
    format!(
        "# The words of tests/topics/train, counted by `cargo xtask train-topics`. Not written by hand.\n\n\
         both = {}\nalone = {:?}\ndifferent = {}\ntopics = [\n{topics}]\nwords = \"\"\"\n{}\"\"\"\n",
        counted.both, counted.alone, counted.different, counted.words
    )
}

fn guesser(counted: &Counted) -> Guesser {
    let [phrases, (name, _)] = SHIPPED;
    Guesser::read(phrases, (name, &written(counted))).expect("what was counted can be read")
}

/// What the witnesses say of a text that they have not seen, and what is true.
#[derive(Debug, Clone)]
struct Heard {
    topic: String,
    words: Option<(String, i64)>,
    phrases: Option<String>,
}

impl Heard {
    fn by(guesser: &Guesser, text: &Text) -> Self {
        let said = guesser.testimony(&text.text);
        Self {
            topic: text.topic.clone(),
            words: said.words.map(|(topic, ahead)| (topic.to_owned(), ahead)),
            phrases: said.phrases.map(str::to_owned),
        }
    }

    fn agreed(&self) -> Option<&str> {
        let words = self.words.as_ref().map(|(topic, _)| topic);
        words.filter(|topic| self.phrases.as_ref() == Some(topic)).map(String::as_str)
    }

    fn alone(&self) -> Option<(&str, i64)> {
        self.words.as_ref().filter(|_| self.agreed().is_none()).map(|(topic, ahead)| (topic.as_str(), *ahead))
    }
}

/// Each text that trains, heard by a guesser that was trained on the others.
fn held_back(texts: &[Text], topics: &Topics) -> Vec<Heard> {
    let turn = |turn: usize| {
        let is_out = move |n: usize| n % TURNS == turn;
        let rest = texts.iter().enumerate().filter(|(n, _)| !is_out(*n)).map(|(_, text)| text);
        let guesser = guesser(&count(rest, topics));
        let out: Vec<_> = texts.iter().enumerate().filter(|(n, _)| is_out(*n)).collect();
        out.into_iter().map(|(_, text)| Heard::by(&guesser, text)).collect::<Vec<_>>()
    };
    (0..TURNS).flat_map(turn).collect()
}

/// So many, and so many of them right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub all: usize,
    /// Of these.
    pub right: usize,
}

impl Share {
    fn of(rights: impl Iterator<Item = bool>) -> Self {
        rights.fold(Self::default(), |sum, right| Self { all: sum.all + 1, right: sum.right + usize::from(right) })
    }

    /// Whole percent, rounded down; of nothing, none.
    #[must_use]
    pub fn percent(self) -> usize {
        (self.right * 100).checked_div(self.all).unwrap_or(0)
    }
}

/// Counts the words and measures how right the witnesses are.
#[must_use]
pub fn train(texts: &[Text], topics: &Topics) -> Counted {
    let heard = held_back(texts, topics);
    let percent = |share: Share| u8::try_from(share.percent()).expect("at most a hundred");
    let both = Share::of(heard.iter().filter_map(|heard| heard.agreed().map(|topic| topic == heard.topic)));
    let mut alone = [0; BANDS.len()];
    for (n, from) in BANDS.into_iter().enumerate() {
        let until = BANDS.get(n + 1).copied().unwrap_or(i64::MAX);
        let inside = heard.iter().filter_map(|heard| heard.alone().map(|(topic, ahead)| (topic == heard.topic, ahead)));
        let share = Share::of(inside.filter(|(_, ahead)| (from..until).contains(ahead)).map(|(right, _)| right));
        // A clearer word is never less sure.
        alone[n] = percent(share).max(if n == 0 { 0 } else { alone[n - 1] });
    }
    Counted { both: percent(both), alone, ..count(texts.iter(), topics) }
}

/// The file as it should be, with what it was made from.
#[must_use]
pub fn trained() -> String {
    let book = Book::shipped().expect("the shipped data are sound");
    written(&train(&training(), &book.topics))
}

/// Where the file of the counted words lies.
#[must_use]
pub fn path() -> PathBuf {
    let [_, (name, _)] = SHIPPED;
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/data").join(name)
}

/// How one topic fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fared {
    /// Texts about it.
    pub texts: usize,
    /// Texts of which both witnesses said that they are about it, and of how many it was true.
    pub agreed: Share,
    /// Of the texts about it, those of which the words said so: what an associate finds as a hint.
    pub hinted: usize,
    /// Texts about something else that would have been sent away as this, without a person.
    pub sent_away: usize,
}

/// How well the topics of a set are guessed.
#[derive(Debug, Clone)]
pub struct Report {
    set: &'static str,
    texts: usize,
    /// Each way: what it would say without a person, and of how many it was true.
    ways: Vec<(&'static str, Share)>,
    /// With both witnesses, by language.
    languages: BTreeMap<String, (usize, Share)>,
    /// With both witnesses, by topic.
    pub topics: BTreeMap<String, Fared>,
}

impl Report {
    /// Every text of a set, heard by the guesser that is shipped.
    #[must_use]
    pub fn of(set: &'static str, texts: &[Text]) -> Self {
        let book = Book::shipped().expect("the shipped data are sound");
        let guesser = Guesser::shipped().expect("the shipped guesser is sound");
        let heard: Vec<_> = texts.iter().map(|text| Heard::by(guesser, text)).collect();
        let mut report = Self::heard(set, &heard, &book.topics);
        for (text, heard) in texts.iter().zip(&heard) {
            let (all, agreed) = report.languages.entry(text.language.clone()).or_default();
            *all += 1;
            if let Some(topic) = heard.agreed() {
                *agreed = Share { all: agreed.all + 1, right: agreed.right + usize::from(topic == heard.topic) };
            }
            let (taken, _) = topic_of(guesser.guess(&text.text), &book.topics);
            if taken.scope != Scope::InScope && taken.code != text.topic {
                report.topics.entry(taken.code.clone()).or_default().sent_away += 1;
            }
        }
        report
    }

    /// The texts that train, each heard by a guesser that has not seen it.
    #[must_use]
    pub fn held_back() -> Self {
        let book = Book::shipped().expect("the shipped data are sound");
        Self::heard("held back", &held_back(&training(), &book.topics), &book.topics)
    }

    fn heard(set: &'static str, heard: &[Heard], topics: &Topics) -> Self {
        let share = |said: &dyn Fn(&Heard) -> Option<String>| {
            Share::of(heard.iter().filter_map(|heard| said(heard).map(|topic| topic == heard.topic)))
        };
        let clear = |from: i64| {
            move |heard: &Heard| heard.words.clone().filter(|(_, ahead)| *ahead >= from).map(|(topic, _)| topic)
        };
        let ways = vec![
            ("phrases", share(&|heard| heard.phrases.clone())),
            ("words", share(&clear(0))),
            ("words, 4 bits ahead", share(&clear(1024))),
            ("words, 8 bits ahead", share(&clear(2048))),
            ("both", share(&|heard| heard.agreed().map(str::to_owned))),
        ];
        let mut by_topic: BTreeMap<String, Fared> =
            topics.iter().map(|topic| (topic.code.clone(), Fared::default())).collect();
        for one in heard {
            let fared = by_topic.entry(one.topic.clone()).or_default();
            fared.texts += 1;
            fared.hinted += usize::from(one.words.as_ref().is_some_and(|(topic, _)| *topic == one.topic));
            if let Some(agreed) = one.agreed() {
                let fared = by_topic.entry(agreed.to_owned()).or_default();
                fared.agreed.all += 1;
                fared.agreed.right += usize::from(agreed == one.topic);
            }
        }
        Self { set, texts: heard.len(), ways, languages: BTreeMap::new(), topics: by_topic }
    }

    /// What both witnesses say without a person, and of how many it was true.
    #[must_use]
    pub fn both(&self) -> Share {
        self.ways.last().map_or_else(Share::default, |(_, share)| *share)
    }

    /// How many of a hundred texts need no person.
    #[must_use]
    pub fn covered(&self) -> usize {
        Share { all: self.texts, right: self.both().all }.percent()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} texts", self.set, self.texts)?;
        for (way, share) in &self.ways {
            let said = Share { all: self.texts, right: share.all }.percent();
            writeln!(f, "  {way:<20} says something of {said:>3} %, {:>3} % of it right", share.percent())?;
        }
        for (language, (texts, share)) in &self.languages {
            let said = Share { all: *texts, right: share.all }.percent();
            writeln!(f, "  both, {language:<14} says something of {said:>3} %, {:>3} % of it right", share.percent())?;
        }
        writeln!(
            f,
            "  {:<24}{:>7}{:>8}{:>7}{:>11}{:>8}{:>8}",
            "both, by topic", "texts", "said", "right", "precision", "recall", "hinted"
        )?;
        for (topic, fared) in &self.topics {
            let recall = Share { all: fared.texts, right: fared.agreed.right }.percent();
            let hinted = Share { all: fared.texts, right: fared.hinted }.percent();
            let (said, right) = (fared.agreed.all, fared.agreed.right);
            let precision = fared.agreed.percent();
            writeln!(
                f,
                "  {topic:<24}{:>7}{said:>8}{right:>7}{precision:>9} %{recall:>6} %{hinted:>6} %",
                fared.texts
            )?;
        }
        Ok(())
    }
}
