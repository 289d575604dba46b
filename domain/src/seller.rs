//! A seller in one store: what the marketplace says of it, the terms it accepted, and its enrollment periods (ENR).
//!
//! Periods are half-open `[starts_at, ended_at)`, kept for ever and never overlapping. Whether the service is on is
//! read off them and the time; no job flips a status. New terms that nobody accepts end a period by themselves after
//! 30 days: that end is derived too, and written down at the next change.

use crate::{
    at::{At, Instant, after},
    clock::Alarm,
    id::{SellerId, StoreId},
    notice::{Notice, NoticeKind},
    outcome::{FollowUp, Outcome, Refusal},
    quarter::{days_before, days_later},
    store::Store,
    users::{Users, UsersEvent},
};
use serde::{Deserialize, Serialize};

/// ENR-6: calendar days of the free trial.
pub const TRIAL_DAYS: u64 = 90;
/// NTF-1: the trial's end is announced so many days before.
pub const TRIAL_WARNINGS: [u64; 2] = [14, 3];
/// ENR-7: days in which new terms must be accepted.
const TERMS_GRACE_DAYS: u64 = 30;

/// The selling plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Required for the service.
    Professional,
    /// Not enough.
    Individual,
}

/// The state of the seller's account with the marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Required for the service.
    Good,
    /// Under review.
    AtRisk,
    /// Closed by the marketplace.
    Suspended,
}

/// The language the seller reads: all that is sent to it is in one of these (REQ-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellerLanguage {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

/// What the marketplace says of a seller; the newest saying counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerFacts {
    /// The selling plan.
    pub plan: Plan,
    /// The account's standing.
    pub standing: Standing,
    /// Country of the registered business address, ISO 3166 alpha-2.
    pub address_country: String,
    /// The default address for mail.
    pub email: String,
    /// The language of mail and Case Log.
    pub language: SellerLanguage,
    /// ACC-2: the subject of the primary user's token, where the marketplace names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_user: Option<String>,
}

/// Terms that the seller accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Which version.
    pub version: String,
    /// When.
    pub at: Instant,
}

/// One stretch of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first instant of service.
    pub starts_at: Instant,
    /// How it came about.
    pub opened_by: Enrolling,
    /// The end, once there is one.
    pub ended: Option<End>,
}

/// How a period came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolling {
    /// ENR-2: a newly registered seller.
    ByDefault,
    /// The seller opted in.
    OptIn,
}

/// Where a period ends, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The first instant without service.
    pub at: Instant,
    /// Why.
    pub reason: EndReason,
}

/// Why a period ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// ENR-4: the seller left.
    OptedOut,
    /// ENR-7: plan, standing or address no longer meet ENR-1.
    Suspended,
    /// ENR-7: new terms were not accepted in 30 days.
    TermsLapsed,
}

/// A seller of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// The store.
    pub store: StoreId,
    /// The seller.
    pub id: SellerId,
    /// What the marketplace last said.
    pub facts: SellerFacts,
    /// When that became true.
    pub facts_at: Instant,
    /// Terms accepted, oldest first.
    pub accepted: Vec<Acceptance>,
    /// Enrollment periods, oldest first.
    pub periods: Vec<Period>,
    /// Who may act for it.
    #[serde(default, skip_serializing_if = "Users::is_empty")]
    pub users: Users,
}

/// What happened to a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SellerEvent {
    /// The marketplace registered it.
    Registered {
        /// Where.
        store: StoreId,
        /// Who.
        seller: SellerId,
        /// What is known.
        facts: SellerFacts,
        /// Since when.
        occurred_at: Instant,
    },
    /// The marketplace says something newer.
    FactsChanged {
        /// What is known.
        facts: SellerFacts,
        /// Since when.
        occurred_at: Instant,
    },
    /// Terms were accepted.
    TermsAccepted(Acceptance),
    /// A period was opened.
    Enrolled {
        /// From when service is given.
        starts_at: Instant,
        /// How.
        by: Enrolling,
        /// Under which terms.
        terms: String,
    },
    /// The open period was closed.
    Left(End),
    /// Its users changed.
    Users(UsersEvent),
}

