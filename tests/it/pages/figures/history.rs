//! What may have happened to a seller in two quarters.

use crate::stories::told::Told;
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use world::facts;

/// What customers write about; of the last one nobody ever does.
pub const TOPICS: [&str; 7] =
    ["late_delivery", "quality", "damaged_item", "warranty", "size_or_fit", "where_is_my_order", "expiry"];
/// What may be decided: a kind, its reason, who bears it, and the amount of what is refunded in part.
const DECISIONS: [(&str, &str, &str, Option<i64>); 6] = [
    ("refund_full", "damaged", "seller", None),
    ("refund_full", "goodwill", "store", None),
    ("refund_partial", "damaged", "carrier", Some(1_234)),
    ("refund_partial", "missing_parts", "seller", Some(5)),
    ("decline", "no_ground", "customer", None),
    ("answer", "question_answered", "customer", None),
];
/// The second quarter has begun, and the first one is closed.
const SECOND_QUARTER: &str = "2026-10-06T15:00:00Z";

/// When the seller replies to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    InTime,
    Late,
    Never,
}

/// A matter of a customer: an order, and what follows.
#[derive(Debug, Clone)]
pub struct Matter {
    in_second_quarter: bool,
    hours_before: i64,
    product: u8,
    quantity: u16,
    is_shipped: bool,
    is_scanned: bool,
    topic: usize,
    contacts: u8,
    question: Option<(u8, Reply)>,
    decision: Option<usize>,
    score: Option<u8>,
}

fn any_matter() -> impl Strategy<Value = Matter> {
    let reply = prop_oneof![2 => Just(Reply::InTime), 1 => Just(Reply::Late), 1 => Just(Reply::Never)];
    let order = (0_u8..4, 1_u16..4, prop::bool::weighted(0.8), any::<bool>());
    let matter = (0..TOPICS.len() - 1, 1_u8..3, prop::option::of((0_u8..3, reply)));
    let end = (prop::option::weighted(0.8, 0..DECISIONS.len()), prop::option::weighted(0.8, 1_u8..=5));
    let time = (any::<bool>(), 0_i64..90);
    (time, order, matter, end).prop_map(|(time, order, (topic, contacts, question), (decision, score))| {
        let (in_second_quarter, hours_before) = time;
        let (product, quantity, is_shipped, is_scanned) = order;
        Matter {
            in_second_quarter,
            hours_before,
            product,
            quantity,
            is_shipped,
            is_scanned,
            topic,
            contacts,
            question,
            decision,
            score,
        }
    })
}

/// Some matters, those of the first quarter before those of the second one.
pub fn any_history() -> impl Strategy<Value = Vec<Matter>> {
    prop::collection::vec(any_matter(), 0..12).prop_map(|mut history| {
        history.sort_by_key(|matter| matter.in_second_quarter);
        history
    })
}

/// A world in which all that has happened; it is the second quarter in the end.
pub async fn told(history: &[Matter]) -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    let turn = SECOND_QUARTER.parse().unwrap();
    for (n, matter) in history.iter().enumerate() {
        if matter.in_second_quarter && told.world.now() < turn {
            told.world.pass_to(turn).await;
        }
        told.world.pass(TimeDelta::hours(matter.hours_before)).await;
        happened(&mut told, n, matter).await;
    }
    if told.world.now() < turn {
        told.world.pass_to(turn).await;
    }
    told
}

async fn happened(told: &mut Told, n: usize, matter: &Matter) {
    let order = format!("o{n}");
    let mut placed = facts::placed(&order, "s1", matter.quantity, "seller", told.just_now());
    placed["customer_id"] = json!(format!("c{n}"));
    placed["lines"][0]["product_id"] = json!(format!("p{}", matter.product));
    told.world.facts([placed]).await;
    if matter.is_shipped {
        let shipment = format!("p-{order}");
        told.world.facts([facts::shipped(&shipment, &order, "s1", 1..=matter.quantity, told.just_now())]).await;
        if matter.is_scanned {
            told.world.facts([facts::scanned(&shipment, &order, told.just_now())]).await;
        }
    }
    for m in 0..matter.contacts {
        contacted(told, n, m, TOPICS[matter.topic]).await;
        told.world.pass(TimeDelta::minutes(20)).await;
    }
    let inquiry = told.went(&format!("k{n}-0")).await["inquiry_id"].as_str().unwrap().to_owned();
    if let Some((attribute, reply)) = matter.question {
        questioned(told, &inquiry, attribute, reply).await;
    }
    if let Some(decision) = matter.decision {
        decided(told, &inquiry, DECISIONS[decision]).await;
    }
    if let Some(score) = matter.score {
        scored(told, n, score).await;
    }
}

async fn contacted(told: &mut Told, n: usize, m: u8, topic: &str) {
    let mut contact = facts::contact(&format!("k{n}-{m}"), "email", Some(&format!("o{n}")), "s1", topic);
    contact["customer"]["id"] = json!(format!("c{n}"));
    contact["customer"]["email"] = json!(format!("c{n}@customers.example"));
    let (key, claims) = (told.key(), facts::marketplace());
    let taken = told.world.request("POST", "/v1/stores/US/contacts", claims, &key, &contact.to_string()).await;
    assert_eq!(taken.status, 202, "{}", taken.body);
}

/// What is asked of the seller; a late reply may come when all is decided, and is refused then.
async fn questioned(told: &mut Told, inquiry: &str, attribute: u8, reply: Reply) {
    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    let question = json!({ "kind": "product_fact", "text": "What is it?", "attribute": format!("Fact {attribute}") });
    let asked = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let wait = if reply == Reply::InTime { TimeDelta::hours(3) } else { TimeDelta::hours(25) };
    told.world.pass(wait).await;
    if reply != Reply::Never {
        told.reply(asked.body["request_id"].as_str().unwrap(), "It is so.").await;
    }
}

/// What an associate decides, unless a rule has decided already.
async fn decided(told: &mut Told, inquiry: &str, decision: (&str, &str, &str, Option<i64>)) {
    let (kind, reason, liable, amount_minor) = decision;
    told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    let mut body = json!({ "kind": kind, "reason": reason, "liable": liable, "amount_minor": amount_minor });
    if kind == "answer" {
        body = json!({ "message": "It is so, as far as we know.", "resolve": true });
        told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), body).await;
        return;
    }
    if kind == "decline" {
        body["basis"] = json!("It is as it should be.");
    }
    told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), body).await;
}

/// The customer's score, where one is asked for.
async fn scored(told: &mut Told, n: usize, score: u8) {
    told.world.pass(TimeDelta::hours(25)).await;
    let mails = told.world.mails_to(&format!("c{n}@customers.example"));
    let Some(token) = mails.iter().find_map(|mail| mail.token("surveys")) else { return };
    let body = json!({ "score": score }).to_string();
    let said = told.world.request("POST", &format!("/v1/surveys/{token}"), Json::Null, "", &body).await;
    assert_eq!(said.status, 200, "{}", said.body);
}
