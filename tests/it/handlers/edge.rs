//! What the edge itself says: how fast a seller may write, which version was seen, and which route was given up.

use super::{answer, told};
use crate::stories::{
    told::Told,
    users::{joined, seen_by},
};
use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use shell::{access::Route, commit::Answer};
use std::time::Duration;
use world::facts;

/// A full bucket of the US store.
const AT_ONCE: usize = 60;

fn header<'a>(response: &'a ApiGatewayV2httpResponse, name: &str) -> Option<&'a str> {
    response.headers.get(name).map(|value| value.to_str().unwrap())
}

/// A change of the mails that a user gets, on this version of the account.
async fn choosing(told: &Told, user: &Json, key: usize, version: u64) -> ApiGatewayV2httpResponse {
    let headers = json!({ "idempotency-key": format!("k{key}") });
    let body = json!({ "choices": {}, "version": version });
    answer(told, ("POST", "/mail"), user, headers, &body.to_string()).await
}

#[tokio::test]
async fn acc_2_more_changes_at_once_than_a_seller_may_ask_for_are_told_when_there_is_a_place_again() {
    let mut told = told().await;
    joined(&mut told, json!({})).await;
    let version = seen_by(&mut told, "user-of-s1").await["version"].as_u64().unwrap();
    told.world.pass(TimeDelta::hours(1)).await;
    let (ann, stranger) = (facts::user_of("s1"), facts::user_of("s2"));
    for key in 0..AT_ONCE {
        let taken = choosing(&told, &ann, key, version).await;
        assert_eq!(taken.status_code, 200, "{key}: {:?}", taken.body);
    }
    let refused = choosing(&told, &ann, AT_ONCE, version).await;
    assert_eq!((refused.status_code, header(&refused, "retry-after")), (429, Some("1")), "{:?}", refused.body);
    let said = format!("{:?}", refused.body);
    for text in ["/problems/too_many_changes", "send this one again in a moment, with the same Idempotency-Key."] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert_eq!(answer(&told, ("GET", "/mail"), &ann, json!({}), "").await.status_code, 200, "a read is none");
    let other = answer(&told, ("POST", "/enrollment/opt-out"), &stranger, json!({}), "{}").await;
    assert_ne!(other.status_code, 429, "another seller has a bucket of its own");
    told.world.pass(TimeDelta::seconds(1)).await;
    assert_eq!(choosing(&told, &ann, AT_ONCE, version).await.status_code, 200, "the same request, a second later");
    assert_eq!(choosing(&told, &ann, AT_ONCE + 1, version).await.status_code, 429, "and no other one");
}

#[tokio::test]
async fn acc_2_the_version_that_was_seen_is_named_by_the_body_or_as_the_header_of_the_protocol() {
    let mut told = told().await;
    let bo = joined(&mut told, json!({})).await;
    let ann = facts::user_of("s1");
    let grants = format!("/users/{bo}/grants");
    let home = json!({ "home": "view" });
    let seen = answer(&told, ("GET", "/users"), &ann, json!({}), "").await;
    let etag = header(&seen, "etag").unwrap().to_owned();
    let version: u64 = etag.trim_matches('"').parse().unwrap();
    for (key, header, body, status) in [
        ("a", json!(null), json!({ "grants": home }), 422),
        ("b", json!("7"), json!({ "grants": home }), 422),
        ("c", json!("*"), json!({ "grants": home, "version": version }), 422),
        ("d", json!(etag), json!({ "grants": home, "version": version + 1 }), 422),
        ("e", json!("\"999\""), json!({ "grants": home }), 412),
        ("f", json!("\"999\""), json!({ "grants": home, "version": 999 }), 412),
        ("g", json!(null), json!({ "grants": home, "version": 999 }), 409),
        ("h", json!(etag), json!({ "grants": home }), 200),
        ("h", json!(etag), json!({ "grants": home }), 200),
        ("h", json!("\"999\""), json!({ "grants": home }), 422),
        ("i", json!(etag), json!({ "grants": { "claims": "edit" } }), 412),
        ("j", json!(etag), json!({ "grants": home, "version": version }), 200),
    ] {
        let mut headers = json!({ "idempotency-key": key });
        if !header.is_null() {
            headers["if-match"] = header.clone();
        }
        let got = answer(&told, ("POST", &grants), &ann, headers, &body.to_string()).await;
        assert_eq!(got.status_code, status, "{key} {header} {body}: {:?}", got.body);
    }
    let now = answer(&told, ("GET", "/users"), &ann, json!({}), "").await;
    assert_eq!(header(&now, "etag").unwrap(), format!("\"{}\"", version + 1), "it was changed once");
    let read = answer(&told, ("GET", "/case-log"), &ann, json!({}), "").await;
    assert_eq!(header(&read, "etag"), None, "what has no version names none");
}

#[tokio::test]
async fn a_route_that_was_given_up_says_so_with_each_answer() {
    let told = told().await;
    let routes = [Route::public("GET /v1/surveys/{token}").given_up(1_767_225_600, 1_798_761_600)];
    for (status, expected) in [(200, None), (404, Some("/problems/not_found"))] {
        let (package, event) = told.world.event("GET", "/v1/surveys/t", &json!({}), "k", "");
        let event = serde_json::from_value(event).unwrap();
        let handle = async |_: &shell::Shell, _: &shell::http::Request| match expected {
            None => Answer::ok(&json!({})),
            Some(_) => Err(domain::outcome::Refusal::unseen("survey").into()),
        };
        let work = shell::http::run(told.world.shell(&package), event, Duration::from_secs(3), &routes, &handle);
        let got = told.world.cloud.secrecy.reading_the_log(work).await;
        assert_eq!(got.status_code, status);
        assert_eq!(header(&got, "deprecation"), Some("@1767225600"));
        assert_eq!(header(&got, "sunset"), Some("Fri, 01 Jan 2027 00:00:00 GMT"));
    }
}
