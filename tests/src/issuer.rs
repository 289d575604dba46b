//! Who signs people in, as far as the pages ask: a discovery document, a code for whoever signs in, and tokens for the code,
//! once, to whoever has the verifier. Its tokens carry no signature: nobody looks at one that the issuer gave itself.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Where it is.
pub const ISSUER: &str = "https://issuer.test";
/// Our name at it.
pub const CLIENT: &str = "csba-portal";

/// Somebody has signed in, and has not come back yet.
#[derive(Debug, Clone)]
struct Grant {
    claims: Json,
    nonce: String,
    challenge: String,
    until: i64,
}

/// The issuer.
#[derive(Debug, Clone, Default)]
pub struct Issuer {
    grants: HashMap<String, Grant>,
}

impl Issuer {
    /// What somebody with these claims does at the address it was sent to; returns the path it comes back by.
    ///
    /// # Panics
    /// If the address asks for anything else than a code with PKCE.
    pub fn sign_in(&mut self, address: &str, claims: &Json, now: i64) -> String {
        let (endpoint, query) = address.split_once('?').expect("a query");
        assert_eq!(endpoint, format!("{ISSUER}/authorize"));
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let fixed = ["response_type", "client_id", "code_challenge_method"].map(|name| asked[name].as_str());
        assert_eq!(fixed, ["code", CLIENT, "S256"]);
        let code = format!("code-{}", self.grants.len());
        let grant = Grant {
            claims: claims.clone(),
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            until: now / 1_000 + 3_600,
        };
        self.grants.insert(code.clone(), grant);
        let (_, path) = asked["redirect_uri"].rsplit_once("/sign-in/").expect("back to where it came from");
        format!("/sign-in/{path}?code={code}&state={}", asked["state"])
    }

    /// What it answers: `GET …` or `POST …` and its form.
    pub fn answer(&mut self, asked: &str) -> (u16, String) {
        let (head, form) = asked.split_once('\n').unwrap_or((asked, ""));
        if head == format!("GET {ISSUER}/.well-known/openid-configuration") {
            let document = json!({
                "issuer": ISSUER,
                "authorization_endpoint": format!("{ISSUER}/authorize"),
                "token_endpoint": format!("{ISSUER}/token"),
            });
            return (200, document.to_string());
        }
        let said: HashMap<String, String> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let grant = said.get("code").and_then(|code| self.grants.remove(code));
        let verifier = said.get("code_verifier").map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
        match grant.filter(|grant| Some(&grant.challenge) == verifier.as_ref()) {
            None => (400, json!({ "error": "invalid_grant" }).to_string()),
            Some(Grant { claims, nonce, until, .. }) => {
                let id = json!({ "iss": ISSUER, "aud": CLIENT, "exp": until, "nonce": nonce, "sub": claims["sub"] });
                let tokens = json!({ "access_token": token(&claims), "id_token": token(&id), "token_type": "Bearer" });
                (200, tokens.to_string())
            }
        }
    }
}

fn token(claims: &Json) -> String {
    format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))
}
