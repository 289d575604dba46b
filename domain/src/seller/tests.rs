use super::*;
use crate::{
    coverage::{Coverage, Fulfilment, cover},
    outcome::RefusalKind,
    testing::{MILLI, at, facts, id, minutes, registered, store, utc, with_events},
};
use chrono::TimeDelta;
use proptest::prelude::*;

fn us() -> &'static Store {
    store("US")
}

fn noon() -> Instant {
    utc("2025-06-02T12:00:00Z")
}

/// Registered, all requirements met but the terms.
fn newcomer(facts: SellerFacts) -> Seller {
    with_events(None, &Seller::register(None, us(), &id("s"), facts, None, noon()))
}

fn opt_in(seller: &Seller, terms: Option<&str>, now: Instant) -> Seller {
    with_events(Some(seller), &seller.opt_in(us(), terms, &at(now)).unwrap())
}

fn opt_out(seller: &Seller, now: Instant) -> Seller {
    with_events(Some(seller), &seller.opt_out(us(), &at(now)))
}

/// Opted in at noon.
fn enrolled() -> Seller {
    opt_in(&newcomer(facts()), Some("2015-01"), noon())
}

fn served(seller: &Seller, placed_at: Instant) -> bool {
    cover(Fulfilment::Seller, placed_at, seller, us()).is_covered()
}

fn change(seller: &Seller, facts: SellerFacts, now: Instant) -> Seller {
    with_events(Some(seller), &seller.change_facts(us(), facts, now, &at(now)))
}

#[test]
fn enr_1_a_refusal_names_every_unmet_requirement() {
    for case in 0..16_u8 {
        let lacks = |bit: u8| case & (1 << bit) != 0;
        let facts = SellerFacts {
            plan: if lacks(1) { Plan::Individual } else { Plan::Professional },
            standing: if lacks(2) { Standing::AtRisk } else { Standing::Good },
            address_country: if lacks(3) { "FR".into() } else { "TW".into() },
            ..facts()
        };
        let names = [unmet::TERMS, unmet::PLAN, unmet::STANDING, unmet::ADDRESS];
        let expected: Vec<_> = (0..4).zip(names).filter(|(bit, _)| lacks(*bit)).map(|(_, name)| name).collect();
        let answer = newcomer(facts).opt_in(us(), (!lacks(0)).then_some("2015-01"), &at(noon()));
        match answer {
            Ok(outcome) => assert!(expected.is_empty() && !outcome.is_unchanged(), "{case:04b}"),
            Err(refusal) => {
                assert_eq!((refusal.code, refusal.rule), ("requirements_unmet", "ENR-1"), "{case:04b}");
                assert!(expected.iter().all(|name| refusal.sentence.contains(name)), "{}", refusal.sentence);
                assert_eq!(refusal.unmet, expected, "{case:04b}");
            }
        }
    }
}

#[test]
fn enr_1_terms_that_are_not_in_force_are_refused_together_with_whatever_else_is_unmet() {
    let seller = newcomer(SellerFacts { plan: Plan::Individual, ..facts() });
    let refusal = seller.opt_in(us(), Some("2026-01"), &at(noon())).unwrap_err();
    assert_eq!((refusal.code, refusal.kind), ("terms_not_current", RefusalKind::State));
    assert_eq!(refusal.unmet, [unmet::TERMS, unmet::PLAN]);
    assert_eq!(seller.accept_terms(us(), "2014-01", &at(noon())).unwrap_err().code, "terms_not_current");
}

