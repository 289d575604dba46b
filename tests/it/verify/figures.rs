//! Kinds of damage to what figures are read from.

use super::{
    damage::Damage,
    hand::{copy, find, set},
    left::Items,
};
use serde_json::json;

const LEDGER: &str = "LedgerTable";

/// A day on which something was resolved.
fn resolved(items: &Items) -> (String, String) {
    find(items, LEDGER, |_, sk, state| {
        let counted = state.pointer("/sum/M/owned/M/counted/N");
        sk.starts_with("DAY#") && counted.is_some_and(|counted| counted != "0")
    })
}

/// Of sums of days, and of products that were found lacking.
pub const OF_FIGURES: &[Damage] = &[
    ("a sum with more minutes of the seller than its facts", "D2", "its facts come to", |items| {
        let (pk, sk) = resolved(items);
        set(items, (LEDGER, &pk, &sk), "/state/M/sum/M/owned/M/seller", json!({ "N": "99999" }))
    }),
    ("a sum that leaves a resolution out of whose time it took", "D2", "its facts come to", |items| {
        let (pk, sk) = resolved(items);
        set(items, (LEDGER, &pk, &sk), "/state/M/sum/M/owned/M/uncounted", json!({ "N": "7" }))
    }),
    ("a product that no question found lacking", "D2", "no question of that quarter", |items| {
        let (pk, sk) = find(items, LEDGER, |_, sk, _| sk.starts_with("DAY#"));
        copy(items, (LEDGER, &pk, &sk), (&pk, "LACKING#2026Q3#p9"));
        set(items, (LEDGER, &pk, "LACKING#2026Q3#p9"), "/state/M", json!({ "product": { "S": "p9" } }))
    }),
];
