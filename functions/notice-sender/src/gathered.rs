//! What a digest says: the lines of its day, the oldest first, but for what its reader does not want any more or may not
//! see any more (ACC-2). The day is closed when this is asked, so the lines are all there.

use crate::recipient;
use domain::{
    digest::{Digest, Line},
    notice::{Notice, NoticeKind},
    seller::Seller,
    wish::{Choice, Need},
};
use shell::{
    Shell,
    failure::Failure,
    key::{LINE, Table, lines_of},
    store::Found,
};

/// So many lines a digest shows; of the rest it says how many they are. An item has a size, and a mail is frozen in one.
const MOST_LINES: usize = 50;

/// The lines of a digest.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// Those that are shown.
    pub lines: Vec<Notice>,
    /// How many are not.
    pub more: usize,
}

impl Gathered {
    /// The lines of this notice, if it is a digest; none where nothing is left to say.
    pub async fn of(shell: &Shell, notice: &Notice, found: &Found) -> Result<Option<Self>, Failure> {
        let NoticeKind::Digest { day } = &notice.kind else { return Ok(Some(Self::default())) };
        let (Some(digest), Some(seller)) =
            (Digest::of(notice, *day), found.state::<Seller>(&recipient::key(notice))?.map(|seen| seen.state))
        else {
            return Ok(None);
        };
        let rows = shell.store.list::<Line>(Table::Outbox, &lines_of(&digest), LINE).await?;
        let mut lines: Vec<_> = rows.into_iter().map(|(_, seen)| seen.state).collect();
        lines.retain(|line| match line.notice.kind.need() {
            Need::Chosen(kind) => seller.choice(digest.user.as_ref(), kind) != Choice::Never,
            // Of when it could be chosen: the default address has it nowhere else.
            Need::Always(_) | Need::Gathered => digest.user.is_none(),
        });
        lines.sort_by(|one, other| (one.at, &one.notice.id).cmp(&(other.at, &other.notice.id)));
        let more = lines.len().saturating_sub(MOST_LINES);
        let lines: Vec<_> = lines.into_iter().take(MOST_LINES).map(|line| line.notice).collect();
        Ok((!lines.is_empty()).then_some(Self { lines, more }))
    }
}
