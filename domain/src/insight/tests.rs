mod shown;

use super::*;
use crate::{
    at::Instant,
    contact::Channel,
    coverage::{Coverage, Uncovered},
    decision::{DecisionKind, DecisionRecord},
    fee::Measure,
    inquiry::{InquiryEvent, OwnedMinutes},
    ledger::{Booking, Closed, Counting, Entry, QuarterHead, Row as Booked, book, measure},
    money::Money,
    order::{Order, Scan, Shipment},
    quarter::Quarter,
    question::{CatalogueGap, Question, QuestionKind},
    request::{Request, Said},
    survey::Score,
    testing::{COVERED, MILLI, answered, at, contact, id, line, minutes, monday, opened, order, store, utc},
    topic::Liable,
};
use chrono::{NaiveDate, TimeDelta};
use iso_currency::Currency;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn called(name: &str, topic: &str, product: &str, counts: Counting) -> Fact {
    Fact::Contact {
        contact: id(name),
        inquiry: id("q"),
        order: id("o"),
        products: [id(product)].into(),
        topic: topic.into(),
        channel: Channel::Email,
        at: monday(),
        counts,
    }
}

fn resolved(n: u32, took: i64, liable: Liable, minor: Option<i64>) -> Fact {
    Fact::Resolved {
        decision: format!("d{n}").parse().unwrap(),
        inquiry: id("q"),
        topic: "damaged_item".into(),
        opened_at: monday(),
        at: monday() + TimeDelta::seconds(took),
        kind: if minor.is_some() { DecisionKind::RefundPartial } else { DecisionKind::Answer },
        liable,
        amount: minor.map(|minor| Money::new(minor, Currency::USD)),
        owned: None,
    }
}

/// The same, where this was counted.
fn owning(fact: Fact, minutes: OwnedMinutes) -> Fact {
    let Fact::Resolved { decision, inquiry, topic, opened_at, at, kind, liable, amount, .. } = fact else {
        return fact;
    };
    Fact::Resolved { decision, inquiry, topic, opened_at, at, kind, liable, amount, owned: Some(minutes) }
}

fn lacking(attribute: &str, at: Instant) -> Fact {
    let gap = CatalogueGap { product: id("shoes"), attribute: attribute.into() };
    Fact::Lacking { request: id("r"), gap, at }
}

#[test]
fn ins_2_a_fact_belongs_to_the_day_of_its_store_the_instant_before_on_and_after_midnight() {
    let us = store("US");
    let midnight = utc("2026-07-01T07:00:00Z");
    let place = |at| Place::of(at, us);
    let (june, july) = (day("2026-06-30"), day("2026-07-01"));
    assert_eq!(place(midnight - MILLI), Place { quarter: quarter("2026Q2"), day: june });
    assert_eq!(place(midnight), Place { quarter: quarter("2026Q3"), day: july });
    assert_eq!(place(midnight + MILLI), place(midnight));
    assert_eq!(place(midnight - MILLI).ends_at(us), midnight);
    assert_eq!(place(utc("2026-11-01T08:00:00Z")).ends_at(us), utc("2026-11-02T08:00:00Z"), "a day of 25 hours");
}

#[test]
fn ins_2_what_the_ledger_books_elsewhere_stands_on_the_day_on_which_it_is_told() {
    let us = store("US");
    let (own, next) = (quarter("2026Q3"), quarter("2026Q4"));
    let (happened, now) = (utc("2026-09-30T12:00:00Z"), utc("2026-10-02T12:00:00Z"));
    let place = |booking| Place::booked(happened, booking, now, us);
    let booking = |statement, measured_next| Booking { statement, measured_next };
    assert_eq!(place(booking(own, false)), Place { quarter: own, day: day("2026-09-30") });
    assert_eq!(place(booking(own, true)), Place { quarter: next, day: day("2026-10-02") });
    assert_eq!(place(booking(next, false)), Place { quarter: next, day: day("2026-10-02") });
    let early = Place::booked(happened, booking(next, false), happened, us);
    assert_eq!(early, Place { quarter: next, day: day("2026-10-01") }, "a machine that is behind");
}

