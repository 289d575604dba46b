//! What is in one mail.

use crate::{
    author::{Author, Machine},
    file::File,
    mark::Mark,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is in one mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its id without the angle brackets: the first, if several are named.
    pub message_id: Option<String>,
    /// The ids of the mails that it answers: the one that it answers itself first, then those before, the newest first;
    /// each once, at most 50.
    pub answers_to: Vec<String>,
    /// Who it is from: the first mailbox, or none where several fields contradict each other.
    pub from: Option<Address>,
    /// Whom it is to.
    pub to: Vec<Address>,
    /// Who else has got it.
    pub cc: Vec<Address>,
    /// The subject, on one line.
    pub subject: String,
    /// When it says that it was written.
    pub date: Option<DateTime<Utc>>,
    /// All that it says, quotes and forwarded mails included: lines that end with a line feed.
    pub text: String,
    /// The same as HTML, if the mail had any: nothing in it can do anything.
    pub html: Option<String>,
    /// What else it brings.
    pub files: Vec<File>,
    /// Who wrote it.
    pub author: Author,
    /// What was cut off or could not be read.
    pub marks: Vec<Mark>,
    /// The hosts that say that they wrote it.
    pub(crate) writers: Vec<String>,
}

/// A mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// How it is called, on one line; empty if it is not.
    pub name: String,
    /// Where it is; the domain in lower case.
    pub address: String,
}

impl Letter {
    /// Whether we wrote it ourselves, if we write from this host: an id of it is of this host, or [`crate::OUR_HEADER`]
    /// names it. A relay may have given it another id.
    #[must_use]
    pub fn is_ours(&self, host: &str) -> bool {
        !host.is_empty() && self.writers.iter().any(|writer| writer.eq_ignore_ascii_case(host))
    }

    /// Who wrote it, if we write from this host.
    #[must_use]
    pub fn author_for(&self, host: &str) -> Author {
        if self.is_ours(host) { Author::Machine(Machine::Ours) } else { self.author }
    }
}
