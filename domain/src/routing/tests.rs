use super::*;
use crate::{
    contact::Subject,
    outcome::RefusalKind,
    testing::{
        COVERED, MILLI, after_events, answered, at, contact, id, line, minutes, monday, order, store, topic, topics,
        uncovered,
    },
};
use chrono::TimeDelta;
use proptest::{prelude::*, sample};

fn plain() -> Order {
    order(vec![line("i", COVERED)])
}

fn take(contact: &Contact, thread: &Thread, inquiry: Option<&Inquiry>) -> Reception {
    receive(contact, topic(&contact.topic), Some(&plain()), thread, inquiry, store("US")).unwrap()
}

/// The thread and the inquiry after a first e-mail on [`monday`].
fn begun(code: &str) -> (Thread, Inquiry) {
    let reception = take(&contact("c1", code, monday()), &Thread::default(), None);
    (reception.thread.unwrap(), Inquiry::apply(None, &reception.events[0]).unwrap())
}

fn counting(reception: &Reception) -> Counting {
    reception.entry.as_ref().unwrap().counts
}

fn decided(inquiry: &Inquiry, now: Instant) -> Inquiry {
    let claimed = after_events(inquiry, &inquiry.claim(&id("a"), &at(monday())).unwrap());
    let record = answered(inquiry, now);
    after_events(&claimed, &claimed.decide(&id("a"), record, store("US"), &at(now)).unwrap())
}

fn owner(code: &str, coverage: Coverage) -> (Owner, Reason) {
    let order = order(vec![line("i", coverage)]);
    let Route { owner, reason } = route(topic(code), Some((&order, &[id("i")])), &BTreeSet::new());
    (owner, reason)
}

#[test]
fn rte_1_to_5_every_scope_with_every_coverage_has_one_owner_and_one_reason() {
    let all = [
        (COVERED, (Owner::Service, Reason::Covered)),
        (uncovered(Uncovered::FulfilledByStore), (Owner::Seller, Reason::FulfilledByStore)),
        (uncovered(Uncovered::SellerFulfilledPrime), (Owner::Seller, Reason::SellerFulfilledPrime)),
        (uncovered(Uncovered::BeforeEnrollment), (Owner::Seller, Reason::BeforeEnrollment)),
        (uncovered(Uncovered::EnrollmentGap), (Owner::Seller, Reason::EnrollmentGap)),
        (uncovered(Uncovered::AfterOptOut), (Owner::Seller, Reason::AfterOptOut)),
    ];
    for (coverage, expected) in all {
        for topic in topics().into_iter().filter(|topic| topic.scope == Scope::InScope) {
            assert_eq!(owner(&topic.code, coverage), expected, "{} {coverage:?}", topic.code);
        }
        assert_eq!(owner("pre_order", coverage), (Owner::Seller, Reason::PreOrder));
        assert_eq!(owner("invoice", coverage), (Owner::Seller, Reason::Invoice));
        assert_eq!(owner("customization", coverage), (Owner::Seller, Reason::Customization));
    }
}

#[test]
fn rte_2_a_contact_without_an_order_is_the_sellers() {
    let early = Contact { subject: None, ..contact("c1", "product_question", monday()) };
    let reception = receive(&early, topic("product_question"), None, &Thread::default(), None, store("US")).unwrap();
    assert_eq!(reception.routed.route, Route::to_seller(Reason::PreOrder));
    assert_eq!((reception.routed.order, reception.routed.inquiry), (None, None));
}

#[test]
fn rte_1_a_covered_contact_opens_an_inquiry_and_its_record_names_it() {
    let reception = take(&contact("c1", "late_delivery", monday()), &Thread::default(), None);
    let [InquiryEvent::Opened(inquiry)] = &reception.events[..] else { panic!("{:?}", reception.events) };
    assert_eq!(reception.routed.inquiry.as_ref(), Some(&inquiry.id));
    assert_eq!((&reception.routed.contact, &reception.routed.order), (&id("c1"), &Some(id("o"))));
    assert_eq!((inquiry.issue, inquiry.episode), (Family::Delivery, 1));
}

#[test]
fn cov_3_in_a_mixed_order_the_service_takes_the_covered_items_alone() {
    let order = order(vec![line("i", uncovered(Uncovered::FulfilledByStore)), line("j", COVERED)]);
    let about = |items: &[&str]| {
        let items = items.iter().map(|item| id(item)).collect();
        let contact =
            Contact { subject: Some(Subject { order: id("o"), items }), ..contact("c1", "quality", monday()) };
        receive(&contact, topic("quality"), Some(&order), &Thread::default(), None, store("US")).unwrap()
    };
    let both = about(&["i", "j"]);
    let [InquiryEvent::Opened(inquiry)] = &both.events[..] else { panic!("{:?}", both.events) };
    assert_eq!((both.routed.route.reason, &inquiry.items), (Reason::Covered, &vec![id("j")]));
    assert_eq!(about(&["i"]).routed.route, Route::to_seller(Reason::FulfilledByStore));
}

