//! What surrounds every page: its title, its links, and times and amounts as people write them.

use crate::{
    asset, labels,
    told::{basis, told},
    words::{Language, Words},
};
use chrono::{DateTime, Utc};
use domain::{at::Instant, book::Book, money::Money, question::QuestionKind, store::Store};
use shell::failure::{Failure, Problem};
use std::fmt::Display;

/// A link to another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub place: String,
    /// Its words.
    pub text: &'static str,
    /// Whether it leads to the page it is on.
    pub here: bool,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field, as the API calls it.
    pub field: String,
    /// And as the form does.
    pub label: String,
    /// What.
    pub problem: String,
}

/// Why what was sent did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trouble {
    /// For the person who asked.
    pub sentence: String,
    /// The rule that says no.
    pub rule: Option<&'static str>,
    /// What is wrong with which field.
    pub fields: Vec<Wrong>,
    /// What the rule names as not met.
    pub unmet: Vec<&'static str>,
}

impl Trouble {
    /// Of a failure that who asked can do something about; any other is a page of its own.
    pub fn of(failure: Failure) -> Result<Self, Failure> {
        match failure {
            Failure::Refused(refusal) => {
                let (sentence, rule, unmet) = (refusal.sentence, Some(refusal.rule), refusal.unmet);
                Ok(Self { sentence, rule, unmet, ..Self::default() })
            }
            Failure::BadInput { problems, .. } => {
                let wrong = |Problem { field, problem }| Wrong { label: field.clone(), field, problem };
                Ok(Self { fields: problems.into_iter().map(wrong).collect(), ..Self::default() })
            }
            other => Err(other),
        }
    }

    /// The same as a page says it whose form is sent by this route.
    #[must_use]
    pub fn told(self, frame: &Frame<'_>, route: &str, book: &Book) -> Self {
        let of_slot = |field: &str| {
            let name = field.strip_prefix("answers.")?;
            let slot =
                QuestionKind::ALL.iter().flat_map(|kind| book.questions.slots(*kind)).find(|slot| slot.name == name);
            let label = &slot?.label;
            Some(if frame.language == Language::En { label.en.clone() } else { label.zh.clone() })
        };
        let fields = self.fields.into_iter().map(|Wrong { field, problem, .. }| {
            let label = of_slot(&field).unwrap_or_else(|| labels::of(frame.language, route, &field));
            Wrong { label, problem: told(frame, &problem), field }
        });
        Self { sentence: told(frame, &self.sentence), fields: fields.collect(), ..self }
    }
}

/// What the layout of a page asks for.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// Its language.
    pub language: Language,
    /// The words of the layout.
    pub words: &'static Words,
    /// What the page is.
    pub title: String,
    /// Whose clock and currency it shows.
    pub store: Option<&'a Store>,
    /// Where else there is to go.
    pub links: Vec<Link>,
    /// Who visits; nobody where it is empty.
    pub who: String,
    /// What each form carries: that it is ours.
    pub token: String,
    /// And the key under which it is done once.
    pub key: String,
    /// The path of the page and its query, for the switch of languages.
    pub here: String,
    /// What was sent and did not happen.
    pub trouble: Option<Trouble>,
    /// What was sent and did.
    pub done: bool,
}

impl<'a> Frame<'a> {
    /// Of a page that nobody has signed in for.
    #[must_use]
    pub fn bare(language: Language, title: &str, store: Option<&'a Store>) -> Self {
        Self {
            language,
            words: Words::of(language),
            title: title.to_owned(),
            store,
            links: Vec::new(),
            who: String::new(),
            token: String::new(),
            key: String::new(),
            here: String::new(),
            trouble: None,
            done: false,
        }
    }

    /// Where the style is.
    #[must_use]
    pub fn style(&self) -> String {
        asset::style()
    }

    /// Where the script is.
    #[must_use]
    pub fn script(&self) -> String {
        asset::script()
    }

    /// Where the icon is.
    #[must_use]
    pub fn icon(&self) -> String {
        asset::icon()
    }

    /// The store's name in the language of the page.
    #[must_use]
    pub fn store_name(&self) -> &str {
        match (self.store, self.language) {
            (None, _) => "",
            (Some(store), Language::En) => &store.name,
            (Some(store), Language::Zh) => &store.name_zh,
        }
    }

    /// A time on the store's clock.
    #[must_use]
    pub fn time(&self, at: &DateTime<Utc>) -> String {
        self.local(at, "%b %-d, %Y, %H:%M %Z", "%Y年%-m月%-d日 %H:%M %Z")
    }

