//! One notice of each kind in each of its shapes: what the tests of letters read, and `cargo xtask mails` writes down to be
//! looked at. Nothing that runs asks for them.
#![expect(clippy::unwrap_used, reason = "what is written here is right, or no test of a letter passes")]

use crate::{
    gathered::Gathered,
    letter::{self, Facts, Letter},
    mime::Envelope,
};
use chrono::Days;
use domain::{
    at::Instant,
    book::Book,
    claim::criteria::Criterion,
    decision::DecisionKind,
    fee::{BasisPoints, TierName},
    id::{ClaimId, DecisionId, InquiryId, RequestId},
    inquiry::HandOver,
    money::Money,
    notice::{ClaimStep, DecisionFacts, Notice, NoticeKind},
    question::QuestionKind,
    received::Cause,
    routing::Reason,
    seller::{Enrolling, SellerLanguage},
    store::Store,
    transfer::Outcome,
};
use shell::failure::Failure;
use std::{fmt::Debug, str::FromStr};

/// Where links lead.
pub const PORTAL: &str = "https://portal.example";

/// What stands for what is signed in a link.
pub const SIGNED: &str = "dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw";

/// Where mails of a kind are ended.
const STOP: &str = "https://portal.example/unsubscribe/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw";

/// From whom and to whom a sample is mailed.
pub const ENVELOPE: Envelope<'static> = Envelope {
    from: "no-reply@service.example",
    host: "mail.example",
    to: "li.wei@seller.example",
    automatic: true,
    reply_to: None,
    stop: None,
};

/// What an associate wrote.
pub const SAID: &str = "It left on Monday, with UPS & Co.\nLook for <1Z999> there.";

/// A notice, and what tells it from others of its kind.
#[derive(Debug, Clone)]
pub struct Sample {
    /// In a few words, apart by `_`.
    pub shape: String,
    /// What it says.
    pub notice: Notice,
    /// What an associate wrote, in an answer.
    pub words: &'static str,
    /// What happened on the day, in a digest.
    pub gathered: Gathered,
}

impl Sample {
    pub(crate) fn of((shape, notice): (String, Notice)) -> Self {
        let words = if matches!(notice.kind, NoticeKind::Answer { .. }) { SAID } else { "" };
        let gathered = if matches!(notice.kind, NoticeKind::Digest { .. }) { day() } else { Gathered::default() };
        Self { shape, notice, words, gathered }
    }

    /// It, as it is written in a language.
    pub fn letter(&self, store: &Store, language: SellerLanguage) -> Result<Letter, Failure> {
        letter::write(self.facts(store, language))
    }

    /// From whom and to whom it is mailed, and where an answer goes.
    #[must_use]
    pub fn envelope(&self, store: &Store) -> Envelope<'static> {
        let facts = self.facts(store, SellerLanguage::En);
        Envelope {
            to: if facts.for_seller() { ENVELOPE.to } else { "ana@mail.example" },
            automatic: !facts.is_answer(),
            reply_to: facts.is_answerable().then_some("reply+sample@mail.example"),
            stop: facts.stop().map(|_| STOP),
            ..ENVELOPE
        }
    }

    fn facts<'a>(&'a self, store: &'a Store, language: SellerLanguage) -> Facts<'a> {
        let Self { notice, words, gathered, .. } = self;
        Facts { notice, store, portal: PORTAL, signed: SIGNED, words, language, gathered }
    }
}

