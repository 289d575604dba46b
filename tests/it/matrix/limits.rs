//! Row 20: too large, or too many. Each ends in a clear answer or parked with its reason, and nothing is half done.

use super::{
    bench::{Bench, QUEUES},
    cells,
    edges::ask,
};
use crate::{crash::paused, stories::told::Told};
use serde_json::{Value as Json, json};

const KB: usize = 1024;

async fn enrolled() -> Told {
    let mut told = Told::begun();
    told.enrolled().await;
    told
}

/// Over 64 KB on every route that writes: 413, and nothing is stored.
async fn a_body_is_64_kb() {
    let mut told = enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let before = (told.world.left_behind(), told.world.items("OnceTable").len());
    let routes = told.world.template.functions.values().flat_map(|function| function.routes.clone());
    let writers: Vec<_> = routes.filter(|route| route.starts_with("POST ")).collect();
    assert!(writers.len() > 7);
    for route in writers {
        let path = route.trim_start_matches("POST ").replace("{store}", "US").replace("{inquiry_id}", &inquiry);
        let path = path.replace("{request_id}", &request);
        let claims = json!({ "sub": "mei", "stores": "US", "seller_id": "s1" });
        let body = json!({ "padding": "x".repeat(64 * KB) }).to_string();
        let (status, _, answer) = ask(&told.world, "POST", &path, &claims, ("k", &body)).await;
        assert_eq!(status, 413, "{path}: {answer}");
        assert!(answer.contains("must be at most 65536 bytes"), "{answer}");
    }
    assert_eq!((told.world.left_behind(), told.world.items("OnceTable").len()), before);
}

/// A message of 256 KB is parked whole. One so large that no item holds it cannot be parked: it comes again until its
/// queue gives it to its dead letters, whole as well, and its neighbours are done.
fn a_message_is_parked_or_given_up(column: &str) {
    for (_, package) in QUEUES.iter().filter(|(of, _)| *of == column) {
        paused(async {
            let bench = Bench::of(package).await;
            let padded = |size: usize| json!({ "padding": "x".repeat(size - 14) }).to_string();
            let mut bodies = bench.bodies.clone();
            bodies[5] = padded(256 * KB);
            assert_eq!((bodies[5].len(), bench.take(&bodies).await), (256 * KB, Ok(Vec::new())), "{package}");
            assert_eq!((bench.done(), &bench.parked()[0]["body"]["S"]), (9, &json!(bodies[5])), "{package}");
            bench.put_back();
            bodies[5] = padded(500 * KB);
            for delivery in 1..=5 {
                let again = bench.take_again(if delivery == 1 { &bodies } else { &bodies[5..6] }, delivery).await;
                assert!(again == Ok(vec!["m5".to_owned()]) || (delivery > 1 && again.is_err()), "{package}: {again:?}");
            }
            assert_eq!((bench.done(), bench.parked().len()), (9, 0), "{package}");
        });
    }
}

/// An order of this quantity, and a confirmation of these units.
async fn of_many_units(quantity: u16) -> Told {
    let mut told = enrolled().await;
    let mut order = told.placed("o1", "seller", told.just_now());
    order["lines"][0]["quantity"] = json!(quantity);
    told.world.fact(order).await;
    told
}

fn part(told: &Told, units: std::ops::RangeInclusive<u16>) -> Json {
    let mut fact = told.shipped("o1");
    fact["units"] = units.map(|ordinal| json!({ "item_id": "1", "ordinal": ordinal })).collect();
    fact
}

/// A transaction holds 100 items: a parcel of more than 90 units comes in parts, and in one part it is refused by name.
async fn an_order_of_two_hundred_units() {
    let mut told = of_many_units(200).await;
    for too_many in [91, 99, 100, 200] {
        let before = told.world.left_behind();
        let parked = told.world.parked().len();
        told.world.fact(part(&told, 1..=too_many)).await;
        let reasons = told.world.parked();
        let reason = format!("invalid_input: units must have at most 90 entries, and has {too_many}");
        assert_eq!((reasons.len(), reasons.contains(&reason)), (parked + 1, true), "{reasons:?}");
        assert_eq!(told.world.left_behind(), before, "nothing is half done");
    }
    let parts = [part(&told, 1..=90), part(&told, 91..=180), part(&told, 181..=200), part(&told, 1..=20)];
    told.world.facts(parts).await;
    let statement = told.as_seller("GET", "/statements/2026Q3", Json::Null).await.body;
    assert_eq!(statement["units"], 200, "each unit once, from one parcel in parts");
    // The same where the quarter's head is written too, which is the largest transaction there is.
    let mut late = of_many_units(90).await;
    let fact = part(&late, 1..=90);
    late.world.pass_to("2026-10-02T08:00:00Z".parse().unwrap()).await;
    late.world.fact(fact).await;
    assert_eq!(late.world.parked(), Vec::<String>::new());
    let statement = late.as_seller("GET", "/statements/2026Q3", Json::Null).await.body;
    assert_eq!(statement["units"], 90);
}

