//! Users: every wrong field is named, what nobody may is refused, and a refusal stores nothing.

use super::{stored, told};
use crate::stories::{
    told::Told,
    users::{BO, invited, joined, seen_by, taken, user},
};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{Reply, facts};

const ANN: &str = "user-of-s1";

/// By the primary user, who has invited before.
async fn asked(told: &mut Told, path: &str, body: Json) -> Reply {
    user(told, ANN, "POST", path, body).await
}

#[tokio::test]
async fn acc_1_every_field_of_an_invitation_and_of_a_grant_is_named_and_nothing_is_stored() {
    let mut told = told().await;
    let bo = joined(&mut told, json!({})).await;
    let before = stored(&told.world);
    let wrong = json!({ "name": " ", "email": "bo", "grants": { "home": "all", "weather": "view" } });
    for (path, body, expected) in [
        ("/users/invitations", json!({}), &["name", "email", "grants"][..]),
        ("/users/invitations", wrong, &["name", "email", "grants.home"]),
        (
            "/users/invitations",
            json!({ "name": "x".repeat(101), "email": BO, "grants": { "weather": "view", "claim": "view" } }),
            &["name", "grants.claim", "grants.weather"],
        ),
        ("/users/invitations", json!({ "name": "Bo", "email": BO, "grants": ["home"] }), &["grants"]),
        ("/users/{}/grants", json!({}), &["grants", "version"]),
        ("/users/{}/grants", json!({ "grants": { "home": "view" }, "version": 0 }), &["version"]),
        ("/users/{}/remove", json!({ "version": "1" }), &["version"]),
        ("/users/{}/hand-over", json!({}), &["version"]),
        ("/users/a b/remove", json!({ "version": 1 }), &["user_id"]),
        ("/users/invitations/a b/revoke", json!({}), &["invitation_id"]),
    ] {
        let reply = asked(&mut told, &path.replace("{}", &bo), body).await;
        assert_eq!((reply.code(), reply.fields().as_slice()), ((422, "invalid_input"), expected), "{path}");
    }
    let body = json!({ "name": "Cy", "email": "cy@sellers.example", "grants": { "users": "edit" } });
    let reply = asked(&mut told, "/users/invitations", body).await;
    assert_eq!((reply.code(), &reply.body["unmet"]), ((422, "not_grantable"), &json!(["users"])));
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn acc_2_what_is_asked_on_an_account_that_has_changed_since_is_refused_and_stores_nothing() {
    let mut told = told().await;
    let bo = joined(&mut told, json!({})).await;
    let version = seen_by(&mut told, ANN).await["version"].as_u64().unwrap();
    let granted = json!({ "grants": { "home": "view" }, "version": version });
    let (path, claims) = (format!("/v1/stores/US/users/{bo}/grants"), facts::user_of("s1"));
    let first = told.world.request("POST", &path, claims.clone(), "the-key", &granted.to_string()).await;
    assert_eq!((first.status, &first.body["version"]), (200, &json!(version + 1)), "{}", first.body);
    let before = stored(&told.world);
    for (what, body) in [
        ("grants", json!({ "grants": { "claims": "edit" }, "version": version })),
        ("remove", json!({ "version": version })),
        ("hand-over", json!({ "version": version })),
    ] {
        let reply = asked(&mut told, &format!("/users/{bo}/{what}"), body).await;
        assert_eq!(reply.code(), (409, "account_changed"), "{what}: {}", reply.body);
    }
    assert_eq!(stored(&told.world), before);
    let again = told.world.request("POST", &path, claims.clone(), "the-key", &granted.to_string()).await;
    assert_eq!(again, first, "X1: the same request again is answered as it was");
    let other = json!({ "grants": {}, "version": version + 1 }).to_string();
    let reused = told.world.request("POST", &path, claims, "the-key", &other).await;
    assert_eq!(reused.code(), (422, "idempotency_key_reused"), "{}", reused.body);
    let same = asked(&mut told, &format!("/users/{bo}/grants"), granted).await;
    assert_eq!((same.status, &same.body["version"]), (200, &json!(version + 1)), "it is so already: {}", same.body);
}

#[tokio::test]
async fn acc_2_the_primary_user_stays_and_nobody_else_changes_users() {
    let mut told = told().await;
    let bo = joined(&mut told, json!({ "users": "view" })).await;
    let seen = seen_by(&mut told, ANN).await;
    let (ann, version) = (seen["users"][0]["user_id"].as_str().unwrap().to_owned(), seen["version"].clone());
    let before = stored(&told.world);
    for (what, body) in [
        ("remove", json!({ "version": version })),
        ("grants", json!({ "grants": { "home": "view" }, "version": version })),
    ] {
        let reply = asked(&mut told, &format!("/users/{ann}/{what}"), body.clone()).await;
        assert_eq!(reply.code(), (409, "primary_user_stays"), "{}", reply.body);
        let reply = user(&mut told, "bo", "POST", &format!("/users/{ann}/{what}"), body).await;
        assert_eq!((reply.code(), &reply.body["unmet"]), ((403, "forbidden"), &json!(["users"])));
    }
    assert_eq!(user(&mut told, "bo", "GET", "/users", Json::Null).await.status, 200, "who may see them sees them");
    let itself = json!({ "grants": { "claims": "edit" }, "version": version });
    assert_eq!(user(&mut told, "bo", "POST", &format!("/users/{bo}/grants"), itself).await.status, 403);
    for unknown in ["/users/nobody/remove", "/users/nobody/hand-over", "/users/invitations/none/revoke"] {
        let reply = asked(&mut told, unknown, json!({ "version": version })).await;
        assert_eq!(reply.code(), (404, "not_found"), "{unknown}: {}", reply.body);
    }
    assert_eq!(stored(&told.world), before);
}

#[tokio::test]
async fn acc_1_a_link_opens_what_it_was_signed_for_to_whoever_has_signed_in_until_it_is_over() {
    let mut told = told().await;
    let link = invited(&mut told, ANN, json!({ "home": "view" })).await;
    let before = stored(&told.world);
    let mut changed = link.clone().into_bytes();
    *changed.last_mut().unwrap() ^= 1;
    for forged in [String::from_utf8(changed).unwrap(), link[..link.len() - 4].to_owned(), "/v1/invitations/~".into()] {
        let reply = taken(&mut told, &forged, "bo").await;
        assert_eq!(reply.code(), (404, "not_found"), "{forged}");
        assert!(!reply.body.to_string().contains("s1"), "{}", reply.body);
    }
    let token = link.rsplit('/').next().unwrap();
    let as_survey = told.world.request("GET", &format!("/v1/surveys/{token}"), Json::Null, "", "").await;
    assert_eq!(as_survey.status, 404, "it is good for nothing else");
    for nobody in [json!({}), json!({ "seller_id": "s1" })] {
        let reply = told.world.request("POST", &link, nobody, "k", "{}").await;
        assert_eq!(reply.code(), (403, "forbidden"), "{}", reply.body);
    }
    let reply = taken(&mut told, &link, ANN).await;
    assert_eq!(reply.code(), (409, "already_user"), "{}", reply.body);
    assert_eq!(stored(&told.world), before);

    told.world.pass(TimeDelta::days(14) - TimeDelta::milliseconds(1)).await;
    let look = async |told: &mut Told| told.world.request("GET", &link, json!({ "sub": "bo" }), "", "").await;
    assert_eq!(look(&mut told).await.status, 200, "to the last instant");
    told.world.pass(TimeDelta::milliseconds(1)).await;
    for reply in [look(&mut told).await, taken(&mut told, &link, "bo").await] {
        assert_eq!(reply.code(), (409, "invitation_over"), "{}", reply.body);
        assert!(!reply.body.to_string().contains("s1"), "what became of it is its seller's affair: {}", reply.body);
    }
    let again = invited(&mut told, ANN, json!({})).await;
    assert_eq!(taken(&mut told, &link, "bo").await.status, 409, "replaced");
    let open = seen_by(&mut told, ANN).await["invitations"][0]["invitation_id"].as_str().unwrap().to_owned();
    assert_eq!(asked(&mut told, &format!("/users/invitations/{open}/revoke"), json!({})).await.status, 200);
    assert_eq!(taken(&mut told, &again, "bo").await.code(), (409, "invitation_over"), "taken back");
}
