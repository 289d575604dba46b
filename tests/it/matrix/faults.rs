//! Rows 1 to 7: a fault at every call of every path of a column, delivered again until it is quiet. The cases are those of
//! [`crate::crash`], each run once; here they are read by row and column. A column that only reads is asked in
//! [`edges`](super::edges).

use super::{bench::Bench, cells};
use crate::crash::{paths::PATHS, paused, singles_of};
use std::collections::BTreeSet;
use world::faults::{Fault, Kind};

/// The paths of each column.
pub const OF: [(&str, &[&str]); 7] = [
    (
        "enr",
        &[
            "opt-out",
            "opt-in",
            "opt-in again",
            "first opt-in",
            "terms",
            "policy drafted",
            "policy submitted",
            "policy approved",
            "contact taken",
            "contact without a topic",
            "claim",
            "topic chosen",
            "topic chosen that is not ours",
            "seller asked",
            "given back",
            "noted",
            "merged while the seller is asked",
            "handed over while the seller is asked",
            "reassigned",
            "associate set",
            "parked message sent again",
            "given-up webhook sent again",
            "next inquiry",
            "answer",
            "answer made of a macro",
            "decision",
            "decision on a request",
            "decision instead of another",
            "reply",
            "reply with a file",
            "way back named",
            "late reply",
            "dispute filed",
            "dispute accepted",
            "claim filed",
            "claim asked about",
            "claim answered",
            "claim denied",
            "claim granted",
            "claim appealed",
            "survey answered",
            "transfer taken",
            "transfer known",
            "user invited",
            "invitation taken back",
            "invitation taken",
            "user granted more",
            "user removed",
            "primary user replaced",
            "export asked for",
            "erasure asked for",
            "wishes chosen",
            "wish ended by a link",
        ],
    ),
    (
        "rte",
        &[
            "contact routed",
            "contact routed and told",
            "contact continued by another issue",
            "contact late",
            "transfer routed",
        ],
    ),
    (
        "swp",
        &[
            "sweep",
            "expiry with a judgement",
            "expiry to a person",
            "reminder",
            "refund overdue",
            "claim idle",
            "claim not idle",
            "time running out",
            "return without a way",
            "return of a dear thing without a way",
            "trial ending",
            "survey due",
            "time to answer about a claim over",
            "erasure goes on",
            "erasure meets what is live",
            "erasure of what a seller handed over",
            "retention due",
            "retention not due yet",
            "retention of what was merged",
            "retention of what was the seller's",
            "day of a digest over",
        ],
    ),
    (
        "ntf",
        &[
            "mail",
            "mail that must arrive",
            "mail to a customer",
            "mail to nobody",
            "mail that waits",
            "mail to a suppressed address",
            "mail with a link",
            "mail that others want too",
            "mail for a digest",
            "mail once a day",
            "mail of an answer",
            "mail of an answer that waits",
            "webhook",
            "webhook tried again",
            "webhook at its last attempt",
        ],
    ),
    (
        "inb",
        &[
            "delivery reported",
            "delivery reported early",
            "bounce reported",
            "order forwarded by mail",
            "forwarded in vain",
            "question answered by mail",
            "customer answers by mail",
            "machine answers by mail",
            "answer delivered early",
            "answer bounced",
        ],
    ),
    (
        "fee",
        &[
            "rollup",
            "quarter measured",
            "quarter closed",
            "day added up",
            "day added up again",
            "two facts in one batch",
            "seller registered",
            "seller registered and not enrolled",
            "seller changed",
            "order placed",
            "order contested",
            "order contested without a claim",
            "shipped",
            "known unit shipped again",
            "late units",
            "carrier scanned",
            "seller took over",
            "seller took over what it is asked about",
            "product described",
            "refund issued",
            "return received",
        ],
    ),
    ("rly", &["relay", "relay to two queues"]),
];

/// The paths of a column.
pub fn paths(column: &str) -> &'static [&'static str] {
    OF.iter().find(|(short, _)| *short == column).map(|(_, paths)| *paths).unwrap()
}

#[test]
fn every_path_is_of_one_column() {
    let all: Vec<_> = OF.iter().flat_map(|(_, paths)| paths.iter().copied()).collect();
    assert_eq!(all.len(), PATHS.len());
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), PATHS.iter().copied().collect());
}

