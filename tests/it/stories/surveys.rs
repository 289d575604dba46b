//! Surveys: customers are asked a day after their matter was resolved, and say how it was.

use crate::stories::told::{Told, link_to};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::Reply;

const CUSTOMER: &str = "c1@customers.example";
/// What nobody may read who works for a seller.
const COMMENT: &str = "CANARY, and my shoes fit";

/// The way to answer that stands in the latest mail to the customer.
pub fn link(told: &Told) -> String {
    link_to(told, CUSTOMER, "surveys")
}

/// An inquiry about this order that an associate resolved.
pub async fn resolved(told: &mut Told, contact: &str, order: &str) -> String {
    let inquiry = told.inquiry(contact, order, "late_delivery").await;
    decline(told, &inquiry).await;
    inquiry
}

pub async fn decline(told: &mut Told, inquiry: &str) {
    let body = json!({ "kind": "decline", "reason": "on_its_way", "basis": "It is on its way." });
    let decided = told.as_associate("POST", &format!("/inquiries/{inquiry}/decision"), body).await;
    assert_eq!(decided.status, 200, "{}", decided.body);
}

async fn look(told: &mut Told, link: &str) -> Reply {
    told.world.request("GET", link, Json::Null, "", "").await
}

async fn say(told: &mut Told, link: &str, body: Json) -> (i64, Json) {
    let reply = told.world.request("POST", link, Json::Null, "", &body.to_string()).await;
    (reply.status, reply.body)
}

fn mails(told: &Told) -> usize {
    told.world.mails_to(CUSTOMER).len()
}

/// Looking stores nothing, the first answer stands, the seller's ledger has the score and nobody's words.
pub async fn answered(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    resolved(told, "k1", "o1").await;
    told.world.pass(TimeDelta::hours(24) - TimeDelta::milliseconds(1)).await;
    assert_eq!(mails(told), 1, "that it is resolved");
    told.world.pass(TimeDelta::milliseconds(1)).await;
    assert_eq!(mails(told), 2, "and how it was");
    let link = link(told);

    let before = told.world.left_behind();
    for _ in 0..2 {
        let seen = look(told, &link).await;
        assert_eq!((seen.status, &seen.body["state"], &seen.body["order_id"]), (200, &json!("open"), &json!("o1")));
    }
    assert_eq!(told.world.left_behind(), before, "whoever opens the link has not answered");
    for wrong in [json!({}), json!({ "score": 0 }), json!({ "score": 6 }), json!({ "score": 4, "comment": " " })] {
        assert_eq!(say(told, &link, wrong).await.0, 422);
    }
    assert_eq!(say(told, &link, json!({ "score": 4, "comment": "x".repeat(1_001) })).await.0, 422);

    let first = say(told, &link, json!({ "score": 4, "comment": COMMENT })).await;
    assert_eq!((first.0, &first.1["state"]), (200, &json!("answered")), "{}", first.1);
    assert_eq!(say(told, &link, json!({ "comment": COMMENT, "score": 4 })).await, first, "the same answer again");
    for other in [json!({ "score": 5, "comment": COMMENT }), json!({ "score": 4 })] {
        let (status, body) = say(told, &link, other).await;
        assert_eq!((status, &body["type"]), (409, &json!("/problems/survey_answered")), "{body}");
    }
    assert_eq!(look(told, &link).await.body["state"], "answered");

    let words = |table: &str| told.world.items(table).iter().filter(|item| item.to_string().contains(COMMENT)).count();
    for table in told.world.template.tables.keys() {
        assert_eq!(words(table), usize::from(table == "ConversationsTable"), "{table}");
    }
    let ledger = told.world.items("LedgerTable");
    let score = ledger.iter().find(|item| item["sk"]["S"].as_str().unwrap().contains("#SCORED#")).unwrap();
    assert_eq!((&score["pk"]["S"], &score["state"]["M"]["rating"]["N"]), (&json!("US#s1#INSIGHTS"), &json!("4")));
    let insights = told.as_seller("GET", "/insights?quarter=2026Q3", Json::Null).await.body;
    let csat = insights["figures"].as_array().unwrap().iter().find(|row| row["metric"] == "csat").unwrap();
    assert_eq!((&csat["numerator"], &csat["denominator"]), (&Json::Null, &json!(1)), "hidden under five answers");
    let statement = told.as_seller("GET", "/statements/2026Q3", Json::Null).await;
    assert_eq!(statement.status, 200, "a score is no line of a statement: {}", statement.body);
}

/// Who comes back before answering is not asked about what is not over, and once over not asked again.
pub async fn reopened(told: &mut Told) {
    told.enrolled().await;
    told.world.facts([told.placed("o1", "seller", told.just_now())]).await;
    let inquiry = resolved(told, "k1", "o1").await;
    told.world.pass(TimeDelta::hours(25)).await;
    let link = link(told);
    told.contact("k2", Some("o1"), "late_delivery").await;
    for (status, body) in [say(told, &link, json!({ "score": 1 })).await, {
        let seen = look(told, &link).await;
        (seen.status, seen.body)
    }] {
        assert_eq!((status, &body["type"]), (409, &json!("/problems/survey_ended")), "{body}");
    }
    let claimed = told.as_associate("POST", &format!("/inquiries/{inquiry}/claim"), json!({})).await;
    assert_eq!(claimed.status, 200, "{}", claimed.body);
    decline(told, &inquiry).await;
    let so_far = mails(told);
    told.world.pass(TimeDelta::hours(25)).await;
    assert_eq!(mails(told), so_far, "one inquiry, one question");
    let skipped = told.world.items("InquiriesTable").into_iter();
    let skipped: Vec<_> =
        skipped.filter_map(|item| item["state"]["M"]["event"]["M"]["why"]["S"].as_str().map(str::to_owned)).collect();
    assert_eq!(skipped, ["already_asked"], "and it is written down why not");
}

/// Nothing opens what we did not sign, and nothing after its time.
pub async fn forged_and_late(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    resolved(told, "k1", "o1").await;
    told.world.pass(TimeDelta::hours(24)).await;
    let link = link(told);
    let mut changed = link.clone().into_bytes();
    *changed.last_mut().unwrap() ^= 1;
    let shorter = link[..link.len() - 4].to_owned();
    for forged in [String::from_utf8(changed).unwrap(), shorter, "/v1/surveys/AAAA".into(), "/v1/surveys/~".into()] {
        let seen = look(told, &forged).await;
        assert_eq!((seen.status, &seen.body["type"]), (404, &json!("/problems/not_found")), "{forged}");
        assert_eq!(say(told, &forged, json!({ "score": 1 })).await.0, 404, "{forged}");
    }
    told.world.pass(TimeDelta::days(14) - TimeDelta::milliseconds(1)).await;
    assert_eq!(look(told, &link).await.status, 200, "to the last instant");
    told.world.pass(TimeDelta::milliseconds(1)).await;
    let (status, body) = say(told, &link, json!({ "score": 1 })).await;
    assert_eq!((status, &body["type"]), (409, &json!("/problems/survey_expired")), "{body}");
    assert_eq!(look(told, &link).await.body["type"], "/problems/survey_expired");
}
