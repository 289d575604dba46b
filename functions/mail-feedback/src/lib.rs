//! What became of a mail, as SES reports it later (NTF-3, N3, N4). It is added to the notice that the mail was tagged
//! with; a hard bounce or a complaint suppresses the address as well, and a hard bounce of the last answer to a customer puts
//! its inquiry back into the queue. Events come twice, in any order, and before the sender has written that SES took the mail;
//! what they add up to is the same.
//!
//! Calls: one `GetItem` (how the notice stands) and one `PutItem`; one transaction in its place where the address is
//! suppressed, or where SES has a name for a mail that may be answered which was not known. A hard bounce of a mail to a
//! customer finds the inquiry by one query and one `GetItem`, and its thread by another, which no seller may take over
//! meanwhile. An event that says nothing new costs the read.

mod wire;

use domain::{
    at::{Actor, At},
    inquiry::{Inquiry, InquiryEvent},
    mail::{Fate, State, Suppression, reported},
    outcome::Outcome,
    routing::Thread,
};
use shell::{
    Shell,
    commit::{Commit, Expect},
    failure::Failure,
    key::Key,
    mailing::Mailing,
    queue::Record,
    record::latest_of,
    reply::Answered,
    store::{Seen, attempts},
    telemetry,
};
use wire::Said;

/// One event of SES.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let said = wire::read(&record.body)?;
    attempts(&record.id, async || add(shell, record, &said).await).await?;
    match said.report.fate {
        Fate::Rejected => Err(Failure::Fault("SES took a mail and did not let it out".into())),
        _ => Ok(()),
    }
}

/// Adds what was said to what is known.
async fn add(shell: &Shell, record: &Record, said: &Said) -> Result<(), Failure> {
    let key = Key::notice(&said.notice);
    let seen = shell.store.get::<Mailing>(&key).await?;
    let version = seen.as_ref().map(|seen| seen.version);
    let (found, about) = seen.map_or((None, None), |seen| (Some(seen.state.state), seen.state.about));
    let is_known = matches!(&found, Some(State::Sent { message_id, .. }) if *message_id == said.message_id);
    if !is_known && matches!(&found, Some(State::Sent { .. })) {
        telemetry::mailed_twice(record);
    }
    let named = about.clone().filter(|_| !is_known);
    let at = At { now: record.now, actor: Actor::Service, cause: said.notice.to_string() };
    let back = bounced(shell, said, about.as_ref(), &at).await?;
    let state = reported(found, &said.message_id, said.report).map(|state| Mailing { state, about });
    if let (Some(state), false, None, None) = (&state, said.report.suppresses(), &named, &back) {
        return shell.store.put(&key, Expect::Seen(version), state).await;
    }
    if state.is_none() && named.is_none() && back.is_none() {
        return Ok(());
    }
    let mut commit = Commit::unmarked(at);
    if let Some(state) = &state {
        commit = commit.mailing(&said.notice, version, state)?;
        if said.report.suppresses() {
            let suppression = Suppression { report: said.report, notice: said.notice.clone() };
            commit = commit.replace(Key::suppression(&said.address), &suppression)?;
        }
    }
    if let Some(about) = &named {
        commit = commit.answerable(&said.message_id, about)?;
    }
    if let Some(Back { inquiry, thread, outcome }) = back {
        let (key, thread) = thread;
        let store = &inquiry.state.store;
        let store = shell.book.store(store).ok_or_else(|| Failure::Fault(format!("store {store} is gone")))?;
        commit = commit.thread_as_seen(key, thread)?.inquiry(store, Some(&inquiry), outcome)?;
    }
    shell.store.commit(&commit).await.map(drop)
}

/// An inquiry that comes back, and the thread of its order as it was seen.
struct Back {
    inquiry: Seen<Inquiry>,
    thread: (Key, Option<Seen<Thread>>),
    outcome: Outcome<InquiryEvent>,
}

/// What comes of it for the customer's matter that no such mail arrives.
async fn bounced(shell: &Shell, said: &Said, about: Option<&Answered>, at: &At) -> Result<Option<Back>, Failure> {
    let (Fate::HardBounced, Some(Answered::Inquiry(store, id))) = (said.report.fate, about) else { return Ok(None) };
    let Some(inquiry) = latest_of(shell, store, id).await?.filter(|seen| seen.state.id == *id) else { return Ok(None) };
    let key = Key::thread(store, &inquiry.state.order, &inquiry.state.seller);
    let thread = shell.store.get::<Thread>(&key).await?;
    let known = thread.as_ref().map(|seen| seen.state.clone()).unwrap_or_default();
    let outcome = inquiry.state.answer_bounced(&said.notice, &known, at);
    Ok((!outcome.is_unchanged()).then_some(Back { inquiry, thread: (key, thread), outcome }))
}
