//! What SES says later of a mail that it took, as its configuration set publishes it, and as the Feedback queue gets it:
//! by the topic's raw delivery, the event alone.

use crate::cloud::Mail;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};

/// This became of the mail at this time.
#[must_use]
pub fn of(mail: &Mail, fate: Fate, at: DateTime<Utc>) -> Json {
    about(&mail.notice, &mail.id, &mail.to, fate, at)
}

/// The same of a mail by its names: the notice it is tagged with, SES's own, and where it went.
#[must_use]
pub fn about(notice: &str, id: &str, to: &str, fate: Fate, at: DateTime<Utc>) -> Json {
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let bounce = |kind: &str, sub: &str| {
        json!({ "feedbackId": "f", "bounceType": kind, "bounceSubType": sub, "timestamp": at,
            "bouncedRecipients": [{ "emailAddress": to, "action": "failed", "status": "5.1.1" }] })
    };
    let (kind, part, said) = match fate {
        Fate::Delayed => {
            ("DeliveryDelay", "deliveryDelay", json!({ "timestamp": at, "delayType": "TransientCommunicationFailure" }))
        }
        Fate::SoftBounced => ("Bounce", "bounce", bounce("Transient", "MailboxFull")),
        Fate::Rejected => ("Reject", "reject", json!({ "reason": "Bad content" })),
        Fate::Delivered => ("Delivery", "delivery", json!({ "timestamp": at, "recipients": [to] })),
        Fate::HardBounced => ("Bounce", "bounce", bounce("Permanent", "General")),
        Fate::Complained => {
            let complained = json!([{ "emailAddress": to }]);
            let said = json!({ "feedbackId": "f", "timestamp": at, "complainedRecipients": complained });
            ("Complaint", "complaint", said)
        }
    };
    let mail = json!({ "timestamp": at, "messageId": id, "source": "service@marketplace.example",
        "destination": [to], "headersTruncated": false,
        "tags": { "notice": [notice], "ses:configuration-set": ["MailConfiguration"] } });
    let mut event = json!({ "eventType": kind, "mail": mail });
    event[part] = said;
    event
}
