//! Every path once, with the calls that each step made.

use crate::stories::{surveys, told::Told};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use shell::sqs::Queue;
use std::collections::BTreeMap;
use world::{cloud::Call, facts};

pub type Steps = BTreeMap<&'static str, Vec<Call>>;

pub struct Tour {
    pub told: Told,
    pub steps: Steps,
}

impl Tour {
    /// What leads up to a step.
    pub fn forget(&self) {
        let _ = self.told.world.calls();
    }

    /// The latest clock of this kind rings, alone: the entry of the outbox that the sweep would send.
    pub async fn rings(&mut self, name: &'static str, clock: &str) {
        let entries = self.told.world.items("OutboxTable");
        let (begins, ends) = clock.split_once('*').unwrap();
        let is_it = |name: &str| name.starts_with(&format!("ENTRY#{begins}")) && name.ends_with(ends);
        let own = entries.iter().filter(|item| is_it(item["pk"]["S"].as_str().unwrap()));
        let entry = own.max_by_key(|item| item["due_at"]["N"].as_str().unwrap().parse::<i64>().unwrap());
        self.told.world.cloud.send("ClocksQueue", entry.unwrap()["body"]["S"].as_str().unwrap().to_owned());
        self.told.world.settle().await;
        self.step(name);
    }

    /// Time passes, and nobody ticks.
    pub fn wait_until(&mut self, to: &str) {
        let to: chrono::DateTime<chrono::Utc> = to.parse().unwrap();
        self.told.world.cloud.set_now(to.timestamp_millis());
    }

    /// What was called since the last step.
    pub fn step(&mut self, name: &'static str) {
        let calls = self.told.world.calls();
        assert!(self.steps.insert(name, calls).is_none(), "{name} is there twice");
    }

    pub async fn fact(&mut self, name: &'static str, fact: Json) {
        self.told.world.fact(fact).await;
        self.step(name);
    }

    async fn pass_to(&mut self, to: &str) {
        self.told.world.pass_to(to.parse().unwrap()).await;
    }

    fn shipped(&self, order: &str, units: u16) -> Json {
        let mut fact = self.told.shipped(order);
        fact["units"] = (1..=units).map(|ordinal| json!({ "item_id": "1", "ordinal": ordinal })).collect();
        fact
    }

    fn placed(&self, order: &str, quantity: u16) -> Json {
        let mut fact = self.told.placed(order, "seller", self.told.just_now());
        fact["lines"][0]["quantity"] = json!(quantity);
        fact["lines"][0]["unit_price_minor"] = json!(10);
        fact
    }
}

/// Every path once.
pub async fn tour() -> Steps {
    let mut tour = Tour { told: Told::begun(), steps: Steps::new() };
    sellers(&mut tour).await;
    orders(&mut tour).await;
    inquiries(&mut tour).await;
    requests(&mut tour).await;
    super::files::files(&mut tour).await;
    quarters(&mut tour).await;
    products(&mut tour).await;
    surveyed(&mut tour).await;
    super::users::users(&mut tour).await;
    super::moves::moves(&mut tour).await;
    super::data::data(&mut tour).await;
    ways_out(&mut tour).await;
    super::answers::answers(&mut tour).await;
    super::macros::macros(&mut tour).await;
    super::data::retention(&mut tour).await;
    super::mails_in::mails_in(&mut tour).await;
    super::parked::parked(&mut tour).await;
    super::hooks::hooks(&mut tour).await;
    tour.steps
}

