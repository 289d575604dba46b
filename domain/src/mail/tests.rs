use super::*;
use proptest::prelude::*;

const MUST_ARRIVE: bool = true;
const MAY_BE_LOST: bool = false;

fn at(seconds: i64) -> Instant {
    Instant::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

fn owner(message: &str, delivery: u32, since: i64) -> Owner {
    Owner { message: message.to_owned(), delivery, since: at(since) }
}

fn mail(words: &str) -> Mail {
    Mail { to: "li.wei@seller.example".to_owned(), mime: words.to_owned() }
}

fn attempt(number: u32, owner: Owner) -> Attempt {
    Attempt { mail: mail("as it was frozen"), number, owner }
}

fn sent(became: Option<Report>) -> State {
    State::Sent { message_id: "x".to_owned(), became }
}

fn report(fate: Fate, seconds: i64) -> Report {
    Report { fate, at: at(seconds) }
}

const FATES: [Fate; 6] =
    [Fate::Delayed, Fate::SoftBounced, Fate::Rejected, Fate::Delivered, Fate::HardBounced, Fate::Complained];

fn ended() -> [State; 4] {
    let why = || "x".to_owned();
    [sent(None), State::Suppressed { why: why() }, State::Refused { why: why() }, State::Unknown]
}

/// What a later delivery does about it.
fn later(found: Option<State>, must_arrive: bool) -> Next {
    next(found, Ok(mail("as it would read today")), must_arrive, &owner("m", 2, 180))
}

#[test]
fn n1_the_first_delivery_freezes_the_mail_and_takes_it() {
    let owner = owner("m", 1, 0);
    let taken = Attempt { mail: mail("new"), number: 1, owner: owner.clone() };
    assert_eq!(next(None, Ok(mail("new")), MAY_BE_LOST, &owner), Next::Take(taken));
}

#[test]
fn n1_a_message_for_a_notice_that_has_ended_changes_nothing() {
    for state in ended() {
        assert_eq!(later(Some(state.clone()), MUST_ARRIVE), Next::Nothing);
        assert_eq!(later(Some(state), MAY_BE_LOST), Next::Nothing);
    }
}

#[test]
fn n3_an_attempt_that_may_have_arrived_is_repeated_once_where_it_must_arrive_and_never_elsewhere() {
    let first = State::Sending(attempt(1, owner("m", 1, 0)));
    let second = State::Sending(attempt(2, owner("m", 1, 0)));
    assert_eq!(later(Some(first.clone()), MUST_ARRIVE), Next::Take(attempt(2, owner("m", 2, 180))));
    assert_eq!(later(Some(second), MUST_ARRIVE), Next::End(State::Unknown));
    assert_eq!(later(Some(first), MAY_BE_LOST), Next::End(State::Unknown));
}

#[test]
fn n3_an_attempt_that_may_still_be_under_way_is_left_alone() {
    let sending = |owner| Some(State::Sending(attempt(1, owner)));
    for (found, me) in [
        (owner("m", 1, 0), owner("m", 1, 1)),
        (owner("m", 2, 180), owner("m", 1, 0)),
        (owner("m", 1, 0), owner("m", 2, 1)),
        (owner("m", 1, 0), owner("m", 2, 60)),
        (owner("m", 1, 0), owner("other", 1, 60)),
        (owner("m", 2, 0), owner("m", 2, 61)),
        (owner("m", 2, 0), owner("m", 1, 61)),
    ] {
        assert_eq!(next(sending(found), Ok(mail("")), MUST_ARRIVE, &me), Next::Later, "{me:?}");
    }
    let much_later = owner("other", 1, 61);
    let taken = Next::Take(attempt(2, much_later.clone()));
    assert_eq!(next(sending(owner("m", 1, 0)), Ok(mail("")), MUST_ARRIVE, &much_later), taken);
}

#[test]
fn n3_a_delivery_whose_own_claim_landed_without_an_answer_goes_on() {
    let me = owner("m", 1, 0);
    let claimed = attempt(1, me.clone());
    assert_eq!(next(Some(State::Sending(claimed.clone())), Ok(mail("")), MAY_BE_LOST, &me), Next::Send(claimed));
}

#[test]
fn n3_what_is_not_taken_for_now_was_no_attempt() {
    for number in [1, 2] {
        let waiting = attempt(number, owner("m", 1, 0)).answered(Answer::NotNow("Throttling".into()), MUST_ARRIVE);
        assert_eq!(later(Some(waiting.clone()), MUST_ARRIVE), Next::Take(attempt(number, owner("m", 2, 180))));
        assert!(!waiting.has_ended());
    }
}

#[test]
fn n3_a_lost_answer_leaves_the_second_attempt_to_the_next_delivery() {
    let (first, second) = (attempt(1, owner("m", 1, 0)), attempt(2, owner("m", 2, 180)));
    assert_eq!(first.answered(Answer::Unknown, MUST_ARRIVE), State::Sending(first.clone()));
    assert!(!State::Sending(first.clone()).has_ended());
    assert_eq!(second.answered(Answer::Unknown, MUST_ARRIVE), State::Unknown);
    assert_eq!(first.answered(Answer::Unknown, MAY_BE_LOST), State::Unknown);
}

#[test]
fn n2_a_mail_of_which_the_answer_is_known_has_ended() {
    let attempt = attempt(1, owner("m", 1, 0));
    let refused = attempt.answered(Answer::Refused("x".into()), MUST_ARRIVE);
    assert_eq!(refused, State::Refused { why: "x".into() });
    assert_eq!(attempt.answered(Answer::Accepted("x".into()), MUST_ARRIVE), sent(None));
    assert!(ended().iter().all(State::has_ended));
}

#[test]
fn n2_that_a_mail_was_taken_is_written_over_whatever_another_delivery_thought() {
    let [sent, suppressed, refused, unknown] = ended();
    let sending = State::Sending(attempt(2, owner("other", 1, 61)));
    for other in [&suppressed, &refused, &unknown, &sending] {
        assert!(sent.outranks(other) && !other.outranks(&sent) && !unknown.outranks(other));
    }
    let reported = State::Sent { message_id: "y".into(), became: Some(report(Fate::Delivered, 0)) };
    assert!(!sent.outranks(&sent) && !sent.outranks(&reported), "what was reported meanwhile stands");
}

#[test]
fn n3_a_report_proves_that_the_mail_was_taken_wherever_it_stood() {
    let [_, suppressed, refused, unknown] = ended();
    let waiting = State::Waiting { mail: mail(""), attempts: 1 };
    let sending = State::Sending(attempt(1, owner("m", 1, 0)));
    for found in [None, Some(suppressed), Some(refused), Some(unknown), Some(waiting), Some(sending)] {
        for fate in FATES {
            let report = report(fate, 7);
            assert_eq!(reported(found.clone(), "x", report), Some(sent(Some(report))), "{found:?}");
        }
    }
    let mut found = Some(sent(None));
    found = reported(found, "another attempt", report(Fate::Delivered, 7));
    assert_eq!(found, Some(sent(Some(report(Fate::Delivered, 7)))), "it keeps its first name");
}

#[test]
fn n3_what_is_reported_to_be_sent_is_not_sent_again() {
    let lost = State::Sending(attempt(1, owner("m", 1, 0)));
    let found = reported(Some(lost), "x", report(Fate::Delayed, 7));
    assert_eq!(later(found, MUST_ARRIVE), Next::Nothing);
}

#[test]
fn ntf_3_of_all_that_is_reported_what_says_most_counts_and_of_the_same_the_earliest() {
    for (n, less) in FATES.into_iter().enumerate() {
        for more in FATES.into_iter().skip(n + 1) {
            let (less, more) = (report(less, 1), report(more, 2));
            assert_eq!(reported(Some(sent(Some(less))), "x", more), Some(sent(Some(more))));
            assert_eq!(reported(Some(sent(Some(more))), "x", less), None);
        }
        let (early, late) = (report(less, 1), report(less, 2));
        assert_eq!(reported(Some(sent(Some(late))), "x", early), Some(sent(Some(early))));
        assert_eq!(reported(Some(sent(Some(early))), "x", late), None);
        assert_eq!(reported(Some(sent(Some(early))), "x", early), None);
    }
}

#[test]
fn ntf_3_a_hard_bounce_and_a_complaint_suppress_the_address_and_nothing_else_does() {
    let suppressing: Vec<_> = FATES.into_iter().filter(|fate| report(*fate, 0).suppresses()).collect();
    assert_eq!(suppressing, [Fate::HardBounced, Fate::Complained]);
}

#[test]
fn n4_nothing_is_sent_to_an_address_that_may_no_longer_be_mailed() {
    let suppressed = Next::End(State::Suppressed { why: "no address".into() });
    let waiting = State::Waiting { mail: mail(""), attempts: 0 };
    let lost = State::Sending(attempt(1, owner("m", 1, 0)));
    for found in [None, Some(waiting), Some(lost)] {
        assert_eq!(next(found, Err("no address"), MUST_ARRIVE, &owner("m", 2, 180)), suppressed);
    }
}

#[test]
fn n5_every_attempt_carries_the_bytes_that_were_frozen_though_the_words_have_changed_since() {
    let waiting = State::Waiting { mail: mail("as it was frozen"), attempts: 0 };
    for found in [waiting, State::Sending(attempt(1, owner("m", 1, 0)))] {
        let Next::Take(attempt) = later(Some(found), MUST_ARRIVE) else { panic!("it is to be sent") };
        assert_eq!(attempt.mail, mail("as it was frozen"));
    }
}

#[test]
fn a_state_is_read_back_as_it_was_written() {
    let [taken, suppressed, refused, unknown] = ended();
    let told = FATES.map(|fate| sent(Some(report(fate, 3))));
    let waiting = State::Waiting { mail: mail(""), attempts: 1 };
    let others = [taken, suppressed, refused, unknown, waiting, State::Sending(attempt(1, owner("m", 1, 0)))];
    for state in others.into_iter().chain(told) {
        let stored = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&stored).unwrap(), state, "{stored}");
    }
}

