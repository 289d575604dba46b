//! The states of an inquiry as a person would draw them, and whether every command goes along their arrows.

use super::*;
use proptest::sample;

#[derive(Debug, Clone, Copy)]
enum Command {
    Contact,
    Claim(bool),
    Ask(bool),
    Replied(bool),
    Silent(bool),
    Answer(bool),
    Decide(bool),
    TakeOver,
    Merge(bool),
    Release(bool),
    Reassign(bool),
    HandOver(bool),
    Idle,
    Runs,
}

/// The seven statuses, as a person would draw them: who holds it (Ann or not), and nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drawn {
    Open,
    Working(bool),
    WaitingSeller(bool),
    WaitingCustomer(bool),
    Resolved,
    Handed,
    Merged,
}

/// Where an arrow leads, or `None` where there is none. `by_rule`: whether the topic's rule decides after silence.
fn arrow(from: Drawn, command: Command, by_rule: bool) -> Option<Drawn> {
    use Drawn::{Handed, Merged, Open, Resolved, WaitingCustomer, WaitingSeller, Working};
    match (from, command) {
        (Resolved | Handed | Merged, Command::Contact) | (Working(_), Command::Idle) => Some(Open),
        (WaitingCustomer(who), Command::Contact)
        | (Open, Command::Claim(who))
        | (WaitingSeller(who), Command::Replied(true)) => Some(Working(who)),
        (same, Command::Contact) => Some(same),
        (Working(a) | WaitingCustomer(a), Command::Ask(b)) if a == b => Some(WaitingSeller(a)),
        (Working(a) | WaitingCustomer(a), Command::Answer(b)) if a == b => Some(WaitingCustomer(a)),
        (Working(a) | WaitingCustomer(a), Command::Decide(b)) if a == b => Some(Resolved),
        (Working(a) | WaitingCustomer(a) | WaitingSeller(a), Command::Merge(b)) if a == b => Some(Merged),
        (Working(a) | WaitingCustomer(a) | WaitingSeller(a), Command::HandOver(b)) if a == b => Some(Handed),
        (Working(a), Command::Release(b)) if a == b => Some(Open),
        (Open | Working(_), Command::Reassign(to)) => Some(Working(to)),
        (WaitingSeller(_), Command::Reassign(to)) => Some(WaitingSeller(to)),
        (WaitingCustomer(_), Command::Reassign(to)) => Some(WaitingCustomer(to)),
        (WaitingSeller(_), Command::Silent(true)) => Some(if by_rule { Resolved } else { Open }),
        (Open | Working(_) | WaitingSeller(_) | WaitingCustomer(_), Command::TakeOver) => Some(Handed),
        _ => None,
    }
}

fn drawn(inquiry: &Inquiry) -> Drawn {
    match &inquiry.status {
        Status::Open { .. } => Drawn::Open,
        Status::Working { associate, .. } => Drawn::Working(*associate == ann()),
        Status::WaitingSeller { associate, .. } => Drawn::WaitingSeller(*associate == ann()),
        Status::WaitingCustomer { associate } => Drawn::WaitingCustomer(*associate == ann()),
        Status::Resolved { .. } => Drawn::Resolved,
        Status::HandedToSeller { .. } => Drawn::Handed,
        Status::Merged { .. } => Drawn::Merged,
    }
}

