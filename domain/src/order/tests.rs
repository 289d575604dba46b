use super::*;
use crate::{
    contest::ContestKind,
    coverage::Uncovered,
    outcome::RefusalKind,
    quarter::Quarter,
    testing::{COVERED, MILLI, id, line, minutes, monday, order, registered, store, uncovered, utc, with_events},
};
use chrono::TimeDelta;
use iso_currency::Currency;
use proptest::prelude::*;

fn placed(placed_at: Instant, lines: &[(&str, &str, Fulfilment)]) -> PlacedOrder {
    let line = |(item, seller, fulfilment): &(&str, &str, Fulfilment)| PlacedLine {
        item: id(item),
        seller: id(seller),
        product: id("product"),
        category: None,
        quantity: 2,
        unit_price: Money::new(1000, Currency::USD),
        fulfilment: *fulfilment,
        promised_by: None,
    };
    PlacedOrder {
        store: id("US"),
        id: id("o"),
        customer: id("customer"),
        placed_at,
        lines: lines.iter().map(line).collect(),
    }
}

/// `s` is enrolled since [`monday`]; `t` has left.
fn sellers() -> BTreeMap<SellerId, Seller> {
    let us = store("US");
    let s = registered(us, monday());
    let t = with_events(Some(&s), &s.opt_out(us, &crate::testing::at(monday() + minutes(20))));
    BTreeMap::from([(id("s"), s), (id("t"), Seller { id: id("t"), ..t })])
}

fn place(order: PlacedOrder, now: Instant) -> Result<Order, Refusal> {
    Order::place(order, &sellers(), &BTreeMap::new(), store("US"), now)
}

fn booking() -> Booking {
    Booking { statement: "2017Q2".parse().unwrap(), measured_next: false }
}

fn shipment(name: &str, units: &[(&str, u16)]) -> Shipment {
    Shipment {
        id: id(name),
        seller: id("s"),
        shipped_at: monday() + TimeDelta::days(1),
        units: units.iter().map(|(item, ordinal)| (id(item), *ordinal)).collect(),
        replacement: false,
        protected_label: false,
    }
}

/// Two pieces of `i` and two of `j`, all covered.
fn four_pieces() -> Order {
    let pieces = |item| Line { quantity: 2, ..line(item, COVERED) };
    order(vec![pieces("i"), pieces("j")])
}

/// The entries of these shipments, in the order of their content, and the order after them.
fn shipped(order: Order, shipments: impl IntoIterator<Item = Shipment>) -> (Order, Vec<String>) {
    let mut entries = Vec::new();
    let end = shipments.into_iter().fold(order, |order, shipment| {
        let Some(metered) = order.clone().ship(shipment, booking()).unwrap() else { return order };
        entries.extend(metered.entries.iter().map(|entry| serde_json::to_string(entry).unwrap()));
        metered.order
    });
    entries.sort();
    (end, entries)
}

fn dispositions(metered: &Metered) -> Vec<Disposition> {
    let unit = |entry: &Entry| if let Entry::Unit(unit) = entry { Some(unit.disposition) } else { None };
    metered.entries.iter().filter_map(unit).collect()
}

#[test]
fn cov_3_in_a_mixed_order_each_line_has_its_own_coverage() {
    let lines = [
        ("i", "s", Fulfilment::Seller),
        ("j", "s", Fulfilment::Store),
        ("k", "t", Fulfilment::Seller),
        ("l", "s", Fulfilment::Prime),
    ];
    let at = monday() + minutes(60);
    let order = place(placed(at, &lines), at + minutes(1)).unwrap();
    let why: Vec<_> = order.lines.iter().map(|line| line.coverage).collect();
    assert!(why[0].is_covered());
    assert_eq!(
        why[1..],
        [
            uncovered(Uncovered::FulfilledByStore),
            uncovered(Uncovered::AfterOptOut),
            uncovered(Uncovered::SellerFulfilledPrime)
        ]
    );
    assert_eq!(order.handler(&id("s")), Handler::Mixed);
    assert_eq!(order.handler(&id("t")), Handler::Seller);
}

