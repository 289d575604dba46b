use super::*;
use crate::{
    at::{Actor, Instant},
    decision::DecisionKind,
    id::NoticeId,
    notice::{
        DecisionFacts,
        tests::{each, refunded},
    },
    seller::SellerFacts,
    testing::{facts, id, monday, store, with_events},
    users::Grants,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn by(subject: &str, now: Instant) -> At {
    At { now, actor: Actor::Seller(subject.into()), cause: format!("{subject} at {now}") }
}

fn registered(primary_user: Option<&str>) -> Seller {
    let facts = SellerFacts { primary_user: primary_user.map(str::to_owned), ..facts() };
    with_events(None, &Seller::register(None, store("US"), &id("s"), facts, None, monday()))
}

/// `ann` is primary, and each of these a secondary user with these grants.
fn with(users: &[(&str, &[Feature])]) -> Seller {
    let mut seller = registered(Some("ann"));
    for (subject, features) in users {
        let grants = Grants::of(features.iter().map(|feature| (*feature, Level::View))).unwrap();
        let email = format!("{subject}@sellers.example");
        let at = At { cause: (*subject).into(), ..by("ann", monday()) };
        seller = with_events(Some(&seller), &seller.invite(store("US"), "B".into(), email, grants, &at).unwrap());
        let invitation = seller.users.invitations.last().unwrap().id.clone();
        seller = with_events(Some(&seller), &seller.join(&invitation, &by(subject, monday())).unwrap());
    }
    seller
}

fn of(seller: &Seller, subject: &str) -> UserId {
    seller.users.of_subject(subject).unwrap().id.clone()
}

fn one(kind: Optional, choice: Choice) -> BTreeMap<Optional, Choice> {
    BTreeMap::from([(kind, choice)])
}

fn chosen(seller: &Seller, subject: &str, kind: Optional, choice: Choice) -> Seller {
    with_events(Some(seller), &seller.choose(&one(kind, choice), &by(subject, monday())).unwrap())
}

fn to_seller(kind: NoticeKind) -> Notice {
    Notice::to_seller(&id("US"), &id("s"), kind, &["cause"])
}

#[test]
fn ntf_1_each_kind_of_notice_is_mandatory_or_chosen_and_never_both() {
    let mut seen = BTreeSet::new();
    for kind in each() {
        match kind.need() {
            Need::Always(Why::Customer) => {
                assert!(matches!(kind.name(), "answer" | "inquiry_resolved" | "survey"), "{kind:?}");
            }
            Need::Always(why) => {
                assert!(MANDATORY.contains(&(kind.name(), why)), "{kind:?}");
                assert_eq!(Optional::named(kind.name()), None, "{kind:?}");
                seen.insert(kind.name());
            }
            Need::Chosen(optional) => {
                assert_eq!(optional.name(), kind.name());
                assert!(MANDATORY.iter().all(|(name, _)| *name != kind.name()));
                seen.insert(kind.name());
            }
            Need::Gathered => assert_eq!(kind.name(), "digest"),
        }
    }
    let asked = NoticeKind::ClaimMoved { claim: id("cl"), order: id("o"), step: ClaimStep::Asked { due_at: monday() } };
    assert_eq!(asked.need(), Need::Always(Why::Duty), "the seller's time to answer runs");
    seen.insert("claim_asked");
    assert_eq!(decision(DecisionKind::Cancel, None).need(), Need::Always(Why::Duty), "nothing may be shipped any more");
    seen.insert("decision_to_act_on");
    let listed: BTreeSet<_> =
        MANDATORY.iter().map(|(name, _)| *name).chain(Optional::ALL.map(Optional::name)).collect();
    assert_eq!(seen, listed, "whatever a user sees is there, and the other way round");
}

fn decision(kind: DecisionKind, return_method_by: Option<Instant>) -> NoticeKind {
    let decision = DecisionFacts { kind, return_method_by, ..refunded() };
    NoticeKind::Decided { order: id("o"), decision }
}

#[test]
fn ntf_1_a_decision_can_be_done_without_unless_the_seller_has_to_act_on_it() {
    for kind in DecisionKind::ALL {
        let acts = matches!(kind, DecisionKind::Replacement | DecisionKind::Cancel);
        let need = if acts { Need::Always(Why::Duty) } else { Need::Chosen(Optional::Decided) };
        assert_eq!(decision(kind, None).need(), need, "{kind:?}");
        assert_eq!(decision(kind, Some(monday())).need(), Need::Always(Why::Duty), "RET-4: its time runs, {kind:?}");
    }
}

/// As accounts kept it while a hand-over could be done without.
#[test]
fn ntf_1_what_was_chosen_of_what_is_always_mailed_by_now_is_read_and_has_no_effect() {
    let kept = r#"{"trial_ending":"never","handed_over":"never","claim_moved":"daily"}"#;
    let wishes: Wishes = serde_json::from_str(kept).unwrap();
    assert_eq!(wishes.choice(Optional::ClaimMoved), Some(Choice::Daily));
    assert_eq!(serde_json::to_string(&wishes).unwrap(), r#"{"trial_ending":"never","claim_moved":"daily"}"#);
    assert!(serde_json::from_str::<Wishes>(r#"{"handed_over":"daily"}"#).unwrap().is_empty());
    assert!(serde_json::from_str::<Wishes>(r#"{"request_opened":"never"}"#).is_err(), "that never could be chosen");
    let event: UsersEvent = serde_json::from_value(serde_json::json!({
        "change": "mail_chosen", "user": null, "wishes": { "handed_over": "never" }
    }))
    .unwrap();
    assert_eq!(event, UsersEvent::MailChosen { user: None, wishes: Wishes::default() });

    let mut before = serde_json::to_value(with(&[("bo", &[Feature::CaseLog])])).unwrap();
    before["users"]["wishes"] = serde_json::json!({ "handed_over": "never" });
    before["users"]["all"][1]["wishes"] = serde_json::json!({ "handed_over": "each", "decided": "each" });
    let seller: Seller = serde_json::from_value(before).unwrap();
    let handed = each().into_iter().find(|kind| kind.name() == "handed_over").unwrap();
    assert_eq!(handed.need(), Need::Always(Why::Duty));
    assert_eq!(seller.copies(&to_seller(handed)), [], "it goes to the default address");
    assert_eq!(seller.choice(Some(&of(&seller, "bo")), Optional::Decided), Choice::Each, "what else was chosen holds");
    assert_eq!(ALWAYS_BY_NOW.map(Optional::named), [None], "nobody chooses it anew");
    assert!(ALWAYS_BY_NOW.iter().all(|name| MANDATORY.iter().any(|(always, _)| always == name)));
}

#[test]
fn ntf_1_what_must_arrive_is_mandatory() {
    for kind in each().iter().filter(|kind| kind.must_arrive()) {
        let why = if kind.name() == "answer" { Why::Customer } else { Why::Duty };
        assert_eq!(kind.need(), Need::Always(why), "{kind:?}");
    }
}

#[test]
fn ntf_1_an_optional_kind_is_called_as_its_json() {
    for kind in Optional::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        assert_eq!(Optional::named(kind.name()), Some(kind));
    }
    assert_eq!(Optional::named("request_opened"), None);
}

#[test]
fn ntf_1_the_primary_user_is_mailed_each_time_and_a_secondary_one_never_until_it_says_otherwise() {
    let seller = with(&[("bo", &Feature::ALL)]);
    for kind in Optional::ALL {
        assert_eq!(seller.choice(None, kind), Choice::Each);
        assert_eq!(seller.choice(Some(&of(&seller, "bo")), kind), Choice::Never);
    }
    let seen = |subject: &str| seller.wishes_of(subject).iter().map(|wish| wish.choice).collect::<Vec<_>>();
    assert_eq!((seen("ann"), seen("bo")), (vec![Choice::Each; 3], vec![Choice::Never; 3]));
    let mails = (seller.address_of("ann"), seller.address_of("bo"));
    assert_eq!(mails, (Some(facts().email.as_str()), Some("bo@sellers.example")));
}

#[test]
fn ntf_1_whoever_speaks_for_a_seller_of_which_nobody_is_named_chooses_for_its_default_address() {
    let seller = chosen(&registered(None), "zoe", Optional::Decided, Choice::Never);
    assert_eq!(seller.choice(None, Optional::Decided), Choice::Never);
    assert!(seller.users.all.is_empty() && !seller.users.is_empty(), "it is kept, and names nobody");
    assert_eq!(seller.name_of(None), "s");
    let named = seller.invite(store("US"), "Bo".into(), "bo@b.example".into(), Grants::default(), &by("zoe", monday()));
    let seller = with_events(Some(&seller), &named.unwrap());
    assert_eq!(seller.choice(None, Optional::Decided), Choice::Never, "whoever invites is who it was");
    assert_eq!(seller.name_of(None), "zoe");
}

#[test]
fn ntf_1_a_choice_holds_for_its_kind_and_its_user_alone_and_the_same_again_changes_nothing() {
    let seller = with(&[("bo", &[Feature::CaseLog]), ("cy", &[Feature::CaseLog])]);
    let seller = chosen(&seller, "bo", Optional::Decided, Choice::Daily);
    let (bo, cy) = (of(&seller, "bo"), of(&seller, "cy"));
    assert_eq!(seller.choice(Some(&bo), Optional::Decided), Choice::Daily);
    assert_eq!(seller.choice(Some(&bo), Optional::ClaimMoved), Choice::Never);
    assert_eq!(seller.choice(Some(&cy), Optional::Decided), Choice::Never);
    assert_eq!(seller.choice(None, Optional::Decided), Choice::Each);
    let again = seller.choose(&one(Optional::Decided, Choice::Daily), &by("bo", monday())).unwrap();
    assert!(again.is_unchanged());
    let back = chosen(&seller, "bo", Optional::Decided, Choice::Never);
    assert_eq!(back, with(&[("bo", &[Feature::CaseLog]), ("cy", &[Feature::CaseLog])]), "nothing is left of it");
    assert!(back.choose(&one(Optional::TrialEnding, Choice::Never), &by("bo", monday())).unwrap().is_unchanged());
}

#[test]
fn ntf_1_who_wants_what_it_may_not_see_is_refused_and_told_what_is_missing() {
    let seller = with(&[("bo", &[Feature::CaseLog])]);
    for (kind, missing) in [(Optional::ClaimMoved, "claims"), (Optional::TrialEnding, "home")] {
        for choice in [Choice::Each, Choice::Daily] {
            let refusal = seller.choose(&one(kind, choice), &by("bo", monday())).unwrap_err();
            assert_eq!((refusal.code, refusal.unmet), ("forbidden", vec![missing]));
        }
        assert!(seller.choose(&one(kind, Choice::Never), &by("bo", monday())).is_ok());
    }
    let open: Vec<_> = seller.wishes_of("bo").iter().map(|wish| wish.may_choose).collect();
    assert_eq!(open, [false, true, false]);
    assert_eq!(
        seller.choose(&one(Optional::Decided, Choice::Never), &by("eve", monday())).unwrap_err().code,
        "forbidden"
    );
}

#[test]
fn ntf_1_a_mail_goes_with_the_grant_and_does_not_come_back_with_it() {
    let seller = chosen(&with(&[("bo", &[Feature::CaseLog])]), "bo", Optional::Decided, Choice::Each);
    let bo = of(&seller, "bo");
    let granted = |seller: &Seller, grants: &[(Feature, Level)]| {
        let grants = Grants::of(grants.iter().copied()).unwrap();
        with_events(Some(seller), &seller.grant(&bo, grants, &by("ann", monday())).unwrap())
    };
    let kept = granted(&seller, &[(Feature::CaseLog, Level::Edit)]);
    assert_eq!(kept.choice(Some(&bo), Optional::Decided), Choice::Each);
    let less = granted(&seller, &[(Feature::Claims, Level::Edit)]);
    assert_eq!(less.choice(Some(&bo), Optional::Decided), Choice::Never);
    let again = granted(&less, &[(Feature::CaseLog, Level::View)]);
    assert_eq!(again.choice(Some(&bo), Optional::Decided), Choice::Never);
    let gone = with_events(Some(&seller), &seller.remove_user(&bo, &by("ann", monday())).unwrap());
    assert_eq!(gone.choice(Some(&bo), Optional::Decided), Choice::Never);
}

#[test]
fn ntf_1_the_next_primary_user_begins_anew() {
    let seller = chosen(&with(&[("bo", &[Feature::CaseLog])]), "ann", Optional::Decided, Choice::Never);
    let seller = chosen(&seller, "bo", Optional::Decided, Choice::Daily);
    let bo = of(&seller, "bo");
    let handed = with_events(Some(&seller), &seller.hand_over(&bo, &by("ann", monday())).unwrap());
    assert_eq!(handed.choice(None, Optional::Decided), Choice::Each, "the default address is another's to read");
    assert!(handed.users.all.iter().all(|user| user.wishes.is_empty()));
    assert_eq!(handed.choice(Some(&bo), Optional::Decided), Choice::Never, "it reads the default address now");
    let event = UsersEvent::PrimaryNamed { user: id("zoe"), subject: "zoe".into() };
    let named = Seller { users: seller.users.clone().apply(&event), ..seller.clone() };
    assert_eq!(named.choice(None, Optional::Decided), Choice::Each);
    let event = UsersEvent::PrimaryNamed { user: of(&seller, "ann"), subject: "ann".into() };
    let same = Seller { users: seller.users.clone().apply(&event), ..seller };
    assert_eq!(same.choice(None, Optional::Decided), Choice::Never, "it is the same one");
}

#[test]
fn ntf_1_so_many_are_mailed_one_kind_and_no_more() {
    let names: Vec<_> = (0..=MOST_READERS).map(|n| format!("user-{n}")).collect();
    let users: Vec<(&str, &[Feature])> = names.iter().map(|name| (name.as_str(), &[Feature::CaseLog][..])).collect();
    let mut seller = with(&users);
    for name in &names[..MOST_READERS] {
        seller = chosen(&seller, name, Optional::Decided, Choice::Each);
    }
    let last = |choice| seller.choose(&one(Optional::Decided, choice), &by(&names[MOST_READERS], monday()));
    assert_eq!(last(Choice::Daily).unwrap_err().code, "too_many_readers");
    assert!(last(Choice::Never).unwrap().is_unchanged());
    assert!(
        seller.choose(&one(Optional::Decided, Choice::Daily), &by(&names[0], monday())).is_ok(),
        "who has one changes it"
    );
    assert!(
        seller.choose(&one(Optional::Decided, Choice::Daily), &by("ann", monday())).is_ok(),
        "the primary user is none of them"
    );
}

#[test]
fn ntf_3_a_copy_is_a_mail_of_its_own_for_each_who_wants_one() {
    let seller = with(&[("bo", &[Feature::CaseLog]), ("cy", &[Feature::CaseLog]), ("di", &[Feature::CaseLog])]);
    let seller = chosen(&seller, "bo", Optional::Decided, Choice::Each);
    let seller = chosen(&seller, "cy", Optional::Decided, Choice::Daily);
    let decided = decision(DecisionKind::Decline, None);
    let copies = seller.copies(&to_seller(decided.clone()));
    let to: Vec<_> = copies.iter().map(|copy| copy.recipient.clone()).collect();
    let user = |subject| Recipient::User { seller: id("s"), user: of(&seller, subject) };
    assert_eq!(to, [user("bo"), user("cy")]);
    let ids: BTreeSet<NoticeId> = copies.iter().map(|copy| copy.id.clone()).chain([to_seller(decided).id]).collect();
    assert_eq!(ids.len(), 3, "N1: one id for each cause and recipient");
    assert_eq!(copies.iter().flat_map(|copy| seller.copies(copy)).count(), 0, "a copy is not copied");
}

#[test]
fn ntf_1_a_link_ends_one_kind_for_one_reader_once() {
    let seller = chosen(&with(&[("bo", &[Feature::CaseLog])]), "bo", Optional::Decided, Choice::Each);
    let bo = of(&seller, "bo");
    let declined = with_events(Some(&seller), &seller.decline(Some(&bo), Some(Optional::Decided)).unwrap());
    assert_eq!(declined.choice(Some(&bo), Optional::Decided), Choice::Never);
    assert_eq!(declined.choice(None, Optional::Decided), Choice::Each, "nobody else's");
    assert!(declined.decline(Some(&bo), Some(Optional::Decided)).unwrap().is_unchanged(), "the same again");
    let declined = with_events(Some(&declined), &declined.decline(None, Some(Optional::Decided)).unwrap());
    assert_eq!(declined.choice(None, Optional::Decided), Choice::Never);
    assert_eq!(declined.choice(None, Optional::ClaimMoved), Choice::Each, "nor another kind");
    assert_eq!(declined.decline(Some(&id("gone")), None).unwrap_err().code, "not_found");
    assert_eq!((seller.name_of(Some(&bo)), seller.name_of(None)), ("bo".to_owned(), "ann".to_owned()));
}

#[test]
fn ntf_1_the_link_of_a_digest_ends_all_that_comes_in_one() {
    let seller = chosen(&with(&[]), "ann", Optional::Decided, Choice::Daily);
    let seller = chosen(&seller, "ann", Optional::ClaimMoved, Choice::Daily);
    let declined = with_events(Some(&seller), &seller.decline(None, None).unwrap());
    let now = Optional::ALL.map(|kind| declined.choice(None, kind));
    assert_eq!(now, [Choice::Each, Choice::Never, Choice::Never]);
    assert!(declined.decline(None, None).unwrap().is_unchanged());
}

fn any_choices() -> impl Strategy<Value = BTreeMap<Optional, Choice>> {
    let kind = prop::sample::select(Optional::ALL.to_vec());
    prop::collection::btree_map(kind, prop::sample::select(vec![Choice::Each, Choice::Daily, Choice::Never]), 0..5)
}

#[derive(Debug, Clone)]
enum Act {
    Choose(&'static str, BTreeMap<Optional, Choice>),
    Decline(&'static str, Option<Optional>),
    Grant(&'static str, Vec<Feature>),
    HandOver(&'static str),
    Remove(&'static str),
}

fn any_act() -> impl Strategy<Value = Act> {
    let who = || prop::sample::select(vec!["ann", "bo", "cy", "eve"]);
    let features = prop::sample::subsequence(Feature::ALL.to_vec(), 0..Feature::ALL.len());
    prop_oneof![
        4 => (who(), any_choices()).prop_map(|(who, choices)| Act::Choose(who, choices)),
        1 => (who(), prop::option::of(prop::sample::select(Optional::ALL.to_vec()))).prop_map(|(w, k)| Act::Decline(w, k)),
        2 => (who(), features).prop_map(|(who, features)| Act::Grant(who, features)),
        1 => who().prop_map(Act::HandOver),
        1 => who().prop_map(Act::Remove),
    ]
}

fn done(seller: &Seller, act: &Act) -> Result<Outcome<SellerEvent>, Refusal> {
    let primary = by(&seller.name_of(None), monday());
    let user = |who: &str| seller.users.of_subject(who).map_or_else(|| id("nobody"), |user| user.id.clone());
    match act {
        Act::Choose(who, choices) => seller.choose(choices, &by(who, monday())),
        Act::Decline(who, kind) => seller.decline(Some(&user(who)), *kind),
        Act::Grant(who, features) => {
            let grants = Grants::of(features.iter().map(|feature| (*feature, Level::View))).unwrap();
            seller.grant(&user(who), grants, &primary)
        }
        Act::HandOver(who) => seller.hand_over(&user(who), &primary),
        Act::Remove(who) => seller.remove_user(&user(who), &primary),
    }
}

proptest! {
    #[test]
    fn ntf_1_whatever_is_chosen_what_is_mandatory_is_sent_and_who_may_not_see_a_thing_hears_nothing_of_it(
        acts in prop::collection::vec(any_act(), 0..25)
    ) {
        let mut seller = with(&[("bo", &[Feature::CaseLog]), ("cy", &Feature::ALL)]);
        for act in acts {
            if let Ok(outcome) = done(&seller, &act) {
                seller = with_events(Some(&seller), &outcome);
            }
            for kind in each() {
                let notice = to_seller(kind.clone());
                let copies = seller.copies(&notice);
                let Need::Chosen(optional) = kind.need() else {
                    prop_assert_eq!(copies, vec![], "it goes to the default address and nobody is asked");
                    continue;
                };
                for copy in &copies {
                    let (_, Some(user)) = copy.recipient.reader().unwrap() else { panic!("{copy:?}") };
                    let user = seller.users.user(user).expect("a user of the seller");
                    prop_assert!(seller.users.level(&user.subject, optional.feature()) >= Level::View, "{:?}", user);
                    prop_assert!(user.role != Role::Primary, "the default address has it already");
                }
            }
        }
    }
}
