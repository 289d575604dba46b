//! The main path on a running stack, over HTTP and SQS alone, a line for each step.
//!
//! Everything that is sent is sent twice, and at the end everything is counted: nothing may have happened twice. A
//! function that dies on the way only makes the story longer.

mod people;
mod stack;

use chrono::TimeDelta;
use domain::quarter::Quarter;
use people::{Caller, Marketplace, Seller, desk};
use serde_json::{Value as Json, json};
use stack::{Stack, Trouble, expect};

/// The store of the story.
const STORE: &str = "US";
/// Its time zone.
const ZONE: chrono_tz::Tz = chrono_tz::America::Los_Angeles;
/// The seller's silence, and a little more.
const SILENCE: TimeDelta = TimeDelta::hours(25);

/// Tells the story.
pub async fn tell() -> Result<(), Trouble> {
    let stack = Stack::running()?;
    let run = stack.now().timestamp();
    let seller = Seller::new(&stack, run)?;
    let start = format!("the seller {}, the time {}", seller.id, stack.now());
    say(&format!("Everything below is sent twice. The store is {STORE}, {start}."));
    let tale = Tale { stack: &stack, marketplace: Marketplace::new(&stack, run)?, seller, desk: desk(&stack)? };
    let quarter = tale.a_seller_sells().await?;
    tale.customers_write().await?;
    tale.the_seller_keeps_silent().await?;
    tale.the_quarter_ends(quarter).await
}

struct Tale<'a> {
    stack: &'a Stack,
    marketplace: Marketplace<'a>,
    seller: Seller<'a>,
    desk: Caller<'a>,
}

