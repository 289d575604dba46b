//! The marketplace's own system, as webhooks reach it: it keeps what it took, and answers as a test wants it to.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::{Value as Json, json};
use std::collections::VecDeque;

/// Where it is.
pub const RECEIVER: &str = "https://hooks.marketplace.example/csba";

/// A webhook as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`, in seconds.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body.
    pub body: String,
}

impl Webhook {
    /// What it says.
    ///
    /// # Panics
    /// If that is no JSON.
    #[must_use]
    pub fn says(&self) -> Json {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> String {
        self.says()["type"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether somebody who knows this secret has signed it: one of its signatures is by it.
    ///
    /// # Panics
    /// If it is no secret.
    #[must_use]
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base 64");
        let signed = format!("{}.{}.{}", self.id, self.timestamp, self.body);
        let mac = STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &bytes), signed.as_bytes()));
        self.signature.split(' ').any(|signature| signature.strip_prefix("v1,") == Some(&mac))
    }
}

/// Who is told.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    /// What it took, in order.
    pub took: Vec<Webhook>,
    /// What it answers next, one status for each request; after that it takes what comes.
    pub answers: VecDeque<u16>,
    /// What it answers to everything, if it takes nothing.
    pub always: Option<u16>,
}

impl Receiver {
    /// What is asked over the wire, as one text.
    #[must_use]
    pub fn asked(header: impl Fn(&str) -> String, body: &str) -> String {
        let [id, timestamp, signature] =
            ["id", "timestamp", "signature"].map(|name| header(&format!("webhook-{name}")));
        json!({ "id": id, "timestamp": timestamp, "signature": signature, "body": body }).to_string()
    }

    /// One request. What is taken is kept.
    pub fn answer(&mut self, asked: &str) -> (u16, String) {
        let status = self.always.or_else(|| self.answers.pop_front()).unwrap_or(204);
        if (200..300).contains(&status) {
            let asked: Json = serde_json::from_str(asked).expect("what was asked");
            let text = |name: &str| asked[name].as_str().expect("text").to_owned();
            let timestamp = text("timestamp").parse().expect("seconds");
            self.took.push(Webhook { id: text("id"), timestamp, signature: text("signature"), body: text("body") });
        }
        (status, String::new())
    }
}
