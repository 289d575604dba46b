use super::*;
use crate::{
    at::hours_after,
    routing::Thread,
    testing::{MILLI, after_events, answered, at, contact, id, monday, opened, order, store, topic, utc},
};
use proptest::prelude::*;

fn days(n: i64) -> TimeDelta {
    TimeDelta::days(n)
}

fn on(n: i64) -> Instant {
    monday() + days(n)
}

fn resolved() -> Inquiry {
    let open = opened("quality");
    let held = after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap());
    let record = answered(&held, monday());
    after_events(&held, &held.decide(&id("ann"), record, store("US"), &at(monday())).unwrap())
}

/// A store with these times of keeping: from which day, and for how many days everything.
fn keeping(policies: &[(i64, u32)]) -> Store {
    let policy = |(from, days): &(i64, u32)| Retention {
        effective_from: on(*from),
        look_again: TimeDelta::days(180),
        classes: Class::EACH.into_iter().map(|class| (class, Term { days: *days, reason: "Why.".into() })).collect(),
    };
    Store { retention: policies.iter().map(policy).collect(), ..store("US").clone() }
}

fn all() -> BTreeSet<Class> {
    Class::EACH.into_iter().collect()
}

fn rings(clock: Option<&FollowUp>) -> Option<(Instant, u32)> {
    match clock? {
        FollowUp::Alarm { at, alarm: Alarm::Retention { rings_at, step, .. } } => {
            assert_eq!(at, rings_at);
            Some((*at, *step))
        }
        other @ (FollowUp::Notice(_) | FollowUp::Route(_) | FollowUp::Alarm { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn what_people_said_is_due_when_its_days_are_over_and_not_a_moment_before() {
    let us = store("US");
    let look_at = |now| look(us, End::At(monday()), now);
    assert_eq!(look_at(monday()), Look { due: BTreeSet::new(), again_at: Some(on(180)) }, "a look in between");
    assert_eq!(look_at(on(300)).again_at, Some(on(365)));
    assert!(look_at(on(365) - MILLI).due.is_empty());
    let notes = look_at(on(365));
    assert_eq!(notes.due, BTreeSet::from([Class::Notes, Class::Comments]));
    assert_eq!(notes.again_at, Some(on(545)), "the rest is not due yet");
    assert_eq!(look_at(on(730) - MILLI).again_at, Some(on(730)));
    assert_eq!(look_at(on(730)), Look { due: all(), again_at: None });
    assert_eq!(look_at(on(731)), Look { due: all(), again_at: None }, "nothing is left: never again");
}

#[test]
fn what_is_in_force_on_the_day_of_the_look_holds_also_for_what_was_over_before() {
    let shorter = keeping(&[(-10, 100), (50, 60)]);
    let look_at = |store: &Store, now| look(store, End::At(monday()), now);
    assert_eq!(look_at(&shorter, on(40)).again_at, Some(on(60)), "what is known of the future counts");
    assert!(look_at(&shorter, on(60) - MILLI).due.is_empty());
    assert_eq!(look_at(&shorter, on(60)).due, all());
    let at_once = keeping(&[(-10, 100), (70, 60)]);
    assert!(look_at(&at_once, on(70) - MILLI).due.is_empty());
    assert_eq!(look_at(&at_once, on(70)).due, all(), "from its first day on");
    let before_it = keeping(&[(-10, 100), (150, 60)]);
    assert_eq!(look_at(&before_it, on(40)).again_at, Some(on(100)), "what holds later comes too late");
    let on_its_day = keeping(&[(-10, 100), (100, 120)]);
    assert_eq!(look_at(&on_its_day, on(40)).again_at, Some(on(120)), "on its first day it holds");
    assert!(look_at(&on_its_day, on(100)).due.is_empty());
    let longer = keeping(&[(-10, 100), (50, 200)]);
    assert!(look_at(&longer, on(100)).due.is_empty(), "what is not erased yet is spared");
    assert_eq!(look_at(&longer, on(100)).again_at, Some(on(200)));
    let later = keeping(&[(300, 100)]);
    assert_eq!(look_at(&later, on(10)), Look { due: BTreeSet::new(), again_at: Some(on(300)) }, "before any day");
}

#[test]
fn a_live_or_reopened_inquiry_is_never_due() {
    let (us, open, done) = (store("US"), opened("quality"), resolved());
    assert_eq!(End::of(&done, &done, monday()), End::At(monday()));
    assert_eq!(End::of(&open, &open, monday()), End::Anew, "live");
    assert_eq!(End::of(&done, &done, monday() - MILLI), End::Anew, "another end");
    let order = order(vec![crate::testing::line("i", crate::testing::COVERED)]);
    let back = contact("c2", "quality", hours_after(monday(), 24));
    let event = Inquiry::receive(Some(&done), &back, topic("quality"), &order, &[id("i")], us);
    let reopened = Inquiry::apply(Some(done), &event).unwrap();
    assert_eq!(End::of(&reopened, &reopened, monday()), End::Anew);
    for now in [monday(), on(1_000_000)] {
        assert_eq!(look(us, End::Anew, now), Look::default(), "and its next end has a clock of its own");
        assert!(due_before(us, End::Anew, monday(), now).is_empty());
    }
}

#[test]
fn what_was_merged_is_kept_as_long_as_the_inquiry_in_which_it_goes_on() {
    let us = store("US");
    let into = resolved();
    let merged = |into: &Inquiry| Inquiry {
        id: id("merged"),
        status: Status::Merged { at: monday() - days(9), into: into.id.clone() },
        ..opened("quality")
    };
    let ended_at = monday() - days(9);
    let end = |last: &Inquiry| End::of(&merged(last), last, ended_at);
    assert_eq!(end(&into), End::At(monday()), "since the end of that");
    let live = opened("quality");
    assert_eq!(end(&live), End::GoesOn);
    assert_eq!(end(&merged(&live)), End::GoesOn, "a chain that is too long");
    let goes_on = look(us, End::GoesOn, on(5000));
    assert_eq!(goes_on, Look { due: BTreeSet::new(), again_at: Some(on(5180)) });
    assert!(due_before(us, End::GoesOn, monday(), on(5000)).is_empty());
}

#[test]
fn each_end_sets_one_clock() {
    let (us, open, done) = (store("US"), opened("quality"), resolved());
    let set = |before, after| rings(Inquiry::kept_until(before, after, us).as_ref());
    assert_eq!(set(None, &open), None);
    assert_eq!(set(Some(&open), &done), Some((on(180), 0)));
    assert_eq!(set(Some(&done), &done), None, "the same end");
    let again = Inquiry { status: Status::Resolved { at: on(1) }, ..done.clone() };
    assert_eq!(set(Some(&done), &again), Some((on(181), 0)), "another one");
    let next = Inquiry { id: id("next"), ..done.clone() };
    assert_eq!(set(Some(&done), &next), Some((on(180), 0)), "of another inquiry");
    let of_seller = Over::Contact { store: id("US"), seller: id("s"), contact: id("c") };
    assert_eq!(rings(clock(of_seller.clone(), monday(), us).as_ref()), Some((on(180), 0)));
    assert_eq!(rings(Some(&ring(of_seller, monday(), on(3), 7))), Some((on(3), 7)));
}

#[test]
fn a_contact_of_the_sellers_has_a_clock_of_its_own_and_one_that_is_part_of_an_inquiry_has_none() {
    let us = store("US");
    let order = order(vec![crate::testing::line("i", crate::testing::COVERED)]);
    let set = |code: &str| {
        let contact = contact("c1", code, monday());
        let received = crate::routing::receive(&contact, topic(code), Some(&order), &Thread::default(), None, us);
        received.unwrap().routed.kept_until(monday(), us)
    };
    assert_eq!(set("quality"), None);
    let over = Over::Contact { store: id("US"), seller: id("s"), contact: id("c1") };
    assert_eq!(set("invoice"), Some(ring(over, monday(), on(180), 0)));
}

#[test]
fn a_dry_run_knows_what_will_be_gone_by_a_day() {
    let us = store("US");
    let before = |until| due_before(us, End::At(monday()), on(180), until);
    assert!(before(on(365)).is_empty());
    assert_eq!(before(on(365) + MILLI), BTreeSet::from([Class::Notes, Class::Comments]));
    assert_eq!(before(on(730) + MILLI), all());
    assert!(due_before(us, End::At(monday()), on(900), on(800)).is_empty(), "a clock erases nothing before it rings");
    let shorter = keeping(&[(-10, 100), (50, 60)]);
    assert_eq!(due_before(&shorter, End::At(monday()), on(40), on(61)), all(), "under what is in force then");
    assert_eq!(utc("2017-06-05T12:00:00Z"), monday());
}

proptest! {
    #[test]
    fn clock_after_clock_everything_is_erased_once_its_days_are_over_and_a_dry_run_says_when(
        mut policies in prop::collection::vec((0_i64..900, 30_u32..900), 1..4)
    ) {
        policies.sort_by_key(|(from, _)| *from);
        policies.dedup_by_key(|(from, _)| *from);
        let store = keeping(&policies);
        let mut rings_at = look(&store, End::At(monday()), monday()).again_at.unwrap();
        let (first, mut looks) = (rings_at, 0);
        loop {
            let Look { due, again_at } = look(&store, End::At(monday()), rings_at);
            if !due.is_empty() {
                prop_assert_eq!(due, all());
                prop_assert_eq!(again_at, None);
                let term = store.retention_at(rings_at).unwrap().classes[&Class::Words].days;
                prop_assert!(rings_at >= on(term.into()), "never before its days");
                prop_assert!(due_before(&store, End::At(monday()), first, rings_at).is_empty());
                prop_assert_eq!(due_before(&store, End::At(monday()), first, rings_at + MILLI), all());
                break;
            }
            let again_at = again_at.unwrap();
            prop_assert!(again_at > rings_at);
            rings_at = again_at;
            looks += 1;
            prop_assert!(looks < 20);
        }
    }
}
