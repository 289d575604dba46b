use super::*;
use crate::{
    coverage::Uncovered,
    order::Line,
    routing::{Reception, Route, Thread, receive},
    testing::{COVERED, at, id, line, monday, order, store, topic, uncovered},
};
use proptest::{prelude::*, sample};

fn told(order: Option<&str>, text: &str) -> Told {
    Told {
        order: order.map(id),
        topic: "late_delivery".into(),
        text: text.into(),
        language: None,
        source: Source::Told,
        by_mail: false,
    }
}

fn found(text: &str) -> Vec<String> {
    order_ids(text).into_iter().map(String::from).collect()
}

/// An order of this name; `s` sells its items `i` and `j`, `t` sells `k`.
fn named(name: &str) -> Order {
    let lines = vec![line("i", COVERED), line("j", COVERED), Line { seller: id("t"), ..line("k", COVERED) }];
    Order { id: id(name), ..order(lines) }
}

fn transfer(text: &str) -> Transfer {
    Transfer::of(&told(None, text), &named("o-1"), &id("s"), "u".into(), &at(monday()))
}

fn routed(coverage: crate::coverage::Coverage) -> Reception {
    of(&told(None, "o-1"), coverage).1
}

/// The contact of a transfer, and where it was routed.
fn of(told: &Told, coverage: crate::coverage::Coverage) -> (Contact, Reception) {
    let order = Order { id: id("o-1"), ..order(vec![line("i", coverage)]) };
    let transfer = Transfer::of(told, &order, &id("s"), "u".into(), &at(monday()));
    let contact = transfer.routed_as(told, &order, store("US"));
    let none = Thread::default();
    let reception = receive(&contact, topic("late_delivery"), Some(&order), &none, None, store("US")).unwrap();
    (contact, reception)
}

#[test]
fn rte_8_an_order_id_is_found_in_the_text_of_any_language() {
    for text in [
        "111-2223334-4445556",
        "Where is order 111-2223334-4445556?",
        "Order #111-2223334-4445556.",
        "(111-2223334-4445556), please",
        "order:111-2223334-4445556; thanks",
        "Bestellnummer: 111-2223334-4445556, danke",
        "n.º de pedido 111-2223334-4445556…",
        "订单号111-2223334-4445556的客户",
        "订单号:１１１－２２２３３３４－４４４５５５６。",
        "注文番号「111‑2223334‑4445556」",
        "<a href=\"https://shop.example/orders/111-2223334-4445556?ref=x\">",
        "the order is 111-2223334-\n4445556, and",
        "> the order is 111-\r\n> 2223334-4445556, and",
        "111-\u{200b}2223334-4445556",
    ] {
        assert!(found(text).contains(&"111-2223334-4445556".to_owned()), "{text:?}: {:?}", found(text));
    }
}

#[test]
fn rte_8_several_ids_are_found_in_the_order_of_the_text_each_once() {
    assert_eq!(found("o-2, then o-1, then o-2 again"), ["o-2", "o-1"]);
    assert_eq!(found("--o-1-- __o_2__ ...o.3..."), ["o-1", "o_2", "o.3"]);
}

