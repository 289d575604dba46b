//! The pages of sellers: where they stand, what the service asks of them and what it decided, who handles an order and
//! why, their figures, what a quarter costs and what they hold against it, what they claim back, their return policy,
//! and who acts for them and did what. Each page asks the function that answers the same over the API; each form does
//! what a request does, once, and shows the same page again with what is wrong where it did not happen.
//!
//! A page is there for whoever may have what it shows (ACC-2); for anybody else it is as absent, and so are the links
//! to it.
//!
//! Calls: a page is two round trips. The first is two reads (session and grants), and for the figures the four queries that
//! say which days are not added up yet and which products' pages left questions open; the second is what its functions cost,
//! all at one time, and nothing twice.

mod audit;
mod case_log;
mod claims;
mod decisions;
mod disputes;
mod home;
mod insights;
mod invitation;
mod mails;
mod orders;
mod parts;
mod return_policy;
mod statements;
mod transfers;
mod users;
mod words;

use askama::Template;
use domain::{id::SellerId, seller::Seller, store::Store};
use pages::{
    asset,
    frame::Frame,
    page, see,
    session::{self, Named},
    sign_in,
    visit::{Door, Visit, chosen_language, form, frame_for, keeping_language, signed_out, still_in},
    words::Language,
};
use shell::{Shell, access::Route, failure::Failure, http::Request, key::Key, page::Page};

/// The routes, as the template has them. The gateway asks none of them for a token: who visits is in a cookie.
pub const ROUTES: [Route; 46] = [
    Route::public("GET /"),
    Route::public("GET /static/{file}"),
    Route::public("GET /sign-in"),
    Route::public("GET /sign-in/done"),
    Route::public("POST /sign-out"),
    Route::public("GET /signed-out"),
    Route::public("GET /stores/{store}/enrollment"),
    Route::public("POST /stores/{store}/enrollment/opt-in"),
    Route::public("POST /stores/{store}/enrollment/opt-out"),
    Route::public("POST /stores/{store}/enrollment/terms"),
    Route::public("POST /stores/{store}/mail"),
    Route::public("GET /stores/{store}/case-log"),
    Route::public("GET /stores/{store}/case-log/{request_id}"),
    Route::public("POST /stores/{store}/case-log/{request_id}/reply"),
    Route::public("GET /stores/{store}/case-log/{request_id}/upload-link"),
    Route::public("GET /stores/{store}/case-log/{request_id}/attachments/{attachment_id}"),
    Route::public("GET /stores/{store}/orders"),
    Route::public("POST /stores/{store}/orders"),
    Route::public(insights::ROUTE),
    Route::public("GET /stores/{store}/insights/csv"),
    Route::public("GET /stores/{store}/statements/{quarter}"),
    Route::public("GET /stores/{store}/statements/{quarter}/csv"),
    Route::public("GET /stores/{store}/claims"),
    Route::public("GET /stores/{store}/claims/new"),
    Route::public("GET /stores/{store}/claims/{claim_id}"),
    Route::public("POST /stores/{store}/claims"),
    Route::public("POST /stores/{store}/claims/{claim_id}/answer"),
    Route::public("POST /stores/{store}/claims/{claim_id}/appeal"),
    Route::public("GET /stores/{store}/decisions"),
    Route::public("GET /stores/{store}/decisions/{decision_id}"),
    Route::public("POST /stores/{store}/decisions/{decision_id}/return-method"),
    Route::public("GET /stores/{store}/hand-overs"),
    Route::public("POST /stores/{store}/statements/{quarter}/disputes"),
    Route::public("GET /stores/{store}/disputes"),
    Route::public("GET /stores/{store}/audit"),
    Route::public("GET /stores/{store}/return-policy"),
    Route::public("POST /stores/{store}/return-policy"),
    Route::public("POST /stores/{store}/return-policy/submit"),
    Route::public("GET /invitations/{token}"),
    Route::public("POST /invitations/{token}"),
    Route::public("GET /stores/{store}/users"),
    Route::public("POST /stores/{store}/users/invitations"),
    Route::public("POST /stores/{store}/users/invitations/{invitation_id}/revoke"),
    Route::public("POST /stores/{store}/users/{user_id}/grants"),
    Route::public("POST /stores/{store}/users/{user_id}/remove"),
    Route::public("POST /stores/{store}/users/{user_id}/hand-over"),
];

/// One request of a browser.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let page = match request.route.as_str() {
        "GET /" => front(shell, request).await?,
        "GET /static/{file}" => asset::show(request)?,
        "GET /sign-in" => sign_in::begin(shell, request).await?,
        "GET /sign-in/done" => sign_in::finish(shell, request).await?,
        "POST /sign-out" => sign_out(shell, request).await?,
        "GET /signed-out" => is_signed_out(shell, request).await?,
        "GET /invitations/{token}" | "POST /invitations/{token}" => invitation::handle(shell, request).await?,
        _ => match Visit::begin(shell, request, "seller", ahead).await? {
            Door::SignIn(page) => page,
            Door::Open(mut visit) => show(&mut visit).await?,
        },
    };
    Ok(keeping_language(request, page))
}

/// Reads what a page begins with, before it is known who visits.
async fn ahead(shell: &Shell, request: &Request, store: &Store) -> Result<(), Failure> {
    match request.route.as_str() {
        insights::ROUTE => insights::ahead(shell, request, store).await,
        _ => Ok(()),
    }
}

