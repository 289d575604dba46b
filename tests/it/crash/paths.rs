//! The paths: what has happened before each, and the event that begins it.

use crate::stories::told::Told;
use chrono::{DateTime, TimeDelta, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;
use world::{cloud::locked, reports};

/// The event that a handler gets, as often as it needs.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// Messages of a queue, each with its id.
    Messages(&'static str, Vec<String>),
    /// A request of the gateway.
    Request(String, Json),
    /// A tick of a schedule.
    Tick(&'static str),
    /// Items that the outbox' stream brings.
    Stream(Vec<Json>),
}

/// The paths that are told here; those with the most calls first, so that no thread is left alone with them.
const OWN: [&str; 71] = [
    "sweep",
    "rollup",
    "two facts in one batch",
    "contact late",
    "contact continued by another issue",
    "decision on a request",
    "decision",
    "answer",
    "answer made of a macro",
    "claim",
    "topic chosen",
    "topic chosen that is not ours",
    "seller asked",
    "reply",
    "reply with a file",
    "late reply",
    "quarter measured",
    "quarter closed",
    "day added up",
    "day added up again",
    "expiry with a judgement",
    "expiry to a person",
    "late units",
    "relay",
    "relay to two queues",
    "mail",
    "mail that must arrive",
    "mail to a customer",
    "mail to nobody",
    "mail that waits",
    "mail to a suppressed address",
    "mail with a link",
    "delivery reported",
    "delivery reported early",
    "bounce reported",
    "seller registered",
    "seller registered and not enrolled",
    "seller changed",
    "order placed",
    "shipped",
    "known unit shipped again",
    "carrier scanned",
    "seller took over",
    "product described",
    "refund issued",
    "return received",
    "refund overdue",
    "return without a way",
    "return of a dear thing without a way",
    "way back named",
    "decision instead of another",
    "opt-out",
    "opt-in",
    "opt-in again",
    "first opt-in",
    "terms",
    "policy drafted",
    "policy submitted",
    "policy approved",
    "dispute filed",
    "dispute accepted",
    "survey due",
    "survey answered",
    "contact taken",
    "contact without a topic",
    "contact routed",
    "transfer taken",
    "transfer known",
    "transfer routed",
    "reminder",
    "trial ending",
];

/// Every path.
pub static PATHS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_others: [&[_]; 8] = [
        &super::answers::PATHS,
        &super::claims::PATHS,
        &super::users::PATHS,
        &super::data::PATHS,
        &super::hooks::PATHS,
        &super::moves::PATHS,
        &super::mails_in::PATHS,
        &super::wishes::PATHS,
    ];
    [&OWN, of_others.concat().as_slice()].concat()
});

/// Tells what happened before a path, and gives the event that begins it.
pub async fn before(told: &mut Told, path: &str) -> Trigger {
    match path {
        "seller registered" | "seller registered and not enrolled" => registered(told, path),
        "opt-out" | "opt-in" | "opt-in again" | "first opt-in" | "terms" | "seller changed" | "trial ending" => {
            seller(told, path).await
        }
        "policy drafted" | "policy submitted" | "policy approved" => policy(told, path).await,
        "order placed" | "two facts in one batch" => {
            told.enrolled().await;
            let mut facts = vec![told.placed("o1", "seller", told.just_now())];
            if path != "order placed" {
                facts.push(told.placed("o2", "seller", told.just_now()));
            }
            facts_of(facts)
        }
        "shipped" | "known unit shipped again" | "carrier scanned" | "seller took over" | "product described" => {
            order(told, path).await
        }
        "contact taken"
        | "contact without a topic"
        | "contact routed"
        | "contact continued by another issue"
        | "relay"
        | "sweep" => contact(told, path).await,
        "claim"
        | "topic chosen"
        | "topic chosen that is not ours"
        | "answer"
        | "answer made of a macro"
        | "seller asked"
        | "decision" => super::desk::desk(told, path).await,
        "transfer taken" | "transfer known" | "transfer routed" => transfer(told, path).await,
        "return without a way" | "return of a dear thing without a way" | "way back named" => {
            super::desk::abroad(told, path).await
        }
        "refund issued" | "return received" | "refund overdue" | "decision instead of another" => {
            super::desk::decided(told, path).await
        }
        "reply"
        | "reply with a file"
        | "late reply"
        | "decision on a request"
        | "reminder"
        | "expiry with a judgement"
        | "expiry to a person"
        | "relay to two queues" => request(told, path).await,
        "day added up" | "day added up again" => super::quarters::day(told, path).await,
        "quarter measured" | "quarter closed" | "late units" | "contact late" | "rollup" => {
            super::quarters::quarter(told, path).await
        }
        "dispute filed" | "dispute accepted" => dispute(told, path).await,
        "mail"
        | "mail that must arrive"
        | "mail to a customer"
        | "mail to nobody"
        | "mail that waits"
        | "mail to a suppressed address"
        | "mail with a link" => mail(told, path).await,
        "survey due" | "survey answered" => super::desk::survey(told, path).await,
        "delivery reported" | "delivery reported early" | "bounce reported" => report(told, path).await,
        mails if super::mails_in::PATHS.contains(&mails) => super::mails_in::before(told, path).await,
        answers if super::answers::PATHS.contains(&answers) => super::answers::before(told, path).await,
        moves if super::moves::PATHS.contains(&moves) => super::moves::before(told, path).await,
        claims if super::claims::PATHS.contains(&claims) => super::claims::before(told, path).await,
        users if super::users::PATHS.contains(&users) => super::users::before(told, path).await,
        wishes if super::wishes::PATHS.contains(&wishes) => super::wishes::before(told, path).await,
        hooks if super::hooks::PATHS.contains(&hooks) => super::hooks::before(told, path).await,
        data if super::data::PATHS.contains(&data) => super::data::before(told, path).await,
        other => panic!("no path {other}"),
    }
}