#[test]
fn rte_8_a_text_without_a_digit_names_no_order() {
    for text in ["", " ", "Where are my shoes?", "order-number", "…", "1", "a"] {
        assert_eq!(found(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn rte_8_no_more_are_looked_for_than_forty() {
    let text = |ids: usize| (1..=ids).map(|n| format!("o-{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!([39, 40, 41].map(|ids| found(&text(ids)).len()), [39, 40, 40]);
    assert_eq!(found(&text(41)).last().unwrap(), "o-40");
}

#[test]
fn rte_8_what_is_too_long_for_an_id_is_none() {
    assert_eq!(found(&"1".repeat(64)), ["1".repeat(64)]);
    assert_eq!(found(&"1".repeat(65)), Vec::<String>::new());
}

#[test]
fn rte_8_the_order_that_is_named_counts_and_else_what_the_text_names() {
    assert_eq!(told(Some("x"), "it is o-1").named(), [id::<OrderId>("x")]);
    assert_eq!(told(None, "it is o-1").named(), [id::<OrderId>("o-1")]);
}

#[test]
fn rte_8_acc_3_the_only_order_in_which_the_seller_sells_is_meant_and_of_others_nothing_is_said() {
    let (mine, also_mine) = (named("o-1"), named("o-2"));
    let theirs = Order { id: id("o-3"), ..order(vec![Line { seller: id("t"), ..line("i", COVERED) }]) };
    let all = [id("o-1"), id("o-2"), id("o-3"), id("2026-08-03")];
    let chosen =
        |known: &[&Order]| about(&all, known.iter().copied(), &id("s")).map(|order| order.id.as_str().to_owned());
    assert_eq!(chosen(&[&theirs, &mine]), Ok("o-1".to_owned()));
    assert_eq!(chosen(&[&theirs]), chosen(&[]), "another seller's is as absent");
    assert_eq!(chosen(&[]), Err(Unclear::NotTheSellers));
    assert_eq!(chosen(&[&mine, &also_mine]), Err(Unclear::Several(vec![id("o-1"), id("o-2")])));
    assert_eq!(about(&[], [], &id("s")), Err(Unclear::NoneNamed));
}

#[test]
fn rte_8_a_transfer_is_the_customers_contact_about_all_that_the_seller_sells_in_the_order() {
    let (order, told) = (named("o-1"), told(None, "o-1 is late"));
    let transfer = Transfer::of(&told, &order, &id("s"), "u".into(), &at(monday()));
    let contact = transfer.routed_as(&told, &order, store("US"));
    assert_eq!(contact.subject, Some(Subject { order: id("o-1"), items: vec![id("i"), id("j")] }));
    assert_eq!((&contact.id, &contact.customer, &contact.seller), (&transfer.contact, &order.customer, &id("s")));
    assert!(contact.transferred && !contact.mailable && !contact.channel.is_real_time());
    assert_eq!((contact.language.as_str(), contact.received_at), (store("US").languages[0].as_str(), monday()));
    let spanish = Told { language: Some("es".into()), ..told };
    assert_eq!(transfer.routed_as(&spanish, &order, store("US")).language, "es");
}

#[test]
fn rte_8_the_same_words_about_the_same_order_are_the_same_transfer() {
    let first = transfer("o-1 is late");
    let later = at(monday() + chrono::TimeDelta::days(3));
    let again = |told: &Told, order: &Order, seller: &str| {
        Transfer::of(told, order, &id(seller), "another".into(), &later).contact
    };
    let order = named("o-1");
    assert_eq!(again(&told(None, "o-1  is\n late "), &order, "s"), first.contact, "laid out otherwise");
    assert_eq!(again(&told(Some("o-1"), "o-1 is late"), &order, "s"), first.contact, "and named besides");
    assert_ne!(again(&told(None, "o-1 is lost"), &order, "s"), first.contact);
    assert_ne!(again(&told(None, "o-1 is late"), &named("o-2"), "s"), first.contact);
    assert_ne!(again(&told(None, "o-1 is late"), &order, "t"), first.contact);
}

#[test]
fn rte_8_the_seller_is_told_what_became_of_it() {
    assert_eq!(outcome(None), Outcome::Pending);
    let taken = routed(COVERED).routed;
    let case_id = taken.inquiry.clone().unwrap();
    assert_eq!(outcome(Some(&taken)), Outcome::Taken { case_id, arrival: Some(Arrival::Opened) });
    let route = Route { owner: Owner::Seller, ..taken.route };
    let theirs = RoutedContact { route, ..taken };
    assert_eq!(outcome(Some(&theirs)), Outcome::NotCovered { reason: Reason::Covered }, "whoever owns it now");
    let stays = routed(uncovered(Uncovered::AfterOptOut)).routed;
    assert_eq!(outcome(Some(&stays)), Outcome::NotCovered { reason: Reason::AfterOptOut });
}

#[test]
fn rte_8_who_forwarded_a_mail_is_mailed_what_became_of_it_and_who_asked_over_the_api_is_not() {
    for coverage in [COVERED, uncovered(Uncovered::AfterOptOut)] {
        let told = |by_mail| Told { by_mail, ..told(None, "o-1") };
        let (contact, Reception { routed, .. }) = of(&told(true), coverage);
        let kind = NoticeKind::TransferRouted { order: id("o-1"), outcome: outcome(Some(&routed)) };
        let notice = Notice::to_seller(&id("US"), &id("s"), kind, &[contact.id.as_str()]);
        assert_eq!(mailed_outcome(&contact, &routed), Some(notice));
        let (contact, Reception { routed, .. }) = of(&told(false), coverage);
        assert_eq!(mailed_outcome(&contact, &routed), None);
    }
}

#[test]
fn rte_8_a_transfer_is_read_back_as_it_was_written() {
    let transfer = transfer("o-1 is late");
    let text = serde_json::to_string(&transfer).unwrap();
    assert_eq!(serde_json::from_str::<Transfer>(&text).unwrap(), transfer, "{text}");
}

/// An id with a digit in it, which does not begin or end with punctuation.
fn an_id() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{0,9}[0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?".prop_filter("more than one", |id| id.len() > 1)
}

/// What may stand around an id: everything but an id's own characters and what stands for them.
fn around() -> impl Strategy<Value = String> {
    let marks: Vec<char> = " \n\t,;:!?#/()[]{}<>\"'=&@*~|´`订单号注文「」“”…é".chars().collect();
    prop::collection::vec(sample::select(marks), 1..6).prop_map(|marks| marks.into_iter().collect())
}

proptest! {
    #[test]
    fn rte_8_an_id_is_found_whatever_stands_around_it(before in ".*", left in around(), id in an_id(), right in around()) {
        let many = order_ids(&before).len();
        let found = found(&format!("{before}{left}{id}{right}"));
        prop_assert!(many >= MOST || found.contains(&id), "{id:?} is not in {found:?}");
    }

    #[test]
    fn rte_8_ids_that_are_found_are_few_each_once_and_found_again(text in ".*|[0-9a-c. >\n-]{0,200}") {
        let ids = found(&text);
        prop_assert!(ids.len() <= MOST);
        let once: std::collections::BTreeSet<_> = ids.iter().collect();
        prop_assert_eq!(once.len(), ids.len());
        prop_assert_eq!(found(&ids.join(" ")), ids);
    }
}
