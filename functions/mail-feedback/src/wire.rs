//! An event as the configuration set publishes it: which mail, and what became of it.

use domain::{
    at::Instant,
    id::NoticeId,
    mail::{Fate, Report},
};
use shell::{failure::Failure, fields::Fields};

/// What SES says of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The notice that it was tagged with.
    pub notice: NoticeId,
    /// Where it was sent. A bounce names an address too, which is another one where mail is forwarded.
    pub address: String,
    /// The name that SES gave it.
    pub message_id: String,
    /// What became of it.
    pub report: Report,
}

/// The longest text that is read.
const LONGEST: usize = 320;

/// Reads an event.
pub fn read(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let report = report(&fields);
    let mail = fields.object("mail");
    let said = mail.and_then(|mail| {
        let (message_id, address) = (mail.text("messageId", LONGEST), only(&mail, "destination"));
        let notice = mail.object("tags").and_then(|tags| only(&tags, "notice"));
        Some((notice?, address?, message_id?))
    });
    fields.build(|| {
        let ((notice, address, message_id), report) = (said?, report?);
        Some(Said { notice, address, message_id, report })
    })
}

/// The one entry of a list: a mail of ours goes to one address, for one notice.
fn only<T: std::str::FromStr<Err: std::fmt::Display>>(fields: &Fields, name: &str) -> Option<T> {
    let one = fields.ids(name, 1)?.pop();
    if one.is_none() {
        fields.wrong(name, "is missing");
    }
    one
}

fn report(fields: &Fields) -> Option<Report> {
    let since = |part: &str| fields.object(part)?.instant("timestamp");
    let (fate, at): (_, Option<Instant>) = match fields.text("eventType", LONGEST)?.as_str() {
        "Delivery" => (Fate::Delivered, since("delivery")),
        "DeliveryDelay" => (Fate::Delayed, since("deliveryDelay")),
        "Bounce" => (bounced(fields)?, since("bounce")),
        "Complaint" => (complained(fields)?, since("complaint")),
        "Reject" => (Fate::Rejected, since("mail")),
        _ => {
            fields.wrong("eventType", "must be one of Delivery, DeliveryDelay, Bounce, Complaint, Reject");
            return None;
        }
    };
    Some(Report { fate, at: at? })
}

/// What SES cannot place may pass as well as a full mailbox, or the answer of somebody on holiday.
fn bounced(fields: &Fields) -> Option<Fate> {
    let kind = fields.object("bounce")?.text("bounceType", LONGEST)?;
    Some(if kind == "Permanent" { Fate::HardBounced } else { Fate::SoftBounced })
}

/// Who reports a mail as no spam takes a complaint back, and has got it.
fn complained(fields: &Fields) -> Option<Fate> {
    let kind = fields.object("complaint")?.text_if_given("complaintFeedbackType", LONGEST);
    Some(if kind.as_deref() == Some("not-spam") { Fate::Delivered } else { Fate::Complained })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(kind: &str, part: &str, said: Value) -> Value {
        let mail = json!({ "timestamp": "2026-08-03T15:00:00.000Z", "messageId": "ses-1",
            "destination": ["li.wei@seller.example"], "tags": { "notice": ["n1"], "ses:from-domain": ["x.example"] } });
        let mut event = json!({ "eventType": kind, "mail": mail });
        event[part] = said;
        event
    }

    fn fate(kind: &str, part: &str, said: Value) -> Fate {
        let said = read(event(kind, part, said).to_string().as_bytes()).unwrap();
        assert_eq!((said.notice.as_str(), said.message_id.as_str()), ("n1", "ses-1"));
        assert_eq!(said.address, "li.wei@seller.example");
        assert_eq!(said.report.at.to_rfc3339(), "2026-08-03T15:00:02.012+00:00");
        said.report.fate
    }

    fn problems(event: &Value) -> String {
        read(event.to_string().as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn ntf_3_each_report_of_ses_is_read_as_what_became_of_the_mail() {
        let at = "2026-08-03T15:00:02.012Z";
        assert_eq!(fate("Delivery", "delivery", json!({ "timestamp": at })), Fate::Delivered);
        let delay = json!({ "timestamp": at, "delayType": "MailboxFull" });
        assert_eq!(fate("DeliveryDelay", "deliveryDelay", delay), Fate::Delayed);
        for (kind, expected) in
            [("Permanent", Fate::HardBounced), ("Transient", Fate::SoftBounced), ("Undetermined", Fate::SoftBounced)]
        {
            // Mail to our address was forwarded to another one, and bounced there.
            let bounce = json!({ "timestamp": at, "bounceType": kind, "bounceSubType": "General",
                "bouncedRecipients": [{ "emailAddress": "other@elsewhere.example" }] });
            assert_eq!(fate("Bounce", "bounce", bounce), expected);
        }
        for (kind, expected) in
            [(json!("abuse"), Fate::Complained), (Value::Null, Fate::Complained), (json!("not-spam"), Fate::Delivered)]
        {
            let complaint = json!({ "timestamp": at, "complaintFeedbackType": kind });
            assert_eq!(fate("Complaint", "complaint", complaint), expected);
        }
    }

    #[test]
    fn a_mail_that_is_not_let_out_is_dated_by_when_it_was_taken() {
        let rejected = event("Reject", "reject", json!({ "reason": "Bad content" }));
        let said = read(rejected.to_string().as_bytes()).unwrap();
        let at = "2026-08-03T15:00:00Z".parse().unwrap();
        assert_eq!(said.report, Report { fate: Fate::Rejected, at });
    }

    #[test]
    fn every_problem_of_an_event_is_named_at_once() {
        let mut none = event("Bounce", "bounce", json!({ "bounceType": 7 }));
        none["mail"]["tags"] = json!({});
        none["mail"]["destination"] = json!([]);
        assert_eq!(
            problems(&none),
            "invalid_input: bounce.bounceType must be a string; mail.destination is missing; mail.tags.notice is missing"
        );
        let opened = event("Open", "open", json!({ "timestamp": "2026-08-03T15:00:02.012Z" }));
        assert_eq!(
            problems(&opened),
            "invalid_input: eventType must be one of Delivery, DeliveryDelay, Bounce, Complaint, Reject"
        );
        let mut two = event("Delivery", "delivery", json!({ "timestamp": "yesterday" }));
        two["mail"]["destination"] = json!(["a@b.example", "c@d.example"]);
        assert!(problems(&two).contains("delivery.timestamp must be a time"), "{}", problems(&two));
        assert!(problems(&two).contains("mail.destination must have at most 1 entries, and has 2"));
    }
}
