//! The end of the matter: the customer says how it was, the quarter is over, and its statement is disputed.

use super::{Everywhere, seller};
use crate::stories::told::link_to;
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::Value as Json;

/// A survey a day later, the final statement in October, words that are handed over, and a mail that comes back.
pub async fn closes(all: &mut Everywhere) {
    let text = all.text.clone();
    let text = text.as_str();
    all.told.world.pass(TimeDelta::hours(25)).await;
    let survey = link_to(&all.told, "c1@customers.example", "surveys").replacen("/v1", "", 1);
    all.look("customer", &survey).await;
    all.send("customer", &survey, &[("comment", text), ("score", text)]).await;
    let thanked = all.send("customer", &survey, &[("comment", text), ("score", "4")]).await;
    assert_eq!(thanked.status, 200, "{}", thanked.html);
    all.search("customer", &survey, &["language", "other"]).await;

    for day in ["2026-10-01T08:00:00Z", "2026-10-05T08:00:00Z"] {
        all.told.world.pass_to(day.parse().unwrap()).await;
    }
    all.sign_in().await;
    disputes(all, text).await;
    all.look("seller", "/stores/US/insights?quarter=2026Q3&topic=late_delivery").await;
    all.look("seller", "/stores/US/audit").await;
    all.look("lin", "/stores/US/desk/parked").await;
    let page = all.inquiry("k1").await;
    all.look("lin", &page).await;

    seller::hands_over(all).await;
    let queue = all.told.as_associate("GET", "/queue", Json::Null).await.body;
    let open = queue["inquiries"].as_array().unwrap().iter().find(|one| one["order_id"] == "o4").expect("it is open");
    all.look("lin", &format!("/stores/US/desk/inquiries/{}", open["inquiry_id"].as_str().unwrap())).await;

    let mail = all.told.world.mails_to("s1@sellers.example").swap_remove(0);
    all.told.reported(&mail, Fate::HardBounced).await;
    let home = all.look("seller", "/stores/US/enrollment").await;
    assert!(home.html.contains("No mail reaches you"), "{}", home.html);
}

async fn disputes(all: &mut Everywhere, text: &str) {
    let statement = "/stores/US/statements/2026Q3";
    all.look("seller", &format!("{statement}?contacts=1&reason=trial&rate_minor=0")).await;
    for names in [
        &["reason", "contacts"][..],
        &["reason", "rate_minor"],
        &["cursor", "contacts"],
        &["contact_id"],
        &["order_id", "item_id", "ordinal"],
    ] {
        all.search("seller", statement, names).await;
    }
    all.search("seller", &format!("{statement}/csv"), &["of", "cursor"]).await;
    let filing = format!("{statement}/disputes");
    let unit = [("order_id", text), ("item_id", text), ("ordinal", text), ("reason", text)];
    all.send("seller", &filing, &unit).await;
    all.send("seller", &filing, &[("contact_id", text), ("reason", text)]).await;
    let filed = all.send("seller", &filing, &[("contact_id", "k1"), ("reason", text)]).await;
    assert_eq!(filed.status, 200, "{}", filed.html);
    all.search("seller", "/stores/US/disputes", &["cursor"]).await;

    let page = all.look("lin", "/stores/US/desk/disputes").await;
    let deciding =
        page.html.split("action=\"").find(|rest| rest.starts_with("/stores/US/desk/disputes/")).expect("one is open");
    let deciding = deciding.split('"').next().unwrap().to_owned();
    all.send("lin", &deciding, &[("decision", text), ("reason", text)]).await;
    all.send("lin", &deciding, &[("decision", "deny"), ("reason", text)]).await;
    all.send("lin", &deciding, &[("decision", "deny"), ("reason", text)]).await;
    all.look("seller", "/stores/US/disputes").await;
}
