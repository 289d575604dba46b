//! Home: where the seller stands, in one sentence, what needs it, and what joining or leaving would mean before it is
//! done.

use crate::{
    mails::{self, Mail},
    parts::{frame, words},
    words::mails::Words as MailWords,
};
use askama::Template;
use chrono::{DateTime, Utc};
use futures_util::future::{try_join, try_join3};
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::{Value, json};
use shell::{failure::Failure, page::Page};

const SHOW: &str = "GET /v1/stores/{store}/enrollment";
const PREVIEW: &str = "GET /v1/stores/{store}/enrollment/preview";
const OPT_IN: &str = "POST /v1/stores/{store}/enrollment/opt-in";
const OPT_OUT: &str = "POST /v1/stores/{store}/enrollment/opt-out";
const TERMS: &str = "POST /v1/stores/{store}/enrollment/terms";
const LOG: &str = "GET /v1/stores/{store}/case-log";

#[derive(Debug, Deserialize)]
struct Enrollment {
    status: String,
    since: Option<DateTime<Utc>>,
    starts_at: Option<DateTime<Utc>>,
    terms: Terms,
    periods: Vec<Period>,
}

#[derive(Debug, Deserialize)]
struct Terms {
    current: Option<String>,
    accepted: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Period {
    starts_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
struct Preview {
    opt_in: OptIn,
    opt_out: OptOut,
    trial: Option<Trial>,
    open_inquiries: Open,
    forecast: Option<Forecast>,
}

#[derive(Debug, Deserialize)]
struct OptIn {
    starts_at: Option<DateTime<Utc>>,
    #[serde(default)]
    unmet: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct OptOut {
    ends_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
struct Trial {
    ends_at: DateTime<Utc>,
    days_left: u64,
}

#[derive(Debug, Deserialize)]
struct Open {
    count: usize,
}

#[derive(Debug, Deserialize)]
struct Forecast {
    rate_of: String,
    rate_minor: i64,
}

/// A request of the Case Log, as far as a line of a list shows it.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub request_id: String,
    pub order_id: String,
    pub due_at: DateTime<Utc>,
    pub state: String,
    pub asked_at: DateTime<Utc>,
    pub question: Asked,
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    pub text: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Lines {
    pub requests: Vec<Line>,
    pub next_cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    w: &'static crate::words::Words,
    store: &'a str,
    enrollment: Enrollment,
    preview: Preview,
    s: &'static MailWords,
    visit: &'a Visit<'a>,
    mail: Mail,
    waiting: Lines,
    may_log: bool,
    may_change: bool,
}

impl Home<'_> {
    fn standing(&self) -> String {
        let at = |at: Option<DateTime<Utc>>| at.map_or_else(String::new, |at| self.frame.time(&at));
        match self.enrollment.status.as_str() {
            "active" => fill(self.w.active, &[&at(self.enrollment.since)]),
            "starting" => fill(self.w.starting, &[&at(self.enrollment.starts_at)]),
            _ => self.w.not_enrolled.to_owned(),
        }
    }

    /// NTF-3: why mail reaches nobody.
    fn unreached(&self) -> Option<String> {
        let suppressed = self.mail.suppressed.as_ref()?;
        let sentence = if suppressed.because == "complained" { self.w.complained } else { self.w.bounced };
        let email = self.mail.email.as_deref().unwrap_or_default();
        Some(fill(sentence, &[email, &self.frame.time(&suppressed.at)]))
    }

    fn trial(&self) -> Option<String> {
        let trial = self.preview.trial.as_ref().filter(|_| self.enrollment.status != "not_enrolled")?;
        let until = self.frame.time(&trial.ends_at);
        Some(match trial.days_left {
            0 => fill(self.w.trial_over, &[&until]),
            1 => fill(self.w.trial_last_day, &[&until]),
            days => fill(self.w.trial, &[&until, &days.to_string()]),
        })
    }

    /// Newer terms than those that were accepted, for whoever is with the service.
    fn terms_wait(&self) -> Option<&String> {
        let current = self.enrollment.terms.current.as_ref()?;
        let open = self.enrollment.status != "not_enrolled" && !self.enrollment.terms.accepted.contains(current);
        open.then_some(current)
    }

    /// What is missing before the seller can join, but for the terms, which the form asks for.
    fn unmet(&self) -> Vec<&str> {
        let unmet = self.preview.opt_in.unmet.iter().filter(|unmet| *unmet != "terms");
        unmet.map(|unmet| self.w.named(unmet).unwrap_or(unmet)).collect()
    }

    fn open_inquiries(&self) -> Option<String> {
        match self.preview.open_inquiries.count {
            0 => None,
            1 => Some(self.w.open_inquiry.to_owned()),
            count => Some(fill(self.w.open_inquiries, &[&count.to_string()])),
        }
    }
}

/// The page.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let may_log = visit.may(&case_log_api::ROUTES, LOG);
    let waiting = async {
        if !may_log {
            return Ok(Lines::default());
        }
        let request = visit.to(LOG).with_query("view", "needs_attention");
        visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await
    };
    let asked = try_join3(
        visit.ask(&enrollment_api::ROUTES, enrollment_api::handle, visit.to(SHOW)),
        visit.ask(&enrollment_api::ROUTES, enrollment_api::handle, visit.to(PREVIEW)),
        visit.ask(&account_api::ROUTES, account_api::handle, visit.to(mails::SHOW)),
    );
    let ((enrollment, preview, mail), waiting) = Box::pin(try_join(asked, waiting)).await?;
    let may_change = visit.may(&enrollment_api::ROUTES, OPT_IN);
    let (frame, store) = (frame(visit, w.home)?, visit.store.id.as_str());
    let s = MailWords::of(visit.language);
    page(200, &Home { frame, w, store, enrollment, preview, s, visit, mail, waiting, may_log, may_change })
}

/// Joins, and accepts the terms that the form shows.
pub async fn opt_in(visit: &Visit<'_>) -> Result<String, Failure> {
    let terms = visit.entered("terms_version");
    let body = if terms.is_empty() { json!({}) } else { json!({ "terms_version": terms }) };
    change(visit, OPT_IN, &body).await
}

/// Leaves.
pub async fn opt_out(visit: &Visit<'_>) -> Result<String, Failure> {
    change(visit, OPT_OUT, &json!({})).await
}

/// Accepts the terms in force.
pub async fn accept_terms(visit: &Visit<'_>) -> Result<String, Failure> {
    change(visit, TERMS, &json!({ "terms_version": visit.entered("terms_version") })).await
}

async fn change(visit: &Visit<'_>, route: &str, body: &Value) -> Result<String, Failure> {
    let request = visit.to(route).saying(visit.entered("key"), body);
    let _: Value = visit.ask(&enrollment_api::ROUTES, enrollment_api::handle, request).await?;
    Ok(format!("/stores/{}/enrollment?done=1", visit.store.id))
}