#[test]
fn enr_1_an_address_in_five_countries_will_do_and_a_suspended_account_will_not() {
    for (country, fits) in [("US", true), ("CN", true), ("HK", true), ("MO", true), ("TW", true), ("SG", false)] {
        let seller = newcomer(SellerFacts { address_country: country.into(), ..facts() });
        assert_eq!(seller.opt_in(us(), Some("2015-01"), &at(noon())).is_ok(), fits, "{country}");
    }
    let suspended = newcomer(SellerFacts { standing: Standing::Suspended, ..facts() });
    assert_eq!(suspended.opt_in(us(), Some("2015-01"), &at(noon())).unwrap_err().unmet, [unmet::STANDING]);
    let abroad = newcomer(SellerFacts { plan: Plan::Individual, address_country: "SG".into(), ..suspended.facts });
    assert_eq!(
        abroad.opt_in(us(), None, &at(noon())).unwrap_err().sentence,
        "To opt in, these must be met first: terms (accept those in force); plan (be on the Professional plan); standing \
         (bring the account into good standing); address_country (have a business address in one of US, CN, HK, MO, TW)."
    );
}

#[test]
fn enr_2_a_new_us_seller_that_meets_the_requirements_is_enrolled_by_default() {
    let seller = registered(us(), noon());
    assert_eq!(seller.periods.len(), 1);
    assert_eq!(seller.periods[0].opened_by, Enrolling::ByDefault);
    assert_eq!(seller.periods[0].starts_at, noon() + minutes(15));
    assert_eq!(opt_out(&seller, noon() + minutes(99)).status(us(), noon() + minutes(99)), Status::NotEnrolled);
}

#[test]
fn enr_2_a_new_seller_that_lacks_something_or_registers_in_germany_is_not_enrolled() {
    assert_eq!(newcomer(facts()).periods, []);
    let lacking = SellerFacts { plan: Plan::Individual, ..facts() };
    let outcome = Seller::register(None, us(), &id("s"), lacking, Some("2015-01".into()), noon());
    assert_eq!(with_events(None, &outcome).periods, []);
    assert!(outcome.follow_ups.is_empty());
    assert_eq!(registered(store("DE"), noon()).periods, []);
}

#[test]
fn e6_enr_2_the_registration_delivered_again_after_an_opt_out_changes_nothing() {
    let left = opt_out(&registered(us(), noon()), noon() + TimeDelta::days(1));
    let again = Seller::register(Some(&left), us(), &left.id, facts(), Some("2015-01".into()), noon());
    assert_eq!(again, Outcome::unchanged());
}

#[test]
fn enr_3_service_starts_fifteen_minutes_after_opting_in() {
    let (seller, start) = (enrolled(), noon() + minutes(15));
    assert_eq!(seller.status(us(), noon()), Status::Starting { starts_at: start });
    assert_eq!(seller.status(us(), start - MILLI), Status::Starting { starts_at: start });
    assert_eq!(seller.status(us(), start), Status::Active { since: start });
    assert_eq!(seller.status(us(), start + MILLI), Status::Active { since: start });
}

#[test]
fn enr_4_an_opt_out_takes_effect_at_once_for_orders_placed_from_then_on() {
    let out = noon() + TimeDelta::days(7);
    let left = opt_out(&enrolled(), out);
    assert!(served(&left, out - MILLI));
    assert!(!served(&left, out) && !served(&left, out + MILLI));
    assert_eq!(left.status(us(), out), Status::NotEnrolled);
    assert_eq!(left.periods[0].ended, Some(End { at: out, reason: EndReason::OptedOut }));
}

#[test]
fn enr_4_an_opt_out_before_the_start_leaves_no_instant_of_service() {
    let (start, out) = (noon() + minutes(15), noon() + minutes(1));
    let left = opt_out(&enrolled(), out);
    for moment in [out, start - MILLI, start, start + MILLI] {
        assert_eq!(left.status(us(), moment), Status::NotEnrolled, "{moment}");
        assert!(!served(&left, moment), "{moment}");
    }
    assert_eq!(left.trial(us()), None);
}

#[test]
fn enr_5_a_seller_comes_back_and_both_periods_are_kept() {
    let (out, back) = (noon() + TimeDelta::days(7), noon() + TimeDelta::days(9));
    let seller = opt_in(&opt_out(&enrolled(), out), None, back);
    let bounds: Vec<_> = seller.periods.iter().map(|p| (p.starts_at, p.ended.as_ref().map(|end| end.at))).collect();
    assert_eq!(bounds, [(noon() + minutes(15), Some(out)), (back + minutes(15), None)]);
    assert!(served(&seller, out - MILLI) && !served(&seller, out) && !served(&seller, back));
    assert!(!served(&seller, back + minutes(15) - MILLI) && served(&seller, back + minutes(15)));
}

