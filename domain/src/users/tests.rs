use super::*;
use crate::{
    outcome::{FollowUp, RefusalKind},
    seller::SellerFacts,
    testing::{MILLI, facts, id, monday, store, with_events},
};
use proptest::prelude::*;

fn us() -> &'static Store {
    store("US")
}

fn by(subject: &str, now: Instant) -> At {
    At { now, actor: Actor::Seller(subject.into()), cause: format!("{subject} at {now}") }
}

/// A seller of which the marketplace named nobody.
fn unnamed() -> Seller {
    with_events(None, &Seller::register(None, us(), &id("s"), facts(), None, monday()))
}

/// One whose primary user is `ann`.
fn anns() -> Seller {
    let named = SellerFacts { primary_user: Some("ann".into()), ..facts() };
    with_events(None, &Seller::register(None, us(), &id("s"), named, None, monday()))
}

fn grants(grants: &[(Feature, Level)]) -> Grants {
    Grants::of(grants.iter().copied()).unwrap()
}

fn invited(seller: &Seller, by_whom: &At, email: &str, given: &[(Feature, Level)]) -> Seller {
    let outcome = seller.invite(us(), "Bo".into(), email.into(), grants(given), by_whom).unwrap();
    with_events(Some(seller), &outcome)
}

fn joined(seller: &Seller, subject: &str) -> Seller {
    let invitation = seller.users.invitations.last().unwrap().id.clone();
    with_events(Some(seller), &seller.join(&invitation, &by(subject, monday())).unwrap())
}

/// `ann` is primary, and `bo` sees home.
fn with_bo() -> Seller {
    let asked = invited(&anns(), &by("ann", monday()), "bo@sellers.example", &[(Feature::Home, Level::View)]);
    joined(&asked, "bo")
}

fn id_of(seller: &Seller, subject: &str) -> UserId {
    seller.users.of_subject(subject).unwrap().id.clone()
}

fn code<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> &'static str {
    refused.unwrap_err().code
}

#[test]
fn acc_1_users_are_written_with_their_seller_as_soon_as_somebody_is_named_or_invited() {
    let invited = invited(&unnamed(), &by("ann", monday()), "bo@sellers.example", &[]);
    let only_invited = Users { all: Vec::new(), ..invited.users.clone() };
    for (users, written) in [
        (unnamed().users, false),
        (anns().users, true),
        (with_bo().users, true),
        (invited.users, true),
        (only_invited, true),
    ] {
        assert_eq!(users.is_empty(), !written, "{users:?}");
        let seller = Seller { users, ..unnamed() };
        let json = serde_json::to_value(&seller).unwrap();
        assert_eq!(json.get("users").is_some(), written, "{json}");
        assert_eq!(serde_json::from_value::<Seller>(json).unwrap(), seller);
    }
}

#[test]
fn acc_1_as_long_as_nobody_is_named_whoever_speaks_for_the_seller_is_as_its_primary_user() {
    let users = unnamed().users;
    assert!(users.is_primary("anybody"));
    assert!(Feature::ALL.into_iter().all(|feature| users.level("anybody", feature) == Level::Edit));
    let users = anns().users;
    assert!(users.is_primary("ann") && !users.is_primary("anybody"));
    assert!(Feature::ALL.into_iter().all(|feature| users.level("anybody", feature) == Level::None));
}

#[test]
fn acc_1_the_first_who_invites_becomes_the_primary_user() {
    let seller = invited(&unnamed(), &by("zoe", monday()), "bo@sellers.example", &[]);
    assert!(seller.users.is_primary("zoe") && !seller.users.is_primary("anybody"));
    assert_eq!(seller.users.invitations.len(), 1);
}