async fn sellers(tour: &mut Tour) {
    let mut newcomer = tour.told.registered();
    newcomer["seller_id"] = json!("s2");
    newcomer["accepted_terms"] = Json::Null;
    tour.fact("seller registered and not enrolled", newcomer).await;
    tour.told.as_user_of("s2", "POST", "/enrollment/opt-in", json!({ "terms_version": "2026-01" })).await;
    tour.step("first opt-in");
    let mut registered = tour.told.registered();
    registered["email"] = json!("first@sellers.example");
    tour.fact("seller registered", registered).await;
    tour.told.world.pass(TimeDelta::minutes(20)).await;
    let mut changed = tour.told.registered();
    changed["type"] = json!("seller_changed");
    changed["email"] = json!("s1@sellers.example");
    tour.step("20 minutes");
    tour.fact("seller changed", changed).await;

    tour.told.as_seller("GET", "/enrollment", Json::Null).await;
    tour.step("enrollment read");
    tour.told.as_seller("GET", "/enrollment/preview", Json::Null).await;
    tour.step("preview read");
    tour.told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    tour.step("opt-out");
    tour.told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    tour.step("opt-in");
    tour.told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    tour.step("opt-in again");
    let refused = tour.told.as_seller("POST", "/enrollment/terms", json!({ "terms_version": "1999-01" })).await;
    assert_eq!(refused.status, 409);
    tour.step("terms refused");
    policy(tour).await;
    tour.told.as_seller("GET", "/users", Json::Null).await;
    tour.step("users read");
    tour.told.as_seller("GET", "/audit", Json::Null).await;
    tour.step("audit read");
    tour.told.world.pass(TimeDelta::minutes(20)).await;
    tour.step("20 minutes more");
    tour.told.world.tick("sla-sweep").await;
    tour.step("nothing due to sweep");
    tour.told.world.tick("ledger-rollup").await;
    tour.step("nothing due to roll up");
}

async fn policy(tour: &mut Tour) {
    tour.told.as_seller("POST", "/return-policy", facts::terms(45)).await;
    tour.step("policy drafted");
    let worse = tour.told.as_seller("POST", "/return-policy", facts::terms(29)).await;
    assert_eq!(worse.status, 409);
    tour.step("policy refused");
    tour.told.as_seller("POST", "/return-policy/submit", json!({ "version": 1 })).await;
    tour.step("policy submitted");
    tour.told.as_associate("GET", "/return-policies/s1", Json::Null).await;
    tour.step("policy seen");
    tour.told.as_lead("/return-policies/s1/approve", json!({ "version": 1 })).await;
    tour.step("policy approved");
    tour.told.as_seller("GET", "/return-policy", Json::Null).await;
    tour.step("policy read");
}

async fn orders(tour: &mut Tour) {
    tour.fact("order placed", tour.placed("o1", 25)).await;
    for (order, quantity) in [("o2", 90), ("o3", 2), ("o4", 2), ("o5", 2)] {
        tour.told.world.fact(tour.placed(order, quantity)).await;
    }
    tour.forget();
    tour.fact("25 units shipped", tour.shipped("o1", 25)).await;
    tour.fact("90 units shipped", tour.shipped("o2", 90)).await;
    let mut again = tour.shipped("o1", 25);
    again["shipment_id"] = json!("p-again");
    tour.fact("known unit shipped again", again).await;
    tour.fact("carrier scanned", tour.told.scanned("o1")).await;
    tour.told.as_seller("GET", "/orders/o1", Json::Null).await;
    tour.step("order read");
}