#[test]
fn ins_2_a_contact_is_counted_by_its_topic_and_with_each_of_its_products_and_once_for_the_fee() {
    let facts = [
        called("k1", "late_delivery", "shoes", Counting::Counted),
        called("k2", "late_delivery", "hat", Counting::Joined),
        called("k3", "quality", "shoes", Counting::TopicNotCounted),
        called("k4", "quality", "shoes", Counting::SameContact),
    ];
    let sum: Day = facts.iter().collect();
    assert_eq!((sum.contacts(), sum.counted), (3, 1), "the fourth is the third once more");
    assert_eq!(sum.reasons["late_delivery"].contacts, 2);
    assert_eq!(sum.products(None), [(&id("shoes"), 2), (&id("hat"), 1)]);
    assert_eq!(sum.products(Some("quality")), [(&id("shoes"), 1)]);
    assert_eq!(sum.products(Some("expiry")), []);
}

/// The products that a contact about these items of an order is about.
fn products_of(order: &Order, items: &[&str]) -> std::collections::BTreeSet<crate::id::ProductId> {
    let mut asked = contact("k", "quality", monday());
    asked.subject.as_mut().unwrap().items = items.iter().map(|item| id(item)).collect();
    let entry = crate::ledger::ContactEntry {
        contact: id("k"),
        order: id("o"),
        topic: "quality".into(),
        received_at: monday(),
        counts: Counting::Counted,
    };
    let Fact::Contact { products, .. } = Fact::contact(&asked, &entry, &id("q"), order) else { panic!("no contact") };
    products
}

#[test]
fn ins_2_cov_3_a_contact_is_about_the_products_of_its_covered_items() {
    let bare = Coverage::Seller { why: Uncovered::AfterOptOut };
    let two = order(vec![line("i", COVERED), line("j", bare)]);
    assert_eq!(products_of(&two, &["i", "j"]), [two.lines[0].product.clone()].into());
}

#[test]
fn ins_2_the_events_of_an_inquiry_and_a_request_say_what_they_add() {
    let inquiry = opened("quality");
    let owned = Some(crate::inquiry::OwnedMinutes { service: 3, seller: 2, customer: 0 });
    let record = DecisionRecord { liable: Liable::Carrier, ..answered(&inquiry, monday() + minutes(5)) };
    let events = [
        InquiryEvent::Claimed { associate: id("a"), at: monday(), judgement_owed: false },
        InquiryEvent::Resolved { at: monday() + minutes(5), decision: Box::new(record), owned, mailed: None },
    ];
    let facts = Fact::of_inquiry(&inquiry, &events);
    assert!(matches!(&facts[..], [Fact::Resolved { opened_at, topic, liable: Liable::Carrier, owned: told, .. }]
        if *opened_at == monday() && topic == "quality" && *told == owned));

    let gap = Some(CatalogueGap { product: id("shoes"), attribute: "Weight".into() });
    let question = Question { kind: QuestionKind::ProductFact, text: "How heavy?".into(), gap };
    let asked = Request::ask(&inquiry, question, &at(monday()));
    let request = asked.events.iter().fold(None, Request::apply).unwrap();
    assert_eq!(Fact::of_request(&request, &asked.events)[0].at(), monday());
    let said = Said { text: "Light.".into(), ..Said::default() };
    let replied = request.reply(said, "u".into(), &at(request.due_at + MILLI)).unwrap();
    assert!(matches!(&Fact::of_request(&request, &replied.events)[..], [Fact::Replied { late: true, .. }]));
    let expired = request.expire(&at(request.due_at + minutes(1))).unwrap();
    assert_eq!(
        Fact::of_request(&request, &expired.events),
        [Fact::Expired { request: request.id.clone(), at: request.due_at }]
    );
}

