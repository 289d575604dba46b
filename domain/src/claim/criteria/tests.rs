use super::*;
use crate::{
    contest::ContestKind,
    decision::DecisionRecord,
    remedy,
    returns::Condition,
    testing::{COVERED, MILLI, answered, id, line, opened, order, store, utc},
    topic::Family,
};

/// A refund of 80 dollars on 1 June 2026 that the seller bears: 30 days from the later of return and refund.
fn refund() -> Refund {
    let amount = Money::new(8_000, store("US").currency);
    let issued_at = utc("2026-06-01T17:00:00Z");
    Refund { decision: id("d1"), inquiry: None, amount, issued_at, liable: Liable::Seller, paid_back: None }
}

fn of<T>(refunds: Vec<Refund>, asked: impl FnOnce(&Recourse<'_>) -> T) -> T {
    let (seller, order) = (id("s"), id("o"));
    asked(&Recourse { seller: &seller, order: &order, refunds, returned_at: None, contest: None, claim: None })
}

fn failed(recourse: &Recourse<'_>, now: Instant) -> Vec<Criterion> {
    let eligibility = recourse.eligibility(store("US"), now);
    let failed = eligibility.findings.iter().filter(|finding| !finding.met).map(|finding| finding.criterion);
    failed.collect()
}

fn soon() -> Instant {
    utc("2026-06-02T00:00:00Z")
}

#[test]
fn clm_3_what_meets_every_criterion_is_eligible_and_each_is_named_with_its_fact() {
    let eligibility = of(vec![refund()], |recourse| recourse.eligibility(store("US"), soon()));
    assert!(eligibility.is_eligible());
    let facts: Vec<_> = eligibility.findings.iter().map(|f| (f.criterion.as_str(), f.met, f.fact.as_str())).collect();
    assert_eq!(
        facts,
        [
            ("refund_by_service", true, "A refund was issued by a decision of the service."),
            ("borne_by_seller", true, "The seller bears what was refunded."),
            ("not_paid_back", true, "It was not paid back without a claim."),
            ("in_time", true, "A claim can be filed until 2026-07-01T17:00:00+00:00."),
            ("one_claim", true, "There was no claim about this order."),
            ("not_contested", true, "There is no A-to-z claim and no chargeback on this order."),
        ]
    );
    assert_eq!(eligibility.claimable, [refund()]);
    assert_eq!((eligibility.most.minor, eligibility.most_if_damaged.minor), (8_000, 4_000));
}

#[test]
fn clm_2_only_a_refund_of_the_service_that_the_seller_bears_and_that_was_not_paid_back_can_be_claimed() {
    assert_eq!(of(Vec::new(), |recourse| failed(recourse, soon())), [Criterion::RefundByService]);
    for liable in [Liable::Store, Liable::Carrier, Liable::Customer, Liable::Open] {
        let refunds = vec![Refund { liable, ..refund() }];
        assert_eq!(of(refunds, |recourse| failed(recourse, soon())), [Criterion::BorneBySeller], "{liable:?}");
    }
    for paid_back in [WithoutClaim::Goodwill, WithoutClaim::ProtectedLabel] {
        let refunds = vec![Refund { paid_back: Some(paid_back), ..refund() }];
        assert_eq!(of(refunds, |recourse| failed(recourse, soon())), [Criterion::NotPaidBack], "{paid_back:?}");
    }
}

#[test]
fn clm_2_of_several_refunds_those_that_meet_the_criteria_are_claimed() {
    let late = Refund { decision: id("d2"), issued_at: utc("2026-06-20T17:00:00Z"), ..refund() };
    let theirs = Refund { decision: id("d3"), liable: Liable::Carrier, ..refund() };
    let refunds = vec![refund(), late.clone(), theirs];
    of(refunds, |recourse| {
        let first = recourse.eligibility(store("US"), soon());
        assert_eq!((first.claimable.len(), first.most.minor), (2, 16_000));
        assert_eq!(first.until, Some(utc("2026-07-20T17:00:00Z")), "the last of them");
        let later = recourse.eligibility(store("US"), utc("2026-07-01T17:00:00Z"));
        assert_eq!((later.claimable, later.most.minor), (vec![late], 8_000));
    });
}

#[test]
fn clm_2_the_instant_before_on_and_after_the_end_of_30_days_from_the_refund() {
    let until = utc("2026-07-01T17:00:00Z");
    of(vec![refund()], |recourse| {
        assert_eq!(failed(recourse, until - MILLI), []);
        assert_eq!(failed(recourse, until), [Criterion::InTime]);
        assert!(!recourse.eligibility(store("US"), until).is_eligible(), "one that is not met is enough");
        assert_eq!(failed(recourse, until + MILLI), [Criterion::InTime]);
        let eligibility = recourse.eligibility(store("US"), until);
        assert_eq!(eligibility.until, Some(until), "the deadline that was missed is shown");
        assert_eq!((eligibility.claimable.len(), eligibility.most.minor), (0, 0));
    });
}

#[test]
fn clm_2_from_16_february_2026_the_days_count_from_the_return_where_it_came_later() {
    let change = utc("2026-02-16T08:00:00Z");
    for (issued_at, returned_at, until) in [
        (change - MILLI, None, "2026-04-17T06:59:59.999Z"),
        (change - MILLI, Some("2026-03-01T08:00:00Z"), "2026-04-17T06:59:59.999Z"),
        (change, None, "2026-03-18T07:00:00Z"),
        (change, Some("2026-03-01T08:00:00Z"), "2026-03-31T07:00:00Z"),
        (change, Some("2026-02-01T08:00:00Z"), "2026-03-18T07:00:00Z"),
    ] {
        let refund = Refund { issued_at, ..refund() };
        of(vec![refund.clone()], |recourse| {
            let recourse = Recourse { returned_at: returned_at.map(utc), ..recourse.clone() };
            assert_eq!(recourse.until(&refund, store("US")), Some(utc(until)), "{issued_at} {returned_at:?}");
        });
    }
}

#[test]
fn clm_2_a_refund_from_before_the_first_window_cannot_be_claimed() {
    let old = Refund { issued_at: utc("2015-01-01T07:59:59Z"), ..refund() };
    of(vec![old], |recourse| {
        let eligibility = recourse.eligibility(store("US"), soon());
        let in_time = eligibility.findings.iter().find(|finding| finding.criterion == Criterion::InTime).unwrap();
        assert_eq!((in_time.met, in_time.fact.as_str()), (false, "There was no claim for refunds of that time."));
        assert_eq!(eligibility.until, None);
    });
}

#[test]
fn clm_2_a_contested_order_cannot_be_claimed_and_what_fails_besides_is_named_too() {
    for (kind, said) in [(ContestKind::AToZ, "An A-to-z claim"), (ContestKind::Chargeback, "A chargeback")] {
        let contest = Contest { seller: id("s"), kind, opened_at: soon() };
        let refunds = vec![Refund { liable: Liable::Store, ..refund() }];
        of(refunds, |recourse| {
            let recourse = Recourse { contest: Some(&contest), ..recourse.clone() };
            assert_eq!(failed(&recourse, soon()), [Criterion::BorneBySeller, Criterion::NotContested]);
            let fact = recourse.eligibility(store("US"), soon()).findings.pop().unwrap().fact;
            assert_eq!(fact, format!("{said} was opened on this order at 2026-06-02T00:00:00+00:00."));
        });
    }
}

#[test]
fn clm_2_the_cap_is_5000_dollars_and_half_where_the_customer_damaged_it() {
    let us = store("US");
    let at = soon();
    for (refunded, whole, half) in [
        (0, 0, 0),
        (1, 1, 0),
        (3, 3, 1),
        (499_999, 499_999, 249_999),
        (500_000, 500_000, 250_000),
        (500_001, 500_000, 250_000),
        (999_999, 500_000, 499_999),
        (1_000_000, 500_000, 500_000),
        (1_000_002, 500_000, 500_000),
    ] {
        let refunds = [Refund { amount: Money::new(refunded, us.currency), ..refund() }];
        assert_eq!(most(&refunds, false, us, at).minor, whole, "{refunded}");
        assert_eq!(most(&refunds, true, us, at).minor, half, "{refunded}");
    }
    let much = [Refund { amount: Money::new(i64::MAX, us.currency), ..refund() }, refund()];
    assert_eq!(most(&much, false, us, at).minor, 500_000);
    assert_eq!(most(&much, false, us, utc("2015-01-01T07:59:59Z")).minor, 0, "before the first terms");
}

#[test]
fn a_criterion_has_the_name_of_its_json() {
    for criterion in Criterion::ALL {
        assert_eq!(serde_json::to_value(criterion).unwrap(), criterion.as_str());
    }
}

#[test]
fn clm_2_what_is_known_of_the_order_is_gathered_for_its_seller_alone() {
    let issued_at = refund().issued_at;
    let record = DecisionRecord { id: id("d1"), liable: Liable::Seller, ..answered(&opened("quality"), issued_at) };
    let inquiry = Some(record.inquiry.clone());
    let issued = |decision: &str| remedy::Refund {
        decision: id(decision),
        amount: refund().amount,
        issued_at,
        units: Vec::new(),
        paid_back: None,
    };
    let back = |days| remedy::Return {
        units: Vec::new(),
        received_at: issued_at + chrono::TimeDelta::days(days),
        condition: Condition::Used,
    };
    let remedies = Remedies {
        decided: vec![remedy::Decided { issue: Family::Product, record }],
        refunds: vec![issued("d1"), issued("unknown")],
        returns: vec![back(5), back(3)],
        ..Remedies::none(id("US"), id("s"), id("o"))
    };
    let mut order = order(vec![line("i", COVERED)]);
    order.contests = vec![Contest { seller: id("other"), kind: ContestKind::AToZ, opened_at: issued_at }];
    let seller = id("s");
    let recourse = Recourse::of(&seller, &order, Some(&remedies), None);
    assert_eq!(recourse.refunds, [Refund { inquiry, ..refund() }], "a refund without a decision of ours is none");
    assert_eq!(recourse.returned_at, Some(issued_at + chrono::TimeDelta::days(5)), "the last return");
    assert_eq!((recourse.contest, recourse.claim), (None, None));
    let nothing = Recourse::of(&seller, &order, None, None);
    assert_eq!((nothing.refunds.len(), nothing.returned_at), (0, None));
}
