//! Rows 11 and 13: one message that cannot be read among ten, over HTTP, and in the stream; and what a function of a queue
//! answers, to the letter.

use super::{
    bench::{Bench, QUEUES},
    cells,
    edges::{ask, readable},
    marks,
};
use crate::{
    crash::{paused, run::batch},
    stories::told::Told,
};
use aws_lambda_events::sqs::SqsBatchResponse;
use lambda_runtime::{FunctionResponse, IntoFunctionResponse, streaming::Body};
use serde_json::{Value as Json, json};
use world::{
    Delivery, World, events,
    faults::{Fault, Kind},
    functions,
};

/// A body of a queue's largest message, and an object all the same.
fn large() -> String {
    let bare = json!({ "padding": "" }).to_string().len();
    json!({ "padding": "x".repeat(256 * 1024 - bare) }).to_string()
}

/// What no function can read, whatever it expects.
fn poisons() -> Vec<String> {
    let mut all: Vec<String> = ["{", "", "[]", "null", "7", "\"text\"", "\u{1F4A3}", "{}"].map(str::to_owned).to_vec();
    all.push("[".repeat(10_000));
    all.push(format!("{}1{}", "{\"id\":".repeat(5_000), "}".repeat(5_000)));
    all.push(json!({ "id": 7, "store": [], "seller": {}, "alarm": 1, "type": 2, "version": "one" }).to_string());
    all.push(
        json!({ "type": "order_eaten", "version": 1, "store": "US", "alarm": "lunch", "notice": "lunch" }).to_string(),
    );
    all.push(json!({ "type": "order_placed", "version": 99, "store": "US", "alarm": "", "notice": "" }).to_string());
    all.push(large());
    all
}

fn nine_are_done_and_one_is_parked(column: &str) {
    for (_, package) in QUEUES.iter().filter(|(of, _)| *of == column) {
        paused(async {
            let bench = Bench::of(package).await;
            for (n, poison) in poisons().into_iter().enumerate() {
                bench.put_back();
                let mut bodies = bench.bodies.clone();
                bodies[n % 10].clone_from(&poison);
                let shown: String = poison.chars().take(60).collect();
                assert_eq!(bench.take(&bodies).await, Ok(Vec::new()), "{package}: {shown}: nothing comes again");
                assert_eq!(bench.done(), 9, "{package}: {shown}");
                assert!(!bench.is_done(n % 10), "{package}: {shown}");
                let parked = bench.parked();
                assert_eq!(parked.len(), 1, "{package}: {shown}: {parked:?}");
                assert_eq!((&parked[0]["body"]["S"], &parked[0]["function"]["S"]), (&json!(poison), &json!(package)));
                let reason = parked[0]["reason"]["S"].as_str().unwrap();
                assert!(reason.starts_with("malformed_json: ") || reason.starts_with("invalid_input: "), "{reason}");
            }
        });
    }
}

/// F8: a quarter that names no seller's is parked; the quarter itself waits for its own message.
async fn a_quarter_that_was_poisoned_is_still_due() {
    let bench = Bench::of("fee-statement").await;
    let mut bodies = bench.bodies.clone();
    bodies[3] = json!({ "store": "US", "seller": "s3", "quarter": "2026Q9" }).to_string();
    assert_eq!(bench.take(&bodies).await, Ok(Vec::new()));
    assert_eq!((bench.done(), bench.parked().len()), (9, 1));
    let head = |n: usize| {
        let mut items = bench.told.world.items("LedgerTable").into_iter();
        let pk = format!("US#s{n}#2026Q3");
        items.find(|item| item["pk"]["S"] == pk && item["sk"]["S"] == "HEAD").unwrap()
    };
    assert_eq!(head(3)["state"]["M"]["measured"]["BOOL"], false, "it cannot close silently");
    assert!(head(3)["due_shard"]["S"].is_string(), "the next day's tick finds it");
    assert_eq!(bench.told.world.tick("ledger-rollup").await, 1, "and it alone");
}

