//! Whoever was invited looks at the invitation and joins, by the link of the mail and with a token of its own: the token's
//! subject is the user from then on. Looking changes nothing, since machines open links too. What became of an
//! invitation that is over is said to nobody but its seller.

use crate::{load, wire};
use domain::{
    at::Actor,
    id::{InvitationId, SellerId, StoreId},
    outcome::Refusal,
    seller::Seller,
    store::Store,
};
use shell::{
    Shell,
    commit::{Answer, Commit},
    failure::Failure,
    http::Request,
    link::Purpose,
};

/// What a link opens.
pub struct Invited<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    seller: SellerId,
    invitation: InvitationId,
}

impl<'a> Invited<'a> {
    /// By the link in the path of this request.
    pub async fn by_link_of(shell: &'a Shell, request: &'a Request) -> Result<Self, Failure> {
        let unseen = || Failure::from(Refusal::unseen("invitation"));
        let token: String = request.path("token")?;
        let link = shell.links.read(&shell.store, Purpose::Invitation, &token).await?;
        let [store, seller, invitation] = link.ids.as_slice() else { return Err(unseen()) };
        let store = store.parse::<StoreId>().ok().and_then(|id| shell.book.store(&id)).ok_or_else(unseen)?;
        let (seller, invitation) = seller.parse().ok().zip(invitation.parse().ok()).ok_or_else(unseen)?;
        Ok(Self { shell, request, store, seller, invitation })
    }

    /// To whom it invites, and with what.
    pub async fn look(&self) -> Result<Answer, Failure> {
        let seen = load(self.shell, &self.store.id, &self.seller).await?;
        let open = seen.state.open_invitation(&self.invitation, self.request.now)?;
        Answer::ok(&wire::invitation(self.store, &seen.state.id, open))
    }

    /// ACC-1: the token's subject is a user of the seller from now on.
    pub async fn join(&self) -> Result<Answer, Failure> {
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let seen = load(self.shell, &self.store.id, &self.seller).await?;
                let outcome = seen.state.join(&self.invitation, &at)?;
                let next = outcome.after(&seen.state, Seller::apply);
                let answer = Answer::ok(&wire::joined(self.store, &next, &self.request.user()))?;
                Commit::new(self.request.fact()?, at.clone()).answering(&answer).seller(Some(&seen), outcome)
            })
            .await
    }
}
