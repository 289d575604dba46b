//! Whoever got a mail that a user may do without ends mails of its kind by the link of the mail, without a token: a mail
//! program does so at one click (RFC 8058). Looking changes nothing, since machines open links too. A link that is over is
//! as one that we did not sign.
//!
//! No key is asked for and none is kept: the same again finds the kind ended, and a user who has chosen otherwise since
//! may end it anew by the same mail.

use crate::{after, load, wire};
use domain::{
    at::{Actor, At},
    id::{SellerId, StoreId, UserId},
    outcome::Refusal,
    seller::Seller,
    store::Store,
    wish::Optional,
};
use shell::{
    Shell,
    commit::{Answer, Commit, Fact},
    failure::Failure,
    http::Request,
    link::Purpose,
    store::attempts,
};

/// What a link of a digest names in place of a kind.
const DIGEST: &str = "digest";

/// What a link opens.
pub struct Unsubscribed<'a> {
    shell: &'a Shell,
    request: &'a Request,
    token: String,
    store: &'a Store,
    seller: SellerId,
    /// None: whatever comes in a digest.
    kind: Option<Optional>,
    /// None: whoever reads the seller's default address.
    reader: Option<UserId>,
}

fn unseen() -> Failure {
    Refusal::unseen("mail").into()
}

impl<'a> Unsubscribed<'a> {
    /// By the link in the path of this request.
    pub async fn by_link_of(shell: &'a Shell, request: &'a Request) -> Result<Self, Failure> {
        let token: String = request.path("token")?;
        let link = shell.links.read(&shell.store, Purpose::Unsubscribe, &token).await?;
        let (store, seller, what, reader) = match link.ids.as_slice() {
            [store, seller, what] => (store, seller, what, None),
            [store, seller, what, user] => (store, seller, what, Some(user)),
            _ => return Err(unseen()),
        };
        if request.now >= link.until {
            return Err(unseen());
        }
        let store = store.parse::<StoreId>().ok().and_then(|id| shell.book.store(&id)).ok_or_else(unseen)?;
        let kind = Optional::named(what);
        if kind.is_none() && what != DIGEST {
            return Err(unseen());
        }
        let seller = seller.parse().map_err(|_| unseen())?;
        let reader = reader.map(|user| user.parse()).transpose().map_err(|_| unseen())?;
        Ok(Self { shell, request, token, store, seller, kind, reader })
    }

    /// What the link would end, and whether it is over already.
    pub async fn look(&self) -> Result<Answer, Failure> {
        let seller = load(self.shell, &self.store.id, &self.seller).await?.state;
        self.view(&seller)
    }

    /// NTF-1: none of these is mailed any more.
    pub async fn end(&self) -> Result<Answer, Failure> {
        attempts(&self.request.id, async || {
            let seen = load(self.shell, &self.store.id, &self.seller).await?;
            let outcome = seen.state.decline(self.reader.as_ref(), self.kind)?;
            let next = after(&seen.state, &outcome)?;
            if !outcome.is_unchanged() {
                let fact = Fact::new("account-api", format!("unsubscribe#{}#{}", self.token, seen.version), b"");
                let actor = Actor::Seller(seen.state.name_of(self.reader.as_ref()));
                let at = At { now: self.request.now, actor, cause: fact.cause() };
                let commit = Commit::unmarked(at).seller(Some(&seen), outcome)?.audited(&self.request.id)?;
                self.shell.store.commit(&commit).await?;
            }
            self.view(&next)
        })
        .await
    }

    fn view(&self, seller: &Seller) -> Result<Answer, Failure> {
        let ended = seller.decline(self.reader.as_ref(), self.kind)?.is_unchanged();
        Answer::ok(&wire::unsubscribed(self.store, self.kind.map_or(DIGEST, Optional::name), ended))
    }
}
