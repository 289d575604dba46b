//! The paths of a seller's users: what has happened before each, and the event that begins it.

use super::paths::{Trigger, by_seller};
use crate::stories::{
    told::Told,
    users::{invited, joined, seen_by},
};
use serde_json::json;

/// Each path of users.
pub const PATHS: [&str; 6] = [
    "user invited",
    "invitation taken back",
    "invitation taken",
    "user granted more",
    "user removed",
    "primary user replaced",
];

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    told.enrolled().await;
    let grants = json!({ "home": "view" });
    match path {
        "user invited" => {
            let whom = json!({ "name": "Bo", "email": "bo@sellers.example", "grants": grants });
            by_seller(told, "/users/invitations", &whom)
        }
        "invitation taken" => {
            let link = invited(told, "user-of-s1", grants).await;
            let (package, event) = told.world.event("POST", &link, &json!({ "sub": "bo" }), "the-key", "{}");
            Trigger::Request(package, event)
        }
        "invitation taken back" => {
            invited(told, "user-of-s1", grants).await;
            let seen = seen_by(told, "user-of-s1").await;
            let open = seen["invitations"][0]["invitation_id"].as_str().unwrap();
            by_seller(told, &format!("/users/invitations/{open}/revoke"), &json!({}))
        }
        _ => {
            let bo = joined(told, grants).await;
            let version = seen_by(told, "user-of-s1").await["version"].clone();
            let (what, body) = match path {
                "user granted more" => ("grants", json!({ "grants": { "claims": "edit" }, "version": version })),
                "user removed" => ("remove", json!({ "version": version })),
                _ => ("hand-over", json!({ "version": version })),
            };
            by_seller(told, &format!("/users/{bo}/{what}"), &body)
        }
    }
}
