//! Users, invitations and the audit, as they are seen.

use domain::{
    access::{Feature, Level},
    at::{Actor, Instant},
    users::{Role, Users},
};
use serde::Serialize;
use serde_json::{Map, Value};
use shell::{audit::Audited, cursor, store::Newest};
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
pub struct UsersView<'a> {
    /// Whether anybody is named; until then whoever speaks for the seller is as its primary user.
    named: bool,
    users: Vec<UserView<'a>>,
    invitations: Vec<InvitationView<'a>>,
}

#[derive(Debug, Serialize)]
struct UserView<'a> {
    user_id: &'a str,
    subject: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    role: &'static str,
    grants: BTreeMap<Feature, Level>,
}

#[derive(Debug, Serialize)]
struct InvitationView<'a> {
    invitation_id: &'a str,
    name: &'a str,
    email: &'a str,
    grants: BTreeMap<Feature, Level>,
    expires_at: Instant,
    expired: bool,
}

/// Each feature with its level.
fn levels(level: impl Fn(Feature) -> Level) -> BTreeMap<Feature, Level> {
    Feature::ALL.into_iter().map(|feature| (feature, level(feature))).collect()
}

/// Who acts for the seller, and who is invited to.
pub fn users(users: &Users, now: Instant) -> UsersView<'_> {
    UsersView {
        named: !users.all.is_empty(),
        users: users
            .all
            .iter()
            .map(|user| UserView {
                user_id: user.id.as_str(),
                subject: &user.subject,
                name: user.name.as_deref(),
                email: user.email.as_deref(),
                role: if user.role == Role::Primary { "primary" } else { "secondary" },
                grants: levels(|feature| users.level(&user.subject, feature)),
            })
            .collect(),
        invitations: users
            .invitations
            .iter()
            .map(|open| InvitationView {
                invitation_id: open.id.as_str(),
                name: &open.name,
                email: &open.email,
                grants: levels(|feature| open.grants.level(feature)),
                expires_at: open.until,
                expired: open.until <= now,
            })
            .collect(),
    }
}

#[derive(Debug, Serialize)]
pub struct AuditView<'a> {
    changes: Vec<ChangeView<'a>>,
    /// Give it back as `cursor` for what is older; none at the end.
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChangeView<'a> {
    at: Instant,
    by: &'static str,
    /// The user's subject. Which of the store's people it was is the store's affair.
    subject: Option<&'a str>,
    on_behalf_of: &'a str,
    thing: &'a str,
    what: &'a [String],
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
    request_id: &'a str,
}

/// A page of the audit.
pub fn audit(page: &Newest<Audited>) -> AuditView<'_> {
    AuditView { changes: page.rows.iter().map(change).collect(), next_cursor: page.next.as_ref().map(cursor::after) }
}

fn change(row: &Audited) -> ChangeView<'_> {
    // Nobody but people is in there.
    let subject = if let Actor::Seller(subject) = &row.actor { Some(subject.as_str()) } else { None };
    let by = if subject.is_some() { "user" } else { "associate" };
    ChangeView {
        at: row.at,
        by,
        subject,
        on_behalf_of: &row.on_behalf_of,
        thing: &row.thing,
        what: &row.what,
        before: &row.before,
        after: &row.after,
        request_id: &row.request_id,
    }
}
