//! What people do: the marketplace tells facts, customers ask, associates work, sellers reply, opt in and out. Each act
//! is drawn from what somebody could do as things stand, wrong things included.

use super::chance::Chance;
use crate::{World, cloud::locked, facts};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};

/// What somebody does.
#[derive(Debug, Clone)]
pub enum Act {
    /// A fact of the marketplace.
    Fact(Json),
    /// A message that is none.
    Poison(&'static str, String),
    /// A request.
    Request(Asked),
    /// Nothing for a while, in milliseconds.
    Pass(i64),
    /// A schedule ticks, so many milliseconds late.
    Tick(&'static str, i64),
}

/// A request, as somebody sends it until it is answered.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    pub claims: Json,
    pub key: String,
    pub body: Json,
}

/// An order that was told.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: String,
    pub seller: &'static str,
    pub quantity: u16,
}

/// What people know.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Orders that were told, in any order of arrival.
    pub orders: Vec<Order>,
    /// Parcels: their names and orders.
    pub parcels: Vec<(String, Order)>,
    /// Whether sellers are known.
    pub registered: bool,
    names: u32,
}

const SELLERS: [&str; 2] = ["s1", "s2"];
const TOPICS: [&str; 7] =
    ["late_delivery", "where_is_my_order", "quality", "defective", "return_request", "invoice", "product_question"];
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl People {
    /// A name that nobody has had.
    pub fn name(&mut self, what: &str) -> String {
        self.names += 1;
        format!("{what}{}", self.names)
    }

    /// A request of somebody.
    pub fn request(&mut self, method: &'static str, path: &str, claims: Json, body: Json) -> Asked {
        Asked { method, path: format!("/v1/stores/US{path}"), claims, key: self.name("key-"), body }
    }

    /// What is done next.
    pub fn act(&mut self, chance: &mut Chance, world: &World) -> Act {
        let just_now = world.now() - TimeDelta::seconds(chance.rng.i64(60..3_600));
        let desk = if self.orders.is_empty() { 0 } else { 1 };
        match chance.one_of(&[
            (3, 0),
            (if self.registered { 3 } else { 12 }, 1),
            (if self.registered { 3 } else { 1 }, 2),
            (4 * desk, 3),
            (2 * desk, 4),
            (4 * desk, 5),
            (6 * desk, 6),
            (5 * desk, 7),
            (1, 8),
            (2, 9),
            (1, 10),
            (2, 11),
            (4 * desk, 12),
            (2, 13),
        ]) {
            0 => self.order(chance, just_now),
            1 => self.seller(chance, just_now),
            2 => self.enrollment(chance),
            3 => self.shipment(chance, just_now),
            4 => self.scan_page_or_takeover(chance, just_now),
            5 => self.contact(chance),
            6 => self.desk(chance, world),
            7 => self.case_log(chance, world),
            8 => poison(chance),
            9 => Act::Pass([MINUTE, 30 * MINUTE, 3 * HOUR, 12 * HOUR, 25 * HOUR][chance.rng.usize(..5)]),
            11 => self.policy(chance),
            12 => self.aftermath(chance, world, just_now),
            13 => Act::Request(self.account(chance, world)),
            _ => {
                let which = if chance.rng.u8(..4) == 0 { "ledger-rollup" } else { "sla-sweep" };
                Act::Tick(which, chance.rng.i64(0..MINUTE))
            }
        }
    }

    pub(super) fn some_seller(&self, chance: &mut Chance) -> &'static str {
        SELLERS[usize::from(chance.rng.u8(..4) == 0)]
    }

    fn order(&mut self, chance: &mut Chance, at: DateTime<Utc>) -> Act {
        let order = Order { id: self.name("o"), seller: self.some_seller(chance), quantity: chance.rng.u16(1..4) };
        let fulfilment = if chance.rng.u8(..6) == 0 { "store" } else { "seller" };
        let fact = facts::placed(&order.id, order.seller, order.quantity, fulfilment, at);
        self.orders.push(order);
        Act::Fact(fact)
    }

    fn seller(&mut self, chance: &mut Chance, at: DateTime<Utc>) -> Act {
        let seller = self.some_seller(chance);
        if !self.registered || chance.rng.u8(..4) == 0 {
            self.registered = true;
            let mut fact = facts::registered(seller, at);
            if chance.rng.u8(..3) == 0 {
                fact["accepted_terms"] = Json::Null;
            }
            return Act::Fact(fact);
        }
        Act::Fact(facts::changed(seller, ["good", "suspended"][chance.rng.usize(..2)], at))
    }

    /// A return policy is written, good enough or not, submitted, and looked at.
    fn policy(&mut self, chance: &mut Chance) -> Act {
        let seller = self.some_seller(chance);
        let version = json!({ "version": chance.rng.u8(1..4) });
        let desk = format!("/desk/return-policies/{seller}");
        let (path, claims, body) = match chance.rng.u8(..5) {
            0 | 1 => ("/return-policy".to_owned(), facts::user_of(seller), facts::terms(chance.rng.u16(28..60))),
            2 => ("/return-policy/submit".to_owned(), facts::user_of(seller), version),
            3 => (format!("{desk}/approve"), facts::lead("lin"), version),
            _ => {
                let body = json!({ "version": version["version"], "reason": "Say which toys come back." });
                (format!("{desk}/reject"), facts::lead("lin"), body)
            }
        };
        Act::Request(self.request("POST", &path, claims, body))
    }

    fn enrollment(&mut self, chance: &mut Chance) -> Act {
        let seller = self.some_seller(chance);
        let (what, body) = match chance.rng.u8(..5) {
            0 => ("terms", json!({ "terms_version": "2026-01" })),
            1 | 2 => ("opt-out", json!({})),
            3 => ("opt-in", json!({})),
            _ => ("opt-in", json!({ "terms_version": "2026-01" })),
        };
        Act::Request(self.request("POST", &format!("/enrollment/{what}"), facts::user_of(seller), body))
    }

    pub(super) fn some_order(&self, chance: &mut Chance) -> Order {
        self.orders[chance.rng.usize(..self.orders.len())].clone()
    }

    /// A parcel of some units, or one that was told before, with the same units or others.
    fn shipment(&mut self, chance: &mut Chance, at: DateTime<Utc>) -> Act {
        let order = self.some_order(chance);
        let first = chance.rng.u16(1..=order.quantity);
        let last = chance.rng.u16(first..=order.quantity);
        let parcel = match self.parcels.last() {
            Some((parcel, of)) if of.id == order.id && chance.rng.bool() => parcel.clone(),
            _ => self.name("p"),
        };
        self.parcels.push((parcel.clone(), order.clone()));
        Act::Fact(facts::shipped(&parcel, &order.id, order.seller, first..=last, at))
    }

    fn scan_page_or_takeover(&mut self, chance: &mut Chance, at: DateTime<Utc>) -> Act {
        if let Some((parcel, order)) = self.parcels.last().filter(|_| chance.rng.bool()) {
            return Act::Fact(facts::scanned(parcel, &order.id, at));
        }
        if chance.rng.u8(..4) == 0 {
            return Act::Fact(facts::described(at));
        }
        let order = self.some_order(chance);
        Act::Fact(facts::took_over(&order.id, order.seller, TOPICS[chance.rng.usize(..TOPICS.len())], at))
    }

    fn contact(&mut self, chance: &mut Chance) -> Act {
        let order = self.some_order(chance);
        let topic = TOPICS[chance.rng.usize(..TOPICS.len())];
        let (topic, about) = if chance.rng.u8(..8) == 0 { ("pre_order", None) } else { (topic, Some(&*order.id)) };
        let channel = ["email", "phone", "message"][chance.rng.usize(..3)];
        let body = facts::contact(&self.name("k"), channel, about, order.seller, topic);
        Act::Request(self.request("POST", "/contacts", facts::marketplace(), body))
    }

    fn desk(&mut self, chance: &mut Chance, world: &World) -> Act {
        let Some(inquiry) = some_name(chance, world, "InquiriesTable", "#INQUIRY#") else {
            return self.contact(chance);
        };
        let (what, body) = match chance.rng.u8(..14) {
            0..=2 => ("claim", json!({})),
            3..=5 => ("requests", json!({ "kind": "shipping_status", "text": "When did the parcel leave?" })),
            6 => ("answer", json!({ "message": "We look into it." })),
            7 => return self.moved_on(chance, world, &inquiry),
            8 => ("release", json!({})),
            9 => ("notes", json!({ "note": "The carrier was called." })),
            10 => ("topic", json!({ "topic": TOPICS[chance.rng.usize(..TOPICS.len())] })),
            11 => return self.handed_out(chance),
            _ => match chance.rng.u8(..4) {
                0 => ("decision", json!({ "kind": "decline", "reason": "on_its_way" })),
                1 => ("decision", json!({ "kind": "refund_full", "reason": "damaged", "liable": "seller" })),
                2 => ("decision", json!({ "kind": "refund_full", "reason": "not_received", "liable": "seller" })),
                _ => ("decision", json!({ "kind": "replacement", "reason": "defective", "liable": "seller" })),
            },
        };
        let associate = ["mei", "mei", "mei", "ada"][chance.rng.usize(..4)];
        let path = format!("/desk/inquiries/{inquiry}/{what}");
        Act::Request(self.request("POST", &path, facts::associate(associate), body))
    }

    /// An associate takes the next inquiry that fits, or a lead says what would.
    fn handed_out(&mut self, chance: &mut Chance) -> Act {
        let associate = ["mei", "ada"][chance.rng.usize(..2)];
        if chance.rng.u8(..3) > 0 {
            return Act::Request(self.request("POST", "/desk/next", facts::associate(associate), json!({})));
        }
        let most = |chance: &mut Chance| chance.rng.u8(..4);
        let capacity = json!({ "phone": most(chance), "message": most(chance), "email": most(chance) });
        let profile = json!({ "languages": ["en"], "skills": ["delivery", "return"], "capacity": capacity });
        Act::Request(self.request("POST", &format!("/desk/associates/{associate}"), facts::lead("lin"), profile))
    }

    /// An inquiry goes to the seller, into another one, or to another associate.
    fn moved_on(&mut self, chance: &mut Chance, world: &World, inquiry: &str) -> Act {
        let (what, body, claims) = match chance.rng.u8(..3) {
            0 => ("hand-over", json!({ "reason": "seller_requested" }), facts::associate("mei")),
            1 => {
                let other = some_name(chance, world, "InquiriesTable", "#INQUIRY#").unwrap_or_default();
                ("merge", json!({ "into": other }), facts::associate("mei"))
            }
            _ => {
                let to = ["mei", "ada"][chance.rng.usize(..2)];
                ("reassign", json!({ "associate": to }), facts::lead("lin"))
            }
        };
        Act::Request(self.request("POST", &format!("/desk/inquiries/{inquiry}/{what}"), claims, body))
    }

    fn case_log(&mut self, chance: &mut Chance, world: &World) -> Act {
        let Some(request) = some_name(chance, world, "RequestsTable", "REQUEST#") else {
            return self.desk(chance, world);
        };
        let text = self.name("On Monday, parcel ");
        let seller = self.some_seller(chance);
        let path = format!("/case-log/{request}/reply");
        Act::Request(self.request("POST", &path, facts::user_of(seller), json!({ "text": text })))
    }
}

