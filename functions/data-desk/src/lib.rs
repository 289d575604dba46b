//! What a lead does when somebody asks for what is kept of it, or for its erasure. An export is asked for first, with its
//! reason, and read then, page by page; that it was asked for stays. An erasure is begun here and goes on by its clock
//! (`sla-clock`). What is erased without anybody's asking can be looked at before (`retention`).
//!
//! Calls: to ask is one `GetItem` where it is an erasure, and one transaction. How an erasure stands is one `GetItem`. A page
//! of a seller's export is two `GetItem`s (the export, the account) and one query, and one more for each partition that holds
//! nothing. A page of a customer's is one `GetItem`, one query of an index, one `BatchGetItem` (twenty orders, or of five
//! contacts where each went and its words), and for each contact two queries of its inquiry (events, what was said) or one
//! `GetItem` of what a seller wrote. A page of what will be erased by itself is up to sixteen queries of the index of clocks,
//! one for each shard, and for each of five matters what `shell::retention` says.

mod customer;
mod retention;
mod wire;

use domain::{
    at::{Actor, At},
    erasure::Erasure,
    export::{Export, Whose},
    id::{AssociateId, CustomerId, ExportId},
    outcome::Refusal,
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    export::{Eyes, Page, of_seller},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    store::Seen,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 5] = [
    Route::lead("POST /v1/stores/{store}/desk/exports"),
    Route::lead("GET /v1/stores/{store}/desk/exports/{export_id}"),
    Route::lead("POST /v1/stores/{store}/desk/customers/{customer_id}/erasure"),
    Route::lead("GET /v1/stores/{store}/desk/customers/{customer_id}/erasure"),
    Route::lead("GET /v1/stores/{store}/desk/retention"),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    let desk = Desk { shell, request, store, lead: request.lead(&store.id)? };
    match request.route.as_str() {
        "POST /v1/stores/{store}/desk/exports" => desk.ask().await,
        "GET /v1/stores/{store}/desk/exports/{export_id}" => desk.read().await,
        "POST /v1/stores/{store}/desk/customers/{customer_id}/erasure" => desk.erase().await,
        "GET /v1/stores/{store}/desk/customers/{customer_id}/erasure" => desk.show().await,
        "GET /v1/stores/{store}/desk/retention" => Answer::ok(&retention::page(shell, request, store).await?),
        _ => unrouted(request),
    }
}

struct Desk<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    lead: AssociateId,
}

impl Desk<'_> {
    fn at(&self) -> Result<At, Failure> {
        self.request.at(Actor::Associate(self.lead.clone()))
    }

    /// Who looks at whom, and why, is written down before anything is shown.
    async fn ask(&self) -> Result<Answer, Failure> {
        let asked = wire::asked(&self.request.body)?;
        let at = self.at()?;
        self.request
            .write(self.shell, async || {
                let export = Export::ask(self.store, asked.of.clone(), asked.reason.clone(), &at)?;
                let answer = Answer::new(201, &wire::export(&export))?;
                let commit = Commit::new(self.request.fact()?, at.clone()).answering(&answer);
                commit.insert(Key::export(&self.store.id, &export.id), &export)
            })
            .await
    }

    async fn read(&self) -> Result<Answer, Failure> {
        let id: ExportId = self.request.path("export_id")?;
        let cursor = self.request.query::<String>("cursor")?;
        let export = self.shell.store.get::<Export>(&Key::export(&self.store.id, &id)).await?;
        let export = export.ok_or_else(|| Failure::from(Refusal::unseen("export")))?.state;
        export.is_open_at(self.request.now)?;
        match &export.of {
            Whose::SellerId(seller) => {
                let eyes = (Eyes::Staff, export.at);
                let page = of_seller(self.shell, self.store, seller, cursor.as_deref(), eyes).await?;
                Answer::ok(&page.unwrap_or_else(Page::default))
            }
            Whose::CustomerId(customer) => {
                Answer::ok(&customer::page(self.shell, &self.store.id, customer, cursor.as_deref()).await?)
            }
        }
    }

    async fn erase(&self) -> Result<Answer, Failure> {
        let (customer, at) = (self.request.path::<CustomerId>("customer_id")?, self.at()?);
        self.request
            .write(self.shell, async || {
                let seen = self.load(&customer).await?;
                let known = seen.as_ref().map(|seen| &seen.state);
                let outcome = Erasure::ask(known, &self.store.id, &customer, &at)?;
                let next = outcome.events.iter().fold(known.cloned(), Erasure::apply);
                let answer = Answer::new(202, &next.as_ref().map(wire::erasure))?;
                let commit = Commit::new(self.request.fact()?, at.clone()).answering(&answer);
                commit.erasure(seen.as_ref(), outcome)
            })
            .await
    }

    async fn show(&self) -> Result<Answer, Failure> {
        let seen = self.load(&self.request.path("customer_id")?).await?;
        let seen = seen.ok_or_else(|| Failure::from(Refusal::unseen("erasure")))?;
        Answer::ok(&wire::erasure(&seen.state))
    }

    async fn load(&self, customer: &CustomerId) -> Result<Option<Seen<Erasure>>, Failure> {
        self.shell.store.get(&Key::erasure(&self.store.id, customer)).await
    }
}
