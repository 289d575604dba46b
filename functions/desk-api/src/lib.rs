//! The associates' desk: the queue, one inquiry with all that was said, claiming it, asking the seller, answering,
//! deciding.
//!
//! Calls: the queue is one query per shard (and a page more where 25 inquiries are over a megabyte); an inquiry is two
//! queries (events, answers) and one `BatchGetItem` (order, words and requests), and where the issue is the product
//! one `BatchGetItem` more (what the catalogue says); each change finds the inquiry by one query and one `GetItem` and is
//! one transaction; a question that names what the catalogue lacks reads the order too; a decision reads the order and
//! the request too, in one `BatchGetItem`; a refusal is one more `GetItem` (was this very request answered before). A
//! seller's return policy is one `GetItem`, and a lead's verdict on it one transaction more.

mod find;
mod policies;
mod wire;

use domain::{
    at::{Actor, At},
    decision::{DecidedBy, DecisionRecord, STANDARD_POLICY, WayBack},
    id::{AssociateId, DecisionId, InquiryId},
    inquiry::Inquiry,
    notice::{DecisionFacts, Notice, NoticeKind},
    order::Order,
    outcome::Outcome,
    request::{Request as CaseRequest, RequestEvent},
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    store::Seen,
};
use std::collections::BTreeMap;

/// The routes, as the template has them.
pub const ROUTES: [&str; 9] = [
    "GET /v1/stores/{store}/desk/queue",
    "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}",
    "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/claim",
    "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/requests",
    "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/answer",
    "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/decision",
    "GET /v1/stores/{store}/desk/return-policies/{seller_id}",
    "POST /v1/stores/{store}/desk/return-policies/{seller_id}/approve",
    "POST /v1/stores/{store}/desk/return-policies/{seller_id}/reject",
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    let associate = request.associate(&store.id)?;
    let desk = Desk { shell, request, store, associate };
    match request.route.as_str() {
        "GET /v1/stores/{store}/desk/queue" => {
            Answer::ok(&wire::queue(&find::queue(shell, &store.id).await?, request.now))
        }
        "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}" => desk.show().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/claim" => desk.claim().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/requests" => desk.ask_seller().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/answer" => desk.answer().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/decision" => desk.decide().await,
        "GET /v1/stores/{store}/desk/return-policies/{seller_id}" => policies::show(shell, request, store).await,
        "POST /v1/stores/{store}/desk/return-policies/{seller_id}/approve" => {
            policies::approve(shell, request, store).await
        }
        "POST /v1/stores/{store}/desk/return-policies/{seller_id}/reject" => {
            policies::reject(shell, request, store).await
        }
        _ => unrouted(request),
    }
}

struct Desk<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    associate: AssociateId,
}

/// An answer to the customer, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Answered {
    /// Who answered.
    pub associate: AssociateId,
    /// When.
    pub at: domain::at::Instant,
    /// What.
    pub text: String,
}

