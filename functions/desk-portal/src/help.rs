//! The keys of the desk.

use crate::{
    parts::{frame, words},
    words::Words,
};
use askama::Template;
use pages::{frame::Frame, page, visit::Visit};
use shell::{failure::Failure, page::Page};

const QUEUE: &str = "GET /v1/stores/{store}/desk/queue";
const REASSIGN: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/reassign";

#[derive(Template)]
#[template(path = "help.html")]
struct Help<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    keys: Vec<(&'static str, &'static str)>,
}

/// The page: each key that the visitor may use. It asks nothing, so whether the visitor may have the desk of this store
/// is asked here.
pub fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    if !visit.may(&desk_api::ROUTES, QUEUE) {
        return Err(domain::outcome::Refusal::unseen("page").into());
    }
    let reassign = visit.may(&desk_lead::ROUTES, REASSIGN).then_some(("S", w.reassign));
    let keys = [
        ("J / K", w.key_rows),
        ("N", w.next_inquiry),
        ("/", w.key_find),
        ("C", w.claim),
        ("R", w.answer_customer),
        ("A", w.ask_seller),
        ("D", w.decide),
        ("M", w.write_note),
        ("T", w.choose_topic),
        ("G", w.merge),
        ("H", w.hand_over),
    ];
    let keys = keys.into_iter().chain(reassign).chain([("?", w.key_help)]).collect();
    page(200, &Help { frame: frame(visit, w.keys, "help")?, w, keys })
}
