//! A customer's matter that reached the seller by mistake and may be the service's (RTE-8). The seller says what it is
//! about; the order is named, or found in what it says. From then on it is a contact and is routed as one.
//!
//! Not here: whose it is ([`crate::routing`]), and how the seller's text came, over the API or by mail.

use crate::{
    at::{At, Instant},
    contact::{Channel, Contact, Subject},
    guess::Source,
    id::{ContactId, InquiryId, ItemId, OrderId, SellerId, StoreId},
    notice::{Notice, NoticeKind},
    order::Order,
    routing::{Arrival, Owner, Reason, RoutedContact},
    store::Store,
};
use serde::{Deserialize, Serialize};

/// Of a text that names more than this, only so many are looked for.
const MOST: usize = 40;

/// What a seller says of a matter that is not its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// About which order, where it says so.
    pub order: Option<OrderId>,
    /// The topic's code.
    pub topic: String,
    /// What it is about, in the seller's words.
    pub text: String,
    /// The customer's language, if the seller knows it.
    pub language: Option<String>,
    /// RTE-12: who says what it is about.
    pub source: Source,
    /// Whether it came by mail; then the outcome goes back by mail.
    pub by_mail: bool,
}

/// A matter that a seller handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// As which contact it is routed; it is known to the seller by this name too.
    pub contact: ContactId,
    /// Where.
    pub store: StoreId,
    /// Who handed it over.
    pub seller: SellerId,
    /// Which of its users.
    pub user: String,
    /// About which order.
    pub order: OrderId,
    /// The topic's code.
    pub topic: String,
    /// What it is about, in the seller's words.
    pub text: String,
    /// When.
    pub at: Instant,
}

/// Why it is not clear which order a transfer is about (RTE-10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// None is named, and nothing in the text could be one.
    NoneNamed,
    /// The seller sells nothing in what is named, whether it is there or not.
    NotTheSellers,
    /// It sells something in each of these.
    Several(Vec<OrderId>),
}

/// What became of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// It waits to be routed.
    Pending,
    /// It is the service's.
    Taken {
        /// The case it is part of.
        case_id: InquiryId,
        /// Whether the case is new, or was the service's already.
        arrival: Option<Arrival>,
    },
    /// It stays the seller's.
    NotCovered {
        /// Why.
        reason: Reason,
    },
}

impl Told {
    /// The orders it may be about: the one that it names, or whatever its text may name.
    #[must_use]
    pub fn named(&self) -> Vec<OrderId> {
        self.order.as_ref().map_or_else(|| order_ids(&self.text), |order| vec![order.clone()])
    }
}

/// The one of these orders that a transfer is about. What belongs to others is as if it were not there (ACC-3).
pub fn about<'a>(
    named: &[OrderId],
    known: impl IntoIterator<Item = &'a Order>,
    seller: &SellerId,
) -> Result<&'a Order, Unclear> {
    match each_about(named, known, seller)?.as_slice() {
        [order] => Ok(order),
        several => Err(Unclear::Several(several.iter().map(|order| order.id.clone()).collect())),
    }
}

/// Each of these orders in which the seller sells something.
pub fn each_about<'a>(
    named: &[OrderId],
    known: impl IntoIterator<Item = &'a Order>,
    seller: &SellerId,
) -> Result<Vec<&'a Order>, Unclear> {
    let own: Vec<_> = known.into_iter().filter(|order| order.lines_of(seller).next().is_some()).collect();
    match (own.is_empty(), named.is_empty()) {
        (false, _) => Ok(own),
        (true, true) => Err(Unclear::NoneNamed),
        (true, false) => Err(Unclear::NotTheSellers),
    }
}