#[test]
fn cov_4_each_order_says_in_one_word_who_handles_it() {
    let not = uncovered(Uncovered::EnrollmentGap);
    for (lines, handler) in [
        (vec![line("i", COVERED), line("j", COVERED)], Handler::Service),
        (vec![line("i", not), line("j", not)], Handler::Seller),
        (vec![line("i", COVERED), line("j", not)], Handler::Mixed),
        (vec![line("i", not), line("j", COVERED)], Handler::Mixed),
        (vec![], Handler::Seller),
    ] {
        assert_eq!(order(lines.clone()).handler(&id("s")), handler, "{lines:?}");
    }
}

#[test]
fn cov_2_an_order_is_judged_fifteen_seconds_after_it_was_placed_and_not_before() {
    let (at, lines) = (monday() + minutes(60), [("i", "s", Fulfilment::Seller)]);
    let early = place(placed(at, &lines), at + SETTLING - MILLI).unwrap_err();
    assert_eq!((early.kind, early.code), (RefusalKind::NotYet, "order_too_fresh"));
    for now in [at + SETTLING, at + SETTLING + MILLI] {
        assert!(place(placed(at, &lines), now).is_ok(), "{now}");
    }
}

#[test]
fn cov_2_an_order_that_arrives_late_gets_the_same_answer_as_a_punctual_one() {
    let lines = [("i", "s", Fulfilment::Seller), ("j", "t", Fulfilment::Seller)];
    for at in [monday(), monday() + minutes(15), monday() + minutes(60)] {
        let punctual = place(placed(at, &lines), at + SETTLING);
        assert_eq!(place(placed(at, &lines), at + TimeDelta::days(400)), punctual);
    }
}

#[test]
fn rte_10_an_order_of_a_seller_that_is_not_known_yet_waits() {
    let refusal = place(placed(monday(), &[("i", "x", Fulfilment::Seller)]), monday() + minutes(1)).unwrap_err();
    assert_eq!((refusal.kind, refusal.code), (RefusalKind::NotYet, "unknown_seller"));
}

#[test]
fn fee_2_a_split_order_meters_each_unit_once_with_its_parcel() {
    let first = four_pieces().ship(shipment("p", &[("i", 1), ("j", 2)]), booking()).unwrap().unwrap();
    let keys = |metered: &Metered| -> Vec<String> {
        let key = |entry: &Entry| match entry {
            Entry::Unit(unit) => format!("{} in {}", unit.key, unit.shipment),
            Entry::Package(package) => format!("parcel {}", package.shipment),
            Entry::Contact(contact) => format!("contact {}", contact.contact),
            Entry::Reversal(reversal) => format!("reversal {}", reversal.dispute),
            Entry::Reimbursement(reimbursement) => format!("reimbursement {}", reimbursement.why),
        };
        metered.entries.iter().map(key).collect()
    };
    assert_eq!(keys(&first), ["o/i/1 in p", "o/j/2 in p", "parcel p"]);
    let second = first.order.ship(shipment("q", &[("i", 1), ("i", 2)]), booking()).unwrap().unwrap();
    assert_eq!(keys(&second), ["o/i/2 in q", "parcel q"], "piece i/1 was confirmed before");
    let third = second.order.ship(shipment("r", &[("i", 2), ("j", 2)]), booking()).unwrap().unwrap();
    assert_eq!(keys(&third), [""; 0], "no piece of it is new: the parcel is known, for its scans, and in no ledger");
}

