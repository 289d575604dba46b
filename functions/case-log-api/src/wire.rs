//! The Case Log as the seller sees it. Times are UTC; the deadline is wall-clock time, weekends included.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    decision::DecisionRecord,
    question::{Answers, Question, Questions, Slot},
    request::{Progress, Reply, Request, Said, View, Withdrawal},
};
use serde::Serialize;
use shell::{
    csv::Column,
    failure::{Failure, Problem},
    fields::Fields,
};

const LONGEST_REPLY: usize = 10_000;

/// Reads a reply: words, answers, or both.
pub fn said(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let answers: Answers = fields.map_if_given("answers", "a text or a whole number").unwrap_or_default();
    let text = fields.text_if_given("text", LONGEST_REPLY);
    if !fields.has("text") && !fields.has("answers") {
        fields.wrong("text", "is missing, and so are answers");
    }
    fields.build(|| Some(Said { text: text.unwrap_or_default(), answers }))
}

/// Answers, if any are given, must be what the question takes.
pub fn fitting(said: &Said, question: &Question, questions: &Questions) -> Result<(), Failure> {
    let problems = if said.answers.is_empty() { Vec::new() } else { questions.problems(question.kind, &said.answers) };
    if problems.is_empty() {
        return Ok(());
    }
    let named = problems.into_iter().map(|(slot, problem)| Problem::new(format!("answers.{slot}"), problem));
    Err(Failure::bad_input(named.collect()))
}

#[derive(Debug, Serialize)]
pub struct RequestView<'a> {
    request_id: &'a str,
    case_id: &'a str,
    order_id: &'a str,
    question: QuestionView<'a>,
    asked_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    /// Seconds left to reply; none once it is over.
    seconds_left: Option<i64>,
    state: &'static str,
    expired_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    /// Where the matter has gone.
    withdrawn_because: Option<Withdrawal>,
    reply: Option<&'a Reply>,
    decision: Option<&'a DecisionRecord>,
}

/// A question and what it asks for.
#[derive(Debug, Serialize)]
pub struct QuestionView<'a> {
    #[serde(flatten)]
    question: &'a Question,
    slots: &'a [Slot],
}

/// One request, at this moment.
pub fn view<'a>(request: &'a Request, questions: &'a Questions, now: Instant) -> RequestView<'a> {
    let (expired_at, withdrawn) = match request.progress {
        Progress::Expired { effective_at, .. } => (Some(effective_at), None),
        Progress::Withdrawn { at, why } => (None, Some((at, why))),
        Progress::Awaiting | Progress::Answered { .. } => (None, None),
    };
    let state = View::of(request);
    let left = request.due_at.signed_duration_since(now).num_seconds();
    RequestView {
        request_id: request.id.as_str(),
        case_id: request.inquiry.as_str(),
        order_id: request.order.as_str(),
        question: QuestionView { question: &request.question, slots: questions.slots(request.question.kind) },
        asked_at: request.asked_at,
        due_at: request.due_at,
        seconds_left: (state == View::NeedsAttention && left > 0).then_some(left),
        state: state.as_str(),
        expired_at,
        withdrawn_at: withdrawn.map(|(at, _)| at),
        withdrawn_because: withdrawn.map(|(_, why)| why),
        reply: request.reply_given(),
        decision: request.decision.as_ref(),
    }
}

#[derive(Debug, Serialize)]
pub struct PageView<'a> {
    requests: Vec<RequestView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// The columns of requests as CSV.
pub const COLUMNS: [Column; 14] = [
    ("request_id", "/request_id"),
    ("case_id", "/case_id"),
    ("order_id", "/order_id"),
    ("kind", "/question/kind"),
    ("question", "/question/text"),
    ("asked_at", "/asked_at"),
    ("due_at", "/due_at"),
    ("state", "/state"),
    ("expired_at", "/expired_at"),
    ("withdrawn_at", "/withdrawn_at"),
    ("reply", "/reply/text"),
    ("received_at", "/reply/received_at"),
    ("late", "/reply/late"),
    ("decision", "/decision/kind"),
];

/// A page of requests.
pub fn page<'a>(
    rows: &'a [Request],
    questions: &'a Questions,
    next_cursor: Option<String>,
    now: Instant,
) -> PageView<'a> {
    PageView { requests: rows.iter().map(|request| view(request, questions, now)).collect(), next_cursor }
}

/// A view of the Case Log by its name; all where none is named.
pub fn view_named(name: Option<&str>) -> Result<View, Failure> {
    let Some(name) = name else { return Ok(View::All) };
    let unknown = || {
        let names = View::EACH.map(View::as_str).join(", ");
        Failure::bad_field("invalid_input", "view", format!("must be one of {names}"))
    };
    View::EACH.into_iter().find(|view| view.as_str() == name).ok_or_else(unknown)
}
