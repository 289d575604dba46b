//! Events as Lambda hands them to a function, from what is in the cloud.

use crate::cloud::Message;
use aws_lambda_events::{
    dynamodb::Event as StreamEvent,
    sqs::{SqsEvent, SqsMessage},
};
use serde_json::{Value as Json, json};

/// A batch as the poller brings it.
#[must_use]
pub fn batch(messages: &[Message]) -> SqsEvent {
    let record = |message: &Message| {
        let mut record = SqsMessage::default();
        record.message_id = Some(message.id.clone());
        record.receipt_handle = Some(message.id.clone());
        record.body = Some(message.body.clone());
        record.event_source = Some("aws:sqs".to_owned());
        record.attributes = [
            ("SentTimestamp".to_owned(), message.sent.to_string()),
            ("ApproximateReceiveCount".to_owned(), message.deliveries.to_string()),
        ]
        .into();
        record
    };
    let mut event = SqsEvent::default();
    event.records = messages.iter().map(record).collect();
    event
}

/// What the outbox' stream delivers of these new items.
///
/// # Panics
/// If one is no item.
#[must_use]
pub fn stream(images: &[Json]) -> StreamEvent {
    let record = |image: &Json| {
        let keys: serde_json::Map<_, _> =
            ["pk", "sk"].into_iter().filter_map(|key| Some((key.to_owned(), image.get(key)?.clone()))).collect();
        json!({
            "awsRegion": "eu-west-1", "eventID": "e", "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "eventVersion": "1.1", "eventSourceARN": "arn",
            "dynamodb": { "ApproximateCreationDateTime": 0, "Keys": keys,
                "NewImage": image, "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE" },
        })
    };
    let records: Vec<_> = images.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch of the stream")
}