/// Where a seller stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// No service, none coming.
    NotEnrolled,
    /// Service starts soon.
    Starting {
        /// When.
        starts_at: Instant,
    },
    /// Service is given.
    Active {
        /// Since when.
        since: Instant,
    },
}

/// The free trial (ENR-6): once per seller and store, never paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// The first start of service.
    pub starts_at: Instant,
    /// The same local time 90 calendar days later; no longer in the trial.
    pub ends_at: Instant,
}

impl Seller {
    /// The marketplace registers a seller: enrolled by default where the store does so and ENR-1 holds (ENR-2).
    #[must_use]
    pub fn register(
        known: Option<&Self>,
        store: &Store,
        seller: &SellerId,
        facts: SellerFacts,
        accepted_terms: Option<String>,
        occurred_at: Instant,
    ) -> Outcome<SellerEvent> {
        if known.is_some() {
            return Outcome::unchanged();
        }
        let registered =
            SellerEvent::Registered { store: store.id.clone(), seller: seller.clone(), facts, occurred_at };
        let Some(mut new) = Self::apply(None, &registered) else { return Outcome::unchanged() };
        let mut outcome = Outcome::of(vec![registered]);
        if let Some(named) = new.primary_named_since(None) {
            new.push(&mut outcome, named);
        }
        if let Some(version) = accepted_terms {
            new.push(&mut outcome, SellerEvent::TermsAccepted(Acceptance { version, at: occurred_at }));
        }
        if store.default_enrollment && new.unmet(store, occurred_at).is_empty() {
            new.enroll(&mut outcome, store, Enrolling::ByDefault, occurred_at);
        }
        outcome
    }

    /// The marketplace says something newer; a lost requirement closes the open period (ENR-7).
    #[must_use]
    pub fn change_facts(
        &self,
        store: &Store,
        facts: SellerFacts,
        occurred_at: Instant,
        at: &At,
    ) -> Outcome<SellerEvent> {
        if occurred_at <= self.facts_at {
            return Outcome::unchanged();
        }
        let (mut next, mut outcome) = self.settled(store, at.now);
        let before = next.facts.primary_user.clone();
        let facts = SellerFacts { primary_user: facts.primary_user.or_else(|| before.clone()), ..facts };
        next.push(&mut outcome, SellerEvent::FactsChanged { facts, occurred_at });
        if let Some(named) = next.primary_named_since(before.as_deref()) {
            next.push(&mut outcome, named);
        }
        if next.lacking(store).iter().any(|lost| *lost != unmet::TERMS) {
            next.leave(&mut outcome, EndReason::Suspended, at.now);
        }
        outcome
    }

    /// ENR-3, ENR-5: opt in, accepting these terms on the way where they are named.
    pub fn opt_in(&self, store: &Store, terms: Option<&str>, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        let (mut next, mut outcome) = self.settled(store, at.now);
        if let Some(version) = terms {
            let accepted = next.accept(&mut outcome, store, version, at);
            accepted.map_err(|refusal| Refusal { unmet: next.unmet(store, at.now), ..refusal })?;
        }
        if next.open_period().is_some() {
            return Ok(outcome);
        }
        let unmet = next.unmet(store, at.now);
        if !unmet.is_empty() {
            let sentence = format!("To opt in, these must be met first: {}.", unmet::each(&unmet, store));
            return Err(Refusal { unmet, ..Refusal::state("ENR-1", "requirements_unmet", sentence) });
        }
        next.enroll(&mut outcome, store, Enrolling::OptIn, at.now);
        Ok(outcome)
    }

    /// ENR-4: opt out, at once for orders placed from then on.
    #[must_use]
    pub fn opt_out(&self, store: &Store, at: &At) -> Outcome<SellerEvent> {
        let (mut next, mut outcome) = self.settled(store, at.now);
        next.leave(&mut outcome, EndReason::OptedOut, at.now);
        outcome
    }

