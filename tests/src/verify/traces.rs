//! Marks of what was done: the mark is written in the transaction of what it marks, so a mark alone is a part of one.
//! It is worse than nothing at all, because it keeps the fact from being acted on again. And R3: a contact whose words
//! were taken is routed, or waits, or is parked with its reason.

use super::{
    Asked, Moment,
    item::{Place, place_of},
    orders::Orders,
    requests::Requests,
    sellers::Sellers,
    shelf::Shelf,
};
use domain::{
    contact::Contact,
    id::{ContactId, OrderId, SellerId, StoreId},
    ledger::QuarterHead,
    request::Progress,
};
use shell::key::Key;
use std::collections::{HashMap, HashSet};

/// What is there, by the parts of a mark.
struct Traces<'s> {
    routed: HashSet<(&'s str, &'s str)>,
    heads: HashMap<&'s str, &'s QuarterHead>,
    requests: HashMap<&'s str, &'s Progress>,
    taken_over: HashSet<(&'s str, &'s str, &'s str, &'s str)>,
    orders: &'s Orders<'s>,
    sellers: &'s Sellers<'s>,
}

/// Asks of each mark and of each customer's words.
pub fn check(
    asked: &mut Asked,
    moment: Moment,
    shelf: &Shelf<'_>,
    sellers: &Sellers<'_>,
    orders: &Orders<'_>,
    requests: &Requests<'_>,
) {
    let threads = shelf.threads.iter().flat_map(|of| {
        let issues = of.thread.taken_over.iter();
        issues.map(|issue| (of.store.as_str(), of.order.as_str(), of.seller.as_str(), issue.as_str()))
    });
    let traces = Traces {
        routed: shelf.routed.iter().map(|k| (k.state.store.as_str(), k.state.contact.as_str())).collect(),
        heads: shelf.heads.iter().map(|kept| (kept.place.pk.as_ref(), &kept.state)).collect(),
        requests: requests.iter().map(|((_, id), kept)| (id.as_str(), &kept.state.progress)).collect(),
        taken_over: threads.collect(),
        orders,
        sellers,
    };
    for kept in &shelf.markers {
        asked.holds(kept.state.digest.len() == 64, "X6", &kept.place, || "its digest is none".into());
        let fact: Vec<_> = kept.place.pk.split('#').collect();
        traces.ask(asked, &kept.place, &fact);
    }
    if moment == Moment::Still {
        words(asked, shelf, &traces);
    }
}

impl Traces<'_> {
    fn ask(&self, asked: &mut Asked, place: &Place<'_>, fact: &[&str]) {
        let mut marks = |holds: bool, invariant, what: &str| {
            asked.holds(holds, invariant, place, || format!("it says that this was done: {what}"));
        };
        match *fact {
            ["contact-router", store, contact] => {
                let routed = self.routed.contains(&(store, contact));
                marks(routed, "R1", "the contact was routed; no record says where to");
            }
            ["fee-statement", what, store, seller, quarter] => {
                let head = self.heads.get(format!("{store}#{seller}#{quarter}").as_str());
                let done = match what {
                    "measured" => head.is_some_and(|head| head.measured),
                    _ => head.is_some_and(|head| head.closed.is_some()),
                };
                marks(done, "F4", &format!("the quarter was {what}; its head does not say so"));
            }
            ["sla-clock", "request_expiry", request] => {
                let expired = matches!(self.requests.get(request), Some(Progress::Expired { .. }));
                marks(expired, "S1", "the request expired; it has not");
            }
            ["marketplace-intake", "seller_registered", store, seller] => {
                marks(self.seller(store, seller), "X4", "the seller was registered; it is not there");
            }
            ["marketplace-intake", "order_placed", store, order] => {
                let known = self.order(store, order, |_| true);
                marks(known, "X4", "the order was placed; it is not there");
            }
            ["marketplace-intake", "shipment_confirmed", store, order, shipment, _] => {
                let parcel = self.order(store, order, |o| o.parcels.keys().any(|id| id.as_str() == shipment));
                marks(parcel, "X4", "the shipment was confirmed; its order does not know it");
            }
            ["marketplace-intake", "carrier_scanned", store, order, shipment, _, _] => {
                let scanned = self.order(store, order, |o| {
                    o.parcels.iter().any(|(id, parcel)| id.as_str() == shipment && parcel.scanned_at.is_some())
                });
                marks(scanned, "X4", "the parcel was scanned; its order does not know it");
            }
            ["marketplace-intake", "seller_contacted_customer", store, order, seller, issue, _] => {
                let taken = self.taken_over.contains(&(store, order, seller, issue));
                marks(taken, "R5", "the seller took the issue over; the thread does not know it");
            }
            _ => asked.checks += 1,
        }
    }

    fn seller(&self, store: &str, seller: &str) -> bool {
        let ids = store.parse::<StoreId>().ok().zip(seller.parse::<SellerId>().ok());
        ids.is_some_and(|(store, seller)| self.sellers.contains_key(&(&store, &seller)))
    }

    fn order(&self, store: &str, order: &str, is: impl Fn(&domain::order::Order) -> bool) -> bool {
        let ids = store.parse::<StoreId>().ok().zip(order.parse::<OrderId>().ok());
        ids.and_then(|(store, order)| self.orders.get(&(&store, &order)).map(|kept| is(&kept.state))).unwrap_or(false)
    }
}

/// R3: nothing that a customer said vanishes.
fn words(asked: &mut Asked, shelf: &Shelf<'_>, traces: &Traces<'_>) {
    let waiting: HashSet<_> =
        shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#contact#")).collect();
    let given_up = shelf.parked.iter().filter(|kept| kept.state.function == "contact-router");
    let given_up: HashSet<_> = given_up
        .filter_map(|kept| serde_json::from_str::<Contact>(&kept.state.body).ok())
        .map(|contact| format!("{}#{}", contact.store, contact.id))
        .collect();
    for kept in &shelf.words {
        let mut parts = kept.place.pk.split('#');
        let (store, contact) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let somewhere = traces.routed.contains(&(store, contact)) || {
            let name = format!("{store}#{contact}");
            waiting.contains(name.as_str()) || given_up.contains(&name)
        };
        asked.holds(somewhere, "R3", &kept.place, || {
            let record = store.parse().ok().zip(contact.parse::<ContactId>().ok());
            let record = record.map(|(store, contact)| place_of(&Key::routed_contact(&store, &contact)));
            format!("the contact was taken, and waits nowhere; it is not at {}", record.unwrap_or_default())
        });
    }
}
