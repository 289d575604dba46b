//! Where a schedule begins: states that a story reaches when all goes well. Telling them once and putting them back
//! leaves a schedule's time for what may go wrong.

use super::people::{Order, People};
use crate::{
    World,
    cloud::{Kept, locked},
    facts,
    verify::{Read, Written},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// A state to begin from.
pub struct Chapter {
    /// What has happened.
    pub name: &'static str,
    /// How often a schedule begins here. A quarter's end takes ten times the calls of an act.
    pub weight: u32,
    /// All that is in the cloud.
    pub kept: Kept,
    /// What people know.
    pub people: People,
}

/// A story, to begin anywhere in.
pub struct Story {
    /// Where it took place.
    pub world: World,
    people: People,
    /// The states it reached.
    pub chapters: Vec<Chapter>,
    /// What is in them, read for the verifier, by where it lies in memory: most of it is still there at a schedule's end.
    read: HashMap<usize, Read>,
}

/// Tells the story, and keeps each of its chapters.
pub async fn told(world: World) -> Story {
    let mut story = Story { world, people: People::default(), chapters: Vec::new(), read: HashMap::new() };
    story.ends("nobody is known", 6);
    story.sellers().await;
    story.ends("sellers are enrolled", 6);
    story.orders().await;
    story.ends("orders are placed", 8);
    story.shipments().await;
    story.ends("units have shipped", 8);
    story.inquiry().await;
    story.ends("an inquiry is being worked on", 8);
    story.question().await;
    story.ends("the seller was asked", 8);
    story.hours_pass(23).await;
    story.ends("the seller has half an hour left", 3);
    story.refund().await;
    story.ends("a refund went out", 6);
    story.quarter_ends().await;
    story.ends("a quarter is about to end", 1);
    story.quarter_is_measured().await;
    story.ends("a quarter is about to be closed", 1);
    story
}

impl Story {
    fn ends(&mut self, name: &'static str, weight: u32) {
        let cloud = &self.world.cloud;
        locked(&cloud.mails).clear();
        assert!(self.world.parked().is_empty(), "{name}: {:?}", self.world.parked());
        let kept = cloud.kept();
        for table in self.world.template.tables.keys() {
            for text in kept.items(table) {
                let place = text.as_ptr().addr();
                if !self.read.contains_key(&place) {
                    self.read.extend(Read::of(table, text).map(|read| (place, read)));
                }
            }
        }
        self.chapters.push(Chapter { name, weight, kept, people: self.people.clone() });
    }

    /// An item of a table, as it was read if it is one of a chapter's.
    pub fn written<'a>(&'a self, item: &'a str) -> Written<'a> {
        self.read.get(&item.as_ptr().addr()).map_or(Written::Text(item), Written::Read)
    }

    fn just_now(&self) -> DateTime<Utc> {
        self.world.now() - TimeDelta::minutes(1)
    }

    async fn sellers(&mut self) {
        let facts = ["s1", "s2"].map(|seller| facts::registered(seller, self.just_now()));
        self.world.facts(facts).await;
        self.people.registered = true;
        self.world.pass(TimeDelta::hours(2)).await;
    }

    async fn orders(&mut self) {
        for (id, seller, quantity) in [("a1", "s1", 3), ("a2", "s1", 1), ("b1", "s2", 2)] {
            self.world.fact(facts::placed(id, seller, quantity, "seller", self.just_now())).await;
            self.people.orders.push(Order { id: id.to_owned(), seller, quantity });
        }
    }

    async fn shipments(&mut self) {
        for (parcel, n) in [("pa1", 0), ("pb1", 2)] {
            let order = self.people.orders[n].clone();
            let units = 1..=order.quantity.min(2);
            self.world.fact(facts::shipped(parcel, &order.id, order.seller, units, self.just_now())).await;
            self.people.parcels.push((parcel.to_owned(), order));
        }
    }

    async fn asks(&mut self, method: &'static str, path: &str, claims: Json, body: Json) -> Json {
        let asked = self.people.request(method, path, claims, body);
        let reply = self.world.request(method, &asked.path, asked.claims, &asked.key, &asked.body.to_string()).await;
        assert!(reply.status < 300, "{path}: {reply:?}");
        reply.body
    }

    async fn inquiry(&mut self) {
        let contact = facts::contact("k0", "email", Some("a1"), "s1", "late_delivery");
        self.asks("POST", "/contacts", facts::marketplace(), contact).await;
        let inquiry = self.inquiry_id().await;
        self.asks("POST", &format!("/desk/inquiries/{inquiry}/claim"), facts::associate("mei"), json!({})).await;
    }

    async fn inquiry_id(&mut self) -> String {
        let went = self.asks("GET", "/contacts/k0", facts::marketplace(), Json::Null).await;
        went["inquiry_id"].as_str().expect("an inquiry").to_owned()
    }

    async fn question(&mut self) {
        let inquiry = self.inquiry_id().await;
        let question = json!({ "kind": "shipping_status", "text": "When did the parcel leave?" });
        self.asks("POST", &format!("/desk/inquiries/{inquiry}/requests"), facts::associate("mei"), question).await;
    }

    async fn hours_pass(&mut self, hours: i64) {
        for _ in 0..hours {
            self.world.pass(TimeDelta::hours(1)).await;
        }
        self.world.pass(TimeDelta::minutes(30)).await;
    }

    /// Another order's customer is paid back at its seller's cost.
    async fn refund(&mut self) {
        let contact = facts::contact("k1", "email", Some("b1"), "s2", "damaged_item");
        self.asks("POST", "/contacts", facts::marketplace(), contact).await;
        let went = self.asks("GET", "/contacts/k1", facts::marketplace(), Json::Null).await;
        let desk = format!("/desk/inquiries/{}", went["inquiry_id"].as_str().expect("an inquiry"));
        self.asks("POST", &format!("{desk}/claim"), facts::associate("ada"), json!({})).await;
        let refund = json!({ "kind": "refund_full", "reason": "damaged", "liable": "seller" });
        let decided = self.asks("POST", &format!("{desk}/decision"), facts::associate("ada"), refund).await;
        let decision = decided["id"].as_str().expect("a decision");
        let minor = decided["amount"]["minor"].as_i64().expect("an amount");
        self.world.fact(facts::refunded("b1", "s2", decision, minor, self.just_now())).await;
        // The question that was open by then has run out, and nothing is due for a while.
        self.hours_pass(1).await;
    }

    async fn quarter_ends(&mut self) {
        self.world.pass(TimeDelta::hours(1)).await;
        self.world.cloud.set_now("2026-10-01T06:40:00Z".parse::<DateTime<Utc>>().expect("a time").timestamp_millis());
    }

    async fn quarter_is_measured(&mut self) {
        self.world.pass_to("2026-10-01T09:00:00Z".parse().expect("a time")).await;
        self.world.cloud.set_now("2026-10-04T06:50:00Z".parse::<DateTime<Utc>>().expect("a time").timestamp_millis());
    }
}
