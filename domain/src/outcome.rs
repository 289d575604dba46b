//! What a decision comes to: events and what follows from them, nothing at all, or a refusal that is an answer.

use crate::{at::Instant, clock::Alarm, contact::Contact, notice::Notice};

/// A decision that was taken. No events: nothing changes, and whoever asked is told the present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<E> {
    /// What happened, in order. The next state is these folded over the old one, and nothing else.
    pub events: Vec<E>,
    /// What leaves through the outbox with them.
    pub follow_ups: Vec<FollowUp>,
}

impl<E> Outcome<E> {
    /// Nothing changes.
    #[must_use]
    pub const fn unchanged() -> Self {
        Self { events: Vec::new(), follow_ups: Vec::new() }
    }

    /// These events, nothing following yet.
    #[must_use]
    pub const fn of(events: Vec<E>) -> Self {
        Self { events, follow_ups: Vec::new() }
    }

    /// And this follows.
    #[must_use]
    pub fn then(mut self, follow_up: impl Into<FollowUp>) -> Self {
        self.follow_ups.push(follow_up.into());
        self
    }

    /// The state that was before, as this leaves it.
    #[must_use]
    pub fn after<S: Clone>(&self, before: &S, apply: impl Fn(Option<S>, &E) -> Option<S>) -> S {
        self.events.iter().fold(Some(before.clone()), apply).unwrap_or_else(|| before.clone())
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.events.is_empty()
    }
}

/// Work that leaves through the outbox in the transaction of its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUp {
    /// A mail is owed.
    Notice(Box<Notice>),
    /// A contact waits to be routed.
    Route(Box<Contact>),
    /// Look again at this time.
    Alarm {
        /// When.
        at: Instant,
        /// At what.
        alarm: Alarm,
    },
}

impl From<Notice> for FollowUp {
    fn from(notice: Notice) -> Self {
        Self::Notice(Box::new(notice))
    }
}

/// No, and why: a stable code, the rule, and a sentence for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// What went against it.
    pub kind: RefusalKind,
    /// Stable, `snake_case`; becomes the problem type of an HTTP answer.
    pub code: &'static str,
    /// The rule that says no.
    pub rule: &'static str,
    /// For the person who asked.
    pub sentence: String,
    /// Every unmet requirement, where there can be several.
    pub unmet: Vec<&'static str>,
}

/// Whose fault a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The thing is in a state that does not allow it.
    State,
    /// There is no such thing for the one who asks (ACC-3: absent and foreign look alike).
    Unseen,
    /// Who asks may not.
    Forbidden,
    /// What is said contradicts what is known; saying it again will not help.
    Input,
    /// What it rests on has not arrived yet; asking again later may help.
    NotYet,
    /// It is not as it was when whoever asks looked at it.
    Outdated,
    /// Too many were asked at once.
    TooFast {
        /// In which there is a place again.
        seconds: u32,
    },
}

impl Refusal {
    /// A refusal by state.
    #[must_use]
    pub fn state(rule: &'static str, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::State, code, rule, sentence: sentence.into(), unmet: Vec::new() }
    }

    /// A refusal until something else has arrived.
    #[must_use]
    pub fn not_yet(rule: &'static str, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::NotYet, ..Self::state(rule, code, sentence) }
    }

    /// A refusal of what is said.
    #[must_use]
    pub fn input(rule: &'static str, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Input, ..Self::state(rule, code, sentence) }
    }

    /// A refusal of what was said of another version.
    #[must_use]
    pub fn outdated(rule: &'static str, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Outdated, ..Self::state(rule, code, sentence) }
    }

    /// A refusal for so many seconds.
    #[must_use]
    pub fn too_fast(rule: &'static str, code: &'static str, seconds: u32, sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::TooFast { seconds }, ..Self::state(rule, code, sentence) }
    }

    /// The same answer for what is absent and what is somebody else's.
    #[must_use]
    pub fn unseen(what: &'static str) -> Self {
        Self { kind: RefusalKind::Unseen, ..Self::state("ACC-3", "not_found", format!("There is no such {what}.")) }
    }

    /// Not for this user.
    #[must_use]
    pub fn forbidden(sentence: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Forbidden, ..Self::state("ACC-2", "forbidden", sentence) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        notice::NoticeKind,
        testing::{id, monday},
    };

    #[test]
    fn an_outcome_without_events_changes_nothing_and_what_follows_keeps_its_order() {
        assert!(Outcome::<()>::unchanged().is_unchanged());
        let notice = |cause: &str| {
            let kind = NoticeKind::TrialEnding { ends_at: monday(), days_left: 3 };
            Notice::to_seller(&id("US"), &id("s"), kind, &[cause])
        };
        let outcome = Outcome::of(vec![()]).then(notice("a")).then(notice("b"));
        assert!(!outcome.is_unchanged());
        assert_eq!(outcome.follow_ups, [notice("a").into(), notice("b").into()]);
    }

    #[test]
    fn a_refusal_says_its_sentence_and_what_kind_of_no_it_is() {
        let kinds = [
            (Refusal::state("R", "c", "No."), RefusalKind::State),
            (Refusal::not_yet("R", "c", "No."), RefusalKind::NotYet),
            (Refusal::input("R", "c", "No."), RefusalKind::Input),
            (Refusal::outdated("R", "c", "No."), RefusalKind::Outdated),
            (Refusal::forbidden("No."), RefusalKind::Forbidden),
        ];
        for (refusal, kind) in kinds {
            assert_eq!((refusal.to_string().as_str(), refusal.kind), ("No.", kind));
            assert!(refusal.unmet.is_empty());
        }
    }

    #[test]
    fn acc_3_what_is_absent_and_what_is_somebody_elses_get_one_answer() {
        let refusal = Refusal::unseen("request");
        assert_eq!((refusal.kind, refusal.code, refusal.rule), (RefusalKind::Unseen, "not_found", "ACC-3"));
        assert_eq!(refusal.sentence, "There is no such request.");
    }
}
