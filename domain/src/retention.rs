//! For how long it is kept what people said: the words of customers and their addresses, answers, notes, comments, and what
//! sellers wrote when they handed a matter over. Each class has its days, which count from the end of the matter; they are
//! data of the store, dated, and so is why. What is never erased is data too ([`Kept`]).
//!
//! **Which date counts:** whether something is due is asked with what is in force when it is looked at, and not with what was
//! in force when the matter ended. So days that are prolonged spare what is not erased yet, and days that are shortened hold
//! for what is over already, from the next look on; there is one after [`Retention::look_again`] at the latest.
//!
//! A matter that is live is never due, and one that was taken up again begins anew with its next end.
//!
//! Not here: what the items look like that are erased (the shell's), and a customer's own wish ([`crate::erasure`]).

use crate::{
    at::{Instant, after},
    clock::Alarm,
    id::{ContactId, SellerId, StoreId},
    inquiry::{Inquiry, Status},
    outcome::FollowUp,
    routing::RoutedContact,
    store::Store,
    survey::About,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A kind of what people said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// What a customer said in a contact, and where it can be mailed.
    Words,
    /// What a seller wrote when it handed the matter over.
    Transfers,
    /// What the service answered, and the mails that took it there.
    Answers,
    /// What associates wrote down for each other.
    Notes,
    /// What a customer said with the answer to a survey.
    Comments,
}

impl Class {
    /// Each of them.
    pub const EACH: [Self; 5] = [Self::Words, Self::Transfers, Self::Answers, Self::Notes, Self::Comments];

    /// Its name in data and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Transfers => "transfers",
            Self::Answers => "answers",
            Self::Notes => "notes",
            Self::Comments => "comments",
        }
    }
}

/// For how long a class is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Of 24 hours each, from the end of the matter.
    pub days: u32,
    /// Why it is kept for so long.
    pub reason: String,
}

/// What holds in a store from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// From when it holds, for whatever is looked at from then on.
    pub effective_from: Instant,
    /// A matter of which something is left is looked at again after so long at the latest.
    pub look_again: TimeDelta,
    /// Every class.
    pub classes: BTreeMap<Class, Term>,
}

/// What is never erased by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// A table, or a part of one.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// A matter that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// An inquiry.
    Inquiry(About),
    /// A contact that was the seller's from the beginning: it ended when it came.
    Contact {
        /// Where.
        store: StoreId,
        /// Whose it is.
        seller: SellerId,
        /// Which.
        contact: ContactId,
    },
}

impl Over {
    /// Of which store.
    #[must_use]
    pub const fn store(&self) -> &StoreId {
        match self {
            Self::Inquiry(about) => &about.store,
            Self::Contact { store, .. } => store,
        }
    }

    /// What tells it from every other.
    #[must_use]
    pub fn name(&self) -> Vec<String> {
        match self {
            Self::Inquiry(about) => vec!["inquiry".into(), about.inquiry.to_string()],
            Self::Contact { store, contact, .. } => vec!["contact".into(), store.to_string(), contact.to_string()],
        }
    }
}

/// What has become of a matter since the end for which its clock was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was taken up again. Its next end has a clock of its own.
    Anew,
    /// It goes on in another one, which is live.
    GoesOn,
    /// It is over since then; where it went on in another one, since the end of that.
    At(Instant),
}

impl End {
    /// Of an inquiry that ended then, given the one in which it goes on: itself, where it was not merged.
    #[must_use]
    pub fn of(own: &Inquiry, last: &Inquiry, ended_at: Instant) -> Self {
        if own.ended_at() != Some(ended_at) {
            return Self::Anew;
        }
        match (&last.status, last.ended_at()) {
            (Status::Merged { .. }, _) | (_, None) => Self::GoesOn,
            (_, Some(at)) => Self::At(at),
        }
    }
}

/// What a look at a matter comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// These are to be erased.
    pub due: BTreeSet<Class>,
    /// When to look again; never, where nothing will be left.
    pub again_at: Option<Instant>,
}

/// The first instant from `from` on at which this class of a matter that ended then is due, as far as today's data says.
fn due_at(store: &Store, class: Class, ended_at: Instant, from: Instant) -> Option<Instant> {
    let nexts = store.retention.iter().skip(1).map(|next| Some(next.effective_from)).chain([None]);
    store.retention.iter().zip(nexts).find_map(|(policy, next)| {
        let days = TimeDelta::days(policy.classes.get(&class)?.days.into());
        let due = after(ended_at, days).max(policy.effective_from).max(from);
        next.is_none_or(|next| due < next).then_some(due)
    })
}

/// What of a matter is due now, and when to look at the rest.
#[must_use]
pub fn look(store: &Store, end: End, now: Instant) -> Look {
    let ended_at = match end {
        End::Anew => return Look::default(),
        // It ends now at the earliest.
        End::GoesOn => now,
        End::At(at) => at.min(now),
    };
    let (mut due, mut later) = (BTreeSet::new(), Vec::new());
    for class in Class::EACH {
        match due_at(store, class, ended_at, now) {
            Some(at) if at <= now && end != End::GoesOn => drop(due.insert(class)),
            at => later.extend(at),
        }
    }
    let bound = store.retention_at(now).map(|policy| after(now, policy.look_again));
    let again_at = later.into_iter().min().map(|at| bound.map_or(at, |bound| at.min(bound)));
    Look { due, again_at }
}

/// What of a matter that is over will have been erased before this instant, where its clock rings then: what a dry run
/// shows. Nothing of one that goes on.
#[must_use]
pub fn due_before(store: &Store, end: End, rings_at: Instant, until: Instant) -> BTreeSet<Class> {
    let End::At(ended_at) = end else { return BTreeSet::new() };
    let gone = |class: &Class| due_at(store, *class, ended_at, rings_at).is_some_and(|at| at < until);
    Class::EACH.into_iter().filter(gone).collect()
}

/// The clock of a matter that ends: what is to be erased is decided when it rings.
#[must_use]
pub fn clock(over: Over, ended_at: Instant, store: &Store) -> Option<FollowUp> {
    let rings_at = look(store, End::At(ended_at), ended_at).again_at?;
    Some(ring(over, ended_at, rings_at, 0))
}

/// The clock with which a matter is looked at for the `step`th time after the first.
#[must_use]
pub const fn ring(over: Over, ended_at: Instant, rings_at: Instant, step: u32) -> FollowUp {
    FollowUp::Alarm { at: rings_at, alarm: Alarm::Retention { over, ended_at, rings_at, step } }
}

impl Inquiry {
    /// The clock that is set where an inquiry was that before and is this now: one for each of its ends.
    #[must_use]
    pub fn kept_until(before: Option<&Self>, now: &Self, store: &Store) -> Option<FollowUp> {
        let ended_at = now.ended_at()?;
        let known = before.filter(|before| before.id == now.id).and_then(Self::ended_at);
        if known == Some(ended_at) { None } else { clock(Over::Inquiry(About::of(now)), ended_at, store) }
    }
}

impl RoutedContact {
    /// The clock of a contact that came then and is the seller's from the beginning. One that is part of an inquiry ends
    /// with that.
    #[must_use]
    pub fn kept_until(&self, received_at: Instant, store: &Store) -> Option<FollowUp> {
        let Self { store: of, seller, contact, .. } = self;
        let over = Over::Contact { store: of.clone(), seller: seller.clone(), contact: contact.clone() };
        if self.inquiry.is_none() { clock(over, received_at, store) } else { None }
    }
}

#[cfg(test)]
mod tests;
