use super::*;
use crate::{
    inquiry::InquiryEvent,
    insight::Fact,
    notice::Recipient,
    testing::{COVERED, MILLI, after_events, answered, at, contact, id, line, monday, opened, order, store, topic},
};
use proptest::prelude::*;

fn us() -> &'static Store {
    store("US")
}

/// Resolved on [`monday`], with the clock that was set.
fn resolved() -> (Inquiry, FollowUp) {
    let working = after_events(&opened("quality"), &opened("quality").claim(&id("ann"), &at(monday())).unwrap());
    let outcome = working.decide(&id("ann"), answered(&working, monday()), us(), &at(monday())).unwrap();
    (after_events(&working, &outcome), outcome.follow_ups[0].clone())
}

fn reopened(inquiry: &Inquiry) -> Inquiry {
    let again = contact("c2", "quality", day_after());
    let event = Inquiry::receive(
        Some(inquiry),
        &again,
        topic("quality"),
        &order(vec![line("i", COVERED)]),
        &[id("i")],
        store("US"),
    );
    assert!(matches!(event, InquiryEvent::Reopened { .. }));
    Inquiry::apply(Some(inquiry.clone()), &event).unwrap()
}

fn day_after() -> Instant {
    monday() + TimeDelta::hours(24)
}

fn two_weeks_later() -> Instant {
    day_after() + TimeDelta::days(14)
}

fn asked_about(latest: &Inquiry, known: Option<&Survey>) -> (Option<Survey>, Outcome<SurveyEvent>) {
    asked_after(monday(), latest, known)
}

/// The clock of a resolution of this instant rings.
fn asked_after(
    resolved_at: Instant,
    latest: &Inquiry,
    known: Option<&Survey>,
) -> (Option<Survey>, Outcome<SurveyEvent>) {
    let about = About::of(&resolved().0);
    let outcome = Survey::ask(known, latest, &about, resolved_at, us(), &at(day_after()));
    (outcome.events.iter().fold(known.cloned(), Survey::apply), outcome)
}

fn asked() -> Survey {
    asked_about(&resolved().0, None).0.unwrap()
}

fn skipped(outcome: &Outcome<SurveyEvent>) -> Option<Skip> {
    match &outcome.events[..] {
        [SurveyEvent::Skipped { why, .. }] => Some(*why),
        _ => None,
    }
}

fn rated(number: u8) -> Rating {
    Rating::try_from(number).unwrap()
}

fn with_answer(survey: &Survey, rating: u8, now: Instant) -> Result<Survey, &'static str> {
    let outcome = survey.answer(rated(rating), &resolved().0, &at(now)).map_err(|no| no.code)?;
    Ok(outcome.events.iter().fold(Some(survey.clone()), Survey::apply).unwrap())
}

#[test]
fn ins_3_a_resolution_sets_the_clock_that_asks_the_customer_24_hours_later() {
    let (inquiry, clock) = resolved();
    let alarm = Alarm::Survey { about: About::of(&inquiry), resolved_at: monday() };
    assert_eq!(clock, FollowUp::Alarm { at: day_after(), alarm });
}

#[test]
fn ins_3_the_customer_whose_matter_is_still_resolved_is_asked_by_a_mail_to_the_latest_address() {
    let (survey, outcome) = asked_about(&resolved().0, None);
    let [FollowUp::Notice(notice)] = &outcome.follow_ups[..] else { panic!("{outcome:?}") };
    assert_eq!(notice.recipient, Recipient::Customer { contact: id("c1") });
    let (inquiry, until) = (resolved().0.id, two_weeks_later());
    assert_eq!(notice.kind, NoticeKind::Survey { inquiry, order: id("o"), until });
    let Stage::Asked { question } = survey.unwrap().stage else { panic!("asked") };
    assert_eq!((question.at, question.until, question.resolved_at), (day_after(), two_weeks_later(), monday()));
}

