//! What follows a decision: money and goods go back, sellers claim and dispute, customers say how it was. As everywhere,
//! each is drawn from what somebody could do, wrong things included.

use super::{
    chance::Chance,
    people::{Act, Asked, Order, People, some_name},
};
use crate::{World, cloud::locked, facts};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

/// A refund that was decided: its decision, the order, and how much.
struct Refund {
    decision: String,
    order: String,
    minor: i64,
}

impl People {
    /// What somebody does of a matter that was decided, or of what came of it.
    pub(super) fn aftermath(&mut self, chance: &mut Chance, world: &World, at: DateTime<Utc>) -> Act {
        let order = self.some_order(chance);
        match chance.rng.u8(..10) {
            0 | 1 => self.money_goes_back(chance, world, at),
            2 => {
                let units = 1..=chance.rng.u16(1..=order.quantity);
                let condition = ["original", "used"][chance.rng.usize(..2)];
                Act::Fact(facts::returned(&order.id, order.seller, units, condition, at))
            }
            3 if chance.rng.bool() => {
                let kind = ["a_to_z", "chargeback"][chance.rng.usize(..2)];
                Act::Fact(facts::contested(&order.id, order.seller, kind, at))
            }
            3..=6 => Act::Request(self.about_a_claim(chance, world, &order)),
            7 => Act::Request(self.about_a_dispute(chance, world, &order)),
            8 => Act::Request(self.transfers(&order)),
            _ => match survey(world) {
                Some(path) => Act::Request(self.scores(chance, path)),
                None => Act::Request(self.about_a_claim(chance, world, &order)),
            },
        }
    }

    /// The refund of a decision goes out, in full or not.
    fn money_goes_back(&mut self, chance: &mut Chance, world: &World, at: DateTime<Utc>) -> Act {
        let mut refunds = refunds(world);
        if refunds.is_empty() {
            return Act::Request(self.transfers(&self.some_order(chance)));
        }
        let refund = refunds.swap_remove(chance.rng.usize(..refunds.len()));
        let seller = self.orders.iter().find(|order| order.id == refund.order).map_or("s1", |order| order.seller);
        let minor = if chance.rng.u8(..6) == 0 { refund.minor / 2 } else { refund.minor };
        Act::Fact(facts::refunded(&refund.order, seller, &refund.decision, minor, at))
    }

    fn about_a_claim(&mut self, chance: &mut Chance, world: &World, order: &Order) -> Asked {
        let (seller, known) = (order.seller, some_name(chance, world, "LedgerTable", "CLAIM#"));
        let Some(claim) = known.filter(|_| chance.rng.u8(..4) > 0) else {
            return self.request("POST", "/claims", facts::user_of(seller), facts::claim(&order.id));
        };
        let desk = format!("/desk/claims/{seller}/{claim}");
        let granted = json!({ "decision": "grant", "amount_minor": chance.rng.i64(1..3_000) });
        let denied = json!({ "decision": "deny", "criterion": "evidence", "reason": "Nobody signed for it." });
        match chance.rng.u8(..5) {
            0 => {
                self.request("POST", &format!("{desk}/question"), facts::lead("lin"), json!({ "text": "Who signed?" }))
            }
            1 => {
                let said = json!({ "text": "Mr. Li.", "tracking": ["1Z-9"] });
                self.request("POST", &format!("/claims/{claim}/answer"), facts::user_of(seller), said)
            }
            2 => self.request("POST", &format!("{desk}/decision"), facts::lead("lin"), granted),
            3 => self.request("POST", &format!("{desk}/decision"), facts::lead("lin"), denied),
            _ => {
                let path = format!("/claims/{claim}/appeal");
                self.request("POST", &path, facts::user_of(seller), json!({ "text": "He did." }))
            }
        }
    }

    fn about_a_dispute(&mut self, chance: &mut Chance, world: &World, order: &Order) -> Asked {
        let (seller, known) = (order.seller, some_name(chance, world, "LedgerTable", "DISPUTE#"));
        if let Some(dispute) = known.filter(|_| chance.rng.bool()) {
            let denied = json!({ "decision": "deny", "reason": "It was about this order." });
            let body = if chance.rng.bool() { json!({ "decision": "accept" }) } else { denied };
            return self.request(
                "POST",
                &format!("/desk/disputes/{seller}/{dispute}/decision"),
                facts::lead("lin"),
                body,
            );
        }
        let contact = json!({ "contact_id": "k0", "reason": "It was about another order." });
        let unit = json!({ "order_id": order.id, "item_id": "1", "ordinal": 1, "reason": "It never left." });
        let body = if chance.rng.bool() { contact } else { unit };
        self.request("POST", "/statements/2026Q3/disputes", facts::user_of(seller), body)
    }

    fn transfers(&mut self, order: &Order) -> Asked {
        let text = format!("The customer of order {} asks where it is.", order.id);
        let body = json!({ "topic": "late_delivery", "text": text });
        self.request("POST", "/transfers", facts::user_of(order.seller), body)
    }

    /// A customer says how it was.
    fn scores(&mut self, chance: &mut Chance, path: String) -> Asked {
        let body = json!({ "score": chance.rng.u8(1..=5) });
        Asked { path, claims: Json::Null, ..self.request("POST", "", Json::Null, body) }
    }
}

/// Every refund that was decided.
fn refunds(world: &World) -> Vec<Refund> {
    let tables = locked(&world.cloud.tables);
    let decisions = tables.items("RequestsTable").filter(|(place, _)| place.sk.starts_with("DECISION#"));
    let refund = |(_, item): (_, &str)| {
        let mut item: Json = serde_json::from_str(item).ok()?;
        let state = item["state"]["M"].take();
        let text = |name: &str| state[name]["S"].as_str().map(str::to_owned);
        let minor = state["amount"]["M"]["minor"]["N"].as_str()?.parse().ok()?;
        Some(Refund { decision: text("id")?, order: text("order")?, minor })
    };
    decisions.filter_map(refund).collect()
}

/// The way to say how it was that stands in the latest mail with one.
fn survey(world: &World) -> Option<String> {
    let mails = locked(&world.cloud.mails);
    let token = mails.iter().rev().find_map(|mail| mail.token("surveys"));
    token.map(|token| format!("/v1/surveys/{token}"))
}