    /// ENR-7: accept the current terms.
    pub fn accept_terms(&self, store: &Store, version: &str, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        let (mut next, mut outcome) = self.settled(store, at.now);
        next.accept(&mut outcome, store, version, at)?;
        Ok(outcome)
    }

    /// NTF-1: the trial's end comes near, if it still does and service is still given.
    #[must_use]
    pub fn trial_ending(&self, store: &Store, days_left: u64, at: &At) -> Option<Notice> {
        let trial = self.trial(store)?;
        let reached = |left: u64| at.now >= days_before(store.zone, trial.ends_at, left);
        let soon = reached(days_left) && at.now < trial.ends_at;
        let superseded = TRIAL_WARNINGS.iter().any(|fewer| *fewer < days_left && reached(*fewer));
        let given = self.status(store, at.now) != Status::NotEnrolled;
        (soon && given && !superseded).then(|| {
            let kind = NoticeKind::TrialEnding { ends_at: trial.ends_at, days_left };
            Notice::to_seller(&self.store, &self.id, kind, &[&days_left.to_string()])
        })
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &SellerEvent) -> Option<Self> {
        if let SellerEvent::Registered { store, seller, facts, occurred_at } = event {
            return Some(Self {
                store: store.clone(),
                id: seller.clone(),
                facts: facts.clone(),
                facts_at: *occurred_at,
                accepted: Vec::new(),
                periods: Vec::new(),
                users: Users::default(),
            });
        }
        let mut next = state?;
        match event {
            SellerEvent::Registered { .. } => {}
            SellerEvent::FactsChanged { facts, occurred_at } => {
                next.facts = facts.clone();
                next.facts_at = *occurred_at;
            }
            SellerEvent::TermsAccepted(acceptance) => next.accepted.push(acceptance.clone()),
            SellerEvent::Enrolled { starts_at, by, .. } => {
                next.periods.push(Period { starts_at: *starts_at, opened_by: *by, ended: None });
            }
            SellerEvent::Users(event) => next.users = next.users.apply(event),
            SellerEvent::Left(end) => {
                if let Some(open) = next.periods.last_mut() {
                    open.ended = Some(end.clone());
                }
            }
        }
        Some(next)
    }

    /// Where the seller stands.
    #[must_use]
    pub fn status(&self, store: &Store, now: Instant) -> Status {
        match self.periods.last() {
            Some(last) if self.end_of(last, store).is_none_or(|end| now < end && last.starts_at < end) => {
                if now < last.starts_at {
                    Status::Starting { starts_at: last.starts_at }
                } else {
                    Status::Active { since: last.starts_at }
                }
            }
            _ => Status::NotEnrolled,
        }
    }

    /// The free trial, from the first period in which service was given at all.
    #[must_use]
    pub fn trial(&self, store: &Store) -> Option<Trial> {
        let first = self.periods.iter().find(|p| self.end_of(p, store).is_none_or(|end| p.starts_at < end))?;
        Some(Trial { starts_at: first.starts_at, ends_at: days_later(store.zone, first.starts_at, TRIAL_DAYS) })
    }

    /// The first instant without service of a period, also where nobody has written it down yet.
    #[must_use]
    pub fn end_of(&self, period: &Period, store: &Store) -> Option<Instant> {
        match &period.ended {
            Some(end) => Some(end.at),
            None => self.lapse(store).map(|at| at.max(period.starts_at)),
        }
    }

