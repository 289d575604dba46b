//! A function of a queue with ten good messages in front of it, independent of each other, and a world that is put back
//! as it was.

use crate::{crash::run::batch, stories::told::Told};
use chrono::{DateTime, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use shell::failure::Failure;
use world::{
    Delivery, MAIL_HOST, World,
    cloud::Kept,
    functions,
    receipts::{self, Incoming, PASSED},
    reports,
};

/// The functions of queues, by the column that they are of.
pub const QUEUES: [(&str, &str); 9] = [
    ("rte", "contact-router"),
    ("swp", "sla-clock"),
    ("ntf", "notice-sender"),
    ("ntf", "hook-sender"),
    ("inb", "mail-feedback"),
    ("inb", "mail-intake"),
    ("fee", "marketplace-intake"),
    ("fee", "fee-statement"),
    ("fee", "insight-day"),
];

/// Ten messages, and the world before them.
pub struct Bench {
    /// The world.
    pub told: Told,
    /// Whose messages.
    pub package: &'static str,
    /// The messages.
    pub bodies: Vec<String>,
    kept: Kept,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Bench {
    /// Ten sellers, each with an order, and a message about each.
    pub async fn of(package: &'static str) -> Self {
        let mut told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Once).without_mail());
        let seller = |told: &Told, n: usize| {
            let mut fact = told.registered();
            fact["seller_id"] = json!(format!("s{n}"));
            fact["email"] = json!(format!("s{n}@sellers.example"));
            fact
        };
        let sellers: Vec<_> = (0..10).map(|n| seller(&told, n)).collect();
        told.world.facts(sellers).await;
        told.world.cloud.set_now(at("2026-08-03T15:20:00Z").timestamp_millis());
        let order = |told: &Told, name: &str, n: usize| {
            let mut fact = told.placed(&format!("{name}{n}"), "seller", told.just_now());
            fact["lines"][0]["seller_id"] = json!(format!("s{n}"));
            fact
        };
        let orders: Vec<_> = (0..10).map(|n| order(&told, "o", n)).collect();
        told.world.facts(orders).await;
        if package == "insight-day" {
            let shipment = |told: &Told, n: usize| {
                let mut fact = told.shipped(&format!("o{n}"));
                fact["seller_id"] = json!(format!("s{n}"));
                fact
            };
            let shipped: Vec<_> = (0..10).map(|n| shipment(&told, n)).collect();
            told.world.facts(shipped).await;
        }
        let to = match package {
            "sla-clock" => "2026-10-20T08:00:00Z",
            "fee-statement" => "2026-10-01T08:00:00Z",
            "insight-day" => "2026-08-05T08:00:00Z",
            _ => "2026-08-03T15:20:00Z",
        };
        told.world.cloud.set_now(at(to).timestamp_millis());
        let body = |n: usize| match package {
            "contact-router" => json!({ "id": format!("k{n}"), "store": "US", "customer": "c1", "channel": "email",
                "language": "en", "mailable": true, "seller": format!("s{n}"),
                "subject": { "order": format!("o{n}"), "items": ["1"] }, "topic": "late_delivery",
                "received_at": told.world.now() }),
            "sla-clock" => {
                json!({ "alarm": "trial_ending", "store": "US", "seller": format!("s{n}"), "days_left": 14 })
            }
            "notice-sender" => {
                json!({ "id": format!("n{n}"), "store": "US", "to": "seller", "notice": "statement_ready",
                "seller": format!("s{n}"), "quarter": "2026Q3", "units": 1,
                "total": { "minor": 0, "currency": "USD" } })
            }
            "hook-sender" => json!({ "id": format!("h{n}"), "store": "US", "seller": format!("s{n}"),
                "kind": "rate.published", "at": told.world.now(), "body": "{}", "attempt": 0 }),
            "mail-feedback" => {
                let to = format!("s{n}@sellers.example");
                reports::about(&format!("n{n}"), &format!("mail-{n}"), &to, Fate::Delivered, told.just_now())
            }
            "mail-intake" => {
                let from = format!("s{n}@sellers.example");
                let raw = format!("From: {from}\r\nSubject: Fwd\r\n\r\nIt is about o{n}.\r\n");
                let to = format!("csba-ustous@{MAIL_HOST}");
                let incoming = Incoming { raw: &raw, to: &[&to], source: &from, found: PASSED };
                receipts::of(&incoming, &told.world.kept_mail(&raw), told.just_now())
            }
            "marketplace-intake" => order(&told, "b", n),
            "insight-day" => {
                json!({ "store": "US", "seller": format!("s{n}"), "quarter": "2026Q3", "day": "2026-08-03" })
            }
            "fee-statement" => json!({ "store": "US", "seller": format!("s{n}"), "quarter": "2026Q3" }),
            other => panic!("{other} has no queue"),
        };
        let bodies = (0..10).map(|n| body(n).to_string()).collect();
        let kept = told.world.cloud.kept();
        let _ = told.world.calls();
        Self { told, package, bodies, kept }
    }

    /// Everything as it was.
    pub fn put_back(&self) {
        self.told.world.cloud.put_back(&self.kept);
    }

    /// A batch of these, delivered for the first time: the ids of those that come again, `m0` the first.
    pub async fn take(&self, bodies: &[String]) -> Result<Vec<String>, Failure> {
        self.take_again(bodies, 1).await
    }

    /// The same, delivered for the n-th time.
    pub async fn take_again(&self, bodies: &[String], deliveries: u32) -> Result<Vec<String>, Failure> {
        let messages: Vec<_> = (0..).map(|n| format!("m{n}")).zip(bodies.iter().cloned()).collect();
        let event = batch(&messages, self.told.world.now(), deliveries);
        let response = functions::queue(self.package, self.told.world.shell(self.package), event).await?;
        Ok(response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect())
    }

    /// The calls that the first message makes where nothing goes wrong.
    pub async fn calls_of_one(&self) -> Vec<String> {
        self.put_back();
        self.told.world.cloud.faults.begin(&[]);
        assert_eq!(self.take(&self.bodies[..1]).await, Ok(Vec::new()));
        let calls = self.told.world.cloud.faults.end();
        self.put_back();
        calls
    }

    /// Whether what the n-th message asks for is there.
    pub fn is_done(&self, n: usize) -> bool {
        let world = &self.told.world;
        if self.package == "notice-sender" {
            return world.mails_to(&format!("s{n}@sellers.example")).len() == 1;
        }
        if self.package == "hook-sender" {
            let pk = format!("US#HOOK#h{n}");
            let is_taken = |item: &Json| item["pk"]["S"] == pk && item["state"]["M"]["state"]["S"] == "delivered";
            return world.items("OutboxTable").iter().any(is_taken);
        }
        if self.package == "mail-feedback" {
            return self.told.notice(&format!("n{n}"))["became"]["M"]["fate"]["S"] == "delivered";
        }
        if self.package == "insight-day" {
            let pk = format!("US#s{n}#INSIGHTS");
            let sum = |item: &Json| item["pk"]["S"] == pk && item["sk"]["S"] == "DAY#2026Q3#2026-08-03";
            return world.items("LedgerTable").iter().any(sum);
        }
        if self.package == "mail-intake" {
            let at = |item: &Json| item["pk"]["S"] == format!("MAIL#in-{n:06}").as_str();
            return world.items("OnceTable").iter().any(at);
        }
        let mark = match self.package {
            "contact-router" => format!("contact-router#US#k{n}"),
            "sla-clock" => format!("sla-clock#trial_ending#US#s{n}#14"),
            "marketplace-intake" => format!("marketplace-intake#order_placed#US#b{n}"),
            _ => format!("fee-statement#measured#US#s{n}#2026Q3"),
        };
        world.items("OnceTable").iter().any(|item| item["pk"]["S"] == mark)
    }

    /// How many are done.
    pub fn done(&self) -> usize {
        (0..10).filter(|n| self.is_done(*n)).count()
    }

    /// What is parked: the state of each.
    pub fn parked(&self) -> Vec<Json> {
        self.told.world.items("ParkedTable").into_iter().map(|item| item["state"]["M"].clone()).collect()
    }
}
