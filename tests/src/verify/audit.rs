//! The audit: A1, that each change that a person asked for has its row with the same time and root, and that no row tells
//! of a change that is not there.

use super::{
    Asked,
    item::Place,
    shelf::{Kept, Shelf},
};
use shell::{audit::is_a_person, commit::EventRow, key::sortable};
use std::collections::HashSet;

/// Asks of each event of a seller's things, and of each row of the audit.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>) {
    let rows: HashSet<_> =
        shelf.audited.iter().map(|kept| (kept.place.pk.to_string(), kept.place.sk.to_string())).collect();
    let mut told = HashSet::new();
    events(asked, &shelf.seller_events, &rows, &mut told);
    events(asked, &shelf.policy_events, &rows, &mut told);
    events(asked, &shelf.request_events, &rows, &mut told);
    events(asked, &shelf.dispute_events, &rows, &mut told);
    events(asked, &shelf.claim_events, &rows, &mut told);
    events(asked, &shelf.remedy_events, &rows, &mut told);
    for kept in &shelf.audited {
        let place = (kept.place.pk.to_string(), kept.place.sk.to_string());
        asked.holds(told.contains(&place), "A1", &kept.place, || "it tells of a change that is not there".into());
    }
}

type Places = HashSet<(String, String)>;

fn events<E>(asked: &mut Asked, events: &[Kept<'_, EventRow<E>>], rows: &Places, told: &mut Places) {
    for Kept { place, state: event, .. } in events {
        let Some(row) = row_of(place, event) else { continue };
        asked.holds(rows.contains(&row), "A1", place, || "a person changed this, and the audit does not say so".into());
        told.insert(row);
    }
}

/// Where the audit tells of an event, if it does.
fn row_of<E>(place: &Place<'_>, event: &EventRow<E>) -> Option<(String, String)> {
    let (thing, _) = place.sk.split_once("#EVENT#").filter(|_| is_a_person(&event.actor))?;
    let seller = ["#DISPUTES", "#CLAIMS"].iter().find_map(|of| place.pk.strip_suffix(of)).unwrap_or(&place.pk);
    Some((seller.to_owned(), format!("{}#{}#{thing}", sortable(event.at), event.cause)))
}
