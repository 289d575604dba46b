//! Decisions: what the service gave the seller's customers, on what ground, who bears it, and how the seller gets it
//! back (JDG-2); for a seller abroad, how the goods come back (RET-4). And what was handed over to the seller (INQ-1).

use crate::{
    claims::{Filed, filed},
    parts::{frame, given, more, words},
    words::{Words, decisions},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::money::Money;
use futures_util::future::try_join;
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shell::{failure::Failure, http::Request, page::Page};

const LIST: &str = "GET /v1/stores/{store}/decisions";
const SHOW: &str = "GET /v1/stores/{store}/decisions/{decision_id}";
const NAME_WAY: &str = "POST /v1/stores/{store}/decisions/{decision_id}/return-method";
const HANDED_OVER: &str = "GET /v1/stores/{store}/hand-overs";
const CHECK: &str = "GET /v1/stores/{store}/orders/{order_id}/claim-eligibility";

/// A decision, as far as pages show it.
#[derive(Debug, Deserialize)]
pub struct Decision {
    pub id: String,
    order: String,
    inquiry: String,
    pub kind: String,
    pub basis: String,
    pub amount: Option<Money>,
    pub liable: String,
    pub decided_at: DateTime<Utc>,
    pub decided_by: DecidedBy,
    pub policy: Option<String>,
    pub way_back: WayBack,
    #[serde(default)]
    units: Vec<Units>,
    return_shipping: Option<String>,
    return_method_by: Option<DateTime<Utc>>,
    #[serde(default)]
    supersedes: Vec<String>,
    /// Where the claim is that asks for it back, if one was filed.
    #[serde(skip)]
    pub claim: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct DecidedBy {
    pub by: String,
}

#[derive(Debug, Deserialize)]
pub struct WayBack {
    pub way_back: String,
    #[serde(alias = "on")]
    until: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
struct Units {
    item: String,
    first: u64,
    last: u64,
    each: Option<Money>,
}

impl Decision {
    /// With the claim about its order, where the way back is one.
    #[must_use]
    pub fn with_claim(self, filed: &Filed, visit: &Visit<'_>) -> Self {
        let claim = filed.about(&self.order, visit).filter(|_| self.way_back.way_back == "claim");
        Self { claim, ..self }
    }

    /// How the seller gets its money back, in a sentence.
    pub fn way_back_in(&self, frame: &Frame<'_>, w: &Words) -> String {
        let until = self.way_back.until.as_ref().map_or_else(String::new, |until| frame.time(until));
        w.named(&self.way_back.way_back).map_or_else(String::new, |sentence| fill(sentence, &[&until]))
    }
}

#[derive(Debug, Deserialize)]
struct Decisions {
    decisions: Vec<Decision>,
    next_cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct All<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static decisions::Words,
    store: &'a str,
    list: Decisions,
    next: Option<String>,
}

/// Every decision, newest first.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, d, store) = (words(visit), decisions::Words::of(visit.language), visit.store.id.as_str());
    let list = ask::<Decisions>(visit, visit.to_list(LIST));
    let (mut list, filed) = Box::pin(try_join(list, filed(visit))).await?;
    list.decisions = list.decisions.into_iter().map(|decision| decision.with_claim(&filed, visit)).collect();
    let next = more(&format!("/stores/{store}/decisions"), list.next_cursor.as_deref());
    page(200, &All { frame: frame(visit, d.decisions)?, w, d, store, list, next })
}

#[derive(Template)]
#[template(path = "decision.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static decisions::Words,
    store: &'a str,
    decision: Decision,
    visit: &'a Visit<'a>,
    may_check: bool,
    may_name: bool,
}

impl Shown<'_> {
    fn range(&self, units: &Units) -> String {
        let (first, last) = (units.first.to_string(), units.last.to_string());
        if first == last { fill(self.d.one_unit, &[&first]) } else { fill(self.d.unit_range, &[&first, &last]) }
    }

    fn methods(&self) -> [(&'static str, &'static str); 3] {
        let d = self.d;
        [
            ("local_address", d.local_address),
            ("prepaid_label", d.prepaid_label),
            ("refund_without_return", d.refund_without_return),
        ]
    }
}

/// One decision, with the form for a way back of the goods where one is to be named.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, d, store) = (words(visit), decisions::Words::of(visit.language), visit.store.id.as_str());
    let (decision, filed) = Box::pin(try_join(ask::<Decision>(visit, to(visit, SHOW)?), filed(visit))).await?;
    let decision = decision.with_claim(&filed, visit);
    let frame = frame(visit, &fill(d.the_decision, &[&decision.order]))?;
    let is_open = decision.return_method_by.is_some_and(|until| visit.request.now < until) || visit.came_back();
    let may_name = is_open && !frame.done && visit.may(&case_log_api::ROUTES, NAME_WAY);
    let may_check = visit.may(&claim_api::ROUTES, CHECK);
    page(200, &Shown { frame, w, d, store, decision, visit, may_check, may_name })
}

/// Names how the goods come back.
pub async fn name_way(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({ "method": given(visit, "method"), "place": given(visit, "place") });
    let request = to(visit, NAME_WAY)?.saying(visit.entered("key"), &body);
    let _: Value = ask(visit, request).await?;
    let id: String = visit.request.path("decision_id")?;
    Ok(format!("/stores/{}/decisions/{id}?done=1", visit.store.id))
}

#[derive(Debug, Deserialize)]
struct HandOvers {
    hand_overs: Vec<HandedOver>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct HandedOver {
    case_id: String,
    order_id: String,
    issue: String,
    reason: String,
    at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "hand_overs.html")]
struct Handed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static decisions::Words,
    store: &'a str,
    list: HandOvers,
    next: Option<String>,
}

impl Handed<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.d.written_in, self.d.named(if code == "return" { "returning" } else { code }), code)
    }
}

/// What was handed over, newest first.
pub async fn handed_over(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, d, store) = (words(visit), decisions::Words::of(visit.language), visit.store.id.as_str());
    let list: HandOvers = ask(visit, visit.to_list(HANDED_OVER)).await?;
    let next = more(&format!("/stores/{store}/hand-overs"), list.next_cursor.as_deref());
    page(200, &Handed { frame: frame(visit, d.hand_overs)?, w, d, store, list, next })
}

fn to(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    Ok(visit.to(route).at_path("decision_id", &visit.request.path::<String>("decision_id")?))
}

async fn ask<T: DeserializeOwned>(visit: &Visit<'_>, request: Request) -> Result<T, Failure> {
    visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await
}
