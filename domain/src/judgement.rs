//! What the service decides, and on what grounds (JDG-1 to JDG-4): an associate's decision held against the facts, and the
//! judgement that the topic's rule gives after silence. Both become a record in the same way, and by the same checks.
//!
//! Not here: what the record says ([`crate::decision`]), and what other decisions gave ([`crate::remedy`]).

use crate::{
    at::Instant,
    decision::{DecidedBy, DecisionKind, DecisionRecord, Facts, STANDARD_POLICY, WayBack},
    id::{DecisionId, ItemId},
    inquiry::Inquiry,
    money::Money,
    order::{Line, Order, Pinned},
    outcome::Refusal,
    quarter::days_later,
    reason::{Need, Reason, Reasons},
    reimbursement::without_claim,
    remedy::{Remedies, Return, ReturnMethod},
    request::Request,
    returns::Payer,
    store::{InternationalReturns, Store},
    topic::{AfterSilence, Liable, Topic},
    unit::{self, Unit, Units},
};

/// All that a decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The customer's matter.
    pub inquiry: &'a Inquiry,
    /// What it is about.
    pub order: &'a Order,
    /// Its topic.
    pub topic: &'a Topic,
    /// Where.
    pub store: &'a Store,
    /// On what a decision may rest.
    pub reasons: &'a Reasons,
    /// What was given for this seller's part of the order before.
    pub remedies: Option<&'a Remedies>,
    /// The question to the seller that was asked last.
    pub request: Option<&'a Request>,
    /// Where the seller has its registered address, as far as it is known.
    pub seller_country: Option<&'a str>,
}

/// What somebody wants decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// What.
    pub kind: DecisionKind,
    /// On which reason.
    pub reason: String,
    /// In other words than the reason's own.
    pub basis: Option<String>,
    /// Who bears it; as the topic has it where nobody is named.
    pub liable: Option<Liable>,
    /// For which units; for every covered one of the inquiry where none is named.
    pub units: Vec<Unit>,
    /// How much goes back in all, of a refund in part.
    pub amount_minor: Option<i64>,
    /// Decisions that it takes the place of.
    pub supersedes: Vec<DecisionId>,
}

impl Deciding {
    /// This kind on this reason, for all units, as the topic has it.
    #[must_use]
    pub fn plain(kind: DecisionKind, reason: &str) -> Self {
        Self {
            kind,
            reason: reason.to_owned(),
            basis: None,
            liable: None,
            units: Vec::new(),
            amount_minor: None,
            supersedes: Vec::new(),
        }
    }
}

