//! Keys of digests: the lines of one reader and one day stand together, with the mark that the day is closed.

use super::{Key, Table};
use domain::{digest::Digest, id::NoticeId};

/// What the places of a digest's lines begin with.
pub const LINE: &str = "LINE#";

/// The partition of a digest.
#[must_use]
pub fn lines_of(digest: &Digest) -> String {
    let Digest { store, seller, user, day } = digest;
    format!("DIGEST#{store}#{seller}#{}#{day}", user.as_ref().map_or("-", |user| user.as_str()))
}

impl Key {
    /// A notice that waits for its digest.
    #[must_use]
    pub fn digest_line(digest: &Digest, notice: &NoticeId) -> Self {
        Self::new(Table::Outbox, lines_of(digest), format!("{LINE}{notice}"))
    }

    /// That a digest is closed.
    #[must_use]
    pub fn digest_closed(digest: &Digest) -> Self {
        Self::new(Table::Outbox, lines_of(digest), "CLOSED")
    }
}
