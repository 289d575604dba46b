use super::*;
use crate::testing::{MILLI, store, utc};
use iso_currency::Currency;
use proptest::prelude::*;

fn standard() -> &'static StandardPolicy {
    store("US").return_policy_at(utc("2017-06-05T12:00:00Z")).unwrap()
}

fn terms() -> ReturnTerms {
    standard().terms.clone()
}

/// Fields named, in order, and the words.
fn worse(own: &ReturnTerms) -> Vec<(&'static str, String)> {
    own.worse_than(&terms()).into_iter().map(|worse| (worse.field, worse.why)).collect()
}

fn until(category: Option<&str>, placed: &str, delivered: &str) -> Option<Instant> {
    standard().returnable_until(&terms(), category, utc(placed), utc(delivered), store("US").zone)
}

/// Whether something delivered then and placed a day earlier may be returned at this instant.
fn in_time(category: &str, placed: &str, delivered: &str, at: Instant) -> bool {
    until(Some(category), placed, delivered).is_some_and(|until| at < until)
}

#[test]
fn ret_1_terms_that_are_as_good_as_the_standard_or_better_are_worse_in_nothing() {
    assert_eq!(worse(&terms()), []);
    let better = ReturnTerms {
        window_days: 31,
        windows: BTreeMap::from([("baby".into(), 91), ("toys".into(), 30)]),
        non_returnable: BTreeSet::new(),
        return_shipping: Payer::Seller,
        restocking: Restocking { late: BasisPoints(1_999), used: BasisPoints(0), different: BasisPoints(10_000) },
    };
    assert_eq!(worse(&ReturnTerms { windows: BTreeMap::from([("baby".into(), 90)]), ..better.clone() }), []);
    assert_eq!(worse(&better), [], "the window of a category is held against the standard's, not against the own one");
}

#[test]
fn ret_1_every_field_that_is_worse_is_named_and_not_the_first_alone() {
    let own = ReturnTerms {
        window_days: 29,
        windows: BTreeMap::from([("baby".into(), 89), ("toys".into(), 29), ("books".into(), 30)]),
        non_returnable: terms().non_returnable.into_iter().chain(["books".into()]).collect(),
        return_shipping: Payer::Customer,
        restocking: Restocking { late: BasisPoints(2_001), used: BasisPoints(5_001), different: BasisPoints(10_001) },
    };
    let named: Vec<_> = worse(&own).into_iter().map(|(field, why)| format!("{field}: {why}")).collect();
    assert_eq!(
        named,
        [
            "window_days: 29 days, the standard 30",
            "windows: baby 89 days, the standard 90",
            "windows: toys 29 days, the standard 30",
            "non_returnable: books comes back by the standard",
            "restocking: late 20.01%, the standard 20%",
            "restocking: used 50.01%, the standard 50%",
            "restocking: different 100.01%, the standard 100%",
        ]
    );
}

#[test]
fn ret_1_a_category_without_days_of_its_own_has_the_general_ones_and_may_fall_behind_the_standard() {
    let none = BTreeMap::new();
    assert_eq!(worse(&ReturnTerms { windows: none.clone(), window_days: 89, ..terms() })[0].0, "windows");
    assert_eq!(worse(&ReturnTerms { windows: none, window_days: 90, ..terms() }), []);
}

#[test]
fn ret_1_the_way_back_is_worse_where_the_standard_lets_the_seller_pay_and_nowhere_else() {
    for (own, theirs, worse) in [
        (Payer::Customer, Payer::Seller, true),
        (Payer::Customer, Payer::Customer, false),
        (Payer::Seller, Payer::Customer, false),
        (Payer::Seller, Payer::Seller, false),
    ] {
        let of = |return_shipping| ReturnTerms { return_shipping, ..terms() };
        let named: Vec<_> = of(own).worse_than(&of(theirs)).into_iter().map(|worse| worse.field).collect();
        assert_eq!(named == ["return_shipping"], worse, "{own:?} {theirs:?}");
        assert_eq!(
            of(own).or_better(&of(theirs)).return_shipping == Payer::Customer,
            !worse && own == theirs && own == Payer::Customer
        );
    }
}

