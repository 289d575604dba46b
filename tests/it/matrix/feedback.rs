//! Row 22: what SES says of a mail, in any order, again and again, and before the mail is known to be sent.

use super::cells;
use crate::{crash::paused, stories::told::Told};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use world::{
    faults::{Fault, Kind},
    reports,
};

const FATES: [Fate; 4] = [Fate::Delayed, Fate::Delivered, Fate::HardBounced, Fate::Complained];

async fn enrolled() -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    told
}

/// A notice to the seller, which may be lost, or must arrive.
fn notice(told: &Told, must_arrive: bool) -> String {
    let mut notice = json!({ "id": "n1", "store": "US", "to": "seller", "seller": "s1", "notice": "statement_ready",
        "quarter": "2026Q2", "units": 1, "total": { "minor": 0, "currency": "USD" } });
    if must_arrive {
        notice["notice"] = json!("request_reminder");
        notice["request"] = json!("r1");
        notice["order"] = json!("o1");
        notice["due_at"] = json!(told.world.now());
        notice["hours_left"] = json!(4);
    }
    notice.to_string()
}

fn sent_to_s1(told: &Told) -> usize {
    told.world.mails_to("s1@sellers.example").iter().filter(|mail| mail.notice == "n1").count()
}

fn suppressed(told: &Told) -> usize {
    told.world.items("OutboxTable").iter().filter(|item| item["sk"]["S"] == "SUPPRESSED").count()
}

/// Every order of what can be said, each twice; and then another mail is owed to the same address.
pub async fn in_every_order() {
    let mut told = enrolled().await;
    let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
    let kept = told.world.cloud.kept();
    let orders: Vec<[usize; 4]> = (0..256)
        .map(|n| [n % 4, n / 4 % 4, n / 16 % 4, n / 64])
        .filter(|order| order.iter().collect::<BTreeSet<_>>().len() == 4)
        .collect();
    assert_eq!(orders.len(), 24);
    let mut states = BTreeSet::new();
    for order in &orders {
        told.world.cloud.put_back(&kept);
        for fate in order.iter().chain(order).map(|n| FATES[*n]) {
            told.reported(&mail, fate).await;
        }
        states.insert(told.notice(&mail.notice).to_string());
        assert_eq!((suppressed(&told), told.world.parked().len()), (1, 0), "{order:?}");
        assert!(told.deliver("notice-sender", notice(&told, true), 1).await.is_ok());
        assert_eq!((&told.notice("n1")["status"]["S"], sent_to_s1(&told)), (&json!("suppressed"), 0), "N4: {order:?}");
        assert!(told.deliver("notice-sender", notice(&told, true), 2).await.is_ok(), "it has ended");
        assert_eq!(sent_to_s1(&told), 0, "N4: {order:?}");
    }
    let state: Json = serde_json::from_str(states.first().unwrap()).unwrap();
    assert_eq!((states.len(), &state["became"]["M"]["fate"]["S"]), (1, &json!("complained")));
}

/// What suppresses no address: the next mail goes out.
async fn what_passes_does_not_suppress() {
    for fate in [Fate::Delayed, Fate::SoftBounced, Fate::Delivered] {
        let mut told = enrolled().await;
        let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
        told.reported(&mail, fate).await;
        assert_eq!(suppressed(&told), 0, "{fate:?}");
        assert!(told.deliver("notice-sender", notice(&told, false), 1).await.is_ok());
        assert_eq!(sent_to_s1(&told), 1, "{fate:?}");
    }
}

/// SES took the mail and did not let it out: nobody has it, and a person is told.
async fn what_is_not_let_out_is_told() {
    let mut told = enrolled().await;
    let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
    told.reported(&mail, Fate::Rejected).await;
    assert_eq!(told.world.parked(), ["SES took a mail and did not let it out"]);
    assert_eq!(told.notice(&mail.notice)["became"]["M"]["fate"]["S"], "rejected");
}

/// The report comes while the sender is at its third or fourth call: SES has taken the mail, and nobody has said so.
async fn before_it_is_known_to_be_sent() {
    for (call, kind) in [(2, Kind::HoldAfter), (3, Kind::HoldBefore), (3, Kind::HoldAfter)] {
        let told = enrolled().await;
        let cloud = &told.world.cloud;
        cloud.faults.begin(&[Fault { call, kind, every: true }]);
        let sending = told.deliver("notice-sender", notice(&told, false), 1);
        let (done, reported) = tokio::join!(sending, async {
            cloud.faults.held().await;
            let report = reports::about("n1", "mail-2", "s1@sellers.example", Fate::HardBounced, told.just_now());
            let done = told.deliver("mail-feedback", report, 1).await;
            cloud.faults.let_go();
            done
        });
        cloud.faults.end();
        assert!(done.is_ok() && reported.is_ok(), "{call} {kind:?}");
        let state = told.notice("n1");
        let came_to = (&state["status"]["S"], &state["became"]["M"]["fate"]["S"]);
        assert_eq!(came_to, (&json!("sent"), &json!("hard_bounced")), "{call} {kind:?}: {state}");
        assert_eq!((sent_to_s1(&told), suppressed(&told), told.world.parked().len()), (1, 1, 0), "{call} {kind:?}");
    }
}

/// The answer of SES was lost, so nobody knows; the report knows.
async fn after_the_answer_was_lost() {
    for must_arrive in [false, true] {
        let told = enrolled().await;
        let body = notice(&told, must_arrive);
        // A mail that may be answered has a signed address: the first one makes the keys, which is three calls more.
        let call = if must_arrive { 5 } else { 2 };
        told.world.cloud.faults.begin(&[Fault { call, kind: Kind::Lose, every: true }]);
        let done = told.deliver("notice-sender", &body, 1).await.is_ok();
        told.world.cloud.faults.end();
        assert_eq!(done, !must_arrive, "what must arrive comes again");
        assert_eq!(told.notice("n1")["status"]["S"], if must_arrive { "sending" } else { "unknown" });
        let told_a_person = told.world.parked().len();
        let report = reports::about("n1", "mail-2", "s1@sellers.example", Fate::Delivered, told.just_now());
        assert!(told.deliver("mail-feedback", report, 1).await.is_ok());
        assert_eq!(told.notice("n1")["status"]["S"], "sent", "N3");
        told.world.cloud.set_now((told.world.now() + TimeDelta::seconds(180)).timestamp_millis());
        assert!(told.deliver("notice-sender", &body, 2).await.is_ok());
        let state = told.notice("n1");
        assert_eq!((&state["status"]["S"], sent_to_s1(&told)), (&json!("sent"), 1), "N3: once is enough: {state}");
        assert_eq!(told.world.parked().len(), told_a_person, "{must_arrive}");
    }
}

cells! {
    m22_inb_a_bounce_or_complaint_comes_to_the_same_in_any_order_repeated_or_before_the_mail_is_known_to_be_sent => {
        paused(in_every_order());
        paused(what_passes_does_not_suppress());
        paused(what_is_not_let_out_is_told());
        paused(before_it_is_known_to_be_sent());
        paused(after_the_answer_was_lost());
    };
}
