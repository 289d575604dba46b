//! A seller reads its statement of a quarter: its lines, and each line unfolded to the units behind it and the contacts with
//! the rule that counted each, and to what is paid back with its cause, as JSON or as CSV. Until it is final it is a draft,
//! folded from the ledger as it stands. And what the figures of the running quarter would come to if it ended now.
//!
//! Calls: a final statement is one `BatchGetItem`. A draft is one query of the quarter (a page more per megabyte), and one read
//! more for each earlier quarter whose units came late; so is each page of what stands behind any statement, since it is a
//! part of the whole. A forecast is two queries at one time (of the quarter, and of what the one before left to it).

mod unfold;
mod wire;

use domain::{
    access::{Feature, Level},
    ledger::{Closed, QuarterHead, closed_at},
    outcome::Refusal,
    statement::{Listed, Statement},
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
    key::Key,
    ledger::{Due, FinalStatement, Folded, account, counted, left_over, statement},
};
use unfold::{Contacts, Page, PaidBack, Units};

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
            let mut units = Units::wanted(request)?;
            folded(shell, store, &asked(request, store)?, |listed| units.take(listed)).await?;
            unfolded(request, "units", &unfold::UNITS, units.page())
        }
        "GET /v1/stores/{store}/statements/{quarter}/contacts" => {
            let mut contacts = Contacts::wanted(request)?;
            folded(shell, store, &asked(request, store)?, |listed| contacts.take(listed)).await?;
            unfolded(request, "contacts", &unfold::CONTACTS, contacts.page())
        }
        "GET /v1/stores/{store}/statements/{quarter}/reimbursements" => {
            let mut paid_back = PaidBack::wanted(request)?;
            folded(shell, store, &asked(request, store)?, |listed| paid_back.take(listed)).await?;
            unfolded(request, "reimbursements", &unfold::REIMBURSEMENTS, paid_back.page())
        }
        "GET /v1/stores/{store}/forecast" => forecast(shell, request, store).await,
        _ => unrouted(request),
    }
}

/// Of which quarter the statement is asked for.
fn asked(request: &Request, store: &Store) -> Result<Due, Failure> {
    Ok(Due { store: store.id.clone(), seller: request.seller()?, quarter: request.path("quarter")? })
}

/// FEE-10: the statement: a final one as it was closed, a draft as the ledger has it now.
async fn read(shell: &Shell, request: &Request, store: &Store) -> Result<(QuarterHead, Statement), Failure> {
    let due = asked(request, store)?;
    if closed_at(due.quarter, store.zone) <= request.now {
        let head = Key::quarter(&due.store, &due.seller, due.quarter);
        let kept = Key::statement(&due.store, &due.seller, due.quarter);
        let found = shell.store.get_all(&[head.clone(), kept.clone()]).await?;
        let head = found.state::<QuarterHead>(&head)?.ok_or_else(unseen)?.state;
        if let Some(whole) = found.state::<FinalStatement>(&kept)?.and_then(|kept| kept.state.whole) {
            sealed(&due, &head, &whole.recompute_digest().map_err(|breach| Failure::Fault(breach.to_string()))?)?;
            return Ok((head, whole));
        }
    }
    folded(shell, store, &due, drop).await
}

/// The statement out of the ledger, with each thing on it handed to `list`.
async fn folded(
    shell: &Shell,
    store: &Store,
    due: &Due,
    list: impl FnMut(Listed),
) -> Result<(QuarterHead, Statement), Failure> {
    let account = account(shell, due).await?;
    let Folded { head, statement } = statement(shell, store, due, account, list).await?;
    let head = head.ok_or_else(unseen)?.state;
    sealed(due, &head, &statement.digest)?;
    Ok((head, statement))
}

fn unseen() -> Failure {
    Refusal::unseen("statement").into()
}

/// A final statement must still be what was closed, to the byte.
fn sealed(due: &Due, head: &QuarterHead, digest: &str) -> Result<(), Failure> {
    let seal = head.closed.as_ref().and_then(Closed::seal);
    if seal.is_some_and(|seal| seal != digest) {
        let Due { seller, quarter, .. } = due;
        return Err(Failure::Fault(format!("the statement of {seller} {quarter} is not the one that was closed")));
    }
    Ok(())
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
    let counted = counted(shell, store, &due, account, &left_over).await?;
    Answer::ok(&wire::forecast(store, quarter, &counted, request.now))
}