#[test]
fn ret_3_thirty_days_from_delivery_are_whole_days_of_the_store_and_the_last_counts_to_its_end() {
    // Delivered on 1 June at 23:30 in Los Angeles, which is 2 June in UTC: the last day is 1 July there.
    let end = utc("2017-07-02T07:00:00Z");
    for (at, ok) in [(end - MILLI, true), (end, false), (end + MILLI, false)] {
        assert_eq!(in_time("books", "2017-05-25T12:00:00Z", "2017-06-02T06:30:00Z", at), ok, "{at}");
    }
    assert_eq!(
        until(None, "2017-05-25T12:00:00Z", "2017-06-02T06:30:00Z"),
        Some(end),
        "no category is the general rule"
    );
}

#[test]
fn ret_3_baby_items_have_ninety_days_and_what_is_excepted_has_none() {
    assert_eq!(until(Some("baby"), "2017-05-25T12:00:00Z", "2017-06-01T12:00:00Z"), Some(utc("2017-08-31T07:00:00Z")));
    for category in ["customized", "gift_cards", "grocery", "hazardous", "live_plants"] {
        assert_eq!(until(Some(category), "2017-11-25T12:00:00Z", "2017-12-01T12:00:00Z"), None, "{category}");
    }
}

#[test]
fn ret_3_what_was_bought_in_november_and_december_comes_back_to_the_end_of_january() {
    let end = utc("2018-02-01T08:00:00Z");
    let bought = |placed: &str| until(Some("books"), placed, "2017-11-05T20:00:00Z");
    // 1 November begins at 07:00 UTC in Los Angeles, while summer time is still on there; 31 December ends at 08:00 UTC.
    assert_eq!(bought("2017-11-01T06:59:59.999Z"), Some(utc("2017-12-06T08:00:00Z")));
    assert_eq!(bought("2017-11-01T07:00:00Z"), Some(end));
    assert_eq!(bought("2017-11-01T07:00:00.001Z"), Some(end));
    let late = |placed: &str| until(Some("books"), placed, "2017-12-01T20:00:00Z");
    assert_eq!(late("2018-01-01T07:59:59.999Z"), Some(end));
    assert_eq!(late("2018-01-01T08:00:00Z"), Some(utc("2018-01-01T08:00:00Z")));
}

#[test]
fn ret_3_apple_comes_back_to_the_fifteenth_of_january_and_a_late_delivery_still_has_its_thirty_days() {
    let until = |category, delivered| until(Some(category), "2017-12-01T20:00:00Z", delivered);
    assert_eq!(until("apple", "2017-12-05T20:00:00Z"), Some(utc("2018-01-16T08:00:00Z")));
    assert_eq!(
        until("apple", "2017-12-16T20:00:00Z"),
        Some(utc("2018-01-16T08:00:00Z")),
        "thirty days end the same day"
    );
    assert_eq!(until("apple", "2017-12-17T20:00:00Z"), Some(utc("2018-01-17T08:00:00Z")));
    assert_eq!(until("books", "2018-01-02T20:00:00Z"), Some(utc("2018-02-02T08:00:00Z")));
    assert_eq!(until("baby", "2017-12-05T20:00:00Z"), Some(utc("2018-03-06T08:00:00Z")), "ninety days are longer");
}

#[test]
fn ret_3_the_fee_is_nothing_20_50_or_100_percent_by_condition_and_nothing_where_the_customer_is_not_to_blame() {
    use Condition::{Different, Original, Used};
    let price = Money::new(999, Currency::USD);
    for (condition, late, most) in [
        (Original, false, 0),
        (Original, true, 199),
        (Used, false, 499),
        (Used, true, 499),
        (Different, false, 999),
        (Different, true, 999),
    ] {
        for (liable, blameless) in [
            (Liable::Seller, true),
            (Liable::Carrier, true),
            (Liable::Store, true),
            (Liable::Customer, false),
            (Liable::Open, false),
        ] {
            let fee = terms().restocking_fee(price, condition, late, liable).minor;
            assert_eq!(fee, if blameless { 0 } else { most }, "{condition:?} {late} {liable:?}");
        }
    }
}

