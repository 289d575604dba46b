//! The stories, and the people in them.

use crate::crash::run::batch;
use aws_lambda_events::sqs::SqsBatchResponse;
use chrono::{DateTime, TimeDelta, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use shell::{
    failure::Failure,
    reply::{Answered, address},
};
use std::fmt::Display;
use world::{
    Delivery, MAIL_HOST, Reply, World,
    cloud::Mail,
    facts, functions, reports,
    verify::{Moment, Report, verify},
};

/// A world and the names used in it.
pub struct Told {
    /// The world.
    pub world: World,
    keys: u32,
}

/// Tells one story.
pub fn run(delivery: Delivery, story: impl AsyncFnOnce(&mut Told)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut told = Told::new(World::new(BEGINS, delivery));
        story(&mut told).await;
        assert_eq!(told.world.parked(), Vec::<String>::new(), "nothing is parked");
        assert_eq!(told.world.dead(), [], "nothing is given up");
        assert_eq!(verified(&told.world, Moment::Still).findings, [], "the verifier finds nothing");
    });
}

/// Every item of every table, with the table's name in the template.
pub fn all_items(world: &World) -> Vec<(String, Json)> {
    let mut items = Vec::new();
    for table in world.template.tables.keys() {
        world.each_item(table, |item| items.push((table.clone(), item)));
    }
    items
}

/// What the verifier finds in a world.
pub fn verified(world: &World, moment: Moment) -> Report {
    let items = all_items(world);
    verify(&world.shell("sla-sweep").book, moment, items.iter().map(|(table, item)| (table.as_str(), item)))
}

/// The moment at which most stories begin.
const BEGINS: &str = "2026-08-03T15:00:00Z";

impl Told {
    /// Nothing has been told yet.
    pub fn new(world: World) -> Self {
        Self { world, keys: 0 }
    }

    /// Nothing has been told yet, and what will be is delivered once.
    pub fn begun() -> Self {
        Self::new(World::new(BEGINS, Delivery::Once))
    }

    /// The seller is enrolled, and its order `o1` is placed.
    pub async fn ordered() -> Self {
        let mut told = Self::begun();
        told.enrolled().await;
        told.world.fact(told.placed("o1", "seller", told.just_now())).await;
        told
    }

    /// One message for a function that reads a queue, delivered now and for the n-th time.
    pub async fn deliver(
        &self,
        package: &str,
        body: impl Display,
        deliveries: u32,
    ) -> Result<SqsBatchResponse, Failure> {
        let event = batch(&[("m0".to_owned(), body.to_string())], self.world.now(), deliveries);
        functions::queue(package, self.world.shell(package), event).await
    }

    /// Counts the keys of requests from here on, and says how far they had come: what is told apart from a story leaves
    /// the story's own keys, and so its ids, as they are.
    pub const fn count_keys_from(&mut self, keys: u32) -> u32 {
        std::mem::replace(&mut self.keys, keys)
    }

    /// A key for the next request.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// A minute ago, when whatever is told now happened.
    pub fn just_now(&self) -> DateTime<Utc> {
        self.world.now() - TimeDelta::minutes(1)
    }

    pub async fn as_seller(&mut self, method: &str, path: &str, body: Json) -> Reply {
        self.as_user_of("s1", method, path, body).await
    }

    pub async fn as_user_of(&mut self, seller: &str, method: &str, path: &str, body: Json) -> Reply {
        let claims = facts::user_of(seller);
        let key = self.key();
        self.world.request(method, &format!("/v1/stores/US{path}"), claims, &key, &body.to_string()).await
    }

    pub async fn as_associate(&mut self, method: &str, path: &str, body: Json) -> Reply {
        let claims = facts::associate("mei");
        let key = self.key();
        self.world.request(method, &format!("/v1/stores/US/desk{path}"), claims, &key, &body.to_string()).await
    }

    pub async fn as_lead(&mut self, path: &str, body: Json) -> Reply {
        let key = self.key();
        let path = format!("/v1/stores/US/desk{path}");
        self.world.request("POST", &path, facts::lead("lin"), &key, &body.to_string()).await
    }

