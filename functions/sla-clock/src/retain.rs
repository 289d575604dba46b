//! A look at a matter that was over: what people said in it is erased where it was kept for long enough, and the rest looked at
//! again. Whether it is due is decided with the data of now, on what has become of the matter since.
//!
//! A look is one transaction, with the clock of the next one, so one that was interrupted is made again, and one that is told
//! twice is made once. Of a matter in which more was said than one transaction holds, the next look goes on at once.

use super::Rung;
use domain::{
    at::Instant,
    inquiry::rung,
    retention::{Over, look, ring},
};
use shell::{commit::Commit, failure::Failure, retention::matter};

/// What one look erases at most; a transaction holds a hundred items.
const MOST: usize = 80;

impl Rung<'_> {
    /// The clock of a matter rings, for the `step`th time after the first.
    pub(super) async fn retain(
        &self,
        over: &Over,
        (ended_at, rings_at, step): (Instant, Instant, u32),
    ) -> Result<Option<Commit>, Failure> {
        rung(rings_at, &self.at)?;
        let store = self.store(over.store())?;
        let matter = matter(self.shell, over, ended_at).await?;
        let look = look(store, matter.end, self.at.now);
        let left = if look.due.is_empty() { Vec::new() } else { matter.left(self.shell, &look.due, MOST).await? };
        let again_at = if left.len() > MOST { Some(self.at.now) } else { look.again_at };
        if left.is_empty() && again_at.is_none() {
            return Ok(None);
        }
        let mut commit = self.commit();
        if let Some((key, version)) = matter.check.filter(|_| !left.is_empty()) {
            commit = commit.unchanged_since(key, Some(version));
        }
        for left in left.into_iter().take(MOST) {
            commit = left.erased(commit, self.at.now)?;
        }
        let again = again_at.map(|again_at| ring(over.clone(), ended_at, again_at, step.saturating_add(1)));
        commit.follow_ups(again.into_iter().collect()).map(Some)
    }
}
