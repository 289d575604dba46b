//! The associates' desk: the queue, one inquiry with all that was said, claiming it, asking the seller, answering, noting
//! something down, deciding; giving it back, merging it into another one, handing it over to the seller.
//!
//! Calls: the queue is one query per shard at one time (and a page more where 25 inquiries are over a megabyte); an inquiry
//! is three queries at one time (events, answers, notes) and one `BatchGetItem` (order, what was given, words, transfers,
//! requests, mails of answers, and where the issue is the product what the catalogue says); each
//! change finds the inquiry by one query and one `GetItem` and is one transaction; a question that names what the catalogue
//! lacks reads the order too; a decision reads the order, what was given for it, the seller and the request too, in one
//! `BatchGetItem`; a choice of topic reads thread and latest inquiry of the topic's issue, in one `BatchGetItem` (and a
//! `GetItem` where that issue is filed elsewhere), the inquiry's events in one query, and two `GetItem`s for each contact
//! that opened it (its entry and its fact), and one for each of their quarters that is over; a merge finds the other
//! inquiry too, reads the thread of their order, and counts contacts anew as a choice of topic does; a hand-over reads the
//! thread; where the seller is being asked, either is one `GetItem` more (the request); the next inquiry is one `GetItem`
//! (the profile), one query of what the associate works on, the queue, one `GetItem` for each that may fit, and one
//! transaction; a refusal is one more `GetItem` (was this very request answered before). The macros that fit an inquiry are
//! one query. A link to look at a file of a seller's reply is one `GetItem`, one to a file of a customer's mail
//! one query and one `BatchGetItem`, and signing it no call. A seller's return
//! policy is one `GetItem`, and a lead's verdict on it one transaction more.

mod case;
mod decide;
mod files;
mod find;
mod macros;
mod moves;
mod next;
mod notes;
mod policies;
mod queue;
mod topic;
mod wire;

pub use case::ahead;

