//! What the portals share. A portal shows what the functions behind the API answer: it asks them in its own process, by
//! their routes, in the name of whoever has signed in, and decides nothing by itself. So a page, the JSON and the CSV of a
//! thing say the same, and a form does what a request does, once.
//!
//! | module | is |
//! |---|---|
//! | [`sign_in`], [`session`] | who visits: `OpenID` Connect at the issuer, then a cookie and a row |
//! | [`visit`] | one request of a browser: its session, its grants, its form, and the functions it asks |
//! | [`frame`] | what surrounds every page: words, links, times and amounts as people write them |
//! | [`mod@words`], [`codes`] | the words of the frame, and of codes, in English and in Chinese |
//! | [`told`], [`labels`] | what the functions behind the API say is wrong, and of which field, as a page says it |
//! | [`asset`] | style and script, by names that change with their content |
//!
//! Every page holds without a script: what the script adds is counting down, keys, and asking before leaving a text.

pub mod asset;
pub mod codes;
pub mod frame;
pub mod labels;
pub mod session;
pub mod sign_in;
pub mod told;
pub mod visit;
pub mod words;

use askama::Template;
use shell::{failure::Failure, page::Page};

/// Nothing but our own style and script, our own forms, and never inside another page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page with this status.
pub fn page(status: u16, template: &impl Template) -> Result<Page, Failure> {
    let body = template.render().map_err(|error| Failure::Fault(format!("a page cannot be written: {error}")))?;
    let headers = vec![
        ("content-type", "text/html; charset=utf-8".to_owned()),
        ("cache-control", "no-store".to_owned()),
        ("content-security-policy", POLICY.to_owned()),
        ("referrer-policy", "same-origin".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("strict-transport-security", "max-age=31536000".to_owned()),
    ];
    Ok(Page { status, headers, cookies: Vec::new(), body })
}

/// A page whose script may send files to this origin too.
#[must_use]
pub fn uploading_to(origin: &str, mut page: Page) -> Page {
    for (_, value) in page.headers.iter_mut().filter(|(name, _)| *name == "content-security-policy") {
        *value = value.replace("connect-src 'self'", &format!("connect-src 'self' {origin}"));
    }
    page
}

/// The way to another page, which is asked for with GET.
#[must_use]
pub fn see(place: &str) -> Page {
    let headers = vec![("location", place.to_owned()), ("cache-control", "no-store".to_owned())];
    Page { status: 303, headers, cookies: Vec::new(), body: String::new() }
}

/// A cookie that only this host gets, only over TLS, and no script; without a life it is taken away.
fn cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax")
}
