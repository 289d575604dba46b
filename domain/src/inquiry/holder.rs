//! Who holds an inquiry (INQ-4): nobody takes what somebody has, and only who holds it works on it.

use super::{Inquiry, InquiryEvent, Release, Status};
use crate::{
    at::At,
    id::AssociateId,
    outcome::{Outcome, Refusal},
};

impl Inquiry {
    /// INQ-4: an associate takes it; nobody takes what somebody has.
    pub fn claim(&self, associate: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        match &self.status {
            Status::Open { judgement_owed } => Ok(Outcome::of(vec![InquiryEvent::Claimed {
                associate: associate.clone(),
                at: at.now,
                judgement_owed: *judgement_owed,
            }])),
            Status::Working { associate: holder, .. } if holder == associate => Ok(Outcome::unchanged()),
            Status::Working { associate: holder, .. }
            | Status::WaitingSeller { associate: holder, .. }
            | Status::WaitingCustomer { associate: holder } => Err(claimed_by(holder)),
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }

    /// INQ-4: who works on it gives it back.
    pub fn release(&self, associate: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.worked_on_by(associate)?;
        if matches!(self.status, Status::WaitingCustomer { .. }) {
            let sentence =
                "The customer has the next word; this inquiry can be given back once the customer has written.";
            return Err(Refusal::state("INQ-1", "waiting_for_customer", sentence));
        }
        Ok(Outcome::of(vec![InquiryEvent::Released { at: at.now, why: Release::GivenBack }]))
    }

    /// INQ-1: a lead gives it to an associate, whoever holds it.
    pub fn reassign(&self, to: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        if !self.is_live() {
            return Err(self.not_open());
        }
        if self.holder() == Some(to) {
            return Ok(Outcome::unchanged());
        }
        Ok(Outcome::of(vec![InquiryEvent::Reassigned { associate: to.clone(), at: at.now }]))
    }

    /// INQ-1: who holds it writes something down for the desk; the words are kept with the conversation.
    pub fn note(&self, associate: &AssociateId, at: &At) -> Result<Outcome<InquiryEvent>, Refusal> {
        self.held_by(associate)?;
        Ok(Outcome::of(vec![InquiryEvent::Noted { at: at.now }]))
    }

    /// Who holds it.
    #[must_use]
    pub const fn holder(&self) -> Option<&AssociateId> {
        match &self.status {
            Status::Working { associate, .. }
            | Status::WaitingSeller { associate, .. }
            | Status::WaitingCustomer { associate } => Some(associate),
            Status::Open { .. } | Status::Resolved { .. } | Status::Merged { .. } | Status::HandedToSeller { .. } => {
                None
            }
        }
    }

    /// Who works on it.
    pub(super) const fn worker(&self) -> Option<&AssociateId> {
        if let Status::Working { associate, .. } = &self.status { Some(associate) } else { None }
    }

    /// That this associate holds it, be it that the seller has the next word.
    pub(super) fn held_by(&self, associate: &AssociateId) -> Result<(), Refusal> {
        let Status::WaitingSeller { associate: holder, .. } = &self.status else { return self.worked_on_by(associate) };
        if holder == associate { Ok(()) } else { Err(claimed_by(holder)) }
    }

    pub(super) fn worked_on_by(&self, associate: &AssociateId) -> Result<(), Refusal> {
        match &self.status {
            Status::Working { associate: holder, .. } | Status::WaitingCustomer { associate: holder }
                if holder == associate =>
            {
                Ok(())
            }
            Status::Open { .. } => {
                let sentence = "Nobody holds this inquiry: claim it first. A claim that was idle has to be made again.";
                Err(Refusal::state("INQ-4", "not_claimed", sentence))
            }
            Status::WaitingSeller { .. } => Err(Refusal::state(
                "REQ-2",
                "waiting_for_seller",
                "The seller has been asked, and its 24 hours are running: go on when it has replied, or they are over.",
            )),
            Status::Working { associate: holder, .. } | Status::WaitingCustomer { associate: holder } => {
                Err(claimed_by(holder))
            }
            Status::Resolved { .. } | Status::HandedToSeller { .. } | Status::Merged { .. } => Err(self.not_open()),
        }
    }
}

fn claimed_by(holder: &AssociateId) -> Refusal {
    Refusal::state("INQ-4", "already_claimed", format!("{holder} works on this inquiry; a lead can give it to you."))
}

#[cfg(test)]
mod tests;
