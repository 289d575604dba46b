//! What is counted of the facts of a quarter, and what is shown of it.

use super::*;
use crate::{coverage::Fulfilment, fee::RateCard, order::Line, seller::Trial, store::Store};

#[test]
fn ins_2_facts_stand_each_on_its_own_day_in_their_order() {
    let us = store("US");
    let facts = vec![lacking("Weight", monday() + TimeDelta::days(1)), lacking("Width", monday())];
    let placed = Place::each(facts.clone(), us);
    let expected: Vec<_> = facts.into_iter().map(|fact| (Place::of(fact.at(), us), fact)).collect();
    assert_eq!(placed, expected);
    assert_eq!([&placed[0].0, &placed[1].0].map(|place| place.day), [day("2017-06-06"), day("2017-06-05")]);
}

#[test]
fn cov_3_a_contact_is_about_no_product_of_an_item_that_it_does_not_name() {
    let covered = Line { product: id("hat"), ..line("j", COVERED) };
    let bare = Line { product: id("shoes"), ..line("k", Coverage::Seller { why: Uncovered::AfterOptOut }) };
    let three = order(vec![line("i", COVERED), covered, bare]);
    assert_eq!(products_of(&three, &["j", "k"]), [id("hat")].into());
}

/// An order of one item that is shipped so, with what its shipment and a scan at this instant add.
fn shipped_by(fulfilment: Fulfilment, scanned_at: Instant) -> Vec<Fact> {
    let us = store("US");
    let (placed_at, now) = (utc("2026-09-01T12:00:00Z"), utc("2026-09-02T12:00:00Z"));
    let coverage = match fulfilment {
        Fulfilment::Seller => COVERED,
        Fulfilment::Store => Coverage::Seller { why: Uncovered::FulfilledByStore },
        Fulfilment::Prime => Coverage::Seller { why: Uncovered::SellerFulfilledPrime },
    };
    let before = Order { placed_at, ..order(vec![Line { fulfilment, ..line("i", coverage) }]) };
    let shipment = Shipment {
        id: id("p"),
        seller: id("s"),
        shipped_at: now,
        units: vec![(id("i"), 1)],
        replacement: false,
        protected_label: false,
    };
    let shipped = before.clone().ship(shipment, book(now, now, us.zone, None)).unwrap().unwrap();
    let scan = Scan { shipment: id("p"), scanned_at, delivered: false };
    let scanned = shipped.order.clone().scan(&scan).unwrap().unwrap();
    let facts = fact::metered(&before, &shipped, now, us);
    let facts = facts.into_iter().chain(fact::metered(&shipped.order, &scanned, now, us));
    facts.map(|(_, fact)| fact).collect()
}

#[test]
fn fee_7_only_parcels_of_the_sellers_own_count_and_as_scanned_before_the_end_of_their_quarter() {
    let end = utc("2026-10-01T07:00:00Z");
    let counted = |fulfilment, scanned_at| {
        let sum: Day = shipped_by(fulfilment, scanned_at).iter().collect();
        let measure = sum.measure();
        (measure.packages, measure.packages_scanned, measure.orders)
    };
    assert_eq!(counted(Fulfilment::Seller, end - MILLI), (1, 1, 1));
    assert_eq!(counted(Fulfilment::Seller, end), (1, 0, 1));
    assert_eq!(counted(Fulfilment::Seller, end + MILLI), (1, 0, 1));
    assert_eq!(counted(Fulfilment::Store, end - MILLI), (0, 0, 0), "the store sends it");
}

/// The rows of a quarter with these facts, beside one with none.
fn rows_of(store: &Store, facts: &[Fact], trial: Option<Trial>, now: Instant) -> Vec<Row> {
    let (today, before) = (facts.iter().collect::<Day>(), Day::default());
    let of_quarter = |quarter, day| Figures { quarter, head: None, measured: None, day };
    let this = quarter("2026Q3");
    figures(store, &of_quarter(this, &today), &of_quarter(this.previous(), &before), trial, now)
}

#[test]
fn ins_2_refunds_are_shown_by_their_topic_and_by_who_bears_them() {
    let facts = [
        resolved(1, 60, Liable::Seller, Some(500)),
        resolved(2, 60, Liable::Seller, Some(250)),
        resolved(3, 60, Liable::Carrier, Some(100)),
    ];
    let rows = rows_of(store("US"), &facts, None, utc("2026-08-20T09:00:00Z"));
    let shown = |metric: Metric| {
        let of_metric = rows.iter().filter(move |row| row.metric == metric);
        let figure = |row: &Row| (row.of.clone(), row.liable.clone(), row.quantity.value, row.previous.value);
        of_metric.map(figure).collect::<Vec<_>>()
    };
    let figure = |liable: &str, value| (Some("damaged_item".into()), Some(liable.into()), Some(value), Some(0));
    assert_eq!(shown(Metric::Refunds), [figure("seller", 2), figure("carrier", 1)]);
    assert_eq!(shown(Metric::RefundAmount), [figure("seller", 750), figure("carrier", 100)]);
}

#[test]
fn ins_1_the_days_that_are_left_of_a_trial_are_shown_of_this_quarter_alone() {
    let us = store("US");
    let trial = Trial { starts_at: utc("2026-07-01T07:00:00Z"), ends_at: utc("2026-09-29T07:00:00Z") };
    for (now, left) in [("2026-09-26T07:00:00Z", 3), ("2026-09-29T07:00:00Z", 0)] {
        let rows = rows_of(us, &[], Some(trial), utc(now));
        let row = rows.iter().find(|row| row.metric == Metric::TrialDaysLeft).unwrap();
        assert_eq!((row.quantity.value, row.previous.value), (Some(left), None), "{now}");
    }
}

#[test]
fn ins_2_a_card_that_begins_with_the_next_quarter_changes_nothing_of_the_one_that_is_over() {
    let this = quarter("2026Q2");
    let mut us = store("US").clone();
    let change = this.end(us.zone);
    us.rate_cards = us
        .rate_cards
        .into_iter()
        .map(|card| match card.until {
            Some(_) => RateCard { until: Some(change), ..card },
            None => RateCard { from: change, ..card },
        })
        .collect();
    let twelve = Measure { units_seller_fulfilled: 12, orders: 12, contacts: 1, ..Measure::default() };
    let (empty, head) = (Day::default(), head(this, twelve));
    let of_quarter = Figures { quarter: this, head: Some(&head), measured: None, day: &empty };
    for now in [change - MILLI, change, change + TimeDelta::days(99)] {
        assert_eq!(figures(&us, &of_quarter, &of_quarter, None, now)[0].quantity.value, Some(25), "{now}");
    }
}
