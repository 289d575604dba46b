//! Facts that are added up: one day of one seller, or several days. The order of the facts changes nothing, and the sum
//! of two days is what their facts together come to.

use super::{
    fact::{Fact, Scanned, Shipped},
    owned::Owned,
};
use crate::{
    at::Instant,
    decision::DecisionKind,
    fee::Measure,
    id::{OrderId, ProductId},
    ledger::{Counting, count},
    money::Money,
    survey::{Score, Tally},
    topic::Liable,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So many orders are told apart; of more it is known that they are at least so many. A card asks only whether they are
/// few, which [`crate::book`] holds it to.
pub const ORDERS_NAMED: usize = 200;

/// Contacts about one topic.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// How many.
    pub contacts: u64,
    /// How many of them for each product. One about two products stands with both.
    pub products: BTreeMap<ProductId, u64>,
}

/// How long things took, in whole minutes: so many of each length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct Minutes(BTreeMap<u64, u64>);

impl From<Vec<(u64, u64)>> for Minutes {
    fn from(pairs: Vec<(u64, u64)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl From<Minutes> for Vec<(u64, u64)> {
    fn from(minutes: Minutes) -> Self {
        minutes.0.into_iter().collect()
    }
}

impl Minutes {
    fn add(&mut self, minutes: u64, times: u64) {
        add(self.0.entry(minutes).or_default(), times);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().fold(0, |sum, times| sum.saturating_add(*times))
    }

    /// The shortest time within which at least so many of a hundred were done (nearest rank); none of none.
    #[must_use]
    pub fn percentile(&self, of_hundred: u64) -> Option<u64> {
        let rank = u128::from(self.count()).saturating_mul(u128::from(of_hundred)).div_ceil(100).max(1);
        let mut done = 0_u128;
        self.0.iter().find_map(|(minutes, times)| {
            done = done.saturating_add(u128::from(*times));
            (done >= rank).then_some(*minutes)
        })
    }
}

/// Refunds of one reason that one party bears.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunds {
    /// How many.
    pub count: u64,
    /// What they came to, in minor units of the store's currency.
    pub minor: i64,
}

/// How requests ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// With a reply within 24 hours.
    pub in_time: u64,
    /// With a reply after them.
    pub late: u64,
    /// In silence at their end, whatever came later.
    pub expired: u64,
}

/// How often a product's page did not say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// How often the seller was asked.
    pub asked: u64,
    /// When it was last.
    pub newest: Instant,
}

/// What the facts of one day, or of several, come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Covered units shipped.
    pub units_covered: u64,
    /// Units shipped that the seller fulfilled itself.
    pub units_seller_fulfilled: u64,
    /// Orders with such a unit, the first [`ORDERS_NAMED`] of them by name.
    pub orders: BTreeSet<OrderId>,
    /// Parcels of its own.
    pub packages: u64,
    /// Those that were scanned.
    pub packages_scanned: u64,
    /// Contacts that count for the fee (FEE-4).
    pub counted: u64,
    /// Contacts by topic; one that is another once more (RTE-9) is not among them.
    pub reasons: BTreeMap<String, Reason>,
    /// How long matters took from their first contact.
    pub resolved: Minutes,
    /// For how long each side had the next word in them. A sum of before that was counted says nothing of it.
    #[serde(default)]
    pub owned: Owned,
    /// Refunds by topic, then by who bears them.
    pub refunds: BTreeMap<String, BTreeMap<Liable, Refunds>>,
    /// Requests.
    pub requests: Requests,
    /// What customers answered who were asked how it was.
    #[serde(default)]
    pub scores: Tally,
    /// What pages did not say, by product, then by the name of the fact.
    pub gaps: BTreeMap<ProductId, BTreeMap<String, Gap>>,
}

impl<'a> FromIterator<&'a Fact> for Day {
    fn from_iter<I: IntoIterator<Item = &'a Fact>>(facts: I) -> Self {
        facts.into_iter().fold(Self::default(), Self::and)
    }
}

impl std::iter::Sum for Day {
    fn sum<I: Iterator<Item = Self>>(days: I) -> Self {
        days.fold(Self::default(), Self::plus)
    }
}

