//! Kinds of damage to webhooks.

use super::{
    damage::Damage,
    hand::{lose, place, say, set},
};
use serde_json::json;

const WAITS: (&str, &str, &str) = ("OutboxTable", "US#HOOK#h-waits", "HOOK");
const CLOCK: (&str, &str, &str) = ("OutboxTable", "ENTRY#hook#h-waits#1", "ENTRY");

/// Of webhooks.
pub const OF_HOOKS: &[Damage] = &[
    ("a webhook that waits and has no clock", "W1", "nothing in the outbox calls", |items| {
        lose(items, CLOCK);
        place(WAITS)
    }),
    (
        "a webhook that waits for another attempt than its clock calls for",
        "W1",
        "nothing in the outbox calls",
        |items| set(items, WAITS, "/state/M/made", json!({ "N": "2" })),
    ),
    ("a webhook that stands among those of another state", "W1", "where leads look", |items| {
        say(items, WAITS, "/hook_key", "US#delivered")
    }),
    ("a webhook that stands at another time", "W1", "where leads look", |items| {
        set(items, WAITS, "/hook_at", json!({ "N": "0" }))
    }),
    ("a webhook under another id", "P1", "its state belongs", |items| {
        say(items, WAITS, "/state/M/hook/M/id", "h-other")
    }),
    ("a clock of a webhook under another name", "X3", "its message is", |items| {
        let body = json!({ "id": "h-waits", "store": "US", "seller": "s1", "kind": "statement.final", "body": "{}",
            "attempt": 7, "at": "2027-01-05T09:00:00Z" });
        say(items, CLOCK, "/body", &body.to_string())
    }),
];
