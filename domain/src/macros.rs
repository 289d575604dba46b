//! Canned answers (macros): what associates say to customers again and again, each for some topics, in several languages.
//! A text has slots, written `{order_id}`. Some the service fills in by itself ([`Known`]); the others are declared with
//! the macro, and whoever answers fills them in. Macros are rows of `data/macros.toml`; the code knows none by name.
//!
//! What is said is filled in at once and never again: a value with braces in it stays as it is.
//!
//! Not here: reading and checking the rows ([`crate::book`]), and where the answer is kept (`functions/desk-api`).

use crate::{
    associate::primary,
    at::Instant,
    id::AssociateId,
    inquiry::Inquiry,
    store::Store,
    topic::{Family, Topic},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether this is a code: of a macro or of a slot.
#[must_use]
pub fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A slot that the service fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The order that the inquiry is about.
    OrderId,
    /// Who sold it.
    Seller,
    /// The store, by its name in that language.
    Store,
    /// Who answers.
    Associate,
    /// INQ-3: by when the inquiry is to be resolved, in the store's zone.
    ResolutionDue,
}

impl Known {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::OrderId, Self::Seller, Self::Store, Self::Associate, Self::ResolutionDue];

    /// So many characters are enough for each of them.
    pub const LONGEST: usize = 100;

    /// Its name in a text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderId => "order_id",
            Self::Seller => "seller",
            Self::Store => "store",
            Self::Associate => "associate",
            Self::ResolutionDue => "resolution_due",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// A slot that whoever answers fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Its name in the text.
    pub name: String,
    /// How many characters fit.
    pub longest: usize,
}

impl Slot {
    fn problem(&self, value: &str) -> Option<String> {
        let longest = self.longest;
        let length = value.trim().chars().count();
        let fits = (1..=longest).contains(&length) && !value.trim().chars().any(char::is_control);
        (!fits).then(|| format!("must be 1 to {longest} characters on one line"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(String),
}

/// A text with slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

/// Why a text is none with slots.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotATemplate {
    /// A slot that never ends.
    #[error("a {{ is not closed")]
    Unclosed,
    /// The end of a slot that never began.
    #[error("a }} closes nothing")]
    Unopened,
    /// What stands between the braces.
    #[error("{{{0}}} is no slot: its name is of a-z and _")]
    NoName(String),
}

impl Template {
    /// Reads a text. Braces stand around slots and nowhere else.
    pub fn parse(text: &str) -> Result<Self, NotATemplate> {
        let mut parts = text.split('{');
        let mut pieces = Vec::new();
        let say = |text: &str| {
            if text.contains('}') { Err(NotATemplate::Unopened) } else { Ok(Piece::Text(text.to_owned())) }
        };
        pieces.push(say(parts.next().unwrap_or_default())?);
        for part in parts {
            let (name, text) = part.split_once('}').ok_or(NotATemplate::Unclosed)?;
            if !is_code(name) {
                return Err(NotATemplate::NoName(name.to_owned()));
            }
            pieces.extend([Piece::Slot(name.to_owned()), say(text)?]);
        }
        Ok(Self(pieces))
    }

    /// The names of its slots, in order, as often as they stand there.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| if let Piece::Slot(name) = piece { Some(name.as_str()) } else { None })
    }

    /// How many characters it has at the most, with so many for each slot.
    pub fn longest(&self, slot: impl Fn(&str) -> usize) -> usize {
        let of = |piece: &Piece| match piece {
            Piece::Text(text) => text.chars().count(),
            Piece::Slot(name) => slot(name),
        };
        self.0.iter().map(of).fold(0, usize::saturating_add)
    }

    /// With what is said for each slot; a slot of which nothing is said stays as it is written.
    fn fill(&self, said: impl Fn(&str) -> Option<String>) -> String {
        let of = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(name) => said(name).unwrap_or_else(|| format!("{{{name}}}")),
        };
        self.0.iter().map(of).collect()
    }
}

/// A macro in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What the desk calls it.
    pub title: String,
    /// What the customer reads.
    pub text: Template,
}

/// A macro, as it is from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// Stable, `snake_case`.
    pub code: String,
    /// The first day of this row, in the zone of whichever store.
    pub effective_from: NaiveDate,
    /// Families of topics that it is for.
    pub families: Vec<Family>,
    /// Single topics that it is for.
    pub topics: Vec<String>,
    /// What whoever answers fills in; each stands in the text of each language.
    pub slots: Vec<Slot>,
    /// By language.
    pub texts: BTreeMap<String, Wording>,
}

impl Macro {
    /// Whether it is for anything: a row that is not takes the macro out of use.
    #[must_use]
    pub const fn is_in_use(&self) -> bool {
        !(self.families.is_empty() && self.topics.is_empty())
    }

    fn is_for(&self, topic: &Topic) -> bool {
        self.families.contains(&topic.family) || self.topics.contains(&topic.code)
    }
}

/// Of which macro an answer was made, as it is kept with the answer. It holds no word of what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Which.
    pub code: String,
    /// As it was from this day on.
    pub effective_from: NaiveDate,
    /// In which language.
    pub language: String,
}

