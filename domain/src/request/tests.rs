use super::*;
use crate::{
    outcome::RefusalKind,
    question::{Answer, QuestionKind},
    testing::{MILLI, answered, at, monday, opened, utc},
};
use proptest::{prelude::*, sample};

fn asking(now: Instant) -> Outcome<RequestEvent> {
    let question = Question { kind: QuestionKind::ShippingStatus, text: "Where is the parcel?".into(), gap: None };
    Request::ask(&opened("late_delivery"), question, &at(now))
}

fn next(request: &Request, outcome: &Outcome<RequestEvent>) -> Request {
    outcome.events.iter().fold(Some(request.clone()), Request::apply).unwrap()
}

/// Asked on [`monday`].
fn request() -> Request {
    asking(monday()).events.iter().fold(None, Request::apply).unwrap()
}

fn said(text: &str) -> Said {
    Said { text: text.to_owned(), ..Said::default() }
}

fn reply(request: &Request, now: Instant) -> Result<Request, Refusal> {
    Ok(next(request, &request.reply(said("It left on Friday."), "user".into(), &at(now))?))
}

fn expired(request: &Request, now: Instant) -> Request {
    next(request, &request.expire(&at(now)).unwrap())
}

fn decided(request: &Request, now: Instant) -> Request {
    next(request, &request.decided(&answered(&opened("late_delivery"), now)))
}

fn due() -> Instant {
    request().due_at
}

#[test]
fn req_7_each_view_has_the_code_that_the_contract_names() {
    let codes = View::EACH.map(View::as_str);
    assert_eq!(codes, ["needs_attention", "answered", "expired", "withdrawn", "all"]);
}

#[test]
fn req_1_a_question_is_asked_mailed_and_its_clocks_are_set() {
    let outcome = asking(monday());
    let request = request();
    assert_eq!((request.inquiry, request.issue), (opened("late_delivery").id, opened("late_delivery").issue));
    let [FollowUp::Notice(notice), alarms @ ..] = &outcome.follow_ups[..] else { panic!("{outcome:?}") };
    assert_eq!(notice.kind.name(), "request_opened");
    let is_expiry = |alarm: &Alarm| matches!(alarm, Alarm::RequestExpiry { .. });
    let clocks: Vec<_> = alarms
        .iter()
        .map(|follow_up| match follow_up {
            FollowUp::Alarm { at, alarm } => (*at, alarm.fact().swap_remove(if is_expiry(alarm) { 0 } else { 2 })),
            FollowUp::Notice(_) | FollowUp::Route(_) => panic!("{follow_up:?}"),
        })
        .collect();
    let before = |hours| due() - TimeDelta::hours(hours);
    let clock = |at: Instant, name: &str| (at, name.to_owned());
    assert_eq!(
        clocks,
        [
            clock(due() + TimeDelta::seconds(5), "request_expiry"),
            clock(before(12), "12"),
            clock(before(4), "4"),
            clock(before(1), "1")
        ]
    );
}

#[test]
fn req_1_the_same_cause_asks_the_same_question_once() {
    assert_eq!(asking(monday()), asking(monday()));
    let other = At { cause: "another".into(), ..at(monday()) };
    let question = request().question;
    let [RequestEvent::Asked(asked)] = &Request::ask(&opened("late_delivery"), question, &other).events[..] else {
        panic!()
    };
    assert_ne!(asked.id, request().id);
}

#[test]
fn req_2_a_weekend_and_a_change_of_the_clock_are_inside_the_twenty_four_hours() {
    for (asked_at, due_at) in [
        ("2018-02-17T12:00:00Z", "2018-02-18T12:00:00Z"),
        ("2025-03-29T23:30:00Z", "2025-03-30T23:30:00Z"),
        ("2024-12-24T18:00:00Z", "2024-12-25T18:00:00Z"),
        ("2024-02-28T09:00:00Z", "2024-02-29T09:00:00Z"),
    ] {
        let [RequestEvent::Asked(request)] = &asking(utc(asked_at)).events[..] else { panic!() };
        assert_eq!(request.due_at, utc(due_at));
    }
}