#[test]
fn ins_3_who_is_not_asked_is_recorded_with_the_reason_and_gets_no_mail() {
    let (resolved, _) = resolved();
    let nobody = Inquiry { mailable: None, ..resolved.clone() };
    let later = Inquiry { status: Status::Resolved { at: monday() + MILLI }, ..resolved.clone() };
    let next_episode = Inquiry { id: id("another"), ..resolved.clone() };
    let answered = with_answer(&asked(), 4, day_after()).unwrap();
    for (resolved_at, latest, known, why) in [
        (monday(), &reopened(&resolved), None, Skip::NotResolved),
        (monday(), &later, None, Skip::NotResolved),
        (monday(), &next_episode, None, Skip::NotResolved),
        (monday(), &nobody, None, Skip::NoAddress),
        (monday() + MILLI, &later, Some(asked()), Skip::AlreadyAsked),
        (monday() + MILLI, &later, Some(answered), Skip::AlreadyAsked),
    ] {
        let (_, outcome) = asked_after(resolved_at, latest, known.as_ref());
        assert_eq!(skipped(&outcome), Some(why), "{latest:?}");
        assert!(outcome.follow_ups.is_empty(), "{why:?}");
    }
}

#[test]
fn ins_3_a_later_resolution_for_which_nobody_is_asked_takes_the_place_of_an_earlier_one_and_of_no_question() {
    let skip = |resolved_at, why| SurveyEvent::Skipped { about: About::of(&resolved().0), resolved_at, why };
    let first = Survey::apply(None, &skip(monday(), Skip::NoAddress)).unwrap();
    assert_eq!(first.stage, Stage::Skipped { resolved_at: monday(), why: Skip::NoAddress });
    let next = Survey::apply(Some(first), &skip(day_after(), Skip::NotResolved)).unwrap();
    assert_eq!(next.stage, Stage::Skipped { resolved_at: day_after(), why: Skip::NotResolved });
    let answered = with_answer(&asked(), 4, day_after()).unwrap();
    for known in [asked(), answered] {
        assert_eq!(Survey::apply(Some(known.clone()), &skip(day_after(), Skip::AlreadyAsked)), Some(known));
    }
}

#[test]
fn ins_3_a_clock_that_rings_again_changes_nothing() {
    let (resolved, _) = resolved();
    let answered = with_answer(&asked(), 4, day_after()).unwrap();
    let (passed_over, _) = asked_about(&reopened(&resolved), None);
    for known in [asked(), answered, passed_over.unwrap()] {
        for latest in [&resolved, &reopened(&resolved)] {
            assert_eq!(asked_about(latest, Some(&known)).1, Outcome::unchanged(), "{known:?}");
        }
    }
}

#[test]
fn ins_3_who_was_passed_over_once_can_be_asked_later_and_who_was_asked_stays_so() {
    let at_first = monday() - TimeDelta::hours(2);
    let resolved = resolved().0;
    let (first, _) = asked_after(at_first, &resolved, None);
    assert_eq!(first.as_ref().unwrap().stage, Stage::Skipped { resolved_at: at_first, why: Skip::NotResolved });
    let (second, _) = asked_about(&resolved, first.as_ref());
    assert_eq!(second, Some(asked()));
    let again = monday() + MILLI;
    let resolved_again = Inquiry { status: Status::Resolved { at: again }, ..resolved };
    let (third, outcome) = asked_after(again, &resolved_again, second.as_ref());
    assert_eq!(
        (third, skipped(&outcome)),
        (second, Some(Skip::AlreadyAsked)),
        "the event says that it was passed over"
    );
}

#[test]
fn ins_3_the_instant_before_on_and_after_the_end_of_14_days() {
    let (survey, end) = (asked(), two_weeks_later());
    assert!(with_answer(&survey, 3, day_after()).is_ok());
    assert!(with_answer(&survey, 3, end - MILLI).is_ok());
    assert_eq!(with_answer(&survey, 3, end), Err("survey_expired"));
    assert_eq!(with_answer(&survey, 3, end + MILLI), Err("survey_expired"));
    assert_eq!(survey.standing(&resolved().0, end - MILLI), Ok(Standing::Open));
    assert_eq!(survey.standing(&resolved().0, end).unwrap_err().code, "survey_expired");
}

#[test]
fn ins_3_a_survey_is_answered_once_and_looking_at_it_changes_nothing() {
    let answered = with_answer(&asked(), 5, day_after() + MILLI).unwrap();
    assert_eq!(with_answer(&answered, 5, day_after() + MILLI), Err("survey_answered"));
    assert_eq!(with_answer(&answered, 1, two_weeks_later()), Err("survey_answered"), "it is over, and it was answered");
    assert_eq!(answered.standing(&resolved().0, two_weeks_later()), Ok(Standing::Answered));
}

