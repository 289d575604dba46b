//! The book: all that is data and not code, read from texts that are compiled in and checked before anything rests
//! on it. A text that breaks a rule is refused with its file, its line and what is wrong; the tests read all that is
//! compiled in.
//!
//! What has a date begins at 00:00 of that day in the store's zone.
//!
//! Not here: what the data means ([`crate::store`], [`crate::fee`], [`crate::topic`]).

use crate::{
    at::Instant,
    fee::BasisPoints,
    id::StoreId,
    insight::Metrics,
    macros::Macros,
    money::Money,
    quarter::day_start,
    question::{QuestionKind, Questions, Slot, Takes},
    reason::Reasons,
    retention::Kept,
    store::{Store, Terms, Window},
    survey::Asking,
    topic::{Scope, Topic, Topics},
};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use iso_currency::Currency;
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::BTreeMap, sync::OnceLock};
use toml::{Spanned, value::Datetime};

mod attachments;
mod cards;
mod claims;
mod decisions;
mod desk;
mod hooks;
mod macros;
mod mail;
mod metrics;
mod pace;
mod retention;
mod returns;

const STORES: [(&str, &str); 3] = [
    ("stores/br.toml", include_str!("../data/stores/br.toml")),
    ("stores/de.toml", include_str!("../data/stores/de.toml")),
    ("stores/us.toml", include_str!("../data/stores/us.toml")),
];
const TOPICS: (&str, &str) = ("topics.toml", include_str!("../data/topics.toml"));
const REASONS: (&str, &str) = ("reasons.toml", include_str!("../data/reasons.toml"));
const QUESTIONS: (&str, &str) = ("questions.toml", include_str!("../data/questions.toml"));
const MACROS: (&str, &str) = ("macros.toml", include_str!("../data/macros.toml"));
const METRICS: (&str, &str) = ("metrics.toml", include_str!("../data/metrics.toml"));
const KEPT: (&str, &str) = ("kept.toml", include_str!("../data/kept.toml"));

/// RTE-12: nobody is sent away by a guess that is less sure, in percent.
const SURE_ENOUGH_TO_SEND_AWAY: u8 = 98;
/// ENR-3: service starts within one hour.
const LONGEST_DELAY_MINUTES: i64 = 60;

/// INS-3: a contact reopens an inquiry for so long.
const LONGEST_SURVEY_DELAY_HOURS: u32 = 14 * 24;
const LONGEST_SURVEY_DAYS: u32 = 90;

