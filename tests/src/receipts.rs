//! A mail that comes in, as SES tells of it once it has put the bytes into the bucket, and as the Mails queue gets it: by the
//! topic's raw delivery, the notification alone.

use crate::{cloud::locked, world::World};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value as Json, json};

/// What SES found of a mail that is all right.
pub const PASSED: [&str; 5] = ["PASS"; 5];

/// A mail on its way in.
#[derive(Debug, Clone)]
pub struct Incoming<'a> {
    /// Its bytes.
    pub raw: &'a str,
    /// The addresses of ours that it was sent to.
    pub to: &'a [&'a str],
    /// The sender of the envelope.
    pub source: &'a str,
    /// What was found: spam, virus, SPF, DKIM, DMARC.
    pub found: [&'a str; 5],
}

/// A mail of plain text.
#[must_use]
pub fn letter(id: &str, from: &str, subject: &str, text: &str) -> String {
    format!("From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}@mail.example>\r\n\r\n{text}\r\n")
}

/// A mail of a person with files: each with its name, its type and its content.
#[must_use]
pub fn with_files(id: &str, from: &str, text: &str, files: &[(&str, &str, &[u8])]) -> String {
    let part = |(name, kind, content): &(&str, &str, &[u8])| {
        format!(
            "--part\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            STANDARD.encode(content)
        )
    };
    let files: String = files.iter().map(part).collect();
    format!(
        "From: {from}\r\nSubject: Photos\r\nMessage-ID: <{id}@mail.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\nContent-Type: text/plain\r\n\r\n{text}\r\n\
         {files}--part--\r\n"
    )
}

/// The same, by a machine that says so.
#[must_use]
pub fn automatic(letter: &str) -> String {
    format!("Auto-Submitted: auto-replied\r\n{letter}")
}

/// The notification of a mail with this name.
#[must_use]
pub fn of(incoming: &Incoming<'_>, name: &str, at: DateTime<Utc>) -> Json {
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let [spam, virus, spf, dkim, dmarc] = incoming.found.map(|status| json!({ "status": status }));
    json!({
        "notificationType": "Received",
        "mail": { "timestamp": at, "source": incoming.source, "messageId": name, "destination": incoming.to,
            "headersTruncated": false, "headers": [], "commonHeaders": {} },
        "receipt": { "timestamp": at, "processingTimeMillis": 412, "recipients": incoming.to,
            "spamVerdict": spam, "virusVerdict": virus, "spfVerdict": spf, "dkimVerdict": dkim, "dmarcVerdict": dmarc,
            "action": { "type": "S3", "topicArn": "arn:aws:sns:eu-west-1:000000000000:ReceiptTopic",
                "bucketName": "MailsBucket", "objectKey": name } },
    })
}

impl World {
    /// The bytes are in the bucket; gives the name of the mail.
    ///
    /// # Panics
    /// If the template has no bucket for them.
    #[must_use]
    pub fn kept_mail(&self, raw: &str) -> String {
        let name = format!("in-{:06}", locked(&self.cloud.arrived).len());
        self.keep_mail(&name, raw);
        name
    }

    /// The bytes are in the bucket under this name.
    ///
    /// # Panics
    /// If the template has no bucket for them.
    pub fn keep_mail(&self, name: &str, raw: &str) {
        let bucket = &self.template.functions["mail-intake"].env["BUCKET_MAILS"];
        locked(&self.cloud.arrived).insert(format!("http://cloud.test/{bucket}/{name}"), raw.to_owned());
    }

    /// A mail comes in, and all that follows. Gives its name.
    pub async fn mail_in(&mut self, incoming: &Incoming<'_>) -> String {
        let name = self.kept_mail(incoming.raw);
        self.cloud.send("MailsQueue", of(incoming, &name, self.now()).to_string());
        self.settle().await;
        name
    }
}
