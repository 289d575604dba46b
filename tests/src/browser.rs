//! A browser, as far as the pages need one: it keeps cookies, goes where it is sent, and sends the forms that it was given.
//! It runs no script, since no page needs one.

use crate::{functions, world::World};
use aws_lambda_events::encodings::Body;
use chrono::TimeDelta;
use form_urlencoded::Serializer;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// How far one is sent on at most.
const FARTHEST: usize = 5;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The status.
    pub status: i64,
    /// The address of the page, after all ways on.
    pub place: String,
    /// Its headers.
    pub headers: BTreeMap<String, String>,
    /// The text.
    pub html: String,
}

/// One browser.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
    /// What it shows.
    last: String,
}

impl Browser {
    /// One in which somebody has signed in, with these claims.
    ///
    /// # Panics
    /// If the session cannot be written.
    pub async fn signed_in(world: &World, claims: &Json) -> Self {
        let shell = world.shell("seller-portal");
        let claims: BTreeMap<String, String> = serde_json::from_value(claims.clone()).expect("claims are texts");
        let now = world.now();
        let cookie = pages::session::begin(shell, claims, now, now + TimeDelta::hours(1)).await.expect("a session");
        let mut browser = Self::default();
        browser.keep(&cookie);
        browser
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, about) = cookie.split_once(';').expect("a cookie says how long it lasts");
        let (name, value) = pair.split_once('=').expect("a cookie has a name");
        if about.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The cookie of this name.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Goes to a page, and on to wherever it is sent within the site.
    pub async fn get(&mut self, world: &mut World, path: &str) -> Seen {
        self.go(world, "GET", path, String::new()).await
    }

    /// A form of the page that it shows, filled in with these fields.
    #[must_use]
    pub fn form(&self, fields: &[(&str, &str)]) -> String {
        let mut form = Serializer::new(String::new());
        for name in ["form", "key"] {
            form.append_pair(name, &hidden(&self.last, name).unwrap_or_default());
        }
        form.extend_pairs(fields).finish()
    }

    /// Sends a form of the page that it shows, and all that follows.
    pub async fn send(&mut self, world: &mut World, path: &str, fields: &[(&str, &str)]) -> Seen {
        let seen = self.go(world, "POST", path, self.form(fields)).await;
        world.settle().await;
        seen
    }

    async fn go(&mut self, world: &mut World, method: &str, path: &str, body: String) -> Seen {
        let mut seen = self.once(world, method, path, &body).await;
        for _ in 0..FARTHEST {
            let Some(next) = seen.headers.get("location").filter(|next| next.starts_with('/')).cloned() else { break };
            world.settle().await;
            seen = self.once(world, "GET", &next, "").await;
        }
        self.last.clone_from(&seen.html);
        seen
    }

    /// One request, which is not followed.
    pub async fn once(&mut self, world: &World, method: &str, path: &str, body: &str) -> Seen {
        self.request(world, method, path, body, &json!({})).await
    }

    /// A form, sent by a page that this browser says is of such a site (`Sec-Fetch-Site`).
    pub async fn sent_from(&mut self, site: &str, world: &World, path: &str, body: &str) -> Seen {
        self.request(world, "POST", path, body, &json!({ "sec-fetch-site": site })).await
    }

    /// # Panics
    /// If the template has no such page, or it answers with something else than text.
    async fn request(&mut self, world: &World, method: &str, path: &str, body: &str, headers: &Json) -> Seen {
        let without_anchor = path.split('#').next().unwrap_or_default();
        let (bare, query) = without_anchor.split_once('?').unwrap_or((without_anchor, ""));
        let (package, route, names) = world.route(|function| &function.pages, method, bare);
        let parameters: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        world.cloud.secrecy.overhear(path, body);
        let mut event = json!({
            "version": "2.0", "routeKey": route, "rawPath": bare, "rawQueryString": query, "cookies": cookies,
            "headers": headers,
            "pathParameters": names, "queryStringParameters": parameters, "body": body, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "0", "apiId": "api", "stage": "$default", "requestId": "page", "routeKey": route, "time": "",
                "timeEpoch": world.cloud.now(), "domainName": "", "domainPrefix": "",
                "http": { "method": method, "path": bare, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "" },
            },
        });
        event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
        let event = serde_json::from_value(event).expect("a request of the gateway");
        let work = functions::page(&package, world.shell(&package), event);
        let response = world.cloud.secrecy.reading_the_log(work).await;
        for cookie in &response.cookies {
            self.keep(cookie);
        }
        let html = match response.body {
            Some(Body::Text(text)) => text,
            other => panic!("a page of text, not {other:?}"),
        };
        if package == "seller-portal" {
            world.cloud.secrecy.look(&format!("the page {method} {path}"), &html);
        }
        let text = |value: &aws_lambda_events::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = response.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Seen { status: response.status_code, place: path.to_owned(), headers, html }
    }
}

/// The value of a hidden field.
fn hidden(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("<input type=\"hidden\" name=\"{name}\" value=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}
