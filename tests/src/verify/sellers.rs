//! Sellers: E1, that their periods are half-open, ordered, apart, and what their events tell; E2, that an opt-in takes
//! effect within the hour; E6, that nobody is enrolled by default twice.

use super::{
    Asked,
    history::{Happened, Histories},
    shelf::{Kept, Shelf},
};
use chrono::TimeDelta;
use domain::{
    at::{Instant, after},
    book::Book,
    id::{SellerId, StoreId},
    seller::{Enrolling, Seller, SellerEvent},
};
use std::collections::HashMap;

/// The promise: service within an hour of opting in.
const PROMISE: TimeDelta = TimeDelta::hours(1);

/// A seller, and what others need to know of it.
#[derive(Debug)]
pub struct Known<'s> {
    pub kept: &'s Kept<'s, Seller>,
    /// When it first asked to be enrolled, or was registered so: its first quarter is that of this instant.
    pub begun: Option<Instant>,
}

/// Every seller, by store and id.
pub type Sellers<'s> = HashMap<(&'s StoreId, &'s SellerId), Known<'s>>;

/// Asks of each seller.
pub fn check<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>) -> Sellers<'s> {
    let mut histories = Histories::of(asked, &shelf.seller_events);
    let mut sellers = Sellers::with_capacity(shelf.sellers.len());
    for kept in &shelf.sellers {
        let seller = &kept.state;
        let events = histories.of_thing(asked, "E1", kept);
        let begun = told(asked, kept, &events);
        periods(asked, kept);
        asked.holds(book.store(&seller.store).is_some(), "X6", &kept.place, || {
            format!("{} is no store of the book", seller.store)
        });
        sellers.insert((&seller.store, &seller.id), Known { kept, begun });
    }
    histories.orphans(asked, "E1", "an event of a seller whose account is not there");
    sellers
}

/// Folds the events; says when the seller was first to be enrolled.
fn told(asked: &mut Asked, kept: &Kept<'_, Seller>, events: &[Happened<'_, SellerEvent>]) -> Option<Instant> {
    let (mut state, mut begun, mut registered) = (None::<Seller>, None, None);
    for event in events {
        if let SellerEvent::Registered { occurred_at, .. } = &event.row.event {
            registered = Some((event.version, *occurred_at));
        }
        if let SellerEvent::Enrolled { starts_at, .. } = &event.row.event {
            // Who is enrolled on registering is so from when that happened, however late it was told.
            let from = registered.filter(|(version, _)| *version == event.version).map_or(event.row.at, |(_, at)| at);
            let last_end = state.as_ref().and_then(|s| s.periods.last()).and_then(|last| last.ended.as_ref());
            let latest = last_end.map_or(after(from, PROMISE), |end| end.at.max(after(from, PROMISE)));
            asked.holds(from <= *starts_at && *starts_at <= latest, "E2", event.place, || {
                format!("service was asked for at {from} and starts at {starts_at}, which is not within the hour")
            });
            begun = begun.or(Some(from));
        }
        state = Seller::apply(state, &event.row.event);
    }
    asked.holds(state.as_ref() == Some(&kept.state), "E1", &kept.place, || {
        "the account is not what its events tell".into()
    });
    begun
}

fn periods(asked: &mut Asked, kept: &Kept<'_, Seller>) {
    let periods = &kept.state.periods;
    for (n, period) in periods.iter().enumerate() {
        if let Some(end) = &period.ended {
            asked.holds(period.starts_at <= end.at, "E1", &kept.place, || {
                format!("period {} ends at {}, before it starts", n + 1, end.at)
            });
        }
    }
    for (n, pair) in periods.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        match &one.ended {
            None => asked.found("E1", &kept.place, format!("period {} is open, and another follows it", n + 1)),
            Some(end) => {
                asked.holds(end.at <= next.starts_at, "E1", &kept.place, || {
                    format!("period {} starts at {}, before the one before ends", n + 2, next.starts_at)
                });
            }
        }
    }
    let by_default = periods.iter().filter(|period| period.opened_by == Enrolling::ByDefault).count();
    asked.holds(by_default <= 1, "E6", &kept.place, || format!("it was enrolled by default {by_default} times"));
}
