//! Claims: the service refunds at the seller's cost, the seller wants it back, a lead asks and decides, and what is granted
//! stands on a statement.

use crate::stories::told::Told;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use world::facts;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Orders of two units for 25.00 each that have left.
async fn ordered<const N: usize>(told: &mut Told, orders: [&str; N]) {
    told.enrolled().await;
    let placed = orders.map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(placed).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let shipped = orders.map(|order| told.shipped(order));
    told.world.facts(shipped).await;
}

async fn filed(told: &mut Told, order: &str) -> (i64, Json) {
    let reply = told.as_seller("POST", "/claims", facts::claim(order)).await;
    (reply.status, reply.body)
}

async fn failed(told: &mut Told, order: &str) -> Vec<String> {
    let found = told.as_seller("GET", &format!("/orders/{order}/claim-eligibility"), Json::Null).await.body;
    let criteria = found["criteria"].as_array().unwrap_or_else(|| panic!("{found}")).iter();
    let failed: Vec<_> =
        criteria.filter(|one| one["met"] == false).map(|one| one["criterion"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found["eligible"], failed.is_empty(), "{found}");
    failed
}

async fn seen(told: &mut Told, claim: &Json) -> Json {
    told.as_seller("GET", &format!("/claims/{}", claim["claim_id"].as_str().unwrap()), Json::Null).await.body
}

async fn says(told: &mut Told, claim: &Json, what: &str) -> (i64, Json) {
    let path = format!("/claims/{}/{what}", claim["claim_id"].as_str().unwrap());
    let reply = told.as_seller("POST", &path, json!({ "text": "Mr. Li signed for it." })).await;
    (reply.status, reply.body)
}

async fn lead(told: &mut Told, claim: &Json, what: &str, body: Json) -> (i64, Json) {
    let path = format!("/claims/s1/{}/{what}", claim["claim_id"].as_str().unwrap());
    let reply = told.as_lead(&path, body).await;
    (reply.status, reply.body)
}

fn grant(amount_minor: i64) -> Json {
    json!({ "decision": "grant", "amount_minor": amount_minor })
}

fn deny() -> Json {
    json!({ "decision": "deny", "criterion": "evidence", "reason": "Nobody signed." })
}

async fn waiting(told: &mut Told) -> Vec<String> {
    let queue = told.as_associate("GET", "/claims", Json::Null).await.body;
    let claims = queue["claims"].as_array().unwrap_or_else(|| panic!("{queue}"));
    claims.iter().map(|claim| claim["order_id"].as_str().unwrap().to_owned()).collect()
}

/// What stands on a statement: its total, and what is paid back for which cause.
async fn paid_back(told: &mut Told, quarter: &str) -> (i64, Vec<(String, i64)>) {
    let total = told.as_seller("GET", &format!("/statements/{quarter}"), Json::Null).await.body;
    let listed = told.listed(quarter, "reimbursements").await;
    let figures: Vec<_> = listed
        .iter()
        .map(|one| (one["for"].as_str().unwrap().to_owned(), one["amount"]["minor"].as_i64().unwrap()))
        .collect();
    let line = total["lines"].as_array().unwrap().iter().find(|line| line["reason"] == "reimbursement");
    let sum = figures.iter().map(|(_, minor)| minor).sum::<i64>();
    assert_eq!(line.map_or(0, |line| line["amount_minor"].as_i64().unwrap()), -sum, "{total}");
    (total["total_minor"].as_i64().unwrap(), figures)
}

fn subjects(told: &Told) -> Vec<String> {
    let mails = told.world.mails_to("s1@sellers.example");
    let subjects = mails.iter().map(|mail| mail.subject().to_owned());
    let is_of_claims = |subject: &String| ["claim", "appeal"].iter().any(|word| subject.to_lowercase().contains(word));
    subjects.filter(is_of_claims).collect()
}

pub async fn granted(told: &mut Told) {
    ordered(told, ["o1"]).await;
    assert_eq!(failed(told, "o1").await, ["refund_by_service"]);
    let (status, early) = filed(told, "o1").await;
    assert_eq!((status, &early["type"]), (409, &json!("/problems/criteria_unmet")), "{early}");
    told.refunded("o1", "damaged").await;
    assert_eq!(failed(told, "o1").await, Vec::<String>::new());
    for theirs in [
        told.as_user_of("s2", "GET", "/orders/o1/claim-eligibility", Json::Null).await,
        told.as_user_of("s2", "POST", "/claims", facts::claim("o1")).await,
    ] {
        assert_eq!(theirs.status, 404, "ACC-3: {}", theirs.body);
    }

    let (status, claim) = filed(told, "o1").await;
    assert_eq!((status, &claim["stage"]), (201, &json!("filed")), "{claim}");
    assert_eq!(filed(told, "o1").await.1["unmet"], json!(["one_claim"]));
    let path = format!("/claims/{}", claim["claim_id"].as_str().unwrap());
    assert_eq!(told.as_user_of("s2", "GET", &path, Json::Null).await.status, 404, "ACC-3");
    assert_eq!(waiting(told).await, ["o1"]);
    let path = format!("/claims/s1/{}/decision", claim["claim_id"].as_str().unwrap());
    assert_eq!(told.as_associate("POST", &path, grant(1)).await.status, 403, "an associate does not decide");

    let (status, asked) = lead(told, &claim, "question", json!({ "text": "Who signed for it?" })).await;
    assert_eq!((status, &asked["stage"]), (200, &json!("awaiting_seller")), "{asked}");
    assert_eq!(waiting(told).await, Vec::<String>::new());
    assert_eq!(lead(told, &claim, "decision", deny()).await.1["type"], "/problems/waiting_for_seller");
    told.world.pass(TimeDelta::hours(1)).await;
    let (status, answered) = says(told, &claim, "answer").await;
    assert_eq!((status, &answered["rounds"][0]["answer"]["late"]), (200, &json!(false)), "{answered}");
    assert_eq!(waiting(told).await, ["o1"]);
    assert_eq!(lead(told, &claim, "decision", grant(5_001)).await.1["type"], "/problems/outside_cap");
    assert_eq!(lead(told, &claim, "decision", grant(3_000)).await.0, 200);
    assert_eq!(paid_back(told, "2026Q3").await, (-3_000, vec![("claim".to_owned(), 3_000)]));

    assert_eq!(says(told, &claim, "appeal").await.0, 200);
    assert_eq!(lead(told, &claim, "decision", grant(5_000)).await.0, 200);
    let both = vec![("appeal".to_owned(), 2_000), ("claim".to_owned(), 3_000)];
    assert_eq!(paid_back(told, "2026Q3").await, (-5_000, both.clone()));
    assert_eq!(says(told, &claim, "appeal").await.1["type"], "/problems/already_appealed");
    assert_eq!(seen(told, &claim).await["final"], true);
    let order = "o1";
    let granted = |what: &str| {
        let subject = format!("{what} granted: order {order}");
        subjects(told).into_iter().filter(|known| *known == subject).count()
    };
    let asked = subjects(told).into_iter().filter(|subject| subject.starts_with("Please answer by ")).count();
    assert_eq!((asked, granted("Claim"), granted("Appeal")), (1, 1, 1));

    told.world.pass_to(at("2026-10-01T08:00:00Z")).await;
    told.world.pass_to(at("2026-10-05T08:00:00Z")).await;
    assert_eq!(paid_back(told, "2026Q3").await, (-5_000, both), "final");
    assert_eq!(paid_back(told, "2026Q4").await, (0, Vec::new()));
}

pub async fn silent_and_contested(told: &mut Told) {
    ordered(told, ["o1", "o2", "o3"]).await;
    for order in ["o1", "o2", "o3"] {
        told.refunded(order, "damaged").await;
    }
    let (_, claim) = filed(told, "o1").await;
    lead(told, &claim, "question", json!({ "text": "Who signed for it?" })).await;
    told.world.pass(TimeDelta::days(7) - TimeDelta::minutes(5)).await;
    assert_eq!(seen(told, &claim).await["stage"], "awaiting_seller");
    told.world.pass(TimeDelta::minutes(10)).await;
    assert_eq!(seen(told, &claim).await["stage"], "under_review", "silence denies nothing");
    assert_eq!(waiting(told).await, ["o1"]);
    let (status, denied) = lead(told, &claim, "decision", deny()).await;
    assert_eq!((status, &denied["verdict"]["criterion"]), (200, &json!("evidence")), "{denied}");
    assert_eq!(says(told, &claim, "answer").await.1["type"], "/problems/claim_decided");
    assert_eq!(says(told, &claim, "appeal").await.0, 200);

    let (_, second) = filed(told, "o2").await;
    let contested = ["o1", "o2", "o3"].map(|order| facts::contested(order, "s1", "chargeback", told.just_now()));
    told.world.facts(contested).await;
    for claim in [&claim, &second] {
        let claim = seen(told, claim).await;
        let verdict = &claim["verdict"];
        assert_eq!((&verdict["criterion"], &verdict["by"]), (&json!("not_contested"), &Json::Null), "{claim}");
    }
    assert_eq!(waiting(told).await, Vec::<String>::new());
    assert_eq!(says(told, &second, "appeal").await.1["type"], "/problems/order_contested");
    assert_eq!(failed(told, "o3").await, ["not_contested"]);
    assert_eq!(filed(told, "o3").await.1["unmet"], json!(["not_contested"]));
    assert_eq!(paid_back(told, "2026Q3").await, (0, Vec::new()));
    let claims = told.as_seller("GET", "/claims", Json::Null).await.body;
    assert_eq!(claims["claims"].as_array().unwrap().len(), 2, "{claims}");
    let silent = subjects(told).into_iter().filter(|subject| subject.starts_with("No answer in time")).count();
    assert_eq!(silent, 1, "{:?}", subjects(told));
}

pub async fn without_a_claim(told: &mut Told) {
    told.enrolled().await;
    let placed = ["o1", "o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(placed).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let mut protected = told.shipped("o2");
    protected["protected_label"] = json!(true);
    let shipped = [told.shipped("o1"), protected, told.shipped("o3")];
    told.world.facts(shipped).await;
    told.refunded("o1", "goodwill").await;
    told.refunded("o2", "delivered_not_received").await;
    told.refunded("o3", "delivered_not_received").await;
    let (total, paid) = paid_back(told, "2026Q3").await;
    let paid: Vec<_> = paid.iter().map(|(why, minor)| (why.as_str(), *minor)).collect();
    assert_eq!((total, paid.len()), (-10_000, 2), "{paid:?}");
    assert!(paid.contains(&("goodwill", 5_000)) && paid.contains(&("protected_label", 5_000)), "{paid:?}");
    assert_eq!(failed(told, "o1").await, ["not_paid_back"]);
    assert_eq!(failed(told, "o2").await, ["not_paid_back"]);
    assert_eq!(failed(told, "o3").await, Vec::<String>::new(), "its label is not protected");
}
