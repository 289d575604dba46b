//! Disputes: a seller is charged, disputes two units and a contact, and a lead decides.

use crate::stories::told::Told;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use world::facts;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn statement(told: &mut Told, quarter: &str) -> Json {
    told.as_seller("GET", &format!("/statements/{quarter}"), Json::Null).await.body
}

/// The seller disputes a unit of this order, or a contact.
async fn filed(told: &mut Told, what: Json) -> (u16, Json) {
    let mut body = what;
    body["reason"] = json!("We see it otherwise.");
    let reply = told.as_seller("POST", "/statements/2026Q4/disputes", body).await;
    (u16::try_from(reply.status).unwrap(), reply.body)
}

fn unit(order: &str, ordinal: u16) -> Json {
    json!({ "order_id": order, "item_id": "1", "ordinal": ordinal })
}

async fn decided(told: &mut Told, dispute: &Json, body: Json) -> (i64, Json) {
    let path = format!("/v1/stores/US/desk/disputes/s1/{}/decision", dispute["dispute_id"].as_str().unwrap());
    let key = told.key();
    let reply = told.world.request("POST", &path, facts::lead("lea"), &key, &body.to_string()).await;
    (reply.status, reply.body)
}

/// A quarter with a charged unit and a contact that counts, closed on 4 January 2027 by Los Angeles.
async fn charged(told: &mut Told) {
    told.enrolled().await;
    let many: Vec<_> = (0..30).map(|n| told.placed(&format!("m{n}"), "seller", told.just_now())).collect();
    told.world.facts(many).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let many: Vec<_> = (0..30).map(|n| told.shipped(&format!("m{n}"))).collect();
    told.world.facts(many).await;
    for n in 0..3 {
        told.contact(&format!("k{n}"), Some(&format!("m{n}")), "late_delivery").await;
    }
    told.world.pass_to(at("2026-10-01T08:00:00Z")).await;
    told.world.pass_to(at("2026-10-05T08:00:00Z")).await;
    told.world.pass_to(at("2026-11-10T08:00:00Z")).await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    told.world.pass(TimeDelta::hours(1)).await;
    told.world.facts([told.shipped("o1")]).await;
    told.contact("k9", Some("o1"), "late_delivery").await;
}

pub async fn accepted_and_denied(told: &mut Told) {
    charged(told).await;
    assert_eq!(filed(told, unit("o1", 1)).await.1["type"], "/problems/not_final");
    told.world.pass_to(at("2027-01-01T09:00:00Z")).await;
    told.world.pass_to(at("2027-01-05T09:00:00Z")).await;
    let closed = statement(told, "2026Q4").await;
    assert_eq!((&closed["state"], &closed["total_minor"]), (&json!("final"), &json!(20)), "{closed}");
    let rate = statement(told, "2027Q1").await["measured"].clone();

    let (status, accepted) = filed(told, unit("o1", 1)).await;
    assert_eq!((status, &accepted["verdict"]["status"]), (201, &json!("open")), "{accepted}");
    let (_, denied) = filed(told, unit("o1", 2)).await;
    let (_, contact) = filed(told, json!({ "contact_id": "k9" })).await;
    assert_eq!(filed(told, unit("o1", 1)).await.1["type"], "/problems/already_disputed");
    assert_eq!(filed(told, unit("o-none", 1)).await.0, 404);
    let theirs = json!({ "order_id": "o1", "item_id": "1", "ordinal": 1, "reason": "Mine." });
    let other = told.as_user_of("s2", "POST", "/statements/2026Q4/disputes", theirs).await;
    assert_eq!(other.status, 404, "ACC-3: {}", other.body);
    assert_eq!(told.as_seller("GET", "/disputes", Json::Null).await.body["disputes"].as_array().unwrap().len(), 3);
    let waiting = told.as_associate("GET", "/disputes", Json::Null).await.body;
    assert_eq!(waiting["disputes"].as_array().unwrap().len(), 3, "{waiting}");
    let path = format!("/disputes/s1/{}/decision", accepted["dispute_id"].as_str().unwrap());
    let no_lead = told.as_associate("POST", &path, json!({ "decision": "accept" })).await;
    assert_eq!(no_lead.status, 403, "an associate does not decide: {}", no_lead.body);

    assert_eq!(decided(told, &accepted, json!({ "decision": "accept" })).await.0, 200);
    assert_eq!(decided(told, &contact, json!({ "decision": "accept" })).await.0, 200);
    let no = json!({ "decision": "deny", "reason": "It was scanned." });
    assert_eq!(decided(told, &denied, no).await.1["verdict"]["status"], "denied");
    let again = decided(told, &denied, json!({ "decision": "accept" })).await;
    assert_eq!((again.0, &again.1["type"]), (409, &json!("/problems/dispute_decided")));
    let waiting = told.as_associate("GET", "/disputes", Json::Null).await.body;
    assert_eq!(waiting["disputes"], json!([]), "{waiting}");

    assert_eq!(statement(told, "2026Q4").await, closed, "a final statement is never edited");
    let next = statement(told, "2027Q1").await;
    assert_eq!(next["measured"], rate, "a published rate is frozen");
    assert_eq!((&next["units"], &next["total_minor"]), (&json!(0), &json!(-10)), "{next}");
    let line = &next["lines"][0];
    assert_eq!((&line["reason"], &line["rate_minor"], &line["units"]), (&json!("reversal"), &json!(-10), &json!(1)));
    let back = told.listed("2027Q1", "units").await;
    assert_eq!((&back[0]["order"], &back[0]["why"]["reversed"]["statement"]), (&json!("o1"), &json!("2026Q4")));
    let listed = told.listed("2027Q1", "contacts").await;
    assert_eq!((&listed[0]["contact"], &listed[0]["counts"]), (&json!("k9"), &json!("fee-11.reversed")), "{listed:?}");
    told.world.pass_to(at("2027-04-01T09:00:00Z")).await;
    told.world.pass_to(at("2027-04-06T09:00:00Z")).await;
    let last = statement(told, "2027Q1").await;
    assert_eq!((&last["state"], &last["total_minor"]), (&json!("final"), &json!(-10)), "{last}");
    assert_eq!(filed(told, json!({ "contact_id": "k9" })).await.1["type"], "/problems/already_disputed");
}
