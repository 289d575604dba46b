//! Row 9: an event comes again after 4 days, as a queue may bring it, and after 399, the last days of its mark. The
//! token of its transaction has long been forgotten; what keeps it from happening twice is what is written.

use super::{cells, faults::paths};
use crate::{
    crash::{paused, run::Stage},
    stories::told::Told,
};
use chrono::TimeDelta;
use serde_json::json;

const LATER: [TimeDelta; 2] = [TimeDelta::days(4), TimeDelta::days(399)];

/// Ticks are no deliveries: what is due then is found anew.
fn is_a_tick(path: &str) -> bool {
    ["sweep", "rollup"].contains(&path)
}

fn nothing_happens_twice(column: &str) {
    let mut wrong = Vec::new();
    for path in paths(column).iter().filter(|path| !is_a_tick(path)) {
        paused(async {
            let mut stage = Stage::set(path).await;
            for later in LATER {
                let (first, again, [answer, replayed]) = stage.run_again_after(later).await;
                if answer != replayed {
                    wrong.push(format!("{path}, {later}: answered {replayed:?}, not {answer:?}"));
                }
                let places = first.keys().chain(again.keys());
                let apart = places.filter(|place| first.get(*place) != again.get(*place));
                wrong.extend(apart.map(|place| format!("{path}, {later}: {place:?} holds {:?}", again.get(place))));
            }
        });
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same wish under another key: there is nothing left to wish for.
async fn a_second_opt_in_under_a_new_key_changes_nothing() {
    let mut told = Told::begun();
    told.enrolled().await;
    told.as_seller("POST", "/enrollment/opt-out", json!({})).await;
    let first = told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
    for later in LATER {
        told.world.cloud.set_now(told.world.cloud.now() + later.num_milliseconds());
        let before = told.world.items("SellersTable");
        let again = told.as_seller("POST", "/enrollment/opt-in", json!({})).await;
        assert_eq!((first.status, again.status), (200, 200), "{}", again.body);
        assert_eq!(again.body["periods"].as_array().unwrap().len(), 2, "{}", again.body);
        assert_eq!(told.world.items("SellersTable"), before);
    }
}

cells! {
    m09_enr_a_request_repeated_days_later_is_answered_as_the_first_time => {
        nothing_happens_twice("enr");
        paused(a_second_opt_in_under_a_new_key_changes_nothing());
    };
    m09_rte_a_contact_delivered_days_later_is_acknowledged_and_counted_once => nothing_happens_twice("rte");
    m09_ntf_a_notice_delivered_days_later_has_ended => nothing_happens_twice("ntf");
    m09_inb_a_report_delivered_days_later_says_nothing_new => nothing_happens_twice("inb");
    m09_fee_a_unit_delivered_days_later_is_billed_once => nothing_happens_twice("fee");
    m09_rly_an_entry_relayed_days_later_changes_nothing => nothing_happens_twice("rly");
}
