mod facts;
use super::*;
use crate::{
    at::At,
    coverage::Uncovered,
    decision::DecidedBy,
    id::InquiryId,
    ledger::Booking,
    order::Parcel,
    policy::Approved,
    quarter::Quarter,
    question::{Question, QuestionKind},
    remedy::Way,
    request::{RequestEvent, Said},
    returns::{Condition, ReturnTerms},
    testing::{
        COVERED, MILLI, after_events, at, id, line, matter, minutes, monday, opened, order, store, uncovered, utc,
    },
    topic::Family,
};
use std::collections::BTreeSet;

fn usd(minor: i64) -> Money {
    Money::new(minor, store("US").currency)
}

/// An order of one item at this price in cents.
fn priced(minor: i64) -> Order {
    order(vec![Line { unit_price: usd(minor), ..line("i", COVERED) }])
}

/// Two units at 10.00 each.
fn two() -> Order {
    order(vec![Line { quantity: 2, ..line("i", COVERED) }])
}

fn delivered(mut order: Order, parcels: &[Option<Instant>]) -> Order {
    for (n, delivered_at) in parcels.iter().enumerate() {
        let parcel = Parcel {
            seller: id("s"),
            shipped_at: monday(),
            booking: Booking { statement: Quarter::of(monday(), store("US").zone), measured_next: false },
            scanned_at: *delivered_at,
            delivered_at: *delivered_at,
            seller_fulfilled: true,
            metered: true,
            protected_label: false,
            items: BTreeSet::from([id("i")]),
        };
        order.parcels.insert(id(&format!("p{n}")), parcel);
    }
    order
}

fn asked(inquiry: &Inquiry) -> Request {
    let question = Question { kind: QuestionKind::ShippingStatus, text: "Where is it?".into(), gap: None };
    match &Request::ask(inquiry, question, &at(monday())).events[..] {
        [RequestEvent::Asked(request)] => (**request).clone(),
        other => panic!("{other:?}"),
    }
}

fn judged(code: &str, order: &Order) -> Option<DecisionRecord> {
    judged_with(&opened(code), order)
}

fn judged_with(inquiry: &Inquiry, order: &Order) -> Option<DecisionRecord> {
    let request = asked(inquiry);
    Matter { request: Some(&request), ..matter(inquiry, order) }.after_silence(&request, monday())
}

fn decide(matter: &Matter<'_>, deciding: &Deciding, at: Instant) -> Result<DecisionRecord, Refusal> {
    let name = format!("d{}", matter.remedies.map_or(0, |known| known.decided.len()));
    matter.decide(deciding, DecidedBy::Associate { associate: Some(id("mei")) }, id(&name), at)
}

fn code(decided: Result<DecisionRecord, Refusal>) -> &'static str {
    decided.map_or_else(|refusal| refusal.code, |_| "ok")
}

/// What is known once this was decided.
fn known(before: Option<&Remedies>, record: &DecisionRecord) -> Remedies {
    let outcome = Remedies::decide(before, (&id("US"), &id("s")), Family::Delivery, record);
    outcome.events.iter().fold(before.cloned(), Remedies::apply).unwrap()
}

fn unit(ordinal: u16) -> Unit {
    Unit { item: id("i"), ordinal }
}

fn partly(minor: i64, reason: &str) -> Deciding {
    Deciding { amount_minor: Some(minor), ..Deciding::plain(DecisionKind::RefundPartial, reason) }
}

/// First, last, and what goes back for each.
fn each(record: &DecisionRecord) -> Vec<(u16, u16, Option<Money>)> {
    record.units.iter().map(|range| (range.first, range.last, range.each)).collect()
}

