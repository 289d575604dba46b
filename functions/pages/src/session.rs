//! Who has signed in. A session is a row, found by the digest of its name; its name is in a cookie and nowhere else. It lasts
//! an hour at most, which is how long somebody who left keeps what a token gave; what a seller's user was granted is read
//! anew for each request. Signing out deletes the row.
//!
//! A name is 32 bytes of chance, and for a user of a seller the seller, so that session and grants are read at one time.
//! Whoever writes another seller into it names a session that is not there.

use crate::cookie;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::{
    at::{Instant, after},
    id::SellerId,
};
use serde::{Deserialize, Serialize};
use shell::{Shell, commit::digest, failure::Failure, http::Request, key::Key};
use std::collections::BTreeMap;

const COOKIE: &str = "__Host-session";
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// What is known of whoever has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What the token said: `sub`, `scope`, and `seller_id` or `stores` and `role`.
    pub claims: BTreeMap<String, String>,
    /// The first instant at which it is over.
    pub until: Instant,
}

/// A session, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    name: String,
    /// What it says.
    pub session: Session,
}

impl Session {
    /// A claim, or nothing.
    #[must_use]
    pub fn claim(&self, name: &str) -> &str {
        self.claims.get(name).map_or("", String::as_str)
    }

    /// Whether its bearer signed in for this.
    #[must_use]
    pub fn is_for(&self, scope: &str) -> bool {
        self.claim("scope").split_whitespace().any(|held| held == scope)
    }
}

impl Named {
    /// What a form of this session carries, which no other site can know.
    #[must_use]
    pub fn form_token(&self) -> String {
        digest(format!("form\n{}", self.name).as_bytes())
    }

    /// Whether a form with this token is one of ours, sent in this session.
    #[must_use]
    pub fn sent(&self, request: &Request, token: &str) -> bool {
        token == self.form_token() && !request.is_from_another_site()
    }
}

/// Begins one; returns the cookie. One `PutItem`.
pub async fn begin(
    shell: &Shell,
    claims: BTreeMap<String, String>,
    now: Instant,
    until: Instant,
) -> Result<String, Failure> {
    let seller = claims.get("seller_id").map_or("", String::as_str);
    let name = format!("{}.{}", URL_SAFE_NO_PAD.encode(shell.chance.bytes()?), URL_SAFE_NO_PAD.encode(seller));
    let until = until.min(after(now, LONGEST));
    shell.store.put_until(&key(&name), &Session { claims, until }, until).await?;
    Ok(cookie(COOKIE, &name, until.signed_duration_since(now).num_seconds()))
}

/// Whether a request names a session, whether there is such a one or not.
#[must_use]
pub fn is_named(request: &Request) -> bool {
    request.cookie(COOKIE).is_some()
}

/// The seller in the name of a request's session, whether there is such a session or not.
#[must_use]
pub fn seller_named(request: &Request) -> Option<SellerId> {
    let (_, seller) = request.cookie(COOKIE)?.split_once('.')?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(seller).ok()?).ok()?.parse().ok()
}

/// The session of a request. One `GetItem` where there is a cookie.
pub async fn read(shell: &Shell, request: &Request) -> Result<Option<Named>, Failure> {
    let Some(name) = request.cookie(COOKIE) else { return Ok(None) };
    let found = shell.store.get::<Session>(&key(name)).await?;
    let live = found.filter(|seen| request.now < seen.state.until);
    Ok(live.map(|seen| Named { name: name.to_owned(), session: seen.state }))
}

/// Ends one, twice is as once; returns the cookie that takes the other away. One `BatchWriteItem`.
pub async fn end(shell: &Shell, named: &Named) -> Result<String, Failure> {
    shell.store.delete(&[key(&named.name)]).await?;
    Ok(cookie(COOKIE, "", 0))
}

fn key(name: &str) -> Key {
    Key::session(&digest(name.as_bytes()))
}
