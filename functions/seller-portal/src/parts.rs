//! What several of these pages share: the links between them, and words for the codes of the API.

use crate::words::Words;
use pages::{
    codes,
    frame::{Frame, Link},
    visit::Visit,
};
use shell::failure::Failure;

/// The words of a visit.
pub fn words(visit: &Visit<'_>) -> &'static Words {
    Words::of(visit.language)
}

/// The frame of a page, with the links to those that the visitor may have.
pub fn frame<'a>(visit: &Visit<'a>, title: &str) -> Result<Frame<'a>, Failure> {
    let (w, store) = (words(visit), visit.store.id.as_str());
    let quarter = visit.store.quarter_of(visit.request.now);
    let may_home = visit.may(&enrollment_api::ROUTES, "GET /v1/stores/{store}/enrollment");
    let all = [
        (may_home, "enrollment".to_owned(), w.home),
        (visit.may(&case_log_api::ROUTES, "GET /v1/stores/{store}/case-log"), "case-log".to_owned(), w.case_log),
        (may_home, "orders".to_owned(), w.orders),
        (visit.may(&insight_api::ROUTES, "GET /v1/stores/{store}/insights"), "insights".to_owned(), w.insights),
        (
            visit.may(&statement_api::ROUTES, "GET /v1/stores/{store}/statements/{quarter}"),
            format!("statements/{quarter}"),
            w.statements,
        ),
        (visit.may(&claim_api::ROUTES, "GET /v1/stores/{store}/claims"), "claims".to_owned(), w.claims),
        (
            visit.may(&return_policy_api::ROUTES, "GET /v1/stores/{store}/return-policy"),
            "return-policy".to_owned(),
            w.return_policy,
        ),
        (visit.may(&account_api::ROUTES, "GET /v1/stores/{store}/users"), "users".to_owned(), w.users),
        (visit.may(&account_api::ROUTES, "GET /v1/stores/{store}/audit"), "audit".to_owned(), w.activity),
    ];
    let here = family_of(visit.request.raw_path());
    let links = all.into_iter().filter(|(may, ..)| *may).map(|(_, path, text)| {
        let place = format!("/stores/{store}/{path}");
        let family = path.split('/').next().unwrap_or_default();
        Link { here: family == here, place, text }
    });
    visit.frame(title, links.collect())
}

/// Under which link a page stands.
fn family_of(path: &str) -> &str {
    match path.split('/').nth(3).unwrap_or_default() {
        "decisions" | "hand-overs" => "case-log",
        "disputes" => "statements",
        family => family,
    }
}

/// A code of the API as people read it.
pub fn said(w: &Words, code: &str) -> String {
    codes::said(w.written_in, w.named(code), code)
}

/// A return policy as people call it: the store's standard one, or the seller's own by its number.
pub fn policy(w: &Words, version: &str) -> String {
    codes::policy(version, w.standard_policy, w.own_policy)
}

/// Where the next page of a list is.
pub fn more(place: &str, cursor: Option<&str>) -> Option<String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", cursor?).finish();
    Some(format!("{place}?{query}"))
}

/// What a form says in a field, or nothing where it says nothing.
pub fn given<'v>(visit: &'v Visit<'_>, field: &str) -> Option<&'v str> {
    Some(visit.entered(field)).filter(|text| !text.is_empty())
}

/// Each of several things that a field takes, by lines, spaces or commas, also those of Chinese writing.
pub fn each(entered: &str) -> Vec<&str> {
    let between = |c: char| c.is_whitespace() || [',', '，', '、'].contains(&c);
    entered.split(between).filter(|one| !one.is_empty()).collect()
}
