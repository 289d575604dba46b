//! The HTTP edge: an API Gateway event (payload 2.0) in, JSON or `application/problem+json` out. The gateway has
//! routed and checked the token already; a handler matches on the route key.

mod asking;
mod pace;
mod version;

pub use version::SeenVersion;

use crate::{
    Shell,
    access::{self, Route},
    clock::{ANSWER, time_left},
    commit::{Answer, Commit, Fact},
    failure::{Failure, Problem, known_store},
    store::{Committed, FACT_CONFLICT, attempts},
    telemetry,
};
use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    http::{HeaderMap, HeaderValue, header},
};
use base64::Engine;
use chrono::DateTime;
use domain::{
    at::{Actor, At, Instant},
    book::Book,
    id::{SellerId, StoreId},
    outcome::RefusalKind,
    store::Store,
};
use futures_util::FutureExt;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::HashMap, fmt::Display, panic::AssertUnwindSafe, str::FromStr, time::Duration};
use tokio::time::timeout;

/// No body is larger.
pub const LARGEST_BODY: usize = 64 * 1024;
const LONGEST_KEY: usize = 128;

/// A request that the gateway let through.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `METHOD /path/{with}/{names}`, as in the template.
    pub route: String,
    /// The body, decoded.
    pub body: Vec<u8>,
    /// When the gateway took it.
    pub now: Instant,
    /// The gateway's id of it.
    pub id: String,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    claims: HashMap<String, String>,
    raw_path: String,
    raw_query: String,
    cookies: HashMap<String, String>,
    sent_from: Option<String>,
    sent_as: Option<String>,
    idempotency_key: Option<String>,
    if_match: Option<String>,
    accept: String,
}

