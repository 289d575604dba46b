mod arrows;

use super::*;
use crate::{
    contact::Contact,
    outcome::FollowUp,
    question::{Question, QuestionKind},
    request::RequestEvent,
    routing::Thread,
    testing::{
        COVERED, MILLI, after_events, answered, at, contact, id, line, matter, minutes, monday, opened, order, store,
        topic,
    },
};
use chrono::TimeDelta;
use proptest::prelude::*;

fn ann() -> AssociateId {
    id("ann")
}

fn bob() -> AssociateId {
    id("bob")
}

fn asked(inquiry: &Inquiry, cause: &str, now: Instant) -> Request {
    let question = Question { kind: QuestionKind::ShippingStatus, text: "Where is it?".into(), gap: None };
    let outcome = Request::ask(inquiry, question, &At { cause: cause.into(), ..at(now) });
    let [RequestEvent::Asked(request)] = &outcome.events[..] else { panic!("{outcome:?}") };
    (**request).clone()
}

fn claimed(inquiry: &Inquiry) -> Inquiry {
    after_events(inquiry, &inquiry.claim(&ann(), &at(monday())).unwrap())
}

/// Claimed by Ann, who asked the seller at once.
fn waiting(code: &str) -> (Inquiry, Request) {
    let working = claimed(&opened(code));
    let request = asked(&working, "cause", monday());
    (after_events(&working, &working.ask_seller(&ann(), &request.id, &at(monday())).unwrap()), request)
}

fn working_since(idle_since: Instant) -> Status {
    Status::Working { associate: ann(), idle_since, judgement_owed: false }
}

/// Another matter of the same customer.
fn another() -> Inquiry {
    opened("quality")
}

/// One inquiry in each status, all Ann's.
fn each_status() -> [Inquiry; 7] {
    let open = opened("late_delivery");
    let working = claimed(&open);
    let (waiting_seller, _) = waiting("late_delivery");
    let waiting_customer = after_events(&working, &working.answer(&ann(), &at(monday())).unwrap());
    let record = answered(&working, monday());
    let resolved = after_events(&working, &working.decide(&ann(), record, store("US"), &at(monday())).unwrap());
    let handed = after_events(&working, &working.seller_took_over(monday()));
    let merged = after_events(
        &working,
        &working.merge_into(&another(), &ann(), &Thread::default(), &at(monday())).unwrap().merged,
    );
    [open, working, waiting_seller, waiting_customer, resolved, handed, merged]
}

fn silence(inquiry: &Inquiry, request: &Request, now: Instant) -> Outcome<InquiryEvent> {
    let order = order(vec![line("i", COVERED)]);
    let judged = matter(inquiry, &order).after_silence(request, now);
    inquiry.seller_silent(request, judged, store("US"), &at(now))
}

#[test]
fn inq_1_only_who_holds_an_inquiry_works_on_it_and_each_refusal_says_why() {
    for (inquiry, decidable) in each_status().iter().zip([false, true, false, true, false, false, false]) {
        assert_eq!(inquiry.decidable(&ann()).is_ok(), decidable, "{:?}", inquiry.status);
        assert!(inquiry.decidable(&bob()).is_err(), "{:?}", inquiry.status);
    }
    let codes = |who: &AssociateId| -> Vec<[&str; 4]> {
        let code =
            |answer: Result<Outcome<InquiryEvent>, Refusal>| answer.map_or_else(|refusal| refusal.code, |_| "ok");
        let row = |inquiry: &Inquiry| {
            [
                code(inquiry.claim(who, &at(monday()))),
                code(inquiry.ask_seller(who, &id("r"), &at(monday()))),
                code(inquiry.answer(who, &at(monday()))),
                code(inquiry.decide(who, answered(inquiry, monday()), store("US"), &at(monday()))),
            ]
        };
        each_status().iter().map(row).collect()
    };
    let waits = "waiting_for_seller";
    let taken = "already_claimed";
    assert_eq!(
        codes(&ann()),
        [
            ["ok", "not_claimed", "not_claimed", "not_claimed"],
            ["ok", "ok", "ok", "ok"],
            [taken, waits, waits, waits],
            [taken, "ok", "ok", "ok"],
            ["not_open"; 4],
            ["not_open"; 4],
            ["not_open"; 4],
        ]
    );
    assert_eq!(
        codes(&bob()),
        [
            ["ok", "not_claimed", "not_claimed", "not_claimed"],
            [taken; 4],
            [taken, waits, waits, waits],
            [taken; 4],
            ["not_open"; 4],
            ["not_open"; 4],
            ["not_open"; 4],
        ]
    );
}

