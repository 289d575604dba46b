//! The page on which a customer says how it was: who has the link of the mail sees what is asked, and answers once. It
//! asks the function behind the API in its own process, so page and API say the same, and looking stores nothing.
//!
//! It is a function of its own because what a customer writes goes to the table Conversations, which no function of a
//! seller's may touch. The link is the permission: there is no session here, and so no form that somebody could forge.
//!
//! Calls: none of its own; looking and answering cost what `survey-api` says, and an answer that is not taken a look
//! more.

mod words;

use crate::words::Words;
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{id::StoreId, outcome::RefusalKind};
use pages::{
    frame::{Frame, Trouble},
    page, see,
    visit::{chosen_language, form, here, keeping_language, number, said},
    words::Language,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{
    Shell,
    access::Route,
    failure::Failure,
    http::{Request, status},
    page::Page,
};
use std::collections::{BTreeMap, HashMap};

/// The routes, as the template has them.
pub const ROUTES: [Route; 2] = [Route::public("GET /surveys/{token}"), Route::public("POST /surveys/{token}")];

const LOOK: &str = "GET /v1/surveys/{token}";
const ANSWER: &str = "POST /v1/surveys/{token}";

#[derive(Debug, Deserialize)]
struct Survey {
    store: StoreId,
    order_id: String,
    state: String,
    until: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    token: &'a str,
    survey: Survey,
    entered: &'a HashMap<String, String>,
    thanks: bool,
}

impl Shown<'_> {
    /// The best one first.
    fn scores(&self) -> [(&'static str, &'static str); 5] {
        let w = self.w;
        [
            ("5", w.very_satisfied),
            ("4", w.satisfied),
            ("3", w.neither),
            ("2", w.dissatisfied),
            ("1", w.very_dissatisfied),
        ]
    }

    fn entered(&self, field: &str) -> &str {
        self.entered.get(field).map_or("", String::as_str)
    }
}

/// What can be said of a survey that takes no answer.
#[derive(Template)]
#[template(path = "over.html")]
struct Over<'a> {
    frame: Frame<'a>,
    why: String,
}

/// One request of a browser.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Page, Failure> {
    let asked = Asked { shell, request, token: request.path("token")?, language: language(request) };
    let page = match request.route.as_str() {
        "GET /surveys/{token}" => asked.show(200, None, &HashMap::new()).await?,
        "POST /surveys/{token}" => asked.answer().await?,
        route => return Err(Failure::Fault(format!("no page for {route}"))),
    };
    Ok(keeping_language(request, page))
}

fn language(request: &Request) -> Language {
    chosen_language(request).unwrap_or(Language::En)
}

/// A customer who has a link.
struct Asked<'a> {
    shell: &'a Shell,
    request: &'a Request,
    token: String,
    language: Language,
}

impl Asked<'_> {
    /// The survey, or that it is over.
    async fn show(
        &self,
        status: u16,
        trouble: Option<Trouble>,
        entered: &HashMap<String, String>,
    ) -> Result<Page, Failure> {
        let request = self.to(LOOK);
        let survey: Survey = match survey_api::handle(self.shell, &request).await {
            Ok(answer) => said(&request, answer)?,
            Err(failure) => return self.over(failure),
        };
        let w = Words::of(self.language);
        let thanks = self.request.query::<String>("done")?.is_some();
        let store = self.shell.book.store(&survey.store);
        let bare = Frame::bare(self.language, w.how_was_it, store);
        let frame = Frame { here: here(self.request), trouble, ..bare };
        page(status, &Shown { frame, w, token: &self.token, survey, entered, thanks })
    }

    /// What the form says; then the page with thanks, or the form again, as it was sent, with what is wrong with it.
    async fn answer(&self) -> Result<Page, Failure> {
        let entered = form(self.request);
        let text = |name: &str| entered.get(name).map_or("", |text| text.trim());
        let mut body = Map::new();
        if !text("score").is_empty() {
            body.insert("score".to_owned(), number(text("score")));
        }
        if !text("comment").is_empty() {
            body.insert("comment".to_owned(), json!(text("comment")));
        }
        // The link is the key of its answer, so this one says nothing.
        let request = self.to(ANSWER).saying("", &Value::Object(body));
        match survey_api::handle(self.shell, &request).await {
            Ok(_) => Ok(see(&format!("/surveys/{}?done=1", self.token))),
            Err(failure @ Failure::BadInput { .. }) => {
                self.show(status(&failure), Some(Trouble::of(failure)?), &entered).await
            }
            Err(failure) => self.over(failure),
        }
    }

    /// Why there is nothing to answer any more. What is no survey is as any page that is not there.
    fn over(&self, failure: Failure) -> Result<Page, Failure> {
        let status = status(&failure);
        let refusal = match failure {
            Failure::Refused(refusal) if refusal.kind == RefusalKind::State => refusal,
            other => return Err(other),
        };
        let w = Words::of(self.language);
        let why = w.named(refusal.code).map_or_else(|| refusal.sentence.clone(), str::to_owned);
        let bare = Frame::bare(self.language, w.how_was_it, None);
        page(status, &Over { frame: Frame { here: here(self.request), ..bare }, why })
    }

    fn to(&self, route: &str) -> Request {
        self.request.asking(route, &BTreeMap::new()).at_path("token", &self.token)
    }
}