#[test]
fn enr_5_an_opt_in_that_a_slow_clock_dates_before_the_opt_out_starts_when_the_last_period_ended() {
    let instant = Store { activation_delay: TimeDelta::zero(), ..us().clone() };
    let out = noon() + TimeDelta::days(7);
    let left = opt_out(&enrolled(), out);
    let outcome = left.opt_in(&instant, None, &at(out - minutes(1))).unwrap();
    assert_eq!(with_events(Some(&left), &outcome).periods[1].starts_at, out);
}

#[test]
fn enr_6_the_trial_lasts_ninety_calendar_days_from_the_first_start() {
    let trial = enrolled().trial(us()).unwrap();
    assert_eq!(trial.starts_at, utc("2025-06-02T12:15:00Z"));
    assert_eq!(trial.ends_at, utc("2025-08-31T12:15:00Z"));
    let autumn = opt_in(&newcomer(facts()), Some("2015-01"), utc("2025-09-01T12:00:00Z")).trial(us()).unwrap();
    assert_eq!(autumn.ends_at, utc("2025-11-30T13:15:00Z"), "the same local time, after the clock was put back");
}

#[test]
fn e4_enr_6_the_trial_is_not_paused_by_an_opt_out_and_a_return_gives_none() {
    let first = enrolled().trial(us());
    let mut seller = enrolled();
    for days in [30, 60, 200] {
        seller = opt_out(&seller, noon() + TimeDelta::days(days));
        assert_eq!(seller.trial(us()), first);
        seller = opt_in(&seller, None, noon() + TimeDelta::days(days + 10));
        assert_eq!(seller.trial(us()), first);
    }
}

#[test]
fn e4_enr_6_a_period_that_was_left_before_it_began_does_not_start_the_trial() {
    let later = noon() + TimeDelta::days(40);
    let seller = opt_in(&opt_out(&enrolled(), noon()), None, later);
    assert_eq!(seller.trial(us()).unwrap().starts_at, later + minutes(15));
}

#[test]
fn enr_7_a_lost_requirement_closes_the_period_as_suspended_and_regaining_it_reopens_nothing() {
    let lost = noon() + TimeDelta::days(3);
    for facts_then in [
        SellerFacts { plan: Plan::Individual, ..facts() },
        SellerFacts { standing: Standing::AtRisk, ..facts() },
        SellerFacts { standing: Standing::Suspended, ..facts() },
        SellerFacts { address_country: "FR".into(), ..facts() },
    ] {
        let suspended = change(&enrolled(), facts_then, lost);
        assert_eq!(suspended.periods[0].ended, Some(End { at: lost, reason: EndReason::Suspended }));
        let back = change(&suspended, facts(), lost + TimeDelta::days(1));
        assert_eq!(back.periods, suspended.periods);
        assert_eq!(back.status(us(), lost + TimeDelta::days(2)), Status::NotEnrolled);
        assert_eq!(opt_in(&back, None, lost + TimeDelta::days(2)).periods.len(), 2);
    }
}

#[test]
fn enr_7_a_change_that_loses_nothing_leaves_the_period_open_and_an_older_saying_is_ignored() {
    let seller = enrolled();
    let moved = SellerFacts { address_country: "HK".into(), email: "new@example.com".into(), ..facts() };
    let changed = change(&seller, moved.clone(), noon() + minutes(60));
    assert_eq!((&changed.facts, &changed.periods), (&moved, &seller.periods));
    let older = SellerFacts { plan: Plan::Individual, ..facts() };
    for occurred_at in [noon(), noon() + minutes(60)] {
        let answer = changed.change_facts(us(), older.clone(), occurred_at, &at(noon() + minutes(90)));
        assert_eq!(answer, Outcome::unchanged(), "{occurred_at}");
    }
}

