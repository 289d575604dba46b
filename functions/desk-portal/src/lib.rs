//! The pages of associates and leads: the queue, an inquiry with every act on the same page, what runs out of time, what
//! each associate can do, what is parked, which mails led to nothing, claims and disputes. Each page asks the functions
//! that answer the same over the API; each form does what a request does, once, and shows the same page again with what was
//! entered where it did not happen.
//!
//! Who visits is asked for the scope `desk`; what is a lead's is for anybody else as absent, and so are the links to
//! it.
//!
//! Calls: a page is two round trips: one `GetItem` (the session), then what its function costs. Of an inquiry the first
//! reads its events, answers and notes too, and the macros that fit it cost nothing more. A form that did not do what it says
//! costs its page besides.

mod acts;
mod case;
mod claims;
mod conversation;
mod disputes;
mod files;
mod help;
mod inquiry;
mod lead;
mod mails;
mod parked;
mod parts;
mod queue;
mod words;

use domain::store::Store;
use pages::visit::{Door, Visit, keeping_language};
use shell::{Shell, access::Route, failure::Failure, http::Request, page::Page};

/// The routes, as the template has them. The gateway asks none of them for a token: who visits is in a cookie.
pub const ROUTES: [Route; 29] = [
    Route::public("GET /stores/{store}/desk/queue"),
    Route::public("POST /stores/{store}/desk/next"),
    Route::public("GET /stores/{store}/desk/find"),
    Route::public("GET /stores/{store}/desk/help"),
    Route::public(inquiry::ROUTE),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/claim"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/release"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/answer"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/requests"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/decision"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/notes"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/topic"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/merge"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/hand-over"),
    Route::public("POST /stores/{store}/desk/inquiries/{inquiry_id}/reassign"),
    Route::public("GET /stores/{store}/desk/requests/{seller_id}/{request_id}/attachments/{attachment_id}"),
    Route::public("GET /stores/{store}/desk/inquiries/{inquiry_id}/contacts/{contact_id}/files/{number}"),
    Route::public("GET /stores/{store}/desk/escalations"),
    Route::public("GET /stores/{store}/desk/associates"),
    Route::public("POST /stores/{store}/desk/associates"),
    Route::public("GET /stores/{store}/desk/mails"),
    Route::public("GET /stores/{store}/desk/parked"),
    Route::public("POST /stores/{store}/desk/parked/{parked_id}/redrive"),
    Route::public("GET /stores/{store}/desk/claims"),
    Route::public("GET /stores/{store}/desk/claims/{seller_id}/{claim_id}"),
    Route::public("POST /stores/{store}/desk/claims/{seller_id}/{claim_id}/question"),
    Route::public("POST /stores/{store}/desk/claims/{seller_id}/{claim_id}/decision"),
    Route::public("GET /stores/{store}/desk/disputes"),
    Route::public("POST /stores/{store}/desk/disputes/{seller_id}/{dispute_id}/decision"),
];

/// One request of a browser.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let page = match Visit::begin(shell, request, "desk", ahead).await? {
        Door::SignIn(page) => page,
        Door::Open(mut visit) => show(&mut visit).await?,
    };
    Ok(keeping_language(request, page))
}

/// Reads what a page begins with, before it is known who visits.
async fn ahead(shell: &Shell, request: &Request, store: &Store) -> Result<(), Failure> {
    match request.route.as_str() {
        inquiry::ROUTE => desk_api::ahead(shell, request, store).await,
        _ => Ok(()),
    }
}

async fn show(visit: &mut Visit<'_>) -> Result<Page, Failure> {
    let Some(path) =
        visit.request.route.split_once("/stores/{store}/desk/").map(|(method, path)| (method.trim(), path))
    else {
        return unknown(visit);
    };
    match path {
        ("GET", "queue") => queue::show(visit).await,
        ("POST", "next") => visit.post(queue::next, queue::show).await,
        ("GET", "find") => queue::find(visit).await,
        ("GET", "help") => help::show(visit),
        ("GET", "requests/{seller_id}/{request_id}/attachments/{attachment_id}") => files::of_seller(visit).await,
        ("GET", "inquiries/{inquiry_id}/contacts/{contact_id}/files/{number}") => files::of_customer(visit).await,
        ("GET", "escalations") => lead::escalations(visit).await,
        ("GET", "associates") => lead::associates(visit).await,
        ("POST", "associates") => visit.post(lead::set, lead::associates).await,
        ("GET", "mails") => mails::list(visit).await,
        ("GET", "parked") => parked::list(visit).await,
        ("POST", "parked/{parked_id}/redrive") => visit.post(parked::redrive, parked::list).await,
        ("GET", "claims") => claims::list(visit).await,
        ("GET", "claims/{seller_id}/{claim_id}") => claims::show(visit).await,
        ("POST", "claims/{seller_id}/{claim_id}/question") => visit.post(claims::ask, claims::show).await,
        ("POST", "claims/{seller_id}/{claim_id}/decision") => visit.post(claims::decide, claims::show).await,
        ("GET", "disputes") => disputes::list(visit).await,
        ("POST", "disputes/{seller_id}/{dispute_id}/decision") => visit.post(disputes::decide, disputes::list).await,
        ("GET", "inquiries/{inquiry_id}") => inquiry::show(visit).await,
        ("POST", "inquiries/{inquiry_id}/claim") => visit.post(acts::claim, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/release") => visit.post(acts::release, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/answer") => visit.post(acts::answer, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/requests") => visit.post(acts::ask, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/decision") => visit.post(acts::decide, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/notes") => visit.post(acts::note, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/topic") => visit.post(acts::topic, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/merge") => visit.post(acts::merge, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/hand-over") => visit.post(acts::hand_over, inquiry::show).await,
        ("POST", "inquiries/{inquiry_id}/reassign") => visit.post(acts::reassign, inquiry::show).await,
        _ => unknown(visit),
    }
}

fn unknown(visit: &Visit<'_>) -> Result<Page, Failure> {
    Err(Failure::Fault(format!("no page for {}", visit.request.route)))
}
