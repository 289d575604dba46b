//! Retention: L4, that whatever was said in a matter that is over is erased, or waits for a clock that looks at it again. So
//! words that a restore has brought back are found, and so are those of which the clock is lost.

use super::{Asked, Moment, inquiries::Inquiries, item::Place, shelf::Shelf};
use domain::{id::ContactId, inquiry::Status};
use shell::key::Key;
use std::collections::{HashMap, HashSet};

/// What was said, and is not erased, by its partition and its place there.
type Said<'s> = HashMap<&'s str, Vec<&'s Place<'s>>>;

/// Asks of each matter that is over.
pub fn check(asked: &mut Asked, moment: Moment, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    if moment == Moment::Running {
        return;
    }
    let named = shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#retention#"));
    // Whatever the end and the number of the look.
    let clocks: HashSet<_> = named.filter_map(|name| Some(name.rsplit_once('#')?.0.rsplit_once('#')?.0)).collect();
    let mut said = Said::new();
    let lists = [&shelf.words, &shelf.answers, &shelf.notes, &shelf.comments];
    for kept in lists.into_iter().flatten().filter(|kept| kept.state.erased_at.is_none()) {
        said.entry(&kept.place.pk).or_default().push(&kept.place);
    }
    let transfers = shelf.transfers.iter().filter(|kept| !kept.state.is_erased);
    let transfers: HashMap<_, _> = transfers.map(|kept| (kept.state.contact.as_str(), &kept.place)).collect();
    let mut look = |clock: &str, partitions: &[String], contacts: &[&str]| {
        let is_set = clocks.contains(clock);
        let left = partitions.iter().filter_map(|pk| said.get(pk.as_str())).flatten().copied();
        for place in left.chain(contacts.iter().filter_map(|contact| transfers.get(contact).copied())) {
            asked.holds(is_set, "L4", place, || {
                format!("its matter is over, it is not erased, and no clock looks at {clock} again")
            });
        }
    };
    for told in inquiries.told.values().filter(|told| !told.inquiry.is_live()) {
        let inquiry = &told.inquiry;
        let own = Key::said_in(&inquiry.store, &inquiry.id, "").pk;
        // Contacts of what was merged are contacts of what it goes on in.
        let is_merged = matches!(inquiry.status, Status::Merged { .. });
        let own_contacts = if is_merged { &[] } else { inquiry.contacts.as_slice() };
        let words = own_contacts.iter().map(|contact| Key::words(&inquiry.store, contact).pk);
        let contacts: Vec<_> = own_contacts.iter().map(ContactId::as_str).collect();
        look(&format!("inquiry#{}", inquiry.id), &words.chain([own]).collect::<Vec<_>>(), &contacts);
    }
    for routed in shelf.routed.iter().map(|kept| &kept.state).filter(|routed| routed.inquiry.is_none()) {
        let clock = format!("contact#{}#{}", routed.store, routed.contact);
        look(&clock, &[Key::words(&routed.store, &routed.contact).pk], &[routed.contact.as_str()]);
    }
}
