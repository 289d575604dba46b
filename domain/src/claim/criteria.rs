//! CLM-2: whether a refund can be claimed back. Every criterion is asked and named with the fact that decides it, before
//! a claim is filed and once more when it is.

use super::{
    Claim,
    terms::{CountsFrom, WithoutClaim},
};
use crate::{
    at::Instant,
    contest::Contest,
    fee::BasisPoints,
    id::{DecisionId, InquiryId, OrderId, SellerId},
    money::Money,
    order::Order,
    quarter::days_later,
    remedy::Remedies,
    store::Store,
    topic::Liable,
};
use serde::{Deserialize, Serialize};

/// What a claim must meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// The service decided on the refund, and the money went back.
    RefundByService,
    /// The seller bears it.
    BorneBySeller,
    /// It was not paid back without a claim.
    NotPaidBack,
    /// The window is open.
    InTime,
    /// There was no claim about the order before.
    OneClaim,
    /// There is no A-to-z claim and no chargeback on the order.
    NotContested,
    /// What the seller shows proves what it asserts. Only a lead can tell.
    Evidence,
    /// The seller is not at fault. Only a lead can tell.
    NotAtFault,
}

impl Criterion {
    /// Every criterion.
    pub const ALL: [Self; 8] = [
        Self::RefundByService,
        Self::BorneBySeller,
        Self::NotPaidBack,
        Self::InTime,
        Self::OneClaim,
        Self::NotContested,
        Self::Evidence,
        Self::NotAtFault,
    ];

    /// Its stable name, which is that of its JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefundByService => "refund_by_service",
            Self::BorneBySeller => "borne_by_seller",
            Self::NotPaidBack => "not_paid_back",
            Self::InTime => "in_time",
            Self::OneClaim => "one_claim",
            Self::NotContested => "not_contested",
            Self::Evidence => "evidence",
            Self::NotAtFault => "not_at_fault",
        }
    }
}

/// Money that went back to the customer by a decision of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// By which decision.
    pub decision: DecisionId,
    /// Of which inquiry; none in claims that were filed before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry: Option<InquiryId>,
    /// How much.
    pub amount: Money,
    /// When.
    pub issued_at: Instant,
    /// Who bears it.
    pub liable: Liable,
    /// Why it was paid back without a claim; none where it was not.
    pub paid_back: Option<WithoutClaim>,
}

/// All that is known of a seller's part of an order, as far as a claim rests on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recourse<'a> {
    /// Whose.
    pub seller: &'a SellerId,
    /// Which order.
    pub order: &'a OrderId,
    /// What went back, by decisions of the service.
    pub refunds: Vec<Refund>,
    /// When the goods came back last.
    pub returned_at: Option<Instant>,
    /// Whether it is contested elsewhere.
    pub contest: Option<&'a Contest>,
    /// The claim about it.
    pub claim: Option<&'a Claim>,
}

/// One criterion, and the fact that decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub criterion: Criterion,
    /// Whether it is met.
    pub met: bool,
    /// Why, for the seller to read.
    pub fact: String,
}

/// Whether there can be a claim, until when, and for how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// Each criterion that is asked before a claim is filed.
    pub findings: Vec<Finding>,
    /// The refunds that can be claimed back.
    pub claimable: Vec<Refund>,
    /// The first instant that is too late for all of them; none where there is nothing to be in time for.
    pub until: Option<Instant>,
    /// The most that can be granted.
    pub most: Money,
    /// The most where the customer damaged it.
    pub most_if_damaged: Money,
}

impl Eligibility {
    /// Whether a claim can be filed.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        self.findings.iter().all(|finding| finding.met)
    }
}

impl<'a> Recourse<'a> {
    /// What is known of this seller's part.
    #[must_use]
    pub fn of(seller: &'a SellerId, order: &'a Order, remedies: Option<&Remedies>, claim: Option<&'a Claim>) -> Self {
        let refunds = remedies.into_iter().flat_map(|remedies| {
            remedies.refunds.iter().filter_map(|refund| {
                let decided = &remedies.decision(&refund.decision)?.record;
                Some(Refund {
                    decision: refund.decision.clone(),
                    inquiry: Some(decided.inquiry.clone()),
                    amount: refund.amount,
                    issued_at: refund.issued_at,
                    liable: decided.liable,
                    paid_back: refund.paid_back,
                })
            })
        });
        let returned_at = remedies.and_then(|remedies| remedies.returns.iter().map(|back| back.received_at).max());
        Self {
            seller,
            order: &order.id,
            refunds: refunds.collect(),
            returned_at,
            contest: order.contest_of(seller),
            claim,
        }
    }

