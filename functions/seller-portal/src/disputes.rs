//! Disputes of final statements (FEE-11): the form for a unit or a contact, which the statement shows, and the list of
//! what became of them.

use crate::{
    parts::{frame, given, more, words},
    words::{Words, disputes},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::ledger::{Disputed, UnitKey};
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::{Visit, number},
};
use serde::Deserialize;
use serde_json::{Value, json};
use shell::{failure::Failure, page::Page};

const LIST: &str = "GET /v1/stores/{store}/disputes";
const FILE: &str = "POST /v1/stores/{store}/statements/{quarter}/disputes";

#[derive(Debug, Deserialize)]
struct Disputes {
    disputes: Vec<Dispute>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Dispute {
    statement: String,
    disputed: Disputed,
    reason: String,
    filed_at: DateTime<Utc>,
    verdict: Verdict,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    status: String,
    at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

#[derive(Template)]
#[template(path = "disputes.html")]
struct All<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static disputes::Words,
    store: &'a str,
    list: Disputes,
    next: Option<String>,
}

impl All<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.d.written_in, self.d.named(code), code)
    }

    fn named(&self, disputed: &Disputed) -> String {
        match disputed {
            Disputed::Unit { key: UnitKey { order, item, ordinal }, rate, .. } => {
                fill(self.d.of_unit, &[order.as_str(), item.as_str(), &ordinal.to_string(), &rate.to_string()])
            }
            Disputed::Contact(contact) => {
                let topic = codes::said(self.d.written_in, None, &contact.topic);
                fill(self.d.of_contact, &[contact.order.as_str(), &topic, &self.frame.time(&contact.received_at)])
            }
        }
    }
}

/// The seller's disputes.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, d, store) = (words(visit), disputes::Words::of(visit.language), visit.store.id.as_str());
    let list: Disputes = visit.ask(&dispute_api::ROUTES, dispute_api::handle, visit.to_list(LIST)).await?;
    let next = more(&format!("/stores/{store}/disputes"), list.next_cursor.as_deref());
    page(200, &All { frame: frame(visit, d.disputes)?, w, d, store, list, next })
}

/// What is about to be disputed: what the query names, or the form that came back.
pub struct Wanted {
    /// Its names, as the form sends them again.
    pub names: Vec<(&'static str, String)>,
    /// In words.
    pub heading: String,
}

/// Whether the visitor may dispute anything.
pub fn may_file(visit: &Visit<'_>) -> bool {
    visit.may(&dispute_api::ROUTES, FILE)
}

/// What a visit of a statement is about to dispute, if anything.
pub fn wanted(visit: &Visit<'_>) -> Option<Wanted> {
    let d = disputes::Words::of(visit.language);
    let named = |name: &'static str| {
        let text = given(visit, name).map_or_else(|| visit.asked(name), str::to_owned);
        Some((name, text)).filter(|(_, text)| !text.is_empty())
    };
    if let Some(contact) = named("contact_id") {
        let [about, topic] = ["about", "topic"].map(|name| named(name).unwrap_or((name, String::new())));
        let said = codes::said(visit.language, None, &topic.1);
        let heading = fill(d.dispute_contact, &[&about.1, &said]);
        return Some(Wanted { heading, names: vec![contact, about, topic] });
    }
    let (order, item, ordinal) = (named("order_id")?, named("item_id")?, named("ordinal")?);
    let heading = fill(d.dispute_unit, &[&order.1, &item.1, &ordinal.1]);
    Some(Wanted { names: vec![order, item, ordinal], heading })
}

/// Files the dispute of the form.
pub async fn file(visit: &Visit<'_>) -> Result<String, Failure> {
    let quarter: String = visit.request.path("quarter")?;
    let ordinal = given(visit, "ordinal").map(number);
    let body = json!({
        "contact_id": given(visit, "contact_id"),
        "order_id": given(visit, "order_id"),
        "item_id": given(visit, "item_id"),
        "ordinal": ordinal,
        "reason": given(visit, "reason"),
    });
    let request = visit.to(FILE).at_path("quarter", &quarter).saying(visit.entered("key"), &body);
    let _: Value = visit.ask(&dispute_api::ROUTES, dispute_api::handle, request).await?;
    Ok(format!("/stores/{}/disputes?done=1", visit.store.id))
}