async fn inquiries(tour: &mut Tour) {
    tour.told.contact("k1", Some("o1"), "late_delivery").await;
    tour.step("contact taken");
    let inquiry = tour.told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    tour.step("contact read");
    let unknown = tour.told.contact("k1", Some("o2"), "late_delivery").await;
    assert_eq!(unknown.status, 409, "{}", unknown.body);
    tour.step("contact known");
    transfers(tour).await;
    tour.told.contact("k2", None, "pre_order").await;
    tour.step("contact before any order");
    tour.told.contact("k3", Some("o1"), "quality").await;
    tour.step("contact continued by another issue");
    tour.told.as_associate("GET", "/queue", Json::Null).await;
    tour.step("queue read");
    tour.told.seen(&inquiry).await;
    tour.step("inquiry read");
    let path = |what: &str| format!("/inquiries/{inquiry}/{what}");
    tour.told.as_associate("POST", &path("claim"), json!({})).await;
    tour.step("claim");
    tour.told.as_associate("POST", &path("claim"), json!({})).await;
    tour.step("claim again");
    let full = format!("/v1/stores/US/desk{}", path("claim"));
    let refused = tour.told.world.request("POST", &full, facts::associate("ada"), "refused", "{}").await;
    assert_eq!(refused.status, 409);
    tour.step("claim refused");
    tour.told.as_associate("POST", &path("answer"), json!({ "message": "We look into it." })).await;
    tour.step("answer");
    let request = tour.told.asked(&inquiry).await;
    tour.step("seller asked");
    tour.told.as_seller("GET", "/case-log", Json::Null).await;
    tour.step("case log read");
    tour.told.as_seller("GET", "/case-log?view=needs_attention", Json::Null).await;
    tour.step("view read");
    tour.told.as_seller("GET", "/case-log?order_id=o1", Json::Null).await;
    tour.step("order searched");
    tour.told.as_seller("GET", &format!("/case-log?case_id={inquiry}"), Json::Null).await;
    tour.step("case searched");
    tour.told.request(&request).await;
    tour.step("request read");
    assert_eq!(tour.told.reply(&request, "It left on Monday.").await.status, 200);
    tour.step("reply");
    assert_eq!(tour.told.reply(&request, "It left on Tuesday.").await.status, 409);
    tour.step("reply again");
    let decision = json!({ "kind": "decline", "reason": "on_its_way" });
    assert_eq!(tour.told.as_associate("POST", &path("decision"), decision).await.status, 200);
    tour.step("decision");
    assert_eq!(tour.told.wrote("k9", "o2", "Something is odd here").await.status, 202);
    tour.step("contact without a topic");
    let unclear = tour.told.went("k9").await["inquiry_id"].as_str().unwrap().to_owned();
    tour.told.as_associate("POST", &format!("/inquiries/{unclear}/claim"), json!({})).await;
    tour.forget();
    let chosen = json!({ "topic": "damaged_item" });
    let chosen = tour.told.as_associate("POST", &format!("/inquiries/{unclear}/topic"), chosen).await;
    assert_eq!(chosen.status, 200, "{}", chosen.body);
    tour.step("topic chosen");
    tour.told.contact_by("phone", "k10", Some("o2"), "billing").await;
    tour.forget();
    let chosen = json!({ "topic": "address_change" });
    let chosen = tour.told.as_associate("POST", &format!("/inquiries/{unclear}/topic"), chosen).await;
    assert_eq!(chosen.body["status"], "merged", "{}", chosen.body);
    tour.step("topic chosen of a live issue");
    tour.told.as_seller("GET", "/decisions", Json::Null).await;
    tour.step("decisions read");
    decided(tour).await;
    let late = tour.told.inquiry("k4", "o3", "late_delivery").await;
    tour.told.as_associate("POST", &format!("/inquiries/{late}/topic"), json!({ "topic": "quality" })).await;
    tour.forget();
    let elsewhere = tour.told.took_over("o3", "quality");
    tour.fact("seller took over what is filed elsewhere", elsewhere).await;
    tour.forget();
    tour.fact("seller took over", tour.told.took_over("o3", "late_delivery")).await;
}

/// A seller that has moved to China names a way for one return, waives another, and says nothing of a third.
async fn no_way_back(tour: &mut Tour) {
    let mut moved = tour.told.registered();
    moved["type"] = json!("seller_changed");
    moved["address_country"] = json!("CN");
    tour.told.world.fact(moved).await;
    tour.told.world.fact(tour.placed("o-waived", 1)).await;
    let label = json!({ "method": "prepaid_label", "place": "In the parcel." });
    let waiver = json!({ "method": "refund_without_return" });
    for (contact, order, way) in [
        ("k-named", "o1", Some(("way back named", label))),
        ("k-waived", "o-waived", Some(("way back waived", waiver))),
        ("k-unnamed", "o3", None),
    ] {
        let inquiry = tour.told.inquiry(contact, order, "return_request").await;
        let authorised = json!({ "kind": "return_authorised", "reason": "changed_mind" });
        let decided = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), authorised).await.body;
        let decision = decided["id"].as_str().unwrap().to_owned();
        tour.forget();
        if let Some((step, way)) = way {
            tour.told.as_seller("POST", &format!("/decisions/{decision}/return-method"), way).await;
            tour.step(step);
        } else {
            tour.wait_until("2026-08-16T08:00:00Z");
            tour.rings("return without a way", &format!("return_method#US#s1#{decision}#*due")).await;
        }
    }
}

