//! Return policies: P2, that a policy is what its events tell; P3, that each order has the version of its seller that was
//! in force when it was placed, and no other.

use super::{
    Asked,
    history::{Histories, is_dense},
    shelf::Shelf,
};
use domain::policy::Policy;
use std::collections::HashMap;

/// Asks of each policy, and of each order that has one.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>) {
    let mut histories = Histories::of(asked, &shelf.policy_events);
    let mut policies = HashMap::new();
    for kept in &shelf.policies {
        let events = histories.0.remove(&(kept.place.pk.as_ref(), kept.place.sk.as_ref())).unwrap_or_default();
        is_dense(asked, "P2", &events, Some(1), Some(kept.version()), &kept.place);
        let told = events.iter().fold(None, |state, event| Policy::apply(state, &event.row.event));
        asked.holds(told.as_ref() == Some(kept.state.as_ref()), "P2", &kept.place, || {
            "the policy is not what its events tell".into()
        });
        policies.insert((&kept.state.store, &kept.state.seller), kept.state.as_ref());
    }
    for orphan in histories.0.values().filter_map(|events| events.first()) {
        asked.found("P2", orphan.place, "an event of a return policy that is not there".into());
    }
    for kept in &shelf.orders {
        let order = &kept.state;
        for line in &order.lines {
            let policy = policies.get(&(&order.store, &line.seller));
            let in_force = policy.and_then(|policy| policy.in_force_at(order.placed_at));
            asked.holds(order.policies.get(&line.seller) == in_force, "P3", &kept.place, || {
                format!("the return policy of {} is not the one in force when the order was placed", line.seller)
            });
        }
    }
}
