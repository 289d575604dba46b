use super::*;
use crate::{
    inquiry::Recall,
    routing::Thread,
    testing::{after_events, answered, at, id, minutes, monday, opened, store},
};

fn held() -> Inquiry {
    let open = opened("quality");
    after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap())
}

fn code(answer: Result<Outcome<InquiryEvent>, Refusal>) -> &'static str {
    answer.map_or_else(|refusal| refusal.code, |outcome| if outcome.is_unchanged() { "unchanged" } else { "ok" })
}

#[test]
fn inq_4_who_works_on_it_gives_it_back_and_somebody_else_may_take_it() {
    let released = after_events(&held(), &held().release(&id("ann"), &at(monday() + minutes(1))).unwrap());
    assert_eq!(released.status, Status::Open { judgement_owed: false });
    assert_eq!(code(released.answer(&id("ann"), &at(monday()))), "not_claimed", "to act again is to claim again");
    assert_eq!(code(released.claim(&id("bob"), &at(monday()))), "ok");
    assert_eq!(code(held().release(&id("bob"), &at(monday()))), "already_claimed");
    assert_eq!(code(released.release(&id("ann"), &at(monday()))), "not_claimed");
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(monday())).unwrap());
    assert_eq!(code(waits.release(&id("ann"), &at(monday()))), "waiting_for_customer");
    let asked = after_events(&held(), &held().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    assert_eq!(code(asked.release(&id("ann"), &at(monday()))), "waiting_for_seller");
}

#[test]
fn req_4_a_judgement_that_is_owed_is_still_owed_when_a_claim_is_given_back() {
    let decided = held().decide(&id("ann"), answered(&held(), monday()), store("US"), &at(monday())).unwrap();
    let resolved = after_events(&held(), &decided);
    let owed = after_events(&resolved, &resolved.recall(Recall::NoWayBack, &Thread::default(), monday()));
    let claimed = after_events(&owed, &owed.claim(&id("ann"), &at(monday())).unwrap());
    let passed_on = after_events(&claimed, &claimed.reassign(&id("bob"), &at(monday())).unwrap());
    let released = after_events(&passed_on, &passed_on.release(&id("bob"), &at(monday())).unwrap());
    assert_eq!(released.status, Status::Open { judgement_owed: true });
}

#[test]
fn inq_1_a_lead_gives_an_inquiry_to_an_associate_whoever_has_it_and_whoever_has_the_next_word() {
    let asked = after_events(&held(), &held().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    let waits = after_events(&held(), &held().answer(&id("ann"), &at(monday())).unwrap());
    for inquiry in [opened("quality"), held(), asked, waits] {
        let ball = inquiry.ball();
        let given = after_events(&inquiry, &inquiry.reassign(&id("bob"), &at(monday() + minutes(9))).unwrap());
        assert_eq!((given.holder(), given.ball()), (Some(&id("bob")), ball));
        assert_eq!(code(given.reassign(&id("bob"), &at(monday()))), "unchanged");
    }
    let handed = after_events(&held(), &held().seller_took_over(monday()));
    assert_eq!(code(handed.reassign(&id("bob"), &at(monday()))), "not_open");
}

#[test]
fn inq_1_who_holds_it_notes_something_down_also_while_the_seller_has_the_next_word() {
    let asked = after_events(&held(), &held().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    for inquiry in [held(), asked] {
        let noted = after_events(&inquiry, &inquiry.note(&id("ann"), &at(monday() + minutes(3))).unwrap());
        assert_eq!((noted.holder(), noted.ball()), (inquiry.holder(), inquiry.ball()));
        assert_eq!(code(inquiry.note(&id("bob"), &at(monday()))), "already_claimed");
    }
}
