//! Marks of what was done: the mark is written in the transaction of what it marks, so a mark alone is a part of one.
//! It is worse than nothing at all, because it keeps the fact from being acted on again. And R3: a contact whose words
//! were taken is routed, or waits, or is parked with its reason.

use super::{
    Asked, Moment,
    item::{Place, place_of},
    shelf::Shelf,
};
use domain::{
    contact::Contact,
    id::ContactId,
    ledger::QuarterHead,
    order::{Order, Parcel},
    remedy::Remedies,
    request::Progress,
};
use shell::{key::Key, outbox::AGAIN};
use std::collections::{HashMap, HashSet};

/// What is there, by the parts of a mark.
struct Traces<'s> {
    routed: HashSet<(&'s str, &'s str)>,
    heads: HashMap<&'s str, &'s QuarterHead>,
    requests: HashMap<&'s str, &'s Progress>,
    surveys: HashSet<&'s str>,
    answered: HashSet<(&'s str, &'s str)>,
    taken_over: HashSet<(&'s str, &'s str, &'s str, &'s str)>,
    orders: HashMap<&'s str, &'s Order>,
    sellers: HashSet<&'s str>,
    claims: HashSet<&'s str>,
    /// As a mark names them.
    products: Vec<String>,
    refunded: HashSet<String>,
}

/// Asks of each mark and of each customer's words.
pub fn check(asked: &mut Asked, moment: Moment, shelf: &Shelf<'_>) {
    let threads = shelf.threads.iter().flat_map(|of| {
        let issues = of.thread.taken_over.iter();
        issues.map(|issue| (of.store.as_str(), of.order.as_str(), of.seller.as_str(), issue.as_str()))
    });
    let surveys = shelf.surveys.iter().map(|kept| kept.state.as_ref());
    let answered = surveys.filter(|survey| survey.score().is_some()).map(|survey| &survey.about);
    let traces = Traces {
        routed: shelf.routed.iter().map(|k| (k.state.store.as_str(), k.state.contact.as_str())).collect(),
        heads: shelf.heads.iter().map(|kept| (kept.place.pk.as_ref(), &kept.state)).collect(),
        requests: shelf.requests.iter().map(|kept| (kept.state.id.as_str(), &kept.state.progress)).collect(),
        surveys: shelf.surveys.iter().map(|kept| kept.state.about.inquiry.as_str()).collect(),
        answered: answered.map(|about| (about.store.as_str(), about.inquiry.as_str())).collect(),
        taken_over: threads.collect(),
        orders: shelf.orders.iter().map(|kept| (kept.place.pk.as_ref(), &kept.state)).collect(),
        sellers: shelf.sellers.iter().map(|kept| kept.place.pk.as_ref()).collect(),
        refunded: shelf.remedies.iter().flat_map(|kept| paid_out(&kept.state)).collect(),
        claims: shelf.claims.iter().map(|kept| kept.state.id.as_str()).collect(),
        products: shelf.products.iter().map(|kept| kept.place.pk.replacen("PRODUCT#", "", 1) + "#").collect(),
    };
    for kept in &shelf.markers {
        asked.holds(kept.state.digest.len() == 64, "X6", &kept.place, || "its digest is none".into());
        traces.ask(asked, &kept.place);
    }
    transfers(asked, shelf, &traces);
    if moment == Moment::Still {
        words(asked, shelf, &traces);
    }
}

/// The refunds of a part of an order, as a mark names them.
fn paid_out(remedies: &Remedies) -> impl Iterator<Item = String> + '_ {
    let Remedies { store, order, seller, .. } = remedies;
    remedies.refunds.iter().map(move |refund| format!("{store}#{order}#{seller}#{}", refund.decision))
}