/// A notice with two messages, whose deliveries run side by side, step by step, and may die before any of them.
struct World {
    must_arrive: bool,
    now: i64,
    stored: Option<(State, u64)>,
    sent: Vec<Mail>,
    something_was_lost: bool,
    messages: [Message; 2],
}

#[derive(Default)]
struct Message {
    deliveries: u32,
    running: Option<(Owner, Doing)>,
    done: bool,
}

enum Doing {
    Reading,
    Deciding(Next, Option<u64>),
    Sending(Attempt, u64),
    Settling(State, u64),
}

impl World {
    /// A conditional put. One whose answer is lost is repeated by the SDK, and then meets itself.
    fn put(&mut self, seen: Option<u64>, state: State, chance: u8) -> Option<u64> {
        if self.stored.as_ref().map(|(_, version)| *version) != seen {
            return None;
        }
        let version = seen.unwrap_or(0) + 1;
        self.stored = Some((state, version));
        (!chance.is_multiple_of(7)).then_some(version)
    }

    fn ask_ses(&mut self, mail: &Mail, chance: u8) -> Answer {
        match chance % 5 {
            0 => return Answer::NotNow("Throttling".into()),
            1 => return Answer::Refused("MessageRejected".into()),
            2 => {}
            _ => self.sent.push(mail.clone()),
        }
        if chance % 5 == 4 {
            return Answer::Accepted("ses".into());
        }
        self.something_was_lost = true;
        Answer::Unknown
    }

