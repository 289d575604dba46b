//! What a customer writes about (RTE-11): a code, and what follows from it. Topics are rows of `data/topics.toml`;
//! the code knows no topic by name.
//!
//! Not here: whose a contact is (routing), and the judgement itself; a topic only says what it may come to.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// What belongs together: on one order, two topics of one family are one issue (RTE-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Whether, when and how it arrives.
    Delivery,
    /// The thing itself.
    Product,
    /// Sending it back.
    Return,
    /// The money back.
    Refund,
    /// The order and its payment.
    Order,
    /// Whatever else.
    Other,
}

impl Family {
    /// Every family.
    pub const EACH: [Self; 6] = [Self::Delivery, Self::Product, Self::Return, Self::Refund, Self::Order, Self::Other];

    /// The stable name, as in the data and in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Product => "product",
            Self::Return => "return",
            Self::Refund => "refund",
            Self::Order => "order",
            Self::Other => "other",
        }
    }
}

/// Why a name is no family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of delivery, product, return, refund, order, other")]
pub struct NotAFamily;

impl FromStr for Family {
    type Err = NotAFamily;
    fn from_str(name: &str) -> Result<Self, NotAFamily> {
        Self::EACH.into_iter().find(|family| family.as_str() == name).ok_or(NotAFamily)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the service answers it, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// RTE-1: ours, on a covered unit.
    InScope,
    /// RTE-2: a question before any order.
    PreOrder,
    /// RTE-4.
    Invoice,
    /// RTE-4.
    Customization,
}

/// Who bears it by default; a decision may name another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liable {
    /// The seller.
    Seller,
    /// The marketplace.
    Store,
    /// Who carried the parcel.
    Carrier,
    /// Who bought.
    Customer,
    /// Only the facts can tell.
    Open,
}

impl Liable {
    /// The stable name, as in the data.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Store => "store",
            Self::Carrier => "carrier",
            Self::Customer => "customer",
            Self::Open => "open",
        }
    }
}

/// REQ-4, JDG-4: what the service may decide by itself when the seller stayed silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterSilence {
    /// The money back.
    Refund,
    /// Another one, where there is one.
    Replacement,
    /// Send it back for the money.
    AuthoriseReturn,
    /// Nothing: an associate decides.
    Person,
}

/// One topic and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Stable, `snake_case`.
    pub code: String,
    /// Which issue it belongs to.
    pub family: Family,
    /// Ours or not.
    pub scope: Scope,
    /// Who bears it by default.
    pub liable: Liable,
    /// FEE-4: whether a contact about it counts for the fee.
    pub counts: bool,
    /// What may be decided without the seller.
    pub after_silence: AfterSilence,
    /// RTE-12: from which percentage a guess is taken for it without a person.
    pub sure_from: u8,
}

/// All topics, by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics {
    by_code: BTreeMap<String, Topic>,
    unclear: Topic,
}

impl Topics {
    /// These topics, and which of them a contact has until somebody has said what it is about; none, where that one is
    /// not among them.
    #[must_use]
    pub fn of(topics: impl IntoIterator<Item = Topic>, unclear: &str) -> Option<Self> {
        let by_code: BTreeMap<_, _> = topics.into_iter().map(|topic| (topic.code.clone(), topic)).collect();
        let unclear = by_code.get(unclear)?.clone();
        Some(Self { by_code, unclear })
    }

    /// The topic of this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Topic> {
        self.by_code.get(code)
    }

    /// RTE-12: the topic of a contact until somebody has said what it is about.
    #[must_use]
    pub const fn unclear(&self) -> &Topic {
        &self.unclear
    }

    /// Every topic, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = &Topic> {
        self.by_code.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Book;
    use std::collections::BTreeSet;

    const IN_SCOPE: &str = "where_is_my_order delivered_not_received late_delivery lost_in_transit undeliverable \
        cancel_request address_change return_request return_label refund_status refund_amount replacement_request \
        damaged_item damaged_package defective not_as_described wrong_item missing_parts missing_item size_or_fit \
        compatibility quality product_question warranty authenticity safety expiry unauthorized_purchase billing other";

    #[test]
    fn rte_11_every_topic_of_the_rule_is_there_and_no_other() {
        let topics = Book::shipped().unwrap().topics;
        let ours: BTreeSet<_> = topics.iter().filter(|t| t.scope == Scope::InScope).map(|t| t.code.as_str()).collect();
        assert_eq!(ours, IN_SCOPE.split_whitespace().collect());
        let outside: Vec<_> = topics.iter().filter(|t| t.scope != Scope::InScope).map(|t| t.code.as_str()).collect();
        assert_eq!(outside, ["customization", "invoice", "pre_order"]);
        assert_eq!(topics.get("weather"), None);
    }

    #[test]
    fn fee_4_a_topic_counts_exactly_when_it_is_in_scope() {
        for topic in Book::shipped().unwrap().topics.iter() {
            assert_eq!(topic.counts, topic.scope == Scope::InScope, "{}", topic.code);
        }
    }

    #[test]
    fn jdg_4_silence_about_a_parcel_that_did_not_come_may_end_in_a_refund_and_about_safety_never_without_a_person() {
        let topics = Book::shipped().unwrap().topics;
        let after = |code| topics.get(code).unwrap().after_silence;
        assert_eq!(after("delivered_not_received"), AfterSilence::Refund);
        assert_eq!(after("damaged_item"), AfterSilence::Replacement);
        assert_eq!(after("product_question"), AfterSilence::AuthoriseReturn);
        assert_eq!(after("safety"), AfterSilence::Person);
    }

    #[test]
    fn a_family_is_written_as_it_is_read() {
        for family in [Family::Delivery, Family::Product, Family::Return, Family::Refund, Family::Order, Family::Other]
        {
            assert_eq!(serde_json::to_string(&family).unwrap(), format!("\"{family}\""));
            assert_eq!(family.to_string().parse(), Ok(family));
        }
        assert_eq!("weather".parse::<Family>(), Err(NotAFamily));
    }

    #[test]
    fn who_bears_it_is_called_as_its_json() {
        for liable in [Liable::Seller, Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open] {
            assert_eq!(serde_json::to_value(liable).unwrap(), liable.as_str());
        }
    }
}
