use super::*;
use crate::{
    inquiry::InquiryEvent,
    testing::{COVERED, after_events, answered, at, contact, id, line, minutes, monday, opened, order, store, topic},
};
use proptest::prelude::*;

fn event(inquiry: &Inquiry, event: &InquiryEvent) -> Inquiry {
    Inquiry::apply(Some(inquiry.clone()), event).unwrap()
}

fn joined(inquiry: &Inquiry, now: Instant) -> Inquiry {
    let contact = contact("c2", "quality", now);
    let order = order(vec![line("i", COVERED)]);
    let joins = Inquiry::receive(Some(inquiry), &contact, topic("quality"), &order, &[id("i")], store("US"));
    event(inquiry, &joins)
}

fn now(n: i64) -> Instant {
    monday() + minutes(n)
}

#[test]
fn inq_3_each_side_owns_the_time_in_which_it_has_the_next_word() {
    let inquiry = opened("quality");
    let inquiry = after_events(&inquiry, &inquiry.claim(&id("a"), &at(now(7))).unwrap());
    let inquiry = after_events(&inquiry, &inquiry.ask_seller(&id("a"), &id("r"), &at(now(10))).unwrap());
    let inquiry = after_events(&inquiry, &inquiry.seller_replied(&id("r"), None, &at(now(40))));
    let inquiry = after_events(&inquiry, &inquiry.answer(&id("a"), &at(now(45))).unwrap());
    let inquiry = joined(&inquiry, now(145));
    let decided = inquiry.decide(&id("a"), answered(&inquiry, now(150)), store("US"), &at(now(150))).unwrap();
    let [InquiryEvent::Resolved { owned, .. }] = decided.events[..] else { panic!("{decided:?}") };
    assert_eq!(owned, Some(OwnedMinutes { service: 10 + 5 + 5, seller: 30, customer: 100 }));
    let resolved = after_events(&inquiry, &decided);
    assert_eq!(resolved.owned_at(now(9_999)).unwrap().minutes(), owned.unwrap(), "what is over is nobody's");
}

#[test]
fn inq_3_silence_is_the_sellers_up_to_its_deadline_and_the_services_from_then_on() {
    let inquiry = opened("quality");
    let inquiry = after_events(&inquiry, &inquiry.claim(&id("a"), &at(monday())).unwrap());
    let inquiry = after_events(&inquiry, &inquiry.ask_seller(&id("a"), &id("r"), &at(monday())).unwrap());
    let inquiry = event(&inquiry, &InquiryEvent::SellerSilent { request: id("r"), effective_at: now(24 * 60) });
    let owned = inquiry.owned_at(now(24 * 60 + 8)).unwrap().minutes();
    assert_eq!(owned, OwnedMinutes { service: 8, seller: 24 * 60, customer: 0 });
}

#[test]
fn inq_3_only_the_customers_time_moves_the_resolution_on() {
    let inquiry = opened("quality");
    let due = inquiry.resolution_due;
    let inquiry = after_events(&inquiry, &inquiry.claim(&id("a"), &at(now(60))).unwrap());
    let inquiry = after_events(&inquiry, &inquiry.ask_seller(&id("a"), &id("r"), &at(now(70))).unwrap());
    let inquiry = after_events(&inquiry, &inquiry.seller_replied(&id("r"), None, &at(now(90))));
    let waits = after_events(&inquiry, &inquiry.answer(&id("a"), &at(now(100))).unwrap());
    assert_eq!((waits.resolution_due, waits.due_at(now(110))), (due, due + minutes(10)));
    let back = joined(&waits, now(130));
    assert_eq!((back.resolution_due, back.due_at(now(999))), (due + minutes(30), due + minutes(30)));
    let asked = after_events(&waits, &waits.ask_seller(&id("a"), &id("q"), &at(now(105))).unwrap());
    assert_eq!(asked.resolution_due, due + minutes(5), "whatever ends the wait");
}

#[test]
fn inq_3_what_is_told_late_takes_no_time() {
    let inquiry = opened("quality");
    let inquiry = after_events(&inquiry, &inquiry.claim(&id("a"), &at(now(7))).unwrap());
    let waits = after_events(&inquiry, &inquiry.answer(&id("a"), &at(now(45))).unwrap());
    let back = joined(&waits, now(44));
    assert_eq!(back.owned.unwrap().minutes(), OwnedMinutes { service: 45, seller: 0, customer: 0 });
    assert_eq!(back.resolution_due, waits.resolution_due);
}

#[test]
fn inq_3_an_inquiry_of_before_times_were_counted_counts_none() {
    let mut written = serde_json::to_value(opened("quality")).unwrap();
    written.as_object_mut().unwrap().remove("owned");
    let before: Inquiry = serde_json::from_value(written).unwrap();
    let claimed = serde_json::json!({ "event": "claimed", "associate": "a" });
    let working = event(&before, &serde_json::from_value(claimed).unwrap());
    let waits = after_events(&working, &working.answer(&id("a"), &at(now(45))).unwrap());
    let back = joined(&waits, now(90));
    assert_eq!((back.owned_at(now(99)), back.resolution_due), (None, before.resolution_due));
}

proptest! {
    #[test]
    fn inq_3_whoever_owns_it_all_time_is_owned_by_somebody(steps in prop::collection::vec((0_u8..5, 0_i64..500), 0..20)) {
        let (mut inquiry, mut n) = (opened("quality"), 0);
        for (which, step) in steps {
            n += step;
            let outcome = match which {
                0 => inquiry.claim(&id("a"), &at(now(n))),
                1 => inquiry.ask_seller(&id("a"), &id("r"), &at(now(n))),
                2 => Ok(inquiry.seller_replied(&id("r"), None, &at(now(n)))),
                3 => inquiry.answer(&id("a"), &at(now(n))),
                _ => inquiry.release(&id("a"), &at(now(n))),
            };
            if let Ok(outcome) = outcome {
                inquiry = after_events(&inquiry, &outcome);
            }
        }
        let owned = inquiry.owned_at(now(n)).unwrap();
        prop_assert_eq!(owned.service_ms + owned.seller_ms + owned.customer_ms, minutes(n).num_milliseconds());
        prop_assert_eq!(inquiry.due_at(now(n)) - opened("quality").resolution_due, TimeDelta::milliseconds(owned.customer_ms));
    }
}
