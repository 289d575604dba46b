//! A world to tell stories in: facts come in, requests are made, time passes, and everything that follows is delivered
//! until nothing moves.

use crate::{
    cloud::{Call, Cloud, Mail, locked},
    contract::CONTRACT,
    events, facts, functions,
    process::{environment, started},
    receiver::Webhook,
    secrecy::names_another,
    shipped::TEMPLATE,
    template::{Function, Template},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use shell::{Shell, schedule::Tick};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How messages arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Each once, in order.
    Once,
    /// Each twice.
    Twice,
    /// The newest first.
    Reversed,
}

/// What a request was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: i64,
    /// The body.
    pub body: Json,
}

impl Reply {
    /// Its status, and which problem it is.
    #[must_use]
    pub fn code(&self) -> (i64, &str) {
        (self.status, self.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/"))
    }

    /// The fields of the input that it names as wrong.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
    }
}

/// The system, in one process.
#[derive(Debug)]
pub struct World {
    /// The services behind it.
    pub cloud: Arc<Cloud>,
    /// What the template says.
    pub template: Arc<Template>,
    delivery: Delivery,
    shells: BTreeMap<String, Shell>,
    dead: Vec<(String, String)>,
    muted: Option<&'static str>,
    telling: bool,
    shards: BTreeMap<&'static str, u32>,
}

/// The most messages in a batch.
const BATCH: usize = 10;
/// A message that failed comes again after so long.
const VISIBILITY: TimeDelta = TimeDelta::seconds(180);

impl World {
    /// An empty world at this time.
    ///
    /// # Panics
    /// If a function of the template cannot start.
    #[must_use]
    pub fn new(now: &str, delivery: Delivery) -> Self {
        let template = Arc::clone(&TEMPLATE);
        let now: DateTime<Utc> = now.parse().expect("a time");
        let cloud = Arc::new(Cloud::new(&template, now.timestamp_millis()));
        let shells = BTreeMap::new();
        let (dead, muted, telling, shards) = (Vec::new(), None, false, BTreeMap::new());
        let mut world = Self { cloud, template, delivery, shells, dead, muted, telling, shards };
        world.begin();
        world
    }

    /// From now on this says that an index is spread over so many keys.
    pub fn spread(&mut self, variable: &'static str, shards: u32) {
        self.shards.insert(variable, shards);
        self.begin();
    }

    /// A world in which the marketplace's systems are told what happens.
    #[must_use]
    pub fn telling(mut self) -> Self {
        self.set_telling(true);
        self
    }

    /// Whether the marketplace's systems are told what happens.
    #[must_use]
    pub const fn is_telling(&self) -> bool {
        self.telling
    }

    /// From now on the marketplace's systems are told what happens, or are not.
    pub fn set_telling(&mut self, telling: bool) {
        self.telling = telling;
        self.begin();
    }

    /// A process for each function.
    fn begin(&mut self) {
        let packages = self.template.functions.keys();
        self.shells = packages.map(|package| (package.clone(), self.process(package, TimeDelta::zero()))).collect();
    }

    /// One more process of a function, over the same cloud, on a machine whose clock is off by so much.
    ///
    /// # Panics
    /// If there is no such function, or it cannot start.
    #[must_use]
    pub fn process(&self, package: &str, off: TimeDelta) -> Shell {
        let mut env = environment(&self.template.functions[package], self.telling);
        env.extend(self.shards.iter().map(|(variable, shards)| ((*variable).to_owned(), shards.to_string())));
        started(&self.cloud, package, &env, off)
    }

    /// From now on the clock of this function's machine is off by so much.
    pub fn set_clock_off(&mut self, package: &str, off: TimeDelta) {
        self.shells.insert(package.to_owned(), self.process(package, off));
    }

    /// From now on every process is one that has just begun.
    pub fn begin_anew(&self) {
        for shell in self.shells.values() {
            shell.links.forget();
        }
    }