    /// One step of one message's delivery.
    fn step(&mut self, which: usize, dies: bool, chance: u8) {
        self.now += 1;
        if self.messages[which].done {
            return;
        }
        let Some((me, doing)) = self.messages[which].running.take() else {
            self.messages[which].deliveries += 1;
            let me = owner(&which.to_string(), self.messages[which].deliveries, self.now);
            self.messages[which].running = Some((me, Doing::Reading));
            return;
        };
        if dies || at(self.now) - me.since > TimeDelta::seconds(30) {
            self.something_was_lost = true;
            return;
        }
        let then = match doing {
            Doing::Reading => {
                let (state, version) = self.stored.clone().unzip();
                let words = Mail { to: String::new(), mime: format!("{me:?}") };
                Some(Doing::Deciding(next(state, Ok(words), self.must_arrive, &me), version))
            }
            Doing::Deciding(Next::Nothing, _) => self.end(which, true),
            Doing::Deciding(Next::Later, _) => None,
            Doing::Deciding(Next::Send(attempt), version) => Some(Doing::Sending(attempt, version.unwrap())),
            Doing::Deciding(Next::Take(attempt), seen) => match self.put(seen, State::Sending(attempt.clone()), chance)
            {
                Some(version) => Some(Doing::Sending(attempt, version)),
                None => Some(Doing::Reading),
            },
            Doing::Deciding(Next::End(state), seen) => match self.put(seen, state.clone(), chance) {
                Some(_) => self.end(which, state.has_ended()),
                None => Some(Doing::Reading),
            },
            Doing::Sending(attempt, version) => {
                let state = attempt.answered(self.ask_ses(&attempt.mail, chance), self.must_arrive);
                (state != State::Sending(attempt)).then_some(Doing::Settling(state, version))
            }
            Doing::Settling(state, version) => {
                let beaten = self.put(Some(version), state.clone(), chance).is_none();
                let (other, version) = self.stored.clone().unwrap();
                if beaten && state.outranks(&other) {
                    Some(Doing::Settling(state, version))
                } else {
                    self.end(which, state.has_ended())
                }
            }
        };
        self.messages[which].running = then.map(|doing| (me, doing));
    }

