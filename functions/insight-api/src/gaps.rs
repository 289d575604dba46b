//! Questions that product pages did not answer (INS-4): of this quarter and the one before, as long as the page does not
//! say it by now.

use crate::Asked;
use domain::{
    catalogue::Product,
    id::ProductId,
    insight::{Day, Gap},
};
use serde_json::{Value, json};
use shell::{commit::Answer, csv::Column, cursor, failure::Failure, key::Key};
use std::collections::BTreeMap;

/// Products of one answer; a call holds a hundred keys.
const PAGE: usize = 90;

/// The columns of gaps as CSV.
const GAPS: [Column; 5] = [
    ("product", "/product"),
    ("attribute", "/attribute"),
    ("asked", "/asked"),
    ("newest", "/newest"),
    ("as_of", "/as_of"),
];

/// The gaps, by product.
pub async fn list(asked: &Asked<'_>) -> Result<Answer, Failure> {
    let after: Option<ProductId> = cursor::asked(asked.request)?;
    let [this, before] = asked.both().await?;
    let Day { gaps, .. } = this.plus(before);
    let mut rest =
        gaps.into_iter().filter(|(product, _)| after.as_ref().is_none_or(|after| product > after)).peekable();
    let page: Vec<_> = rest.by_ref().take(PAGE).collect();
    let next = page.last().filter(|_| rest.peek().is_some()).map(|(product, _)| cursor::after(product));
    let pages = pages(asked, &page).await?;
    let as_of = asked.request.now;
    let mut rows: Vec<Value> = Vec::new();
    for (product, gaps) in &page {
        let open = gaps.iter().filter(|(attribute, _)| !pages.get(product).is_some_and(|page| says(page, attribute)));
        rows.extend(open.map(|(attribute, Gap { asked, newest })| {
            json!({ "product": product, "attribute": attribute, "asked": asked, "newest": newest, "as_of": as_of })
        }));
    }
    let answer = Answer::ok(&json!({ "gaps": rows, "next_cursor": next, "as_of": as_of }))?;
    let query = next.map(|next| format!("quarter={}&cursor={next}", asked.quarter));
    answer.negotiated(asked.request, "gaps", &GAPS, query)
}

/// What the catalogue says about these products by now.
async fn pages(
    asked: &Asked<'_>,
    gaps: &[(ProductId, BTreeMap<String, Gap>)],
) -> Result<BTreeMap<ProductId, Product>, Failure> {
    if gaps.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<_> = gaps.iter().map(|(product, _)| Key::product(&asked.store.id, product)).collect();
    let products = asked.shell.store.get_all(&keys).await?.states::<Product>(&keys)?;
    Ok(products.into_iter().map(|product| (product.id.clone(), product)).collect())
}

/// Whether a page has a fact of this name, however it is spelled there.
fn says(page: &Product, attribute: &str) -> bool {
    let plain = |name: &str| name.trim().to_lowercase();
    page.facts.iter().any(|fact| plain(&fact.name) == plain(attribute))
}
