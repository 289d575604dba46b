//! Each contact ends with exactly one owner and a reason.
//!
//! Calls: one `BatchGetItem` (order, thread, inquiry of the issue) and one transaction; one `GetItem` more where the
//! contact continues one about another issue, or came in a quarter that is over by now. A question before any order
//! needs no read.

use domain::{
    at::Actor,
    contact::Contact,
    insight::{Fact as Told, Place},
    order::Order,
    outcome::{FollowUp, Outcome},
    routing::{Thread, issue, receive},
    store::Store,
    topic::Topic,
    transfer::mailed_outcome,
};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::Failure,
    key::Key,
    ledger::booked,
    queue::Record,
    record::filed,
};

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let contact: Contact = record.read()?;
    let wrong = |field: &str, problem: String| Failure::bad_field("invalid_input", field, problem);
    let store = shell.book.store(&contact.store).ok_or_else(|| wrong("store", shell.book.no_store(&contact.store)))?;
    let topic = shell.book.topics.get(&contact.topic);
    let topic = topic.ok_or_else(|| wrong("topic", format!("{} is no topic", contact.topic)))?;
    record.write(shell, async || route(shell, record, &contact, store, topic).await.map(Some)).await
}

async fn route(
    shell: &Shell,
    record: &Record,
    contact: &Contact,
    store: &Store,
    topic: &Topic,
) -> Result<Commit, Failure> {
    let fact = Fact::new("contact-router", format!("{}#{}", store.id, contact.id), &record.body);
    let at = record.at(&fact, Actor::Marketplace);
    let Some(subject) = &contact.subject else {
        let reception = receive(contact, topic, None, &Thread::default(), None, store)?;
        return Commit::new(fact, at).routed(store, &reception.routed, contact);
    };
    let order_key = Key::order(&store.id, &subject.order);
    let thread_key = Key::thread(&store.id, &subject.order, &contact.seller);
    let inquiry_key = |issue| Key::inquiry(&store.id, &subject.order, &contact.seller, issue);
    let found = shell.store.get_all(&[order_key.clone(), thread_key.clone(), inquiry_key(topic.family)]).await?;
    let order = found.state::<Order>(&order_key)?.map(|seen| seen.state);
    let seen_thread = found.state::<Thread>(&thread_key)?;
    let thread = seen_thread.as_ref().map(|seen| seen.state.clone()).unwrap_or_default();
    let issue = (topic.family, issue(contact, topic, &thread));
    let inquiry = filed(shell, &found, inquiry_key, issue).await?;
    let latest = inquiry.as_ref().map(|seen| &seen.state);
    let reception = receive(contact, topic, order.as_ref(), &thread, latest, store)?;

    let mut commit = Commit::new(fact, at).routed(store, &reception.routed, contact)?;
    if let Some(next) = &reception.thread {
        commit = commit.state(thread_key, seen_thread.map(|seen| seen.version), next)?;
    }
    commit = commit.inquiry(store, inquiry.as_ref(), Outcome::of(reception.events))?;
    commit = commit.follow_ups(mailed_outcome(contact, &reception.routed).into_iter().map(FollowUp::from).collect())?;
    match (reception.entry, &reception.routed.inquiry, &order) {
        (Some(entry), Some(inquiry), Some(order)) => {
            let booked = booked(shell, store, &contact.seller, contact.received_at).await?;
            let told = Told::contact(contact, &entry, inquiry, order);
            let place = Place::booked(contact.received_at, booked.booking, shell.clock.wall(), store);
            commit.facts(store, &contact.seller, vec![(place, told)])?.entries(
                store,
                &contact.seller,
                booked,
                vec![domain::ledger::Entry::Contact(entry)],
            )
        }
        _ => Ok(commit),
    }
}
