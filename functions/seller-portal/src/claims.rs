//! Claims: what a seller wants back of what the service refunded (CLM). Before one is filed, each thing that it must
//! meet stands there by its name; after that, how far it has come, what is asked, and until when.

use crate::{
    parts::{each, frame, given, more, words},
    words::{Words, claims},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{claim::ClaimAnswer, money::Money};
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::{Visit, if_there},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use shell::{failure::Failure, http::Request, page::Page};
use std::collections::BTreeMap;

const LIST: &str = "GET /v1/stores/{store}/claims";
const CHECK: &str = "GET /v1/stores/{store}/orders/{order_id}/claim-eligibility";
const FILE: &str = "POST /v1/stores/{store}/claims";
const SHOW: &str = "GET /v1/stores/{store}/claims/{claim_id}";
const ANSWER: &str = "POST /v1/stores/{store}/claims/{claim_id}/answer";
const APPEAL: &str = "POST /v1/stores/{store}/claims/{claim_id}/appeal";
const GROUNDS: [&str; 6] =
    ["delivered", "as_described", "customer_damaged", "returned_otherwise", "not_returned", "other"];
const DECISION: &str = "GET /v1/stores/{store}/decisions/{decision_id}";
const CONDITIONS: [&str; 7] = ["original", "used", "damaged", "parts_missing", "other_item", "empty", "not_returned"];

#[derive(Debug, Deserialize)]
struct Claims {
    claims: Vec<One>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct One {
    claim_id: String,
    order_id: String,
    filed_at: DateTime<Utc>,
    refunds: Vec<Refund>,
    evidence: Evidence,
    rounds: Vec<Round>,
    stage: String,
    verdict: Option<Verdict>,
    appeal: Option<Appeal>,
    answer_until: Option<DateTime<Utc>>,
    appeal_until: Option<DateTime<Utc>>,
    #[serde(rename = "final")]
    is_final: bool,
}

#[derive(Debug, Deserialize)]
struct Refund {
    decision: String,
    amount: Money,
    issued_at: DateTime<Utc>,
    liable: String,
    paid_back: Option<String>,
    until: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
struct Evidence {
    ground: String,
    tracking: Vec<String>,
    condition: Option<String>,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Round {
    question: String,
    asked_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    answer: Option<ClaimAnswer>,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    status: String,
    amount: Option<Money>,
    criterion: Option<String>,
    reason: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct Appeal {
    text: String,
    filed_at: DateTime<Utc>,
    against: Verdict,
}

impl One {
    /// How far it has come, in words.
    fn standing(&self, c: &claims::Words) -> String {
        let code = self.verdict.as_ref().map_or(&self.stage, |verdict| &verdict.status);
        let said = codes::said(c.written_in, c.named(code), code);
        if self.appeal.is_some() { fill(c.on_appeal, &[&said]) } else { said }
    }

    /// What the seller can still do, and until when.
    fn deadline(&self, c: &claims::Words) -> Option<(&'static str, DateTime<Utc>)> {
        let appeal = self.appeal_until.filter(|_| !self.is_final).map(|until| (c.appeal_by, until));
        self.answer_until.map(|until| (c.answer_by, until)).or(appeal)
    }
}

#[derive(Template)]
#[template(path = "claims.html")]
struct All<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    c: &'static claims::Words,
    store: &'a str,
    list: Claims,
    next: Option<String>,
}

/// The seller's claims.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, c, store) = (words(visit), claims::Words::of(visit.language), visit.store.id.as_str());
    let list: Claims = ask(visit, visit.to_list(LIST)).await?;
    let next = more(&format!("/stores/{store}/claims"), list.next_cursor.as_deref());
    page(200, &All { frame: frame(visit, c.claims)?, w, c, store, list, next })
}

/// The claims that were filed, each by its order.
#[derive(Debug, Default)]
pub struct Filed(BTreeMap<String, String>);

impl Filed {
    /// Where the claim about an order is, if there is one.
    pub fn about(&self, order: &str, visit: &Visit<'_>) -> Option<String> {
        self.0.get(order).map(|claim| format!("/stores/{}/claims/{claim}", visit.store.id))
    }
}

/// Those that the visitor may see: one query, however many pages it has.
pub async fn filed(visit: &Visit<'_>) -> Result<Filed, Failure> {
    let mut filed = Filed::default();
    let mut next = visit.may(&claim_api::ROUTES, LIST).then(String::new);
    while let Some(cursor) = next {
        let list: Claims = ask(visit, visit.to(LIST).with_query("cursor", &cursor)).await?;
        filed.0.extend(list.claims.into_iter().map(|claim| (claim.order_id, claim.claim_id)));
        next = list.next_cursor;
    }
    Ok(filed)
}

#[derive(Debug, Deserialize)]
struct Check {
    order_id: String,
    eligible: bool,
    criteria: Vec<Finding>,
    refunds: Vec<Refund>,
    returned_at: Option<DateTime<Utc>>,
    claim_id: Option<String>,
    until: Option<DateTime<Utc>>,
    most_minor: i64,
    most_if_damaged_minor: i64,
}

#[derive(Debug, Deserialize)]
struct Finding {
    criterion: String,
    met: bool,
    fact: String,
}

#[derive(Template)]
#[template(path = "claim_new.html")]
struct New<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    c: &'static claims::Words,
    store: &'a str,
    visit: &'a Visit<'a>,
    asked: String,
    check: Option<Check>,
    may_file: bool,
}

impl New<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.c.written_in, self.c.named(code).or_else(|| self.w.named(code)), code)
    }

    fn whether(&self, check: &Check) -> String {
        let sentence = match (check.eligible, &check.claim_id) {
            (true, _) => self.c.can_be_filed,
            (false, None) => self.c.cannot_be_filed,
            (false, Some(_)) => self.c.is_filed,
        };
        fill(sentence, &[&check.order_id])
    }

    /// What was written is shown again, also where it came too late.
    fn takes_form(&self, check: &Check) -> bool {
        self.may_file && (check.eligible || self.visit.came_back())
    }
}