#[test]
fn fee_2_a_confirmation_that_is_repeated_adds_nothing_and_one_that_goes_on_adds_the_rest() {
    let first = four_pieces().ship(shipment("p", &[("i", 1), ("i", 2)]), booking()).unwrap().unwrap();
    assert_eq!(first.order.clone().ship(shipment("p", &[("i", 1), ("i", 2)]), booking()), Ok(None));
    assert_eq!(first.order.clone().ship(shipment("p", &[("i", 2)]), booking()), Ok(None));
    let rest = first.order.ship(shipment("p", &[("i", 2), ("j", 1)]), booking()).unwrap().unwrap();
    assert_eq!(dispositions(&rest).len(), 1);
    assert_eq!((rest.entries.len(), rest.order.parcels.len()), (1, 1), "the parcel is recorded already");
}

#[test]
fn fee_2_a_replacement_is_free() {
    let again = Shipment { replacement: true, ..shipment("p", &[("i", 1)]) };
    let sent = four_pieces().ship(again, booking()).unwrap().unwrap();
    assert_eq!(sent.entries, [], "neither a unit nor a parcel is metered");
    let scan = Scan { shipment: id("p"), scanned_at: sent.order.placed_at, delivered: true };
    let scanned = sent.order.scan(&scan).unwrap().unwrap();
    assert_eq!(scanned.entries, [], "its scan is known with the order alone");
}

#[test]
fn fee_2_a_parcel_that_was_a_replacements_is_booked_with_its_first_unit_that_is_none() {
    let replaced = Shipment { replacement: true, ..shipment("p", &[("i", 1)]) };
    let sent = four_pieces().ship(replaced, booking()).unwrap().unwrap();
    let later = Shipment { shipped_at: monday() + TimeDelta::days(99), ..shipment("p", &[("i", 2)]) };
    let next = Booking { statement: "2017Q3".parse().unwrap(), measured_next: false };
    let metered = sent.order.ship(later.clone(), next).unwrap().unwrap();
    let scan = Scan { shipment: id("p"), scanned_at: later.shipped_at, delivered: false };
    let scanned = metered.order.scan(&scan).unwrap().unwrap();
    assert_eq!(scanned.booking, next, "where its entry lies");
    let [Entry::Package(package)] = &scanned.entries[..] else { panic!("{:?}", scanned.entries) };
    assert_eq!(package.shipped_at, later.shipped_at);
}

#[test]
fn rte_10_a_unit_that_the_order_does_not_hold_is_refused_and_nothing_of_its_parcel_is_metered() {
    for unit in [("i", 0), ("i", 3), ("x", 1)] {
        let refusal = four_pieces().ship(shipment("p", &[("i", 1), unit]), booking()).unwrap_err();
        assert_eq!((refusal.kind, refusal.code), (RefusalKind::Input, "unknown_unit"), "{unit:?}");
    }
    let foreign = Shipment { seller: id("t"), ..shipment("p", &[("i", 1)]) };
    assert_eq!(four_pieces().ship(foreign, booking()).unwrap_err().code, "unknown_unit");
}

#[test]
fn fee_8_a_unit_shipped_before_the_trials_end_is_free_and_on_it_is_not() {
    let trial_ends_at = monday() + TimeDelta::days(90);
    let order = order(vec![line("i", Coverage::Service { trial_ends_at })]);
    for (shipped_at, expected) in [
        (trial_ends_at - MILLI, Disposition::Trial),
        (trial_ends_at, Disposition::Chargeable),
        (trial_ends_at + MILLI, Disposition::Chargeable),
    ] {
        let metered = order.clone().ship(Shipment { shipped_at, ..shipment("p", &[("i", 1)]) }, booking());
        assert_eq!(dispositions(&metered.unwrap().unwrap()), [expected], "{shipped_at}");
    }
}

#[test]
fn fee_9_a_covered_unit_is_charged_whenever_it_ships_and_an_uncovered_one_never() {
    let gap = Uncovered::EnrollmentGap;
    let order = order(vec![line("i", COVERED), line("j", uncovered(gap))]);
    let late = Shipment { shipped_at: monday() + TimeDelta::days(900), ..shipment("p", &[("i", 1), ("j", 1)]) };
    let metered = order.ship(late, booking()).unwrap().unwrap();
    assert_eq!(dispositions(&metered), [Disposition::Chargeable, Disposition::NotCovered(gap)]);
}

