//! CLM-1, CLM-3: a seller claims back what the service refunded at its cost. It files once per order; a lead may ask it
//! for more, and grants an amount or denies by a named criterion. Against that there is one appeal; then it is final.
//!
//! What is granted is a [`ReimbursementEntry`] in the ledger, on the statement of the quarter in which it was granted.
//! Silence denies nothing: when the time to answer is over, a lead decides on what is there.
//!
//! Whether a claim may be filed at all is asked in [`criteria`]; what is paid back without one in
//! [`crate::reimbursement`].

pub mod criteria;
pub mod evidence;
pub mod terms;

use crate::{
    at::{At, Instant, after},
    clock::Alarm,
    id::{AssociateId, ClaimId, OrderId, SellerId, StoreId, TrackingNumber},
    ledger::Entry,
    money::Money,
    notice::{ClaimStep, Notice, NoticeKind},
    outcome::{FollowUp, Outcome, Refusal},
    quarter::days_later,
    reimbursement::{For, ReimbursementEntry},
    request::SKEW_MARGIN,
    store::Store,
};
use criteria::{Criterion, Recourse, Refund};
use evidence::{Evidence, Ground};
use serde::{Deserialize, Serialize};

/// A lead asks no oftener, so that a claim stays small enough to be kept.
pub const ROUNDS: usize = 10;

/// What a lead asked, and what the seller answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// What is asked.
    pub question: String,
    /// By whom.
    pub by: AssociateId,
    /// When.
    pub asked_at: Instant,
    /// Until when.
    pub due_at: Instant,
    /// What it answered; nothing yet, or not at all.
    pub answer: Option<ClaimAnswer>,
}

/// The seller's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimAnswer {
    /// In its words.
    pub text: String,
    /// More tracking numbers.
    pub tracking: Vec<TrackingNumber>,
    /// Which user of the seller.
    pub user: String,
    /// When.
    pub received_at: Instant,
    /// Whether the time to answer was over.
    pub late: bool,
}

/// How far a claim has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Nobody has looked at it.
    Filed,
    /// The seller has to answer the last round's question.
    AwaitingSeller,
    /// A lead looks at it, with what is there.
    UnderReview {
        /// Since when.
        since: Instant,
    },
    /// It is decided.
    Decided {
        /// How.
        verdict: Verdict,
    },
}

/// How a claim, or its appeal, was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// So much is paid back, in all.
    Granted {
        /// How much.
        amount: Money,
        /// When.
        at: Instant,
        /// By whom.
        by: AssociateId,
    },
    /// No, by this criterion.
    Denied {
        /// Which.
        criterion: Criterion,
        /// Why, for the seller to read.
        reason: String,
        /// When.
        at: Instant,
        /// By whom; by the rule itself where it is nobody.
        by: Option<AssociateId>,
    },
}

/// The one appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// What the seller says against the verdict.
    pub text: String,
    /// Which user of the seller.
    pub user: String,
    /// When.
    pub filed_at: Instant,
    /// What it is against. What was granted stays granted, whatever becomes of the appeal.
    pub against: Verdict,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which.
    pub id: ClaimId,
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// About which order.
    pub order: OrderId,
    /// What is claimed back: the refunds that could be when it was filed.
    pub refunds: Vec<Refund>,
    /// What the seller shows for it.
    pub evidence: Evidence,
    /// Which user of the seller.
    pub user: String,
    /// When.
    pub filed_at: Instant,
    /// What was asked since.
    pub rounds: Vec<Round>,
    /// How far it has come.
    #[serde(flatten)]
    pub stage: Stage,
    /// The one appeal.
    pub appeal: Option<Appeal>,
}

/// What happened to a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ClaimEvent {
    /// The seller filed it.
    Filed(Box<Claim>),
    /// A lead asked for more.
    Asked(Round),
    /// The seller answered.
    Answered(ClaimAnswer),
    /// The seller did not.
    FellSilent {
        /// The end of its time, whenever that was noticed.
        effective_at: Instant,
    },
    /// It was decided.
    Decided(Verdict),
    /// The seller appealed.
    Appealed(Appeal),
}

impl Claim {
    /// CLM-2: one claim per order, so its id is derived from that.
    #[must_use]
    pub fn id_of(store: &StoreId, seller: &SellerId, order: &OrderId) -> ClaimId {
        ClaimId::derived(&[store.as_str(), seller.as_str(), order.as_str()])
    }