impl Matter<'_> {
    /// JDG-1, JDG-2: the record of a decision, where the facts allow it.
    pub fn decide(
        &self,
        deciding: &Deciding,
        decided_by: DecidedBy,
        id: DecisionId,
        at: Instant,
    ) -> Result<DecisionRecord, Refusal> {
        let reason = self.reason(deciding, at)?;
        let units = if deciding.kind.remedies() { self.units(&deciding.units)? } else { Vec::new() };
        self.needed(reason, &units, at)?;
        let liable = deciding.liable.unwrap_or(self.topic.liable);
        let plain = unit::ranges(units.iter().cloned().map(|unit| (unit, None)));
        let known = match self.remedies {
            Some(known) => known,
            None => &Remedies::none(self.store.id.clone(), self.inquiry.seller.clone(), self.order.id.clone()),
        };
        known.admit(&plain, &deciding.supersedes)?;
        let given = self.given(deciding, reason, &units, plain, (known, liable))?;
        let amount = deciding.kind.refunds().then(|| self.total(&given));
        let items = if units.is_empty() { self.inquiry.items.clone() } else { items_of(&units) };
        let goods = matches!(deciding.kind, DecisionKind::RefundFull | DecisionKind::ReturnAuthorised);
        let goods_return = goods && reason.comes_back;
        let abroad = self.abroad(at).filter(|_| goods_return);
        Ok(self.paid_back(DecisionRecord {
            id,
            inquiry: self.inquiry.id.clone(),
            order: self.order.id.clone(),
            items,
            units: given,
            kind: deciding.kind,
            decided_by,
            decided_at: at,
            basis: deciding.basis.clone().unwrap_or_else(|| reason.says.clone()),
            reason: Some(reason.code.clone()),
            facts: self.facts(&units, known),
            policy: self.policy().map_or_else(|| STANDARD_POLICY.to_owned(), |policy| policy.version),
            amount,
            liable,
            return_shipping: goods_return.then(|| self.return_shipping(liable, abroad.is_some())),
            return_method_by: abroad.map(|rule| days_later(self.store.zone, at, rule.days)),
            way_back: WayBack::of(deciding.kind, liable, at, self.store),
            supersedes: deciding.supersedes.clone(),
        }))
    }

    /// CLM-4: what is paid back without a claim has no other way back.
    fn paid_back(&self, record: DecisionRecord) -> DecisionRecord {
        let (on, of) = (record.decided_at, (&record, self.inquiry.issue));
        let kind = without_claim(of, on, self.order, &self.inquiry.seller, self.store);
        match kind.filter(|_| record.kind.refunds()) {
            Some(_) => DecisionRecord { way_back: WayBack::Automatic { on }, ..record },
            None => record,
        }
    }

    /// REQ-4, JDG-4: what the topic's rule decides by itself once the seller has kept silent. `None`: a person decides,
    /// because the rule says so, because the value is above the store's limit, because something was given for one of the
    /// units before, or because the facts do not bear it: the parcel is still promised or has arrived, or the policy does
    /// not take the goods back any more.
    #[must_use]
    pub fn after_silence(&self, request: &Request, at: Instant) -> Option<DecisionRecord> {
        let value = self.order.price_of(&self.inquiry.items, self.store.currency).ok()?;
        if value.minor > self.store.judgement_limit.minor || self.inquiry.is_remedied() {
            return None;
        }
        let silent = |kind| Deciding::plain(kind, "seller_silent");
        let deciding = match self.topic.after_silence {
            AfterSilence::Refund if self.lines().any(|line| self.arrived(line)) => return None,
            AfterSilence::Refund => Deciding::plain(DecisionKind::RefundFull, "not_received"),
            AfterSilence::Replacement if self.inquiry.in_stock == Some(true) => silent(DecisionKind::Replacement),
            AfterSilence::Replacement => silent(DecisionKind::RefundFull),
            AfterSilence::AuthoriseReturn if self.lines().all(|line| self.returnable(line, at)) => {
                silent(DecisionKind::ReturnAuthorised)
            }
            AfterSilence::AuthoriseReturn | AfterSilence::Person => return None,
        };
        let basis = format!("The seller did not reply within 24 hours; rule for topic {}.", self.topic.code);
        let deciding = Deciding { basis: Some(basis), ..deciding };
        let id = DecisionId::derived(&[request.id.as_str(), "after_silence"]);
        self.decide(&deciding, DecidedBy::JudgementAfterSilence, id, at).ok()
    }

    fn reason(&self, deciding: &Deciding, at: Instant) -> Result<&Reason, Refusal> {
        let kind = deciding.kind;
        let allowed = self.reasons.get(&deciding.reason).filter(|reason| reason.kinds.contains(&kind));
        let Some(reason) = allowed else {
            let codes: Vec<_> = self.reasons.of(kind).map(|reason| reason.code.as_str()).collect();
            let sentence = format!("Such a decision rests on one of these reasons: {}.", codes.join(", "));
            return Err(Refusal::input("JDG-2", "reason_not_allowed", sentence));
        };
        let grounds = self.store.returnless_grounds_at(at);
        if kind == DecisionKind::RefundReturnless && !grounds.contains(&reason.code) {
            let sentence = format!("A refund without return has one of these grounds: {}.", grounds.join(", "));
            return Err(Refusal::input("JDG-3", "returnless_not_allowed", sentence));
        }
        Ok(reason)
    }

    /// COV-3: the units that are named, which must be covered ones of the inquiry, or all of those.
    fn units(&self, named: &[Unit]) -> Result<Vec<Unit>, Refusal> {
        let all =
            || self.lines().flat_map(|line| (1..=line.quantity).map(|n| Unit { item: line.item.clone(), ordinal: n }));
        let mut units: Vec<Unit> = if named.is_empty() { all().collect() } else { named.to_vec() };
        units.sort();
        units.dedup();
        let held = |unit: &Unit| self.lines().any(|l| l.item == unit.item && (1..=l.quantity).contains(&unit.ordinal));
        match units.iter().find(|unit| !held(unit)) {
            Some(stranger) => {
                let (ordinal, item) = (stranger.ordinal, &stranger.item);
                let sentence = format!("Unit {ordinal} of item {item} is no covered unit of this inquiry.");
                Err(Refusal::input("COV-3", "unknown_unit", sentence))
            }
            None => Ok(units),
        }
    }

    fn needed(&self, reason: &Reason, units: &[Unit], at: Instant) -> Result<(), Refusal> {
        let lines = || self.lines().filter(|line| units.iter().any(|unit| unit.item == line.item));
        let (holds, sentence) = match reason.needs {
            None => return Ok(()),
            Some(Need::NotReceived) => (
                lines().all(|line| self.missed(line, at)),
                "The promised date is not over, or the carrier delivered by then.",
            ),
            Some(Need::NotReturnable) => {
                (!lines().any(|line| self.takes_back(line)), "The return policy of this order takes it back.")
            }
            Some(Need::Returnable) => {
                (lines().all(|line| self.takes_back(line)), "The return policy of this order does not take it back.")
            }
            Some(Need::Returned) => {
                (units.iter().all(|unit| self.return_of(unit).is_some()), "Not all of these units came back.")
            }
            Some(Need::NoWayBack) => (
                units.iter().all(|unit| self.lacks_way_back(unit, at)),
                "The seller has named a way back, or still has time to.",
            ),
            Some(Need::ReturnWaived) => {
                (units.iter().all(|unit| self.waived(unit)), "The seller has not named a refund without return.")
            }
            Some(Need::NotShipped) => (
                units.iter().all(|unit| lines().all(|l| l.item != unit.item || !l.shipped.contains(&unit.ordinal))),
                "One of these units has shipped.",
            ),
        };
        let sentence = format!("{sentence} So this reason does not fit: choose another one.");
        if holds { Ok(()) } else { Err(Refusal::state("JDG-2", "fact_missing", sentence)) }
    }

    /// What goes back for each unit; nothing where something else is given.
    fn given(
        &self,
        deciding: &Deciding,
        reason: &Reason,
        units: &[Unit],
        plain: Vec<Units>,
        (known, liable): (&Remedies, Liable),
    ) -> Result<Vec<Units>, Refusal> {
        let priced = units.iter().filter_map(|unit| {
            let line = self.order.line_of(&self.inquiry.seller, unit)?;
            Some((unit.clone(), line.unit_price, known.left(unit, line.unit_price)))
        });
        let priced: Vec<_> = priced.collect();
        if let Some((unit, ..)) = priced.iter().find(|(_, price, left)| left.minor == 0 && price.minor > 0) {
            let Unit { item, ordinal } = unit;
            let sentence = format!("The whole price of unit {ordinal} of item {item} went back before: leave it out.");
            return Err(Refusal::state("JDG-2", "nothing_left", sentence));
        }
        match deciding.kind {
            DecisionKind::RefundFull | DecisionKind::RefundReturnless => {
                Ok(unit::ranges(priced.into_iter().map(|(unit, _, left)| (unit, Some(left)))))
            }
            DecisionKind::RefundPartial => {
                let left = priced.iter().fold(0_i64, |sum, (_, _, left)| sum.saturating_add(left.minor));
                let kept = if reason.needs == Some(Need::Returned) { self.restocking(&priced, liable) } else { left };
                let least = left.saturating_sub(kept).max(1);
                let amount = Money::new(deciding.amount_minor.unwrap_or(0), self.store.currency);
                if !(least..=left).contains(&amount.minor) {
                    let (least, most) = (Money::new(least, amount.currency), Money::new(left, amount.currency));
                    let sentence = format!("From {least} to {most} may go back for these units.");
                    return Err(Refusal::input("RET-3", "amount_out_of_bounds", sentence));
                }
                Ok(known.share(self.order, &plain, amount).unwrap_or(plain))
            }
            DecisionKind::Answer
            | DecisionKind::Replacement
            | DecisionKind::ReturnAuthorised
            | DecisionKind::Cancel
            | DecisionKind::Decline => Ok(plain),
        }
    }

    /// RET-3: the most that may be kept of units that came back, by their condition and the day.
    fn restocking(&self, priced: &[(Unit, Money, Money)], liable: Liable) -> i64 {
        let fee = |(unit, price, _): &(Unit, Money, Money)| {
            let (policy, returned) = (self.policy()?, self.return_of(unit)?);
            let line = self.order.line_of(&self.inquiry.seller, unit)?;
            let late = !self.returnable(line, returned.received_at);
            Some(policy.terms.restocking_fee(*price, returned.condition, late, liable).minor)
        };
        priced.iter().filter_map(fee).fold(0_i64, i64::saturating_add)
    }

    /// RET-4: the return that was decided for a unit, of a seller abroad, and the way that the seller named for it.
    fn way_of(&self, unit: &Unit) -> Option<(&DecisionRecord, Option<ReturnMethod>)> {
        let known = self.remedies?;
        let record = &known.standing(unit)?.record;
        record.return_method_by?;
        Some((record, known.way(&record.id).map(|way| way.method)))
    }

    fn waived(&self, unit: &Unit) -> bool {
        self.way_of(unit).is_some_and(|(_, way)| way == Some(ReturnMethod::RefundWithoutReturn))
    }

    fn lacks_way_back(&self, unit: &Unit, at: Instant) -> bool {
        let Some((record, None)) = self.way_of(unit) else { return false };
        let over = record.return_method_by.is_some_and(|by| at >= by);
        let price = self.order.line_of(&self.inquiry.seller, unit).map(|line| line.unit_price.minor);
        let little = self.abroad(at).zip(price).is_some_and(|(rule, price)| price <= rule.returnless_up_to.minor);
        over || little
    }

    /// RET-4: what the rule decides by itself where a seller abroad waived the return, or named no way in time: what was to
    /// come back is refunded without. Of what costs more than the store says, and above the store's limit (JDG-4), a
    /// person decides.
    #[must_use]
    pub fn without_return(&self, decision: &DecisionId, at: Instant) -> Option<DecisionRecord> {
        let known = self.remedies?;
        let decided = known.decision(decision)?;
        let open: Vec<Unit> = known.open(decision).collect();
        let limit = self.abroad(at)?.returnless_up_to.minor;
        let price =
            |unit: &Unit| self.order.line_of(&self.inquiry.seller, unit).map_or(0, |line| line.unit_price.minor);
        let (reason, units) = if open.first().is_some_and(|unit| self.waived(unit)) {
            ("seller_waives_return", open)
        } else {
            ("no_way_back", open.into_iter().filter(|unit| price(unit) <= limit).collect::<Vec<_>>())
        };
        let value = units.iter().map(price).fold(0_i64, i64::saturating_add);
        if units.is_empty() || value > self.store.judgement_limit.minor {
            return None;
        }
        let deciding = Deciding {
            units,
            liable: Some(decided.record.liable),
            supersedes: vec![decision.clone()],
            ..Deciding::plain(DecisionKind::RefundReturnless, reason)
        };
        let id = DecisionId::derived(&[decision.as_str(), "without_return"]);
        self.decide(&deciding, DecidedBy::Rule { rule: "RET-4".into() }, id, at).ok()
    }

    fn return_of(&self, unit: &Unit) -> Option<&Return> {
        self.remedies?.returns.iter().rev().find(|returned| unit::hold(&returned.units, unit))
    }

    /// The covered lines of the inquiry.
    fn lines(&self) -> impl Iterator<Item = &Line> {
        let ours = |line: &&Line| self.inquiry.items.contains(&line.item) && line.coverage.is_covered();
        self.order.lines_of(&self.inquiry.seller).filter(ours)
    }

    fn policy(&self) -> Option<Pinned<'_>> {
        self.order.policy_of(&self.inquiry.seller, self.store)
    }

    /// Whether a carrier says that a parcel of it has arrived.
    fn arrived(&self, line: &Line) -> bool {
        self.order.deliveries(line).any(|delivered| delivered.is_some())
    }

    /// JDG-3: the promise is over, and not all of it had arrived by then. Without a promise it is over at once.
    fn missed(&self, line: &Line, at: Instant) -> bool {
        let promised = |by: Instant| line.promised_by.is_none_or(|promise| by <= promise);
        let mut deliveries = self.order.deliveries(line).peekable();
        let in_time = deliveries.peek().is_some() && deliveries.all(|delivered| delivered.is_some_and(promised));
        line.promised_by.is_none_or(|promise| at > promise) && !in_time
    }

    /// RET-3: until when it may come back; none where the policy does not take it, or nobody knows that it arrived.
    fn returnable_until(&self, line: &Line) -> Option<Instant> {
        let delivered = self.order.deliveries(line).flatten().max()?;
        self.order.returnable_until(line, delivered, self.store)
    }

    /// RET-3: whether the pinned policy takes such a thing back at all.
    fn takes_back(&self, line: &Line) -> bool {
        self.policy().is_none_or(|policy| policy.terms.days(line.category.as_deref()).is_some())
    }

    /// RET-3: whether it may come back now. The days count from delivery: before it they cannot be over.
    fn returnable(&self, line: &Line, at: Instant) -> bool {
        self.takes_back(line) && (!self.arrived(line) || self.returnable_until(line).is_some_and(|until| at < until))
    }

    /// RET-4: what a seller abroad owes.
    fn abroad(&self, at: Instant) -> Option<&InternationalReturns> {
        self.store.international_returns_at(self.seller_country?, at)
    }

    /// RET-3: whoever is at fault pays for the way back; where nobody is, the policy says who does. RET-4: from abroad it is
    /// the seller's cost.
    fn return_shipping(&self, liable: Liable, abroad: bool) -> Payer {
        match liable {
            _ if abroad => Payer::Seller,
            Liable::Seller | Liable::Store | Liable::Carrier => Payer::Seller,
            Liable::Customer | Liable::Open => self.policy().map_or(Payer::Customer, |p| p.terms.return_shipping),
        }
    }

    fn facts(&self, units: &[Unit], known: &Remedies) -> Facts {
        let lines = || self.lines().filter(|line| units.is_empty() || units.iter().any(|unit| unit.item == line.item));
        let returned = units.iter().filter_map(|unit| self.return_of(unit)).next_back();
        Facts {
            promised_by: lines().filter_map(|line| line.promised_by).max(),
            delivered_at: lines().flat_map(|line| self.order.deliveries(line)).flatten().max(),
            returnable_until: lines().filter_map(|line| self.returnable_until(line)).min(),
            returned_at: returned.map(|returned| returned.received_at),
            condition: returned.map(|returned| returned.condition),
            in_stock: self.inquiry.in_stock,
            request: self.request.map(|request| request.id.clone()),
            seller_replied: self.request.map(|request| request.reply_given().is_some()),
            refunded: self.refunded(units, known),
        }
    }

    /// What was given back for these units before.
    fn refunded(&self, units: &[Unit], known: &Remedies) -> Option<Money> {
        let given = units.iter().filter_map(|unit| {
            let price = self.order.line_of(&self.inquiry.seller, unit)?.unit_price;
            Some(price.minor.saturating_sub(known.left(unit, price).minor))
        });
        let minor = given.fold(0_i64, i64::saturating_add);
        (minor > 0).then(|| Money::new(minor, self.store.currency))
    }

    fn total(&self, given: &[Units]) -> Money {
        let of = |range: &Units| {
            let count = i64::from(range.last).saturating_sub(i64::from(range.first)).saturating_add(1);
            range.each.map_or(0, |each| each.minor.saturating_mul(count))
        };
        Money::new(given.iter().map(of).fold(0_i64, i64::saturating_add), self.store.currency)
    }
}

fn items_of(units: &[Unit]) -> Vec<ItemId> {
    let mut items: Vec<ItemId> = units.iter().map(|unit| unit.item.clone()).collect();
    items.dedup();
    items
}

#[cfg(test)]
mod tests;
