//! Return policies: P2, that a policy is what its events tell; P3, that each order has the version of its seller that was
//! in force when it was placed, and no other.

use super::{Asked, history::Histories, shelf::Shelf};
use domain::policy::Policy;
use std::collections::HashMap;

/// Asks of each policy, and of each order that has one.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>) {
    let mut histories = Histories::of(asked, &shelf.policy_events);
    let mut policies = HashMap::new();
    for kept in &shelf.policies {
        histories.tell(asked, ("P2", "the policy"), kept, Policy::apply);
        policies.insert((&kept.state.store, &kept.state.seller), kept.state.as_ref());
    }
    histories.orphans(asked, "P2", "an event of a return policy that is not there");
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
