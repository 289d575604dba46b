//! Who may do what: every route of the template against every role, as one table, and the same asked of the handlers.

use crate::{
    handlers::bytes,
    stories::{told::Told, users},
};
use chrono::TimeDelta;
use domain::{
    access::{Action, Caller, Feature, Level, Rank, Resource, allow},
    users::{Grants, Role, User, Users},
    wish::Wishes,
};
use serde_json::{Value as Json, json};
use std::fmt::Write;
use world::{facts, functions, template::Template};

/// Every route of the template with its package, its scope, and what its function says that it asks.
fn routes() -> Vec<(String, String, String, Action)> {
    let mut all = Vec::new();
    for (package, function) in Template::load().functions {
        for (route, scope) in &function.scopes {
            let known = functions::routes(&package).iter().find(|known| known.name == route);
            let known = known.unwrap_or_else(|| {
                panic!(
                    "{package} names no feature for {route}: its ROUTES hold a shell::access::Route for each route, such \
                     as Route::seller(\"{route}\", Feature::Insights, Level::View)"
                )
            });
            all.push((package.clone(), route.clone(), scope.clone(), known.action));
        }
    }
    all
}

#[test]
fn acc_2_every_route_says_what_it_asks_and_a_read_never_asks_to_change() {
    for (package, route, scope, action) in routes() {
        let of_scope = match action {
            Action::Public => "public",
            Action::Marketplace => "marketplace",
            Action::Desk(_) => "desk",
            Action::SignedIn | Action::Seller(..) | Action::User | Action::Primary => "seller",
        };
        assert_eq!(scope, of_scope, "{package}: {route}: the gateway lets in whom the policy asks for");
        if let Action::Seller(_, level) = action {
            // A link to upload lets its bearer write, though asking for it writes nothing.
            let only_reads = route.starts_with("GET ") && !route.ends_with("/upload-link");
            let needed = if only_reads { Level::View } else { Level::Edit };
            assert_eq!(level, needed, "{package}: {route}: who may only see changes nothing");
        }
    }
}

