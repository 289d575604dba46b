//! What leads do at the desk: they see what runs out of time or has (INQ-3), give an inquiry to an associate (INQ-1), say
//! what each associate can do (RTE-7), send again what no delivery could mend, see which mails led to nothing, and what became
//! of webhooks.
//!
//! Calls: what runs out of time is one query of its index (a page more where 100 inquiries are over a megabyte); giving an
//! inquiry to somebody finds it by one query and one `GetItem` and is one transaction; the associates are one query of
//! their partition, and setting what one can do is one `GetItem` and one transaction; what is parked is one query of its
//! partition, and sending it again is one `GetItem` and one transaction; mails that led to nothing are one query; webhooks are
//! one query of their index, and trying one anew is one `GetItem` and one transaction; a refusal is one more `GetItem` (was
//! this very request answered before).

mod associates;
mod hooks;
mod mails;
mod parked;

use domain::{
    at::Actor,
    id::{AssociateId, InquiryId},
    inquiry::Inquiry,
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    desk::{self, InquiryView},
    failure::Failure,
    fields::Fields,
    http::{Request, unrouted},
    key::{Table, escalated_key},
    store::IndexRange,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 9] = [
    Route::lead("GET /v1/stores/{store}/desk/escalations"),
    Route::lead("POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/reassign"),
    Route::lead("GET /v1/stores/{store}/desk/associates"),
    Route::lead("POST /v1/stores/{store}/desk/associates/{associate_id}"),
    Route::lead("GET /v1/stores/{store}/desk/mails"),
    Route::lead("GET /v1/stores/{store}/desk/parked"),
    Route::lead("POST /v1/stores/{store}/desk/parked/{parked_id}/redrive"),
    Route::lead("GET /v1/stores/{store}/desk/hooks"),
    Route::lead("POST /v1/stores/{store}/desk/hooks/{hook_id}/redrive"),
];

/// Inquiries of one answer.
const MOST: usize = 100;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "GET /v1/stores/{store}/desk/escalations" => escalations(shell, request, store).await,
        "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/reassign" => reassign(shell, request, store).await,
        "GET /v1/stores/{store}/desk/associates" => associates::list(shell, store).await,
        "POST /v1/stores/{store}/desk/associates/{associate_id}" => associates::set(shell, request, store).await,
        "GET /v1/stores/{store}/desk/mails" => mails::list(shell, request, store).await,
        "GET /v1/stores/{store}/desk/parked" => parked::list(shell, request, store).await,
        "POST /v1/stores/{store}/desk/parked/{parked_id}/redrive" => parked::redrive(shell, request, store).await,
        "GET /v1/stores/{store}/desk/hooks" => hooks::list(shell, request, store).await,
        "POST /v1/stores/{store}/desk/hooks/{hook_id}/redrive" => hooks::redrive(shell, request, store).await,
        _ => unrouted(request),
    }
}

#[derive(Debug, Serialize)]
struct Escalations<'a> {
    inquiries: Vec<InquiryView<'a>>,
}

/// INQ-3: what is overdue or will be soon, the longest first.
async fn escalations(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let hash = escalated_key(&store.id);
    let range = IndexRange {
        table: Table::Inquiries,
        index: "escalated",
        hash: ("escalated_key", &hash),
        until: None,
        newest_first: false,
    };
    let page = shell.store.full_page::<Inquiry>(&range, None, MOST, |_| true).await?;
    Answer::ok(&Escalations {
        inquiries: page.rows.iter().map(|one| InquiryView::of(one, store, request.now)).collect(),
    })
}

fn to(body: &[u8]) -> Result<AssociateId, Failure> {
    let fields = Fields::parse(body)?;
    let to = fields.id("associate");
    fields.build(|| to)
}

/// INQ-1: an inquiry goes to an associate, whoever holds it.
async fn reassign(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let (id, to): (InquiryId, _) = (request.path("inquiry_id")?, to(&request.body)?);
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    request
        .write(shell, async || {
            let seen = desk::inquiry(shell, &store.id, &id).await?;
            let outcome = seen.state.reassign(&to, &at)?;
            let answer = desk::changed(&seen.state, &outcome, store, request.now)?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).inquiry(store, Some(&seen), outcome)
        })
        .await
}