#[test]
fn ins_2_requests_end_in_time_or_late_or_in_silence() {
    let replied = |late| Fact::Replied { request: id("r"), at: monday(), late };
    let facts = [replied(false), replied(false), replied(true), Fact::Expired { request: id("s"), at: monday() }];
    let sum: Day = facts.iter().collect();
    assert_eq!(sum.requests, Requests { in_time: 2, late: 1, expired: 1 });
}

#[test]
fn ins_2_half_and_nine_of_ten_are_the_nearest_rank_of_whole_minutes() {
    let of = |took: &[i64]| {
        let facts: Vec<_> = (0..).zip(took).map(|(n, took)| resolved(n, *took, Liable::Open, None)).collect();
        let sum: Day = facts.iter().collect();
        (sum.resolved.count(), sum.resolved.percentile(50), sum.resolved.percentile(90))
    };
    assert_eq!(of(&[]), (0, None, None));
    assert_eq!(of(&[59]), (1, Some(0), Some(0)));
    assert_eq!(of(&[60, 61, 119, 120]), (4, Some(1), Some(2)));
    let ten: Vec<_> = (1..=10).map(|n| n * 60).collect();
    assert_eq!(of(&ten), (10, Some(5), Some(9)));
    let eleven: Vec<_> = (1..=11).map(|n| n * 60).collect();
    assert_eq!(of(&eleven), (11, Some(6), Some(10)));
}

#[test]
fn ins_2_refunds_stand_by_reason_and_by_who_bears_them_and_what_refunds_nothing_does_not() {
    let facts = [
        resolved(1, 60, Liable::Seller, Some(500)),
        resolved(2, 60, Liable::Seller, Some(250)),
        resolved(3, 60, Liable::Carrier, Some(100)),
        resolved(4, 60, Liable::Carrier, None),
    ];
    let sum: Day = facts.iter().collect();
    let of = |liable| sum.refunds["damaged_item"][&liable];
    assert_eq!(of(Liable::Seller), Refunds { count: 2, minor: 750 });
    assert_eq!(of(Liable::Carrier), Refunds { count: 1, minor: 100 });
}

#[test]
fn ins_4_a_gap_says_how_often_it_was_asked_for_and_when_last() {
    let facts = [lacking("Weight", monday() + minutes(1)), lacking("Weight", monday()), lacking("Width", monday())];
    let sum: Day = facts.iter().collect();
    let gaps = &sum.gaps[&id("shoes")];
    assert_eq!(gaps["Weight"], Gap { asked: 2, newest: monday() + minutes(1) });
    assert_eq!(gaps["Width"], Gap { asked: 1, newest: monday() });
}

#[test]
fn fee_6_orders_are_told_apart_up_to_the_most_that_a_card_may_ask_for() {
    let shipped = |n: u16| {
        let key = crate::ledger::UnitKey { order: format!("o{n}").parse().unwrap(), item: id("i"), ordinal: 1 };
        Fact::Shipped(Shipped { first: key, at: monday(), covered: 1, seller_fulfilled: 1, parcel: true })
    };
    for (orders, named) in [(199_u16, 199), (200, 200), (201, 200)] {
        let facts: Vec<_> = (0..orders).map(shipped).collect();
        let sum: Day = facts.iter().collect();
        assert_eq!((sum.measure().orders, sum.units_covered), (named, u64::from(orders)));
    }
}

fn head(of: Quarter, measure: Measure) -> QuarterHead {
    QuarterHead {
        store: id("US"),
        seller: id("s"),
        quarter: of,
        measure,
        published_at: None,
        measured: false,
        closed: None,
    }
}

