//! Signed links: whoever has the link of a mail may do the one thing that it names, until its end. What a link names is
//! signed (HMAC-SHA-256) with a key that lies in the table Secrets and nowhere else: in no code, no environment, no parameter,
//! no queue and no log. The first link makes the key; a process reads it once and keeps it.
//!
//! The item holds a list: its first key signs, all of them are good. To rotate, a new one is put in front, and the old one
//! is taken away when the last link that it signed has ended (`infra/README.md`).
//!
//! Not here: whether a link was used before. That is the state of what it names.

use crate::{
    chance::{BYTES, Chance},
    failure::Failure,
    key::Key,
    store::Store,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::DateTime;
use domain::{at::Instant, outcome::Refusal};
use ring::hmac;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

const MAC_BYTES: usize = 32;
/// Between the parts of what is signed; no id holds it.
const SEPARATOR: char = '\n';

/// What a link is for. One that was signed for something else opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// INS-3: to answer a survey.
    Survey,
    /// ACC-1: to become a user of a seller. It lets nobody in by itself: who takes it has a token.
    Invitation,
    /// NTF-1: to be mailed no more of a kind.
    Unsubscribe,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Invitation => "invitation",
            Self::Unsubscribe => "mail",
        }
    }
}

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// The first instant at which it is good for nothing any more.
    pub until: Instant,
    /// The ids of what it opens.
    pub ids: Vec<String>,
}

impl Link {
    /// What is signed.
    fn said(&self) -> String {
        let head = [self.purpose.name().to_owned(), self.until.timestamp_millis().to_string()];
        let parts: Vec<_> = head.iter().chain(&self.ids).map(String::as_str).collect();
        parts.join(&SEPARATOR.to_string())
    }

    fn read(purpose: Purpose, said: &[u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(said).ok()?.split(SEPARATOR);
        if parts.next()? != purpose.name() {
            return None;
        }
        let until = DateTime::from_timestamp_millis(parts.next()?.parse().ok()?)?;
        Some(Self { purpose, until, ids: parts.map(str::to_owned).collect() })
    }
}

/// The keys as they lie in their table, in base 64; the first one signs.
#[derive(Serialize, Deserialize)]
struct Keys {
    keys: Vec<String>,
}

/// The links of a process.
#[derive(Clone)]
pub struct Links {
    chance: Chance,
    known: Arc<RwLock<Vec<hmac::Key>>>,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links")
    }
}

impl Links {
    /// Links whose first key comes from this chance.
    #[must_use]
    pub fn new(chance: Chance) -> Self {
        Self { chance, known: Arc::default() }
    }

    /// Knows no key any more, as a process that has just begun: for who plays many processes with one.
    pub fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The text that stands in an address for this link.
    pub async fn sign(&self, store: &Store, link: &Link) -> Result<String, Failure> {
        let said = link.said();
        let signed = [self.mac(store, &said).await?.as_ref(), said.as_bytes()].concat();
        Ok(URL_SAFE_NO_PAD.encode(signed))
    }

    /// What only we can say of this text.
    pub(crate) async fn mac(&self, store: &Store, said: &str) -> Result<hmac::Tag, Failure> {
        let mut keys = self.known();
        if keys.is_empty() {
            keys = self.fetch(store).await?;
        }
        if keys.is_empty() {
            keys = self.begin(store).await?;
        }
        let key = keys.first().ok_or_else(|| Failure::Fault("there is no key for links".into()))?;
        Ok(hmac::sign(key, said.as_bytes()))
    }

    /// Whether one of our keys says so of what was signed. One that is not known here may have been made since, so the table
    /// is asked before anybody is turned away.
    pub(crate) async fn is_ours(&self, store: &Store, fits: impl Fn(&hmac::Key) -> bool) -> Result<bool, Failure> {
        Ok(self.known().iter().any(&fits) || self.fetch(store).await?.iter().any(&fits))
    }

    /// What a link says that was signed for this; whatever else comes is as absent.
    pub async fn read(&self, store: &Store, purpose: Purpose, text: &str) -> Result<Link, Failure> {
        let unseen = || Failure::from(Refusal::unseen(purpose.name()));
        let signed = URL_SAFE_NO_PAD.decode(text).map_err(|_| unseen())?;
        let (mac, said) = signed.split_at_checked(MAC_BYTES).ok_or_else(unseen)?;
        let link = Link::read(purpose, said).ok_or_else(unseen)?;
        let ours = self.is_ours(store, |key| hmac::verify(key, said, mac).is_ok()).await?;
        if ours { Ok(link) } else { Err(unseen()) }
    }

    fn known(&self) -> Vec<hmac::Key> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn fetch(&self, store: &Store) -> Result<Vec<hmac::Key>, Failure> {
        self.learn(store.get::<Keys>(&Key::link_keys()).await?.map(|seen| seen.state))
    }

    /// The first key of all.
    async fn begin(&self, store: &Store) -> Result<Vec<hmac::Key>, Failure> {
        let first = Keys { keys: vec![STANDARD.encode(self.chance.bytes()?)] };
        self.learn(store.begin(&Key::link_keys(), &first).await?)
    }

    fn learn(&self, found: Option<Keys>) -> Result<Vec<hmac::Key>, Failure> {
        let texts = found.map_or_else(Vec::new, |found| found.keys);
        let keys: Vec<_> = texts.iter().map(|text| key_of(text)).collect::<Result<_, _>>()?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).clone_from(&keys);
        Ok(keys)
    }
}

/// A key that is too short to be one signs nothing; its text is in no message.
fn key_of(text: &str) -> Result<hmac::Key, Failure> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() >= BYTES);
    let bytes = bytes.ok_or_else(|| Failure::Fault("a key of links is no 32 bytes in base 64".into()))?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        let until = "2026-08-18T15:00:00Z".parse().unwrap();
        Link { purpose: Purpose::Survey, until, ids: vec!["US".into(), "6h2b0y5tkz1wq8r4n9m3c7v0xd".into()] }
    }

    #[test]
    fn ins_3_a_link_is_read_back_as_it_was_signed_and_not_for_another_purpose() {
        let said = link().said();
        assert_eq!(said, "survey\n1787065200000\nUS\n6h2b0y5tkz1wq8r4n9m3c7v0xd");
        assert_eq!(Link::read(Purpose::Survey, said.as_bytes()), Some(link()));
        assert_eq!(Link::read(Purpose::Invitation, said.as_bytes()), None);
        for other in ["reply\n1787065200000\nUS", "survey", "survey\nx\nUS", ""] {
            assert_eq!(Link::read(Purpose::Survey, other.as_bytes()), None, "{other}");
        }
        assert_eq!(Link::read(Purpose::Survey, &[0xff, 0xfe]), None);
    }

    #[test]
    fn a_key_that_is_too_short_signs_nothing_and_no_message_shows_one() {
        assert!(key_of(&STANDARD.encode([7; 32])).is_ok());
        for bad in [STANDARD.encode([7; 31]), "secret!".into(), String::new()] {
            let said = key_of(&bad).unwrap_err().to_string();
            assert_eq!(said, "a key of links is no 32 bytes in base 64");
        }
        assert_eq!(format!("{:?}", Links::new(Chance::system())), "Links");
    }
}