#[test]
fn fee_9_a_unit_does_not_ship_before_its_order_was_placed() {
    let early = Shipment { shipped_at: monday() - minutes(5), ..shipment("p", &[("i", 1)]) };
    let metered = four_pieces().ship(early, booking()).unwrap().unwrap();
    assert!(metered.entries.iter().all(|entry| entry.happened_at() == monday()));
}

fn scan(name: &str, scanned_at: Instant, delivered: bool) -> Scan {
    Scan { shipment: id(name), scanned_at, delivered }
}

/// Scan and delivery of parcel `p`.
fn proof(order: &Order) -> (Option<Instant>, Option<Instant>) {
    let parcel = &order.parcels[&id("p")];
    (parcel.scanned_at, parcel.delivered_at)
}

#[test]
fn fee_7_the_first_scan_proves_the_tracking_and_later_ones_add_nothing() {
    let (order, _) = shipped(four_pieces(), [shipment("p", &[("i", 1)])]);
    let day = |n| monday() + TimeDelta::days(n);
    let first = order.scan(&scan("p", day(3), false)).unwrap().unwrap();
    assert_eq!((proof(&first.order), first.booking), ((Some(day(3)), None), booking()));
    let [Entry::Package(package)] = &first.entries[..] else { panic!("{:?}", first.entries) };
    assert_eq!((package.scanned_at, package.shipped_at), (Some(day(3)), day(1)));
    for later in [day(3), day(4)] {
        assert_eq!(first.order.clone().scan(&scan("p", later, false)), Ok(None));
    }
    let delivered = first.order.scan(&scan("p", day(5), true)).unwrap().unwrap().order;
    assert_eq!(proof(&delivered), (Some(day(3)), Some(day(5))));
    assert_eq!(delivered.clone().scan(&scan("p", day(6), true)), Ok(None), "it is delivered once");
    let earlier = delivered.scan(&scan("p", day(2), false)).unwrap().unwrap().order;
    assert_eq!(proof(&earlier), (Some(day(2)), Some(day(5))), "scans that change places lead to the same");
}

#[test]
fn fee_7_a_scan_is_never_before_its_shipment() {
    let (order, _) = shipped(four_pieces(), [shipment("p", &[("i", 1)])]);
    let early = order.scan(&scan("p", monday(), false)).unwrap().unwrap();
    assert_eq!(proof(&early.order).0, Some(monday() + TimeDelta::days(1)));
}

#[test]
fn rte_10_a_scan_that_overtakes_its_shipment_waits() {
    let refusal = four_pieces().scan(&scan("p", monday(), false)).unwrap_err();
    assert_eq!((refusal.kind, refusal.code), (RefusalKind::NotYet, "unknown_shipment"));
}

#[test]
fn fee_7_a_parcel_that_the_store_or_prime_ships_is_not_the_sellers() {
    for fulfilment in [Fulfilment::Seller, Fulfilment::Store, Fulfilment::Prime] {
        let order = order(vec![Line { fulfilment, ..line("i", COVERED) }]);
        let (order, _) = shipped(order, [shipment("p", &[("i", 1)])]);
        assert_eq!(order.parcels[&id("p")].seller_fulfilled, fulfilment == Fulfilment::Seller);
    }
}

#[test]
fn jdg_4_the_value_of_items_is_the_price_of_all_their_units() {
    let value = |items: &[ItemId]| four_pieces().price_of(items, Currency::USD);
    assert_eq!(value(&[id("i")]), Ok(Money::new(2000, Currency::USD)));
    assert_eq!(value(&[id("i"), id("j"), id("i")]), Ok(Money::new(4000, Currency::USD)));
    assert_eq!(value(&[]), Ok(Money::new(0, Currency::USD)));
    assert_eq!(four_pieces().price_of(&[id("i")], Currency::EUR), Err(MoneyError::TwoCurrencies));
}