/// What came back of an order is not refunded.
async fn overdue(tour: &mut Tour) {
    let inquiry = tour.told.inquiry("k-return", "o5", "return_request").await;
    let authorised = json!({ "kind": "return_authorised", "reason": "changed_mind" });
    let decided = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), authorised).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
    tour.told.world.fact(facts::returned("o5", "s1", [1], "original", tour.told.just_now())).await;
    tour.wait_until("2026-08-10T08:00:00Z");
    tour.rings("refund overdue", "refund_due#US#s1#o5#*").await;
}

/// What becomes of a refund.
async fn decided(tour: &mut Tour) {
    let inquiry = tour.told.inquiry("k-refund", "o2", "quality").await;
    let refund = json!({ "kind": "refund_full", "reason": "defective" });
    let decided = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), refund).await.body;
    let decision = decided["id"].as_str().unwrap().to_owned();
    tour.forget();
    tour.told.as_seller("GET", &format!("/decisions/{decision}"), Json::Null).await;
    tour.step("decision read");
    tour.fact("refund issued", facts::refunded("o2", "s1", &decision, 900, tour.told.just_now())).await;
    tour.fact("return received", facts::returned("o2", "s1", 1..=90, "original", tour.told.just_now())).await;
}

async fn requests(tour: &mut Tour) {
    let inquiry = tour.told.inquiry("k5", "o4", "late_delivery").await;
    tour.told.asked(&inquiry).await;
    tour.forget();
    tour.wait_until("2026-08-04T04:00:00Z");
    tour.rings("reminder", "request_reminder#*#12").await;
    tour.wait_until("2026-08-04T17:00:00Z");
    tour.rings("expiry", "request_expiry#*").await;
    tour.told.world.pass(TimeDelta::minutes(1)).await;
    tour.step("expiry by the sweep");
    overdue(tour).await;
    no_way_back(tour).await;
}

async fn quarters(tour: &mut Tour) {
    let [late, very_late] = ["o4", "o5"].map(|order| tour.shipped(order, 2));
    // Of the other seller the trial's end is announced too, and its quarters end with those of this one.
    tour.told.as_user_of("s2", "POST", "/enrollment/opt-out", json!({})).await;
    tour.forget();
    tour.pass_to("2026-10-01T08:00:00Z").await;
    let both = tour.told.world.calls();
    tour.steps.insert("quarter measured", first_of("fee-statement", &both, "TransactWriteItems"));
    tour.steps.insert("quarter of another measured", both.clone());
    super::figures::days(tour, &both).await;
    tour.fact("late units", late).await;
    let contact = json!({ "id": "k-late", "store": "US", "customer": "c1", "channel": "message", "language": "en",
        "mailable": false, "seller": "s1", "subject": { "order": "o5", "items": ["1"] }, "topic": "late_delivery",
        "received_at": "2026-09-30T20:00:00Z" });
    tour.told.world.cloud.send("ContactsQueue", contact.to_string());
    tour.told.world.settle().await;
    tour.step("late contact");
    tour.told.as_seller("GET", "/statements/2026Q3", Json::Null).await;
    tour.step("statement read");
    tour.pass_to("2026-10-05T08:00:00Z").await;
    let both = tour.told.world.calls();
    tour.steps.insert("quarter closed", first_of("fee-statement", &both, "TransactWriteItems"));
    tour.steps.insert("quarter of another closed", both);
    tour.fact("very late units", very_late).await;
    for (path, step) in [
        ("/statements/2026Q3", "final statement read"),
        ("/statements/2026Q4", "statement with late units"),
        ("/statements/2026Q4/units", "units read"),
        ("/statements/2026Q3/contacts", "contacts read"),
        ("/forecast", "forecast read"),
    ] {
        tour.told.as_seller("GET", path, Json::Null).await;
        tour.step(step);
    }
    disputes(tour).await;
    super::claims::claims(tour).await;
    super::figures::read(tour).await;
    tour.wait_until("2026-10-20T08:00:00Z");
    tour.rings("trial ending", "trial_ending#US#s1#14*").await;
    tour.pass_to("2027-01-05T09:00:00Z").await;
    tour.step("next quarter");
    tour.pass_to("2027-01-06T09:00:00Z").await;
    tour.forget();
    let late = json!({ "order_id": "o5", "item_id": "1", "ordinal": 1, "reason": "It was lost." });
    let refused = tour.told.as_seller("POST", "/statements/2026Q4/disputes", late).await;
    assert_eq!(refused.body["type"], "/problems/nothing_to_dispute", "shipped in the trial: {}", refused.body);
    tour.step("dispute of a late unit");
}

