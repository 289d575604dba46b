//! The Case Log as the seller sees it. Times are UTC; the deadline is wall-clock time, weekends included.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    decision::DecisionRecord,
    request::{Progress, Question, Reply, Request, View},
};
use serde::Serialize;
use shell::failure::Failure;

#[derive(Debug, Serialize)]
pub struct RequestView<'a> {
    request_id: &'a str,
    case_id: &'a str,
    order_id: &'a str,
    question: &'a Question,
    asked_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    /// Seconds left to reply; none once it is over.
    seconds_left: Option<i64>,
    state: &'static str,
    expired_at: Option<DateTime<Utc>>,
    reply: Option<&'a Reply>,
    decision: Option<&'a DecisionRecord>,
}

/// One request, at this moment.
pub fn view(request: &Request, now: Instant) -> RequestView<'_> {
    let (state, expired_at, reply) = match &request.progress {
        Progress::Awaiting => ("needs_attention", None, None),
        Progress::Answered { reply } => ("answered", None, Some(reply)),
        Progress::Expired { effective_at, reply, .. } => ("expired", Some(*effective_at), reply.as_ref()),
    };
    let left = request.due_at.signed_duration_since(now).num_seconds();
    RequestView {
        request_id: request.id.as_str(),
        case_id: request.inquiry.as_str(),
        order_id: request.order.as_str(),
        question: &request.question,
        asked_at: request.asked_at,
        due_at: request.due_at,
        seconds_left: (state == "needs_attention" && left > 0).then_some(left),
        state,
        expired_at,
        reply,
        decision: request.decision.as_ref(),
    }
}

#[derive(Debug, Serialize)]
pub struct PageView<'a> {
    requests: Vec<RequestView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// A page of requests.
pub fn page(rows: &[Request], next_cursor: Option<String>, now: Instant) -> PageView<'_> {
    PageView { requests: rows.iter().map(|request| view(request, now)).collect(), next_cursor }
}

/// A view of the Case Log by its name; all where none is named.
pub fn view_named(name: Option<&str>) -> Result<View, Failure> {
    match name {
        None | Some("all") => Ok(View::All),
        Some("needs_attention") => Ok(View::NeedsAttention),
        Some("answered") => Ok(View::Answered),
        Some("expired") => Ok(View::Expired),
        Some(_) => {
            Err(Failure::bad_field("invalid_input", "view", "must be one of needs_attention, answered, expired, all"))
        }
    }
}