#[test]
fn an_order_is_read_back_as_it_was_written() {
    let (order, _) = shipped(four_pieces(), [shipment("p", &[("i", 1)])]);
    let scanned = order.scan(&scan("p", utc("2017-06-09T00:00:00Z"), true)).unwrap().unwrap().order;
    let text = serde_json::to_string(&scanned).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), scanned, "{text}");
}

proptest! {
    /// Each piece in one of four parcels, which ship on different days.
    #[test]
    fn f6_fee_2_order_and_repetition_of_shipments_do_not_change_what_is_metered(
        parcels in prop::collection::vec(0_u8..4, 4), order in prop::collection::vec(0_usize..4, 8..20)
    ) {
        let pieces = [("i", 1), ("i", 2), ("j", 1), ("j", 2)];
        let parcel = |n: u8| {
            let units: Vec<_> = (0..).zip(pieces).filter(|(k, _)| parcels[*k] == n).map(|(_, unit)| unit).collect();
            let shipped_at = monday() + TimeDelta::days(i64::from(n));
            Shipment { shipped_at, ..shipment(&format!("p{n}"), &units) }
        };
        let all: Vec<_> = (0..4).map(parcel).collect();
        let mixed = order.iter().map(|n| all[*n].clone()).chain(all.clone());
        let (straight, mixed) = (shipped(four_pieces(), all.clone()), shipped(four_pieces(), mixed));
        prop_assert_eq!(straight, mixed);
    }

    #[test]
    fn fee_2_whatever_is_confirmed_each_unit_is_metered_at_most_once(
        confirmed in prop::collection::vec((0_u8..5, prop::collection::vec(0_usize..4, 1..4)), 0..12)
    ) {
        let pieces = [("i", 1), ("i", 2), ("j", 1), ("j", 2)];
        let shipments = confirmed.iter().map(|(parcel, units)| {
            let units: Vec<_> = units.iter().map(|n| pieces[*n]).collect();
            shipment(&format!("p{parcel}"), &units)
        });
        let (_, entries) = shipped(four_pieces(), shipments);
        let named: BTreeSet<usize> = confirmed.iter().flat_map(|(_, units)| units.clone()).collect();
        let units = entries.iter().filter(|entry| entry.contains("\"entry\":\"unit\"")).count();
        prop_assert_eq!(units, named.len());
    }
}

#[test]
fn fee_10_a_parcel_keeps_the_booking_under_which_it_was_recorded() {
    let late = Booking { statement: Quarter::of(utc("2018-01-01T12:00:00Z"), store("US").zone), measured_next: true };
    let order = four_pieces().ship(shipment("p", &[("i", 1)]), late).unwrap().unwrap().order;
    assert_eq!(order.scan(&scan("p", utc("2018-06-01T00:00:00Z"), false)).unwrap().unwrap().booking, late);
}

/// A policy of `s` with so many days, approved at these instants.
fn policy(approved: &[(u64, Instant)]) -> Policy {
    let standard = &store("US").return_policy_at(monday()).unwrap().terms;
    let version = |(n, (days, since)): (usize, &(u64, Instant))| Approved {
        number: u32::try_from(n).unwrap() + 1,
        terms: ReturnTerms { window_days: *days, ..standard.clone() },
        since: *since,
    };
    let approved: Vec<_> = approved.iter().enumerate().map(version).collect();
    let newest = approved.last().unwrap().clone();
    let stage = crate::policy::Stage::Approved { at: newest.since };
    let latest = crate::policy::Version { number: newest.number, terms: newest.terms, stage };
    Policy { store: id("US"), seller: id("s"), latest, approved }
}

