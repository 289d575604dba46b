//! What earlier code did not name beside what it laid down, so that it could be read at one time with it, is read after it.

use super::told;
use crate::stories::told::Told;
use serde_json::Value as Json;
use std::sync::Arc;
use world::{facts, traffic::in_round_trips};

/// A list of an answer, and the round trips that it took.
async fn read(told: &mut Told, path: &str, list: &str) -> (Json, Vec<String>) {
    let cloud = Arc::clone(&told.world.cloud);
    let asked = async {
        match path.strip_prefix("/desk") {
            Some(path) => told.as_associate("GET", path, Json::Null).await,
            None => told.as_seller("GET", path, Json::Null).await,
        }
    };
    let (answer, rounds) = in_round_trips(&cloud, asked).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (answer.body[list].clone(), rounds.iter().map(|calls| calls.join(" ")).collect())
}

/// As earlier code would have written it.
fn unname(told: &Told) {
    for item in told.world.items("LedgerTable") {
        if item["sk"]["S"].as_str().unwrap().starts_with("LACKING#") {
            told.world.cloud.delete("LedgerTable", &item);
        }
    }
    for mut item in told.world.items("InquiriesTable") {
        for place in ["/state/M", "/state/M/event/M"] {
            item.pointer_mut(place).and_then(Json::as_object_mut).map(|of| of.remove("products"));
        }
        told.world.cloud.put("InquiriesTable", &item);
    }
}

#[tokio::test]
async fn what_earlier_code_did_not_name_costs_a_round_trip_and_changes_no_answer() {
    let mut told = told().await;
    let inquiry = told.inquiry("k1", "o1", "quality").await;
    told.asked_what_the_page_lacks(&inquiry).await;
    told.world.facts([facts::described(told.just_now())]).await;
    let lists = [("/insights/gaps".to_owned(), "gaps"), (format!("/desk/inquiries/{inquiry}"), "catalogue")];
    let mut named = Vec::new();
    for (path, list) in &lists {
        named.push(read(&mut told, path, list).await);
    }
    unname(&told);
    for ((path, list), (known, rounds)) in lists.iter().zip(named) {
        assert_eq!(known.as_array().map(Vec::len), Some(1), "{known}");
        let (unnamed, more) = read(&mut told, path, list).await;
        assert_eq!((&unnamed, more.len()), (&known, rounds.len() + 1), "{rounds:?} {more:?}");
        assert_eq!(more.last().map(String::as_str), Some("BatchGetItem"), "the products");
    }
}
