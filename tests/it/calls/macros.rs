//! What canned answers cost.

use super::{Row, tour::Tour};
use serde_json::{Value as Json, json};

/// The steps of it.
pub const TABLE: &[Row] = &[
    ("macros read", "desk-api", "Query", "The macros that fit an inquiry are one query."),
    (
        "answer made of a macro",
        "desk-api",
        "Query GetItem TransactWriteItems",
        "each change finds the inquiry by one query and one `GetItem` and is one transaction",
    ),
];

/// An inquiry that is answered by a macro.
pub async fn macros(tour: &mut Tour) {
    tour.told.world.fact(tour.told.placed("o-macro", "seller", tour.told.just_now())).await;
    let inquiry = tour.told.inquiry("k-macro", "o-macro", "damaged_item").await;
    tour.forget();
    let read = tour.told.as_associate("GET", &format!("/inquiries/{inquiry}/macros"), Json::Null).await;
    assert_eq!(read.status, 200, "{}", read.body);
    tour.step("macros read");
    let answer = json!({ "macro": "picture_wanted", "slots": { "what": "the broken part" } });
    let answered = tour.told.as_associate("POST", &format!("/inquiries/{inquiry}/answer"), answer).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    tour.step("answer made of a macro");
}