#[test]
fn ins_1_ins_2_each_figure_stands_beside_that_of_the_quarter_before() {
    let us = store("US");
    let (this, last) = (quarter("2026Q3"), quarter("2026Q2"));
    let units = |n| Measure { units_covered: n, units_seller_fulfilled: n, orders: n, ..Measure::default() };
    let measured = Measure { contacts: 10, packages: 9, packages_scanned: 8, ..units(100) };
    let heads = [head(this, measured), head(last, units(40))];
    let today: Day = [
        called("k1", "quality", "shoes", Counting::Counted),
        called("k2", "late_delivery", "shoes", Counting::Counted),
        called("k3", "late_delivery", "hat", Counting::Joined),
    ]
    .iter()
    .collect();
    let orders = (0..40).map(|n| format!("o{n}").parse().unwrap()).collect();
    let today = Day { units_covered: 40, units_seller_fulfilled: 40, orders, ..today };
    let before: Day = [called("k0", "expiry", "hat", Counting::Counted)].iter().collect();
    let now = utc("2026-08-20T09:00:00Z");
    let current = Figures { quarter: this, head: Some(&heads[0]), measured: None, day: &today };
    let previous = Figures { quarter: last, head: Some(&heads[1]), measured: Some(measured), day: &before };
    let rows = figures(us, &current, &previous, None, now);
    assert!(rows.iter().all(|row| row.as_of == now));
    let row = |metric: Metric, of: Option<&str>| {
        let found = rows.iter().find(|row| row.metric == metric && row.of.as_deref() == of);
        found.unwrap_or_else(|| panic!("{metric} {of:?}"))
    };
    let rate = row(Metric::FeeRate, None);
    assert_eq!((rate.quantity.value, rate.quantity.tier.as_deref()), (Some(25), Some("up to 15%")));
    let cpu = row(Metric::Cpu, None);
    assert_eq!((cpu.quantity.numerator, cpu.quantity.denominator), (Some(2), Some(40)));
    assert_eq!((cpu.previous.numerator, cpu.previous.denominator), (Some(10), Some(100)), "what was frozen");
    assert_eq!(row(Metric::Vtr, None).previous.numerator, Some(8));
    assert_eq!(row(Metric::NextRate, None).quantity.value, Some(10), "5 % of forty");
    let left = row(Metric::ContactsLeft, None);
    assert_eq!((left.quantity.value, left.previous.value), (Some(1), None));
    let topics: Vec<_> =
        rows.iter().filter(|row| row.metric == Metric::ContactReason).map(|row| row.of.as_deref().unwrap()).collect();
    assert_eq!(topics, ["late_delivery", "quality", "expiry"], "most first, and those of the quarter before");
    let late = &row(Metric::ContactReason, Some("late_delivery")).quantity;
    assert_eq!((late.value, late.numerator, late.denominator), (Some(2), Some(2), Some(3)));
    assert_eq!(row(Metric::ContactReason, Some("expiry")).previous.value, Some(1));
    assert_eq!(row(Metric::ProductContacts, Some("hat")).previous.value, Some(1));
    assert_eq!(row(Metric::TrialDaysLeft, None).quantity.value, None);
}

#[test]
fn ins_1_ins_3_satisfaction_is_the_share_of_4_and_5_and_hidden_under_five_answers_each_quarter_by_itself() {
    let us = store("US");
    let (this, last) = (quarter("2026Q3"), quarter("2026Q2"));
    let of = |ratings: &[u8]| ratings.iter().map(|rating| scored(*rating)).collect::<Vec<_>>().iter().collect::<Day>();
    let shown = |ratings: &[u8], before: &[u8]| {
        let (today, before) = (of(ratings), of(before));
        let of_quarter = |quarter, day| Figures { quarter, head: None, measured: None, day };
        let (current, previous) = (of_quarter(this, &today), of_quarter(last, &before));
        let rows = figures(us, &current, &previous, None, utc("2026-08-20T09:00:00Z"));
        let row = rows.into_iter().find(|row| row.metric == Metric::Csat).unwrap();
        [row.quantity, row.previous].map(|quantity| (quantity.numerator, quantity.denominator, quantity.value))
    };
    assert_eq!(shown(&[5, 5, 4, 3, 1], &[5, 5, 5, 5]), [(Some(3), Some(5), None), (None, Some(4), None)]);
    assert_eq!(shown(&[], &[1, 2, 3, 3, 3, 3]), [(None, Some(0), None), (Some(0), Some(6), None)]);
}

