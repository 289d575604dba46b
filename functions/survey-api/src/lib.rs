//! How was it? A customer looks at a survey and answers it, by the link of a mail and without any token: who has the link
//! may answer, once. Looking stores nothing, since machines open links too.
//!
//! The link is the key of its answer, so no other is asked for: a form of a page could not send one. The same answer again
//! gets the first answer, another one is refused.
//!
//! Calls: a look is two `GetItem`s (survey, inquiry), and the first one of a process a third for the keys of links; an answer
//! is the same and one transaction; a refusal is one `GetItem` more (was this very answer given before); a forged link is the
//! one read of the keys.

mod wire;

use domain::{
    at::{Actor, At},
    id::{InquiryId, StoreId},
    inquiry::Inquiry,
    insight::{self, Place},
    outcome::Refusal,
    store::Store,
    survey::{Standing, Survey, answered, over},
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit, Fact},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    link::{Link, Purpose},
    record::Comment,
    store::{FACT_CONFLICT, Seen},
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [Route::public("GET /v1/surveys/{token}"), Route::public("POST /v1/surveys/{token}")];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let opened = Opened::by_link_of(shell, request).await?;
    match request.route.as_str() {
        "GET /v1/surveys/{token}" => opened.look().await,
        "POST /v1/surveys/{token}" => opened.answer().await,
        _ => unrouted(request),
    }
}

/// What a link opens.
struct Opened<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    inquiry: InquiryId,
    link: Link,
}

fn unseen() -> Failure {
    Refusal::unseen("survey").into()
}

impl<'a> Opened<'a> {
    async fn by_link_of(shell: &'a Shell, request: &'a Request) -> Result<Self, Failure> {
        let token: String = request.path("token")?;
        let link = shell.links.read(&shell.store, Purpose::Survey, &token).await?;
        let [store, inquiry] = link.ids.as_slice() else { return Err(unseen()) };
        let (store, inquiry): (Option<StoreId>, Option<InquiryId>) = (store.parse().ok(), inquiry.parse().ok());
        let store = store.and_then(|id| shell.book.store(&id)).ok_or_else(unseen)?;
        Ok(Self { shell, request, store, inquiry: inquiry.ok_or_else(unseen)?, link })
    }

    /// The survey, and the latest inquiry of its issue.
    async fn find(&self) -> Result<(Seen<Survey>, Seen<Inquiry>), Failure> {
        if self.request.now >= self.link.until {
            return Err(over(self.link.until).into());
        }
        let survey = self.shell.store.get::<Survey>(&Key::survey(&self.store.id, &self.inquiry)).await?;
        let survey = survey.ok_or_else(unseen)?;
        let about = &survey.state.about;
        let key = Key::inquiry(&about.store, &about.order, &about.seller, about.issue);
        let latest = self.shell.store.get::<Inquiry>(&key).await?;
        let latest = latest.ok_or_else(|| Failure::Fault(format!("inquiry {} is gone", self.inquiry)))?;
        Ok((survey, latest))
    }

    async fn look(&self) -> Result<Answer, Failure> {
        let (survey, latest) = self.find().await?;
        let standing = survey.state.standing(&latest.state, self.request.now)?;
        Answer::ok(&wire::view(self.store, &survey.state, standing, self.link.until))
    }

    /// The rating is the seller's figure; the comment is the customer's word and goes where those lie. Both are one
    /// transaction, in which the inquiry is asked once more whether it still stands resolved.
    async fn answer(&self) -> Result<Answer, Failure> {
        let said = wire::said(&self.request.body)?;
        let name = format!("{}#{}", self.store.id, self.inquiry);
        let fact = Fact::new("survey-api", name, said.canonical.as_bytes());
        let at = At { now: self.request.now, actor: Actor::Customer, cause: fact.cause() };
        let written = self
            .request
            .write_once(self.shell, &fact, async || {
                let (survey, latest) = self.find().await?;
                let outcome = survey.state.answer(said.rating, &latest.state, &at)?;
                let about = &survey.state.about;
                let inquiry_key = Key::inquiry(&about.store, &about.order, &about.seller, about.issue);
                let view = wire::view(self.store, &survey.state, Standing::Answered, self.link.until);
                let told = Place::each(insight::Fact::of_survey(&survey.state, &outcome.events), self.store);
                let commit = Commit::new(fact.clone(), at.clone())
                    .answering(&Answer::ok(&view)?)
                    .facts(self.store, &about.seller, told)?
                    .survey(Some(&survey), outcome)?
                    .unchanged_since(inquiry_key, Some(latest.version));
                match &said.comment {
                    None => Ok(commit),
                    Some(text) => commit.insert(
                        Key::comment(&self.store.id, &self.inquiry),
                        &Comment { text: text.clone(), at: at.now },
                    ),
                }
            })
            .await;
        written.map_err(|failure| match failure {
            Failure::BadInput { code: FACT_CONFLICT, .. } => answered().into(),
            other => other,
        })
    }
}
