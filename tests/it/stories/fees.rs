//! Stories of the ledger: shipments that are told late, twice, in parts.

use crate::stories::told::Told;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn statement(told: &mut Told, quarter: &str) -> Json {
    told.as_seller("GET", &format!("/statements/{quarter}"), Json::Null).await.body
}

/// Three shipments of the third quarter: told in time, after the fourth's rate was published, and after the third's
/// statement was final.
pub async fn late_shipment(told: &mut Told) {
    told.enrolled().await;
    let orders = ["o1", "o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(orders).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let shipments = ["o1", "o2", "o3"].map(|order| told.shipped(order));
    let [in_time, late, very_late] = shipments;
    told.world.facts([in_time]).await;
    told.world.pass_to(at("2026-10-01T08:00:00Z")).await;
    let published = statement(told, "2026Q4").await["measured"].clone();
    assert_eq!(published["units"], 2, "{published}");

    told.world.pass_to(at("2026-10-02T08:00:00Z")).await;
    told.world.facts([late]).await;
    assert_eq!(statement(told, "2026Q3").await["units"], 4, "its own statement is still a draft");
    assert_eq!(statement(told, "2026Q4").await["measured"], published, "the published rate stands");
    told.world.pass_to(at("2026-10-05T08:00:00Z")).await;
    let closed = statement(told, "2026Q3").await;
    assert_eq!((&closed["state"], &closed["units"]), (&json!("final"), &json!(4)), "{closed}");

    told.world.facts([very_late]).await;
    assert_eq!(statement(told, "2026Q3").await, closed, "a final statement never moves");
    let open = statement(told, "2026Q4").await;
    assert_eq!((&open["units"], &open["measured"]), (&json!(2), &published), "{open}");
    assert_eq!(told.listed("2026Q4", "units").await[0]["order"], "o3");
    assert_eq!(open["lines"][0]["reason"], "trial", "it shipped in the trial, whenever that was told");

    told.world.pass_to(at("2027-01-01T09:00:00Z")).await;
    let next = statement(told, "2027Q1").await;
    assert_eq!(next["measured"]["units"], 4, "FEE-5: each is measured once: the late two and the very late two");
    told.world.pass_to(at("2027-01-05T09:00:00Z")).await;
    assert_eq!(statement(told, "2026Q4").await["state"], "final");
    assert_eq!(statement(told, "2026Q3").await, closed);
}

/// 40 units and 30 orders, one contact: how the figures move the forecast, and that it comes true.
pub async fn forecast(told: &mut Told) {
    told.enrolled().await;
    let of = async |told: &mut Told| told.as_seller("GET", "/forecast", Json::Null).await.body;
    let empty = of(told).await;
    assert_eq!((&empty["cpu"], &empty["vtr"]), (&share(0, 0), &share(0, 0)), "{empty}");
    assert_eq!((&empty["rate"]["tier"], &empty["next"]), (&json!("free_volume"), &Json::Null), "{empty}");

    let orders: Vec<_> = (1..=30).map(|n| told.placed(&format!("o{n}"), "seller", told.just_now())).collect();
    told.world.facts(orders).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let shipments: Vec<_> = (1..=30).map(|n| told.shipped(&format!("o{n}"))).collect();
    told.world.facts(shipments).await;
    told.world.facts([told.scanned("o1")]).await;
    let before = of(told).await;
    assert_eq!((&before["cpu"], &before["vtr"]), (&share(0, 60), &share(1, 30)), "{before}");
    assert_eq!((&before["rate"]["rate_of"], &before["rate"]["rate_minor"]), (&json!("2026Q4"), &json!(0)), "{before}");
    assert_eq!(before["next"], json!({ "contacts_left": 2, "tier": { "up_to": 500 }, "rate_minor": 10 }), "{before}");
    for (contact, order) in [("k1", "o1"), ("k2", "o2")] {
        assert_eq!(told.contact(contact, Some(order), "late_delivery").await.status, 202);
    }
    assert_eq!(told.went("k2").await["owner"], "service");

    told.world.pass_to(at("2026-09-30T23:00:00Z")).await;
    let last = of(told).await;
    assert_eq!((&last["quarter"], &last["rate"]["rate_minor"]), (&json!("2026Q3"), &json!(10)), "{last}");
    assert_eq!(last["next"], json!({ "contacts_left": 2, "tier": { "up_to": 1500 }, "rate_minor": 25 }), "{last}");
    told.world.pass_to(at("2026-10-01T08:00:00Z")).await;
    told.world.pass_to(at("2026-10-02T08:00:00Z")).await;
    let published = statement(told, "2026Q4").await["measured"].clone();
    assert_eq!(published["rate_minor"], last["rate"]["rate_minor"], "{published}");
    assert_eq!(share_of(&published, "contacts", "units"), last["cpu"]);
    assert_eq!(share_of(&published, "packages_scanned", "packages"), last["vtr"]);
    assert_eq!(of(told).await["cpu"], share(0, 0), "and the next quarter begins at nothing");
}

fn share(numerator: u64, denominator: u64) -> Json {
    json!({ "numerator": numerator, "denominator": denominator })
}

fn share_of(measured: &Json, numerator: &str, denominator: &str) -> Json {
    json!({ "numerator": measured[numerator], "denominator": measured[denominator] })
}

/// One parcel is confirmed twice, in parts, and followed by a replacement: two units, two entries.
pub async fn metered_once(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let part = |shipment: &str, ordinals: &[u16], replacement: bool| {
        let mut fact = told.shipped("o1");
        let units = ordinals.iter().map(|ordinal| json!({ "item_id": "1", "ordinal": ordinal }));
        fact["shipment_id"] = json!(shipment);
        fact["units"] = units.collect();
        fact["replacement"] = json!(replacement);
        fact
    };
    let facts = [part("a", &[1], false), part("b", &[1, 2], false), part("c", &[2], false), part("d", &[1, 2], true)];
    told.world.facts(facts).await;
    let order = told.as_seller("GET", "/orders/o1", Json::Null).await.body;
    assert_eq!(order["lines"][0]["shipped"], 2, "{order}");
    let statement = statement(told, "2026Q3").await;
    assert_eq!(statement["units"], 2, "{statement}");
    let listed = told.listed("2026Q3", "units").await;
    assert_eq!(listed.iter().map(|unit| unit["ordinal"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
}