/// What an answer is about: from here the service fills in its own slots.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The inquiry.
    pub inquiry: &'a Inquiry,
    /// Its topic.
    pub topic: &'a Topic,
    /// Its store.
    pub store: &'a Store,
    /// Who answers.
    pub associate: &'a AssociateId,
    /// When.
    pub now: Instant,
}

impl About<'_> {
    fn say(&self, known: Known, language: &str) -> String {
        match known {
            Known::OrderId => self.inquiry.order.to_string(),
            Known::Seller => self.inquiry.seller.to_string(),
            Known::Store if language == "zh" => self.store.name_zh.clone(),
            Known::Store => self.store.name.clone(),
            Known::Associate => self.associate.to_string(),
            // The same in every language.
            Known::ResolutionDue => {
                let due = self.inquiry.due_at(self.now).with_timezone(&self.store.zone);
                due.format("%Y-%m-%d %H:%M (UTC%:z)").to_string()
            }
        }
    }
}

/// What is wrong with what is said for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotProblem {
    /// Which slot.
    pub slot: String,
    /// In words.
    pub problem: String,
}

/// A macro that fits an inquiry, in the language in which it is to be said.
#[derive(Debug, Clone, Copy)]
pub struct Canned<'a> {
    row: &'a Macro,
    language: &'a str,
    wording: &'a Wording,
}

impl<'a> Canned<'a> {
    /// Which macro this is.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let Macro { code, effective_from, .. } = self.row;
        Origin { code: code.clone(), effective_from: *effective_from, language: self.language.to_owned() }
    }

    /// What the desk calls it.
    #[must_use]
    pub fn title(&self) -> &'a str {
        &self.wording.title
    }

    /// What is left to fill in.
    #[must_use]
    pub fn slots(&self) -> &'a [Slot] {
        &self.row.slots
    }

    /// The text with what the service knows; what is left to fill in stands there as a slot.
    #[must_use]
    pub fn draft(&self, about: &About<'_>) -> String {
        self.wording.text.fill(|name| Known::named(name).map(|known| about.say(known, self.language)))
    }

    /// The text with what the service knows and what is said for each of its slots; or each slot of which nothing fitting
    /// is said, and each that it does not have.
    pub fn fill(&self, about: &About<'_>, said: &BTreeMap<String, String>) -> Result<String, Vec<SlotProblem>> {
        let own = self.row.slots.iter().filter_map(|slot| {
            let problem =
                said.get(&slot.name).map_or_else(|| Some("is missing".to_owned()), |value| slot.problem(value));
            problem.map(|problem| SlotProblem { slot: slot.name.clone(), problem })
        });
        let foreign = said.keys().filter(|name| !self.row.slots.iter().any(|slot| slot.name == **name)).map(|name| {
            let problem = match Known::named(name) {
                Some(_) => "is filled in by the service".to_owned(),
                None => format!("is no slot of {}", self.row.code),
            };
            SlotProblem { slot: name.clone(), problem }
        });
        let problems: Vec<_> = own.chain(foreign).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(self.wording.text.fill(|name| match Known::named(name) {
            Some(known) => Some(about.say(known, self.language)),
            None => said.get(name).map(|value| value.trim().to_owned()),
        }))
    }
}

/// All macros, by code, each with its rows, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Macros(BTreeMap<String, Vec<Macro>>);

impl FromIterator<Macro> for Macros {
    fn from_iter<I: IntoIterator<Item = Macro>>(rows: I) -> Self {
        let mut all: BTreeMap<String, Vec<Macro>> = BTreeMap::new();
        for row in rows {
            all.entry(row.code.clone()).or_default().push(row);
        }
        Self(all)
    }
}

impl Macros {
    /// Every row, by code and day.
    pub fn rows(&self) -> impl Iterator<Item = &Macro> {
        self.0.values().flatten()
    }

    /// Those that fit an inquiry by its topic and language, as they are on that day: in the customer's own language, or in
    /// the one that the inquiry is worked on in.
    #[must_use]
    pub fn fitting(&self, about: &About<'_>) -> Vec<Canned<'_>> {
        let day = about.store.day_of(about.now);
        let language = &about.inquiry.language;
        let languages = [primary(language), about.store.worked_in(language).language];
        let canned = self.0.values().filter_map(|rows| {
            let row = rows.iter().rfind(|row| row.effective_from <= day).filter(|row| row.is_for(about.topic))?;
            let worded = languages.iter().find_map(|language| row.texts.get_key_value(language));
            worded.map(|(language, wording)| Canned { row, language, wording })
        });
        canned.collect()
    }

    /// The one of this code, if it fits; else the codes of those that do.
    pub fn named(&self, code: &str, about: &About<'_>) -> Result<Canned<'_>, Vec<&str>> {
        let fitting = self.fitting(about);
        let found = fitting.iter().find(|canned| canned.row.code == code).copied();
        found.ok_or_else(|| fitting.iter().map(|canned| canned.row.code.as_str()).collect())
    }
}

#[cfg(test)]
mod tests;