/// The command as a decision about this inquiry. The request that it waits for, or one that it does not know.
fn decide(inquiry: &Inquiry, command: Command, now: Instant) -> Result<Outcome<InquiryEvent>, Refusal> {
    let who = |is_ann: bool| if is_ann { ann() } else { bob() };
    let asked_before = |known: bool| {
        let request = asked(inquiry, "ask", now - TimeDelta::days(2));
        if known { inquiry.request.clone().map(|id| Request { id, ..request }) } else { Some(request) }
    };
    match command {
        Command::Contact => {
            let order = order(vec![line("i", COVERED)]);
            let contact = contact("c", &inquiry.topic, now);
            let event =
                Inquiry::receive(Some(inquiry), &contact, topic(&inquiry.topic), &order, &[id("i")], store("US"));
            Ok(Outcome::of(vec![event]))
        }
        Command::Claim(is_ann) => inquiry.claim(&who(is_ann), &at(now)),
        Command::Ask(is_ann) => inquiry.ask_seller(&who(is_ann), &asked(inquiry, &now.to_rfc3339(), now).id, &at(now)),
        Command::Replied(known) => Ok(asked_before(known)
            .map_or_else(Outcome::unchanged, |request| inquiry.seller_replied(&request.id, None, &at(now)))),
        Command::Silent(known) => {
            Ok(asked_before(known).map_or_else(Outcome::unchanged, |request| silence(inquiry, &request, now)))
        }
        Command::Answer(is_ann) => inquiry.answer(&who(is_ann), &at(now)),
        Command::Decide(is_ann) => inquiry.decide(&who(is_ann), answered(inquiry, now), store("US"), &at(now)),
        Command::TakeOver => Ok(inquiry.seller_took_over(now)),
        Command::Merge(is_ann) => {
            let other = Inquiry { id: id("other"), ..another() };
            inquiry.merge_into(&other, &who(is_ann), &Thread::default(), &at(now)).map(|merge| merge.merged)
        }
        Command::Release(is_ann) => inquiry.release(&who(is_ann), &at(now)),
        Command::Reassign(to_ann) => inquiry.reassign(&who(to_ann), &at(now)),
        Command::HandOver(is_ann) => {
            let (reason, family) = (HandOver::SellerRequested, Family::Delivery);
            let handed = inquiry.hand_over(&who(is_ann), reason, family, &Thread::default(), &at(now));
            handed.map(|handed| handed.outcome)
        }
        Command::Idle => Ok(inquiry.idle_rings(store("US"), &at(now + TimeDelta::minutes(30)))),
        Command::Runs => Ok(inquiry.resolution_rings(store("US"), &at(now))),
    }
}

fn commands() -> impl Strategy<Value = Vec<(Command, i64)>> {
    let command =
        (sample::select(vec![0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13]), prop::bool::weighted(0.7))
            .prop_map(|(which, ours)| match which {
                0 => Command::Contact,
                1 => Command::Claim(ours),
                2 => Command::Ask(ours),
                3 => Command::Replied(ours),
                4 => Command::Silent(ours),
                5 => Command::Answer(ours),
                6 => Command::Decide(ours),
                7 => Command::TakeOver,
                8 => Command::Merge(ours),
                9 => Command::Release(ours),
                10 => Command::Reassign(ours),
                11 => Command::HandOver(ours),
                12 => Command::Idle,
                _ => Command::Runs,
            });
    prop::collection::vec((command, prop_oneof![4 => 1_i64..600, 1 => 1_i64..40_000]), 0..40)
}

proptest! {
    #[test]
    fn inq_1_whatever_is_commanded_an_inquiry_goes_along_the_arrows_that_are_drawn_and_no_other(
        commands in commands(), code in sample::select(vec!["late_delivery", "safety"])
    ) {
        let mut now = monday();
        let first = opened(code);
        let mut log = vec![InquiryEvent::Opened(Box::new(first.clone()))];
        let mut inquiry = first;
        for (command, step) in commands {
            now += minutes(step);
            let by_rule = code == "late_delivery" && inquiry.decisions.iter().all(|known| !known.kind.remedies());
            let expected = arrow(drawn(&inquiry), command, by_rule);
            let answer = decide(&inquiry, command, now);
            let next = match &answer {
                Ok(outcome) => after_events(&inquiry, outcome),
                Err(_) => inquiry.clone(),
            };
            prop_assert_eq!(drawn(&next), expected.unwrap_or(drawn(&inquiry)), "{:?} on {:?}", command, inquiry.status);
            if expected.is_none() && !matches!(command, Command::Runs) {
                prop_assert!(!answer.as_ref().is_ok_and(|outcome| !outcome.is_unchanged()), "{:?}", command);
            }

            let again = decide(&next, command, now);
            match (command, &again) {
                (Command::Contact, _) => {}
                // Another word to the customer is another answer; it leads nowhere else.
                (Command::Answer(_), Ok(outcome)) => prop_assert_eq!(&after_events(&next, outcome), &next),

                (_, Ok(outcome)) => prop_assert!(outcome.is_unchanged(), "{:?}", command),
                (_, Err(refusal)) => {
                    prop_assert!(answer.is_ok() || answer.as_ref() == Err(refusal), "{:?}", command);
                    prop_assert_eq!(&decide(&next, command, now), &again);
                }
            }

            prop_assert!(next.episode > inquiry.episode || next.decisions.starts_with(&inquiry.decisions));
            prop_assert!(next.episode > inquiry.episode || next.contacts.starts_with(&inquiry.contacts));
            log.extend(answer.map(|outcome| outcome.events).unwrap_or_default());
            let rebuilt = log.iter().fold(None, Inquiry::apply);
            prop_assert_eq!(rebuilt.as_ref(), Some(&next), "the events, folded from the first, are the state");
            inquiry = next;
        }
    }
}