/// Everything that is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The stores, by id.
    pub stores: BTreeMap<StoreId, Store>,
    /// The topics of all stores.
    pub topics: Topics,
    /// What questions to sellers ask for.
    pub questions: Questions,
    /// On what decisions may rest.
    pub reasons: Reasons,
    macros: OnceLock<Macros>,
    metrics: OnceLock<Metrics>,
    kept: OnceLock<Vec<Kept>>,
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
    /// The book that is compiled in. What few functions ask for is read when it is asked for: reading is most of what a cold
    /// start does by itself.
    pub fn shipped() -> Result<Self, DataError> {
        Self::begun(&STORES, TOPICS, QUESTIONS, REASONS)
    }

    /// A book of these files, each a name and a text; all of it is read.
    pub fn read(
        stores: &[(&str, &str)],
        topics: (&str, &str),
        questions: (&str, &str),
        reasons: (&str, &str),
        macros: (&str, &str),
    ) -> Result<Self, DataError> {
        let book = Self::begun(stores, topics, questions, reasons)?;
        once(&book.macros, || macros::macros(&file(macros), &book.topics))?;
        book.metrics()?;
        book.kept()?;
        Ok(book)
    }

    fn begun(
        stores: &[(&str, &str)],
        topics: (&str, &str),
        questions: (&str, &str),
        reasons: (&str, &str),
    ) -> Result<Self, DataError> {
        let mut read = BTreeMap::new();
        for text in stores {
            let file = file(*text);
            let raw: RawStore = file.parse()?;
            let (id, span) = (file.value::<StoreId>(&raw.id, "a store id")?, raw.id.span());
            let store = store(&file, raw)?;
            let known = || read.values().flat_map(|other: &Store| &other.mailboxes);
            if store.mailboxes.iter().any(|own| known().any(|other| other.name == own.name)) {
                return Err(
                    file.error(span.start, "RTE-8: a mail finds its store by its mailbox, and another has this one")
                );
            }
            if read.insert(id, store).is_some() {
                return Err(file.error(span.start, "another file is about this store"));
            }
        }
        Ok(Self {
            stores: read,
            topics: read_topics(&file(topics))?,
            questions: read_questions(&file(questions))?,
            reasons: decisions::reasons(&file(reasons))?,
            macros: OnceLock::new(),
            metrics: OnceLock::new(),
            kept: OnceLock::new(),
        })
    }

    /// INQ-2: what associates say again and again.
    pub fn macros(&self) -> Result<&Macros, DataError> {
        once(&self.macros, || macros::macros(&file(MACROS), &self.topics))
    }

    /// What each figure is (INS).
    pub fn metrics(&self) -> Result<&Metrics, DataError> {
        once(&self.metrics, || metrics::metrics(&file(METRICS)))
    }

    /// What is never erased by itself.
    pub fn kept(&self) -> Result<&[Kept], DataError> {
        once(&self.kept, || retention::kept(&file(KEPT))).map(Vec::as_slice)
    }

    /// The store of this id.
    #[must_use]
    pub fn store(&self, id: &StoreId) -> Option<&Store> {
        self.stores.get(id)
    }

    /// What to say of an id that is none of a store.
    #[must_use]
    pub fn no_store(&self, id: &StoreId) -> String {
        let known: Vec<_> = self.stores.keys().map(StoreId::as_str).collect();
        format!("{id} is no store: the stores are {}", known.join(", "))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStore {
    id: Spanned<String>,
    name: String,
    name_zh: String,
    clock_zh: Option<String>,
    currency: Spanned<String>,
    country: Spanned<String>,
    zone: Spanned<String>,
    languages: Spanned<Vec<String>>,
    address_countries: Spanned<Vec<String>>,
    default_enrollment: bool,
    activation_delay_minutes: Spanned<i64>,
    judgement_limit: Spanned<String>,
    invitation_days: u64,
    unsubscribe_days: u64,
    export_hours: i64,
    erasure_looks_again_hours: i64,
    terms: Vec<RawTerms>,
    returnless_grounds: Vec<decisions::RawGrounds>,
    #[serde(default)]
    international_returns: Vec<decisions::RawInternational>,
    refund_times: Vec<decisions::RawRefundTime>,
    claim_windows: Vec<claims::RawWindow>,
    claim_terms: Vec<claims::RawTerms>,
    paid_back: Vec<claims::RawPaidBack>,
    dispute_windows: Vec<RawWindow>,
    categories: Spanned<Vec<String>>,
    return_policies: Vec<returns::RawPolicy>,
    attachments: Spanned<attachments::RawAttachments>,
    survey: Spanned<RawSurvey>,
    mailboxes: Vec<mail::RawMailbox>,
    mail_allowances: Vec<mail::RawAllowance>,
    write_paces: Vec<pace::RawPace>,
    hook_schedules: Vec<hooks::RawSchedule>,
    desk_times: Vec<desk::RawTimes>,
    hand_outs: Vec<desk::RawHandOut>,
    retention: Vec<retention::RawRetention>,
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
struct RawSurvey {
    delay_hours: u32,
    valid_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopics {
    unclear: Spanned<String>,
    topics: Vec<Spanned<Topic>>,
}

/// One more file, a name and a text, that is read for itself and not with the book.
pub(crate) fn parse<T: DeserializeOwned>((name, text): (&str, &str)) -> Result<T, DataError> {
    File { name, text }.parse()
}

/// What is known by now, or else what is read; nothing is kept of what cannot be read.
fn once<T>(known: &OnceLock<T>, read: impl FnOnce() -> Result<T, DataError>) -> Result<&T, DataError> {
    if let Some(known) = known.get() {
        return Ok(known);
    }
    let read = read()?;
    Ok(known.get_or_init(|| read))
}

const fn file<'a>((name, text): (&'a str, &'a str)) -> File<'a> {
    File { name, text }
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
        Ok(day_start(zone, self.date(date)?))
    }

    fn date(&self, date: &Spanned<Datetime>) -> Result<NaiveDate, DataError> {
        let read = match *date.get_ref() {
            Datetime { date: Some(date), time: None, offset: None } => {
                NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }
            _ => None,
        };
        read.ok_or_else(|| self.error(date.span().start, "a day is needed here, like 2026-05-22"))
    }
}

fn store(file: &File<'_>, raw: RawStore) -> Result<Store, DataError> {
    let at = |span: std::ops::Range<usize>, problem: &str| Err(file.error(span.start, problem));
    let id = file.value(&raw.id, "a store id")?;
    let Some(currency) = Currency::from_code(raw.currency.get_ref()) else {
        return at(raw.currency.span(), &format!("{:?} is no currency of ISO 4217", raw.currency.get_ref()));
    };
    let zone = file.value(&raw.zone, "a time zone of those that .cargo/config.toml compiles in")?;
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
    if !two_letters(raw.country.get_ref()) {
        return at(raw.country.span(), "a store is in a country, named by two capital letters");
    }
    if raw.terms.is_empty() || raw.rate_cards.is_empty() {
        return at(raw.id.span(), "a store has terms and a rate card");
    }
    if raw.retention.is_empty() {
        return at(raw.id.span(), "a store says for how long it keeps what people said");
    }
    let countries = raw.address_countries.into_inner();
    let categories = returns::categories(file, &raw.categories)?;
    Ok(Store {
        id,
        name: raw.name,
        name_zh: raw.name_zh,
        clock_zh: raw.clock_zh,
        currency,
        zone,
        languages: raw.languages.into_inner(),
        default_enrollment: raw.default_enrollment,
        activation_delay: TimeDelta::try_minutes(delay).unwrap_or(TimeDelta::zero()),
        terms: terms(file, &raw.terms, zone)?,
        judgement_limit: file.money(&raw.judgement_limit, currency)?,
        invitation_days: raw.invitation_days,
        unsubscribe_days: raw.unsubscribe_days,
        export_hours: raw.export_hours,
        erasure_looks_again_hours: raw.erasure_looks_again_hours,
        returnless_grounds: decisions::grounds(file, &raw.returnless_grounds, zone)?,
        country: raw.country.into_inner(),
        international_returns: decisions::international(file, &raw.international_returns, zone, currency)?,
        refund_times: decisions::refund_times(file, &raw.refund_times, zone)?,
        claim_windows: claims::windows(file, &raw.claim_windows, zone)?,
        claim_terms: claims::terms(file, &raw.claim_terms, zone, currency)?,
        paid_back: claims::paid_back(file, &raw.paid_back, zone)?,
        dispute_windows: windows(file, "dispute windows", &raw.dispute_windows, zone)?,
        return_policies: returns::policies(file, &raw.return_policies, zone, &categories)?,
        categories,
        attachments: attachments::attachments(file, raw.attachments)?,
        survey: survey(file, &raw.survey)?,
        mailboxes: mail::mailboxes(file, raw.mailboxes, &countries)?,
        address_countries: countries,
        mail_allowances: mail::allowances(file, &raw.mail_allowances, zone)?,
        write_paces: pace::paces(file, &raw.write_paces, zone)?,
        hook_schedules: hooks::schedules(file, &raw.hook_schedules, zone)?,
        desk_times: desk::times(file, &raw.desk_times, zone)?,
        hand_outs: desk::hand_outs(file, &raw.hand_outs, zone)?,
        retention: retention::retention(file, &raw.retention, zone)?,
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

fn survey(file: &File<'_>, raw: &Spanned<RawSurvey>) -> Result<Asking, DataError> {
    let RawSurvey { delay_hours, valid_days } = *raw.get_ref();
    if delay_hours > LONGEST_SURVEY_DELAY_HOURS || !(1..=LONGEST_SURVEY_DAYS).contains(&valid_days) {
        return Err(file.error(raw.span().start, "INS-3: a survey is sent within 14 days, and valid for 1 to 90"));
    }
    Ok(Asking { delay: TimeDelta::hours(delay_hours.into()), valid: TimeDelta::days(valid_days.into()) })
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
        let least = if topic.scope == Scope::InScope { 1 } else { SURE_ENOUGH_TO_SEND_AWAY };
        if !(least..=100).contains(&topic.sure_from) {
            let problem = format!("RTE-12: a guess at {} is sure from {least} to 100 percent", topic.code);
            return Err(file.error(start, problem));
        }
        if let Some(twice) = seen.insert(topic.code.clone(), topic) {
            return Err(file.error(start, format!("{} is there twice", twice.code)));
        }
    }
    let unclear = raw.unclear.get_ref();
    let ours = seen.get(unclear).is_some_and(|topic| topic.scope == Scope::InScope);
    Topics::of(seen.into_values(), unclear).filter(|_| ours).ok_or_else(|| {
        file.error(raw.unclear.span().start, format!("RTE-12: {unclear:?} must be a topic that the service answers"))
    })
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
mod tests;
