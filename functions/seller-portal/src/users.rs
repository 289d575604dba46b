//! Users: who acts for the seller and what each may, and who is invited (ACC-1, ACC-2). The primary user changes it
//! here; a form says on which version of the account it was filled in, so nobody overwrites what it has not seen.

use crate::{
    parts::{frame, given},
    words::account::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::access::Feature;
use pages::{codes, frame::Frame, page, visit::Visit};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{failure::Failure, http::Request, page::Page};
use std::collections::BTreeMap;

const SHOW: &str = "GET /v1/stores/{store}/users";
const INVITE: &str = "POST /v1/stores/{store}/users/invitations";
const REVOKE: &str = "POST /v1/stores/{store}/users/invitations/{invitation_id}/revoke";
const GRANTS: &str = "POST /v1/stores/{store}/users/{user_id}/grants";
const REMOVE: &str = "POST /v1/stores/{store}/users/{user_id}/remove";
const HAND_OVER: &str = "POST /v1/stores/{store}/users/{user_id}/hand-over";
const LEVELS: [&str; 3] = ["none", "view", "edit"];

/// How far one gets with each feature, by their names.
pub type Grants = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
struct Account {
    version: u64,
    named: bool,
    users: Vec<Person>,
    invitations: Vec<Invited>,
}

#[derive(Debug, Deserialize)]
struct Person {
    user_id: String,
    subject: String,
    name: Option<String>,
    email: Option<String>,
    role: String,
    grants: Grants,
}

#[derive(Debug, Deserialize)]
struct Invited {
    invitation_id: String,
    name: String,
    email: String,
    grants: Grants,
    expires_at: DateTime<Utc>,
    expired: bool,
}

impl Person {
    fn called(&self) -> &str {
        self.name.as_ref().unwrap_or(&self.subject)
    }

    fn is_primary(&self) -> bool {
        self.role == "primary"
    }
}

/// A feature in a form: its name, its label, and each level with its words and whether it is chosen.
type Choice = (&'static str, String, Vec<(&'static str, String, bool)>);

#[derive(Template)]
#[template(path = "users.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    a: &'static Words,
    store: &'a str,
    account: Account,
    visit: &'a Visit<'a>,
    may_change: bool,
}

impl Shown<'_> {
    fn held(&self, grants: &Grants) -> String {
        let held = held(self.a, grants);
        let all: Vec<_> =
            held.iter().map(|(feature, level)| [feature.as_str(), self.frame.words.colon, level].concat()).collect();
        if all.is_empty() { self.a.nothing.to_owned() } else { all.join(" · ") }
    }

    /// Whether what was sent was about this user.
    fn is_sent(&self, user: &Person) -> bool {
        self.visit.request.path::<String>("user_id").is_ok_and(|sent| sent == user.user_id)
    }

    /// What can be granted, with what was entered, or else what the user has.
    fn levels(&self, user: Option<&Person>) -> Vec<Choice> {
        let invites = self.visit.request.route.ends_with("/users/invitations");
        let sent = user.map_or(invites, |user| self.is_sent(user));
        let choice = |feature: Feature| {
            let name = feature.name();
            let entered = self.visit.entered(&field(name));
            let held = user.and_then(|user| user.grants.get(name)).map_or("none", String::as_str);
            let chosen = if sent && !entered.is_empty() { entered } else { held };
            // Who changes users is the primary user alone.
            let offered = LEVELS.into_iter().filter(|level| feature != Feature::Users || *level != "edit");
            let levels = offered
                .map(|level| (level, codes::said(self.a.written_in, self.a.named(level), level), level == chosen));
            (name, codes::said(self.a.written_in, self.a.named(name), name), levels.collect())
        };
        Feature::ALL.into_iter().map(choice).collect()
    }
}

/// What these grants hold, in words: features with more than nothing.
pub fn held(a: &Words, grants: &Grants) -> Vec<(String, String)> {
    let known = Feature::ALL.into_iter().filter_map(|feature| Some((feature.name(), grants.get(feature.name())?)));
    let some = known.filter(|(_, level)| *level != "none");
    some.map(|(feature, level)| {
        (codes::said(a.written_in, a.named(feature), feature), codes::said(a.written_in, a.named(level), level))
    })
    .collect()
}

fn field(feature: &str) -> String {
    format!("grants.{feature}")
}

/// The page.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (a, store) = (Words::of(visit.language), visit.store.id.as_str());
    let account: Account = visit.ask(&account_api::ROUTES, account_api::handle, visit.to(SHOW)).await?;
    let may_change = visit.may(&account_api::ROUTES, INVITE);
    page(200, &Shown { frame: frame(visit, a.all_users)?, a, store, account, visit, may_change })
}

/// Invites somebody.
pub async fn invite(visit: &Visit<'_>) -> Result<String, Failure> {
    let (name, email) = (given(visit, "name"), given(visit, "email"));
    let body = json!({ "name": name, "email": email, "grants": grants_entered(visit) });
    change(visit, visit.to(INVITE), &body).await
}

/// Takes an invitation back.
pub async fn revoke(visit: &Visit<'_>) -> Result<String, Failure> {
    let invitation: String = visit.request.path("invitation_id")?;
    change(visit, visit.to(REVOKE).at_path("invitation_id", &invitation), &json!({})).await
}

/// Grants what the form says.
pub async fn grant(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({ "grants": grants_entered(visit), "version": version(visit) });
    change(visit, of_user(visit, GRANTS)?, &body).await
}

/// Removes a user.
pub async fn remove(visit: &Visit<'_>) -> Result<String, Failure> {
    change(visit, of_user(visit, REMOVE)?, &json!({ "version": version(visit) })).await
}

/// Makes another user primary.
pub async fn hand_over(visit: &Visit<'_>) -> Result<String, Failure> {
    change(visit, of_user(visit, HAND_OVER)?, &json!({ "version": version(visit) })).await
}

fn of_user(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    Ok(visit.to(route).at_path("user_id", &visit.request.path::<String>("user_id")?))
}

fn version(visit: &Visit<'_>) -> Option<u64> {
    visit.entered("version").parse().ok()
}

fn grants_entered(visit: &Visit<'_>) -> Map<String, Value> {
    let entered = Feature::ALL.into_iter().map(|feature| (feature.name(), visit.entered(&field(feature.name()))));
    entered.filter(|(_, level)| !level.is_empty()).map(|(name, level)| (name.to_owned(), json!(level))).collect()
}

async fn change(visit: &Visit<'_>, request: Request, body: &Value) -> Result<String, Failure> {
    let request = request.saying(visit.entered("key"), body);
    let _: Value = visit.ask(&account_api::ROUTES, account_api::handle, request).await?;
    Ok(format!("/stores/{}/users?done=1", visit.store.id))
}