#[test]
fn inq_4_the_refusal_names_who_works_on_it_and_claiming_what_one_has_changes_nothing() {
    let working = claimed(&opened("quality"));
    assert_eq!(working.claim(&ann(), &at(monday())), Ok(Outcome::unchanged()));
    let ann_has_it = "ann works on this inquiry; a lead can give it to you.";
    assert_eq!(working.claim(&bob(), &at(monday())).unwrap_err().sentence, ann_has_it);
    let [.., resolved, handed, merged] = each_status();
    let is_over = "This inquiry is resolved; it opens again when the customer writes about it in time.";
    assert_eq!(resolved.claim(&ann(), &at(monday())).unwrap_err().sentence, is_over);
    let is_theirs = "The seller has taken this inquiry over; there is nothing more to do here.";
    assert_eq!(handed.claim(&ann(), &at(monday())).unwrap_err().sentence, is_theirs);
    let goes_on = format!("This inquiry goes on as {}: open that one.", another().id);
    assert_eq!(merged.claim(&ann(), &at(monday())).unwrap_err().sentence, goes_on);
}

#[test]
fn inq_1_an_inquiry_is_merged_by_who_holds_it_into_another_live_one_of_the_same_customer() {
    let mine = claimed(&opened("late_delivery"));
    let merge = |other: &Inquiry, who: &AssociateId| {
        mine.merge_into(other, who, &Thread::default(), &at(monday())).map_err(|no| no.code)
    };
    let events = merge(&another(), &ann()).unwrap().merged.events;
    assert_eq!(events, [InquiryEvent::Merged { at: monday(), into: another().id }]);
    assert_eq!(merge(&another(), &bob()), Err("already_claimed"));
    assert_eq!(merge(&mine, &ann()), Err("not_mergeable"), "not into itself");
    let stranger = Inquiry { customer: id("stranger"), ..another() };
    assert_eq!(merge(&stranger, &ann()), Err("not_mergeable"), "not into another customer's");
    let elsewhere = Inquiry { order: id("o2"), ..another() };
    assert_eq!(merge(&elsewhere, &ann()), Err("not_mergeable"), "not into one about another order");
    let over = Inquiry { status: Status::Resolved { at: monday() }, ..another() };
    assert_eq!(merge(&over, &ann()), Err("not_mergeable"), "not into one that is over");
}

#[test]
fn inq_1_the_way_from_the_first_contact_over_the_seller_and_the_customer_to_the_resolution() {
    let (inquiry, request) = waiting("quality");
    assert_eq!(inquiry.status, Status::WaitingSeller { request: request.id.clone(), associate: ann() });
    let inquiry = after_events(&inquiry, &inquiry.seller_replied(&request.id, None, &at(monday() + minutes(10))));
    assert_eq!(inquiry.status, working_since(monday() + minutes(10)), "back to who asked");
    let inquiry = after_events(&inquiry, &inquiry.answer(&ann(), &at(monday() + minutes(20))).unwrap());
    assert_eq!(inquiry.status, Status::WaitingCustomer { associate: ann() });
    let end = monday() + minutes(99);
    let outcome = inquiry.decide(&ann(), answered(&inquiry, end), store("US"), &at(end)).unwrap();
    let inquiry = after_events(&inquiry, &outcome);
    assert_eq!(inquiry.status, Status::Resolved { at: end });
    assert_eq!((inquiry.decisions, inquiry.request), (vec![answered(&opened("quality"), end)], Some(request.id)));
}

#[test]
fn inq_1_the_customers_next_word_brings_the_inquiry_back_to_work_and_does_not_end_the_wait_for_the_seller() {
    let order = order(vec![line("i", COVERED)]);
    for inquiry in each_status().into_iter().filter(Inquiry::is_live) {
        let next = contact("c2", "late_delivery", monday() + minutes(60));
        let event = Inquiry::receive(Some(&inquiry), &next, topic("late_delivery"), &order, &[id("i")], store("US"));
        let joined = Inquiry::apply(Some(inquiry.clone()), &event).unwrap();
        assert_eq!(joined.contacts, [id("c1"), id("c2")]);
        if matches!(inquiry.status, Status::WaitingCustomer { .. }) {
            assert_eq!(joined.status, working_since(next.received_at));
        } else {
            assert_eq!(joined.status, inquiry.status);
        }
    }
}

#[test]
fn inq_3_the_resolution_is_due_forty_eight_hours_after_the_first_contact() {
    let inquiry = opened("quality");
    assert_eq!((inquiry.opened_at, inquiry.resolution_due), (monday(), monday() + TimeDelta::hours(48)));
}

