//! The deep dive: from what customers made contact about to the products, and from there to the single contacts, with
//! their ids, times and channels. Of what was said there is nothing here.

use crate::Asked;
use chrono::NaiveDate;
use domain::{
    at::Instant,
    contact::Channel,
    id::{ContactId, InquiryId, OrderId, ProductId},
    insight::{Day, Fact, Place},
    ledger::Counting,
    outcome::Refusal,
};
use serde::Serialize;
use serde_json::json;
use shell::{commit::Answer, csv::Column, cursor, failure::Failure, insight};
use std::{cmp::Reverse, collections::BTreeSet};

/// Rows of one answer.
const PAGE: usize = 100;

/// The columns of products as CSV.
const PRODUCTS: [Column; 6] = [
    ("quarter", "/quarter"),
    ("topic", "/topic"),
    ("product", "/product"),
    ("contacts", "/contacts"),
    ("previous_contacts", "/previous_contacts"),
    ("as_of", "/as_of"),
];

/// The columns of contacts as CSV.
const CONTACTS: [Column; 9] = [
    ("contact", "/contact"),
    ("case_id", "/case_id"),
    ("order", "/order"),
    ("topic", "/topic"),
    ("products", "/products"),
    ("channel", "/channel"),
    ("received_at", "/received_at"),
    ("counts", "/counts"),
    ("counted", "/counted"),
];

#[derive(Serialize)]
struct ContactView {
    contact: ContactId,
    /// The matter, as the Case Log names it.
    case_id: InquiryId,
    order: OrderId,
    topic: String,
    products: BTreeSet<ProductId>,
    channel: Channel,
    received_at: Instant,
    /// By which rule it counts for the fee or does not (FEE-4).
    counts: Counting,
    counted: bool,
}

/// A contact's place in the list: the newest day first, then the newest contact.
type At = (Reverse<NaiveDate>, Reverse<Instant>, ContactId);

fn topic<'a>(asked: &'a Asked<'_>) -> Result<&'a str, Failure> {
    let code: String = asked.request.path("topic")?;
    let known = asked.shell.book.topics.get(&code);
    Ok(&known.ok_or_else(|| Failure::from(Refusal::unseen("topic")))?.code)
}

/// The products that contacts about a topic were about, most first.
pub async fn products(asked: &Asked<'_>) -> Result<Answer, Failure> {
    let (topic, as_of) = (topic(asked)?, asked.request.now);
    let [this, before] = asked.both().await?;
    let of_before = before.products(Some(topic));
    let previous = |product: &ProductId| of_before.iter().find(|(id, _)| *id == product).map_or(0, |(_, n)| *n);
    let row = |(product, contacts): (&ProductId, u64)| {
        json!({ "quarter": asked.quarter, "topic": topic, "product": product, "contacts": contacts,
            "previous_contacts": previous(product), "as_of": as_of })
    };
    let rows: Vec<_> = this.products(Some(topic)).into_iter().map(row).collect();
    let body = json!({ "quarter": asked.quarter, "topic": topic, "as_of": as_of, "products": rows });
    Answer::ok(&body)?.negotiated(asked.request, "products", &PRODUCTS, None)
}

/// The contacts about a topic, and about one product where it is named, newest first.
pub async fn contacts(asked: &Asked<'_>) -> Result<Answer, Failure> {
    let topic = topic(asked)?;
    let product: Option<ProductId> = asked.request.query("product")?;
    let after: Option<At> = cursor::asked(asked.request)?;
    let wanted = |day: &Day| {
        let reason = day.reasons.get(topic);
        reason.is_some_and(|reason| product.as_ref().is_none_or(|product| reason.products.contains_key(product)))
    };
    let begun = |day: &NaiveDate| after.as_ref().is_none_or(|(Reverse(last), ..)| day <= last);
    let mut found: Vec<(At, ContactView)> = Vec::new();
    for (day, sum) in asked.days(asked.quarter).await?.into_iter().rev() {
        if !begun(&day) || !wanted(&sum) {
            continue;
        }
        let place = Place { quarter: asked.quarter, day };
        let facts = insight::contacts(asked.shell, asked.store, &asked.seller, place).await?;
        let mut of_day: Vec<_> = facts.into_iter().filter_map(|fact| shown(fact, day)).collect();
        of_day.retain(|(at, contact)| {
            let named = product.as_ref().is_none_or(|product| contact.products.contains(product));
            contact.topic == topic && named && after.as_ref().is_none_or(|after| at > after)
        });
        of_day.sort_by(|(one, _), (other, _)| one.cmp(other));
        found.append(&mut of_day);
        if found.len() > PAGE {
            break;
        }
    }
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|(at, _)| cursor::after(at));
    let rows: Vec<_> = found.into_iter().map(|(_, contact)| contact).collect();
    let answer = Answer::ok(&json!({ "contacts": rows, "next_cursor": next, "as_of": asked.request.now }))?;
    let filter = product.map(|product| format!("product={product}&")).unwrap_or_default();
    let query = next.map(|next| format!("quarter={}&{filter}cursor={next}", asked.quarter));
    answer.negotiated(asked.request, "contacts", &CONTACTS, query)
}

/// A contact as it is shown; one that is another once more (RTE-9) is not.
fn shown(fact: Fact, day: NaiveDate) -> Option<(At, ContactView)> {
    let Fact::Contact { contact, inquiry, order, products, topic, channel, at, counts } = fact else { return None };
    let place = (Reverse(day), Reverse(at), contact.clone());
    let counted = counts.counts();
    let view =
        ContactView { contact, case_id: inquiry, order, topic, products, channel, received_at: at, counts, counted };
    (counts != Counting::SameContact).then_some((place, view))
}