impl Tale<'_> {
    /// Until the first unit is metered; in which quarter that is.
    async fn a_seller_sells(&self) -> Result<Quarter, Trouble> {
        let Self { stack, marketplace, seller, .. } = self;
        let too_early = stack.now() - TimeDelta::minutes(1);
        marketplace.registers(seller).await?;
        let enrolled = stack.until("the seller is enrolled", || seller.get("/enrollment")).await?;
        expect("status", &enrolled["status"], &json!("starting"))?;
        expect("opened_by", &enrolled["periods"][0]["opened_by"], &json!("by_default"))?;
        say("1. A seller registers. It meets every requirement: enrolled by default, service starts in 15 minutes.");
        stack.mail(&seller.email, "starts on").await?;
        say("   It has its mail: enrolled, with the start and the end of the free trial.");
        stack.travel(TimeDelta::minutes(16)).await?;
        expect("status", &seller.get("/enrollment")?["status"], &json!("active"))?;

        let placed = stack.now() - TimeDelta::seconds(30);
        for (order, fulfilment, at) in [("o", "seller", placed), ("fba", "store", placed), ("old", "seller", too_early)]
        {
            marketplace.places(seller, order, fulfilment, at).await?;
        }
        for (order, handler) in [("o", "service"), ("fba", "seller"), ("old", "seller")] {
            let path = format!("/orders/{}", marketplace.order(order));
            let view = stack.until("the order is known", || seller.get(&path)).await?;
            expect("handled_by", &view["handled_by"], &json!(handler))?;
        }
        say(
            "2. Three orders: one the service handles, one the store shipped itself, one placed before the enrollment.",
        );

        marketplace.ships(seller, "o").await?;
        marketplace.scans("o").await?;
        let quarter = Quarter::of(stack.now(), ZONE);
        let path = format!("/statements/{quarter}");
        stack.until("the unit is metered", || Ok(only_if(seller.get(&path)?, |s| s["units"] == 1))).await?;
        say("3. The first order ships with tracking, the carrier scans it: one unit in the seller's ledger.");
        Ok(quarter)
    }

    /// One contact for the service, and one for each reason that it is the seller's.
    async fn customers_write(&self) -> Result<(), Trouble> {
        for (contact, order, topic, owner, reason) in [
            ("k1", Some("o"), "late_delivery", "service", "covered"),
            ("k2", None, "pre_order", "seller", "pre_order"),
            ("k3", Some("o"), "invoice", "seller", "invoice"),
            ("k4", Some("fba"), "late_delivery", "seller", "fulfilled_by_store"),
            ("k5", Some("old"), "late_delivery", "seller", "before_enrollment"),
        ] {
            let went = self.marketplace.contact(&self.seller, contact, order, topic).await?;
            expect("owner", &went["owner"], &json!(owner))?;
            expect("reason", &went["reason"], &json!(reason))?;
            say(&format!("4. The customer writes about {topic}: goes to the {owner}, because {reason}."));
        }
        Ok(())
    }

    /// The seller is asked, and 25 hours pass.
    async fn the_seller_keeps_silent(&self) -> Result<(), Trouble> {
        let Self { stack, marketplace, seller, desk } = self;
        let inquiry = text(&marketplace.went("k1")?["inquiry_id"]).to_owned();
        desk.post(&format!("/inquiries/{inquiry}/claim"), "claim", &json!({}))?;
        let question =
            json!({ "kind": "shipping_status", "text": "When did the parcel leave your warehouse, and with whom?" });
        let asked = desk.post(&format!("/inquiries/{inquiry}/requests"), "ask", &question)?;
        say(&format!(
            "5. An associate takes the inquiry and asks the seller, who has until {}.",
            text(&asked["due_at"])
        ));
        stack.mail(&seller.email, "Please reply by").await?;
        say("   The seller has its mail.");

        stack.travel(SILENCE).await?;
        let path = format!("/case-log/{}", text(&asked["request_id"]));
        let expired = || Ok(only_if(seller.get(&path)?, |r| r["state"] == "expired"));
        let expired = stack.until("the request expires", expired).await?;
        expect("decision", &expired["decision"]["kind"], &json!("refund_full"))?;
        expect("expired_at", &expired["expired_at"], &expired["due_at"])?;
        say("6. 25 hours of silence later: the request expired at its deadline, and the rule decided: a full refund.");
        stack.mail(&seller.email, "No reply in time").await?;
        stack.mail(&marketplace.customer_email(), "").await?;
        say("   Both have their mails: the seller that it was decided without it, the customer that it is resolved.");
        Ok(())
    }

    /// The rate of the next quarter, the statement of this one, and everything counted.
    async fn the_quarter_ends(&self, quarter: Quarter) -> Result<(), Trouble> {
        let Self { stack, marketplace, seller, .. } = self;
        let (own, next) = (format!("/statements/{quarter}"), format!("/statements/{}", quarter.next()));
        stack.travel(quarter.end(ZONE) - stack.now() + TimeDelta::hours(1)).await?;
        let published = stack.until("the next rate is published", || seller.get(&next)).await?;
        expect("contacts measured", &published["measured"]["contacts"], &json!(1))?;
        let fixes = format!("which fixes the rate of {}", quarter.next());
        say(&format!("7. The quarter {quarter} ends: one contact on one unit was measured, {fixes}."));

        stack.travel(TimeDelta::hours(73)).await?;
        let closed = || Ok(only_if(seller.get(&own)?, |s| s["state"] == "final"));
        let closed = stack.until("the statement is final", closed).await?;
        expect("units", &closed["units"], &json!(1))?;
        let line = &closed["lines"][0];
        let listed = seller.get(&format!("{own}/units"))?;
        let unit = &listed["units"][0];
        expect("the unit's order", &unit["order"], &json!(marketplace.order("o")))?;
        say(&format!(
            "8. Its statement is final. One line: {} unit, {}, {} minor units of {}; behind it unit {} of item {} of {}.",
            line["units"],
            text(&line["reason"]),
            line["amount_minor"],
            text(&closed["currency"]),
            unit["ordinal"],
            text(&unit["item"]),
            text(&unit["order"]),
        ));

        let mails = stack.mails_to(&seller.email)?;
        for subject in ["starts on", "Please reply by", "No reply in time", "Your rate for", "Your statement"] {
            let sent = mails.iter().filter(|known| known.contains(subject)).count();
            expect(&format!("mails “{subject}…”"), &json!(sent), &json!(1))?;
        }
        let to_customer = stack.mails_to(&marketplace.customer_email())?;
        for subject in ["What we have done", "How was our help"] {
            let sent = to_customer.iter().filter(|known| known.contains(subject)).count();
            expect(&format!("mails to the customer “{subject}…”"), &json!(sent), &json!(1))?;
        }
        expect("mails to the customer", &json!(to_customer.len()), &json!(2))?;
        expect("contacts on the statement", &closed["contacts"]["recorded"], &json!(1))?;
        say("9. Counted: one mail of each kind, one unit, one counted contact. Nothing happened twice.");
        Ok(())
    }
}

/// What was asked for, once it is as it should be.
fn only_if(answer: Json, ready: impl Fn(&Json) -> bool) -> Json {
    if ready(&answer) { answer } else { Json::Null }
}

fn say(line: &str) {
    println!("{line}");
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}