#[test]
fn ins_2_inq_3_whose_time_a_resolution_took_is_a_mean_with_the_minutes_and_the_resolutions_behind_it() {
    let us = store("US");
    let took = |service, seller, customer| {
        owning(resolved(1, 60, Liable::Open, None), OwnedMinutes { service, seller, customer })
    };
    let today: Day = [took(10, 1440, 0), took(11, 0, 3), resolved(2, 60, Liable::Open, None)].iter().collect();
    let before: Day = [resolved(3, 60, Liable::Open, None)].iter().collect();
    let of_quarter = |quarter, day| Figures { quarter, head: None, measured: None, day };
    let this = quarter("2026Q3");
    let (current, previous) = (of_quarter(this, &today), of_quarter(this.previous(), &before));
    let rows = figures(us, &current, &previous, None, utc("2026-08-20T09:00:00Z"));
    let shown = |metric: Metric| {
        let row = rows.iter().find(|row| row.metric == metric).unwrap();
        [&row.quantity, &row.previous].map(|of| (of.value, of.numerator, of.denominator))
    };
    let nothing_counted = (None, Some(0), Some(0));
    assert_eq!(shown(Metric::ServiceTime), [(Some(10), Some(21), Some(2)), nothing_counted]);
    assert_eq!(shown(Metric::SellerTime), [(Some(720), Some(1440), Some(2)), nothing_counted]);
    assert_eq!(shown(Metric::CustomerTime), [(Some(1), Some(3), Some(2)), nothing_counted]);
    assert_eq!(shown(Metric::Resolutions)[0].0, Some(3), "one of which it was not counted");
}

#[test]
fn ins_2_a_sum_of_before_it_was_counted_whose_time_was_taken_does_not_stand_for_its_facts() {
    let day: Day = [resolved(1, 60, Liable::Open, None), scored(4)].iter().collect();
    let of_before = |sum: &DaySum| {
        let mut kept = serde_json::to_value(sum).unwrap();
        kept["sum"].as_object_mut().unwrap().remove("owned").unwrap();
        serde_json::from_value::<DaySum>(kept).unwrap()
    };
    let now = DaySum::up_to(None, day.clone());
    assert!(now.stands_for_its_facts() && !of_before(&now).stands_for_its_facts());
    let anew = Some((Day::default(), None));
    let begun = DaySum::up_to(Some("a".into()), day.clone());
    assert!(!begun.stands_for_its_facts() && !DaySum::too_large().stands_for_its_facts());
    assert_eq!(DaySum::resume(Some(begun.clone()), false), Some((day, Some("a".into()))));
    for old in [of_before(&now), of_before(&begun)] {
        assert_eq!(DaySum::resume(Some(old), false), anew);
    }
    let unresolved = DaySum::up_to(None, [scored(4)].iter().collect());
    assert!(of_before(&unresolved).stands_for_its_facts(), "nothing was resolved");
}

#[test]
fn ins_2_the_rate_of_a_quarter_that_is_over_is_that_of_its_last_instant() {
    let us = store("US");
    let this = quarter("2026Q2");
    let twelve = Measure { units_seller_fulfilled: 12, orders: 12, contacts: 1, ..Measure::default() };
    let (empty, head) = (Day::default(), head(this, twelve));
    let rate = |now| {
        let figures_of = Figures { quarter: this, head: Some(&head), measured: None, day: &empty };
        figures(us, &figures_of, &figures_of, None, now)[0].quantity.value
    };
    let change = utc("2026-05-22T07:00:00Z");
    assert_eq!((rate(change - MILLI), rate(change)), (Some(25), Some(0)));
    assert_eq!(rate(utc("2027-01-01T00:00:00Z")), Some(0));
}

