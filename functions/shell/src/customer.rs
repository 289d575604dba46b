//! What is found by its customer: its orders, and its contacts. Each stands in the index of its table under the customer, in
//! the order of its id; nothing but keys is in there.

use crate::{
    Shell,
    commit::{Item, key_item, text},
    failure::Failure,
    key::{Key, Table, customer_key},
    store::IndexRange,
};
use domain::id::{CustomerId, StoreId};
use std::str::FromStr;

/// What puts an item there.
pub(crate) fn index(store: &StoreId, customer: &CustomerId) -> Item {
    Item::from([("customer_key".to_owned(), text(&customer_key(store, customer)))])
}

/// The ids of the customer's things in a table, after this one: more than `most` of them, or all that are left.
pub async fn after<T: FromStr>(
    shell: &Shell,
    (store, customer): (&StoreId, &CustomerId),
    table: Table,
    last: Option<Key>,
    most: usize,
) -> Result<Vec<T>, Failure> {
    let hash = customer_key(store, customer);
    let range =
        IndexRange { table, index: "customer", hash: ("customer_key", &hash), until: None, newest_first: false };
    let mut from = last.map(|last| key_item(&last).into_iter().chain(index(store, customer)).collect());
    let mut ids = Vec::new();
    loop {
        let page = shell.store.keys(&range, from).await?;
        for item in &page.rows {
            ids.push(id_of(item)?);
        }
        from = page.next;
        if from.is_none() || ids.len() > most {
            return Ok(ids);
        }
    }
}

/// The id of a thing, with which its partition ends.
fn id_of<T: FromStr>(item: &Item) -> Result<T, Failure> {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok()).map_or("", String::as_str);
    let id = pk.rsplit('#').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Failure::Fault(format!("{pk} ends with no id")))
}
