//! What people do with accounts and with what is kept of people: users are invited, granted more or less, removed and made
//! primary; a customer's data is exported and erased. As everywhere, wrong things included.

use super::{
    chance::Chance,
    people::{Asked, People},
};
use crate::{World, cloud::locked, facts};
use serde_json::{Value as Json, json};

/// Whoever may take an invitation.
const INVITED: [&str; 2] = ["bo", "cy"];

/// What a seller's account says of its users.
#[derive(Default)]
struct Account {
    version: u64,
    users: Vec<String>,
    invitations: Vec<String>,
}

impl People {
    /// A seller's primary user, somebody who was invited, or a lead.
    pub(super) fn account(&mut self, chance: &mut Chance, world: &World) -> Asked {
        let seller = self.some_seller(chance);
        let (own, account) = (facts::user_of(seller), account(world, seller));
        let version = json!({ "version": account.version });
        let some = |names: &[String], chance: &mut Chance| {
            let n = (!names.is_empty()).then(|| chance.rng.usize(..names.len()));
            n.map_or_else(|| "nobody".to_owned(), |n| names[n].clone())
        };
        let (path, claims, body) = match chance.rng.u8(..10) {
            0 | 1 => {
                let name = INVITED[chance.rng.usize(..INVITED.len())];
                let level = ["view", "edit"][chance.rng.usize(..2)];
                let grants = json!({ "home": "view", "case_log": level });
                let email = format!("{name}@sellers.example");
                let invited = json!({ "name": name, "email": email, "grants": grants });
                ("/users/invitations".to_owned(), own, invited)
            }
            2 | 3 => return self.takes(chance, world),
            4 => {
                let which = some(&account.invitations, chance);
                (format!("/users/invitations/{which}/revoke"), own, json!({}))
            }
            5 => {
                let grants = json!({ "grants": { "statements": "view" }, "version": account.version });
                (format!("/users/{}/grants", some(&account.users, chance)), own, grants)
            }
            6 => (format!("/users/{}/remove", some(&account.users, chance)), own, version),
            7 => (format!("/users/{}/hand-over", some(&account.users, chance)), own, version),
            8 => {
                let of = json!({ "customer_id": "c1", "reason": "The customer asked." });
                ("/desk/exports".to_owned(), facts::lead("lin"), of)
            }
            _ => ("/desk/customers/c1/erasure".to_owned(), facts::lead("lin"), json!({})),
        };
        self.request("POST", &path, claims, body)
    }

    /// Somebody follows the link of the latest invitation.
    fn takes(&mut self, chance: &mut Chance, world: &World) -> Asked {
        let token = locked(&world.cloud.mails).iter().rev().find_map(|mail| mail.token("invitations"));
        let path = format!("/v1/invitations/{}", token.unwrap_or_else(|| "none".to_owned()));
        let claims = json!({ "sub": INVITED[chance.rng.usize(..INVITED.len())] });
        Asked { path, ..self.request("POST", "", claims, json!({})) }
    }
}

fn account(world: &World, seller: &str) -> Account {
    let tables = locked(&world.cloud.tables);
    let own = format!("US#{seller}");
    let Some((_, item)) = tables.items("SellersTable").find(|(place, _)| *place.pk == *own && &*place.sk == "SELLER")
    else {
        return Account::default();
    };
    let item: Json = serde_json::from_str(item).expect("JSON");
    let users = &item["state"]["M"]["users"]["M"];
    let ids = |what: &str| {
        let each = users[what]["L"].as_array().into_iter().flatten();
        each.filter_map(|one| one["M"]["id"]["S"].as_str().map(str::to_owned)).collect()
    };
    Account {
        version: item["version"]["N"].as_str().and_then(|version| version.parse().ok()).unwrap_or_default(),
        users: ids("all"),
        invitations: ids("invitations"),
    }
}