async fn disputes(tour: &mut Tour) {
    let contact = json!({ "contact_id": "k1", "reason": "It was about another order." });
    let filed = tour.told.as_seller("POST", "/statements/2026Q3/disputes", contact.clone()).await;
    assert_eq!(filed.status, 201, "{}", filed.body);
    tour.step("dispute of a contact");
    assert_eq!(tour.told.as_seller("POST", "/statements/2026Q3/disputes", contact).await.status, 409);
    tour.step("dispute again");
    tour.told.as_seller("GET", "/disputes", Json::Null).await;
    tour.step("disputes read");
    tour.told.as_associate("GET", "/disputes", Json::Null).await;
    tour.step("open disputes read");
    let path = format!("/v1/stores/US/desk/disputes/s1/{}/decision", filed.body["dispute_id"].as_str().unwrap());
    let body = json!({ "decision": "accept" }).to_string();
    let accepted = tour.told.world.request("POST", &path, facts::lead("lea"), "accept", &body).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    tour.step("dispute accepted");
    let again = tour.told.world.request("POST", &path, facts::lead("lea"), "again", &body).await;
    assert_eq!(again.status, 409, "{}", again.body);
    tour.step("dispute decided again");
}

/// The calls of a function up to and with its first one of this kind.
fn first_of(function: &str, calls: &[Call], last: &str) -> Vec<Call> {
    let own: Vec<_> = calls.iter().filter(|call| call.function == function).cloned().collect();
    let end = own.iter().position(|call| call.operation == last).unwrap();
    own.into_iter().take(end + 1).collect()
}

/// What came to the seller by mistake.
async fn transfers(tour: &mut Tour) {
    let transfer = tour.told.transferred("Order o3 is late.").await;
    tour.step("transfer taken");
    tour.told.transferred("Order o3 is late.").await;
    tour.step("transfer known");
    let body = json!({ "topic": "late_delivery", "text": "It is late." });
    assert_eq!(tour.told.as_seller("POST", "/transfers", body).await.status, 422);
    tour.step("transfer of no order");
    tour.told.as_seller("GET", &format!("/transfers/{transfer}"), Json::Null).await;
    tour.step("transfer read");
}

/// An issue about a product, and what the catalogue says about it.
async fn products(tour: &mut Tour) {
    tour.fact("product described", facts::described(tour.told.just_now())).await;
    tour.told.world.fact(tour.placed("o-product", 1)).await;
    let about_product = tour.told.inquiry("k-product", "o-product", "quality").await;
    tour.forget();
    tour.told.seen(&about_product).await;
    tour.step("inquiry about the product read");
    let lacking = json!({ "kind": "product_fact", "text": "How heavy is it?", "attribute": "Weight" });
    tour.told.as_associate("POST", &format!("/inquiries/{about_product}/requests"), lacking).await;
    tour.step("seller asked for what the catalogue lacks");
    let gaps = tour.told.as_seller("GET", "/insights/gaps", Json::Null).await.body;
    assert_eq!(gaps["gaps"][0]["attribute"], "Weight", "{gaps}");
    tour.step("gaps read");
}

