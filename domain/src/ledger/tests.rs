use super::*;
use proptest::{prelude::*, sample};
use std::collections::{BTreeMap, BTreeSet};

const ZONE: Tz = Tz::America__Sao_Paulo;
const LATER: Instant = Instant::MAX_UTC;
const MILLI: TimeDelta = TimeDelta::milliseconds(1);

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn head(measured: bool, closed: bool) -> QuarterHead {
    let q1 = quarter("2018Q1");
    QuarterHead {
        store: "BR".parse().unwrap(),
        seller: "s".parse().unwrap(),
        quarter: q1,
        measure: Measure::default(),
        published_at: None,
        measured,
        closed: closed.then(|| Closed { at: q1.end(ZONE), digest: String::new(), by_line: false }),
    }
}

fn unit(order: u16, ordinal: u16, disposition: Disposition) -> Entry {
    let order = format!("o{order}").parse().unwrap();
    Entry::Unit(UnitEntry {
        key: UnitKey { order, item: "i".parse().unwrap(), ordinal },
        shipment: "p".parse().unwrap(),
        shipped_at: quarter("2018Q1").start(ZONE),
        disposition,
    })
}

fn contact(id: u16, counts: Counting) -> Entry {
    Entry::Contact(ContactEntry {
        contact: format!("c{id}").parse().unwrap(),
        order: "o1".parse().unwrap(),
        topic: "late_delivery".into(),
        received_at: quarter("2018Q1").start(ZONE),
        counts,
    })
}

fn package(id: u16, scanned: bool, seller_fulfilled: bool) -> Entry {
    let shipped_at = quarter("2018Q1").start(ZONE);
    Entry::Package(PackageEntry {
        shipment: format!("p{id}").parse().unwrap(),
        order: "o1".parse().unwrap(),
        shipped_at,
        scanned_at: scanned.then_some(shipped_at),
        seller_fulfilled,
    })
}

fn rows(entries: impl IntoIterator<Item = Entry>) -> Vec<Row> {
    entries.into_iter().map(|entry| Row { entry, measured_next: false }).collect()
}

#[test]
fn fee_5_a_quarter_is_measured_15_minutes_after_its_end_closed_after_72_hours_and_then_left_alone() {
    let due = |measured, closed| head(measured, closed).due_at(ZONE);
    assert_eq!(due(false, false), Some("2018-04-01T03:15:00Z".parse().unwrap()));
    assert_eq!(due(true, false), Some("2018-04-04T03:00:00Z".parse().unwrap()));
    assert_eq!(due(true, true), None);
}

#[test]
fn fee_10_a_fact_goes_to_its_own_quarter_until_that_is_measured() {
    let end = quarter("2018Q1").end(ZONE);
    let own = |q| Booking { statement: quarter(q), measured_next: false };
    assert_eq!(book(end - MILLI, end - MILLI, ZONE, None), own("2018Q1"));
    assert_eq!(book(end - MILLI, end + MEASURE_AFTER, ZONE, Some(&head(false, false))), own("2018Q1"));
    assert_eq!(book(end, end, ZONE, None), own("2018Q2"));
    assert_eq!(book(end + MILLI, end + MILLI, ZONE, None), own("2018Q2"));
}

#[test]
fn fee_10_between_measuring_and_closing_a_fact_is_charged_in_its_quarter_and_measured_in_the_next() {
    let end = quarter("2018Q1").end(ZONE);
    let late = book(end - MILLI, hours_after(end, 71), ZONE, Some(&head(true, false)));
    assert_eq!(late, Booking { statement: quarter("2018Q1"), measured_next: true });
}

#[test]
fn fee_10_after_closing_a_fact_belongs_wholly_to_the_quarter_in_which_it_is_written() {
    let end = quarter("2018Q1").end(ZONE);
    let late = |now| book(end - MILLI, now, ZONE, Some(&head(true, true)));
    assert_eq!(late(hours_after(end, 73)), Booking { statement: quarter("2018Q2"), measured_next: false });
    assert_eq!(late(quarter("2018Q4").end(ZONE)).statement, quarter("2019Q1"));
    assert_eq!(late(end - MILLI).statement, quarter("2018Q2"), "never into the closed one, whatever the clock says");
}

