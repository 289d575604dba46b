//! Two inquiries turn out to be one matter: one of them ends, and the other goes on with all that it had (INQ-1).

use super::{Absorbed, Inquiry, InquiryEvent};
use crate::{
    at::At,
    id::AssociateId,
    ledger::{ContactEntry, Counting},
    outcome::{Outcome, Refusal},
    routing::Thread,
};

/// All that a merge changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// What happens to the one that ends.
    pub merged: Outcome<InquiryEvent>,
    /// What happens to the one that goes on.
    pub absorbed: Outcome<InquiryEvent>,
    /// RTE-9: the thread of their order; the issue of the one goes on under that of the other.
    pub thread: Thread,
}

impl Merge {
    /// FEE-4: a contact of the one that ends as it is counted now: it joined a matter that was known. None, where another
    /// rule has counted it.
    #[must_use]
    pub fn recount(entry: &ContactEntry) -> Option<ContactEntry> {
        (entry.counts == Counting::Counted).then(|| ContactEntry { counts: Counting::Joined, ..entry.clone() })
    }
}

impl Inquiry {
    /// INQ-1: whoever holds it finds it to be the same matter as another live inquiry of the same customer about the same
    /// seller's part of the same order.
    pub fn merge_into(
        &self,
        other: &Self,
        associate: &AssociateId,
        thread: &Thread,
        at: &At,
    ) -> Result<Merge, Refusal> {
        self.held_by(associate)?;
        let part = |inquiry: &Self| {
            let Self { store, order, seller, customer, .. } = inquiry;
            (store.clone(), order.clone(), seller.clone(), customer.clone())
        };
        if other.id == self.id || part(other) != part(self) || !other.is_live() {
            let sentence = "An inquiry is merged only into another open one of the same customer, order and seller.";
            return Err(Refusal::state("INQ-1", "not_mergeable", sentence));
        }
        Ok(self.merge(other, thread, at))
    }

    pub(super) fn merge(&self, other: &Self, thread: &Thread, at: &At) -> Merge {
        let absorbed = Absorbed {
            from: self.id.clone(),
            issue: self.issue,
            at: at.now,
            contacts: self.contacts.clone(),
            mailable: self.mailable.clone(),
            came_last: Some(self.came_by()),
            language: self.language.clone(),
            items: self.items.clone(),
            products: self.products.clone(),
            judgement_owed: self.owes_judgement(),
            resolution_due: self.due_at(at.now),
        };
        Merge {
            merged: Outcome::of(vec![InquiryEvent::Merged { at: at.now, into: other.id.clone() }]),
            absorbed: Outcome::of(vec![InquiryEvent::Absorbed(Box::new(absorbed))]),
            thread: thread.merge(self.issue, other.issue),
        }
    }
}

#[cfg(test)]
mod tests;