/// New terms of the US store begin on 1 January 2026, 08:00 UTC; 30 calendar days later they must be accepted.
fn lapse() -> Instant {
    utc("2026-01-31T08:00:00Z")
}

#[test]
fn enr_7_service_ends_by_itself_thirty_days_after_new_terms_that_nobody_accepted() {
    let seller = enrolled();
    for (moment, given) in [(lapse() - MILLI, true), (lapse(), false), (lapse() + MILLI, false)] {
        assert_eq!(seller.status(us(), moment) != Status::NotEnrolled, given, "{moment}");
        assert_eq!(served(&seller, moment), given, "{moment}");
    }
}

#[test]
fn enr_7_the_end_by_new_terms_is_written_down_at_the_next_change_with_its_own_time() {
    let seller = enrolled();
    let early = seller.accept_terms(us(), "2026-01", &at(lapse() - MILLI)).unwrap();
    assert_eq!(
        with_events(Some(&seller), &early).status(us(), lapse()),
        Status::Active { since: noon() + minutes(15) }
    );
    let end = SellerEvent::Left(End { at: lapse(), reason: EndReason::TermsLapsed });
    for now in [lapse(), lapse() + TimeDelta::days(50)] {
        let late = seller.accept_terms(us(), "2026-01", &at(now)).unwrap();
        assert_eq!(late.events.first(), Some(&end));
        let accepted = with_events(Some(&seller), &late);
        assert_eq!(accepted.status(us(), now + minutes(60)), Status::NotEnrolled, "accepting reopens nothing");
        assert!(!served(&accepted, lapse()), "nor does it fill in what was missed");
        assert_eq!(opt_in(&seller, Some("2026-01"), now).periods.len(), 2);
        assert_eq!(opt_out(&seller, now).periods[0].ended, Some(End { at: lapse(), reason: EndReason::TermsLapsed }));
    }
}

#[test]
fn enr_8_opting_in_twice_or_out_twice_changes_nothing() {
    let seller = enrolled();
    for now in [noon(), noon() + minutes(16), noon() + TimeDelta::days(9)] {
        assert_eq!(seller.opt_in(us(), Some("2015-01"), &at(now)), Ok(Outcome::unchanged()));
    }
    let left = opt_out(&seller, noon() + TimeDelta::days(9));
    for now in [noon() + TimeDelta::days(9), noon() + TimeDelta::days(10)] {
        assert_eq!(left.opt_out(us(), &at(now)), Outcome::unchanged());
    }
    assert_eq!(newcomer(facts()).opt_out(us(), &at(noon())), Outcome::unchanged());
}

#[test]
fn enr_8_the_events_say_which_terms_and_how_and_accepting_twice_is_one_acceptance() {
    let outcome = newcomer(facts()).opt_in(us(), Some("2015-01"), &at(noon())).unwrap();
    let accepted = Acceptance { version: "2015-01".into(), at: noon() };
    let enrolled_event =
        SellerEvent::Enrolled { starts_at: noon() + minutes(15), by: Enrolling::OptIn, terms: "2015-01".into() };
    assert_eq!(outcome.events, [SellerEvent::TermsAccepted(accepted), enrolled_event]);
    assert_eq!(enrolled().accept_terms(us(), "2015-01", &at(noon() + minutes(1))), Ok(Outcome::unchanged()));
}

/// The warnings that an opt-in of this instant sets, each with its time.
fn warnings(outcome: &Outcome<SellerEvent>) -> Vec<(Instant, u64)> {
    let warning = |follow_up: &FollowUp| match follow_up {
        FollowUp::Alarm { at, alarm: Alarm::TrialEnding { days_left, .. } } => Some((*at, *days_left)),
        FollowUp::Alarm { .. } | FollowUp::Notice(_) | FollowUp::Route(_) => None,
    };
    outcome.follow_ups.iter().filter_map(warning).collect()
}

