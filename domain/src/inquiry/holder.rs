//! Who holds an inquiry (INQ-4): nobody takes what somebody has, and only who holds it works on it.

use super::{Inquiry, InquiryEvent, Status};
use crate::{
    id::AssociateId,
    outcome::{Outcome, Refusal},
};

impl Inquiry {
    /// INQ-4: an associate takes it; nobody takes what somebody has.
    pub fn claim(&self, associate: &AssociateId) -> Result<Outcome<InquiryEvent>, Refusal> {
        match &self.status {
            Status::Open { .. } => Ok(Outcome::of(vec![InquiryEvent::Claimed { associate: associate.clone() }])),
            Status::Working { associate: holder } if holder == associate => Ok(Outcome::unchanged()),
            Status::Working { associate: holder }
            | Status::WaitingSeller { associate: holder, .. }
            | Status::WaitingCustomer { associate: holder } => {
                Err(Refusal::state("INQ-4", "already_claimed", format!("{holder} works on this inquiry.")))
            }
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }

    pub(super) fn worked_on_by(&self, associate: &AssociateId) -> Result<(), Refusal> {
        match &self.status {
            Status::Working { associate: holder } | Status::WaitingCustomer { associate: holder }
                if holder == associate =>
            {
                Ok(())
            }
            Status::Open { .. } => Err(Refusal::state("INQ-4", "not_claimed", "Claim the inquiry first.")),
            Status::WaitingSeller { .. } => Err(Refusal::state(
                "REQ-2",
                "waiting_for_seller",
                "The seller has been asked and its 24 hours are running.",
            )),
            Status::Working { associate: holder } | Status::WaitingCustomer { associate: holder } => {
                Err(Refusal::state("INQ-4", "already_claimed", format!("{holder} works on this inquiry.")))
            }
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }
}
