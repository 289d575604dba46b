//! What earlier code did not lay down, and so is not asked of what it did.

use super::edges::Answer;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Figures of whose time resolutions took.
const TIMES: [&str; 3] = ["service_time", "seller_time", "customer_time"];

/// Times were not counted from the beginning: events of before do not say when, nobody owned any, and none names a product.
fn untimed(body: &mut Json) {
    let one = |inquiry: &mut Json| {
        for name in ["minutes", "idle_since"] {
            if let Some(inquiry) = inquiry.as_object_mut() {
                inquiry.remove(name);
            }
        }
    };
    body.get_mut("inquiries").and_then(Json::as_array_mut).into_iter().flatten().for_each(one);
    one(body);
    for row in body.get_mut("history").and_then(Json::as_array_mut).into_iter().flatten() {
        let event = row.get_mut("event").and_then(Json::as_object_mut);
        if let Some(event) = event {
            event.retain(|name, _| !["at", "owned", "products"].contains(&name.as_str()));
        }
    }
    // A resolution of before is one more of which it was not counted whose time it took.
    if let Some(figures) = body.get_mut("figures").and_then(Json::as_array_mut) {
        figures.retain(|row| !row["metric"].as_str().is_some_and(|metric| TIMES.contains(&metric)));
    }
}

/// Answers were not mailed, so none has a mail that is erased with it.
fn unmailed(body: &mut Json) {
    for answer in body.get_mut("answers").and_then(Json::as_array_mut).into_iter().flatten() {
        answer.as_object_mut().map(|answer| answer.remove("mail"));
    }
    for row in body.get_mut("history").and_then(Json::as_array_mut).into_iter().flatten() {
        row["event"].as_object_mut().map(|event| event.remove("mailed"));
    }
    let mut mails = 0;
    for matter in body.get_mut("matters").and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(ids) = matter["erased"]["answers"]["ids"].as_array_mut() else { continue };
        let all = ids.len();
        ids.retain(|id| !id.as_str().is_some_and(|id| id.starts_with("MAIL#")));
        mails += all - ids.len();
        matter["erased"]["answers"]["count"] = json!(ids.len());
    }
    if let Some(count) = body.pointer_mut("/counts/answers") {
        *count = json!(usize::try_from(count.as_u64().unwrap()).unwrap() - mails);
    }
}

/// Claims did not keep of which inquiry a refund was.
fn unlinked(body: &mut Json) {
    let one = |claim: &mut Json| {
        for refund in claim.get_mut("refunds").and_then(Json::as_array_mut).into_iter().flatten() {
            refund.as_object_mut().map(|refund| refund.remove("inquiry"));
        }
    };
    body.get_mut("claims").and_then(Json::as_array_mut).into_iter().flatten().for_each(one);
    one(body);
}

/// The index of a seller's open inquiries came after the files, and so did that of its decisions. The one shows what lay
/// there before from its next change on; in the other, decisions of before are not. Nor does a parcel of before say what it
/// holds.
pub fn without_what_came_later(path: &str, (status, headers, body): Answer) -> (i64, BTreeMap<String, String>, Json) {
    let mut body: Json = serde_json::from_str(&body).unwrap();
    untimed(&mut body);
    unmailed(&mut body);
    unlinked(&mut body);
    if let Some(body) = body.as_object_mut() {
        body.remove("open_inquiries");
        let parcels = body.get_mut("order").and_then(|order| order.get_mut("parcels")?.as_object_mut());
        for parcel in parcels.into_iter().flat_map(serde_json::Map::values_mut) {
            parcel.as_object_mut().map(|parcel| parcel.remove("items"));
        }
        if path.ends_with("/decisions") {
            body.remove("decisions");
        }
    }
    (status, headers, body)
}
