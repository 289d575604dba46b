//! Claims for reimbursement: those that wait for a lead, and one with what the seller shows for it. Leads ask for more,
//! grant or deny.

use crate::{
    parts::{Sent, body, done, frame, minor, place, shown, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{
    claim::{Round, criteria::Criterion},
    money::Money,
};
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{failure::Failure, http::Request, page::Page};

const LIST: &str = "GET /v1/stores/{store}/desk/claims";
const SHOW: &str = "GET /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}";
const ASK: &str = "POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/question";
const DECIDE: &str = "POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/decision";
/// What a claim may fail to meet; what only a lead can tell stands first.
const CRITERIA: [Criterion; 8] = [
    Criterion::Evidence,
    Criterion::NotAtFault,
    Criterion::RefundByService,
    Criterion::BorneBySeller,
    Criterion::NotPaidBack,
    Criterion::InTime,
    Criterion::OneClaim,
    Criterion::NotContested,
];

#[derive(Debug, Deserialize)]
struct Claims {
    claims: Vec<Claim>,
}

#[derive(Debug, Deserialize)]
struct Claim {
    #[serde(rename = "claim_id")]
    id: String,
    seller_id: String,
    order_id: String,
    filed_at: DateTime<Utc>,
    refunds: Vec<Refund>,
    evidence: Evidence,
    rounds: Vec<Round>,
    stage: String,
    verdict: Option<Verdict>,
    appeal: Option<Appeal>,
    answer_until: Option<DateTime<Utc>>,
    waits_since: Option<DateTime<Utc>>,
    most_minor: i64,
    most_if_damaged_minor: i64,
}

impl Claim {
    /// How far it has come, and whether on appeal.
    fn how_far(&self, w: &Words, comma: &str) -> String {
        let stage = w.stage_of(&self.stage);
        if self.appeal.is_some() { [&stage, comma, w.appeal].concat() } else { stage }
    }
}

#[derive(Debug, Deserialize)]
struct Refund {
    /// Of which inquiry; claims that were filed before it was kept do not say.
    inquiry: Option<String>,
    amount: Money,
    issued_at: DateTime<Utc>,
    liable: String,
    paid_back: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Evidence {
    ground: String,
    tracking: Vec<String>,
    condition: Option<String>,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    status: String,
    amount: Option<Money>,
    criterion: Option<String>,
    reason: Option<String>,
    at: DateTime<Utc>,
    by: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Appeal {
    text: String,
    user: String,
    filed_at: DateTime<Utc>,
    against: Verdict,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct Listed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    claims: Vec<Claim>,
}

/// Those that wait for a lead, those that wait longest first.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let known: Claims = visit.ask(&claim_desk::ROUTES, claim_desk::handle, visit.to(LIST)).await?;
    let (frame, store) = (frame(visit, w.claims, "claims")?, visit.store.id.as_str());
    page(200, &Listed { frame, w, store, claims: known.claims })
}

#[derive(Template)]
#[template(path = "claim.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    /// Where the page is.
    here: String,
    sent: Sent<'a>,
    claim: Claim,
    criteria: [&'static str; 8],
    /// The smallest amount and the largest, as a field takes them.
    amounts: (String, String),
    may_decide: bool,
}

impl Shown<'_> {
    /// Whether forms are shown: whoever has none would lose what was written.
    fn has_forms(&self) -> bool {
        self.sent.is_any() || (self.may_decide && self.claim.waits_since.is_some())
    }

    /// A verdict, line by line.
    fn verdict(&self, verdict: &Verdict) -> Vec<(&'static str, String)> {
        let rows = [
            (self.w.verdict, Some(self.w.said(&verdict.status))),
            (self.w.amount, verdict.amount.map(|amount| amount.to_string())),
            (self.w.criterion, verdict.criterion.as_ref().map(|criterion| self.w.said(criterion))),
            (self.w.basis, verdict.reason.clone()),
            (self.w.decided, Some(self.frame.time(&verdict.at))),
            (self.w.decided_by, verdict.by.clone()),
        ];
        rows.into_iter().filter_map(|(label, text)| Some((label, text?))).collect()
    }
}

/// One claim.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let claim: Claim = visit.ask(&claim_desk::ROUTES, claim_desk::handle, to(visit, SHOW)?).await?;
    let frame = frame(visit, &fill(w.the_claim, &[&claim.order_id]), "claims")?;
    let form = if visit.request.route.ends_with("/question") { "question" } else { visit.entered("decision") };
    let sent = Sent::new(visit, form, &frame);
    let may_decide = visit.may(&claim_desk::ROUTES, DECIDE);
    let here = place(visit, &format!("claims/{}/{}", claim.seller_id, claim.id));
    let store = visit.store.id.as_str();
    let amounts = (shown(1, visit), shown(claim.most_minor, visit));
    let criteria = CRITERIA.map(Criterion::as_str);
    page(200, &Shown { frame, w, store, here, sent, claim, criteria, amounts, may_decide })
}

fn to(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    let (seller, claim): (String, String) = (visit.request.path("seller_id")?, visit.request.path("claim_id")?);
    Ok(visit.to(route).at_path("seller_id", &seller).at_path("claim_id", &claim))
}

/// CLM-3: a lead asks the seller for more.
pub async fn ask(visit: &Visit<'_>) -> Result<String, Failure> {
    moved(visit, ASK, body(visit, &["text"])).await
}

/// CLM-3: a lead grants or denies.
pub async fn decide(visit: &Visit<'_>) -> Result<String, Failure> {
    let mut body = body(visit, &["decision", "criterion", "reason"]);
    if let Some(minor) = minor(visit)? {
        body.insert("amount_minor".to_owned(), json!(minor));
    }
    if visit.entered("customer_damaged") == "yes" {
        body.insert("customer_damaged".to_owned(), json!(true));
    }
    moved(visit, DECIDE, body).await
}

async fn moved(visit: &Visit<'_>, route: &str, body: Map<String, Value>) -> Result<String, Failure> {
    let request = to(visit, route)?.saying(visit.entered("key"), &Value::Object(body));
    let claim: Claim = visit.ask(&claim_desk::ROUTES, claim_desk::handle, request).await?;
    Ok(done(visit, &format!("claims/{}/{}", claim.seller_id, claim.id)))
}