#[test]
fn acc_1_the_invited_is_mailed_and_holds_what_was_granted_from_the_moment_it_joins() {
    let at = by("ann", monday());
    let outcome = anns()
        .invite(us(), "Bo".into(), "bo@sellers.example".into(), grants(&[(Feature::Insights, Level::View)]), &at)
        .unwrap();
    let seller = with_events(Some(&anns()), &outcome);
    let invitation = &seller.users.invitations[0];
    let kind = NoticeKind::Invitation { until: invitation.until };
    let notice = Notice::to_invited(&seller.store, &seller.id, &invitation.id, kind);
    assert_eq!(outcome.follow_ups, [FollowUp::from(notice)]);
    assert_eq!(seller.users.level("bo", Feature::Insights), Level::None, "not before it joins");
    let seller = joined(&seller, "bo");
    assert_eq!(seller.users.level("bo", Feature::Insights), Level::View);
    assert_eq!(seller.users.level("bo", Feature::Home), Level::None, "each on its own");
    let bo = seller.users.of_subject("bo").unwrap();
    assert_eq!((bo.name.as_deref(), bo.email.as_deref()), (Some("Bo"), Some("bo@sellers.example")));
    assert_eq!(seller.users.invitations, []);
}

#[test]
fn acc_1_an_invitation_is_good_for_fourteen_days_and_not_a_moment_longer() {
    let seller = invited(&anns(), &by("ann", monday()), "bo@sellers.example", &[]);
    let open = seller.users.invitations[0].clone();
    assert_eq!(open.until, days_later(us().zone, monday(), 14));
    assert!(seller.join(&open.id, &by("bo", open.until - MILLI)).is_ok());
    assert_eq!(code(seller.join(&open.id, &by("bo", open.until))), "invitation_over");
    assert_eq!(code(seller.join(&open.id, &by("bo", open.until + MILLI))), "invitation_over");
}

#[test]
fn acc_1_an_invitation_is_taken_once_and_is_over_when_it_is_taken_back_or_replaced() {
    let at = by("ann", monday());
    let seller = invited(&anns(), &at, "bo@sellers.example", &[]);
    let first = seller.users.invitations[0].id.clone();
    assert_eq!(code(joined(&seller, "bo").join(&first, &by("cy", monday()))), "invitation_over");

    let revoked = with_events(Some(&seller), &seller.revoke(&first, &at).unwrap());
    assert_eq!(code(revoked.join(&first, &by("bo", monday()))), "invitation_over");
    assert_eq!(revoked.revoke(&first, &at).unwrap_err().kind, RefusalKind::Unseen);

    let later = by("ann", monday() + MILLI);
    let again = invited(&seller, &later, "BO@sellers.example", &[(Feature::Home, Level::View)]);
    assert_eq!(again.users.invitations.len(), 1, "the older one of the same address is over");
    assert_eq!(code(again.join(&first, &by("bo", monday()))), "invitation_over");
    assert_eq!(joined(&again, "bo").users.level("bo", Feature::Home), Level::View);
}

#[test]
fn acc_1_nobody_is_a_user_of_one_seller_twice() {
    let at = by("ann", monday());
    let refused = with_bo().invite(us(), "Bo".into(), "Bo@Sellers.example".into(), Grants::default(), &at);
    assert_eq!(code(refused), "already_user");
    let seller = invited(&with_bo(), &at, "cy@sellers.example", &[]);
    let open = seller.users.invitations[0].id.clone();
    assert_eq!(code(seller.join(&open, &by("bo", monday()))), "already_user");
    assert_eq!(code(seller.join(&open, &by("ann", monday()))), "already_user");
}

#[test]
fn acc_1_a_seller_has_a_hundred_users_and_open_invitations_and_no_more() {
    let mut seller = anns();
    for n in 1..MOST_USERS {
        seller = invited(&seller, &by("ann", monday()), &format!("u{n}@sellers.example"), &[]);
    }
    let invite =
        |email: &str| seller.invite(us(), "X".into(), email.into(), Grants::default(), &by("ann", monday())).map(drop);
    assert_eq!(code(invite("one-more@sellers.example")), "too_many_users");
    assert_eq!(invite("u7@sellers.example"), Ok(()), "to invite the same again makes no more");
}