#[test]
fn s5_req_2_a_request_knows_no_zone_and_no_calendar() {
    let source = include_str!("../request.rs");
    for word in ["chrono_tz", "Local", "NaiveDate", "days_later", "quarter::"] {
        assert!(!source.contains(word), "{word}");
    }
}

#[test]
fn s4_req_5_a_reply_is_in_time_up_to_the_deadline_itself() {
    for (now, late) in [(due() - MILLI, false), (due(), false), (due() + MILLI, true)] {
        let answered = reply(&request(), now).unwrap();
        let Progress::Answered { reply } = &answered.progress else { panic!("{answered:?}") };
        assert_eq!((reply.late, reply.received_at, reply.user.as_str()), (late, now, "user"), "{now}");
    }
}

#[test]
fn s2_req_4_a_request_expires_five_seconds_after_its_deadline_and_not_before() {
    for now in [due() - MILLI, due(), due() + SKEW_MARGIN - MILLI] {
        let refusal = request().expire(&at(now)).unwrap_err();
        assert_eq!((refusal.kind, refusal.code), (RefusalKind::NotYet, "not_due"), "{now}");
    }
    for detected_at in [due() + SKEW_MARGIN, due() + SKEW_MARGIN + MILLI, due() + TimeDelta::days(9)] {
        let progress = Progress::Expired { effective_at: due(), detected_at, reply: None };
        assert_eq!(expired(&request(), detected_at).progress, progress, "effective from the deadline");
    }
}

#[test]
fn s1_req_4_what_is_answered_does_not_expire_and_what_expired_does_not_expire_again() {
    let late = due() + TimeDelta::days(1);
    assert_eq!(reply(&request(), due()).unwrap().expire(&at(late)), Ok(Outcome::unchanged()));
    assert_eq!(expired(&request(), late).expire(&at(late)), Ok(Outcome::unchanged()));
}

#[test]
fn s8_req_5_a_reply_after_the_expiry_is_attached_and_the_request_stays_expired() {
    let gone = expired(&request(), due() + TimeDelta::minutes(3));
    for (now, late) in [(due(), false), (due() + MILLI, true)] {
        let answered = reply(&gone, now).unwrap();
        assert!(matches!(answered.progress, Progress::Expired { .. }), "{now}");
        assert_eq!(answered.reply_given().map(|reply| reply.late), Some(late), "{now}");
        assert_eq!(reply(&answered, now).unwrap_err().code, "already_answered");
    }
}

#[test]
fn req_5_after_the_decision_a_late_reply_is_refused_with_that_reason_and_one_in_time_is_kept() {
    let over = decided(&expired(&request(), due() + TimeDelta::minutes(3)), due() + TimeDelta::minutes(4));
    let refusal = reply(&over, due() + MILLI).unwrap_err();
    assert_eq!((refusal.code, refusal.rule, refusal.kind), ("already_decided", "REQ-5", RefusalKind::State));
    assert_eq!(reply(&over, due()).unwrap().reply_given().map(|reply| reply.late), Some(false));
}

#[test]
fn req_5_the_first_reply_stands() {
    let answered = reply(&request(), monday()).unwrap();
    for now in [monday(), due() + MILLI] {
        assert_eq!(reply(&answered, now).unwrap_err().code, "already_answered");
        assert_eq!(reply(&decided(&answered, now), now).unwrap_err().code, "already_answered");
    }
}

#[test]
fn req_4_a_request_keeps_the_first_decision() {
    let over = decided(&request(), due());
    assert_eq!(over.decided(&answered(&opened("late_delivery"), monday())), Outcome::unchanged());
    assert_eq!(over.decision.unwrap().decided_at, due());
}

