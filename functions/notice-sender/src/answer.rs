//! The mail of an associate's answer. Its words are read where they lie, in the conversation, and its bytes are frozen there,
//! so that no word of it is ever in a queue or in a table that anything made for sellers can read (INQ-5).

use domain::{
    mail::State,
    notice::{Notice, NoticeKind},
};
use serde::{Deserialize, Serialize};
use shell::{failure::Failure, key::Key, store::Found};

/// Where an answer lies, and its mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    said: Key,
    frozen: Key,
}

/// Of an answer, what a mail needs.
#[derive(Deserialize)]
struct Said {
    text: String,
}

/// A mail, as it was frozen.
#[derive(Serialize, Deserialize)]
pub struct Frozen {
    mime: String,
}

impl Answer {
    /// The answer that a notice is of, if it is of one.
    pub fn of(notice: &Notice) -> Option<Self> {
        let NoticeKind::Answer { inquiry, at, cause, .. } = &notice.kind else { return None };
        Some(Self {
            said: Key::answer(&notice.store, inquiry, *at, cause),
            frozen: Key::mail(&notice.store, inquiry, &notice.id),
        })
    }

    /// What is read of it.
    pub fn keys(&self) -> [Key; 2] {
        [self.said.clone(), self.frozen.clone()]
    }

    /// What the associate wrote, or why there is nothing to send any more.
    pub fn words(&self, found: &Found) -> Result<Result<String, &'static str>, Failure> {
        let said = found.state::<Said>(&self.said)?.ok_or_else(|| Failure::Fault("an answer is gone".into()))?;
        Ok(if said.state.text.is_empty() { Err("the answer was erased") } else { Ok(said.state.text) })
    }

    /// A state, with the bytes that were frozen for it.
    pub fn thawed(&self, state: State, found: &Found) -> Result<State, Failure> {
        let frozen = found.state::<Frozen>(&self.frozen)?;
        Ok(state.carrying(frozen.as_ref().map_or("", |frozen| &frozen.state.mime)))
    }

    /// Where the bytes of its mail are frozen, and how.
    pub fn freeze(&self, mime: &str) -> (Key, Frozen) {
        (self.frozen.clone(), Frozen { mime: mime.to_owned() })
    }
}