    /// Every requirement of ENR-1 that is not met at this instant.
    #[must_use]
    pub fn unmet(&self, store: &Store, now: Instant) -> Vec<&'static str> {
        let current = store.terms_at(now).map(|terms| &terms.version);
        let accepted = current.is_some_and(|version| self.accepted.iter().any(|a| a.version == *version));
        let terms = if accepted { Vec::new() } else { vec![unmet::TERMS] };
        terms.into_iter().chain(self.lacking(store)).collect()
    }

    fn lacking(&self, store: &Store) -> Vec<&'static str> {
        let lacks = |missing: bool, name| missing.then_some(name);
        [
            lacks(self.facts.plan != Plan::Professional, unmet::PLAN),
            lacks(self.facts.standing != Standing::Good, unmet::STANDING),
            lacks(!store.address_countries.contains(&self.facts.address_country), unmet::ADDRESS),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn open_period(&self) -> Option<&Period> {
        self.periods.last().filter(|last| last.ended.is_none())
    }

    /// When newer terms than the accepted ones end the service by themselves.
    fn lapse(&self, store: &Store) -> Option<Instant> {
        let accepted = |version: &String| self.accepted.iter().any(|a| a.version == *version);
        let newest_accepted = store.terms.iter().rposition(|terms| accepted(&terms.version))?;
        let newer = store.terms.get(newest_accepted.saturating_add(1))?;
        Some(days_later(store.zone, newer.effective_from, TERMS_GRACE_DAYS))
    }

    /// Writes down an end that time has brought.
    fn settled(&self, store: &Store, now: Instant) -> (Self, Outcome<SellerEvent>) {
        let (mut next, mut outcome) = (self.clone(), Outcome::unchanged());
        if let Some(end) = self.open_period().and_then(|open| self.end_of(open, store)).filter(|end| *end <= now) {
            next.push(&mut outcome, SellerEvent::Left(End { at: end, reason: EndReason::TermsLapsed }));
        }
        (next, outcome)
    }

    fn accept(
        &mut self,
        outcome: &mut Outcome<SellerEvent>,
        store: &Store,
        version: &str,
        at: &At,
    ) -> Result<(), Refusal> {
        let current = store.terms_at(at.now).map_or("", |terms| terms.version.as_str());
        if version != current {
            let sentence = format!("The terms in force are {current}; {version} cannot be accepted.");
            return Err(Refusal::state("ENR-1", "terms_not_current", sentence));
        }
        if self.accepted.iter().all(|a| a.version != version) {
            let acceptance = Acceptance { version: version.to_owned(), at: at.now };
            self.push(outcome, SellerEvent::TermsAccepted(acceptance));
        }
        Ok(())
    }

    /// Opens a period, never before the last one has ended (ENR-5), whatever the clocks of two requests say.
    fn enroll(&mut self, outcome: &mut Outcome<SellerEvent>, store: &Store, by: Enrolling, opted_in_at: Instant) {
        let terms = self.accepted.last().map_or_else(String::new, |a| a.version.clone());
        let ended = self.periods.last().and_then(|last| last.ended.as_ref()).map(|end| end.at);
        let soonest = after(opted_in_at, store.activation_delay);
        let starts_at = ended.map_or(soonest, |end| end.max(soonest));
        self.push(outcome, SellerEvent::Enrolled { starts_at, by, terms });
        let trial = self.trial(store);
        let trial_ends_at = trial.map(|t| t.ends_at);
        let kind = NoticeKind::EnrollmentComplete { starts_at, trial_ends_at, by };
        outcome.follow_ups.push(Notice::to_seller(&self.store, &self.id, kind, &[&starts_at.to_rfc3339()]).into());
        if let Some(trial) = trial.filter(|t| t.starts_at == starts_at) {
            outcome.follow_ups.extend(TRIAL_WARNINGS.map(|days_left| FollowUp::Alarm {
                at: days_before(store.zone, trial.ends_at, days_left),
                alarm: Alarm::TrialEnding { store: self.store.clone(), seller: self.id.clone(), days_left },
            }));
        }
    }

    /// Closes the open period; one that has not begun stays empty.
    fn leave(&mut self, outcome: &mut Outcome<SellerEvent>, reason: EndReason, now: Instant) {
        if let Some(starts_at) = self.open_period().map(|open| open.starts_at) {
            self.push(outcome, SellerEvent::Left(End { at: now.max(starts_at), reason }));
        }
    }

    fn push(&mut self, outcome: &mut Outcome<SellerEvent>, event: SellerEvent) {
        if let Some(next) = Self::apply(Some(self.clone()), &event) {
            *self = next;
        }
        outcome.events.push(event);
    }
}

pub mod unmet;

#[cfg(test)]
mod tests;