#[test]
fn acc_1_what_shows_home_or_insights_asks_for_that_very_feature() {
    for (_, route, _, action) in routes() {
        for (part, feature) in [
            ("/insights", Feature::Insights),
            ("/forecast", Feature::Insights),
            ("/enrollment", Feature::Home),
            ("/orders/", Feature::Home),
            ("/case-log", Feature::CaseLog),
            ("{store}/decisions", Feature::CaseLog),
            ("{store}/statements", Feature::Statements),
            ("{store}/disputes", Feature::Statements),
            ("{store}/claims", Feature::Claims),
            ("{store}/return-policy", Feature::ReturnPolicy),
        ] {
            if route.contains(part) && !route.ends_with("/claim-eligibility") {
                assert!(matches!(action, Action::Seller(asked, _) if asked == feature), "{route}: {action:?}");
            }
        }
    }
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// The users of `s1`: `ann`, who is primary, and one for each level of a feature.
fn users_of_s1(feature: Feature) -> Users {
    let user = |subject: &str, role: Role| User {
        id: id(subject),
        subject: subject.into(),
        name: None,
        email: None,
        role,
        wishes: Wishes::default(),
    };
    let with = |level| Role::Secondary(Grants::of([(feature, level)]).unwrap_or_default());
    let all = vec![
        user("ann", Role::Primary),
        user("none", with(Level::None)),
        user("view", with(Level::View)),
        user("edit", with(Level::Edit)),
    ];
    Users { all, ..Users::default() }
}

fn user(subject: &str, seller: &str) -> Caller {
    Caller::User { subject: subject.into(), seller: Some(id(seller)) }
}

fn staff(store: &str, rank: Rank) -> Caller {
    Caller::Associate { id: id("mei"), stores: vec![id(store)], rank }
}

/// Each role, by a letter of the table's head.
fn roles() -> [(&'static str, Caller); 11] {
    [
        ("primary user", user("ann", "s1")),
        ("secondary, none", user("none", "s1")),
        ("secondary, view", user("view", "s1")),
        ("secondary, edit", user("edit", "s1")),
        ("user of another seller", user("ann", "s2")),
        ("no user of the seller", user("eve", "s1")),
        ("associate", staff("US", Rank::Associate)),
        ("associate elsewhere", staff("DE", Rank::Associate)),
        ("lead", staff("US", Rank::Lead)),
        ("marketplace", Caller::Marketplace),
        ("nobody", Caller::Nobody),
    ]
}

/// Every route against every role. A secondary user has this level of the very feature that the route asks for.
#[test]
fn acc_2_each_role_has_the_routes_that_the_table_gives_it() {
    let mut table = String::new();
    for (n, (role, _)) in roles().iter().enumerate() {
        writeln!(table, "{:>w$} {role}", "|", w = 2 * n + 1).unwrap();
    }
    for (_, route, _, action) in routes() {
        let feature = if let Action::Seller(feature, _) = action { feature } else { Feature::Users };
        let (seller, store, users) = (id("s1"), id("US"), users_of_s1(feature));
        let resource = match action {
            Action::Public | Action::SignedIn => Resource::Linked,
            Action::Marketplace | Action::Desk(_) => Resource::Store(&store),
            Action::Seller(..) | Action::User | Action::Primary => Resource::Seller { seller: &seller, users: &users },
        };
        let cells = roles().map(|(_, caller)| if allow(&caller, action, resource).is_ok() { "x" } else { "." });
        let asks = match action {
            Action::Seller(feature, level) => format!("{} {level:?}", feature.name()).to_lowercase(),
            Action::Desk(rank) => format!("{rank:?}").to_lowercase(),
            Action::User => "user".to_owned(),
            Action::Primary => "primary user".to_owned(),
            Action::SignedIn => "link, signed in".to_owned(),
            Action::Public => "link".to_owned(),
            Action::Marketplace => "marketplace".to_owned(),
        };
        writeln!(table, "{}  {asks:<19} {route}", cells.join(" ")).unwrap();
    }
    insta::assert_snapshot!(table);
}

/// A world in which the marketplace has named the primary user of `s1`.
async fn named() -> Told {
    let mut told = Told::begun();
    let mut fact = told.registered();
    fact["primary_user"] = facts::user_of("s1")["sub"].clone();
    told.world.fact(fact).await;
    told
}

/// The path of a route below its store, each of its names filled.
fn path_of(route: &str, fill: impl Fn(&str) -> String) -> String {
    let (_, below) = route.split_once("/v1/stores/{store}").unwrap_or_else(|| panic!("{route} has no store"));
    let parts = below.split('/').skip(1).map(|part| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
        Some("quarter") => "2026Q3".to_owned(),
        Some(name) => fill(name),
        None => part.to_owned(),
    });
    parts.map(|part| format!("/{part}")).collect()
}

#[tokio::test]
async fn acc_2_who_was_granted_nothing_hears_from_every_route_of_a_seller_which_feature_is_missing() {
    let told = named().await;
    let stranger = json!({ "sub": "eve", "seller_id": "s1" });
    let mut asked = 0;
    for (_, route, _, action) in routes() {
        let feature = match action {
            Action::Seller(feature, _) => feature,
            Action::Primary => Feature::Users,
            // What a user asks for itself is no feature.
            Action::User | Action::Public | Action::SignedIn | Action::Marketplace | Action::Desk(_) => continue,
        };
        let method = route.split(' ').next().unwrap();
        let path = path_of(&route, |_| "nothing".to_owned());
        let answer: Json = serde_json::from_str(&bytes(&told, method, &path, &stranger, "{}").await).unwrap();
        let body: Json = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(answer["statusCode"], 403, "{route}: {body}");
        assert_eq!((&body["type"], &body["rule"]), (&json!("/problems/forbidden"), &json!("ACC-2")), "{route}");
        assert_eq!(body["unmet"], json!([feature.name()]), "{route}: {body}");
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
    let own = bytes(&told, "GET", "/enrollment", &facts::user_of("s1"), "").await;
    assert!(own.contains("\"statusCode\":200"), "{own}");
}

/// Every route of a seller that names a thing: the owner finds it, and to another seller it is byte for byte as what does
/// not exist.
#[tokio::test]
async fn acc_3_on_every_route_what_is_another_sellers_is_as_what_does_not_exist() {
    let mut told = named().await;
    let mut other = told.registered();
    other["seller_id"] = json!("s2");
    told.world.pass(TimeDelta::minutes(20)).await;
    told.world.facts([other, told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    told.world.facts(["o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    let transfer = told.transferred("Order o-2-late is about o2.").await;
    told.refunded("o3", "damaged").await;
    let decision = told.as_seller("GET", "/decisions", Json::Null).await.body["decisions"][0]["id"].clone();
    let claim = told.as_seller("POST", "/claims", facts::claim("o3")).await.body["claim_id"].clone();
    told.world.fact(told.placed("o4", "seller", told.just_now())).await;
    let answered = told.inquiry("k4", "o4", "late_delivery").await;
    let answered = told.asked(&answered).await;
    let file = told.uploaded(&answered, "proof.pdf", b"%PDF-1.7").await;
    let reply = json!({ "text": "Here.", "attachments": [file] });
    let replied = told.as_seller("POST", &format!("/case-log/{answered}/reply"), reply).await.body;
    let attachment = replied["reply"]["attachments"][0]["attachment_id"].as_str().expect("a file").to_owned();
    let bo = users::joined(&mut told, json!({})).await;
    let invited = json!({ "name": "Cy", "email": "cy@sellers.example", "grants": {} });
    let invited = told.as_seller("POST", "/users/invitations", invited).await.body;
    let invitation = invited["invitations"][0]["invitation_id"].as_str().unwrap().to_owned();
    let (own, stranger) = (facts::user_of("s1"), facts::user_of("s2"));
    let owned = |name: &str| match name {
        "request_id" => request.clone(),
        "decision_id" => decision.as_str().expect("a decision").to_owned(),
        "claim_id" => claim.as_str().expect("a claim").to_owned(),
        "transfer_id" => transfer.clone(),
        "order_id" => "o1".to_owned(),
        "user_id" => bo.clone(),
        "invitation_id" => invitation.clone(),
        "attachment_id" => attachment.clone(),
        other => panic!("a route of a seller names {{{other}}}: this test needs one of s1"),
    };
    let before = told.world.left_behind();
    let mut asked = 0;
    for (_, route, _, action) in routes() {
        let of_seller = matches!(action, Action::Seller(..) | Action::Primary);
        let nobody_s = ["{quarter}", "{topic}"].map(|name| route.matches(name).count());
        let names = route.matches('{').count() - nobody_s.iter().sum::<usize>();
        if !of_seller || names < 2 {
            continue;
        }
        // A file belongs to a request that was replied to.
        let with_file = route.contains("{attachment_id}");
        let owned = |name: &str| if with_file && name == "request_id" { answered.clone() } else { owned(name) };
        let (method, foreign) = (route.split(' ').next().unwrap(), path_of(&route, owned));
        let absent = path_of(&route, |_| "00000000000000000000000000".to_owned());
        let link = facts::upload_link("", &file);
        let query = link.split_once('?').filter(|_| route.ends_with("/upload-link"));
        let query = query.map(|(_, query)| format!("?{query}")).unwrap_or_default();
        let [foreign, absent] = [foreign, absent].map(|path| format!("{path}{query}"));
        let body = match route.rsplit('/').next().unwrap() {
            "reply" | "answer" | "appeal" => json!({ "text": "Hi." }),
            "return-method" => json!({ "method": "refund_without_return" }),
            "grants" => json!({ "grants": {}, "version": 1 }),
            "remove" | "hand-over" => json!({ "version": 1 }),
            _ => json!({}),
        };
        let body = body.to_string();
        if method == "GET" {
            let found = bytes(&told, method, &foreign, &own, &body).await;
            assert!(found.contains("\"statusCode\":200"), "{route}: {found}");
        }
        let foreign = bytes(&told, method, &foreign, &stranger, &body).await;
        let absent = bytes(&told, method, &absent, &stranger, &body).await;
        assert!(foreign.contains("\"statusCode\":404"), "{route}: {foreign}");
        assert_eq!(foreign, absent, "{route}");
        asked += 1;
    }
    assert!(asked >= 3, "{asked}");
    assert_eq!(told.world.left_behind(), before, "and nothing was changed");
}

#[tokio::test]
async fn acc_4_the_audit_is_read_fifty_at_a_time_from_the_newest_on() {
    let mut told = named().await;
    for days in 0..55 {
        assert_eq!(told.as_seller("POST", "/return-policy", facts::terms(100 + days)).await.status, 200);
    }
    let first = told.as_seller("GET", "/audit", Json::Null).await.body;
    let path = format!("/audit?cursor={}", first["next_cursor"].as_str().unwrap());
    let last = told.as_seller("GET", &path, Json::Null).await.body;
    let numbers: Vec<_> = [&first, &last]
        .into_iter()
        .flat_map(|page| page["changes"].as_array().unwrap())
        .map(|change| change["after"]["latest"]["number"].as_u64().unwrap())
        .collect();
    assert_eq!((first["changes"].as_array().unwrap().len(), &last["next_cursor"]), (50, &Json::Null));
    let mut each = numbers.clone();
    each.sort_unstable();
    assert_eq!(each, (1..=55).collect::<Vec<_>>(), "each once");
    let theirs = told.as_user_of("s2", "GET", &path, Json::Null).await.body;
    assert_eq!(theirs["changes"], json!([]), "ACC-3: a cursor names no seller");
    let bad = told.as_seller("GET", "/audit?cursor=~", Json::Null).await;
    assert_eq!((bad.status, &bad.body["errors"][0]["field"]), (422, &json!("cursor")), "{}", bad.body);
}
