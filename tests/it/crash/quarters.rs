//! The paths of a seller's ledger: quarters that end, days that are added up, and what comes late.

use super::paths::{Trigger, facts_of, ordered, wait_until};
use crate::stories::told::Told;
use serde_json::{Value as Json, json};

/// A day with facts that is over; and one that was added up before a fact came late.
pub async fn day(told: &mut Told, path: &str) -> Trigger {
    ordered(told, false).await;
    told.world.fact(told.shipped("o1")).await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    let late = contact_of("k-late", "o1", told.just_now());
    wait_until(told, "2026-08-04T08:00:00Z".parse().unwrap());
    if path == "day added up again" {
        told.world.tick("ledger-rollup").await;
        told.world.settle().await;
        told.world.cloud.send("ContactsQueue", late.to_string());
        told.world.settle().await;
    }
    let due = json!({ "store": "US", "seller": "s1", "quarter": "2026Q3", "day": "2026-08-03" });
    Trigger::Messages("insight-day", vec![due.to_string()])
}

fn contact_of(name: &str, order: &str, received_at: impl serde::Serialize) -> Json {
    json!({ "id": name, "store": "US", "customer": "c1", "channel": "message", "language": "en", "mailable": false,
        "seller": "s1", "subject": { "order": order, "items": ["1"] }, "topic": "late_delivery",
        "received_at": received_at })
}

/// A quarter with a shipment and a contact that ends, and what comes late.
pub async fn quarter(told: &mut Told, path: &str) -> Trigger {
    ordered(told, false).await;
    told.world.fact(told.shipped("o1")).await;
    told.world.fact(told.placed("o2", "seller", told.just_now())).await;
    told.contact("k1", Some("o1"), "late_delivery").await;
    let late = told.shipped("o2");
    let due = json!({ "store": "US", "seller": "s1", "quarter": "2026Q3" }).to_string();
    if ["quarter measured", "rollup"].contains(&path) {
        wait_until(told, "2026-10-01T08:00:00Z".parse().unwrap());
        return match path {
            "rollup" => Trigger::Tick("ledger-rollup"),
            _ => Trigger::Messages("fee-statement", vec![due]),
        };
    }
    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    match path {
        "late units" => facts_of(vec![late]),
        "contact late" => {
            let contact = contact_of("k-late", "o2", "2026-09-30T20:00:00Z");
            Trigger::Messages("contact-router", vec![contact.to_string()])
        }
        _ => {
            wait_until(told, "2026-10-05T08:00:00Z".parse().unwrap());
            Trigger::Messages("fee-statement", vec![due])
        }
    }
}
