//! Webhooks: what the marketplace's own systems are told at the moment it happens, each fact as one message. A message is
//! thin: what happened, when, and the names of the things it is about. It holds no word and no address of anybody, and no
//! amount: whoever wants more asks the API for it, with a token.
//!
//! The id of a webhook follows from its fact, so that a fact which is acted on twice is told under one id, and its bytes are
//! fixed with the fact: whoever gets it twice gets the same.
//!
//! Not here: how far one has come ([`delivery`]), how it is signed and sent (the shell's), and whether anybody is told at
//! all, which is a matter of the installation.

pub mod delivery;

use crate::{
    at::Instant,
    decision::DecisionRecord,
    id::{HookId, SellerId, StoreId},
    inquiry::Inquiry,
    quarter::Quarter,
    routing::RoutedContact,
    seller::{Seller, SellerEvent},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Which kind of fact is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HookKind {
    /// Whose a contact is, and why.
    #[serde(rename = "inquiry.routed")]
    InquiryRouted,
    /// What the service decided for a customer.
    #[serde(rename = "decision.made")]
    DecisionMade,
    /// What a seller's quarter costs a unit.
    #[serde(rename = "rate.published")]
    RatePublished,
    /// What a seller's quarter cost in all.
    #[serde(rename = "statement.final")]
    StatementFinal,
    /// That a seller has joined, or has left.
    #[serde(rename = "enrollment.changed")]
    EnrollmentChanged,
}

impl HookKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::InquiryRouted, Self::DecisionMade, Self::RatePublished, Self::StatementFinal, Self::EnrollmentChanged];

    /// Its stable name: the `type` of the message.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InquiryRouted => "inquiry.routed",
            Self::DecisionMade => "decision.made",
            Self::RatePublished => "rate.published",
            Self::StatementFinal => "statement.final",
            Self::EnrollmentChanged => "enrollment.changed",
        }
    }
}

/// One fact, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// Follows from the fact.
    pub id: HookId,
    /// In which store.
    pub store: StoreId,
    /// Whose seller.
    pub seller: SellerId,
    /// What kind of fact.
    pub kind: HookKind,
    /// When it happened.
    pub at: Instant,
    /// The message, to the byte.
    pub body: String,
}

impl Hook {
    /// `cause` tells the fact from others of its kind about the same seller; `about` is what is said of it.
    fn of(
        (store, seller): (&StoreId, &SellerId),
        kind: HookKind,
        at: Instant,
        cause: &[&str],
        about: impl IntoIterator<Item = (&'static str, Json)>,
    ) -> Self {
        let head = [kind.name(), store.as_str(), seller.as_str()];
        let whose = [("store", json!(store)), ("seller_id", json!(seller))];
        let data: serde_json::Map<_, _> =
            whose.into_iter().chain(about).map(|(name, value)| (name.to_owned(), value)).collect();
        Self {
            id: HookId::derived(&[&head, cause].concat()),
            store: store.clone(),
            seller: seller.clone(),
            kind,
            at,
            body: json!({ "type": kind.name(), "timestamp": at, "data": data }).to_string(),
        }
    }

    /// A contact has its owner (RTE).
    #[must_use]
    pub fn routed(routed: &RoutedContact, at: Instant) -> Self {
        let about = [
            ("contact_id", json!(routed.contact)),
            ("order_id", json!(routed.order)),
            ("inquiry_id", json!(routed.inquiry)),
            ("owner", json!(routed.route.owner)),
            ("reason", json!(routed.route.reason)),
        ];
        let whose = (&routed.store, &routed.seller);
        Self::of(whose, HookKind::InquiryRouted, at, &[routed.contact.as_str()], about)
    }

    /// The service has decided (JDG).
    #[must_use]
    pub fn decided(inquiry: &Inquiry, record: &DecisionRecord) -> Self {
        let about = [
            ("decision_id", json!(record.id)),
            ("inquiry_id", json!(record.inquiry)),
            ("order_id", json!(record.order)),
            ("decision", json!(record.kind)),
            ("reason", json!(record.reason)),
        ];
        let whose = (&inquiry.store, &inquiry.seller);
        Self::of(whose, HookKind::DecisionMade, record.decided_at, &[record.id.as_str()], about)
    }

    /// The rate of a seller's quarter is fixed (FEE-5).
    #[must_use]
    pub fn rate_published(whose: (&StoreId, &SellerId), quarter: Quarter, at: Instant) -> Self {
        Self::of_quarter(whose, HookKind::RatePublished, quarter, at)
    }

    /// The statement of a seller's quarter is final (FEE-10).
    #[must_use]
    pub fn statement_final(whose: (&StoreId, &SellerId), quarter: Quarter, at: Instant) -> Self {
        Self::of_quarter(whose, HookKind::StatementFinal, quarter, at)
    }

    fn of_quarter(whose: (&StoreId, &SellerId), kind: HookKind, quarter: Quarter, at: Instant) -> Self {
        Self::of(whose, kind, at, &[&quarter.to_string()], [("quarter", json!(quarter))])
    }

    /// What of this is told: periods of service that were opened or closed (ENR), in their order.
    #[must_use]
    pub fn enrollments(before: Option<&Seller>, events: &[SellerEvent], at: Instant) -> Vec<Self> {
        let states = events.iter().scan(before.cloned(), |state, event| {
            *state = Seller::apply(state.take(), event);
            Some(state.as_ref().and_then(|seller| Self::enrollment(seller, event, at)))
        });
        states.flatten().collect()
    }

    /// A seller may leave and join within one instant, so a period is known by its number too.
    fn enrollment(seller: &Seller, event: &SellerEvent, at: Instant) -> Option<Self> {
        let (status, effective_at, reason) = match event {
            SellerEvent::Enrolled { starts_at, by, .. } => ("enrolled", starts_at, json!(by)),
            SellerEvent::Left(end) => ("left", &end.at, json!(end.reason)),
            SellerEvent::Registered { .. }
            | SellerEvent::FactsChanged { .. }
            | SellerEvent::TermsAccepted(_)
            | SellerEvent::Users(_) => return None,
        };
        let about = [("status", json!(status)), ("effective_at", json!(effective_at)), ("reason", reason)];
        let cause = [status, &seller.periods.len().to_string(), &effective_at.to_rfc3339()];
        Some(Self::of((&seller.store, &seller.id), HookKind::EnrollmentChanged, at, &cause, about))
    }
}

#[cfg(test)]
mod tests;
