//! An associate says what an inquiry is about (RTE-12), and what follows from that.

use super::{HandOver, Inquiry, InquiryEvent};
use crate::{
    at::At,
    guess::Source,
    id::AssociateId,
    ledger::{ContactEntry, Counting},
    outcome::{Outcome, Refusal},
    routing::Thread,
    topic::{Scope, Topic},
};

/// All that a choice changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What happens to the inquiry.
    pub outcome: Outcome<InquiryEvent>,
    /// What happens to the inquiry that goes on in its place, if one does.
    pub absorbed: Outcome<InquiryEvent>,
    /// The thread of its order.
    pub thread: Thread,
    /// FEE-4: the rule for a contact that opened the inquiry, or brought it back.
    pub counts: Counting,
}

impl Choice {
    /// FEE-4: a contact of the inquiry as it is counted now; none, where nothing changes. What counted by another rule
    /// than its topic's goes on to.
    #[must_use]
    pub fn recount(&self, before: &Inquiry, topic: &Topic, entry: &ContactEntry) -> Option<ContactEntry> {
        let by_topic = matches!(entry.counts, Counting::Counted | Counting::TopicNotCounted);
        let next = ContactEntry { topic: topic.code.clone(), counts: self.counts, ..entry.clone() };
        (by_topic && entry.topic == before.topic && next != *entry).then_some(next)
    }
}

impl Inquiry {
    /// Whether a person has still to say what it is about.
    #[must_use]
    pub const fn is_unclear(&self) -> bool {
        matches!(self.source, Source::Unclear { .. })
    }

    /// The associate who works on it says what it is about. The inquiry stays where it is filed, and the thread knows
    /// that the topic's issue goes on there. But: what is not ours, or is about an issue that the seller has taken over,
    /// is handed over; and where an inquiry about the topic's issue is live, this one is merged into it.
    ///
    /// `latest` is the latest inquiry of the topic's issue.
    pub fn choose_topic(
        &self,
        associate: &AssociateId,
        topic: &Topic,
        thread: &Thread,
        latest: Option<&Self>,
        at: &At,
    ) -> Result<Choice, Refusal> {
        self.worked_on_by(associate)?;
        let counts = if topic.counts { Counting::Counted } else { Counting::TopicNotCounted };
        let stays = |outcome| Choice { outcome, absorbed: Outcome::unchanged(), thread: thread.clone(), counts };
        if self.topic == topic.code && !self.is_unclear() {
            return Ok(stays(Outcome::unchanged()));
        }
        let chosen = InquiryEvent::TopicChosen { topic: topic.code.clone(), associate: associate.clone(), at: at.now };
        let to_seller = match topic.scope {
            Scope::PreOrder => Some(HandOver::PreOrder),
            Scope::Invoice => Some(HandOver::Invoice),
            Scope::Customization => Some(HandOver::Customization),
            Scope::InScope if thread.taken_over.contains(&topic.family) => Some(HandOver::SellerTookOver),
            Scope::InScope => None,
        };
        if let Some(reason) = to_seller {
            let mut handed = self.handed_over(reason, at);
            handed.events.insert(0, chosen);
            return Ok(stays(handed));
        }
        if let Some(other) = latest.filter(|other| other.id != self.id && other.is_live()) {
            let mut merge = self.merge(other, thread, at);
            merge.merged.events.insert(0, chosen);
            let counts = Counting::Joined;
            return Ok(Choice { outcome: merge.merged, absorbed: merge.absorbed, thread: merge.thread, counts });
        }
        Ok(Choice { thread: thread.file(topic.family, self.issue), ..stays(Outcome::of(vec![chosen])) })
    }
}

#[cfg(test)]
mod tests;
