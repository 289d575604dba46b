//! The main path on a running stack, over HTTP and SQS alone, a line for each step.
//!
//! Everything that is sent is sent twice, and at the end everything is counted: nothing may have happened twice. A
//! function that dies on the way only makes the story longer.

mod people;
mod stack;

use chrono::TimeDelta;
use domain::quarter::Quarter;
use people::{Marketplace, Seller, desk};
use serde_json::json;
use stack::{Stack, Trouble, expect};

/// The store of the story.
const STORE: &str = "US";
/// The seller's silence, and a little more.
const SILENCE: TimeDelta = TimeDelta::hours(25);

/// Tells the story.
pub async fn tell() -> Result<(), Trouble> {
    let stack = Stack::running()?;
    let zone = chrono_tz::America::Los_Angeles;
    let run = stack.now().timestamp();
    let (marketplace, seller) = (Marketplace::new(&stack, run)?, Seller::new(&stack, run)?);
    let desk = desk(&stack)?;
    say(&format!(
        "Everything below is sent twice. The store is {STORE}, the seller {}, the time {}.",
        seller.id,
        stack.now()
    ));

    let too_early = stack.now() - TimeDelta::minutes(1);
    marketplace.registers(&seller).await?;
    let enrolled = stack.until("the seller is enrolled", || seller.get("/enrollment")).await?;
    expect("status", &enrolled["status"], &json!("starting"))?;
    expect("opened_by", &enrolled["periods"][0]["opened_by"], &json!("by_default"))?;
    say(
        "1. A seller registers. It meets every requirement, so it is enrolled by default; service starts in 15 minutes.",
    );
    stack.mail(&seller.email, "starts on").await?;
    say("   It has its mail: enrolled, with the start and the end of the free trial.");
    stack.travel(TimeDelta::minutes(16)).await?;
    expect("status", &seller.get("/enrollment")?["status"], &json!("active"))?;

    let placed = stack.now() - TimeDelta::seconds(30);
    for (order, fulfilment, at) in [("o", "seller", placed), ("fba", "store", placed), ("old", "seller", too_early)] {
        marketplace.places(&seller, order, fulfilment, at).await?;
    }
    for (order, handler) in [("o", "service"), ("fba", "seller"), ("old", "seller")] {
        let path = format!("/orders/{}", marketplace.order(order));
        let view = stack.until("the order is known", || seller.get(&path)).await?;
        expect("handled_by", &view["handled_by"], &json!(handler))?;
    }
    say("2. Three orders: one the service handles, one the store shipped itself, one placed before the enrollment.");

    marketplace.ships(&seller, "o").await?;
    marketplace.scans("o").await?;
    let quarter = Quarter::of(stack.now(), zone);
    let statement = format!("/statements/{quarter}");
    let metered = || seller.get(&statement).map(|s| if s["units"] == 1 { s } else { json!(null) });
    stack.until("the unit is metered", metered).await?;
    say("3. The first order ships with tracking, the carrier scans it: one unit in the seller's ledger.");

    for (contact, order, topic, owner, reason) in [
        ("k1", Some("o"), "late_delivery", "service", "covered"),
        ("k2", None, "pre_order", "seller", "pre_order"),
        ("k3", Some("o"), "invoice", "seller", "invoice"),
        ("k4", Some("fba"), "late_delivery", "seller", "fulfilled_by_store"),
        ("k5", Some("old"), "late_delivery", "seller", "before_enrollment"),
    ] {
        let went = marketplace.contact(&seller, contact, order, topic).await?;
        expect("owner", &went["owner"], &json!(owner))?;
        expect("reason", &went["reason"], &json!(reason))?;
        say(&format!("4. The customer writes about {topic}: goes to the {owner}, because {reason}."));
    }

    let inquiry = marketplace.went("k1")?["inquiry_id"].as_str().unwrap_or_default().to_owned();
    desk.post(&format!("/inquiries/{inquiry}/claim"), "claim", &json!({}))?;
    let question =
        json!({ "kind": "shipping_status", "text": "When did the parcel leave your warehouse, and with whom?" });
    let asked = desk.post(&format!("/inquiries/{inquiry}/requests"), "ask", &question)?;
    say(&format!(
        "5. An associate takes the inquiry and asks the seller. The seller has until {}.",
        text(&asked["due_at"])
    ));
    stack.mail(&seller.email, "Please reply by").await?;
    say("   The seller has its mail.");

    stack.travel(SILENCE).await?;
    let request = format!("/case-log/{}", text(&asked["request_id"]));
    let expired = || seller.get(&request).map(|r| if r["state"] == "expired" { r } else { json!(null) });
    let expired = stack.until("the request expires", expired).await?;
    expect("decision", &expired["decision"]["kind"], &json!("refund_full"))?;
    expect("expired_at", &expired["expired_at"], &expired["due_at"])?;
    say("6. 25 hours of silence later: the request expired at its deadline, and the rule decided: a full refund.");
    stack.mail(&seller.email, "No reply in time").await?;
    stack.mail(&marketplace.customer_email(), "").await?;
    say("   Both have their mails: the seller that it was decided without it, the customer that it is resolved.");

    let end = quarter.end(zone);
    stack.travel(end - stack.now() + TimeDelta::hours(1)).await?;
    let next = format!("/statements/{}", quarter.next());
    let published = stack.until("the next rate is published", || seller.get(&next)).await?;
    expect("contacts measured", &published["measured"]["contacts"], &json!(1))?;
    say(&format!(
        "7. The quarter {quarter} ends: one contact on one unit was measured, which fixes the rate of {}.",
        quarter.next()
    ));
    stack.travel(TimeDelta::hours(73)).await?;
    let fin = || seller.get(&statement).map(|s| if s["state"] == "final" { s } else { json!(null) });
    let fin = stack.until("the statement is final", fin).await?;
    expect("units", &fin["units"], &json!(1))?;
    let line = &fin["lines"][0];
    say(&format!(
        "8. Its statement is final: {} unit, {}, {} {} minor units. Unit {} of order {}: {}.",
        fin["units"],
        text(&line["reason"]),
        line["amount_minor"],
        text(&fin["currency"]),
        line["listed"][0]["ordinal"],
        text(&line["listed"][0]["order"]),
        line["listed"][0]["why"],
    ));

    let mails = stack.mails_to(&seller.email)?;
    for subject in ["starts on", "Please reply by", "No reply in time", "Your rate for", "Your statement"] {
        let sent = mails.iter().filter(|known| known.contains(subject)).count();
        expect(&format!("mails “{subject}…”"), &json!(sent), &json!(1))?;
    }
    expect("mails to the customer", &json!(stack.mails_to(&marketplace.customer_email())?.len()), &json!(1))?;
    expect("contacts on the statement", &json!(fin["contacts"].as_array().map(Vec::len)), &json!(1))?;
    say("9. Counted: one mail of each kind, one unit, one counted contact. Nothing happened twice.");
    Ok(())
}

fn say(line: &str) {
    println!("{line}");
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}
