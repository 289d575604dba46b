use super::*;
use crate::{
    book::Book,
    outcome::FollowUp,
    returns::Payer,
    testing::{MILLI, at, id, monday, store},
};
use proptest::prelude::*;

fn better(days: u64) -> ReturnTerms {
    let standard = &store("US").return_policy_at(monday()).unwrap().terms;
    ReturnTerms { window_days: days, return_shipping: Payer::Seller, ..standard.clone() }
}

fn draft(known: Option<&Policy>, terms: ReturnTerms) -> Result<Outcome<PolicyEvent>, Refusal> {
    Policy::draft(known, store("US"), &id("s"), terms, &at(monday()))
}

fn after_events(known: Option<Policy>, outcome: &Outcome<PolicyEvent>) -> Policy {
    outcome.events.iter().fold(known, Policy::apply).unwrap()
}

fn drafted() -> Policy {
    after_events(None, &draft(None, better(45)).unwrap())
}

fn submitted() -> Policy {
    let drafted = drafted();
    after_events(Some(drafted.clone()), &drafted.submit(store("US"), 1, &at(monday())).unwrap())
}

fn approved() -> Policy {
    let submitted = submitted();
    after_events(Some(submitted.clone()), &submitted.approve(store("US"), 1, &at(monday())).unwrap())
}

fn rejected() -> Policy {
    let submitted = submitted();
    let outcome = submitted.reject(1, "Say who pays.".into(), &at(monday())).unwrap();
    after_events(Some(submitted), &outcome)
}

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> &'static str {
    refused.unwrap_err().code
}

#[test]
fn ret_1_a_worse_policy_is_refused_naming_each_field_also_when_it_is_submitted_or_approved_later() {
    let worse = ReturnTerms { non_returnable: ["books".to_owned()].into(), ..better(29) };
    let refusal = draft(None, worse.clone()).unwrap_err();
    assert_eq!((refusal.rule, refusal.code), ("RET-1", "policy_worse"));
    assert_eq!(refusal.unmet, ["window_days", "non_returnable"]);
    assert_eq!(
        refusal.sentence,
        "Worse than the standard policy: window_days: 29 days, the standard 30; \
         non_returnable: books comes back by the standard."
    );
    // The standard has become better since the draft was written.
    let spoilt = |policy: Policy| Policy { latest: Version { terms: worse.clone(), ..policy.latest }, ..policy };
    assert_eq!(code(spoilt(drafted()).submit(store("US"), 1, &at(monday()))), "policy_worse");
    assert_eq!(code(spoilt(submitted()).approve(store("US"), 1, &at(monday()))), "policy_worse");
    assert!(spoilt(submitted()).reject(1, "Worse now.".into(), &at(monday())).is_ok());
}

#[test]
fn ret_2_the_way_from_draft_over_submitted_to_approved_and_what_holds_from_when() {
    assert_eq!(drafted().latest.stage, Stage::Draft);
    assert_eq!(submitted().latest.stage, Stage::Submitted { at: monday() });
    assert_eq!(submitted().in_force_at(monday()), None);
    let policy = approved();
    assert_eq!(policy.latest.stage, Stage::Approved { at: monday() });
    let number = |placed_at| policy.in_force_at(placed_at).map(|approved| approved.number);
    assert_eq!((number(monday() - MILLI), number(monday()), number(monday() + MILLI)), (None, Some(1), Some(1)));
}

#[test]
fn ret_2_a_rejection_has_its_reason_and_a_new_version_may_follow() {
    let policy = rejected();
    assert_eq!(policy.latest.stage, Stage::Rejected { at: monday(), reason: "Say who pays.".into() });
    assert_eq!(policy.in_force_at(monday()), None);
    let next = after_events(Some(policy.clone()), &draft(Some(&policy), better(45)).unwrap());
    assert_eq!((next.latest.number, next.latest.stage), (2, Stage::Draft), "the same terms again are a version too");
}

#[test]
fn ret_2_while_a_new_version_is_written_and_looked_at_the_approved_one_holds() {
    let first = approved();
    let second = after_events(Some(first.clone()), &draft(Some(&first), better(60)).unwrap());
    let later = monday() + chrono::TimeDelta::days(9);
    let asked = after_events(Some(second.clone()), &second.submit(store("US"), 2, &at(later)).unwrap());
    assert_eq!(asked.in_force_at(later).unwrap().number, 1);
    let both = after_events(Some(asked.clone()), &asked.approve(store("US"), 2, &at(later)).unwrap());
    let number = |placed_at| both.in_force_at(placed_at).unwrap().number;
    assert_eq!((number(later - MILLI), number(later), number(later + MILLI)), (1, 2, 2));
}

