use super::*;
use crate::{
    coverage::Uncovered,
    decision::DecidedBy,
    inquiry::Inquiry,
    judgement::{Deciding, Matter},
    order::Line,
    testing::{COVERED, MILLI, answered, id, line, matter, monday, opened, order, store, uncovered},
};
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, store("US").currency)
}

/// Three covered units at 10.00, and one that is not.
fn mixed() -> Order {
    let theirs = line("j", uncovered(Uncovered::BeforeEnrollment));
    order(vec![Line { quantity: 3, ..line("i", COVERED) }, theirs])
}

fn unit(item: &str, ordinal: u16) -> Unit {
    Unit { item: id(item), ordinal }
}

fn after(before: Option<&Remedies>, outcome: &Outcome<RemedyEvent>) -> Option<Remedies> {
    outcome.events.iter().fold(before.cloned(), Remedies::apply)
}

fn decided(before: Option<&Remedies>, deciding: &Deciding) -> Result<Remedies, Refusal> {
    let (inquiry, order) = (Inquiry { items: vec![id("i")], ..opened("damaged_item") }, mixed());
    let matter = Matter { remedies: before, ..matter(&inquiry, &order) };
    let by = DecidedBy::Associate { associate: Some(id("mei")) };
    let name = format!("d{}", before.map_or(0, |known| known.decided.len()));
    let record = matter.decide(deciding, by, id(&name), monday())?;
    let outcome = Remedies::decide(before, (&id("US"), &id("s")), inquiry.issue, &record);
    Ok(after(before, &outcome).unwrap())
}

fn refund(known: Option<&Remedies>, decision: &str, minor: i64) -> Result<Outcome<RemedyEvent>, &'static str> {
    let issued = Remedies::refund_issued(known, &id(decision), usd(minor), monday(), &mixed(), store("US"));
    issued.map_err(|refusal| refusal.code)
}

#[test]
fn ret_5_a_refund_is_paid_out_once_by_its_decision_and_not_above_it() {
    assert_eq!(refund(None, "d0", 1).unwrap_err(), "unknown_decision");
    let known = decided(None, &Deciding::plain(DecisionKind::RefundFull, "damaged")).unwrap();
    assert_eq!(refund(Some(&known), "d1", 1).unwrap_err(), "unknown_decision");
    assert_eq!(refund(Some(&known), "d0", 3_001).unwrap_err(), "refund_above_decision");
    let paid = after(Some(&known), &refund(Some(&known), "d0", 3_000).unwrap()).unwrap();
    assert_eq!(paid.refunds[0].amount, usd(3_000));
    assert_eq!(paid.left(&unit("i", 1), usd(1_000)), usd(0), "what was decided and paid counts once");
    assert!(refund(Some(&paid), "d0", 3_000).unwrap().is_unchanged());
    let new = decided(None, &Deciding::plain(DecisionKind::Replacement, "damaged")).unwrap();
    assert_eq!(refund(Some(&new), "d0", 1).unwrap_err(), "refund_above_decision", "goods and no money");
}

