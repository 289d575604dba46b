//! The desk's side of claims: an associate lists those that wait for a lead and looks at one; a lead asks the seller,
//! grants or denies. What is granted is paid back by an entry in the ledger, in the same transaction.
//!
//! Calls: a list is one query (a page more where the index gives less); one claim is one `GetItem`; a question and a
//! decision are one `GetItem` and one transaction; a refusal is one `GetItem` more (was this very request answered before).

mod wire;

use domain::{
    at::{Actor, At},
    claim::{Claim, ClaimEvent},
    id::{AssociateId, ClaimId, SellerId},
    money::Money,
    outcome::{Outcome, Refusal},
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::{Key, Table},
    store::{IndexRange, Seen},
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 4] = [
    Route::associate("GET /v1/stores/{store}/desk/claims"),
    Route::associate("GET /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}"),
    Route::lead("POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/question"),
    Route::lead("POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/decision"),
];

/// Claims of one answer: deciding them brings the next.
const WAITING: usize = 100;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "GET /v1/stores/{store}/desk/claims" => waiting(shell, request, store).await,
        "GET /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}" => one(shell, request, store).await,
        "POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/question" => ask(shell, request, store).await,
        "POST /v1/stores/{store}/desk/claims/{seller_id}/{claim_id}/decision" => decide(shell, request, store).await,
        _ => unrouted(request),
    }
}

/// Those of the store that wait for a lead, those that wait longest first.
async fn waiting(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    request.associate(&store.id)?;
    let range = IndexRange {
        table: Table::Ledger,
        index: "claims",
        hash: ("claim_key", store.id.as_str()),
        until: None,
        newest_first: false,
    };
    let page = shell.store.full_page::<Claim>(&range, None, WAITING, |_| true).await?;
    Answer::ok(&wire::waiting(&page.rows, store))
}

async fn one(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    request.associate(&store.id)?;
    let seen = find(shell, request, store).await?;
    Answer::ok(&wire::view(&seen.state, store))
}

/// CLM-3: a lead asks the seller for more.
async fn ask(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let lead = request.lead(&store.id)?;
    let (question, at) = (wire::question(&request.body)?, request.at(Actor::Associate(lead.clone()))?);
    request
        .write(shell, async || {
            let seen = find(shell, request, store).await?;
            let outcome = seen.state.ask(question.clone(), &lead, store, &at)?;
            moved(request, store, &seen, outcome, &at).map(|(commit, _)| commit)
        })
        .await
}

/// CLM-3: a lead grants or denies; what is granted goes into the ledger of the running quarter.
async fn decide(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let lead = request.lead(&store.id)?;
    let (deciding, at) = (wire::deciding(&request.body)?, request.at(Actor::Associate(lead.clone()))?);
    request
        .write(shell, async || {
            let seen = find(shell, request, store).await?;
            let outcome = judged(&seen.state, &deciding, &lead, store, &at)?;
            let (commit, next) = moved(request, store, &seen, outcome, &at)?;
            commit.with_entry(shell, store, &next.seller, next.reimbursement()).await
        })
        .await
}

fn judged(
    claim: &Claim,
    deciding: &wire::Deciding,
    lead: &AssociateId,
    store: &Store,
    at: &At,
) -> Result<Outcome<ClaimEvent>, Refusal> {
    match deciding {
        wire::Deciding::Grant { amount_minor, customer_damaged } => {
            claim.grant(Money::new(*amount_minor, store.currency), *customer_damaged, lead, store, at)
        }
        wire::Deciding::Deny { criterion, reason } => claim.deny(*criterion, reason.clone(), lead, store, at),
    }
}

fn moved(
    request: &Request,
    store: &Store,
    seen: &Seen<Claim>,
    outcome: Outcome<ClaimEvent>,
    at: &At,
) -> Result<(Commit, Claim), Failure> {
    let next = outcome.after(&seen.state, Claim::apply);
    let answer = Answer::ok(&wire::view(&next, store))?;
    let commit = Commit::new(request.fact()?, at.clone()).answering(&answer).claim(Some(seen), outcome)?;
    Ok((commit, next))
}

async fn find(shell: &Shell, request: &Request, store: &Store) -> Result<Seen<Claim>, Failure> {
    let (seller, claim): (SellerId, ClaimId) = (request.path("seller_id")?, request.path("claim_id")?);
    let seen = shell.store.get(&Key::claim(&store.id, &seller, &claim)).await?;
    seen.ok_or_else(|| Refusal::unseen("claim").into())
}
