//! What the service pays back to a seller: an entry of the ledger, which lowers the total of the statement on which it
//! stands. It comes of a claim (CLM-3), or without one (CLM-4); each cause gives it once.

use crate::{
    at::Instant,
    claim::terms::WithoutClaim,
    decision::DecisionRecord,
    id::{ClaimId, DecisionId, OrderId, SellerId},
    ledger::Entry,
    money::Money,
    order::Order,
    remedy::Refund,
    store::Store,
    topic::{Family, Liable},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The reason of a decision out of goodwill, as `data/reasons.toml` has it.
const GOODWILL: &str = "goodwill";

/// Why something is paid back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum For {
    /// A claim was granted.
    Claim {
        /// Which.
        claim: ClaimId,
    },
    /// More was granted on its appeal.
    Appeal {
        /// Of which claim.
        claim: ClaimId,
    },
    /// CLM-4: a refund out of goodwill.
    Goodwill {
        /// By which decision.
        decision: DecisionId,
    },
    /// CLM-4: a refund for the delivery of a protected label.
    ProtectedLabel {
        /// By which decision.
        decision: DecisionId,
    },
}

impl fmt::Display for For {
    /// The cause by its name, under which it is paid back once: a decision is paid back on one ground.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim { claim } => write!(f, "CLAIM#{claim}"),
            Self::Appeal { claim } => write!(f, "APPEAL#{claim}"),
            Self::Goodwill { decision } | Self::ProtectedLabel { decision } => write!(f, "DECISION#{decision}"),
        }
    }
}

/// Money that a seller gets back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReimbursementEntry {
    /// Why.
    #[serde(flatten)]
    pub why: For,
    /// Of which order.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
    /// When; it stands on the statement of that quarter.
    pub granted_at: Instant,
}

/// CLM-4: why a refund by this decision about this issue, issued at this instant, is paid back without a claim. None where
/// it is not, and where the seller does not bear it: then there is nothing to pay back.
#[must_use]
pub fn without_claim(
    (record, issue): (&DecisionRecord, Family),
    issued_at: Instant,
    order: &Order,
    seller: &SellerId,
    store: &Store,
) -> Option<WithoutClaim> {
    let goodwill = record.reason.as_deref() == Some(GOODWILL);
    let delivery = issue == Family::Delivery && order.is_protected(seller, &record.items);
    let of_kind = [(goodwill, WithoutClaim::Goodwill), (delivery, WithoutClaim::ProtectedLabel)];
    let mut of_kind = of_kind.into_iter().filter(|(holds, _)| *holds && record.liable == Liable::Seller);
    of_kind.find(|(_, kind)| store.is_paid_back(*kind, issued_at)).map(|(_, kind)| kind)
}

