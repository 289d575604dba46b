//! The Case Log as the seller sees it. Times are UTC; the deadline is wall-clock time, weekends included.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    attachment::{Attachable, Declared},
    decision::DecisionRecord,
    question::{Answers, Question, Questions, Slot},
    request::{Progress, Reply, Request, View, Withdrawal},
};
use serde::Serialize;
use shell::{
    csv::Column,
    failure::{Failure, Problem},
    fields::{Fields, Number},
};
use std::collections::BTreeSet;

const LONGEST_REPLY: usize = 10_000;

/// What a seller replies, before its files are known to belong to the request.
pub struct Replied {
    pub text: String,
    pub answers: Answers,
    pub files: Vec<Declared>,
}

/// Reads a reply: words, answers, files, or several of these.
pub fn replied(body: &[u8], attachable: &Attachable) -> Result<Replied, Failure> {
    let fields = Fields::parse(body)?;
    let files = if fields.has("attachments") {
        fields.list("attachments", attachable.most, |file| declared(file, attachable))
    } else {
        Some(Vec::new())
    };
    let mut seen = BTreeSet::new();
    if files.iter().flatten().any(|file| !seen.insert(file)) {
        fields.wrong("attachments", "must not name a file twice");
    }
    let answers: Answers = fields.map_if_given("answers", "a text or a whole number").unwrap_or_default();
    let text = fields.text_if_given("text", LONGEST_REPLY);
    if !["text", "answers", "attachments"].iter().any(|name| fields.has(name)) {
        fields.wrong("text", "must say something, unless a question is answered or a file is sent");
    }
    fields.build(|| Some(Replied { text: text.unwrap_or_default(), answers, files: files? }))
}

/// A file as it is declared.
fn declared(fields: &Fields, attachable: &Attachable) -> Option<Declared> {
    let (file_name, content_type) = (fields.id::<String>("file_name"), fields.id::<String>("content_type"));
    let (bytes, sha256) = (fields.number("bytes", 0..=i64::MAX), fields.id::<String>("sha256"));
    let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
    let file = Declared { file_name: file_name?, content_type: content_type?, bytes: bytes?, sha256: sha256? };
    let problems = file.problems(attachable);
    for (field, problem) in &problems {
        fields.wrong(field, problem.as_str());
    }
    problems.is_empty().then_some(file)
}

/// A file as the query declares it.
pub fn asked_for(request: &shell::http::Request, attachable: &Attachable) -> Result<Declared, Failure> {
    let text = |name: &str| request.query::<String>(name).map(Option::unwrap_or_default);
    let file = Declared {
        file_name: text("file_name")?,
        content_type: text("content_type")?,
        bytes: request.query::<Number<u64>>("bytes")?.map(|Number(bytes)| bytes).unwrap_or_default(),
        sha256: text("sha256")?,
    };
    let problems = file.problems(attachable).into_iter().map(|(field, problem)| Problem::new(field, problem));
    let problems: Vec<_> = problems.collect();
    if problems.is_empty() { Ok(file) } else { Err(Failure::bad_input(problems)) }
}

/// Answers, if any are given, must be what the question takes.
pub fn fitting(answers: &Answers, question: &Question, questions: &Questions) -> Result<(), Failure> {
    let problems = if answers.is_empty() { Vec::new() } else { questions.problems(question.kind, answers) };
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
    decision: Option<DecisionRecord>,
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
        decision: request.decision.clone().map(DecisionRecord::for_seller),
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
