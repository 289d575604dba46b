//! A contact as the marketplace tells it, and where it went.

use domain::{
    book::Book,
    contact::Channel,
    guess::Source,
    id::{ContactId, CustomerId, ItemId, OrderId, SellerId},
    routing::{Route, RoutedContact},
    store::Store,
    topic::Topic,
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};

/// Characters of a message.
const LONGEST_MESSAGE: usize = 10_000;

/// What is told of a contact.
pub struct Told<'a> {
    pub contact: ContactId,
    pub customer: CustomerId,
    pub email: Option<String>,
    pub language: Option<String>,
    pub channel: Channel,
    pub order: Option<OrderId>,
    pub seller: Option<SellerId>,
    pub items: Vec<ItemId>,
    /// RTE-12: nothing, where the message alone says what it is about.
    pub topic: Option<&'a Topic>,
    pub message: String,
}

/// Reads the body of a contact.
pub fn read<'a>(body: &[u8], book: &'a Book, store: &Store) -> Result<Told<'a>, Failure> {
    let fields = Fields::parse(body)?;
    let contact = fields.id("contact_id");
    let customer = fields.object("customer");
    let (who, email, language) = match &customer {
        Some(customer) => (customer.id("id"), customer.email_if_given("email"), customer.text_if_given("language", 35)),
        None => (None, None, None),
    };
    let (channel, order, seller) =
        (fields.one_of("channel"), fields.id_if_given("order_id"), fields.id_if_given("seller_id"));
    let (items, message) = (fields.ids("item_ids", 100), fields.text("message", LONGEST_MESSAGE));
    let topic = fields.text_if_given("topic", 64).and_then(|code| {
        let known = book.topics.get(&code);
        if known.is_none() {
            fields.wrong("topic", format!("{code} is no topic of store {}", store.id));
        }
        known
    });
    fields.build(|| {
        Some(Told {
            contact: contact?,
            customer: who?,
            email,
            language,
            channel: channel?,
            order,
            seller,
            items: items?,
            topic,
            message: message?,
        })
    })
}

#[derive(Debug, Serialize)]
pub struct Accepted<'a> {
    contact_id: &'a ContactId,
}

/// The contact is taken and will be routed.
pub fn accepted(contact_id: &ContactId) -> Accepted<'_> {
    Accepted { contact_id }
}

#[derive(Debug, Serialize)]
pub struct RoutedView<'a> {
    contact_id: &'a str,
    seller_id: &'a str,
    order_id: Option<&'a str>,
    topic: &'a str,
    topic_source: &'a Source,
    #[serde(flatten)]
    route: Route,
    inquiry_id: Option<&'a str>,
}

/// Where the contact went.
pub fn routed(routed: &RoutedContact) -> RoutedView<'_> {
    RoutedView {
        contact_id: routed.contact.as_str(),
        seller_id: routed.seller.as_str(),
        order_id: routed.order.as_ref().map(OrderId::as_str),
        topic: &routed.topic,
        topic_source: &routed.source,
        route: routed.route,
        inquiry_id: routed.inquiry.as_ref().map(domain::id::InquiryId::as_str),
    }
}
