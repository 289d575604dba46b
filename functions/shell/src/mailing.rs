//! How the mail of a notice is laid down: how far it has come, and what an answer to it is about. Once SES has taken it, it
//! is found by the name that SES gave it, in the same transaction: an answer names that, whatever else it has lost.

use crate::{commit::Commit, failure::Failure, key::Key, reply::Answered};
use domain::{id::NoticeId, mail::State};
use serde::{Deserialize, Serialize};

/// The mail of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailing {
    /// How far it has come.
    #[serde(flatten)]
    pub state: State,
    /// What an answer to it is about; none where nobody is asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Answered>,
}

impl Commit {
    /// How far the mail of this notice has come.
    pub fn mailing(self, notice: &NoticeId, seen: Option<u64>, mailing: &Mailing) -> Result<Self, Failure> {
        self.state(Key::notice(notice), seen, mailing)
    }

    /// What an answer to the mail of this name is about.
    pub fn answerable(self, message_id: &str, about: &Answered) -> Result<Self, Failure> {
        self.replace(Key::mailed(message_id), about)
    }
}
