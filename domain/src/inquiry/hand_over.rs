//! An inquiry becomes the seller's: because the seller took the issue over, or because it is not the service's to answer.

use super::{Inquiry, InquiryEvent};
use crate::{
    at::{At, Instant},
    id::AssociateId,
    notice::{Notice, NoticeKind},
    outcome::{Outcome, Refusal},
    routing::Thread,
    topic::Family,
};
use serde::{Deserialize, Serialize};

/// Why a seller has an inquiry that was the service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// RTE-6: it wrote to the customer itself.
    SellerTookOver,
    /// RTE-6: it wants to settle the matter with the customer itself.
    SellerRequested,
    /// RTE-2: an associate found it to be a question before any order.
    PreOrder,
    /// RTE-4: an associate found it to be about an invoice.
    Invoice,
    /// RTE-4: an associate found it to be about customization.
    Customization,
}

impl HandOver {
    /// RTE-6: whether the issue is the seller's from then on. Where the topic alone says whose it is, it is chosen.
    #[must_use]
    pub const fn takes_issue(self) -> bool {
        matches!(self, Self::SellerTookOver | Self::SellerRequested)
    }

    /// What is told to whoever asks for it.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::SellerTookOver | Self::SellerRequested => {
                "The seller has taken this inquiry over; there is nothing more to do here."
            }
            Self::PreOrder | Self::Invoice | Self::Customization => {
                "This inquiry is not ours; the seller has it, and there is nothing more to do here."
            }
        }
    }
}

/// What an associate handed over, and the thread of its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// What happens to the inquiry.
    pub outcome: Outcome<InquiryEvent>,
    /// RTE-6: what it was about is the seller's from now on.
    pub thread: Thread,
}

impl Inquiry {
    /// RTE-6: the seller wrote to the customer itself.
    #[must_use]
    pub fn seller_took_over(&self, at: Instant) -> Outcome<InquiryEvent> {
        if self.is_live() {
            Outcome::of(vec![InquiryEvent::HandedToSeller { at, reason: HandOver::SellerTookOver }])
        } else {
            Outcome::unchanged()
        }
    }

    /// INQ-1, RTE-6: whoever holds it hands it to the seller, who is told; `family` is that of its topic. Every issue that
    /// goes on in it is the seller's from now on.
    pub fn hand_over(
        &self,
        associate: &AssociateId,
        reason: HandOver,
        family: Family,
        thread: &Thread,
        at: &At,
    ) -> Result<HandedOver, Refusal> {
        self.held_by(associate)?;
        let filed = thread.filed.iter().filter(|(_, under)| **under == self.issue).map(|(family, _)| *family);
        let issues: Vec<_> = filed.chain([family]).collect();
        let thread = issues.into_iter().fold(thread.clone(), |thread, issue| thread.take_over(issue).unwrap_or(thread));
        Ok(HandedOver { outcome: self.handed_over(reason, at), thread })
    }

    pub(super) fn handed_over(&self, reason: HandOver, at: &At) -> Outcome<InquiryEvent> {
        let kind = NoticeKind::HandedOver { inquiry: self.id.clone(), order: self.order.clone(), reason };
        let notice = Notice::to_seller(&self.store, &self.seller, kind, &[self.id.as_str(), &at.cause]);
        Outcome::of(vec![InquiryEvent::HandedToSeller { at: at.now, reason }]).then(notice)
    }
}

#[cfg(test)]
mod tests;