impl Transfer {
    /// A seller hands a matter over. The same words about the same order are the same transfer, whatever their layout and
    /// however often they come.
    #[must_use]
    pub fn of(told: &Told, order: &Order, seller: &SellerId, user: String, at: &At) -> Self {
        let words = told.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let causes = ["transfer", order.store.as_str(), seller.as_str(), order.id.as_str(), &words];
        Self {
            contact: ContactId::derived(&causes),
            store: order.store.clone(),
            seller: seller.clone(),
            user,
            order: order.id.clone(),
            topic: told.topic.clone(),
            text: told.text.clone(),
            at: at.now,
        }
    }

    /// The contact that it is routed as: the customer's, about all that the seller sells in the order. Nobody waits for an
    /// answer, and where one could be mailed is not known.
    #[must_use]
    pub fn routed_as(&self, told: &Told, order: &Order, store: &Store) -> Contact {
        let items: Vec<ItemId> = order.lines_of(&self.seller).map(|line| line.item.clone()).collect();
        Contact {
            id: self.contact.clone(),
            store: self.store.clone(),
            customer: order.customer.clone(),
            channel: Channel::Email,
            language: told.language.clone().unwrap_or_else(|| store.languages.first().cloned().unwrap_or_default()),
            mailable: false,
            seller: self.seller.clone(),
            subject: Some(Subject { order: order.id.clone(), items }),
            topic: self.topic.clone(),
            source: told.source.clone(),
            received_at: self.at,
            transferred: true,
            outcome_mailed: told.by_mail,
        }
    }
}

/// What became of a transfer, by where its contact went.
#[must_use]
pub fn outcome(routed: Option<&RoutedContact>) -> Outcome {
    match routed {
        None => Outcome::Pending,
        Some(RoutedContact { inquiry: Some(inquiry), arrival, route, .. }) if route.owner == Owner::Service => {
            Outcome::Taken { case_id: inquiry.clone(), arrival: *arrival }
        }
        Some(routed) => Outcome::NotCovered { reason: routed.route.reason },
    }
}

/// What the seller is mailed, where it forwarded a mail: where the contact went.
#[must_use]
pub fn mailed_outcome(contact: &Contact, routed: &RoutedContact) -> Option<Notice> {
    let order = contact.subject.as_ref().filter(|_| contact.outcome_mailed)?.order.clone();
    let kind = NoticeKind::TransferRouted { order, outcome: outcome(Some(routed)) };
    Some(Notice::to_seller(&contact.store, &contact.seller, kind, &[contact.id.as_str()]))
}

/// Whatever in a text may be the id of an order, in the order of the text, each once: a run of an id's characters with a
/// digit in it, without the punctuation around it. Which of them are orders only the orders can tell, so no word of any
/// language has to stand before it; a date or a price is looked for in vain.
#[must_use]
pub fn order_ids(text: &str) -> Vec<OrderId> {
    let plain = plain(text);
    let whole = unbroken(&plain);
    let words = |text: &str| text.split(|c| !is_of_an_id(c)).map(str::to_owned).collect::<Vec<_>>();
    let mut found: Vec<OrderId> = Vec::new();
    for word in words(&plain).into_iter().chain(words(&whole)) {
        let word = word.trim_matches(['.', '-', '_']);
        let may_be_one = word.len() > 1 && word.bytes().any(|byte| byte.is_ascii_digit());
        if let Some(id) = word.parse().ok().filter(|id| may_be_one && !found.contains(id)) {
            found.push(id);
        }
    }
    found.truncate(MOST);
    found
}

const fn is_of_an_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// As it would be typed on a plain keyboard: full-width characters and all kinds of hyphens, and nothing invisible.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).wrapping_sub(0xfee0)),
        other => Some(other),
    };
    text.chars().filter_map(plain).collect()
}

/// Without the line breaks that came after a hyphen, and the marks of a quotation at the beginning of the next line.
fn unbroken(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        if whole.ends_with('-') {
            whole.push_str(line.trim_start_matches([' ', '\t', '>']));
        } else {
            whole.push('\n');
            whole.push_str(line);
        }
    }
    whole
}

#[cfg(test)]
mod tests;