#[test]
fn fee_8_a_unit_of_the_trial_is_measured_like_a_charged_one() {
    let measure = measure(&rows([unit(1, 1, Disposition::Trial), unit(1, 2, Disposition::Chargeable)]), [], LATER);
    assert_eq!((measure.units_covered, measure.units_seller_fulfilled, measure.orders), (2, 2, 1));
}

#[test]
fn fee_3_units_that_the_seller_shipped_without_being_covered_are_counted_apart() {
    let not = Disposition::NotCovered;
    let measure = measure(
        &rows([
            unit(1, 1, Disposition::Chargeable),
            unit(2, 1, not(Uncovered::EnrollmentGap)),
            unit(3, 1, not(Uncovered::FulfilledByStore)),
            unit(4, 1, not(Uncovered::SellerFulfilledPrime)),
        ]),
        [],
        LATER,
    );
    assert_eq!((measure.units_covered, measure.units_seller_fulfilled, measure.orders), (1, 2, 2));
}

#[test]
fn fee_4_a_contact_counts_by_the_one_rule_that_counts_and_keeps_its_code() {
    let all =
        [Counting::Counted, Counting::Joined, Counting::SameContact, Counting::Transferred, Counting::TopicNotCounted];
    let measure = measure(&rows((0_u16..).zip(all).map(|(id, counts)| contact(id, counts))), [], LATER);
    assert_eq!(measure.contacts, 1);
    for counting in all {
        assert_eq!(serde_json::to_string(&counting).unwrap(), format!("\"{}\"", counting.rule()));
    }
}

#[test]
fn fee_7_a_scan_anywhere_makes_the_parcel_tracked_and_the_stores_own_parcels_are_left_out() {
    let own = rows([package(1, true, true), package(2, false, true), package(3, true, false)]);
    let counted = |before: &[Row]| {
        let measure = measure(&own, before, LATER);
        (measure.packages, measure.packages_scanned)
    };
    assert_eq!(counted(&[]), (2, 1));
    let left_over = |entry| Row { entry, measured_next: true };
    assert_eq!(counted(&[left_over(package(1, false, true))]), (2, 1), "it is one parcel, and proven by either row");
    assert_eq!(counted(&[left_over(package(2, true, true))]), (2, 2));
    assert_eq!(counted(&[left_over(package(4, true, true))]), (3, 2));
}

#[test]
fn fee_7_a_scan_proves_a_parcel_until_the_end_of_the_quarter_and_on_it_no_more() {
    let Entry::Package(parcel) = package(1, true, true) else { unreachable!() };
    let scanned = parcel.scanned_at.unwrap();
    let rows = rows([Entry::Package(parcel)]);
    for (later, proven) in [(-1, 0), (0, 0), (1, 1)] {
        let until = scanned + chrono::TimeDelta::milliseconds(later);
        assert_eq!(measure(&rows, [], until).packages_scanned, proven, "{later} ms after the scan");
    }
}

#[test]
fn an_entry_is_read_back_as_it_was_written() {
    let not_covered = unit(1, 1, Disposition::NotCovered(Uncovered::AfterOptOut));
    for entry in [not_covered, contact(1, Counting::Joined), package(1, true, true)] {
        let text = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry, "{text}");
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    let disposition = sample::select(vec![
        Disposition::Chargeable,
        Disposition::Trial,
        Disposition::NotCovered(Uncovered::BeforeEnrollment),
        Disposition::NotCovered(Uncovered::FulfilledByStore),
    ]);
    let counting = sample::select(vec![Counting::Counted, Counting::Joined]);
    let entry = prop_oneof![
        (0_u16..6, 0_u16..4, disposition).prop_map(|(order, ordinal, what)| unit(order, ordinal, what)),
        (0_u16..9, counting).prop_map(|(id, counts)| contact(id, counts)),
        (0_u16..9, any::<bool>(), any::<bool>()).prop_map(|(id, scanned, own)| package(id, scanned, own)),
    ];
    (entry, any::<bool>()).prop_map(|(entry, measured_next)| Row { entry, measured_next })
}

