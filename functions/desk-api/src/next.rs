//! The next inquiry for an associate (RTE-7): of what waits, in the order of the queue, the first that fits.

use crate::{Desk, queue};
use domain::{
    associate::{PerChannel, Profile, nothing_waits},
    inquiry::Inquiry,
    outcome::Refusal,
};
use shell::{
    commit::Answer,
    failure::Failure,
    key::{Key, Table, holder_key},
    record::{channel_of, inquiry_key},
    store::IndexRange,
};

impl Desk<'_> {
    /// What waits longest and fits is claimed. The queue may lag: what it shows is read again, and what somebody took
    /// meanwhile is passed over.
    pub async fn next(&self) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let (store, at) = (&self.store.id, self.at()?);
                let profile = self.shell.store.get::<Profile>(&Key::profile(store, &self.associate)).await?;
                let unknown = || Refusal::state("RTE-7", "no_profile", "A lead has to set your profile first.");
                let profile = profile.ok_or_else(unknown)?.state;
                let load = self.load().await?;
                for shown in queue::load(self.shell, store).await? {
                    let topic = self.topic_of(&shown)?;
                    if !profile.fits(&shown, topic, &load, self.store, at.now) {
                        continue;
                    }
                    let seen = self.shell.store.get::<Inquiry>(&inquiry_key(&shown)).await?;
                    let Some(seen) = seen.filter(|seen| seen.state.id == shown.id) else { continue };
                    let Ok(outcome) = seen.state.hand_to(&profile, topic, &load, self.store, &at) else { continue };
                    let answer = self.changed(&seen, &outcome)?;
                    return self.commit(&answer)?.inquiry(self.store, Some(&seen), outcome);
                }
                Err(nothing_waits().into())
            })
            .await
    }

    /// How many of each channel the associate works on.
    async fn load(&self) -> Result<PerChannel, Failure> {
        let hash = holder_key(&self.store.id, &self.associate);
        let range = IndexRange {
            table: Table::Inquiries,
            index: "holder",
            hash: ("holder_key", &hash),
            until: None,
            newest_first: false,
        };
        let mut load = PerChannel::new();
        let count = |item: &_| {
            if let Some(channel) = channel_of(item) {
                let count = load.entry(channel).or_default();
                *count = count.saturating_add(1);
            }
            Ok(())
        };
        self.shell.store.each_key(&range, count).await?;
        Ok(load)
    }
}
