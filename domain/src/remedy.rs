//! What the customer was given for each unit of one seller's part of an order: the decisions about its units, the refunds
//! that went out, and what came back. Two inquiries about one order meet here, so that no unit is paid for twice (JDG-2).
//!
//! Not here: on what grounds something is decided ([`crate::judgement`]).

use crate::{
    at::{Instant, after},
    claim::terms::WithoutClaim,
    clock::Alarm,
    decision::{DecisionKind, DecisionRecord},
    id::{DecisionId, OrderId, SellerId, StoreId},
    money::Money,
    order::Order,
    outcome::{FollowUp, Outcome, Refusal},
    reimbursement::without_claim,
    request::SKEW_MARGIN,
    returns::Condition,
    store::Store,
    topic::Family,
    unit::{self, Unit, Units},
};
use serde::{Deserialize, Serialize};

/// A decision that gave something, and the issue of its inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Where its inquiry is found.
    pub issue: Family,
    /// The decision.
    pub record: DecisionRecord,
}

/// A refund that the marketplace has paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// By which decision.
    pub decision: DecisionId,
    /// How much.
    pub amount: Money,
    /// When.
    pub issued_at: Instant,
    /// For which units, where the decision had left the amount open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Units>,
    /// CLM-4: why it is paid back to the seller without a claim; none where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_back: Option<WithoutClaim>,
}

/// Something that came back to the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Which units.
    pub units: Vec<Units>,
    /// When.
    pub received_at: Instant,
    /// How.
    pub condition: Condition,
}

/// RET-4: how something comes back from a customer to a seller abroad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnMethod {
    /// To an address in the store's country.
    LocalAddress,
    /// With a label to the seller's own country, which the seller paid.
    PrepaidLabel,
    /// Not at all.
    RefundWithoutReturn,
}

/// The way that a seller named for a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// By which decision something is to come back.
    pub decision: DecisionId,
    /// How.
    pub method: ReturnMethod,
    /// Where to, or where the label is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When that was named.
    pub at: Instant,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedies {
    /// Where.
    pub store: StoreId,
    /// Whose part.
    pub seller: SellerId,
    /// Of which order.
    pub order: OrderId,
    /// Decisions that gave something, in order.
    pub decided: Vec<Decided>,
    /// Refunds that were paid out, in order.
    pub refunds: Vec<Refund>,
    /// What came back, in order.
    pub returns: Vec<Return>,
    /// RET-4: ways that the seller named, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RemedyEvent {
    /// The first of it is at hand.
    Begun {
        /// Where.
        store: StoreId,
        /// Whose part.
        seller: SellerId,
        /// Of which order.
        order: OrderId,
    },
    /// The service decided.
    Decided(Box<Decided>),
    /// Money went out.
    Refunded(Refund),
    /// Units came back.
    Returned(Return),
    /// The seller named a way back.
    WayNamed(Way),
}

impl Remedies {
    /// The part of this order before anything was decided.
    #[must_use]
    pub const fn none(store: StoreId, seller: SellerId, order: OrderId) -> Self {
        Self { store, seller, order, decided: Vec::new(), refunds: Vec::new(), returns: Vec::new(), ways: Vec::new() }
    }

    /// The decision that holds for a unit: the last that gave something for it.
    #[must_use]
    pub fn standing(&self, unit: &Unit) -> Option<&Decided> {
        self.decided.iter().rev().find(|decided| unit::hold(&decided.record.units, unit))
    }

    /// A decision about these units, by its id.
    #[must_use]
    pub fn decision(&self, id: &DecisionId) -> Option<&Decided> {
        self.decided.iter().find(|decided| decided.record.id == *id)
    }

    /// What of its price has not been given back for a unit. Money that was decided counts, whatever superseded it since:
    /// it may have gone out already.
    #[must_use]
    pub fn left(&self, unit: &Unit, price: Money) -> Money {
        let decided = self.decided.iter().flat_map(|decided| &decided.record.units);
        let issued = self.refunds.iter().flat_map(|refund| &refund.units);
        let given = decided.chain(issued).filter(|range| range.hold(unit)).filter_map(|range| range.each);
        let given = given.fold(0_i64, |sum, each| sum.saturating_add(each.minor));
        Money::new(price.minor.saturating_sub(given).max(0), price.currency)
    }

    /// JDG-2: a decision about units that another one holds for names that one, and only such are named.
    pub fn admit(&self, units: &[Units], supersedes: &[DecisionId]) -> Result<(), Refusal> {
        let mut standing: Vec<&DecisionId> = Vec::new();
        for decided in unit::each(units).filter_map(|unit| self.standing(&unit)) {
            if !standing.contains(&&decided.record.id) {
                standing.push(&decided.record.id);
            }
        }
        if let Some(unnamed) = standing.iter().find(|id| !supersedes.contains(id)) {
            let sentence = format!("Decision {unnamed} holds for these units; name it in `supersedes` to replace it.");
            return Err(Refusal::state("JDG-2", "already_remedied", sentence));
        }
        match supersedes.iter().find(|id| !standing.contains(id)) {
            Some(stranger) => {
                let sentence = format!(
                    "Decision {stranger} does not hold for any of these units; do not name it in `supersedes`."
                );
                Err(Refusal::state("JDG-2", "nothing_to_supersede", sentence))
            }
            None => Ok(()),
        }
    }

