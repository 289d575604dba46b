//! Keys of webhooks: how far each has come, those of a store that have come so far, and what signs them.

use super::{Key, Table};
use domain::id::{HookId, StoreId};

/// The index key of a store's webhooks that stand like this.
#[must_use]
pub fn hook_key(store: &StoreId, state: &str) -> String {
    format!("{store}#{state}")
}

impl Key {
    /// How far a webhook has come.
    #[must_use]
    pub fn hook(store: &StoreId, hook: &HookId) -> Self {
        Self::new(Table::Outbox, format!("{store}#HOOK#{hook}"), "HOOK")
    }

    /// The secrets that sign webhooks.
    #[must_use]
    pub fn hook_secrets() -> Self {
        Self::new(Table::Secrets, "HOOKS".into(), "SECRETS")
    }
}
