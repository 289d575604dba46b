//! Bad input and foreign eyes, against the handlers: each answer names the field, and nothing is stored.

mod csv;
mod data;
mod days;
mod edge;
mod input;
mod mails;
mod parked;
mod queue;
mod reasons;
mod retention;
mod search;
mod transfers;
mod unnamed;
mod users;
mod watched;

use crate::stories::told::Told;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::{Value as Json, json};
use shell::key::BUCKET;
use std::collections::BTreeMap;
use world::{World, functions};

/// A world with the seller `s1`, its order `o1`, and another seller `s2`.
async fn told() -> Told {
    let mut told = Told::begun();
    let mut other = told.registered();
    other["seller_id"] = json!("s2");
    told.world.facts([other]).await;
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    told
}

/// Every item of every table, but for how many changes a seller may still ask for at once: what is refused counts there.
fn stored(world: &World) -> BTreeMap<String, Vec<Json>> {
    let lasting = |table: &String| world.items(table).into_iter().filter(|item| item["sk"]["S"] != BUCKET).collect();
    world.template.tables.keys().map(|table| (table.clone(), lasting(table))).collect()
}

/// The answer to a request that has these headers too.
async fn answer(
    told: &Told,
    (method, path): (&str, &str),
    claims: &Json,
    headers: Json,
    body: &str,
) -> ApiGatewayV2httpResponse {
    let key = headers["idempotency-key"].as_str().unwrap_or("k").to_owned();
    let (package, mut event) = told.world.event(method, &format!("/v1/stores/US{path}"), claims, &key, body);
    event["headers"].as_object_mut().unwrap().extend(headers.as_object().cloned().unwrap_or_default());
    let event: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
    let work = functions::http(&package, told.world.shell(&package), event);
    told.world.cloud.secrecy.reading_the_log(work).await
}

/// The bytes of an answer, its headers included.
pub async fn bytes(told: &Told, method: &str, path: &str, claims: &Json, body: &str) -> String {
    serde_json::to_string(&answer(told, (method, path), claims, json!({}), body).await).unwrap()
}

