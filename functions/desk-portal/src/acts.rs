//! What associates and leads do with an inquiry: each form becomes the body of a request, and whoever sent it goes on
//! with the inquiry, or with the queue where it has left their hands.

use crate::{
    inquiry::to,
    parts::{body, done, minor},
    queue::{Line, onward},
};
use pages::visit::{Visit, number};
use serde_json::{Map, Value, json};
use shell::failure::Failure;

const CLAIM: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/claim";
const RELEASE: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/release";
const ANSWER: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/answer";
const ASK: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/requests";
const DECIDE: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/decision";
const NOTE: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/notes";
const TOPIC: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/topic";
const MERGE: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/merge";
const HAND_OVER: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/hand-over";
const REASSIGN: &str = "POST /v1/stores/{store}/desk/inquiries/{inquiry_id}/reassign";
/// Units of one range; a decision names no more.
const LONGEST_RANGE: u16 = 999;

/// INQ-4: takes it.
pub async fn claim(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, CLAIM, Map::new()).await
}

/// INQ-4: gives it back.
pub async fn release(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, RELEASE, Map::new()).await
}

/// Writes a note for the desk.
pub async fn note(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, NOTE, body(visit, &["note"])).await
}

/// RTE-12: says what it is about.
pub async fn topic(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, TOPIC, body(visit, &["topic"])).await
}

/// It is the same matter as another one.
pub async fn merge(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, MERGE, body(visit, &["into"])).await
}

/// RTE-6: the seller has it from now on.
pub async fn hand_over(visit: &Visit<'_>) -> Result<String, Failure> {
    changed(visit, HAND_OVER, body(visit, &["reason"])).await
}

async fn changed(visit: &Visit<'_>, route: &str, body: Map<String, Value>) -> Result<String, Failure> {
    let request = to(visit, route)?.saying(visit.entered("key"), &Value::Object(body));
    let line: Line = visit.ask(&desk_api::ROUTES, desk_api::handle, request).await?;
    Ok(onward(visit, &line))
}

/// INQ-1: a lead gives it to an associate.
pub async fn reassign(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = Value::Object(body(visit, &["associate"]));
    let request = to(visit, REASSIGN)?.saying(visit.entered("key"), &body);
    let line: Line = visit.ask(&desk_lead::ROUTES, desk_lead::handle, request).await?;
    Ok(onward(visit, &line))
}

/// An answer: in the associate's words, or in those of a macro with its slots filled in.
pub async fn answer(visit: &Visit<'_>) -> Result<String, Failure> {
    let mut body = body(visit, &["message", "macro"]);
    if body.contains_key("macro") {
        let slots = visit.group("slots.").into_iter().map(|(slot, text)| (slot.to_owned(), json!(text)));
        body.insert("slots".to_owned(), Value::Object(slots.collect()));
    }
    if visit.entered("resolve") != "yes" {
        return changed(visit, ANSWER, body).await;
    }
    body.insert("resolve".to_owned(), json!(true));
    decided(visit, ANSWER, body).await
}

/// REQ-1: a question to the seller.
pub async fn ask(visit: &Visit<'_>) -> Result<String, Failure> {
    let body = Value::Object(body(visit, &["kind", "text", "attribute", "item_id"]));
    let request = to(visit, ASK)?.saying(visit.entered("key"), &body);
    let _: Value = visit.ask(&desk_api::ROUTES, desk_api::handle, request).await?;
    Ok(done(visit, &format!("inquiries/{}", visit.request.path::<String>("inquiry_id")?)))
}

/// JDG-1: a decision. Its kind and its reason are one choice of the form, so that they fit each other.
pub async fn decide(visit: &Visit<'_>) -> Result<String, Failure> {
    let mut body = body(visit, &["basis", "liable"]);
    if let Some((kind, reason)) = visit.entered("kind").split_once(' ') {
        body.insert("kind".to_owned(), json!(kind));
        body.insert("reason".to_owned(), json!(reason));
    }
    if let Some(minor) = minor(visit)? {
        body.insert("amount_minor".to_owned(), json!(minor));
    }
    let units = visit.group("units.").into_iter().flat_map(|(item, text)| {
        ordinals(text).into_iter().map(move |ordinal| json!({ "item_id": item, "ordinal": ordinal }))
    });
    let units: Vec<_> = units.collect();
    if !units.is_empty() {
        body.insert("units".to_owned(), json!(units));
    }
    let supersedes: Vec<_> = visit.group("supersedes.").into_keys().collect();
    if !supersedes.is_empty() {
        body.insert("supersedes".to_owned(), json!(supersedes));
    }
    decided(visit, DECIDE, body).await
}

/// What ends the matter leaves the queue to go on with.
async fn decided(visit: &Visit<'_>, route: &str, body: Map<String, Value>) -> Result<String, Failure> {
    let request = to(visit, route)?.saying(visit.entered("key"), &Value::Object(body));
    let _: Value = visit.ask(&desk_api::ROUTES, desk_api::handle, request).await?;
    Ok(done(visit, "queue"))
}

/// The numbers of units as people write them: `1, 3-5`. What is none stays as it is, for the API to say so.
fn ordinals(text: &str) -> Vec<Value> {
    let parts = text.split([',', '，', '、', ' ']).filter(|part| !part.is_empty());
    let each = parts.flat_map(|part| {
        let end = |text: &str| text.parse::<u16>().ok();
        match part.split_once('-').and_then(|(first, last)| Some((end(first)?, end(last)?))) {
            Some((first, last)) if first <= last && last <= LONGEST_RANGE => (first..=last).map(|n| json!(n)).collect(),
            _ => vec![number(part)],
        }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_one_by_one_and_in_ranges_and_what_is_no_number_is_left_to_be_refused() {
        assert_eq!(json!(ordinals("1, 3-5")), json!([1, 3, 4, 5]));
        assert_eq!(json!(ordinals("2，4")), json!([2, 4]));
        assert_eq!(json!(ordinals("")), json!([]));
        assert_eq!(json!(ordinals("5-3 x 1-99999")), json!(["5-3", "x", "1-99999"]));
    }
}
