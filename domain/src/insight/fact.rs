//! Facts, and the day that each belongs to.

use crate::{
    at::Instant,
    contact::{Channel, Contact},
    decision::DecisionKind,
    id::{ContactId, DecisionId, InquiryId, OrderId, ProductId, RequestId, ShipmentId},
    inquiry::{Inquiry, InquiryEvent, OwnedMinutes},
    ledger::{Booking, ContactEntry, Counting, Entry, UnitEntry, UnitKey},
    money::Money,
    order::{Metered, Order, Parcel},
    quarter::{Quarter, day_start},
    question::CatalogueGap,
    request::{Request, RequestEvent},
    store::Store,
    survey::{Score, Survey, SurveyEvent},
    topic::Liable,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The day that a fact belongs to, in the store's zone, and the quarter whose figures have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Which quarter.
    pub quarter: Quarter,
    /// Which of its days.
    pub day: NaiveDate,
}

impl Place {
    /// That of an instant.
    #[must_use]
    pub fn of(at: Instant, store: &Store) -> Self {
        Self { quarter: store.quarter_of(at), day: store.day_of(at) }
    }

    /// That of a fact which the ledger books: in the quarter that measures it, on its day or, where that lies in another
    /// quarter, on the day on which it is told.
    #[must_use]
    pub fn booked(at: Instant, booking: Booking, now: Instant, store: &Store) -> Self {
        let quarter = booking.measured_in();
        let own = Self::of(at, store);
        if own.quarter == quarter { own } else { Self { quarter, day: quarter.nearest_day(store.day_of(now)) } }
    }

    /// These facts, each on its own day.
    #[must_use]
    pub fn each(facts: Vec<Fact>, store: &Store) -> Vec<(Self, Fact)> {
        facts.into_iter().map(|fact| (Self::of(fact.at(), store), fact)).collect()
    }

    /// The first instant after its day.
    #[must_use]
    pub fn ends_at(self, store: &Store) -> Instant {
        day_start(store.zone, self.day.succ_opt().unwrap_or(NaiveDate::MAX))
    }
}

/// Units that one shipment brought into the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// The first of them, which is in no other shipment.
    #[serde(flatten)]
    pub first: UnitKey,
    /// When.
    pub at: Instant,
    /// How many of them are covered.
    pub covered: u64,
    /// How many the seller fulfilled itself.
    pub seller_fulfilled: u64,
    /// Whether its parcel is new to the ledger, and the seller's own.
    pub parcel: bool,
}

/// A parcel whose tracking is valid in time (FEE-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// Of which order.
    pub order: OrderId,
    /// Which parcel.
    pub shipment: ShipmentId,
    /// When it was scanned first.
    pub at: Instant,
}

/// A product whose page was found lacking in a quarter: named beside the facts that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Which.
    pub product: ProductId,
}

/// One thing that figures are made of. It holds ids, times and codes, and no word of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Units shipped.
    Shipped(Shipped),
    /// A parcel was scanned.
    Scanned(Scanned),
    /// A customer made contact.
    Contact {
        /// Which contact.
        contact: ContactId,
        /// In which matter.
        inquiry: InquiryId,
        /// About which order.
        order: OrderId,
        /// About which products.
        products: BTreeSet<ProductId>,
        /// About what.
        topic: String,
        /// How.
        channel: Channel,
        /// When.
        at: Instant,
        /// Whether it counts for the fee, and by which rule.
        counts: Counting,
    },
    /// A matter was resolved, with a decision.
    Resolved {
        /// With which.
        decision: DecisionId,
        /// Which matter.
        inquiry: InquiryId,
        /// About what.
        topic: String,
        /// When it began.
        opened_at: Instant,
        /// When.
        at: Instant,
        /// What was decided.
        kind: DecisionKind,
        /// Who bears it.
        liable: Liable,
        /// What went to the customer.
        amount: Option<Money>,
        /// For how long each side had the next word, where that was counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owned: Option<OwnedMinutes>,
    },
    /// The seller replied to a request.
    Replied {
        /// To which.
        request: RequestId,
        /// When.
        at: Instant,
        /// After its 24 hours.
        late: bool,
    },
    /// The 24 hours of a request ended in silence.
    Expired {
        /// Of which.
        request: RequestId,
        /// When they ended.
        at: Instant,
    },
    /// A customer said how content it was (INS-3); its comment is no part of it.
    Scored(Score),
    /// The seller was asked what a product's page should have said.
    Lacking {
        /// By which request.
        request: RequestId,
        /// What.
        gap: CatalogueGap,
        /// When.
        at: Instant,
    },
}

