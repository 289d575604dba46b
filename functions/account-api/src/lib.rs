//! Who acts for a seller, and what people did in its name or to its things.
//!
//! Calls: the users are one `GetItem`; a page of the audit is one query.

mod wire;

use domain::{
    access::{Feature, Level},
    id::{SellerId, StoreId},
    outcome::Refusal,
    seller::Seller,
    store::Store,
};
use shell::{
    Shell,
    access::Route,
    audit::Audited,
    commit::Answer,
    cursor,
    failure::Failure,
    http::{Request, unrouted},
    key::{Key, Table},
    store::Seen,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [
    Route::seller("GET /v1/stores/{store}/users", Feature::Users, Level::View),
    Route::primary("GET /v1/stores/{store}/audit"),
];

/// Changes that one answer of the audit shows.
const AUDIT_PAGE: i32 = 50;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let account = Account { shell, request, store: request.store(&shell.book)?, seller: request.seller()? };
    match request.route.as_str() {
        "GET /v1/stores/{store}/users" => account.show().await,
        "GET /v1/stores/{store}/audit" => account.audit().await,
        _ => unrouted(request),
    }
}

/// The account of the seller that the token speaks for.
struct Account<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    seller: SellerId,
}

impl Account<'_> {
    async fn show(&self) -> Result<Answer, Failure> {
        let seller = load(self.shell, &self.store.id, &self.seller).await?;
        Answer::ok(&wire::users(&seller.state.users, self.request.now))
    }

    /// ACC-4: what people did in the seller's name, or to its things; the newest first.
    async fn audit(&self) -> Result<Answer, Failure> {
        let before = self.request.query::<String>("cursor")?.map(|text| cursor::place::<String>(&text)).transpose()?;
        let pk = Key::audit_of(&self.store.id, &self.seller);
        let page = self.shell.store.newest::<Audited>(Table::Audit, &pk, before.as_deref(), AUDIT_PAGE).await?;
        Answer::ok(&wire::audit(&page))
    }
}

async fn load(shell: &Shell, store: &StoreId, seller: &SellerId) -> Result<Seen<Seller>, Failure> {
    let found = shell.store.get::<Seller>(&Key::seller(store, seller)).await?;
    found.ok_or_else(|| Refusal::unseen("seller").into())
}
