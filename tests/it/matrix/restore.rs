//! Row 25: a restore that holds part of a transaction. Each item that a path wrote is put back by itself to what it was
//! before, and the path's event comes again: nothing is there twice, and nothing is guessed.
//!
//! Not here: whether a restored store adds up as a whole, so that it may be opened again. That is for a verifier of the
//! ledger to say; it would be asked in [`one_by_one`], where an item has just been put back.

use super::{cells, edges::ask, edges::readable, faults::paths};
use crate::crash::{
    paused,
    run::{Came, Items, Stage},
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use world::{World, cloud::locked};

/// Puts an item back to what it was before, which may be nothing.
fn restore(world: &World, (table, pk, sk): &(String, String, String), item: Option<&Json>) {
    let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
    let gone = json!({ "RequestItems": { table: [{ "DeleteRequest": { "Key": key } }] } });
    let back = |item: &Json| ("PutItem", json!({ "TableName": table, "Item": item }));
    let (operation, body) = item.map_or(("BatchWriteItem", gone), back);
    let (status, answer) = locked(&world.cloud.tables).answer(operation, &body.to_string(), world.cloud.now());
    assert_eq!(status, 200, "{answer}");
}

/// The units that stand in a ledger, each under the name of its piece.
fn units(items: &Items) -> Vec<String> {
    let entries = items.iter().filter(|(place, _)| place.0 == "LedgerTable" && place.2.contains("UNIT#"));
    entries.map(|(place, _)| place.2.trim_start_matches("NEXT#").to_owned()).collect()
}

/// How often a mail that is in no state of doubt was sent.
fn sent(stage: &Stage) -> Vec<(String, String)> {
    locked(&stage.world().cloud.mails).iter().map(|mail| (mail.to.clone(), mail.raw.clone())).collect()
}

async fn one_by_one(path: &'static str, wrong: &mut Vec<String>) -> usize {
    let mut stage = Stage::set(path).await;
    let before = stage.items();
    let Came::Done(answer) = stage.come(1).await else { panic!("{path} is done") };
    stage.settle().await;
    let (clean, mails, after) = (stage.items(), sent(&stage), stage.world().cloud.kept());
    // That a mail was sent is known from its notice alone: where that is gone, no one can know.
    let written = clean.iter().filter(|(place, item)| before.get(*place) != Some(item) && place.2 != "NOTICE");
    let written: Vec<_> = written.map(|(place, _)| place.clone()).collect();
    let mut notices = 0;
    for place in &written {
        stage.world().cloud.put_back(&after);
        restore(stage.world(), place, before.get(place));
        // A verifier of the whole is asked here, before the event comes again.
        let came = stage.come(2).await;
        stage.settle().await;
        let left = stage.items();
        let what = format!("{path}, without {place:?}");
        if let Came::Done(Some((status, body))) = &came
            && *status < 300
            && path != "opt-in again"
            && answer.as_ref().is_some_and(|(_, first)| body != first)
        {
            wrong.push(format!("{what}: answered {body}, not {answer:?}"));
        }
        let all = units(&left);
        if all.iter().collect::<BTreeSet<_>>().len() < all.len() || all.len() > units(&clean).len() {
            wrong.push(format!("{what}: units {all:?}"));
        }
        let more = left.keys().filter(|key| !clean.contains_key(*key) && key.0 != "ParkedTable");
        wrong.extend(more.map(|key| format!("{what}: {key:?} is there besides")));
        // Whatever was not taken away stands as it was, but for the counts of its changes.
        let moved = clean.iter().filter(|(key, item)| {
            let found = left.get(*key).map(|found| found["state"].clone());
            *key != place && found.is_none_or(|state| state != item["state"])
        });
        wrong.extend(moved.map(|(key, _)| format!("{what}: {key:?} holds {:?}", left.get(key))));
        if sent(&stage).len() > mails.len() {
            wrong.push(format!("{what}: a mail was sent again"));
        }
        notices += 1;
    }
    stage.put_back();
    notices
}

fn nothing_is_there_twice(column: &str, leave_out: &[&str]) {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for path in paths(column).iter().filter(|path| !leave_out.contains(path)) {
        asked += paused(one_by_one(path, &mut wrong));
    }
    assert!(asked > 0 || column == "rly", "{column}");
    assert!(wrong.is_empty(), "{} of {asked}: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}

/// A mail that the restore found being sent: its owner is long dead.
async fn what_was_being_sent() {
    for (path, mails, status) in [("mail", 0, "unknown"), ("mail that must arrive", 1, "sent")] {
        let mut stage = Stage::set(path).await;
        assert_eq!(stage.come(1).await, Came::Done(None));
        let before = sent(&stage).len();
        let items = stage.items();
        let found = items.iter().rev().find(|(place, _)| place.2 == "NOTICE" && items[*place]["version"]["N"] == "2");
        let (place, item) = found.unwrap();
        let mut sending = item.clone();
        let owner = json!({ "M": { "message": { "S": "m0" }, "delivery": { "N": "1" },
            "since": { "S": stage.world().now().to_rfc3339() } } });
        let mail = json!({ "M": { "to": { "S": "s1@sellers.example" }, "mime": { "S": "as it was frozen" } } });
        sending["state"] =
            json!({ "M": { "status": { "S": "sending" }, "mail": mail, "number": { "N": "1" }, "owner": owner } });
        restore(stage.world(), place, Some(&sending));
        stage.world().cloud.set_now(stage.world().cloud.now() + 3_600_000);
        stage.come(2).await;
        stage.settle().await;
        assert_eq!(stage.items()[place]["state"]["M"]["status"]["S"], status, "{path}");
        assert_eq!(sent(&stage).len(), before + mails, "{path}: sent once more where it must arrive, and never else");
        assert_eq!(stage.world().parked().len(), usize::from(status == "unknown"), "{path}: a person is told");
        stage.put_back();
    }
}

/// Entries that had left and are back: the sweep sends them again, and whoever receives them has done so.
async fn republished() {
    for path in paths("rly") {
        let mut stage = Stage::set(path).await;
        let before = stage.items();
        assert!(matches!(stage.come(1).await, Came::Done(_)));
        stage.settle().await;
        let clean = stage.items();
        let gone: Vec<_> = before.iter().filter(|(place, _)| !clean.contains_key(*place)).collect();
        assert!(!gone.is_empty(), "{path}: what was sent is no longer there");
        let mails = sent(&stage).len();
        for (place, item) in gone {
            restore(stage.world(), place, Some(item));
        }
        stage.world().cloud.set_now(stage.world().cloud.now() + 120_000);
        assert!(stage.world().tick("sla-sweep").await > 0);
        stage.settle().await;
        assert!(stage.items() == clean, "{path}");
        assert_eq!(sent(&stage).len(), mails, "{path}");
        stage.put_back();
    }
}

/// What is read of a store that does not add up is what is there, or a 500; and who reads changes nothing.
async fn reads_only() {
    let (told, reads) = readable().await;
    let kept = told.world.cloud.kept();
    for table in ["SellersTable", "OrdersTable", "InquiriesTable", "RequestsTable", "LedgerTable", "ConversationsTable"]
    {
        for item in told.world.items(table) {
            told.world.cloud.put_back(&kept);
            let place = (table.to_owned(), text(&item["pk"]), text(&item["sk"]));
            restore(&told.world, &place, None);
            let before = told.world.left_behind();
            for (path, claims) in &reads {
                let (status, _, body) = ask(&told.world, "GET", path, claims, ("", "")).await;
                assert!([200, 404, 409, 500].contains(&status), "{path} without {place:?}: {status} {body}");
            }
            assert!(told.world.left_behind() == before, "{place:?}");
        }
    }
}

fn text(value: &Json) -> String {
    value["S"].as_str().unwrap().to_owned()
}

cells! {
    m25_enr_a_request_repeated_on_a_partial_restore_is_answered_as_before_or_refused => nothing_is_there_twice("enr", &[]);
    m25_rte_a_contact_routed_again_on_a_partial_restore_opens_no_second_case => nothing_is_there_twice("rte", &[]);
    m25_swp_a_clock_that_rings_again_on_a_partial_restore_judges_once => {
        nothing_is_there_twice("swp", &["sweep"]);
    };
    m25_ntf_a_mail_that_was_being_sent_ends_unknown_or_is_sent_once_more => paused(what_was_being_sent());
    m25_inb_a_report_told_again_on_a_partial_restore_adds_up_to_the_same => nothing_is_there_twice("inb", &[]);
    m25_fee_a_unit_told_again_on_a_partial_restore_is_billed_once => nothing_is_there_twice("fee", &["rollup"]);
    m25_dsh_a_partial_restore_is_read_as_it_is_and_changed_by_nobody_who_reads => paused(reads_only());
    m25_rly_entries_that_came_back_are_sent_again_and_change_nothing => paused(republished());
}