pub fn facts_of(facts: Vec<Json>) -> Trigger {
    Trigger::Messages("marketplace-intake", facts.iter().map(Json::to_string).collect())
}

pub fn clock(told: &Told, begins: &str, ends: &str) -> Trigger {
    let entries = told.world.items("OutboxTable");
    let is_it = |name: &str| name.starts_with(&format!("ENTRY#{begins}")) && name.ends_with(ends);
    let entry = entries.iter().find(|item| is_it(item["pk"]["S"].as_str().unwrap()));
    Trigger::Messages("sla-clock", vec![entry.unwrap()["body"]["S"].as_str().unwrap().to_owned()])
}

pub fn wait_until(told: &Told, to: DateTime<Utc>) {
    told.world.cloud.set_now(to.timestamp_millis());
}

pub fn by(told: &Told, claims: Json, path: &str, body: &Json) -> Trigger {
    let (package, event) =
        told.world.event("POST", &format!("/v1/stores/US{path}"), &claims, "the-key", &body.to_string());
    Trigger::Request(package, event)
}

pub fn by_seller(told: &Told, path: &str, body: &Json) -> Trigger {
    by(told, json!({ "sub": "user-of-s1", "seller_id": "s1" }), path, body)
}

pub fn by_associate(told: &Told, inquiry: &str, what: &str, body: &Json) -> Trigger {
    by(told, json!({ "sub": "mei", "stores": "US DE" }), &format!("/desk/inquiries/{inquiry}/{what}"), body)
}

/// What a function leaves in the outbox, before the stream has brought it.
pub async fn unrelayed(told: &Told, trigger: Trigger) -> Vec<Json> {
    let Trigger::Request(package, event) = trigger else { panic!("a request") };
    let event = serde_json::from_value(event).unwrap();
    let response = world::functions::http(&package, told.world.shell(&package), event).await;
    assert!(response.status_code < 300, "{response:?}");
    std::mem::take(&mut *locked(&told.world.cloud.stream)).into_iter().map(|entry| entry.image).collect()
}

fn registered(told: &Told, path: &str) -> Trigger {
    let mut fact = told.registered();
    if path != "seller registered" {
        fact["accepted_terms"] = Json::Null;
    }
    facts_of(vec![fact])
}

async fn seller(told: &mut Told, path: &str) -> Trigger {
    if path == "first opt-in" || path == "terms" {
        let mut fact = told.registered();
        fact["accepted_terms"] = Json::Null;
        told.world.fact(fact).await;
        let route = if path == "terms" { "/enrollment/terms" } else { "/enrollment/opt-in" };
        return by_seller(told, route, &json!({ "terms_version": "2026-01" }));
    }
    told.enrolled().await;
    match path {
        "opt-out" => by_seller(told, "/enrollment/opt-out", &json!({})),
        "opt-in" => {
            told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
            by_seller(told, "/enrollment/opt-in", &json!({}))
        }
        "opt-in again" => by_seller(told, "/enrollment/opt-in", &json!({})),
        "seller changed" => {
            let mut fact = told.registered();
            fact["type"] = json!("seller_changed");
            fact["standing"] = json!("suspended");
            facts_of(vec![fact])
        }
        _ => {
            wait_until(told, "2026-10-20T08:00:00Z".parse().unwrap());
            clock(told, "trial_ending#US#s1", "#14")
        }
    }
}

