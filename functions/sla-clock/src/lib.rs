//! A clock rang: what it points at is looked at again, and most often there is nothing to do.
//!
//! | alarm | reads | writes, in one transaction |
//! |---|---|---|
//! | reminder | 1 `GetItem` | mail |
//! | request expired | 1 `GetItem`, 1 `BatchGetItem` (order, inquiry) | request, inquiry, events, decision, mails |
//! | trial ending | 1 `GetItem` | mail |

use domain::{
    at::{Actor, At},
    clock::Alarm,
    decision::DecisionRecord,
    id::{RequestId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    insight::{Fact as Told, Place},
    notice::{DecisionFacts, Notice, NoticeKind},
    order::Order,
    outcome::FollowUp,
    request::Request,
    seller::Seller,
    store::Store,
};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::Failure,
    key::Key,
    queue::Record,
    store::Seen,
};

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let alarm: Alarm = record.read()?;
    let fact = Fact::new("sla-clock", alarm.fact().join("#"), &record.body);
    let at = record.at(&fact, Actor::Service);
    record
        .write(shell, async || match &alarm {
            Alarm::RequestReminder { store, seller, request, hours_left } => {
                let seen = request_of(shell, store, seller, request).await?;
                remind(&fact, &at, seen.state.remind(*hours_left, &at))
            }
            Alarm::RequestExpiry { store, seller, request } => {
                let seen = request_of(shell, store, seller, request).await?;
                expire(shell, &fact, &at, store_of(shell, store)?, seen).await
            }
            Alarm::TrialEnding { store, seller, days_left } => {
                let known = shell.store.get::<Seller>(&Key::seller(store, seller)).await?;
                let known = known.ok_or_else(|| Failure::Fault(format!("seller {seller} is gone")))?;
                remind(&fact, &at, known.state.trial_ending(store_of(shell, store)?, *days_left, &at))
            }
        })
        .await
}

fn remind(fact: &Fact, at: &At, notice: Option<Notice>) -> Result<Option<Commit>, Failure> {
    let commit = |notice: Notice| Commit::new(fact.clone(), at.clone()).follow_ups(vec![notice.into()]);
    notice.map(commit).transpose()
}

/// REQ-4: silence ends in a judgement: the rule's, or a person's.
async fn expire(
    shell: &Shell,
    fact: &Fact,
    at: &At,
    store: &Store,
    seen: Seen<Request>,
) -> Result<Option<Commit>, Failure> {
    let expired = seen.state.expire(at)?;
    if expired.is_unchanged() {
        return Ok(None);
    }
    let request = &seen.state;
    let order_key = Key::order(&store.id, &request.order);
    let inquiry_key = Key::inquiry(&store.id, &request.order, &request.seller, request.issue);
    let found = shell.store.get_all(&[order_key.clone(), inquiry_key.clone()]).await?;
    let order = found.state::<Order>(&order_key)?;
    let inquiry = found.state::<Inquiry>(&inquiry_key)?;
    let (Some(order), Some(inquiry)) = (order, inquiry) else {
        return Err(Failure::Fault(format!("request {} hangs in the air", request.id)));
    };
    let topic = shell.book.topics.get(&inquiry.state.topic);
    let topic = topic.ok_or_else(|| Failure::Fault(format!("topic {} is gone", inquiry.state.topic)))?;
    let silent = inquiry.state.seller_silent(request, &order.state, topic, store, at);
    let decision = silent.events.iter().find_map(|event| match event {
        InquiryEvent::Resolved { decision, .. } => Some((**decision).clone()),
        _ => None,
    });

    let mut outcome = expired.then(expired_notice(request, decision.as_ref()));
    if let Some(record) = &decision {
        outcome.events.extend(request.decided(record).events);
    }
    let mut told = Told::of_request(request, &outcome.events);
    told.extend(Told::of_inquiry(&inquiry.state, &silent.events));
    let commit = Commit::new(fact.clone(), at.clone())
        .request(Some(&seen), outcome)?
        .inquiry(Some(&inquiry), silent)?
        .facts(store, &request.seller, shell.clock.wall(), Place::each(told, store))?;
    match &decision {
        Some(record) => commit.decision(&store.id, &request.seller, record, None).map(Some),
        None => Ok(Some(commit)),
    }
}

fn expired_notice(request: &Request, decision: Option<&DecisionRecord>) -> FollowUp {
    let kind = NoticeKind::RequestExpired {
        request: request.id.clone(),
        order: request.order.clone(),
        effective_at: request.due_at,
        decision: decision.map(|record| DecisionFacts { kind: record.kind, amount: record.amount }),
    };
    Notice::to_seller(&request.store, &request.seller, kind, &[request.id.as_str()]).into()
}

async fn request_of(
    shell: &Shell,
    store: &StoreId,
    seller: &SellerId,
    request: &RequestId,
) -> Result<Seen<Request>, Failure> {
    let seen = shell.store.get(&Key::request(store, seller, request)).await?;
    seen.ok_or_else(|| Failure::Fault(format!("request {request} is gone")))
}

fn store_of<'a>(shell: &'a Shell, store: &StoreId) -> Result<&'a Store, Failure> {
    shell.book.store(store).ok_or_else(|| Failure::Fault(format!("store {store} is gone")))
}