#[test]
fn ret_5_a_refund_on_an_authorised_return_is_shared_by_its_units_and_counts() {
    let units = vec![unit("i", 1), unit("i", 2)];
    let two = Deciding { units, ..Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind") };
    let known = decided(None, &two).unwrap();
    assert_eq!(refund(Some(&known), "d0", 2_001).unwrap_err(), "refund_above_decision", "two units at 10.00");
    let paid = after(Some(&known), &refund(Some(&known), "d0", 1_501).unwrap()).unwrap();
    let left = [1, 2, 3].map(|n| paid.left(&unit("i", n), usd(1_000)).minor);
    assert_eq!(left, [249, 250, 1_000]);
}

#[test]
fn ret_5_of_what_comes_back_only_covered_units_of_this_seller_are_kept() {
    let returned = |units: &[Unit]| {
        let outcome =
            Remedies::return_received(None, &mixed(), &id("s"), units, (monday(), Condition::Used), store("US"));
        outcome.map(|outcome| after(None, &outcome).map(|known| known.returns)).map_err(|refusal| refusal.code)
    };
    let kept = returned(&[unit("j", 1), unit("i", 3), unit("i", 2), unit("i", 2)]).unwrap().unwrap();
    let expected = Return {
        units: vec![Units { item: id("i"), first: 2, last: 3, each: None }],
        received_at: monday(),
        condition: Condition::Used,
    };
    assert_eq!(kept, [expected]);
    assert_eq!(returned(&[unit("j", 1)]), Ok(None), "COV-3: nothing of ours");
    for (item, ordinal) in [("i", 0), ("i", 4), ("k", 1)] {
        assert_eq!(returned(&[unit("i", 1), unit(item, ordinal)]).unwrap_err(), "unknown_unit");
    }
    let stranger =
        Remedies::return_received(None, &mixed(), &id("t"), &[unit("i", 1)], (monday(), Condition::Used), store("US"));
    assert_eq!(stranger.unwrap_err().code, "unknown_unit");
}

#[test]
fn jdg_2_the_decision_that_holds_for_a_unit_is_the_last_that_gave_something() {
    let one = Deciding { units: vec![unit("i", 1)], ..Deciding::plain(DecisionKind::Replacement, "damaged") };
    let known = decided(None, &one).unwrap();
    let instead = Deciding { supersedes: vec![id("d0")], ..Deciding::plain(DecisionKind::RefundFull, "damaged") };
    let known = decided(Some(&known), &instead).unwrap();
    for ordinal in 1..=3 {
        assert_eq!(known.standing(&unit("i", ordinal)).map(|decided| decided.record.id.as_str()), Some("d1"));
    }
    assert_eq!(known.standing(&unit("j", 1)), None);
    assert!(known.decision(&id("d0")).is_some(), "what it took the place of is kept");
}

#[test]
fn what_happened_to_the_remedies_is_read_back_as_it_was_written() {
    let record = DecisionRecord { kind: DecisionKind::Replacement, ..answered(&opened("quality"), monday()) };
    let units = vec![Units { item: id("i"), first: 1, last: 2, each: Some(usd(5)) }];
    for event in [
        RemedyEvent::Begun { store: id("US"), seller: id("s"), order: id("o") },
        RemedyEvent::Decided(Box::new(Decided { issue: Family::Product, record })),
        RemedyEvent::Refunded(Refund {
            decision: id("d"),
            amount: usd(10),
            issued_at: monday(),
            units: units.clone(),
            paid_back: Some(WithoutClaim::Goodwill),
        }),
        RemedyEvent::Returned(Return { units, received_at: monday(), condition: Condition::Original }),
        RemedyEvent::WayNamed(Way {
            decision: id("d"),
            method: ReturnMethod::LocalAddress,
            place: Some("1 Main St".into()),
            at: monday(),
        }),
    ] {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<RemedyEvent>(&text).unwrap(), event, "{text}");
    }
}