#[test]
fn acc_2_only_the_primary_user_invites_takes_back_grants_removes_and_hands_over() {
    let seller = invited(&with_bo(), &by("ann", monday()), "cy@sellers.example", &[]);
    let (open, ann, bo) = (seller.users.invitations[0].id.clone(), id_of(&seller, "ann"), id_of(&seller, "bo"));
    for at in [by("bo", monday()), by("stranger", monday()), by("", monday()), crate::testing::at(monday())] {
        let email = "dee@sellers.example".to_owned();
        let refused = [
            seller.invite(us(), "Dee".into(), email, Grants::default(), &at),
            seller.revoke(&open, &at),
            seller.grant(&bo, grants(&[(Feature::Claims, Level::Edit)]), &at),
            seller.remove_user(&ann, &at),
            seller.hand_over(&bo, &at),
        ];
        for refused in refused {
            assert_eq!(refused.unwrap_err().kind, RefusalKind::Forbidden, "{at:?}");
        }
    }
}

#[test]
fn acc_2_a_grant_counts_at_once_and_so_does_taking_it_away() {
    let (seller, at) = (with_bo(), by("ann", monday()));
    let bo = id_of(&seller, "bo");
    let more = grants(&[(Feature::CaseLog, Level::Edit), (Feature::Users, Level::View)]);
    let seller = with_events(Some(&seller), &seller.grant(&bo, more.clone(), &at).unwrap());
    let levels = |seller: &Seller| Feature::ALL.map(|feature| seller.users.level("bo", feature));
    assert_eq!(
        levels(&seller),
        [Level::None, Level::Edit, Level::None, Level::None, Level::None, Level::None, Level::View]
    );
    assert!(seller.grant(&bo, more, &at).unwrap().is_unchanged());
    let seller = with_events(Some(&seller), &seller.grant(&bo, Grants::default(), &at).unwrap());
    assert_eq!(levels(&seller), [Level::None; 7]);
    let seller = with_events(Some(&seller), &seller.remove_user(&bo, &at).unwrap());
    assert_eq!(seller.users.of_subject("bo"), None);
    assert_eq!(seller.grant(&bo, Grants::default(), &at).unwrap_err().kind, RefusalKind::Unseen);
    assert_eq!(seller.remove_user(&bo, &at).unwrap_err().kind, RefusalKind::Unseen);
    assert_eq!(seller.hand_over(&bo, &at).unwrap_err().kind, RefusalKind::Unseen);
}

#[test]
fn acc_2_nobody_is_granted_to_change_users_and_what_is_granted_as_none_is_not_granted() {
    let refusal = Grants::of([(Feature::Users, Level::Edit)]).unwrap_err();
    assert_eq!((refusal.code, refusal.kind, refusal.unmet), ("not_grantable", RefusalKind::Input, vec!["users"]));
    assert_eq!(Grants::of([(Feature::Users, Level::None), (Feature::Home, Level::None)]), Ok(Grants::default()));
    assert_eq!(Grants::of(Grants::most().0), Ok(Grants::most()), "what is kept after handing over can be granted");
}

#[test]
fn acc_2_the_primary_user_can_be_neither_removed_nor_limited_so_a_seller_is_never_without() {
    let (seller, at) = (with_bo(), by("ann", monday()));
    let ann = id_of(&seller, "ann");
    assert_eq!(code(seller.remove_user(&ann, &at)), "primary_user_stays");
    assert_eq!(code(seller.grant(&ann, Grants::default(), &at)), "primary_user_stays");
    assert!(seller.hand_over(&ann, &at).unwrap().is_unchanged());
}

