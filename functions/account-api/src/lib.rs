//! Who acts for a seller: its primary user invites, grants, takes back and hands over, and who was invited joins. What
//! people did in the seller's name or to its things, whether mail reaches it, and which mails each user wants.
//!
//! Calls: the users are one `GetItem`; a page of the audit is one query. A change is one `GetItem` and one transaction, also
//! where it changes nothing; a refusal is two `GetItem`s (the second looks whether this very request was answered before).
//! An invitation is looked at in one `GetItem` and taken in one `GetItem` and one transaction, and the first one of a process
//! reads the keys of links; a forged link is that one read of the keys. A page of the export is one `GetItem` and one query,
//! and one more for each partition that holds nothing. How mail goes is two `GetItem`s, one after the other.
//! Whoever may not see the seller's home costs the first of them. The link of a mail costs what that of an invitation does.

mod invited;
mod unsubscribed;
mod wire;

use domain::{
    access::{Feature, Level},
    at::{Actor, At},
    id::{SellerId, StoreId},
    mail::Suppression,
    outcome::{Outcome, Refusal},
    seller::{Seller, SellerEvent},
    store::Store,
};
use invited::Invited;
use shell::{
    Shell,
    access::{Route, permits},
    audit::Audited,
    commit::{Answer, Commit},
    cursor,
    export::{Eyes, of_seller},
    failure::Failure,
    http::{Request, SeenVersion, unrouted},
    key::{Key, Table},
    store::Seen,
};
use unsubscribed::Unsubscribed;

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 14] = [
    Route::seller("GET /v1/stores/{store}/users", Feature::Users, Level::View),
    Route::primary("POST /v1/stores/{store}/users/invitations"),
    Route::primary("POST /v1/stores/{store}/users/invitations/{invitation_id}/revoke"),
    Route::primary("POST /v1/stores/{store}/users/{user_id}/grants"),
    Route::primary("POST /v1/stores/{store}/users/{user_id}/remove"),
    Route::primary("POST /v1/stores/{store}/users/{user_id}/hand-over"),
    Route::primary("GET /v1/stores/{store}/audit"),
    Route::primary("GET /v1/stores/{store}/export"),
    Route::user("GET /v1/stores/{store}/mail"),
    Route::user("POST /v1/stores/{store}/mail"),
    Route::public("GET /v1/mail/unsubscribe/{token}"),
    Route::public("POST /v1/mail/unsubscribe/{token}"),
    Route::signed_in("GET /v1/invitations/{token}"),
    Route::signed_in("POST /v1/invitations/{token}"),
];

