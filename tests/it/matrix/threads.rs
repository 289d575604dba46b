//! Sixteen real threads at one thing, each with a process of its own: its runtime, its connection, its handler. The cloud
//! takes one call after the other, as they come; what is raced for is the version.

use crate::stories::told::Told;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use shell::Shell;
use std::sync::Barrier;
use world::{World, functions};

const MANY: usize = 16;

/// Each of many threads does this at one moment, with a process of this function of its own.
fn at_once<T: Send>(world: &World, package: &str, act: impl AsyncFn(usize, &Shell) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(MANY);
    let one = |n: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let shell = world.process(package, TimeDelta::zero());
        start.wait();
        runtime.block_on(act(n, &shell))
    };
    std::thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> = (0..MANY).map(|n| scope.spawn(move || one(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn told(before: impl AsyncFnOnce(&mut Told)) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut told = Told::begun();
    runtime.block_on(async {
        told.enrolled().await;
        before(&mut told).await;
    });
    told
}

/// How many transactions were refused: whether there was a race at all.
fn lost_races(world: &World) -> usize {
    world.calls().iter().filter(|call| call.operation == "TransactWriteItems").count() - 1
}

/// E5, ENR-5, ENR-8.
#[test]
fn e5_sixteen_opt_ins_at_once_open_one_period() {
    let told = told(async |told| {
        assert_eq!(told.as_seller("POST", "/enrollment/opt-out", json!({})).await.status, 200);
        told.world.pass(TimeDelta::hours(1)).await;
        let _ = told.world.calls();
    });
    let world = &told.world;
    let answers = at_once(world, "enrollment-api", async |n, shell| {
        let claims = json!({ "sub": format!("user-{n}"), "seller_id": "s1" });
        let path = "/v1/stores/US/enrollment/opt-in";
        let (package, event) = world.event("POST", path, &claims, &format!("race-{n}"), "{}");
        let response = functions::http(&package, shell, serde_json::from_value(event).unwrap()).await;
        (response.status_code, serde_json::to_value(response.body).unwrap())
    });
    println!("sixteen opt-ins: {} lost their race", lost_races(world));
    for (status, body) in &answers {
        assert_eq!((*status, body), (200, &answers[0].1), "each is told the same state");
    }
    let of_seller = |sk: &'static str| {
        let items = world.items("SellersTable").into_iter();
        items.filter(move |item| item["pk"]["S"] == "US#s1" && item["sk"]["S"].as_str().unwrap().starts_with(sk))
    };
    let seller = of_seller("SELLER").find(|item| item["sk"]["S"] == "SELLER").unwrap();
    let periods = &seller["state"]["M"]["periods"]["L"];
    assert_eq!(periods.as_array().unwrap().len(), 2, "the first, and one more: {periods}");
    let enrolled =
        of_seller("SELLER#EVENT").filter(|item| item["state"]["M"]["event"]["M"]["event"]["S"] == "enrolled");
    assert_eq!(enrolled.count(), 2);
}

/// F3, FEE-10.
#[test]
fn f3_sixteen_closers_at_once_make_one_statement() {
    let told = told(async |told| {
        told.world.fact(told.placed("o1", "seller", told.just_now())).await;
        told.world.fact(told.shipped("o1")).await;
        told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
        let to: DateTime<Utc> = "2026-10-05T08:00:00Z".parse().unwrap();
        told.world.cloud.set_now(to.timestamp_millis());
        let _ = told.world.calls();
    });
    let (world, now) = (&told.world, told.world.now());
    let body = json!({ "store": "US", "seller": "s1", "quarter": "2026Q3" }).to_string();
    let ended = at_once(world, "fee-statement", async |n, shell| {
        let event = crate::crash::run::batch(&[(format!("m{n}"), body.clone())], now, 1);
        functions::queue("fee-statement", shell, event).await.map(|response| response.batch_item_failures.len())
    });
    assert!(ended.iter().all(|ended| *ended == Ok(0)), "each is done: {ended:?}");
    println!("sixteen closers: {} lost their race", lost_races(world));
    let quarter: Vec<Json> =
        world.items("LedgerTable").into_iter().filter(|item| item["pk"]["S"] == "US#s1#2026Q3").collect();
    assert_eq!(quarter.iter().filter(|item| item["sk"]["S"] == "STATEMENT").count(), 1);
    let head = quarter.iter().find(|item| item["sk"]["S"] == "HEAD").unwrap();
    assert_eq!(head["version"]["N"], "3", "begun, measured, closed once: {head}");
    let mails = world.items("OutboxTable");
    let ready =
        mails.iter().filter(|item| item["body"]["S"].as_str().is_some_and(|body| body.contains("statement_ready")));
    assert_eq!(ready.count(), 1, "and one mail is owed");
    assert_eq!(world.parked(), Vec::<String>::new());
}