/// Every call of every path of the column, with each of these faults that can befall it.
fn ends_well(column: &str, kinds: &[Kind]) {
    let (mut asked, mut wrong) = (0, Vec::new());
    for path in paths(column) {
        for case in singles_of(path).cases.iter().filter(|case| kinds.contains(&case.fault.kind)) {
            asked += 1;
            if let Err(why) = &case.ended {
                wrong.push(format!("{path}: {} {:?}: {why}", case.operation, case.fault));
            }
        }
    }
    assert!(asked > 0, "{column}: nothing of {kinds:?} can befall it");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The first record of two meets the fault at each of its calls: it alone comes again, and its neighbour is done.
fn its_neighbour_is_done(package: &'static str, kind: Kind) {
    paused(async {
        let bench = Bench::of(package).await;
        let two = &bench.bodies[..2];
        for call in 0..bench.calls_of_one().await.len() {
            bench.put_back();
            bench.told.world.cloud.faults.begin(&[Fault { call, kind, every: true }]);
            let again = bench.take(two).await;
            bench.told.world.cloud.faults.end();
            assert_eq!(again, Ok(vec!["m0".to_owned()]), "{package}: call {call}");
            assert!(bench.is_done(1), "{package}: call {call}: the second is done");
        }
    });
}

const KILLED: [Kind; 1] = [Kind::KillBefore];
const KILLED_AFTER: [Kind; 1] = [Kind::KillAfter];
const LOST: [Kind; 1] = [Kind::Lose];
const THROTTLED: [Kind; 2] = [Kind::Throttle, Kind::Exhaust];
const CONFLICT: [Kind; 1] = [Kind::Conflict];
const HANGS: [Kind; 1] = [Kind::Hang];
const LANDS_LATE: [Kind; 2] = [Kind::LandLate, Kind::LandLast];

cells! {
    m01_enr_a_process_killed_before_any_call_leaves_a_request_that_succeeds_under_its_key => ends_well("enr", &KILLED);
    m01_rte_a_process_killed_before_any_call_is_delivered_again_to_the_same => ends_well("rte", &KILLED);
    m01_swp_a_process_killed_before_any_call_is_made_up_for_by_the_next_tick => ends_well("swp", &KILLED);
    m01_ntf_a_mail_whose_process_was_killed_before_any_call_is_sent_later_or_told_to_a_person => ends_well("ntf", &KILLED);
    m01_inb_a_process_killed_before_any_call_is_delivered_again_to_the_same => ends_well("inb", &KILLED);
    m01_fee_a_process_killed_before_any_call_is_delivered_again_to_the_same => ends_well("fee", &KILLED);
    m01_rly_a_process_killed_before_any_call_is_delivered_again_or_swept_to_the_same => ends_well("rly", &KILLED);

    m02_enr_a_process_killed_after_any_call_replays_its_answer_and_makes_no_second_event => ends_well("enr", &KILLED_AFTER);
    m02_rte_a_process_killed_after_any_call_finds_its_mark_and_opens_no_second_case => ends_well("rte", &KILLED_AFTER);
    m02_swp_a_process_killed_after_any_call_changes_nothing_the_second_time => ends_well("swp", &KILLED_AFTER);
    m02_ntf_a_mail_whose_process_was_killed_after_any_call_is_sent_once_or_told_to_a_person => ends_well("ntf", &KILLED_AFTER);
    m02_inb_a_process_killed_after_any_call_finds_what_it_has_added => ends_well("inb", &KILLED_AFTER);
    m02_fee_a_process_killed_after_any_call_finds_the_unit_and_bills_it_once => ends_well("fee", &KILLED_AFTER);
    m02_rly_a_process_killed_after_any_call_sends_again_and_whoever_receives_it_decides_once => ends_well("rly", &KILLED_AFTER);

    m03_enr_an_answer_lost_at_any_call_leaves_the_same_and_the_same_answer => ends_well("enr", &LOST);
    m03_rte_an_answer_lost_at_any_call_leaves_the_same => ends_well("rte", &LOST);
    m03_swp_an_answer_lost_at_any_call_leaves_the_same => ends_well("swp", &LOST);
    m03_ntf_an_answer_lost_sends_twice_at_most_what_must_arrive_and_tells_a_person_of_the_rest => ends_well("ntf", &LOST);
    m03_inb_an_answer_lost_at_any_call_leaves_the_same => ends_well("inb", &LOST);
    m03_fee_an_answer_lost_at_any_call_leaves_the_same => ends_well("fee", &LOST);
    m03_rly_an_answer_lost_at_any_call_leaves_the_same => ends_well("rly", &LOST);

    m04_enr_throttling_at_any_call_is_waited_for_and_then_503_with_nothing_stored => ends_well("enr", &THROTTLED);
    m04_rte_throttling_at_any_call_fails_that_record_alone => {
        ends_well("rte", &THROTTLED);
        its_neighbour_is_done("contact-router", Kind::Throttle);
    };
    m04_swp_throttling_at_any_call_leaves_the_rest_of_the_page_and_the_next_tick => {
        ends_well("swp", &THROTTLED);
        its_neighbour_is_done("sla-clock", Kind::Throttle);
    };
    m04_ntf_throttling_at_any_call_fails_that_record_alone => {
        ends_well("ntf", &THROTTLED);
        its_neighbour_is_done("notice-sender", Kind::Throttle);
    };
    m04_inb_throttling_at_any_call_fails_that_record_alone => {
        ends_well("inb", &THROTTLED);
        its_neighbour_is_done("mail-feedback", Kind::Throttle);
    };
    m04_fee_throttling_at_any_call_fails_that_record_alone_and_closes_no_statement => {
        ends_well("fee", &THROTTLED);
        its_neighbour_is_done("fee-statement", Kind::Throttle);
        its_neighbour_is_done("marketplace-intake", Kind::Throttle);
    };
    m04_rly_throttling_at_any_call_is_retried => ends_well("rly", &THROTTLED);

    m05_enr_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("enr", &CONFLICT);
    m05_rte_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("rte", &CONFLICT);
    m05_swp_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("swp", &CONFLICT);
    m05_ntf_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("ntf", &CONFLICT);
    m05_inb_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("inb", &CONFLICT);
    m05_fee_a_conflict_is_decided_again_and_never_taken_for_done => ends_well("fee", &CONFLICT);
    // A batch meets no conflict as a whole: what another one holds is left undone.
    m05_rly_an_entry_that_is_left_undone_stays_for_the_sweep => ends_well("rly", &[Kind::Partly]);

    m06_enr_a_call_that_hangs_ends_in_503_and_then_succeeds => ends_well("enr", &HANGS);
    m06_rte_a_call_that_hangs_fails_that_record_alone => {
        ends_well("rte", &HANGS);
        its_neighbour_is_done("contact-router", Kind::Hang);
    };
    m06_swp_a_call_that_hangs_leaves_the_rest_to_the_next_tick => {
        ends_well("swp", &HANGS);
        its_neighbour_is_done("sla-clock", Kind::Hang);
    };
    m06_ntf_a_call_that_hangs_leaves_a_mail_sent_once_or_told_to_a_person => ends_well("ntf", &HANGS);
    m06_inb_a_call_that_hangs_fails_that_record_alone => {
        ends_well("inb", &HANGS);
        its_neighbour_is_done("mail-feedback", Kind::Hang);
    };
    m06_fee_a_call_that_hangs_fails_that_record_alone => {
        ends_well("fee", &HANGS);
        its_neighbour_is_done("marketplace-intake", Kind::Hang);
    };
    m06_rly_a_call_that_hangs_is_retried => ends_well("rly", &HANGS);

    m07_enr_a_write_that_lands_after_its_sender_died_is_refused_by_its_condition => ends_well("enr", &LANDS_LATE);
    m07_rte_a_write_that_lands_after_its_sender_died_is_refused_or_the_same => ends_well("rte", &LANDS_LATE);
    m07_swp_a_write_that_lands_after_its_sender_died_is_refused => ends_well("swp", &LANDS_LATE);
    m07_ntf_a_write_that_lands_after_its_sender_died_is_refused_by_the_notice_s_owner => ends_well("ntf", &LANDS_LATE);
    m07_inb_a_write_that_lands_after_its_sender_died_is_refused_or_the_same => ends_well("inb", &LANDS_LATE);
    m07_fee_a_write_that_lands_after_its_sender_died_is_the_same_unit => ends_well("fee", &LANDS_LATE);
}