/// Each kind in each of its shapes.
#[must_use]
pub fn every() -> Vec<Sample> {
    let appeal = Some("2026-07-16T21:00:37Z");
    let refund = refund();
    let abroad = DecisionFacts { return_method_by: Some(utc("2026-06-21T21:00:37Z")), ..refund.clone() };
    let accepting = DecisionFacts { kind: DecisionKind::ReturnAuthorised, amount: None, ..abroad.clone() };
    let mut all = vec![
        ("opted_in".to_owned(), enrolled(Enrolling::OptIn, Some("2026-09-14T21:00:37Z"))),
        ("by_default".to_owned(), enrolled(Enrolling::ByDefault, Some("2026-09-14T21:00:37Z"))),
        ("opted_in_after_the_trial".to_owned(), enrolled(Enrolling::OptIn, Some("2026-05-01T07:00:00Z"))),
        ("without_a_trial".to_owned(), enrolled(Enrolling::OptIn, None)),
        ("14_days".to_owned(), trial_ending(14)),
        ("3_days".to_owned(), trial_ending(3)),
        ("approved".to_owned(), policy_decided(None)),
        ("rejected".to_owned(), policy_decided(Some("Say which toys come back."))),
        ("12_hours".to_owned(), reminded(12)),
        ("4_hours".to_owned(), reminded(4)),
        ("1_hour".to_owned(), reminded(1)),
        ("a_person_decides".to_owned(), expired(None)),
        ("decided".to_owned(), expired(Some(refund))),
        ("decided_from_abroad".to_owned(), expired(Some(abroad.clone()))),
        ("refund_full_from_abroad".to_owned(), decided_as(abroad)),
        ("return_authorised_from_abroad".to_owned(), decided_as(accepting)),
        ("measured".to_owned(), rate()),
        ("free_cpu".to_owned(), rate_of("0.00", TierName::FreeCpu, (1, 62))),
        ("free_volume".to_owned(), rate_of("0.00", TierName::FreeVolume, (7, 62))),
        ("default".to_owned(), rate_of("0.25", TierName::Default, (0, 0))),
        ("final".to_owned(), statement()),
        ("open".to_owned(), invitation()),
        ("asked".to_owned(), survey()),
        ("granted".to_owned(), claim_granted(appeal)),
        ("granted_on_appeal".to_owned(), claim_granted(None)),
        ("denied_on_appeal".to_owned(), claim_denied(Criterion::Evidence, None)),
        ("asked".to_owned(), claim_moved(ClaimStep::Asked { due_at: utc("2026-06-16T21:00:37Z") })),
        ("fell_silent".to_owned(), claim_moved(ClaimStep::FellSilent { effective_at: utc("2026-06-16T21:00:37Z") })),
    ];
    all.extend([
        ("said".to_owned(), answer()),
        ("of_a_day".to_owned(), digest()),
        ("taken".to_owned(), routed(Outcome::Taken { case_id: case(), arrival: None })),
    ]);
    let not_covered = [Reason::FulfilledByStore, Reason::BeforeEnrollment];
    all.extend(not_covered.map(|reason| (code(reason), routed(Outcome::NotCovered { reason }))));
    let not_taken_for = [Cause::NoOrder, Cause::NotTheSellers, Cause::Empty, Cause::NotGranted];
    all.extend(not_taken_for.map(|cause| (code(&cause), not_taken(cause))));
    let refused = ["already_answered", "already_decided", "request_withdrawn"];
    all.extend(refused.map(|code| (code.to_owned(), not_taken(Cause::Refused { code: code.to_owned() }))));
    all.extend(
        Criterion::ALL.map(|criterion| (format!("denied_{}", criterion.as_str()), claim_denied(criterion, appeal))),
    );
    all.extend(HAND_OVERS.map(|reason| (code(reason), handed_over(reason))));
    all.extend(QuestionKind::ALL.map(|question| (code(question), opened("2026-06-17T21:00:37Z", question))));
    for kind in DecisionKind::ALL {
        all.extend([(code(kind), decided(kind, None)), (code(kind), to_customer(kind, None))]);
        if kind.refunds() {
            let (shape, amount) = (format!("{}_with_amount", code(kind)), Some(usd("25.00")));
            all.extend([(shape.clone(), decided(kind, amount)), (shape, to_customer(kind, amount))]);
        }
    }
    all.into_iter().map(Sample::of).collect()
}

