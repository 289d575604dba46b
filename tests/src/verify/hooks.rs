//! Webhooks: each stands where the leads of its store look for it, and W1: while it waits, something in the outbox calls for
//! its next attempt.

use super::{Asked, Moment, shelf::Shelf};
use domain::hook::delivery::State;
use shell::key::hook_key;
use std::collections::HashSet;

/// Asks of each webhook that was tried.
pub fn check(asked: &mut Asked, moment: Moment, shelf: &Shelf<'_>) {
    let entries: HashSet<_> = shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#")).collect();
    for kept in &shelf.hooks {
        let (delivery, beside) = (&kept.state, &kept.beside);
        let stands = beside.hook_key.as_deref() == Some(&hook_key(&delivery.hook.store, delivery.state.name()))
            && beside.hook_at == Some(delivery.state.at().timestamp_millis());
        asked.holds(stands, "W1", &kept.place, || "it does not stand where leads look for it".into());
        let called = entries.contains(delivery.call().fact().as_str());
        let waits = matches!(delivery.state, State::Waiting { .. });
        asked.holds(!waits || called || moment == Moment::Running, "W1", &kept.place, || {
            "it waits, and nothing in the outbox calls for its next attempt".into()
        });
    }
}
