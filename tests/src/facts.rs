//! Facts as the marketplace tells them, and what people write in a request: plain, for one store, to be changed where a
//! test wants it otherwise.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

type Time = DateTime<Utc>;

/// A seller who may be enrolled, and has accepted the terms.
#[must_use]
pub fn registered(seller: &str, at: Time) -> Json {
    json!({ "type": "seller_registered", "version": 1, "store": "US", "seller_id": seller,
        "occurred_at": at, "plan": "professional", "standing": "good", "address_country": "US",
        "email": format!("{seller}@sellers.example"), "language": "en", "accepted_terms": "2026-01" })
}

/// The same seller, later.
#[must_use]
pub fn changed(seller: &str, standing: &str, at: Time) -> Json {
    let mut fact = registered(seller, at);
    fact["type"] = json!("seller_changed");
    fact["standing"] = json!(standing);
    fact
}

/// An order of so many units of one item.
#[must_use]
pub fn placed(order: &str, seller: &str, quantity: u16, fulfilment: &str, at: Time) -> Json {
    json!({ "type": "order_placed", "version": 1, "store": "US", "order_id": order, "customer_id": "c1",
        "placed_at": at, "lines": [{ "item_id": "1", "seller_id": seller, "product_id": "p1", "quantity": quantity,
        "unit_price_minor": 2_500, "fulfilment": fulfilment, "promised_by": null }] })
}

/// Terms of return that are better than the standard by their days.
#[must_use]
pub fn terms(window_days: u16) -> Json {
    json!({ "window_days": window_days, "windows": { "baby": 120 }, "non_returnable": ["gift_cards"],
        "return_shipping": "seller", "restocking": { "late": 0, "used": 5_000, "different": 10_000 } })
}

/// These units of an order have left.
#[must_use]
pub fn shipped(shipment: &str, order: &str, seller: &str, units: impl IntoIterator<Item = u16>, at: Time) -> Json {
    let units: Vec<_> = units.into_iter().map(|n| json!({ "item_id": "1", "ordinal": n })).collect();
    json!({ "type": "shipment_confirmed", "version": 1, "store": "US", "shipment_id": shipment,
        "order_id": order, "seller_id": seller, "shipped_at": at, "tracking": "T1", "units": units })
}

/// The carrier has seen a parcel.
#[must_use]
pub fn scanned(shipment: &str, order: &str, at: Time) -> Json {
    json!({ "type": "carrier_scanned", "version": 1, "store": "US", "shipment_id": shipment,
        "order_id": order, "scanned_at": at, "delivered": false })
}

/// A refund by this decision was paid out.
#[must_use]
pub fn refunded(order: &str, seller: &str, decision: &str, minor: i64, at: Time) -> Json {
    json!({ "type": "refund_issued", "version": 1, "store": "US", "order_id": order, "seller_id": seller,
        "decision_id": decision, "amount_minor": minor, "issued_at": at })
}

/// These units came back to their seller.
#[must_use]
pub fn returned(order: &str, seller: &str, units: impl IntoIterator<Item = u16>, condition: &str, at: Time) -> Json {
    let units: Vec<_> = units.into_iter().map(|n| json!({ "item_id": "1", "ordinal": n })).collect();
    json!({ "type": "return_received", "version": 1, "store": "US", "order_id": order, "seller_id": seller,
        "units": units, "received_at": at, "condition": condition })
}

/// The seller wrote to the customer itself.
#[must_use]
pub fn took_over(order: &str, seller: &str, topic: &str, at: Time) -> Json {
    json!({ "type": "seller_contacted_customer", "version": 1, "store": "US", "order_id": order,
        "seller_id": seller, "topic": topic, "occurred_at": at })
}

/// What the catalogue says about the product of every order.
#[must_use]
pub fn described(at: Time) -> Json {
    let fact = |name: &str, value: &str| json!({ "name": name, "value": value, "source": "detail_page" });
    json!({ "type": "product_described", "version": 1, "store": "US", "product_id": "p1", "described_at": at,
        "facts": [fact("Material", "Leather"), fact("Shoe size", "Runs small")] })
}

/// A seller's part of an order is contested elsewhere.
#[must_use]
pub fn contested(order: &str, seller: &str, kind: &str, at: Time) -> Json {
    json!({ "type": "order_contested", "version": 1, "store": "US", "order_id": order, "seller_id": seller,
        "kind": kind, "opened_at": at })
}

/// What a seller files to get a refund back.
#[must_use]
pub fn claim(order: &str) -> Json {
    json!({ "order_id": order, "ground": "delivered", "tracking": ["1Z-999"], "condition": "original",
        "text": "It was delivered and signed for." })
}

/// A customer's contact.
#[must_use]
pub fn contact(id: &str, channel: &str, order: Option<&str>, seller: &str, topic: &str) -> Json {
    json!({ "contact_id": id, "channel": channel,
        "customer": { "id": "c1", "email": "c1@customers.example", "language": "en" },
        "order_id": order, "seller_id": seller, "topic": topic, "message": "CANARY where are my shoes" })
}

/// The claims of a seller's user.
#[must_use]
pub fn user_of(seller: &str) -> Json {
    json!({ "sub": format!("user-of-{seller}"), "seller_id": seller })
}

/// The claims of an associate.
#[must_use]
pub fn associate(name: &str) -> Json {
    json!({ "sub": name, "stores": "US DE" })
}

/// Whoever works for the store in any test. A seller reads that one of them did something, and never which.
pub const STAFF: [&str; 3] = ["lea", "lin", "mei"];

/// The claims of one who leads the others.
#[must_use]
pub fn lead(name: &str) -> Json {
    json!({ "sub": name, "stores": "US DE", "role": "lead" })
}

/// The claims of the marketplace.
#[must_use]
pub fn marketplace() -> Json {
    json!({ "sub": "marketplace" })
}

/// A file as its seller declares it.
#[must_use]
pub fn file(name: &str, content: &[u8]) -> Json {
    let digest = format!("{:x}", Sha256::digest(content));
    json!({ "file_name": name, "content_type": "application/pdf", "bytes": content.len(), "sha256": digest })
}

/// Where the seller gets the link to upload it.
///
/// # Panics
/// If it is no declaration.
#[must_use]
pub fn upload_link(request: &str, file: &Json) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in file.as_object().expect("a declaration") {
        query.append_pair(name, value.as_str().unwrap_or(&value.to_string()));
    }
    format!("/case-log/{request}/upload-link?{}", query.finish())
}
