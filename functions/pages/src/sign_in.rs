//! Signing in: the authorization code flow of `OpenID` Connect with PKCE, at the issuer whose tokens the API takes too.
//!
//! What the browser must bring back lies in a cookie of ten minutes: a state (against somebody else's answer), a nonce
//! (against somebody else's token), the verifier (against a stolen code), and where it was going. The tokens come from the
//! issuer itself, over TLS, so their signatures are not looked at (`OpenID` Connect Core 1.0, 3.1.3.7, point 6); issuer,
//! audience, nonce and time are, and that both tokens are of one person and for what was asked.
//!
//! Calls: to begin, one request to the issuer; to finish, two, and one `PutItem`.

use crate::{cookie, see, session};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use domain::outcome::Refusal;
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use shell::{Shell, failure::Failure, http::Request, page::Page};
use std::collections::HashMap;

const COOKIE: &str = "__Host-sign-in";
const SECONDS: i64 = 600;
const ISSUER: &str = "the issuer";
/// Claims of the access token that a session keeps.
const KEPT: [&str; 5] = ["sub", "scope", "seller_id", "stores", "role"];

/// What the browser brings back.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    to: String,
}

/// What of the issuer's discovery document is needed.
#[derive(Debug, Deserialize)]
struct Issuer {
    authorization_endpoint: String,
    token_endpoint: String,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

#[derive(Debug, Deserialize)]
struct IdToken {
    iss: String,
    sub: String,
    aud: Value,
    exp: i64,
    nonce: Option<String>,
}

/// The address at which one signs in to go on to this path.
#[must_use]
pub fn place(to: &str) -> String {
    format!("/sign-in?{}", Serializer::new(String::new()).append_pair("to", to).finish())
}

/// `GET /sign-in?to=/…`: to the issuer, and from there to [`finish`].
pub async fn begin(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let to = request.query::<String>("to")?.filter(|to| is_ours(to)).unwrap_or_else(|| "/".to_owned());
    let fresh = || Ok::<_, Failure>(URL_SAFE_NO_PAD.encode(shell.chance.bytes()?));
    let begun = Begun { state: fresh()?, nonce: fresh()?, verifier: fresh()?, to };
    let scope = format!("openid {}", scope_of(&begun.to));
    let query = Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &shell.sign_in.client)
        .append_pair("redirect_uri", &back(shell))
        .append_pair("scope", &scope)
        .append_pair("state", &begun.state)
        .append_pair("nonce", &begun.nonce)
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&begun.verifier)))
        .append_pair("code_challenge_method", "S256")
        .finish();
    let kept = serde_json::to_vec(&begun).map_err(|error| Failure::Fault(error.to_string()))?;
    let mut page = see(&format!("{}?{query}", issuer(shell).await?.authorization_endpoint));
    page.cookies.push(cookie(COOKIE, &URL_SAFE_NO_PAD.encode(kept), SECONDS));
    Ok(page)
}

/// `GET /sign-in/done?code=…&state=…`: the code becomes tokens, and these a session.
pub async fn finish(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let begun = request.cookie(COOKIE).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let begun: Option<Begun> = begun.and_then(|text| serde_json::from_slice(&text).ok());
    let (state, code) = (request.query::<String>("state")?, request.query::<String>("code")?);
    let begun = begun.filter(|begun| state.as_ref() == Some(&begun.state)).ok_or_else(|| refused("state"))?;
    let code = code.ok_or_else(|| refused("code"))?;
    let form = Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("client_id", &shell.sign_in.client)
        .append_pair("redirect_uri", &back(shell))
        .append_pair("code", &code)
        .append_pair("code_verifier", &begun.verifier)
        .finish();
    let endpoint = issuer(shell).await?.token_endpoint;
    if !is_kept_secret(&endpoint) {
        return Err(Failure::Fault(format!("{ISSUER} would be sent a code without TLS")));
    }
    let reply = shell.web.send(ISSUER, "POST", &endpoint, Some(form)).await?;
    let tokens: Tokens = match reply.status {
        200 => reply.json().ok_or_else(|| Failure::Fault("the issuer's tokens cannot be read".into()))?,
        400..=499 => return Err(refused("code")),
        status => return Err(Failure::Transient(format!("the issuer answered {status}"))),
    };
    let id: IdToken = claims_of(&tokens.id_token)?;
    let for_us = match &id.aud {
        Value::Array(all) => all.iter().any(|one| *one == shell.sign_in.client.as_str()),
        one => *one == shell.sign_in.client.as_str(),
    };
    let said: HashMap<String, Value> = claims_of(&tokens.access_token)?;
    let exp = said.get("exp").and_then(Value::as_i64).map_or(id.exp, |exp| exp.min(id.exp));
    let until = DateTime::from_timestamp(exp, 0).filter(|until| request.now < *until);
    if id.iss != shell.sign_in.issuer || !for_us || id.nonce.as_ref() != Some(&begun.nonce) {
        return Err(refused("token"));
    }
    let says = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
    // Both are of one person, and for what was asked: a session for something else would be sent here again at once.
    if says("sub") != id.sub {
        return Err(refused("token"));
    }
    if !says("scope").split_whitespace().any(|granted| granted == scope_of(&begun.to)) {
        return Err(refused("scope"));
    }
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(|value| (name.to_owned(), value.to_owned()));
    let claims = KEPT.into_iter().filter_map(text).collect();
    let mut page = see(&begun.to);
    page.cookies.push(session::begin(shell, claims, request.now, until.ok_or_else(|| refused("token"))?).await?);
    page.cookies.push(cookie(COOKIE, "", 0));
    Ok(page)
}