fn scored(rating: u8) -> Fact {
    let rating = rating.try_into().unwrap();
    let (topic, channel) = ("quality".into(), Channel::Email);
    Fact::Scored(Score { inquiry: id("q"), topic, channel, answered_at: monday(), rating })
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let topics = prop::sample::select(vec!["quality", "late_delivery", "expiry"]);
    let counts = prop::sample::select(vec![Counting::Counted, Counting::Joined, Counting::SameContact]);
    prop_oneof![
        (topics, 0_u8..4, counts).prop_map(|(topic, n, counts)| called("k", topic, &format!("p{n}"), counts)),
        (any::<u16>(), prop::option::of(1_i64..1000)).prop_map(|(took, minor)| {
            let one = resolved(1, took.into(), if took % 2 == 0 { Liable::Seller } else { Liable::Open }, minor);
            let (service, seller, customer) = (u64::from(took % 7), u64::from(took % 5), u64::from(took));
            if took % 3 == 0 { one } else { owning(one, OwnedMinutes { service, seller, customer }) }
        }),
        (1_u8..6).prop_map(scored),
        any::<bool>().prop_map(|late| Fact::Replied { request: id("r"), at: monday(), late }),
        (0_i64..9, 0_u8..3).prop_map(|(n, a)| lacking(&format!("a{a}"), monday() + minutes(n))),
        (0_u16..300, 0_u64..3, any::<bool>()).prop_map(|(n, seller_fulfilled, parcel)| {
            let first = crate::ledger::UnitKey { order: format!("o{n}").parse().unwrap(), item: id("i"), ordinal: 1 };
            Fact::Shipped(Shipped { first, at: monday(), covered: 1, seller_fulfilled, parcel })
        }),
    ]
}

/// Shipments and scans of three units of one order, told in whatever order.
fn any_told() -> impl Strategy<Value = Vec<(usize, bool, i64, Vec<u16>)>> {
    let told = (0_usize..3, any::<bool>(), 0_i64..200, prop::collection::vec(1_u16..4, 1..3));
    prop::collection::vec(told, 1..12)
}

proptest! {
    #[test]
    fn d2_the_order_of_facts_changes_nothing_and_days_add_up_to_what_their_facts_come_to(
        facts in prop::collection::vec(any_fact(), 0..40), cut in 0_usize..40
    ) {
        let whole: Day = facts.iter().collect();
        let (first, second) = facts.split_at(cut.min(facts.len()));
        let days = [second, first].map(|part| part.iter().rev().collect::<Day>());
        prop_assert_eq!(days.into_iter().sum::<Day>(), whole);
    }

    #[test]
    fn d2_a_day_is_read_back_as_it_was_written(facts in prop::collection::vec(any_fact(), 0..20)) {
        let day: Day = facts.iter().collect();
        let text = serde_json::to_string(&day).unwrap();
        prop_assert_eq!(serde_json::from_str::<Day>(&text).unwrap(), day);
        for fact in facts {
            let text = serde_json::to_string(&fact).unwrap();
            prop_assert_eq!(serde_json::from_str::<Fact>(&text).unwrap(), fact);
        }
    }

    /// However shipments and scans are told, also when their quarter was measured or closed by then, the facts of each
    /// quarter come to what its ledger comes to.
    #[test]
    fn d2_fee_3_the_days_of_a_quarter_come_to_its_measure(told in any_told(), late in 0_usize..12, closed in any::<bool>()) {
        let us = store("US");
        let own = quarter("2026Q3");
        let placed_at = utc("2026-09-29T12:00:00Z");
        let mut item = line("i", COVERED);
        item.quantity = 3;
        let mut known = Order { placed_at, ..order(vec![item]) };
        let mut rows: std::collections::BTreeMap<String, (Quarter, Booked)> = std::collections::BTreeMap::new();
        let mut facts: Vec<(Place, Fact)> = Vec::new();
        for (n, (parcel, scan, hours, units)) in told.into_iter().enumerate() {
            let is_late = n >= late;
            let now = if is_late { utc("2026-10-05T12:00:00Z") } else { utc("2026-09-30T12:00:00Z") };
            let stands = closed.then(|| Closed { at: now, digest: String::new(), by_line: false });
            let head = is_late.then(|| QuarterHead { measured: true, closed: stands, ..head(own, Measure::default()) });
            let happened = placed_at + TimeDelta::hours(hours);
            let shipment = format!("p{parcel}").parse().unwrap();
            let metered = if scan {
                known.clone().scan(&Scan { shipment, scanned_at: happened, delivered: false })
            } else {
                let units = units.into_iter().map(|ordinal| (id("i"), ordinal)).collect();
                let parcel = Shipment { id: shipment, seller: id("s"), shipped_at: placed_at, units, replacement: false, protected_label: false };
                known.clone().ship(parcel, book(placed_at, now, us.zone, head.as_ref()))
            };
            let Ok(Some(metered)) = metered else { continue };
            facts.extend(fact::metered(&known, &metered, now, us));
            for entry in &metered.entries {
                let name = match entry {
                    Entry::Unit(unit) => format!("{}", unit.key),
                    Entry::Package(package) => format!("{}", package.shipment),
                    Entry::Contact(_) | Entry::Reversal(_) | Entry::Reimbursement(_) => String::new(),
                };
                let booked = Booked { entry: entry.clone(), measured_next: metered.booking.measured_next };
                rows.insert(name, (metered.booking.statement, booked));
            }
            known = metered.order;
        }
        for quarter in [own, own.next()] {
            let of = |quarter: Quarter| rows.values().filter(move |(of, _)| *of == quarter).map(|(_, row)| row);
            let measured = measure(of(quarter), of(quarter.previous()), quarter.end(us.zone));
            let day: Day = facts.iter().filter(|(place, _)| place.quarter == quarter).map(|(_, fact)| fact).collect();
            prop_assert_eq!(day.measure(), measured, "{}", quarter);
        }
    }
}

