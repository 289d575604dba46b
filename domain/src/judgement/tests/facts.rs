//! The facts that stand in the record of a decision.

use super::*;

#[test]
fn jdg_2_a_record_has_the_facts_of_the_units_that_it_is_about() {
    let (early, late) = (Some(monday()), Some(monday() + minutes(60)));
    let lines = vec![
        Line { promised_by: early, ..line("i", COVERED) },
        Line { promised_by: late, ..line("j", COVERED) },
        Line { promised_by: late, ..line("k", uncovered(Uncovered::BeforeEnrollment)) },
    ];
    let order = order(lines);
    let inquiry = Inquiry { items: vec![id("i"), id("j"), id("k")], ..opened("damaged_item") };
    let facts = |items: &[&str]| {
        let units = items.iter().map(|item| Unit { item: id(item), ordinal: 1 }).collect();
        let deciding = Deciding { units, ..Deciding::plain(DecisionKind::RefundFull, "damaged") };
        decide(&matter(&inquiry, &order), &deciding, monday()).unwrap().facts
    };
    assert_eq!([&["i"][..], &["j"], &["i", "j"], &[]].map(|items| facts(items).promised_by), [early, late, late, late]);
    let answer = Deciding::plain(DecisionKind::Answer, "question_answered");
    let answered = decide(&matter(&inquiry, &order), &answer, monday()).unwrap();
    assert_eq!((answered.units, answered.facts.promised_by), (vec![], late), "one that gives nothing is about all");
}

#[test]
fn jdg_2_where_nothing_was_given_before_the_record_says_nothing_of_it() {
    let (inquiry, order) = (opened("damaged_item"), two());
    let record = decide(&matter(&inquiry, &order), &partly(400, "damaged"), monday()).unwrap();
    assert_eq!(record.facts.refunded, None);
}

#[test]
fn ret_4_what_is_refunded_without_return_is_borne_by_whoever_bore_the_return() {
    let (inquiry, order, mut known) = abroad();
    let end = utc("2017-06-10T12:00:00Z");
    for liable in [Liable::Seller, Liable::Store, Liable::Carrier, Liable::Customer] {
        known.decided[0].record.liable = liable;
        let matter = Matter { seller_country: Some("CN"), remedies: Some(&known), ..matter(&inquiry, &order) };
        assert_eq!(matter.without_return(&id("d0"), end).map(|record| record.liable), Some(liable));
    }
}