/// A ledger has each place once.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let by_place = |rows: Vec<Row>| rows.into_iter().map(|row| (row.place(), row)).collect::<BTreeMap<_, _>>();
    prop::collection::vec(any_row(), 0..40).prop_map(move |rows| by_place(rows).into_values().collect())
}

/// What is counted, by sets and not by what came before.
fn by_sets(own: &[Row], before: &[Row]) -> Measure {
    let own = own.iter().filter(|row| !row.measured_next);
    let entries: Vec<_> = before.iter().filter(|row| row.measured_next).chain(own).map(|row| &row.entry).collect();
    let units = || entries.iter().filter_map(|entry| if let Entry::Unit(unit) = entry { Some(unit) } else { None });
    let fulfilled = || units().filter(|unit| unit.disposition.is_seller_fulfilled());
    let contacts: BTreeSet<_> = entries
        .iter()
        .filter_map(|entry| if let Entry::Contact(contact) = entry { Some(contact) } else { None })
        .filter(|contact| contact.counts.counts())
        .map(|contact| &contact.contact)
        .collect();
    let packages = |proven: bool| -> BTreeSet<_> {
        let is_one = |package: &&PackageEntry| package.seller_fulfilled && (!proven || package.scanned_at.is_some());
        entries
            .iter()
            .filter_map(|entry| if let Entry::Package(package) = entry { Some(package) } else { None })
            .filter(is_one)
            .map(|package| &package.shipment)
            .collect()
    };
    Measure {
        units_covered: count(
            units().filter(|u| u.disposition.is_covered()).map(|u| &u.key).collect::<BTreeSet<_>>().len(),
        ),
        units_seller_fulfilled: count(fulfilled().map(|unit| &unit.key).collect::<BTreeSet<_>>().len()),
        orders: count(fulfilled().map(|unit| &unit.key.order).collect::<BTreeSet<_>>().len()),
        contacts: count(contacts.len()),
        packages: count(packages(false).len()),
        packages_scanned: count(packages(true).len()),
    }
}

/// Of what two quarters tell of one thing they say the same, but for a parcel's scan.
fn agreeing(own: Vec<Row>, before: &[Row]) -> Vec<Row> {
    let told = |row: &Row| before.iter().any(|known| known.measured_next && known.entry.name() == row.entry.name());
    own.into_iter().filter(|row| matches!(row.entry, Entry::Package(_)) || !told(row)).collect()
}

proptest! {
    #[test]
    fn f6_a_measure_is_what_sets_of_its_rows_come_to(own in any_rows(), before in any_rows()) {
        let fulfilled = |rows: Vec<Row>| -> Vec<Row> {
            let own = |row: &Row| !matches!(&row.entry, Entry::Package(package) if !package.seller_fulfilled);
            rows.into_iter().filter(own).collect()
        };
        let (own, before) = (fulfilled(agreeing(own, &before)), fulfilled(before));
        prop_assert_eq!(measure(&own, &before, LATER), by_sets(&own, &before));
    }

    #[test]
    fn f6_order_and_repetition_do_not_change_a_measure(
        (rows, shuffled) in any_rows().prop_flat_map(|rows| {
            let twice: Vec<_> = rows.iter().chain(&rows).cloned().collect();
            (Just(rows), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(measure(&rows, [], LATER), measure(&shuffled, [], LATER));
        prop_assert_eq!(measure([], &rows, LATER), measure([], &shuffled, LATER));
    }

    #[test]
    fn fee_10_what_one_quarter_leaves_to_the_next_is_measured_there_and_only_there(
        entries in prop::collection::btree_map(0_u16..99, any::<bool>(), 0..40)
    ) {
        let rows: Vec<_> = entries
            .iter()
            .map(|(id, later)| Row { entry: contact(*id, Counting::Counted), measured_next: *later })
            .collect();
        let (own, next) = (measure(&rows, [], LATER).contacts, measure([], &rows, LATER).contacts);
        prop_assert_eq!(own.saturating_add(next), count(rows.len()));
    }
}
