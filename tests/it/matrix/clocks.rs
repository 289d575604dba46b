//! Row 17: a machine whose clock is off, by five seconds as may happen, and by ten minutes as must not. A fast one may do
//! nothing early; a slow one may leave something undone, which another machine then does.

use super::cells;
use crate::{
    crash::{paused, run::batch},
    stories::told::Told,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::mail::Fate;
use serde_json::{Value as Json, json};
use world::functions;

/// Seconds by which a clock is off.
const OFF: [i64; 4] = [-600, -5, 5, 600];

fn at(value: &Json) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

async fn begun() -> Told {
    Told::ordered().await
}

/// E1, E2: versions decide, not times; a change of a fast machine counts from when the gateway took it.
async fn versions_not_times() {
    for off in OFF {
        let mut told = begun().await;
        told.world.pass(TimeDelta::hours(1)).await;
        let asked = told.world.now();
        told.world.set_clock_off("enrollment-api", TimeDelta::seconds(off));
        let left = told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
        assert_eq!(left.status, 200, "{}", left.body);
        let ended = at(&left.body["periods"][0]["ended_at"]);
        assert_eq!(ended, asked + TimeDelta::seconds(off.min(0)), "never later than it was asked for");
        told.world.set_clock_off("enrollment-api", TimeDelta::zero());
        let back = told.as_seller("POST", "/enrollment/opt-in", json!({})).await.body;
        let periods = back["periods"].as_array().unwrap();
        assert_eq!(periods.len(), 2, "{off}: {back}");
        assert!(at(&periods[0]["starts_at"]) <= at(&periods[0]["ended_at"]), "{off}: {back}");
        assert!(at(&periods[0]["ended_at"]) <= at(&periods[1]["starts_at"]), "E1: {off}: {back}");
        assert!(at(&periods[1]["starts_at"]) >= asked, "E2: {off}: {back}");
    }
}

/// Coverage by when the order was placed, whoever looks at it; the contact by the gateway's time.
async fn coverage_by_order_time() {
    for off in OFF {
        let mut told = Told::begun();
        let early = told.just_now();
        told.enrolled().await;
        for package in ["marketplace-intake", "contact-router"] {
            told.world.set_clock_off(package, TimeDelta::seconds(off));
        }
        let placed = told.just_now();
        told.world.pass(TimeDelta::minutes(15)).await;
        told.world.facts([told.placed("o1", "seller", placed), told.placed("o-early", "seller", early)]).await;
        told.contact("k1", Some("o1"), "late_delivery").await;
        told.contact("k2", Some("o-early"), "late_delivery").await;
        assert_eq!(told.went("k1").await["reason"], "covered", "{off}");
        assert_eq!(told.went("k2").await["reason"], "before_enrollment", "{off}");
        assert_eq!((told.world.parked(), told.world.dead()), (Vec::new(), &[][..]), "{off}");
    }
}

/// S2: on whatever machine, nothing expires before its deadline and its margin; a slow machine leaves it to another.
async fn never_early() {
    for off in OFF {
        let mut told = begun().await;
        let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
        let asked = told.world.now();
        let request = told.asked(&inquiry).await;
        let due = asked + TimeDelta::hours(24);
        for package in ["sla-sweep", "sla-clock"] {
            told.world.set_clock_off(package, TimeDelta::seconds(off));
        }
        for (before, what) in [(600, "ten minutes before"), (5, "five seconds before"), (-4, "four seconds after")] {
            told.world.cloud.set_now((due - TimeDelta::seconds(before)).timestamp_millis());
            told.world.tick("sla-sweep").await;
            told.world.settle().await;
            assert_eq!(told.request(&request).await["state"], "needs_attention", "{off}: {what}");
        }
        // The message itself, as if somebody had sent it too early.
        let alarm = json!({ "alarm": "request_expiry", "store": "US", "seller": "s1", "request": request });
        assert!(told.deliver("sla-clock", alarm, 1).await.is_err(), "{off}: not yet");
        told.world.cloud.set_now((due + TimeDelta::seconds(60)).timestamp_millis());
        told.world.tick("sla-sweep").await;
        if off == -600 {
            // Those that are ten minutes slow think that it is not due yet: they leave it, and give it back.
            told.world.set_clock_off("sla-sweep", TimeDelta::zero());
            assert!(told.world.tick("sla-sweep").await > 0);
            let entries = world::cloud::locked(&told.world.cloud.queues)["ClocksQueue"].clone();
            let messages: Vec<_> = entries.iter().map(|message| (message.id.clone(), message.body.clone())).collect();
            let slow = batch(&messages, told.world.now(), 1);
            let given_back = functions::queue("sla-clock", told.world.shell("sla-clock"), slow).await;
            assert!(given_back.is_err() || !given_back.unwrap().batch_item_failures.is_empty());
            told.world.set_clock_off("sla-clock", TimeDelta::zero());
        }
        told.world.settle().await;
        let seen = told.request(&request).await;
        assert_eq!((&seen["state"], at(&seen["expired_at"])), (&json!("expired"), due), "{off}: {seen}");
        assert_eq!(told.world.parked(), Vec::<String>::new(), "{off}");
    }
}

/// What became of a mail is dated as SES says, on whatever machine.
async fn by_the_report() {
    for off in OFF {
        let mut told = begun().await;
        let mail = told.world.mails_to("s1@sellers.example").swap_remove(0);
        told.world.set_clock_off("mail-feedback", TimeDelta::seconds(off));
        let when = told.just_now();
        told.reported(&mail, Fate::HardBounced).await;
        let became = &told.notice(&mail.notice)["became"]["M"];
        assert_eq!((&became["fate"]["S"], at(&became["at"]["S"])), (&json!("hard_bounced"), when), "{off}");
    }
}

/// A quarter is measured by the tick's time and its message's, and what ships in its last seconds is in it.
async fn by_the_tick() {
    let edge: DateTime<Utc> = "2026-10-01T07:00:00Z".parse().unwrap();
    for off in OFF {
        let mut told = begun().await;
        for package in ["ledger-rollup", "fee-statement", "marketplace-intake"] {
            told.world.set_clock_off(package, TimeDelta::seconds(off));
        }
        told.world.cloud.set_now((edge + TimeDelta::seconds(899)).timestamp_millis());
        assert_eq!(told.world.tick("ledger-rollup").await, 0, "{off}: a second too early, whatever the clock says");
        let mut last = told.shipped("o1");
        last["shipped_at"] = json!(edge - TimeDelta::milliseconds(1));
        told.world.fact(last).await;
        told.world.cloud.set_now((edge + TimeDelta::hours(19)).timestamp_millis());
        while told.world.tick("ledger-rollup").await > 0 {
            told.world.settle().await;
        }
        let next = told.as_seller("GET", "/statements/2026Q4", Json::Null).await.body;
        assert_eq!(next["measured"]["units"], 2, "{off}: {next}");
        let quarter = told.as_seller("GET", "/statements/2026Q3", Json::Null).await.body;
        assert_eq!((&quarter["units"], &quarter["state"]), (&json!(2), &json!("draft")), "{off}: {quarter}");
        assert_eq!(told.world.parked(), Vec::<String>::new(), "{off}");
    }
}

cells! {
    m17_enr_a_change_on_a_machine_that_is_off_keeps_the_periods_apart => paused(versions_not_times());
    m17_rte_coverage_goes_by_the_order_s_time_whatever_the_machine_says => paused(coverage_by_order_time());
    m17_swp_nothing_expires_before_its_deadline_on_a_machine_that_is_fast => paused(never_early());
    m17_inb_what_was_reported_is_dated_by_the_report => paused(by_the_report());
    m17_fee_a_quarter_is_measured_by_the_tick_s_time => paused(by_the_tick());
}
