//! Row 8: two workers get one event at one moment. The first is stopped before each of its calls, and after its last one;
//! the second runs to its end; the first goes on. That is every way in which one of them can be overtaken once.

use super::{cells, edges, faults::paths};
use crate::crash::{paused, run::Stage};
use world::faults::{Fault, Kind};

/// Whether the call is one of many queries alike, of a shard as of the next.
fn is_one_of_many(call: usize, calls: &[String]) -> bool {
    let is_query = |n: usize| calls.get(n).is_some_and(|operation| operation == "Query");
    call > 1 && (call - 1..=call + 1).all(is_query)
}

/// Two deliveries of the same message: both for the first time, and one of them counted after the other.
const DELIVERIES: [u32; 2] = [1, 2];

async fn overtaken(path: &'static str, wrong: &mut Vec<String>) -> usize {
    let mut stage = Stage::set(path).await;
    let (clean, calls) = stage.run(&[]).await;
    let before = (0..calls.len()).filter(|call| !is_one_of_many(*call, &calls)).map(|call| (call, Kind::HoldBefore));
    let holds: Vec<_> = before.chain([(calls.len() - 1, Kind::HoldAfter)]).collect();
    let deliveries: &[u32] = if path.starts_with("mail") { &DELIVERIES } else { &DELIVERIES[..1] };
    for (call, kind) in &holds {
        for second in deliveries {
            let at = Fault { call: *call, kind: *kind, every: true };
            let (left, answer) = Box::pin(stage.run_two(at, *second)).await;
            let place = format!("{path}: {} {kind:?}, delivery {second}", calls[*call]);
            if left.answer != clean.answer || answer != clean.answer {
                wrong.push(format!("{place}: answered {:?} and {answer:?}, not {:?}", left.answer, clean.answer));
            }
            let (mut sent, mut due) = (left.mails.clone(), clean.mails.clone());
            sent.sort();
            due.sort();
            if sent != due {
                wrong.push(format!("{place}: {} mails, not {}", sent.len(), due.len()));
            }
            let places = clean.items.keys().chain(left.items.keys());
            // What was sent has its own end, which is compared below.
            let is_sent = |key: &str| ["NOTICE", "HOOK"].contains(&key);
            let apart = places.filter(|key| !is_sent(&key.2) && clean.items.get(*key) != left.items.get(*key));
            wrong.extend(apart.map(|key| format!("{place}: {key:?} holds {:?}", left.items.get(key))));
            let status = |item: &serde_json::Value| {
                let laid_down = &item["state"]["M"];
                (laid_down["status"].clone(), laid_down["state"].clone())
            };
            let notices = clean.items.iter().filter(|(key, _)| is_sent(&key.2));
            let ended = notices.filter(|(key, item)| left.items.get(*key).map(status) != Some(status(item)));
            wrong.extend(ended.map(|(key, _)| format!("{place}: {key:?} holds {:?}", left.items.get(key))));
        }
    }
    holds.len() * deliveries.len()
}

fn one_wins(column: &str) {
    let mut wrong = Vec::new();
    let asked: usize = paths(column).iter().map(|path| paused(overtaken(path, &mut wrong))).sum();
    assert!(asked > paths(column).len());
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), &wrong[..wrong.len().min(8)]);
}

cells! {
    m08_enr_of_two_requests_at_one_moment_one_wins_and_the_other_is_answered_alike => one_wins("enr");
    m08_rte_of_two_deliveries_at_one_moment_one_opens_the_case => one_wins("rte");
    m08_swp_of_two_ticks_or_clocks_at_one_moment_one_expires_the_request => one_wins("swp");
    m08_ntf_of_two_deliveries_at_one_moment_one_owns_the_mail_and_sends_it => one_wins("ntf");
    m08_inb_of_two_deliveries_at_one_moment_one_adds_what_was_reported => one_wins("inb");
    m08_fee_of_two_deliveries_at_one_moment_one_writes_the_ledger => one_wins("fee");
    m08_dsh_two_readers_at_one_moment_read_the_same_bytes => edges::two_read_the_same();
    m08_rly_of_two_batches_at_one_moment_what_is_sent_twice_is_done_once => one_wins("rly");
}
