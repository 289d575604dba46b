//! A seller hands over what came to it by mistake, and asks what became of it.
//!
//! Which order it is about is settled here, so that the seller hears at once what is missing; the transfer is kept where the
//! seller and the desk find it, and goes to be routed as the contact that it is.
//!
//! Calls: to take one, one `BatchGetItem` (every order that its text may name), one `GetItem` (whether it is known) and one
//! transaction; a refusal is one `GetItem` more (was this very request answered before), and where the text names no order
//! the only one. To look one up, one `GetItem`, and one more for where it went.

mod wire;

use domain::{
    access::{Feature, Level},
    at::{Actor, At},
    id::{ContactId, OrderId, SellerId},
    order::Order,
    outcome::{FollowUp, Refusal},
    routing::RoutedContact,
    store::Store,
    transfer::{Transfer, about, outcome},
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [
    Route::seller("POST /v1/stores/{store}/transfers", Feature::CaseLog, Level::Edit),
    Route::seller("GET /v1/stores/{store}/transfers/{transfer_id}", Feature::CaseLog, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    match request.route.as_str() {
        "POST /v1/stores/{store}/transfers" => take(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/transfers/{transfer_id}" => look_up(shell, request, store, &seller).await,
        _ => unrouted(request),
    }
}

/// RTE-8: the transfer is kept and goes to be routed. One that is known already is kept as it came first.
async fn take(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let told = wire::read(&request.body, &shell.book, store)?;
    let named = told.named();
    let at: At = request.at(Actor::Seller(request.user()))?;
    request
        .write(shell, async || {
            let known = orders(shell, store, &named).await?;
            let order = about(&named, &known, seller).map_err(|unclear| wire::unclear(&told, unclear))?;
            let transfer = Transfer::of(&told, order, seller, request.user(), &at);
            let key = Key::transfer(&store.id, seller, &transfer.contact);
            let first = shell.store.get::<Transfer>(&key).await?;
            let answer = Answer::new(202, &wire::taken(first.as_ref().map_or(&transfer, |seen| &seen.state)))?;
            let commit = Commit::new(request.fact()?, at.clone()).answering(&answer);
            if first.is_some() {
                return Ok(commit);
            }
            let contact = transfer.routed_as(&told, order, store);
            commit.state(key, None, &transfer)?.follow_ups(vec![FollowUp::Route(Box::new(contact))])
        })
        .await
}

/// Those of the named orders that are there, whosever they are.
async fn orders(shell: &Shell, store: &Store, named: &[OrderId]) -> Result<Vec<Order>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = named.iter().map(|order| Key::order(&store.id, order)).collect();
    shell.store.get_all(&keys).await?.states(&keys)
}

async fn look_up(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let id: ContactId = request.path("transfer_id")?;
    let transfer = shell.store.get::<Transfer>(&Key::transfer(&store.id, seller, &id)).await?;
    let transfer = transfer.ok_or_else(|| Failure::from(Refusal::unseen("transfer")))?.state;
    let routed = shell.store.get::<RoutedContact>(&Key::routed_contact(&store.id, &id)).await?;
    Answer::ok(&wire::view(&transfer, outcome(routed.as_ref().map(|seen| &seen.state))))
}