#[tokio::test]
async fn acc_3_what_belongs_to_another_seller_is_byte_for_byte_what_does_not_exist() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let stranger = json!({ "sub": "user-of-s2", "seller_id": "s2" });
    let before = stored(&told.world);
    for (method, foreign, absent, body) in [
        ("GET", format!("/case-log/{request}"), "/case-log/00000000000000000000000000", ""),
        (
            "POST",
            format!("/case-log/{request}/reply"),
            "/case-log/00000000000000000000000000/reply",
            r#"{"text":"Hi."}"#,
        ),
        ("GET", "/orders/o1".to_owned(), "/orders/o-none", ""),
    ] {
        let own = json!({ "sub": "user-of-s1", "seller_id": "s1" });
        if method == "GET" {
            assert!(
                bytes(&told, method, &foreign, &own, body).await.contains("\"statusCode\":200"),
                "{foreign} is there"
            );
        }
        let (foreign, absent) = (
            bytes(&told, method, &foreign, &stranger, body).await,
            bytes(&told, method, absent, &stranger, body).await,
        );
        assert!(foreign.contains("\"statusCode\":404"), "{foreign}");
        assert_eq!(foreign, absent);
    }
    let log = bytes(&told, "GET", "/case-log?view=all", &stranger, "").await;
    assert!(log.contains(r#"\"requests\":[]"#), "{log}");
    let by_case = bytes(&told, "GET", &format!("/case-log?case_id={inquiry}"), &stranger, "").await;
    let by_no_case = bytes(&told, "GET", "/case-log?case_id=none", &stranger, "").await;
    assert_eq!(by_case, by_no_case);
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn acc_3_a_statement_is_the_token_s_own_and_one_that_was_never_kept_is_like_that_of_no_seller() {
    let mut told = told().await;
    told.world.facts([told.shipped("o1")]).await;
    let of = |seller: &str| json!({ "sub": "u", "seller_id": seller });
    assert!(bytes(&told, "GET", "/statements/2026Q3/units", &of("s1"), "").await.contains("o1"));
    assert!(!bytes(&told, "GET", "/statements/2026Q3/units", &of("s2"), "").await.contains("o1"), "s2 sold nothing");
    let (nobody, never) = (
        bytes(&told, "GET", "/statements/2026Q3", &of("nobody"), "").await,
        bytes(&told, "GET", "/statements/2031Q1", &of("s1"), "").await,
    );
    assert!(nobody.contains("\"statusCode\":404"), "{nobody}");
    assert_eq!(nobody, never);
}

#[tokio::test]
async fn acc_2_a_token_that_speaks_for_nobody_here_is_forbidden_whatever_it_asks() {
    let told = told().await;
    let before = stored(&told.world);
    let nobody = json!({ "sub": "u" });
    let unreadable = json!({ "sub": "u", "seller_id": "s1 OR 1=1" });
    let elsewhere = json!({ "sub": "mei", "stores": "DE USA" });
    for (method, path, claims) in [
        ("GET", "/enrollment", &nobody),
        ("GET", "/enrollment/preview", &nobody),
        ("GET", "/enrollment", &unreadable),
        ("POST", "/enrollment/opt-in", &nobody),
        ("GET", "/orders/o1", &nobody),
        ("GET", "/case-log", &nobody),
        ("GET", "/statements/2026Q3", &nobody),
        ("GET", "/statements/2026Q3/units", &nobody),
        ("GET", "/statements/2026Q3/contacts", &nobody),
        ("GET", "/forecast", &nobody),
        ("GET", "/desk/queue", &nobody),
        ("GET", "/desk/queue", &elsewhere),
        ("POST", "/desk/inquiries/i/decision", &elsewhere),
    ] {
        let answer = bytes(&told, method, path, claims, "{}").await;
        assert!(answer.contains("\"statusCode\":403"), "{method} {path} {claims}: {answer}");
        assert!(answer.contains("/problems/forbidden") && answer.contains("This token"), "{answer}");
    }
    assert_eq!(stored(&told.world), before);
}

/// X1: whoever opted in while enrolled has changed nothing, and a copy of that request which comes after an opt-out must
/// not enroll the seller again.
#[tokio::test]
async fn x1_a_late_copy_of_a_request_that_changed_nothing_changes_nothing() {
    let mut told = told().await;
    let (path, claims) = ("/v1/stores/US/enrollment/opt-in", json!({ "sub": "user-of-s1", "seller_id": "s1" }));
    let first = told.world.request("POST", path, claims.clone(), "the-copied-key", "{}").await;
    assert_eq!((first.status, &first.body["status"]), (200, &json!("active")));
    assert_eq!(told.as_seller("POST", "/enrollment/opt-out", json!({})).await.status, 200);
    let copy = told.world.request("POST", path, claims, "the-copied-key", "{}").await;
    assert_eq!(copy, first);
    assert_eq!(told.as_seller("GET", "/enrollment", Json::Null).await.body["status"], "not_enrolled");
}

#[tokio::test]
async fn enr_9_a_preview_counts_every_open_inquiry_and_lists_them_a_hundred_at_a_time() {
    let mut told = told().await;
    for n in 0..101 {
        let order = format!("many{n}");
        told.world.fact(told.placed(&order, "seller", told.just_now())).await;
        assert_eq!(told.contact(&format!("k{n}"), Some(&order), "late_delivery").await.status, 202);
    }
    let first = told.as_seller("GET", "/enrollment/preview", Json::Null).await.body["open_inquiries"].clone();
    assert_eq!((&first["count"], first["inquiries"].as_array().unwrap().len()), (&json!(101), 100));
    let next = format!("/enrollment/preview?cursor={}", first["next_cursor"].as_str().unwrap());
    let last = told.as_seller("GET", &next, Json::Null).await.body["open_inquiries"].clone();
    assert_eq!((&last["count"], last["inquiries"].as_array().unwrap().len()), (&json!(101), 1));
    assert_eq!(last["next_cursor"], Json::Null);
    let both = [&first, &last].into_iter().flat_map(|page| page["inquiries"].as_array().unwrap());
    let ids: std::collections::BTreeSet<_> = both.map(|one| one["inquiry_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 101, "each once");
    let theirs = told.as_user_of("s2", "GET", &next, Json::Null).await.body["open_inquiries"].clone();
    assert_eq!((&theirs["count"], &theirs["inquiries"]), (&json!(0), &json!([])), "ACC-3: a cursor names no seller");
}
