//! Row 21: SES refuses a mail, now or for good.

use super::cells;
use crate::crash::{paused, run::Stage};
use world::faults::{Fault, Kind};

const PATHS: [&str; 3] = ["mail", "mail to a customer", "mail that must arrive"];

/// How the notices of this path have ended.
fn statuses(left: &crate::crash::run::Left) -> Vec<String> {
    let notices = left.items.iter().filter(|(place, _)| place.2 == "NOTICE");
    notices.map(|(_, item)| item["state"]["M"]["status"]["S"].as_str().unwrap().to_owned()).collect()
}

/// Rejected for good: a person is told, and nobody tries again.
async fn rejected() {
    for path in PATHS {
        let mut stage = Stage::set(path).await;
        let (clean, calls) = stage.run(&[]).await;
        let call = calls.iter().position(|call| call == "SendRawEmail").unwrap();
        let (left, made) = stage.run(&[Fault { call, kind: Kind::Reject, every: true }]).await;
        assert_eq!((left.mails.len(), made.iter().filter(|call| *call == "SendRawEmail").count()), (0, 1), "{path}");
        let (refused, expected) = (statuses(&left), statuses(&clean));
        assert_eq!(refused.iter().filter(|status| *status == "refused").count(), 1, "{path}: {refused:?}");
        assert_eq!(refused.len(), expected.len());
        let parked = left.items.iter().find(|(place, _)| place.0 == "ParkedTable").map(|(_, item)| item).unwrap();
        assert_eq!(parked["state"]["M"]["reason"]["S"], "SES refused a mail: MessageRejected");
    }
}

/// Throttled, or its quota used up, three times over: it waits, makes no attempt of it, and is sent once.
async fn not_now() {
    for path in PATHS {
        for kind in [Kind::Throttle, Kind::Deny] {
            let mut stage = Stage::set(path).await;
            let (clean, calls) = stage.run(&[]).await;
            let mut faults: Vec<Fault> = Vec::new();
            let mut calls = calls;
            for n in 0..3 {
                let sends = calls.iter().enumerate().filter(|(_, call)| *call == "SendRawEmail");
                let call = sends.map(|(call, _)| call).nth(n).unwrap();
                faults.push(Fault { call, kind, every: true });
                calls = stage.run(&faults).await.1;
            }
            let (left, made) = stage.run(&faults).await;
            assert_eq!(made.iter().filter(|call| *call == "SendRawEmail").count(), 4, "{path}");
            assert_eq!(left.mails, clean.mails, "{path}: sent later, once, with the same bytes");
            assert_eq!(statuses(&left), statuses(&clean), "{path}");
            assert!(!left.items.keys().any(|place| place.0 == "ParkedTable"), "{path}");
        }
    }
}

cells! {
    m21_ntf_a_mail_that_ses_rejects_is_told_to_a_person_and_one_it_takes_later_is_sent_later => {
        paused(rejected());
        paused(not_now());
    };
}
