use super::*;
use crate::{
    contest::{Contest, ContestKind},
    testing::{MILLI, at, id, store, utc},
    topic::Liable,
};
use proptest::prelude::*;

/// 80 dollars, borne by the seller.
fn refund() -> Refund {
    Refund {
        decision: id("d1"),
        inquiry: None,
        amount: usd(8_000),
        issued_at: utc("2026-06-01T17:00:00Z"),
        liable: Liable::Seller,
        paid_back: None,
    }
}

fn usd(minor: i64) -> Money {
    Money::new(minor, store("US").currency)
}

fn evidence(ground: Ground) -> Evidence {
    Evidence { ground, tracking: vec![id("1Z-9")], condition: None, text: "It was delivered on 20 May.".into() }
}

fn file(known: Option<&Claim>, contest: Option<&Contest>, now: Instant) -> Result<Outcome<ClaimEvent>, Refusal> {
    let (seller, order) = (id("s"), id("o"));
    let refunds = vec![refund()];
    let recourse = Recourse { seller: &seller, order: &order, refunds, returned_at: None, contest, claim: known };
    Claim::file(&recourse, evidence(Ground::Delivered), "ann".into(), store("US"), &at(now))
}

fn filed_on() -> Instant {
    utc("2026-06-02T09:00:00Z")
}

fn filed() -> Claim {
    after_events(None, &file(None, None, filed_on()).unwrap())
}

fn after_events(known: Option<Claim>, outcome: &Outcome<ClaimEvent>) -> Claim {
    outcome.events.iter().fold(known, Claim::apply).unwrap()
}

fn next(claim: &Claim, outcome: Result<Outcome<ClaimEvent>, Refusal>) -> Claim {
    after_events(Some(claim.clone()), &outcome.unwrap())
}

fn code(outcome: Result<Outcome<ClaimEvent>, Refusal>) -> &'static str {
    outcome.unwrap_err().code
}

fn asked(claim: &Claim, now: Instant) -> Claim {
    next(claim, claim.ask("Who signed for it?".into(), &id("lea"), store("US"), &at(now)))
}

fn grant(claim: &Claim, minor: i64, damaged: bool, now: Instant) -> Result<Outcome<ClaimEvent>, Refusal> {
    claim.grant(usd(minor), damaged, &id("lea"), store("US"), &at(now))
}

fn deny(claim: &Claim, now: Instant) -> Result<Outcome<ClaimEvent>, Refusal> {
    claim.deny(Criterion::Evidence, "Nobody signed.".into(), &id("lea"), store("US"), &at(now))
}

fn appeal(claim: &Claim, now: Instant) -> Result<Outcome<ClaimEvent>, Refusal> {
    claim.appeal("Look at the photo.".into(), "ann".into(), false, store("US"), &at(now))
}

fn mails(outcome: &Outcome<ClaimEvent>) -> Vec<&Notice> {
    let mut mails = Vec::new();
    for follow_up in &outcome.follow_ups {
        if let FollowUp::Notice(notice) = follow_up {
            mails.push(&**notice);
        }
    }
    mails
}

fn told(outcome: &Outcome<ClaimEvent>) -> Vec<ClaimStep> {
    let step = |notice: &Notice| {
        let NoticeKind::ClaimMoved { step, .. } = &notice.kind else { panic!("{notice:?}") };
        step.clone()
    };
    mails(outcome).into_iter().map(step).collect()
}

fn paid(claim: &Claim) -> Option<(i64, String)> {
    let entry = claim.reimbursement()?;
    let Entry::Reimbursement(entry) = entry else { panic!("{entry:?}") };
    Some((entry.amount.minor, entry.why.to_string()))
}

#[test]
fn clm_3_a_claim_is_filed_once_per_order_with_what_can_be_claimed_at_that_moment() {
    let claim = filed();
    assert_eq!((claim.stage.clone(), claim.refunds.clone()), (Stage::Filed, vec![refund()]));
    assert_eq!(claim.waits_since(), Some(filed_on()));
    assert_eq!(claim.id, Claim::id_of(&id("US"), &id("s"), &id("o")));
    let again = file(Some(&claim), None, filed_on()).unwrap_err();
    assert_eq!((again.code, again.unmet), ("criteria_unmet", vec!["one_claim"]));
}

