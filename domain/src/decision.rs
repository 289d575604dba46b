//! What the service decided (JDG): a record that the seller sees, with the liability and the way back. It holds no
//! word of the customer.

use crate::{
    at::Instant,
    id::{AssociateId, DecisionId, InquiryId, ItemId, OrderId, RequestId},
    money::Money,
    order::Order,
    quarter::days_later,
    store::Store,
    topic::{AfterSilence, Liable, Topic},
};
use serde::{Deserialize, Serialize};

/// What is done for the customer (JDG-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// An answer, no money and no goods.
    Answer,
    /// The whole price back, the goods return.
    RefundFull,
    /// A part of the price back.
    RefundPartial,
    /// The whole price back, the goods stay.
    RefundReturnless,
    /// New goods.
    Replacement,
    /// The goods may return.
    ReturnAuthorised,
    /// The order is cancelled.
    Cancel,
    /// Nothing is done.
    Decline,
}

impl DecisionKind {
    /// Whether money goes back.
    #[must_use]
    pub const fn refunds(self) -> bool {
        matches!(self, Self::RefundFull | Self::RefundPartial | Self::RefundReturnless)
    }

    /// Whether the customer is given something for the units, so that nobody gives it a second time.
    #[must_use]
    pub const fn remedies(self) -> bool {
        !matches!(self, Self::Answer | Self::Decline)
    }
}

/// Who decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum DecidedBy {
    /// A person of the service.
    Associate {
        /// Who.
        associate: AssociateId,
    },
    /// The topic's judgement rule, after the seller kept silent for 24 hours (REQ-4).
    JudgementAfterSilence,
}

/// How the seller can get its money back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way_back", rename_all = "snake_case")]
pub enum WayBack {
    /// By a claim, until this instant.
    Claim {
        /// The first instant that is too late.
        until: Instant,
    },
    /// There is nothing to get back.
    None,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Which.
    pub id: DecisionId,
    /// In which matter.
    pub inquiry: InquiryId,
    /// About which order.
    pub order: OrderId,
    /// About which items.
    pub items: Vec<ItemId>,
    /// What.
    pub kind: DecisionKind,
    /// By whom.
    pub decided_by: DecidedBy,
    /// When.
    pub decided_at: Instant,
    /// On what ground, for the seller to read.
    pub basis: String,
    /// The return policy it rests on.
    pub policy: String,
    /// Money that goes to the customer.
    pub amount: Option<Money>,
    /// Who bears it.
    pub liable: Liable,
    /// The seller's way back.
    pub way_back: WayBack,
}

/// RET-1: the policy that every decision rests on where the seller has no better one.
pub const STANDARD_POLICY: &str = "standard";

impl WayBack {
    /// The way back that this kind of decision leaves open from now on.
    #[must_use]
    pub fn of(kind: DecisionKind, liable: Liable, decided_at: Instant, store: &Store) -> Self {
        let borne_by_seller = kind.refunds() && liable == Liable::Seller;
        match store.claim_days_at(decided_at).filter(|_| borne_by_seller) {
            Some(days) => Self::Claim { until: days_later(store.zone, decided_at, days) },
            None => Self::None,
        }
    }
}

/// REQ-4, JDG-4: what the topic's rule decides by itself once the seller has kept silent. `None`: a person decides,
/// because the rule says so, because the value is above the store's limit, or because the money would go back for a
/// parcel that is still within its promise.
#[must_use]
pub fn after_silence(
    inquiry: &InquiryId,
    request: &RequestId,
    order: &Order,
    items: &[ItemId],
    topic: &Topic,
    store: &Store,
    at: Instant,
) -> Option<DecisionRecord> {
    let value = order.price_of(items, store.currency).ok()?;
    let kind = match topic.after_silence {
        AfterSilence::Refund if still_promised(order, items, at) => return None,
        AfterSilence::Refund => DecisionKind::RefundFull,
        AfterSilence::Replacement => DecisionKind::Replacement,
        AfterSilence::AuthoriseReturn => DecisionKind::ReturnAuthorised,
        AfterSilence::Person => return None,
    };
    (value.minor <= store.judgement_limit.minor).then(|| DecisionRecord {
        id: DecisionId::derived(&[request.as_str(), "after_silence"]),
        inquiry: inquiry.clone(),
        order: order.id.clone(),
        items: items.to_vec(),
        kind,
        decided_by: DecidedBy::JudgementAfterSilence,
        decided_at: at,
        basis: format!("The seller did not reply within 24 hours; rule for topic {}.", topic.code),
        policy: STANDARD_POLICY.to_owned(),
        amount: kind.refunds().then_some(value),
        liable: topic.liable,
        way_back: WayBack::of(kind, topic.liable, at, store),
    })
}