#[test]
fn ntf_1_an_enrollment_is_announced_and_the_first_one_sets_the_warnings_of_the_trials_end() {
    let first = newcomer(facts()).opt_in(us(), Some("2015-01"), &at(noon())).unwrap();
    let seller = with_events(Some(&newcomer(facts())), &first);
    let trial_ends_at = Some(utc("2025-08-31T12:15:00Z"));
    let kind = NoticeKind::EnrollmentComplete { starts_at: noon() + minutes(15), trial_ends_at, by: Enrolling::OptIn };
    let Some(FollowUp::Notice(notice)) = first.follow_ups.first() else { panic!("{first:?}") };
    assert_eq!(notice.kind, kind);
    assert_eq!(warnings(&first), [(utc("2025-08-17T12:15:00Z"), 14), (utc("2025-08-28T12:15:00Z"), 3)]);
    let again = opt_out(&seller, noon() + minutes(99)).opt_in(us(), None, &at(noon() + minutes(99))).unwrap();
    assert_eq!((again.follow_ups.len(), warnings(&again)), (1, vec![]));
}

#[test]
fn ntf_1_the_trials_end_is_announced_when_it_is_near_and_service_is_given() {
    let seller = enrolled();
    let end = utc("2025-08-31T12:15:00Z");
    let warned = |seller: &Seller, days, now| seller.trial_ending(us(), days, &at(now)).is_some();
    for (days, other) in [(14, 3), (3, 14)] {
        let due = end - TimeDelta::days(i64::try_from(days).unwrap());
        assert!(
            !warned(&seller, days, due - MILLI) && warned(&seller, days, due) && warned(&seller, days, due + MILLI)
        );
        assert!(!warned(&seller, other, due), "{other} days are not left when {days} are");
    }
    assert!(warned(&seller, 3, end - MILLI) && !warned(&seller, 3, end));
    assert!(!warned(&opt_out(&seller, end - TimeDelta::days(20)), 14, end - TimeDelta::days(14)));
    assert!(!warned(&newcomer(facts()), 14, end - TimeDelta::days(14)));
}

#[test]
fn ntf_1_a_warning_that_rings_in_the_hour_that_occurs_twice_is_not_lost() {
    let start = utc("2025-08-18T08:50:00Z");
    let seller = opt_in(&newcomer(facts()), Some("2015-01"), start - minutes(15));
    let due = utc("2025-11-02T08:50:00Z");
    assert_eq!(seller.trial(us()).unwrap().ends_at, utc("2025-11-16T09:50:00Z"), "01:50 in Los Angeles");
    assert!(seller.trial_ending(us(), 14, &at(due - MILLI)).is_none());
    for late in [0, 9, 10, 11, 70] {
        assert!(seller.trial_ending(us(), 14, &at(due + minutes(late))).is_some(), "{late} minutes late");
    }
}

