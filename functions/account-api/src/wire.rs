//! Users, invitations and the audit, as they are seen.

use domain::{
    access::{Feature, Level},
    at::{Actor, Instant},
    id::SellerId,
    mail::{Fate, Report},
    seller::Seller,
    store::Store,
    users::{Grants, Invitation, Role, Users},
    wish::{Choice, MANDATORY, Optional, Why, Wish},
};
use serde::Serialize;
use serde_json::{Map, Value};
use shell::{
    audit::Audited,
    cursor,
    failure::Failure,
    fields::Fields,
    http::{Request, SeenVersion},
    store::Newest,
};
use std::collections::BTreeMap;

const LONGEST_NAME: usize = 100;

/// Whom to invite.
pub struct Whom {
    pub name: String,
    pub email: String,
    pub grants: Grants,
}

/// Reads whom to invite, and with what.
pub fn invited(body: &[u8]) -> Result<Whom, Failure> {
    let fields = Fields::parse(body)?;
    let (name, email, levels) = (fields.text("name", LONGEST_NAME), fields.email("email"), levels_of(&fields));
    let (name, email, levels) = fields.build(|| Some((name?, email?, levels?)))?;
    Ok(Whom { name, email, grants: Grants::of(levels)? })
}

/// What a user is to hold.
pub struct Granted {
    pub grants: Grants,
    pub seen: SeenVersion,
}

/// Reads what a user is to hold, and of which version of the account that is said.
pub fn granted(request: &Request) -> Result<Granted, Failure> {
    let fields = Fields::parse(&request.body)?;
    let (levels, seen) = (levels_of(&fields), SeenVersion::of(request, &fields));
    let (levels, seen) = fields.build(|| levels.zip(seen))?;
    Ok(Granted { grants: Grants::of(levels)?, seen })
}

/// Which mails a user wants.
pub struct Chosen {
    pub choices: BTreeMap<Optional, Choice>,
    pub seen: SeenVersion,
}

/// Reads which mails a user wants, and of which version of the account that is said. What is mandatory is no choice.
pub fn chosen(request: &Request) -> Result<Chosen, Failure> {
    let fields = Fields::parse(&request.body)?;
    let (choices, seen) = (choices_of(&fields), SeenVersion::of(request, &fields));
    let (choices, seen) = fields.build(|| choices.zip(seen))?;
    Ok(Chosen { choices, seen })
}

fn choices_of(fields: &Fields) -> Option<BTreeMap<Optional, Choice>> {
    if !fields.has("choices") {
        fields.wrong("choices", "is missing");
    }
    let named = fields.map_if_given::<Choice>("choices", "each, daily or never")?;
    let known = |(name, choice): (String, Choice)| {
        let kind = Optional::named(&name);
        if kind.is_none() {
            let always = MANDATORY.iter().any(|(mandatory, _)| *mandatory == name);
            let kinds = || Optional::ALL.map(Optional::name).join(", ");
            let problem = if always {
                "is always mailed, and cannot be chosen".to_owned()
            } else {
                format!("is no kind of mail: these can be chosen, {}", kinds())
            };
            fields.wrong(&format!("choices.{name}"), problem);
        }
        kind.map(|kind| (kind, choice))
    };
    // Every name is looked at before any verdict, so that all problems are named.
    named.into_iter().map(known).collect::<Vec<_>>().into_iter().collect()
}

/// Reads of which version of the account something is said.
pub fn seen(request: &Request) -> Result<SeenVersion, Failure> {
    let fields = Fields::parse(&request.body)?;
    let seen = SeenVersion::of(request, &fields);
    fields.build(|| seen)
}

/// A level for each feature that is named.
fn levels_of(fields: &Fields) -> Option<Vec<(Feature, Level)>> {
    if !fields.has("grants") {
        fields.wrong("grants", "is missing");
    }
    let named = fields.map_if_given::<Level>("grants", "none, view or edit")?;
    let known = |(name, level): (String, Level)| {
        let feature = Feature::named(&name);
        if feature.is_none() {
            let features = Feature::ALL.map(Feature::name).join(", ");
            fields.wrong(&format!("grants.{name}"), format!("is no feature: these can be granted, {features}"));
        }
        feature.map(|feature| (feature, level))
    };
    // Every name is looked at before any verdict, so that all problems are named.
    named.into_iter().map(known).collect::<Vec<_>>().into_iter().collect()
}

