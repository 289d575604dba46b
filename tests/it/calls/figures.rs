//! What figures cost, and the days behind them.

use super::{Row, tour::Tour};
use serde_json::{Value as Json, json};
use world::cloud::Call;

/// The steps of figures.
pub const TABLE: &[Row] = &[
    (
        "day added up",
        "insight-day",
        "Query GetItem Query TransactWriteItems",
        "one query (the marks of the day), one `GetItem` (how far it is), one query per megabyte of facts, sixteen at most, and \
         one transaction",
    ),
    ("day added up before", "insight-day", "Query GetItem", "one that has nothing to add the first two"),
    ("day that is not over", "insight-day", "", "A day that is not over costs none"),
    (
        "figures read",
        "insight-api",
        "BatchGetItem Query Query Query Query Query",
        "the figures are one `BatchGetItem` (the heads of three quarters and the account) and, of each of two quarters, a query \
         of the days that are not added up, and then at one time one of the sums of the others, and one of the facts of \
         each stretch of the former",
    ),
    (
        "reason read",
        "insight-api",
        "Query Query Query Query",
        "products of a reason and the gaps are those queries of both quarters",
    ),
    (
        "contacts of a reason read",
        "insight-api",
        "Query Query Query",
        "the contacts of a reason are those of one quarter, and one query of each day that the page shows",
    ),
    (
        "gaps read",
        "insight-api",
        "Query Query Query Query Query Query Query BatchGetItem",
        "the gaps have one more of each in the first round trip (the products that were found lacking), and in the second one `BatchGetItem` (what their pages say by now)",
    ),
];

/// A day was added up with the tick of `calls`; its message comes again, and one of a day that is not over.
pub async fn days(tour: &mut Tour, calls: &[Call]) {
    let day = calls.iter().filter(|call| call.function == "insight-day").take(4).cloned().collect();
    tour.steps.insert("day added up", day);
    for (step, day) in [("day added up before", "2026-08-03"), ("day that is not over", "2026-10-01")] {
        let quarter = if day < "2026-10" { "2026Q3" } else { "2026Q4" };
        let due = json!({ "store": "US", "seller": "s1", "quarter": quarter, "day": day });
        tour.told.world.cloud.send("DaysQueue", due.to_string());
        tour.told.world.settle().await;
        tour.step(step);
    }
}

/// Each route that shows figures.
pub async fn read(tour: &mut Tour) {
    for (step, path) in [
        ("figures read", "/insights"),
        ("reason read", "/insights/reasons/late_delivery?quarter=2026Q3"),
        ("contacts of a reason read", "/insights/reasons/late_delivery/contacts?quarter=2026Q3"),
        ("metrics read", "/insights/metrics"),
    ] {
        assert_eq!(tour.told.as_seller("GET", path, Json::Null).await.status, 200);
        tour.step(step);
    }
}
