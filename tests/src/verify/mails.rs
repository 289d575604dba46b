//! Mails that came in: P1, that a seller is found by exactly the addresses from which somebody writes in its name; Q1, that
//! each mail of which nothing came is kept with its cause, and no other.

use super::{Asked, item::place_of, shelf::Shelf};
use domain::{
    id::StoreId,
    received::{Fate, addresses},
};
use shell::key::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Asks of each.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>) {
    let key = |store: &StoreId, address: &String, seller| Key::writer_from(store, address, seller);
    let expected = shelf.sellers.iter().flat_map(|kept| {
        let seller = &kept.state;
        addresses(seller).into_iter().map(move |address| place_of(&key(&seller.store, &address, &seller.id)))
    });
    let expected: BTreeSet<_> = expected.collect();
    let there: BTreeSet<_> = shelf.writers.iter().map(|kept| kept.place.to_string()).collect();
    for kept in &shelf.writers {
        let (place, seller) = (&kept.place, &kept.state);
        asked.holds(place.sk == seller.as_str() && expected.contains(&place.to_string()), "P1", place, || {
            format!("nobody writes from there in the name of {seller}")
        });
    }
    for kept in &shelf.sellers {
        let seller = &kept.state;
        for address in addresses(seller) {
            let place = place_of(&key(&seller.store, &address, &seller.id));
            asked.holds(there.contains(&place), "P1", &kept.place, || format!("{place} is not there"));
        }
    }

    let mut held: BTreeMap<String, _> = shelf.quarantined.iter().map(|kept| (kept.state.mail.clone(), kept)).collect();
    for kept in &shelf.mails {
        let mail = kept.place.pk.strip_prefix("MAIL#").unwrap_or_default();
        let found = held.remove(mail).map(|row| &row.state.cause);
        let cause = if let Fate::Quarantined { cause } = &kept.state { Some(cause) } else { None };
        asked
            .holds(found == cause, "Q1", &kept.place, || format!("it is kept for {found:?}, and ended with {cause:?}"));
    }
    for orphan in held.into_values() {
        asked.found("Q1", &orphan.place, "nothing is known of how it ended".into());
    }
}
