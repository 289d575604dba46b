//! An invitation: whoever has its link and has signed in sees to whom it invites, and accepts (ACC-1). Who was invited
//! may be a user of no seller yet, so neither a store nor a seller is known here before the link has said them.
//!
//! Calls: one `GetItem` for the session, and then what `account-api` says of an invitation.

use crate::{
    users::{Grants, held},
    words::account::Words,
};
use askama::Template;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{at::Instant, id::StoreId, outcome::RefusalKind, users::Users};
use pages::{
    frame::{Frame, Trouble},
    page,
    session::{self, Named},
    sign_in,
    visit::{ask_to_sign_in, chosen_language, form, frame_for, said},
    words::{Language, Words as FrameWords},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use shell::{
    Shell,
    access::permits,
    failure::Failure,
    http::{Request, status},
    page::Page,
};

const LOOK: &str = "GET /v1/invitations/{token}";
const JOIN: &str = "POST /v1/invitations/{token}";
/// Where each feature begins.
const BEGINNINGS: [(&str, &str); 7] = [
    ("home", "enrollment"),
    ("case_log", "case-log"),
    ("insights", "insights"),
    ("statements", "statements"),
    ("claims", "claims"),
    ("return_policy", "return-policy"),
    ("users", "users"),
];

#[derive(Debug, Deserialize)]
struct Offer {
    store: StoreId,
    seller_id: String,
    grants: Grants,
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct Joined {
    store: StoreId,
    seller_id: String,
    grants: Grants,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    a: &'static Words,
    token: &'a str,
    speaks_for: &'a str,
    now: Instant,
    offer: Option<Offer>,
    joined: Option<Joined>,
}

impl Shown<'_> {
    fn held(&self, offer: &Offer) -> Vec<(String, String)> {
        held(self.a, &offer.grants)
    }

    /// To the first thing that the user may see. A session speaks for one seller, so it may take another one.
    fn way_on(&self, joined: &Joined) -> Option<(String, &'static str)> {
        let seen = |feature: &str| joined.grants.get(feature).is_some_and(|level| level != "none");
        let (_, path) = BEGINNINGS.into_iter().find(|(feature, _)| seen(feature))?;
        let quarter = self.frame.store.filter(|_| path == "statements").map(|store| store.quarter_of(self.now));
        let quarter = quarter.map(|quarter| format!("/{quarter}")).unwrap_or_default();
        let place = format!("/stores/{}/{path}{quarter}", joined.store);
        Some(if self.speaks_for == joined.seller_id {
            (place, self.a.go_on)
        } else {
            (sign_in::place(&place), self.a.sign_in_again)
        })
    }
}

/// `GET` and `POST /invitations/{token}`.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let Some(named) = session::read(shell, request).await?.filter(|named| named.session.is_for("seller")) else {
        return Ok(ask_to_sign_in(request));
    };
    let language = chosen_language(request).unwrap_or(Language::En);
    let invited = Invited { shell, request, named, token: request.path("token")?, language };
    if request.route.starts_with("GET ") { invited.show(200, None).await } else { invited.accept().await }
}

/// Somebody who has signed in and has a link.
struct Invited<'a> {
    shell: &'a Shell,
    request: &'a Request,
    named: Named,
    token: String,
    language: Language,
}

impl Invited<'_> {
    /// The invitation, or that it is over.
    async fn show(&self, status: u16, trouble: Option<Trouble>) -> Result<Page, Failure> {
        match self.ask::<Offer>(self.to(LOOK)).await {
            Ok(offer) => self.page(status, trouble, Some(offer), None),
            Err(failure @ Failure::Refused(_)) => self.over(&failure)?.ok_or(failure),
            Err(failure) => Err(failure),
        }
    }

    /// Accepts. The page that follows is the answer itself: the invitation is over by then.
    async fn accept(&self) -> Result<Page, Failure> {
        let form = form(self.request);
        let entered = |name: &str| form.get(name).map_or("", String::as_str);
        if !self.named.sent(self.request, entered("form")) {
            let sentence = FrameWords::of(self.language).stale_form.to_owned();
            return self.show(403, Some(Trouble { sentence, ..Trouble::default() })).await;
        }
        match self.ask::<Joined>(self.to(JOIN).saying(entered("key"), &json!({}))).await {
            Ok(joined) => self.page(200, None, None, Some(joined)),
            Err(failure) => {
                let status = status(&failure);
                self.show(status, Some(Trouble::of(failure)?)).await
            }
        }
    }

    /// The page of an invitation that nobody can take any more. What is none is as any page that is not there.
    fn over(&self, failure: &Failure) -> Result<Option<Page>, Failure> {
        match failure {
            Failure::Refused(refusal) if refusal.kind == RefusalKind::State => {
                self.page(status(failure), None, None, None).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn page(
        &self,
        status: u16,
        trouble: Option<Trouble>,
        offer: Option<Offer>,
        joined: Option<Joined>,
    ) -> Result<Page, Failure> {
        let a = Words::of(self.language);
        let of = offer.as_ref().map(|offer| &offer.store).or_else(|| joined.as_ref().map(|joined| &joined.store));
        let store = of.and_then(|id| self.shell.book.store(id));
        let frame = Frame {
            key: URL_SAFE_NO_PAD.encode(self.shell.chance.bytes()?),
            trouble,
            store,
            ..frame_for(self.request, &self.named, self.language, a.invited)
        };
        let speaks_for = self.named.session.claim("seller_id");
        page(status, &Shown { frame, a, token: &self.token, speaks_for, now: self.request.now, offer, joined })
    }

    fn to(&self, route: &str) -> Request {
        self.request.asking(route, &self.named.session.claims).at_path("token", &self.token)
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T, Failure> {
        let route = account_api::ROUTES.iter().find(|route| route.name == request.route);
        // The link says which store; whether somebody has signed in is the same for all of them.
        let any = self.shell.book.stores.keys().next();
        let (route, any) =
            route.zip(any).ok_or_else(|| Failure::Fault(format!("no function has {}", request.route)))?;
        permits(&request, route, any, &Users::default())?;
        said(&request, account_api::handle(self.shell, &request).await?)
    }
}
