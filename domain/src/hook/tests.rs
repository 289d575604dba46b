use super::{
    delivery::{Answer, Attempt, Call, Delivery, Due, NoAnswer, Schedule, State},
    *,
};
use crate::{
    at::after,
    guess::Source,
    routing::{Owner, Reason, Route},
    seller::{End, EndReason, Enrolling},
    testing::{MILLI, answered as decided, id, monday, opened, registered, store},
};
use chrono::TimeDelta;
use proptest::prelude::*;

fn routed(inquiry: Option<&str>) -> RoutedContact {
    let reason = if inquiry.is_some() { Reason::Covered } else { Reason::PreOrder };
    RoutedContact {
        contact: id("c1"),
        store: id("US"),
        seller: id("s"),
        order: inquiry.map(|_| id("o")),
        topic: "late_delivery".into(),
        source: Source::Told,
        route: Route { owner: if inquiry.is_some() { Owner::Service } else { Owner::Seller }, reason },
        inquiry: inquiry.map(id),
        arrival: None,
    }
}

fn each() -> Vec<Hook> {
    let (us, s) = (id("US"), id("s"));
    let quarter = store("US").quarter_of(monday());
    let seller = registered(store("DE"), monday());
    let enrolled = SellerEvent::Enrolled { starts_at: monday(), by: Enrolling::OptIn, terms: "2015-01".into() };
    let mut each = vec![
        Hook::routed(&routed(Some("i")), monday()),
        Hook::decided(&opened("late_delivery"), &decided(&opened("late_delivery"), monday())),
        Hook::rate_published((&us, &s), quarter, monday()),
        Hook::statement_final((&us, &s), quarter, monday()),
    ];
    each.extend(Hook::enrollments(Some(&seller), &[enrolled], monday()));
    each
}

#[test]
fn each_kind_is_told_by_ids_and_codes_and_in_these_bytes() {
    let bodies: Vec<_> = each().into_iter().map(|hook| hook.body).collect();
    assert_eq!(
        bodies,
        [
            r#"{"data":{"contact_id":"c1","inquiry_id":"i","order_id":"o","owner":"service","reason":"covered","seller_id":"s","store":"US"},"timestamp":"2017-06-05T12:00:00Z","type":"inquiry.routed"}"#,
            &format!(
                r#"{{"data":{{"decision":"answer","decision_id":"d","inquiry_id":"{}","order_id":"o","reason":"question_answered","seller_id":"s","store":"US"}},"timestamp":"2017-06-05T12:00:00Z","type":"decision.made"}}"#,
                opened("late_delivery").id
            ),
            r#"{"data":{"quarter":"2017Q2","seller_id":"s","store":"US"},"timestamp":"2017-06-05T12:00:00Z","type":"rate.published"}"#,
            r#"{"data":{"quarter":"2017Q2","seller_id":"s","store":"US"},"timestamp":"2017-06-05T12:00:00Z","type":"statement.final"}"#,
            r#"{"data":{"effective_at":"2017-06-05T12:00:00Z","reason":"opt_in","seller_id":"s","status":"enrolled","store":"DE"},"timestamp":"2017-06-05T12:00:00Z","type":"enrollment.changed"}"#,
        ]
    );
    let kinds: Vec<_> = each().iter().map(|hook| hook.kind).collect();
    assert_eq!(kinds, HookKind::ALL);
}

#[test]
fn the_name_of_a_kind_is_that_of_its_json() {
    for kind in HookKind::ALL {
        assert_eq!(json!(kind), json!(kind.name()));
    }
}

#[test]
fn w2_the_same_fact_has_one_id_whenever_it_is_acted_on_and_no_other_fact_has_it() {
    let later = Hook::routed(&routed(Some("i")), after(monday(), MILLI));
    assert_eq!(later.id, Hook::routed(&routed(Some("i")), monday()).id);
    let ids: std::collections::BTreeSet<_> = each().into_iter().map(|hook| hook.id).collect();
    assert_eq!(ids.len(), HookKind::ALL.len());
}