#[test]
fn jdg_1_the_service_decides_refund_replacement_and_adjustment_and_the_seller_is_bound() {
    let (open, order, now) = (opened("defective"), two(), at(monday()));
    let held = after_events(&open, &open.claim(&id("mei"), &at(monday())).unwrap());
    for (deciding, back) in [
        (Deciding::plain(DecisionKind::RefundFull, "defective"), Some(2_000)),
        (Deciding::plain(DecisionKind::Replacement, "defective"), None),
        (partly(500, "defective"), Some(500)),
    ] {
        let record = decide(&matter(&held, &order), &deciding, monday()).unwrap();
        assert_eq!((record.kind, record.amount), (deciding.kind, back.map(usd)));
        let decided = held.decide(&id("mei"), record.clone(), store("US"), &now).unwrap();
        let resolved = after_events(&held, &decided);
        assert!(resolved.seller_took_over(monday()).is_unchanged(), "it is not the seller's to settle any more");
        let told = asked(&held).decided(&record).events.iter().fold(Some(asked(&held)), Request::apply).unwrap();
        assert_eq!(told.decision, Some(record.clone()), "the seller sees it");
        let late = At { now: told.due_at + MILLI, ..now.clone() };
        let said = Said { text: "It works.".into(), ..Said::default() };
        assert_eq!(told.reply(said, "ann".into(), &late).unwrap_err().code, "already_decided");
    }
}

#[test]
fn jdg_2_after_silence_up_to_the_limit_the_rule_decides_and_above_it_a_person() {
    for (minor, decides) in [(0, true), (9_999, true), (10_000, true), (10_001, false)] {
        let record = judged("late_delivery", &priced(minor));
        assert_eq!(record.is_some(), decides, "{minor}");
        assert_eq!(record.and_then(|record| record.amount), decides.then(|| usd(minor)), "{minor}");
    }
    let two = order(vec![Line { quantity: 2, ..priced(5_001).lines[0].clone() }]);
    assert_eq!(judged("late_delivery", &two), None, "all units together");
}

#[test]
fn jdg_4_the_topic_says_what_silence_comes_to() {
    for (code, kind) in [
        ("late_delivery", Some(DecisionKind::RefundFull)),
        ("damaged_item", Some(DecisionKind::RefundFull)),
        ("return_request", Some(DecisionKind::ReturnAuthorised)),
        ("product_question", Some(DecisionKind::ReturnAuthorised)),
        ("safety", None),
    ] {
        let record = judged(code, &priced(1_000));
        assert_eq!(record.as_ref().map(|record| record.kind), kind, "{code}");
        assert_eq!(record.is_some_and(|record| record.amount.is_some()), kind == Some(DecisionKind::RefundFull));
    }
}

