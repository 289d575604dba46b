//! What the marketplace says: sellers, orders, shipments, scans, products, refunds, returns, that a seller wrote to its
//! customer itself, and that an order is contested elsewhere.
//!
//! Each fact is acted on once, by its own name, whatever the order in which facts arrive: one that rests on another
//! which is not there yet comes again later, and is parked if that does not help. One that changes nothing leaves its
//! mark too: the same name with another content is a conflict (F8), also where the rules would not notice.
//!
//! | fact | reads | writes, in one transaction |
//! |---|---|---|
//! | seller registered, changed | 1 `GetItem` | account, events, mail, clocks, first quarter |
//! | order placed | 1 `BatchGetItem` of its sellers and their return policies (1 more for each 45 sellers) | order |
//! | shipment confirmed | 1 `GetItem` (1 more for a quarter that is over) | order, a ledger entry per unit and parcel, facts for figures |
//! | carrier scanned | 1 `GetItem` | order, the parcel's ledger entry, a fact for figures |
//! | seller contacted customer | 1 `BatchGetItem` (1 `GetItem` more where the issue is filed elsewhere, and 1 where the seller is being asked) | thread, inquiry, request, events, what was handed over |
//! | product described | 1 `GetItem` | the product's page, if it is newer |
//! | refund issued | 1 `BatchGetItem` (order, what was given) | what was given, event, a ledger entry where it is paid back |
//! | return received | 1 `BatchGetItem` (order, what was given) | what was given, events, the clock of its refund |
//! | order contested | 1 `BatchGetItem` | order, and the claim about it that is not decided |

mod returns;
mod wire;

use domain::{
    at::{Actor, At},
    catalogue::Product,
    claim::Claim,
    contest::Contest,
    id::{OrderId, SellerId},
    insight,
    order::{Metered, Order, PlacedOrder, Scan, Shipment, unknown_order, unknown_seller},
    outcome::Outcome,
    policy::Policy,
    request::Withdrawal,
    routing::Thread,
    seller::{Seller, SellerEvent, SellerFacts},
    store::Store,
    topic::Family,
};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::Failure,
    key::Key,
    ledger::booked,
    queue::Record,
    record::filed,
    store::Seen,
};
use std::collections::{BTreeMap, BTreeSet};
use wire::What;

/// Sellers that one call reads with their policies; a call holds a hundred keys.
const SELLERS_PER_READ: usize = 45;

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let said = wire::read(&record.body, &shell.book, shell.clock.wall())?;
    let intake = Intake { shell, store: said.store, fact: said.fact, record };
    let decide = async || {
        let decided = match &said.what {
            What::Registered(seller, facts, terms, at) => intake.registered(seller, facts, terms.as_ref(), *at).await,
            What::Changed(seller, facts, at) => intake.changed(seller, facts, *at).await,
            What::Placed(order) => intake.placed(order).await,
            What::Shipped(order, shipment) => intake.shipped(order, shipment).await,
            What::Scanned(order, scan) => intake.scanned(order, scan).await,
            What::SellerWrote(order, seller, issue, at) => intake.seller_wrote(order, seller, *issue, *at).await,
            What::Described(product) => intake.described(product).await,
            What::Refunded(refund) => intake.refunded(refund).await,
            What::Returned(returned) => intake.returned(returned).await,
            What::Contested(order, contest) => intake.contested(order, contest).await,
        };
        decided.map(|commit| Some(commit.unwrap_or_else(|| intake.commit())))
    };
    record.write(shell, decide).await
}

struct Intake<'a> {
    shell: &'a Shell,
    store: &'a Store,
    fact: Fact,
    record: &'a Record,
}

type Decided = Result<Option<Commit>, Failure>;