    /// The first return policy of `s1`, with so many days: written, submitted and approved.
    pub async fn policy(&mut self, days: u16) {
        let (seller, lead, first) = (facts::user_of("s1"), facts::lead("lin"), json!({ "version": 1 }));
        for (path, claims, body) in [
            ("/return-policy", &seller, facts::terms(days)),
            ("/return-policy/submit", &seller, first.clone()),
            ("/desk/return-policies/s1/approve", &lead, first),
        ] {
            // Keys of its own: what follows is called as it would be without a policy.
            let (path, key) = (format!("/v1/stores/US{path}"), format!("policy-{path}"));
            let reply = self.world.request("POST", &path, claims.clone(), &key, &body.to_string()).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
        }
    }

    pub async fn contact(&mut self, id: &str, order: Option<&str>, topic: &str) -> Reply {
        self.contact_by("email", id, order, topic).await
    }

    pub async fn contact_by(&mut self, channel: &str, id: &str, order: Option<&str>, topic: &str) -> Reply {
        let body = facts::contact(id, channel, order, "s1", topic);
        let key = self.key();
        let claims = facts::marketplace();
        self.world.request("POST", "/v1/stores/US/contacts", claims, &key, &body.to_string()).await
    }

    /// A contact that comes without a topic: the message alone says what it is about.
    pub async fn wrote(&mut self, id: &str, order: &str, message: &str) -> Reply {
        let mut body = facts::contact(id, "email", Some(order), "s1", "other");
        (body["topic"], body["message"]) = (Json::Null, json!(message));
        let (key, claims) = (self.key(), facts::marketplace());
        self.world.request("POST", "/v1/stores/US/contacts", claims, &key, &body.to_string()).await
    }

    pub async fn went(&mut self, contact: &str) -> Json {
        let claims = facts::marketplace();
        let path = format!("/v1/stores/US/contacts/{contact}");
        self.world.request("GET", &path, claims, "", "").await.body
    }

    /// A seller that is enrolled, 20 minutes later.
    pub async fn enrolled(&mut self) {
        self.world.facts([self.registered()]).await;
        self.world.pass(TimeDelta::minutes(20)).await;
    }

    /// An inquiry that this contact opens about an order that is there, claimed by an associate.
    pub async fn inquiry(&mut self, contact: &str, order: &str, topic: &str) -> String {
        assert_eq!(self.contact(contact, Some(order), topic).await.status, 202);
        let inquiry = self.went(contact).await["inquiry_id"].as_str().unwrap().to_owned();
        let claimed = self.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
        assert_eq!(claimed.status, 200, "{}", claimed.body);
        inquiry
    }

    /// A question to the seller in this inquiry.
    pub async fn asked(&mut self, inquiry: &str) -> String {
        let question = json!({ "kind": "product_fact", "text": "Does it fit a 12 mm axle?" });
        let asked = self.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        asked.body["request_id"].as_str().unwrap().to_owned()
    }

    /// A question to the seller for what the product's page does not say.
    pub async fn asked_what_the_page_lacks(&mut self, inquiry: &str) -> String {
        let question = json!({ "kind": "product_fact", "text": "How heavy is it?", "attribute": "Weight" });
        let asked = self.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        asked.body["request_id"].as_str().unwrap().to_owned()
    }

    /// The inquiry as the desk sees it.
    pub async fn seen(&mut self, inquiry: &str) -> Json {
        self.as_associate("GET", &format!("/inquiries/{inquiry}"), Json::Null).await.body
    }

    /// The request as the seller sees it.
    pub async fn request(&mut self, request: &str) -> Json {
        self.as_seller("GET", &format!("/case-log/{request}"), Json::Null).await.body
    }

    pub async fn reply(&mut self, request: &str, text: &str) -> Reply {
        self.as_seller("POST", &format!("/case-log/{request}/reply"), json!({ "text": text })).await
    }

    /// A file that the seller has uploaded for its reply: what it declares.
    pub async fn uploaded(&mut self, request: &str, name: &str, content: &[u8]) -> Json {
        let file = facts::file(name, content);
        let link = self.as_seller("GET", &facts::upload_link(request, &file), Json::Null).await;
        assert_eq!(link.status, 200, "{}", link.body);
        assert_eq!(self.world.cloud.upload(&link.body["upload"], content), 200);
        file
    }

    /// A matter that the seller hands over as late, by the name under which it reads what became of it.
    pub async fn transferred(&mut self, text: &str) -> String {
        let body = json!({ "topic": "late_delivery", "text": text });
        let taken = self.as_seller("POST", "/transfers", body).await;
        assert_eq!(taken.status, 202, "{}", taken.body);
        taken.body["transfer_id"].as_str().unwrap().to_owned()
    }

