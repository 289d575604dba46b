//! Kinds of damage to claims and to what is paid back.

use super::{
    damage::Damage,
    hand::{claim, item, lose, place, reimbursement, set, shift, strip},
};
use serde_json::json;

const LEDGER: &str = "LedgerTable";

/// Of claims.
pub const OF_CLAIMS: &[Damage] = &[
    ("a granted claim that nothing pays back", "F1", "0 entries pay it back", |items| {
        let (pk, sk) = reimbursement(items, "CLAIM");
        lose(items, (LEDGER, &pk, &sk));
        let (pk, sk) = claim(items, "decided");
        place((LEDGER, &pk, &sk))
    }),
    ("a claim that is gone, and what it paid back is not", "F1", "nobody granted", |items| {
        let (pk, sk) = claim(items, "decided");
        lose(items, (LEDGER, &pk, &sk));
        let (pk, sk) = reimbursement(items, "APPEAL");
        place((LEDGER, &pk, &sk))
    }),
    ("more paid back than was granted", "F1", "as it was granted", |items| {
        let (pk, sk) = reimbursement(items, "APPEAL");
        set(items, (LEDGER, &pk, &sk), "/state/M/entry/M/amount/M/minor", json!({ "N": "1001" }));
        let (pk, sk) = claim(items, "decided");
        place((LEDGER, &pk, &sk))
    }),
    ("more granted than was refunded", "F9", "is the most", |items| {
        let (pk, sk) = claim(items, "decided");
        set(items, (LEDGER, &pk, &sk), "/state/M/verdict/M/amount/M/minor", json!({ "N": "900000" }))
    }),
    ("a refund out of goodwill that nothing pays back", "F1", "0 entries pay it back", |items| {
        let (pk, sk) = reimbursement(items, "DECISION");
        lose(items, (LEDGER, &pk, &sk));
        place(("RequestsTable", "US#s1", "REMEDIES#many-3"))
    }),
    ("a claim of other events", "F3", "not what its events tell", |items| {
        let (pk, sk) = claim(items, "filed");
        set(items, (LEDGER, &pk, &sk), "/state/M/evidence/M/ground", json!({ "S": "other" }))
    }),
    ("a claim that no lead finds", "S6", "among the claims that wait", |items| {
        let (pk, sk) = claim(items, "filed");
        strip(items, (LEDGER, &pk, &sk), "claim_key")
    }),
    ("a claim under another seller", "P1", "its state belongs to", |items| {
        let (pk, sk) = claim(items, "filed");
        shift(items, (LEDGER, &pk, &sk), ("US#s2#CLAIMS", &sk))
    }),
    ("a claim that goes on, and its order is contested", "R1", "is contested, and it goes on", |items| {
        let (pk, sk) = claim(items, "filed");
        let order = item(items, (LEDGER, &pk, &sk))["state"]["M"]["order"]["S"].as_str().unwrap().to_owned();
        let contest = json!({ "M": { "seller": { "S": "s1" }, "kind": { "S": "a_to_z" },
            "opened_at": { "S": "2027-01-05T00:00:00Z" } } });
        let contests = json!({ "L": [contest] });
        item(items, ("OrdersTable", &format!("US#{order}"), "ORDER"))["state"]["M"]["contests"] = contests;
        place((LEDGER, &pk, &sk))
    }),
    ("a claim whose clock is missing", "X3", "no clock in the outbox", |items| {
        let (pk, sk) = claim(items, "awaiting_seller");
        lose(items, ("OutboxTable", &format!("{}#0", sk.replace("CLAIM#", "ENTRY#claim_answer#")), "ENTRY"));
        place((LEDGER, &pk, &sk))
    }),
    ("a clock of a claim that is set to another time", "X3", "set to another time", |items| {
        let (_, sk) = claim(items, "awaiting_seller");
        let pk = format!("{}#0", sk.replace("CLAIM#", "ENTRY#claim_answer#"));
        set(items, ("OutboxTable", &pk, "ENTRY"), "/due_at", json!({ "N": "1799225999000" }))
    }),
];
