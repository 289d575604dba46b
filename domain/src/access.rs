//! Who may do what (ACC-1, ACC-2): the one policy function. It is asked before anything is done, of every route, with who
//! calls, what the route does, and whose things it does it to; page, list, export and mail ask no other.
//!
//! Not here: who is a user of a seller, and who makes it so ([`crate::users`]).

use crate::{
    id::{AssociateId, SellerId, StoreId},
    outcome::Refusal,
    users::Users,
};
use serde::{Deserialize, Serialize};

/// What of a seller's things there is to see and to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Enrollment, and who handles which order.
    Home,
    /// Requests and decisions.
    CaseLog,
    /// Figures and forecasts.
    Insights,
    /// What a quarter costs, and disputes of it.
    Statements,
    /// Money back for a refund.
    Claims,
    /// The seller's own return policy.
    ReturnPolicy,
    /// Who may see and change all this.
    Users,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 7] =
        [Self::Home, Self::CaseLog, Self::Insights, Self::Statements, Self::Claims, Self::ReturnPolicy, Self::Users];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::CaseLog => "case_log",
            Self::Insights => "insights",
            Self::Statements => "statements",
            Self::Claims => "claims",
            Self::ReturnPolicy => "return_policy",
            Self::Users => "users",
        }
    }

    /// The feature of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == name)
    }
}

/// How far somebody gets with a feature; each level holds those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not at all.
    #[default]
    None,
    /// It is seen.
    View,
    /// It is changed.
    Edit,
}

/// The ranks of the store's staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Works at the desk.
    Associate,
    /// Leads others there.
    Lead,
}

/// What a route does, and so what it asks of whoever takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// What the link of a mail opens: the link says for what and for whom, and nobody is asked for a token.
    Public,
    /// The same for whoever has signed in.
    SignedIn,
    /// The marketplace tells, or asks.
    Marketplace,
    /// Staff of the store at work, of at least this rank.
    Desk(Rank),
    /// A seller's things, of this feature at this level.
    Seller(Feature, Level),
    /// What every user of a seller does for itself: which mails it wants.
    User,
    /// What only the primary user of a seller does: who its users are, and what was done in its name.
    Primary,
}

/// Who calls, as the token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A token that says nothing of use here.
    Nobody,
    /// A user, by the token's subject, and the seller it speaks for, if any.
    User {
        /// The subject.
        subject: String,
        /// Whose things it asks for.
        seller: Option<SellerId>,
    },
    /// Staff.
    Associate {
        /// Who.
        id: AssociateId,
        /// Where.
        stores: Vec<StoreId>,
        /// As what.
        rank: Rank,
    },
    /// The marketplace.
    Marketplace,
}

/// Whose things are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Nobody's yet: a link names them.
    Linked,
    /// A store's.
    Store(&'a StoreId),
    /// A seller's.
    Seller {
        /// Which.
        seller: &'a SellerId,
        /// Its users.
        users: &'a Users,
    },
}

/// Whether this caller may do this to that; a refusal names what is missing.
pub fn allow(caller: &Caller, action: Action, resource: Resource<'_>) -> Result<(), Refusal> {
    match action {
        Action::Public => Ok(()),
        Action::SignedIn if matches!(caller, Caller::User { .. }) => Ok(()),
        Action::SignedIn => {
            Err(Refusal::forbidden("This token names no user: send it with that of a user who has signed in."))
        }
        Action::Marketplace if *caller == Caller::Marketplace => Ok(()),
        Action::Marketplace => Err(Refusal::forbidden(
            "This token is not the marketplace's: send it with that of a client with the scope marketplace.",
        )),
        Action::Desk(needed) => at_the_desk(caller, needed, resource),
        Action::Seller(feature, level) => {
            let (subject, users) = for_its_seller(caller, resource)?;
            if users.level(subject, feature) >= level {
                return Ok(());
            }
            let verb = if level == Level::Edit { "change" } else { "see" };
            let sentence = format!(
                "This user may not {verb} {} of this seller; the seller's primary user can grant it.",
                feature.name()
            );
            Err(Refusal { unmet: vec![feature.name()], ..Refusal::forbidden(sentence) })
        }
        Action::User => {
            let (subject, users) = for_its_seller(caller, resource)?;
            if users.all.is_empty() || users.of_subject(subject).is_some() {
                return Ok(());
            }
            Err(Refusal::forbidden("Only a user of this seller may do this; its primary user can invite you."))
        }
        Action::Primary => {
            let (subject, users) = for_its_seller(caller, resource)?;
            if users.is_primary(subject) {
                return Ok(());
            }
            let sentence = "Only the primary user of this seller may do this.";
            Err(Refusal { unmet: vec![Feature::Users.name()], ..Refusal::forbidden(sentence) })
        }
    }
}

