//! A seller reads its statement of a quarter: lines, the units behind each, and the contacts with the rule that counted
//! each. Until it is final it is a draft, folded from the ledger as it stands. And what the figures of the running quarter
//! would come to if it ended now.
//!
//! Calls: a statement is one query of the quarter (a page more per megabyte), and one read more for each earlier quarter
//! whose units came late; a forecast is two queries (of the quarter, and of what the one before left to it).

mod wire;

use domain::quarter::Quarter;
use shell::{
    Shell,
    commit::Answer,
    failure::Failure,
    http::{Request, unrouted},
    ledger::{Due, account, counted, statement},
};

/// The routes, as the template has them.
pub const ROUTES: [&str; 2] = ["GET /v1/stores/{store}/statements/{quarter}", "GET /v1/stores/{store}/forecast"];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    match request.route.as_str() {
        "GET /v1/stores/{store}/statements/{quarter}" => read(shell, request).await,
        "GET /v1/stores/{store}/forecast" => forecast(shell, request).await,
        _ => unrouted(request),
    }
}

async fn read(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    let quarter: Quarter = request.path("quarter")?;
    let due = Due { store: store.id.clone(), seller: request.seller()?, quarter };
    let account = account(shell, &due).await?;
    let Some(head) = account.head.as_ref() else {
        return Err(domain::outcome::Refusal::unseen("statement").into());
    };
    let statement = statement(shell, store, &due, &account).await?;
    if head.state.closed.as_ref().is_some_and(|closed| closed.digest != statement.digest) {
        return Err(Failure::Fault(format!("the ledger of {} {quarter} no longer gives its statement", due.seller)));
    }
    Answer::ok(&wire::view(store, &head.state, &statement))
}

/// FEE-12: the rate if the quarter ended now, by the card that will then be in force.
async fn forecast(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    let quarter = store.quarter_of(request.now);
    let due = Due { store: store.id.clone(), seller: request.seller()?, quarter };
    let account = account(shell, &due).await?;
    let counted = counted(shell, store, &due, &account).await?;
    Answer::ok(&wire::forecast(store, quarter, &counted, request.now))
}
