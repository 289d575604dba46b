//! What an inquiry is about.

use domain::{
    id::{ItemId, ProductId},
    inquiry::Inquiry,
    order::Order,
};
use std::collections::BTreeMap;

/// The products of an inquiry's items, each once.
pub fn products_of(inquiry: &Inquiry, order: &Order) -> BTreeMap<ItemId, ProductId> {
    let lines = order.lines_of(&inquiry.seller).filter(|line| inquiry.items.contains(&line.item));
    lines.map(|line| (line.item.clone(), line.product.clone())).collect()
}
