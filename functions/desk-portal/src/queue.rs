//! The queue: what is live, in the order of the API, each with what makes it urgent in words; the next inquiry for
//! whoever asks; and the way to one by its number.

use crate::{
    parts::{done, frame, place, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::id::InquiryId;
use pages::{
    codes,
    frame::{Frame, fill},
    page, see,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::json;
use shell::{failure::Failure, page::Page};

const SHOW: &str = "GET /v1/stores/{store}/desk/queue";
const NEXT: &str = "POST /v1/stores/{store}/desk/next";

/// An inquiry, as far as a row of a list shows it.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub inquiry_id: String,
    pub order_id: String,
    pub seller_id: String,
    pub topic: String,
    topic_source: Source,
    pub channel: String,
    pub language: String,
    worked_in: WorkedIn,
    pub status: String,
    #[serde(default)]
    judgement_owed: bool,
    pub associate: Option<String>,
    pub into: Option<String>,
    pub ball: String,
    pub resolution_due: DateTime<Utc>,
    pub overdue: bool,
    escalated: Option<String>,
    pub contacts: u64,
}

#[derive(Debug, Deserialize)]
struct Source {
    by: String,
    guess: Option<Guess>,
    associate: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Guess {
    topic: String,
    percent: u8,
}

#[derive(Debug, Deserialize)]
struct WorkedIn {
    language: String,
    translation: bool,
}

impl Line {
    /// Where it stands, and with whom.
    pub fn state(&self, w: &Words, visitor: &str) -> String {
        if self.is_of(visitor) {
            return w.said(&format!("your_{}", self.status));
        }
        fill(&w.said(&self.status), &[self.associate.as_deref().unwrap_or_default()])
    }

    /// Whether the visitor holds it.
    pub fn is_of(&self, visitor: &str) -> bool {
        self.associate.as_deref() == Some(visitor)
    }

    /// The customer's language, and whether it is one that the store does not speak.
    pub fn spoken(&self, w: &Words) -> String {
        let named = |code| codes::language(w.written_in, code);
        match &self.worked_in {
            WorkedIn { language, translation: true } => fill(w.translated, &[&named(&self.language), &named(language)]),
            WorkedIn { .. } => named(&self.language),
        }
    }

    /// What makes it urgent, each with how it looks.
    pub fn marks(&self, w: &Words) -> Vec<(&'static str, &'static str)> {
        let warned = self.escalated.as_deref();
        let all = [
            (self.judgement_owed, "late", w.judgement_owed),
            (self.overdue, "late", w.overdue),
            (warned == Some("overdue"), "late", w.escalated),
            (warned == Some("due_soon"), "soon", w.due_soon),
            (self.topic_source.by == "unclear", "soon", w.topic_unclear),
        ];
        all.into_iter().filter(|(holds, ..)| *holds).map(|(_, look, words)| (look, words)).collect()
    }

    /// Whether its time runs.
    pub fn runs(&self) -> bool {
        !self.overdue && matches!(self.ball.as_str(), "service" | "seller")
    }

    /// Who says what it is about, where it did not come with its topic.
    pub fn topic_by(&self, w: &Words) -> Option<String> {
        let source = &self.topic_source;
        match (source.by.as_str(), &source.guess, &source.associate) {
            ("guessed", Some(guess), _) => Some(fill(w.guessed, &[&guess.percent.to_string()])),
            ("unclear", Some(guess), _) => Some(fill(w.hint, &[&w.said(&guess.topic), &guess.percent.to_string()])),
            ("unclear", None, _) => Some(w.topic_unclear.to_owned()),
            ("chosen", _, Some(associate)) => Some(fill(w.chosen, &[associate])),
            _ => None,
        }
    }
}

/// Inquiries, as the API lists them.
#[derive(Debug, Deserialize)]
pub struct Lines {
    pub inquiries: Vec<Line>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Queue<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    lines: Lines,
    asked: String,
}

/// The page.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    listed(visit, String::new()).await
}

async fn listed(visit: &Visit<'_>, asked: String) -> Result<Page, Failure> {
    let w = words(visit);
    let lines = visit.ask(&desk_api::ROUTES, desk_api::handle, visit.to(SHOW)).await?;
    page(200, &Queue { frame: frame(visit, w.queue, "queue")?, w, store: visit.store.id.as_str(), lines, asked })
}

/// RTE-7: the next inquiry that fits is claimed, and opened.
pub async fn next(visit: &Visit<'_>) -> Result<String, Failure> {
    let request = visit.to(NEXT).saying(visit.entered("key"), &json!({}));
    let taken: Line = visit.ask(&desk_api::ROUTES, desk_api::handle, request).await?;
    Ok(place(visit, &format!("inquiries/{}", taken.inquiry_id)))
}

/// The way to an inquiry; to the queue where the number cannot be one.
pub async fn find(visit: &Visit<'_>) -> Result<Page, Failure> {
    let asked = visit.asked("inquiry_id").trim().to_owned();
    match asked.parse::<InquiryId>() {
        Ok(inquiry) => Ok(see(&place(visit, &format!("inquiries/{inquiry}")))),
        Err(_) if asked.is_empty() => Ok(see(&place(visit, "queue"))),
        Err(_) => listed(visit, asked).await,
    }
}

/// Where whoever has changed an inquiry goes on: with it, with the one that goes on in its place, or where it has left
/// their hands with the queue.
pub fn onward(visit: &Visit<'_>, line: &Line) -> String {
    match (line.status.as_str(), &line.into) {
        ("merged", Some(into)) => done(visit, &format!("inquiries/{into}")),
        ("working" | "waiting_seller" | "waiting_customer", _) => {
            done(visit, &format!("inquiries/{}", line.inquiry_id))
        }
        _ => done(visit, "queue"),
    }
}
