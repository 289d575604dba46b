//! The Case Log: what the service asks of the seller, with the time that is left, the answer, and the decision that
//! followed.

use crate::{
    claims::filed,
    decisions::Decision,
    home::Lines,
    parts::{frame, said, words},
    words::{Words, decisions},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{
    attachment::Attachment,
    id::{InquiryId, OrderId},
    outcome::Refusal,
    question::{Slot, Takes},
};
use futures_util::future::try_join;
use pages::{
    frame::{Frame, fill},
    page, see, uploading_to,
    visit::Visit,
    words::Language,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{failure::Failure, http::Request, page::Page};
use std::collections::BTreeMap;

const LIST: &str = "GET /v1/stores/{store}/case-log";
const SHOW: &str = "GET /v1/stores/{store}/case-log/{request_id}";
const LINK: &str = "GET /v1/stores/{store}/case-log/{request_id}/upload-link";
const FILE: &str = "GET /v1/stores/{store}/case-log/{request_id}/attachments/{attachment_id}";
const REPLY: &str = "POST /v1/stores/{store}/case-log/{request_id}/reply";
const VIEWS: [&str; 5] = ["needs_attention", "answered", "expired", "withdrawn", "all"];

#[derive(Template)]
#[template(path = "case_log.html")]
struct Log<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static decisions::Words,
    store: &'a str,
    view: String,
    order: String,
    case: String,
    lines: Lines,
}

impl Log<'_> {
    /// The views, each with its words and whether it is this one.
    fn views(&self) -> [(&'static str, String, bool); 5] {
        VIEWS.map(|view| (view, said(self.w, view), view == self.view))
    }

    fn state(&self, state: &str) -> String {
        said(self.w, state)
    }

    /// Where the next page of the list is.
    fn next(&self) -> Option<String> {
        let cursor = self.lines.next_cursor.as_ref()?;
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("view", &self.view), ("order_id", &self.order), ("case_id", &self.case), ("cursor", cursor)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        Some(format!("/stores/{}/case-log?{}", self.store, query.finish()))
    }
}

/// The list, by view and search (REQ-7).
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let asked = |name: &str| visit.asked(name).trim().to_owned();
    let (w, order, case) = (words(visit), asked("order_id"), asked("case_id"));
    let searched = !order.is_empty() || !case.is_empty();
    let asked = Some(visit.asked("view")).filter(|view| !view.is_empty());
    let view = asked.unwrap_or_else(|| if searched { "all" } else { "needs_attention" }.to_owned());
    let request = visit.to_list(LIST).with_query("view", &view);
    let request = request.with_query("order_id", &order).with_query("case_id", &case);
    // Nothing has a number that cannot be one.
    let can_be = (order.is_empty() || order.parse::<OrderId>().is_ok())
        && (case.is_empty() || case.parse::<InquiryId>().is_ok());
    let lines = if can_be {
        visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await?
    } else if visit.may(&case_log_api::ROUTES, LIST) {
        Lines::default()
    } else {
        return Err(Refusal::unseen("page").into());
    };
    let (d, store) = (decisions::Words::of(visit.language), visit.store.id.as_str());
    page(200, &Log { frame: frame(visit, w.case_log)?, w, d, store, view, order, case, lines })
}

#[derive(Debug, Deserialize)]
struct Entry {
    request_id: String,
    case_id: String,
    order_id: String,
    question: Question,
    asked_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    state: String,
    expired_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    reply: Option<Reply>,
    decision: Option<Decision>,
}

#[derive(Debug, Deserialize)]
struct Question {
    text: String,
    slots: Vec<Slot>,
}

#[derive(Debug, Deserialize)]
struct Reply {
    received_at: DateTime<Utc>,
    late: bool,
    text: String,
    #[serde(default)]
    answers: BTreeMap<String, Value>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
struct File {
    download: Download,
}

#[derive(Debug, Deserialize)]
struct Download {
    url: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    d: &'static decisions::Words,
    store: &'a str,
    case: Entry,
    visit: &'a Visit<'a>,
    may_reply: bool,
}

impl Shown<'_> {
    fn said(&self, code: &str) -> String {
        said(self.w, code)
    }

