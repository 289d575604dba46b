//! Row 12: the real handler, wrapped in one that panics at one event and hands every other on.

use super::{
    bench::{Bench, QUEUES},
    cells,
    edges::{readable, whole},
    poison::entry,
};
use crate::{
    crash::{paused, run::batch},
    stories::told::Told,
};
use serde_json::{Value as Json, json};
use shell::{Shell, commit::Item, failure::Failure, http::Request, queue::Record};
use std::{cell::Cell, time::Duration};
use world::{World, cloud::locked, events, functions};

const PATIENT: Duration = Duration::from_secs(30);

async fn real(package: &str, shell: &Shell, record: &Record) -> Result<(), Failure> {
    match package {
        "contact-router" => contact_router::handle(shell, record).await,
        "sla-clock" => sla_clock::handle(shell, record).await,
        "mail-feedback" => mail_feedback::handle(shell, record).await,
        "mail-intake" => mail_intake::handle(shell, record).await,
        "hook-sender" => hook_sender::handle(shell, record).await,
        "notice-sender" => notice_sender::handle(shell, record).await,
        "marketplace-intake" => marketplace_intake::handle(shell, record).await,
        "insight-day" => insight_day::handle(shell, record).await,
        "fee-statement" => fee_statement::handle(shell, record).await,
        other => panic!("{other} has no queue"),
    }
}

fn that_record_only(column: &str) {
    for (_, package) in QUEUES.iter().filter(|(of, _)| *of == column) {
        paused(async {
            let bench = Bench::of(package).await;
            let messages: Vec<_> = (0..10).map(|n| (format!("m{n}"), bench.bodies[n].clone())).collect();
            let world = &bench.told.world;
            let handle = async |shell: &Shell, record: &Record| {
                assert_ne!(record.id, "m6", "planted");
                real(package, shell, record).await
            };
            let event = batch(&messages, world.now(), 1);
            let response = shell::queue::run(world.shell(package), package, event, PATIENT, &handle).await.unwrap();
            assert_eq!(response.batch_item_failures.len(), 0, "{package}: nothing comes again");
            assert_eq!((bench.done(), bench.is_done(6)), (9, false), "{package}");
            let parked = bench.parked();
            assert_eq!((parked.len(), &parked[0]["body"]["S"]), (1, &json!(bench.bodies[6])), "{package}: kept whole");
            assert_eq!(parked[0]["reason"]["S"], "the handler panicked");
            assert_eq!(bench.take(&bench.bodies[6..7]).await, Ok(Vec::new()), "{package}: sent again, it goes well");
            assert_eq!(bench.done(), 10, "{package}");
        });
    }
}

async fn real_request(package: &str, shell: &Shell, request: &Request) -> Result<shell::commit::Answer, Failure> {
    match package {
        "enrollment-api" => enrollment_api::handle(shell, request).await,
        "contact-api" => contact_api::handle(shell, request).await,
        "desk-api" => desk_api::handle(shell, request).await,
        "desk-lead" => desk_lead::handle(shell, request).await,
        "account-api" => account_api::handle(shell, request).await,
        "case-log-api" => case_log_api::handle(shell, request).await,
        "return-policy-api" => return_policy_api::handle(shell, request).await,
        "statement-api" => statement_api::handle(shell, request).await,
        "insight-api" => insight_api::handle(shell, request).await,
        "dispute-api" => dispute_api::handle(shell, request).await,
        "dispute-desk" => dispute_desk::handle(shell, request).await,
        "survey-api" => survey_api::handle(shell, request).await,
        "transfer-api" => transfer_api::handle(shell, request).await,
        "claim-api" => claim_api::handle(shell, request).await,
        "claim-desk" => claim_desk::handle(shell, request).await,
        "data-desk" => data_desk::handle(shell, request).await,
        other => panic!("{other} answers no requests"),
    }
}

/// A request whose handler panics once, before or after it has done its work, and is then sent again under its key.
async fn generic_500(world: &World, (package, event): (String, Json), after: bool) {
    let first = Cell::new(true);
    let handle = async |shell: &Shell, request: &Request| {
        let panics = first.replace(false);
        assert!(after || !panics, "planted at s1's order o1");
        let answer = real_request(&package, shell, request).await;
        assert!(!panics, "planted at s1's order o1");
        answer
    };
    let ask = async || {
        let event = serde_json::from_value(event.clone()).unwrap();
        whole(&shell::http::run(world.shell(&package), event, PATIENT, functions::routes(&package), &handle).await)
    };
    let (status, _, body) = ask().await;
    assert_eq!(status, 500, "{body}");
    let body: Json = serde_json::from_str(&body).unwrap();
    assert_eq!(
        body["detail"],
        "Something went wrong on our side. Try it once more; if it fails again, tell us the request id, by which we find it."
    );
    assert_eq!(body.as_object().unwrap().len(), 5, "type, title, status, detail, request id: {body}");
    let (status, _, body) = ask().await;
    assert!(status < 300, "{package}: {body}");
}