impl Fact {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Shipped(Shipped { at, .. })
            | Self::Scanned(Scanned { at, .. })
            | Self::Contact { at, .. }
            | Self::Resolved { at, .. }
            | Self::Replied { at, .. }
            | Self::Expired { at, .. }
            | Self::Lacking { at, .. }
            | Self::Scored(Score { answered_at: at, .. }) => *at,
        }
    }

    /// What a contact of ours is. COV-3: its products are those of the covered items it is about.
    #[must_use]
    pub fn contact(contact: &Contact, entry: &ContactEntry, inquiry: &InquiryId, order: &Order) -> Self {
        let items = contact.subject.as_ref().map_or(&[][..], |subject| subject.items.as_slice());
        let about = order.lines.iter().filter(|line| line.coverage.is_covered() && items.contains(&line.item));
        Self::Contact {
            contact: entry.contact.clone(),
            inquiry: inquiry.clone(),
            order: order.id.clone(),
            products: about.map(|line| line.product.clone()).collect(),
            topic: entry.topic.clone(),
            channel: contact.channel,
            at: entry.received_at,
            counts: entry.counts,
        }
    }

    /// RTE-12: the same contact, about what it turned out to be, and counted as it is from then on.
    #[must_use]
    pub fn counted_as(mut self, entry: &ContactEntry) -> Self {
        if let Self::Contact { topic, counts, .. } = &mut self {
            topic.clone_from(&entry.topic);
            *counts = entry.counts;
        }
        self
    }

    /// What these events of an inquiry are, which was this before them.
    #[must_use]
    pub fn of_inquiry(inquiry: &Inquiry, events: &[InquiryEvent]) -> Vec<Self> {
        let resolved = |event: &InquiryEvent| {
            let InquiryEvent::Resolved { at, decision, owned, .. } = event else { return None };
            Some(Self::Resolved {
                decision: decision.id.clone(),
                inquiry: inquiry.id.clone(),
                topic: inquiry.topic.clone(),
                opened_at: inquiry.opened_at,
                at: *at,
                kind: decision.kind,
                liable: decision.liable,
                amount: decision.amount,
                owned: *owned,
            })
        };
        events.iter().filter_map(resolved).collect()
    }

    /// What these events of a survey are, which was this before them.
    #[must_use]
    pub fn of_survey(survey: &Survey, events: &[SurveyEvent]) -> Vec<Self> {
        let answered = |event: &SurveyEvent| match event {
            SurveyEvent::Answered { .. } => Survey::apply(Some(survey.clone()), event)?.score().map(Self::Scored),
            SurveyEvent::Skipped { .. } | SurveyEvent::Asked { .. } => None,
        };
        events.iter().filter_map(answered).collect()
    }

    /// What these events of a request are.
    #[must_use]
    pub fn of_request(request: &Request, events: &[RequestEvent]) -> Vec<Self> {
        let id = || request.id.clone();
        let fact = |event: &RequestEvent| match event {
            RequestEvent::Asked(asked) => {
                let gap = asked.question.gap.clone()?;
                Some(Self::Lacking { request: id(), gap, at: asked.asked_at })
            }
            RequestEvent::Replied(reply) => {
                Some(Self::Replied { request: id(), at: reply.received_at, late: reply.late })
            }
            RequestEvent::Expired { effective_at, .. } => Some(Self::Expired { request: id(), at: *effective_at }),
            RequestEvent::Decided(_) | RequestEvent::Withdrawn { .. } => None,
        };
        events.iter().filter_map(fact).collect()
    }
}

/// What a shipment or a scan adds to figures, and where: told at `now`, of an order that was this before.
#[must_use]
pub fn metered(before: &Order, metered: &Metered, now: Instant, store: &Store) -> Vec<(Place, Fact)> {
    let (mut units, mut scanned, mut new_parcel) = (Vec::new(), None, false);
    for entry in &metered.entries {
        match entry {
            Entry::Unit(unit) => units.push(unit),
            Entry::Package(package) => {
                let known = before.parcels.get(&package.shipment).filter(|parcel| parcel.metered);
                new_parcel = known.is_none() && package.seller_fulfilled;
                let parcel = metered.order.parcels.get(&package.shipment);
                let at = parcel.and_then(|parcel| scanned_in_time(parcel, store));
                let told_before = known.is_some_and(|parcel| scanned_in_time(parcel, store).is_some());
                scanned = at.filter(|_| !told_before).map(|at| Scanned {
                    order: package.order.clone(),
                    shipment: package.shipment.clone(),
                    at,
                });
            }
            Entry::Contact(_) | Entry::Reversal(_) | Entry::Reimbursement(_) => {}
        }
    }
    let shipped = shipped(&units, new_parcel).map(Fact::Shipped);
    let facts = shipped.into_iter().chain(scanned.map(Fact::Scanned));
    facts.map(|fact| (Place::booked(fact.at(), metered.booking, now, store), fact)).collect()
}

fn shipped(units: &[&UnitEntry], parcel: bool) -> Option<Shipped> {
    let first = units.iter().min_by_key(|unit| &unit.key)?;
    let count = |is: fn(&UnitEntry) -> bool| crate::ledger::count(units.iter().filter(|unit| is(unit)).count());
    Some(Shipped {
        first: first.key.clone(),
        at: first.shipped_at,
        covered: count(|unit| unit.disposition.is_covered()),
        seller_fulfilled: count(|unit| unit.disposition.is_seller_fulfilled()),
        parcel,
    })
}

/// FEE-7: a parcel of the seller's own counts as scanned if it was before the end of the quarter that measures it.
fn scanned_in_time(parcel: &Parcel, store: &Store) -> Option<Instant> {
    let until = parcel.booking.measured_in().end(store.zone);
    parcel.scanned_at.filter(|at| parcel.metered && parcel.seller_fulfilled && *at < until)
}
