//! What becomes of a decision: a refund that was paid out, and perhaps paid back (RET-5, CLM-4), and goods that came back.

use crate::{Decided, Intake, unknown_order, wire};
use domain::{
    id::{OrderId, SellerId},
    order::Order,
    reimbursement::of_refund,
    remedy::{Remedies, RemedyEvent},
};
use shell::{failure::Failure, key::Key, store::Seen};

impl Intake<'_> {
    async fn given(&self, order: &OrderId, seller: &SellerId) -> Result<(Order, Option<Seen<Remedies>>), Failure> {
        let (order_key, key) = (Key::order(&self.store.id, order), Key::remedies(&self.store.id, seller, order));
        let found = self.shell.store.get_all(&[order_key.clone(), key.clone()]).await?;
        let known = found.state::<Order>(&order_key)?.ok_or_else(|| unknown_order(order))?;
        Ok((known.state, found.state::<Remedies>(&key)?))
    }

    /// A refund by a decision of ours was paid out. What is paid back without a claim goes into the ledger with it.
    pub(crate) async fn refunded(&self, refund: &wire::Refunded) -> Decided {
        let (order, seen) = self.given(&refund.order, &refund.seller).await?;
        let known = seen.as_ref().map(|seen| &seen.state);
        let wire::Refunded { decision, amount, issued_at, seller, .. } = refund;
        let outcome = Remedies::refund_issued(known, decision, *amount, *issued_at, &order, self.store)?;
        let entry = outcome.events.iter().find_map(|event| match event {
            RemedyEvent::Refunded(refund) => of_refund(refund, &order.id),
            RemedyEvent::Begun { .. }
            | RemedyEvent::Decided(_)
            | RemedyEvent::Returned(_)
            | RemedyEvent::WayNamed(_) => None,
        });
        let commit = self.commit().remedies(seen.as_ref(), outcome)?;
        commit.with_entry(self.shell, self.store, seller, entry).await.map(Some)
    }

    /// Units came back to their seller.
    pub(crate) async fn returned(&self, returned: &wire::Returned) -> Decided {
        let (order, seen) = self.given(&returned.order, &returned.seller).await?;
        let (known, how) = (seen.as_ref().map(|seen| &seen.state), (returned.received_at, returned.condition));
        let outcome = Remedies::return_received(known, &order, &returned.seller, &returned.units, how, self.store)?;
        self.commit().remedies(seen.as_ref(), outcome).map(Some)
    }
}
