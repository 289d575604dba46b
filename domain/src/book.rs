//! The book: all that is data and not code, read from texts that are compiled in and checked before anything rests
//! on it. A text that breaks a rule is refused with its file, its line and what is wrong; there is no half a book.
//!
//! What has a date begins at 00:00 of that day in the store's zone.
//!
//! Not here: what the data means ([`crate::store`], [`crate::fee`], [`crate::topic`]).

use crate::{
    at::Instant,
    fee::BasisPoints,
    id::StoreId,
    insight::Metrics,
    money::Money,
    quarter::day_start,
    question::{QuestionKind, Questions, Slot, Takes},
    store::{Store, Terms, Window},
    topic::{Scope, Topic, Topics},
};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use iso_currency::Currency;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

mod cards;
mod metrics;
mod returns;

const STORES: [(&str, &str); 3] = [
    ("stores/br.toml", include_str!("../data/stores/br.toml")),
    ("stores/de.toml", include_str!("../data/stores/de.toml")),
    ("stores/us.toml", include_str!("../data/stores/us.toml")),
];
const TOPICS: (&str, &str) = ("topics.toml", include_str!("../data/topics.toml"));
const QUESTIONS: (&str, &str) = ("questions.toml", include_str!("../data/questions.toml"));
const METRICS: (&str, &str) = ("metrics.toml", include_str!("../data/metrics.toml"));

/// ENR-3: service starts within one hour.
const LONGEST_DELAY_MINUTES: i64 = 60;

/// Everything that is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The stores, by id.
    pub stores: BTreeMap<StoreId, Store>,
    /// The topics of all stores.
    pub topics: Topics,
    /// What questions to sellers ask for.
    pub questions: Questions,
    /// What each figure is (INS).
    pub metrics: Metrics,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct DataError {
    /// Its name below `data/`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In words.
    pub problem: String,
}

impl Book {
    /// The book that is compiled in.
    pub fn shipped() -> Result<Self, DataError> {
        Self::read(&STORES, TOPICS, QUESTIONS)
    }

    /// A book of these files, each a name and a text.
    pub fn read(stores: &[(&str, &str)], topics: (&str, &str), questions: (&str, &str)) -> Result<Self, DataError> {
        let mut read = BTreeMap::new();
        for (name, text) in stores {
            let file = File { name, text };
            let raw: RawStore = file.parse()?;
            let (id, span) = (file.value::<StoreId>(&raw.id, "a store id")?, raw.id.span());
            if read.insert(id, store(&file, raw)?).is_some() {
                return Err(file.error(span.start, "another file is about this store"));
            }
        }
        let [topics, questions] = [topics, questions].map(|(name, text)| File { name, text });
        let metrics = metrics::metrics(&File { name: METRICS.0, text: METRICS.1 })?;
        Ok(Self { stores: read, topics: read_topics(&topics)?, questions: read_questions(&questions)?, metrics })
    }

