//! Stories of a seller's insights: figures of a quarter, the deep dive behind them, gaps, and what comes late.

use crate::stories::{surveys, told::Told};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::facts;

async fn insights(told: &mut Told, quarter: &str) -> Json {
    let reply = told.as_seller("GET", &format!("/insights?quarter={quarter}"), Json::Null).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body
}

/// A figure and the one of the quarter before.
fn figure(insights: &Json, metric: &str, of: &Json) -> (Json, Json) {
    let rows = insights["figures"].as_array().unwrap();
    let row = rows.iter().find(|row| row["metric"] == metric && row["of"] == *of);
    let row = row.unwrap_or_else(|| panic!("no {metric} of {of} in {insights}"));
    assert_eq!(row["as_of"], insights["as_of"], "{row}");
    (row["value"].clone(), row["previous"]["value"].clone())
}

fn share(insights: &Json, metric: &str) -> Json {
    let rows = insights["figures"].as_array().unwrap();
    let row = rows.iter().find(|row| row["metric"] == metric).unwrap();
    json!({ "numerator": row["numerator"], "denominator": row["denominator"] })
}

/// A quarter with a refund after silence, a reply in time and one late, and a question that the page did not answer; then
/// the next quarter, with the first beside it.
pub async fn quarter(told: &mut Told) {
    told.enrolled().await;
    let orders = ["o1", "o2", "o3"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(orders).await;
    told.world.pass(TimeDelta::hours(1)).await;
    let shipments = ["o1", "o2"].map(|order| told.shipped(order));
    told.world.facts(shipments).await;
    told.world.facts([told.scanned("o1")]).await;

    let silent = told.inquiry("k1", "o1", "late_delivery").await;
    told.asked(&silent).await;
    let answered = told.inquiry("k2", "o2", "quality").await;
    let asked = told.asked_what_the_page_lacks(&answered).await;
    assert_eq!(told.reply(&asked, "Light.").await.status, 200);
    assert_eq!(told.contact("k3", Some("o2"), "quality").await.status, 202);
    told.went("k3").await;
    told.world.pass(TimeDelta::hours(24) + TimeDelta::minutes(2)).await;
    told.world.pass(TimeDelta::minutes(2)).await;

    let now = insights(told, "2026Q3").await;
    let all = |metric| figure(&now, metric, &Json::Null).0;
    assert_eq!(
        (all("requests_in_time"), all("requests_late"), all("requests_expired")),
        (json!(1), json!(0), json!(1))
    );
    assert_eq!((all("contacts"), all("resolutions")), (json!(2), json!(1)), "{now}");
    assert_eq!(all("trial_days_left"), json!(89));
    let minutes = all("resolution_median").as_i64().unwrap();
    assert!((1440..1450).contains(&minutes), "{minutes}");
    assert_eq!(share(&now, "seller_time"), json!({ "numerator": 1440, "denominator": 1 }), "its 24 hours: {now}");
    assert_eq!((all("seller_time"), share(&now, "customer_time")["numerator"].clone()), (json!(1440), json!(0)));
    assert_eq!(share(&now, "service_time")["denominator"], json!(1));
    assert_eq!(figure(&now, "contact_reason", &json!("late_delivery")).0, json!(1));
    assert_eq!(figure(&now, "refund_amount", &json!("late_delivery")).0, json!(5_000));
    assert_eq!(share(&now, "cpu"), json!({ "numerator": 2, "denominator": 4 }));
    assert_eq!(share(&now, "vtr"), json!({ "numerator": 1, "denominator": 2 }));
    let forecast = told.as_seller("GET", "/forecast", Json::Null).await.body;
    assert_eq!((share(&now, "cpu"), share(&now, "vtr")), (forecast["cpu"].clone(), forecast["vtr"].clone()));
    assert_eq!(all("next_rate"), forecast["rate"]["rate_minor"], "{forecast}");
    assert_eq!(all("fee_rate"), json!(0), "few orders");

    deep(told).await;
    gaps(told).await;

    told.world.pass_to("2026-10-01T08:00:00Z".parse().unwrap()).await;
    let next = insights(told, "2026Q4").await;
    assert_eq!(figure(&next, "contacts", &Json::Null), (json!(0), json!(2)), "{next}");
    assert_eq!(figure(&next, "contact_reason", &json!("quality")), (json!(0), json!(1)));
    assert_eq!(figure(&next, "requests_expired", &Json::Null), (json!(0), json!(1)));
    let statement = told.as_seller("GET", "/statements/2026Q4", Json::Null).await.body;
    assert_eq!(figure(&next, "fee_rate", &Json::Null).0, statement["measured"]["rate_minor"], "{statement}");
    let over = insights(told, "2026Q3").await;
    assert_eq!(figure(&over, "contacts_left", &Json::Null).0, Json::Null, "the rate is fixed");
    assert_eq!(share(&over, "cpu"), json!({ "numerator": 2, "denominator": 4 }));
}

/// From a reason to its products to its contacts.
async fn deep(told: &mut Told) {
    let products = told.as_seller("GET", "/insights/reasons/quality?quarter=2026Q3", Json::Null).await.body;
    let shoes = &products["products"][0];
    assert_eq!((&shoes["product"], &shoes["contacts"]), (&json!("p1"), &json!(1)), "{products}");
    let path = "/insights/reasons/quality/contacts?quarter=2026Q3&product=p1";
    let contacts = told.as_seller("GET", path, Json::Null).await.body;
    let rows = contacts["contacts"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "k3 is k2 once more: {contacts}");
    assert_eq!((&rows[0]["contact"], &rows[0]["channel"]), (&json!("k2"), &json!("email")));
    assert!(!contacts.to_string().contains("CANARY"), "INQ-5");
    let other = told.as_seller("GET", "/insights/reasons/quality/contacts?product=hat", Json::Null).await.body;
    assert_eq!(other["contacts"], json!([]));
    assert_eq!(told.as_seller("GET", "/insights/reasons/weather", Json::Null).await.status, 404);
    let theirs = told.as_user_of("s2", "GET", path, Json::Null).await.body;
    assert_eq!(theirs["contacts"], json!([]), "ACC-3");
}

/// A gap is listed until the page says it.
async fn gaps(told: &mut Told) {
    let gaps = told.as_seller("GET", "/insights/gaps", Json::Null).await.body;
    let gap = &gaps["gaps"][0];
    assert_eq!((&gap["product"], &gap["attribute"], &gap["asked"]), (&json!("p1"), &json!("Weight"), &json!(1)));
    let mut page = facts::described(told.just_now());
    page["facts"][0]["name"] = json!(" weight");
    told.world.fact(page).await;
    let gaps = told.as_seller("GET", "/insights/gaps", Json::Null).await.body;
    assert_eq!(gaps["gaps"], json!([]), "the page says it now");
}

/// What stands in the seller's figures at places that begin so.
fn places(told: &Told, begin: &str) -> Vec<String> {
    let items = told.world.items("LedgerTable").into_iter();
    let own = items.filter(|item| item["pk"]["S"] == "US#s1#INSIGHTS");
    let places = own.filter_map(|item| item["sk"]["S"].as_str().map(str::to_owned));
    places.filter(|place| place.starts_with(begin)).collect()
}

/// Figures and the deep dive, without the time of the look.
async fn seen(told: &mut Told) -> String {
    let mut seen = Vec::new();
    for path in ["/insights?quarter=2026Q3", "/insights/reasons/quality?quarter=2026Q3", "/insights/gaps"] {
        seen.push(told.as_seller("GET", path, Json::Null).await.body.to_string());
    }
    let now = told.just_now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    seen.concat().replace(&now, "now")
}

/// D2: a day that is over is added up, and every figure stays; what comes late is in them at once, and in the sum after the
/// next tick.
pub async fn added_up(told: &mut Told) {
    told.enrolled().await;
    told.world.facts(["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()))).await;
    told.world.facts(["o1", "o2"].map(|order| told.shipped(order))).await;
    let inquiry = told.inquiry("k1", "o1", "quality").await;
    let asked = told.asked_what_the_page_lacks(&inquiry).await;
    told.world.pass(TimeDelta::minutes(10)).await;
    assert_eq!(told.reply(&asked, "Light.").await.status, 200);
    surveys::decline(told, &inquiry).await;
    let late = json!({ "id": "k-late", "store": "US", "customer": "c1", "channel": "message", "language": "en",
        "mailable": false, "seller": "s1", "subject": { "order": "o2", "items": ["1"] }, "topic": "late_delivery",
        "received_at": told.just_now() });
    assert!(places(told, "DAY#").is_empty() && !places(told, "DUE#").is_empty());

    told.world
        .cloud
        .set_now("2026-08-04T07:15:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis());
    let before = seen(told).await;
    told.world.pass(TimeDelta::zero()).await;
    assert_eq!(places(told, "DAY#"), ["DAY#2026Q3#2026-08-03"]);
    assert_eq!(places(told, "DUE#"), Vec::<String>::new());
    assert_eq!(seen(told).await, before, "and no figure has moved");
    let whose = share(&insights(told, "2026Q3").await, "seller_time");
    assert_eq!(whose, json!({ "numerator": 10, "denominator": 1 }), "from the sum as from the facts");

    told.world.cloud.send("ContactsQueue", late.to_string());
    told.world.settle().await;
    assert_eq!(places(told, "DUE#").len(), 1);
    let now = insights(told, "2026Q3").await;
    assert_eq!(figure(&now, "contacts", &Json::Null).0, json!(2), "at once");
    let before = seen(told).await;
    told.world.pass(TimeDelta::zero()).await;
    assert_eq!(places(told, "DUE#"), Vec::<String>::new());
    assert_eq!(seen(told).await, before);
}

/// FEE-10: a shipment that is told when its quarter is measured counts where it is measured.
pub async fn late(told: &mut Told) {
    told.enrolled().await;
    let orders = ["o1", "o2"].map(|order| told.placed(order, "seller", told.just_now()));
    told.world.facts(orders).await;
    let (in_time, late) = (told.shipped("o1"), told.shipped("o2"));
    told.world.facts([in_time]).await;
    told.world.pass_to("2026-10-02T08:00:00Z".parse().unwrap()).await;
    told.world.facts([late]).await;
    let [before, now] = [insights(told, "2026Q3").await, insights(told, "2026Q4").await];
    assert_eq!(share(&before, "cpu"), json!({ "numerator": 0, "denominator": 2 }), "what was frozen");
    assert_eq!(share(&now, "cpu"), json!({ "numerator": 0, "denominator": 2 }));
    assert_eq!(share(&now, "vtr"), json!({ "numerator": 0, "denominator": 1 }));
}