use domain::{
    at::{Actor, At},
    id::{AssociateId, InquiryId, NoticeId, RequestId, SellerId},
    inquiry::{Inquiry, InquiryEvent},
    insight::{Fact, Place},
    macros::Origin,
    order::Order,
    outcome::{Outcome, Refusal},
    request::{Request as CaseRequest, RequestEvent},
    store::Store,
    topic::Topic,
};
use serde::Serialize;
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    desk,
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    store::Seen,
};
use std::collections::BTreeMap;
use wire::Words;

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 18] = [
    Route::associate("GET /v1/stores/{store}/desk/queue"),
    Route::associate("POST /v1/stores/{store}/desk/next"),
    Route::associate("GET /v1/stores/{store}/desk/inquiries/{inquiry_id}"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/claim"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/release"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/merge"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/hand-over"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/notes"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/topic"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/requests"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/answer"),
    Route::associate("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/decision"),
    Route::associate("GET /v1/stores/{store}/desk/return-policies/{seller_id}"),
    Route::lead("POST /v1/stores/{store}/desk/return-policies/{seller_id}/approve"),
    Route::lead("POST /v1/stores/{store}/desk/return-policies/{seller_id}/reject"),
    Route::associate("GET /v1/stores/{store}/desk/requests/{seller_id}/{request_id}/attachments/{attachment_id}"),
    Route::associate("GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/macros"),
    Route::associate("GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/contacts/{contact_id}/files/{number}"),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    let associate = request.associate(&store.id)?;
    let desk = Desk { shell, request, store, associate };
    match request.route.as_str() {
        "GET /v1/stores/{store}/desk/queue" => queue::show(shell, request, store).await,
        "POST /v1/stores/{store}/desk/next" => desk.next().await,
        "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}" => desk.show().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/claim" => desk.claim().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/release" => desk.release().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/merge" => desk.merge().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/hand-over" => desk.hand_over().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/notes" => desk.note().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/topic" => desk.choose_topic().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/requests" => desk.ask_seller().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/answer" => desk.answer().await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/decision" => desk.decide().await,
        "GET /v1/stores/{store}/desk/requests/{seller_id}/{request_id}/attachments/{attachment_id}" => {
            desk.attachment().await
        }
        "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/macros" => desk.macros().await,
        "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/contacts/{contact_id}/files/{number}" => {
            files::show(shell, request, store).await
        }
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
    /// The macro that it was made of, if it was.
    #[serde(rename = "macro", default, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<Origin>,
    /// The notice by which it is mailed, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<NoticeId>,
}

impl Desk<'_> {
    /// REQ-6: a link to look at a file of a seller's reply.
    async fn attachment(&self) -> Result<Answer, Failure> {
        let Self { shell, request, store, .. } = self;
        let (seller, id): (SellerId, RequestId) = (request.path("seller_id")?, request.path("request_id")?);
        let seen = shell.store.get::<CaseRequest>(&Key::request(&store.id, &seller, &id)).await?;
        let seen = seen.ok_or_else(|| Failure::from(Refusal::unseen("request")))?;
        shell.uploads.show(&seen.state, request, store)
    }

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
        desk::inquiry(self.shell, &self.store.id, &self.inquiry_id()?).await
    }

    async fn show(&self) -> Result<Answer, Failure> {
        let case = case::load(self.shell, &self.store.id, &self.inquiry_id()?).await?;
        Answer::ok(&case::view(&case, self.store, self.request.now))
    }

    fn changed(&self, seen: &Seen<Inquiry>, outcome: &Outcome<InquiryEvent>) -> Result<Answer, Failure> {
        desk::changed(&seen.state, outcome, self.store, self.request.now)
    }

    async fn order(&self, inquiry: &Inquiry) -> Result<Order, Failure> {
        let key = Key::order(&inquiry.store, &inquiry.order);
        let found = self.shell.store.get_all(std::slice::from_ref(&key)).await?.state::<Order>(&key)?;
        Ok(found.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?.state)
    }

    fn topic_of(&self, inquiry: &Inquiry) -> Result<&Topic, Failure> {
        let topic = self.shell.book.topics.get(&inquiry.topic);
        topic.ok_or_else(|| Failure::Fault(format!("topic {} is gone", inquiry.topic)))
    }

    /// INQ-4: nobody takes what somebody has.
    async fn claim(&self) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let outcome = seen.state.claim(&self.associate, &self.at()?)?;
                let answer = self.changed(&seen, &outcome)?;
                self.commit(&answer)?.inquiry(self.store, Some(&seen), outcome)
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
                let waiting = seen.state.ask_seller(&self.associate, &case_request.id, &self.at()?)?;
                let answer = Answer::new(201, &wire::asked(case_request))?;
                let told = Fact::of_request(case_request, &asked.events);
                self.facts(self.commit(&answer)?, &seen.state, told)?
                    .inquiry(self.store, Some(&seen), waiting)?
                    .request(None, asked)
            })
            .await
    }

    /// An answer to the customer; with `resolve`, the last one.
    async fn answer(&self) -> Result<Answer, Failure> {
        let said = wire::answer(&self.request.body)?;
        if said.resolve {
            return self.resolve_by(&said.words).await;
        }
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let outcome = seen.state.answer(&self.associate, &self.at()?)?;
                let answer = self.changed(&seen, &outcome)?;
                let commit = self.commit(&answer)?.inquiry(self.store, Some(&seen), outcome)?;
                self.say(commit, &seen.state, &said.words)
            })
            .await
    }

    /// What the seller's figures have of it.
    fn facts(&self, commit: Commit, inquiry: &Inquiry, told: Vec<Fact>) -> Result<Commit, Failure> {
        commit.facts(self.store, &inquiry.seller, Place::each(told, self.store))
    }

    fn say(&self, commit: Commit, inquiry: &Inquiry, words: &Words) -> Result<Commit, Failure> {
        let at = self.at()?;
        let key = Key::answer(&inquiry.store, &inquiry.id, at.now, &at.cause);
        let (text, made_of) = self.worded(inquiry, words)?;
        let mail = inquiry.answer_by_mail(&at).map(|mail| mail.id);
        commit.insert(key, &Answered { associate: self.associate.clone(), at: at.now, text, made_of, mail })
    }
}
