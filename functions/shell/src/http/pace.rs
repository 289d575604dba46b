//! How fast the users of one seller may write (ACC-2), asked before anything else is done for a change, so that one seller's
//! loop is no other seller's delay. What is refused by the rules, and what is sent again, counts as well.
//!
//! Calls: one `UpdateItem`, and one more where the bucket is not full.

use super::Request;
use crate::{Shell, failure::Failure, key::Key};
use domain::id::SellerId;

impl Request {
    /// Takes a place of the seller's bucket, if the token speaks for a seller of the store of the path.
    pub(super) async fn keeps_pace(&self, shell: &Shell) -> Result<(), Failure> {
        let Some((seller, store)) = self.claim::<SellerId>("seller_id").zip(self.store(&shell.book).ok()) else {
            return Ok(());
        };
        let Some(pace) = store.write_pace_at(self.now) else { return Ok(()) };
        if shell.store.take(&Key::bucket(&store.id, &seller), &pace.turn(self.now)).await? {
            return Ok(());
        }
        Err(pace.refusal().into())
    }
}
