//! Row 27: what a token may see. Whether it is expired, or for another audience, the gateway says before any of our code
//! runs; what is held here is that every route asks it to, and that our code shows nobody what is another's.

use super::{
    cells,
    edges::{ask, readable},
    marks,
};
use crate::{crash::paused, stories::told::Told};
use serde_json::{Value as Json, json};
use world::template::{PUBLIC, Template};

/// Every route has one scope, and it is that of whom its path serves.
fn every_route_has_the_scope_of_whom_it_serves(method: &str) {
    let mut seen = 0;
    for (package, function) in Template::load().functions {
        for route in function.routes.iter().filter(|route| route.starts_with(method)) {
            let scope = if PUBLIC.contains(&route.as_str()) {
                "public"
            } else if route.contains("/desk/") {
                "desk"
            } else if route.contains("{store}/contacts") {
                "marketplace"
            } else {
                "seller"
            };
            assert_eq!(function.scopes[route], scope, "{package}: {route}");
            seen += 1;
        }
    }
    assert!(seen > 7, "{method}: {seen}");
    let text = std::fs::read_to_string(world::template::path()).unwrap();
    let root: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text).unwrap();
    let auth = &root["Resources"]["Api"]["Properties"]["Auth"];
    assert_eq!(auth["DefaultAuthorizer"], "Jwt");
    let jwt = &auth["Authorizers"]["Jwt"]["JwtConfiguration"];
    assert!(!jwt["issuer"].is_null() && !jwt["audience"].is_null(), "of this issuer, for this audience");
}

/// Tokens that are not for this: none at all, of another kind, of nobody that can be read.
fn others(path: &str) -> Vec<Json> {
    let seller = json!({ "sub": "u", "seller_id": "s1" });
    let mut all = vec![json!({}), json!({ "sub": "u" }), json!({ "scope": "admin", "sub": "root" })];
    if path.contains("/desk/") {
        all.extend([seller, json!({ "sub": "mei", "stores": "DE" }), json!({ "stores": "US" })]);
    } else {
        all.extend([json!({ "sub": "mei", "stores": "US" }), json!({ "sub": "u", "seller_id": "" })]);
        all.push(json!({ "sub": "u", "seller_id": "s1#s2" }));
    }
    all
}

/// What no answer to somebody else may hold.
const SECRETS: [&str; 6] = ["c1@", "CANARY", "s1@", "axle", "o1", "k1"];

fn says_nothing((status, _, body): &(i64, impl Sized, String), allowed: &[i64], what: &str) {
    assert!(allowed.contains(status), "{what}: {status} {body}");
    let mut body: Json = serde_json::from_str(body).unwrap();
    body["request_id"] = Json::Null;
    let body = body.to_string();
    assert!(!SECRETS.iter().any(|secret| body.contains(secret)), "{what}: {body}");
}

async fn readers() {
    let (mut told, reads) = readable().await;
    let mut other = told.registered();
    (other["seller_id"], other["email"]) = (json!("s2"), json!("s2@sellers.example"));
    told.world.fact(other).await;
    for (path, _) in &reads {
        if path.contains("/contacts/") {
            continue; // The marketplace alone has the scope, and may see every contact.
        }
        // A link shows an invitation to whoever has signed in, for whomever.
        let let_in = |claims: &Json| path.contains("/invitations/") && claims["sub"].is_string();
        for claims in others(path).into_iter().filter(|claims| !let_in(claims)) {
            let answer = ask(&told.world, "GET", path, &claims, ("", "")).await;
            says_nothing(&answer, &[401, 403], &format!("{path} {claims}"));
        }
    }
    let stranger = json!({ "sub": "v", "seller_id": "s2" });
    for (path, _) in reads.iter().filter(|(path, _)| !path.contains("/desk/") && !path.contains("/contacts/")) {
        let answer = ask(&told.world, "GET", path, &stranger, ("", "")).await;
        let names_what_is_another_s = ["/orders/", "/case-log/", "/decisions/", "/transfers/", "/claims/"]
            .iter()
            .any(|owned| path.contains(owned));
        says_nothing(&answer, if names_what_is_another_s { &[404] } else { &[200] }, &format!("{path} {stranger}"));
    }
}

async fn writers() {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let before = (told.world.left_behind(), marks(&told.world));
    for (path, body) in [
        ("/enrollment/opt-in".to_owned(), json!({})),
        ("/enrollment/opt-out".to_owned(), json!({})),
        ("/enrollment/terms".to_owned(), json!({ "terms_version": "2026-01" })),
        (format!("/case-log/{request}/reply"), json!({ "text": "t" })),
        ("/decisions/d-listed/return-method".to_owned(), json!({ "method": "refund_without_return" })),
        (format!("/desk/inquiries/{inquiry}/claim"), json!({})),
        (format!("/desk/inquiries/{inquiry}/topic"), json!({ "topic": "quality" })),
        (format!("/desk/inquiries/{inquiry}/requests"), json!({ "kind": "free_text", "text": "t" })),
        (format!("/desk/inquiries/{inquiry}/answer"), json!({ "message": "m" })),
        (
            format!("/desk/inquiries/{inquiry}/decision"),
            json!({ "kind": "decline", "reason": "no_ground", "basis": "b" }),
        ),
    ] {
        let path = format!("/v1/stores/US{path}");
        for claims in others(&path) {
            let answer = ask(&told.world, "POST", &path, &claims, ("key", &body.to_string())).await;
            says_nothing(&answer, &[401, 403], &format!("{path} {claims}"));
        }
        if !path.contains("/desk/") {
            let stranger = json!({ "sub": "v", "seller_id": "s2" });
            let answer = ask(&told.world, "POST", &path, &stranger, ("key", &body.to_string())).await;
            says_nothing(&answer, &[404], &format!("{path} {stranger}"));
        }
    }
    assert_eq!((told.world.left_behind(), marks(&told.world)), before);
}

cells! {
    m27_enr_a_writer_with_another_s_token_is_refused_and_told_nothing => {
        every_route_has_the_scope_of_whom_it_serves("POST");
        paused(writers());
    };
    m27_dsh_a_reader_with_another_s_token_is_refused_and_told_nothing => {
        every_route_has_the_scope_of_whom_it_serves("GET");
        paused(readers());
    };
}
