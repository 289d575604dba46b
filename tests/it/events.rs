//! `tests/events`: one payload for each function, in the very form in which its trigger brings it. They are also for
//! `cargo xtask invoke <function> tests/events/<function>.json` on the local stack, whose demo seller and order they
//! name. And what each asks of AWS for its payload and is answered: `bench/calls`, which the bench plays again.

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, dynamodb::Event as StreamEvent, sqs::SqsEvent};
use serde_json::{Value as Json, json};
use shell::schedule::Tick;
use std::{collections::BTreeMap, path::Path};
use world::{
    Delivery, World,
    cloud::{Call, locked},
    environment, functions,
    receipts::letter,
    template::Template,
};

/// When the payloads came, and a little later.
const NOW: &str = "2026-11-22T20:05:00Z";

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("events")
}

/// The payload of this function.
pub fn payload(function: &str) -> Json {
    let path = folder().join(format!("{function}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A world that knows what the local stack is seeded with.
async fn demo() -> World {
    let mut world = World::new(NOW, Delivery::Once);
    let seller = json!({ "type": "seller_registered", "version": 1, "store": "US", "seller_id": "demo-seller",
        "occurred_at": "2026-11-19T20:00:00Z", "plan": "professional", "standing": "good", "address_country": "US",
        "email": "seller@demo.example", "language": "en", "accepted_terms": "2026-01" });
    let order = json!({ "type": "order_placed", "version": 1, "store": "US", "order_id": "demo-order",
        "customer_id": "demo-customer", "placed_at": "2026-11-20T20:00:00Z",
        "lines": [{ "item_id": "1", "seller_id": "demo-seller", "product_id": "demo-product", "quantity": 1,
            "unit_price_minor": 1_999, "fulfilment": "seller", "promised_by": "2026-11-22T08:00:00Z" }] });
    world.fact(seller).await;
    world.fact(order).await;
    world
}

async fn answered(world: &World, function: &str) -> (i64, Json) {
    let event: ApiGatewayV2httpRequest = serde_json::from_value(payload(function)).unwrap();
    let response = serde_json::to_value(functions::http(function, world.shell(function), event).await).unwrap();
    let body = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    (response["statusCode"].as_i64().unwrap(), body)
}

async fn taken(world: &World, function: &str) {
    let event: SqsEvent = serde_json::from_value(payload(function)).unwrap();
    let response = functions::queue(function, world.shell(function), event).await.unwrap();
    assert_eq!(response.batch_item_failures.len(), 0, "{function}");
    assert_eq!(world.parked(), Vec::<String>::new(), "{function}");
}

async fn ticked(world: &World, function: &str) -> u64 {
    let tick: Tick = serde_json::from_value(payload(function)).unwrap();
    functions::tick(function, world.shell(function), tick).await.unwrap()
}

#[test]
fn there_is_one_payload_for_each_function_and_it_reads_as_its_trigger_brings_it() {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    let expected: Vec<_> = functions::ALL.iter().map(|function| format!("{function}.json")).collect();
    assert_eq!(names, expected);
    for (function, described) in Template::load().functions {
        let event = payload(&function);
        let routes: Vec<_> = described.routes.iter().chain(&described.pages).collect();
        if !routes.is_empty() {
            let event: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
            let route = event.route_key.unwrap();
            assert!(routes.contains(&&route), "{function} does not answer {route}");
        } else if described.queue.is_some() {
            let event: SqsEvent = serde_json::from_value(event).unwrap();
            assert!(event.records.iter().all(|record| record.message_id.is_some()), "{function}");
        } else if function == "outbox-relay" {
            let event: StreamEvent = serde_json::from_value(event).unwrap();
            assert_eq!(event.records.len(), 1);
        } else {
            serde_json::from_value::<Tick>(event.clone()).unwrap();
            let mut timeless = event;
            timeless.as_object_mut().unwrap().remove("time");
            assert!(serde_json::from_value::<Tick>(timeless).is_err(), "{function}: a tick says when it is");
        }
    }
}

#[tokio::test]
async fn each_api_answers_its_payload() {
    let mut world = demo().await;
    let (status, enrollment) = answered(&world, "enrollment-api").await;
    assert_eq!((status, &enrollment["status"]), (200, &json!("active")), "{enrollment}");
    let (status, contact) = answered(&world, "contact-api").await;
    assert_eq!((status, contact), (202, json!({ "contact_id": "demo-contact-1" })));
    world.settle().await;
    let (status, queue) = answered(&world, "desk-api").await;
    assert_eq!((status, &queue["inquiries"][0]["topic"]), (200, &json!("where_is_my_order")), "{queue}");
    let (status, escalated) = answered(&world, "desk-lead").await;
    assert_eq!((status, escalated), (200, json!({ "inquiries": [] })), "nothing is late");
    let (status, log) = answered(&world, "case-log-api").await;
    assert_eq!((status, log), (200, json!({ "requests": [], "next_cursor": null })));
    let (status, transfer) = answered(&world, "transfer-api").await;
    assert_eq!((status, &transfer["order_id"]), (202, &json!("demo-order")), "{transfer}");
    let (status, policy) = answered(&world, "return-policy-api").await;
    assert_eq!((status, &policy["standard"]["version"]), (200, &json!("us-2000")), "{policy}");
    let (status, users) = answered(&world, "account-api").await;
    assert_eq!((status, &users["named"]), (200, &json!(false)), "{users}");
    for function in ["dispute-api", "dispute-desk"] {
        let (status, disputes) = answered(&world, function).await;
        assert_eq!((status, &disputes["disputes"]), (200, &json!([])), "{disputes}");
    }
    let (status, erasure) = answered(&world, "data-desk").await;
    assert_eq!((status, &erasure["type"]), (404, &json!("/problems/not_found")), "nobody asked for it: {erasure}");
    let (status, survey) = answered(&world, "survey-api").await;
    assert_eq!((status, &survey["type"]), (404, &json!("/problems/not_found")), "nobody signed it: {survey}");
    let (status, insights) = answered(&world, "insight-api").await;
    assert_eq!((status, &insights["figures"][0]["metric"]), (200, &json!("fee_rate")), "{insights}");
    for function in ["claim-api", "claim-desk"] {
        let (status, claims) = answered(&world, function).await;
        assert_eq!((status, &claims["claims"]), (200, &json!([])), "{claims}");
    }
    let (status, statement) = answered(&world, "statement-api").await;
    assert_eq!((status, &statement["state"]), (200, &json!("draft")), "{statement}");
}

#[tokio::test]
async fn each_page_answers_its_payload() {
    let world = demo().await;
    for (function, status) in [("seller-portal", 303), ("desk-portal", 303), ("survey-page", 404)] {
        let event: ApiGatewayV2httpRequest = serde_json::from_value(payload(function)).unwrap();
        let response = functions::page(function, world.shell(function), event).await;
        assert_eq!(response.status_code, status, "{function}: nobody has signed in, or signed it");
    }
}

#[tokio::test]
async fn each_queue_function_takes_its_payload() {
    let world = demo().await;
    taken(&world, "marketplace-intake").await;
    let left = world.left_behind();
    let ledger: Vec<_> = left.keys().filter(|key| key.contains("UNIT#demo-order-2")).collect();
    assert_eq!(ledger.len(), 2, "{ledger:?}");
    taken(&world, "contact-router").await;
    assert!(world.left_behind().keys().any(|key| key.contains("CONTACT#demo-contact-2")));
    let before = world.left_behind();
    taken(&world, "sla-clock").await;
    taken(&world, "fee-statement").await;
    taken(&world, "insight-day").await;
    assert_eq!(world.left_behind(), before, "none of them is due");
    let mails = world.mails_to("seller@demo.example").len();
    taken(&world, "notice-sender").await;
    taken(&world, "notice-sender").await;
    assert_eq!(
        world.mails_to("seller@demo.example").len(),
        mails + 1,
        "NTF-3: one mail, however often it is asked for"
    );
    taken(&world, "hook-sender").await;
    taken(&world, "hook-sender").await;
    assert_eq!(world.told().len(), 1, "one webhook, however often it is asked for");
    taken(&world, "mail-feedback").await;
    let became = world
        .left_behind()
        .into_values()
        .filter_map(|item| item.pointer("/state/M/became/M/fate/S").and_then(Json::as_str).map(str::to_owned));
    assert_eq!(became.collect::<Vec<_>>(), ["delivered"]);
    let raw = letter("a", "seller@demo.example", "Fwd", "Where is demo-order-2?");
    world.keep_mail("o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1", &raw);
    taken(&world, "mail-intake").await;
    let opened = |item: &Json| item.pointer("/state/M/fate/S").and_then(Json::as_str) == Some("opened");
    assert!(world.items("OnceTable").iter().any(opened));
}

#[tokio::test]
async fn the_relay_and_the_schedules_take_their_payloads() {
    let mut world = demo().await;
    let mails = world.mails_to("seller@demo.example").len();
    let event: StreamEvent = serde_json::from_value(payload("outbox-relay")).unwrap();
    assert_eq!(functions::stream(world.shell("outbox-relay"), event).await.unwrap(), 1);
    world.settle().await;
    assert_eq!(world.mails_to("seller@demo.example").len(), mails + 1);
    assert_eq!(ticked(&world, "sla-sweep").await, 0, "nothing is due");
    assert_eq!(ticked(&world, "ledger-rollup").await, 0, "the quarter still runs");
}

/// The calls that a function makes for its payload in a world that knows the demo store.
async fn calls(world: &World, function: &str) -> Vec<Call> {
    let (template, shell) = (&world.template.functions[function], world.shell(function));
    if !template.routes.is_empty() {
        let event = serde_json::from_value(payload(function)).unwrap();
        functions::http(function, shell, event).await;
    } else if !template.pages.is_empty() {
        let event = serde_json::from_value(payload(function)).unwrap();
        functions::page(function, shell, event).await;
    } else if template.queue.is_some() {
        let event = serde_json::from_value(payload(function)).unwrap();
        functions::queue(function, shell, event).await.unwrap();
    } else if template.stream.is_some() {
        let event = serde_json::from_value(payload(function)).unwrap();
        functions::stream(shell, event).await.unwrap();
    } else {
        ticked(world, function).await;
    }
    locked(&world.cloud.calls).drain(..).filter(|call| call.function == function).collect()
}

/// `CALLS_UPDATE=1` writes them down.
#[tokio::test]
async fn what_the_bench_answers_is_what_was_answered() {
    let world = demo().await;
    world.keep_mail(
        "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
        &letter("a", "seller@demo.example", "Fwd", "demo-order"),
    );
    let kept = world.cloud.kept();
    for function in functions::ALL {
        world.cloud.put_back(&kept);
        world.begin_anew();
        let calls = calls(&world, function).await;
        world.cloud.put_back(&kept);
        let calls: Vec<_> = calls
            .into_iter()
            .map(|call| {
                let (status, answer) = world.cloud.answer_again(call.clone());
                let Call { target, operation, body, .. } = call;
                // The SDK writes the fields of an object in any order, and the model keeps them so; a token is drawn by lot.
                let sorted = |text: String| {
                    let Ok(mut said) = serde_json::from_str::<Json>(&text) else { return text };
                    if let Some(token) = said.get_mut("ClientRequestToken") {
                        *token = json!("00000000-0000-4000-8000-000000000000");
                    }
                    said.to_string()
                };
                let (request, answer) = (sorted(body), sorted(answer));
                json!({ "target": target, "operation": operation, "request": request, "status": status, "answer": answer })
            })
            .collect();
        let mut environment: BTreeMap<_, _> =
            environment(&world.template.functions[function], true).into_iter().collect();
        environment.retain(|name, _| !name.starts_with("AWS_"));
        let recorded = json!({ "environment": environment, "calls": calls });
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/calls").join(format!("{function}.json"));
        let text = format!("{recorded:#}\n");
        if std::env::var_os("CALLS_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "{}: run this test with CALLS_UPDATE=1", path.display());
    }
}