/// A matter that was resolved, whose customer is asked, and answers.
async fn surveyed(tour: &mut Tour) {
    tour.told.world.fact(tour.placed("o-survey", 1)).await;
    surveys::resolved(&mut tour.told, "k-survey", "o-survey").await;
    tour.forget();
    tour.rings("survey due", "survey#*").await;
    let link = surveys::link(&tour.told);
    let forged = format!("/v1/surveys/AAAA{}", &link["/v1/surveys/AAAA".len()..]);
    for (step, link, method, body, status) in [
        ("survey looked at", link.as_str(), "GET", "", 200),
        ("survey forged", &forged, "GET", "", 404),
        ("survey answered", &link, "POST", r#"{ "score": 5, "comment": "CANARY" }"#, 200),
        ("survey answered again", &link, "POST", r#"{ "score": 1 }"#, 409),
    ] {
        let reply = tour.told.world.request(method, link, Json::Null, "", body).await;
        assert_eq!(reply.status, status, "{step}: {}", reply.body);
        tour.step(step);
    }
}

/// What the stream has lost the sweep finds; what nobody can take is parked; what was sent is sent once.
async fn ways_out(tour: &mut Tour) {
    let notice = json!({ "id": "n1", "store": "US", "to": "seller", "seller": "s1", "notice": "statement_ready",
        "quarter": "2026Q3", "units": 1, "total": { "minor": 0, "currency": "USD" } });
    for step in ["mail sent", "mail sent again"] {
        tour.told.world.cloud.send("NoticesQueue", notice.to_string());
        tour.told.world.settle().await;
        tour.step(step);
    }
    let to_customer = json!({ "id": "n2", "store": "US", "to": "customer", "contact": "k1",
        "notice": "inquiry_resolved", "order": "o1", "decision": "decline", "amount": null });
    tour.told.world.cloud.send("NoticesQueue", to_customer.to_string());
    tour.told.world.settle().await;
    tour.step("mail to a customer");
    let mail = tour.told.world.mails_to("s1@sellers.example").pop().unwrap();
    for (step, fate) in [
        ("delivery reported", Fate::Delivered),
        ("delivery reported again", Fate::Delivered),
        ("bounce reported", Fate::HardBounced),
    ] {
        tour.told.reported(&mail, fate).await;
        tour.step(step);
    }
    let next = notice.to_string().replace("n1", "n3");
    tour.told.world.cloud.send("NoticesQueue", next);
    tour.told.world.settle().await;
    tour.step("mail to a suppressed address");
    for queue in Queue::ALL {
        tour.told.world.cloud.send(&format!("{queue:?}Queue"), "poison".to_owned());
    }
    tour.told.world.settle().await;
    tour.step("poison");
    assert_eq!(tour.told.world.parked().len(), Queue::ALL.len());

    let (package, event) = contact_event(tour, "k-lost");
    unrelayed(tour, &package, event).await;
    tour.told.world.pass(TimeDelta::minutes(2)).await;
    tour.step("swept by the sweep");
    let (package, event) = opt_in_event(tour);
    unrelayed(tour, &package, event).await;
    tour.told.world.pass(TimeDelta::minutes(2)).await;
    tour.step("a mail swept by the sweep");
}

/// A request whose entries the stream never delivers.
async fn unrelayed(tour: &mut Tour, package: &str, event: Json) {
    let event = serde_json::from_value(event).unwrap();
    let response = world::functions::http(package, tour.told.world.shell(package), event).await;
    assert!(response.status_code < 300, "{response:?}");
    tour.told.world.cloud.stream.lock().unwrap().clear();
    tour.forget();
}

fn contact_event(tour: &Tour, contact: &str) -> (String, Json) {
    let body = json!({ "contact_id": contact, "customer": { "id": "c1" }, "channel": "phone", "seller_id": "s1",
        "topic": "pre_order", "message": "Is it blue?" });
    let claims = json!({ "sub": "marketplace" });
    tour.told.world.event("POST", "/v1/stores/US/contacts", &claims, contact, &body.to_string())
}

fn opt_in_event(tour: &Tour) -> (String, Json) {
    let claims = json!({ "sub": "user-of-s2", "seller_id": "s2" });
    tour.told.world.event("POST", "/v1/stores/US/enrollment/opt-in", &claims, "again", "{}")
}