    /// A message that is handled, or parked, does not come again.
    fn end(&mut self, which: usize, done: bool) -> Option<Doing> {
        self.messages[which].done = done;
        None
    }
}

proptest! {
    #[test]
    fn n3_n5_however_deliveries_interleave_and_die_a_mail_goes_once_or_twice_with_the_same_bytes(
        must_arrive: bool, script in proptest::collection::vec((0..2_usize, 0..12_u8, any::<u8>()), 0..120)
    ) {
        let messages = [Message::default(), Message::default()];
        let mut world =
            World { must_arrive, now: 0, stored: None, sent: Vec::new(), something_was_lost: false, messages };
        for (which, dies, chance) in script {
            world.step(which, dies == 0, chance);
        }
        for _ in 0..20 {
            world.now += 180;
            for _ in 0..8 {
                (0..2).for_each(|which| world.step(which, false, 4));
            }
        }
        let sends = world.sent.len();
        prop_assert!(sends <= 1 || (sends == 2 && must_arrive && world.something_was_lost), "{sends}");
        prop_assert!(world.sent.windows(2).all(|two| two[0] == two[1]));
        prop_assert!(world.messages.iter().all(|message| message.done));
        let (state, _) = world.stored.unwrap();
        prop_assert!(state.has_ended(), "{state:?}");
    }

    #[test]
    fn ntf_3_reports_come_in_any_order_and_any_number_of_times_and_add_up_to_the_same(
        reports in prop::collection::vec((0..6_usize, 0..4_i64), 1..6), seed: u64
    ) {
        let fold = |order: &[(usize, i64)]| {
            order.iter().fold(None, |found: Option<State>, (fate, seconds)| {
                reported(found.clone(), "x", report(FATES[*fate], *seconds)).or(found)
            })
        };
        let mut other = [reports.clone(), reports.clone()].concat();
        let mut seed = seed;
        for n in (1..other.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(n, usize::try_from(seed >> 33).unwrap() % (n + 1));
        }
        prop_assert_eq!(fold(&reports), fold(&other));
    }
}
