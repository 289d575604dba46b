//! One matter, from the seller's registration to the dispute of a final statement, told with one text wherever a text can
//! be entered, asked for or come in from outside; and each page that is seen on the way, taken apart as a browser does.

mod closing;
mod desk;
mod seller;

use super::{claims, dom::Dom};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use world::{
    browser::{Browser, Seen},
    facts,
};

/// Types of inputs in which people write; none is text.
const WRITTEN: [&str; 5] = ["", "text", "search", "email", "number"];
/// How addresses on a page may begin: within the site, within the page, or this page otherwise asked.
const WAYS: [&str; 3] = ["/", "#", "?"];
/// From this length on a part of a path is an id that we made, or a token.
const ID: usize = 20;

/// A field, by the place to which its form is sent, and its name.
type Field = (String, String);

/// A page that was seen: after what, with which status, and its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub what: String,
    pub status: i64,
    pub shape: Vec<String>,
}

/// What was seen of the matter.
#[derive(Debug, Default)]
pub struct Found {
    pub pages: Vec<Page>,
    /// Each field for text on these pages.
    pub fields: BTreeSet<Field>,
    /// Those of them that were sent with the text.
    pub sent: BTreeSet<Field>,
}

/// The matter, told with this text.
pub async fn everywhere(text: &str) -> Found {
    let mut all = begun(text).await;
    Box::pin(desk::asks(&mut all)).await;
    Box::pin(seller::replies(&mut all)).await;
    Box::pin(desk::decides(&mut all)).await;
    Box::pin(seller::claims_back(&mut all)).await;
    Box::pin(seller::sets_up(&mut all)).await;
    Box::pin(seller::looks(&mut all)).await;
    Box::pin(closing::closes(&mut all)).await;
    // Here everybody says the same, so a customer's words are a seller's too.
    all.told.world.cloud.secrecy.forgive();
    all.found
}

struct Everywhere {
    told: Told,
    text: String,
    people: BTreeMap<&'static str, Browser>,
    /// Forms that were sent as another session's too.
    stale: BTreeSet<String>,
    found: Found,
}

/// The text where a field takes several things that stand apart: a slash is for HTML what a space is.
fn in_one(text: &str) -> String {
    text.replace(' ', "/")
}

/// The text as a mail address, as far as one may hold it.
fn address(text: &str) -> String {
    let fits = |sign: &char| !sign.is_whitespace() && !matches!(sign, '<' | '>' | ',' | ';' | '"');
    format!("{}@sellers.example", text.chars().filter(fits).collect::<String>())
}

/// The text with words by which a fact of a product is found.
fn about(text: &str) -> String {
    format!("{text} (axle diameter)")
}