impl Request {
    pub(crate) fn read(event: ApiGatewayV2httpRequest, shell: &Shell) -> Result<Self, Failure> {
        let context = event.request_context;
        let body = event.body.unwrap_or_default();
        let body = if event.is_base64_encoded {
            let decoded = base64::engine::general_purpose::STANDARD.decode(body);
            decoded.map_err(|_| Failure::bad_field("malformed_json", "body", "is no base64"))?
        } else {
            body.into_bytes()
        };
        if body.len() > LARGEST_BODY {
            let problem = format!("must be at most {LARGEST_BODY} bytes, and has {}", body.len());
            return Err(Failure::bad_field("body_too_large", "body", problem));
        }
        let stamp = DateTime::from_timestamp_millis(context.time_epoch).unwrap_or_default();
        let jwt = context.authorizer.and_then(|authorizer| authorizer.jwt);
        let accept = event.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let accept = accept.collect::<Vec<_>>().join(",");
        let header = |name: &str| event.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self {
            accept,
            cookies: cookies(event.cookies.as_deref(), &event.headers),
            sent_from: header("sec-fetch-site"),
            sent_as: header("sec-fetch-mode"),
            idempotency_key: header("idempotency-key"),
            if_match: header("if-match"),
            route: event.route_key.unwrap_or_default(),
            body,
            now: shell.clock.event(stamp),
            id: context.request_id.unwrap_or_default(),
            path: event.path_parameters,
            query: event.query_string_parameters.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            claims: jwt.map(|jwt| jwt.claims).unwrap_or_default(),
            raw_path: event.raw_path.unwrap_or_default(),
            raw_query: event.raw_query_string.unwrap_or_default(),
        })
    }

    /// A part of the path.
    pub fn path<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T, Failure> {
        let part = self.path.get(name).map_or("", String::as_str);
        part.parse().map_err(|error: T::Err| Failure::bad_field("invalid_input", name, error.to_string()))
    }

    /// A parameter of the query, if it is there.
    pub fn query<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Failure> {
        let parse = |text: &String| {
            text.parse().map_err(|error: T::Err| Failure::bad_field("invalid_input", name, error.to_string()))
        };
        self.query.get(name).map(parse).transpose()
    }

    /// Whether the caller would rather have CSV than JSON (RFC 9110, 12.5.1). Who wants neither gets JSON.
    #[must_use]
    pub fn wants_csv(&self) -> bool {
        weight(&self.accept, "text/csv") > weight(&self.accept, "application/json")
    }

    /// A cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Whether a browser says that a page of another site sent it (Fetch Metadata).
    #[must_use]
    pub fn is_from_another_site(&self) -> bool {
        self.sent_from.as_deref().is_some_and(|from| !["same-origin", "none"].contains(&from))
    }

    /// Whether a browser says that it goes to this page from another one of this site: by a link, or by a form that
    /// asks with GET (Fetch Metadata).
    #[must_use]
    pub fn is_from_a_page_of_ours(&self) -> bool {
        self.sent_from.as_deref() == Some("same-origin") && self.sent_as.as_deref() == Some("navigate")
    }

    /// The path as it was asked for.
    #[must_use]
    pub fn raw_path(&self) -> &str {
        &self.raw_path
    }

    /// The query as it was asked for, without its question mark; empty where there is none.
    #[must_use]
    pub fn raw_query(&self) -> &str {
        &self.raw_query
    }

    /// The store of the path.
    pub fn store<'a>(&self, book: &'a Book) -> Result<&'a Store, Failure> {
        let id: StoreId = self.path("store")?;
        known_store(book, &id)
    }

    /// What the token says of its bearer.
    pub(crate) fn claim<T: FromStr>(&self, name: &str) -> Option<T> {
        self.claims.get(name)?.parse().ok()
    }

    /// The token's subject.
    #[must_use]
    pub fn user(&self) -> String {
        self.claim("sub").unwrap_or_default()
    }

    /// The circumstances of a decision that this request asks for.
    pub fn at(&self, actor: Actor) -> Result<At, Failure> {
        Ok(At { now: self.now, actor, cause: self.fact()?.cause() })
    }

    /// What the request's `Idempotency-Key` stands for: this caller for this seller, on this route, with this path, body and
    /// version that was seen.
    pub fn fact(&self) -> Result<Fact, Failure> {
        let key = self.idempotency_key.as_deref().unwrap_or_default();
        let visible = !key.is_empty() && key.len() <= LONGEST_KEY && key.bytes().all(|b| b.is_ascii_graphic());
        if !visible {
            let problem =
                format!("is needed: 1 to {LONGEST_KEY} visible ASCII characters, the same when it is sent again");
            return Err(Failure::bad_field("idempotency_key_needed", "Idempotency-Key", problem));
        }
        let asked = [self.raw_path.as_bytes(), &self.body];
        let content = asked.into_iter().chain(self.if_match.as_deref().map(str::as_bytes));
        let content = content.collect::<Vec<_>>().join(&b'\n');
        // One user may speak for two sellers, and neither hears what the other was answered.
        let seller = self.claim::<SellerId>("seller_id").map(String::from).unwrap_or_default();
        Ok(Fact::new(format!("http#{seller}#{}", self.user()), format!("{}#{key}", self.route), &content))
    }

    /// Decides and commits, again after a lost race; a replay gets the answer of the first time, also where the rules
    /// would say something else by now, or what it names is not clear any more. A request that changes nothing is
    /// committed like any other: its copy that comes late must not change anything either.
    pub async fn write(
        &self,
        shell: &Shell,
        decide: impl AsyncFnMut() -> Result<Commit, Failure>,
    ) -> Result<Answer, Failure> {
        self.write_once(shell, &self.fact()?, decide).await.map_err(key_reused)
    }

    /// The same for a fact that has a name of its own, whoever tells it and under whatever key. Another content under that
    /// name is a [`FACT_CONFLICT`], which the caller puts into words.
    pub async fn write_once(
        &self,
        shell: &Shell,
        fact: &Fact,
        mut decide: impl AsyncFnMut() -> Result<Commit, Failure>,
    ) -> Result<Answer, Failure> {
        self.keeps_pace(shell).await?;
        let written = attempts(&self.id, async || {
            let commit = decide().await?.audited(&self.id)?;
            let answer = commit.answer.clone();
            match shell.store.commit(&commit).await? {
                Committed::Now => Ok(answer),
                Committed::Before(first) => Ok(first),
            }
        })
        .await;
        match written {
            Ok(answer) => answer.ok_or_else(|| Failure::Fault(format!("{} was written without an answer", self.route))),
            Err(failure @ (Failure::Refused(_) | Failure::BadInput { .. })) => {
                shell.store.answered(fact).await?.flatten().ok_or(failure)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// The gateway takes cookies out of the headers; what stands in for it on a developer's machine leaves them there.
fn cookies(taken_out: Option<&[String]>, headers: &HeaderMap) -> HashMap<String, String> {
    let left: Vec<_> = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    let all = taken_out.into_iter().flatten().map(String::as_str).chain(left).flat_map(|line| line.split(';'));
    all.filter_map(|cookie| cookie.trim().split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

/// How much an `Accept` header wants a type, in thousandths: by the range that names it most closely.
fn weight(accept: &str, wanted: &str) -> u16 {
    let closeness = |range: &str| match range.split_once('/') {
        _ if range.eq_ignore_ascii_case(wanted) => Some(2),
        Some((of, "*")) if wanted.split('/').next().is_some_and(|kind| of.eq_ignore_ascii_case(kind)) => Some(1),
        Some(("*", "*")) => Some(0),
        _ => None,
    };
    let ranges = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let close = closeness(parts.next()?)?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((close, quality.map_or(Some(1000), thousandths)?))
    });
    ranges.max_by_key(|(close, _)| *close).map_or(0, |(_, weight)| weight)
}

/// `0.85` as 850; nothing else than 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let known = ["0", "1"].contains(&whole) && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    format!("{whole}{part:0<3}").parse().ok().filter(|weight| known && *weight <= 1000)
}

/// The same name with another content is, to whoever sends requests, a key that was taken twice.
fn key_reused(failure: Failure) -> Failure {
    match failure {
        Failure::BadInput { code: FACT_CONFLICT, .. } => {
            let problem = "was used for another path or body before; a new request needs a new key";
            Failure::bad_field("idempotency_key_reused", "Idempotency-Key", problem)
        }
        other => other,
    }
}

impl Answer {
    /// A body with this status.
    pub fn new(status: u16, body: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_value(body).map_err(|error| Failure::Fault(error.to_string()))?;
        Ok(Self { status, body, csv: None })
    }

    /// 200 and a body.
    pub fn ok(body: &impl Serialize) -> Result<Self, Failure> {
        Self::new(200, body)
    }
}

/// No handler of this function knows the route: the template sends something here that the code does not have.
pub fn unrouted(request: &Request) -> Result<Answer, Failure> {
    Err(Failure::Fault(format!("no handler for {}", request.route)))
}

/// One event, answered: before the invocation ends, and so before the gateway gives up. Whether its caller may have this
/// route is asked first; the handler hears of nobody else.
pub async fn run(
    shell: &Shell,
    event: ApiGatewayV2httpRequest,
    time_left: Duration,
    routes: &[Route],
    handle: &impl AsyncFn(&Shell, &Request) -> Result<Answer, Failure>,
) -> ApiGatewayV2httpResponse {
    let id = event.request_context.request_id.clone().unwrap_or_default();
    let route = event.route_key.clone().unwrap_or_default();
    let known = routes.iter().find(|known| known.name == route);
    // Reading the event is inside: what panics there is answered as well.
    let work = Box::pin(async {
        let request = Request::read(event, shell)?;
        match access::ask(shell, &request, known).await? {
            Some(answer) => Ok(answer),
            None => handle(shell, &request).await,
        }
    });
    let mut response = match in_time(time_left, work).await {
        Ok(answer) => {
            telemetry::answered(&route, answer.status, None);
            answered(answer)
        }
        Err(failure) => {
            telemetry::answered(&route, status(&failure), Some(&failure));
            failed(&failure, &id)
        }
    };
    let given_up = known.and_then(|known| known.given_up);
    response.headers.extend(given_up.into_iter().flat_map(version::given_up));
    response
}

/// What comes of this work before the invocation ends, also where it panics.
pub(crate) async fn in_time<T>(
    time_left: Duration,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match timeout(time_left.saturating_sub(ANSWER), AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(Failure::Fault("the handler panicked".into())),
        Err(_) => Err(Failure::Transient("the time of the invocation is over".into())),
    }
}

/// The status that a failure is answered with.
#[must_use]
pub fn status(failure: &Failure) -> u16 {
    match failure {
        Failure::BadInput { code: "malformed_json", .. } => 400,
        Failure::BadInput { code: "body_too_large", .. } => 413,
        Failure::BadInput { .. } => 422,
        Failure::Refused(refusal) => match refusal.kind {
            RefusalKind::State | RefusalKind::NotYet => 409,
            RefusalKind::Input => 422,
            RefusalKind::Unseen => 404,
            RefusalKind::Forbidden => 403,
            RefusalKind::Outdated => 412,
            RefusalKind::TooFast { .. } => 429,
        },
        Failure::Stale | Failure::Transient(_) => 503,
        Failure::Fault(_) => 500,
    }
}

/// In how many seconds asking again may help, if it may.
fn retry_after(failure: &Failure) -> Option<u32> {
    match failure {
        Failure::Stale | Failure::Transient(_) => Some(2),
        Failure::Refused(refusal) => match refusal.kind {
            RefusalKind::TooFast { seconds } => Some(seconds),
            RefusalKind::State
            | RefusalKind::NotYet
            | RefusalKind::Input
            | RefusalKind::Unseen
            | RefusalKind::Forbidden
            | RefusalKind::Outdated => None,
        },
        Failure::BadInput { .. } | Failure::Fault(_) => None,
    }
}

/// RFC 9457. The inside of a fault stays inside; its log line has the same request id.
fn problem(failure: &Failure, status: u16, request_id: &str) -> Value {
    let (code, title, detail) = match failure {
        Failure::BadInput { code, .. } => (*code, "The input is not right", failure_detail(failure)),
        Failure::Refused(refusal) => (refusal.code, "The rules do not allow it", refusal.sentence.clone()),
        Failure::Stale | Failure::Transient(_) => {
            ("try_again", "Not now", "Please send the request again in a moment, with the same Idempotency-Key.".into())
        }
        Failure::Fault(_) => {
            ("fault", "Our fault", "Something went wrong on our side. Try it once more; if it fails again, tell us the request id, by which we find it.".into())
        }
    };
    let mut body = json!({
        "type": format!("/problems/{code}"), "title": title, "status": status, "detail": detail, "request_id": request_id,
    });
    let extra: Vec<(&str, Value)> = match failure {
        Failure::BadInput { problems, .. } => vec![("errors", json!(problems))],
        Failure::Refused(refusal) if refusal.unmet.is_empty() => vec![("rule", json!(refusal.rule))],
        Failure::Refused(refusal) => vec![("rule", json!(refusal.rule)), ("unmet", json!(refusal.unmet))],
        Failure::Stale | Failure::Transient(_) | Failure::Fault(_) => Vec::new(),
    };
    if let Some(object) = body.as_object_mut() {
        object.extend(extra.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    body
}

fn failure_detail(failure: &Failure) -> String {
    let Failure::BadInput { problems, .. } = failure else { return String::new() };
    let say = |Problem { field, problem }: &Problem| format!("{field} {problem}");
    problems.iter().map(say).collect::<Vec<_>>().join("; ")
}

fn answered(answer: Answer) -> ApiGatewayV2httpResponse {
    let Some(csv) = answer.csv else {
        let mut response = response(answer.status, "application/json", answer.body.to_string());
        response.headers.extend(version::etag(&answer.body).map(|etag| (header::ETAG, etag)));
        return response;
    };
    let mut response = response(answer.status, "text/csv; charset=utf-8; header=present", csv.text);
    let link = csv.next.and_then(|query| HeaderValue::from_str(&format!("<?{query}>; rel=\"next\"")).ok());
    response.headers.extend(link.map(|link| (header::LINK, link)));
    response
}

fn failed(failure: &Failure, request_id: &str) -> ApiGatewayV2httpResponse {
    let status = status(failure);
    let mut response = response(status, "application/problem+json", problem(failure, status, request_id).to_string());
    response.headers.extend(retry_after(failure).map(|seconds| (header::RETRY_AFTER, seconds.into())));
    response
}

fn response(status: u16, kind: &'static str, body: String) -> ApiGatewayV2httpResponse {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    response.headers = headers;
    response.body = Some(Body::Text(body));
    response
}

/// Serves a function's routes until Lambda ends the process.
pub async fn serve(
    routes: &'static [Route],
    handle: impl AsyncFn(&Shell, &Request) -> Result<Answer, Failure>,
) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle) = (&shell, &handle);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        Ok::<_, lambda_runtime::Error>(run(shell, event.payload, time_left(&event.context), routes, handle).await)
    }))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ins_4_csv_is_given_to_whoever_wants_it_more_than_json() {
        for (accept, csv) in [
            ("", false),
            ("*/*", false),
            ("text/csv", true),
            ("TEXT/CSV", true),
            ("text/*", true),
            ("application/json", false),
            ("text/csv, application/json", false),
            ("text/csv, application/json;q=0.999", true),
            ("text/csv;q=0.9, */*;q=0.8", true),
            ("text/csv;q=0.8, */*;q=0.9", false),
            ("text/csv; q=0, */*", false),
            ("text/csv;header=present;q=0.5, application/json;q=0.25", true),
            ("text/csv;q=2, application/json;q=0.5", false),
            ("image/png", false),
        ] {
            let request = Request { accept: accept.to_owned(), ..Request::default() };
            assert_eq!(request.wants_csv(), csv, "{accept}");
        }
    }

    #[test]
    fn a_weight_is_read_exactly_or_not_at_all() {
        let read =
            ["1", "1.000", "0", "0.8", "0.85", "0.001", "1.1", "2", "0.0001", "-1", ".5", "", "0.x"].map(thousandths);
        let known = [1000, 1000, 0, 800, 850, 1].map(Some).into_iter().chain([None; 7]).collect::<Vec<_>>();
        assert_eq!(read.to_vec(), known);
    }
}
