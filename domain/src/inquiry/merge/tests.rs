use super::*;
use crate::{
    contact::Channel,
    id::ContactId,
    inquiry::Status,
    routing::LastContact,
    testing::{after_events, at, id, minutes, monday, opened},
    topic::Family,
};

/// About a delivery, held by Ann.
fn mine() -> Inquiry {
    let open = Inquiry { items: vec![id("i"), id("j")], contacts: vec![id("k1"), id("k2")], ..opened("late_delivery") };
    after_events(&open, &open.claim(&id("ann"), &at(monday())).unwrap())
}

/// About the product, a while later.
fn other() -> Inquiry {
    Inquiry {
        contacts: vec![id("k3")],
        opened_at: monday() + minutes(60),
        resolution_due: monday() + minutes(60 + 48 * 60),
        ..opened("quality")
    }
}

fn merged(mine: &Inquiry, other: &Inquiry, now: i64) -> (Inquiry, Inquiry) {
    let merge = mine.merge_into(other, &id("ann"), &Thread::default(), &at(monday() + minutes(now))).unwrap();
    (after_events(mine, &merge.merged), after_events(other, &merge.absorbed))
}

#[test]
fn inq_1_contacts_items_and_promise_of_what_is_merged_go_on_in_the_other() {
    let (over, goes_on) = merged(&mine(), &other(), 90);
    assert_eq!(over.status, Status::Merged { at: monday() + minutes(90), into: other().id });
    let all: [ContactId; 3] = [id("k3"), id("k1"), id("k2")];
    assert_eq!(goes_on.contacts, all);
    assert_eq!(goes_on.items, [id("i"), id("j")], "each once");
    assert_eq!(goes_on.resolution_due, mine().resolution_due, "INQ-3: from the first contact of both");
    assert_eq!((&goes_on.id, &goes_on.status), (&other().id, &other().status));
}

#[test]
fn inq_1_of_two_addresses_the_one_that_goes_on_keeps_its_own() {
    let spanish = |mailable: Option<&str>| Inquiry { mailable: mailable.map(id), language: "es".into(), ..mine() };
    let (_, goes_on) = merged(&spanish(Some("k1")), &other(), 90);
    assert_eq!((goes_on.mailable, goes_on.language.as_str()), (other().mailable, "en"));
    let mute = Inquiry { mailable: None, ..other() };
    let (_, goes_on) = merged(&spanish(Some("k1")), &mute, 90);
    assert_eq!((goes_on.mailable, goes_on.language.as_str()), (Some(id("k1")), "es"), "its language comes with it");
    let (_, goes_on) = merged(&spanish(None), &mute, 90);
    assert_eq!((goes_on.mailable, goes_on.language.as_str()), (None, "en"));
}

#[test]
fn req_4_a_judgement_that_is_owed_is_owed_in_the_one_that_goes_on() {
    let owed = Inquiry { status: Status::Open { judgement_owed: true }, ..mine() };
    let owed = after_events(&owed, &owed.claim(&id("ann"), &at(monday())).unwrap());
    let (_, goes_on) = merged(&owed, &other(), 90);
    assert_eq!(goes_on.status, Status::Open { judgement_owed: true });
    let held = after_events(&other(), &other().claim(&id("bob"), &at(monday())).unwrap());
    assert!(merged(&owed, &held, 90).1.owes_judgement());
    assert!(!merged(&mine(), &held, 90).1.owes_judgement());
}

#[test]
fn inq_1_whoever_waited_for_the_customer_works_on_what_was_merged_into_it() {
    let held = after_events(&other(), &other().claim(&id("bob"), &at(monday() + minutes(70))).unwrap());
    let waits = after_events(&held, &held.answer(&id("bob"), &at(monday() + minutes(80))).unwrap());
    let (_, goes_on) = merged(&mine(), &waits, 90);
    assert_eq!(goes_on.worker(), Some(&id("bob")));
}

#[test]
fn inq_1_what_waits_for_the_seller_is_merged_by_who_asked_and_by_nobody_else() {
    let asked = after_events(&mine(), &mine().ask_seller(&id("ann"), &id("r"), &at(monday())).unwrap());
    assert!(!merged(&asked, &other(), 90).0.is_live());
    let refused = asked.merge_into(&other(), &id("bob"), &Thread::default(), &at(monday())).unwrap_err();
    assert_eq!(refused.code, "already_claimed");
}

#[test]
fn rte_9_the_issue_of_what_is_merged_and_all_that_was_filed_there_go_on_under_the_other() {
    let last = LastContact { at: monday(), issue: Family::Delivery };
    let thread = Thread { last: [(Channel::Email, last)].into(), ..Thread::default() }
        .file(Family::Refund, Family::Delivery)
        .merge(Family::Delivery, Family::Product);
    for family in [Family::Delivery, Family::Refund, Family::Product] {
        assert_eq!(thread.issue_of(family), Family::Product, "{family}");
    }
    assert_eq!(thread.issue_of(Family::Return), Family::Return);
    assert_eq!(thread.last[&Channel::Email].issue, Family::Product, "a contact that continues the last one too");
    let back = Thread::default().file(Family::Product, Family::Delivery).merge(Family::Delivery, Family::Product);
    assert_eq!(back.filed, [(Family::Delivery, Family::Product)].into(), "nothing is filed under itself");
}

#[test]
fn fee_4_a_contact_of_what_is_merged_has_joined_and_what_another_rule_counted_stays() {
    let entry = |counts| ContactEntry {
        contact: id("k1"),
        order: id("o"),
        topic: "late_delivery".into(),
        received_at: monday(),
        counts,
    };
    assert_eq!(Merge::recount(&entry(Counting::Counted)), Some(entry(Counting::Joined)));
    for rule in [Counting::Joined, Counting::SameContact, Counting::TopicNotCounted, Counting::Transferred] {
        assert_eq!(Merge::recount(&entry(rule)), None, "{rule:?}");
    }
}
