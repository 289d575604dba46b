//! Row 23: mails that are not what they say, and machines that answer each other. And that of any number of mails, whatever
//! fails, each ends in exactly one way.

use super::cells;
use crate::{
    crash::{paused, run::batch},
    stories::{mails_in, told::Told},
};
use std::collections::BTreeMap;
use world::{
    MAIL_HOST,
    faults::{Fault, Kind},
    functions,
    receipts::{self, Incoming, PASSED, automatic, letter},
};

const SELLER: &str = "s1@sellers.example";
const CUSTOMER: &str = "c1@customers.example";

/// An inquiry and a request, and an address of each kind, with whom it is for.
async fn addressed() -> (Told, [(&'static str, String); 3]) {
    let mut told = Told::ordered().await;
    let inquiry = told.inquiry("k1", "o1", "late_delivery").await;
    let request = told.asked(&inquiry).await;
    let inquiry = told.reply_address(&format!("i-{inquiry}")).await;
    let request = told.reply_address(&format!("q-{request}")).await;
    (told, [(SELLER, format!("csba-ustous@{MAIL_HOST}")), (CUSTOMER, inquiry), (SELLER, request)])
}

async fn what_is_not_proved_does_nothing() {
    let (mut told, addresses) = addressed().await;
    let mails = told.world.cloud.kept();
    for (from, to) in &addresses {
        for n in 0..PASSED.len() {
            for status in ["FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"] {
                let mut found = PASSED;
                found[n] = status;
                // SPF and DKIM alone prove nothing, and DMARC stands for them.
                let (spf_or_dkim, dmarc) = (n == 2 || n == 3, n == 4);
                let of_a_customer = from == &CUSTOMER && dmarc && status == "GRAY";
                if spf_or_dkim || of_a_customer {
                    continue;
                }
                told.world.cloud.put_back(&mails);
                let before = told.world.left_behind();
                let raw = letter("a", from, "Re", "It is about o1.");
                let name = told.world.mail_in(&Incoming { raw: &raw, to: &[to], source: from, found }).await;
                let fate = mails_in::fate(&told, &name);
                assert_eq!(fate[0], "quarantined", "{to} {n} {status}");
                assert_eq!(told.world.left_behind(), before, "{to} {n} {status}: nothing changes");
            }
        }
    }
}

/// Of random mails, each at a random address, some twice, some delivered twice, and each with a fault at some call.
async fn each_ends_in_one_way(mails: usize) {
    let (mut told, addresses) = addressed().await;
    let mut chance: u64 = 20_261_129;
    let mut random = move |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    let kinds = [Kind::Refuse, Kind::Throttle, Kind::Lose, Kind::Conflict, Kind::Hang];
    let mut names = Vec::new();
    let mut raw = String::new();
    for n in 0..mails {
        if n % 150 == 0 {
            told.world.pass(chrono::TimeDelta::days(1)).await;
        }
        let again = random(5) == 0 && !raw.is_empty();
        let (from, to) = &addresses[usize::try_from(random(3)).unwrap()];
        let from = if random(6) == 0 { "x@else.example" } else { from };
        if !again {
            let text = ["It is about o1.", "It is about o9.", "", "Out of office"][usize::try_from(random(4)).unwrap()];
            raw = letter(&n.to_string(), from, "Re", &format!("{text} {n}"));
            if random(6) == 0 {
                raw = automatic(&raw);
            }
        }
        let mut found = PASSED;
        if random(5) == 0 {
            found[usize::try_from(random(5)).unwrap()] = "FAIL";
        }
        let to = if random(8) == 0 { "nobody@mail.marketplace.example" } else { to.as_str() };
        let name = told.world.kept_mail(&raw);
        let told_of = receipts::of(&Incoming { raw: &raw, to: &[to], source: from, found }, &name, told.world.now());
        let body = told_of.to_string();
        names.push(name);
        let kind = kinds[usize::try_from(random(5)).unwrap()];
        let call = usize::try_from(random(8)).unwrap();
        told.world.cloud.faults.begin(&[Fault { call, kind, every: random(2) == 0 }]);
        for delivery in 1..=3 {
            let event = batch(&[(format!("m{n}"), body.clone())], told.world.now(), delivery);
            let ended = functions::queue("mail-intake", told.world.shell("mail-intake"), event).await;
            let done = ended.is_ok_and(|ended| ended.batch_item_failures.is_empty());
            told.world.cloud.faults.end();
            // Once more though it is done: a queue may.
            if done && random(3) > 0 {
                break;
            }
        }
        if n % 50 == 0 {
            told.world.settle().await;
        }
    }
    told.world.settle().await;
    let ended = mails_in::fates(&told);
    let mut fates: BTreeMap<String, usize> = BTreeMap::new();
    for name in &names {
        let fate = ended.get(name).unwrap_or_else(|| panic!("{name} is lost"))[0].as_str().unwrap();
        *fates.entry(fate.to_owned()).or_default() += 1;
    }
    println!("received {}: {fates:?}", names.len());
    assert_eq!(fates.values().sum::<usize>(), mails);
    let all = ["appended", "duplicate", "opened", "quarantined"];
    assert_eq!(fates.keys().map(String::as_str).collect::<Vec<_>>(), all, "and nothing else");
    assert_eq!(told.world.parked(), Vec::<String>::new());
}

#[test]
fn of_many_mails_each_ends_in_exactly_one_way_whatever_fails() {
    let mails = std::env::var("CSBA_MAILS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    paused(each_ends_in_one_way(mails));
}

cells! {
    m23_inb_a_mail_that_is_not_proved_does_nothing => paused(what_is_not_proved_does_nothing());
}