#[derive(Debug, Serialize)]
pub struct UsersView<'a> {
    /// A change names it, so that it is made to what was seen.
    version: u64,
    /// Whether anybody is named; until then whoever speaks for the seller is as its primary user.
    named: bool,
    users: Vec<UserView<'a>>,
    invitations: Vec<InvitationView<'a>>,
}

#[derive(Debug, Serialize)]
pub struct MailView<'a> {
    /// Where mail for the seller goes; none for whoever may not see the seller's home.
    email: Option<&'a str>,
    /// Why none goes there any more.
    suppressed: Option<SuppressedView>,
    #[serde(flatten)]
    wishes: WishesView<'a>,
}

/// Which mails a user gets.
#[derive(Debug, Serialize)]
pub struct WishesView<'a> {
    /// A change names it, so that it is made to what was seen.
    version: u64,
    /// Where its own mails go.
    to: Option<&'a str>,
    kinds: Vec<WishView>,
    /// What goes to the seller's default address whatever anybody wishes, and why.
    mandatory: Vec<MandatoryView>,
}

#[derive(Debug, Serialize)]
struct WishView {
    kind: Optional,
    choice: Choice,
    /// What one must be allowed to see to be mailed of it.
    feature: Feature,
    may_choose: bool,
}

#[derive(Debug, Serialize)]
struct MandatoryView {
    kind: &'static str,
    because: Why,
}

#[derive(Debug, Serialize)]
struct SuppressedView {
    because: Fate,
    at: Instant,
}

/// How mail goes: to the seller, as far as that may be seen, and to this subject.
pub fn mail<'a>(
    seller: &'a Seller,
    subject: &str,
    version: u64,
    email: Option<&'a str>,
    suppressed: Option<Report>,
) -> MailView<'a> {
    let suppressed = suppressed.map(|Report { fate, at }| SuppressedView { because: fate, at });
    MailView { email, suppressed, wishes: wishes(seller, subject, version) }
}

/// Which mails this subject gets.
pub fn wishes<'a>(seller: &'a Seller, subject: &str, version: u64) -> WishesView<'a> {
    let view = |Wish { kind, choice, may_choose }| WishView { kind, choice, feature: kind.feature(), may_choose };
    WishesView {
        version,
        to: seller.address_of(subject),
        kinds: seller.wishes_of(subject).into_iter().map(view).collect(),
        mandatory: MANDATORY.iter().map(|(kind, because)| MandatoryView { kind, because: *because }).collect(),
    }
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
pub fn users(users: &Users, version: u64, now: Instant) -> UsersView<'_> {
    UsersView {
        version,
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
pub struct OfferView<'a> {
    store: &'a str,
    store_name: &'a str,
    seller_id: &'a str,
    grants: BTreeMap<Feature, Level>,
    expires_at: Instant,
}

/// An invitation, as whoever was invited sees it.
pub fn invitation<'a>(store: &'a Store, seller: &'a SellerId, open: &Invitation) -> OfferView<'a> {
    OfferView {
        store: store.id.as_str(),
        store_name: &store.name,
        seller_id: seller.as_str(),
        grants: levels(|feature| open.grants.level(feature)),
        expires_at: open.until,
    }
}

#[derive(Debug, Serialize)]
pub struct JoinedView<'a> {
    store: &'a str,
    seller_id: &'a str,
    user_id: Option<&'a str>,
    grants: BTreeMap<Feature, Level>,
}

/// What the user of this subject holds now.
pub fn joined<'a>(store: &'a Store, seller: &'a Seller, subject: &str) -> JoinedView<'a> {
    let users = &seller.users;
    JoinedView {
        store: store.id.as_str(),
        seller_id: seller.id.as_str(),
        user_id: users.of_subject(subject).map(|user| user.id.as_str()),
        grants: levels(|feature| users.level(subject, feature)),
    }
}

#[derive(Debug, Serialize)]
pub struct UnsubscribedView<'a> {
    store: &'a str,
    store_name: &'a str,
    /// A kind of mail, or `digest`.
    kind: &'static str,
    ended: bool,
    /// Whether it is mailed all the same: it could be ended when the link was made, and cannot be any more.
    always: bool,
}

/// What the link of a mail ends.
pub fn unsubscribed<'a>(store: &'a Store, kind: &'static str, ended: bool, always: bool) -> UnsubscribedView<'a> {
    UnsubscribedView { store: store.id.as_str(), store_name: &store.name, kind, ended, always }
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