/// Each reason to hand a matter over.
const HAND_OVERS: [HandOver; 5] = [
    HandOver::SellerTookOver,
    HandOver::SellerRequested,
    HandOver::PreOrder,
    HandOver::Invoice,
    HandOver::Customization,
];

/// `refund_full` for `RefundFull`.
fn code(name: impl Debug) -> String {
    let name = format!("{name:?}");
    let apart = name.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
    apart.collect::<String>().trim_start_matches('_').to_owned()
}

fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn utc(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A store, as it is shipped.
pub(crate) fn store(name: &str) -> Store {
    Book::shipped().unwrap().store(&id(name)).unwrap().clone()
}

pub(crate) fn usd(amount: &str) -> Money {
    Money::parse(amount, store("US").currency).unwrap()
}

fn to_seller(kind: NoticeKind) -> Notice {
    Notice::to_seller(&id("US"), &id("S-1"), kind, &["sample"])
}

pub(crate) fn to_customer(decision: DecisionKind, amount: Option<Money>) -> Notice {
    let (inquiry, order) = (Some(case()), id("702-5551212"));
    let kind = NoticeKind::InquiryResolved { inquiry, order, decision, amount };
    Notice::to_customer(&id("US"), &id("C-1"), kind, &["sample"])
}

pub(crate) fn enrolled(by: Enrolling, trial_ends_at: Option<&str>) -> Notice {
    let starts_at = utc("2026-06-16T21:00:37Z");
    to_seller(NoticeKind::EnrollmentComplete { starts_at, trial_ends_at: trial_ends_at.map(utc), by })
}

pub(crate) fn trial_ending(days_left: u64) -> Notice {
    to_seller(NoticeKind::TrialEnding { ends_at: utc("2026-06-16T21:00:37Z") + Days::new(days_left), days_left })
}

pub(crate) fn opened(due_at: &str, question: QuestionKind) -> Notice {
    let (request, order) = (asked(), id("702-5551212"));
    to_seller(NoticeKind::RequestOpened { request, order, due_at: utc(due_at), question })
}

pub(crate) fn reminded(hours_left: i64) -> Notice {
    let (request, order) = (asked(), id("702-5551212"));
    to_seller(NoticeKind::RequestReminder { request, order, due_at: utc("2026-06-17T21:00:37Z"), hours_left })
}

pub(crate) fn expired(decision: Option<DecisionFacts>) -> Notice {
    let (request, order) = (asked(), id("702-5551212"));
    to_seller(NoticeKind::RequestExpired { request, order, effective_at: utc("2026-06-17T21:00:37Z"), decision })
}

pub(crate) fn decided(kind: DecisionKind, amount: Option<Money>) -> Notice {
    decided_as(DecisionFacts { kind, amount, ..refund() })
}

pub(crate) fn decided_as(decision: DecisionFacts) -> Notice {
    to_seller(NoticeKind::Decided { order: id("702-5551212"), decision })
}

/// A full refund that asks nothing of the seller in time.
pub(crate) fn refund() -> DecisionFacts {
    let (id, amount) = (Some(DecisionId::derived(&["sample"])), Some(usd("25.00")));
    DecisionFacts { id, kind: DecisionKind::RefundFull, amount, return_method_by: None }
}

/// What the seller is asked.
fn asked() -> RequestId {
    RequestId::derived(&["sample"])
}

/// The matter, which the seller knows as the case.
fn case() -> InquiryId {
    InquiryId::derived(&["sample"])
}

pub(crate) fn handed_over(reason: HandOver) -> Notice {
    to_seller(NoticeKind::HandedOver { inquiry: case(), order: id("702-5551212"), reason })
}

pub(crate) fn rate() -> Notice {
    rate_of("0.25", TierName::UpTo(BasisPoints(1_500)), (7, 62))
}

pub(crate) fn rate_of(rate: &str, tier: TierName, (contacts, units): (u64, u64)) -> Notice {
    let (quarter, rate, tier) = ("2026Q3".parse().unwrap(), usd(rate), Some(tier));
    to_seller(NoticeKind::RatePublished { quarter, rate, tier, contacts, units })
}

pub(crate) fn statement() -> Notice {
    let (quarter, total) = ("2026Q2".parse().unwrap(), usd("15.50"));
    let disputable_until = Some(utc("2026-10-01T21:00:37Z"));
    to_seller(NoticeKind::StatementReady { quarter, units: 62, total, disputable_until })
}

pub(crate) fn policy_decided(reason: Option<&str>) -> Notice {
    to_seller(NoticeKind::PolicyDecided { version: 2, reason: reason.map(str::to_owned) })
}

pub(crate) fn claim_moved(step: ClaimStep) -> Notice {
    to_seller(NoticeKind::ClaimMoved { claim: ClaimId::derived(&["sample"]), order: id("702-5551212"), step })
}

pub(crate) fn claim_granted(appeal_until: Option<&str>) -> Notice {
    claim_moved(ClaimStep::Granted { amount: usd("25.00"), appeal_until: appeal_until.map(utc) })
}

pub(crate) fn claim_denied(criterion: Criterion, appeal_until: Option<&str>) -> Notice {
    let reason = "The number you gave was never scanned.".to_owned();
    claim_moved(ClaimStep::Denied { criterion, reason, appeal_until: appeal_until.map(utc) })
}

pub(crate) fn invitation() -> Notice {
    let kind = NoticeKind::Invitation { until: utc("2026-06-30T21:00:37Z") };
    Notice::to_invited(&id("US"), &id("S-1"), &id("2v6k9d"), kind)
}

pub(crate) fn survey() -> Notice {
    let (inquiry, order) = (case(), id("702-5551212"));
    let kind = NoticeKind::Survey { inquiry, order, until: utc("2026-07-01T21:00:37Z") };
    Notice::to_customer(&id("US"), &id("C-1"), kind, &["sample"])
}

pub(crate) fn routed(outcome: Outcome) -> Notice {
    to_seller(NoticeKind::TransferRouted { order: id("702-5551212"), outcome })
}

pub(crate) fn not_taken(cause: Cause) -> Notice {
    let answers = !matches!(cause, Cause::NoOrder | Cause::NotTheSellers);
    to_seller(NoticeKind::MailNotTaken {
        order: answers.then(|| id("702-5551212")),
        request: answers.then(asked),
        received_at: Some(utc("2026-06-16T20:58:12Z")),
        cause,
    })
}

pub(crate) fn answer() -> Notice {
    let (inquiry, order) = (case(), id("702-5551212"));
    let kind = NoticeKind::Answer { inquiry, order, at: utc("2026-06-16T21:00:37Z"), cause: "2f0c".into() };
    Notice::to_customer(&id("US"), &id("C-1"), kind, &["2f0c"])
}

pub(crate) fn digest() -> Notice {
    to_seller(NoticeKind::Digest { day: "2026-06-16".parse().unwrap() })
}

/// One notice of each kind that a user may choose, and more than a digest shows.
fn day() -> Gathered {
    let lines = vec![
        trial_ending(14),
        decided(DecisionKind::RefundFull, Some(usd("25.00"))),
        claim_granted(Some("2026-07-16T21:00:37Z")),
        about("702-5551213", claim_denied(Criterion::Evidence, None)),
        about("702-5551214", claim_moved(ClaimStep::FellSilent { effective_at: utc("2026-06-16T21:00:37Z") })),
    ];
    Gathered { lines, more: 7 }
}

/// The same of the claim about another order.
fn about(other: &str, mut notice: Notice) -> Notice {
    let NoticeKind::ClaimMoved { claim, order, .. } = &mut notice.kind else { return notice };
    (*claim, *order) = (ClaimId::derived(&[other]), id(other));
    notice
}
