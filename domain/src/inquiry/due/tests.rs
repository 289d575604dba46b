use super::*;
use crate::outcome::RefusalKind;
use crate::testing::{
    COVERED, MILLI, after_events, answered, at, contact, id, line, minutes, monday, opened, order, store, topic,
};

fn us() -> &'static Store {
    store("US")
}

fn rings(inquiry: &Inquiry, now: Instant) -> Option<Escalation> {
    after_events(inquiry, &inquiry.resolution_rings(us(), &at(now))).escalated
}

fn held() -> Inquiry {
    let open = opened("quality");
    after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap())
}

/// When the clocks that are set ring: those of the resolution, and that of the claim.
fn set(before: Option<&Inquiry>, after: &Inquiry) -> (Vec<Instant>, Vec<Instant>) {
    let (mut resolution, mut idle) = (Vec::new(), Vec::new());
    for clock in Inquiry::clocks(before, (after, 1), us()) {
        let FollowUp::Alarm { at, alarm } = clock else { panic!("{clock:?}") };
        match (&alarm, alarm.fact().pop()) {
            (Alarm::Resolution { rings_at, .. }, _) if *rings_at == at => resolution.push(at),
            (Alarm::IdleClaim { rings_at, .. }, _) if *rings_at == at => idle.push(at),
            (Alarm::Retention { .. }, _) if !after.is_live() => {}
            (_, fact) => panic!("{fact:?}"),
        }
    }
    (resolution, idle)
}

fn hours(n: i64) -> Instant {
    monday() + TimeDelta::hours(n)
}

#[test]
fn inq_3_a_lead_is_warned_at_thirty_six_hours_and_it_is_overdue_at_forty_eight() {
    for inquiry in [opened("quality"), held()] {
        assert_eq!(rings(&inquiry, hours(36) - MILLI), None);
        assert_eq!(rings(&inquiry, hours(36)), Some(Escalation::DueSoon));
        assert_eq!(rings(&inquiry, hours(48) - MILLI), Some(Escalation::DueSoon));
        assert_eq!(rings(&inquiry, hours(48)), Some(Escalation::Overdue));
        let warned = after_events(&inquiry, &inquiry.resolution_rings(us(), &at(hours(36))));
        assert!(warned.resolution_rings(us(), &at(hours(47))).is_unchanged(), "once");
        let overdue = after_events(&warned, &warned.resolution_rings(us(), &at(hours(50))));
        assert_eq!(overdue.escalated, Some(Escalation::Overdue));
        assert!(overdue.resolution_rings(us(), &at(hours(51))).is_unchanged(), "once");
    }
}

#[test]
fn inq_3_an_inquiry_is_overdue_since_it_was_due_whenever_that_is_noticed() {
    let late = opened("quality").resolution_rings(us(), &at(hours(60)));
    assert_eq!(late.events, [InquiryEvent::Overdue { at: hours(48) }]);
}

#[test]
fn inq_3_nothing_runs_out_while_the_customer_has_the_next_word_or_when_it_is_over() {
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(hours(1))).unwrap());
    let decided = held().decide(&id("ann"), answered(&held(), hours(1)), us(), &at(hours(1))).unwrap();
    for inquiry in [waits, after_events(&held(), &decided), after_events(&held(), &held().seller_took_over(hours(1)))] {
        for now in [36, 48, 480] {
            assert!(inquiry.resolution_rings(us(), &at(hours(now))).is_unchanged(), "{:?}", inquiry.status);
        }
    }
}

#[test]
fn inq_3_a_pause_moves_warning_and_deadline_on_and_sets_their_clocks_anew() {
    assert_eq!(set(None, &opened("quality")).0, [hours(36), hours(48)]);
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(hours(1))).unwrap());
    assert!(set(Some(&held()), &waits).0.is_empty());
    let back = joined(&waits, hours(11));
    assert_eq!(set(Some(&waits), &back).0, [hours(46), hours(58)]);
    assert_eq!(rings(&back, hours(46) - MILLI), None, "the clock of before the pause rings for nothing");
    assert_eq!(rings(&back, hours(46)), Some(Escalation::DueSoon));
    assert_eq!(rings(&back, hours(58)), Some(Escalation::Overdue));
}