    /// A world whose mails stay in their queue.
    #[must_use]
    pub fn without_mail(self) -> Self {
        Self { muted: Some("NoticesQueue"), ..self }
    }

    /// The time.
    ///
    /// # Panics
    /// Never, as long as the calendar lasts.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.cloud.now()).expect("a time")
    }

    /// What a function has of the outside, for a test that brings its own event or its own handler.
    ///
    /// # Panics
    /// If the template has no such function.
    #[must_use]
    pub fn shell(&self, package: &str) -> &Shell {
        self.shells.get(package).unwrap_or_else(|| panic!("the template has no function {package}"))
    }

    /// A fact of the marketplace, and all that follows.
    pub async fn fact(&mut self, fact: impl std::fmt::Display) {
        self.cloud.send("EventsQueue", fact.to_string());
        self.settle().await;
    }

    /// Facts that arrive together, and all that follows.
    pub async fn facts(&mut self, facts: impl IntoIterator<Item = Json>) {
        for fact in facts {
            self.cloud.send("EventsQueue", fact.to_string());
        }
        self.settle().await;
    }

    /// A request, and all that follows. A write is sent twice where messages are, and must be answered alike.
    ///
    /// # Panics
    /// If the template has no such route, or a repeated write is answered otherwise.
    pub async fn request(&mut self, method: &str, path: &str, claims: Json, key: &str, body: &str) -> Reply {
        let reply = self.one_request(method, path, &claims, key, body).await;
        if method == "POST" && self.delivery == Delivery::Twice {
            let again = self.one_request(method, path, &claims, key, body).await;
            assert_eq!(reply, again, "a repeated {path} is answered alike");
        }
        self.settle().await;
        reply
    }

    /// The gateway's event of a request, and the function it goes to.
    ///
    /// # Panics
    /// If the template has no such route.
    #[must_use]
    pub fn event(&self, method: &str, path: &str, claims: &Json, key: &str, body: &str) -> (String, Json) {
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let (package, route, names) = self.route(|function| &function.routes, method, bare);
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let public = self.template.functions[&package].scopes[&route] == "public";
        let authorizer = if public { Json::Null } else { json!({ "jwt": { "claims": claims, "scopes": [] } }) };
        let event = json!({
            "version": "2.0", "routeKey": route, "rawPath": bare, "rawQueryString": "",
            "headers": { "idempotency-key": key, "content-type": "application/json" },
            "pathParameters": names, "queryStringParameters": query, "body": body, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "0", "apiId": "api", "stage": "$default", "requestId": format!("r-{key}"),
                "routeKey": route, "time": "", "timeEpoch": self.cloud.now(), "domainName": "", "domainPrefix": "",
                "http": { "method": method, "path": bare, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "" },
                "authorizer": authorizer,
            },
        });
        (package, event)
    }

    async fn one_request(&self, method: &str, path: &str, claims: &Json, key: &str, body: &str) -> Reply {
        self.cloud.secrecy.overhear(path, body);
        let (package, event) = self.event(method, path, claims, key, body);
        let route = event["routeKey"].as_str().expect("a route").to_owned();
        let event = serde_json::from_value(event).expect("a request of the gateway");
        let work = functions::http(&package, self.shell(&package), event);
        let response = self.cloud.secrecy.reading_the_log(work).await;
        let text = match response.body {
            Some(aws_lambda_events::encodings::Body::Text(text)) => text,
            other => panic!("a body of text, not {other:?}"),
        };
        if !path.contains("/desk/") || response.status_code >= 400 {
            self.cloud.secrecy.look(&format!("the answer to {method} {path}"), &text);
        }
        let own = claims["seller_id"].as_str();
        assert_eq!(
            own.and_then(|own| names_another(own, &text)),
            None,
            "ACC-3: {method} {path} is answered with {text}"
        );
        let staff = facts::STAFF.iter().find(|name| own.is_some() && text.contains(&format!("\"{name}\"")));
        assert_eq!(staff, None, "JDG-2: {method} {path} tells a seller who of the store it was: {text}");
        let reply = Reply { status: response.status_code, body: serde_json::from_str(&text).expect("a body of JSON") };
        let broken = CONTRACT.broken_by(&route, reply.status, &reply.body);
        assert!(broken.is_empty(), "{route} is answered as the contract does not say: {broken:#?}: {text}");
        reply
    }

    /// The function, the route and its names that a path belongs to; the most exact route wins.
    pub(crate) fn route(
        &self,
        of: fn(&Function) -> &Vec<String>,
        method: &str,
        path: &str,
    ) -> (String, String, BTreeMap<String, String>) {
        let parts: Vec<_> = path.split('/').collect();
        let mut found = Vec::new();
        for (package, function) in &self.template.functions {
            for route in of(function) {
                let (verb, shape) = route.split_once(' ').expect("METHOD /path");
                let shape: Vec<_> = shape.split('/').collect();
                let name = |s: &str| s.strip_prefix('{').and_then(|s| s.strip_suffix('}')).map(str::to_owned);
                let fits = shape.iter().zip(&parts).all(|(s, p)| name(s).is_some() || s == p);
                if verb == method && shape.len() == parts.len() && fits {
                    let names: BTreeMap<_, _> =
                        shape.iter().zip(&parts).filter_map(|(s, p)| Some((name(s)?, (*p).to_owned()))).collect();
                    found.push((names.len(), package.clone(), route.clone(), names));
                }
            }
        }
        let (_, package, route, names) =
            found.into_iter().min_by_key(|(n, ..)| *n).unwrap_or_else(|| panic!("no route for {method} {path}"));
        (package, route, names)
    }

    /// Time passes, the sweep and the rollup tick, and all that follows.
    pub async fn pass(&mut self, time: TimeDelta) {
        self.pass_to(self.now() + time).await;
    }

    /// The same, up to an instant.
    pub async fn pass_to(&mut self, to: DateTime<Utc>) {
        self.cloud.set_now(to.timestamp_millis());
        self.tick("sla-sweep").await;
        self.settle().await;
        // A quarter that is measured late is closed by the next day's tick.
        while self.tick("ledger-rollup").await > 0 {
            self.settle().await;
        }
    }

    /// One tick of a schedule; says how much was due.
    ///
    /// # Panics
    /// If the function fails.
    pub async fn tick(&self, package: &str) -> u64 {
        let tick = Tick { time: self.now() };
        let work = functions::tick(package, self.shell(package), tick);
        self.cloud.secrecy.reading_the_log(work).await.expect("the tick")
    }

    /// Delivers whatever waits, until nothing does. What fails comes again after its visibility time.
    pub async fn settle(&mut self) {
        if let Some(muted) = self.muted {
            locked(&self.cloud.queues).remove(muted);
        }
        loop {
            let relayed = self.relay().await;
            let delivered = self.deliver_round().await;
            if relayed == 0 && delivered == 0 {
                return;
            }
        }
    }

    /// What the outbox' stream delivers: the items that were written since.
    async fn relay(&self) -> u64 {
        let written = std::mem::take(&mut *locked(&self.cloud.stream));
        let images: Vec<_> = written.into_iter().map(|entry| entry.image).collect();
        if images.is_empty() {
            return 0;
        }
        let work = functions::stream(self.shell("outbox-relay"), events::stream(&images));
        self.cloud.secrecy.reading_the_log(work).await.expect("the relay")
    }

    async fn deliver_round(&mut self) -> usize {
        let consumers: Vec<_> = self
            .template
            .functions
            .iter()
            .filter_map(|(package, function)| Some((package.clone(), function.queue.clone()?)))
            .filter(|(_, queue)| self.muted != Some(queue.as_str()))
            .collect();
        let (mut delivered, mut failed) = (0, 0);
        for (package, queue) in consumers {
            let (taken, again) = self.deliver(&package, &queue).await;
            delivered += taken;
            failed += again;
        }
        if delivered > 0 && failed == delivered {
            self.cloud.set_now((self.now() + VISIBILITY).timestamp_millis());
        }
        delivered
    }

    /// One batch of a queue; says how many were delivered and how many of them failed.
    async fn deliver(&mut self, package: &str, queue: &str) -> (usize, usize) {
        let mut batch = Vec::new();
        {
            let mut queues = locked(&self.cloud.queues);
            let waiting = queues.entry(queue.to_owned()).or_default();
            while batch.len() < BATCH {
                let next = if self.delivery == Delivery::Reversed { waiting.pop_back() } else { waiting.pop_front() };
                let Some(mut message) = next else { break };
                message.deliveries += 1;
                batch.push(message);
            }
        }
        if batch.is_empty() {
            return (0, 0);
        }
        let times = if self.delivery == Delivery::Twice { 2 } else { 1 };
        let mut failed = BTreeSet::new();
        for _ in 0..times {
            let work = functions::queue(package, self.shell(package), events::batch(&batch));
            failed = match self.cloud.secrecy.reading_the_log(work).await {
                Ok(response) => response.batch_item_failures.into_iter().map(|f| f.item_identifier).collect(),
                Err(_) => batch.iter().map(|message| message.id.clone()).collect(),
            };
        }
        let (patience, count) = (self.template.patience.get(queue).copied().unwrap_or(5), batch.len());
        let mut queues = locked(&self.cloud.queues);
        let waiting = queues.entry(queue.to_owned()).or_default();
        for message in batch.into_iter().filter(|message| failed.contains(&message.id)) {
            if message.deliveries >= patience {
                self.dead.push((queue.to_owned(), message.body));
            } else if self.delivery == Delivery::Reversed {
                waiting.push_front(message);
            } else {
                waiting.push_back(message);
            }
        }
        (count, failed.len())
    }

    /// Every item of a table, as `DynamoDB` writes it.
    ///
    /// # Panics
    /// If there is no such table.
    #[must_use]
    pub fn items(&self, table: &str) -> Vec<Json> {
        let mut items = Vec::new();
        self.each_item(table, |item| items.push(item));
        items
    }

    /// The same, one by one: a long history does not fit into memory as JSON.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn each_item(&self, table: &str, mut look: impl FnMut(Json)) {
        for (_, item) in locked(&self.cloud.tables).items(table) {
            look(serde_json::from_str(item).expect("JSON"));
        }
    }

    /// Every item of every table but the marks of what was done, the mails' bytes and parked input: what a story leaves.
    #[must_use]
    pub fn left_behind(&self) -> BTreeMap<String, Json> {
        let tables = self.template.tables.keys().filter(|t| !["OnceTable", "ParkedTable"].contains(&t.as_str()));
        let mut left = BTreeMap::new();
        for table in tables {
            for item in self.items(table) {
                left.insert(format!("{table} {} {}", item["pk"]["S"], item["sk"]["S"]), item);
            }
        }
        left
    }

    /// Reasons of parked input.
    #[must_use]
    pub fn parked(&self) -> Vec<String> {
        let reason = |item: &Json| item["state"]["M"]["reason"]["S"].as_str().unwrap_or_default().to_owned();
        self.items("ParkedTable").iter().map(reason).collect()
    }

    /// Messages that a queue gave up.
    #[must_use]
    pub fn dead(&self) -> &[(String, String)] {
        &self.dead
    }

    /// Mails to this address.
    #[must_use]
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        locked(&self.cloud.mails).iter().filter(|mail| mail.to == address).cloned().collect()
    }

    /// What the marketplace's systems were told.
    #[must_use]
    pub fn told(&self) -> Vec<Webhook> {
        locked(&self.cloud.receiver).took.clone()
    }

    /// The calls since the last time this was asked.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *locked(&self.cloud.calls))
    }
}