async fn show(visit: &mut Visit<'_>) -> Result<Page, Failure> {
    match visit.request.route.as_str() {
        "GET /stores/{store}/enrollment" => home::show(visit).await,
        "POST /stores/{store}/enrollment/opt-in" => visit.post(home::opt_in, home::show).await,
        "POST /stores/{store}/enrollment/opt-out" => visit.post(home::opt_out, home::show).await,
        "POST /stores/{store}/enrollment/terms" => visit.post(home::accept_terms, home::show).await,
        "POST /stores/{store}/mail" => visit.post(mails::choose, home::show).await,
        "GET /stores/{store}/case-log" => case_log::list(visit).await,
        "GET /stores/{store}/case-log/{request_id}" => case_log::show(visit).await,
        "POST /stores/{store}/case-log/{request_id}/reply" => visit.post(case_log::reply, case_log::show).await,
        "GET /stores/{store}/case-log/{request_id}/upload-link" => case_log::upload_link(visit).await,
        "GET /stores/{store}/case-log/{request_id}/attachments/{attachment_id}" => case_log::file(visit).await,
        "GET /stores/{store}/orders" => orders::show(visit).await,
        "POST /stores/{store}/orders" => visit.post(transfers::hand_over, orders::show).await,
        insights::ROUTE => insights::show(visit).await,
        "GET /stores/{store}/insights/csv" => insights::download(visit).await,
        "GET /stores/{store}/statements/{quarter}" => statements::show(visit).await,
        "GET /stores/{store}/statements/{quarter}/csv" => statements::download(visit).await,
        "GET /stores/{store}/claims" => claims::list(visit).await,
        "GET /stores/{store}/claims/new" => claims::check(visit).await,
        "GET /stores/{store}/claims/{claim_id}" => claims::show(visit).await,
        "POST /stores/{store}/claims" => visit.post(claims::file, claims::check).await,
        "POST /stores/{store}/claims/{claim_id}/answer" => visit.post(claims::answer, claims::show).await,
        "POST /stores/{store}/claims/{claim_id}/appeal" => visit.post(claims::appeal, claims::show).await,
        "GET /stores/{store}/decisions" => decisions::list(visit).await,
        "GET /stores/{store}/decisions/{decision_id}" => decisions::show(visit).await,
        "POST /stores/{store}/decisions/{decision_id}/return-method" => {
            visit.post(decisions::name_way, decisions::show).await
        }
        "GET /stores/{store}/hand-overs" => decisions::handed_over(visit).await,
        "POST /stores/{store}/statements/{quarter}/disputes" => visit.post(disputes::file, statements::show).await,
        "GET /stores/{store}/disputes" => disputes::list(visit).await,
        "GET /stores/{store}/audit" => audit::list(visit).await,
        "GET /stores/{store}/return-policy" => return_policy::show(visit).await,
        "POST /stores/{store}/return-policy" => visit.post(return_policy::write, return_policy::show).await,
        "POST /stores/{store}/return-policy/submit" => visit.post(return_policy::submit, return_policy::show).await,
        "GET /stores/{store}/users" => users::show(visit).await,
        "POST /stores/{store}/users/invitations" => visit.post(users::invite, users::show).await,
        "POST /stores/{store}/users/invitations/{invitation_id}/revoke" => visit.post(users::revoke, users::show).await,
        "POST /stores/{store}/users/{user_id}/grants" => visit.post(users::grant, users::show).await,
        "POST /stores/{store}/users/{user_id}/remove" => visit.post(users::remove, users::show).await,
        "POST /stores/{store}/users/{user_id}/hand-over" => visit.post(users::hand_over, users::show).await,
        route => Err(Failure::Fault(format!("no page for {route}"))),
    }
}

/// Somebody who has signed in for a seller that no store knows.
#[derive(Template)]
#[template(path = "no_account.html")]
struct NoAccount<'a> {
    frame: Frame<'a>,
    w: &'static words::Words,
}

/// Whoever comes to the front door goes on to the desk, or to the home of the first store in which the seller has an
/// account. One `BatchGetItem` after that of the session, for a seller.
async fn front(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let Some(named) = session::read(shell, request).await? else { return Ok(see(&sign_in::place("/"))) };
    let at_the_desk = Some(&named.session).filter(|session| session.is_for("desk"));
    if let Some(store) = at_the_desk.and_then(|session| session.claim("stores").split_whitespace().next()) {
        return Ok(see(&format!("/stores/{store}/desk/queue")));
    }
    if let Ok(seller) = named.session.claim("seller_id").parse::<SellerId>() {
        let accounts: Vec<_> = shell.book.stores.keys().map(|store| (store, Key::seller(store, &seller))).collect();
        let keys: Vec<_> = accounts.iter().map(|(_, key)| key.clone()).collect();
        let found = shell.store.get_all(&keys).await?;
        for (store, account) in &accounts {
            if found.state::<Seller>(account)?.is_some() {
                return Ok(see(&format!("/stores/{store}/enrollment")));
            }
        }
    }
    no_account(request, &named)
}

fn no_account(request: &Request, named: &Named) -> Result<Page, Failure> {
    let language = chosen_language(request).unwrap_or(Language::En);
    let w = words::Words::of(language);
    page(200, &NoAccount { frame: frame_for(request, named, language, w.no_account), w })
}

/// Ends the session whose form was sent. A form of another one, as of a tab that stood open, ends nothing, and says so.
async fn sign_out(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let Some(named) = session::read(shell, request).await? else { return Ok(see("/signed-out")) };
    if !named.sent(request, form(request).get("form").map_or("", String::as_str)) {
        return still_in(request, &named, 403);
    }
    let mut page = see("/signed-out");
    page.cookies.push(session::end(shell, &named).await?);
    Ok(page)
}

/// Who comes here with a session is not signed out.
async fn is_signed_out(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    match session::read(shell, request).await? {
        Some(named) => still_in(request, &named, 200),
        None => Ok(signed_out(request, 200)),
    }
}
