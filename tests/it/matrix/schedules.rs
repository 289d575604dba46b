//! Rows 14 and 15: what the template watches, and schedules that tick twice, late, or not at all.

use super::cells;
use crate::{crash::paused, stories::told::Told};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use serde_yaml_ng::Value;
use std::collections::{BTreeMap, BTreeSet};
use world::cloud::locked;

fn resources() -> Value {
    let text = std::fs::read_to_string(world::template::path()).unwrap();
    let root: Value = serde_yaml_ng::from_str(&text).unwrap();
    root["Resources"].clone()
}

/// Somebody is told: the alarm names the topic.
fn tells_somebody(alarm: &Value) {
    assert_eq!(alarm["AlarmActions"].as_sequence().map(Vec::len), Some(1), "{alarm:?}");
}

/// The age of the oldest message of these queues is watched: ten minutes, three of them.
fn backlog_is_watched(queues: &[&str]) {
    let each = &resources()["Fn::ForEach::BacklogAlarms"];
    let names: Vec<_> = each[1].as_sequence().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let alarm = &each[2]["${Queue}BacklogAlarm"]["Properties"];
    for queue in queues {
        assert!(names.iter().any(|name| name == queue), "nobody watches {queue}");
        assert!(!resources()[format!("{queue}Queue").as_str()].is_null(), "{queue} is no queue");
    }
    assert_eq!(
        (alarm["Namespace"].as_str(), alarm["MetricName"].as_str()),
        (Some("AWS/SQS"), Some("ApproximateAgeOfOldestMessage"))
    );
    assert_eq!((alarm["Threshold"].as_u64(), alarm["Period"].as_u64()), (Some(600), Some(60)));
    assert_eq!(alarm["ComparisonOperator"], "GreaterThanThreshold");
    tells_somebody(alarm);
}

/// No tick for so many periods of so many seconds, and somebody is told; no data is no tick.
fn a_missed_tick_is_watched(function: &str, periods: u64, seconds: u64) {
    let alarm = &resources()[format!("{function}MissedAlarm").as_str()]["Properties"];
    assert_eq!(
        (alarm["MetricName"].as_str(), alarm["TreatMissingData"].as_str()),
        (Some("Invocations"), Some("breaching"))
    );
    assert_eq!((alarm["EvaluationPeriods"].as_u64(), alarm["Period"].as_u64()), (Some(periods), Some(seconds)));
    tells_somebody(alarm);
}

fn the_stream_s_lag_is_watched() {
    let alarm = &resources()["OutboxRelayLateAlarm"]["Properties"];
    assert_eq!((alarm["MetricName"].as_str(), alarm["Threshold"].as_u64()), (Some("IteratorAge"), Some(300_000)));
    tells_somebody(alarm);
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A request that nobody answers, until its deadline.
async fn silence() -> Told {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    told.asked(&inquiry).await;
    told
}

/// What is left when time is gone to `to` and the schedule ticked as `tick` says; without what says when.
async fn ticked(mut told: Told, to: &[(&str, usize)], package: &str) -> (BTreeMap<String, Json>, Vec<String>) {
    for (to, times) in to {
        told.world.cloud.set_now(at(to).timestamp_millis());
        for _ in 0..*times {
            told.world.tick(package).await;
        }
        told.world.settle().await;
        if package == "ledger-rollup" {
            told.world.tick("sla-sweep").await;
            told.world.settle().await;
        }
    }
    assert_eq!((told.world.parked(), told.world.dead()), (Vec::new(), &[][..]));
    let mut subjects: Vec<_> =
        told.world.mails_to("s1@sellers.example").iter().map(|m| m.subject().to_owned()).collect();
    subjects.sort();
    (told.world.left_behind(), subjects)
}

/// What is left, by name. A fact of figures stands on the day on which it happened, which has a mark or a sum; the clocks of
/// a resolution are named by its time, which is that of whoever noticed the silence.
fn names(left: &BTreeMap<String, Json>) -> BTreeSet<String> {
    let clocks = ["survey", "retention"].map(|clock| format!("ENTRY#{clock}#"));
    let clock = |key: &String| clocks.iter().find(|clock| key.contains(*clock)).cloned();
    let timeless = |key: &String| match (key.split_once("\"FACT#"), clock(key)) {
        (Some((whose, fact)), _) => format!("{whose}{}", fact.splitn(3, '#').last().unwrap_or_default()),
        (None, Some(clock)) => clock,
        (None, None) => key.clone(),
    };
    let of_a_day = |key: &&String| key.contains("\"DUE#") || key.contains("\"DAY#");
    left.keys().filter(|key| !of_a_day(key)).map(timeless).collect()
}

async fn the_sweep_ticks_twice_late_and_never() {
    let minute = "2026-08-04T15:21:00Z";
    let (once, mails) = ticked(silence().await, &[(minute, 1)], "sla-sweep").await;
    assert!(mails.iter().any(|subject| subject.contains("o1")), "{mails:?}");
    assert_eq!(
        ticked(silence().await, &[(minute, 2)], "sla-sweep").await,
        (once.clone(), mails.clone()),
        "twice at once"
    );
    let again = ticked(silence().await, &[(minute, 1), ("2026-08-04T15:22:00Z", 2)], "sla-sweep").await;
    assert_eq!(again, (once.clone(), mails.clone()), "and again");

    // Three days late the inquiry is overdue besides.
    for (to, overdue) in [("2026-08-05T03:19:00Z", false), ("2026-08-07T15:21:00Z", true)] {
        let (late, late_mails) = ticked(silence().await, &[(to, 1)], "sla-sweep").await;
        assert!(overdue || names(&late) == names(&once), "half a day late: the same things");
        assert_eq!(late_mails, mails, "{to}");
        let request = late.iter().find(|(key, _)| key.contains("\"REQUEST#") && !key.contains("EVENT")).unwrap().1;
        let expired = &request["state"]["M"]["progress"]["M"];
        assert_eq!(expired["effective_at"]["S"], "2026-08-04T15:20:00Z", "by the deadline, whenever it is noticed");
    }
}

async fn shipped() -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now()), told.shipped("o1")]).await;
    told
}

