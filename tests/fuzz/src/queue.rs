//! Messages. The first byte says how often the batch has come and when; what follows is one message a line, at most
//! four.

use crate::{Worth, input, stage::Stage};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use world::functions;

/// Messages of one batch.
const MOST: usize = 4;
/// A record that waits for something else is given up when it has come so often,
const PATIENCE: u32 = 4;
/// and so long after it was sent, in milliseconds.
const WAITED: i64 = 300_000;

/// What a delivery has changed for others to see.
type Left = (crate::stage::Written, usize);

pub fn take(stage: &mut Stage, package: &str, bytes: &[u8]) -> Worth {
    if input::is_event(bytes) {
        return event(stage, package, bytes);
    }
    let how = input::choice(bytes.first());
    stage.later(input::delay(how >> 1));
    let plain = input::named(bytes.get(1..).unwrap_or_default(), &stage.names);
    let lines = plain.splitn(MOST, |byte| *byte == b'\n');
    let bodies: Vec<_> = lines.map(input::text).collect();
    let sent = stage.world.cloud.now();
    if how & 1 == 1 {
        // Somebody else may yet bring what a record waits for: until then it comes again, and nothing is said of it.
        let again = delivered(stage, package, &bodies, (1, sent));
        let parked = parked(stage, package, &bodies);
        assert!(again.is_disjoint(&parked), "{package}: {again:?} come again and are parked: {bodies:?}");
    }
    stage.later(WAITED);
    // One record may rest on another of its batch, and that on a third; a quarter that was measured is closed next.
    let steps = if package == "fee-statement" { 2 } else { 1 };
    for _ in 0..bodies.len() * steps {
        given_up(stage, package, &bodies, sent);
    }
    let left = left(stage);
    given_up(stage, package, &bodies, sent);
    let (written, mails) = self::left(stage);
    assert_eq!(left.0, written, "{package}: what is delivered again writes nothing: {bodies:?}");
    assert_eq!(left.1, mails, "{package}: what is delivered again mails nobody: {bodies:?}");
    Worth::Keep
}

fn left(stage: &mut Stage) -> Left {
    (stage.written(), stage.mails())
}

/// The last delivery: each record is done or parked.
fn given_up(stage: &mut Stage, package: &str, bodies: &[String], sent: i64) {
    let again = delivered(stage, package, bodies, (PATIENCE, sent));
    assert!(again.is_empty(), "{package}: {again:?} come again: {bodies:?}");
    parked(stage, package, bodies);
}

/// Positions of the records that come again, delivered for this time, and sent then.
fn delivered(stage: &Stage, package: &str, bodies: &[String], (deliveries, sent): (u32, i64)) -> BTreeSet<usize> {
    let record = |(n, body): (usize, &String)| {
        json!({ "messageId": format!("m{n}"), "receiptHandle": "r", "body": body, "md5OfBody": "",
            "attributes": { "SentTimestamp": sent.to_string(),
                "ApproximateReceiveCount": deliveries.to_string() },
            "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "arn", "awsRegion": "eu-west-1" })
    };
    let records: Vec<_> = bodies.iter().enumerate().map(record).collect();
    let event = serde_json::from_value(json!({ "Records": records })).expect("a batch of the queue");
    let answer = stage.wait(async |world| functions::queue(package, world.shell(package), event).await);
    let Ok(response) = answer else { return (0..bodies.len()).collect() };
    let failures = response.batch_item_failures.into_iter().map(|failure| failure.item_identifier);
    let position = |id: String| id.strip_prefix('m').and_then(|n| n.parse().ok()).filter(|n| *n < bodies.len());
    failures.map(|id| position(id.clone()).unwrap_or_else(|| panic!("{package}: no message is {id}"))).collect()
}

/// Positions of the records that are parked, each once, with its reason and its body.
fn parked(stage: &mut Stage, package: &str, bodies: &[String]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for ((table, place), item) in stage.written() {
        let (Some(item), "ParkedTable") = (item, table.as_str()) else { continue };
        let kept = &item["state"]["M"];
        let sk = &*place.sk;
        let n = sk.rsplit_once("#m").and_then(|(_, n)| n.parse().ok()).unwrap_or(usize::MAX);
        let body = bodies.get(n).unwrap_or_else(|| panic!("{package}: {sk} is no message of ours"));
        assert!(found.insert(n), "{package}: {body} is parked twice");
        assert_eq!(kept["body"]["S"].as_str(), Some(body.as_str()), "{package}: parked as it came");
        assert_eq!(kept["function"]["S"], package);
        assert!(kept["reason"]["S"].as_str().is_some_and(|reason| !reason.is_empty()), "{package}: {item}");
    }
    found
}

/// A whole event: the batch is answered, or refused as one.
fn event(stage: &Stage, package: &str, bytes: &[u8]) -> Worth {
    let Ok(event) = serde_json::from_slice(bytes) else { return Worth::Reject };
    let event: Json = event;
    let Ok(event) = serde_json::from_value(event) else { return Worth::Reject };
    let answer = stage.wait(async |world| functions::queue(package, world.shell(package), event).await);
    if let Ok(response) = answer {
        serde_json::to_string(&response).expect("an answer that the poller reads");
    }
    Worth::Keep
}
