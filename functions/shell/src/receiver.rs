//! The marketplace's own system, which webhooks go to: one address of the installation. A request goes there once, in its own
//! time, follows nobody who sends it on, and reads nothing of the answer but its status and when to come back.
//!
//! Not here: when it is tried again (the domain's), and how a message is signed ([`crate::hook`]).

use crate::{
    Env,
    public::{NotPublic, Resolver, is_public},
};
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::{
    dns::ResolveDnsError,
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    at::{Instant, after},
    hook::delivery::{Answer, NoAnswer},
};
use http::Uri;
use std::{error::Error, iter::successors, net::IpAddr, time::Duration};
use tokio::time::timeout;

/// A receiver has so long to say that it has it.
const PATIENCE: Duration = Duration::from_secs(10);
const ADDRESS: &str = "WEBHOOK_URL";
const PRIVATE: &str = "WEBHOOK_PRIVATE";

/// The way to it.
#[derive(Debug, Clone)]
pub struct Receiver {
    address: String,
    private_too: bool,
    connector: Option<SharedHttpConnector>,
}

/// A connector that goes to addresses of the public Internet alone, unless these surroundings allow others; none where there
/// is no receiver.
#[must_use]
pub fn connector(tls: aws_smithy_http_client::tls::Provider, env: &Env) -> Option<SharedHttpConnector> {
    env.get(ADDRESS).filter(|address| !address.is_empty())?;
    let resolver = Resolver { private_too: private_too(env) };
    Some(SharedHttpConnector::new(Connector::builder().tls_provider(tls).build_with_resolver(resolver)))
}

fn private_too(env: &Env) -> bool {
    env.get(PRIVATE).is_some_and(|private| private == "allow")
}

impl Receiver {
    pub(crate) fn new(connector: Option<SharedHttpConnector>, env: &Env) -> Self {
        Self { address: env.get(ADDRESS).cloned().unwrap_or_default(), private_too: private_too(env), connector }
    }

    /// One request with these headers and this body, as JSON: what came back, and until when the receiver asks for patience.
    pub async fn post(
        &self,
        headers: [(&'static str, String); 3],
        body: &str,
        now: Instant,
    ) -> (Answer, Option<Instant>) {
        match timeout(PATIENCE, self.ask(headers, body, now)).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(why)) => (Answer::Error(why), None),
            Err(_) => (Answer::Error(NoAnswer::TimedOut), None),
        }
    }

    async fn ask(
        &self,
        headers: [(&'static str, String); 3],
        body: &str,
        now: Instant,
    ) -> Result<(Answer, Option<Instant>), NoAnswer> {
        let connector = self.connector.as_ref().ok_or(NoAnswer::NoAddress)?;
        fits(&self.address, self.private_too)?;
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").map_err(|_| NoAnswer::NoAddress)?;
        request.set_uri(self.address.as_str()).map_err(|_| NoAnswer::NoAddress)?;
        request.headers_mut().insert("content-type", "application/json");
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
        let answer = connector.call(request).await.map_err(|error| why(&error))?;
        let status = Answer::Status(answer.status().as_u16());
        let asked = answer.headers().get("retry-after").filter(|_| status.may_ask_for_patience());
        Ok((status, asked.and_then(|asked| until(asked, now))))
    }
}

/// Whether a request may go to this address, as far as can be said before its name is looked up.
fn fits(address: &str, private_too: bool) -> Result<(), NoAnswer> {
    let uri: Uri = address.parse().map_err(|_| NoAnswer::NoAddress)?;
    let (scheme, host) = (uri.scheme_str(), uri.host().ok_or(NoAnswer::NoAddress)?);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match scheme {
        Some("https") => {}
        Some("http") if private_too => {}
        Some(_) => return Err(NoAnswer::AddressRefused),
        None => return Err(NoAnswer::NoAddress),
    }
    // What is written in figures is not looked up.
    let refused = host.parse().is_ok_and(|address: IpAddr| !is_public(address)) && !private_too;
    if refused { Err(NoAnswer::AddressRefused) } else { Ok(()) }
}

/// Why there is no answer, from the whole chain of reasons.
fn why(error: &(dyn Error + 'static)) -> NoAnswer {
    let chain: Vec<_> = successors(Some(error), |error: &&'_ (dyn Error + 'static)| Error::source(*error)).collect();
    if chain.iter().any(|error| error.is::<NotPublic>()) {
        NoAnswer::AddressRefused
    } else if chain.iter().any(|error| error.is::<ResolveDnsError>()) {
        NoAnswer::Unresolved
    } else {
        NoAnswer::Broken
    }
}

/// RFC 9110, 10.2.3: seconds from now, or a date.
fn until(asked: &str, now: Instant) -> Option<Instant> {
    let seconds = asked.trim().parse::<u32>().map(|seconds| after(now, TimeDelta::seconds(seconds.into())));
    seconds.ok().or_else(|| DateTime::parse_from_rfc2822(asked.trim()).ok().map(|date| date.with_timezone(&Utc)))
}

#[cfg(test)]
mod tests;
