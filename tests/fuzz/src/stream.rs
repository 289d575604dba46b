//! Items of the outbox' stream. Each line is one: JSON as `DynamoDB` writes it, or `pk|sk|kind|queue|body`.

use crate::{Worth, input, stage::Stage};
use serde_json::{Value as Json, json};
use world::functions;

/// Items of one batch.
const MOST: usize = 30;

pub fn take(stage: &mut Stage, bytes: &[u8]) -> Worth {
    let plain = input::named(bytes, &stage.names);
    let event = if bytes.starts_with(b"{\"Records\"") {
        serde_json::from_slice(bytes).unwrap_or_default()
    } else {
        let images = plain.split(|byte| *byte == b'\n').take(MOST).map(image);
        json!({ "Records": images.map(|image| record(&image)).collect::<Vec<_>>() })
    };
    let Some(first) = relayed(stage, &event) else { return Worth::Reject };
    if let Ok(sent) = first {
        assert_eq!(usize::try_from(sent), Ok(stage.waiting()), "what was sent is what arrived");
    }
    let written = stage.written();
    assert_eq!(relayed(stage, &event), Some(first), "the same batch comes to the same");
    assert_eq!(written, stage.written(), "a batch that comes again deletes nothing more");
    Worth::Keep
}

/// How many went to a queue, or why not.
fn relayed(stage: &Stage, event: &Json) -> Option<Result<u64, String>> {
    let event = serde_json::from_value(event.clone()).ok()?;
    let ended = stage.wait(async |world| functions::stream(world.shell("outbox-relay"), event).await);
    Some(ended.map_err(|failure| failure.to_string()))
}

fn image(line: &[u8]) -> Json {
    if let Ok(image @ Json::Object(_)) = serde_json::from_slice(line) {
        return image;
    }
    let mut parts = line.splitn(5, |byte| *byte == b'|').map(input::text);
    let fields = ["pk", "sk", "kind", "queue", "body"].into_iter();
    fields
        .filter_map(|name| Some((name.to_owned(), json!({ "S": parts.next()? }))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn record(image: &Json) -> Json {
    json!({ "awsRegion": "eu-west-1", "eventID": "e", "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "eventVersion": "1.1", "eventSourceARN": "arn",
        "dynamodb": { "ApproximateCreationDateTime": 0, "Keys": {}, "NewImage": image,
            "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE" } })
}
