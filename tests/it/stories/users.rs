//! Stories of a seller's users (ACC-1, ACC-2): invited, granted, made primary, gone.

use crate::stories::told::{Told, link_to};
use serde_json::{Value as Json, json};
use world::{Reply, facts};

/// Where the invited are mailed.
pub const BO: &str = "bo@sellers.example";

/// What a user of `s1` asks.
pub async fn user(told: &mut Told, subject: &str, method: &str, path: &str, body: Json) -> Reply {
    let (key, claims) = (told.key(), json!({ "sub": subject, "seller_id": "s1" }));
    told.world.request(method, &format!("/v1/stores/US{path}"), claims, &key, &body.to_string()).await
}

/// The users of `s1`, as its primary user sees them.
pub async fn seen_by(told: &mut Told, primary: &str) -> Json {
    user(told, primary, "GET", "/users", Json::Null).await.body
}

/// Invites to be a user of `s1`; gives the path that the link of the mail stands for.
pub async fn invited(told: &mut Told, primary: &str, grants: Json) -> String {
    let body = json!({ "name": "Bo Lin", "email": BO, "grants": grants });
    let invited = user(told, primary, "POST", "/users/invitations", body).await;
    assert_eq!(invited.status, 201, "{}", invited.body);
    link_to(told, BO, "invitations")
}

/// Takes an invitation, with a token that speaks for nobody yet.
pub async fn taken(told: &mut Told, link: &str, subject: &str) -> Reply {
    let (key, claims) = (told.key(), json!({ "sub": subject }));
    told.world.request("POST", link, claims, &key, "{}").await
}

/// `bo` is a user of `s1` that holds this, and `user-of-s1` its primary user; gives the id of `bo`.
pub async fn joined(told: &mut Told, grants: Json) -> String {
    let link = invited(told, "user-of-s1", grants).await;
    let joined = taken(told, &link, "bo").await;
    assert_eq!(joined.status, 200, "{}", joined.body);
    joined.body["user_id"].as_str().unwrap().to_owned()
}

async fn may(told: &mut Told, subject: &str, path: &str) -> bool {
    let reply = user(told, subject, "GET", path, Json::Null).await;
    assert!(reply.status == 200 || (reply.status, &reply.body["rule"]) == (403, &json!("ACC-2")), "{}", reply.body);
    reply.status == 200
}

/// Invited, looked at, joined; granted more and less, at once; made primary, and the one before removed. All of it in the
/// audit, and the link in nothing but its mail.
pub async fn from_invited_to_gone(told: &mut Told) {
    told.enrolled().await;
    let ann = facts::user_of("s1")["sub"].as_str().unwrap().to_owned();
    let home = json!({ "home": "view" });
    let link = invited(told, &ann, home.clone()).await;
    assert_eq!(told.world.mails_to(BO).len(), 1);
    assert!(!may(told, "bo", "/enrollment").await, "whoever invites is the primary user, and nobody else is one");

    let (bo, before) = (json!({ "sub": "bo" }), told.world.left_behind());
    let token = link.rsplit('/').next().unwrap();
    assert!(!before.values().any(|item| item.to_string().contains(token)), "the link stands in the mail alone");
    let offer = told.world.request("GET", &link, bo, "", "").await;
    assert_eq!((offer.status, &offer.body["seller_id"]), (200, &json!("s1")), "{}", offer.body);
    assert_eq!((&offer.body["grants"]["home"], &offer.body["grants"]["claims"]), (&json!("view"), &json!("none")));
    assert_eq!(told.world.left_behind(), before, "whoever opens the link has not taken it");

    let joined = taken(told, &link, "bo").await;
    assert_eq!((joined.status, &joined.body["grants"]["home"]), (200, &json!("view")), "{}", joined.body);
    let id = joined.body["user_id"].as_str().unwrap().to_owned();
    for (path, granted) in [("/enrollment", true), ("/insights", false), ("/users", false), ("/audit", false)] {
        assert_eq!(may(told, "bo", path).await, granted, "{path}");
    }
    let second = taken(told, &link, "eve").await;
    assert_eq!((second.status, &second.body["type"]), (409, &json!("/problems/invitation_over")), "{}", second.body);

    let version = seen_by(told, &ann).await["version"].clone();
    let more = json!({ "grants": { "insights": "view" }, "version": version });
    let granted = user(told, &ann, "POST", &format!("/users/{id}/grants"), more).await;
    assert_eq!(granted.status, 200, "{}", granted.body);
    assert_eq!((may(told, "bo", "/insights").await, may(told, "bo", "/enrollment").await), (true, false), "at once");

    let next = json!({ "version": granted.body["version"] });
    let handed = user(told, &ann, "POST", &format!("/users/{id}/hand-over"), next).await;
    assert_eq!((handed.status, &handed.body["users"][0]["subject"]), (200, &json!("bo")), "{}", handed.body);
    assert!(may(told, "bo", "/audit").await && !may(told, &ann, "/audit").await);
    assert!(may(told, &ann, "/enrollment").await, "and stays a user");

    let former = handed.body["users"][1]["user_id"].as_str().unwrap().to_owned();
    let now = json!({ "version": handed.body["version"] });
    let removed = user(told, "bo", "POST", &format!("/users/{former}/remove"), now).await;
    assert_eq!((removed.status, removed.body["users"].as_array().unwrap().len()), (200, 1), "{}", removed.body);
    assert!(!may(told, &ann, "/enrollment").await, "gone with the next request");
    let invited = json!({ "name": "Cy", "email": "cy@sellers.example", "grants": {} });
    let invited = user(told, "bo", "POST", "/users/invitations", invited).await.body;
    let open = invited["invitations"][0]["invitation_id"].as_str().unwrap().to_owned();
    let revoked = user(told, "bo", "POST", &format!("/users/invitations/{open}/revoke"), json!({})).await;
    assert_eq!((revoked.status, &revoked.body["invitations"]), (200, &json!([])), "{}", revoked.body);
    audited(told, &ann).await;
}

/// ACC-4: each of it once, by whom, for whom, and with what there was before.
async fn audited(told: &mut Told, ann: &str) {
    let audit = user(told, "bo", "GET", "/audit", Json::Null).await.body;
    let changes = audit["changes"].as_array().unwrap();
    let mut said: Vec<_> = changes
        .iter()
        .map(|change| (change["what"].as_array().unwrap().last().unwrap().clone(), change["subject"].clone()))
        .collect();
    said.sort_by_key(|(what, subject)| (what.to_string(), subject.to_string()));
    let expected = [
        ("users.granted", ann),
        ("users.handed_over", ann),
        ("users.invited", "bo"),
        ("users.invited", ann),
        ("users.joined", "bo"),
        ("users.removed", "bo"),
        ("users.revoked", "bo"),
    ];
    assert_eq!(said, expected.map(|(what, subject)| (json!(what), json!(subject))));
    assert!(changes.iter().all(|change| change["on_behalf_of"] == "s1" && change["thing"] == "SELLER"), "{audit}");
    let granted = changes.iter().find(|change| change["what"] == json!(["users.granted"])).unwrap();
    let held = |when: &str| granted[when]["users"]["all"][1]["role"]["secondary"].clone();
    assert_eq!((held("before"), held("after")), (json!({ "home": "view" }), json!({ "insights": "view" })));
}
