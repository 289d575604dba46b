//! Kinds of damage of what is common to all items, as in [`damage`](super::damage).

use super::{
    damage::{Damage, HEAD_Q4, O1, UNIT},
    hand::{copy, find, inquiry, lose, place, request, say, set, shift, strip, strip_state},
};
use serde_json::json;

/// Of keys, layouts, clocks, mails and marks.
pub const OF_THE_HOUSE: &[Damage] = &[
    ("a key without its seller", "P1", "nothing of this table has such a key", |items| {
        shift(items, UNIT, ("US#2026Q3", "UNIT#o1#1#1"))
    }),
    ("a request under another seller", "P1", "its state belongs to RequestsTable US#s1", |items| {
        let sk = request(items, "dear");
        shift(items, ("RequestsTable", "US#s1", &sk), ("US#s2", &sk))
    }),
    ("an order under another name", "P1", "its state belongs to", |items| {
        shift(items, ("OrdersTable", "US#o6", "ORDER"), ("US#o7", "ORDER"))
    }),
    ("a layout that is not known", "X6", "the layout 2 is not known", |items| {
        set(items, O1, "/schema", json!({ "N": "2" }))
    }),
    ("a state that cannot be read", "X6", "cannot be read", |items| {
        say(items, O1, "/state/M/lines/L/0/M/quantity", "two")
    }),
    ("an item that forgot its version", "X6", "does not count its changes", |items| strip(items, O1, "version")),
    ("a state missing", "X6", "holds no state", |items| strip(items, O1, "state")),
    ("a request whose clock is missing", "X3", "no clock in the outbox", |items| {
        let sk = request(items, "dear");
        lose(items, ("OutboxTable", &sk.replace("REQUEST#", "ENTRY#request_expiry#"), "ENTRY"));
        place(("RequestsTable", "US#s1", &sk))
    }),
    ("a clock set to another time", "X3", "set to another time", |items| {
        let pk = request(items, "dear").replace("REQUEST#", "ENTRY#request_expiry#");
        set(items, ("OutboxTable", &pk, "ENTRY"), "/due_at", json!({ "N": "1799225999000" }))
    }),
    ("a clock that no sweep finds", "X3", "where the sweep looks", |items| {
        let pk = request(items, "dear").replace("REQUEST#", "ENTRY#request_expiry#");
        say(items, ("OutboxTable", &pk, "ENTRY"), "/due_shard", "99")
    }),
    ("a message torn off", "X3", "cannot be taken", |items| {
        let pk = request(items, "dear").replace("REQUEST#", "ENTRY#request_expiry#");
        say(items, ("OutboxTable", &pk, "ENTRY"), "/body", "{\"alarm\":")
    }),
    ("a clock of a request that is not there", "X3", "at what is not there", |items| {
        let sk = request(items, "dear");
        items.retain(|(_, item)| !item["sk"]["S"].as_str().unwrap().starts_with(&sk));
        place(("OutboxTable", &sk.replace("REQUEST#", "ENTRY#request_expiry#"), "ENTRY"))
    }),
    ("a mail that nobody will send", "N2", "no message is left", |items| {
        let (pk, sk) = find(items, "OutboxTable", |pk, _, _| pk.starts_with("NOTICE#"));
        say(items, ("OutboxTable", &pk, &sk), "/state/M/status", "sending")
    }),
    ("a mail to which no answer finds its way", "X3", "nobody finds what that is about", |items| {
        let (pk, sk) = find(items, "OutboxTable", |_, sk, _| sk == "MAILED");
        lose(items, ("OutboxTable", &pk, &sk));
        let id = pk.replace("MAILED#", "");
        let (pk, sk) = find(items, "OutboxTable", |_, _, state| state["message_id"]["S"] == id.as_str());
        place(("OutboxTable", &pk, &sk))
    }),
    ("a mail about what is not there", "X3", "which is not there", |items| {
        let (pk, sk) = find(items, "OutboxTable", |_, sk, state| sk == "MAILED" && !state["request"].is_null());
        let id = pk.replace("MAILED#", "");
        let (notice, _) = find(items, "OutboxTable", |_, _, state| state["message_id"]["S"] == id.as_str());
        lose(items, ("OutboxTable", &notice, "NOTICE"));
        say(items, ("OutboxTable", &pk, &sk), "/state/M/request/L/1", "nowhere")
    }),
    ("an address suppressed for a mail that was delivered", "N4", "no such thing was reported", |items| {
        let (pk, sk) = find(items, "OutboxTable", |_, _, state| !state["became"].is_null());
        say(items, ("OutboxTable", &pk, &sk), "/state/M/became/M/fate", "delivered");
        let (pk, sk) = find(items, "OutboxTable", |_, sk, _| sk == "SUPPRESSED");
        place(("OutboxTable", &pk, &sk))
    }),
    ("an erasure that counts otherwise", "L1", "not what its events tell", |items| {
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, _| sk == "ERASURE");
        set(items, ("ConversationsTable", &pk, &sk), "/state/M/erased", json!({ "N": "99" }))
    }),
    ("words that came back after they were erased", "L2", "what was said there is not", |items| {
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, state| sk == "WORDS" && !state["erased_at"].is_null());
        set(items, ("ConversationsTable", &pk, &sk), "/state/M/erased_at", json!({ "NULL": true }));
        let contact = pk.rsplit('#').next().unwrap().to_owned();
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, state| {
            sk.starts_with("ERASURE#EVENT#") && state["event"].to_string().contains(&format!("\"{contact}\""))
        });
        place(("ConversationsTable", &pk, &sk))
    }),
    ("an erasure that nothing goes on with", "L3", "no clock in the outbox", |items| {
        let (pk, sk) = find(items, "OutboxTable", |pk, _, _| pk.starts_with("ENTRY#erasure#"));
        lose(items, ("OutboxTable", &pk, &sk));
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, _| sk == "ERASURE");
        place(("ConversationsTable", &pk, &sk))
    }),
    ("words whose clock is lost", "L4", "no clock looks at", |items| {
        let (pk, sk) = find(items, "OutboxTable", |pk, _, _| pk.starts_with("ENTRY#retention#contact#US#k-before#"));
        lose(items, ("OutboxTable", &pk, &sk));
        let words = ("ConversationsTable", "US#CONTACT#k-before", "WORDS");
        set(
            items,
            words,
            "/state/M",
            json!({ "text": { "S": "Back" }, "email": { "NULL": true }, "language": { "S": "en" } }),
        )
    }),
    ("an answer that a restore has brought back", "L4", "no clock looks at", |items| {
        let over = inquiry(items, "k-silent");
        let id = over.rsplit('#').next().unwrap().to_owned();
        items.retain(|(_, item)| {
            !item["pk"]["S"].as_str().unwrap().starts_with(&format!("ENTRY#retention#inquiry#{id}#"))
        });
        let (pk, sk) = find(items, "ConversationsTable", |_, sk, _| sk.starts_with("ANSWER#"));
        copy(items, ("ConversationsTable", &pk, &sk), (&format!("US#INQUIRY#{id}"), &sk));
        let restored = ("ConversationsTable", format!("US#INQUIRY#{id}"), sk);
        strip_state(items, (restored.0, &restored.1, &restored.2), "erased_at")
    }),
    ("a mark without its order", "X4", "the order was placed", |items| {
        lose(items, ("OrdersTable", "US#o6", "ORDER"));
        place(("OnceTable", "marketplace-intake#order_placed#US#o6", "ONCE"))
    }),
    ("a mark without its expiry", "S1", "the request expired; it has not", |items| {
        let (sk, id) = (request(items, "o1"), request(items, "o1").replace("REQUEST#", ""));
        let at = ("RequestsTable", "US#s1", sk.as_str());
        set(items, at, "/state/M/progress", json!({ "M": { "state": { "S": "awaiting" } } }));
        place(("OnceTable", &format!("sla-clock#request_expiry#{id}"), "ONCE"))
    }),
    ("a mark without its closing", "F4", "the quarter was closed", |items| {
        set(items, HEAD_Q4, "/state/M/closed", json!({ "NULL": true }));
        place(("OnceTable", "fee-statement#closed#US#s1#2026Q4", "ONCE"))
    }),
];