/// An order that fits its message and no item: parked with its reason, and nothing of it is there.
async fn an_order_too_large_for_an_item() {
    let mut told = enrolled().await;
    let before = told.world.left_behind();
    let mut order = told.placed("o-large", "seller", told.just_now());
    let line = order["lines"][0].clone();
    let lines = |many: usize| -> Json {
        let named = |n: usize| {
            let mut line = line.clone();
            line["item_id"] = json!(format!("{n:064}"));
            line["product_id"] = json!("p".repeat(64));
            line
        };
        (0..many).map(named).collect()
    };
    order["lines"] = lines(101);
    told.world.fact(order.clone()).await;
    assert_eq!(told.world.parked(), ["invalid_input: lines must have at most 100 entries, and has 101"]);
    assert_eq!(told.world.left_behind(), before);
    order["lines"] = lines(100);
    told.world.fact(order).await;
    assert_eq!(told.world.parked().len(), 1, "a hundred lines fit");
    assert_eq!(told.world.items("OrdersTable").len(), 1);
}

/// A line of 999 units, shipped in parts, in an order of many such lines, grows until no item holds it; the part that no
/// longer fits is parked and leaves nothing, and what was confirmed before stands.
async fn an_order_that_grows_too_large() {
    let mut told = enrolled().await;
    let mut order = told.placed("o1", "seller", told.just_now());
    order["lines"][0]["quantity"] = json!(999);
    told.world.facts([order, part(&told, 1..=1)]).await;
    // As if nearly all of sixty lines had been shipped already, in as many parcels as there is room for.
    let mut item = told.world.items("OrdersTable").remove(0);
    let line = item["state"]["M"]["lines"]["L"][0].clone();
    let shipped: Json = (1..=999).map(|n| json!({ "N": n.to_string() })).collect();
    let lines = (0..60).map(|n| {
        let mut line = line.clone();
        if n > 0 {
            line["M"]["item"] = json!({ "S": format!("{n:064}") });
            line["M"]["shipped"] = json!({ "L": shipped });
        }
        line
    });
    item["state"]["M"]["lines"]["L"] = lines.collect();
    let parcel = item["state"]["M"]["parcels"]["M"]["p-o1"].clone();
    let mut fits = |parcels: usize| {
        let named = (0..parcels).map(|n| (format!("{n:064}"), parcel.clone()));
        item["state"]["M"]["parcels"]["M"] = Json::Object(named.collect());
        let body = json!({ "TableName": "OrdersTable", "Item": item }).to_string();
        world::cloud::locked(&told.world.cloud.tables).answer("PutItem", &body, told.world.cloud.now()).0 == 200
    };
    let (mut most, mut too_many) = (1, 4_096);
    assert!(fits(most) && !fits(too_many));
    while too_many - most > 1 {
        let middle = most.midpoint(too_many);
        if fits(middle) { most = middle } else { too_many = middle }
    }
    assert!(fits(most));
    let before = told.world.left_behind();
    let mut one_more = part(&told, 2..=91);
    one_more["shipment_id"] = json!("p".repeat(64));
    told.world.fact(one_more).await;
    let parked = told.world.parked();
    assert!(parked.len() == 1 && parked[0].contains("TransactWriteItems"), "{parked:?}");
    assert!(told.world.left_behind() == before, "nothing is half done");
}

cells! {
    m20_enr_a_body_of_more_than_64_kb_is_answered_413_and_stores_nothing => paused(a_body_is_64_kb());
    m20_rte_a_contact_too_large_to_read_is_parked_whole_or_given_up_whole => a_message_is_parked_or_given_up("rte");
    m20_ntf_a_notice_too_large_to_read_is_parked_whole_or_given_up_whole => a_message_is_parked_or_given_up("ntf");
    m20_inb_a_report_too_large_to_read_is_parked_whole_or_given_up_whole => a_message_is_parked_or_given_up("inb");
    m20_fee_an_order_of_two_hundred_units_is_confirmed_in_parts_or_refused_by_name => {
        a_message_is_parked_or_given_up("fee");
        paused(an_order_of_two_hundred_units());
        paused(an_order_too_large_for_an_item());
        paused(an_order_that_grows_too_large());
    };
}
