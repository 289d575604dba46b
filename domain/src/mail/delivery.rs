//! How far a mail has come, for whoever wrote what it says.

use super::{Fate, State};
use serde::Serialize;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// It has not left.
    Waiting,
    /// It was taken, and nothing is known of it since.
    Sent,
    /// The receiver's server has it.
    Delivered,
    /// It did not arrive.
    Bounced {
        /// Why.
        why: Undelivered,
    },
    /// There is nobody to mail, or nobody who may be mailed.
    Suppressed,
    /// It may have arrived or not.
    Unknown,
}

/// Why a mail did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Undelivered {
    /// There is no such address, or it takes nothing from us.
    HardBounced,
    /// Not for now, for so long that it is no longer tried.
    SoftBounced,
    /// It was not let out.
    Rejected,
}

impl Delivery {
    /// Of a notice that was found like this.
    #[must_use]
    pub const fn of(found: Option<&State>) -> Self {
        match found {
            None | Some(State::Waiting { .. } | State::Sending(_)) => Self::Waiting,
            Some(State::Suppressed { .. }) => Self::Suppressed,
            Some(State::Refused { .. }) => Self::Bounced { why: Undelivered::Rejected },
            Some(State::Unknown) => Self::Unknown,
            Some(State::Sent { became: None, .. }) => Self::Sent,
            Some(State::Sent { became: Some(report), .. }) => match report.fate {
                Fate::Delayed => Self::Sent,
                Fate::SoftBounced => Self::Bounced { why: Undelivered::SoftBounced },
                Fate::Rejected => Self::Bounced { why: Undelivered::Rejected },
                Fate::HardBounced => Self::Bounced { why: Undelivered::HardBounced },
                Fate::Delivered | Fate::Complained => Self::Delivered,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mail::{Answer, Attempt, Mail, Owner, Report},
        testing::monday,
    };

    #[test]
    fn n2_each_end_of_a_mail_is_told_as_what_it_means_for_who_wrote_it() {
        let mail = Mail { to: "ana@mail.example".into(), mime: String::new() };
        let owner = Owner { message: "m".into(), delivery: 1, since: monday() };
        let attempt = Attempt { mail: mail.clone(), number: 1, owner };
        let why = String::from("MessageRejected");
        for state in [None, Some(State::Waiting { mail, attempts: 0 }), Some(State::Sending(attempt.clone()))] {
            assert_eq!(Delivery::of(state.as_ref()), Delivery::Waiting);
        }
        assert_eq!(Delivery::of(Some(&State::Suppressed { why: why.clone() })), Delivery::Suppressed);
        assert_eq!(Delivery::of(Some(&State::Unknown)), Delivery::Unknown);
        let refused = attempt.answered(Answer::Refused(why), true);
        assert_eq!(Delivery::of(Some(&refused)), Delivery::Bounced { why: Undelivered::Rejected });
        let sent = attempt.answered(Answer::Accepted("ses-1".into()), true);
        assert_eq!(Delivery::of(Some(&sent)), Delivery::Sent);
    }

    #[test]
    fn ntf_3_what_was_reported_of_a_mail_is_told_as_what_it_means_for_who_wrote_it() {
        let told = |fate| {
            let became = Some(Report { fate, at: monday() });
            Delivery::of(Some(&State::Sent { message_id: "ses-1".into(), became }))
        };
        assert_eq!(told(Fate::Delayed), Delivery::Sent, "it is still tried");
        assert_eq!(told(Fate::SoftBounced), Delivery::Bounced { why: Undelivered::SoftBounced });
        assert_eq!(told(Fate::Rejected), Delivery::Bounced { why: Undelivered::Rejected });
        assert_eq!(told(Fate::HardBounced), Delivery::Bounced { why: Undelivered::HardBounced });
        assert_eq!([Fate::Delivered, Fate::Complained].map(told), [Delivery::Delivered; 2], "who complains has it");
    }
}
