//! Whoever got a mail that a user may do without ends mails of its kind by the link of the mail, without a token: a mail
//! program does so at one click (RFC 8058). Looking changes nothing, since machines open links too. A link that is over is
//! as one that we did not sign.
//!
//! What could be done without once and no more has links in mails still: they are read, say so, and end nothing.
//!
//! No key is asked for and none is kept: the same again finds the kind ended, and a user who has chosen otherwise since
//! may end it anew by the same mail.

use crate::{load, wire};
use domain::{
    at::{Actor, At},
    id::{SellerId, StoreId, UserId},
    outcome::{Outcome, Refusal},
    seller::{Seller, SellerEvent},
    store::Store,
    wish::{ALWAYS_BY_NOW, Optional},
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

/// What a link ends.
#[derive(Debug, Clone, Copy)]
enum What {
    /// Mails of this kind.
    Kind(Optional),
    /// Whatever comes in a digest.
    Digest,
    /// Nothing: mails of this kind are always sent by now.
    Nothing(&'static str),
}

impl What {
    fn named(name: &str) -> Option<Self> {
        let always = || ALWAYS_BY_NOW.into_iter().find(|always| *always == name).map(Self::Nothing);
        let digest = || (name == DIGEST).then_some(Self::Digest);
        Optional::named(name).map(Self::Kind).or_else(digest).or_else(always)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.name(),
            Self::Digest => DIGEST,
            Self::Nothing(name) => name,
        }
    }
}

/// What a link opens.
pub struct Unsubscribed<'a> {
    shell: &'a Shell,
    request: &'a Request,
    token: String,
    store: &'a Store,
    seller: SellerId,
    what: What,
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
        let what = What::named(what).ok_or_else(unseen)?;
        let seller = seller.parse().map_err(|_| unseen())?;
        let reader = reader.map(|user| user.parse()).transpose().map_err(|_| unseen())?;
        Ok(Self { shell, request, token, store, seller, what, reader })
    }

    /// What the link would end, and whether it is over already.
    pub async fn look(&self) -> Result<Answer, Failure> {
        let seller = load(self.shell, &self.store.id, &self.seller).await?.state;
        self.view(&seller)
    }

    /// NTF-1: none of these is mailed any more, if it may be done without.
    pub async fn end(&self) -> Result<Answer, Failure> {
        attempts(&self.request.id, async || {
            let seen = load(self.shell, &self.store.id, &self.seller).await?;
            let outcome = self.outcome(&seen.state)?;
            let next = outcome.after(&seen.state, Seller::apply);
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
        let always = matches!(self.what, What::Nothing(_));
        let ended = !always && self.outcome(seller)?.is_unchanged();
        Answer::ok(&wire::unsubscribed(self.store, self.what.name(), ended, always))
    }

    fn outcome(&self, seller: &Seller) -> Result<Outcome<SellerEvent>, Refusal> {
        let reader = self.reader.as_ref();
        match self.what {
            What::Kind(kind) => seller.decline(reader, Some(kind)),
            What::Digest => seller.decline(reader, None),
            What::Nothing(_) => Ok(Outcome::unchanged()),
        }
    }
}
