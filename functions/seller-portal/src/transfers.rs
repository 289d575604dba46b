//! RTE-8: a customer's matter that came to the seller by mistake is handed over on the page of orders, and what became of it
//! is read there.

use crate::{
    parts::{given, said, words},
    words::Words,
};
use pages::visit::{Visit, if_there};
use serde::Deserialize;
use serde_json::json;
use shell::failure::Failure;

const SHOW: &str = "GET /v1/stores/{store}/transfers/{transfer_id}";
const HAND_OVER: &str = "POST /v1/stores/{store}/transfers";

/// What was handed over, and what became of it.
#[derive(Debug, Deserialize)]
pub struct Transfer {
    pub order_id: String,
    topic: String,
    state: String,
    pub case_id: Option<String>,
    arrival: Option<String>,
    reason: Option<String>,
}

impl Transfer {
    /// Its topic, in words.
    pub fn about(&self, w: &Words) -> String {
        said(w, &self.topic)
    }

    /// What became of it, in a sentence.
    pub fn outcome(&self, w: &Words) -> String {
        match (self.state.as_str(), self.arrival.as_deref(), &self.reason) {
            ("pending", ..) => w.transfer_pending.to_owned(),
            ("taken", Some("joined" | "reopened"), _) => w.transfer_joined.to_owned(),
            ("taken", ..) => w.transfer_opened.to_owned(),
            (_, _, Some(reason)) => format!("{} {}", w.transfer_yours, said(w, reason)),
            _ => w.transfer_yours.to_owned(),
        }
    }
}

/// Whether the visitor may hand anything over.
pub fn may(visit: &Visit<'_>) -> bool {
    visit.may(&transfer_api::ROUTES, HAND_OVER)
}

/// The one that the query names, if it is there.
pub async fn asked(visit: &Visit<'_>) -> Result<Option<Transfer>, Failure> {
    let id = visit.asked("transfer");
    if id.is_empty() || !visit.may(&transfer_api::ROUTES, SHOW) {
        return Ok(None);
    }
    let request = visit.to(SHOW).at_path("transfer_id", &id);
    if_there(visit.ask(&transfer_api::ROUTES, transfer_api::handle, request).await)
}

#[derive(Debug, Deserialize)]
struct Taken {
    transfer_id: String,
}

/// Hands one over.
pub async fn hand_over(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = json!({
        "order_id": given(visit, "order_id"),
        "topic": given(visit, "topic"),
        "text": given(visit, "text"),
    });
    let request = visit.to(HAND_OVER).saying(visit.entered("key"), &body);
    let taken: Taken = visit.ask(&transfer_api::ROUTES, transfer_api::handle, request).await?;
    Ok(format!("/stores/{}/orders?done=1&transfer={}", visit.store.id, taken.transfer_id))
}

/// The words that a topic is chosen by, each with its code.
pub fn topics(visit: &Visit<'_>) -> Vec<(String, String)> {
    let w = words(visit);
    let all = visit.shell.book.topics.iter();
    all.map(|topic| (topic.code.clone(), said(w, &topic.code))).collect()
}
