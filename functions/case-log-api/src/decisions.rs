//! What the service decided for the seller's customers, and how the seller gets its money back (JDG-2). Decisions without
//! a request stand here too.

use domain::{
    at::{Actor, At},
    decision::DecisionRecord,
    id::{DecisionId, SellerId},
    outcome::Refusal,
    remedy::{Remedies, ReturnMethod, Way},
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    cursor::Listed,
    failure::Failure,
    fields::Fields,
    http::Request,
    key::{Key, Table, seller_key},
    store::IndexRange,
};

/// Decisions of one answer.
const PAGE: usize = 25;
const LONGEST_PLACE: usize = 500;

#[derive(Debug, Serialize)]
struct PageView {
    decisions: Vec<DecisionRecord>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// Every decision, newest first.
pub async fn list(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let owner = seller_key(&store.id, seller);
    let hash = ("decision_key", owner.as_str());
    let range = IndexRange { table: Table::Requests, index: "decisions", hash, until: None, newest_first: true };
    let listed = Listed { pk: &owner, hash, range: "decided_at" };
    let page = shell.store.full_page(&range, listed.asked(request)?, PAGE, |_| true).await?;
    let decisions = page.rows.into_iter().map(DecisionRecord::for_seller).collect();
    Answer::ok(&PageView { decisions, next_cursor: page.next.map(|last| listed.after(&last)) })
}

/// One of them.
pub async fn show(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    Answer::ok(&load(shell, request, store, seller).await?.for_seller())
}

async fn load(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<DecisionRecord, Failure> {
    let id: DecisionId = request.path("decision_id")?;
    let seen = shell.store.get::<DecisionRecord>(&Key::decision(&store.id, seller, &id)).await?;
    Ok(seen.ok_or_else(|| Refusal::unseen("decision"))?.state)
}

/// RET-4: a seller abroad names how the goods come back.
pub async fn name_way(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let fields = Fields::parse(&request.body)?;
    let (method, place) = (fields.one_of::<ReturnMethod>("method"), fields.text_if_given("place", LONGEST_PLACE));
    if place.is_none() && method.is_some_and(|method| method != ReturnMethod::RefundWithoutReturn) {
        fields.wrong("place", "is missing: where the goods go, or where the label is");
    }
    let (method, place) = fields.build(|| Some((method?, place)))?;
    let at: At = request.at(Actor::Seller(request.user()))?;
    request
        .write(shell, async || {
            let record = load(shell, request, store, seller).await?;
            let way = Way { decision: record.id.clone(), method, place: place.clone(), at: at.now };
            let seen = shell.store.get::<Remedies>(&Key::remedies(&store.id, seller, &record.order)).await?;
            let none = Remedies::none(store.id.clone(), seller.clone(), record.order.clone());
            let outcome = seen.as_ref().map_or(&none, |seen| &seen.state).name_way(way.clone())?;
            let answer = Answer::ok(&way)?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).remedies(seen.as_ref(), outcome)
        })
        .await
}
