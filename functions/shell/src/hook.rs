//! Webhooks as they leave: laid down beside the transaction of their fact, signed as Standard Webhooks says
//! (<https://www.standardwebhooks.com>), with secrets that lie in the table Secrets and nowhere else. The first webhook makes
//! the first secret; all that are there sign, so that a receiver may know either of two while they are changed. They are read
//! with each webhook, so one that is taken away signs nothing from then on.
//!
//! Where nobody is told, nothing is written.

use crate::{
    Env, Shell,
    commit::{Commit, Item, number, text},
    failure::Failure,
    key::{Key, hook_key},
    store::Found,
    telemetry,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    at::Instant,
    hook::{
        Hook,
        delivery::{Answer, Delivery, State},
    },
};
use ring::hmac;
use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive};

/// What a secret begins with, and how many bytes are behind that.
const PREFIX: &str = "whsec_";
const BYTES: RangeInclusive<usize> = 24..=64;
const VERSION: &str = "v1";

/// Whether the marketplace's systems are told of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    On,
    Off,
}

impl Telling {
    pub(crate) fn from_env(env: &Env) -> Self {
        if env.get("WEBHOOKS").is_some_and(|webhooks| webhooks == "on") { Self::On } else { Self::Off }
    }
}

/// The secrets as they lie in their table.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Secrets {
    secrets: Vec<String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Those that were read together with other things, or the first one, made now.
    pub async fn of(shell: &Shell, found: &Found) -> Result<Self, Failure> {
        let key = Key::hook_secrets();
        if let Some(seen) = found.state::<Self>(&key)? {
            return Ok(seen.state);
        }
        let first = Self { secrets: vec![format!("{PREFIX}{}", STANDARD.encode(shell.chance.bytes()?))] };
        let known = shell.store.begin(&key, &first).await?;
        known.ok_or_else(|| Failure::Transient("the first secret is not there yet".into()))
    }

    /// The signatures of a message of this second, one of each secret.
    fn sign(&self, id: &str, seconds: i64, body: &str) -> Result<String, Failure> {
        let signed = format!("{id}.{seconds}.{body}");
        let signatures = self.secrets.iter().map(|secret| {
            let mac = hmac::sign(&key_of(secret)?, signed.as_bytes());
            Ok(format!("{VERSION},{}", STANDARD.encode(mac)))
        });
        let signatures: Vec<_> = signatures.collect::<Result<_, Failure>>()?;
        if signatures.is_empty() {
            return Err(Failure::Transient("there is no secret to sign webhooks with".into()));
        }
        Ok(signatures.join(" "))
    }
}

/// A secret that is none signs nothing; its text is in no message. Somebody has to mend it, and until then all wait.
fn key_of(secret: &str) -> Result<hmac::Key, Failure> {
    let bytes = secret.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
    let bytes = bytes.filter(|bytes| BYTES.contains(&bytes.len()));
    let bytes =
        bytes.ok_or_else(|| Failure::Transient("a secret of webhooks is no whsec_ with 24 to 64 bytes".into()))?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// Sends a webhook once, signed now: what came back, and until when the receiver asks for patience.
pub async fn send(shell: &Shell, hook: &Hook, secrets: &Secrets) -> Result<(Answer, Option<Instant>), Failure> {
    // A receiver judges by its own clock whether a message is fresh.
    let (id, seconds) = (hook.id.as_str(), shell.clock.machine().timestamp());
    let headers = [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", secrets.sign(id, seconds, &hook.body)?),
    ];
    Ok(shell.receiver.post(headers, &hook.body, shell.clock.wall()).await)
}

/// An alarm counts these lines.
pub fn given_up(delivery: &Delivery) {
    telemetry::given_up(&delivery.hook, delivery.attempts.last().map(|attempt| attempt.answer));
}

impl Commit {
    /// How far a webhook has come, and while it waits, what calls for its next attempt. It stands among those of its store
    /// that have come so far.
    pub fn delivery(self, seen: Option<u64>, delivery: &Delivery) -> Result<Self, Failure> {
        let index = Item::from([
            ("hook_key".to_owned(), text(&hook_key(&delivery.hook.store, delivery.state.name()))),
            ("hook_at".to_owned(), number(delivery.state.at().timestamp_millis())),
        ]);
        let commit = self.indexed_state(Key::hook(&delivery.hook.store, &delivery.hook.id), seen, delivery, index)?;
        match delivery.state {
            State::Waiting { next_at } => commit.calling(&delivery.call(), next_at),
            State::Delivered { .. } | State::GivenUp { .. } => Ok(commit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(texts: &[&str]) -> Secrets {
        Secrets { secrets: texts.iter().map(|text| (*text).to_owned()).collect() }
    }

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    /// The example that the libraries of Standard Webhooks are tested with.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        assert_eq!(secrets(&[SECRET]).sign(ID, 1_614_265_330, BODY), Ok(SIGNATURE.into()));
        assert_ne!(secrets(&[SECRET]).sign(ID, 1_614_265_331, BODY), Ok(SIGNATURE.into()));
        assert_ne!(secrets(&[SECRET]).sign("msg_2", 1_614_265_330, BODY), Ok(SIGNATURE.into()));
        assert_ne!(secrets(&[SECRET]).sign(ID, 1_614_265_330, "{}"), Ok(SIGNATURE.into()));
    }

    #[test]
    fn while_secrets_are_changed_each_of_them_signs() {
        let new = format!("{PREFIX}{}", STANDARD.encode([7; 32]));
        let both = secrets(&[&new, SECRET]).sign(ID, 1_614_265_330, BODY).unwrap();
        let (first, second) = both.split_once(' ').unwrap();
        assert_eq!(secrets(&[&new]).sign(ID, 1_614_265_330, BODY).as_deref(), Ok(first));
        assert_eq!(second, SIGNATURE);
    }

    #[test]
    fn a_secret_that_is_none_signs_nothing_and_no_message_shows_one() {
        let of = |bytes: usize| format!("{PREFIX}{}", STANDARD.encode(vec![7; bytes]));
        assert!(key_of(&of(24)).is_ok() && key_of(&of(64)).is_ok());
        for bad in [of(23), of(65), STANDARD.encode([7; 32]), "whsec_secret!".into(), String::new()] {
            let said = secrets(&[&bad]).sign(ID, 0, BODY).unwrap_err().to_string();
            assert_eq!(said, "a secret of webhooks is no whsec_ with 24 to 64 bytes");
        }
        assert!(secrets(&[]).sign(ID, 0, BODY).is_err());
        assert_eq!(format!("{:?}", secrets(&[SECRET])), "Secrets");
    }
}