#[test]
fn ret_2_each_stage_refuses_what_does_not_belong_to_it_and_a_repetition_changes_nothing() {
    let us = store("US");
    let now = at(monday());
    assert!(draft(Some(&drafted()), better(45)).unwrap().is_unchanged());
    assert_eq!(after_events(Some(drafted()), &draft(Some(&drafted()), better(46)).unwrap()).latest.number, 2);
    assert!(submitted().submit(us, 1, &now).unwrap().is_unchanged());
    assert_eq!(code(draft(Some(&submitted()), better(46))), "policy_under_review");
    assert_eq!(code(drafted().submit(us, 2, &now)), "policy_not_latest");
    assert_eq!(code(submitted().approve(us, 2, &now)), "policy_not_latest");
    assert_eq!(code(submitted().reject(0, "No.".into(), &now)), "policy_not_latest");
    assert_eq!(code(drafted().approve(us, 1, &now)), "policy_not_submitted");
    assert_eq!(code(drafted().reject(1, "No.".into(), &now)), "policy_not_submitted");
    for done in [approved(), rejected()] {
        assert_eq!(code(done.submit(us, 1, &now)), "policy_decided");
        assert_eq!(code(done.approve(us, 1, &now)), "policy_decided");
        assert_eq!(code(done.reject(1, "No.".into(), &now)), "policy_decided");
    }
}

#[test]
fn ntf_1_the_seller_hears_of_the_approval_or_the_rejection_with_its_reason() {
    let told = |outcome: Outcome<PolicyEvent>| match outcome.follow_ups.as_slice() {
        [FollowUp::Notice(notice)] => notice.kind.clone(),
        other => panic!("{other:?}"),
    };
    let approved = submitted().approve(store("US"), 1, &at(monday())).unwrap();
    assert_eq!(told(approved), NoticeKind::PolicyDecided { version: 1, reason: None });
    let rejected = submitted().reject(1, "No.".into(), &at(monday())).unwrap();
    assert_eq!(told(rejected), NoticeKind::PolicyDecided { version: 1, reason: Some("No.".into()) });
}

proptest! {
    #[test]
    fn ret_2_whatever_is_commanded_numbers_rise_and_what_was_approved_is_kept(
        commands in prop::collection::vec((0_u8..4, 0_u32..3, 30_u64..33), 0..24)
    ) {
        let (us, mut known) = (store("US"), None::<Policy>);
        for (n, (command, back, days)) in (0_i64..).zip(commands) {
            let now = at(monday() + chrono::TimeDelta::minutes(n));
            let number = known.as_ref().map_or(1, |policy| policy.latest.number).saturating_sub(back);
            let outcome = match (&known, command) {
                (known, 0) => Policy::draft(known.as_ref(), us, &id("s"), better(days), &now),
                (None, _) => continue,
                (Some(policy), 1) => policy.submit(us, number, &now),
                (Some(policy), 2) => policy.approve(us, number, &now),
                (Some(policy), _) => policy.reject(number, "No.".into(), &now),
            };
            let Ok(outcome) = outcome else { continue };
            let next = outcome.events.iter().fold(known.clone(), Policy::apply);
            if let (Some(before), Some(after)) = (&known, &next) {
                prop_assert!(after.approved.starts_with(&before.approved));
                prop_assert!(after.latest.number >= before.latest.number);
            }
            if let Some(after) = &next {
                prop_assert!(after.approved.windows(2).all(|pair| pair[0].number < pair[1].number));
                let text = serde_json::to_string(after).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Policy>(&text).unwrap(), after);
            }
            known = next;
        }
    }
}

#[test]
fn the_number_of_a_version_stands_in_its_name_and_in_no_name_of_a_store() {
    assert_eq!(number_in(&name_of(12)), Some("12"));
    let standards = Book::shipped().unwrap().stores.into_values().flat_map(|store| store.return_policies);
    let names: Vec<_> = standards.map(|standard| standard.version).collect();
    assert!(!names.is_empty() && names.iter().all(|name| number_in(name).is_none()), "{names:?}");
}