fn still_promised(order: &Order, items: &[ItemId], at: Instant) -> bool {
    let mut named = order.lines.iter().filter(|line| items.contains(&line.item));
    named.any(|line| line.promised_by.is_some_and(|promised| at <= promised))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        order::Line,
        testing::{COVERED, MILLI, id, line, monday, order, store, topic, utc},
    };

    /// An order of one item at this price in cents.
    fn priced(minor: i64) -> Order {
        let us = store("US");
        order(vec![Line { unit_price: Money::new(minor, us.currency), ..line("i", COVERED) }])
    }

    fn judged(code: &str, order: &Order) -> Option<DecisionRecord> {
        after_silence(&id("inquiry"), &id("request"), order, &[id("i")], topic(code), store("US"), monday())
    }

    #[test]
    fn jdg_2_after_silence_up_to_the_limit_the_rule_decides_and_above_it_a_person() {
        for (minor, decides) in [(0, true), (9_999, true), (10_000, true), (10_001, false)] {
            let record = judged("late_delivery", &priced(minor));
            assert_eq!(record.is_some(), decides, "{minor}");
            let amount = decides.then(|| Money::new(minor, store("US").currency));
            assert_eq!(record.and_then(|record| record.amount), amount, "{minor}");
        }
        let two = order(vec![Line { quantity: 2, ..priced(5_001).lines[0].clone() }]);
        assert_eq!(judged("late_delivery", &two), None, "all units together");
    }

    #[test]
    fn jdg_4_the_topic_says_what_silence_comes_to() {
        for (code, kind) in [
            ("late_delivery", Some(DecisionKind::RefundFull)),
            ("damaged_item", Some(DecisionKind::Replacement)),
            ("return_request", Some(DecisionKind::ReturnAuthorised)),
            ("safety", None),
        ] {
            let record = judged(code, &priced(1_000));
            assert_eq!(record.as_ref().map(|record| record.kind), kind, "{code}");
            assert_eq!(record.is_some_and(|record| record.amount.is_some()), kind == Some(DecisionKind::RefundFull));
        }
    }

    #[test]
    fn jdg_4_no_money_goes_back_by_itself_for_a_parcel_that_is_still_promised() {
        let promised = |at| {
            let order = order(vec![Line { promised_by: Some(at), ..line("i", COVERED) }, line("j", COVERED)]);
            judged("late_delivery", &order).is_some()
        };
        assert!(promised(monday() - MILLI));
        assert!(!promised(monday()) && !promised(monday() + MILLI));
        let other = order(vec![
            line("i", COVERED),
            Line { promised_by: Some(utc("2099-01-01T00:00:00Z")), ..line("j", COVERED) },
        ]);
        assert!(judged("late_delivery", &other).is_some(), "another item's promise says nothing");
    }

    #[test]
    fn jdg_2_a_decision_after_silence_says_who_why_and_who_bears_it() {
        let record = judged("late_delivery", &priced(1_000)).unwrap();
        assert_eq!((record.decided_by, record.decided_at), (DecidedBy::JudgementAfterSilence, monday()));
        assert_eq!((record.liable, record.policy.as_str()), (Liable::Seller, STANDARD_POLICY));
        assert_eq!(record.basis, "The seller did not reply within 24 hours; rule for topic late_delivery.");
        assert_eq!(record.way_back, WayBack::Claim { until: utc("2017-08-04T12:00:00Z") });
        assert_eq!(judged("late_delivery", &priced(1_000)).unwrap().id, record.id, "the same cause, the same id");
        assert_eq!(judged("lost_in_transit", &priced(1_000)).unwrap().way_back, WayBack::None, "the carrier bears it");
    }

    #[test]
    fn jdg_2_the_way_back_is_a_claim_where_the_seller_bears_a_refund_and_nothing_else() {
        use DecisionKind::{
            Answer, Cancel, Decline, RefundFull, RefundPartial, RefundReturnless, Replacement, ReturnAuthorised,
        };
        let kinds = [
            (RefundFull, true),
            (RefundPartial, true),
            (RefundReturnless, true),
            (Answer, false),
            (Replacement, false),
            (ReturnAuthorised, false),
            (Cancel, false),
            (Decline, false),
        ];
        for (kind, refunds) in kinds {
            assert_eq!(kind.refunds(), refunds, "{kind:?}");
            for liable in [Liable::Seller, Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open] {
                let claim = WayBack::of(kind, liable, monday(), store("US")) != WayBack::None;
                assert_eq!(claim, refunds && liable == Liable::Seller, "{kind:?} {liable:?}");
            }
        }
    }

    #[test]
    fn clm_2_the_time_to_claim_is_that_of_the_day_of_the_refund() {
        let until = |decided_at| WayBack::of(DecisionKind::RefundFull, Liable::Seller, decided_at, store("US"));
        let change = utc("2026-02-16T08:00:00Z");
        let claim = |until: &str| WayBack::Claim { until: utc(until) };
        assert_eq!(until(change - MILLI), claim("2026-04-17T06:59:59.999Z"), "60 days, an hour of them skipped");
        assert_eq!(until(change), claim("2026-03-18T07:00:00Z"));
        assert_eq!(until(utc("2014-01-01T00:00:00Z")), WayBack::None, "before the first window");
    }
}