async fn every_read() {
    let (told, reads) = readable().await;
    for (path, claims) in reads {
        generic_500(&told.world, told.world.event("GET", &path, &claims, "", ""), false).await;
    }
}

async fn every_writer() {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let (seller, desk) = (json!({ "sub": "u", "seller_id": "s1" }), json!({ "sub": "mei", "stores": "US" }));
    for after in [false, true] {
        let kept = told.world.cloud.kept();
        let contact = json!({ "contact_id": "k2", "channel": "email", "customer": { "id": "c1" }, "order_id": "o1",
            "topic": "late_delivery", "message": "Where?" });
        for (path, claims, body) in [
            ("/return-policy".to_owned(), &seller, world::facts::terms(45)),
            ("/enrollment/opt-out".to_owned(), &seller, json!({})),
            (format!("/case-log/{request}/reply"), &seller, json!({ "text": "On Monday." })),
            (format!("/desk/inquiries/{inquiry}/answer"), &desk, json!({ "message": "We look into it." })),
            ("/contacts".to_owned(), &json!({ "sub": "marketplace" }), contact),
            ("/transfers".to_owned(), &seller, json!({ "topic": "late_delivery", "text": "o1 is late." })),
        ] {
            let path = format!("/v1/stores/US{path}");
            let event = told.world.event("POST", &path, claims, "one-key", &body.to_string());
            generic_500(&told.world, event, after).await;
        }
        let periods = told.world.items("SellersTable");
        let left = periods.iter().filter(|item| item["state"]["M"]["event"]["M"]["event"]["S"] == "left").count();
        assert_eq!(left, 1, "it happened once");
        told.world.cloud.put_back(&kept);
    }
}

/// Lambda halves a batch that fails, down to the one record that does, and gives that one up; the sweep sends it.
async fn the_stream_loses_one() {
    let told = Told::begun();
    let shell = told.world.shell("outbox-relay");
    let images: Vec<_> = (0..10).map(|n| entry(&n.to_string())).collect();
    let handle = async |shell: &Shell, items: Vec<Item>| {
        assert!(items.iter().all(|item| item["pk"].as_s().unwrap() != "ENTRY#6"), "planted");
        outbox_relay::handle(shell, items).await
    };
    let (mut batches, mut given_up) = (vec![images], Vec::new());
    while let Some(batch) = batches.pop() {
        let run = shell::stream::run(shell, events::stream(&batch), &handle);
        let ended = futures(run).await;
        match ended {
            Some(sent) => assert_eq!(sent, Ok(batch.len() as u64)),
            None if batch.len() == 1 => given_up.push(batch[0]["pk"]["S"].clone()),
            None => batches.extend(batch.chunks(batch.len().div_ceil(2)).map(<[Json]>::to_vec)),
        }
    }
    assert_eq!(given_up, ["ENTRY#6"]);
    let sent = locked(&told.world.cloud.queues)["NoticesQueue"].len();
    assert_eq!(sent, 9);
}

/// How it ended, `None` if it panicked.
async fn futures<T>(run: impl Future<Output = T>) -> Option<T> {
    let mut run = std::pin::pin!(run);
    std::future::poll_fn(|context| {
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.as_mut().poll(context)));
        match polled {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(ended)) => std::task::Poll::Ready(Some(ended)),
            Err(_) => std::task::Poll::Ready(None),
        }
    })
    .await
}

cells! {
    m12_enr_a_panic_is_answered_500_and_the_same_key_succeeds_after_it => paused(every_writer());
    m12_rte_a_panic_is_that_contact_s_alone => that_record_only("rte");
    m12_swp_a_panic_is_that_clock_s_alone => that_record_only("swp");
    m12_ntf_a_panic_is_that_notice_s_alone => that_record_only("ntf");
    m12_inb_a_panic_is_that_report_s_alone => that_record_only("inb");
    m12_fee_a_panic_is_that_fact_s_and_that_quarter_s_alone => that_record_only("fee");
    m12_dsh_a_panic_is_answered_500_and_says_nothing_of_the_inside => paused(every_read());
    m12_rly_a_panic_is_that_entry_s_alone => paused(the_stream_loses_one());
}
