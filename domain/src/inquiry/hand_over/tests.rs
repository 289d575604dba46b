use super::*;
use crate::{
    inquiry::Status,
    outcome::FollowUp,
    testing::{after_events, at, id, minutes, monday, opened},
};

fn mine() -> Inquiry {
    let open = opened("late_delivery");
    after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap())
}

fn hand_over(inquiry: &Inquiry, who: &str, thread: &Thread) -> Result<HandedOver, Refusal> {
    let now = at(monday() + minutes(5));
    inquiry.hand_over(&id(who), HandOver::SellerRequested, Family::Delivery, thread, &now)
}

#[test]
fn inq_1_whoever_holds_it_hands_it_over_and_the_seller_is_told_why() {
    let handed = hand_over(&mine(), "ann", &Thread::default()).unwrap();
    let reason = HandOver::SellerRequested;
    let after = after_events(&mine(), &handed.outcome);
    assert_eq!(after.status, Status::HandedToSeller { at: monday() + minutes(5), reason });
    let [FollowUp::Notice(notice)] = &handed.outcome.follow_ups[..] else { panic!("{handed:?}") };
    assert_eq!(notice.kind, NoticeKind::HandedOver { inquiry: mine().id, order: mine().order, reason });
    let asked = after_events(&mine(), &mine().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    assert!(hand_over(&asked, "ann", &Thread::default()).is_ok(), "also while it waits for the seller");
    for inquiry in [mine(), asked] {
        assert_eq!(hand_over(&inquiry, "bob", &Thread::default()).unwrap_err().code, "already_claimed");
    }
    assert_eq!(hand_over(&opened("quality"), "ann", &Thread::default()).unwrap_err().code, "not_claimed");
    assert_eq!(hand_over(&after, "ann", &Thread::default()).unwrap_err().code, "not_open");
}

#[test]
fn rte_6_every_issue_that_went_on_in_what_is_handed_over_is_the_sellers() {
    let thread = Thread::default().file(Family::Refund, Family::Delivery).file(Family::Product, Family::Return);
    let handed = hand_over(&mine(), "ann", &thread).unwrap();
    assert_eq!(handed.thread.taken_over, [Family::Delivery, Family::Refund].into());
    assert_eq!(handed.thread.issue_of(Family::Product), Family::Return, "another issue is still filed where it was");
}

#[test]
fn rte_6_only_what_the_seller_wants_itself_makes_the_issue_its_own() {
    let takes = |reason: &HandOver| reason.takes_issue();
    let all = [HandOver::SellerTookOver, HandOver::SellerRequested, HandOver::PreOrder, HandOver::Invoice];
    assert_eq!(all.iter().filter(|reason| takes(reason)).count(), 2);
    assert!(!takes(&HandOver::Customization));
}