#[test]
fn ins_3_whoever_takes_the_matter_up_again_ends_the_survey() {
    let (resolved, _) = resolved();
    let code = |latest: &Inquiry| asked().answer(rated(1), latest, &at(day_after())).map_err(|no| no.code).map(drop);
    assert_eq!(code(&resolved), Ok(()));
    assert_eq!(code(&reopened(&resolved)), Err("survey_ended"));
    let again = Inquiry { status: Status::Resolved { at: day_after() }, ..resolved.clone() };
    assert_eq!(code(&again), Err("survey_ended"), "resolved once more is another resolution");
    assert_eq!(code(&Inquiry { id: id("another"), ..resolved }), Err("survey_ended"));
}

#[test]
fn ins_3_nobody_answers_what_nobody_was_asked() {
    let (survey, _) = asked_about(&reopened(&resolved().0), None);
    let refusal = survey.unwrap().standing(&resolved().0, day_after()).unwrap_err();
    assert_eq!(refusal, Refusal::unseen("survey"));
}

#[test]
fn ins_3_the_sellers_figure_is_of_the_answer_and_has_no_comment() {
    assert_eq!(asked().score(), None);
    let score = with_answer(&asked(), 2, day_after() + MILLI).unwrap().score().unwrap();
    let expected = Score {
        inquiry: resolved().0.id,
        topic: "quality".into(),
        channel: Channel::Email,
        answered_at: day_after() + MILLI,
        rating: rated(2),
    };
    assert_eq!(score, expected);
    let answer = [SurveyEvent::Answered { at: day_after() + MILLI, rating: expected.rating }];
    assert_eq!(Fact::of_survey(&asked(), &answer), [Fact::Scored(expected)]);
    assert_eq!(Fact::of_survey(&asked(), &[]), []);
}

#[test]
fn ins_3_a_rating_is_1_to_5_and_4_is_satisfied() {
    for (number, satisfied) in
        [(0, None), (1, Some(false)), (3, Some(false)), (4, Some(true)), (5, Some(true)), (6, None)]
    {
        assert_eq!(Rating::try_from(number).ok().map(Rating::is_satisfied), satisfied, "{number}");
        assert_eq!(serde_json::from_str::<Rating>(&number.to_string()).is_ok(), satisfied.is_some(), "{number}");
    }
}

#[test]
fn d3_ins_3_the_score_is_hidden_under_five_answers_and_their_number_is_not() {
    let of = |ratings: &[u8]| ratings.iter().fold(Tally::default(), |tally, number| tally.and(rated(*number))).csat();
    assert_eq!(of(&[]), Csat { answers: 0, satisfied: None });
    assert_eq!(of(&[5, 4, 3, 2]), Csat { answers: 4, satisfied: None });
    assert_eq!(of(&[5, 4, 3, 2, 1]), Csat { answers: 5, satisfied: Some(2) });
    assert_eq!(of(&[1, 1, 1, 1, 1, 1]), Csat { answers: 6, satisfied: Some(0) });
}

#[test]
fn a_survey_and_its_events_are_read_back_as_they_were_written() {
    let answered = with_answer(&asked(), 5, day_after()).unwrap();
    let (passed_over, _) = asked_about(&reopened(&resolved().0), None);
    for survey in [asked(), answered, passed_over.unwrap()] {
        let text = serde_json::to_string(&survey).unwrap();
        assert_eq!(serde_json::from_str::<Survey>(&text).unwrap(), survey, "{text}");
    }
    let rating = SurveyEvent::Answered { at: day_after(), rating: rated(5) };
    let events = asked_about(&resolved().0, None).1.events.into_iter().chain([rating]);
    for event in events.chain(asked_about(&reopened(&resolved().0), None).1.events) {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<SurveyEvent>(&text).unwrap(), event, "{text}");
    }
}

proptest! {
    #[test]
    fn d2_the_tallies_of_days_add_up_to_that_of_all(days in prop::collection::vec(prop::collection::vec(1_u8..=5, 0..9), 0..9)) {
        let of = |ratings: &[u8]| ratings.iter().fold(Tally::default(), |tally, number| tally.and(rated(*number)));
        let added = days.iter().map(|day| of(day)).fold(Tally::default(), Tally::plus);
        prop_assert_eq!(added, of(&days.concat()));
        prop_assert!(added.satisfied <= added.answers);
    }
}