    /// What stands behind the lines of a statement: its units, or its contacts.
    pub async fn listed(&mut self, quarter: &str, what: &str) -> Vec<Json> {
        let body = self.as_seller("GET", &format!("/statements/{quarter}/{what}"), Json::Null).await.body;
        body[what].as_array().unwrap_or_else(|| panic!("{body}")).clone()
    }

    /// The whole of an order is refunded at the seller's cost, for this reason.
    pub async fn refunded(&mut self, order: &str, reason: &str) {
        let inquiry = self.inquiry(&format!("k-{order}"), order, "late_delivery").await;
        let refund = json!({ "kind": "refund_full", "reason": reason, "liable": "seller" });
        let decided = self.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), refund).await;
        assert_eq!(decided.status, 200, "{}", decided.body);
        let (decision, minor) = (&decided.body["id"], decided.body["amount"]["minor"].as_i64().unwrap());
        let issued = facts::refunded(order, "s1", decision.as_str().unwrap(), minor, self.just_now());
        self.world.facts([issued]).await;
    }

    /// Who handles an order, and why, by its first line.
    pub async fn handled(&mut self, order: &str) -> (Json, Json) {
        let order = self.as_seller("GET", &format!("/orders/{order}"), Json::Null).await.body;
        (order["handled_by"].clone(), order["lines"][0]["why"].clone())
    }

    /// SES says this of a mail, and all that follows.
    pub async fn reported(&mut self, mail: &Mail, fate: Fate) {
        self.world.cloud.send("FeedbackQueue", reports::of(mail, fate, self.just_now()).to_string());
        self.world.settle().await;
    }

    /// The address to which an answer goes: to what the customer was told of an inquiry `i-…`, or to a request `q-…`.
    pub async fn reply_address(&self, what: &str) -> String {
        let store = "US".parse().unwrap();
        let answered = match what.split_once('-') {
            Some(("i", id)) => Answered::Inquiry(store, id.parse().unwrap()),
            Some(("q", id)) => Answered::Request(store, id.parse().unwrap()),
            other => panic!("{other:?}"),
        };
        let sender = self.world.shell("notice-sender");
        address(&sender.links, &sender.store, &answered, MAIL_HOST).await.unwrap()
    }

    /// What has become of a notice: its item's state.
    pub fn notice(&self, id: &str) -> Json {
        let (pk, items) = (format!("NOTICE#{id}"), self.world.items("OutboxTable"));
        let found = items.into_iter().find(|item| item["pk"]["S"] == pk.as_str());
        found.map(|item| item["state"]["M"].clone()).unwrap_or_default()
    }

    pub fn registered(&self) -> Json {
        facts::registered("s1", self.just_now())
    }

    #[expect(clippy::unused_self, reason = "it reads like the other facts")]
    pub fn placed(&self, order: &str, fulfilment: &str, at: DateTime<Utc>) -> Json {
        facts::placed(order, "s1", 2, fulfilment, at)
    }

    pub fn shipped(&self, order: &str) -> Json {
        facts::shipped(&format!("p-{order}"), order, "s1", [1, 2], self.just_now())
    }

    pub fn took_over(&self, order: &str, topic: &str) -> Json {
        facts::took_over(order, "s1", topic, self.just_now())
    }

    pub fn scanned(&self, order: &str) -> Json {
        facts::scanned(&format!("p-{order}"), order, self.just_now())
    }
}

/// What the link to this place stands for that is in the latest mail to an address: a path of the API.
pub fn link_to(told: &Told, address: &str, place: &str) -> String {
    let mail = told.world.mails_to(address).pop().expect("a mail");
    let token = mail.token(place).unwrap_or_else(|| panic!("no link: {}", mail.raw));
    format!("/v1/{place}/{token}")
}

/// Subjects of the mails to an address, sorted.
pub fn subjects(told: &Told, address: &str) -> Vec<String> {
    let mut subjects: Vec<_> = told.world.mails_to(address).iter().map(|mail| mail.subject().to_owned()).collect();
    subjects.sort();
    subjects
}