/// Where the issuer sends the browser back to.
fn back(shell: &Shell) -> String {
    format!("{}/sign-in/done", shell.portal)
}

async fn issuer(shell: &Shell) -> Result<Issuer, Failure> {
    let place = format!("{}/.well-known/openid-configuration", shell.sign_in.issuer.trim_end_matches('/'));
    let reply = shell.web.send(ISSUER, "GET", &place, None).await?;
    reply.json().ok_or_else(|| Failure::Transient(format!("{ISSUER} cannot be discovered: {}", reply.status)))
}

fn refused(what: &str) -> Failure {
    let sentence =
        format!("Signing in did not work, or took more than ten minutes. Please begin again (sign_in_{what}).");
    Refusal::input("ACC-2", "sign_in_failed", sentence).into()
}

fn claims_of<T: DeserializeOwned>(token: &str) -> Result<T, Failure> {
    let said = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let said = said.and_then(|said| serde_json::from_slice(&said).ok());
    said.ok_or_else(|| Failure::Fault("a token of the issuer cannot be read".into()))
}

/// What somebody has to be granted for the page at this path.
fn scope_of(to: &str) -> &'static str {
    let path = to.split('?').next().unwrap_or_default();
    if path.split('/').any(|part| part == "desk") { "desk" } else { "seller" }
}

/// Whether nobody on the way reads what is sent there: over TLS, or on the machine itself and in tests.
fn is_kept_secret(endpoint: &str) -> bool {
    let endpoint = endpoint.to_ascii_lowercase();
    if endpoint.starts_with("https://") {
        return true;
    }
    let Some(rest) = endpoint.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let last = host.rsplit_once('.').map_or("", |(_, last)| last);
    let is_here = ["127.0.0.1", "localhost"].contains(&host) || ["localhost", "test"].contains(&last);
    // What stands before an @ is no host.
    is_here && !authority.contains('@')
}

/// A path of this site: nothing that a browser takes for another host.
fn is_ours(to: &str) -> bool {
    to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && to.chars().all(|c| !c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        for ours in ["/", "/stores/US/case-log?view=all", "/stores/US/desk/queue"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "stores"] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn a_code_is_sent_over_tls_or_not_beyond_this_machine() {
        for good in ["https://issuer.example/t", "http://127.0.0.1:9/token", "http://localhost", "http://a.test/t"] {
            assert!(is_kept_secret(good), "{good}");
        }
        let host_in_disguise = "http://localhost:x@evil.example/";
        for bad in ["http://issuer.example/token", host_in_disguise, "http://eviltest/", "ftp://a.test", ""] {
            assert!(!is_kept_secret(bad), "{bad}");
        }
    }

    #[test]
    fn the_desk_asks_for_its_own_scope_by_its_path_alone() {
        let pages = ["/", "/stores/US/orders?order_id=/desk/", "/stores/US/desk/queue", "/stores/US/desk/find?x=1"];
        assert_eq!(pages.map(scope_of), ["seller", "seller", "desk", "desk"]);
    }

    #[test]
    fn a_token_is_read_by_its_middle_part() {
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(br#"{"sub":"ann"}"#));
        let said: HashMap<String, Value> = claims_of(&token).unwrap();
        assert_eq!(said["sub"], "ann");
        for bad in ["", "x", "x.y", "x.!.y"] {
            assert!(claims_of::<Value>(bad).is_err(), "{bad}");
        }
    }
}