impl Desk<'_> {
    fn inquiry_id(&self) -> Result<InquiryId, Failure> {
        self.request.path("inquiry_id")
    }

    fn at(&self) -> Result<At, Failure> {
        self.request.at(Actor::Associate(self.associate.clone()))
    }

    fn commit(&self, answer: &Answer) -> Result<Commit, Failure> {
        Ok(Commit::new(self.request.fact()?, self.at()?).answering(answer))
    }

    async fn find(&self) -> Result<Seen<Inquiry>, Failure> {
        find::inquiry(self.shell, &self.store.id, &self.inquiry_id()?).await
    }

    async fn show(&self) -> Result<Answer, Failure> {
        let case = find::case(self.shell, &self.store.id, &self.inquiry_id()?).await?;
        Answer::ok(&wire::case(&case, self.request.now))
    }

    fn changed(
        &self,
        seen: &Seen<Inquiry>,
        outcome: &Outcome<domain::inquiry::InquiryEvent>,
    ) -> Result<Answer, Failure> {
        let next = outcome.events.iter().fold(Some(seen.state.clone()), Inquiry::apply);
        Answer::ok(&wire::inquiry(next.as_ref().unwrap_or(&seen.state), self.request.now))
    }

    async fn order(&self, inquiry: &Inquiry) -> Result<Order, Failure> {
        let key = Key::order(&inquiry.store, &inquiry.order);
        let found = self.shell.store.get_all(std::slice::from_ref(&key)).await?.state::<Order>(&key)?;
        Ok(found.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?.state)
    }

    /// INQ-4: nobody takes what somebody has.
    async fn claim(&self) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let outcome = seen.state.claim(&self.associate)?;
                let answer = self.changed(&seen, &outcome)?;
                self.commit(&answer)?.inquiry(Some(&seen), outcome)
            })
            .await
    }

    /// REQ-1: a request in the seller's Case Log, its mail and its clocks.
    async fn ask_seller(&self) -> Result<Answer, Failure> {
        let asking = wire::question(&self.request.body)?;
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let products = match asking.missing {
                    Some(_) => find::products_of(&seen.state, &self.order(&seen.state).await?),
                    None => BTreeMap::new(),
                };
                let asked = CaseRequest::ask(&seen.state, asking.question(&products)?, &self.at()?);
                let Some(RequestEvent::Asked(case_request)) = asked.events.first() else {
                    return Err(Failure::Fault("nothing was asked".into()));
                };
                let waiting = seen.state.ask_seller(&self.associate, &case_request.id)?;
                let answer = Answer::new(201, &wire::asked(case_request))?;
                self.commit(&answer)?.inquiry(Some(&seen), waiting)?.request(None, asked)
            })
            .await
    }

    /// An answer to the customer; with `resolve`, the last one.
    async fn answer(&self) -> Result<Answer, Failure> {
        let said = wire::answer(&self.request.body)?;
        if said.resolve {
            return self.resolve(&wire::Deciding::by_answer(), Some(&said.message)).await;
        }
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let outcome = seen.state.answer(&self.associate)?;
                let answer = self.changed(&seen, &outcome)?;
                let commit = self.commit(&answer)?.inquiry(Some(&seen), outcome)?;
                self.say(commit, &seen.state, &said.message)
            })
            .await
    }

    /// JDG-1: the decision, which resolves the inquiry.
    async fn decide(&self) -> Result<Answer, Failure> {
        let deciding = wire::decision(&self.request.body)?;
        self.resolve(&deciding, None).await
    }

    async fn resolve(&self, deciding: &wire::Deciding, message: Option<&str>) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let inquiry = &seen.state;
                let order_key = Key::order(&self.store.id, &inquiry.order);
                let request_key = inquiry.request.as_ref().map(|id| Key::request(&self.store.id, &inquiry.seller, id));
                let keys: Vec<_> = std::iter::once(order_key.clone()).chain(request_key.clone()).collect();
                let found = self.shell.store.get_all(&keys).await?;
                let order = found.state::<Order>(&order_key)?;
                let order = order.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?;
                let asked = request_key.map(|key| found.state::<CaseRequest>(&key)).transpose()?.flatten();

                let record = self.record(deciding, inquiry, &order.state)?;
                let facts = DecisionFacts { kind: record.kind, amount: record.amount };
                let kind = NoticeKind::Decided { order: inquiry.order.clone(), decision: facts };
                let told = Notice::to_seller(&inquiry.store, &inquiry.seller, kind, &[record.id.as_str()]);
                let outcome = inquiry.decide(&self.associate, record.clone(), &self.at()?)?.then(told);
                let answer = Answer::ok(&record)?;
                let commit = self.commit(&answer)?.inquiry(Some(&seen), outcome)?.decision(
                    &inquiry.store,
                    &inquiry.seller,
                    &record,
                    asked.as_ref(),
                )?;
                match message {
                    Some(message) => self.say(commit, inquiry, message),
                    None => Ok(commit),
                }
            })
            .await
    }

    /// JDG-2: the record, with what it rests on and the way back.
    fn record(&self, deciding: &wire::Deciding, inquiry: &Inquiry, order: &Order) -> Result<DecisionRecord, Failure> {
        let at = self.at()?;
        let value = order.price_of(&inquiry.items, self.store.currency).map_err(|e| Failure::Fault(e.to_string()))?;
        let topic = self.shell.book.topics.get(&inquiry.topic);
        let topic = topic.ok_or_else(|| Failure::Fault(format!("topic {} is gone", inquiry.topic)))?;
        let liable = deciding.liable.unwrap_or(topic.liable);
        Ok(DecisionRecord {
            id: DecisionId::derived(&[&at.cause, inquiry.id.as_str()]),
            inquiry: inquiry.id.clone(),
            order: inquiry.order.clone(),
            items: inquiry.items.clone(),
            kind: deciding.kind,
            decided_by: DecidedBy::Associate { associate: self.associate.clone() },
            decided_at: at.now,
            basis: deciding.basis.clone(),
            policy: STANDARD_POLICY.to_owned(),
            amount: deciding.amount(value)?,
            liable,
            way_back: WayBack::of(deciding.kind, liable, at.now, self.store),
        })
    }

    fn say(&self, commit: Commit, inquiry: &Inquiry, text: &str) -> Result<Commit, Failure> {
        let at = self.at()?;
        let key = Key::answer(&inquiry.store, &inquiry.id, at.now, &at.cause);
        commit.insert(key, &Answered { associate: self.associate.clone(), at: at.now, text: text.to_owned() })
    }
}