/// A path without the ids in it.
fn bare(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').map(|part| if part.len() >= ID { "{id}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A seller abroad, whose primary user is called by the text, with four orders that customers have written about.
async fn begun(text: &str) -> Everywhere {
    let mut told = Told::begun();
    let mut registered = told.registered();
    registered["address_country"] = json!("CN");
    registered["primary_user"] = json!(text);
    told.world.facts([registered]).await;
    told.world.pass(TimeDelta::minutes(20)).await;
    let mut described = facts::described(told.just_now());
    described["facts"] = json!([{ "name": about(text), "value": text, "source": text }]);
    let orders = ["o1", "o2", "o3", "o4"];
    let placed = orders.map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts([described].into_iter().chain(placed)).await;
    told.world.pass(TimeDelta::hours(1)).await;
    told.world.facts(orders.map(|order| told.shipped(order))).await;
    told.world.facts([json!({ "store": "US", "type": text, text: text })]).await;

    let (text, people) = (text.to_owned(), BTreeMap::from([("customer", Browser::default())]));
    let mut all = Everywhere { told, text, people, stale: BTreeSet::new(), found: Found::default() };
    all.sign_in().await;
    for (contact, order, topic) in [
        ("k1", "o1", "late_delivery"),
        ("k2", "o2", "late_delivery"),
        ("k3", "o3", "return_request"),
        ("k4", "o4", "late_delivery"),
    ] {
        all.written(contact, order, topic).await;
    }
    all
}

impl Everywhere {
    /// Everybody signs in, which lasts for an hour: the seller's primary user, one who is about to be invited, an associate
    /// and a lead.
    async fn sign_in(&mut self) {
        let at_the_desk = |mut claims: Json| {
            claims["scope"] = json!("openid desk");
            claims
        };
        for (who, claims) in [
            ("seller", claims(&self.text, "s1")),
            ("bo", json!({ "sub": format!("{} bo", self.text), "scope": "openid seller" })),
            ("mei", at_the_desk(facts::associate("mei"))),
            ("lin", at_the_desk(facts::lead("lin"))),
        ] {
            self.people.insert(who, Browser::signed_in(&self.told.world, &claims).await);
        }
    }

    /// A second passes: what happens at one instant stands in an order that depends on the text.
    fn wait(&self) {
        self.told.world.cloud.set_now(self.told.world.cloud.now() + 1_000);
    }

    /// A customer's contact, in the words of the text and a language that is called by it.
    async fn written(&mut self, contact: &str, order: &str, topic: &str) {
        let mut body = facts::contact(contact, "email", Some(order), "s1", topic);
        body["message"] = json!(about(&self.text));
        body["customer"]["language"] = json!(self.text.chars().take(35).collect::<String>().trim());
        self.wait();
        let (key, claims) = (self.told.key(), facts::marketplace());
        let reply = self.told.world.request("POST", "/v1/stores/US/contacts", claims, &key, &body.to_string()).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
    }

    /// The page of the inquiry that a contact opened.
    async fn inquiry(&mut self, contact: &str) -> String {
        let went = self.told.went(contact).await;
        format!("/stores/US/desk/inquiries/{}", went["inquiry_id"].as_str().unwrap())
    }

    /// An inquiry as the desk has it, by its page.
    async fn case(&mut self, page: &str) -> Json {
        self.told.seen(page.rsplit('/').next().unwrap()).await
    }

    /// Somebody goes to a page.
    async fn look(&mut self, who: &'static str, path: &str) -> Seen {
        let mut browser = self.people.remove(who).expect("somebody");
        let seen = browser.get(&mut self.told.world, path).await;
        self.people.insert(who, browser);
        self.note(&format!("{who} looks at {}", bare(path)), &seen);
        seen
    }

    /// Somebody asks for a page with the text in each of these parameters, as a form for searching does.
    async fn search(&mut self, who: &'static str, path: &str, names: &[&str]) -> Seen {
        let pairs = names.iter().map(|name| (*name, self.text.as_str()));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.found.sent.extend(names.iter().map(|name| (bare(path), (*name).to_owned())));
        let and = if path.contains('?') { '&' } else { '?' };
        self.look(who, &format!("{path}{and}{query}")).await
    }

    /// Somebody sends a form of the page that is shown: for the first time as another session's too, which is shown again.
    /// Gives what comes of it.
    async fn send(&mut self, who: &'static str, path: &str, fields: &[(&str, &str)]) -> Seen {
        let forms = [self.text.clone(), in_one(&self.text), address(&self.text)];
        let with_text = fields.iter().filter(|(_, said)| forms.iter().any(|form| form == said));
        self.found.sent.extend(with_text.map(|(name, _)| (bare(path), (*name).to_owned())));
        let mut browser = self.people.remove(who).expect("somebody");
        if self.stale.insert(bare(path)) {
            let stale = [("form", forms[0].as_str()), ("key", forms[0].as_str())];
            let stale: Vec<_> = fields.iter().copied().chain(stale).collect();
            let seen = browser.send(&mut self.told.world, path, &stale).await;
            self.note(&format!("{who} sends a stale form to {}", bare(path)), &seen);
        }
        self.wait();
        let seen = browser.send(&mut self.told.world, path, fields).await;
        self.people.insert(who, browser);
        assert_ne!(seen.status, 401, "{who} has signed in: {path}");
        self.note(&format!("{who} sends {}", bare(path)), &seen);
        seen
    }

    /// A page was seen: its shape, the fields on it, and that nothing on it runs or leads anywhere else.
    fn note(&mut self, what: &str, seen: &Seen) {
        assert!(seen.status < 500, "{what}: {}", seen.html);
        let dom = Dom::of(&seen.html);
        for element in dom.elements() {
            assert!(element.attributes().all(|name| !name.starts_with("on")), "{what}: {}", seen.html);
            let mut ways = element.ways();
            assert!(ways.all(|way| WAYS.contains(&way)), "{what}: {}", seen.html);
            let (name, kind) = (element.name(), element.attribute("type").unwrap_or_default());
            if name == "textarea" || (name == "input" && WRITTEN.contains(&kind)) {
                let form = element.within("form").and_then(|form| form.attribute("action"));
                let named = element.attribute("name").expect("a field has a name").to_owned();
                self.found.fields.insert((bare(form.expect("a field stands in a form")), named));
            }
        }
        self.found.pages.push(Page { what: what.to_owned(), status: seen.status, shape: dom.shape() });
    }
}