#[test]
fn clm_3_a_refusal_names_every_criterion_that_is_not_met() {
    let contest = Contest { seller: id("s"), kind: ContestKind::Chargeback, opened_at: filed_on() };
    let refusal = file(None, Some(&contest), utc("2026-07-01T17:00:00Z")).unwrap_err();
    assert_eq!(refusal.unmet, ["in_time", "not_contested"]);
    assert_eq!(
        refusal.sentence,
        "A claim could be filed until 2026-07-01T17:00:00+00:00. A chargeback was opened on this order at \
         2026-06-02T09:00:00+00:00."
    );
}

#[test]
fn clm_1_a_seller_files_what_it_should_not_bear_and_is_paid_back_what_a_lead_grants_and_nothing_before() {
    let of = |refunds: Vec<Refund>| {
        let (seller, order) = (id("s"), id("o"));
        let recourse =
            Recourse { seller: &seller, order: &order, refunds, returned_at: None, contest: None, claim: None };
        Claim::file(&recourse, evidence(Ground::Delivered), "ann".into(), store("US"), &at(filed_on()))
    };
    let unmet = |refunds| of(refunds).unwrap_err().unmet;
    assert!(unmet(Vec::new()).contains(&"refund_by_service"), "the service has refunded nothing");
    assert!(unmet(vec![Refund { liable: Liable::Carrier, ..refund() }]).contains(&"borne_by_seller"));
    let claim = after_events(None, &of(vec![refund()]).unwrap());
    assert_eq!((&claim.seller, &claim.order, paid(&claim)), (&id("s"), &id("o"), None));
    let granted = next(&claim, grant(&claim, 7_999, false, filed_on()));
    assert_eq!(paid(&granted), Some((7_999, format!("CLAIM#{}", claim.id))));
    assert_eq!(paid(&next(&claim, deny(&claim, filed_on()))), None);
}

#[test]
fn clm_3_a_lead_asks_and_nothing_is_decided_until_the_answer() {
    let asked_at = utc("2026-06-03T09:00:00Z");
    let claim = filed();
    let outcome = claim.ask("Who signed for it?".into(), &id("lea"), store("US"), &at(asked_at)).unwrap();
    let due_at = utc("2026-06-10T09:00:00Z");
    assert_eq!(told(&outcome), [ClaimStep::Asked { due_at }]);
    let alarm = Alarm::ClaimAnswer { store: id("US"), seller: id("s"), claim: claim.id.clone(), round: 0 };
    assert!(outcome.follow_ups.contains(&FollowUp::Alarm { at: after(due_at, SKEW_MARGIN), alarm }));
    let waiting = after_events(Some(claim), &outcome);
    assert_eq!((waiting.stage.clone(), waiting.waits_since()), (Stage::AwaitingSeller, None));
    assert_eq!((filed().answer_until(), waiting.answer_until()), (None, Some(due_at)));
    for refused in [grant(&waiting, 100, false, asked_at), deny(&waiting, asked_at)] {
        assert_eq!(code(refused), "waiting_for_seller");
    }
    let ask_again = waiting.ask("And when?".into(), &id("lea"), store("US"), &at(asked_at));
    assert_eq!(code(ask_again), "waiting_for_seller");

    let answered = next(&waiting, waiting.answer("Mr. Li.".into(), vec![], "ann".into(), &at(due_at)));
    assert_eq!((answered.stage.clone(), answered.answer_until()), (Stage::UnderReview { since: due_at }, None));
    assert!(!answered.rounds[0].answer.as_ref().unwrap().late, "the last instant is in time");
    assert_eq!(code(answered.answer("No.".into(), vec![], "ann".into(), &at(due_at))), "nothing_asked");
    assert_eq!(code(filed().answer("Hello?".into(), vec![], "ann".into(), &at(due_at))), "nothing_asked");
}

