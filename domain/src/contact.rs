//! A contact: one session of a customer by phone, message or e-mail. Without its words; those stay in a table of
//! their own that nothing made for sellers can read (INQ-5).

use crate::{
    at::Instant,
    guess::Source,
    id::{ContactId, CustomerId, ItemId, OrderId, SellerId, StoreId},
    order::Order,
};
use serde::{Deserialize, Serialize};

/// How the customer came (RTE-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By phone: somebody is waiting.
    Phone,
    /// By instant message: somebody is waiting.
    Message,
    /// By e-mail.
    Email,
}

impl Channel {
    /// Every channel.
    pub const EACH: [Self; 3] = [Self::Phone, Self::Message, Self::Email];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Message => "message",
            Self::Email => "email",
        }
    }

    /// Whether somebody is waiting right now.
    #[must_use]
    pub const fn is_real_time(self) -> bool {
        matches!(self, Self::Phone | Self::Message)
    }
}

/// What a contact is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The order.
    pub order: OrderId,
    /// The items, all of one seller.
    pub items: Vec<ItemId>,
}

/// A contact that waits to be routed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which.
    pub id: ContactId,
    /// Where.
    pub store: StoreId,
    /// Who asks.
    pub customer: CustomerId,
    /// How.
    pub channel: Channel,
    /// The customer's language, BCP 47.
    pub language: String,
    /// Whether an answer can be mailed.
    pub mailable: bool,
    /// The seller it concerns.
    pub seller: SellerId,
    /// The order it concerns; none before there is one.
    pub subject: Option<Subject>,
    /// The topic's code.
    pub topic: String,
    /// RTE-12: who says so.
    #[serde(default, skip_serializing_if = "Source::is_told")]
    pub source: Source,
    /// When the gateway took it.
    pub received_at: Instant,
    /// RTE-8: whether its seller brought it, to whom it had come by mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transferred: bool,
    /// RTE-8: whether the seller is mailed where it went, since it brought it by mail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outcome_mailed: bool,
}

/// Why a contact does not say clearly what it is about: the field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// The seller and the items that a contact about this order concerns (RTE-10): what it names, or the order's only seller.
pub fn subject(
    order: &Order,
    customer: &CustomerId,
    seller: Option<&SellerId>,
    items: &[ItemId],
) -> Result<(SellerId, Subject), Unclear> {
    if order.customer != *customer {
        return Err(Unclear { field: "customer.id", problem: "did not place this order".into() });
    }
    if let Some(absent) = items.iter().find(|item| order.lines.iter().all(|l| l.item != **item)) {
        return Err(Unclear { field: "item_ids", problem: format!("{absent} is no item of this order") });
    }
    if let Some(foreign) =
        items.iter().find(|item| order.lines.iter().any(|l| l.item == **item && seller.is_some_and(|s| l.seller != *s)))
    {
        return Err(Unclear { field: "item_ids", problem: format!("{foreign} is sold by another seller") });
    }
    let named = |l: &&crate::order::Line| items.is_empty() || items.contains(&l.item);
    let lines: Vec<_> = order.lines.iter().filter(named).filter(|l| seller.is_none_or(|s| l.seller == *s)).collect();
    let Some(first) = lines.first() else {
        return Err(Unclear { field: "seller_id", problem: "sells none of these items".into() });
    };
    if lines.iter().any(|l| l.seller != first.seller) {
        let problem = "is needed: the order has several sellers, and one contact concerns one of them";
        return Err(Unclear { field: "seller_id", problem: problem.into() });
    }
    let items = lines.iter().map(|l| l.item.clone()).collect();
    Ok((first.seller.clone(), Subject { order: order.id.clone(), items }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        order::Line,
        testing::{COVERED, id, line, order},
    };

    /// Items `i` and `j` of seller `s`, and `k` of seller `t`.
    fn two_sellers() -> Order {
        order(vec![line("i", COVERED), line("j", COVERED), Line { seller: id("t"), ..line("k", COVERED) }])
    }

    fn asked(order: &Order, seller: Option<&str>, items: &[&str]) -> Result<(String, Vec<String>), &'static str> {
        let items: Vec<ItemId> = items.iter().map(|item| id(item)).collect();
        subject(order, &id("customer"), seller.map(id).as_ref(), &items)
            .map(|(seller, subject)| (seller.into(), subject.items.into_iter().map(String::from).collect()))
            .map_err(|unclear| unclear.field)
    }

    fn about(seller: &str, items: &[&str]) -> (String, Vec<String>) {
        (seller.into(), items.iter().map(|item| (*item).to_owned()).collect())
    }

    #[test]
    fn rte_10_a_contact_concerns_what_it_names_or_all_that_its_seller_sells_in_the_order() {
        let order = two_sellers();
        assert_eq!(asked(&order, Some("s"), &[]), Ok(about("s", &["i", "j"])));
        assert_eq!(asked(&order, Some("t"), &[]), Ok(about("t", &["k"])));
        assert_eq!(asked(&order, None, &["j"]), Ok(about("s", &["j"])));
        assert_eq!(asked(&order, Some("s"), &["j"]), Ok(about("s", &["j"])));
    }

    #[test]
    fn rte_10_the_only_seller_of_an_order_need_not_be_named() {
        assert_eq!(asked(&order(vec![line("i", COVERED), line("j", COVERED)]), None, &[]), Ok(about("s", &["i", "j"])));
    }

    #[test]
    fn rte_10_an_unclear_contact_is_refused_with_the_field_at_fault() {
        let order = two_sellers();
        assert_eq!(asked(&order, None, &[]), Err("seller_id"), "several sellers, none named");
        assert_eq!(asked(&order, None, &["i", "k"]), Err("seller_id"), "items of two sellers");
        assert_eq!(asked(&order, Some("t"), &["i"]), Err("item_ids"), "the item of another seller");
        assert_eq!(asked(&order, Some("x"), &[]), Err("seller_id"), "a seller that has no part in it");
        assert_eq!(asked(&order, None, &["i", "x"]), Err("item_ids"), "an item that is not in the order");
        let stranger = subject(&order, &id("somebody"), Some(&id("s")), &[]).unwrap_err();
        assert_eq!(stranger, Unclear { field: "customer.id", problem: "did not place this order".into() });
    }

    #[test]
    fn a_channel_is_called_as_its_json() {
        for channel in Channel::EACH {
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.as_str());
        }
    }

    #[test]
    fn rte_7_somebody_waits_on_the_phone_and_in_a_message_and_not_in_a_mail() {
        assert!(Channel::Phone.is_real_time() && Channel::Message.is_real_time() && !Channel::Email.is_real_time());
    }
}