/// Changes that one answer of the audit shows.
const AUDIT_PAGE: i32 = 50;

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    match request.route.as_str() {
        "GET /v1/invitations/{token}" => Invited::by_link_of(shell, request).await?.look().await,
        "POST /v1/invitations/{token}" => Invited::by_link_of(shell, request).await?.join().await,
        "GET /v1/mail/unsubscribe/{token}" => Unsubscribed::by_link_of(shell, request).await?.look().await,
        "POST /v1/mail/unsubscribe/{token}" => Unsubscribed::by_link_of(shell, request).await?.end().await,
        _ => {
            let account = Account { shell, request, store: request.store(&shell.book)?, seller: request.seller()? };
            account.handle().await
        }
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
    async fn handle(&self) -> Result<Answer, Failure> {
        match self.request.route.as_str() {
            "GET /v1/stores/{store}/users" => self.show().await,
            "POST /v1/stores/{store}/users/invitations" => self.invite().await,
            "POST /v1/stores/{store}/users/invitations/{invitation_id}/revoke" => {
                let invitation = self.request.path("invitation_id")?;
                self.change(200, None, |seller, at| seller.revoke(&invitation, at)).await
            }
            "POST /v1/stores/{store}/users/{user_id}/grants" => {
                let (user, asked) = (self.request.path("user_id")?, wire::granted(self.request)?);
                self.change(200, Some(asked.seen), |seller, at| seller.grant(&user, asked.grants.clone(), at)).await
            }
            "POST /v1/stores/{store}/users/{user_id}/remove" => {
                let (user, on) = (self.request.path("user_id")?, wire::seen(self.request)?);
                self.change(200, Some(on), |seller, at| seller.remove_user(&user, at)).await
            }
            "POST /v1/stores/{store}/users/{user_id}/hand-over" => {
                let (user, on) = (self.request.path("user_id")?, wire::seen(self.request)?);
                self.change(200, Some(on), |seller, at| seller.hand_over(&user, at)).await
            }
            "GET /v1/stores/{store}/audit" => self.audit().await,
            "GET /v1/stores/{store}/mail" => self.mail().await,
            "POST /v1/stores/{store}/mail" => self.choose().await,
            "GET /v1/stores/{store}/export" => self.export().await,
            _ => unrouted(self.request),
        }
    }

    async fn show(&self) -> Result<Answer, Failure> {
        let seen = load(self.shell, &self.store.id, &self.seller).await?;
        Answer::ok(&wire::users(&seen.state.users, seen.version, self.request.now))
    }

    /// ACC-1: somebody is invited by mail, with what it will hold.
    async fn invite(&self) -> Result<Answer, Failure> {
        let whom = wire::invited(&self.request.body)?;
        self.change(201, None, |seller, at| {
            seller.invite(self.store, whom.name.clone(), whom.email.clone(), whom.grants.clone(), at)
        })
        .await
    }

    /// A change is decided on the account as it is, and answered with its users as they are then. One that was asked for on
    /// another version than that is refused, so that nobody overwrites what it has not seen.
    async fn change(
        &self,
        status: u16,
        asked_on: Option<SeenVersion>,
        decide: impl Fn(&Seller, &At) -> Result<Outcome<SellerEvent>, Refusal>,
    ) -> Result<Answer, Failure> {
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let seen = load(self.shell, &self.store.id, &self.seller).await?;
                let outcome = decide(&seen.state, &at)?;
                let changes = !outcome.is_unchanged();
                if let Some(asked_on) = asked_on.filter(|_| changes) {
                    is_the_one_that_was_seen(asked_on, seen.version)?;
                }
                let (next, version) = (outcome.after(&seen.state, Seller::apply), seen.version + u64::from(changes));
                let answer = Answer::new(status, &wire::users(&next.users, version, at.now))?;
                let commit = Commit::new(self.request.fact()?, at.clone()).answering(&answer);
                commit.seller(Some(&seen), outcome)
            })
            .await
    }

    /// All that is kept of the seller, but for what customers said.
    async fn export(&self) -> Result<Answer, Failure> {
        let (cursor, eyes) = (self.request.query::<String>("cursor")?, (Eyes::Seller, self.request.now));
        let page = of_seller(self.shell, self.store, &self.seller, cursor.as_deref(), eyes).await?;
        Answer::ok(&page.ok_or_else(|| Failure::from(Refusal::unseen("seller")))?)
    }

    /// NTF-1, NTF-3: which mails whoever asks gets, and whether mail reaches the seller, for whoever may see that.
    async fn mail(&self) -> Result<Answer, Failure> {
        let seen = load(self.shell, &self.store.id, &self.seller).await?;
        let (seller, user) = (&seen.state, self.request.user());
        let home = Route::seller("the seller's home", Feature::Home, Level::View);
        if permits(self.request, &home, &self.store.id, &seller.users).is_err() {
            return Answer::ok(&wire::mail(seller, &user, seen.version, None, None));
        }
        let email = seller.facts.email.as_str();
        let found = self.shell.store.get::<Suppression>(&Key::suppression(email)).await?;
        let suppressed = found.map(|seen| seen.state.report);
        Answer::ok(&wire::mail(seller, &user, seen.version, Some(email), suppressed))
    }

    /// NTF-1: whoever asks says which mails it wants, on the account as it was seen.
    async fn choose(&self) -> Result<Answer, Failure> {
        let asked = wire::chosen(self.request)?;
        let at = self.request.at(Actor::Seller(self.request.user()))?;
        self.request
            .write(self.shell, async || {
                let seen = load(self.shell, &self.store.id, &self.seller).await?;
                let outcome = seen.state.choose(&asked.choices, &at)?;
                let changes = !outcome.is_unchanged();
                if changes {
                    is_the_one_that_was_seen(asked.seen, seen.version)?;
                }
                let (next, version) = (outcome.after(&seen.state, Seller::apply), seen.version + u64::from(changes));
                let answer = Answer::ok(&wire::wishes(&next, &self.request.user(), version))?;
                Commit::new(self.request.fact()?, at.clone()).answering(&answer).seller(Some(&seen), outcome)
            })
            .await
    }

    /// ACC-4: what people did in the seller's name, or to its things; the newest first.
    async fn audit(&self) -> Result<Answer, Failure> {
        let before = cursor::asked::<String>(self.request)?;
        let pk = Key::audit_of(&self.store.id, &self.seller);
        let page = self.shell.store.newest::<Audited>(Table::Audit, &pk, before.as_deref(), AUDIT_PAGE).await?;
        Answer::ok(&wire::audit(&page)).map(Answer::for_seller)
    }
}

fn is_the_one_that_was_seen(seen: SeenVersion, version: u64) -> Result<(), Refusal> {
    let sentence = "The account has changed since you looked at it; look again, and ask on the version you see then.";
    seen.holds(version, "account_changed", sentence)
}

async fn load(shell: &Shell, store: &StoreId, seller: &SellerId) -> Result<Seen<Seller>, Failure> {
    let found = shell.store.get::<Seller>(&Key::seller(store, seller)).await?;
    found.ok_or_else(|| Refusal::unseen("seller").into())
}
