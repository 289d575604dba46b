//! A seller reads its statement of a quarter: its lines, and each line unfolded to the units behind it and the contacts with
//! the rule that counted each, and to what is paid back with its cause, as JSON or as CSV. Until it is final it is a draft,
//! folded from the ledger as it stands. And what the figures of the running quarter would come to if it ended now.
//!
//! Calls: a statement is one query of the quarter (a page more per megabyte), and one read more for each earlier quarter
//! whose units came late; so is each page of what stands behind it, since it is a part of the whole. A forecast is two
//! queries at one time (of the quarter, and of what the one before left to it).

mod unfold;
mod wire;

use domain::{
    access::{Feature, Level},
    ledger::QuarterHead,
    outcome::Refusal,
    quarter::Quarter,
    statement::Statement,
    store::Store,
};
use futures_util::future::try_join;
use shell::{
    Shell,
    access::Route,
    commit::Answer,
    csv::Column,
    failure::Failure,
    http::{Request, unrouted},
    ledger::{Due, account, counted, left_over, statement},
};
use unfold::{Page, contacts, reimbursements, units};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 5] = [
    Route::seller("GET /v1/stores/{store}/statements/{quarter}", Feature::Statements, Level::View),
    Route::seller("GET /v1/stores/{store}/statements/{quarter}/units", Feature::Statements, Level::View),
    Route::seller("GET /v1/stores/{store}/statements/{quarter}/contacts", Feature::Statements, Level::View),
    Route::seller("GET /v1/stores/{store}/statements/{quarter}/reimbursements", Feature::Statements, Level::View),
    Route::seller("GET /v1/stores/{store}/forecast", Feature::Insights, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "GET /v1/stores/{store}/statements/{quarter}" => {
            let (head, statement) = read(shell, request, store).await?;
            Answer::ok(&wire::view(store, &head, &statement))?.negotiated(request, "lines", &wire::LINES, None)
        }
        "GET /v1/stores/{store}/statements/{quarter}/units" => {
            let wanted = unfold::wanted(request)?;
            let (_, statement) = read(shell, request, store).await?;
            unfolded(request, "units", &unfold::UNITS, units(&statement, &wanted))
        }
        "GET /v1/stores/{store}/statements/{quarter}/contacts" => {
            let after = unfold::after(request)?;
            let (_, statement) = read(shell, request, store).await?;
            unfolded(request, "contacts", &unfold::CONTACTS, contacts(&statement, after.as_ref()))
        }
        "GET /v1/stores/{store}/statements/{quarter}/reimbursements" => {
            let after = unfold::after(request)?;
            let (_, statement) = read(shell, request, store).await?;
            let page = reimbursements(&statement, after.as_ref());
            unfolded(request, "reimbursements", &unfold::REIMBURSEMENTS, page)
        }
        "GET /v1/stores/{store}/forecast" => forecast(shell, request, store).await,
        _ => unrouted(request),
    }
}

/// FEE-10: the whole statement. A final one must still be what was closed, to the byte.
async fn read(shell: &Shell, request: &Request, store: &Store) -> Result<(QuarterHead, Statement), Failure> {
    let quarter: Quarter = request.path("quarter")?;
    let due = Due { store: store.id.clone(), seller: request.seller()?, quarter };
    let account = account(shell, &due).await?;
    let head = account.head.as_ref().ok_or_else(|| Failure::from(Refusal::unseen("statement")))?;
    let statement = statement(shell, store, &due, &account).await?;
    if head.state.closed.as_ref().is_some_and(|closed| closed.digest != statement.digest) {
        return Err(Failure::Fault(format!("the ledger of {} {quarter} no longer gives its statement", due.seller)));
    }
    Ok((head.state.clone(), statement))
}

fn unfolded(request: &Request, name: &str, columns: &[Column], page: Page) -> Result<Answer, Failure> {
    let body = serde_json::json!({ name: page.rows, "next_cursor": page.next });
    let next = page.next.map(|cursor| format!("{}cursor={cursor}", page.filter));
    Answer::ok(&body)?.negotiated(request, name, columns, next)
}

/// FEE-12: the rate if the quarter ended now, by the card that will then be in force.
async fn forecast(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let quarter = store.quarter_of(request.now);
    let due = Due { store: store.id.clone(), seller: request.seller()?, quarter };
    let (account, left_over) = try_join(account(shell, &due), left_over(shell, &due)).await?;
    let counted = counted(store, &due, &account, &left_over);
    Answer::ok(&wire::forecast(store, quarter, &counted, request.now))
}