#[derive(Debug, Clone)]
enum Command {
    OptIn(Option<&'static str>),
    OptOut,
    Accept(&'static str),
    Change(SellerFacts),
}

fn decide(seller: &Seller, store: &Store, command: &Command, now: Instant) -> Result<Outcome<SellerEvent>, Refusal> {
    match command {
        Command::OptIn(terms) => seller.opt_in(store, *terms, &at(now)),
        Command::OptOut => Ok(seller.opt_out(store, &at(now))),
        Command::Accept(version) => seller.accept_terms(store, version, &at(now)),
        Command::Change(facts) => Ok(seller.change_facts(store, facts.clone(), now, &at(now))),
    }
}

fn commands() -> impl Strategy<Value = Vec<(Command, i64)>> {
    let version = || prop::sample::select(vec!["2015-01", "2026-01"]);
    let plan = prop::sample::select(vec![Plan::Professional, Plan::Individual]);
    let command = prop_oneof![
        3 => prop::option::of(version()).prop_map(Command::OptIn),
        2 => Just(Command::OptOut),
        1 => version().prop_map(Command::Accept),
        1 => plan.prop_map(|plan| Command::Change(SellerFacts { plan, ..facts() })),
    ];
    // Minutes to the next command: most often a little, sometimes weeks, sometimes back, as clocks of two machines do.
    let step = prop_oneof![5 => 0_i64..40, 3 => 0_i64..60_000, 1 => -40_i64..0];
    prop::collection::vec((command, step), 1..40)
}

/// The same commands, at least a minute apart.
fn forward(commands: Vec<(Command, i64)>) -> Vec<(Command, i64)> {
    commands.into_iter().map(|(command, step)| (command, step.abs() + 1)).collect()
}

/// Every state that the commands lead to, with its time; the first terms are accepted from the start.
fn walk(store: &Store, commands: &[(Command, i64)]) -> Vec<(Instant, Seller)> {
    let mut now = utc("2025-11-20T00:00:00Z");
    let mut seller = with_events(None, &Seller::register(None, store, &id("s"), facts(), Some("2015-01".into()), now));
    let mut states = vec![(now, seller.clone())];
    for (command, step) in commands {
        now += minutes(*step);
        let answer = decide(&seller, store, command, now);
        if let Ok(outcome) = &answer {
            seller = with_events(Some(&seller), outcome);
        }
        let again = decide(&seller, store, command, now);
        match answer {
            Ok(_) => assert_eq!(again, Ok(Outcome::unchanged()), "{command:?}"),
            Err(refusal) => assert_eq!(again, Err(refusal), "{command:?}"),
        }
        states.push((now, seller.clone()));
    }
    states
}

proptest! {
    #[test]
    fn e1_enr_5_whatever_is_commanded_periods_are_ordered_never_overlap_and_are_kept(
        commands in commands(), delay in 0_i64..=60
    ) {
        let store = Store { activation_delay: minutes(delay), ..us().clone() };
        let mut before: Vec<Period> = Vec::new();
        for (_, seller) in walk(&store, &commands) {
            for pair in seller.periods.windows(2) {
                let end = pair[0].ended.as_ref().map(|end| end.at);
                prop_assert!(end.is_some_and(|end| pair[0].starts_at <= end && end <= pair[1].starts_at));
            }
            let closed = before.iter().filter(|period| period.ended.is_some());
            prop_assert!(closed.zip(&seller.periods).all(|(was, is)| was == is), "what is over is never rewritten");
            prop_assert!(before.len() <= seller.periods.len());
            let text = serde_json::to_string(&seller).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Seller>(&text).unwrap(), &seller);
            before = seller.periods;
        }
    }

    #[test]
    fn e2_enr_3_service_starts_within_an_hour_of_the_request_and_never_before_it(
        seconds in 1_420_200_000_i64..1_760_000_000, delay in 0_i64..=60
    ) {
        let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let store = Store { activation_delay: minutes(delay), ..us().clone() };
        let outcome = newcomer(facts()).opt_in(&store, Some("2015-01"), &at(now)).unwrap();
        let start = with_events(Some(&newcomer(facts())), &outcome).periods[0].starts_at;
        prop_assert!(now <= start && start <= now + minutes(60));
    }

    #[test]
    fn e4_enr_6_the_trial_once_begun_stays_what_it_is(commands in commands()) {
        let mut begun = None;
        for (now, seller) in walk(us(), &forward(commands)) {
            let trial = seller.trial(us());
            if begun.is_some() {
                prop_assert_eq!(trial, begun);
            }
            begun = begun.or(trial.filter(|trial| trial.starts_at < now));
        }
    }

    #[test]
    fn e3_cov_2_the_answer_for_an_order_stays_what_it_was_once_its_moment_is_over(commands in commands()) {
        let states = walk(us(), &forward(commands));
        for (n, (now, punctual)) in states.iter().enumerate() {
            for placed_at in [*now - MILLI, *now - minutes(15), *now - minutes(500)] {
                let answer = cover(Fulfilment::Seller, placed_at, punctual, us());
                for (_, later) in &states[n..] {
                    let late = cover(Fulfilment::Seller, placed_at, later, us());
                    match answer {
                        Coverage::Service { .. } => prop_assert_eq!(late, answer),
                        Coverage::Seller { .. } => prop_assert!(!late.is_covered()),
                    }
                }
            }
        }
    }
}
