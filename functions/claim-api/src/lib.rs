//! Claims for reimbursement: a seller sees whether a refund can be claimed back, files, answers what a lead asks, appeals
//! once, and sees how far each claim has come. Who decides is the desk's lead.
//!
//! Calls: eligibility is one `BatchGetItem` (order, remedies, claim); filing is the same and one transaction, which asks
//! that neither order nor remedies have moved; an answer is one `GetItem` and one transaction; an appeal two `GetItem` and
//! one transaction; a refusal is one `GetItem` more (was this very request answered before); one claim is one `GetItem`, a
//! list one query (a page more per megabyte).

mod wire;

use domain::{
    access::{Feature, Level},
    at::Actor,
    claim::{Claim, criteria::Recourse},
    id::{ClaimId, OrderId, SellerId},
    order::Order,
    outcome::{Outcome, Refusal},
    remedy::Remedies,
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
    store::Seen,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 6] = [
    Route::seller("GET /v1/stores/{store}/orders/{order_id}/claim-eligibility", Feature::Claims, Level::View),
    Route::seller("POST /v1/stores/{store}/claims", Feature::Claims, Level::Edit),
    Route::seller("GET /v1/stores/{store}/claims", Feature::Claims, Level::View),
    Route::seller("GET /v1/stores/{store}/claims/{claim_id}", Feature::Claims, Level::View),
    Route::seller("POST /v1/stores/{store}/claims/{claim_id}/answer", Feature::Claims, Level::Edit),
    Route::seller("POST /v1/stores/{store}/claims/{claim_id}/appeal", Feature::Claims, Level::Edit),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let claims = Claims { shell, request, store: request.store(&shell.book)?, seller: request.seller()? };
    match request.route.as_str() {
        "GET /v1/stores/{store}/orders/{order_id}/claim-eligibility" => claims.eligibility().await,
        "POST /v1/stores/{store}/claims" => claims.file().await,
        "GET /v1/stores/{store}/claims" => claims.list().await,
        "GET /v1/stores/{store}/claims/{claim_id}" => claims.one().await,
        "POST /v1/stores/{store}/claims/{claim_id}/answer" => claims.answer().await,
        "POST /v1/stores/{store}/claims/{claim_id}/appeal" => claims.appeal().await,
        _ => unrouted(request),
    }
}

/// A seller's request about its claims.
struct Claims<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    seller: SellerId,
}

/// What is known of a seller's part of an order.
struct Part {
    order: Seen<Order>,
    remedies: Option<Seen<Remedies>>,
    claim: Option<Seen<Claim>>,
}