#[test]
fn req_3_each_reminder_fits_from_its_hour_to_the_next_and_none_is_sent_twice_over() {
    let hours = |left| due() - TimeDelta::hours(left);
    let fits = |left: i64, now| request().remind(left, &at(now)).is_some();
    for (left, next) in [(12, hours(4)), (4, hours(1)), (1, due())] {
        for (now, expected) in [
            (hours(left) - MILLI, false),
            (hours(left), true),
            (hours(left) + MILLI, true),
            (next - MILLI, true),
            (next, false),
            (next + MILLI, false),
        ] {
            assert_eq!(fits(left, now), expected, "{left} h left, {now}");
        }
    }
}

#[test]
fn req_3_no_reminder_after_a_reply_or_an_expiry() {
    for request in [reply(&request(), monday()).unwrap(), expired(&request(), due() + SKEW_MARGIN)] {
        for left in REMINDERS {
            assert_eq!(request.remind(left, &at(due() - TimeDelta::hours(left))), None, "{left}");
        }
    }
}

#[test]
fn ntf_3_a_reminder_that_rings_twice_is_one_mail() {
    let ring = |left, minute| {
        let now = due() - TimeDelta::hours(left) + TimeDelta::minutes(minute);
        request().remind(left, &at(now)).unwrap().id
    };
    assert_eq!(ring(12, 0), ring(12, 5));
    assert_ne!(ring(12, 0), ring(4, 0));
}

#[test]
fn req_7_each_request_is_in_all_and_in_exactly_one_other_view() {
    let [open, answered] = [request(), reply(&request(), due() + MILLI).unwrap()];
    let gone = expired(&request(), due() + SKEW_MARGIN);
    let attached = reply(&gone, due() + MILLI).unwrap();
    for (request, view) in [
        (open, View::NeedsAttention),
        (answered, View::Answered),
        (gone, View::Expired),
        (attached, View::Expired),
        (withdrawn(Withdrawal::Merged, monday()), View::Withdrawn),
    ] {
        let shown: Vec<_> = View::EACH.into_iter().filter(|view| view.shows(&request)).collect();
        assert_eq!(shown, [view, View::All]);
    }
}

fn withdrawn(why: Withdrawal, now: Instant) -> Request {
    next(&request(), &request().withdraw(why, &at(now)))
}

#[test]
fn inq_1_a_request_that_is_withdrawn_has_no_reminder_no_expiry_and_takes_no_reply() {
    for why in [Withdrawal::HandedToSeller, Withdrawal::Merged] {
        let gone = withdrawn(why, monday() + TimeDelta::hours(1));
        assert_eq!(gone.progress, Progress::Withdrawn { at: monday() + TimeDelta::hours(1), why });
        for hours_left in REMINDERS {
            assert_eq!(gone.remind(hours_left, &at(hours_after(due(), -hours_left))), None);
        }
        assert!(gone.expire(&at(due() + SKEW_MARGIN)).unwrap().is_unchanged());
        assert!(gone.withdraw(why, &at(due())).is_unchanged(), "once");
        for now in [monday() + TimeDelta::hours(2), due() + MILLI] {
            let refused = reply(&gone, now).unwrap_err();
            assert_eq!((refused.kind, refused.rule, refused.code), (RefusalKind::State, "INQ-1", "request_withdrawn"));
            let goes_on = if why == Withdrawal::Merged { "goes on in another" } else { "handed over to you" };
            assert!(refused.sentence.contains(goes_on), "{}", refused.sentence);
        }
    }
}

#[test]
fn inq_1_what_the_seller_replied_to_or_not_in_time_is_not_withdrawn() {
    let gone = expired(&request(), due() + SKEW_MARGIN);
    for request in [reply(&request(), due()).unwrap(), gone] {
        assert!(request.withdraw(Withdrawal::HandedToSeller, &at(due() + MILLI)).is_unchanged());
    }
}