#[test]
fn ret_5_what_came_back_is_looked_at_when_its_refund_is_due() {
    let how = (monday(), Condition::Original);
    let outcome = Remedies::return_received(None, &mixed(), &id("s"), &[unit("i", 1)], how, store("US")).unwrap();
    let [FollowUp::Alarm { at, alarm: Alarm::RefundDue { received_at, .. } }] = &outcome.follow_ups[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(*received_at, monday());
    assert_eq!(*at, after_skew(store("US").refund_due(monday()).unwrap()));
}

fn after_skew(at: Instant) -> Instant {
    at + SKEW_MARGIN
}

#[test]
fn ret_5_money_is_owed_for_what_came_back_until_it_is_paid_out_and_not_where_it_is_replaced() {
    let back = |known: Option<&Remedies>| {
        let how = (monday(), Condition::Original);
        let units = [unit("i", 1), unit("i", 2)];
        after(known, &Remedies::return_received(known, &mixed(), &id("s"), &units, how, store("US")).unwrap()).unwrap()
    };
    let owed = |known: &Remedies, at| known.unpaid(at).into_iter().map(|d| d.record.id.to_string()).collect::<Vec<_>>();
    assert_eq!(owed(&back(None), monday()), [""; 0], "nobody has decided");
    for (kind, reason, owes) in [
        (DecisionKind::RefundFull, "damaged", true),
        (DecisionKind::ReturnAuthorised, "changed_mind", true),
        (DecisionKind::Replacement, "damaged", false),
    ] {
        let known = back(Some(&decided(None, &Deciding::plain(kind, reason)).unwrap()));
        assert_eq!(owed(&known, monday()), if owes { vec!["d0"] } else { vec![] }, "{kind:?}");
        assert_eq!(owed(&known, monday() + MILLI), [""; 0], "nothing came then");
        if let Ok(paid) = refund(Some(&known), "d0", 1_000) {
            assert_eq!(owed(&after(Some(&known), &paid).unwrap(), monday()), [""; 0]);
        }
    }
}

#[test]
fn ret_5_what_another_decision_refunded_counts_for_a_unit_from_when_it_came_back_and_what_this_one_did_always() {
    let all = |kind| Deciding { supersedes: vec![id("d0")], ..Deciding::plain(kind, "damaged") };
    let known = decided(Some(&decided(None, &partly("damaged")).unwrap()), &all(DecisionKind::RefundFull)).unwrap();
    let how = (monday(), Condition::Original);
    let back = Remedies::return_received(Some(&known), &mixed(), &id("s"), &[unit("i", 1)], how, store("US")).unwrap();
    let known = after(Some(&known), &back).unwrap();
    let owed = |decision: &str, issued_at| {
        let paid = Remedies::refund_issued(Some(&known), &id(decision), usd(1), issued_at, &mixed(), store("US"));
        let paid = after(Some(&known), &paid.unwrap()).unwrap();
        paid.unpaid(monday()).into_iter().map(|decided| decided.record.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!([monday() - MILLI, monday(), monday() + MILLI].map(|at| owed("d0", at).len()), [1, 0, 0]);
    assert_eq!(owed("d0", monday() - MILLI), ["d1"]);
    assert_eq!([monday() - MILLI, monday(), monday() + MILLI].map(|at| owed("d1", at).len()), [0, 0, 0]);
}

#[test]
fn jdg_2_a_decision_that_gives_nothing_or_gives_it_for_no_unit_leaves_no_trace() {
    let units = vec![Units { item: id("i"), first: 1, last: 1, each: None }];
    let given = answered(&opened("quality"), monday());
    for (kind, units, traced) in [
        (DecisionKind::Replacement, units.clone(), true),
        (DecisionKind::Replacement, vec![], false),
        (DecisionKind::Answer, units, false),
        (DecisionKind::Answer, vec![], false),
    ] {
        let record = DecisionRecord { units, kind, ..given.clone() };
        let outcome = Remedies::decide(None, (&id("US"), &id("s")), Family::Product, &record);
        assert_eq!(outcome.is_unchanged(), !traced, "{record:?}");
    }
}

#[test]
fn ret_4_a_way_is_named_once_while_the_return_holds_and_one_that_is_waived_is_looked_at_at_once() {
    let by = monday() + MILLI;
    let authorised = decided(None, &Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind")).unwrap();
    let way = |method| Way { decision: id("d0"), method, place: None, at: monday() };
    let (label, waived) = (way(ReturnMethod::PrepaidLabel), way(ReturnMethod::RefundWithoutReturn));
    assert_eq!(authorised.name_way(label.clone()).unwrap_err().code, "no_way_needed", "a seller of the country");

    let mut owing = authorised;
    owing.decided[0].record.return_method_by = Some(by);
    assert!(owing.lacks_way(&id("d0")) && !owing.lacks_way(&id("d1")));
    assert_eq!(owing.name_way(Way { decision: id("d1"), ..label.clone() }).unwrap_err().code, "no_way_needed");
    let outcome = owing.name_way(label.clone()).unwrap();
    assert_eq!(outcome.follow_ups, []);
    let known = after(Some(&owing), &outcome).unwrap();
    assert!(!known.lacks_way(&id("d0")));
    assert!(known.name_way(label).unwrap().is_unchanged());
    assert_eq!(known.name_way(waived.clone()).unwrap_err().code, "way_named");

    let outcome = owing.name_way(waived.clone()).unwrap();
    let [FollowUp::Alarm { at, alarm: Alarm::ReturnMethod { named: true, .. } }] = &outcome.follow_ups[..] else {
        panic!("{outcome:?}")
    };
    assert_eq!(*at, monday());
    let instead = Deciding { supersedes: vec![id("d0")], ..Deciding::plain(DecisionKind::Replacement, "damaged") };
    let superseded = decided(Some(&owing), &instead).unwrap();
    assert_eq!(superseded.name_way(waived).unwrap_err().code, "decision_superseded");
    assert!(!superseded.lacks_way(&id("d0")));
    let how = (monday(), Condition::Used);
    let units = [unit("i", 1), unit("i", 2), unit("i", 3)];
    let back = Remedies::return_received(Some(&owing), &mixed(), &id("s"), &units, how, store("US")).unwrap();
    assert!(!after(Some(&owing), &back).unwrap().lacks_way(&id("d0")), "it came back without");
}

#[test]
fn ret_4_what_is_open_of_a_return_is_what_it_holds_for_and_has_not_come_back() {
    let known = decided(None, &Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind")).unwrap();
    let how = (monday(), Condition::Used);
    let back = Remedies::return_received(Some(&known), &mixed(), &id("s"), &[unit("i", 1)], how, store("US")).unwrap();
    let known = after(Some(&known), &back).unwrap();
    let third = Deciding { units: vec![unit("i", 3)], supersedes: vec![id("d0")], ..partly("damaged") };
    let known = decided(Some(&known), &third).unwrap();
    let open = |decision: &str| known.open(&id(decision)).map(|unit| unit.ordinal).collect::<Vec<_>>();
    assert_eq!((open("d0"), open("d1"), open("d2")), (vec![2], vec![3], vec![]));
}

fn partly(reason: &str) -> Deciding {
    Deciding { amount_minor: Some(1), ..Deciding::plain(DecisionKind::RefundPartial, reason) }
}

#[test]
fn ret_4_a_decision_that_needs_a_way_back_sets_the_clock_of_its_days() {
    let record =
        &decided(None, &Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind")).unwrap().decided[0].record;
    let clocks = |return_method_by| {
        let record = DecisionRecord { return_method_by, ..record.clone() };
        Remedies::decide(None, (&id("US"), &id("s")), Family::Return, &record).follow_ups
    };
    assert_eq!(clocks(None), []);
    let [FollowUp::Alarm { at, alarm: Alarm::ReturnMethod { named: false, .. } }] = &clocks(Some(monday()))[..] else {
        panic!("no clock")
    };
    assert_eq!(*at, after_skew(monday()));
}

fn decisions() -> impl Strategy<Value = Vec<(u8, u16, u16, i64)>> {
    prop::collection::vec((0_u8..4, 1_u16..=3, 1_u16..=3, 1_i64..1_500), 0..12)
}

proptest! {
    #[test]
    fn jdg_2_however_often_it_is_decided_no_unit_gets_back_more_than_its_price(decisions in decisions()) {
        let mut known: Option<Remedies> = None;
        for (which, from, to, minor) in decisions {
            let units: Vec<_> = (from.min(to)..=from.max(to)).map(|n| unit("i", n)).collect();
            let mut standing: Vec<DecisionId> = Vec::new();
            for decided in units.iter().filter_map(|unit| known.as_ref()?.standing(unit)) {
                if !standing.contains(&decided.record.id) {
                    standing.push(decided.record.id.clone());
                }
            }
            let (kind, reason) = match which {
                0 => (DecisionKind::RefundFull, "damaged"),
                1 => (DecisionKind::RefundPartial, "damaged"),
                2 => (DecisionKind::Replacement, "damaged"),
                _ => (DecisionKind::ReturnAuthorised, "changed_mind"),
            };
            let amount_minor = (which == 1).then_some(minor);
            let deciding = Deciding { units, supersedes: standing, amount_minor, ..Deciding::plain(kind, reason) };
            let Ok(next) = decided(known.as_ref(), &deciding) else { continue };
            let next = match refund(Some(&next), &format!("d{}", next.decided.len() - 1), minor) {
                Ok(outcome) => after(Some(&next), &outcome).unwrap(),
                Err(_) => next,
            };
            for n in 1..=3 {
                let ranges = next.decided.iter().flat_map(|d| &d.record.units);
                let ranges = ranges.chain(next.refunds.iter().flat_map(|refund| &refund.units));
                let given = ranges.filter(|range| range.hold(&unit("i", n))).filter_map(|range| range.each);
                let given: i64 = given.map(|each| each.minor).sum();
                prop_assert!(given <= 1_000, "unit {} was given {}", n, given);
                prop_assert_eq!(next.left(&unit("i", n), usd(1_000)), usd(1_000 - given));
            }
            known = Some(next);
        }
    }
}