/// The name of something that is in a table: what follows this in its key.
pub(super) fn some_name(chance: &mut Chance, world: &World, table: &str, after: &str) -> Option<String> {
    let tables = locked(&world.cloud.tables);
    let name = |key: &str| Some(key.split_once(after)?.1.split('#').next()?.to_owned());
    let mut names: Vec<_> =
        tables.items(table).filter_map(|(place, _)| name(&place.pk).or_else(|| name(&place.sk))).collect();
    names.dedup();
    (!names.is_empty()).then(|| names.swap_remove(chance.rng.usize(..names.len())))
}

/// How long it is until the next deadline of a seller, to the last instant.
pub fn until_due(world: &World) -> Option<i64> {
    let tables = locked(&world.cloud.tables);
    let due = |item: &str| serde_json::from_str::<Json>(item).ok()?["due_at"]["N"].as_str()?.parse::<i64>().ok();
    let all = tables.items("RequestsTable").filter_map(|(_, item)| due(item));
    all.map(|due| due - world.cloud.now()).filter(|left| *left > 0).min()
}

fn poison(chance: &mut Chance) -> Act {
    match chance.rng.u8(..4) {
        0 => Act::Poison("EventsQueue", "{ no JSON".into()),
        1 => Act::Poison("EventsQueue", json!({ "type": "order_placed", "version": 99 }).to_string()),
        2 => Act::Poison("ContactsQueue", "[]".into()),
        _ => Act::Poison("FeesQueue", json!({ "store": "XX", "seller": "s1", "quarter": "2026Q3" }).to_string()),
    }
}