async fn policy(told: &mut Told, path: &str) -> Trigger {
    told.enrolled().await;
    let (terms, first) = (world::facts::terms(45), json!({ "version": 1 }));
    if path == "policy drafted" {
        return by_seller(told, "/return-policy", &terms);
    }
    assert_eq!(told.as_seller("POST", "/return-policy", terms).await.status, 200);
    if path == "policy submitted" {
        return by_seller(told, "/return-policy/submit", &first);
    }
    assert_eq!(told.as_seller("POST", "/return-policy/submit", first.clone()).await.status, 200);
    by(told, world::facts::lead("lin"), "/desk/return-policies/s1/approve", &first)
}

pub async fn ordered(told: &mut Told, fulfilled: bool) {
    told.enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    if fulfilled {
        told.world.fact(told.shipped("o1")).await;
    }
}

async fn order(told: &mut Told, path: &str) -> Trigger {
    ordered(told, path != "shipped").await;
    facts_of(vec![match path {
        "shipped" => told.shipped("o1"),
        "known unit shipped again" => {
            let mut again = told.shipped("o1");
            again["shipment_id"] = json!("p-again");
            again
        }
        "carrier scanned" => told.scanned("o1"),
        "product described" => world::facts::described(told.world.now()),
        _ => {
            told.inquiry("k1", "o1", "late_delivery").await;
            told.took_over("o1", "late_delivery")
        }
    }])
}

fn contact_request(told: &Told, contact: &str, topic: &str) -> Trigger {
    let body = json!({ "contact_id": contact, "channel": "email",
        "customer": { "id": "c1", "email": "c1@customers.example", "language": "en" },
        "order_id": "o1", "seller_id": "s1", "topic": topic, "message": "CANARY where are my shoes" });
    by(told, json!({ "sub": "marketplace" }), "/contacts", &body)
}

async fn transfer(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let text = "CANARY the customer of order o1 asks where it is.";
    if path == "transfer known" {
        told.transferred(text).await;
    }
    let taken = by_seller(told, "/transfers", &json!({ "topic": "late_delivery", "text": text }));
    if path != "transfer routed" {
        return taken;
    }
    let images = unrelayed(told, taken).await;
    Trigger::Messages("contact-router", vec![images[0]["body"]["S"].as_str().unwrap().to_owned()])
}

async fn contact(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    if path == "contact taken" {
        return contact_request(told, "k1", "late_delivery");
    }
    if path == "contact without a topic" {
        let Trigger::Request(package, mut event) = contact_request(told, "k1", "other") else { panic!("no request") };
        let body = event["body"].as_str().unwrap().replace("\"topic\":\"other\"", "\"topic\":null");
        event["body"] = json!(body);
        return Trigger::Request(package, event);
    }
    if path == "contact continued by another issue" {
        told.inquiry("k1", "o1", "late_delivery").await;
        let images = unrelayed(told, contact_request(told, "k2", "quality")).await;
        return Trigger::Messages("contact-router", vec![images[0]["body"]["S"].as_str().unwrap().to_owned()]);
    }
    let images = unrelayed(told, contact_request(told, "k1", "late_delivery")).await;
    match path {
        "contact routed" => {
            Trigger::Messages("contact-router", vec![images[0]["body"]["S"].as_str().unwrap().to_owned()])
        }
        "relay" => Trigger::Stream(images),
        // The stream has lost the contact, and the clocks of the trial's end ring, of which one mails.
        _ => {
            wait_until(told, "2026-10-20T08:00:00Z".parse().unwrap());
            Trigger::Tick("sla-sweep")
        }
    }
}

async fn request(told: &mut Told, path: &str) -> Trigger {
    told.enrolled().await;
    let mut placed = told.placed("o1", "seller", told.just_now());
    if path == "expiry to a person" {
        placed["lines"][0]["unit_price_minor"] = json!(90_000);
    }
    told.world.fact(placed).await;
    let inquiry =
        told.inquiry("k1", "o1", if path == "expiry to a person" { "quality" } else { "late_delivery" }).await;
    if path == "relay to two queues" {
        let asked = by_associate(told, &inquiry, "requests", &json!({ "kind": "free_text", "text": "When?" }));
        let mut images = unrelayed(told, asked).await;
        images.extend(unrelayed(told, contact_request(told, "k2", "late_delivery")).await);
        return Trigger::Stream(images);
    }
    let request = told.asked(&inquiry).await;
    let due = told.world.now() + TimeDelta::hours(24);
    let reply = |told: &Told| by_seller(told, &format!("/case-log/{request}/reply"), &json!({ "text": "On Monday." }));
    match path {
        "reply" => reply(told),
        "reply with a file" => {
            let file = told.uploaded(&request, "proof.pdf", b"%PDF-1.7").await;
            let body = json!({ "text": "On Monday.", "attachments": [file] });
            by_seller(told, &format!("/case-log/{request}/reply"), &body)
        }
        "late reply" => {
            wait_until(told, due + TimeDelta::hours(1));
            reply(told)
        }
        "decision on a request" => {
            assert_eq!(told.reply(&request, "On Monday.").await.status, 200);
            let body = json!({ "kind": "decline", "reason": "on_its_way" });
            by_associate(told, &inquiry, "decision", &body)
        }
        "reminder" => {
            wait_until(told, due - TimeDelta::hours(12));
            clock(told, "request_reminder#", "#12")
        }
        _ => {
            wait_until(told, due + TimeDelta::seconds(30));
            clock(told, "request_expiry#", "")
        }
    }
}