#[test]
fn jdg_4_what_is_broken_is_replaced_where_the_seller_said_there_is_another_and_else_refunded_on_return() {
    for (in_stock, kind) in [
        (Some(true), DecisionKind::Replacement),
        (Some(false), DecisionKind::RefundFull),
        (None, DecisionKind::RefundFull),
    ] {
        let record = judged_with(&Inquiry { in_stock, ..opened("damaged_item") }, &priced(1_000)).unwrap();
        assert_eq!((record.kind, record.facts.in_stock), (kind, in_stock));
        let pays = (kind == DecisionKind::RefundFull).then_some(Payer::Customer);
        assert_eq!(record.return_shipping, pays, "nobody is known to be at fault: as the policy has it");
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
    let later = Line { promised_by: Some(utc("2099-01-01T00:00:00Z")), ..line("j", COVERED) };
    let other = order(vec![line("i", COVERED), later]);
    assert!(judged("late_delivery", &other).is_some(), "another item's promise says nothing");
}

#[test]
fn jdg_4_no_money_goes_back_by_itself_for_a_parcel_that_a_carrier_says_has_arrived() {
    let early = Some(monday() - minutes(99));
    for (parcels, decides) in
        [(vec![], true), (vec![None, None], true), (vec![early], false), (vec![None, early], false)]
    {
        assert_eq!(judged("lost_in_transit", &delivered(two(), &parcels)).is_some(), decides, "{parcels:?}");
    }
}

#[test]
fn jdg_4_a_return_is_authorised_by_itself_up_to_the_last_instant_of_its_window_and_for_what_the_policy_takes() {
    // Delivered on the 6th of May, so the 30th day is the 5th of June, to its end in Los Angeles.
    let order = delivered(two(), &[Some(utc("2017-05-06T12:00:00Z"))]);
    let inquiry = opened("return_request");
    let request = asked(&inquiry);
    let decides = |now| matter(&inquiry, &order).after_silence(&request, now).is_some();
    let end = utc("2017-06-06T07:00:00Z");
    assert!(decides(end - MILLI) && !decides(end) && !decides(end + MILLI));
    let grocery = Order { lines: vec![Line { category: Some("grocery".into()), ..line("i", COVERED) }], ..order };
    assert_eq!(judged("return_request", &grocery), None, "it does not come back");
    assert!(judged("return_request", &two()).is_some(), "before delivery no day has passed");
}

#[test]
fn jdg_2_no_rule_gives_a_second_time_what_another_inquiry_has_given() {
    let (inquiry, order) = (opened("late_delivery"), two());
    let request = asked(&inquiry);
    let first = judged("late_delivery", &order).unwrap();
    let remedies = known(None, &DecisionRecord { inquiry: id::<InquiryId>("another"), ..first });
    let matter = Matter { remedies: Some(&remedies), ..matter(&inquiry, &order) };
    assert_eq!(matter.after_silence(&request, monday()), None);
}

#[test]
fn jdg_2_a_decision_after_silence_says_who_why_and_who_bears_it() {
    let record = judged("late_delivery", &priced(1_000)).unwrap();
    assert_eq!((&record.decided_by, record.decided_at), (&DecidedBy::JudgementAfterSilence, monday()));
    assert_eq!((record.liable, record.policy.as_str()), (Liable::Seller, "us-2000"));
    assert_eq!(record.basis, "The seller did not reply within 24 hours; rule for topic late_delivery.");
    assert_eq!(record.reason.as_deref(), Some("not_received"));
    assert_eq!((record.facts.seller_replied, record.facts.request.is_some()), (Some(false), true));
    assert_eq!(record.way_back, WayBack::Claim { until: utc("2017-08-04T12:00:00Z") });
    assert_eq!(judged("late_delivery", &priced(1_000)).unwrap().id, record.id, "the same cause, the same id");
    assert_eq!(judged("lost_in_transit", &priced(1_000)).unwrap().way_back, WayBack::None, "the carrier bears it");
}

#[test]
fn jdg_2_a_decision_rests_on_a_reason_for_its_kind_and_the_refusal_names_them() {
    let (inquiry, order) = (opened("late_delivery"), two());
    let matter = matter(&inquiry, &order);
    for reason in ["weather", "damaged"] {
        let no = decide(&matter, &Deciding::plain(DecisionKind::Answer, reason), monday()).unwrap_err();
        assert_eq!((no.code, no.rule), ("reason_not_allowed", "JDG-2"));
        assert_eq!(no.sentence, "Such a decision rests on one of these reasons: on_its_way, question_answered.");
    }
    let answer = decide(&matter, &Deciding::plain(DecisionKind::Answer, "on_its_way"), monday()).unwrap();
    assert_eq!((answer.basis.as_str(), answer.units.len(), answer.amount), ("The parcel is on its way.", 0, None));
    let said = Deciding { basis: Some("Look.".into()), ..Deciding::plain(DecisionKind::Decline, "no_ground") };
    assert_eq!(decide(&matter, &said, monday()).unwrap().basis, "Look.");
}

#[test]
fn jdg_3_goodwill_refunds_without_return_up_to_the_22nd_of_may_2026_and_not_from_then_on() {
    let (inquiry, order) = (opened("quality"), two());
    let matter = matter(&inquiry, &order);
    let change = utc("2026-05-22T07:00:00Z");
    let goodwill = Deciding::plain(DecisionKind::RefundReturnless, "goodwill");
    assert_eq!(code(decide(&matter, &goodwill, change - MILLI)), "ok");
    for at in [change, change + MILLI] {
        let no = decide(&matter, &goodwill, at).unwrap_err();
        assert_eq!((no.code, no.rule), ("returnless_not_allowed", "JDG-3"));
        let grounds = "not_received, not_returnable, unsafe_to_return, no_way_back, seller_waives_return";
        assert_eq!(no.sentence, format!("A refund without return has one of these grounds: {grounds}."));
    }
    let unsafe_to_return = Deciding::plain(DecisionKind::RefundReturnless, "unsafe_to_return");
    assert_eq!(code(decide(&matter, &unsafe_to_return, change)), "ok");
    assert_eq!(code(decide(&matter, &Deciding::plain(DecisionKind::RefundFull, "goodwill"), change)), "ok");
}

#[test]
fn jdg_3_not_received_holds_after_the_promise_unless_all_had_arrived_by_then() {
    let inquiry = opened("late_delivery");
    let promise = monday();
    let held = |parcels: &[Option<Instant>], at| {
        let promised = order(vec![Line { promised_by: Some(promise), ..line("i", COVERED) }]);
        let order = delivered(promised, parcels);
        let deciding = Deciding::plain(DecisionKind::RefundReturnless, "not_received");
        code(decide(&matter(&inquiry, &order), &deciding, at))
    };
    let later = promise + MILLI;
    assert_eq!((held(&[], promise), held(&[], later)), ("fact_missing", "ok"));
    assert_eq!((held(&[Some(promise)], later), held(&[Some(later)], later)), ("fact_missing", "ok"));
    assert_eq!(held(&[Some(promise), None], later), "ok", "one of two parcels is missing");
}

#[test]
fn jdg_3_not_returnable_holds_for_a_category_that_the_pinned_policy_does_not_take_back() {
    let inquiry = opened("damaged_item");
    for (category, expected) in [(None, "fact_missing"), (Some("toys"), "fact_missing"), (Some("grocery"), "ok")] {
        let order = order(vec![Line { category: category.map(str::to_owned), ..line("i", COVERED) }]);
        let deciding = Deciding::plain(DecisionKind::RefundReturnless, "not_returnable");
        assert_eq!(code(decide(&matter(&inquiry, &order), &deciding, monday())), expected, "{category:?}");
        let back = decide(
            &matter(&inquiry, &order),
            &Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind"),
            monday(),
        );
        assert_eq!(back.is_ok(), expected != "ok", "RET-3: and what it does not take, nobody sends back on a whim");
    }
}

#[test]
fn jdg_2_a_cancellation_needs_that_nothing_has_shipped() {
    let inquiry = opened("cancel_request");
    let cancel = Deciding::plain(DecisionKind::Cancel, "not_shipped");
    assert_eq!(code(decide(&matter(&inquiry, &two()), &cancel, monday())), "ok");
    let shipped = order(vec![Line { quantity: 2, shipped: BTreeSet::from([2]), ..line("i", COVERED) }]);
    assert_eq!(code(decide(&matter(&inquiry, &shipped), &cancel, monday())), "fact_missing");
    let first = Deciding { units: vec![unit(1)], ..cancel };
    assert_eq!(code(decide(&matter(&inquiry, &shipped), &first, monday())), "ok", "the one that is still there");
}

#[test]
fn cov_3_only_covered_units_of_the_inquiry_are_decided_on() {
    let mixed = order(vec![
        Line { quantity: 2, ..line("i", COVERED) },
        line("j", uncovered(Uncovered::BeforeEnrollment)),
        line("k", COVERED),
    ]);
    let inquiry = Inquiry { items: vec![id("i"), id("j")], ..opened("damaged_item") };
    let matter = matter(&inquiry, &mixed);
    let refund = Deciding::plain(DecisionKind::RefundFull, "damaged");
    let record = decide(&matter, &refund, monday()).unwrap();
    assert_eq!((record.items, record.amount), (vec![id("i")], Some(usd(2_000))));
    for (item, ordinal, expected) in [
        ("i", 2, "ok"),
        ("i", 3, "unknown_unit"),
        ("i", 0, "unknown_unit"),
        ("j", 1, "unknown_unit"),
        ("k", 1, "unknown_unit"),
    ] {
        let one = Deciding { units: vec![Unit { item: id(item), ordinal }], ..refund.clone() };
        assert_eq!(code(decide(&matter, &one, monday())), expected, "{item} {ordinal}");
    }
}

#[test]
fn jdg_2_a_refund_in_part_is_shared_by_what_is_left_of_each_unit_and_never_above_it() {
    let (inquiry, order) = (opened("damaged_item"), two());
    let matter = matter(&inquiry, &order);
    for (minor, expected) in [(0, "amount_out_of_bounds"), (1, "ok"), (2_000, "ok"), (2_001, "amount_out_of_bounds")] {
        assert_eq!(code(decide(&matter, &partly(minor, "damaged"), monday())), expected, "{minor}");
    }
    let record = decide(&matter, &partly(301, "damaged"), monday()).unwrap();
    assert_eq!(each(&record), [(1, 1, Some(usd(151))), (2, 2, Some(usd(150)))]);
    assert_eq!(record.amount, Some(usd(301)));
}

#[test]
fn jdg_2_a_second_decision_on_a_unit_names_the_first_and_money_given_before_counts() {
    let (inquiry, order) = (opened("damaged_item"), two());
    let one = Deciding { units: vec![unit(1)], ..partly(400, "damaged") };
    let first = decide(&matter(&inquiry, &order), &one, monday()).unwrap();
    let remedies = known(None, &first);
    let before = Matter { remedies: Some(&remedies), ..matter(&inquiry, &order) };
    let full = Deciding::plain(DecisionKind::RefundFull, "damaged");
    let no = decide(&before, &full, monday()).unwrap_err();
    assert_eq!(no.code, "already_remedied");
    assert_eq!(no.sentence, "Decision d0 holds for these units; name it in `supersedes` to replace it.");
    let other = Deciding { units: vec![unit(2)], ..full.clone() };
    assert_eq!(code(decide(&before, &other, monday())), "ok", "nothing holds for the second unit");
    let stranger = Deciding { supersedes: vec![first.id.clone()], ..other };
    assert_eq!(code(decide(&before, &stranger, monday())), "nothing_to_supersede");

    let instead = Deciding { supersedes: vec![first.id.clone()], ..full };
    let second = decide(&before, &instead, monday()).unwrap();
    assert_eq!(each(&second), [(1, 1, Some(usd(600))), (2, 2, Some(usd(1_000)))], "what is left of each");
    assert_eq!((second.supersedes.clone(), second.facts.refunded), (vec![first.id], Some(usd(400))));

    let remedies = known(Some(&remedies), &second);
    let after = Matter { remedies: Some(&remedies), ..before };
    let third = Deciding { supersedes: vec![second.id], ..Deciding::plain(DecisionKind::Replacement, "damaged") };
    assert_eq!(code(decide(&after, &third, monday())), "nothing_left");
    assert_eq!(code(decide(&after, &Deciding::plain(DecisionKind::Decline, "no_ground"), monday())), "ok");
}

#[test]
fn jdg_2_an_answer_gives_nothing_that_a_later_decision_would_have_to_name() {
    let (inquiry, order) = (opened("late_delivery"), two());
    let record = decide(&matter(&inquiry, &order), &Deciding::plain(DecisionKind::Answer, "on_its_way"), monday());
    let outcome = Remedies::decide(None, (&id("US"), &id("s")), inquiry.issue, &record.unwrap());
    assert!(outcome.is_unchanged());
}

#[test]
fn ret_3_what_is_kept_of_goods_that_came_back_is_at_most_the_share_of_their_condition() {
    let (inquiry, order) = (opened("return_request"), delivered(two(), &[Some(utc("2017-05-06T12:00:00Z"))]));
    let end = utc("2017-06-06T07:00:00Z");
    let least = |condition, received_at, liable| {
        let outcome = Remedies::return_received(
            None,
            &order,
            &id("s"),
            &[unit(1), unit(2)],
            (received_at, condition),
            store("US"),
        );
        let known = outcome.unwrap().events.iter().fold(None, Remedies::apply).unwrap();
        let matter = Matter { remedies: Some(&known), ..matter(&inquiry, &order) };
        let ok = |minor| {
            let deciding = Deciding { liable: Some(liable), ..partly(minor, "returned") };
            decide(&matter, &deciding, end).is_ok()
        };
        assert!(ok(2_000));
        (1..=2_000).find(|minor| ok(*minor)).unwrap()
    };
    let (original, customer) = (Condition::Original, Liable::Customer);
    assert_eq!(least(original, end - MILLI, customer), 2_000, "in time and as it was sold");
    assert_eq!((least(original, end, customer), least(original, end + MILLI, customer)), (1_600, 1_600), "late");
    assert_eq!(least(Condition::Used, end - MILLI, customer), 1_000);
    assert_eq!(least(Condition::Different, end - MILLI, customer), 1, "all of it may be kept; a refund is one cent");
    for liable in [Liable::Seller, Liable::Carrier] {
        assert_eq!(least(Condition::Different, end, liable), 2_000, "{liable:?} is at fault");
    }
    let without = matter(&inquiry, &order);
    assert_eq!(code(decide(&without, &partly(100, "returned"), end)), "fact_missing", "it did not come back");
}

#[test]
fn ret_3_whoever_is_at_fault_pays_for_the_way_back_and_where_nobody_is_the_policy_says_who() {
    let (inquiry, mut order) = (opened("return_request"), two());
    let pays = |order: &Order, kind, reason, liable| {
        let deciding = Deciding { liable: Some(liable), ..Deciding::plain(kind, reason) };
        decide(&matter(&inquiry, order), &deciding, monday()).unwrap().return_shipping
    };
    let authorised = DecisionKind::ReturnAuthorised;
    for (liable, payer) in [
        (Liable::Seller, Payer::Seller),
        (Liable::Carrier, Payer::Seller),
        (Liable::Store, Payer::Seller),
        (Liable::Customer, Payer::Customer),
        (Liable::Open, Payer::Customer),
    ] {
        assert_eq!(pays(&order, authorised, "changed_mind", liable), Some(payer), "{liable:?}");
    }
    assert_eq!(pays(&order, DecisionKind::Replacement, "damaged", Liable::Seller), None, "nothing comes back");
    assert_eq!(pays(&order, DecisionKind::RefundFull, "not_received", Liable::Seller), None, "there is nothing");
    let terms = store("US").return_policy_at(monday()).unwrap().terms.clone();
    let better = ReturnTerms { return_shipping: Payer::Seller, ..terms };
    order.policies.insert(id("s"), Approved { number: 2, terms: better, since: monday() });
    assert_eq!(pays(&order, authorised, "changed_mind", Liable::Customer), Some(Payer::Seller), "its own policy");
    let record = decide(&matter(&inquiry, &order), &Deciding::plain(authorised, "changed_mind"), monday()).unwrap();
    assert_eq!(record.policy, "seller-2", "RET-2: the version that is pinned");
}

/// An order of one unit at 25.00 and one a cent dearer, of a seller in China, with an authorised return of both.
fn abroad() -> (Inquiry, Order, Remedies) {
    let dear = Line { unit_price: usd(2_501), ..line("j", COVERED) };
    let order = order(vec![Line { unit_price: usd(2_500), ..line("i", COVERED) }, dear]);
    let inquiry = Inquiry { items: vec![id("i"), id("j")], ..opened("return_request") };
    let matter = Matter { seller_country: Some("CN"), ..matter(&inquiry, &order) };
    let authorised = Deciding::plain(DecisionKind::ReturnAuthorised, "changed_mind");
    let record = decide(&matter, &authorised, monday()).unwrap();
    assert_eq!(record.return_method_by, Some(utc("2017-06-10T12:00:00Z")), "five days");
    assert_eq!(record.return_shipping, Some(Payer::Seller), "RET-4: whoever is at fault");
    let known = known(None, &record);
    (inquiry, order, known)
}

fn named(known: &Remedies, method: ReturnMethod) -> Remedies {
    let way = Way { decision: id("d0"), method, place: None, at: monday() };
    known.name_way(way).unwrap().events.iter().fold(Some(known.clone()), Remedies::apply).unwrap()
}

#[test]
fn ret_4_only_a_seller_outside_the_stores_country_owes_a_way_back() {
    let (inquiry, order) = (opened("return_request"), two());
    for (country, owes) in [(Some("CN"), true), (Some("HK"), true), (Some("US"), false), (None, false)] {
        let matter = Matter { seller_country: country, ..matter(&inquiry, &order) };
        let by = |kind, reason| decide(&matter, &Deciding::plain(kind, reason), monday()).unwrap().return_method_by;
        assert_eq!(by(DecisionKind::ReturnAuthorised, "changed_mind").is_some(), owes, "{country:?}");
        assert_eq!(by(DecisionKind::RefundFull, "damaged").is_some(), owes, "{country:?}");
        assert_eq!(by(DecisionKind::RefundFull, "not_received"), None, "nothing comes back");
        assert_eq!(by(DecisionKind::Replacement, "damaged"), None);
    }
}

#[test]
fn ret_4_without_a_way_up_to_25_00_is_refunded_without_return_and_what_is_dearer_once_the_days_are_over() {
    let (inquiry, order, known) = abroad();
    let matter = Matter { seller_country: Some("CN"), remedies: Some(&known), ..matter(&inquiry, &order) };
    let refund = |item: &str, at| {
        let units = vec![Unit { item: id(item), ordinal: 1 }];
        let plain = Deciding::plain(DecisionKind::RefundReturnless, "no_way_back");
        code(decide(&matter, &Deciding { units, supersedes: vec![id("d0")], ..plain }, at))
    };
    let end = utc("2017-06-10T12:00:00Z");
    assert_eq!((refund("i", monday()), refund("j", monday())), ("ok", "fact_missing"));
    assert_eq!((refund("j", end - MILLI), refund("j", end), refund("j", end + MILLI)), ("fact_missing", "ok", "ok"));

    let record = matter.without_return(&id("d0"), end).unwrap();
    assert_eq!((record.items, record.amount), (vec![id("i")], Some(usd(2_500))), "the dearer one is a person's");
    assert_eq!(record.decided_by, DecidedBy::Rule { rule: "RET-4".into() });
    assert_eq!((record.kind, record.supersedes), (DecisionKind::RefundReturnless, vec![id("d0")]));
    for method in [ReturnMethod::LocalAddress, ReturnMethod::PrepaidLabel] {
        let known = named(&known, method);
        let matter = Matter { remedies: Some(&known), ..matter };
        assert_eq!(matter.without_return(&id("d0"), end), None, "{method:?}");
    }
}

#[test]
fn ret_4_a_return_that_the_seller_waives_is_refunded_whatever_it_costs_up_to_the_limit_of_the_rule() {
    let (inquiry, order, known) = abroad();
    let known = named(&known, ReturnMethod::RefundWithoutReturn);
    let waived = Matter { seller_country: Some("CN"), remedies: Some(&known), ..matter(&inquiry, &order) };
    let record = waived.without_return(&id("d0"), monday()).unwrap();
    assert_eq!((record.amount, record.reason.as_deref()), (Some(usd(5_001)), Some("seller_waives_return")));
    for (minor, decides) in [(7_500, true), (7_501, false)] {
        let mut order = order.clone();
        order.lines[1].unit_price = usd(minor);
        let matter = Matter { order: &order, ..waived };
        assert_eq!(matter.without_return(&id("d0"), monday()).is_some(), decides, "JDG-4: 100.00 in all");
    }
}
