//! Disputes of final statements: a seller files them and sees what became of them. Who decides is the desk's lead.
//!
//! Calls: filing is one `BatchGetItem` (statement, thing, and whether it is disputed) and one transaction, with one
//! `GetItem` more for a unit that shipped in an earlier quarter; a refusal is one `GetItem` more (was this very request
//! answered before); a list is one query (a page more per megabyte).

mod wire;

use domain::{
    access::{Feature, Level},
    at::Actor,
    dispute::{Dispute, OnStatement},
    id::{DisputeId, SellerId},
    ledger::{Disputed, Entry, QuarterHead, Row, Thing, UnitEntry},
    outcome::Refusal,
    quarter::Quarter,
    statement::charge,
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    cursor,
    failure::Failure,
    http::{Request, unrouted},
    key::{Key, Table},
    view::DisputeView,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [
    Route::seller("POST /v1/stores/{store}/statements/{quarter}/disputes", Feature::Statements, Level::Edit),
    Route::seller("GET /v1/stores/{store}/disputes", Feature::Statements, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "POST /v1/stores/{store}/statements/{quarter}/disputes" => file(shell, request, store).await,
        "GET /v1/stores/{store}/disputes" => list(shell, request, store).await,
        _ => unrouted(request),
    }
}

/// FEE-11: the seller disputes a unit or a contact of a final statement.
async fn file(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let seller = request.seller()?;
    let quarter: Quarter = request.path("quarter")?;
    let filing = wire::filing(&request.body)?;
    let at = request.at(Actor::Seller(request.user()))?;
    request
        .write(shell, async || {
            let (known, on) = on_statement(shell, store, &seller, quarter, &filing.thing).await?;
            let outcome = Dispute::file(known.as_ref(), on, filing.reason.clone(), store, &at)?;
            let next = outcome.events.iter().fold(None, Dispute::apply);
            let next = next.ok_or_else(|| Failure::Fault("nothing was filed".into()))?;
            let answer = Answer::new(201, &DisputeView::of(&next))?.for_seller();
            Commit::new(request.fact()?, at.clone()).answering(&answer).dispute(None, outcome)
        })
        .await
}

/// What the statement says of a thing, and the dispute of it that is known.
async fn on_statement(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    quarter: Quarter,
    thing: &Thing,
) -> Result<(Option<Dispute>, OnStatement), Failure> {
    let head_key = Key::quarter(&store.id, seller, quarter);
    let known_key = Key::dispute(&store.id, seller, &Dispute::id_of(&store.id, seller, thing));
    let in_time = Key::thing(&store.id, seller, quarter, false, thing);
    let late = Key::thing(&store.id, seller, quarter, true, thing);
    let keys = [head_key, known_key, in_time, late];
    let found = shell.store.get_all(&keys).await?;
    let [head_key, known_key, in_time, late] = &keys;
    let head = found.state::<QuarterHead>(head_key)?.ok_or_else(|| Failure::from(Refusal::unseen("statement")))?.state;
    let row = match found.state::<Row>(in_time)? {
        Some(row) => Some(row),
        None => found.state::<Row>(late)?,
    };
    let row = row.ok_or_else(|| Failure::from(Refusal::unseen("unit or contact")))?.state;
    let disputed = match row.entry {
        Entry::Unit(unit) => charged(shell, store, seller, &head, unit).await?,
        Entry::Contact(contact) => Disputed::Contact(contact),
        Entry::Package(_) | Entry::Reversal(_) | Entry::Reimbursement(_) => {
            return Err(Failure::Fault(format!("{thing} is something else")));
        }
    };
    let known = found.state::<Dispute>(known_key)?.map(|seen| seen.state);
    Ok((known, OnStatement { seller: seller.clone(), quarter, closed: head.closed, disputed }))
}

/// What a unit was charged on the statement of this quarter: by the rate of the quarter in which it shipped.
async fn charged(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    head: &QuarterHead,
    unit: UnitEntry,
) -> Result<Disputed, Failure> {
    let rate_of = store.quarter_of(unit.shipped_at);
    let measure = if rate_of == head.quarter {
        head.measure
    } else {
        let earlier = shell.store.get::<QuarterHead>(&Key::quarter(&store.id, seller, rate_of)).await?;
        earlier.map(|seen| seen.state.measure).unwrap_or_default()
    };
    let (_, rate, _) = charge(store, |_| Some(measure), &unit).map_err(|breach| Failure::Fault(breach.to_string()))?;
    Ok(Disputed::Unit { key: unit.key, shipment: unit.shipment, shipped_at: unit.shipped_at, rate })
}

/// The seller's own, in the order of their ids.
async fn list(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let seller = request.seller()?;
    let after = cursor::asked::<DisputeId>(request)?;
    let pk = Key::dispute(&store.id, &seller, &DisputeId::derived(&[])).pk;
    let all = shell.store.states::<Dispute>(Table::Ledger, &pk, "DISPUTE#").await?;
    Answer::ok(&wire::page(&all, after.as_ref())).map(Answer::for_seller)
}
