//! What no delivery could mend: each message with its reason, and a button that sends it again when its cause is mended.

use crate::{
    parts::{done, frame, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use pages::{frame::Frame, page, visit::Visit};
use serde::Deserialize;
use serde_json::{Value, json};
use shell::{failure::Failure, page::Page};

const LIST: &str = "GET /v1/stores/{store}/desk/parked";
const REDRIVE: &str = "POST /v1/stores/{store}/desk/parked/{parked_id}/redrive";

#[derive(Debug, Deserialize)]
struct Messages {
    parked: Vec<Message>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Message {
    parked_id: String,
    function: String,
    queue: String,
    reason: String,
    body: String,
    sent_at: DateTime<Utc>,
    parked_at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "parked.html")]
struct Listed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    messages: Messages,
}

/// Those that wait, the one that was sent first in front.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, cursor) = (words(visit), visit.asked("cursor"));
    let request = visit.to(LIST);
    let request = if cursor.is_empty() { request } else { request.with_query("cursor", &cursor) };
    let messages = visit.ask(&desk_lead::ROUTES, desk_lead::handle, request).await?;
    let (frame, store) = (frame(visit, w.parked, "parked")?, visit.store.id.as_str());
    page(200, &Listed { frame, w, store, messages })
}

/// Sends one to its queue again.
pub async fn redrive(visit: &Visit<'_>) -> Result<String, Failure> {
    let id: String = visit.request.path("parked_id")?;
    let request = visit.to(REDRIVE).at_path("parked_id", &id).saying(visit.entered("key"), &json!({}));
    let _: Value = visit.ask(&desk_lead::ROUTES, desk_lead::handle, request).await?;
    Ok(done(visit, "parked"))
}
