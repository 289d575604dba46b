//! One request of a browser: who it is, what it was granted, what its form says, and the functions behind the API, asked in
//! its name.
//!
//! Calls: a visit of a seller's user is one `GetItem` for the session and one for the seller and its grants, both at one
//! time; of an associate, one. What the page shows is asked for after that, and costs what the function that answers it
//! says, but that nobody reads the seller again to show it.

use crate::{
    frame::{Frame, Link, Trouble},
    page, see,
    session::{self, Named},
    sign_in,
    words::{Language, Words},
};
use askama::Template;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    outcome::{Refusal, RefusalKind},
    seller::{Seller, SellerLanguage},
    store::Store,
    users::Users,
};
use futures_util::future::try_join3;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shell::{
    Shell,
    access::{Route, permits},
    commit::Answer,
    failure::Failure,
    http::{Request, status},
    key::Key,
    page::Page,
};
use std::collections::{BTreeMap, HashMap};

const LANGUAGE: &str = "__Host-language";
const A_YEAR: i64 = 365 * 24 * 3600;

/// Somebody who has signed in, at a page of a store.
#[derive(Debug)]
pub struct Visit<'a> {
    /// The outside.
    pub shell: &'a Shell,
    /// What the browser asks.
    pub request: &'a Request,
    /// Where.
    pub store: &'a Store,
    /// Of the page.
    pub language: Language,
    /// As whom.
    pub named: Named,
    /// The users of the visitor's seller; none of an associate's.
    users: Users,
    /// In which country that seller has its address.
    country: Option<String>,
    /// The outside for what is only shown: what a page reads, it reads once.
    showing: Shell,
    entered: HashMap<String, String>,
    trouble: Option<Trouble>,
}

/// Whether somebody may come in.
#[derive(Debug)]
pub enum Door<'a> {
    /// Yes.
    Open(Box<Visit<'a>>),
    /// Not before signing in.
    SignIn(Page),
}

