//! A seller's enrollment: status and history, opting in and out, what either would mean, terms; and who handles one of its
//! orders, and why.
//!
//! Calls: a read is one `GetItem`. A preview is at one time one `GetItem`, one query of the index of live inquiries, and two of
//! the ledger for the forecast (the running quarter, and what the one before left to it); a page more per megabyte of each.
//! A change is one `GetItem` and one transaction, also where it changes nothing; a refusal is two `GetItem`s (the second
//! looks whether this very request was answered before).

mod wire;

use domain::{
    access::{Feature, Level},
    at::Actor,
    id::{OrderId, SellerId},
    order::Order,
    outcome::{Outcome, Refusal},
    seller::{Seller, SellerEvent},
    store::Store,
};
use futures_util::future::try_join4;
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    cursor,
    failure::Failure,
    fields::Fields,
    http::{Request, unrouted},
    key::{Key, Table, seller_key},
    ledger::{Due, account, counted, left_over},
    record::OpenInquiry,
    store::{IndexRange, Seen},
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 6] = [
    Route::seller("GET /v1/stores/{store}/enrollment", Feature::Home, Level::View),
    Route::seller("POST /v1/stores/{store}/enrollment/opt-in", Feature::Home, Level::Edit),
    Route::seller("POST /v1/stores/{store}/enrollment/opt-out", Feature::Home, Level::Edit),
    Route::seller("POST /v1/stores/{store}/enrollment/terms", Feature::Home, Level::Edit),
    Route::seller("GET /v1/stores/{store}/orders/{order_id}", Feature::Home, Level::View),
    Route::seller("GET /v1/stores/{store}/enrollment/preview", Feature::Home, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    match request.route.as_str() {
        "GET /v1/stores/{store}/enrollment" => {
            let seen = load(shell, store, &seller).await?;
            Answer::ok(&wire::enrollment(&seen.state, store, request.now))
        }
        "GET /v1/stores/{store}/enrollment/preview" => preview(shell, request, store, &seller).await,
        "POST /v1/stores/{store}/enrollment/opt-in" => opt_in(shell, request, store, &seller).await,
        "POST /v1/stores/{store}/enrollment/opt-out" => {
            let at = request.at(Actor::Seller(request.user()))?;
            change(shell, request, store, &seller, |now| Ok(now.opt_out(store, &at))).await
        }
        "POST /v1/stores/{store}/enrollment/terms" => accept_terms(shell, request, store, &seller).await,
        "GET /v1/stores/{store}/orders/{order_id}" => order(shell, request, store, &seller).await,
        _ => unrouted(request),
    }
}

/// ENR-9: what opting in or out now would mean. Inquiries that are open stay with the service either way: their orders
/// are covered for ever.
async fn preview(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let cursor = cursor::asked::<String>(request)?;
    let quarter = store.quarter_of(request.now);
    let due = Due { store: store.id.clone(), seller: seller.clone(), quarter };
    let open = open_inquiries(shell, store, seller);
    let (account, left_over) = (account(shell, &due), left_over(shell, &due));
    let read = try_join4(load(shell, store, seller), open, account, left_over);
    let (seen, open, account, left_over) = Box::pin(read).await?;
    let counted = counted(shell, store, &due, account, &left_over).await?;
    let rate = store.rate_at(quarter.next().start(store.zone), &counted);
    let page = wire::open_page(&open, cursor.as_deref());
    Answer::ok(&wire::preview(seen.state.preview(store, request.now), page, quarter.next(), rate))
}

/// Every live inquiry of the seller, oldest first, by the keys that the index holds.
async fn open_inquiries(shell: &Shell, store: &Store, seller: &SellerId) -> Result<Vec<OpenInquiry>, Failure> {
    let owner = seller_key(&store.id, seller);
    let range = IndexRange {
        table: Table::Inquiries,
        index: "seller",
        hash: ("seller_key", &owner),
        until: None,
        newest_first: false,
    };
    let mut open = Vec::new();
    shell.store.each_key(&range, |item| OpenInquiry::read(item).map(|inquiry| open.push(inquiry))).await?;
    Ok(open)
}

async fn opt_in(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let fields = Fields::parse(&request.body)?;
    let version = fields.text_if_given("terms_version", 64);
    let version = fields.build(|| Some(version))?;
    let at = request.at(Actor::Seller(request.user()))?;
    change(shell, request, store, seller, |now| now.opt_in(store, version.as_deref(), &at)).await
}

async fn accept_terms(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let fields = Fields::parse(&request.body)?;
    let version = fields.text("terms_version", 64);
    let version = fields.build(|| version)?;
    let at = request.at(Actor::Seller(request.user()))?;
    change(shell, request, store, seller, |now| now.accept_terms(store, &version, &at)).await
}

/// ENR-8: a change is decided on the account as it is, and written with who, when and why.
async fn change(
    shell: &Shell,
    request: &Request,
    store: &Store,
    seller: &SellerId,
    decide: impl Fn(&Seller) -> Result<Outcome<SellerEvent>, Refusal>,
) -> Result<Answer, Failure> {
    request
        .write(shell, async || {
            let seen = load(shell, store, seller).await?;
            let outcome = decide(&seen.state)?;
            let next = outcome.after(&seen.state, Seller::apply);
            let answer = Answer::ok(&wire::enrollment(&next, store, request.now))?;
            let at = request.at(Actor::Seller(request.user()))?;
            let commit = Commit::new(request.fact()?, at).answering(&answer).seller(Some(&seen), outcome)?;
            let first = seen.state.periods.is_empty() && !next.periods.is_empty();
            if first { commit.first_quarter(store, seller, request.now) } else { Ok(commit) }
        })
        .await
}

/// COV-4: who handles an order, in one word, and why. Other sellers' lines of the same order are not shown.
async fn order(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let id: OrderId = request.path("order_id")?;
    let found = shell.store.get::<Order>(&Key::order(&store.id, &id)).await?;
    let order = found.filter(|seen| seen.state.lines_of(seller).next().is_some());
    let order = order.ok_or_else(|| Failure::from(Refusal::unseen("order")))?;
    Answer::ok(&wire::order(&order.state, seller, store))
}

async fn load(shell: &Shell, store: &Store, seller: &SellerId) -> Result<Seen<Seller>, Failure> {
    let seen = shell.store.get(&Key::seller(&store.id, seller)).await?;
    seen.ok_or_else(|| Refusal::unseen("seller account").into())
}