    /// The same to the second.
    #[must_use]
    pub fn second(&self, at: &DateTime<Utc>) -> String {
        self.local(at, "%b %-d, %Y, %H:%M:%S %Z", "%Y年%-m月%-d日 %H:%M:%S %Z")
    }

    /// A day on the store's calendar.
    #[must_use]
    pub fn day(&self, at: &DateTime<Utc>) -> String {
        self.local(at, "%b %-d, %Y", "%Y年%-m月%-d日")
    }

    fn local(&self, at: &Instant, english: &str, chinese: &str) -> String {
        let format = if self.language == Language::En { english } else { chinese };
        match self.store {
            Some(store) => {
                let local = at.with_timezone(&store.zone);
                // A zone without letters calls itself by bare digits, which say nothing beside a time.
                let has_letters = local.format("%Z").to_string().starts_with(|c: char| c.is_ascii_alphabetic());
                let format = if has_letters { format.to_owned() } else { format.replace("%Z", "UTC%:z") };
                local.format(&format).to_string()
            }
            None => at.format(format).to_string(),
        }
    }

    /// A quarter, `2026Q4`, as people call it.
    #[must_use]
    pub fn quarter(&self, quarter: &impl Display) -> String {
        self.words.of_quarter(quarter)
    }

    /// The store's clock by its city; by its letters and how far it is from UTC where the city has no Chinese name here.
    #[must_use]
    pub fn zone(&self, now: &DateTime<Utc>) -> String {
        let zone = self.store.map_or("UTC", |store| store.zone.name());
        let city = zone.rsplit('/').next().unwrap_or_default();
        match (self.words.named(&format!("zone_{}", city.to_lowercase())), self.language) {
            (Some(name), _) => name.to_owned(),
            (None, Language::En) => fill(self.words.zone_of, &[&city.replace('_', " ")]),
            (None, Language::Zh) => fill(self.words.zone_of, &[&self.local(now, "", "%Z（UTC%:z）")]),
        }
    }

    /// An amount that stands on a statement, in words that say who owes it to whom.
    #[must_use]
    pub fn owed(&self, minor: &i64) -> String {
        let amount = self.amount(&i64::try_from(minor.unsigned_abs()).unwrap_or(i64::MAX));
        match minor.signum() {
            1 => fill(self.words.you_owe, &[&amount]),
            0 => self.words.nothing_is_owed.to_owned(),
            _ => fill(self.words.you_are_credited, &[&amount]),
        }
    }

    /// What the API says, in the language and on the clock of the page.
    #[must_use]
    pub fn told(&self, said: &str) -> String {
        told(self, said)
    }

    /// On what a decision rests, in the language of the page.
    #[must_use]
    pub fn basis(&self, said: &str) -> String {
        basis(self, said)
    }

    /// As machines read it.
    #[must_use]
    pub fn stamp(&self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// An amount of the store's currency, with the sign that is a minus.
    #[must_use]
    pub fn amount(&self, minor: &i64) -> String {
        let said = self.store.map_or_else(|| minor.to_string(), |store| Money::new(*minor, store.currency).to_string());
        said.replace('-', "\u{2212}")
    }

    /// Whether the rule that says no names this.
    #[must_use]
    pub fn is_unmet(&self, name: &str) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| trouble.unmet.contains(&name))
    }

    /// What is wrong with a field, or with one of the things that it lists: `tracking` or `tracking[2]`.
    #[must_use]
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let fields = self.trouble.as_ref().map_or(&[][..], |trouble| trouble.fields.as_slice());
        let is_of = |name: &str| name.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
        fields.iter().find(|wrong| is_of(&wrong.field)).map(|wrong| wrong.problem.as_str())
    }

    /// Whether a text of a Chinese page is English, which whoever reads it aloud has to know: the functions behind the
    /// API say in English what is wrong and why something is refused.
    #[must_use]
    pub fn is_english(&self, text: &str) -> bool {
        self.language == Language::Zh && !text.is_empty() && !text.chars().any(is_chinese)
    }

    /// Where the page is in another language.
    #[must_use]
    pub fn in_language(&self, code: &str) -> String {
        let and = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{and}language={code}", self.here)
    }
}

