//! A return policy as sellers send and see it. Shares are in basis points: 2000 is 20 %.

use domain::{
    at::Instant,
    fee::BasisPoints,
    policy::{Approved, Policy, Version},
    returns::{Restocking, ReturnTerms},
    store::Store,
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};
use std::collections::{BTreeMap, BTreeSet};

/// Ten years.
const LONGEST_WINDOW: i64 = 3_650;

/// Reads what a policy says. Groups of goods are those of the store.
pub fn terms(body: &[u8], store: &Store) -> Result<ReturnTerms, Failure> {
    let fields = Fields::parse(body)?;
    let window_days = fields.number("window_days", 0..=LONGEST_WINDOW);
    let windows = fields.whole::<BTreeMap<String, u64>>("windows", "a whole number of days for each category");
    let non_returnable = fields.whole::<BTreeSet<String>>("non_returnable", "a list of categories");
    let return_shipping = fields.one_of("return_shipping");
    let restocking = fields.object("restocking").and_then(|fees| {
        let (late, used, different) = (share(&fees, "late"), share(&fees, "used"), share(&fees, "different"));
        Some(Restocking { late: late?, used: used?, different: different? })
    });
    for (category, days) in windows.iter().flatten() {
        known(&fields, store, "windows", category);
        if !(0..=LONGEST_WINDOW).contains(&i64::try_from(*days).unwrap_or(i64::MAX)) {
            fields.wrong("windows", format!("{category} must be at most {LONGEST_WINDOW} days"));
        }
    }
    for category in non_returnable.iter().flatten() {
        known(&fields, store, "non_returnable", category);
        if windows.as_ref().is_some_and(|windows| windows.contains_key(category)) {
            fields.wrong("non_returnable", format!("{category} has days in windows"));
        }
    }
    fields.build(|| {
        Some(ReturnTerms {
            window_days: u64::try_from(window_days?).ok()?,
            windows: windows?,
            non_returnable: non_returnable?,
            return_shipping: return_shipping?,
            restocking: restocking?,
        })
    })
}

fn share(fees: &Fields, name: &str) -> Option<BasisPoints> {
    fees.number_of("hundredths of a percent", name, 0..=10_000)
        .and_then(|share| u32::try_from(share).ok())
        .map(BasisPoints)
}

fn known(fields: &Fields, store: &Store, field: &str, category: &str) {
    if !store.categories.contains(category) {
        fields.wrong(field, format!("{category} is no category of this store: `categories` of the policy lists them"));
    }
}

/// Reads which version is meant.
pub fn version(body: &[u8]) -> Result<u32, Failure> {
    let fields = Fields::parse(body)?;
    let version = fields.number("version", 1..=i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok());
    fields.build(|| version)
}

#[derive(Debug, Serialize)]
pub struct PolicyView<'a> {
    /// The standard policy of this moment.
    standard: Option<StandardView<'a>>,
    /// The seller's own, as orders placed now have it.
    in_force: Option<&'a Approved>,
    /// The version the seller wrote last.
    latest: Option<&'a Version>,
    /// Groups of goods that a policy may name.
    categories: &'a BTreeSet<String>,
}

#[derive(Debug, Serialize)]
struct StandardView<'a> {
    version: &'a str,
    terms: &'a ReturnTerms,
}

/// The policies of this moment.
pub fn view<'a>(policy: Option<&'a Policy>, store: &'a Store, now: Instant) -> PolicyView<'a> {
    let standard = store.return_policy_at(now);
    PolicyView {
        standard: standard.map(|policy| StandardView { version: &policy.version, terms: &policy.terms }),
        in_force: policy.and_then(|policy| policy.in_force_at(now)),
        latest: policy.map(|policy| &policy.latest),
        categories: &store.categories,
    }
}