#[test]
fn a_request_is_read_back_as_it_was_written() {
    let gone = expired(&request(), due() + SKEW_MARGIN);
    let withdrawn = withdrawn(Withdrawal::HandedToSeller, monday());
    let decided = decided(&reply(&gone, due()).unwrap(), due());
    for request in [request(), reply(&request(), due()).unwrap(), decided, withdrawn] {
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request, "{text}");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// A reply that the gateway took at this distance from the deadline.
    Reply(i64),
    Expiry,
    Decision,
}

/// Every order of these steps, each of them possibly delivered twice and some not at all.
fn interleavings() -> impl Strategy<Value = Vec<Step>> {
    let steps = sample::select(vec![-1, 0, 1, 60_000]).prop_flat_map(|millis| {
        Just(vec![Step::Reply(millis), Step::Expiry, Step::Decision, Step::Reply(millis), Step::Expiry]).prop_shuffle()
    });
    (steps, 1_usize..=5).prop_map(|(mut steps, kept)| {
        steps.truncate(kept);
        steps
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn s1_s8_in_every_order_of_reply_expiry_and_decision_the_reply_is_kept_or_refused_with_its_reason(
        steps in interleavings()
    ) {
        let mut request = request();
        let detected = due() + TimeDelta::minutes(2);
        for step in &steps {
            let (before, now) = (request.clone(), due());
            match step {
                Step::Reply(millis) => match reply(&request, now + TimeDelta::milliseconds(*millis)) {
                    Ok(kept) => {
                        prop_assert_eq!(before.reply_given(), None);
                        prop_assert_eq!(kept.reply_given().map(|reply| reply.late), Some(*millis > 0));
                        let was_expired = matches!(before.progress, Progress::Expired { .. });
                        prop_assert_eq!(matches!(kept.progress, Progress::Expired { .. }), was_expired);
                        request = kept;
                    }
                    Err(refusal) if refusal.code == "already_answered" => prop_assert!(request.reply_given().is_some()),
                    Err(refusal) => {
                        prop_assert_eq!(refusal.code, "already_decided");
                        prop_assert!(*millis > 0 && before.decision.is_some());
                    }
                },
                Step::Expiry => {
                    request = expired(&request, detected);
                    prop_assert!(request.progress != Progress::Awaiting);
                    prop_assert!(before.progress == Progress::Awaiting || before == request);
                }
                Step::Decision => request = decided(&request, detected),
            }
            let text = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Request>(&text).unwrap(), &request);
        }
        let in_time = steps.iter().any(|step| matches!(step, Step::Reply(millis) if *millis <= 0));
        prop_assert!(!in_time || request.reply_given().is_some_and(|reply| !reply.late), "in time is never lost");
    }

    #[test]
    fn s5_req_2_the_deadline_is_86_400_000_milliseconds_after_the_question(
        millis in -2_000_000_000_000_i64..4_000_000_000_000
    ) {
        let now = chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let outcome = asking(now);
        let [RequestEvent::Asked(request)] = &outcome.events[..] else { panic!() };
        prop_assert_eq!(request.due_at.timestamp_millis() - request.asked_at.timestamp_millis(), 86_400_000);
    }
}

#[test]
fn req_6_a_reply_keeps_its_answers_and_one_of_earlier_has_none() {
    let answers = Answers::from([("status".to_owned(), Answer::Text("lost".into()))]);
    let said = Said { answers: answers.clone(), ..Said::default() };
    let replied = request().reply(said, "user".into(), &at(monday())).unwrap();
    let Progress::Answered { reply } = next(&request(), &replied).progress else { panic!("it is answered") };
    assert_eq!((reply.answers.clone(), reply.late), (answers, false));
    let mut written = serde_json::to_value(reply).unwrap();
    written.as_object_mut().unwrap().remove("answers");
    assert_eq!(serde_json::from_value::<Reply>(written).unwrap().answers, Answers::new());
}