    /// The seller files. Refused by every criterion that is not met.
    pub fn file(
        recourse: &Recourse<'_>,
        evidence: Evidence,
        user: String,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        let eligibility = recourse.eligibility(store, at.now);
        let failed: Vec<_> = eligibility.findings.iter().filter(|finding| !finding.met).collect();
        if !failed.is_empty() {
            let said: Vec<_> = failed.iter().map(|finding| finding.fact.as_str()).collect();
            let refusal = Refusal::state("CLM-2", "criteria_unmet", said.join(" "));
            return Err(Refusal {
                unmet: failed.iter().map(|finding| finding.criterion.as_str()).collect(),
                ..refusal
            });
        }
        Ok(Outcome::of(vec![ClaimEvent::Filed(Box::new(Self {
            id: Self::id_of(&store.id, recourse.seller, recourse.order),
            store: store.id.clone(),
            seller: recourse.seller.clone(),
            order: recourse.order.clone(),
            refunds: eligibility.claimable,
            evidence,
            user,
            filed_at: at.now,
            rounds: Vec::new(),
            stage: Stage::Filed,
            appeal: None,
        }))]))
    }

    /// A lead asks the seller for more; until the answer, or the end of its time, nothing is decided.
    pub fn ask(
        &self,
        question: String,
        by: &AssociateId,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        self.before_a_lead()?;
        if self.rounds.len() >= ROUNDS {
            let sentence = "So much was asked about this claim that nothing more can be: decide it on what is there.";
            return Err(Refusal::state("CLM-3", "asked_enough", sentence));
        }
        let due_at = days_later(store.zone, at.now, store.claim_terms_at(self.filed_at).map_or(0, |t| t.answer_days));
        let round = Round { question, by: by.clone(), asked_at: at.now, due_at, answer: None };
        let alarm = Alarm::ClaimAnswer {
            store: self.store.clone(),
            seller: self.seller.clone(),
            claim: self.id.clone(),
            round: self.rounds.len(),
        };
        Ok(Outcome::of(vec![ClaimEvent::Asked(round)])
            .then(FollowUp::Alarm { at: after(due_at, SKEW_MARGIN), alarm })
            .then(self.moved(&ClaimStep::Asked { due_at })))
    }

    /// The seller answers: in time, or late as long as nothing is decided.
    pub fn answer(
        &self,
        text: String,
        tracking: Vec<TrackingNumber>,
        user: String,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        if let Stage::Decided { .. } = self.stage {
            return Err(decided());
        }
        let Some(round) = self.rounds.last().filter(|round| round.answer.is_none()) else {
            let sentence = "Nothing is asked about this claim, or it is answered already; the first answer stands.";
            return Err(Refusal::state("CLM-3", "nothing_asked", sentence));
        };
        let answer = ClaimAnswer { text, tracking, user, received_at: at.now, late: at.now > round.due_at };
        Ok(Outcome::of(vec![ClaimEvent::Answered(answer)]))
    }

    /// The time to answer this round is over. Unchanged where the seller has answered, or the rule has decided.
    pub fn fall_silent(&self, round: usize, at: &At) -> Result<Outcome<ClaimEvent>, Refusal> {
        let latest = self.rounds.last().filter(|_| self.rounds.len() == round.saturating_add(1));
        let Some(asked) = latest.filter(|_| self.stage == Stage::AwaitingSeller) else {
            return Ok(Outcome::unchanged());
        };
        if at.now < after(asked.due_at, SKEW_MARGIN) {
            let sentence =
                format!("The seller has until {}, and it is looked at after that.", asked.due_at.to_rfc3339());
            return Err(Refusal::not_yet("CLM-3", "not_due", sentence));
        }
        let effective_at = asked.due_at;
        Ok(Outcome::of(vec![ClaimEvent::FellSilent { effective_at }])
            .then(self.moved(&ClaimStep::FellSilent { effective_at })))
    }

