//! What SES says later of the mails it took: when, how often, in which order, is the seed's choice; some of it comes
//! before the sender has written that the mail was taken, and of some mails nothing is ever said.

use super::{promises::Broken, run::Run};
use crate::{
    cloud::{Mail, locked},
    faults::Attempt,
    reports,
};
use domain::mail::{Fate, Report};
use std::collections::BTreeMap;

/// The queue of what SES says.
pub const FEEDBACK: &str = "FeedbackQueue";
/// The longest that something is said later, in milliseconds.
const LATEST: i64 = 600_000;

/// What was said of one mail.
#[derive(Debug, Clone)]
pub struct Told {
    pub notice: String,
    pub to: String,
    pub report: Report,
}

/// All that was said.
#[derive(Debug, Default)]
pub struct Post {
    /// By the message that says it.
    pub told: BTreeMap<String, Told>,
    /// Addresses of which a hard bounce or a complaint was taken, and how many workers had begun by then.
    suppressed: BTreeMap<String, u64>,
}

impl Run<'_> {
    /// SES has taken these mails.
    pub(super) fn mails_taken(&mut self, mails: &[Mail]) {
        use Fate::{Complained, Delayed, Delivered, HardBounced, Rejected, SoftBounced};
        const LIVES: [(u32, &[Fate]); 8] = [
            (8, &[Delivered]),
            (2, &[]),
            (2, &[Delayed, Delivered]),
            (1, &[Delayed, SoftBounced]),
            (3, &[HardBounced]),
            (1, &[Delivered, HardBounced]),
            (2, &[Delivered, Complained]),
            (1, &[Rejected]),
        ];
        for mail in mails {
            for fate in self.chance.one_of(&LIVES) {
                self.say(mail, *fate);
            }
        }
    }

    fn say(&mut self, mail: &Mail, fate: Fate) {
        let later = [0, self.chance.rng.i64(0..2_000), self.chance.rng.i64(0..LATEST)][self.chance.rng.usize(..3)];
        let when = self.world.cloud.now() + later;
        let at = chrono::DateTime::from_timestamp_millis(when).expect("a time");
        let times = if self.chance.duplicates > 0.0 && self.chance.rng.u8(..4) == 0 { 2 } else { 1 };
        for _ in 0..times {
            let id = self.world.cloud.send(FEEDBACK, reports::of(mail, fate, at).to_string());
            if let Some(message) = locked(&self.world.cloud.queues).get_mut(FEEDBACK).and_then(|all| all.back_mut()) {
                (message.sent, message.visible_at) = (when, when);
            }
            let told = Told { notice: mail.notice.clone(), to: mail.to.clone(), report: Report { fate, at } };
            self.post.told.insert(id, told);
        }
        self.note(|| format!("SES will say {fate:?} of {} in {later} ms", mail.notice));
    }

    /// A batch is done: whoever bounced or complained is known from now on.
    pub(super) fn reports_taken(&mut self, queue: &str, messages: &[String], failed: &[String]) {
        if queue != FEEDBACK {
            return;
        }
        for told in messages.iter().filter(|id| !failed.contains(id)).filter_map(|id| self.post.told.get(id)) {
            if told.report.suppresses() {
                self.post.suppressed.entry(told.to.clone()).or_insert(self.begun);
            }
        }
    }

    /// N4: nobody who has begun since sends to such an address.
    pub(super) fn may_be_mailed(&mut self, worker: u64, attempt: &Attempt) {
        if attempt.operation != "SendRawEmail" {
            return;
        }
        let mut fields = form_urlencoded::parse(attempt.body.as_bytes());
        let to = fields.find(|(name, _)| name == "Destinations.member.1").map(|(_, to)| to.into_owned());
        let to = to.unwrap_or_default();
        if self.post.suppressed.get(&to).is_some_and(|begun| worker > *begun) {
            self.broken.push(Broken::new("N4", &to, "it is mailed again after a hard bounce or a complaint was taken"));
        }
    }
}
