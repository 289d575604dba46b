//! The page on which whoever got a mail ends mails of its kind: who has the link of the mail sees what it ends, and a
//! button. It asks the function behind the API in its own process, so page and API do the same, and looking stores nothing.
//!
//! The address is the one that the head of the mail names, so a mail program that posts there at one click (RFC 8058) does
//! what the button does, whatever it sends, and is answered by the page itself: such a program follows no redirect. The link
//! is the permission: there is no session here, and so no form that somebody could forge.
//!
//! It is no page of the seller's portal: nobody is asked to sign in, and what may be done here is this one thing.
//!
//! Calls: none of its own; looking and ending cost what `account-api` says.

mod words;

use crate::words::Words;
use askama::Template;
use domain::id::StoreId;
use pages::{
    codes,
    frame::Frame,
    page,
    visit::{chosen_language, here, keeping_language, said},
    words::Language,
};
use serde::Deserialize;
use shell::{Shell, access::Route, failure::Failure, http::Request, page::Page};
use std::collections::BTreeMap;

/// The routes, as the template has them.
pub const ROUTES: [Route; 2] = [Route::public("GET /unsubscribe/{token}"), Route::public("POST /unsubscribe/{token}")];

const LOOK: &str = "GET /v1/mail/unsubscribe/{token}";
const END: &str = "POST /v1/mail/unsubscribe/{token}";

#[derive(Debug, Deserialize)]
struct Unsubscribed {
    store: StoreId,
    kind: String,
    ended: bool,
    always: bool,
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    token: &'a str,
    what: String,
    ended: bool,
    always: bool,
}

/// One request of a browser, or of a mail program.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let route = match request.route.as_str() {
        "GET /unsubscribe/{token}" => LOOK,
        "POST /unsubscribe/{token}" => END,
        route => return Err(Failure::Fault(format!("no page for {route}"))),
    };
    let token: String = request.path("token")?;
    let asked = request.asking(route, &BTreeMap::new()).at_path("token", &token);
    let answer = account_api::handle(shell, &asked).await?;
    let Unsubscribed { store, kind, ended, always } = said(&asked, answer)?;
    let w = Words::of(chosen_language(request).unwrap_or(Language::En));
    let bare = Frame::bare(w.written_in, w.no_more_mails, shell.book.store(&store));
    let what = codes::said(w.written_in, w.named(&kind), &kind);
    let shown = Shown { frame: Frame { here: here(request), ..bare }, w, token: &token, what, ended, always };
    Ok(keeping_language(request, page(200, &shown)?))
}