    /// The store of this id.
    #[must_use]
    pub fn store(&self, id: &StoreId) -> Option<&Store> {
        self.stores.get(id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStore {
    id: Spanned<String>,
    name: String,
    currency: Spanned<String>,
    zone: Spanned<String>,
    languages: Spanned<Vec<String>>,
    address_countries: Spanned<Vec<String>>,
    default_enrollment: bool,
    activation_delay_minutes: Spanned<i64>,
    judgement_limit: Spanned<String>,
    invitation_days: u64,
    terms: Vec<RawTerms>,
    claim_windows: Vec<RawWindow>,
    dispute_windows: Vec<RawWindow>,
    categories: Spanned<Vec<String>>,
    return_policies: Vec<returns::RawPolicy>,
    rate_cards: Vec<cards::RawCard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerms {
    version: String,
    effective_from: Spanned<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    effective_from: Spanned<Datetime>,
    days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopics {
    topics: Vec<Spanned<Topic>>,
}

/// A text and its name, to say where something stands.
struct File<'a> {
    name: &'a str,
    text: &'a str,
}

impl File<'_> {
    fn error(&self, offset: usize, problem: impl Into<String>) -> DataError {
        let newlines = self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        DataError { file: self.name.to_owned(), line: newlines.saturating_add(1), problem: problem.into() }
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, DataError> {
        toml::from_str(self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.error(offset, error.message().trim_end().replace('\n', ", "))
        })
    }

    fn value<T: std::str::FromStr>(&self, text: &Spanned<String>, what: &str) -> Result<T, DataError> {
        let read = text.get_ref().parse();
        read.map_err(|_| self.error(text.span().start, format!("{:?} is not {what}", text.get_ref())))
    }

    fn money(&self, text: &Spanned<String>, currency: Currency) -> Result<Money, DataError> {
        Money::parse(text.get_ref(), currency).ok_or_else(|| {
            let (decimals, code) = (currency.exponent().unwrap_or(0), currency.code());
            let problem = format!("{:?} is no amount of {code}: it has {decimals} decimals", text.get_ref());
            self.error(text.span().start, problem)
        })
    }

    fn share(&self, text: &Spanned<String>) -> Result<BasisPoints, DataError> {
        BasisPoints::parse(text.get_ref()).ok_or_else(|| {
            self.error(text.span().start, format!("{:?} is not a share like \"5%\" or \"2.5%\"", text.get_ref()))
        })
    }

    fn day(&self, date: &Spanned<Datetime>, zone: Tz) -> Result<Instant, DataError> {
        let read = match *date.get_ref() {
            Datetime { date: Some(date), time: None, offset: None } => {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }
            _ => None,
        };
        let day = read.ok_or_else(|| self.error(date.span().start, "a day is needed here, like 2026-05-22"))?;
        Ok(day_start(zone, day))
    }
}

fn store(file: &File<'_>, raw: RawStore) -> Result<Store, DataError> {
    let at = |span: std::ops::Range<usize>, problem: &str| Err(file.error(span.start, problem));
    let id = file.value(&raw.id, "a store id")?;
    let Some(currency) = Currency::from_code(raw.currency.get_ref()) else {
        return at(raw.currency.span(), &format!("{:?} is no currency of ISO 4217", raw.currency.get_ref()));
    };
    let zone = file.value(&raw.zone, "a time zone")?;
    let delay = *raw.activation_delay_minutes.get_ref();
    if !(0..=LONGEST_DELAY_MINUTES).contains(&delay) {
        return at(raw.activation_delay_minutes.span(), "ENR-3: the activation delay is 0 to 60 minutes");
    }
    if raw.languages.get_ref().is_empty() {
        return at(raw.languages.span(), "a store has a language; the first is its default");
    }
    let two_letters = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if raw.address_countries.get_ref().is_empty() || !raw.address_countries.get_ref().iter().all(two_letters) {
        return at(raw.address_countries.span(), "countries are named by two capital letters, at least one");
    }
    if raw.terms.is_empty() || raw.rate_cards.is_empty() {
        return at(raw.id.span(), "a store has terms and a rate card");
    }
    let categories = returns::categories(file, &raw.categories)?;
    Ok(Store {
        id,
        name: raw.name,
        currency,
        zone,
        languages: raw.languages.into_inner(),
        address_countries: raw.address_countries.into_inner(),
        default_enrollment: raw.default_enrollment,
        activation_delay: TimeDelta::try_minutes(delay).unwrap_or(TimeDelta::zero()),
        terms: terms(file, &raw.terms, zone)?,
        judgement_limit: file.money(&raw.judgement_limit, currency)?,
        invitation_days: raw.invitation_days,
        claim_windows: windows(file, "claim windows", &raw.claim_windows, zone)?,
        dispute_windows: windows(file, "dispute windows", &raw.dispute_windows, zone)?,
        return_policies: returns::policies(file, &raw.return_policies, zone, &categories)?,
        categories,
        rate_cards: cards::cards(file, &raw.rate_cards, zone, currency)?,
    })
}

/// What is known by its day: the days rise.
fn by_day<'a>(
    file: &File<'_>,
    zone: Tz,
    what: &str,
    days: impl Iterator<Item = &'a Spanned<Datetime>>,
) -> Result<Vec<Instant>, DataError> {
    let mut read: Vec<Instant> = Vec::new();
    for date in days {
        let day = file.day(date, zone)?;
        if read.last().is_some_and(|before| *before >= day) {
            return Err(file.error(date.span().start, format!("{what} stand in the order of their days")));
        }
        read.push(day);
    }
    Ok(read)
}

fn terms(file: &File<'_>, raw: &[RawTerms], zone: Tz) -> Result<Vec<Terms>, DataError> {
    let days = by_day(file, zone, "terms", raw.iter().map(|terms| &terms.effective_from))?;
    let read = raw.iter().zip(days);
    Ok(read.map(|(terms, effective_from)| Terms { version: terms.version.clone(), effective_from }).collect())
}

fn windows(file: &File<'_>, what: &str, raw: &[RawWindow], zone: Tz) -> Result<Vec<Window>, DataError> {
    let days = by_day(file, zone, what, raw.iter().map(|window| &window.effective_from))?;
    let read = raw.iter().zip(days);
    Ok(read.map(|(window, effective_from)| Window { effective_from, days: window.days }).collect())
}

fn read_topics(file: &File<'_>) -> Result<Topics, DataError> {
    let raw: RawTopics = file.parse()?;
    let mut seen: BTreeMap<String, Topic> = BTreeMap::new();
    for row in raw.topics {
        let (start, topic) = (row.span().start, row.into_inner());
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if topic.code.is_empty() || !topic.code.bytes().all(plain) {
            return Err(file.error(start, format!("{:?} is no code: a-z and _", topic.code)));
        }
        if topic.counts && topic.scope != Scope::InScope {
            return Err(file.error(start, format!("FEE-4: {} is out of scope and cannot count", topic.code)));
        }
        if let Some(twice) = seen.insert(topic.code.clone(), topic) {
            return Err(file.error(start, format!("{} is there twice", twice.code)));
        }
    }
    Ok(seen.into_values().collect())
}

fn read_questions(file: &File<'_>) -> Result<Questions, DataError> {
    let raw: BTreeMap<QuestionKind, Vec<Spanned<Slot>>> = file.parse()?;
    let read = raw.into_iter().map(|(kind, rows)| {
        let mut slots: Vec<Slot> = Vec::new();
        for row in rows {
            let (start, slot) = (row.span().start, row.into_inner());
            if slots.iter().any(|other| other.name == slot.name) {
                return Err(file.error(start, format!("{} is there twice", slot.name)));
            }
            if matches!(&slot.takes, Takes::Number(least, most) if least > most) {
                return Err(file.error(start, format!("no number fits {}", slot.name)));
            }
            slots.push(slot);
        }
        Ok((kind, slots))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const US: &str = include_str!("../data/stores/us.toml");

    /// The line of the first place where this stands, from 1.
    pub(super) fn line(text: &str, what: &str) -> usize {
        text.split(what).next().unwrap().matches('\n').count().saturating_add(1)
    }

    pub(super) fn refused(text: &str) -> String {
        Book::read(&[("stores/us.toml", text)], TOPICS, QUESTIONS).unwrap_err().to_string()
    }

    /// For each case the text of the US store with one thing replaced, the text that marks the line to be named, and
    /// what is said of it.
    pub(super) fn refused_each(cases: &[(&str, &str, &str, &str)]) {
        for (from, to, marked, problem) in cases {
            assert!(US.contains(from), "{from}");
            let text = US.replace(from, to);
            assert_eq!(refused(&text), format!("stores/us.toml:{}: {problem}", line(&text, marked)), "{from} -> {to}");
        }
    }

    fn refused_topics(text: &str) -> String {
        Book::read(&[], ("topics.toml", text), QUESTIONS).unwrap_err().to_string()
    }

    #[test]
    fn every_file_of_a_store_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/stores");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut there: Vec<String> = names.map(|name| format!("stores/{name}")).collect();
        there.sort();
        assert_eq!(there, STORES.map(|(name, _)| name));
        let ids: Vec<_> = Book::shipped().unwrap().stores.into_keys().map(String::from).collect();
        assert_eq!(ids, ["BR", "DE", "US"]);
    }

    #[test]
    fn a_store_that_breaks_a_rule_is_refused_with_its_line() {
        let cases = [
            ("\"100.00\"", "\"100\"", "\"100\"", "\"100\" is no amount of USD: it has 2 decimals"),
            ("\"USD\"", "\"USX\"", "\"USX\"", "\"USX\" is no currency of ISO 4217"),
            ("\"America/Los_Angeles\"", "\"America/LA\"", "America/LA", "\"America/LA\" is not a time zone"),
            ("\"US\"\nname", "\"U S\"\nname", "\"U S\"", "\"U S\" is not a store id"),
            ("minutes = 15", "minutes = 61", "minutes = 61", "ENR-3: the activation delay is 0 to 60 minutes"),
            ("minutes = 15", "minutes = -1", "minutes = -1", "ENR-3: the activation delay is 0 to 60 minutes"),
            ("[\"en\", \"es\"]", "[]", "languages = []", "a store has a language; the first is its default"),
            ("\"MO\"", "\"mo\"", "\"mo\"", "countries are named by two capital letters, at least one"),
            ("effective_from = 2026", "effective_from = 2014", "from = 2014", "terms stand in the order of their days"),
            (
                "effective_from = 2026",
                "effective_from = 2015",
                "from = 2015-01-01\n\n[[claim",
                "terms stand in the order of their days",
            ),
            ("2026-02-16", "2014-02-16", "2014-02-16", "claim windows stand in the order of their days"),
        ];
        refused_each(&cases);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_wherever_it_stands() {
        let cases = [
            ("name = ", "nmae = 1\nname = ", "nmae"),
            ("denominator", "currency = \"USD\"\ndenominator", "currency = \"USD\"\nden"),
            ("up_to_units = 30,", "up_to_units = 30, units = 1,", "default = {"),
            ("reason = \"free_cpu\",", "reason = \"free_cpu\", cpu = \"3%\",", "free = ["),
        ];
        for (from, to, marked) in cases {
            let text = US.replacen(from, to, 1);
            let said = refused(&text);
            let place = format!("stores/us.toml:{}: unknown field `", line(&text, marked));
            assert!(said.starts_with(&place), "{said} / {place}");
        }
    }

    #[test]
    fn a_text_that_is_no_toml_is_refused_with_its_line() {
        let text = US.replace("currency = ", "currency ");
        let said = refused(&text);
        assert!(said.starts_with(&format!("stores/us.toml:{}: ", line(&text, "currency "))), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }

    #[test]
    fn two_files_about_one_store_are_refused() {
        let twice = Book::read(&[("stores/us.toml", US), ("stores/us2.toml", US)], TOPICS, QUESTIONS).unwrap_err();
        assert_eq!(
            twice.to_string(),
            format!("stores/us2.toml:{}: another file is about this store", line(US, "id = "))
        );
    }

    #[test]
    fn a_store_without_terms_is_refused() {
        let text = US.replace("[[terms]]", "[[rate_cards]]").replace("[[rate_cards]]\nversion", "[[x]]\nversion");
        assert!(refused(&text).contains("unknown field `x`"));
        let start = text.find("[[x]]").unwrap();
        let end = text.find("[[claim_windows]]").unwrap();
        let text = format!("terms = []\n{}{}", &text[..start], &text[end..]);
        let said = format!("stores/us.toml:{}: a store has terms and a rate card", line(&text, "id = \"US\""));
        assert_eq!(refused(&text), said);
    }

    const ROW: &str = r#"{ code = "a", family = "order", scope = "in_scope", liable = "open", counts = true, after_silence = "person" },"#;

    #[test]
    fn rte_11_a_topic_that_breaks_a_rule_is_refused_with_its_line() {
        let second = |row: &str| format!("topics = [\n{ROW}\n{row}\n]");
        assert_eq!(refused_topics(&second(ROW)), "topics.toml:3: a is there twice");
        let row = ROW.replace("\"a\"", "\"a-b\"");
        assert_eq!(refused_topics(&second(&row)), "topics.toml:3: \"a-b\" is no code: a-z and _");
        let row = ROW.replace("\"a\"", "\"b\"").replace("in_scope", "invoice");
        assert_eq!(refused_topics(&second(&row)), "topics.toml:3: FEE-4: b is out of scope and cannot count");
        let row = ROW.replace("\"a\"", "\"b\"").replace("\"order\"", "\"weather\"");
        assert_eq!(
            refused_topics(&second(&row)),
            "topics.toml:3: unknown variant `weather`, expected one of `delivery`, `product`, `return`, `refund`, \
             `order`, `other`"
        );
        let row = ROW.replace("\"a\"", "\"b\"").replace("liable", "laible");
        assert!(refused_topics(&second(&row)).starts_with("topics.toml:3: unknown field `laible`"));
    }

    #[test]
    fn req_6_a_question_that_breaks_a_rule_is_refused_with_its_line() {
        let refused = |row: &str| {
            let text = format!("product_fact = [\n{row}\n]");
            Book::read(&[], TOPICS, ("questions.toml", &text)).unwrap_err().to_string()
        };
        let slot = |takes: &str| format!("{{ name = \"a\", label = {{ en = \"A\", zh = \"甲\" }}, takes = {takes} }},");
        let day = slot("\"day\"");
        assert_eq!(refused(&format!("{day}\n{day}")), "questions.toml:3: a is there twice");
        assert_eq!(refused(&slot("{ number = [2, 1] }")), "questions.toml:2: no number fits a");
        let unknown = refused(&slot("\"mood\""));
        assert!(unknown.starts_with("questions.toml:2: unknown variant `mood`"), "{unknown}");
        let unknown = Book::read(&[], TOPICS, ("questions.toml", "weather = []")).unwrap_err().to_string();
        assert!(unknown.starts_with("questions.toml:1: unknown variant `weather`"), "{unknown}");
    }
}
