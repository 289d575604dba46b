//! What the users of a seller cost.

use super::{CHANGE, GET, Row, tour::Tour};
use crate::stories::users::{invited, joined, seen_by, taken, user};
use serde_json::{Value as Json, json};

/// The steps of users.
pub const TABLE: &[Row] = &[
    ("users read", "account-api", GET, "the users are one `GetItem`"),
    ("mail read", "account-api", "GetItem GetItem", "How mail goes is two `GetItem`s, one after the other."),
    ("mails chosen", "account-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("audit read", "account-api", "Query", "a page of the audit is one query"),
    ("user invited", "account-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("invitation refused", "account-api", "GetItem GetItem", "a refusal is two `GetItem`s"),
    ("invitation taken back", "account-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("user granted the same", "account-api", CHANGE, "one transaction, also where it changes nothing"),
    ("user removed", "account-api", CHANGE, "A change is one `GetItem` and one transaction"),
    ("primary user handed over", "account-api", CHANGE, "A change is one `GetItem` and one transaction"),
];

/// The steps of whoever was invited: nobody asks who its users are, since no seller is asked for.
pub const LINKED: &[Row] = &[
    (
        "invitation looked at",
        "account-api",
        "GetItem GetItem",
        "An invitation is looked at in one `GetItem` and taken in one `GetItem` and one transaction, and the first one of a \
         process reads the keys of links",
    ),
    ("invitation taken", "account-api", CHANGE, "taken in one `GetItem` and one transaction"),
    ("invitation forged", "account-api", GET, "a forged link is that one read of the keys"),
];

/// A seller's user from its invitation to its end, and its primary user handed over and back.
pub async fn users(tour: &mut Tour) {
    const ANN: &str = "user-of-s1";
    let home = json!({ "home": "view" });
    tour.forget();
    let whom = json!({ "name": "Bo", "email": "bo@sellers.example", "grants": home });
    assert_eq!(user(&mut tour.told, ANN, "POST", "/users/invitations", whom).await.status, 201);
    tour.step("user invited");
    let link = invited(&mut tour.told, ANN, home.clone()).await;
    tour.forget();
    let bo = json!({ "sub": "bo" });
    assert_eq!(tour.told.world.request("GET", &link, bo.clone(), "", "").await.status, 200);
    tour.step("invitation looked at");
    let forged = format!("/v1/invitations/AAAA{}", &link["/v1/invitations/AAAA".len()..]);
    assert_eq!(tour.told.world.request("GET", &forged, bo, "", "").await.status, 404);
    tour.step("invitation forged");
    assert_eq!(taken(&mut tour.told, &link, "bo").await.status, 200);
    tour.step("invitation taken");
    let again = json!({ "name": "Bo", "email": "bo@sellers.example", "grants": {} });
    assert_eq!(user(&mut tour.told, ANN, "POST", "/users/invitations", again).await.status, 409);
    tour.step("invitation refused");

    let seen = seen_by(&mut tour.told, ANN).await;
    let of = |seen: &Json, n: usize| seen["users"][n]["user_id"].as_str().unwrap().to_owned();
    let (bo, version) = (of(&seen, 1), seen["version"].clone());
    tour.forget();
    let same = json!({ "grants": home, "version": version });
    assert_eq!(user(&mut tour.told, ANN, "POST", &format!("/users/{bo}/grants"), same).await.status, 200);
    tour.step("user granted the same");
    assert_eq!(user(&mut tour.told, ANN, "GET", "/mail", Json::Null).await.status, 200);
    tour.step("mail read");
    let never = json!({ "choices": { "decided": "never" }, "version": version });
    let chosen = user(&mut tour.told, ANN, "POST", "/mail", never).await;
    assert_eq!(chosen.status, 200, "{}", chosen.body);
    tour.step("mails chosen");
    let version = chosen.body["version"].clone();
    let now = json!({ "version": version });
    let handed = user(&mut tour.told, ANN, "POST", &format!("/users/{bo}/hand-over"), now).await.body;
    tour.step("primary user handed over");
    let back = json!({ "version": handed["version"] });
    let path = format!("/users/{}/hand-over", of(&handed, 1));
    let back = user(&mut tour.told, "bo", "POST", &path, back).await.body;
    tour.forget();
    let gone = json!({ "version": back["version"] });
    assert_eq!(user(&mut tour.told, ANN, "POST", &format!("/users/{bo}/remove"), gone).await.status, 200);
    tour.step("user removed");
    joined(&mut tour.told, json!({ "case_log": "view" })).await;
    let cy = json!({ "name": "Cy", "email": "cy@sellers.example", "grants": {} });
    let cy = user(&mut tour.told, ANN, "POST", "/users/invitations", cy).await.body;
    let open = cy["invitations"][0]["invitation_id"].as_str().unwrap();
    let path = format!("/users/invitations/{open}/revoke");
    tour.forget();
    assert_eq!(user(&mut tour.told, ANN, "POST", &path, json!({})).await.status, 200);
    tour.step("invitation taken back");
    super::mails::wishes(tour).await;
}
