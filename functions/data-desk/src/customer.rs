//! All that is kept of a customer: first its orders, then its contacts, each with where it went, what was said, and what its
//! inquiry came to. An inquiry is shown with each of its contacts.

use domain::{
    id::{ContactId, CustomerId, OrderId, StoreId},
    routing::RoutedContact,
    transfer::Transfer,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shell::{
    Shell, cursor,
    customer::after,
    failure::Failure,
    key::{Key, Table},
};

/// Orders of one page.
const ORDERS: usize = 20;
/// Contacts of one page.
const CONTACTS: usize = 5;

/// Where a page begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Start {
    Orders(Option<OrderId>),
    Contacts(Option<ContactId>),
}

/// A page.
#[derive(Debug, Serialize)]
pub struct CustomerPage {
    orders: Vec<Value>,
    contacts: Vec<Value>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// A page of all that is kept of this customer.
pub async fn page(
    shell: &Shell,
    store: &StoreId,
    customer: &CustomerId,
    cursor: Option<&str>,
) -> Result<CustomerPage, Failure> {
    let from = cursor.map(cursor::place::<Start>).transpose()?.unwrap_or(Start::Orders(None));
    let (orders, contacts, next) = match from {
        Start::Orders(upto) => {
            let last = upto.map(|order| Key::order(store, &order));
            let ids: Vec<OrderId> = after(shell, (store, customer), Table::Orders, last, ORDERS).await?;
            let some = ids.get(..ORDERS).unwrap_or(&ids);
            let more = ids.len() > some.len();
            let next = if more { Start::Orders(some.last().cloned()) } else { Start::Contacts(None) };
            (orders(shell, store, some).await?, Vec::new(), Some(next))
        }
        Start::Contacts(upto) => {
            let last = upto.map(|contact| Key::routed_contact(store, &contact));
            let ids: Vec<ContactId> = after(shell, (store, customer), Table::Inquiries, last, CONTACTS).await?;
            let some = ids.get(..CONTACTS).unwrap_or(&ids);
            let next = (ids.len() > some.len()).then(|| Start::Contacts(some.last().cloned()));
            (Vec::new(), contacts(shell, store, some).await?, next)
        }
    };
    Ok(CustomerPage { orders, contacts, next_cursor: next.as_ref().map(cursor::after) })
}

async fn orders(shell: &Shell, store: &StoreId, ids: &[OrderId]) -> Result<Vec<Value>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ids.iter().map(|id| Key::order(store, id)).collect();
    shell.store.get_all(&keys).await?.states(&keys)
}

async fn contacts(shell: &Shell, store: &StoreId, ids: &[ContactId]) -> Result<Vec<Value>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys = |id: &ContactId| [Key::routed_contact(store, id), Key::words(store, id)];
    let found = shell.store.get_all(&ids.iter().flat_map(keys).collect::<Vec<_>>()).await?;
    let mut contacts = Vec::new();
    for id in ids {
        let [routed_key, words_key] = keys(id);
        let Some(routed) = found.state::<RoutedContact>(&routed_key)? else { continue };
        let words = found.state::<Value>(&words_key)?.map(|seen| seen.state);
        let handed_over = if words.is_some() {
            None
        } else {
            let key = Key::transfer(store, &routed.state.seller, id);
            shell.store.get::<Transfer>(&key).await?.map(|seen| seen.state)
        };
        let (mut history, mut said) = (Vec::new(), Vec::new());
        if let Some(inquiry) = &routed.state.inquiry {
            history = all(shell, &Key::inquiry_history(store, inquiry)).await?;
            said = all(shell, &Key::said_in(store, inquiry, "")).await?;
        }
        contacts.push(json!({ "contact_id": id, "went": routed.state, "words": words, "handed_over": handed_over,
            "history": history, "said": said }));
    }
    Ok(contacts)
}

/// All of a partition, as it is kept.
async fn all(shell: &Shell, key: &Key) -> Result<Vec<Value>, Failure> {
    let rows = shell.store.list::<Value>(key.table, &key.pk, "").await?;
    Ok(rows.into_iter().map(|(place, seen)| json!({ "place": place, "state": seen.state })).collect())
}
