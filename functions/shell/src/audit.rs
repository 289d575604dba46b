//! The audit (ACC-4): what people changed of a seller's things, one row for each thing and request, in the transaction of
//! the change. It says who, on whose behalf, what, what stood there before and after, when, and which request. A row is
//! new or the transaction fails, and no function may delete one. What a clock, the marketplace or a rule
//! changed is told by the events beside the thing.
//!
//! No word of a customer can be in it: it holds what the seller may read of its own things.

use crate::failure::Failure;
use domain::{
    at::{Actor, Instant},
    id::{SellerId, StoreId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// The seller, where a user of it acted, or the store.
    pub on_behalf_of: String,
    /// Which thing: `SELLER`, `RETURN_POLICY`, `REQUEST#…`, `CLAIM#…`, as its key says.
    pub thing: String,
    /// What happened, by the names of the events.
    pub what: Vec<String>,
    /// Of what changed, how it was.
    pub before: Map<String, Value>,
    /// And how it is.
    pub after: Map<String, Value>,
    /// The root id, as in the events.
    pub cause: String,
    /// The gateway's id of the request.
    pub request_id: String,
}

/// A change before it is known which request asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub store: StoreId,
    pub seller: SellerId,
    pub thing: String,
    what: Vec<String>,
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Change {
    /// What these events made of a thing.
    pub fn of<S: Serialize, E: Serialize>(
        (store, seller): (&StoreId, &SellerId),
        thing: &str,
        (before, after): (Option<&S>, &S),
        events: &[E],
    ) -> Result<Self, Failure> {
        let (before, after) = (before.map_or(Ok(Map::new()), plain)?, plain(after)?);
        let apart = |these: &Map<String, Value>, those: &Map<String, Value>| {
            let differ = these.iter().filter(|(name, value)| those.get(*name) != Some(*value));
            differ.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        Ok(Self {
            store: store.clone(),
            seller: seller.clone(),
            thing: thing.to_owned(),
            what: events.iter().map(named).collect::<Result<_, _>>()?,
            before: apart(&before, &after),
            after: apart(&after, &before),
        })
    }

    /// The row, now that the request is known.
    pub fn row(self, at: Instant, actor: &Actor, cause: &str, request_id: &str) -> Audited {
        let of_seller = matches!(actor, Actor::Seller(_));
        let on_behalf_of = if of_seller { self.seller.to_string() } else { self.store.to_string() };
        Audited {
            at,
            actor: actor.clone(),
            on_behalf_of,
            thing: self.thing,
            what: self.what,
            before: self.before,
            after: self.after,
            cause: cause.to_owned(),
            request_id: request_id.to_owned(),
        }
    }
}

/// Whether what this one changes is audited.
#[must_use]
pub const fn is_a_person(actor: &Actor) -> bool {
    matches!(actor, Actor::Seller(_) | Actor::Associate(_))
}

fn plain(state: &impl Serialize) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(state) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) | Err(_) => Err(Failure::Fault("a state is no object".into())),
    }
}

/// `submitted`, or `users.invited` where one event stands for several.
fn named(event: &impl Serialize) -> Result<String, Failure> {
    let fields = plain(event)?;
    let tag = |name: &str| fields.get(name).and_then(Value::as_str);
    let event = tag("event").ok_or_else(|| Failure::Fault("an event has no name".into()))?;
    Ok(tag("change").map_or_else(|| event.to_owned(), |change| format!("{event}.{change}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changed(before: Option<&Value>, after: &Value) -> Audited {
        let (store, seller) = ("US".parse().unwrap(), "s1".parse().unwrap());
        let events = [json!({ "event": "users", "change": "granted" }), json!({ "event": "left" })];
        let change = Change::of((&store, &seller), "SELLER", (before, after), &events).unwrap();
        change.row(Instant::UNIX_EPOCH, &Actor::Seller("ann".into()), "cause", "r-1")
    }

    #[test]
    fn acc_4_a_row_says_who_on_whose_behalf_what_before_and_after_and_nothing_that_did_not_change() {
        let row = changed(Some(&json!({ "a": 1, "b": 2, "gone": 3 })), &json!({ "a": 1, "b": 4, "new": 5 }));
        assert_eq!(serde_json::to_value(&row.before).unwrap(), json!({ "b": 2, "gone": 3 }));
        assert_eq!(serde_json::to_value(&row.after).unwrap(), json!({ "b": 4, "new": 5 }));
        assert_eq!(row.what, ["users.granted", "left"]);
        assert_eq!((row.actor, row.on_behalf_of.as_str()), (Actor::Seller("ann".into()), "s1"));
        assert_eq!((row.request_id.as_str(), row.cause.as_str()), ("r-1", "cause"));
    }

    #[test]
    fn acc_4_what_is_new_has_no_before() {
        let row = changed(None, &json!({ "a": 1 }));
        assert_eq!((row.before.len(), row.after.len()), (0, 1));
    }

    #[test]
    fn acc_4_people_are_audited_and_neither_clocks_nor_the_marketplace() {
        let people = [Actor::Seller("ann".into()), Actor::Associate("mei".parse().unwrap())];
        assert!(people.iter().all(is_a_person));
        assert!(![Actor::Marketplace, Actor::Service].iter().any(is_a_person));
    }
}