    /// The first instant that is too late to claim this refund back; none where the store gives no window.
    #[must_use]
    pub fn until(&self, refund: &Refund, store: &Store) -> Option<Instant> {
        let window = store.claim_window_at(refund.issued_at)?;
        let from = match (window.counts_from, self.returned_at) {
            (CountsFrom::ReturnOrRefund, Some(returned_at)) => returned_at.max(refund.issued_at),
            (CountsFrom::ReturnOrRefund, None) | (CountsFrom::Refund, _) => refund.issued_at,
        };
        Some(days_later(store.zone, from, window.days))
    }

    /// Asks each criterion. Of those about refunds each asks what the one before has left, and fails for what it alone
    /// takes away.
    #[must_use]
    pub fn eligibility(&self, store: &Store, now: Instant) -> Eligibility {
        let borne: Vec<_> = self.refunds.iter().filter(|refund| refund.liable == Liable::Seller).collect();
        let owing: Vec<_> = borne.iter().copied().filter(|refund| refund.paid_back.is_none()).collect();
        let open = |refund: &&Refund| self.until(refund, store).is_some_and(|until| now < until);
        let claimable: Vec<_> = owing.iter().copied().filter(open).cloned().collect();
        let until = owing.iter().filter_map(|refund| self.until(refund, store)).max();

        let finding =
            |criterion, met, yes: String, no: String| Finding { criterion, met, fact: if met { yes } else { no } };
        let findings = vec![
            finding(
                Criterion::RefundByService,
                !self.refunds.is_empty(),
                format!("{} by a decision of the service.", times(self.refunds.len())),
                "Nothing was refunded by a decision of the service.".to_owned(),
            ),
            finding(
                Criterion::BorneBySeller,
                self.refunds.is_empty() || !borne.is_empty(),
                "The seller bears what was refunded.".to_owned(),
                "The seller does not bear what was refunded.".to_owned(),
            ),
            finding(
                Criterion::NotPaidBack,
                borne.is_empty() || !owing.is_empty(),
                "It was not paid back without a claim.".to_owned(),
                "It was paid back without a claim (CLM-4).".to_owned(),
            ),
            finding(
                Criterion::InTime,
                owing.is_empty() || !claimable.is_empty(),
                until.map(|until| format!("A claim can be filed until {}.", until.to_rfc3339())).unwrap_or_default(),
                until.map_or_else(
                    || "There was no claim for refunds of that time.".to_owned(),
                    |until| format!("A claim could be filed until {}.", until.to_rfc3339()),
                ),
            ),
            finding(
                Criterion::OneClaim,
                self.claim.is_none(),
                "There was no claim about this order.".to_owned(),
                self.claim
                    .map(|claim| format!("Claim {} is about this order, and there is one for each.", claim.id))
                    .unwrap_or_default(),
            ),
            finding(
                Criterion::NotContested,
                self.contest.is_none(),
                "There is no A-to-z claim and no chargeback on this order.".to_owned(),
                self.contest.map(Contest::to_string).unwrap_or_default(),
            ),
        ];
        let [most, most_if_damaged] = [false, true].map(|damaged| most(&claimable, damaged, store, now));
        Eligibility { findings, claimable, until, most, most_if_damaged }
    }
}

fn times(refunds: usize) -> String {
    match refunds {
        1 => "A refund was issued".to_owned(),
        more => format!("{more} refunds were issued"),
    }
}

/// CLM-2: the most that can be granted for these refunds: all of them, or the share where the customer damaged it, and
/// no more than an order's cap of that time. A part of a minor unit is dropped.
#[must_use]
pub fn most(refunds: &[Refund], customer_damaged: bool, store: &Store, filed_at: Instant) -> Money {
    let Some(terms) = store.claim_terms_at(filed_at) else { return Money::new(0, store.currency) };
    let refunded: i128 = refunds.iter().map(|refund| i128::from(refund.amount.minor)).sum();
    let share = if customer_damaged { terms.customer_damaged } else { BasisPoints(10_000) };
    let shared = refunded.saturating_mul(i128::from(share.0)).wrapping_div(10_000);
    let capped = shared.min(i128::from(terms.most.minor));
    Money::new(i64::try_from(capped).unwrap_or(terms.most.minor), store.currency)
}

#[cfg(test)]
mod tests;
