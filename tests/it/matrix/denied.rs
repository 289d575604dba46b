//! Row 24: a role or a key that denies a call. No record is to blame for it, and no delivery mends it: a person does.
//! Until then nothing is lost, and nothing is said of the inside.

use super::{
    bench::{Bench, QUEUES},
    cells,
    edges::{ask, is_not_now, readable},
    faults::paths,
};
use crate::crash::{judge, mails::Verdict, paused, run::Stage};
use world::faults::{Fault, Kind};

/// The most deliveries of a queue.
const PATIENCE: u32 = 5;

/// Denied at each call, once; the next time it goes as ever, and the end is the same.
fn goes_well_when_mended(column: &str) {
    let mut wrong = Vec::new();
    for path in paths(column) {
        paused(async {
            let mut stage = Stage::set(path).await;
            let (clean, calls) = stage.run(&[]).await;
            // No role and no key stands before who is told.
            let ours = (0..calls.len()).filter(|call| calls[*call] != "PostWebhook");
            let all = ours.map(|call| Fault { call, kind: Kind::Deny, every: true });
            let last = Fault { call: calls.len() - 1, kind: Kind::DenyKey, every: true };
            // Of queries alike, the first and the last.
            let alike = |call: usize| {
                let is_query = |n: usize| calls.get(n).is_some_and(|operation| operation == "Query");
                call > 0 && (call - 1..=call + 1).all(is_query)
            };
            for fault in all.filter(|fault| !alike(fault.call)).chain([last]) {
                let (left, made) = stage.run(&[fault]).await;
                let ended = judge(path, &[fault], &made, &left, &clean);
                // How a mail or a webhook has ended could not be written.
                let sends = ["SendRawEmail", "PostWebhook"];
                let noted = made[..fault.call].iter().any(|call| sends.contains(&call.as_str()));
                if !(ended == Ok(Verdict::Same) || (noted && ended.is_ok())) {
                    wrong.push(format!("{path}: {} {fault:?}: {ended:?}", made[fault.call]));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Denied at every call of every delivery: never taken for done, never parked, and whole when it is sent again.
fn stays_whole(column: &str) {
    for (_, package) in QUEUES.iter().filter(|(of, _)| *of == column) {
        paused(async {
            let bench = Bench::of(package).await;
            let all: Vec<_> = (0..40).map(|call| Fault { call, kind: Kind::Deny, every: true }).collect();
            for delivery in 1..=PATIENCE {
                bench.told.world.cloud.faults.begin(&all);
                let ended = bench.take_again(&bench.bodies, delivery).await;
                bench.told.world.cloud.faults.end();
                assert!(ended.is_err(), "{package}: not one could be taken, and the poller slows down: {ended:?}");
            }
            assert_eq!(
                (bench.done(), bench.parked().len()),
                (0, 0),
                "{package}: the queue gives it to its dead letters"
            );
            assert_eq!(bench.take(&bench.bodies).await, Ok(Vec::new()), "{package}: sent again from there");
            assert_eq!((bench.done(), bench.parked().len()), (10, 0), "{package}");
        });
    }
}

async fn readers_are_told_nothing() {
    let (told, reads) = readable().await;
    for (path, claims) in reads {
        for kind in [Kind::Deny, Kind::DenyKey] {
            told.world.cloud.faults.begin(&[Fault { call: 0, kind, every: true }]);
            let answer = ask(&told.world, "GET", &path, &claims, ("", "")).await;
            told.world.cloud.faults.end();
            assert!(is_not_now(&answer), "{path}: {answer:?}");
        }
    }
}

cells! {
    m24_enr_a_request_that_is_denied_inside_is_answered_503_and_succeeds_when_that_is_mended => goes_well_when_mended("enr");
    m24_rte_a_contact_whose_function_is_denied_stays_whole_and_goes_well_later => {
        goes_well_when_mended("rte");
        stays_whole("rte");
    };
    m24_swp_a_tick_that_is_denied_fails_and_a_clock_stays_whole => {
        goes_well_when_mended("swp");
        stays_whole("swp");
    };
    m24_ntf_a_mail_whose_function_is_denied_waits_and_is_sent_later => {
        goes_well_when_mended("ntf");
        stays_whole("ntf");
    };
    m24_inb_a_report_whose_function_is_denied_stays_whole_and_goes_well_later => {
        goes_well_when_mended("inb");
        stays_whole("inb");
    };
    m24_fee_a_fact_or_quarter_whose_function_is_denied_stays_whole_and_goes_well_later => {
        goes_well_when_mended("fee");
        stays_whole("fee");
    };
    m24_dsh_a_reader_that_is_denied_inside_is_answered_503_and_told_nothing => paused(readers_are_told_nothing());
    m24_rly_a_stream_that_is_denied_fails_and_is_swept_later => goes_well_when_mended("rly");
}