#[test]
fn inq_1_what_is_said_while_an_inquiry_lives_is_said_about_it() {
    let long_after = monday() + TimeDelta::days(1000);
    let takes = each_status().map(|inquiry| inquiry.takes_at(long_after));
    assert_eq!(takes, [true, true, true, true, false, false, false], "resolved, handed over and merged ones do not");
}

#[test]
fn inq_1_the_id_of_an_inquiry_follows_from_its_order_seller_issue_and_episode() {
    let order = order(vec![line("i", COVERED)]);
    let open = |code: &str, episode: u32| {
        let latest = (episode > 1).then(|| Inquiry { episode: episode - 1, ..each_status()[5].clone() });
        let event = Inquiry::receive(
            latest.as_ref(),
            &contact("c9", code, monday()),
            topic(code),
            &order,
            &[id("i")],
            store("US"),
        );
        Inquiry::apply(None, &event).unwrap().id
    };
    assert_eq!(open("late_delivery", 1), open("where_is_my_order", 1));
    assert_ne!(open("late_delivery", 1), open("quality", 1));
    assert_ne!(open("late_delivery", 1), open("late_delivery", 2));
}

#[test]
fn req_4_after_silence_the_topics_rule_decides_or_the_inquiry_goes_to_the_head_of_the_queue() {
    let (inquiry, request) = waiting("safety");
    let silent = InquiryEvent::SellerSilent { request: request.id.clone(), effective_at: request.due_at };
    let outcome = silence(&inquiry, &request, request.due_at + minutes(7));
    assert_eq!(outcome.events, [silent]);
    assert_eq!(after_events(&inquiry, &outcome).status, Status::Open { judgement_owed: true });

    let (inquiry, request) = waiting("late_delivery");
    let now = request.due_at + minutes(7);
    let outcome = silence(&inquiry, &request, now);
    let [InquiryEvent::SellerSilent { effective_at, .. }, InquiryEvent::Resolved { at, decision, .. }] =
        &outcome.events[..]
    else {
        panic!("{outcome:?}")
    };
    assert_eq!((*effective_at, *at, decision.decided_at), (request.due_at, now, now));
    assert_eq!(after_events(&inquiry, &outcome).status, Status::Resolved { at: now });
    assert_eq!(outcome.follow_ups.len(), 2, "the customer is told, and asked a day later");
}

/// Decided like that, then reopened, asked again, and silent again.
fn silent_again(decided: &Inquiry, now: Instant) -> Inquiry {
    let reopened = Inquiry { status: Status::Open { judgement_owed: false }, ..decided.clone() };
    let working = claimed(&reopened);
    let second = asked(&working, "another cause", now);
    let waits = after_events(&working, &working.ask_seller(&ann(), &second.id, &at(now)).unwrap());
    after_events(&waits, &silence(&waits, &second, second.due_at + minutes(7)))
}

#[test]
fn a_rule_decides_later_only_on_what_is_resolved_and_on_the_very_inquiry_that_it_was_set_for() {
    for inquiry in each_status() {
        let resolved = matches!(inquiry.status, Status::Resolved { .. });
        assert_eq!(inquiry.is_decided_by_rule(&answered(&inquiry, monday())), resolved, "{:?}", inquiry.status);
        let of_another = DecisionRecord { inquiry: id("x"), ..answered(&inquiry, monday()) };
        assert!(!inquiry.is_decided_by_rule(&of_another), "{:?}", inquiry.status);
    }
}

#[test]
fn jdg_2_a_second_silence_in_a_reopened_inquiry_refunds_nothing_twice_and_a_person_decides() {
    let (inquiry, request) = waiting("late_delivery");
    let now = request.due_at + minutes(7);
    let decided = after_events(&inquiry, &silence(&inquiry, &request, now));
    let again = silent_again(&decided, now);
    assert_eq!(again.status, Status::Open { judgement_owed: true });
    assert_eq!(again.decisions, decided.decisions);
}

#[test]
fn req_4_a_silence_after_an_answer_ends_in_a_decision_of_its_own() {
    let working = claimed(&opened("late_delivery"));
    let record = answered(&working, monday());
    let decided = after_events(&working, &working.decide(&ann(), record, store("US"), &at(monday())).unwrap());
    let again = silent_again(&decided, monday());
    let [first, other] = &again.decisions[..] else { panic!("{:?}", again.decisions) };
    assert_ne!(first.id, other.id);
    assert_eq!((first.kind.remedies(), other.kind.remedies()), (false, true));
}