/// The entry of a refund that is paid back without a claim; none of one that is not.
#[must_use]
pub fn of_refund(refund: &Refund, order: &OrderId) -> Option<Entry> {
    let decision = refund.decision.clone();
    let why = match refund.paid_back? {
        WithoutClaim::Goodwill => For::Goodwill { decision },
        WithoutClaim::ProtectedLabel => For::ProtectedLabel { decision },
    };
    let (order, amount, granted_at) = (order.clone(), refund.amount, refund.issued_at);
    Some(Entry::Reimbursement(ReimbursementEntry { why, order, amount, granted_at }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        claim::terms::WithoutClaim::{Goodwill, ProtectedLabel},
        decision::{DecidedBy, DecisionKind, WayBack},
        judgement::Deciding,
        ledger::Booking,
        order::Shipment,
        remedy::Decided,
        testing::{COVERED, MILLI, answered, id, line, matter, opened, order, store, utc},
    };
    use iso_currency::Currency;

    const FROM: &str = "2026-05-22T07:00:00Z";

    /// A refund of item `i` that the seller bears, on this issue and for this reason.
    fn decided(issue: Family, reason: &str) -> Decided {
        let answered = answered(&opened("late_delivery"), utc(FROM));
        let record = DecisionRecord { reason: Some(reason.into()), liable: Liable::Seller, ..answered };
        Decided { issue, record }
    }

    /// An order whose item `i` left in a parcel for each label, protected or not; item `j` left without protection.
    fn labelled(labels: &[bool]) -> Order {
        let ordered = order(vec![crate::order::Line { quantity: 9, ..line("i", COVERED) }, line("j", COVERED)]);
        let parcels = labels.iter().map(|protected| ("i", *protected)).chain([("j", false)]);
        parcels.enumerate().fold(ordered, |order, (n, (item, protected_label))| {
            let ordinal = if item == "j" { 1 } else { u16::try_from(n).unwrap() + 1 };
            let shipment = Shipment {
                id: id(&format!("p{n}")),
                seller: id("s"),
                shipped_at: utc(FROM),
                units: vec![(id(item), ordinal)],
                replacement: false,
                protected_label,
            };
            let booking = Booking { statement: "2026Q2".parse().unwrap(), measured_next: false };
            order.ship(shipment, booking).unwrap().unwrap().order
        })
    }

    fn why(decided: &Decided, at: Instant, order: &Order) -> Option<WithoutClaim> {
        without_claim((&decided.record, decided.issue), at, order, &id("s"), store("US"))
    }

    #[test]
    fn clm_4_goodwill_is_paid_back_from_its_day_on_and_nothing_else_without_a_protected_label() {
        let (from, order) = (utc(FROM), labelled(&[false]));
        let goodwill = decided(Family::Product, "goodwill");
        for (at, paid_back) in [(from - MILLI, None), (from, Some(Goodwill)), (from + MILLI, Some(Goodwill))] {
            assert_eq!(why(&goodwill, at, &order), paid_back, "{at}");
        }
        assert_eq!(why(&decided(Family::Product, "damaged"), from, &order), None);
        assert_eq!(why(&decided(Family::Delivery, "not_received"), from, &order), None);
    }

    #[test]
    fn clm_4_a_refund_for_the_delivery_is_paid_back_where_each_parcel_that_may_hold_it_is_protected() {
        let (from, refund) = (utc(FROM), decided(Family::Delivery, "not_received"));
        for (labels, paid_back) in [
            (&[][..], None),
            (&[true], Some(ProtectedLabel)),
            (&[true, true], Some(ProtectedLabel)),
            (&[true, false], None),
        ] {
            assert_eq!(why(&refund, from, &labelled(labels)), paid_back, "{labels:?}");
        }
        assert_eq!(why(&refund, from - MILLI, &labelled(&[true])), None);
        assert_eq!(why(&decided(Family::Return, "damaged"), from, &labelled(&[true])), None, "not the delivery");
        assert_eq!(why(&decided(Family::Delivery, "goodwill"), from, &labelled(&[true])), Some(Goodwill));
    }

    #[test]
    fn clm_4_what_the_seller_does_not_bear_is_not_paid_back() {
        for liable in [Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open] {
            let mut goodwill = decided(Family::Delivery, "goodwill");
            goodwill.record.liable = liable;
            assert_eq!(why(&goodwill, utc(FROM), &labelled(&[true])), None, "{liable:?}");
        }
    }

    #[test]
    fn clm_4_what_will_be_paid_back_without_a_claim_is_said_with_the_decision() {
        let (inquiry, order, from) = (opened("quality"), labelled(&[false]), utc(FROM));
        let matter = matter(&inquiry, &order);
        let way_back = |kind, reason, liable, at| {
            let deciding = Deciding { liable: Some(liable), ..Deciding::plain(kind, reason) };
            matter.decide(&deciding, DecidedBy::JudgementAfterSilence, id("d"), at).unwrap().way_back
        };
        let refund = |reason, liable, at| way_back(DecisionKind::RefundFull, reason, liable, at);
        assert_eq!(refund("goodwill", Liable::Seller, from), WayBack::Automatic { on: from });
        for claim in [refund("goodwill", Liable::Seller, from - MILLI), refund("damaged", Liable::Seller, from)] {
            assert!(matches!(claim, WayBack::Claim { .. }), "{claim:?}");
        }
        assert_eq!(refund("goodwill", Liable::Store, from), WayBack::None);
        let goods = way_back(DecisionKind::Replacement, "goodwill", Liable::Seller, from);
        assert_eq!(goods, WayBack::None, "there is no money to pay back");
    }

    #[test]
    fn clm_4_what_is_paid_back_is_the_refund_once_for_its_decision() {
        let (amount, issued_at) = (Money::new(5_000, Currency::USD), utc(FROM));
        let refund = |paid_back| Refund { decision: id("d"), amount, issued_at, units: Vec::new(), paid_back };
        assert_eq!(of_refund(&refund(None), &id("o")), None);
        for kind in [Goodwill, ProtectedLabel] {
            let entry = of_refund(&refund(Some(kind)), &id("o")).unwrap();
            let Entry::Reimbursement(ReimbursementEntry { why, order, amount: back, granted_at }) = entry else {
                panic!("{entry:?}")
            };
            assert_eq!((why.to_string(), order, back, granted_at), ("DECISION#d".into(), id("o"), amount, issued_at));
        }
    }
}
