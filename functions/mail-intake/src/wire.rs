//! What SES says of a mail that it has put into the bucket: the notification of its receipt.

use domain::{
    at::Instant,
    received::{Verdict, Verdicts},
};
use serde::Deserialize;
use shell::{failure::Failure, key::Key, queue::Record};

/// A mail that came in.
#[derive(Debug, Deserialize)]
pub struct Arrival {
    /// What SES knows of the mail.
    pub mail: Mail,
    /// What SES found.
    pub receipt: Receipt,
}

/// What SES knows of a mail.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// The name that it gave it.
    pub message_id: String,
    /// The sender of the envelope; empty of reports.
    pub source: Option<String>,
}

/// What SES found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// When it came in.
    pub timestamp: Instant,
    /// The addresses of ours that it was sent to.
    pub recipients: Vec<String>,
    #[serde(default)]
    spam_verdict: Found,
    #[serde(default)]
    virus_verdict: Found,
    #[serde(default)]
    spf_verdict: Found,
    #[serde(default)]
    dkim_verdict: Found,
    #[serde(default)]
    dmarc_verdict: Found,
    /// Where its bytes are.
    pub action: Action,
}

#[derive(Debug, Default, Deserialize)]
struct Found {
    status: Verdict,
}

/// Where the bytes of a mail are.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// In the bucket of mails.
    pub object_key: String,
}

impl Arrival {
    /// Where it is known what became of it.
    pub fn key(&self) -> Key {
        Key::received(&self.mail.message_id)
    }
}

impl Receipt {
    /// What was found.
    pub const fn verdicts(&self) -> Verdicts {
        Verdicts {
            spam: self.spam_verdict.status,
            virus: self.virus_verdict.status,
            spf: self.spf_verdict.status,
            dkim: self.dkim_verdict.status,
            dmarc: self.dmarc_verdict.status,
        }
    }
}

/// The mail that a message tells of.
pub fn read(record: &Record) -> Result<Arrival, Failure> {
    record.read()
}
