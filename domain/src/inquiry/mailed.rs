//! Which answers are mailed to the customer, and what comes of one that does not arrive.

use super::{Inquiry, InquiryEvent, Recall, Status};
use crate::{
    at::At,
    contact::Channel,
    id::NoticeId,
    notice::{Notice, NoticeKind},
    outcome::Outcome,
    routing::Thread,
};

impl Inquiry {
    /// How the customer came last.
    pub(super) fn came_by(&self) -> Channel {
        self.came_last.unwrap_or(self.channel)
    }

    /// The mail of an answer that is given now: to who came by e-mail last, and left an address. Who called or is in a chat is
    /// answered there.
    #[must_use]
    pub fn answer_by_mail(&self, at: &At) -> Option<Notice> {
        let contact = self.mailable.as_ref().filter(|_| self.came_by() == Channel::Email)?;
        let kind = NoticeKind::Answer {
            inquiry: self.id.clone(),
            order: self.order.clone(),
            at: at.now,
            cause: at.cause.clone(),
        };
        Some(Notice::to_customer(&self.store, contact, kind, &[&at.cause]))
    }

    /// The mail of an answer did not arrive. If it was the last word, the customer knows nothing of it, and the inquiry is
    /// taken up again, at the head of the queue. Where somebody has spoken since, or it is somewhere else, nothing comes of it;
    /// nor where its seller has taken the issue over meanwhile (RTE-6).
    #[must_use]
    pub fn answer_bounced(&self, mail: &NoticeId, thread: &Thread, at: &At) -> Outcome<InquiryEvent> {
        let waits = matches!(self.status, Status::WaitingCustomer { .. } | Status::Resolved { .. });
        if !waits || self.mailed.as_ref() != Some(mail) {
            return Outcome::unchanged();
        }
        Outcome::of(self.recalled(Recall::AnswerBounced, thread, at.now).into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
