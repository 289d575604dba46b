//! A seller's own return policy: it reads, drafts and submits. Who looks at it sits at the desk.
//!
//! Calls: a read is one `GetItem`. A change is one `GetItem` and one transaction, also where it changes nothing; a
//! refusal is two `GetItem`s (the second looks whether this very request was answered before).

mod wire;

use domain::{
    access::{Feature, Level},
    at::{Actor, At},
    id::SellerId,
    outcome::{Outcome, Refusal},
    policy::{Policy, PolicyEvent},
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    store::Seen,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 3] = [
    Route::seller("GET /v1/stores/{store}/return-policy", Feature::ReturnPolicy, Level::View),
    Route::seller("POST /v1/stores/{store}/return-policy", Feature::ReturnPolicy, Level::Edit),
    Route::seller("POST /v1/stores/{store}/return-policy/submit", Feature::ReturnPolicy, Level::Edit),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    match request.route.as_str() {
        "GET /v1/stores/{store}/return-policy" => {
            let known = load(shell, store, &seller).await?;
            Answer::ok(&wire::view(known.as_ref().map(|seen| &seen.state), store, request.now))
        }
        "POST /v1/stores/{store}/return-policy" => draft(shell, request, store, &seller).await,
        "POST /v1/stores/{store}/return-policy/submit" => submit(shell, request, store, &seller).await,
        _ => unrouted(request),
    }
}

/// RET-1: the next version, refused with every field in which it is worse than the standard.
async fn draft(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let terms = wire::terms(&request.body, store)?;
    let at = request.at(Actor::Seller(request.user()))?;
    change(shell, request, store, seller, &at, |known| Ok(Policy::draft(known, store, seller, terms.clone(), &at)?))
        .await
}

async fn submit(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let version = wire::version(&request.body)?;
    let at = request.at(Actor::Seller(request.user()))?;
    change(shell, request, store, seller, &at, |known| Ok(known.ok_or_else(unseen)?.submit(store, version, &at)?)).await
}

/// RET-2: a change is decided on the policy as it is, and written with who, when and why.
async fn change(
    shell: &Shell,
    request: &Request,
    store: &Store,
    seller: &SellerId,
    at: &At,
    decide: impl Fn(Option<&Policy>) -> Result<Outcome<PolicyEvent>, Failure>,
) -> Result<Answer, Failure> {
    request
        .write(shell, async || {
            let seen = load(shell, store, seller).await?;
            let known = seen.as_ref().map(|seen| &seen.state);
            let outcome = decide(known)?;
            let next = outcome.events.iter().fold(known.cloned(), Policy::apply);
            let answer = Answer::ok(&wire::view(next.as_ref(), store, request.now))?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).policy(seen.as_ref(), outcome)
        })
        .await
}

async fn load(shell: &Shell, store: &Store, seller: &SellerId) -> Result<Option<Seen<Policy>>, Failure> {
    shell.store.get(&Key::return_policy(&store.id, seller)).await
}

fn unseen() -> Failure {
    Refusal::unseen("return policy").into()
}
