//! What the functions of the desk share: finding an inquiry by its id, and how associates see one. Times are UTC.

use crate::{
    Shell,
    commit::{Answer, Commit, EventRow},
    failure::Failure,
    key::{Key, Table},
    record::latest_of,
    store::Seen,
};
use chrono::{DateTime, Utc};
use domain::{
    associate::WorkedIn,
    at::{At, Instant},
    contact::Channel,
    guess::Source,
    id::{InquiryId, StoreId},
    inquiry::{Ball, Escalation, Inquiry, InquiryEvent, OwnedMinutes, Status, TimeOwned},
    insight::{Fact, Place},
    outcome::{Outcome, Refusal},
    request::{Request, RequestEvent, Said, Withdrawal},
    store::Store,
};
use serde::Serialize;

/// That there is no such inquiry.
#[must_use]
pub fn unseen() -> Failure {
    Refusal::unseen("inquiry").into()
}

/// The state of an inquiry: its first event says where that lies, in one query and one read. One that a later inquiry
/// about the same issue has followed is over.
pub async fn inquiry(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Seen<Inquiry>, Failure> {
    let seen = latest_of(shell, store, id).await?.ok_or_else(unseen)?;
    if seen.state.id == *id {
        Ok(seen)
    } else {
        Err(Refusal::state(
            "INQ-1",
            "not_open",
            "This inquiry is over; a later one about the same issue followed it: open that one.",
        )
        .into())
    }
}

/// What happened to an inquiry, in order.
pub type Events = Vec<EventRow<InquiryEvent>>;

/// The events of an inquiry, in one query; none where there is no such one.
pub async fn events(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Events, Failure> {
    let history = Key::inquiry_history(store, id);
    let rows = shell.store.list(Table::Inquiries, &history.pk, "INQUIRY#EVENT#").await?;
    Ok(rows.into_iter().map(|(_, seen)| seen.state).collect())
}

/// An inquiry as its events tell it.
pub async fn told(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<(Inquiry, Events), Failure> {
    let events = events(shell, store, id).await?;
    let inquiry = events.iter().fold(None, |state, row| Inquiry::apply(state, &row.event)).ok_or_else(unseen)?;
    Ok((inquiry, events))
}

/// A seller's reply, decided: what it does to its request and to the inquiry that waits for it.
#[derive(Debug)]
pub struct Replied {
    request: Outcome<RequestEvent>,
    inquiry: Seen<Inquiry>,
    back: Outcome<InquiryEvent>,
    facts: Vec<(Place, Fact)>,
}

impl Replied {
    /// Decides a reply. One `GetItem` (the inquiry that the request names).
    pub async fn decide(
        shell: &Shell,
        store: &Store,
        seen: &Request,
        said: Said,
        user: String,
        at: &At,
    ) -> Result<Self, Failure> {
        let in_stock = seen.question.kind.in_stock(&said.answers);
        let request = seen.reply(said, user, at)?;
        let key = Key::inquiry(&store.id, &seen.order, &seen.seller, seen.issue);
        let inquiry = shell.store.get::<Inquiry>(&key).await?;
        let inquiry =
            inquiry.ok_or_else(|| Failure::Fault(format!("request {} is of an inquiry that is gone", seen.id)))?;
        let back = inquiry.state.seller_replied(&seen.id, in_stock, at);
        let facts = Place::each(Fact::of_request(seen, &request.events), store);
        Ok(Self { request, inquiry, back, facts })
    }

    /// The request as it is after the reply.
    #[must_use]
    pub fn next(&self, seen: &Request) -> Request {
        self.request.after(seen, Request::apply)
    }
}

impl Commit {
    /// A seller's reply.
    pub fn replied(self, store: &Store, seen: &Seen<Request>, replied: Replied) -> Result<Self, Failure> {
        let Replied { request, inquiry, back, facts } = replied;
        self.facts(store, &seen.state.seller, facts)?.request(Some(seen), request)?.inquiry(store, Some(&inquiry), back)
    }

    /// The request whose reply an inquiry waits for is withdrawn, if there is one: it is one `GetItem`.
    pub async fn withdrawn(self, shell: &Shell, inquiry: &Inquiry, why: Withdrawal, at: &At) -> Result<Self, Failure> {
        let Some(request) = inquiry.awaits() else { return Ok(self) };
        let asked = shell.store.get::<Request>(&Key::request(&inquiry.store, &inquiry.seller, request)).await?;
        let asked = asked.ok_or_else(|| Failure::Fault(format!("request {request} is gone")))?;
        self.request(Some(&asked), asked.state.withdraw(why, at))
    }
}

/// The inquiry as it is after this, as its associate or a lead is answered.
pub fn changed(
    seen: &Inquiry,
    outcome: &Outcome<InquiryEvent>,
    store: &Store,
    now: Instant,
) -> Result<Answer, Failure> {
    Answer::ok(&InquiryView::of(&outcome.after(seen, Inquiry::apply), store, now))
}

/// An inquiry wherever associates see one.
#[derive(Debug, Serialize)]
pub struct InquiryView<'a> {
    inquiry_id: &'a str,
    order_id: &'a str,
    seller_id: &'a str,
    issue: &'a str,
    topic: &'a str,
    /// RTE-12: who says so; where nobody does, a hint and the wish for a choice.
    topic_source: &'a Source,
    channel: Channel,
    language: &'a str,
    /// RTE-7: the language that it is worked on in, and whether the customer's has to be translated.
    worked_in: WorkedIn,
    #[serde(flatten)]
    status: &'a Status,
    /// Who has the next word.
    ball: Ball,
    /// For how long each has had it; none where that was not counted.
    minutes: Option<OwnedMinutes>,
    opened_at: DateTime<Utc>,
    resolution_due: DateTime<Utc>,
    overdue: bool,
    /// INQ-3: how far the time has run out, as its clocks have noticed.
    escalated: Option<Escalation>,
    contacts: usize,
}

impl<'a> InquiryView<'a> {
    /// One inquiry, at this moment.
    #[must_use]
    pub fn of(inquiry: &'a Inquiry, store: &Store, now: Instant) -> Self {
        let resolution_due = inquiry.due_at(now);
        Self {
            inquiry_id: inquiry.id.as_str(),
            order_id: inquiry.order.as_str(),
            seller_id: inquiry.seller.as_str(),
            issue: inquiry.issue.as_str(),
            topic: &inquiry.topic,
            topic_source: &inquiry.source,
            channel: inquiry.channel,
            language: &inquiry.language,
            worked_in: store.worked_in(&inquiry.language),
            status: &inquiry.status,
            ball: inquiry.ball(),
            minutes: inquiry.owned_at(now).map(TimeOwned::minutes),
            opened_at: inquiry.opened_at,
            resolution_due,
            overdue: inquiry.is_live() && resolution_due <= now,
            escalated: inquiry.escalated,
            contacts: inquiry.contacts.len(),
        }
    }
}