async fn the_rollup_ticks_twice_late_and_never() {
    let days = [("2026-10-01T08:00:00Z", 1), ("2026-10-04T08:00:00Z", 1)];
    let digest = |left: &BTreeMap<String, Json>| {
        let statements: Vec<_> =
            left.iter().filter(|(key, _)| key.contains("\"STATEMENT\"")).map(|(_, item)| item).collect();
        assert_eq!(statements.len(), 1, "one statement");
        statements[0]["state"]["M"].clone()
    };
    let (once, mails) = ticked(shipped().await, &days, "ledger-rollup").await;
    let twice = days.map(|(day, _)| (day, 2));
    assert_eq!(ticked(shipped().await, &twice, "ledger-rollup").await, (once.clone(), mails.clone()), "twice at once");
    let extra = [days[0], ("2026-10-02T08:00:00Z", 2), ("2026-10-03T02:15:00Z", 1), days[1]];
    let (often, often_mails) = ticked(shipped().await, &extra, "ledger-rollup").await;
    assert_eq!((digest(&often), often_mails), (digest(&once), mails.clone()), "and every day");
    // The days of both were missed: one tick measures, the next one closes.
    let late = [("2026-10-07T08:00:00Z", 1), ("2026-10-08T08:00:00Z", 1)];
    let (late, late_mails) = ticked(shipped().await, &late, "ledger-rollup").await;
    assert_eq!((digest(&late), late_mails), (digest(&once), mails), "three days late");
}

/// What the stream has lost leaves with the next tick, however many come at once.
async fn the_sweep_does_what_the_stream_did_not() {
    let mut left = Vec::new();
    for ticks in [1, 3] {
        let mut told = shipped().await;
        let body = json!({ "contact_id": "k1", "channel": "email", "customer": { "id": "c1" }, "order_id": "o1",
            "topic": "late_delivery", "message": "Where?" });
        let claims = json!({ "sub": "marketplace" });
        let event = told.world.event("POST", "/v1/stores/US/contacts", &claims, "k", &body.to_string()).1;
        let event = serde_json::from_value(event).unwrap();
        world::functions::http("contact-api", told.world.shell("contact-api"), event).await;
        locked(&told.world.cloud.stream).clear();
        told.world.settle().await;
        let seconds = |told: &Told, n: i64| {
            told.world.cloud.set_now((told.world.now() + TimeDelta::seconds(n)).timestamp_millis());
        };
        seconds(&told, 59);
        assert_eq!(told.world.tick("sla-sweep").await, 0, "the stream has its head start");
        seconds(&told, 1);
        for _ in 0..ticks {
            told.world.tick("sla-sweep").await;
        }
        told.world.settle().await;
        assert_eq!(told.went("k1").await["owner"], "service");
        left.push(told.world.left_behind());
    }
    assert_eq!(left[0], left[1]);
}

cells! {
    m14_rte_contacts_that_wait_ten_minutes_ring_an_alarm => backlog_is_watched(&["Contacts"]);
    m14_swp_clocks_that_wait_and_a_sweep_that_does_not_tick_ring_an_alarm => {
        backlog_is_watched(&["Clocks"]);
        a_missed_tick_is_watched("SlaSweep", 5, 60);
    };
    m14_ntf_mails_that_wait_ten_minutes_ring_an_alarm => backlog_is_watched(&["Notices"]);
    m14_inb_reports_that_wait_ten_minutes_ring_an_alarm => backlog_is_watched(&["Feedback"]);
    m14_fee_facts_and_quarters_that_wait_and_a_rollup_that_does_not_tick_ring_an_alarm => {
        backlog_is_watched(&["Events", "Fees", "Days"]);
        a_missed_tick_is_watched("LedgerRollup", 3, 3_600);
    };
    m14_rly_a_stream_that_falls_behind_rings_an_alarm => the_stream_s_lag_is_watched();

    m15_swp_a_sweep_that_ticks_twice_or_days_late_leaves_the_same => {
        paused(the_sweep_ticks_twice_late_and_never());
        a_missed_tick_is_watched("SlaSweep", 5, 60);
    };
    m15_fee_a_rollup_that_ticks_twice_or_days_late_makes_the_same_statement => {
        paused(the_rollup_ticks_twice_late_and_never());
        a_missed_tick_is_watched("LedgerRollup", 3, 3_600);
    };
    m15_rly_what_the_stream_lost_leaves_once_however_often_the_sweep_ticks => {
        paused(the_sweep_does_what_the_stream_did_not());
    };
}
