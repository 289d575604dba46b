//! One log line per record: what was handled and how it ended. No body, no address, no word of a customer.

use crate::{failure::Failure, queue::Record};
use chrono::TimeDelta;
use domain::hook::{Hook, delivery::Answer};
use std::{io, sync::Once};
use tracing_subscriber::fmt::MakeWriter;

static STARTED: Once = Once::new();

/// JSON lines on standard output, from `info` up.
pub fn start() {
    start_on(io::stdout);
}

/// The same lines, to wherever they are wanted. The first one to start it decides.
pub fn start_on(lines: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) {
    STARTED.call_once(|| {
        let lines = tracing_subscriber::fmt().with_writer(lines);
        lines.json().flatten_event(true).with_current_span(false).with_target(false).init();
    });
}

/// The stable name of a failure's class.
pub(crate) fn class(failure: &Failure) -> &'static str {
    match failure {
        Failure::BadInput { .. } => "bad_input",
        Failure::Refused(_) => "refused",
        Failure::Stale | Failure::Transient(_) => "transient",
        Failure::Fault(_) => "fault",
    }
}

/// What may be said of a failure: codes and names of fields, never their content.
pub(crate) fn reason(failure: &Failure) -> String {
    match failure {
        Failure::BadInput { code, problems } => {
            let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
            format!("{code}: {}", fields.join(", "))
        }
        Failure::Refused(refusal) => refusal.code.to_owned(),
        Failure::Stale => "stale".to_owned(),
        Failure::Transient(text) | Failure::Fault(text) => text.clone(),
    }
}

pub(crate) fn answered(route: &str, status: u16, failure: Option<&Failure>) {
    match failure {
        None => tracing::info!(route, status, "answered"),
        Some(failure @ Failure::Fault(_)) => {
            tracing::error!(route, status, class = class(failure), reason = reason(failure), "answered");
        }
        Some(failure) => tracing::info!(route, status, class = class(failure), reason = reason(failure), "answered"),
    }
}

pub(crate) fn handled(function: &str, record: &Record, failure: Option<&Failure>) {
    let (id, deliveries) = (record.id.as_str(), record.deliveries);
    match failure {
        None => tracing::info!(function, id, deliveries, "handled"),
        Some(failure @ Failure::Fault(_)) => {
            tracing::error!(function, id, deliveries, class = class(failure), reason = reason(failure), "handled");
        }
        Some(failure) => {
            tracing::warn!(function, id, deliveries, class = class(failure), reason = reason(failure), "handled");
        }
    }
}

/// An alarm counts these lines.
pub(crate) fn parked(function: &str, record: &Record) {
    tracing::error!(function, id = record.id.as_str(), deliveries = record.deliveries, "parked");
}

/// An alarm counts these lines: nobody knows whether a mail has arrived. The record's own line comes next.
pub fn mail_unknown() {
    tracing::error!("mail_unknown");
}

/// An alarm counts these lines: SES took two mails of one notice.
pub fn mailed_twice(record: &Record) {
    tracing::error!(id = record.id.as_str(), "mailed_twice");
}

/// An alarm measures these lines: so late came the sweep to what waited longest.
pub fn swept(late: TimeDelta) {
    tracing::info!(late_seconds = late.num_seconds().max(0), "swept");
}

/// An alarm counts these lines.
pub(crate) fn given_up(hook: &Hook, answer: Option<Answer>) {
    let (id, store, kind) = (hook.id.as_str(), hook.store.as_str(), hook.kind.name());
    tracing::error!(id, store, kind, answer = ?answer, "hook given up");
}

pub(crate) fn ticked(ended: &Result<u64, Failure>) {
    match ended {
        Ok(found) => tracing::info!(found, "ticked"),
        Err(failure) => tracing::error!(class = class(failure), reason = reason(failure), "ticked"),
    }
}