#[test]
fn clm_3_silence_denies_nothing_and_a_lead_decides_on_what_is_there() {
    let claim = asked(&filed(), utc("2026-06-03T09:00:00Z"));
    let due_at = utc("2026-06-10T09:00:00Z");
    let rings = after(due_at, SKEW_MARGIN);
    assert_eq!(code(claim.fall_silent(0, &at(rings - MILLI))), "not_due");
    for now in [rings, rings + MILLI] {
        let outcome = claim.fall_silent(0, &at(now)).unwrap();
        assert_eq!(told(&outcome), [ClaimStep::FellSilent { effective_at: due_at }]);
        let silent = after_events(Some(claim.clone()), &outcome);
        assert_eq!(silent.stage, Stage::UnderReview { since: due_at }, "whenever it was noticed");
        assert!(silent.fall_silent(0, &at(now)).unwrap().is_unchanged(), "once");
        assert!(grant(&silent, 8_000, false, now).is_ok() && deny(&silent, now).is_ok());
        let late = next(&silent, silent.answer("Mr. Li.".into(), vec![], "ann".into(), &at(now)));
        assert!(late.rounds[0].answer.as_ref().unwrap().late);
        assert_eq!(late.stage, Stage::UnderReview { since: due_at }, "its place in the queue stays");
    }
    let answered = next(&claim, claim.answer("Mr. Li.".into(), vec![], "ann".into(), &at(due_at + MILLI)));
    assert!(answered.rounds[0].answer.as_ref().unwrap().late);
    assert!(answered.fall_silent(0, &at(rings)).unwrap().is_unchanged());
    let asked_again = asked(&answered, due_at);
    assert!(asked_again.fall_silent(0, &at(rings)).unwrap().is_unchanged(), "the clock of an earlier round");
}

#[test]
fn clm_3_a_lead_asks_at_most_ten_times() {
    let now = filed_on();
    let mut claim = filed();
    for _ in 0..ROUNDS {
        claim = asked(&claim, now);
        claim = next(&claim, claim.answer("Mr. Li.".into(), vec![], "ann".into(), &at(now)));
    }
    assert_eq!(code(claim.ask("Really?".into(), &id("lea"), store("US"), &at(now))), "asked_enough");
}

#[test]
fn clm_2_what_is_granted_is_more_than_nothing_and_within_the_cap() {
    let (claim, now) = (filed(), utc("2026-06-04T09:00:00Z"));
    for (minor, damaged, fits) in [
        (-1, false, false),
        (0, false, false),
        (1, false, true),
        (8_000, false, true),
        (8_001, false, false),
        (4_000, true, true),
        (4_001, true, false),
    ] {
        let granted = grant(&claim, minor, damaged, now);
        assert_eq!(
            granted.as_ref().map(drop).map_err(|refusal| refusal.code),
            if fits { Ok(()) } else { Err("outside_cap") }
        );
        let paid = granted.ok().map(|outcome| paid(&after_events(Some(claim.clone()), &outcome)));
        assert_eq!(paid, fits.then(|| Some((minor, format!("CLAIM#{}", claim.id)))));
    }
    let asserted = Claim { evidence: evidence(Ground::CustomerDamaged), ..claim };
    assert_eq!(code(grant(&asserted, 4_001, false, now)), "outside_cap", "the seller says so itself");
    assert!(grant(&asserted, 4_000, false, now).is_ok());
}

#[test]
fn clm_3_a_verdict_is_told_with_its_amount_or_criterion_and_the_time_to_appeal() {
    let (claim, now) = (filed(), utc("2026-06-04T09:00:00Z"));
    let appeal_until = Some(utc("2026-07-04T09:00:00Z"));
    let granted = grant(&claim, 5_000, false, now).unwrap();
    assert_eq!(told(&granted), [ClaimStep::Granted { amount: usd(5_000), appeal_until }]);
    let denied = deny(&claim, now).unwrap();
    let (criterion, reason) = (Criterion::Evidence, "Nobody signed.".to_owned());
    assert_eq!(told(&denied), [ClaimStep::Denied { criterion, reason, appeal_until }]);
    for outcome in [granted, denied] {
        let decided = after_events(Some(claim.clone()), &outcome);
        assert_eq!(decided.waits_since(), None);
        for refused in [grant(&decided, 1, false, now), deny(&decided, now)] {
            assert_eq!(code(refused), "claim_decided");
        }
        assert_eq!(code(decided.ask("And?".into(), &id("lea"), store("US"), &at(now))), "claim_decided");
        assert_eq!(code(decided.answer("So.".into(), vec![], "ann".into(), &at(now))), "claim_decided");
        assert!(decided.order_contested(store("US"), &at(now)).is_unchanged());
    }
}