#[test]
fn acc_2_who_hands_over_stays_a_user_and_can_be_removed_by_the_next() {
    let seller = with_bo();
    let (ann, bo) = (id_of(&seller, "ann"), id_of(&seller, "bo"));
    let seller = with_events(Some(&seller), &seller.hand_over(&bo, &by("ann", monday())).unwrap());
    assert!(seller.users.is_primary("bo") && !seller.users.is_primary("ann"));
    assert_eq!(seller.users.level("ann", Feature::Statements), Level::Edit);
    assert_eq!(seller.users.level("ann", Feature::Users), Level::View);
    assert_eq!(seller.users.all[0].subject, "bo", "the primary user stands first");
    assert!(seller.remove_user(&ann, &by("bo", monday())).is_ok());
    assert!(seller.remove_user(&bo, &by("ann", monday())).is_err());
}

#[test]
fn acc_2_whom_the_marketplace_names_anew_is_primary_and_naming_the_same_again_takes_nothing_back() {
    let seller = with_bo();
    let seller = with_events(Some(&seller), &seller.hand_over(&id_of(&seller, "bo"), &by("ann", monday())).unwrap());
    let says = |seller: &Seller, named: Option<&str>, minute: i64| {
        let facts = SellerFacts { primary_user: named.map(str::to_owned), ..facts() };
        let at = monday() + chrono::TimeDelta::minutes(minute);
        with_events(Some(seller), &seller.change_facts(us(), facts, at, &crate::testing::at(at)))
    };
    let same = says(&says(&seller, None, 1), Some("ann"), 2);
    assert_eq!(same.users, seller.users, "ann was named before, and has handed over since");
    let other = says(&same, Some("zoe"), 3);
    assert!(other.users.is_primary("zoe"));
    assert_eq!(other.users.of_subject("bo"), None, "who was primary is a user no more");
    assert_eq!(other.users.level("ann", Feature::Home), Level::Edit, "secondary users stay");
    let promoted = says(&same, Some("ann"), 3);
    assert!(promoted.users.is_primary("bo"));
}

#[derive(Debug, Clone)]
enum Command {
    Invite(usize),
    Join(usize),
    Remove(usize),
    HandOver(usize),
    Name(usize),
}

fn command() -> impl Strategy<Value = (usize, Command)> {
    let who = || 0_usize..4;
    let command = prop_oneof![
        who().prop_map(Command::Invite),
        who().prop_map(Command::Join),
        who().prop_map(Command::Remove),
        who().prop_map(Command::HandOver),
        who().prop_map(Command::Name),
    ];
    (who(), command)
}

proptest! {
    #[test]
    fn acc_2_whatever_is_commanded_a_named_seller_has_one_primary_user_and_each_subject_once(
        commands in prop::collection::vec(command(), 1..40)
    ) {
        const WHO: [&str; 4] = ["ann", "bo", "cy", "dee"];
        let (mut seller, mut now) = (anns(), monday());
        for (asking, command) in commands {
            now += chrono::TimeDelta::minutes(1);
            let at = by(WHO[asking], now);
            let user = |who: usize| UserId::derived(&["US", "s", WHO[who]]);
            let outcome = match command {
                Command::Invite(who) => {
                    seller.invite(us(), WHO[who].into(), format!("{}@x.example", WHO[who]), Grants::default(), &at)
                }
                Command::Join(n) => match seller.users.invitations.get(n) {
                    Some(open) => seller.join(&open.id.clone(), &at),
                    None => continue,
                },
                Command::Remove(who) => seller.remove_user(&user(who), &at),
                Command::HandOver(who) => seller.hand_over(&user(who), &at),
                Command::Name(who) => {
                    let facts = SellerFacts { primary_user: Some(WHO[who].into()), ..facts() };
                    Ok(seller.change_facts(us(), facts, now, &at))
                }
            };
            if let Ok(outcome) = outcome {
                seller = with_events(Some(&seller), &outcome);
            }
            let primary = seller.users.all.iter().filter(|user| user.role == Role::Primary).count();
            prop_assert_eq!(primary, 1);
            prop_assert_eq!(&seller.users.all[0].role, &Role::Primary);
            let subjects: std::collections::BTreeSet<_> = seller.users.all.iter().map(|user| &user.subject).collect();
            prop_assert_eq!(subjects.len(), seller.users.all.len());
        }
    }
}
