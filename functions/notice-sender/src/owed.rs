//! What a notice owes besides its own mail, in the transaction that first says what becomes of it (NTF-3): a copy to each
//! other user who wants one, and where its reader wants it once a day, a line of the day's digest with the clock that ends
//! the day.
//!
//! Copies are made here and not with the cause of the notice, because the account is read here anyway: who decides
//! something need not know who wants to hear of it, and where nobody else does, nothing is read or written for it.

use crate::recipient::Reader;
use domain::{
    digest::{Digest, Line},
    notice::Notice,
    outcome::Refusal,
    wish::Choice,
};
use shell::{
    Shell,
    commit::Commit,
    failure::{Failure, known_store},
    key::Key,
    queue::Record,
};

/// What is owed.
#[derive(Debug, Clone, Default)]
pub struct Owed {
    copies: Vec<Notice>,
    line: Option<Line>,
}

impl Owed {
    /// What a notice owes of which nothing was said before.
    #[must_use]
    pub const fn copies(copies: Vec<Notice>) -> Self {
        Self { copies, line: None }
    }

    /// With a line for its reader, if the reader wants it so. The day is that of the machine's clock: a message that comes
    /// late belongs to a day that is not closed yet.
    pub fn gathered(self, shell: &Shell, record: &Record, notice: &Notice, reader: &Reader) -> Result<Self, Failure> {
        if reader.choice != Choice::Daily {
            return Ok(self);
        }
        let today = shell.clock.wall().with_timezone(&known_store(&shell.book, &notice.store)?.zone).date_naive();
        let line = |digest| Line { digest, at: record.now, notice: notice.clone() };
        Ok(Self { line: Digest::of(notice, today).map(line), ..self })
    }

    /// The same a day later, if there is a line.
    #[must_use]
    pub fn a_day_later(&self) -> Self {
        let later = |line: Line| Line { digest: line.digest.next(), ..line };
        Self { line: self.line.clone().map(later), ..self.clone() }
    }

    /// Whether it is nothing at all.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.copies.is_empty() && self.line.is_none()
    }

    /// The transaction, with what is owed. A line of a day that is closed is refused.
    pub fn with(&self, commit: Commit, shell: &Shell) -> Result<Commit, Failure> {
        let commit = commit.follow_ups(self.copies.iter().cloned().map(Into::into).collect())?;
        let Some(line) = &self.line else { return Ok(commit) };
        let closed = Refusal::state("NTF-3", "digest_closed", "the day of this digest is over");
        commit
            .insert(Key::digest_line(&line.digest, &line.notice.id), line)?
            .follow_ups(vec![line.digest.clock(known_store(&shell.book, &line.notice.store)?)])
            .map(|commit| commit.unless(Key::digest_closed(&line.digest), closed))
    }
}
