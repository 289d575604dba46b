//! Disputes of final statements: the open ones, oldest first. Leads accept or deny, each where it stands.

use crate::{
    parts::{Sent, body, done, frame, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::ledger::Disputed;
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::Value;
use shell::{failure::Failure, page::Page};

const LIST: &str = "GET /v1/stores/{store}/desk/disputes";
const DECIDE: &str = "POST /v1/stores/{store}/desk/disputes/{seller_id}/{dispute_id}/decision";

#[derive(Debug, Deserialize)]
struct Disputes {
    disputes: Vec<Dispute>,
}

#[derive(Debug, Deserialize)]
struct Dispute {
    #[serde(rename = "dispute_id")]
    id: String,
    seller_id: String,
    statement: String,
    disputed: Disputed,
    reason: String,
    filed_at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "disputes.html")]
struct Listed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    sent: Sent<'a>,
    disputes: Vec<Dispute>,
    may_decide: bool,
    /// What was written for a decision that was not taken.
    written: String,
}

impl Listed<'_> {
    /// What was written where no form is left to show it: another lead was faster.
    fn left_over(&self) -> Option<&str> {
        let is_shown = self.may_decide && self.disputes.iter().any(|dispute| self.sent.is(&dispute.id));
        Some(self.written.as_str()).filter(|text| !is_shown && !text.is_empty())
    }

    /// What it is about, as the statement has it.
    fn disputed(&self, dispute: &Dispute) -> String {
        match &dispute.disputed {
            Disputed::Unit { key, rate, .. } => {
                let with = [&key.ordinal.to_string(), key.item.as_str(), key.order.as_str(), &rate.to_string()];
                fill(self.w.disputed_unit, &with)
            }
            Disputed::Contact(contact) => {
                let (topic, at) = (self.w.said(&contact.topic), self.frame.time(&contact.received_at));
                fill(self.w.disputed_contact, &[contact.order.as_str(), &topic, &at])
            }
        }
    }
}

/// The open ones.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let known: Disputes = visit.ask(&dispute_desk::ROUTES, dispute_desk::handle, visit.to(LIST)).await?;
    let frame = frame(visit, w.disputes, "disputes")?;
    // Each dispute has a form of its own.
    let form = visit.request.path::<String>("dispute_id").unwrap_or_default();
    let (sent, may_decide) = (Sent::new(visit, &form, &frame), visit.may(&dispute_desk::ROUTES, DECIDE));
    let written = sent.entered(&form, "reason").to_owned();
    let (store, disputes) = (visit.store.id.as_str(), known.disputes);
    page(200, &Listed { frame, w, store, sent, disputes, may_decide, written })
}

/// FEE-11: a lead accepts or denies.
pub async fn decide(visit: &Visit<'_>) -> Result<String, Failure> {
    let (seller, dispute): (String, String) = (visit.request.path("seller_id")?, visit.request.path("dispute_id")?);
    let request = visit.to(DECIDE).at_path("seller_id", &seller).at_path("dispute_id", &dispute);
    let request = request.saying(visit.entered("key"), &Value::Object(body(visit, &["decision", "reason"])));
    let _: Value = visit.ask(&dispute_desk::ROUTES, dispute_desk::handle, request).await?;
    Ok(done(visit, "disputes"))
}
