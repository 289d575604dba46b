//! Which version of a thing a change was asked for on (RFC 9110, 8.8 and 13.1): what is shown says its version in the body
//! and as `ETag`, and whoever changes it says in the body or by `If-Match` which one it saw. And that a route of the
//! contract was given up.

use super::Request;
use crate::{access::GivenUp, fields::Fields};
use aws_lambda_events::http::{HeaderName, HeaderValue};
use chrono::DateTime;
use domain::outcome::Refusal;
use serde_json::Value;

const BODY: &str = "version";
const HEADER: &str = "If-Match";

/// The version that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenVersion {
    number: u64,
    by_header: bool,
}

impl SeenVersion {
    /// The version, as the body or the header of this request names it; what is wrong with it is said of the field.
    #[must_use]
    pub fn of(request: &Request, fields: &Fields) -> Option<Self> {
        let Some(header) = request.if_match.as_deref() else {
            return number(fields).map(|number| Self { number, by_header: false });
        };
        let named = header.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
        if named.is_none() {
            fields.wrong(HEADER, "must be the ETag of what was seen, such as \"7\"");
        }
        if fields.has(BODY) && number(fields) != named {
            fields.wrong(HEADER, "must name the version that the body names");
        }
        named.map(|number| Self { number, by_header: true })
    }

    /// Refuses what was asked for on another version than this, as the one who asked has named it.
    pub fn holds(self, now: u64, code: &'static str, sentence: &str) -> Result<(), Refusal> {
        match self {
            Self { number, .. } if number == now => Ok(()),
            Self { by_header: true, .. } => Err(Refusal::outdated("ACC-2", code, sentence)),
            Self { by_header: false, .. } => Err(Refusal::state("ACC-2", code, sentence)),
        }
    }
}

fn number(fields: &Fields) -> Option<u64> {
    fields.number(BODY, 1..=i64::MAX).and_then(|version| u64::try_from(version).ok())
}

/// The `ETag` of an answer that says its version.
pub(super) fn etag(body: &Value) -> Option<HeaderValue> {
    let version = body.get(BODY)?.as_u64()?;
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// What each answer of a route says that was given up: since when, and when it will be gone.
pub(super) fn given_up(route: GivenUp) -> [(HeaderName, HeaderValue); 2] {
    let gone_at = DateTime::from_timestamp(route.gone_at, 0).unwrap_or_default();
    let headers = [
        ("deprecation", format!("@{}", route.since)),
        ("sunset", gone_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    ];
    headers.map(|(name, text)| {
        let value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        (HeaderName::from_static(name), value)
    })
}