#[test]
fn clm_3_the_instant_before_on_and_after_the_end_of_the_30_days_to_appeal() {
    let denied = next(&filed(), deny(&filed(), utc("2026-06-04T09:00:00Z")));
    let until = utc("2026-07-04T09:00:00Z");
    assert_eq!(denied.appeal_until(store("US")), Some(until));
    assert!(appeal(&denied, until - MILLI).is_ok() && !denied.is_final(store("US"), until - MILLI));
    for now in [until, until + MILLI] {
        assert_eq!(code(appeal(&denied, now)), "appeal_too_late");
        assert!(denied.is_final(store("US"), now));
    }
    assert_eq!(code(appeal(&filed(), until)), "not_decided");
    let contested = denied.appeal("So?".into(), "ann".into(), true, store("US"), &at(until - MILLI));
    assert_eq!(code(contested), "order_contested");
}

#[test]
fn clm_3_there_is_one_appeal_and_what_was_granted_before_it_stays() {
    let now = utc("2026-06-05T09:00:00Z");
    let granted = next(&filed(), grant(&filed(), 5_000, false, now));
    assert_eq!(granted.reimbursement().unwrap().happened_at(), now);
    let appealed = next(&granted, appeal(&granted, now));
    assert_eq!((appealed.waits_since(), appealed.granted_before()), (Some(now), Some(usd(5_000))));
    assert_eq!(appealed.reimbursement(), None, "nothing new yet");
    assert_eq!(code(appeal(&appealed, now)), "already_appealed", "and no other one while it is looked at");
    for minor in [4_999, 5_000, 8_001] {
        assert_eq!(code(grant(&appealed, minor, false, now)), "outside_cap");
    }
    let more = next(&appealed, grant(&appealed, 5_001, false, now));
    assert_eq!(paid(&more), Some((1, format!("APPEAL#{}", more.id))), "the difference alone");
    let no_more = next(&appealed, deny(&appealed, now));
    assert_eq!(paid(&no_more), None);
    for last in [&more, &no_more] {
        assert_eq!(code(appeal(last, now)), "already_appealed");
        assert!(last.is_final(store("US"), now) && last.appeal_until(store("US")).is_none());
    }
    let denied = next(&filed(), deny(&filed(), now));
    let appealed = next(&denied, appeal(&denied, now));
    let won = next(&appealed, grant(&appealed, 8_000, false, now));
    assert_eq!(paid(&won), Some((8_000, format!("APPEAL#{}", won.id))));
}

#[test]
fn clm_2_a_contest_that_comes_later_denies_an_undecided_claim_by_that_criterion() {
    let now = utc("2026-06-05T09:00:00Z");
    let denied = next(&filed(), deny(&filed(), now));
    for claim in [filed(), asked(&filed(), now), next(&denied, appeal(&denied, now))] {
        let outcome = claim.order_contested(store("US"), &at(now));
        let after = after_events(Some(claim), &outcome);
        let Stage::Decided { verdict: Verdict::Denied { criterion, by, .. } } = &after.stage else {
            panic!("{after:?}")
        };
        assert_eq!((*criterion, by), (Criterion::NotContested, &None));
        assert_eq!(told(&outcome).len(), 1);
        assert!(after.order_contested(store("US"), &at(now)).is_unchanged());
    }
}

