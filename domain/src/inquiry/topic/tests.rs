use super::*;
use crate::{
    guess::{Guess, Witness},
    outcome::RefusalKind,
    testing::{after_events, at, id, minutes, monday, opened, topic, topics},
    topic::Family,
};

/// An inquiry of unclear topic, and the same in the hands of `a`.
fn unclear() -> Inquiry {
    let guess = Guess { topic: "invoice".into(), percent: 97, by: Witness::Both };
    let open = Inquiry { source: Source::Unclear { guess: Some(guess) }, ..opened("other") };
    after_events(&open, &open.claim(&id("a"), &at(monday())).unwrap())
}

fn choose(inquiry: &Inquiry, code: &str, thread: &Thread, latest: Option<&Inquiry>) -> Choice {
    inquiry.choose_topic(&id("a"), topic(code), thread, latest, &at(monday() + minutes(9))).unwrap()
}

fn entry(code: &str, counts: Counting) -> ContactEntry {
    ContactEntry { contact: id("c1"), order: id("o"), topic: code.into(), received_at: monday(), counts }
}

#[test]
fn rte_12_a_chosen_topic_of_another_family_stays_where_it_is_filed_and_the_thread_knows() {
    let inquiry = unclear();
    let choice = choose(&inquiry, "late_delivery", &Thread::default(), None);
    let after = after_events(&inquiry, &choice.outcome);
    assert_eq!((after.topic.as_str(), after.issue, &after.id), ("late_delivery", Family::Other, &inquiry.id));
    assert_eq!((after.source.clone(), after.is_unclear()), (Source::Chosen { associate: id("a") }, false));
    assert_eq!(choice.thread.issue_of(Family::Delivery), Family::Other);
    assert_eq!(choice.thread.issue_of(Family::Product), Family::Product);
    let again = choose(&after, "quality", &choice.thread, None);
    assert_eq!(again.thread.issue_of(Family::Product), Family::Other);
    assert_eq!(again.thread.issue_of(Family::Delivery), Family::Delivery, "it is about that no more");
    let back = choose(&after, "other", &choice.thread, Some(&after));
    assert!(back.thread.filed.is_empty());
    assert_eq!(after_events(&after, &back.outcome).topic, "other");
}

#[test]
fn rte_12_choosing_what_it_has_changes_nothing_but_where_it_was_unclear() {
    let inquiry = unclear();
    let first = choose(&inquiry, "other", &Thread::default(), Some(&inquiry));
    let chosen = after_events(&inquiry, &first.outcome);
    assert!(!chosen.is_unclear() && !first.outcome.is_unchanged());
    assert!(choose(&chosen, "other", &Thread::default(), Some(&chosen)).outcome.is_unchanged());
}

#[test]
fn rte_4_a_chosen_topic_that_is_not_ours_hands_the_inquiry_over_with_that_reason() {
    for (code, expected) in
        [("pre_order", HandOver::PreOrder), ("invoice", HandOver::Invoice), ("customization", HandOver::Customization)]
    {
        let inquiry = unclear();
        let choice = choose(&inquiry, code, &Thread::default(), None);
        let after = after_events(&inquiry, &choice.outcome);
        assert!(!after.is_live() && after.topic == code);
        let [_, InquiryEvent::HandedToSeller { at, reason }] = choice.outcome.events[..] else { panic!("{code}") };
        assert_eq!((at, reason), (monday() + minutes(9), expected));
        assert_eq!((choice.counts, choice.thread), (Counting::TopicNotCounted, Thread::default()));
        let refused = after.choose_topic(&id("a"), topic("quality"), &Thread::default(), None, &at_now()).unwrap_err();
        assert_eq!((refused.kind, refused.code), (RefusalKind::State, "not_open"));
    }
}

fn at_now() -> At {
    at(monday() + minutes(10))
}

