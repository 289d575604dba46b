//! Finding an inquiry by its id: its first event says where its state lies.

use domain::{
    id::{InquiryId, ItemId, ProductId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    order::Order,
    outcome::Refusal,
};
use shell::{
    Shell,
    commit::EventRow,
    failure::Failure,
    key::{Key, Table},
    record::inquiry_key,
    store::Seen,
};
use std::collections::BTreeMap;

pub fn unseen() -> Failure {
    Refusal::unseen("inquiry").into()
}

/// The state of an inquiry. One that a later inquiry about the same issue has followed is over.
pub async fn inquiry(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Seen<Inquiry>, Failure> {
    let history = Key::inquiry_history(store, id);
    let first = shell.store.first::<EventRow<InquiryEvent>>(Table::Inquiries, &history.pk, "INQUIRY#EVENT#").await?;
    let Some(InquiryEvent::Opened(opened)) = first.map(|seen| seen.state.event) else { return Err(unseen()) };
    let seen = shell.store.get::<Inquiry>(&inquiry_key(&opened)).await?.ok_or_else(unseen)?;
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