    /// A lead grants an amount within the cap; on appeal more than was granted before, of which the difference is new.
    pub fn grant(
        &self,
        amount: Money,
        customer_damaged: bool,
        by: &AssociateId,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        self.before_a_lead()?;
        let most = self.most(customer_damaged, store);
        let before = self.granted_before();
        if amount.minor <= before.map_or(0, |before| before.minor) || amount.minor > most.minor {
            let least = before.map(|before| format!(", and more than {before}")).unwrap_or_default();
            let sentence = format!("At most {most} can be granted for this order{least}.");
            return Err(Refusal::state("CLM-2", "outside_cap", sentence));
        }
        Ok(self.judged(Verdict::Granted { amount, at: at.now, by: by.clone() }, store))
    }

    /// A lead denies by a criterion. An appeal that is denied leaves what was granted before.
    pub fn deny(
        &self,
        criterion: Criterion,
        reason: String,
        by: &AssociateId,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        self.before_a_lead()?;
        Ok(self.judged(Verdict::Denied { criterion, reason, at: at.now, by: Some(by.clone()) }, store))
    }

    /// CLM-2: the order is contested elsewhere. A claim that is not decided is denied by that; a decided one stays.
    #[must_use]
    pub fn order_contested(&self, store: &Store, at: &At) -> Outcome<ClaimEvent> {
        if let Stage::Decided { .. } = self.stage {
            return Outcome::unchanged();
        }
        let reason = "An A-to-z claim or a chargeback was opened on this order.".to_owned();
        let criterion = Criterion::NotContested;
        self.judged(Verdict::Denied { criterion, reason, at: at.now, by: None }, store)
    }

    /// The seller appeals, once, within the days that the store gives. A contested order leaves no appeal.
    pub fn appeal(
        &self,
        text: String,
        user: String,
        contested: bool,
        store: &Store,
        at: &At,
    ) -> Result<Outcome<ClaimEvent>, Refusal> {
        let no = |code, sentence: &str| Err(Refusal::state("CLM-3", code, sentence));
        if self.appeal.is_some() {
            return no("already_appealed", "There is an appeal, and there can be no other one; its verdict is final.");
        }
        let Stage::Decided { verdict } = &self.stage else {
            return no("not_decided", "This claim is not decided yet; it can be appealed once it is.");
        };
        if contested {
            return no(
                "order_contested",
                "There is an A-to-z claim or a chargeback on this order, so its claim cannot be appealed.",
            );
        }
        let until = self.appeal_until(store).unwrap_or(at.now);
        if at.now >= until {
            return no("appeal_too_late", &format!("This claim could be appealed until {}.", until.to_rfc3339()));
        }
        Ok(Outcome::of(vec![ClaimEvent::Appealed(Appeal { text, user, filed_at: at.now, against: verdict.clone() })]))
    }

    /// Until when the seller has to answer; none where nothing is asked.
    #[must_use]
    pub fn answer_until(&self) -> Option<Instant> {
        self.rounds.last().filter(|_| self.stage == Stage::AwaitingSeller).map(|round| round.due_at)
    }

    /// The first instant that is too late for an appeal; none before there is a verdict and after an appeal.
    #[must_use]
    pub fn appeal_until(&self, store: &Store) -> Option<Instant> {
        let Stage::Decided { verdict } = &self.stage else { return None };
        let days = store.claim_terms_at(self.filed_at).map_or(0, |terms| terms.appeal_days);
        self.appeal.is_none().then(|| days_later(store.zone, verdict.at(), days))
    }

    /// Whether nothing can change it any more.
    #[must_use]
    pub fn is_final(&self, store: &Store, now: Instant) -> bool {
        matches!(self.stage, Stage::Decided { .. }) && self.appeal_until(store).is_none_or(|until| now >= until)
    }

    /// Since when it waits for a lead; not, while the seller has to answer, and not once it is decided.
    #[must_use]
    pub fn waits_since(&self) -> Option<Instant> {
        match self.stage {
            Stage::Filed => Some(self.filed_at),
            Stage::UnderReview { since } => Some(since),
            Stage::AwaitingSeller | Stage::Decided { .. } => None,
        }
    }

    /// CLM-2: the most that can be granted: what was refunded, or the share of it where the customer damaged it (by
    /// what the seller asserts, or what the lead found), and no more than the cap of an order.
    #[must_use]
    pub fn most(&self, customer_damaged: bool, store: &Store) -> Money {
        let damaged = customer_damaged || self.evidence.ground == Ground::CustomerDamaged;
        criteria::most(&self.refunds, damaged, store, self.filed_at)
    }

