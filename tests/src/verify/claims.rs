//! Claims and what is paid back (CLM): that each claim is what its events tell, stands among those that wait exactly while
//! it waits, that no order is contested under a claim that is not decided, and that what was granted, and nothing else,
//! has its one entry in the ledger (F1).

use super::{
    Asked,
    history::Histories,
    item::Place,
    shelf::{Booked, Kept, Shelf},
};
use domain::{
    book::Book,
    claim::{Appeal, Claim, Stage},
    id::{ClaimId, StoreId},
    ledger::Entry,
    reimbursement::of_refund,
};
use std::collections::HashMap;

/// Claims by their store and id.
pub type Claims<'s> = HashMap<(&'s StoreId, &'s ClaimId), &'s Kept<'s, Box<Claim>>>;

/// Entries that pay something back, by the seller and the cause.
type PaidBack<'s> = HashMap<(String, String), Vec<&'s Booked<'s>>>;

/// Asks of each claim, and of each entry that pays something back.
pub fn check<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>) -> Claims<'s> {
    let mut paid_back = PaidBack::new();
    for booked in &shelf.rows {
        if let Entry::Reimbursement(reimbursement) = &booked.row.entry {
            let of = format!("{}#{}", booked.store, booked.seller);
            paid_back.entry((of, reimbursement.why.to_string())).or_default().push(booked);
        }
    }
    let mut histories = Histories::of(asked, &shelf.claim_events);
    for kept in &shelf.claims {
        let claim = &kept.state;
        histories.tell(asked, ("F3", "the claim"), kept, Claim::apply);
        let waits_since = claim.waits_since();
        let stands = kept.beside.claim_key.as_deref() == waits_since.map(|_| claim.store.as_str())
            && kept.beside.waits_since == waits_since.map(|since| since.timestamp_millis());
        asked.holds(stands, "S6", &kept.place, || {
            "its place among the claims that wait is not what its state says".into()
        });
        let of = format!("{}#{}", claim.store, claim.seller);
        for wanted in granted(claim) {
            paid(asked, &kept.place, &mut paid_back, &of, &wanted);
        }
        within_its_cap(asked, book, kept);
        uncontested(asked, shelf, kept);
    }
    for kept in &shelf.remedies {
        let remedies = &kept.state;
        let of = format!("{}#{}", remedies.store, remedies.seller);
        for wanted in remedies.refunds.iter().filter_map(|refund| of_refund(refund, &remedies.order)) {
            paid(asked, &kept.place, &mut paid_back, &of, &wanted);
        }
    }
    for ((_, cause), booked) in &paid_back {
        for booked in booked {
            asked.found("F1", &booked.place, format!("it pays back what nobody granted: {cause}"));
        }
    }
    histories.orphans(asked, "F3", "events of a claim that is not there");
    shelf.claims.iter().map(|kept| ((&kept.state.store, &kept.state.id), kept)).collect()
}

/// Whether this stands in the ledger, once.
fn paid(asked: &mut Asked, place: &Place<'_>, paid_back: &mut PaidBack<'_>, of: &str, wanted: &Entry) {
    let Entry::Reimbursement(reimbursement) = wanted else { return };
    let entries = paid_back.remove(&(of.to_owned(), reimbursement.why.to_string())).unwrap_or_default();
    let fits = matches!(entries.as_slice(), [one] if one.row.entry == *wanted);
    asked
        .holds(fits, "F1", place, || format!("{} entries pay it back as it was granted; it asks for 1", entries.len()));
}

/// What the verdict, and that before the appeal, brought into the ledger.
fn granted(claim: &Claim) -> Vec<Entry> {
    let before = claim.appeal.as_ref().and_then(|Appeal { against, .. }| {
        let decided = Stage::Decided { verdict: against.clone() };
        Claim { stage: decided, appeal: None, ..claim.clone() }.reimbursement()
    });
    before.into_iter().chain(claim.reimbursement()).collect()
}

/// CLM-2: no more was granted than what was refunded, and than an order can get.
fn within_its_cap(asked: &mut Asked, book: &Book, kept: &Kept<'_, Box<Claim>>) {
    let claim = &kept.state;
    let Some(store) = book.store(&claim.store) else { return };
    let amounts = granted(claim).into_iter().map(|entry| match entry {
        Entry::Reimbursement(reimbursement) => reimbursement.amount.minor,
        Entry::Unit(_) | Entry::Contact(_) | Entry::Package(_) | Entry::Reversal(_) => 0,
    });
    let (sum, most) = (amounts.sum::<i64>(), claim.most(false, store));
    asked.holds(sum <= most.minor, "F9", &kept.place, || format!("{sum} is granted; {most} is the most"));
}

/// CLM-2: where the order is contested, the claim is decided.
fn uncontested(asked: &mut Asked, shelf: &Shelf<'_>, kept: &Kept<'_, Box<Claim>>) {
    let claim = &kept.state;
    let order = shelf.orders.iter().find(|order| order.state.id == claim.order && order.state.store == claim.store);
    let contested = order.is_some_and(|order| order.state.contest_of(&claim.seller).is_some());
    let decided = matches!(claim.stage, Stage::Decided { .. });
    asked.holds(order.is_some(), "R1", &kept.place, || format!("the order {} is not there", claim.order));
    asked.holds(!contested || decided, "R1", &kept.place, || "its order is contested, and it goes on".into());
}