#[test]
fn inq_3_what_was_written_before_the_answer_and_comes_after_it_sets_the_clocks_anew() {
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(hours(1))).unwrap());
    assert!(
        waits.resolution_rings(us(), &at(hours(48))).is_unchanged(),
        "it rings while the customer has the next word"
    );
    for written in [hours(0), hours(1)] {
        let back = joined(&waits, written);
        assert_eq!(back.resolution_due, waits.resolution_due, "the pause took no time");
        assert_eq!(set(Some(&waits), &back).0, [hours(36), hours(48)]);
        assert_eq!(rings(&back, hours(48)), Some(Escalation::Overdue));
    }
}

fn joined(inquiry: &Inquiry, now: Instant) -> Inquiry {
    let order = order(vec![line("i", COVERED)]);
    let next = contact("c2", "quality", now);
    let event = Inquiry::receive(Some(inquiry), &next, topic("quality"), &order, &[id("i")], us());
    Inquiry::apply(Some(inquiry.clone()), &event).unwrap()
}

#[test]
fn inq_3_a_clock_that_rings_early_has_to_ring_again() {
    let early = rung(hours(36), &at(hours(36) - MILLI)).unwrap_err();
    assert_eq!((early.kind, early.code), (RefusalKind::NotYet, "not_due"));
    assert_eq!(rung(hours(36), &at(hours(36))), Ok(()));
}

#[test]
fn inq_3_what_is_reopened_is_promised_anew() {
    let overdue = after_events(&held(), &held().resolution_rings(us(), &at(hours(50))));
    let decided = overdue.decide(&id("ann"), answered(&overdue, hours(51)), us(), &at(hours(51))).unwrap();
    let resolved = after_events(&overdue, &decided);
    let again = joined(&resolved, hours(100));
    assert_eq!((again.resolution_due, again.escalated), (hours(148), None));
    assert_eq!(set(Some(&resolved), &again).0, [hours(136), hours(148)]);
}

#[test]
fn inq_4_an_idle_claim_is_released_after_thirty_minutes_and_not_before() {
    let until = monday() + minutes(30);
    assert_eq!(set(Some(&opened("quality")), &held()).1, [until]);
    let early = held().idle_rings(us(), &at(until - MILLI));
    assert!(early.is_unchanged());
    assert_eq!(early.follow_ups, [held().idle_clock(until)], "and it will be looked at again");
    for now in [until, until + MILLI] {
        let released = held().idle_rings(us(), &at(now));
        assert_eq!(released.events, [InquiryEvent::Released { at: now, why: Release::Idle }]);
        assert_eq!(after_events(&held(), &released).status, Status::Open { judgement_owed: false });
    }
}

#[test]
fn inq_4_whatever_its_associate_does_gives_a_claim_its_time_anew() {
    let later = monday() + minutes(20);
    let noted = after_events(&held(), &held().note(&id("ann"), &at(later)).unwrap());
    let chosen = InquiryEvent::TopicChosen { topic: "defective".into(), associate: id("ann"), at: later };
    let chosen = Inquiry::apply(Some(held()), &chosen).unwrap();
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(monday() + minutes(5))).unwrap());
    let asked = after_events(&held(), &held().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    let replied = after_events(&asked, &asked.seller_replied(&id("r"), None, &at(later)));
    let passed_on = after_events(&held(), &held().reassign(&id("bob"), &at(later)).unwrap());
    for inquiry in [&noted, &chosen, &joined(&waits, later), &replied, &passed_on] {
        let early = inquiry.idle_rings(us(), &at(monday() + minutes(30)));
        assert_eq!((early.events.len(), early.follow_ups.len()), (0, 1), "{:?}", inquiry.status);
        let released = inquiry.idle_rings(us(), &at(later + minutes(30)));
        assert!(!released.is_unchanged(), "{:?}", inquiry.status);
    }
    for (before, after) in [(&waits, &joined(&waits, later)), (&asked, &replied), (&held(), &passed_on)] {
        assert_eq!(set(Some(before), after).1, [later + minutes(30)], "{:?}", after.status);
    }
    assert!(set(Some(&held()), &noted).1.is_empty(), "the clock that is set will look again");
}

#[test]
fn inq_4_what_nobody_works_on_is_not_idle() {
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(monday())).unwrap());
    let asked = after_events(&held(), &held().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    for inquiry in [opened("quality"), waits, asked, after_events(&held(), &held().seller_took_over(monday()))] {
        let outcome = inquiry.idle_rings(us(), &at(monday() + minutes(600)));
        assert_eq!(outcome, Outcome::unchanged(), "{:?}", inquiry.status);
    }
}
