//! Associates, and which inquiry the next of them gets (INQ-4, RTE-7): each has languages, skills and a capacity, and is
//! handed what waits longest and fits. A requirement is let go when a customer has waited long enough for it.
//!
//! Not here: who may work in a store at all ([`crate::access`]); taking an inquiry, which is a claim like any other.

use crate::{
    at::{At, Instant},
    contact::Channel,
    id::{AssociateId, StoreId},
    inquiry::{Inquiry, InquiryEvent, Status},
    outcome::{Outcome, Refusal},
    store::Store,
    topic::{Family, Topic},
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many inquiries of a channel somebody works on at once.
pub type PerChannel = BTreeMap<Channel, u32>;

/// What an associate can do, as a lead has set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Where.
    pub store: StoreId,
    /// Who.
    pub associate: AssociateId,
    /// Languages, by their primary tags.
    pub languages: BTreeSet<String>,
    /// Families of topics.
    pub skills: BTreeSet<Family>,
    /// How many of each channel at once; none of one that is not named.
    pub capacity: PerChannel,
    /// Which lead has set it.
    pub set_by: AssociateId,
    /// When.
    pub set_at: Instant,
}

/// From when a requirement holds no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandOut {
    /// From when.
    pub effective_from: Instant,
    /// After so long an inquiry goes to whoever has no skill for it.
    pub skill_for: TimeDelta,
    /// After so long it goes to whoever speaks the store's first language, to be translated.
    pub language_for: TimeDelta,
}

/// A language that an inquiry is worked on in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkedIn {
    /// Its primary tag.
    pub language: String,
    /// RTE-7: whether the customer speaks another one, which the store does not support.
    pub translation: bool,
}

/// `de` of `de-AT`.
pub(crate) fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

impl Store {
    /// RTE-7: the language in which a customer of this one is served: its own, or the store's first with a translation.
    #[must_use]
    pub fn worked_in(&self, language: &str) -> WorkedIn {
        let own = primary(language);
        if self.languages.iter().any(|known| primary(known) == own) {
            return WorkedIn { language: own, translation: false };
        }
        WorkedIn { language: self.first_language(), translation: true }
    }

    fn first_language(&self) -> String {
        self.languages.first().map_or_else(String::new, |first| primary(first))
    }
}

impl Profile {
    /// RTE-7: whether an inquiry that nobody holds is one for this associate, who works on so many of each channel.
    #[must_use]
    pub fn fits(&self, inquiry: &Inquiry, topic: &Topic, load: &PerChannel, store: &Store, now: Instant) -> bool {
        let waits = matches!(inquiry.status, Status::Open { .. });
        waits && self.has_room(inquiry.channel, load) && self.can_serve(inquiry, topic, store, now)
    }

    fn has_room(&self, channel: Channel, load: &PerChannel) -> bool {
        let of = |counts: &PerChannel| counts.get(&channel).copied().unwrap_or(0);
        of(load) < of(&self.capacity)
    }

    fn can_serve(&self, inquiry: &Inquiry, topic: &Topic, store: &Store, now: Instant) -> bool {
        let waited = inquiry.waited(store, now);
        let rule = store.hand_out_at(inquiry.opened_at);
        let let_go = |after: fn(&HandOut) -> TimeDelta| rule.is_some_and(|rule| waited >= after(rule));
        let speaks = self.languages.contains(&store.worked_in(&inquiry.language).language)
            || (let_go(|rule| rule.language_for) && self.languages.contains(&store.first_language()));
        speaks && (self.skills.contains(&topic.family) || let_go(|rule| rule.skill_for))
    }
}

impl Inquiry {
    /// INQ-3: how much of the promised time has run, as it stands at this instant.
    #[must_use]
    pub fn waited(&self, store: &Store, now: Instant) -> TimeDelta {
        let promised = store.desk_times_at(self.opened_at).map_or(TimeDelta::zero(), |times| times.resolution);
        let left = self.due_at(now).signed_duration_since(now);
        promised.checked_sub(&left).unwrap_or_default()
    }

    /// INQ-4: the next inquiry is handed to an associate: claimed, if it still waits and fits.
    pub fn hand_to(
        &self,
        profile: &Profile,
        topic: &Topic,
        load: &PerChannel,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<InquiryEvent>, Refusal> {
        if profile.fits(self, topic, load, store, at.now) {
            return self.claim(&profile.associate, at);
        }
        Err(nothing_waits())
    }
}

/// There is nothing to hand out to who asks.
#[must_use]
pub fn nothing_waits() -> Refusal {
    let sentence = "Nothing waits that fits your languages, topics and free places; ask again later.";
    Refusal::state("RTE-7", "nothing_waits", sentence)
}

#[cfg(test)]
mod tests;
