//! One inquiry at one glance: who works on it and until when, what was said, the order, the parcels, the policy, what
//! the catalogue says, what was asked, decided and noted; and every act with its form on the same page. A form that did
//! not do what it says stands open, as it was filled in.

use crate::{
    case::{Case, Ordered},
    parts::{Sent, code, frame, place, shown, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{decision::DecisionKind, question::QuestionKind, topic::Liable};
use futures_util::future::try_join;
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use shell::{failure::Failure, http::Request, page::Page};

/// The page.
pub const ROUTE: &str = "GET /stores/{store}/desk/inquiries/{inquiry_id}";

const SHOW: &str = "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}";
const MACROS: &str = "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/macros";
const REASSIGN: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/reassign";
/// What each form does, as its path ends.
const ACTS: [&str; 8] = ["answer", "requests", "decision", "notes", "topic", "merge", "hand-over", "reassign"];
const BEARERS: [Liable; 5] = [Liable::Seller, Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open];

#[derive(Debug, Default, Deserialize)]
struct Macros {
    macros: Vec<Canned>,
}

/// A macro, as it would be said now.
#[derive(Debug, Deserialize)]
struct Canned {
    code: String,
    title: String,
    text: String,
    slots: Vec<Slot>,
}

#[derive(Debug, Deserialize)]
struct Slot {
    name: String,
    longest: usize,
}

/// Decisions of one kind: its code, its words, and the reasons on which it may rest.
type Kind = (String, Vec<String>);

#[derive(Template)]
#[template(path = "inquiry.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    visit: &'a Visit<'a>,
    /// Where the page is.
    here: String,
    sent: Sent<'a>,
    case: Case,
    macros: Vec<Canned>,
    /// The macro that is chosen.
    canned: String,
    /// Whether its text is to be changed.
    edited: bool,
    may_reassign: bool,
    questions: Vec<String>,
    bearers: [&'static str; 5],
}

impl Shown<'_> {
    fn is_mine(&self) -> bool {
        self.case.line.is_of(&self.frame.who)
    }

    /// INQ-4: until when whoever works on it has it, if nothing comes of it.
    fn idle_until(&self) -> Option<DateTime<Utc>> {
        let times = self.visit.store.desk_times_at(self.case.opened_at)?;
        self.case.idle_since?.checked_add_signed(times.idle)
    }

    /// Whether this form is shown: where the visitor may do what it says, and where it was sent, for else what was
    /// written in it would be lost.
    fn offers(&self, act: &str) -> bool {
        self.sent.is(act)
            || match act {
                // INQ-1: a lead gives away what is live, whoever holds it.
                "reassign" => self.may_reassign && self.case.is_live(),
                _ => self.is_mine() && is_open_to_holder(act, &self.case.line.status),
            }
    }

    fn has_forms(&self) -> bool {
        ACTS.iter().any(|act| self.offers(act))
    }

    fn canned(&self) -> Option<&Canned> {
        self.macros.iter().find(|canned| canned.code == self.canned).filter(|_| !self.edited)
    }

    /// What is written in the answer: what was sent, or the text of a macro that is to be changed.
    fn written(&self) -> &str {
        let sent = self.sent.entered("answer", "message");
        let text = || self.macros.iter().find(|canned| canned.code == self.canned).map(|canned| canned.text.as_str());
        if sent.is_empty() && !self.sent.is("answer") { text().unwrap_or_default() } else { sent }
    }

    fn topics(&self) -> Vec<&str> {
        self.visit.shell.book.topics.iter().map(|topic| topic.code.as_str()).collect()
    }

    /// Every decision that may rest on some reason, and those.
    fn kinds(&self) -> Vec<Kind> {
        let reasons = |kind| self.visit.shell.book.reasons.of(kind).map(|reason| reason.code.clone()).collect();
        DecisionKind::ALL.into_iter().map(|kind| (code(&kind), reasons(kind))).collect()
    }

    fn units_of(&self, line: &Ordered) -> String {
        fill(self.w.units_each, &[&line.item, &line.quantity.to_string()])
    }

    fn file(&self, request: &str, file: &str) -> String {
        let seller = &self.case.line.seller_id;
        format!("/stores/{}/desk/requests/{seller}/{request}/attachments/{file}", self.store)
    }

    fn smallest(&self) -> String {
        shown(1, self.visit)
    }
}

/// The page.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let macros = async {
        match visit.ask::<Macros>(&desk_api::ROUTES, desk_api::handle, to(visit, MACROS)?).await {
            // None fits what is over.
            Err(Failure::Refused(_)) => Ok(Macros::default()),
            other => other,
        }
    };
    let case = visit.ask::<Case>(&desk_api::ROUTES, desk_api::handle, to(visit, SHOW)?);
    let (case, macros) = Box::pin(try_join(case, macros)).await?;
    let title = fill(w.inquiry_about, &[&w.said(&case.line.topic), &case.line.order_id]);
    let frame = frame(visit, &title, "queue")?;
    let sent = Sent::new(visit, act(visit), &frame);
    let chosen = [sent.entered("answer", "macro").to_owned(), visit.asked("macro")];
    let canned = chosen.into_iter().find(|code| !code.is_empty()).unwrap_or_default();
    let edited = !visit.asked("edit").is_empty();
    let may_reassign = visit.may(&desk_lead::ROUTES, REASSIGN);
    let here = place(visit, &format!("inquiries/{}", case.line.inquiry_id));
    let macros = macros.macros;
    let store = visit.store.id.as_str();
    let questions = QuestionKind::ALL.iter().map(code).collect();
    let bearers = BEARERS.map(Liable::as_str);
    page(
        200,
        &Shown { frame, w, store, visit, here, sent, case, macros, canned, edited, may_reassign, questions, bearers },
    )
}

/// What the form is for that was sent: the last part of its path.
fn act<'a>(visit: &Visit<'a>) -> &'a str {
    visit.request.route.rsplit('/').next().unwrap_or_default()
}

/// A request about the inquiry of the path.
pub fn to(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    Ok(visit.to(route).at_path("inquiry_id", &visit.request.path::<String>("inquiry_id")?))
}

/// INQ-4: what whoever holds an inquiry does with it. REQ-2: while the seller has the next word, that is what needs no
/// word of the seller.
fn is_open_to_holder(act: &str, status: &str) -> bool {
    match status {
        "working" | "waiting_customer" => true,
        "waiting_seller" => matches!(act, "notes" | "merge" | "hand-over"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inq_4_req_2_who_holds_an_inquiry_may_do_all_or_while_the_seller_is_asked_what_needs_no_word_of_it() {
        let open = |status| ACTS.into_iter().filter(|act| is_open_to_holder(act, status)).collect::<Vec<_>>();
        assert_eq!(open("waiting_seller"), ["notes", "merge", "hand-over"]);
        for status in ["working", "waiting_customer"] {
            assert_eq!(open(status), ACTS, "{status}");
        }
        for status in ["open", "resolved", "merged", "handed_to_seller"] {
            assert_eq!(open(status), [""; 0], "{status}");
        }
    }
}