/// A read that cannot be understood, on each route that has something to misunderstand.
async fn readers_are_told() {
    let (told, _) = readable().await;
    let before = told.world.left_behind();
    let (seller, desk) = (json!({ "sub": "u", "seller_id": "s1" }), json!({ "sub": "mei", "stores": "US" }));
    let deep = format!("/case-log?cursor={}", "W1tb".repeat(2_000));
    for (path, claims) in [
        ("/case-log?view=mine", &seller),
        ("/case-log?cursor=AAAA", &seller),
        (&deep, &seller),
        ("/case-log/a%20b", &seller),
        ("/orders/a%23b", &seller),
        ("/statements/2026Q9", &seller),
        ("/statements/%5B%5B", &seller),
        ("/desk/inquiries/a%23b", &desk),
        ("/contacts/a%23b", &desk),
    ] {
        let (status, _, body) = ask(&told.world, "GET", &format!("/v1/stores/US{path}"), claims, ("", "")).await;
        assert!([400, 422].contains(&status), "{path}: {status} {body}");
        assert!(body.contains("\"errors\""), "{path}: {body}");
    }
    assert_eq!(told.world.left_behind(), before);
}

async fn writers_are_told() {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let (before, marked) = (told.world.left_behind(), marks(&told.world));
    let mut answered = 0;
    for path in [
        "/enrollment/opt-in".to_owned(),
        "/enrollment/terms".to_owned(),
        "/contacts".to_owned(),
        format!("/case-log/{request}/reply"),
        format!("/desk/inquiries/{inquiry}/requests"),
        format!("/desk/inquiries/{inquiry}/answer"),
        format!("/desk/inquiries/{inquiry}/decision"),
    ] {
        let claims = json!({ "sub": "mei", "stores": "US", "seller_id": "s1" });
        for (n, poison) in poisons().into_iter().enumerate() {
            let path = format!("/v1/stores/US{path}");
            let reply = ask(&told.world, "POST", &path, &claims, (&format!("poison-{n}"), &poison)).await;
            let shown: String = poison.chars().take(40).collect();
            // Of an opt-in every field may be missing: what it does not know it passes over, and the seller is enrolled.
            let says_nothing =
                path.ends_with("opt-in") && serde_json::from_str::<Json>(&poison).is_ok_and(|b| b.is_object());
            let allowed: &[i64] = if says_nothing { &[200, 413] } else { &[400, 413, 422] };
            assert!(allowed.contains(&reply.0), "{path} {shown}: {reply:?}");
            answered += usize::from(reply.0 == 200);
        }
    }
    assert_eq!(told.world.left_behind(), before, "nothing is stored");
    assert_eq!(marks(&told.world), marked + answered, "but what was answered");
}

/// An entry of the outbox that leaves at once.
pub fn entry(name: &str) -> Json {
    json!({ "pk": { "S": format!("ENTRY#{name}") }, "sk": { "S": "ENTRY" }, "kind": { "S": "now" },
        "queue": { "S": "notices" }, "body": { "S": format!("\"{name}\"") },
        "due_shard": { "S": "00" }, "due_at": { "N": "1" } })
}

async fn the_shard_moves_on() {
    let told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Once).without_mail());
    let mut without_queue = entry("x");
    without_queue["queue"] = json!({ "S": "nowhere" });
    let mut of_another_shape = entry("x");
    of_another_shape["body"] = json!({ "N": "7" });
    let notice = json!({ "pk": { "S": "NOTICE#n" }, "sk": { "S": "NOTICE" }, "state": { "M": {} } });
    for poison in [json!({}), without_queue, of_another_shape, notice, json!({ "pk": { "N": "7" }, "sk": { "S": "" } })]
    {
        let images: Vec<_> = (0..10).map(|n| if n == 4 { poison.clone() } else { entry(&n.to_string()) }).collect();
        let sent = functions::stream(told.world.shell("outbox-relay"), events::stream(&images)).await;
        assert_eq!(sent, Ok(9), "{poison}");
    }
}

