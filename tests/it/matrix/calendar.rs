//! Row 16: the edges of the calendar, through the handlers. The store of these tests is in Los Angeles, whose clocks go
//! forward on 8 March 2026 and back on 1 November; 2028 is a leap year.

use super::{cells, edges::ask};
use crate::{crash::paused, stories::told::Told};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use world::{Delivery, World};

/// Both changes of 2026 at noon of the day before, a leap day, and the last day of a quarter and of a year, in UTC.
const EVES: [&str; 5] = [
    "2026-03-07T20:00:00Z",
    "2026-10-31T20:00:00Z",
    "2028-02-28T20:00:00Z",
    "2026-09-30T20:00:00Z",
    "2026-12-31T20:00:00Z",
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn begun(eve: &str) -> Told {
    let mut told = Told::new(World::new(eve, Delivery::Once));
    told.enrolled().await;
    told.world.fact(told.placed("o1", "seller", told.just_now())).await;
    told
}

/// Service begins so many real minutes later, and the trial ends at the same local time of day 90 days on.
async fn a_change_is_an_instant() {
    for eve in EVES {
        let told = begun(eve).await;
        let path = "/v1/stores/US/enrollment";
        let (status, _, body) =
            ask(&told.world, "GET", path, &json!({ "sub": "u", "seller_id": "s1" }), ("", "")).await;
        assert_eq!(status, 200, "{body}");
        let body: Json = serde_json::from_str(&body).unwrap();
        let instant = |value: &Json| at(value.as_str().unwrap());
        let starts = instant(&body["periods"][0]["starts_at"]);
        assert_eq!(starts, at(eve) + TimeDelta::minutes(14), "{eve}: 15 minutes after it happened");
        let zone = chrono_tz::America::Los_Angeles;
        let (from, to) = (starts.with_timezone(&zone), instant(&body["trial"]["ends_at"]).with_timezone(&zone));
        assert_eq!(from.time(), to.time(), "{eve}: the same time of day");
        assert_eq!((to.date_naive() - from.date_naive()).num_days(), 90, "{eve}");
    }
}

/// An order is covered to the millisecond, whatever the local clock does.
async fn coverage_is_an_instant() {
    for eve in EVES {
        let mut told = begun(eve).await;
        let starts = at(eve) + TimeDelta::minutes(14);
        for (name, offset, covered) in [("before", -1, false), ("on", 0, true), ("a-day-on", 86_400_000, true)] {
            let placed = starts + TimeDelta::milliseconds(offset);
            told.world.cloud.set_now((placed + TimeDelta::minutes(1)).max(told.world.now()).timestamp_millis());
            told.world.fact(told.placed(name, "seller", placed)).await;
            told.contact(&format!("k-{name}"), Some(name), "late_delivery").await;
            let owner = told.went(&format!("k-{name}")).await["owner"].clone();
            assert_eq!(owner, if covered { "service" } else { "seller" }, "{eve}: {name}");
        }
    }
}

/// S5: 24 hours are 24 hours, and not a millisecond less.
async fn a_day_is_24_hours() {
    for eve in EVES {
        let mut told = begun(eve).await;
        let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
        let asked_at = told.world.now();
        let request = told.asked(&inquiry).await;
        let due = asked_at + TimeDelta::milliseconds(86_400_000);
        let seen = told.request(&request).await;
        assert_eq!(at(seen["due_at"].as_str().unwrap()), due, "{eve}");
        for (ms, state) in [(4_999, "needs_attention"), (5_000, "expired")] {
            told.world.cloud.set_now((due + TimeDelta::milliseconds(ms)).timestamp_millis());
            told.world.tick("sla-sweep").await;
            told.world.settle().await;
            assert_eq!(told.request(&request).await["state"], state, "{eve}: {ms} ms after the deadline");
        }
        assert_eq!(told.world.parked(), Vec::<String>::new());
    }
}

/// A mail names the local time, its zone of that day, and UTC.
async fn a_mail_names_its_zone() {
    for (eve, local) in [
        (EVES[0], "Sunday, 8 March 2026, 13:20 PDT (20:20 UTC)"),
        (EVES[1], "Sunday, 1 November 2026, 12:20 PST (20:20 UTC)"),
        (EVES[2], "Tuesday, 29 February 2028, 12:20 PST (20:20 UTC)"),
        (EVES[3], "Thursday, 1 October 2026, 13:20 PDT (20:20 UTC)"),
        (EVES[4], "Friday, 1 January 2027, 12:20 PST (20:20 UTC)"),
    ] {
        let mut told = begun(eve).await;
        let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
        told.asked(&inquiry).await;
        let mails = told.world.mails_to("s1@sellers.example");
        let words = mails.last().unwrap().raw.replace("=\r\n", "").replace("\r\n", " ");
        assert!(words.contains(local), "{local}: {words}");
    }
}

/// F5: two orders shipped a millisecond before and at the edge of a quarter, in the store's zone.
async fn units_at_the_edge() -> Vec<(Told, [&'static str; 2])> {
    let mut all = Vec::new();
    for (begin, edge, quarters) in [
        ("2026-09-20T20:00:00Z", "2026-10-01T07:00:00Z", ["2026Q3", "2026Q4"]),
        ("2026-12-20T20:00:00Z", "2027-01-01T08:00:00Z", ["2026Q4", "2027Q1"]),
        ("2028-03-20T20:00:00Z", "2028-04-01T07:00:00Z", ["2028Q1", "2028Q2"]),
    ] {
        let mut told = begun(begin).await;
        told.world.facts([told.placed("o2", "seller", told.just_now())]).await;
        told.world.cloud.set_now((at(edge) + TimeDelta::minutes(1)).timestamp_millis());
        let (mut last, mut first) = (told.shipped("o1"), told.shipped("o2"));
        last["shipped_at"] = json!(at(edge) - TimeDelta::milliseconds(1));
        first["shipped_at"] = json!(at(edge));
        told.world.facts([last, first]).await;
        told.world.pass_to(at(edge) + TimeDelta::hours(1)).await;
        told.world.pass_to(at(edge) + TimeDelta::hours(73)).await;
        all.push((told, quarters));
    }
    all
}

async fn each_instant_is_of_one_quarter() {
    for (mut told, quarters) in units_at_the_edge().await {
        for (quarter, order) in quarters.into_iter().zip(["o1", "o2"]) {
            let statement = told.as_seller("GET", &format!("/statements/{quarter}"), Json::Null).await.body;
            assert_eq!(statement["units"], 2, "{quarter}: {statement}");
            assert_eq!(told.listed(quarter, "units").await[0]["order"], order, "{quarter}");
        }
        assert_eq!(told.world.parked(), Vec::<String>::new());
    }
}

async fn a_statement_names_its_zone() {
    for (mut told, quarters) in units_at_the_edge().await {
        let closed = told.as_seller("GET", &format!("/statements/{}", quarters[0]), Json::Null).await.body;
        assert_eq!((&closed["time_zone"], &closed["quarter"]), (&json!("America/Los_Angeles"), &json!(quarters[0])));
        assert_eq!(closed["state"], "final", "{closed}");
        let open = told.as_seller("GET", &format!("/statements/{}", quarters[1]), Json::Null).await.body;
        assert_eq!((&open["state"], &open["measured"]["units"]), (&json!("draft"), &json!(2)), "{open}");
    }
}

cells! {
    m16_enr_a_trial_is_whole_days_and_service_begins_after_whole_minutes => paused(a_change_is_an_instant());
    m16_rte_coverage_turns_at_one_millisecond_whatever_the_local_clock_does => paused(coverage_is_an_instant());
    m16_swp_a_deadline_is_24_hours_over_every_edge_of_the_calendar => paused(a_day_is_24_hours());
    m16_ntf_a_mail_names_the_local_time_with_its_zone_of_that_day => paused(a_mail_names_its_zone());
    m16_fee_the_last_millisecond_of_a_quarter_and_the_first_of_the_next_are_billed_apart => {
        paused(each_instant_is_of_one_quarter());
    };
    m16_dsh_a_statement_says_its_zone_and_turns_final_by_it => paused(a_statement_names_its_zone());
}
