//! Pages. The first byte chooses the page, the second who visits and the time; the rest of the line is the parts of the path
//! and the query, and what follows is the form. Whoever has signed in sends the token of its session with it.

use crate::{
    Worth, input,
    past::{OF_S2, WORDS},
    stage::Stage,
};
use serde_json::{Value as Json, json};
use shell::commit::digest;
use world::{browser::Browser, functions};

const SESSION: &str = "__Host-session";

pub fn take(stage: &mut Stage, package: &str, bytes: &[u8]) -> Worth {
    if input::is_event(bytes) {
        return event(stage, package, bytes);
    }
    let pages = functions::pages(package);
    let route = pages.get(input::choice(bytes.first()) % pages.len()).map_or("", |route| route.name);
    let how = input::choice(bytes.get(1));
    let visitor = if how & 3 == 2 { Browser::default() } else { signed_in(stage, package) };
    stage.later(input::delay(how >> 2));
    let plain = input::named(bytes.get(2..).unwrap_or_default(), &stage.names);
    let (place, form) = input::split(&plain, b'\n');
    let (method, path) = route.split_once(' ').unwrap_or_default();
    let path = address(path, place);
    let token = visitor.cookie(SESSION).map(|name| digest(format!("form\n{name}").as_bytes()));
    let form = format!("form={}&{}", token.unwrap_or_default(), input::text(form));
    let form = if method == "GET" { String::new() } else { form };

    let first = asked(stage, &visitor, method, &path, &form);
    assert!(matches!(first.status, 200..500), "{route}: {first:?}");
    if package == "seller-portal" {
        assert_eq!(input::leaked(&[OF_S2, WORDS], &first.html, bytes), None, "{route}: {first:?}");
    }
    // Signing in and out leave a session or none, and so do not end alike.
    if !route.contains("/sign") {
        let written = stage.written();
        let again = asked(stage, &visitor, method, &path, &form);
        assert_eq!(first.status, again.status, "{route}: the same form is answered alike: {}", again.html);
        assert_eq!(written, stage.written(), "{route}: a form that is repeated writes nothing");
    }
    Worth::Keep
}

fn asked(stage: &Stage, visitor: &Browser, method: &str, path: &str, form: &str) -> world::browser::Seen {
    let mut visitor = visitor.clone();
    stage.wait(async |world| visitor.once(world, method, path, form).await)
}

/// An event as the gateway brings it.
fn event(stage: &Stage, package: &str, bytes: &[u8]) -> Worth {
    let Ok(event) = serde_json::from_slice::<Json>(bytes) else { return Worth::Reject };
    let known = functions::pages(package).iter().any(|page| event["routeKey"] == page.name);
    // A gateway writes several values of one name into one text; what reads the event falls over a list of none.
    let query = event["queryStringParameters"].as_object();
    if query.is_some_and(|query| query.values().any(|value| !value.is_string())) {
        return Worth::Reject;
    }
    let Ok(event) = serde_json::from_value(event) else { return Worth::Reject };
    let response = stage.wait(async |world| functions::page(package, world.shell(package), event).await);
    let served = matches!(response.status_code, 200..500) || (response.status_code == 500 && !known);
    assert!(served, "{package}: {response:?}");
    Worth::Keep
}

/// Somebody for whom the pages are.
fn signed_in(stage: &Stage, package: &str) -> Browser {
    let claims = match package {
        "desk-portal" => json!({ "sub": "mei", "scope": "desk", "stores": "US BR", "role": "lead" }),
        _ => json!({ "sub": "user-of-s1", "scope": "seller", "seller_id": "s1" }),
    };
    stage.wait(async |world| Browser::signed_in(world, &claims).await)
}

/// The path of a page with these parts for its names, and the query.
fn address(shape: &str, place: &[u8]) -> String {
    let (path, query) = input::split(place, b'?');
    let mut parts = path.split(|byte| *byte == b'/').map(input::text);
    let steps = shape.split('/').map(|step| {
        if !step.starts_with('{') {
            return step.to_owned();
        }
        let part = parts.next().unwrap_or_default().replace(['?', '#'], "_");
        if part.is_empty() { "-".to_owned() } else { part }
    });
    let path = steps.collect::<Vec<_>>().join("/");
    format!("{path}?{}", input::text(query).replace('#', "_"))
}