/// What the runtime makes of a function's answer.
fn buffered(answer: SqsBatchResponse) -> FunctionResponse<SqsBatchResponse, Body> {
    answer.into_response()
}

/// One of three records fails, and then none: the answer to the letter.
fn answers_to_the_letter(column: &str) {
    for (_, package) in QUEUES.iter().filter(|(of, _)| *of == column) {
        paused(async {
            let bench = Bench::of(package).await;
            let world = &bench.told.world;
            let messages: Vec<_> = (0..3).map(|n| (format!("the-{n}"), bench.bodies[n].clone())).collect();
            for (faults, expected) in [
                (
                    vec![Fault { call: 0, kind: Kind::Throttle, every: true }],
                    r#"{"batchItemFailures":[{"itemIdentifier":"the-0"}]}"#,
                ),
                (Vec::new(), r#"{"batchItemFailures":[]}"#),
            ] {
                world.cloud.faults.begin(&faults);
                let answer = functions::queue(package, world.shell(package), batch(&messages, world.now(), 1)).await;
                world.cloud.faults.end();
                // As the runtime hands it to Lambda: as it is, and not as a stream.
                let FunctionResponse::BufferedResponse(answer) = buffered(answer.unwrap()) else {
                    panic!("{package}: a stream")
                };
                assert_eq!(serde_json::to_string(&answer).unwrap(), expected, "{package}");
            }
        });
    }
}

/// The relay answers a number, so nobody may read it as a list of what failed.
fn the_stream_is_promised_no_list() {
    let text = std::fs::read_to_string(world::template::path()).unwrap();
    let root: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text).unwrap();
    let event = &root["Resources"]["OutboxRelay"]["Properties"]["Events"]["Written"];
    assert_eq!(event["Type"], "DynamoDB");
    assert!(event["Properties"]["FunctionResponseTypes"].is_null(), "all of a batch, or none");
    let sent = paused(async {
        let told = Told::new(World::new("2026-08-03T15:00:00Z", Delivery::Once).without_mail());
        functions::stream(told.world.shell("outbox-relay"), events::stream(&[entry("a")])).await
    });
    assert_eq!(serde_json::to_string(&sent.unwrap()).unwrap(), "1");
}

cells! {
    m11_enr_a_body_that_cannot_be_read_is_answered_400_or_422_and_stores_nothing => paused(writers_are_told());
    m11_rte_one_poison_contact_of_ten_is_parked_and_nine_are_done => nine_are_done_and_one_is_parked("rte");
    m11_ntf_one_poison_notice_of_ten_is_parked_and_nine_are_done => nine_are_done_and_one_is_parked("ntf");
    m11_inb_one_poison_report_of_ten_is_parked_and_nine_are_done => nine_are_done_and_one_is_parked("inb");
    m11_fee_one_poison_fact_of_ten_is_parked_and_its_quarter_is_still_due => {
        nine_are_done_and_one_is_parked("fee");
        paused(a_quarter_that_was_poisoned_is_still_due());
    };
    m11_dsh_a_path_that_names_nothing_is_answered_400_or_422 => paused(readers_are_told());
    m11_rly_an_image_that_is_no_entry_does_not_hold_up_the_shard => paused(the_shard_moves_on());

    m13_rte_the_answer_to_a_batch_names_the_record_that_failed_and_no_other => answers_to_the_letter("rte");
    m13_swp_the_answer_to_a_batch_names_the_record_that_failed_and_no_other => answers_to_the_letter("swp");
    m13_ntf_the_answer_to_a_batch_names_the_record_that_failed_and_no_other => answers_to_the_letter("ntf");
    m13_inb_the_answer_to_a_batch_names_the_record_that_failed_and_no_other => answers_to_the_letter("inb");
    m13_fee_the_answer_to_a_batch_names_the_record_that_failed_and_no_other => answers_to_the_letter("fee");
    m13_rly_the_stream_is_promised_no_list_of_failures => the_stream_is_promised_no_list();
}

#[test]
fn x2_one_poison_clock_of_ten_is_parked_and_nine_ring() {
    nine_are_done_and_one_is_parked("swp");
}