    /// A decision joins what is known. One that gives nothing leaves no trace here.
    #[must_use]
    pub fn decide(
        known: Option<&Self>,
        (store, seller): (&StoreId, &SellerId),
        issue: Family,
        record: &DecisionRecord,
    ) -> Outcome<RemedyEvent> {
        if !record.kind.remedies() || record.units.is_empty() {
            return Outcome::unchanged();
        }
        let decided = RemedyEvent::Decided(Box::new(Decided { issue, record: record.clone() }));
        let outcome = Outcome::of(begun(known, store, seller, &record.order).chain([decided]).collect());
        let Some(by) = record.return_method_by else { return outcome };
        let alarm = Alarm::ReturnMethod {
            store: store.clone(),
            seller: seller.clone(),
            order: record.order.clone(),
            decision: record.id.clone(),
            named: false,
        };
        outcome.then(FollowUp::Alarm { at: after(by, SKEW_MARGIN), alarm })
    }

    /// RET-4: the way that the seller named for the return of this decision.
    #[must_use]
    pub fn way(&self, decision: &DecisionId) -> Option<&Way> {
        self.ways.iter().find(|way| way.decision == *decision)
    }

    /// RET-4: the seller names a way, once, while the return that was decided still holds for a unit. One that is late is
    /// taken: it is late for the customer too. A return that it waives is looked at by the rule at once.
    pub fn name_way(&self, way: Way) -> Result<Outcome<RemedyEvent>, Refusal> {
        let no = |code, sentence: &str| Err(Refusal::state("RET-4", code, sentence));
        let record = self.decision(&way.decision).map(|decided| &decided.record);
        let Some(record) = record.filter(|record| record.return_method_by.is_some()) else {
            return no(
                "no_way_needed",
                "No way back is needed: nothing is to come back by this decision, or the seller is in the store's country.",
            );
        };
        if let Some(known) = self.way(&way.decision) {
            let same = known.method == way.method && known.place == way.place;
            return if same {
                Ok(Outcome::unchanged())
            } else {
                no("way_named", "A way back was named before; it stands.")
            };
        }
        let holds = |unit: Unit| self.standing(&unit).is_some_and(|standing| standing.record.id == way.decision);
        if !unit::each(&record.units).any(holds) {
            return no(
                "decision_superseded",
                "Another decision took the place of this one, so no way back is needed for it.",
            );
        }
        let (decision, at, waived) = (way.decision.clone(), way.at, way.method == ReturnMethod::RefundWithoutReturn);
        let outcome = Outcome::of(vec![RemedyEvent::WayNamed(way)]);
        if !waived {
            return Ok(outcome);
        }
        let (store, seller, order) = (self.store.clone(), self.seller.clone(), self.order.clone());
        let alarm = Alarm::ReturnMethod { store, seller, order, decision, named: true };
        Ok(outcome.then(FollowUp::Alarm { at, alarm }))
    }

    /// The units for which this decision holds and that have not come back.
    pub fn open<'a>(&'a self, decision: &'a DecisionId) -> impl Iterator<Item = Unit> + 'a {
        let came = |unit: &Unit| self.returns.iter().any(|returned| unit::hold(&returned.units, unit));
        let holds = |unit: &Unit| self.standing(unit).is_some_and(|known| known.record.id == *decision);
        let units = self.decision(decision).into_iter().flat_map(|decided| unit::each(&decided.record.units));
        units.filter(move |unit| holds(unit) && !came(unit))
    }

    /// RET-4: whether a return by this decision is still without a way.
    #[must_use]
    pub fn lacks_way(&self, decision: &DecisionId) -> bool {
        self.way(decision).is_none() && self.open(decision).next().is_some()
    }

    /// The marketplace paid a refund out: once by each decision, and not more than it gave.
    pub fn refund_issued(
        known: Option<&Self>,
        decision: &DecisionId,
        amount: Money,
        issued_at: Instant,
        order: &Order,
        store: &Store,
    ) -> Result<Outcome<RemedyEvent>, Refusal> {
        let found = known.and_then(|known| Some((known, known.decision(decision)?)));
        let Some((known, decided)) = found else {
            let sentence = format!(
                "This seller's part of the order has no decision {decision} (yet): check the id, then send this again."
            );
            return Err(Refusal::not_yet("RET-5", "unknown_decision", sentence));
        };
        if known.refunds.iter().any(|refund| refund.decision == *decision) {
            return Ok(Outcome::unchanged());
        }
        let too_much = || {
            let sentence =
                format!("Decision {decision} gives less than {amount}: no more than it gives is paid out by it.");
            Refusal::input("RET-5", "refund_above_decision", sentence)
        };
        let record = &decided.record;
        let units = match (record.kind, record.amount) {
            (DecisionKind::ReturnAuthorised, None) => known.share(order, &record.units, amount).ok_or_else(too_much)?,
            (kind, Some(most)) if kind.refunds() && amount.minor <= most.minor => Vec::new(),
            _ => return Err(too_much()),
        };
        let paid_back = without_claim((record, decided.issue), issued_at, order, &known.seller, store);
        let refund = Refund { decision: decision.clone(), amount, issued_at, units, paid_back };
        Ok(Outcome::of(vec![RemedyEvent::Refunded(refund)]))
    }

