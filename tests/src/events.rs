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
        json!({
            "awsRegion": "eu-west-1", "eventID": "e", "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "eventVersion": "1.1", "eventSourceARN": "arn",
            "dynamodb": { "ApproximateCreationDateTime": 0, "Keys": { "pk": image["pk"], "sk": image["sk"] },
                "NewImage": image, "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE" },
        })
    };
    let records: Vec<_> = images.iter().map(record).collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch of the stream")
}