#[test]
fn s7_req_4_an_inquiry_that_has_moved_on_hears_neither_the_reply_nor_the_silence() {
    let (waiting, request) = waiting("late_delivery");
    let other = asked(&waiting, "another", monday());
    assert!(waiting.seller_replied(&other.id, None, &at(monday())).is_unchanged());
    assert!(silence(&waiting, &other, other.due_at).is_unchanged());
    for inquiry in each_status().into_iter().filter(|i| !matches!(i.status, Status::WaitingSeller { .. })) {
        assert!(inquiry.seller_replied(&request.id, None, &at(monday())).is_unchanged(), "{:?}", inquiry.status);
        assert!(silence(&inquiry, &request, request.due_at).is_unchanged(), "{:?}", inquiry.status);
    }
}

#[test]
fn ret_5_a_refund_that_is_overdue_brings_what_was_resolved_to_the_head_of_the_queue_and_nothing_else() {
    for inquiry in each_status() {
        let outcome = inquiry.recall(Recall::RefundOverdue, &Thread::default(), monday());
        let taken_over = Thread::default().take_over(inquiry.issue).unwrap();
        assert!(inquiry.recall(Recall::RefundOverdue, &taken_over, monday()).is_unchanged(), "RTE-6");
        let resolved = matches!(inquiry.status, Status::Resolved { .. });
        assert_eq!(outcome.is_unchanged(), !resolved, "{:?}", inquiry.status);
        if resolved {
            assert_eq!(after_events(&inquiry, &outcome).status, Status::Open { judgement_owed: true });
        }
    }
}

#[test]
fn rte_6_the_seller_takes_over_whatever_is_not_over_yet() {
    for inquiry in each_status() {
        let outcome = inquiry.seller_took_over(monday());
        assert_eq!(outcome.is_unchanged(), !inquiry.is_live(), "{:?}", inquiry.status);
        if !outcome.is_unchanged() {
            let handed = Status::HandedToSeller { at: monday(), reason: HandOver::SellerTookOver };
            assert_eq!(after_events(&inquiry, &outcome).status, handed);
        }
    }
}

#[test]
fn ntf_1_a_resolution_is_mailed_to_the_latest_contact_that_can_be_mailed() {
    let order = order(vec![line("i", COVERED)]);
    let mailed = |first: bool, second: bool| {
        let mut inquiry = None;
        for (name, mailable) in [("c1", first), ("c2", second)] {
            let contact = Contact { mailable, ..contact(name, "quality", monday()) };
            let event = Inquiry::receive(inquiry.as_ref(), &contact, topic("quality"), &order, &[id("i")], store("US"));
            inquiry = Inquiry::apply(inquiry, &event);
        }
        let working = claimed(&inquiry.unwrap());
        let outcome = working.decide(&ann(), answered(&working, monday()), store("US"), &at(monday())).unwrap();
        match &outcome.follow_ups[..] {
            [FollowUp::Alarm { .. }] => None,
            [FollowUp::Alarm { .. }, FollowUp::Notice(notice)] => Some(notice.recipient.clone()),
            more => panic!("{more:?}"),
        }
    };
    let to = |contact: &str| Some(crate::notice::Recipient::Customer { contact: id(contact) });
    assert_eq!(mailed(true, true), to("c2"));
    assert_eq!(mailed(true, false), to("c1"));
    assert_eq!(mailed(false, true), to("c2"));
    assert_eq!(mailed(false, false), None);
}

#[test]
fn an_inquiry_and_its_events_are_read_back_as_they_were_written() {
    for inquiry in each_status() {
        let text = serde_json::to_string(&inquiry).unwrap();
        assert_eq!(serde_json::from_str::<Inquiry>(&text).unwrap(), inquiry, "{text}");
        let event = InquiryEvent::Opened(Box::new(inquiry));
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<InquiryEvent>(&text).unwrap(), event, "{text}");
    }
}

proptest! {
    #[test]
    fn inq_1_a_resolved_inquiry_is_reopened_up_to_fourteen_days_later_to_the_millisecond(
        millis in -1_i64..=1, days in 0_i64..14
    ) {
        let order = order(vec![line("i", COVERED)]);
        let resolved = &each_status()[4];
        let edge = monday() + TimeDelta::days(14);
        for (moment, expected) in [
            (edge + MILLI * i32::try_from(millis).unwrap(), millis <= 0),
            (monday() + TimeDelta::days(days) + TimeDelta::milliseconds(millis), true),
        ] {
            let next = contact("c2", "late_delivery", moment);
            let event = Inquiry::receive(Some(resolved), &next, topic("late_delivery"), &order, &[id("i")], store("US"));
            prop_assert_eq!(matches!(event, InquiryEvent::Reopened { .. }), expected);
            prop_assert_eq!(resolved.takes_at(moment), expected);
        }
    }
}
