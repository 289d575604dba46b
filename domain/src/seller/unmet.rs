//! The names of the requirements, as a refusal lists them (ENR-1), and what whoever asks has to do about each.

use crate::store::Store;

/// The current terms are not accepted.
pub const TERMS: &str = "terms";
/// Not on the Professional plan.
pub const PLAN: &str = "plan";
/// The account is not in good standing.
pub const STANDING: &str = "standing";
/// The business address is in no country that the store serves.
pub const ADDRESS: &str = "address_country";

/// Each of them with what meets it.
pub(super) fn each(unmet: &[&'static str], store: &Store) -> String {
    let said = |name: &&'static str| match *name {
        TERMS => format!("{name} (accept those in force)"),
        PLAN => format!("{name} (be on the Professional plan)"),
        STANDING => format!("{name} (bring the account into good standing)"),
        ADDRESS => format!("{name} (have a business address in one of {})", store.address_countries.join(", ")),
        other => other.to_owned(),
    };
    unmet.iter().map(said).collect::<Vec<_>>().join("; ")
}
