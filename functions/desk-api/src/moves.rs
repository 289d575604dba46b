//! An inquiry leaves whoever holds it: it is given back, merged into another one, or handed over to the seller (INQ-1).

use crate::Desk;
use domain::{
    id::InquiryId,
    inquiry::{HandOver, Inquiry, Merge},
    outcome::RefusalKind,
    request::Withdrawal,
    routing::Thread,
};
use shell::{
    commit::{Answer, Commit},
    desk,
    failure::Failure,
    fields::Fields,
    key::Key,
    ledger::recount,
    store::Seen,
};

/// Where the matter goes.
fn into(body: &[u8]) -> Result<InquiryId, Failure> {
    let fields = Fields::parse(body)?;
    let into = fields.id("into");
    fields.build(|| into)
}

/// Why the seller has it. What its topic alone makes the seller's is handed over by choosing that topic.
fn reason(body: &[u8]) -> Result<HandOver, Failure> {
    let fields = Fields::parse(body)?;
    let reason = fields.one_of::<HandOver>("reason");
    if reason.is_some_and(|reason| !reason.takes_issue()) {
        fields.wrong("reason", "is a matter of the topic: choose that topic instead");
    }
    fields.build(|| reason)
}

/// An inquiry that a body names is a field of it.
fn unknown(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.kind == RefusalKind::Unseen => {
            Failure::bad_field("invalid_input", "into", "is the id of no inquiry")
        }
        other => other,
    }
}

impl Desk<'_> {
    /// INQ-4: who works on it gives it back.
    pub async fn release(&self) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let outcome = seen.state.release(&self.associate, &self.at()?)?;
                let answer = self.changed(&seen, &outcome)?;
                self.commit(&answer)?.inquiry(self.store, Some(&seen), outcome)
            })
            .await
    }

    /// It is the same matter as another one, which goes on with all that this one had.
    pub async fn merge(&self) -> Result<Answer, Failure> {
        let into = into(&self.request.body)?;
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let other = desk::inquiry(self.shell, &self.store.id, &into).await.map_err(unknown)?;
                let (key, thread) = self.thread(&seen.state).await?;
                let Merge { merged, absorbed, thread: next } =
                    seen.state.merge_into(&other.state, &self.associate, &thread.state, &self.at()?)?;
                let answer = self.changed(&seen, &merged)?;
                let openers = self.openers(&seen.state.id).await?;
                let recounts = recount(self.shell, self.store, &seen.state.seller, &openers, Merge::recount).await?;
                let commit = self.commit(&answer)?;
                let commit = commit
                    .withdrawn(self.shell, &seen.state, Withdrawal::Merged, &self.at()?)
                    .await?
                    .recounted(self.store, &seen.state.seller, recounts)?;
                changed_thread(commit, key, &thread, &next)?.inquiry(self.store, Some(&other), absorbed)?.inquiry(
                    self.store,
                    Some(&seen),
                    merged,
                )
            })
            .await
    }

    /// RTE-6: the seller settles it with the customer itself.
    pub async fn hand_over(&self) -> Result<Answer, Failure> {
        let reason = reason(&self.request.body)?;
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let (key, thread) = self.thread(&seen.state).await?;
                let family = self.topic_of(&seen.state)?.family;
                let handed = seen.state.hand_over(&self.associate, reason, family, &thread.state, &self.at()?)?;
                let answer = self.changed(&seen, &handed.outcome)?;
                let commit = self.commit(&answer)?;
                let commit = commit.withdrawn(self.shell, &seen.state, Withdrawal::HandedToSeller, &self.at()?).await?;
                changed_thread(commit, key, &thread, &handed.thread)?.inquiry(self.store, Some(&seen), handed.outcome)
            })
            .await
    }

    async fn thread(&self, inquiry: &Inquiry) -> Result<(Key, Seen<Thread>), Failure> {
        let key = Key::thread(&self.store.id, &inquiry.order, &inquiry.seller);
        let thread = self.shell.store.get::<Thread>(&key).await?;
        let gone = || Failure::Fault(format!("the thread of order {} is gone", inquiry.order));
        Ok((key, thread.ok_or_else(gone)?))
    }
}

/// The thread, written where it has changed, and else as it was read.
pub fn changed_thread(commit: Commit, key: Key, seen: &Seen<Thread>, next: &Thread) -> Result<Commit, Failure> {
    if *next == seen.state {
        Ok(commit.unchanged_since(key, Some(seen.version)))
    } else {
        commit.state(key, Some(seen.version), next)
    }
}
