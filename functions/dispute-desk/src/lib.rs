//! The desk's side of disputes: an associate lists the open ones, a lead accepts or denies. What is accepted is taken back
//! by an entry in the ledger, in the same transaction.
//!
//! Calls: a list is one query (a page more where the index gives less); a decision is one `GetItem` and one transaction; a
//! refusal is one `GetItem` more (was this very request answered before).

mod wire;

use domain::{
    at::Actor,
    dispute::Dispute,
    id::{DisputeId, SellerId},
    outcome::Refusal,
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::{Key, Table},
    store::IndexRange,
    view::DisputeView,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [
    Route::associate("GET /v1/stores/{store}/desk/disputes"),
    Route::lead("POST /v1/stores/{store}/desk/disputes/{seller_id}/{dispute_id}/decision"),
];

/// Open disputes of one answer: deciding them brings the next.
const OPEN: usize = 100;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "GET /v1/stores/{store}/desk/disputes" => open(shell, request, store).await,
        "POST /v1/stores/{store}/desk/disputes/{seller_id}/{dispute_id}/decision" => {
            decide(shell, request, store).await
        }
        _ => unrouted(request),
    }
}

/// Those of the store that wait for a lead, oldest first.
async fn open(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    request.associate(&store.id)?;
    let range = IndexRange {
        table: Table::Ledger,
        index: "disputes",
        hash: ("dispute_key", store.id.as_str()),
        until: None,
        newest_first: false,
    };
    let page = shell.store.full_page::<Dispute>(&range, None, OPEN, |_| true).await?;
    Answer::ok(&wire::waiting(&page.rows))
}

/// FEE-11: a lead accepts or denies; what is accepted goes into the ledger of the running quarter.
async fn decide(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let lead = request.lead(&store.id)?;
    let (seller, dispute): (SellerId, DisputeId) = (request.path("seller_id")?, request.path("dispute_id")?);
    let decision = wire::decision(&request.body)?;
    let at = request.at(Actor::Associate(lead.clone()))?;
    request
        .write(shell, async || {
            let seen = shell.store.get::<Dispute>(&Key::dispute(&store.id, &seller, &dispute)).await?;
            let seen = seen.ok_or_else(|| Failure::from(Refusal::unseen("dispute")))?;
            let outcome = match &decision {
                wire::Deciding::Accept => seen.state.accept(&lead, &at)?,
                wire::Deciding::Deny { reason } => seen.state.deny(&lead, reason.clone(), &at)?,
            };
            let next = outcome.after(&seen.state, Dispute::apply);
            let answer = Answer::ok(&DisputeView::of(&next))?;
            let commit = Commit::new(request.fact()?, at.clone()).answering(&answer).dispute(Some(&seen), outcome)?;
            commit.with_entry(shell, store, &seller, next.reversal()).await
        })
        .await
}
