//! What it costs to look at what no delivery could mend, and to send it again.

use super::{CHANGE, Row, tour::Tour};
use chrono::TimeDelta;
use serde_json::json;
use world::facts;

/// The steps of it.
pub const TABLE: &[Row] = &[
    ("parked read", "desk-lead", "Query", "what is parked is one query of its partition"),
    ("parked sent again", "desk-lead", CHANGE, "and sending it again is one `GetItem` and one transaction"),
    ("parked sent again in vain", "desk-lead", "GetItem GetItem", "a refusal is one more `GetItem`"),
];

/// A message of each queue that names its store is parked, and sent again by the sweep.
pub async fn parked(tour: &mut Tour) {
    let queues =
        ["EventsQueue", "ContactsQueue", "ClocksQueue", "NoticesQueue", "FeesQueue", "DaysQueue", "HooksQueue"];
    for queue in queues {
        tour.told.world.cloud.send(queue, json!({ "store": "US" }).to_string());
    }
    tour.told.world.settle().await;
    tour.forget();
    let (lead, path) = (facts::lead("lin"), "/v1/stores/US/desk/parked");
    let all = tour.told.world.request("GET", path, lead.clone(), "", "").await.body;
    tour.step("parked read");
    let all = all["parked"].as_array().unwrap();
    assert_eq!(all.len(), queues.len(), "{all:#?}");
    for (n, message) in all.iter().enumerate() {
        let path = format!("{path}/{}/redrive", message["parked_id"].as_str().unwrap());
        for (key, status) in [(format!("again-{n}"), 200), (format!("in-vain-{n}"), 404)] {
            let answer = tour.told.world.request("POST", &path, lead.clone(), &key, "{}").await;
            assert_eq!(answer.status, status, "{}", answer.body);
            match (n, status) {
                (0, 200) => tour.step("parked sent again"),
                (0, _) => tour.step("parked sent again in vain"),
                _ => tour.forget(),
            }
        }
    }
    tour.told.world.pass(TimeDelta::minutes(2)).await;
    tour.step("parked messages swept");
}
