//! Entries of the ledger: F1, that every shipped unit, metered parcel and contact of ours has exactly one entry over all
//! quarters, saying what the domain says of it, and that no entry stands there for anything else.
//!
//! Not here: what a quarter's entries come to together, and whether it is their quarter.

use super::{
    Asked,
    inquiries::Inquiries,
    item::Place,
    orders::Orders,
    shelf::{Booked, Kept, Shelf},
};
use domain::{
    book::Book,
    coverage::Fulfilment,
    id::{ContactId, ItemId, OrderId, ShipmentId, StoreId},
    inquiry::Status,
    ledger::{ContactEntry, Counting, Entry, PackageEntry, UnitEntry},
    order::{Line, Order, disposition},
};
use std::collections::{HashMap, HashSet, hash_map};

/// Entries by what they are about.
#[derive(Debug, Default)]
struct Entries<'s> {
    units: HashMap<(&'s StoreId, &'s OrderId, &'s ItemId, u16), (&'s Booked<'s>, &'s UnitEntry)>,
    packages: HashMap<(&'s StoreId, &'s OrderId, &'s ShipmentId), (&'s Booked<'s>, &'s PackageEntry)>,
    contacts: HashMap<(&'s StoreId, &'s ContactId), (&'s Booked<'s>, &'s ContactEntry)>,
}

/// Asks of each unit, parcel and contact.
pub fn check<'s>(
    asked: &mut Asked,
    book: &Book,
    shelf: &'s Shelf<'s>,
    orders: &'s Orders<'s>,
    inquiries: &Inquiries<'_>,
) {
    let mut entries = sorted(asked, shelf);
    for kept in orders.values() {
        units(asked, &mut entries, kept);
        packages(asked, &mut entries, kept);
    }
    contacts(asked, &mut entries, book, shelf, inquiries);
    for (booked, unit) in entries.units.values() {
        asked.found("F1", &booked.place, format!("no order says that {} shipped unit {}", booked.seller, unit.key));
    }
    for (booked, package) in entries.packages.values() {
        let shipment = &package.shipment;
        asked.found("F1", &booked.place, format!("no order has a metered parcel {shipment} of {}", booked.seller));
    }
    for (booked, contact) in entries.contacts.values() {
        asked.found("F1", &booked.place, format!("no record says that contact {} is ours", contact.contact));
    }
}

fn sorted<'s>(asked: &mut Asked, shelf: &'s Shelf<'s>) -> Entries<'s> {
    let mut entries = Entries::default();
    for booked in &shelf.rows {
        let before = match &booked.row.entry {
            Entry::Unit(unit) => {
                let key = (&booked.store, &unit.key.order, &unit.key.item, unit.key.ordinal);
                first(&mut entries.units, key, (booked, unit), |(booked, _)| &booked.place)
            }
            Entry::Package(package) => {
                let key = (&booked.store, &package.order, &package.shipment);
                first(&mut entries.packages, key, (booked, package), |(booked, _)| &booked.place)
            }
            Entry::Contact(contact) => {
                let key = (&booked.store, &contact.contact);
                first(&mut entries.contacts, key, (booked, contact), |(booked, _)| &booked.place)
            }
            Entry::Reversal(_) | Entry::Reimbursement(_) => None,
        };
        asked.holds(before.is_none(), "F1", before.unwrap_or(&booked.place), || "it is recorded twice".into());
    }
    entries
}

/// Keeps what lies first, so that the order of reading changes nothing; gives the place of the other one.
fn first<'s, K: std::hash::Hash + Eq, T: Copy>(
    entries: &mut HashMap<K, T>,
    key: K,
    new: T,
    place: impl Fn(T) -> &'s Place<'s>,
) -> Option<&'s Place<'s>> {
    match entries.entry(key) {
        hash_map::Entry::Vacant(free) => {
            free.insert(new);
            None
        }
        hash_map::Entry::Occupied(mut taken) => {
            let old = *taken.get();
            if place(new) < place(old) {
                taken.insert(new);
                Some(place(old))
            } else {
                Some(place(new))
            }
        }
    }
}

fn units<'s>(asked: &mut Asked, entries: &mut Entries<'s>, kept: &'s Kept<'s, Order>) {
    let order = &kept.state;
    for line in &order.lines {
        for ordinal in &line.shipped {
            let Some((booked, unit)) = entries.units.remove(&(&order.store, &order.id, &line.item, *ordinal)) else {
                asked.found(
                    "F1",
                    &kept.place,
                    format!(
                        "unit {ordinal} of item {} has shipped and stands in no quarter of {}",
                        line.item, line.seller
                    ),
                );
                continue;
            };
            asked.holds(booked.seller == line.seller, "F1", &booked.place, || {
                format!("the unit is {}'s and stands with {}", line.seller, booked.seller)
            });
            said_of_unit(asked, booked, unit, line, order);
        }
    }
}