impl<'a> Visit<'a> {
    /// A visit for this scope. Whoever has no session for it is sent to sign in, and back here. What `ahead` reads at
    /// the same time is known to the page, and shown to nobody who may not see it.
    pub async fn begin(
        shell: &'a Shell,
        request: &'a Request,
        scope: &str,
        ahead: impl AsyncFnOnce(&Shell, &Request, &Store) -> Result<(), Failure>,
    ) -> Result<Door<'a>, Failure> {
        let store = request.store(&shell.book).map_err(|_| Failure::from(Refusal::unseen("page")))?;
        let showing = Shell { store: shell.store.remembering(), ..shell.clone() };
        let account = async {
            let Some(seller) = session::seller_named(request) else { return Ok(None) };
            let key = Key::seller(&store.id, &seller);
            Ok(showing.store.get::<Seller>(&key).await?.map(|seen| seen.state))
        };
        let ahead = async { if session::is_named(request) { ahead(&showing, request, store).await } else { Ok(()) } };
        let read = try_join3(session::read(shell, request), account, ahead);
        let (named, seller, ()) = Box::pin(read).await?;
        let Some(named) = named.filter(|named| named.session.is_for(scope)) else {
            return Ok(Door::SignIn(ask_to_sign_in(request)));
        };
        let profile = seller.as_ref().map(|seller| match seller.facts.language {
            SellerLanguage::En => Language::En,
            SellerLanguage::Zh => Language::Zh,
        });
        let language = chosen_language(request).or(profile).unwrap_or(Language::En);
        let country = seller.as_ref().map(|seller| seller.facts.address_country.clone());
        let (users, entered) = (seller.map_or_else(Users::default, |seller| seller.users), form(request));
        let visit = Self { shell, request, store, language, named, users, country, showing, entered, trouble: None };
        Ok(Door::Open(Box::new(visit)))
    }

    /// What a form says in a field; nothing is as an empty text.
    #[must_use]
    pub fn entered(&self, field: &str) -> &str {
        self.entered.get(field).map_or("", |text| text.trim())
    }

    /// What a form says in the fields whose names begin with this, by the rest of their names; nothing of empty ones.
    #[must_use]
    pub fn group(&self, prefix: &str) -> BTreeMap<&str, &str> {
        let named = self.entered.iter().filter_map(|(name, text)| Some((name.strip_prefix(prefix)?, text.trim())));
        named.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// RTE-8: to which address the visitor's seller can forward what came to it by mistake; none where no mail comes in.
    #[must_use]
    pub fn mailbox(&self) -> Option<String> {
        let host = Some(&self.shell.mail.host).filter(|host| !host.is_empty())?;
        let mailbox = self.store.mailbox_for(self.country.as_ref()?)?;
        Some(format!("{}@{host}", mailbox.name))
    }

    /// Whether a form was sent and came back: what it says did not happen.
    #[must_use]
    pub const fn came_back(&self) -> bool {
        self.trouble.is_some()
    }

    /// A parameter of the query; nothing is as an empty text.
    #[must_use]
    pub fn asked(&self, name: &str) -> String {
        self.request.query::<String>(name).ok().flatten().unwrap_or_default()
    }

    /// A request to a function behind the API, in the visitor's name, at this store.
    #[must_use]
    pub fn to(&self, route: &str) -> Request {
        self.request.asking(route, &self.named.session.claims).at_path("store", self.store.id.as_str())
    }

    /// A request for a list, for the page of it that is asked for.
    #[must_use]
    pub fn to_list(&self, route: &str) -> Request {
        self.to(route).with_query("cursor", &self.asked("cursor"))
    }

    /// Whether the visitor may have a route.
    #[must_use]
    pub fn may(&self, routes: &[Route], route: &str) -> bool {
        let found = routes.iter().find(|known| known.name == route);
        found.is_some_and(|found| permits(&self.to(route), found, &self.store.id, &self.users).is_ok())
    }

    /// What a function answers, if the visitor may ask it.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        routes: &[Route],
        handle: impl AsyncFn(&Shell, &Request) -> Result<Answer, Failure>,
        request: Request,
    ) -> Result<T, Failure> {
        said(&request, self.answer(routes, handle, &request).await?)
    }

    /// The same as a file of rows: all of them, whatever the rows of one answer.
    pub async fn download(
        &self,
        routes: &[Route],
        handle: impl AsyncFn(&Shell, &Request) -> Result<Answer, Failure>,
        request: Request,
        file: &str,
    ) -> Result<Page, Failure> {
        let (mut request, mut body) = (request.as_csv(), String::new());
        loop {
            let csv = self.answer(routes, &handle, &request).await?.csv;
            let csv = csv.ok_or_else(|| Failure::Fault(format!("{} has no CSV", request.route)))?;
            // The line with the names of the columns stands once, at the top.
            let rows = csv.text.split_once("\r\n").filter(|_| !body.is_empty()).map(|(_, rows)| rows);
            body.push_str(rows.unwrap_or(&csv.text));
            let Some(next) = csv.next else { break };
            let parameters = form_urlencoded::parse(next.as_bytes());
            request = parameters.fold(request, |request, (name, value)| request.with_query(&name, &value));
        }
        let headers = vec![
            ("content-type", "text/csv; charset=utf-8; header=present".to_owned()),
            ("content-disposition", format!("attachment; filename=\"{file}.csv\"")),
            ("cache-control", "no-store".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        Ok(Page { status: 200, headers, cookies: Vec::new(), body })
    }

    async fn answer(
        &self,
        routes: &[Route],
        handle: impl AsyncFn(&Shell, &Request) -> Result<Answer, Failure>,
        request: &Request,
    ) -> Result<Answer, Failure> {
        let route = routes.iter().find(|route| route.name == request.route);
        let route = route.ok_or_else(|| Failure::Fault(format!("no function has {}", request.route)))?;
        permits(request, route, &self.store.id, &self.users)?;
        let shows = request.route.starts_with("GET ");
        Box::pin(handle(if shows { &self.showing } else { self.shell }, request)).await
    }

    /// What a form asks for, and then the page at the place that it names; or the page of the form again, as it was sent,
    /// with what is wrong with it.
    pub async fn post<'v>(
        &'v mut self,
        act: impl AsyncFn(&Self) -> Result<String, Failure>,
        show: impl AsyncFn(&Self) -> Result<Page, Failure>,
    ) -> Result<Page, Failure> {
        let trouble = if self.named.sent(self.request, self.entered("form")) {
            match act(self).await {
                Ok(place) => return Ok(see(&place)),
                Err(failure) => {
                    let status = status(&failure);
                    (status, Trouble::of(failure)?)
                }
            }
        } else {
            let sentence = Words::of(self.language).stale_form.to_owned();
            (403, Trouble { sentence, ..Trouble::default() })
        };
        self.trouble = Some(trouble.1);
        Ok(Page { status: trouble.0, ..show(self).await? })
    }

    /// The frame of a page.
    pub fn frame(&self, title: &str, links: Vec<Link>) -> Result<Frame<'a>, Failure> {
        let frame = Frame {
            links,
            key: URL_SAFE_NO_PAD.encode(self.shell.chance.bytes()?),
            done: !self.asked("done").is_empty(),
            store: Some(self.store),
            ..frame_for(self.request, &self.named, self.language, title)
        };
        let trouble = self.trouble.clone().map(|trouble| trouble.told(&frame, &self.request.route, &self.shell.book));
        Ok(Frame { trouble, ..frame })
    }
}

