//! Mails that came in and of which nothing came, each with its cause.

use crate::{
    parts::{frame, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use pages::{frame::Frame, page, visit::Visit};
use serde::Deserialize;
use shell::{failure::Failure, page::Page};

const LIST: &str = "GET /v1/stores/{store}/desk/mails";

#[derive(Debug, Deserialize)]
struct Mails {
    mails: Vec<Mail>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Mail {
    from: Option<String>,
    to: Vec<String>,
    received_at: DateTime<Utc>,
    cause: String,
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "mails.html")]
struct Listed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    mails: Mails,
}

/// The newest first.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let mails = visit.ask(&desk_lead::ROUTES, desk_lead::handle, visit.to_list(LIST)).await?;
    let (frame, store) = (frame(visit, w.mails, "mails")?, visit.store.id.as_str());
    page(200, &Listed { frame, w, store, mails })
}
