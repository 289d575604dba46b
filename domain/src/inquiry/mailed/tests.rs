use super::*;
use crate::{
    contact::Contact,
    inquiry::{HandOver, Inquiry},
    notice::Recipient,
    outcome::FollowUp,
    routing::Thread,
    testing::{COVERED, after_events, answered, at, contact, id, line, minutes, monday, opened, order, store, topic},
    topic::Family,
};

/// Of a first e-mail, and Ann's.
fn held() -> Inquiry {
    let open = opened("quality");
    after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap())
}

fn notice(follow_up: &FollowUp) -> Option<&Notice> {
    if let FollowUp::Notice(notice) = follow_up { Some(notice) } else { None }
}

fn mails(outcome: &Outcome<InquiryEvent>) -> Vec<&Notice> {
    outcome.follow_ups.iter().filter_map(notice).collect()
}

fn comes(inquiry: &Inquiry, contact: &Contact) -> Inquiry {
    let order = order(vec![line("i", COVERED)]);
    let event = Inquiry::receive(
        Some(inquiry),
        contact,
        topic(&inquiry.topic),
        &order,
        &[id("i")],
        store(inquiry.store.as_str()),
    );
    after_events(inquiry, &Outcome::of(vec![event]))
}

/// Answered at once by a mail, whose id is given too.
fn told() -> (Inquiry, NoticeId) {
    let outcome = held().answer(&id("ann"), &at(monday())).unwrap();
    let mail = mails(&outcome)[0].id.clone();
    (after_events(&held(), &outcome), mail)
}

fn bounced(inquiry: &Inquiry, mail: &NoticeId) -> Outcome<InquiryEvent> {
    inquiry.answer_bounced(mail, &Thread::default(), &at(monday() + minutes(5)))
}

#[test]
fn rte_6_what_its_seller_took_over_meanwhile_is_not_taken_up_again() {
    let (waiting, mail) = told();
    let others = Thread::default().take_over(Family::Delivery).unwrap();
    let own = others.take_over(waiting.issue).unwrap();
    let back = |thread| waiting.answer_bounced(&mail, thread, &at(monday() + minutes(5)));
    assert!(!back(&others).is_unchanged());
    assert!(back(&own).is_unchanged());
}

#[test]
fn inq_1_an_answer_to_an_e_mail_is_one_mail_that_names_it_and_holds_no_word() {
    let outcome = held().answer(&id("ann"), &at(monday())).unwrap();
    let [mail] = mails(&outcome)[..] else { panic!("{outcome:?}") };
    assert_eq!(mail.recipient, Recipient::Customer { contact: id("c1") });
    let expected = NoticeKind::Answer { inquiry: held().id, order: id("o"), at: monday(), cause: "cause".into() };
    assert_eq!(mail.kind, expected);
    assert_eq!(
        mails(&held().answer(&id("ann"), &at(monday())).unwrap())[0].id,
        mail.id,
        "the same request, the same mail"
    );
    let other = At { cause: "other".into(), ..at(monday()) };
    assert_ne!(mails(&held().answer(&id("ann"), &other).unwrap())[0].id, mail.id);
}

#[test]
fn inq_1_who_came_last_by_phone_or_message_or_left_no_address_is_answered_there() {
    let phone = Contact { channel: Channel::Phone, ..contact("c2", "quality", monday()) };
    let called = comes(&held(), &phone);
    assert_eq!(called.answer_by_mail(&at(monday())), None);
    let wrote = comes(&called, &contact("c3", "quality", monday()));
    let mail = wrote.answer_by_mail(&at(monday())).unwrap();
    assert_eq!(mail.recipient, Recipient::Customer { contact: id("c3") }, "the address that it wrote from last");
    let mute = Contact { mailable: false, ..contact("c4", "quality", monday()) };
    let mail = comes(&wrote, &mute).answer_by_mail(&at(monday())).unwrap();
    assert_eq!(mail.recipient, Recipient::Customer { contact: id("c3") }, "where it has left one");
    assert_eq!(Inquiry { mailable: None, ..held() }.answer_by_mail(&at(monday())), None);
    let brought = Contact { transferred: true, mailable: false, ..contact("c5", "quality", monday()) };
    assert_eq!(
        comes(&called, &brought).answer_by_mail(&at(monday())),
        None,
        "what a seller brings is no word of the customer"
    );
}

#[test]
fn inq_1_an_address_that_comes_with_a_merge_is_answered_as_its_customer_came() {
    let mute = Inquiry { mailable: None, channel: Channel::Phone, issue: Family::Delivery, id: id("other"), ..held() };
    let merge = held().merge_into(&mute, &id("ann"), &Thread::default(), &at(monday())).unwrap();
    assert!(after_events(&mute, &merge.absorbed).answer_by_mail(&at(monday())).is_some());
    let called = Inquiry { mailable: Some(id("k")), ..mute };
    let merge = held().merge_into(&called, &id("ann"), &Thread::default(), &at(monday())).unwrap();
    assert_eq!(after_events(&called, &merge.absorbed).answer_by_mail(&at(monday())), None, "it has its own");
}