impl Claims<'_> {
    /// CLM-3: each criterion with its fact, and each deadline.
    async fn eligibility(&self) -> Result<Answer, Failure> {
        let part = self.part(&self.request.path("order_id")?).await?;
        let recourse = self.recourse(&part);
        Answer::ok(&wire::eligibility(&recourse, self.store, self.request.now))
    }

    /// CLM-1: the seller files. What was looked at must not have moved meanwhile: a contest that comes beside it finds the
    /// claim, or the claim finds the contest.
    async fn file(&self) -> Result<Answer, Failure> {
        let filing = wire::filing(&self.request.body)?;
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let part = self.part(&filing.order).await?;
                let (recourse, user) = (self.recourse(&part), self.request.user());
                let outcome = Claim::file(&recourse, filing.evidence.clone(), user, self.store, &at)?;
                let next = outcome.events.iter().fold(None, Claim::apply);
                let next = next.ok_or_else(|| Failure::Fault("nothing was filed".into()))?;
                let answer = Answer::new(201, &wire::view(&next, self.store, at.now))?.for_seller();
                let order_key = Key::order(&self.store.id, &filing.order);
                let remedies_key = Key::remedies(&self.store.id, &self.seller, &filing.order);
                Ok(Commit::new(self.request.fact()?, at.clone())
                    .answering(&answer)
                    .claim(None, outcome)?
                    .unchanged_since(order_key, Some(part.order.version))
                    .unchanged_since(remedies_key, part.remedies.map(|seen| seen.version)))
            })
            .await
    }

    /// CLM-3: the seller answers what a lead asked.
    async fn answer(&self) -> Result<Answer, Failure> {
        let (id, said) = (self.request.path("claim_id")?, wire::answer(&self.request.body)?);
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let seen = self.claim(&id).await?;
                let user = self.request.user();
                let outcome = seen.state.answer(said.text.clone(), said.tracking.clone(), user, &at)?;
                self.moved(&seen, outcome, at.clone())
            })
            .await
    }

    /// CLM-3: the one appeal.
    async fn appeal(&self) -> Result<Answer, Failure> {
        let (id, text) = (self.request.path("claim_id")?, wire::appeal(&self.request.body)?);
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let seen = self.claim(&id).await?;
                let order_key = Key::order(&self.store.id, &seen.state.order);
                let order = self.shell.store.get::<Order>(&order_key).await?;
                let order = order.ok_or_else(|| Failure::Fault(format!("order {} is gone", seen.state.order)))?;
                let contested = order.state.contest_of(&self.seller).is_some();
                let outcome = seen.state.appeal(text.clone(), self.request.user(), contested, self.store, &at)?;
                Ok(self.moved(&seen, outcome, at.clone())?.unchanged_since(order_key, Some(order.version)))
            })
            .await
    }

    fn moved(
        &self,
        seen: &Seen<Claim>,
        outcome: Outcome<domain::claim::ClaimEvent>,
        at: domain::at::At,
    ) -> Result<Commit, Failure> {
        let next = outcome.after(&seen.state, Claim::apply);
        let answer = Answer::ok(&wire::view(&next, self.store, at.now))?.for_seller();
        Commit::new(self.request.fact()?, at).answering(&answer).claim(Some(seen), outcome)
    }

    async fn one(&self) -> Result<Answer, Failure> {
        let seen = self.claim(&self.request.path("claim_id")?).await?;
        Answer::ok(&wire::view(&seen.state, self.store, self.request.now)).map(Answer::for_seller)
    }

    /// The seller's own, in the order of their ids.
    async fn list(&self) -> Result<Answer, Failure> {
        let after = cursor::asked::<ClaimId>(self.request)?;
        let pk = Key::claim(&self.store.id, &self.seller, &ClaimId::derived(&[])).pk;
        let all = self.shell.store.states::<Claim>(Table::Ledger, &pk, "CLAIM#").await?;
        Answer::ok(&wire::page(&all, after.as_ref(), self.store, self.request.now)).map(Answer::for_seller)
    }

    async fn claim(&self, id: &ClaimId) -> Result<Seen<Claim>, Failure> {
        let seen = self.shell.store.get(&Key::claim(&self.store.id, &self.seller, id)).await?;
        seen.ok_or_else(|| Refusal::unseen("claim").into())
    }

    /// What is known of this seller's part of an order; an order in which it sells nothing is as absent.
    async fn part(&self, id: &OrderId) -> Result<Part, Failure> {
        let (store, seller) = (&self.store.id, &self.seller);
        let order_key = Key::order(store, id);
        let remedies_key = Key::remedies(store, seller, id);
        let claim_key = Key::claim(store, seller, &Claim::id_of(store, seller, id));
        let found = self.shell.store.get_all(&[order_key.clone(), remedies_key.clone(), claim_key.clone()]).await?;
        let order = found.state::<Order>(&order_key)?;
        let order = order.filter(|seen| seen.state.lines_of(seller).next().is_some());
        Ok(Part {
            order: order.ok_or_else(|| Failure::from(Refusal::unseen("order")))?,
            remedies: found.state(&remedies_key)?,
            claim: found.state(&claim_key)?,
        })
    }

    fn recourse<'a>(&'a self, part: &'a Part) -> Recourse<'a> {
        let remedies = part.remedies.as_ref().map(|seen| &seen.state);
        Recourse::of(&self.seller, &part.order.state, remedies, part.claim.as_ref().map(|seen| &seen.state))
    }
}
