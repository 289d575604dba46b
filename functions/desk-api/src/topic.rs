//! An associate says what an inquiry is about (RTE-12).

use crate::{Desk, moves::changed_thread};
use domain::{
    at::Instant,
    id::{ContactId, InquiryId},
    inquiry::{Inquiry, InquiryEvent},
    routing::Thread,
    topic::Topic,
};
use shell::{
    commit::Answer,
    desk,
    failure::Failure,
    fields::Fields,
    key::Key,
    ledger::{Recount, recount},
    record::filed,
    store::Seen,
};

impl Desk<'_> {
    /// The topic, and what follows from it.
    pub async fn choose_topic(&self) -> Result<Answer, Failure> {
        let topic = self.topic()?;
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let inquiry = &seen.state;
                let thread_key = Key::thread(&self.store.id, &inquiry.order, &inquiry.seller);
                let (thread, latest) = self.thread_and_latest(&thread_key, inquiry, topic).await?;
                let other = latest.as_ref().map(|seen| &seen.state);
                let choice = inquiry.choose_topic(&self.associate, topic, &thread.state, other, &self.at()?)?;
                let answer = self.changed(&seen, &choice.outcome)?;
                let commit = self.commit(&answer)?;
                if choice.outcome.is_unchanged() {
                    return Ok(commit);
                }
                let change = |entry: &_| choice.recount(inquiry, topic, entry);
                let openers = self.openers(&inquiry.id).await?;
                let recounts: Vec<Recount> = recount(self.shell, self.store, &inquiry.seller, &openers, change).await?;
                let commit = commit.recounted(self.store, &inquiry.seller, recounts)?;
                let commit = changed_thread(commit, thread_key, &thread, &choice.thread)?;
                let commit = match latest.filter(|other| other.state.id != inquiry.id) {
                    Some(other) if choice.absorbed.is_unchanged() => {
                        commit.unchanged_since(shell::record::inquiry_key(&other.state), Some(other.version))
                    }
                    other => commit.inquiry(self.store, other.as_ref(), choice.absorbed)?,
                };
                commit.inquiry(self.store, Some(&seen), choice.outcome)
            })
            .await
    }

    fn topic(&self) -> Result<&Topic, Failure> {
        let fields = Fields::parse(&self.request.body)?;
        let topic = fields.text("topic", 64).and_then(|code| {
            let known = self.shell.book.topics.get(&code);
            if known.is_none() {
                fields.wrong("topic", format!("{code} is no topic of store {}", self.store.id));
            }
            known
        });
        fields.build(|| topic)
    }

    async fn thread_and_latest(
        &self,
        thread_key: &Key,
        inquiry: &Inquiry,
        topic: &Topic,
    ) -> Result<(Seen<Thread>, Option<Seen<Inquiry>>), Failure> {
        let of = |issue| Key::inquiry(&self.store.id, &inquiry.order, &inquiry.seller, issue);
        let found = self.shell.store.get_all(&[thread_key.clone(), of(topic.family)]).await?;
        let thread = found.state::<Thread>(thread_key)?;
        let thread = thread.ok_or_else(|| Failure::Fault(format!("the thread of order {} is gone", inquiry.order)))?;
        let issue = (topic.family, thread.state.issue_of(topic.family));
        let latest = filed(self.shell, &found, of, issue).await?;
        Ok((thread, latest))
    }

    /// The contacts that opened the inquiry or brought it back, and when they came: those that joined it count by that.
    pub async fn openers(&self, inquiry: &InquiryId) -> Result<Vec<(ContactId, Instant)>, Failure> {
        let events = desk::events(self.shell, &self.store.id, inquiry).await?;
        let opener = |event: InquiryEvent| match event {
            InquiryEvent::Opened(opened) => opened.contacts.first().map(|first| (first.clone(), opened.opened_at)),
            InquiryEvent::Reopened { contact, at, .. } => Some((contact, at)),
            _ => None,
        };
        Ok(events.into_iter().filter_map(|row| opener(row.event)).collect())
    }
}