/// A user that speaks for the very seller whose things are asked for.
fn for_its_seller<'a>(caller: &'a Caller, resource: Resource<'a>) -> Result<(&'a str, &'a Users), Refusal> {
    match (caller, resource) {
        (Caller::User { subject, seller: Some(own) }, Resource::Seller { seller, users }) if own == seller => {
            Ok((subject, users))
        }
        _ => Err(for_no_seller()),
    }
}

/// The token of somebody who acts for no seller.
#[must_use]
pub fn for_no_seller() -> Refusal {
    Refusal::forbidden("This token speaks for no seller: its claim seller_id has to name one.")
}

fn at_the_desk(caller: &Caller, needed: Rank, resource: Resource<'_>) -> Result<(), Refusal> {
    let here = match (caller, resource) {
        (Caller::Associate { stores, rank, .. }, Resource::Store(store)) if stores.contains(store) => Some(*rank),
        _ => None,
    };
    match here {
        Some(rank) if rank >= needed => Ok(()),
        _ if needed == Rank::Lead => {
            Err(Refusal::forbidden("This token is not a lead's of this store: a lead of it can do this."))
        }
        _ => Err(Refusal::forbidden("This token is not for the desk of this store: its claim stores has to name it.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        outcome::RefusalKind,
        testing::id,
        users::{Grants, Role, User},
        wish::Wishes,
    };

    fn caller(subject: &str, seller: &str) -> Caller {
        Caller::User { subject: subject.into(), seller: Some(id(seller)) }
    }

    fn users(grants: &[(Feature, Level)]) -> Users {
        let person = |subject: &str, role: Role| User {
            id: id(subject),
            subject: subject.into(),
            name: None,
            email: None,
            role,
            wishes: Wishes::default(),
        };
        let grants = Grants::of(grants.iter().copied()).unwrap();
        Users { all: vec![person("ann", Role::Primary), person("bo", Role::Secondary(grants))], ..Users::default() }
    }

    fn asks(subject: &str, feature: Feature, level: Level, grants: &[(Feature, Level)]) -> Result<(), Refusal> {
        let (seller, users) = (id("s"), users(grants));
        allow(
            &caller(subject, "s"),
            Action::Seller(feature, level),
            Resource::Seller { seller: &seller, users: &users },
        )
    }

    #[test]
    fn acc_1_home_and_insights_are_the_primary_users_alone_until_it_grants_each_on_its_own() {
        for feature in [Feature::Home, Feature::Insights] {
            assert_eq!(asks("ann", feature, Level::View, &[]), Ok(()));
            let refusal = asks("bo", feature, Level::View, &[]).unwrap_err();
            assert_eq!((refusal.kind, refusal.code, refusal.rule), (RefusalKind::Forbidden, "forbidden", "ACC-2"));
            assert_eq!(refusal.unmet, [feature.name()], "it names the feature");
            assert!(refusal.sentence.contains(feature.name()), "{}", refusal.sentence);
        }
        let home = [(Feature::Home, Level::View)];
        assert_eq!(asks("bo", Feature::Home, Level::View, &home), Ok(()));
        assert!(asks("bo", Feature::Insights, Level::View, &home).is_err());
    }

    #[test]
    fn acc_2_each_level_holds_those_below_it_and_nothing_above_for_every_feature() {
        for feature in Feature::ALL.into_iter().filter(|feature| *feature != Feature::Users) {
            for granted in [Level::None, Level::View, Level::Edit] {
                for asked in [Level::View, Level::Edit] {
                    let allowed = asks("bo", feature, asked, &[(feature, granted)]).is_ok();
                    assert_eq!(allowed, asked <= granted, "{feature:?}: {granted:?} holds {asked:?}");
                    assert_eq!(asks("ann", feature, asked, &[]), Ok(()), "the primary user holds all");
                }
            }
        }
    }

    #[test]
    fn acc_2_who_is_no_user_of_the_seller_gets_nothing_whoever_its_token_says_it_speaks_for() {
        let (seller, users) = (id("s"), users(&[]));
        let resource = Resource::Seller { seller: &seller, users: &users };
        for caller in [caller("eve", "s"), caller("ann", "other"), Caller::Nobody, Caller::Marketplace] {
            for action in [Action::Primary, Action::User, Action::Seller(Feature::CaseLog, Level::View)] {
                assert!(allow(&caller, action, resource).is_err(), "{caller:?} {action:?}");
            }
        }
        for user in ["ann", "bo"] {
            assert_eq!(allow(&caller(user, "s"), Action::User, resource), Ok(()), "{user} is a user");
        }
        let refusal = allow(&caller("bo", "s"), Action::Primary, resource).unwrap_err();
        assert_eq!(refusal.unmet, ["users"], "nor does a secondary user");
    }

    #[test]
    fn acc_2_staff_work_in_their_stores_alone_and_a_lead_does_what_associates_do() {
        let (us, de) = (id("US"), id("DE"));
        let staff = |rank| Caller::Associate { id: id("mei"), stores: vec![id("US")], rank };
        for (rank, needed, store, allowed) in [
            (Rank::Associate, Rank::Associate, &us, true),
            (Rank::Associate, Rank::Associate, &de, false),
            (Rank::Associate, Rank::Lead, &us, false),
            (Rank::Lead, Rank::Associate, &us, true),
            (Rank::Lead, Rank::Lead, &us, true),
            (Rank::Lead, Rank::Lead, &de, false),
        ] {
            let answer = allow(&staff(rank), Action::Desk(needed), Resource::Store(store));
            assert_eq!(answer.is_ok(), allowed, "{rank:?} {needed:?} {store}");
        }
    }

    #[test]
    fn acc_2_who_may_not_change_a_thing_and_who_may_not_even_see_it_are_told_which() {
        let said = |level| asks("bo", Feature::Claims, level, &[]).unwrap_err().sentence;
        assert!(said(Level::View).starts_with("This user may not see claims "), "{}", said(Level::View));
        assert!(said(Level::Edit).starts_with("This user may not change claims "), "{}", said(Level::Edit));
    }

    #[test]
    fn acc_2_staff_is_told_whether_it_is_the_store_that_it_lacks_or_the_rank() {
        let (us, de) = (id("US"), id("DE"));
        let mei = Caller::Associate { id: id("mei"), stores: vec![id("US")], rank: Rank::Associate };
        let said = |needed, store| allow(&mei, Action::Desk(needed), Resource::Store(store)).unwrap_err().sentence;
        assert_eq!(said(Rank::Lead, &us), "This token is not a lead's of this store: a lead of it can do this.");
        assert_eq!(
            said(Rank::Associate, &de),
            "This token is not for the desk of this store: its claim stores has to name it."
        );
    }

    #[test]
    fn acc_2_what_is_for_users_alone_or_for_the_marketplace_alone_is_for_nobody_else() {
        let ann = Caller::User { subject: "ann".into(), seller: None };
        let mei = Caller::Associate { id: id("mei"), stores: vec![id("US")], rank: Rank::Lead };
        for (caller, signed_in, marketplace) in [
            (ann, true, false),
            (mei, false, false),
            (Caller::Marketplace, false, true),
            (Caller::Nobody, false, false),
        ] {
            let may = |action| allow(&caller, action, Resource::Linked).is_ok();
            let answers = (may(Action::Public), may(Action::SignedIn), may(Action::Marketplace));
            assert_eq!(answers, (true, signed_in, marketplace), "{caller:?}");
        }
    }

    #[test]
    fn acc_2_a_feature_is_called_as_its_json() {
        for feature in Feature::ALL {
            assert_eq!(serde_json::to_value(feature).unwrap(), feature.name());
            assert_eq!(Feature::named(feature.name()), Some(feature));
        }
    }
}