#[test]
fn a_question_before_any_order_is_told_without_one() {
    let told = Hook::routed(&routed(None), monday()).body;
    assert!(told.contains(r#""order_id":null"#) && told.contains(r#""owner":"seller","reason":"pre_order""#), "{told}");
}

#[test]
fn of_a_seller_only_periods_are_told_and_each_of_them_by_an_id_of_its_own() {
    let us = store("US");
    let seller = registered(us, monday());
    let left = SellerEvent::Left(End { at: monday(), reason: EndReason::OptedOut });
    let again = SellerEvent::Enrolled { starts_at: monday(), by: Enrolling::OptIn, terms: "2015-01".into() };
    let accepted = SellerEvent::TermsAccepted(crate::seller::Acceptance { version: "2015-01".into(), at: monday() });
    let all = [left.clone(), accepted, again, left];
    let told = Hook::enrollments(Some(&seller), &all, monday());
    let ids: std::collections::BTreeSet<_> = told.iter().map(|hook| hook.id.clone()).collect();
    assert_eq!((told.len(), ids.len()), (3, 3), "two ends and a beginning, all at one instant");
    assert!(told[0].body.contains(r#""reason":"opted_out","seller_id":"s","status":"left""#), "{}", told[0].body);
    // Whether they come in one transaction or in two, they are the same.
    let between = crate::testing::with_events(Some(&seller), &crate::outcome::Outcome::of(all[..2].to_vec()));
    assert_eq!(Hook::enrollments(Some(&between), &all[2..], monday()), told[1..]);
}

fn schedule() -> &'static Schedule {
    store("US").hook_schedule_at(monday()).unwrap()
}

fn status(code: u16) -> Answer {
    Answer::Status(code)
}

fn attempt(at: Instant, answer: Answer) -> Attempt {
    Attempt { at, milliseconds: 12, answer }
}

fn begun() -> Delivery {
    Delivery::begin(Hook::routed(&routed(Some("i")), monday()), monday())
}

/// After this attempt, which was due, and that nobody else has made.
fn then(delivery: &Delivery, at: Instant, answer: Answer) -> Delivery {
    assert_eq!(delivery.due(delivery.made), Due::Attempt);
    delivery.answered(delivery.made, attempt(at, answer), None, schedule()).unwrap()
}

#[test]
fn w1_what_the_receiver_takes_is_delivered_and_nothing_changes_that() {
    for code in [200, 202, 204, 299] {
        let taken = then(&begun(), monday(), status(code));
        assert_eq!(taken.state, State::Delivered { at: monday() });
        assert_eq!(taken.due(0), Due::Nothing);
        assert_eq!(taken.answered(0, attempt(monday(), status(500)), None, schedule()), None);
        assert_eq!(taken.redrive(monday()).unwrap_err().code, "not_given_up");
    }
}

#[test]
fn w1_a_webhook_is_tried_again_whatever_else_comes_back_or_nothing() {
    let codes = [100, 199, 300, 301, 307, 400, 401, 404, 409, 411, 429, 500, 503].map(status);
    let errors =
        [NoAnswer::NoAddress, NoAnswer::AddressRefused, NoAnswer::Unresolved, NoAnswer::TimedOut, NoAnswer::Broken];
    for answer in codes.into_iter().chain(errors.map(Answer::Error)) {
        let waiting = then(&begun(), monday(), answer);
        assert!(matches!(waiting.state, State::Waiting { next_at } if next_at > monday()), "{answer:?}");
        assert_eq!((waiting.made, waiting.due(0), waiting.due(1)), (1, Due::Nothing, Due::Attempt));
        assert_eq!(waiting.call().attempt, 1);
        assert_eq!(waiting.call().fact(), format!("hook#{}#1", waiting.hook.id));
    }
}

#[test]
fn a_receiver_that_is_gone_is_told_nothing_more() {
    let gone = then(&begun(), monday(), status(410));
    assert_eq!((gone.state, gone.state.at()), (State::GivenUp { at: monday() }, monday()));
    assert_eq!(gone.due(0), Due::SayAgain, "whoever wrote that down may have died before anybody was told");
    assert_eq!(gone.due(1), Due::Nothing);
}

#[test]
fn what_another_worker_wrote_down_stands_unless_the_receiver_has_it_after_all() {
    let waiting = then(&begun(), monday(), status(500));
    assert_eq!(waiting.answered(0, attempt(monday(), status(500)), None, schedule()), None);
    let taken = waiting.answered(0, attempt(monday(), status(200)), None, schedule()).unwrap();
    assert_eq!((taken.state, taken.made), (State::Delivered { at: monday() }, 1));
    let gone = then(&begun(), monday(), status(410));
    assert_eq!(gone.answered(0, attempt(monday(), status(500)), None, schedule()), None);
    let taken = gone.answered(0, attempt(monday(), status(204)), None, schedule()).unwrap();
    assert_eq!(taken.state, State::Delivered { at: monday() });
}

/// Tried whenever it is due and never taken, until it is given up: when each attempt was made.
fn refused_until_it_ends(delivery: &mut Delivery) -> Vec<Instant> {
    let mut made = Vec::new();
    while let State::Waiting { next_at } = delivery.state {
        made.push(next_at);
        *delivery = then(delivery, next_at, status(503));
    }
    made
}

#[test]
fn w1_a_webhook_is_given_up_72_hours_after_the_first_attempt_with_a_last_one_at_their_very_end() {
    let mut delivery = begun();
    let made = refused_until_it_ends(&mut delivery);
    let end = after(monday(), TimeDelta::hours(72));
    assert_eq!(made.last(), Some(&end));
    assert_eq!(delivery.state, State::GivenUp { at: end });
    assert_eq!((made.len(), delivery.made), (10, 10));
    assert_eq!(schedule().next(&delivery.hook.id, monday(), 3, end - MILLI, None), Some(end));
    assert_eq!(schedule().next(&delivery.hook.id, monday(), 3, end, None), None);
    assert_eq!(schedule().next(&delivery.hook.id, monday(), 3, end + MILLI, None), None);
}

#[test]
fn a_webhook_that_a_person_sends_again_has_its_72_hours_anew() {
    let mut delivery = begun();
    let first = refused_until_it_ends(&mut delivery);
    let now = after(monday(), TimeDelta::days(9));
    let mut again = delivery.redrive(now).unwrap();
    assert_eq!((again.state, again.call().attempt), (State::Waiting { next_at: now }, 10));
    assert_eq!(again.due(9), Due::Nothing, "no message of before begins an attempt");
    let second = refused_until_it_ends(&mut again);
    assert_eq!((second.len(), second.last()), (first.len(), Some(&after(now, TimeDelta::hours(72)))));
    assert_eq!(again.attempts.len(), 20);
    assert_eq!(again.redrive(now).unwrap().state, State::Waiting { next_at: now });
}

#[test]
fn of_many_attempts_the_latest_are_kept() {
    let mut delivery = begun();
    for _ in 0..3 {
        refused_until_it_ends(&mut delivery);
        delivery = delivery.redrive(monday()).unwrap();
    }
    assert_eq!((delivery.made, delivery.attempts.len()), (30, 20));
}

#[test]
fn a_receiver_that_asks_for_patience_gets_it_within_bounds_and_never_sooner_than_the_schedule() {
    let hook = begun().hook.id;
    let next = |asked: TimeDelta| schedule().next(&hook, monday(), 1, monday(), Some(after(monday(), asked))).unwrap();
    let plain = schedule().next(&hook, monday(), 1, monday(), None).unwrap();
    assert_eq!(next(TimeDelta::seconds(1)), plain);
    assert_eq!(next(TimeDelta::hours(-1)), plain);
    assert_eq!(next(TimeDelta::hours(2)), after(monday(), TimeDelta::hours(2)));
    assert_eq!(next(TimeDelta::days(30)), after(monday(), TimeDelta::hours(6)));
    let codes = [200, 400, 429, 500, 502, 503].map(|code| status(code).may_ask_for_patience());
    assert_eq!(codes, [false, false, true, false, false, true]);
}

#[test]
fn a_delivery_and_a_call_are_read_back_as_they_were_written() {
    let waiting = then(&begun(), monday(), Answer::Error(NoAnswer::TimedOut));
    for delivery in [then(&waiting, monday(), status(200)), then(&waiting, monday(), status(410)), waiting] {
        let text = serde_json::to_string(&delivery).unwrap();
        assert_eq!(serde_json::from_str::<Delivery>(&text).unwrap(), delivery, "{text}");
        assert!(text.contains(&format!("\"state\":\"{}\"", delivery.state.name())), "{text}");
        let call = serde_json::to_string(&delivery.call()).unwrap();
        assert_eq!(serde_json::from_str::<Call>(&call).unwrap(), delivery.call(), "{call}");
    }
    assert_eq!(json!(attempt(monday(), status(503)))["status"], 503);
    assert_eq!(json!(attempt(monday(), Answer::Error(NoAnswer::AddressRefused)))["error"], "address_refused");
}

proptest! {
    #[test]
    fn w1_each_delay_is_that_of_the_data_and_at_most_a_tenth_more_and_the_attempts_rise_to_the_end(
        contact in "[a-z0-9]{1,12}",
    ) {
        let told = RoutedContact { contact: id(&contact), ..routed(Some("i")) };
        let mut delivery = Delivery::begin(Hook::routed(&told, monday()), monday());
        let made = refused_until_it_ends(&mut delivery);
        prop_assert_eq!(made.last(), Some(&after(monday(), TimeDelta::hours(72))));
        let gaps: Vec<_> = made.iter().zip(&made[1..]).map(|(before, next)| *next - *before).collect();
        let Some((_, but_the_last)) = gaps.split_last() else { panic!("several") };
        for (n, gap) in but_the_last.iter().enumerate() {
            let delay = schedule().delays.get(n).or(schedule().delays.last()).copied().unwrap();
            prop_assert!((delay..=delay + delay / 10).contains(gap), "{n}: {gap}");
        }
        prop_assert!(gaps.iter().all(|gap| *gap > TimeDelta::zero()));
    }
}