    /// What the verdict, or that of the appeal, brings into the ledger: nothing where it was denied, and on appeal what
    /// is more than before.
    #[must_use]
    pub fn reimbursement(&self) -> Option<Entry> {
        let Stage::Decided { verdict: Verdict::Granted { amount, at, .. } } = &self.stage else { return None };
        let before = self.granted_before().map_or(0, |before| before.minor);
        let claim = self.id.clone();
        Some(Entry::Reimbursement(ReimbursementEntry {
            why: if self.appeal.is_some() { For::Appeal { claim } } else { For::Claim { claim } },
            order: self.order.clone(),
            amount: Money::new(amount.minor.saturating_sub(before), amount.currency),
            granted_at: *at,
        }))
    }

    /// What was granted before the appeal.
    #[must_use]
    pub fn granted_before(&self) -> Option<Money> {
        match &self.appeal.as_ref()?.against {
            Verdict::Granted { amount, .. } => Some(*amount),
            Verdict::Denied { .. } => None,
        }
    }

    /// Whether it is a lead's turn.
    fn before_a_lead(&self) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Filed | Stage::UnderReview { .. } => Ok(()),
            Stage::AwaitingSeller => {
                let until = self.answer_until().map(|until| until.to_rfc3339()).unwrap_or_default();
                let sentence =
                    format!("The seller was asked and has until {until}; decide once it has answered, or after that.");
                Err(Refusal::state("CLM-3", "waiting_for_seller", sentence))
            }
            Stage::Decided { .. } => Err(decided()),
        }
    }

    fn judged(&self, verdict: Verdict, store: &Store) -> Outcome<ClaimEvent> {
        let event = ClaimEvent::Decided(verdict.clone());
        let next = Self { stage: Stage::Decided { verdict: verdict.clone() }, ..self.clone() };
        let appeal_until = next.appeal_until(store);
        let step = match verdict {
            Verdict::Granted { amount, .. } => ClaimStep::Granted { amount, appeal_until },
            Verdict::Denied { criterion, reason, .. } => ClaimStep::Denied { criterion, reason, appeal_until },
        };
        Outcome::of(vec![event]).then(self.moved(&step))
    }

    /// NTF-1: the claim moved. Each step of each round, of the claim and of its appeal, is a cause of its own.
    fn moved(&self, step: &ClaimStep) -> Notice {
        let of = if self.appeal.is_some() { "appeal" } else { "claim" };
        let cause = [self.id.as_str(), of, step.name(), &self.rounds.len().to_string()];
        let kind = NoticeKind::ClaimMoved { claim: self.id.clone(), order: self.order.clone(), step: step.clone() };
        Notice::to_seller(&self.store, &self.seller, kind, &cause)
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(state: Option<Self>, event: &ClaimEvent) -> Option<Self> {
        if let ClaimEvent::Filed(claim) = event {
            return Some((**claim).clone());
        }
        let mut next = state?;
        match event {
            ClaimEvent::Filed(_) => {}
            ClaimEvent::Asked(round) => {
                next.rounds.push(round.clone());
                next.stage = Stage::AwaitingSeller;
            }
            ClaimEvent::Answered(answer) => {
                let since = match next.stage {
                    Stage::UnderReview { since } => since,
                    Stage::Filed | Stage::AwaitingSeller | Stage::Decided { .. } => answer.received_at,
                };
                if let Some(round) = next.rounds.last_mut() {
                    round.answer = Some(answer.clone());
                }
                next.stage = Stage::UnderReview { since };
            }
            ClaimEvent::FellSilent { effective_at } => next.stage = Stage::UnderReview { since: *effective_at },
            ClaimEvent::Decided(verdict) => next.stage = Stage::Decided { verdict: verdict.clone() },
            ClaimEvent::Appealed(appeal) => {
                next.stage = Stage::UnderReview { since: appeal.filed_at };
                next.appeal = Some(appeal.clone());
            }
        }
        Some(next)
    }
}

impl Verdict {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::Granted { at, .. } | Self::Denied { at, .. } => *at,
        }
    }
}

fn decided() -> Refusal {
    Refusal::state(
        "CLM-3",
        "claim_decided",
        "This claim is decided: nothing can be asked, answered or decided about it now.",
    )
}

#[cfg(test)]
mod tests;