    /// Units came back to the seller. Of those that are not covered the service keeps nothing (COV-3).
    pub fn return_received(
        known: Option<&Self>,
        order: &Order,
        seller: &SellerId,
        units: &[Unit],
        (received_at, condition): (Instant, Condition),
        store: &Store,
    ) -> Result<Outcome<RemedyEvent>, Refusal> {
        let mut covered: Vec<Unit> = Vec::new();
        for unit in units {
            let line = order.line_of(seller, unit).ok_or_else(|| {
                let (id, ordinal, item) = (&order.id, unit.ordinal, &unit.item);
                let sentence = format!("Order {id} has no unit {ordinal} of item {item} by this seller.");
                Refusal::input("RTE-10", "unknown_unit", sentence)
            })?;
            if line.coverage.is_covered() {
                covered.push(unit.clone());
            }
        }
        if covered.is_empty() {
            return Ok(Outcome::unchanged());
        }
        covered.sort();
        covered.dedup();
        let units = unit::ranges(covered.into_iter().map(|unit| (unit, None)));
        let returned = Return { units, received_at, condition };
        if known.is_some_and(|known| known.returns.contains(&returned)) {
            return Ok(Outcome::unchanged());
        }
        let returned = RemedyEvent::Returned(returned);
        let outcome = Outcome::of(begun(known, &order.store, seller, &order.id).chain([returned]).collect());
        let Some(due) = store.refund_due(received_at) else { return Ok(outcome) };
        let (store, seller, order) = (order.store.clone(), seller.clone(), order.id.clone());
        let alarm = Alarm::RefundDue { store, seller, order, received_at };
        Ok(outcome.then(FollowUp::Alarm { at: after(due, SKEW_MARGIN), alarm }))
    }

    /// RET-5: of what came back then, the decisions whose money should have gone out by now and has not. What is replaced
    /// owes none.
    #[must_use]
    pub fn unpaid(&self, received_at: Instant) -> Vec<&Decided> {
        let mut unpaid: Vec<&Decided> = Vec::new();
        let came = self.returns.iter().filter(|returned| returned.received_at == received_at);
        for unit in came.flat_map(|returned| unit::each(&returned.units)) {
            let Some(standing) = self.standing(&unit) else { continue };
            let owes = standing.record.kind.refunds() || standing.record.kind == DecisionKind::ReturnAuthorised;
            let paid = |refund: &Refund| {
                let by_it = refund.decision == standing.record.id;
                let of_unit = self.decision(&refund.decision).is_some_and(|d| unit::hold(&d.record.units, &unit));
                by_it || (of_unit && refund.issued_at >= received_at)
            };
            if owes && !self.refunds.iter().any(paid) && !unpaid.contains(&standing) {
                unpaid.push(standing);
            }
        }
        unpaid
    }

    /// What is left of each of these units, and a share of the amount for each; none where it is more than is left.
    #[must_use]
    pub fn share(&self, order: &Order, units: &[Units], amount: Money) -> Option<Vec<Units>> {
        let units: Vec<Unit> = unit::each(units).collect();
        let left = units.iter().map(|unit| {
            let line = order.line_of(&self.seller, unit)?;
            Some(self.left(unit, line.unit_price).minor)
        });
        let left = left.collect::<Option<Vec<i64>>>()?;
        let sum = left.iter().fold(0_i64, |sum, left| sum.saturating_add(*left));
        let shares =
            unit::spread(amount.minor, &left).into_iter().map(|minor| Some(Money::new(minor, amount.currency)));
        (amount.minor <= sum).then(|| unit::ranges(units.into_iter().zip(shares)))
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &RemedyEvent) -> Option<Self> {
        if let RemedyEvent::Begun { store, seller, order } = event {
            return Some(Self::none(store.clone(), seller.clone(), order.clone()));
        }
        let mut next = state?;
        match event {
            RemedyEvent::Begun { .. } => {}
            RemedyEvent::Decided(decided) => next.decided.push((**decided).clone()),
            RemedyEvent::Refunded(refund) => next.refunds.push(refund.clone()),
            RemedyEvent::Returned(returned) => next.returns.push(returned.clone()),
            RemedyEvent::WayNamed(way) => next.ways.push(way.clone()),
        }
        Some(next)
    }
}

fn begun(
    known: Option<&Remedies>,
    store: &StoreId,
    seller: &SellerId,
    order: &OrderId,
) -> impl Iterator<Item = RemedyEvent> + use<> {
    let begun = RemedyEvent::Begun { store: store.clone(), seller: seller.clone(), order: order.clone() };
    known.is_none().then_some(begun).into_iter()
}

#[cfg(test)]
mod tests;