#[test]
fn ret_1_the_better_of_two_terms_is_taken_field_by_field() {
    let own = ReturnTerms {
        window_days: 60,
        windows: BTreeMap::from([("toys".into(), 20)]),
        non_returnable: BTreeSet::from(["books".into(), "grocery".into()]),
        return_shipping: Payer::Seller,
        restocking: Restocking { late: BasisPoints(0), used: BasisPoints(9_000), different: BasisPoints(10_000) },
    };
    let both = own.or_better(&terms());
    assert_eq!((both.window_days, both.return_shipping), (60, Payer::Seller));
    let days = |name| both.days(Some(name));
    assert_eq!((days("toys"), days("baby"), days("books")), (Some(30), Some(90), Some(30)));
    assert_eq!((days("grocery"), days("hazardous"), days("home")), (None, Some(60), Some(60)));
    assert_eq!(
        both.restocking,
        Restocking { late: BasisPoints(0), used: BasisPoints(5_000), different: BasisPoints(10_000) }
    );
}

fn any_terms() -> impl Strategy<Value = ReturnTerms> {
    let names = || prop::sample::select(vec!["baby".to_owned(), "books".into(), "grocery".into(), "toys".into()]);
    let shares = (0_u32..=10_000, 0_u32..=10_000, 0_u32..=10_000);
    let parts = (
        0_u64..100,
        prop::collection::btree_map(names(), 0_u64..100, 0..4),
        prop::collection::btree_set(names(), 0..3),
        any::<bool>(),
        shares,
    );
    parts.prop_map(|(window_days, windows, non_returnable, seller, (late, used, different))| ReturnTerms {
        window_days,
        windows,
        non_returnable,
        return_shipping: if seller { Payer::Seller } else { Payer::Customer },
        restocking: Restocking { late: BasisPoints(late), used: BasisPoints(used), different: BasisPoints(different) },
    })
}

proptest! {
    #[test]
    fn ret_1_the_better_of_two_terms_is_worse_than_neither(a in any_terms(), b in any_terms()) {
        let both = a.or_better(&b);
        prop_assert_eq!(both.worse_than(&a), []);
        prop_assert_eq!(both.worse_than(&b), []);
        prop_assert_eq!(a.or_better(&a).worse_than(&a), []);
    }

    #[test]
    fn ret_1_terms_are_worse_in_nothing_exactly_when_no_customer_is_worse_off(
        a in any_terms(), b in any_terms(), improved in any::<bool>()
    ) {
        let a = if improved { a.or_better(&b) } else { a };
        let categories = ["baby", "books", "grocery", "toys", "home"];
        let longer = categories.iter().all(|name| a.days(Some(name)) >= b.days(Some(name)));
        let shares = |terms: &ReturnTerms| terms.restocking.shares().map(|(_, share)| share);
        let cheaper = shares(&a).iter().zip(shares(&b)).all(|(own, most)| *own <= most);
        let sent = a.return_shipping == Payer::Seller || b.return_shipping == Payer::Customer;
        prop_assert_eq!(a.worse_than(&b).is_empty(), longer && cheaper && sent);
        prop_assert!(!improved || (longer && cheaper && sent));
    }

    #[test]
    fn ret_3_no_fee_is_negative_or_above_the_price(
        terms in any_terms(), minor in 0_i64..1_000_000, late in any::<bool>()
    ) {
        for condition in [Condition::Original, Condition::Used, Condition::Different] {
            let fee = terms.restocking_fee(Money::new(minor, Currency::USD), condition, late, Liable::Customer);
            prop_assert!((0..=minor).contains(&fee.minor));
        }
    }
}