proptest! {
    /// However a day is cut into pages, wherever adding up stops and goes on, and whatever comes late and makes it begin
    /// anew, its sum is what its facts come to.
    #[test]
    fn d2_ins_2_a_day_that_is_added_up_page_by_page_comes_to_what_its_facts_come_to(
        facts in prop::collection::vec(any_fact(), 1..40), pages in prop::collection::vec((1_usize..9, any::<bool>()), 1..12),
        on_time in 0_usize..40
    ) {
        let (mut known, mut marked, mut there) = (None::<DaySum>, true, on_time.min(facts.len()));
        let steps = pages.into_iter().chain(std::iter::repeat_n((facts.len(), false), 2));
        for (page, late) in steps {
            if late && there < facts.len() {
                (there, marked) = (there + 1, true);
            }
            let Some((mut sum, after)) = DaySum::resume(known.clone(), marked) else { continue };
            let from = after.map_or(0, |after| after.parse::<usize>().unwrap());
            let to = (from + page).min(there);
            sum.extend(&facts[from..to]);
            (known, marked) = (Some(DaySum::up_to((to < there).then(|| to.to_string()), sum)), false);
        }
        let expected = DaySum { stage: Stage::Complete, sum: facts[..there].iter().collect() };
        let text = serde_json::to_string(&expected).unwrap();
        prop_assert_eq!(known, Some(expected.clone()));
        prop_assert_eq!(serde_json::from_str::<DaySum>(&text).unwrap(), expected);
    }
}

#[test]
fn ins_2_a_day_has_nothing_to_add_up_but_where_it_is_marked_or_facts_are_left() {
    let part = DaySum::up_to(Some("a".into()), [scored(4)].iter().collect());
    let whole = DaySum::up_to(None, Day::default());
    assert_eq!(DaySum::resume(Some(part.clone()), false), Some((part.sum.clone(), Some("a".into()))));
    for done in [Some(whole), Some(DaySum::too_large()), None] {
        assert_eq!(DaySum::resume(done.clone(), false), None);
        assert_eq!(DaySum::resume(done, true), Some((Day::default(), None)), "anew");
    }
    assert_eq!(DaySum::resume(Some(part), true), Some((Day::default(), None)), "anew");
}