/// What a function says, as far as a page shows it.
pub fn said<T: DeserializeOwned>(request: &Request, answer: Answer) -> Result<T, Failure> {
    serde_json::from_value(answer.body)
        .map_err(|error| Failure::Fault(format!("{} is answered otherwise: {error}", request.route)))
}

/// What was asked for; nothing where it is not there or not the visitor's, and where its name can be none.
pub fn if_there<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Unseen => Ok(None),
        Err(Failure::BadInput { .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What a field says where it takes a number: one, or else the text, for the API to say what is wrong with it.
#[must_use]
pub fn number(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
}

/// The frame of a page of no store, for somebody who has signed in.
#[must_use]
pub fn frame_for<'a>(request: &Request, named: &Named, language: Language, title: &str) -> Frame<'a> {
    Frame {
        who: named.session.claim("sub").to_owned(),
        token: named.form_token(),
        here: here(request),
        ..Frame::bare(language, title, None)
    }
}

/// What the form of a request says, by its fields. Browsers end lines with CR and LF, and nothing that is kept does: a
/// text is no longer than whoever wrote it has seen.
#[must_use]
pub fn form(request: &Request) -> HashMap<String, String> {
    let fields = form_urlencoded::parse(&request.body);
    fields.map(|(name, text)| (name.into_owned(), text.replace("\r\n", "\n"))).collect()
}

/// Where the page of a request is: as it was asked for, but without the choice of a language, which a cookie keeps. A
/// place that takes a form shows no page; then it is the page on which the form stands.
#[must_use]
pub fn here(request: &Request) -> String {
    if !request.route.starts_with("GET ") {
        return page_of_form(request.raw_path());
    }
    let kept = request.raw_query().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("language="));
    let query = kept.collect::<Vec<_>>().join("&");
    let path = request.raw_path();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The page on which the form stands that is sent to this path: the path without its last part, which says what is
/// done, and where that shows no page, the list of its section.
fn page_of_form(path: &str) -> String {
    let parts: Vec<_> = path.split('/').skip(1).collect();
    let (section, of) = match parts.as_slice() {
        ["stores", store, "desk", of @ ..] => (format!("/stores/{store}/desk"), of),
        ["stores", store, of @ ..] => (format!("/stores/{store}"), of),
        // An invitation is accepted where it is read.
        _ => return path.to_owned(),
    };
    let page = match of {
        ["next"] => "queue".to_owned(),
        [list] | [list @ ("users" | "disputes" | "parked"), ..] => (*list).to_owned(),
        [page @ .., _] => page.join("/"),
        [] => String::new(),
    };
    format!("{section}/{page}")
}

/// What whoever has no session gets: the way to sign in, and from there to the page. A browser holds every step from a
/// form on against the places that forms may go to, and the issuer is none; so whoever comes by a form, or from a page
/// of ours as a search does, gets a page with the link.
#[must_use]
pub fn ask_to_sign_in(request: &Request) -> Page {
    let reads = request.route.starts_with("GET ");
    if reads && !request.is_from_a_page_of_ours() {
        return see(&sign_in::place(&here(request)));
    }
    signed_out(request, 401)
}

/// The language that the visitor has chosen, now or before.
#[must_use]
pub fn chosen_language(request: &Request) -> Option<Language> {
    let now = request.query::<String>("language").ok().flatten();
    now.as_deref().or_else(|| request.cookie(LANGUAGE)).and_then(Language::of)
}

/// A language that is chosen now is kept.
#[must_use]
pub fn keeping_language(request: &Request, mut page: Page) -> Page {
    let chosen = request.query::<String>("language").ok().flatten().and_then(|code| Language::of(&code));
    page.cookies.extend(chosen.map(|language| crate::cookie(LANGUAGE, language.code(), A_YEAR)));
    page
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    frame: Frame<'a>,
    why: &'static str,
    detail: String,
    way: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "still_in.html")]
struct StillIn<'a> {
    frame: Frame<'a>,
}