/// A seller registers, an order is placed and ships, a customer asks, the seller keeps silent, the quarter ends.
pub async fn main_path(told: &mut Told) {
    let early = told.just_now();
    told.world.facts([told.registered()]).await;
    let enrolled = told.as_seller("GET", "/enrollment", Json::Null).await;
    assert_eq!(enrolled.body["status"], "starting", "{}", enrolled.body);
    told.world.pass(TimeDelta::minutes(20)).await;
    assert_eq!(told.as_seller("GET", "/enrollment", Json::Null).await.body["status"], "active");

    let placed = told.just_now();
    let facts = [
        told.placed("o1", "seller", placed),
        told.placed("o-store", "store", placed),
        told.placed("o-early", "seller", early),
        told.shipped("o1"),
        told.scanned("o1"),
    ];
    told.world.facts(facts).await;
    assert_eq!(told.as_seller("GET", "/orders/o1", Json::Null).await.body["handled_by"], "service");
    assert_eq!(told.as_seller("GET", "/orders/o-store", Json::Null).await.body["handled_by"], "seller");

    for (contact, order, topic, owner, reason) in [
        ("k1", Some("o1"), "late_delivery", "service", "covered"),
        ("k2", None, "pre_order", "seller", "pre_order"),
        ("k3", Some("o1"), "invoice", "seller", "invoice"),
        ("k4", Some("o-store"), "late_delivery", "seller", "fulfilled_by_store"),
        ("k5", Some("o-early"), "late_delivery", "seller", "before_enrollment"),
    ] {
        assert_eq!(told.contact(contact, order, topic).await.status, 202);
        let went = told.went(contact).await;
        assert_eq!((&went["owner"], &went["reason"]), (&json!(owner), &json!(reason)), "{contact}");
    }

    let queue = told.as_associate("GET", "/queue", Json::Null).await;
    let inquiry = queue.body["inquiries"][0]["inquiry_id"].as_str().unwrap().to_owned();
    assert_eq!(queue.body["inquiries"].as_array().unwrap().len(), 1);
    assert_eq!(told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await.status, 200);
    let question = json!({ "kind": "shipping_status", "text": "When did the parcel leave your warehouse?" });
    let asked = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
    assert_eq!(asked.status, 201, "{}", asked.body);

    let log = told.as_seller("GET", "/case-log?view=needs_attention", Json::Null).await;
    assert_eq!(log.body["requests"].as_array().unwrap().len(), 1, "{}", log.body);
    told.world.pass(TimeDelta::hours(12)).await;
    told.world.pass(TimeDelta::hours(8)).await;
    told.world.pass(TimeDelta::hours(3)).await;
    told.world.pass(TimeDelta::hours(2)).await;
    let log = told.as_seller("GET", "/case-log?view=expired", Json::Null).await;
    let request = &log.body["requests"][0];
    assert_eq!(request["decision"]["kind"], "refund_full", "{}", log.body);
    assert_eq!(request["decision"]["amount"]["minor"], 5_000);
    assert_eq!(request["expired_at"], request["due_at"]);
    let late = json!({ "text": "It left on Monday." });
    let request = request["request_id"].as_str().unwrap().to_owned();
    let refused = told.as_seller("POST", &format!("/case-log/{request}/reply"), late).await;
    assert_eq!((refused.status, &refused.body["type"]), (409, &json!("/problems/already_decided")));

    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    told.world.pass_to("2026-10-05T08:00:00Z".parse().unwrap()).await;
    let statement = told.as_seller("GET", "/statements/2026Q3", Json::Null).await;
    assert_eq!(statement.body["state"], "final", "{}", statement.body);
    assert_eq!(statement.body["lines"][0]["reason"], "trial");
    assert_eq!(statement.body["contacts"], json!({ "recorded": 1, "counted": 1 }));
    assert_eq!(told.listed("2026Q3", "units").await.len(), 2);
    assert_eq!(told.listed("2026Q3", "contacts").await.len(), 1);
    let next = told.as_seller("GET", "/statements/2026Q4", Json::Null).await;
    assert_eq!(next.body["measured"]["contacts"], 1, "{}", next.body);

    let to_customer = ["How was our help with your order o1?", "What we have done about your order o1"];
    assert_eq!(subjects(told, "c1@customers.example"), to_customer);
    assert_eq!(subjects(told, "s1@sellers.example").len(), 8, "{:#?}", subjects(told, "s1@sellers.example"));
    for mail in told.world.mails_to("s1@sellers.example") {
        assert!(!mail.raw.contains("CANARY"), "INQ-5: no word of a customer in a seller's mail");
    }
}
