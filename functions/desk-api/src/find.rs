//! Finding an inquiry by its id: its first event says where its state lies.

use domain::{
    id::{InquiryId, ItemId, ProductId, StoreId},
    inquiry::Inquiry,
    order::Order,
    outcome::Refusal,
};
use shell::{Shell, failure::Failure, record::latest_of, store::Seen};
use std::collections::BTreeMap;

pub fn unseen() -> Failure {
    Refusal::unseen("inquiry").into()
}

/// The state of an inquiry. One that a later inquiry about the same issue has followed is over.
pub async fn inquiry(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Seen<Inquiry>, Failure> {
    let seen = latest_of(shell, store, id).await?.ok_or_else(unseen)?;
    if seen.state.id == *id {
        Ok(seen)
    } else {
        Err(Refusal::state("INQ-1", "not_open", "This inquiry is over; a later one about the same issue followed it.")
            .into())
    }
}

/// The products of an inquiry's items, each once.
pub fn products_of(inquiry: &Inquiry, order: &Order) -> BTreeMap<ItemId, ProductId> {
    let lines = order.lines_of(&inquiry.seller).filter(|line| inquiry.items.contains(&line.item));
    lines.map(|line| (line.item.clone(), line.product.clone())).collect()
}
