//! Whether a caller may have a route (ACC-2). A function names, beside each of its routes, what the route does; the edge
//! asks [`allow`] before the handler runs. What a user of a seller was granted is read anew for each request and never
//! carried in a token, so what is taken away is away at once.
//!
//! The gateway has checked the token and its scope, so whose claims are read follows from the route.
//!
//! Calls: one `GetItem` (the seller, with its users) for a route of a seller, and one more for a write that is refused (was
//! this very request answered before); none for any other.

use crate::{Shell, commit::Answer, failure::Failure, http::Request, key::Key};
use domain::{
    access::{Action, Caller, Feature, Level, Rank, Resource, allow, for_no_seller},
    id::{AssociateId, SellerId, StoreId},
    seller::Seller,
    users::Users,
};

/// A route as the template has it, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `METHOD /path/{with}/{names}`.
    pub name: &'static str,
    /// What it asks of whoever takes it.
    pub action: Action,
    /// That it was given up, if it was.
    pub given_up: Option<GivenUp>,
}

/// A route that answers for a while only: a newer one does what it did. Whoever calls it is told so with each answer
/// (RFC 9745 and RFC 8594), and the contract calls it deprecated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUp {
    /// Since when, in seconds since 1970.
    pub since: i64,
    /// When it will be gone, in seconds since 1970.
    pub gone_at: i64,
}

impl Route {
    const fn new(name: &'static str, action: Action) -> Self {
        Self { name, action, given_up: None }
    }

    /// The same route, given up.
    #[must_use]
    pub const fn given_up(self, since: i64, gone_at: i64) -> Self {
        Self { given_up: Some(GivenUp { since, gone_at }), ..self }
    }

    /// A seller's route: of this feature, at this level.
    #[must_use]
    pub const fn seller(name: &'static str, feature: Feature, level: Level) -> Self {
        Self::new(name, Action::Seller(feature, level))
    }

    /// A route of every user of a seller, for itself.
    #[must_use]
    pub const fn user(name: &'static str) -> Self {
        Self::new(name, Action::User)
    }

    /// A route of the primary user of a seller.
    #[must_use]
    pub const fn primary(name: &'static str) -> Self {
        Self::new(name, Action::Primary)
    }

    /// A route of the desk: of associates, and so of leads too.
    #[must_use]
    pub const fn associate(name: &'static str) -> Self {
        Self::new(name, Action::Desk(Rank::Associate))
    }

    /// A route of the desk's leads.
    #[must_use]
    pub const fn lead(name: &'static str) -> Self {
        Self::new(name, Action::Desk(Rank::Lead))
    }

    /// A route of the marketplace.
    #[must_use]
    pub const fn marketplace(name: &'static str) -> Self {
        Self::new(name, Action::Marketplace)
    }

    /// A route that a signed link opens to whoever has signed in.
    #[must_use]
    pub const fn signed_in(name: &'static str) -> Self {
        Self::new(name, Action::SignedIn)
    }

    /// A route that a signed link opens by itself.
    #[must_use]
    pub const fn public(name: &'static str) -> Self {
        Self::new(name, Action::Public)
    }
}

/// Refuses a caller that may not have the route of its request. A user that has lost what it had, by this very request
/// perhaps, is still told what it was answered then. A route that is not named is the handler's to refuse: it knows none
/// either.
pub(crate) async fn ask(shell: &Shell, request: &Request, route: Option<&Route>) -> Result<Option<Answer>, Failure> {
    let Some(route) = route else { return Ok(None) };
    match route.action {
        Action::Public | Action::SignedIn => allow(&request.caller(route.action), route.action, Resource::Linked)?,
        Action::Marketplace | Action::Desk(_) => {
            permits(request, route, &request.store(&shell.book)?.id, &Users::default())?;
        }
        Action::Seller(..) | Action::User | Action::Primary => {
            let (store, seller) = (request.store(&shell.book)?, request.seller()?);
            let known = shell.store.get::<Seller>(&Key::seller(&store.id, &seller)).await?;
            let users = known.map_or_else(Users::default, |seen| seen.state.users);
            if let Err(refusal) = permits(request, route, &store.id, &users) {
                return answered(shell, request).await?.ok_or(refusal).map(Some);
            }
        }
    }
    Ok(None)
}

/// Whether the caller of this request may have its route, where who the seller's users are has been read already.
pub fn permits(request: &Request, route: &Route, store: &StoreId, users: &Users) -> Result<(), Failure> {
    let action = route.action;
    let caller = request.caller(action);
    match action {
        Action::Public | Action::SignedIn => allow(&caller, action, Resource::Linked)?,
        Action::Marketplace | Action::Desk(_) => allow(&caller, action, Resource::Store(store))?,
        Action::Seller(..) | Action::User | Action::Primary => {
            allow(&caller, action, Resource::Seller { seller: &request.seller()?, users })?;
        }
    }
    Ok(())
}

/// What this very write was answered before, if it is one and was.
async fn answered(shell: &Shell, request: &Request) -> Result<Option<Answer>, Failure> {
    let write = request.fact().ok().filter(|_| !request.route.starts_with("GET "));
    let Some(fact) = write else { return Ok(None) };
    match shell.store.answered(&fact).await {
        Ok(answer) => Ok(answer.flatten()),
        // The key was taken for something else.
        Err(Failure::BadInput { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

impl Request {
    /// Who calls, as a route of this kind reads the token.
    fn caller(&self, action: Action) -> Caller {
        let subject = Some(self.user()).filter(|subject| !subject.is_empty());
        match action {
            Action::Public => Caller::Nobody,
            Action::Marketplace => Caller::Marketplace,
            Action::SignedIn | Action::Seller(..) | Action::User | Action::Primary => match subject {
                Some(subject) => Caller::User { subject, seller: self.claim("seller_id") },
                None => Caller::Nobody,
            },
            Action::Desk(_) => match self.claim("sub") {
                Some(id) => Caller::Associate { id, stores: self.stores(), rank: self.rank() },
                None => Caller::Nobody,
            },
        }
    }

    fn stores(&self) -> Vec<StoreId> {
        let stores: String = self.claim("stores").unwrap_or_default();
        stores.split_whitespace().filter_map(|store| store.parse().ok()).collect()
    }

    fn rank(&self) -> Rank {
        if self.claim::<String>("role").is_some_and(|role| role == "lead") { Rank::Lead } else { Rank::Associate }
    }

    /// The seller that the token speaks for. A seller is known by its token alone, never by a path or a body.
    pub fn seller(&self) -> Result<SellerId, Failure> {
        self.claim("seller_id").ok_or_else(|| for_no_seller().into())
    }

    /// The associate that the token speaks for, if it may work in this store.
    pub fn associate(&self, store: &StoreId) -> Result<AssociateId, Failure> {
        self.staff(store, Rank::Associate)
    }

    /// The associate that the token speaks for, if it leads others in this store.
    pub fn lead(&self, store: &StoreId) -> Result<AssociateId, Failure> {
        self.staff(store, Rank::Lead)
    }

    fn staff(&self, store: &StoreId, rank: Rank) -> Result<AssociateId, Failure> {
        let caller = self.caller(Action::Desk(rank));
        allow(&caller, Action::Desk(rank), Resource::Store(store))?;
        let Caller::Associate { id, .. } = caller else {
            return Err(Failure::Fault("the desk was opened to no associate".into()));
        };
        Ok(id)
    }
}
