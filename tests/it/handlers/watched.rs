//! The lines that alarms count and measure, as functions really log them.

use super::told;
use crate::{sheet::Sheet, stories::told::Told};
use chrono::TimeDelta;
use domain::mail::Fate;
use serde_json::json;
use serde_yaml_ng::Value;
use std::collections::BTreeSet;
use world::{
    cloud::locked,
    faults::{Fault, Kind},
    reports,
};

/// What the filters of the template look for, and what they measure: `1` where they count.
fn wanted() -> BTreeSet<(String, String)> {
    let sheet = Sheet::shipped();
    let filters = sheet.resources("AWS::Logs::MetricFilter").into_values().chain([sheet.made_by("Parked")]);
    let of = |filter: Value| {
        let pattern = filter["FilterPattern"].as_str().unwrap();
        let message = pattern.strip_prefix("{ $.message = \"").and_then(|rest| rest.strip_suffix("\" }"));
        let measured = filter["MetricTransformations"][0]["MetricValue"].as_str().unwrap().to_owned();
        (message.unwrap_or_else(|| panic!("{pattern}")).to_owned(), measured)
    };
    filters.map(of).collect()
}

/// One message for a function that reads a queue, and what it logs of it.
async fn logs(told: &Told, package: &str, body: &str) {
    let work = told.deliver(package, body, 1);
    assert!(told.world.cloud.secrecy.reading_the_log(work).await.is_ok(), "{package}");
}

#[tokio::test]
async fn every_line_that_a_metric_is_made_of_is_logged_when_it_happens_and_not_before() {
    let mut told = told().await;
    told.inquiry("k1", "o1", "late_delivery").await;
    let secrecy = told.world.cloud.secrecy.clone();
    let logged = || wanted().into_iter().filter(|(message, _)| secrecy.logged(message).is_some()).count();
    assert_eq!(logged(), 0, "all went well");

    // Nobody could read it.
    told.world.facts([json!({ "store": "US", "type": "order_eaten" })]).await;
    assert_eq!(logged(), 1);

    // The answer of SES is lost.
    let notice = json!({ "id": "n1", "store": "US", "to": "seller", "seller": "s1", "notice": "statement_ready",
        "quarter": "2026Q2", "units": 1, "total": { "minor": 0, "currency": "USD" } });
    told.world.cloud.faults.begin(&[Fault { call: 2, kind: Kind::Lose, every: true }]);
    logs(&told, "notice-sender", &notice.to_string()).await;
    told.world.cloud.faults.end();
    assert_eq!(told.notice("n1")["status"]["S"], "unknown");

    // SES speaks of a second mail of one notice, and again of the first.
    let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
    for (id, count) in [(mail.id.as_str(), 2), ("of-another-attempt", 3)] {
        let report = reports::about(&mail.notice, id, &mail.to, Fate::Delivered, told.just_now());
        logs(&told, "mail-feedback", &report.to_string()).await;
        assert_eq!(logged(), count, "{id}");
    }

    // The marketplace's own system is gone.
    told.world.set_telling(true);
    locked(&told.world.cloud.receiver).always = Some(410);
    assert_eq!(told.contact("k2", None, "pre_order").await.status, 202);
    assert_eq!(logged(), 4);

    // No sweep for 25 hours.
    told.world.pass(TimeDelta::hours(25)).await;
    assert_eq!(logged(), wanted().len());
    for (message, measured) in wanted() {
        let line = secrecy.logged(&message).unwrap();
        if let Some(field) = measured.strip_prefix("$.") {
            assert!(line[field].as_u64().is_some_and(|measured| measured > 90), "{message}: {line:?}");
        } else {
            assert_eq!(measured, "1", "{message}");
        }
    }
}
