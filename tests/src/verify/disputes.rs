//! Disputes (FEE-11): that each is what its events tell, stands among the open ones exactly while it is open, is about
//! what its final statement says (F9: no more is taken back than was charged), and that each accepted one, and nothing else,
//! has one entry that takes it back (F1).

use super::{
    Asked,
    history::Histories,
    shelf::{Booked, Kept, Shelf},
};
use domain::{
    book::Book,
    dispute::{Dispute, Verdict},
    id::DisputeId,
    ledger::{Disputed, Entry},
    statement::charge,
};
use shell::key::Key;
use std::collections::HashMap;

/// Asks of each dispute, and of each entry that takes something back.
pub fn check(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>) {
    let mut taken_back: HashMap<&DisputeId, Vec<&Booked<'_>>> = HashMap::new();
    for booked in &shelf.rows {
        if let Entry::Reversal(reversal) = &booked.row.entry {
            taken_back.entry(&reversal.dispute).or_default().push(booked);
        }
    }
    let mut histories = Histories::of(asked, &shelf.dispute_events);
    for kept in &shelf.disputes {
        let dispute = &kept.state;
        histories.tell(asked, ("F3", "the dispute"), kept, Dispute::apply);
        let open = dispute.verdict == Verdict::Open;
        let stands = kept.beside.dispute_key.as_deref() == open.then_some(dispute.store.as_str())
            && kept.beside.filed_at == open.then_some(dispute.filed_at.timestamp_millis());
        asked
            .holds(stands, "S6", &kept.place, || "its place among the open disputes is not what its state says".into());
        let entries = taken_back.remove(&dispute.id).unwrap_or_default();
        let wanted = dispute.reversal();
        let fits = match (&wanted, entries.as_slice()) {
            (None, []) => true,
            (Some(entry), [one]) => one.row.entry == *entry && one.seller == dispute.seller,
            (None | Some(_), _) => false,
        };
        asked.holds(fits, "F1", &kept.place, || {
            format!("{} entries take it back; its verdict asks for {}", entries.len(), u8::from(wanted.is_some()))
        });
        on_its_statement(asked, book, shelf, kept);
    }
    for booked in taken_back.values().flatten() {
        asked.found("F1", &booked.place, "it takes something back that nobody disputed".into());
    }
    histories.orphans(asked, "F3", "events of a dispute that is not there");
}

fn on_its_statement(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>, kept: &Kept<'_, Box<Dispute>>) {
    let dispute = &kept.state;
    let Some(store) = book.store(&dispute.store) else { return };
    let head_of = |quarter| {
        let key = Key::quarter(&dispute.store, &dispute.seller, quarter);
        shelf.heads.iter().find(|head| head.place.is(&key)).map(|head| &head.state)
    };
    let closed = head_of(dispute.statement).is_some_and(|head| head.closed.is_some());
    asked.holds(closed, "F4", &kept.place, || format!("the statement of {} is not final", dispute.statement));
    let of_statement = shelf.rows.iter().filter(|booked| {
        booked.quarter == dispute.statement && booked.seller == dispute.seller && booked.store == dispute.store
    });
    let says = of_statement.map(|booked| &booked.row.entry).any(|entry| match (entry, &dispute.disputed) {
        (Entry::Unit(unit), Disputed::Unit { key, shipment, shipped_at, rate }) if unit.key == *key => {
            let measure = head_of(store.quarter_of(unit.shipped_at)).map(|head| head.measure).unwrap_or_default();
            let charged = charge(store, |_| Some(measure), unit).is_ok_and(|(_, charged, _)| charged == *rate);
            charged && unit.shipment == *shipment && unit.shipped_at == *shipped_at
        }
        (Entry::Contact(contact), Disputed::Contact(disputed)) => contact == disputed,
        _ => false,
    });
    asked.holds(says, "F9", &kept.place, || "its statement does not say what is disputed".into());
}