#[test]
fn rte_10_a_contact_about_an_order_that_is_not_known_yet_waits() {
    let contact = contact("c1", "quality", monday());
    let refusal = receive(&contact, topic("quality"), None, &Thread::default(), None, store("US")).unwrap_err();
    assert_eq!((refusal.kind, refusal.code), (RefusalKind::NotYet, "unknown_order"));
}

#[test]
fn rte_6_what_the_seller_took_over_stays_the_sellers_and_other_issues_do_not() {
    let (thread, inquiry) = begun("late_delivery");
    let taken = thread.take_over(Family::Delivery).unwrap();
    assert_eq!(taken.take_over(Family::Delivery), None, "once");
    let handed = after_events(&inquiry, &inquiry.seller_took_over(monday() + minutes(5)));
    for days in [0, 1, 14, 400] {
        let later = contact("c2", "where_is_my_order", monday() + TimeDelta::days(days));
        let reception = take(&later, &taken, Some(&handed));
        assert_eq!(reception.routed.route, Route::to_seller(Reason::SellerTookOver));
        assert!(reception.events.is_empty() && reception.thread.is_none() && reception.entry.is_none());
    }
    let other = take(&contact("c2", "quality", monday() + minutes(60)), &taken, None);
    assert_eq!(other.routed.route.owner, Owner::Service);
}

#[test]
fn rte_6_a_contact_about_something_else_does_not_continue_what_the_seller_took_over() {
    let (thread, _) = begun("late_delivery");
    let soon = contact("c2", "quality", monday() + minutes(10));
    assert_eq!(issue(&soon, topic("quality"), &thread), Family::Delivery);
    let taken = thread.take_over(Family::Delivery).unwrap();
    assert_eq!(issue(&soon, topic("quality"), &taken), Family::Product);
    let [InquiryEvent::Opened(inquiry)] = &take(&soon, &taken, None).events[..] else { panic!() };
    assert_eq!((inquiry.issue, inquiry.episode), (Family::Product, 1));
}

#[test]
fn rte_6_a_seller_that_wrote_first_has_the_issue_from_its_first_contact() {
    let taken = Thread::default().take_over(Family::Delivery).unwrap();
    let reception = take(&contact("c1", "late_delivery", monday()), &taken, None);
    assert_eq!(reception.routed.route, Route::to_seller(Reason::SellerTookOver));
}

#[test]
fn rte_9_within_fifteen_minutes_by_the_same_channel_it_is_the_same_contact() {
    let (thread, inquiry) = begun("late_delivery");
    for (apart, same) in [
        (minutes(0), true),
        (minutes(15) - MILLI, true),
        (minutes(15), true),
        (minutes(15) + MILLI, false),
        (minutes(-15) + MILLI, true),
        (minutes(-15), true),
        (minutes(-15) - MILLI, false),
    ] {
        let next = contact("c2", "quality", monday() + apart);
        let expected = if same { Family::Delivery } else { Family::Product };
        assert_eq!(issue(&next, topic("quality"), &thread), expected, "{apart}");
        let counted = counting(&take(&next, &thread, same.then_some(&inquiry)));
        assert_eq!(counted, if same { Counting::SameContact } else { Counting::Counted }, "{apart}");
        let by_phone = Contact { channel: Channel::Phone, ..next };
        assert_eq!(issue(&by_phone, topic("quality"), &thread), Family::Product, "{apart}: another channel");
    }
}

#[test]
fn rte_9_each_contact_begins_the_fifteen_minutes_anew_and_a_late_one_does_not_move_them_back() {
    let (thread, inquiry) = begun("late_delivery");
    let next = |name: &str, apart, thread: &Thread| {
        let reception = take(&contact(name, "late_delivery", monday() + minutes(apart)), thread, Some(&inquiry));
        (counting(&reception), reception.thread.unwrap())
    };
    let (second, thread) = next("c2", 14, &thread);
    let (late, thread) = next("c3", -60, &thread);
    let (third, _) = next("c4", 28, &thread);
    assert_eq!([second, late, third], [Counting::SameContact, Counting::Joined, Counting::SameContact]);
}

