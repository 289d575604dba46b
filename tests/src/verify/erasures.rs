//! Erasures: L1, that each is what its events tell; L2, that of what it has erased nothing is left where it lay; L3, that one
//! that is not through has the clock that goes on with it.

use super::{Asked, Moment, history::Histories, shelf::Shelf};
use domain::{
    clock::Alarm,
    erasure::{Erasure, ErasureEvent},
};
use shell::key::Key;
use std::collections::{HashMap, HashSet};

/// Asks of each erasure.
pub fn check(asked: &mut Asked, moment: Moment, shelf: &Shelf<'_>) {
    let words: HashMap<_, _> = shelf.words.iter().map(|kept| (kept.place.pk.as_ref(), &kept.state)).collect();
    let clocks: HashSet<_> = shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#")).collect();
    let mut histories = Histories::of(asked, &shelf.erasure_events);
    for kept in &shelf.erasures {
        let (erasure, place) = (&kept.state, &kept.place);
        for event in histories.tell(asked, ("L1", "the erasure"), kept, Erasure::apply) {
            let ErasureEvent::Went { erased, .. } = &event.row.event else { continue };
            for contact in erased {
                let key = Key::words(&erasure.store, contact);
                let left = words.get(key.pk.as_str());
                asked.holds(left.is_none_or(|words| words.erased_at.is_some()), "L2", event.place, || {
                    format!("it says that contact {contact} is erased, and what was said there is not")
                });
            }
        }
        let next = Alarm::Erasure {
            store: erasure.store.clone(),
            customer: erasure.customer.clone(),
            run: erasure.run,
            step: erasure.step,
        };
        let goes_on = erasure.is_done() || clocks.contains(next.fact().join("#").as_str());
        asked.holds(moment == Moment::Running || goes_on, "L3", place, || {
            "it is not through, and no clock in the outbox goes on with it".into()
        });
    }
    histories.orphans(asked, "L1", "events of an erasure that is not there");
}
