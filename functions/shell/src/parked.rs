//! Input that no delivery could mend: set aside with its reason, shown to the leads of the store that it names, and sent to
//! its queue again when its cause is mended. What names no store that we know is for those who run the service.

use crate::{
    Shell,
    commit::{Commit, Expect},
    failure::Failure,
    key::{Key, Table},
    queue::Record,
    sqs::Queue,
    store::Stretch,
    telemetry,
};
use domain::{at::Instant, id::StoreId, outcome::Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Before and after every place of a partition: places begin with a year, and no key may be empty.
const ENDS: (&str, &str) = ("0", "\u{7f}");

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Which function could not take it.
    pub function: String,
    /// Why.
    pub reason: String,
    /// The message, untouched.
    pub body: String,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it was given up.
    pub parked_at: Instant,
}

impl Parked {
    /// The queue that it came by.
    #[must_use]
    pub fn queue(&self) -> Option<Queue> {
        Queue::ALL.into_iter().find(|queue| queue.reader() == self.function)
    }
}

/// Sets a message aside. One `PutItem`; whoever did so before has said why.
pub async fn park(shell: &Shell, function: &str, record: &Record, failure: &Failure) -> Result<(), Failure> {
    let parked = Parked {
        function: function.to_owned(),
        reason: failure.to_string(),
        body: String::from_utf8_lossy(&record.body).into_owned(),
        sent_at: record.sent_at,
        parked_at: shell.clock.wall(),
    };
    let store = serde_json::from_slice(&record.body).ok().and_then(|body: Value| store_named(&body)?.parse().ok());
    let store = store.filter(|store: &StoreId| shell.book.store(store).is_some());
    // By what the queue says alone: two workers whose clocks differ park one message in one place.
    let key = Key::parked(store.as_ref(), record.sent_at, function, &record.id);
    match shell.store.put(&key, Expect::Seen(None), &parked).await {
        Ok(()) | Err(Failure::Stale) => {}
        Err(failure) => return Err(failure),
    }
    telemetry::parked(function, record);
    Ok(())
}

/// The store that a message names, wherever in it.
fn store_named(message: &Value) -> Option<&str> {
    match message {
        Value::Object(fields) => {
            fields.get("store").and_then(Value::as_str).or_else(|| fields.values().find_map(store_named))
        }
        Value::Array(all) => all.iter().find_map(store_named),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// What of a store is set aside, that which was sent first in front. One query.
pub async fn of_store(shell: &Shell, store: &StoreId, after: Option<&str>) -> Result<Stretch<Parked>, Failure> {
    shell.store.stretch(Table::Parked, &Key::parked_of(Some(store)), ENDS, after).await
}

/// Takes a message out of those that are set aside, and sends it to its queue again, in this transaction.
pub async fn redrive(shell: &Shell, commit: Commit, store: &StoreId, place: &str) -> Result<Commit, Failure> {
    let key = Key::parked_at(store, place);
    let found = shell.store.get::<Parked>(&key).await?;
    let parked = found.ok_or_else(|| Failure::from(Refusal::unseen("parked message")))?;
    let queue = parked.state.queue();
    let queue = queue.ok_or_else(|| Failure::Fault(format!("{} reads no queue", parked.state.function)))?;
    Ok(commit.sending(queue, place, &parked.state.body).without(key, parked.version))
}

#[cfg(test)]
mod tests {
    use super::store_named;
    use serde_json::json;

    #[test]
    fn the_store_of_a_message_is_found_wherever_it_is_named() {
        for (message, store) in [
            (json!({ "store": "US", "type": "order_placed" }), Some("US")),
            (json!({ "alarm": "idle_claim", "about": [{ "n": 1 }, { "store": "DE" }] }), Some("DE")),
            (json!({ "store": 7, "of": { "store": "UK" } }), Some("UK")),
            (json!({ "seller": "s1", "text": "store" }), None),
            (json!([null, true, 1, "US"]), None),
        ] {
            assert_eq!(store_named(&message), store, "{message}");
        }
    }
}