#[test]
fn ret_2_the_version_in_force_when_the_order_was_placed_is_pinned_to_it_and_later_ones_do_not_count() {
    let (first, second) = (monday() + minutes(60), monday() + minutes(120));
    let policies = BTreeMap::from([(id("s"), policy(&[(45, first), (60, second)]))]);
    let pinned = |at: Instant| {
        let order = placed(at, &[("i", "s", Fulfilment::Seller), ("j", "t", Fulfilment::Seller)]);
        let order = Order::place(order, &sellers(), &policies, store("US"), monday() + TimeDelta::days(9)).unwrap();
        let theirs = order.policy_of(&id("t"), store("US")).unwrap();
        assert_eq!((theirs.version.as_str(), theirs.terms.window_days), ("us-2000", 30));
        let own = order.policy_of(&id("s"), store("US")).unwrap();
        (own.version, own.terms.window_days)
    };
    for (at, version, days) in [
        (first - MILLI, "us-2000", 30),
        (first, "seller-1", 45),
        (first + MILLI, "seller-1", 45),
        (second - MILLI, "seller-1", 45),
        (second, "seller-2", 60),
    ] {
        assert_eq!(pinned(at), (version.to_owned(), days), "{at}");
    }
}

#[test]
fn ret_1_a_pinned_policy_is_nowhere_worse_than_the_standard_of_that_moment() {
    let order = order(vec![line("i", COVERED)]);
    let own = policy(&[(10, monday())]).approved.remove(0);
    let pinned = Order { policies: BTreeMap::from([(id("s"), own)]), ..order };
    assert_eq!(pinned.policy_of(&id("s"), store("US")).unwrap().terms.window_days, 30);
    let before = Order { placed_at: utc("1999-12-31T00:00:00Z"), ..pinned };
    assert_eq!(before.policy_of(&id("s"), store("US")), None);
}

#[test]
fn ret_3_a_line_keeps_the_category_that_the_store_has_a_name_for() {
    let at = monday() + minutes(60);
    let with = |category: &str| {
        let mut order = placed(at, &[("i", "s", Fulfilment::Seller)]);
        order.lines[0].category = Some(category.to_owned());
        place(order, at + minutes(1)).unwrap().lines.remove(0).category
    };
    assert_eq!((with("baby"), with("spacecraft")), (Some("baby".to_owned()), None));
}

#[test]
fn clm_2_each_kind_of_contest_of_a_seller_counts_once_and_the_first_is_named() {
    let contest = |kind, at: &str| Contest { seller: id("s"), kind, opened_at: utc(at) };
    let later = contest(ContestKind::Chargeback, "2026-06-02T00:00:00Z");
    let first = contest(ContestKind::AToZ, "2026-06-01T00:00:00Z");
    let order = four_pieces();
    assert_eq!(order.contest_of(&id("s")), None);
    let order = order.contest(later.clone()).unwrap().unwrap();
    assert_eq!(order.contest_of(&id("s")), Some(&later));
    let order = order.contest(first.clone()).unwrap().unwrap();
    assert_eq!(order.contest_of(&id("s")), Some(&first), "the one that was opened first");
    assert_eq!(order.contest_of(&id("other")), None);
    assert_eq!(order.clone().contest(contest(ContestKind::AToZ, "2026-07-01T00:00:00Z")).unwrap(), None);
    let stranger = order.contest(Contest { seller: id("other"), ..first }).unwrap_err();
    assert_eq!(stranger.code, "unknown_unit");
}

#[test]
fn clm_4_a_parcel_whose_label_is_protected_stays_so() {
    let protected = Shipment { protected_label: true, ..shipment("p", &[("i", 1)]) };
    let order = four_pieces().ship(protected, booking()).unwrap().unwrap().order;
    assert!(order.parcels[&id("p")].protected_label);
    let order = order.ship(shipment("p", &[("i", 2)]), booking()).unwrap().unwrap().order;
    assert!(order.parcels[&id("p")].protected_label, "the rest of it is told without a word of that");
    let plain = four_pieces().ship(shipment("p", &[("i", 1)]), booking()).unwrap().unwrap().order;
    assert!(!plain.parcels[&id("p")].protected_label);
}
