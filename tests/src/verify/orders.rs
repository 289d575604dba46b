//! Orders: E3, that each line is covered exactly when a period of its seller holds the instant it was placed; E4, that
//! every covered line knows one and the same end of its seller's trial.

use super::{
    Asked,
    sellers::Sellers,
    shelf::{Kept, Shelf},
};
use domain::{
    book::Book,
    coverage::{Coverage, Uncovered, cover},
    id::{OrderId, StoreId},
    order::Order,
};
use std::collections::HashMap;

/// Every order, by store and id.
pub type Orders<'s> = HashMap<(&'s StoreId, &'s OrderId), &'s Kept<'s, Order>>;

/// Asks of each order.
pub fn check<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>, sellers: &Sellers<'_>) -> Orders<'s> {
    let mut orders = Orders::with_capacity(shelf.orders.len());
    for kept in &shelf.orders {
        lines(asked, book, kept, sellers);
        orders.insert((&kept.state.store, &kept.state.id), kept);
    }
    orders
}

fn lines(asked: &mut Asked, book: &Book, kept: &Kept<'_, Order>, sellers: &Sellers<'_>) {
    let order = &kept.state;
    let Some(store) = book.store(&order.store) else {
        asked.found("X6", &kept.place, format!("{} is no store of the book", order.store));
        return;
    };
    for line in &order.lines {
        let Some(seller) = sellers.get(&(&order.store, &line.seller)) else {
            asked.found("E3", &kept.place, format!("seller {} of item {} is not there", line.seller, line.item));
            continue;
        };
        let now = cover(line.fulfilment, order.placed_at, &seller.kept.state, store);
        match (line.coverage, now) {
            (Coverage::Service { trial_ends_at: stored }, Coverage::Service { trial_ends_at }) => {
                asked.holds(stored == trial_ends_at, "E4", &kept.place, || {
                    format!(
                        "item {} says the trial of {} ends at {stored}; it is {trial_ends_at}",
                        line.item, line.seller
                    )
                });
            }
            (stored, now) => {
                asked.holds(stored == now || is_gap_by_now(stored, now), "E3", &kept.place, || {
                    format!(
                        "item {} is stored as {stored:?}; by the periods of {} it is {now:?}",
                        line.item, line.seller
                    )
                });
            }
        }
        let known = line.shipped.iter().all(|ordinal| (1..=line.quantity).contains(ordinal));
        asked.holds(known, "F1", &kept.place, || format!("item {} has shipped units that it does not hold", line.item));
    }
}

/// What was after the last period lies between two once the seller has come back.
fn is_gap_by_now(stored: Coverage, now: Coverage) -> bool {
    stored == (Coverage::Seller { why: Uncovered::AfterOptOut })
        && now == (Coverage::Seller { why: Uncovered::EnrollmentGap })
}