#[test]
fn rte_6_a_chosen_topic_of_an_issue_that_the_seller_took_over_hands_the_inquiry_over() {
    let taken = Thread::default().take_over(Family::Delivery).unwrap();
    let choice = choose(&unclear(), "late_delivery", &taken, None);
    assert!(matches!(
        choice.outcome.events[..],
        [_, InquiryEvent::HandedToSeller { reason: HandOver::SellerTookOver, .. }]
    ));
    assert_eq!((choice.thread, choice.counts), (taken.clone(), Counting::Counted), "it was ours until then");
    let other = choose(&unclear(), "quality", &taken, None);
    assert_eq!(other.outcome.events.len(), 1, "another issue is still ours");
}

#[test]
fn rte_6_what_the_seller_took_over_is_filed_nowhere_else_any_more() {
    let thread = Thread::default().file(Family::Delivery, Family::Other).file(Family::Refund, Family::Return);
    let taken = thread.take_over(Family::Delivery).unwrap();
    assert_eq!((taken.issue_of(Family::Delivery), taken.issue_of(Family::Refund)), (Family::Delivery, Family::Return));
    let taken = thread.take_over(Family::Return).unwrap();
    assert_eq!((taken.issue_of(Family::Delivery), taken.issue_of(Family::Refund)), (Family::Other, Family::Refund));
}

#[test]
fn rte_9_a_chosen_topic_whose_issue_is_live_merges_the_inquiry_into_that_one() {
    let (inquiry, live) = (unclear(), opened("late_delivery"));
    let choice = choose(&inquiry, "lost_in_transit", &Thread::default(), Some(&live));
    let [_, InquiryEvent::Merged { into, .. }] = &choice.outcome.events[..] else { panic!("{choice:?}") };
    assert_eq!((into, choice.counts), (&live.id, Counting::Joined));
    let goes_on = after_events(&live, &choice.absorbed);
    assert_eq!(goes_on.contacts, [live.contacts.clone(), inquiry.contacts.clone()].concat());
    assert_eq!(choice.thread.issue_of(inquiry.issue), live.issue, "whatever comes about it goes on there");
    let handed = after_events(&live, &live.seller_took_over(monday()));
    let alone = choose(&inquiry, "lost_in_transit", &Thread::default(), Some(&handed));
    assert_eq!(alone.outcome.events.len(), 1, "one that is over goes on no more");
}

#[test]
fn rte_12_only_who_holds_the_inquiry_says_what_it_is_about() {
    let refused = |inquiry: &Inquiry, who: &str| {
        inquiry.choose_topic(&id(who), topic("quality"), &Thread::default(), None, &at_now()).unwrap_err().code
    };
    assert_eq!(refused(&opened("other"), "a"), "not_claimed");
    assert_eq!(refused(&unclear(), "b"), "already_claimed");
    let asked = after_events(&unclear(), &unclear().ask_seller(&id("a"), &id("r"), &at(monday())).unwrap());
    assert_eq!(refused(&asked, "a"), "waiting_for_seller");
}

#[test]
fn fee_4_a_contact_is_counted_by_the_chosen_topic_and_what_another_rule_counted_stays() {
    let inquiry = unclear();
    let recounted = |code: &str, latest: Option<&Inquiry>, entry: &ContactEntry| {
        choose(&inquiry, code, &Thread::default(), latest).recount(&inquiry, topic(code), entry)
    };
    let counted = entry("other", Counting::Counted);
    assert_eq!(recounted("invoice", None, &counted), Some(entry("invoice", Counting::TopicNotCounted)));
    assert_eq!(recounted("quality", None, &counted), Some(entry("quality", Counting::Counted)));
    let live = opened("quality");
    assert_eq!(recounted("quality", Some(&live), &counted), Some(entry("quality", Counting::Joined)));
    assert_eq!(recounted("other", None, &counted), None, "nothing changes");
    for rule in [Counting::Joined, Counting::SameContact, Counting::Reversed] {
        assert_eq!(recounted("invoice", None, &entry("other", rule)), None, "{rule:?}");
    }
    assert_eq!(recounted("invoice", None, &entry("billing", Counting::Counted)), None, "it came with its own topic");
}

#[test]
fn rte_12_an_inquiry_is_about_any_topic_of_the_book_that_is_chosen() {
    for one in topics() {
        let choice = choose(&unclear(), &one.code, &Thread::default(), None);
        assert_eq!(after_events(&unclear(), &choice.outcome).topic, one.code);
    }
}
