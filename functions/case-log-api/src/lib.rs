//! A seller's Case Log: its requests, one of them, and the reply to it. Nothing here can read what customers wrote.
//!
//! Calls: a list is one query per page of the index; one request is one `GetItem`; a reply is two `GetItem`s
//! (the request, then the inquiry it names) and one transaction.

mod wire;

use domain::{
    access::{Feature, Level},
    at::{Actor, At},
    id::{InquiryId, OrderId, RequestId, SellerId},
    inquiry::Inquiry,
    insight::{Fact, Place},
    outcome::Refusal,
    request::{Request as CaseRequest, View},
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    cursor::{Listed, decode, encode},
    failure::Failure,
    http::{Request, unrouted},
    key::{Key, Table, seller_key},
    store::{IndexRange, Seen},
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 3] = [
    Route::seller("GET /v1/stores/{store}/case-log", Feature::CaseLog, Level::View),
    Route::seller("GET /v1/stores/{store}/case-log/{request_id}", Feature::CaseLog, Level::View),
    Route::seller("POST /v1/stores/{store}/case-log/{request_id}/reply", Feature::CaseLog, Level::Edit),
];

/// Requests of one answer.
const PAGE: usize = 25;
/// Pages that one answer looks through, so that a narrow search ends in time; the cursor goes on from there.
const PAGES: usize = 8;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    match request.route.as_str() {
        "GET /v1/stores/{store}/case-log" => list(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/case-log/{request_id}" => {
            let seen = load(shell, request, store, &seller).await?;
            Answer::ok(&wire::view(&seen.state, &shell.book.questions, request.now))
        }
        "POST /v1/stores/{store}/case-log/{request_id}/reply" => reply(shell, request, store, &seller).await,
        _ => unrouted(request),
    }
}

/// REQ-7: newest deadline first, by view, case id or order id.
async fn list(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let view = wire::view_named(request.query::<String>("view")?.as_deref())?;
    let (case, order) = (request.query::<InquiryId>("case_id")?, request.query::<OrderId>("order_id")?);
    let wanted = |r: &CaseRequest| {
        View::shows(view, r)
            && case.as_ref().is_none_or(|case| r.inquiry == *case)
            && order.as_ref().is_none_or(|order| r.order == *order)
    };
    let owner = seller_key(&store.id, seller);
    let range = IndexRange {
        table: Table::Requests,
        index: "deadline",
        hash: ("seller_key", &owner),
        until: None,
        newest_first: true,
    };
    let listed = Listed { pk: &owner, hash: "seller_key", range: "due_at" };
    let mut next = request.query::<String>("cursor")?.map(|cursor| decode(&cursor, listed)).transpose()?;
    let mut rows: Vec<CaseRequest> = Vec::new();
    for _ in 0..PAGES {
        let space = i32::try_from(PAGE - rows.len()).unwrap_or(1);
        let page = shell.store.page::<CaseRequest>(&range, next, space).await?;
        rows.extend(page.rows.into_iter().map(|seen| seen.state).filter(&wanted));
        next = page.next;
        if next.is_none() || rows.len() == PAGE {
            break;
        }
    }
    Answer::ok(&wire::page(&rows, &shell.book.questions, next.map(|last| encode(&last, listed)), request.now))
}

/// REQ-2, REQ-5: the seller replies, and the inquiry goes back to whoever asked.
async fn reply(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let (said, questions) = (wire::said(&request.body)?, &shell.book.questions);
    let at: At = request.at(Actor::Seller(request.user()))?;
    request
        .write(shell, async || {
            let seen = load(shell, request, store, seller).await?;
            wire::fitting(&said, &seen.state.question, questions)?;
            let replied = seen.state.reply(said.clone(), request.user(), &at)?;
            let key = Key::inquiry(&store.id, &seen.state.order, seller, seen.state.issue);
            let inquiry = shell.store.get::<Inquiry>(&key).await?;
            let inquiry =
                inquiry.ok_or_else(|| Failure::Fault(format!("request {} hangs in the air", seen.state.id)))?;
            let next = replied.events.iter().fold(Some(seen.state.clone()), CaseRequest::apply);
            let answer = Answer::ok(&wire::view(next.as_ref().unwrap_or(&seen.state), questions, request.now))?;
            let back = inquiry.state.seller_replied(&seen.state.id);
            let told = Place::each(Fact::of_request(&seen.state, &replied.events), store);
            Commit::new(request.fact()?, at.clone())
                .answering(&answer)
                .facts(store, seller, shell.clock.wall(), told)?
                .request(Some(&seen), replied)?
                .inquiry(Some(&inquiry), back)
        })
        .await
}

async fn load(
    shell: &Shell,
    request: &Request,
    store: &Store,
    seller: &SellerId,
) -> Result<Seen<CaseRequest>, Failure> {
    let id: RequestId = request.path("request_id")?;
    let seen = shell.store.get(&Key::request(&store.id, seller, &id)).await?;
    seen.ok_or_else(|| Refusal::unseen("request").into())
}