/// Whether there can be a claim about an order, and the form that files it.
pub async fn check(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, c, store) = (words(visit), claims::Words::of(visit.language), visit.store.id.as_str());
    if !visit.may(&claim_api::ROUTES, CHECK) {
        return Err(domain::outcome::Refusal::unseen("page").into());
    }
    let entered = visit.entered("order_id").to_owned();
    let asked = if entered.is_empty() { visit.asked("order_id").trim().to_owned() } else { entered };
    let found = async {
        if asked.is_empty() {
            return Ok(None);
        }
        if_there(ask::<Check>(visit, visit.to(CHECK).at_path("order_id", &asked)).await)
    };
    let check = found.await?;
    let (frame, may_file) = (frame(visit, c.file)?, visit.may(&claim_api::ROUTES, FILE));
    page(200, &New { frame, w, c, store, visit, asked, check, may_file })
}

/// Files the claim of the form.
pub async fn file(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({
        "order_id": given(visit, "order_id"),
        "ground": given(visit, "ground"),
        "condition": given(visit, "condition"),
        "tracking": each(visit.entered("tracking")),
        "text": given(visit, "text"),
    });
    let request = visit.to(FILE).saying(visit.entered("key"), &body);
    Ok(place(visit, &ask(visit, request).await?))
}

#[derive(Template)]
#[template(path = "claim.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    c: &'static claims::Words,
    store: &'a str,
    claim: One,
    visit: &'a Visit<'a>,
    may_log: bool,
    may_answer: bool,
    may_appeal: bool,
}

impl Shown<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.c.written_in, self.c.named(code).or_else(|| self.w.named(code)), code)
    }

    /// A verdict, line by line.
    fn decided(&self, verdict: &Verdict) -> Vec<(&'static str, String)> {
        self.decided_as(verdict, self.c.granted_amount, None)
    }

    /// What was decided on the appeal. One that is denied leaves what was granted before.
    fn decided_on(&self, appeal: &Appeal, verdict: &Verdict) -> Vec<(&'static str, String)> {
        let before = appeal.against.amount.filter(|_| verdict.amount.is_none());
        let stays = before.map(|amount| fill(self.c.granted_before, &[&amount.to_string()]));
        self.decided_as(verdict, self.c.granted_in_all, stays)
    }

    fn decided_as(&self, verdict: &Verdict, granted: &str, stays: Option<String>) -> Vec<(&'static str, String)> {
        let granted = verdict.amount.map(|amount| fill(granted, &[&amount.to_string()]));
        let rows = [
            (self.w.kind, Some(granted.unwrap_or_else(|| self.said(&verdict.status)))),
            (self.w.amount, stays),
            (self.c.denied_by, verdict.criterion.as_ref().map(|criterion| self.said(criterion))),
            (self.w.basis, verdict.reason.clone()),
            (self.w.decided, Some(self.frame.time(&verdict.at))),
        ];
        rows.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
    }
}

/// One claim.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, c, store) = (words(visit), claims::Words::of(visit.language), visit.store.id.as_str());
    let claim: One = ask(visit, to(visit, SHOW)?).await?;
    let asked = claim.rounds.last().is_some_and(|round| round.answer.is_none());
    let (answers, appeals) = if visit.came_back() {
        // What was written is shown again by its own form, also where it can be sent no more.
        (visit.request.route.ends_with("/answer"), visit.request.route.ends_with("/appeal"))
    } else {
        (asked && claim.verdict.is_none(), claim.appeal_until.is_some() && !claim.is_final)
    };
    let may_answer = answers && visit.may(&claim_api::ROUTES, ANSWER);
    let may_appeal = appeals && visit.may(&claim_api::ROUTES, APPEAL);
    let may_log = visit.may(&case_log_api::ROUTES, DECISION);
    let frame = frame(visit, &fill(c.the_claim, &[&claim.order_id]))?;
    page(200, &Shown { frame, w, c, store, claim, visit, may_log, may_answer, may_appeal })
}

/// Answers what is asked.
pub async fn answer(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({ "text": given(visit, "text"), "tracking": each(visit.entered("tracking")) });
    let request = to(visit, ANSWER)?.saying(visit.entered("key"), &body);
    Ok(place(visit, &ask(visit, request).await?))
}

/// Appeals.
pub async fn appeal(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({ "text": given(visit, "text") });
    Ok(place(visit, &ask(visit, to(visit, APPEAL)?.saying(visit.entered("key"), &body)).await?))
}

fn to(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    Ok(visit.to(route).at_path("claim_id", &visit.request.path::<String>("claim_id")?))
}

fn place(visit: &Visit<'_>, claim: &One) -> String {
    format!("/stores/{}/claims/{}?done=1", visit.store.id, claim.claim_id)
}

async fn ask<T: DeserializeOwned>(visit: &Visit<'_>, request: Request) -> Result<T, Failure> {
    visit.ask(&claim_api::ROUTES, claim_api::handle, request).await
}