impl Traces<'_> {
    fn ask(&self, asked: &mut Asked, place: &Place<'_>) {
        let mut marks = |holds: bool, invariant, what: &str| {
            asked.holds(holds, invariant, place, || format!("it says that this was done: {what}"));
        };
        let (scope, fact) = place.pk.split_once('#').unwrap_or_default();
        let (what, of) = fact.split_once('#').unwrap_or_default();
        match (scope, what) {
            ("contact-router", store) => {
                let routed = self.routed.contains(&(store, of));
                marks(routed, "R1", "the contact was routed; no record says where to");
            }
            ("fee-statement", "measured") => {
                let measured = self.heads.get(of).is_some_and(|head| head.measured);
                marks(measured, "F4", "the quarter was measured; its head does not say so");
            }
            ("fee-statement", "closed") => {
                let closed = self.heads.get(of).is_some_and(|head| head.closed.is_some());
                marks(closed, "F4", "the quarter was closed; its head does not say so");
            }
            ("sla-clock", "survey") => {
                let inquiry = of.split('#').next().unwrap_or_default();
                marks(self.surveys.contains(inquiry), "D1", "it was time to ask the customer; no survey says so");
            }
            ("survey-api", store) => {
                let answered = self.answered.contains(&(store, of));
                marks(answered, "D1", "the survey was answered; it does not say so");
            }
            ("sla-clock", "request_expiry") => {
                let expired = matches!(self.requests.get(of), Some(Progress::Expired { .. }));
                marks(expired, "S1", "the request expired; it has not");
            }
            ("marketplace-intake", "seller_registered") => {
                marks(self.sellers.contains(of), "X4", "the seller was registered; it is not there");
            }
            ("marketplace-intake", "order_placed") => {
                marks(self.orders.contains_key(of), "X4", "the order was placed; it is not there");
            }
            ("marketplace-intake", "shipment_confirmed") => {
                let confirmed = self.parcel(of).is_some();
                marks(confirmed, "X4", "the shipment was confirmed; its order does not know it");
            }
            ("marketplace-intake", "carrier_scanned") => {
                let scanned = self.parcel(of).is_some_and(|parcel| parcel.scanned_at.is_some());
                marks(scanned, "X4", "the parcel was scanned; its order does not know it");
            }
            ("marketplace-intake", "seller_contacted_customer") => {
                let mut parts = of.split('#');
                let mut part = || parts.next().unwrap_or_default();
                let taken = self.taken_over.contains(&(part(), part(), part(), part()));
                marks(taken, "R5", "the seller took the issue over; the thread does not know it");
            }
            ("marketplace-intake", "refund_issued") => {
                let refunded = self.refunded.contains(of);
                marks(refunded, "X4", "a refund was paid out; what was given does not know it");
            }
            ("marketplace-intake", "product_described") => {
                let product = self.products.iter().any(|known| of.starts_with(known.as_str()));
                marks(product, "X4", "the product was described; it is not there");
            }
            ("marketplace-intake", "order_contested") => {
                marks(self.is_contested(of), "X4", "the order was contested; it does not know it");
            }
            ("sla-clock", "claim_answer") => {
                let claim = of.split('#').next().unwrap_or_default();
                marks(self.claims.contains(claim), "X4", "a claim met with silence; it is not there");
            }
            _ => asked.checks += 1,
        }
    }

    /// Whether the order of `store#order#seller#kind` knows that.
    fn is_contested(&self, of: &str) -> bool {
        let Some((order, rest)) = of.match_indices('#').nth(1).map(|(at, _)| of.split_at(at)) else { return false };
        let contests = self.orders.get(order).map(|order| order.contests.as_slice()).unwrap_or_default();
        contests.iter().any(|contest| rest == format!("#{}#{}", contest.seller, contest.kind.as_str()))
    }

    /// The parcel of `store#order#shipment#…`.
    fn parcel(&self, of: &str) -> Option<&Parcel> {
        let (order, rest) = of.match_indices('#').nth(1).map(|(at, _)| of.split_at(at))?;
        let shipment = rest.split('#').nth(1)?;
        let parcels = &self.orders.get(order)?.parcels;
        parcels.iter().find(|(id, _)| id.as_str() == shipment).map(|(_, parcel)| parcel)
    }
}

/// RTE-8, P1: what a seller hands over is about its own part of an order.
fn transfers(asked: &mut Asked, shelf: &Shelf<'_>, traces: &Traces<'_>) {
    for kept in &shelf.transfers {
        let transfer = &kept.state;
        let order = traces.orders.get(format!("{}#{}", transfer.store, transfer.order).as_str());
        let sells = order.is_some_and(|order| order.lines_of(&transfer.seller).next().is_some());
        asked.holds(sells, "RTE-8", &kept.place, || {
            format!("{} sells nothing in order {}", transfer.seller, transfer.order)
        });
    }
}

/// R3: nothing that a customer said vanishes, and nothing that a seller handed over.
fn words(asked: &mut Asked, shelf: &Shelf<'_>, traces: &Traces<'_>) {
    let waiting: HashSet<_> =
        shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#contact#")).collect();
    let given_up = shelf.parked.iter().filter(|kept| kept.state.function == "contact-router");
    let given_up = given_up.map(|kept| kept.state.body.as_str());
    let is_again = |pk: &str| pk.strip_prefix("ENTRY#").is_some_and(|name| name.starts_with(AGAIN));
    let again = shelf.entries.iter().filter(|kept| is_again(&kept.place.pk));
    let given_up: HashSet<_> = given_up
        .chain(again.filter_map(|kept| kept.beside.body.as_deref()))
        .filter_map(|body| serde_json::from_str::<Contact>(body).ok())
        .map(|contact| format!("{}#{}", contact.store, contact.id))
        .collect();
    let said = shelf.words.iter().map(|kept| {
        let mut parts = kept.place.pk.split('#');
        (&kept.place, parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default())
    });
    let brought =
        shelf.transfers.iter().map(|kept| (&kept.place, kept.state.store.as_str(), kept.state.contact.as_str()));
    for (place, store, contact) in said.chain(brought) {
        let somewhere = traces.routed.contains(&(store, contact)) || {
            let name = format!("{store}#{contact}");
            waiting.contains(name.as_str()) || given_up.contains(&name)
        };
        asked.holds(somewhere, "R3", place, || {
            let record = store.parse().ok().zip(contact.parse::<ContactId>().ok());
            let record = record.map(|(store, contact)| place_of(&Key::routed_contact(&store, &contact)));
            format!("the contact was taken, and waits nowhere; it is not at {}", record.unwrap_or_default())
        });
    }
}
