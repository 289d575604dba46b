//! Statements: what a quarter costs, and for what (FEE-10). A line unfolds to its units or to what was paid back,
//! and the contacts stand with the rule that counted each or did not.

use crate::{
    disputes::{self, Wanted},
    parts::{frame, said, words},
    words::{Words, claims, disputes as dispute_words},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{money::Money, outcome::RefusalKind, quarter::Quarter};
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::{Deserialize, de::DeserializeOwned};
use shell::{failure::Failure, http::Request, page::Page};

const SHOW: &str = "GET /v1/stores/{store}/statements/{quarter}";
const UNITS: &str = "GET /v1/stores/{store}/statements/{quarter}/units";
const REIMBURSEMENTS: &str = "GET /v1/stores/{store}/statements/{quarter}/reimbursements";
/// The line that has no units: what is paid back.
const PAID_BACK: &str = "reimbursement";
const CLAIM: &str = "GET /v1/stores/{store}/claims/{claim_id}";
const DECISION: &str = "GET /v1/stores/{store}/decisions/{decision_id}";
const CONTACTS: &str = "GET /v1/stores/{store}/statements/{quarter}/contacts";

#[derive(Debug, Deserialize)]
struct Statement {
    final_since: Option<DateTime<Utc>>,
    measured: Option<Measured>,
    total_minor: i64,
    lines: Vec<Line>,
    contacts: Counted,
}

#[derive(Debug, Deserialize)]
struct Measured {
    contacts: u64,
    units: u64,
}

#[derive(Debug, Deserialize)]
struct Line {
    quarter: String,
    reason: String,
    rate_minor: i64,
    units: u64,
    amount_minor: i64,
}

impl Line {
    /// What is paid back is no unit.
    fn has_units(&self) -> bool {
        self.reason != PAID_BACK
    }
}

#[derive(Debug, Deserialize)]
struct Counted {
    recorded: u64,
    counted: u64,
}

#[derive(Debug, Default, Deserialize)]
struct Units {
    units: Vec<Unit>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Unit {
    order: String,
    item: String,
    ordinal: u64,
    shipped_at: DateTime<Utc>,
}

#[derive(Debug, Default, Deserialize)]
struct Reimbursements {
    reimbursements: Vec<PaidBack>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PaidBack {
    #[serde(rename = "for")]
    why: String,
    claim: Option<String>,
    decision: Option<String>,
    order: String,
    amount: Money,
    granted_at: DateTime<Utc>,
}

#[derive(Debug, Default, Deserialize)]
struct Contacts {
    contacts: Vec<Made>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Made {
    order: String,
    topic: String,
    received_at: DateTime<Utc>,
    contact: String,
    counts: String,
    counted: bool,
}

#[derive(Template)]
#[template(path = "statement.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    quarter: Quarter,
    statement: Option<Statement>,
    reason: String,
    rate: String,
    units: Units,
    paid_back: Option<Reimbursements>,
    of_contacts: bool,
    contacts: Contacts,
    d: &'static dispute_words::Words,
    visit: &'a Visit<'a>,
    may_dispute: bool,
    wanted: Option<Wanted>,
}

impl Shown<'_> {
    fn said(&self, code: &str) -> String {
        said(self.w, if code == "trial" { "trial_unit" } else { code })
    }

    /// Where the units of a line are shown, or what was paid back.
    fn unfolded(&self, line: &Line) -> String {
        let page = format!("/stores/{}/statements/{}?reason={}", self.store, self.quarter, line.reason);
        if line.reason == PAID_BACK {
            return format!("{page}#paid");
        }
        format!("{page}&rate_minor={}#units", line.rate_minor)
    }

    /// Whether a contact counts, and by which rule.
    fn counts(&self, contact: &Made) -> String {
        let (rule, code) = contact.counts.split_once('.').unwrap_or(("", &contact.counts));
        self.frame.words.aside(&self.said(&format!("contact_{code}")), &rule.to_uppercase())
    }

    /// What a payment rests on, and where that is.
    fn cause(&self, paid: &PaidBack) -> (&'static str, Option<String>) {
        let c = claims::Words::of(self.frame.language);
        let why = match paid.why.as_str() {
            "claim" => self.w.paid_by_claim,
            "appeal" => self.w.paid_by_appeal,
            other => c.named(other).unwrap_or_default(),
        };
        let claim = paid.claim.as_ref().map(|claim| format!("/stores/{}/claims/{claim}", self.store));
        let decision = paid.decision.as_ref().map(|decision| format!("/stores/{}/decisions/{decision}", self.store));
        let claim = claim.filter(|_| self.visit.may(&claim_api::ROUTES, CLAIM));
        (why, claim.or_else(|| decision.filter(|_| self.visit.may(&case_log_api::ROUTES, DECISION))))
    }

    /// Where the form is that disputes a unit.
    fn unit_form(&self, unit: &Unit) -> String {
        let ordinal = unit.ordinal.to_string();
        self.form(&[("order_id", &unit.order), ("item_id", &unit.item), ("ordinal", &ordinal)])
    }

    fn contact_form(&self, contact: &Made) -> String {
        self.form(&[("contact_id", &contact.contact), ("about", &contact.order), ("topic", &contact.topic)])
    }

    fn form(&self, names: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(names).finish();
        format!("/stores/{}/statements/{}?{query}#dispute", self.store, self.quarter)
    }

    /// Only what a final statement charged can be disputed.
    fn takes_disputes(&self) -> bool {
        let is_final = self.statement.as_ref().is_some_and(|statement| statement.final_since.is_some());
        self.may_dispute && is_final
    }

    /// Whether the quarter after this one has begun.
    fn has_next(&self) -> bool {
        self.quarter < self.visit.store.quarter_of(self.visit.request.now)
    }

    fn more(&self, cursor: &str, anchor: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("reason", &self.reason)
            .append_pair("rate_minor", &self.rate)
            .append_pair("contacts", if self.of_contacts { "1" } else { "" })
            .append_pair("cursor", cursor)
            .finish();
        format!("/stores/{}/statements/{}?{query}#{anchor}", self.store, self.quarter)
    }
}

/// The page of a quarter.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let quarter = visit.request.path::<Quarter>("quarter").map_err(|_| domain::outcome::Refusal::unseen("page"))?;
    let (reason, rate) = (visit.asked("reason"), visit.asked("rate_minor"));
    let of_contacts = !visit.asked("contacts").is_empty();
    let statement = ask::<Statement>(visit, SHOW, quarter).await;
    let statement = match statement {
        Ok(statement) => Some(statement),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Unseen => None,
        Err(failure) => return Err(failure),
    };
    let (mut units, mut paid_back) = (Units::default(), None);
    match reason.as_str() {
        "" => {}
        _ if statement.is_none() => {}
        PAID_BACK => paid_back = Some(ask(visit, REIMBURSEMENTS, quarter).await?),
        _ => units = ask(visit, UNITS, quarter).await?,
    }
    let contacts =
        if of_contacts && statement.is_some() { ask(visit, CONTACTS, quarter).await? } else { Contacts::default() };
    let frame = frame(visit, &fill(w.statement_of, &[&pages::words::Words::of(visit.language).of_quarter(&quarter)]))?;
    let store = visit.store.id.as_str();
    let (d, may_dispute) = (dispute_words::Words::of(visit.language), disputes::may_file(visit));
    let wanted = disputes::wanted(visit).filter(|_| may_dispute);
    let shown = Shown {
        frame,
        w,
        store,
        quarter,
        statement,
        reason,
        rate,
        units,
        paid_back,
        of_contacts,
        contacts,
        d,
        visit,
        may_dispute,
        wanted,
    };
    page(200, &shown)
}

/// The lines as a file, or the units, contacts or payments behind them, where the query asks `of` these.
pub async fn download(visit: &Visit<'_>) -> Result<Page, Failure> {
    let quarter: Quarter = visit.request.path("quarter")?;
    let (what, route) = match visit.asked("of").as_str() {
        "units" => ("units", UNITS),
        "contacts" => ("contacts", CONTACTS),
        "reimbursements" => ("reimbursements", REIMBURSEMENTS),
        _ => ("lines", SHOW),
    };
    let (request, file) = (to(visit, route, quarter), format!("statement-{}-{quarter}-{what}", visit.store.id));
    visit.download(&statement_api::ROUTES, statement_api::handle, request, &file).await
}

async fn ask<T: DeserializeOwned>(visit: &Visit<'_>, route: &str, quarter: Quarter) -> Result<T, Failure> {
    visit.ask(&statement_api::ROUTES, statement_api::handle, to(visit, route, quarter)).await
}

fn to(visit: &Visit<'_>, route: &str, quarter: Quarter) -> Request {
    let request = visit.to(route).at_path("quarter", &quarter.to_string());
    let asked = ["reason", "rate_minor", "cursor"].into_iter();
    asked.fold(request, |request, name| request.with_query(name, &visit.asked(name)))
}
