//! Requests. The first byte chooses the route, the second the caller and the time; the rest of the line is the parts of
//! the path and the query, as in `US/$request?view=all`, the next line the idempotency key, and what follows the body.

use crate::{
    Worth, input,
    past::{OF_S1, OF_S2, WORDS},
    stage::Stage,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json, json};
use world::functions;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// Whom the route is for.
    Own,
    /// Another seller, or the desk of another store.
    Other,
    /// A token that speaks for nobody here.
    Nobody,
}

impl Caller {
    fn claims(self, package: &str) -> Json {
        match (self, package) {
            (_, "survey-api") => Json::Null,
            (Self::Nobody, _) => json!({ "sub": "nobody" }),
            (_, "contact-api") => json!({ "sub": "marketplace" }),
            (Self::Own, "desk-api" | "desk-lead") => json!({ "sub": "mei", "stores": "US BR", "role": "lead" }),
            (Self::Own, "claim-desk" | "data-desk" | "dispute-desk") => {
                json!({ "sub": "lea", "stores": "US BR", "role": "lead" })
            }
            (Self::Other, "claim-desk" | "data-desk" | "dispute-desk" | "desk-api" | "desk-lead") => {
                json!({ "sub": "hans", "stores": "DE", "role": "lead" })
            }
            (Self::Own, _) => json!({ "sub": "user-of-s1", "seller_id": "s1" }),
            (Self::Other, _) => json!({ "sub": "user-of-s2", "seller_id": "s2" }),
        }
    }

    /// What its answer may not hold.
    fn never(self, package: &str) -> &'static [&'static str] {
        match (self, package) {
            (Self::Own, "data-desk" | "desk-api" | "desk-lead") => &[],
            (Self::Own, "case-log-api" | "account-api" | "claim-api" | "claim-desk") => &[OF_S2, WORDS],
            (Self::Other, "case-log-api" | "account-api" | "claim-api") => &[OF_S1, WORDS],
            _ => &[OF_S1, OF_S2, WORDS],
        }
    }
}

/// A request, and what its answer may not hold.
struct Asked {
    event: Json,
    never: &'static [&'static str],
}

pub fn take(stage: &mut Stage, package: &str, bytes: &[u8]) -> Worth {
    let asked = if input::is_event(bytes) {
        let Ok(event) = serde_json::from_slice(bytes) else { return Worth::Reject };
        let event: Json = event;
        // A gateway writes several values of one name into one text; what reads the event falls over a list of none.
        let query = event["queryStringParameters"].as_object();
        if query.is_some_and(|query| query.values().any(|value| !value.is_string())) {
            return Worth::Reject;
        }
        Asked { event, never: &[] }
    } else {
        read(stage, package, bytes)
    };
    let Some(first) = answered(stage, package, &asked.event) else { return Worth::Reject };
    check(package, &asked, &first, bytes);
    let written = stage.written();
    let again = answered(stage, package, &asked.event).expect("it was an event before");
    assert_eq!(first, again, "{package}: the same request is answered alike");
    assert_eq!(written, stage.written(), "{package}: a request that is repeated writes nothing");
    Worth::Keep
}

fn answered(stage: &Stage, package: &str, event: &Json) -> Option<Json> {
    let event = serde_json::from_value(event.clone()).ok()?;
    let response = stage.wait(async |world| functions::http(package, world.shell(package), event).await);
    Some(serde_json::to_value(response).expect("plain data"))
}

fn read(stage: &Stage, package: &str, bytes: &[u8]) -> Asked {
    let routes = functions::routes(package);
    let route = routes.get(input::choice(bytes.first()) % routes.len()).map_or("", |route| route.name);
    let how = input::choice(bytes.get(1));
    let caller = match how & 3 {
        0 | 3 => Caller::Own,
        1 => Caller::Other,
        _ => Caller::Nobody,
    };
    stage.later(input::delay(how >> 2));
    let plain = input::named(bytes.get(2..).unwrap_or_default(), &stage.names);
    let (place, rest) = input::split(&plain, b'\n');
    let (key, body) = input::split(rest, b'\n');
    let (path, query) = input::split(place, b'?');
    let (method, shape) = route.split_once(' ').unwrap_or_default();

    let (_, mut event) = stage.world.event(method, shape, &caller.claims(package), "", "");
    let mut parts = path.split(|byte| *byte == b'/').map(input::text);
    let mut names = Map::new();
    let raw_path = shape.split('/').map(|step| match step.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
        Some(name) => {
            let part = parts.next().unwrap_or_default();
            names.insert(name.to_owned(), json!(part));
            part
        }
        None => step.to_owned(),
    });
    event["rawPath"] = json!(raw_path.collect::<Vec<_>>().join("/"));
    event["pathParameters"] = Json::Object(names);
    let query: Map<_, _> =
        form_urlencoded::parse(query).map(|(name, value)| (name.into_owned(), json!(value))).collect();
    event["queryStringParameters"] = Json::Object(query);
    let key: String = key.iter().filter(|byte| (b' '..0x7f).contains(*byte)).map(|byte| char::from(*byte)).collect();
    event["headers"]["idempotency-key"] = json!(key);
    if let Ok(text) = std::str::from_utf8(body) {
        event["body"] = json!(text);
    } else {
        event["body"] = json!(STANDARD.encode(body));
        event["isBase64Encoded"] = json!(true);
    }
    Asked { event, never: caller.never(package) }
}

fn check(package: &str, asked: &Asked, response: &Json, bytes: &[u8]) {
    let route = asked.event["routeKey"].as_str().unwrap_or_default();
    let said = response["body"].as_str().unwrap_or_else(|| panic!("{package}: no text in {response}"));
    let kind = response["headers"]["content-type"].as_str().unwrap_or_default();
    let table = kind.starts_with("text/csv");
    let body: Json = if table {
        Json::Null
    } else {
        serde_json::from_str(said).unwrap_or_else(|error| panic!("{package}: {error} in {said}"))
    };
    let status = response["statusCode"].as_i64().unwrap_or_default();
    let unrouted = !functions::routes(package).iter().any(|known| known.name == route);
    assert!((200..500).contains(&status) || (status == 500 && unrouted), "{route}: {response}");
    if status >= 400 {
        assert_eq!(kind, "application/problem+json", "{route}: {response}");
        assert_eq!(body["status"], status, "{route}: {body}");
        for name in ["type", "title"] {
            assert!(body[name].as_str().is_some_and(|text| !text.is_empty()), "{route}: no {name} in {body}");
        }
    } else {
        assert!(table || kind == "application/json", "{route}: {response}");
    }
    if [400, 413, 422].contains(&status) {
        let errors = body["errors"].as_array().filter(|errors| !errors.is_empty());
        for error in errors.unwrap_or_else(|| panic!("{route}: no field is named in {body}")) {
            for name in ["field", "problem"] {
                assert!(error[name].as_str().is_some_and(|text| !text.is_empty()), "{route}: no {name} in {body}");
            }
        }
    }
    assert_eq!(input::leaked(asked.never, said, bytes), None, "{route}: {said}");
}
