//! What was given for the units of an order: P4, that it is what its events tell; JDG-2, that each decision that gave
//! something is in it, and no other, and that no unit was given back more than its price.

use super::{Asked, history::Histories, orders::Orders, shelf::Shelf};
use domain::{
    remedy::Remedies,
    unit::{self, Units},
};
use std::collections::HashMap;

/// Asks of each of them, and of each decision.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>, orders: &Orders<'_>) {
    let mut histories = Histories::of(asked, &shelf.remedy_events);
    let mut decided = HashMap::new();
    for kept in &shelf.remedies {
        histories.tell(asked, ("P4", "what was given"), kept, Remedies::apply);
        let remedies = &kept.state;
        for known in &remedies.decided {
            decided.insert((&remedies.store, &known.record.id), &known.record);
        }
        let order = orders.get(&(&remedies.store, &remedies.order)).map(|order| &order.state);
        let given: Vec<&Units> = remedies.decided.iter().flat_map(|known| &known.record.units).collect();
        let issued = remedies.refunds.iter().flat_map(|refund| &refund.units);
        let given: Vec<Units> = given.into_iter().chain(issued).cloned().collect();
        for unit in unit::each(&given) {
            let price =
                order.and_then(|order| order.line_of(&remedies.seller, &unit)).map(|line| line.unit_price.minor);
            let back: i64 =
                given.iter().filter(|range| range.hold(&unit)).filter_map(|r| r.each).map(|m| m.minor).sum();
            asked.holds(price.is_some_and(|price| back <= price), "JDG-2", &kept.place, || {
                format!("unit {} of item {} was given back {back}, and cost {price:?}", unit.ordinal, unit.item)
            });
        }
    }
    histories.orphans(asked, "P4", "an event of what was given that is not there");
    for laid in &shelf.decisions {
        let gave = laid.record.kind.remedies() && !laid.record.units.is_empty();
        let known = decided.remove(&(&laid.store, &laid.record.id));
        asked.holds(known == gave.then_some(&*laid.record), "JDG-2", &laid.place, || {
            "what was given for its order does not tell the same of this decision".into()
        });
    }
    for (_, id) in decided.into_keys() {
        asked.found("JDG-2", id, "it gave something, and the decision is not there".into());
    }
}