#[test]
fn rte_9_a_contact_on_the_same_order_and_issue_joins_the_open_inquiry_and_one_on_another_issue_does_not() {
    let (thread, inquiry) = begun("late_delivery");
    let joined = take(&contact("c2", "where_is_my_order", monday() + TimeDelta::days(30)), &thread, Some(&inquiry));
    assert!(matches!(joined.events[..], [InquiryEvent::ContactJoined { .. }]));
    assert_eq!((joined.routed.inquiry.as_ref(), counting(&joined)), (Some(&inquiry.id), Counting::Joined));
    let other = take(&contact("c2", "quality", monday() + TimeDelta::days(30)), &thread, None);
    assert_ne!(other.routed.inquiry, Some(inquiry.id));
}

#[test]
fn inq_1_a_contact_within_fourteen_days_of_the_resolution_reopens_and_a_later_one_opens_anew() {
    let (thread, inquiry) = begun("late_delivery");
    let resolved_at = monday() + TimeDelta::days(1);
    let resolved = decided(&inquiry, resolved_at);
    for (apart, reopens) in
        [(TimeDelta::days(14) - MILLI, true), (TimeDelta::days(14), true), (TimeDelta::days(14) + MILLI, false)]
    {
        let reception = take(&contact("c2", "late_delivery", resolved_at + apart), &thread, Some(&resolved));
        assert_eq!(matches!(reception.events[..], [InquiryEvent::Reopened { .. }]), reopens, "{apart}");
        let after = Inquiry::apply(Some(resolved.clone()), &reception.events[0]).unwrap();
        assert!(after.is_live());
        assert_eq!((after.id == inquiry.id, after.episode), (reopens, if reopens { 1 } else { 2 }), "{apart}");
        assert_eq!(reception.routed.inquiry, Some(after.id));
        assert_eq!(counting(&reception), Counting::Counted, "{apart}");
    }
}

#[test]
fn fee_4_the_same_contact_once_more_does_not_count_though_it_reopens_what_was_just_resolved() {
    let (thread, inquiry) = begun("late_delivery");
    let resolved = decided(&inquiry, monday() + minutes(5));
    let again = take(&contact("c2", "late_delivery", monday() + minutes(10)), &thread, Some(&resolved));
    assert!(matches!(again.events[..], [InquiryEvent::Reopened { .. }]));
    assert_eq!(counting(&again), Counting::SameContact);
}

#[test]
fn fee_4_a_topic_that_does_not_count_is_recorded_with_that_rule() {
    let silent = Topic { counts: false, ..topic("late_delivery").clone() };
    let first = contact("c1", "late_delivery", monday());
    let reception = receive(&first, &silent, Some(&plain()), &Thread::default(), None, store("US")).unwrap();
    assert_eq!(counting(&reception), Counting::TopicNotCounted);
    let entry = reception.entry.unwrap();
    assert_eq!((entry.contact, entry.order, entry.received_at), (id("c1"), id("o"), monday()));
}

#[test]
fn fee_4_a_contact_that_is_not_ours_is_not_recorded_for_the_fee() {
    for code in ["pre_order", "invoice", "customization"] {
        let reception = take(&contact("c1", code, monday()), &Thread::default(), None);
        assert!(reception.entry.is_none() && reception.thread.is_none() && reception.events.is_empty(), "{code}");
    }
}