impl Day {
    /// With one fact more.
    #[must_use]
    pub fn and(mut self, fact: &Fact) -> Self {
        match fact {
            Fact::Shipped(Shipped { first, covered, seller_fulfilled, parcel, .. }) => {
                add(&mut self.units_covered, *covered);
                add(&mut self.units_seller_fulfilled, *seller_fulfilled);
                add(&mut self.packages, u64::from(*parcel));
                if *seller_fulfilled > 0 {
                    self.name(std::iter::once(first.order.clone()));
                }
            }
            Fact::Scanned(Scanned { .. }) => add(&mut self.packages_scanned, 1),
            Fact::Contact { counts: Counting::SameContact, .. } => {}
            Fact::Contact { topic, products, counts, .. } => {
                add(&mut self.counted, u64::from(counts.counts()));
                let reason = self.reasons.entry(topic.clone()).or_default();
                add(&mut reason.contacts, 1);
                for product in products {
                    add(reason.products.entry(product.clone()).or_default(), 1);
                }
            }
            Fact::Resolved { topic, opened_at, at, kind, liable, amount, owned, .. } => {
                let minutes = at.signed_duration_since(*opened_at).num_minutes();
                self.resolved.add(u64::try_from(minutes).unwrap_or(0), 1);
                self.owned = self.owned.and(*owned);
                self.refund(topic, *kind, *liable, *amount);
            }
            Fact::Replied { late: false, .. } => add(&mut self.requests.in_time, 1),
            Fact::Replied { late: true, .. } => add(&mut self.requests.late, 1),
            Fact::Expired { .. } => add(&mut self.requests.expired, 1),
            Fact::Scored(Score { rating, .. }) => self.scores = self.scores.and(*rating),
            Fact::Lacking { gap, at, .. } => {
                let gaps = self.gaps.entry(gap.product.clone()).or_default();
                merge(gaps, gap.attribute.clone(), Gap { asked: 1, newest: *at });
            }
        }
        self
    }

    fn refund(&mut self, topic: &str, kind: DecisionKind, liable: Liable, amount: Option<Money>) {
        if let Some(amount) = amount.filter(|_| kind.refunds()) {
            let refunds = self.refunds.entry(topic.to_owned()).or_default().entry(liable).or_default();
            add(&mut refunds.count, 1);
            refunds.minor = refunds.minor.saturating_add(amount.minor);
        }
    }

    fn name(&mut self, orders: impl Iterator<Item = OrderId>) {
        self.orders.extend(orders);
        while self.orders.len() > ORDERS_NAMED {
            self.orders.pop_last();
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        add(&mut self.units_covered, other.units_covered);
        add(&mut self.units_seller_fulfilled, other.units_seller_fulfilled);
        add(&mut self.packages, other.packages);
        add(&mut self.packages_scanned, other.packages_scanned);
        add(&mut self.counted, other.counted);
        self.name(other.orders.into_iter());
        for (topic, more) in other.reasons {
            let reason = self.reasons.entry(topic).or_default();
            add(&mut reason.contacts, more.contacts);
            for (product, contacts) in more.products {
                add(reason.products.entry(product).or_default(), contacts);
            }
        }
        for (minutes, times) in other.resolved.0 {
            self.resolved.add(minutes, times);
        }
        self.owned = self.owned.plus(other.owned);
        for (topic, parties) in other.refunds {
            for (liable, more) in parties {
                let refunds = self.refunds.entry(topic.clone()).or_default().entry(liable).or_default();
                add(&mut refunds.count, more.count);
                refunds.minor = refunds.minor.saturating_add(more.minor);
            }
        }
        self.scores = self.scores.plus(other.scores);
        add(&mut self.requests.in_time, other.requests.in_time);
        add(&mut self.requests.late, other.requests.late);
        add(&mut self.requests.expired, other.requests.expired);
        for (product, more) in other.gaps {
            let gaps = self.gaps.entry(product).or_default();
            for (attribute, gap) in more {
                merge(gaps, attribute, gap);
            }
        }
        self
    }

    /// Whether it says of each resolution whose time it took. A sum that earlier code laid down does not.
    #[must_use]
    pub fn knows_whose_time(&self) -> bool {
        self.owned.resolutions() == self.resolved.count()
    }

    /// What it fixes the next quarter's rate by, if it is a whole quarter. Orders are told apart as far as that matters.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure {
            units_covered: self.units_covered,
            units_seller_fulfilled: self.units_seller_fulfilled,
            orders: count(self.orders.len()),
            contacts: self.counted,
            packages: self.packages,
            packages_scanned: self.packages_scanned,
        }
    }

    /// All contacts.
    #[must_use]
    pub fn contacts(&self) -> u64 {
        self.reasons.values().fold(0, |sum, reason| sum.saturating_add(reason.contacts))
    }

    /// The products and how many contacts each had, most first; of one topic, or of all.
    #[must_use]
    pub fn products(&self, topic: Option<&str>) -> Vec<(&ProductId, u64)> {
        let mut products: BTreeMap<&ProductId, u64> = BTreeMap::new();
        for (_, reason) in self.reasons.iter().filter(|(code, _)| topic.is_none_or(|topic| topic == code.as_str())) {
            for (product, contacts) in &reason.products {
                add(products.entry(product).or_default(), *contacts);
            }
        }
        let mut products: Vec<_> = products.into_iter().collect();
        products.sort_by_key(|(_, contacts)| std::cmp::Reverse(*contacts));
        products
    }
}

fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}

fn merge(gaps: &mut BTreeMap<String, Gap>, attribute: String, more: Gap) {
    let gap = gaps.entry(attribute).or_insert(Gap { asked: 0, newest: more.newest });
    add(&mut gap.asked, more.asked);
    gap.newest = gap.newest.max(more.newest);
}
