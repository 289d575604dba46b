//! A seller's Case Log: its requests, one of them, and the reply to it; what the service decided; and what it handed over
//! to the seller. Nothing here can read what customers wrote.
//!
//! Calls: a page of a list is one query of the index for it (one more per megabyte), a page of what was handed over one
//! of its partition; one request or decision is one
//! `GetItem`; a way back is two `GetItem`s (the decision, then what was given for its order) and one transaction; a reply
//! is two `GetItem`s (the request, then the inquiry it names) and one transaction, and before that one call to S3 for
//! each file that it names, which keeps the file and says whether it is there; a link to upload a file or to look at one is
//! one `GetItem`, and signing it no call.

mod decisions;
mod files;
mod handed_over;
mod search;
mod wire;

use domain::{
    access::{Feature, Level},
    at::{Actor, At},
    id::{RequestId, SellerId},
    outcome::Refusal,
    request::{Request as CaseRequest, Said},
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    desk::Replied,
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    store::Seen,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 9] = [
    Route::seller("GET /v1/stores/{store}/case-log", Feature::CaseLog, Level::View),
    Route::seller("GET /v1/stores/{store}/case-log/{request_id}", Feature::CaseLog, Level::View),
    Route::seller("POST /v1/stores/{store}/case-log/{request_id}/reply", Feature::CaseLog, Level::Edit),
    Route::seller("GET /v1/stores/{store}/decisions", Feature::CaseLog, Level::View),
    Route::seller("GET /v1/stores/{store}/decisions/{decision_id}", Feature::CaseLog, Level::View),
    Route::seller("POST /v1/stores/{store}/decisions/{decision_id}/return-method", Feature::CaseLog, Level::Edit),
    Route::seller("GET /v1/stores/{store}/case-log/{request_id}/upload-link", Feature::CaseLog, Level::Edit),
    Route::seller(
        "GET /v1/stores/{store}/case-log/{request_id}/attachments/{attachment_id}",
        Feature::CaseLog,
        Level::View,
    ),
    Route::seller("GET /v1/stores/{store}/hand-overs", Feature::CaseLog, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    match request.route.as_str() {
        "GET /v1/stores/{store}/case-log" => search::list(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/case-log/{request_id}" => {
            let seen = load(shell, request, store, &seller).await?;
            Answer::ok(&wire::view(&seen.state, &shell.book.questions, request.now))
        }
        "GET /v1/stores/{store}/case-log/{request_id}/upload-link" => {
            files::upload_link(shell, request, store, &seller).await
        }
        "GET /v1/stores/{store}/case-log/{request_id}/attachments/{attachment_id}" => {
            files::show(shell, request, store, &seller).await
        }
        "POST /v1/stores/{store}/case-log/{request_id}/reply" => reply(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/decisions" => decisions::list(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/decisions/{decision_id}" => decisions::show(shell, request, store, &seller).await,
        "POST /v1/stores/{store}/decisions/{decision_id}/return-method" => {
            decisions::name_way(shell, request, store, &seller).await
        }
        "GET /v1/stores/{store}/hand-overs" => handed_over::list(shell, request, store, &seller).await,
        _ => unrouted(request),
    }
}

/// REQ-2, REQ-5: the seller replies, and the inquiry goes back to whoever asked.
async fn reply(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let (said, questions) = (wire::replied(&request.body, &store.attachments)?, &shell.book.questions);
    let at: At = request.at(Actor::Seller(request.user()))?;
    request
        .write(shell, async || {
            let seen = load(shell, request, store, seller).await?;
            wire::fitting(&said.answers, &seen.state.question, questions)?;
            let attachments = files::attachments(&seen.state, &said.files);
            let reply = Said { text: said.text.clone(), answers: said.answers.clone(), attachments };
            let attachments = reply.attachments.clone();
            let replied = Replied::decide(shell, store, &seen.state, reply, request.user(), &at).await?;
            files::keep(shell, &seen.state, &attachments).await?;
            let answer = Answer::ok(&wire::view(&replied.next(&seen.state), questions, request.now))?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).replied(store, &seen, replied)
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