/// A sign of Chinese writing, or of its punctuation.
const fn is_chinese(sign: char) -> bool {
    matches!(sign, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// `{0}` and what follows replaced by these, in order. A space sets other writing off from Chinese; between two signs of
/// Chinese there is none.
#[must_use]
pub fn fill(sentence: &str, with: &[&str]) -> String {
    let parts = sentence.split('{').flat_map(|part| match part.split_once('}') {
        Some((n, rest)) if n.parse::<usize>().is_ok() => {
            let value = n.parse().ok().and_then(|n: usize| with.get(n)).copied().unwrap_or_default();
            [value, rest]
        }
        _ => [part, ""],
    });
    let closes = |before: &str, after: &str| before.ends_with(is_chinese) && after.starts_with(is_chinese);
    parts.fold(String::new(), |mut text, part| {
        let part = part.strip_prefix(' ').filter(|rest| closes(&text, rest)).unwrap_or(part);
        if text.strip_suffix(' ').is_some_and(|before| closes(before, part)) {
            text.pop();
        }
        text.push_str(part);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_is_filled_with_is_set_off_from_chinese_only_where_it_is_other_writing() {
        assert_eq!(fill("{0} 的天数", &["母婴"]), "母婴的天数");
        assert_eq!(fill("在商城 {0} 操作", &["美国"]), "在商城美国操作");
        assert_eq!(fill("订单 {0} 的问题", &["o1"]), "订单 o1 的问题");
        assert_eq!(fill("{1} of {0}", &["two", "one"]), "one of two");
    }

    #[test]
    fn a_clock_without_letters_says_how_far_it_is_from_utc() {
        let book = domain::book::Book::shipped().unwrap();
        let at = "2026-08-03T15:00:00Z".parse().unwrap();
        for (store, time) in [("BR", "Aug 3, 2026, 12:00 UTC-03:00"), ("US", "Aug 3, 2026, 08:00 PDT")] {
            let store = book.store(&store.parse().unwrap()).unwrap();
            assert_eq!(Frame::bare(Language::En, "", Some(store)).time(&at), time);
        }
    }

    #[test]
    fn a_quarter_a_clock_and_who_owes_what_are_said_in_words() {
        let book = domain::book::Book::shipped().unwrap();
        let store = book.store(&"US".parse().unwrap());
        let now = "2026-08-03T15:00:00Z".parse().unwrap();
        let said = |language, store| {
            let frame = Frame::bare(language, "", store);
            let owed = [1999, 0, -1999].map(|minor| frame.owed(&minor));
            [&[frame.quarter(&"2026Q4"), frame.zone(&now)], &owed[..]].concat().join("; ")
        };
        assert_eq!(Frame::bare(Language::En, "", store).amount(&-1999), "\u{2212}19.99 USD");
        let english = "Q4 2026; Los Angeles time; You owe 19.99 USD; Nothing is owed; 19.99 USD is credited to you";
        assert_eq!(said(Language::En, store), english);
        let chinese = "2026年第4季度; 洛杉矶时间; 您应付 19.99 USD; 无需付款; 应退还给您 19.99 USD";
        assert_eq!(said(Language::Zh, store), chinese);
        let mut other = store.unwrap().clone();
        other.zone = "Asia/Tokyo".parse().unwrap();
        assert!(said(Language::En, Some(&other)).contains("; Tokyo time;"));
        assert!(said(Language::Zh, Some(&other)).contains("; JST（UTC+09:00）时间;"));
    }

    #[test]
    fn what_is_wrong_with_one_of_several_is_wrong_with_their_field() {
        let fields = [("tracking[1]", "is none"), ("text", "is missing")];
        let wrong = |(field, problem): (&str, &str)| Wrong {
            field: field.to_owned(),
            label: field.to_owned(),
            problem: problem.to_owned(),
        };
        let fields = fields.map(wrong).to_vec();
        let trouble = Some(Trouble { fields, ..Trouble::default() });
        let frame = Frame { trouble, here: "/x?a=b".to_owned(), ..Frame::bare(Language::Zh, "", None) };
        let wrong = ["tracking", "text", "track", "tex"].map(|field| frame.wrong(field));
        assert_eq!(wrong, [Some("is none"), Some("is missing"), None, None]);
        assert_eq!(frame.in_language("en"), "/x?a=b&language=en");
        assert_eq!(["is none", "须为类似 12.30 的金额", ""].map(|text| frame.is_english(text)), [true, false, false]);
    }

    #[test]
    fn a_sentence_is_filled_in_order_and_what_is_filled_in_is_not_read_again() {
        assert_eq!(fill("{1} of {0}", &["10", "{0}"]), "{0} of 10");
        assert_eq!(fill("nothing", &["x"]), "nothing");
    }
}
