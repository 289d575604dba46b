//! Questions that product pages did not answer (INS-4): of this quarter and the one before, as long as the page does not
//! say it by now.

use crate::Asked;
use domain::{
    catalogue::Product,
    id::ProductId,
    insight::{Day, Gap},
};
use futures_util::future::try_join;
use serde_json::{Value, json};
use shell::{commit::Answer, csv::Column, cursor, failure::Failure, insight::lacking, key::Key};
use std::collections::{BTreeMap, BTreeSet};

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

/// What a product's page says by now, of each that was read; nothing of one that the catalogue does not know.
type Pages = BTreeMap<ProductId, Option<Product>>;

/// The gaps, by product.
pub async fn list(asked: &Asked<'_>) -> Result<Answer, Failure> {
    let after: Option<ProductId> = cursor::asked(asked.request)?;
    let ([this, before], mut pages) = Box::pin(try_join(asked.both(), foreseen(asked, after.as_ref()))).await?;
    let Day { gaps, .. } = this.plus(before);
    let (page, next) = cursor::page(gaps, after.as_ref(), PAGE, |(product, _)| product.clone());
    // What was asked since, and before products were named beside their facts.
    let unforeseen = page.iter().map(|(product, _)| product).filter(|product| !pages.contains_key(product));
    pages.append(&mut read(asked, unforeseen.cloned().collect()).await?);
    let as_of = asked.request.now;
    let mut rows: Vec<Value> = Vec::new();
    for (product, gaps) in &page {
        let page = pages.get(product).and_then(Option::as_ref);
        let open = gaps.iter().filter(|(attribute, _)| !page.is_some_and(|page| says(page, attribute)));
        rows.extend(open.map(|(attribute, Gap { asked, newest })| {
            json!({ "product": product, "attribute": attribute, "asked": asked, "newest": newest, "as_of": as_of })
        }));
    }
    let answer = Answer::ok(&json!({ "gaps": rows, "next_cursor": next, "as_of": as_of }))?;
    let query = next.map(|next| format!("quarter={}&cursor={next}", asked.quarter));
    answer.negotiated(asked.request, "gaps", &GAPS, query)
}

/// The pages of the products that this answer will be about, as far as they are named beside their facts: read while the
/// facts are.
async fn foreseen(asked: &Asked<'_>, after: Option<&ProductId>) -> Result<Pages, Failure> {
    let lacking = async |quarter| lacking(asked.shell, asked.store, &asked.seller, quarter).await;
    let (this, before) = try_join(lacking(asked.quarter), lacking(asked.quarter.previous())).await?;
    let both: BTreeSet<_> = this.into_iter().chain(before).collect();
    read(asked, cursor::page(both, after, PAGE, ProductId::clone).0).await
}

/// What the catalogue says about these products by now.
async fn read(asked: &Asked<'_>, products: Vec<ProductId>) -> Result<Pages, Failure> {
    if products.is_empty() {
        return Ok(Pages::new());
    }
    let keys: Vec<_> = products.iter().map(|product| Key::product(&asked.store.id, product)).collect();
    let known = asked.shell.store.get_all(&keys).await?.states::<Product>(&keys)?;
    let mut pages: Pages = products.into_iter().map(|product| (product, None)).collect();
    pages.extend(known.into_iter().map(|product| (product.id.clone(), Some(product))));
    Ok(pages)
}

/// Whether a page has a fact of this name, however it is spelled there.
fn says(page: &Product, attribute: &str) -> bool {
    let plain = |name: &str| name.trim().to_lowercase();
    page.facts.iter().any(|fact| plain(&fact.name) == plain(attribute))
}