/// A contact that counted, on a statement that is final.
async fn dispute(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    told.world.pass_to("2026-10-05T08:00:00Z".parse().unwrap()).await;
    let filing = json!({ "contact_id": "k1", "reason": "It was about another order." });
    if path == "dispute filed" {
        return by_seller(told, "/statements/2026Q3/disputes", &filing);
    }
    let filed = told.as_seller("POST", "/statements/2026Q3/disputes", filing).await.body;
    let path = format!("/desk/disputes/s1/{}/decision", filed["dispute_id"].as_str().unwrap());
    by(told, json!({ "sub": "lea", "stores": "US", "role": "lead" }), &path, &json!({ "decision": "accept" }))
}

async fn mail(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    if path == "mail that must arrive" {
        let asked = by_associate(told, &inquiry, "requests", &json!({ "kind": "free_text", "text": "When?" }));
        return notices(&unrelayed(told, asked).await);
    }
    let to = match path {
        "mail to a customer" => json!({ "id": "n1", "store": "US", "to": "customer", "contact": "k1",
            "notice": "inquiry_resolved", "order": "o1", "decision": "decline", "amount": null }),
        "mail with a link" => json!({ "id": "n1", "store": "US", "to": "customer", "contact": "k1", "notice": "survey",
            "inquiry": inquiry, "order": "o1", "until": told.world.now() + TimeDelta::days(14) }),
        _ => json!({ "id": "n1", "store": "US", "to": "seller", "notice": "statement_ready",
            "seller": if path == "mail to nobody" { "s-nobody" } else { "s1" },
            "quarter": "2026Q3", "units": 1, "total": { "minor": 0, "currency": "USD" } }),
    };
    if path == "mail to a suppressed address" {
        let bounced = told.world.mails_to("s1@sellers.example").swap_remove(0);
        told.reported(&bounced, Fate::HardBounced).await;
    }
    if path == "mail that waits" {
        // SES took no mail at the first delivery.
        let throttled = world::faults::Fault { call: 2, kind: world::faults::Kind::Throttle, every: true };
        told.world.cloud.faults.begin(&[throttled]);
        let ended = told.deliver("notice-sender", &to, 1).await;
        assert!(ended.is_err(), "{ended:?}");
        told.world.cloud.faults.end();
    }
    Trigger::Messages("notice-sender", vec![to.to_string()])
}

/// What SES says of a mail: after its sender has written that it was taken, and before.
async fn report(told: &mut Told, path: &str) -> Trigger {
    ordered(told, true).await;
    if path == "delivery reported early" {
        // The sender could not write what SES had answered.
        let body = json!({ "id": "n1", "store": "US", "to": "seller", "seller": "s1", "notice": "statement_ready",
            "quarter": "2026Q3", "units": 1, "total": { "minor": 0, "currency": "USD" } });
        let throttled = world::faults::Fault { call: 3, kind: world::faults::Kind::Throttle, every: true };
        told.world.cloud.faults.begin(&[throttled]);
        let ended = told.deliver("notice-sender", body, 1).await;
        assert!(ended.is_err(), "{ended:?}");
        told.world.cloud.faults.end();
    }
    let mail = told.world.mails_to("s1@sellers.example").pop().unwrap();
    let fate = if path == "bounce reported" { Fate::HardBounced } else { Fate::Delivered };
    Trigger::Messages("mail-feedback", vec![reports::of(&mail, fate, told.just_now()).to_string()])
}

pub fn notices(images: &[Json]) -> Trigger {
    let bodies = images.iter().filter(|image| image["queue"]["S"] == "notices");
    let bodies: Vec<_> = bodies.map(|image| image["body"]["S"].as_str().unwrap().to_owned()).collect();
    assert_eq!(bodies.len(), 1, "one mail is owed");
    Trigger::Messages("notice-sender", bodies)
}