#[test]
fn jdg_1_an_answer_that_ends_the_matter_is_told_by_its_own_mail_alone() {
    let record = answered(&held(), monday());
    let outcome = held().resolve_by_answer(&id("ann"), record.clone(), store("US"), &at(monday())).unwrap();
    assert_eq!(mails(&outcome).iter().map(|mail| mail.kind.name()).collect::<Vec<_>>(), ["answer"]);
    let called = Inquiry { came_last: Some(Channel::Phone), ..held() };
    let outcome = called.resolve_by_answer(&id("ann"), record.clone(), store("US"), &at(monday())).unwrap();
    assert_eq!(mails(&outcome).iter().map(|mail| mail.kind.name()).collect::<Vec<_>>(), ["inquiry_resolved"]);
    assert!(held().resolve_by_answer(&id("bob"), record, store("US"), &at(monday())).is_err());
}

#[test]
fn inq_1_an_answer_that_bounced_brings_its_inquiry_back_to_the_head_of_the_queue() {
    let (waiting, mail) = told();
    let back = after_events(&waiting, &bounced(&waiting, &mail));
    assert_eq!((&back.status, back.holder()), (&Status::Open { judgement_owed: true }, None));
    let record = answered(&held(), monday());
    let outcome = held().resolve_by_answer(&id("ann"), record.clone(), store("US"), &at(monday())).unwrap();
    let resolved = after_events(&held(), &outcome);
    assert_eq!(after_events(&resolved, &bounced(&resolved, &mail)).status, back.status);
    let decided = waiting.decide(&id("ann"), record, store("US"), &at(monday())).unwrap();
    let decided = after_events(&waiting, &decided);
    assert!(!bounced(&decided, &mail).is_unchanged(), "what was decided was mailed to the same address");
}

#[test]
fn inq_1_a_bounce_that_is_told_again_or_late_changes_nothing() {
    let (waiting, mail) = told();
    assert!(bounced(&waiting, &id("n")).is_unchanged(), "another mail's");
    let back = after_events(&waiting, &bounced(&waiting, &mail));
    assert!(bounced(&back, &mail).is_unchanged());
    let claimed = after_events(&back, &back.claim(&id("ann"), &at(monday())).unwrap());
    assert!(bounced(&claimed, &mail).is_unchanged());
    let done = claimed.decide(&id("ann"), answered(&claimed, monday()), store("US"), &at(monday())).unwrap();
    assert!(bounced(&after_events(&claimed, &done), &mail).is_unchanged(), "it was brought back for that before");
    let again = At { cause: "again".into(), ..at(monday()) };
    let said_again = after_events(&waiting, &waiting.answer(&id("ann"), &again).unwrap());
    assert!(bounced(&said_again, &mail).is_unchanged(), "there is a later answer");
    let spoke = comes(&waiting, &contact("c2", "quality", monday()));
    let spoke = after_events(
        &spoke,
        &spoke.decide(&id("ann"), answered(&spoke, monday()), store("US"), &at(monday())).unwrap(),
    );
    assert!(bounced(&spoke, &mail).is_unchanged(), "the customer has spoken since");
}

#[test]
fn inq_1_a_bounce_does_nothing_where_the_inquiry_is_elsewhere_or_somebody_elses_turn() {
    let (waiting, mail) = told();
    let handed = waiting
        .hand_over(&id("ann"), HandOver::SellerTookOver, Family::Product, &Thread::default(), &at(monday()))
        .map(|handed| after_events(&waiting, &handed.outcome));
    let merged = waiting.merge_into(
        &Inquiry { id: id("other"), issue: Family::Delivery, ..held() },
        &id("ann"),
        &Thread::default(),
        &at(monday()),
    );
    let asked = after_events(&waiting, &waiting.ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    for elsewhere in [handed.unwrap(), after_events(&waiting, &merged.unwrap().merged), asked] {
        assert!(bounced(&elsewhere, &mail).is_unchanged(), "{:?}", elsewhere.status);
    }
}

#[test]
fn inq_3_the_promised_time_goes_on_where_it_had_stopped_and_has_its_clocks() {
    let (waiting, mail) = told();
    let later = waiting.answer_bounced(&mail, &Thread::default(), &at(monday() + minutes(60)));
    let back = after_events(&waiting, &later);
    assert_eq!(back.resolution_due, waiting.resolution_due + minutes(60), "the customer had the next word for an hour");
    assert_eq!(Inquiry::clocks(Some(&waiting), (&back, 2), store("US")).len(), 2, "36 and 48 hours");
}