    fn label<'s>(&self, slot: &'s Slot) -> &'s str {
        match self.frame.language {
            Language::En => &slot.label.en,
            Language::Zh => &slot.label.zh,
        }
    }

    fn entered(&self, field: &str) -> &str {
        self.visit.entered(field)
    }

    fn wrong(&self, slot: &Slot) -> Option<&str> {
        self.frame.wrong(&format!("answers.{}", slot.name))
    }

    /// The files that a form which came back had uploaded: each field, what it says, and what the file is called.
    fn uploaded(&self) -> Vec<(String, &str, String)> {
        let fields = (0..self.visit.store.attachments.most).map(|n| format!("attachment.{n}"));
        let sent = fields.map(|field| {
            let file = self.entered(&field);
            let name = serde_json::from_str::<Value>(file).ok()?.get("file_name")?.as_str()?.to_owned();
            Some((field, file, name))
        });
        sent.flatten().collect()
    }

    /// What a file may be, as a field for files names it.
    fn types(&self) -> String {
        self.visit.store.attachments.types.join(",")
    }

    /// What was answered, by the labels of the question.
    fn answers(&self) -> Vec<(&str, String)> {
        let given = self.case.reply.as_ref().map(|reply| &reply.answers);
        let slots = self.case.question.slots.iter().filter_map(|slot| Some((slot, given?.get(&slot.name)?)));
        let text = |slot: &Slot, value: &Value| match (value, &slot.takes) {
            (Value::String(text), Takes::Choice(_)) => self.said(text),
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        };
        slots.map(|(slot, value)| (self.label(slot), text(slot, value))).collect()
    }
}

/// One request.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (case, filed) = Box::pin(try_join(load(visit), filed(visit))).await?;
    let (w, decision) = (words(visit), case.decision.map(|decision| decision.with_claim(&filed, visit)));
    let case = Entry { decision, ..case };
    // REQ-5: an answer that is late is taken until something is decided. What was written is shown again in any state.
    let is_late = case.state == "expired" && case.reply.is_none() && case.decision.is_none();
    let takes = case.state == "needs_attention" || is_late || visit.came_back();
    let may_reply = takes && visit.may(&case_log_api::ROUTES, REPLY);
    let title = fill(w.the_request, &[&case.order_id]);
    let (frame, store) = (frame(visit, &title)?, visit.store.id.as_str());
    let d = decisions::Words::of(visit.language);
    let shown = page(200, &Shown { frame, w, d, store, case, visit, may_reply })?;
    Ok(uploading_to(&visit.shell.uploads.origin(), shown))
}

async fn load(visit: &Visit<'_>) -> Result<Entry, Failure> {
    visit.ask(&case_log_api::ROUTES, case_log_api::handle, to(visit, SHOW)?).await
}

fn to(visit: &Visit<'_>, route: &str) -> Result<Request, Failure> {
    Ok(visit.to(route).at_path("request_id", &visit.request.path::<String>("request_id")?))
}

/// What the script needs to upload a file, as JSON.
pub async fn upload_link(visit: &Visit<'_>) -> Result<Page, Failure> {
    let declared = ["file_name", "content_type", "bytes", "sha256"];
    let request = declared.into_iter().fold(to(visit, LINK)?, |to, name| to.with_query(name, &visit.asked(name)));
    let link: Value = visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await?;
    let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
    let headers = headers.map(|(name, value)| (name, value.to_owned())).to_vec();
    Ok(Page { status: 200, headers, cookies: Vec::new(), body: link.to_string() })
}

/// The way to a file of the reply.
pub async fn file(visit: &Visit<'_>) -> Result<Page, Failure> {
    let id: String = visit.request.path("attachment_id")?;
    let request = to(visit, FILE)?.at_path("attachment_id", &id);
    let found: File = visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await?;
    Ok(see(&found.download.url))
}

/// The answer of the form: what each slot takes, and words.
pub async fn reply(visit: &Visit<'_>) -> Result<String, Failure> {
    let slots = load(visit).await?.question.slots;
    let given = slots.iter().map(|slot| (slot, visit.entered(&slot.name))).filter(|(_, text)| !text.is_empty());
    let answers: Map<String, Value> = given
        .map(|(slot, text)| match (&slot.takes, text.parse::<i64>()) {
            (Takes::Number(..), Ok(number)) => (slot.name.clone(), json!(number)),
            _ => (slot.name.clone(), json!(text)),
        })
        .collect();
    let mut body = Map::new();
    if !answers.is_empty() {
        body.insert("answers".to_owned(), Value::Object(answers));
    }
    // Each field of a file was written by the script, once the file was uploaded.
    let files = (0..visit.store.attachments.most).map(|n| visit.entered(&format!("attachment.{n}")));
    let files: Vec<Value> = files.filter_map(|file| serde_json::from_str(file).ok()).collect();
    if !files.is_empty() {
        body.insert("attachments".to_owned(), Value::Array(files));
    }
    if !visit.entered("text").is_empty() {
        body.insert("text".to_owned(), json!(visit.entered("text")));
    }
    let request = to(visit, REPLY)?.saying(visit.entered("key"), &Value::Object(body));
    let replied: Entry = visit.ask(&case_log_api::ROUTES, case_log_api::handle, request).await?;
    Ok(format!("/stores/{}/case-log/{}?done=1", visit.store.id, replied.request_id))
}