/// One thing that happens around an order, and how many minutes after the last.
#[derive(Debug, Clone)]
enum Happening {
    Contact(&'static str, Channel),
    TakenOver(Family),
    Resolved(Family),
}

fn happenings() -> impl Strategy<Value = Vec<(Happening, i64)>> {
    let code = sample::select(vec!["late_delivery", "lost_in_transit", "quality", "return_request", "invoice"]);
    let channel = sample::select(vec![Channel::Phone, Channel::Email]);
    let family = || sample::select(vec![Family::Delivery, Family::Product, Family::Return]);
    let happening = prop_oneof![
        6 => (code, channel).prop_map(|(code, channel)| Happening::Contact(code, channel)),
        1 => family().prop_map(Happening::TakenOver),
        2 => family().prop_map(Happening::Resolved),
    ];
    prop::collection::vec((happening, prop_oneof![4 => -20_i64..20, 1 => 0_i64..40_000]), 0..30)
}

proptest! {
    #[test]
    fn r5_rte_6_an_issue_that_the_seller_took_over_leaves_once_and_never_comes_back(happenings in happenings()) {
        let (mut now, mut thread) = (monday(), Thread::default());
        let mut latest: BTreeMap<Family, Inquiry> = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for (n, (happening, step)) in happenings.into_iter().enumerate() {
            now += minutes(step);
            match happening {
                Happening::TakenOver(family) => {
                    thread = thread.take_over(family).unwrap_or(thread);
                    if let Some(inquiry) = latest.get_mut(&family) {
                        *inquiry = after_events(inquiry, &inquiry.seller_took_over(now));
                    }
                }
                Happening::Resolved(family) => {
                    if let Some(inquiry) = latest.get_mut(&family).filter(|inquiry| inquiry.is_live()) {
                        *inquiry = decided(inquiry, now);
                        inquiry.decisions.clear();
                    }
                }
                Happening::Contact(code, channel) => {
                    let contact = Contact { channel, ..contact(&format!("c{n}"), code, now) };
                    let filed = issue(&contact, topic(code), &thread);
                    let taken = thread.taken_over.contains(&topic(code).family);
                    let reception = take(&contact, &thread, latest.get(&filed));
                    if taken || code == "invoice" {
                        prop_assert_eq!(reception.routed.route.owner, Owner::Seller);
                        prop_assert!(reception.events.is_empty());
                        continue;
                    }
                    let [event] = &reception.events[..] else { return Err(TestCaseError::fail("one event")) };
                    let inquiry = Inquiry::apply(latest.get(&filed).cloned(), event).unwrap();
                    prop_assert_eq!(inquiry.issue, filed);
                    prop_assert_eq!(reception.routed.inquiry.as_ref(), Some(&inquiry.id));
                    if matches!(event, InquiryEvent::Opened(_)) {
                        prop_assert!(ids.insert(inquiry.id.clone()), "no two inquiries have one id");
                    }
                    latest.insert(filed, inquiry);
                    thread = reception.thread.unwrap();
                }
            }
            for family in &thread.taken_over {
                prop_assert!(latest.get(family).is_none_or(|inquiry| !inquiry.is_live()));
            }
        }
    }
}

#[test]
fn a_thread_and_a_routed_contact_are_read_back_as_they_were_written() {
    let (thread, _) = begun("late_delivery");
    let thread = thread.take_over(Family::Product).unwrap();
    assert_eq!(serde_json::from_str::<Thread>(&serde_json::to_string(&thread).unwrap()).unwrap(), thread);
    let routed = take(&contact("c1", "quality", monday()), &Thread::default(), None).routed;
    assert_eq!(serde_json::from_str::<RoutedContact>(&serde_json::to_string(&routed).unwrap()).unwrap(), routed);
}

/// An e-mail that the seller brought.
fn brought(name: &str, code: &str, received_at: Instant) -> Contact {
    Contact { transferred: true, mailable: false, ..contact(name, code, received_at) }
}

#[test]
fn fee_4_rte_8_what_a_seller_hands_over_never_counts_and_arrives_as_any_contact() {
    let (thread, inquiry) = begun("late_delivery");
    let resolved = decided(&inquiry, monday() + minutes(30));
    for (latest, arrival) in
        [(None, Arrival::Opened), (Some(&inquiry), Arrival::Joined), (Some(&resolved), Arrival::Reopened)]
    {
        let reception = take(&brought("c2", "late_delivery", monday() + minutes(60)), &thread, latest);
        assert_eq!((counting(&reception), reception.routed.arrival), (Counting::Transferred, Some(arrival)));
        let own = take(&contact("c2", "late_delivery", monday() + minutes(60)), &thread, latest);
        assert_eq!(own.routed, reception.routed, "by the same routing");
    }
}

#[test]
fn rte_8_rte_9_what_a_seller_hands_over_continues_no_contact_and_none_continues_it() {
    let (thread, inquiry) = begun("late_delivery");
    let near = brought("c2", "quality", monday() + minutes(5));
    assert_eq!(issue(&near, topic("quality"), &thread), Family::Product);
    let reception = take(&near, &thread, None);
    assert_eq!(reception.thread.as_ref(), Some(&thread), "the customer's last contact is what it was");
    let next = contact("c3", "late_delivery", monday() + minutes(16));
    assert_eq!(counting(&take(&next, &reception.thread.unwrap(), Some(&inquiry))), Counting::Joined);
    let first = take(&brought("c1", "quality", monday()), &Thread::default(), None);
    let follows = contact("c2", "late_delivery", monday() + minutes(1));
    assert_eq!(issue(&follows, topic("late_delivery"), &first.thread.unwrap()), Family::Delivery);
}

#[test]
fn rte_8_rte_6_what_the_seller_took_over_cannot_be_handed_back() {
    let thread = Thread::default().take_over(Family::Delivery).unwrap();
    let reception = take(&brought("c1", "late_delivery", monday()), &thread, None);
    assert_eq!(reception.routed.route, Route::to_seller(Reason::SellerTookOver));
    assert_eq!((reception.routed.inquiry, reception.routed.arrival, reception.entry), (None, None, None));
}
