//! What a seller says of a matter that is not its own, and what it is told of it. Times are UTC.

use domain::{
    at::Instant,
    book::Book,
    guess::Source,
    id::OrderId,
    store::Store,
    transfer::{Outcome, Told, Transfer, Unclear},
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};

const LONGEST_TEXT: usize = 10_000;

/// Reads a transfer.
pub fn read(body: &[u8], book: &Book, store: &Store) -> Result<Told, Failure> {
    let fields = Fields::parse(body)?;
    let (order, text) = (fields.id_if_given("order_id"), fields.text("text", LONGEST_TEXT));
    let language = fields.text_if_given("language", 35);
    let topic = fields.text("topic", 64);
    if let Some(code) = topic.as_ref().filter(|code| book.topics.get(code).is_none()) {
        fields.wrong("topic", format!("{code} is no topic of store {}", store.id));
    }
    fields.build(|| Some(Told { order, topic: topic?, text: text?, language, source: Source::Told, by_mail: false }))
}

/// RTE-8, RTE-10: what is missing, so that the seller can say it.
pub fn unclear(told: &Told, unclear: Unclear) -> Failure {
    let (code, problem) = match unclear {
        Unclear::NoneNamed => ("invalid_input", "is missing, and the text names no order".to_owned()),
        Unclear::NotTheSellers => match &told.order {
            Some(order) => ("unknown_order", format!("{order} is no order of yours")),
            None => ("unknown_order", "is missing, and the text names no order of yours".to_owned()),
        },
        Unclear::Several(orders) => {
            let names: Vec<_> = orders.iter().map(OrderId::as_str).collect();
            let problem = format!("is needed: the text names several orders of yours, {}", names.join(", "));
            ("invalid_input", problem)
        }
    };
    Failure::bad_field(code, "order_id", problem)
}

#[derive(Debug, Serialize)]
pub struct TakenView<'a> {
    transfer_id: &'a str,
    order_id: &'a str,
    topic: &'a str,
    transferred_at: Instant,
}

/// The transfer is kept and will be routed.
pub fn taken(transfer: &Transfer) -> TakenView<'_> {
    TakenView {
        transfer_id: transfer.contact.as_str(),
        order_id: transfer.order.as_str(),
        topic: &transfer.topic,
        transferred_at: transfer.at,
    }
}

#[derive(Debug, Serialize)]
pub struct TransferView<'a> {
    #[serde(flatten)]
    transfer: TakenView<'a>,
    #[serde(flatten)]
    outcome: Outcome,
}

/// The transfer, and what became of it.
pub fn view(transfer: &Transfer, outcome: Outcome) -> TransferView<'_> {
    TransferView { transfer: taken(transfer), outcome }
}