impl Intake<'_> {
    /// A change of a seller counts from when we learn of it, so that no order is judged twice.
    fn at(&self) -> At {
        At { now: self.shell.clock.wall(), ..self.record.at(&self.fact, Actor::Marketplace) }
    }

    fn commit(&self) -> Commit {
        Commit::new(self.fact.clone(), self.at())
    }

    async fn seller(&self, seller: &SellerId) -> Result<Option<Seen<Seller>>, Failure> {
        self.shell.store.get(&Key::seller(&self.store.id, seller)).await
    }

    async fn order(&self, order: &OrderId) -> Result<Seen<Order>, Failure> {
        let found = self.shell.store.get(&Key::order(&self.store.id, order)).await?;
        found.ok_or_else(|| unknown_order(order).into())
    }

    fn changed_seller(&self, seen: Option<&Seen<Seller>>, outcome: Outcome<SellerEvent>) -> Decided {
        if outcome.is_unchanged() {
            return Ok(None);
        }
        self.commit().seller(seen, outcome).map(Some)
    }

    async fn registered(
        &self,
        seller: &SellerId,
        facts: &SellerFacts,
        terms: Option<&String>,
        occurred_at: domain::at::Instant,
    ) -> Decided {
        let seen = self.seller(seller).await?;
        let known = seen.as_ref().map(|seen| &seen.state);
        let outcome = Seller::register(known, self.store, seller, facts.clone(), terms.cloned(), occurred_at);
        let enrolled = outcome.events.iter().any(|event| matches!(event, SellerEvent::Enrolled { .. }));
        let commit = self.changed_seller(seen.as_ref(), outcome)?;
        match commit {
            Some(commit) if enrolled => commit.first_quarter(self.store, seller, occurred_at).map(Some),
            other => Ok(other),
        }
    }

    async fn changed(&self, seller: &SellerId, facts: &SellerFacts, occurred_at: domain::at::Instant) -> Decided {
        let seen = self.seller(seller).await?.ok_or_else(|| Failure::from(unknown_seller(seller)))?;
        let outcome = seen.state.change_facts(self.store, facts.clone(), occurred_at, &self.at());
        self.changed_seller(Some(&seen), outcome)
    }

    async fn placed(&self, placed: &PlacedOrder) -> Decided {
        let ids: BTreeSet<_> = placed.lines.iter().map(|line| line.seller.clone()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let (mut sellers, mut policies) = (BTreeMap::new(), BTreeMap::new());
        for some in ids.chunks(SELLERS_PER_READ) {
            let keys = some.iter().map(|id| (Key::seller(&self.store.id, id), Key::return_policy(&self.store.id, id)));
            let keys: Vec<_> = keys.collect();
            let all: Vec<_> = keys.iter().flat_map(|(seller, policy)| [seller.clone(), policy.clone()]).collect();
            let found = self.shell.store.get_all(&all).await?;
            for (id, (seller, policy)) in some.iter().zip(&keys) {
                sellers.extend(found.state::<Seller>(seller)?.map(|seen| (id.clone(), seen.state)));
                policies.extend(found.state::<Policy>(policy)?.map(|seen| (id.clone(), seen.state)));
            }
        }
        let order = Order::place(placed.clone(), &sellers, &policies, self.store, self.shell.clock.wall())?;
        self.commit().order(None, &order).map(Some)
    }

    async fn shipped(&self, order: &OrderId, shipment: &Shipment) -> Decided {
        let seen = self.order(order).await?;
        let shipped_at = shipment.shipped_at.max(seen.state.placed_at);
        let booked = booked(self.shell, self.store, &shipment.seller, shipped_at).await?;
        let Some(metered) = seen.state.clone().ship(shipment.clone(), booked.booking)? else { return Ok(None) };
        self.metered(&seen, &metered, &shipment.seller)?
            .entries(self.store, &shipment.seller, booked, metered.entries)
            .map(Some)
    }

    async fn scanned(&self, order: &OrderId, scan: &Scan) -> Decided {
        let seen = self.order(order).await?;
        let sender = seen.state.parcels.get(&scan.shipment).map(|parcel| parcel.seller.clone());
        let Some(metered) = seen.state.clone().scan(scan)? else { return Ok(None) };
        let sender = sender.ok_or_else(|| Failure::Fault(format!("parcel {} has no sender", scan.shipment)))?;
        let commit = self.metered(&seen, &metered, &sender)?;
        let replace = |commit: Commit, entry| commit.replaced_entry(self.store, &sender, metered.booking, entry);
        metered.entries.into_iter().try_fold(commit, replace).map(Some)
    }

    /// The order after a shipment or a scan, and what that adds to its seller's figures.
    fn metered(&self, seen: &Seen<Order>, metered: &Metered, seller: &SellerId) -> Result<Commit, Failure> {
        let wall = self.shell.clock.wall();
        let told = insight::metered(&seen.state, metered, wall, self.store);
        self.commit().order(Some(seen.version), &metered.order)?.facts(self.store, seller, told)
    }

    /// INQ-2: what the detail page says now.
    async fn described(&self, product: &Product) -> Decided {
        let key = Key::product(&self.store.id, &product.id);
        let seen = self.shell.store.get::<Product>(&key).await?;
        if !product.is_newer_than(seen.as_ref().map(|seen| &seen.state)) {
            return Ok(None);
        }
        self.commit().state(key, seen.map(|seen| seen.version), product).map(Some)
    }

    /// CLM-2: a claim that is not decided is denied by it. One that is filed or moves beside it is not overlooked.
    async fn contested(&self, order: &OrderId, contest: &Contest) -> Decided {
        let store = &self.store.id;
        let order_key = Key::order(store, order);
        let claim_key = Key::claim(store, &contest.seller, &Claim::id_of(store, &contest.seller, order));
        let found = self.shell.store.get_all(&[order_key.clone(), claim_key.clone()]).await?;
        let known = found.state::<Order>(&order_key)?.ok_or_else(|| Failure::from(unknown_order(order)))?;
        let claim = found.state::<Claim>(&claim_key)?;
        let Some(next) = known.state.contest(contest.clone())? else { return Ok(None) };
        let commit = self.commit().order(Some(known.version), &next)?;
        let denied = claim.as_ref().map(|seen| seen.state.order_contested(self.store, &self.at()));
        match denied.filter(|outcome| !outcome.is_unchanged()) {
            Some(outcome) => commit.claim(claim.as_ref(), outcome).map(Some),
            None => Ok(Some(commit.unchanged_since(claim_key, claim.map(|seen| seen.version)))),
        }
    }

    /// RTE-6: the issue is the seller's from now on; an inquiry about it is handed over.
    async fn seller_wrote(
        &self,
        order: &OrderId,
        seller: &SellerId,
        issue: Family,
        at: domain::at::Instant,
    ) -> Decided {
        let order_key = Key::order(&self.store.id, order);
        let thread_key = Key::thread(&self.store.id, order, seller);
        let inquiry_key = |issue| Key::inquiry(&self.store.id, order, seller, issue);
        let found = self.shell.store.get_all(&[order_key.clone(), thread_key.clone(), inquiry_key(issue)]).await?;
        let known = found.state::<Order>(&order_key)?.ok_or_else(|| Failure::from(unknown_order(order)))?;
        if known.state.lines_of(seller).next().is_none() {
            return Err(Failure::bad_field(
                "unknown_unit",
                "seller_id",
                format!("{seller} sells nothing in this order"),
            ));
        }
        let seen_thread = found.state::<Thread>(&thread_key)?;
        let thread = seen_thread.as_ref().map(|seen| seen.state.clone()).unwrap_or_default();
        let Some(next) = thread.take_over(issue) else { return Ok(None) };
        let inquiry = filed(self.shell, &found, inquiry_key, (issue, thread.issue_of(issue))).await?;
        let outcome = inquiry.as_ref().map_or_else(Outcome::unchanged, |seen| seen.state.seller_took_over(at));
        let commit = self.commit().state(thread_key, seen_thread.map(|seen| seen.version), &next)?;
        let commit = match &inquiry {
            Some(seen) => commit.withdrawn(self.shell, &seen.state, Withdrawal::HandedToSeller, &self.at()).await?,
            None => commit,
        };
        commit.inquiry(self.store, inquiry.as_ref(), outcome).map(Some)
    }
}
