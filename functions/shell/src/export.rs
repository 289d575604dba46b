//! All that is kept of a seller, partition by partition, a page at a time: its account, what it was asked and what was
//! decided, its ledger, what people did in its name. What customers said is not in there: it lies in a table of its own.
//!
//! Calls: a page is one query, and one more for each partition that holds nothing.

use crate::{
    Shell,
    commit::Answer,
    cursor,
    failure::Failure,
    key::{Key, Table, insights},
    store::Placed,
};
use domain::{at::Instant, id::SellerId, quarter::Quarter, seller::Seller, store::Store};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Items of one page.
const PAGE: i32 = 100;

/// Whose eyes read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// The store's.
    Staff,
    /// The seller's own. Which of the store's people it was is the store's affair, and a text that it handed over may
    /// quote a customer.
    Seller,
}

/// A page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Page {
    /// Items, as they are kept.
    pub items: Vec<Kept>,
    /// Give it back as `cursor` for what follows; none at the end.
    pub next_cursor: Option<String>,
}

/// An item.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// Of which table.
    pub table: String,
    /// Where in it.
    pub place: String,
    /// What it says.
    pub state: Value,
}

/// Where a page begins: in which partition, and after which place.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Start {
    partition: usize,
    after: Option<String>,
}

/// Every partition of a seller, up to this moment.
fn partitions(store: &Store, seller: &Seller, now: Instant) -> Vec<(Table, String)> {
    let (own, id) = (Key::seller(&store.id, &seller.id).pk, &seller.id);
    let begun = seller.periods.iter().map(|period| period.starts_at).chain([seller.facts_at]).min().unwrap_or(now);
    let quarters = std::iter::successors(Some(store.quarter_of(begun)), |quarter: &Quarter| Some(quarter.next()));
    // What comes late stands in the next quarter.
    let last = store.quarter_of(now).next();
    let quarters =
        quarters.take_while(|quarter| *quarter <= last).map(|quarter| Key::quarter(&store.id, id, quarter).pk);
    let ledger = ["DISPUTES", "CLAIMS"].map(|part| format!("{own}#{part}"));
    [Table::Sellers, Table::Requests, Table::Audit]
        .map(|table| (table, own.clone()))
        .into_iter()
        .chain([(Table::Requests, Key::handed_over_to(&store.id, id))])
        .chain(quarters.chain(ledger).chain([insights(&store.id, id)]).map(|pk| (Table::Ledger, pk)))
        .collect()
}

/// A page of all that is kept of a seller; none where nobody knows it.
pub async fn of_seller(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    cursor: Option<&str>,
    (eyes, now): (Eyes, Instant),
) -> Result<Option<Page>, Failure> {
    let from = cursor.map(cursor::place::<Start>).transpose()?.unwrap_or_default();
    let Some(known) = shell.store.get::<Seller>(&Key::seller(&store.id, seller)).await? else { return Ok(None) };
    let partitions = partitions(store, &known.state, now);
    let mut after = from.after;
    for (n, (table, pk)) in partitions.iter().enumerate().skip(from.partition) {
        let page: Placed<Value> = shell.store.rows(*table, pk, after.take().as_deref(), PAGE).await?;
        let next = match page.next {
            Some(place) => Some(Start { partition: n, after: Some(place) }),
            None if n + 1 < partitions.len() => Some(Start { partition: n + 1, after: None }),
            None => None,
        };
        if !page.rows.is_empty() || next.is_none() {
            let kept = page.rows.into_iter().map(|(place, state)| {
                let state = if eyes == Eyes::Seller { for_seller(&place, state) } else { state };
                Kept { table: format!("{table:?}").to_lowercase(), place, state }
            });
            return Ok(Some(Page { items: kept.collect(), next_cursor: next.as_ref().map(cursor::after) }));
        }
    }
    Ok(Some(Page::default()))
}

/// What of an item is the seller's to read.
fn for_seller(place: &str, state: Value) -> Value {
    let mut state = nameless(state, false);
    if place.starts_with("TRANSFER#")
        && let Some(transfer) = state.as_object_mut()
    {
        transfer.remove("text");
    }
    state
}

/// What says directly, as `by`, which lead it was.
const BY_A_LEAD: [&str; 4] = ["against", "event", "rounds", "verdict"];

/// Without the name of whoever works for the store.
fn nameless(value: Value, by_a_lead: bool) -> Value {
    match value {
        Value::Object(fields) => {
            let nameless = |(name, value): (String, Value)| {
                let staff = value.is_string() && (name == "associate" || by_a_lead && name == "by");
                let by_a_lead = BY_A_LEAD.contains(&name.as_str());
                (name, if staff { Value::Null } else { nameless(value, by_a_lead) })
            };
            Value::Object(fields.into_iter().map(nameless).collect::<Map<_, _>>())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(|value| nameless(value, by_a_lead)).collect()),
        other => other,
    }
}

impl Answer {
    /// An answer to a seller: that somebody of the store did something, and not who.
    #[must_use]
    pub fn for_seller(self) -> Self {
        Self { body: nameless(self.body, false), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn inq_5_a_seller_reads_neither_what_it_handed_over_nor_who_of_the_store_it_was() {
        let state =
            json!({ "text": "She says …", "by": { "associate": "mei" }, "rows": [{ "associate": "mei", "n": 1 }] });
        let transfer = for_seller("TRANSFER#k", state.clone());
        assert_eq!(transfer, json!({ "by": { "associate": null }, "rows": [{ "associate": null, "n": 1 }] }));
        assert_eq!(for_seller("REQUEST#r", state)["text"], "She says …", "its own words stay");
        let record = json!({ "associate": { "associate": "mei" } });
        assert_eq!(nameless(record, false), json!({ "associate": { "associate": null } }));
        let claim = json!({ "by": "user", "rounds": [{ "by": "lea" }], "appeal": { "against": { "by": "lea" } },
            "event": { "by": "lea", "decided_by": { "by": "rule" } } });
        let read = json!({ "by": "user", "rounds": [{ "by": null }], "appeal": { "against": { "by": null } },
            "event": { "by": null, "decided_by": { "by": "rule" } } });
        assert_eq!(nameless(claim, false), read);
    }
}