/// The page of whoever is still signed in where something else was to be expected, with a form that signs out. With 403
/// a form did not do so, since it was another session's.
pub fn still_in(request: &Request, named: &Named, status: u16) -> Result<Page, Failure> {
    let language = chosen_language(request).unwrap_or(Language::En);
    let words = Words::of(language);
    let stale = || Trouble { sentence: words.stale_sign_out.to_owned(), ..Trouble::default() };
    let trouble = (status == 403).then(stale);
    let frame = frame_for(request, named, language, words.still_in);
    page(status, &StillIn { frame: Frame { trouble, here: "/signed-out".to_owned(), ..frame } })
}

/// The page of whoever has signed out, or was signed out meanwhile: what was written is a page back.
#[must_use]
pub fn signed_out(request: &Request, status: u16) -> Page {
    let language = chosen_language(request).unwrap_or(Language::En);
    let words = Words::of(language);
    let (reads, here) = (request.route.starts_with("GET "), here(request));
    let (why, way) = match status {
        401 if reads => (words.signed_out_asking, sign_in::place(&here)),
        401 => (words.signed_out_meanwhile, sign_in::place(&here)),
        _ => ("", "/sign-in".to_owned()),
    };
    let frame = Frame { here, ..Frame::bare(language, words.signed_out, None) };
    page(status, &Failed { frame, why, detail: String::new(), way: Some((way, words.sign_in)) })
        .unwrap_or_else(|_| see("/"))
}

/// The page where none came about. What is not there and what is not the visitor's look alike.
#[must_use]
pub fn failed(failure: &Failure, status: u16, id: &str, request: Option<&Request>) -> Page {
    let language = request.and_then(chosen_language).unwrap_or(Language::En);
    let words = Words::of(language);
    let (status, heading, why, detail) = match (failure, status) {
        (Failure::Refused(_), 403 | 404) => (404, words.not_found, words.not_found_why, String::new()),
        (Failure::Refused(refusal), _) => {
            (status, words.refused, "", Frame::bare(language, "", None).told(&refusal.sentence))
        }
        (Failure::BadInput { problems, .. }, _) => {
            let frame = Frame::bare(language, "", None);
            let each = problems.iter().map(|wrong| format!("{} {}", wrong.field, frame.told(&wrong.problem)));
            (status, words.not_right, "", each.collect::<Vec<_>>().join(words.semicolon))
        }
        (Failure::Stale | Failure::Transient(_), _) => (status, words.not_now, words.not_now_why, String::new()),
        (Failure::Fault(_), _) => (status, words.our_fault, words.our_fault_why, id.to_owned()),
    };
    // Where nothing else is said, the language is chosen at the place itself, so that no page differs from that of what
    // is absent; a place that takes forms has none.
    let here = request.filter(|request| !request.route.starts_with("GET ")).map_or_else(String::new, here);
    let frame = Frame { here, ..Frame::bare(language, heading, None) };
    // Whoever answers a survey is a customer, and has no home here.
    let is_customer = request.is_some_and(|request| request.raw_path().starts_with("/surveys/"));
    let way = (!is_customer).then(|| ("/".to_owned(), words.home));
    let mut page = page(status, &Failed { frame, why, detail, way }).unwrap_or_else(|_| see("/"));
    if status == 503 {
        page.headers.push(("retry-after", "2".to_owned()));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::page_of_form;

    #[test]
    fn each_form_leads_back_to_the_page_on_which_it_stands() {
        for (form, page) in [
            ("enrollment/opt-in", "enrollment"),
            ("case-log/r1/reply", "case-log/r1"),
            ("claims", "claims"),
            ("claims/c1/appeal", "claims/c1"),
            ("decisions/d1/return-method", "decisions/d1"),
            ("statements/2026Q3/disputes", "statements/2026Q3"),
            ("return-policy", "return-policy"),
            ("return-policy/submit", "return-policy"),
            ("users/invitations", "users"),
            ("users/invitations/i1/revoke", "users"),
            ("users/u1/grants", "users"),
            ("desk/next", "desk/queue"),
            ("desk/inquiries/q1/answer", "desk/inquiries/q1"),
            ("desk/associates", "desk/associates"),
            ("desk/claims/s1/c1/question", "desk/claims/s1/c1"),
            ("desk/disputes/s1/d1/decision", "desk/disputes"),
            ("desk/parked/p1/redrive", "desk/parked"),
        ] {
            assert_eq!(page_of_form(&format!("/stores/US/{form}")), format!("/stores/US/{page}"));
        }
        assert_eq!(page_of_form("/invitations/token"), "/invitations/token");
    }
}