#[test]
fn ntf_1_each_step_of_a_claim_and_of_its_appeal_owes_a_mail_of_its_own() {
    let now = utc("2026-06-05T09:00:00Z");
    let ids = |outcome: &Outcome<ClaimEvent>| -> Vec<_> {
        mails(outcome).into_iter().map(|notice| notice.id.clone()).collect()
    };
    let (mut claim, mut seen) = (filed(), Vec::new());
    for _ in 0..2 {
        let ask = claim.ask("Who?".into(), &id("lea"), store("US"), &at(now)).unwrap();
        claim = after_events(Some(claim), &ask);
        let silence = claim.fall_silent(claim.rounds.len() - 1, &at(now + chrono::TimeDelta::days(8))).unwrap();
        claim = after_events(Some(claim), &silence);
        let verdict = deny(&claim, now).unwrap();
        claim = after_events(Some(claim), &verdict);
        seen.extend([ask, silence, verdict].iter().flat_map(ids));
        if claim.appeal.is_none() {
            claim = next(&claim, appeal(&claim, now));
        }
    }
    let different: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), different.len()), (6, 6));
}

/// What somebody does to a claim.
#[derive(Debug, Clone)]
enum Act {
    Ask,
    Answer,
    Silence,
    Grant(i64, bool),
    Deny,
    Appeal,
    Contest,
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let act = prop_oneof![
        Just(Act::Ask),
        Just(Act::Answer),
        Just(Act::Silence),
        (-1_i64..9_000, any::<bool>()).prop_map(|(minor, damaged)| Act::Grant(minor, damaged)),
        Just(Act::Deny),
        Just(Act::Appeal),
        Just(Act::Contest),
    ];
    prop::collection::vec((act, 0_i64..400), 0..20)
}

proptest! {
    #[test]
    fn clm_2_whatever_is_done_no_more_is_paid_back_than_the_cap_and_nothing_twice(acts in acts()) {
        let us = store("US");
        let (mut claim, mut now, mut paid_back) = (filed(), filed_on(), std::collections::BTreeMap::new());
        for (act, hours) in acts {
            now += chrono::TimeDelta::hours(hours);
            let (lea, at) = (id("lea"), at(now));
            let outcome = match act {
                Act::Ask => claim.ask("Who?".into(), &lea, us, &at),
                Act::Answer => claim.answer("Li.".into(), vec![], "ann".into(), &at),
                Act::Silence => claim.fall_silent(claim.rounds.len().saturating_sub(1), &at),
                Act::Grant(minor, damaged) => claim.grant(usd(minor), damaged, &lea, us, &at),
                Act::Deny => deny(&claim, now),
                Act::Appeal => appeal(&claim, now),
                Act::Contest => Ok(claim.order_contested(us, &at)),
            };
            let Ok(outcome) = outcome else { continue };
            let was_decided = matches!(claim.stage, Stage::Decided { .. });
            claim = after_events(Some(claim), &outcome);
            if let (false, Some((minor, cause))) = (was_decided, paid(&claim)) {
                prop_assert!(minor > 0);
                prop_assert_eq!(paid_back.insert(cause, minor), None, "each cause once");
            }
        }
        prop_assert!(paid_back.values().sum::<i64>() <= claim.most(false, us).minor);
        prop_assert!(claim.rounds.len() <= ROUNDS);
    }

    #[test]
    fn a_claim_is_read_back_as_it_was_written(acts in acts()) {
        let (mut claim, mut now) = (filed(), filed_on());
        for (act, hours) in acts {
            now += chrono::TimeDelta::hours(hours);
            let outcome = match act {
                Act::Ask => claim.ask("Who?".into(), &id("lea"), store("US"), &at(now)),
                Act::Answer => claim.answer("Li.".into(), vec![id("1Z")], "ann".into(), &at(now)),
                Act::Appeal => appeal(&claim, now),
                Act::Grant(minor, damaged) => grant(&claim, minor, damaged, now),
                Act::Deny | Act::Silence | Act::Contest => deny(&claim, now),
            };
            if let Ok(outcome) = outcome {
                claim = after_events(Some(claim), &outcome);
            }
            let text = serde_json::to_string(&claim).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Claim>(&text).unwrap(), &claim, "{}", text);
        }
    }
}