fn said_of_unit(asked: &mut Asked, booked: &Booked<'_>, unit: &UnitEntry, line: &Line, order: &Order) {
    let due = disposition(line.coverage, unit.shipped_at);
    asked.holds(unit.disposition == due, "F1", &booked.place, || {
        format!("the unit is recorded as {:?}; by its order it is {due:?}", unit.disposition)
    });
    asked.holds(order.placed_at <= unit.shipped_at, "F1", &booked.place, || {
        format!("the unit shipped at {}, before its order was placed", unit.shipped_at)
    });
    let parcel = order.parcels.get(&unit.shipment);
    asked.holds(parcel.is_some_and(|p| p.metered && p.seller == line.seller), "F1", &booked.place, || {
        format!("the order has no metered parcel {} of {}", unit.shipment, line.seller)
    });
}

fn packages<'s>(asked: &mut Asked, entries: &mut Entries<'s>, kept: &'s Kept<'s, Order>) {
    let order = &kept.state;
    for (shipment, parcel) in order.parcels.iter().filter(|(_, parcel)| parcel.metered) {
        let Some((booked, package)) = entries.packages.remove(&(&order.store, &order.id, shipment)) else {
            asked.found("F1", &kept.place, format!("parcel {shipment} is metered and stands in no quarter"));
            continue;
        };
        let place = (&parcel.seller, parcel.booking.statement, parcel.booking.measured_next);
        asked.holds(place == (&booked.seller, booked.quarter, booked.row.measured_next), "F1", &booked.place, || {
            format!("its order says that it stands with {} in {}", parcel.seller, parcel.booking.statement)
        });
        let facts = (package.shipped_at, package.scanned_at, package.seller_fulfilled);
        asked.holds(
            facts == (parcel.shipped_at, parcel.scanned_at, parcel.seller_fulfilled),
            "F1",
            &booked.place,
            || "its times, or who fulfilled it, are not what its order says".into(),
        );
        let mut own = order.lines_of(&parcel.seller).map(|line| line.fulfilment == Fulfilment::Seller);
        asked.holds(own.any(|by_seller| by_seller == parcel.seller_fulfilled), "F1", &kept.place, || {
            format!("no line of {} is fulfilled as parcel {shipment} is said to be", parcel.seller)
        });
    }
}

fn contacts<'s>(
    asked: &mut Asked,
    entries: &mut Entries<'s>,
    book: &Book,
    shelf: &'s Shelf<'s>,
    inquiries: &Inquiries<'_>,
) {
    let brought: HashSet<_> = shelf.transfers.iter().map(|kept| (&kept.state.store, &kept.state.contact)).collect();
    for kept in shelf.routed.iter().filter(|kept| kept.state.inquiry.is_some()) {
        let routed = &kept.state;
        let Some((booked, entry)) = entries.contacts.remove(&(&routed.store, &routed.contact)) else {
            asked.found(
                "F1",
                &kept.place,
                format!("the contact is ours and stands in no quarter of {}", routed.seller),
            );
            continue;
        };
        let told = routed.inquiry.as_ref().and_then(|id| inquiries.get(&routed.store, id));
        let chosen = told.is_some_and(|told| told.chosen().any(|topic| topic == entry.topic));
        let same = booked.seller == routed.seller
            && Some(&entry.order) == routed.order.as_ref()
            && (entry.topic == routed.topic || chosen);
        asked.holds(same, "F1", &booked.place, || "its seller, order or topic is not that of its routing".into());
        let parts = inquiries.parts.get(&(routed.store.as_str(), &routed.contact)).map_or(&[][..], Vec::as_slice);
        if let [part] = parts {
            asked.holds(part.at == entry.received_at, "F1", &booked.place, || {
                format!("it says that it came at {}; its inquiry says {}", entry.received_at, part.at)
            });
            let counted = book.topics.get(&entry.topic).is_some_and(|topic| topic.counts);
            let merged = told.is_some_and(|told| matches!(told.inquiry.status, Status::Merged { .. }));
            let brought = brought.contains(&(&routed.store, &routed.contact));
            let fits = match entry.counts {
                Counting::Counted => counted && !part.joined && !brought,
                Counting::TopicNotCounted => !counted && !part.joined && !brought,
                Counting::Joined => (part.joined || merged) && !brought,
                Counting::SameContact => !brought,
                Counting::Transferred => brought,
                Counting::Reversed => false,
            };
            asked.holds(fits, "F1", &booked.place, || format!("the rule {} does not hold for it", entry.counts.rule()));
        }
    }
}
