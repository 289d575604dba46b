//! The users of a seller (ACC-1, ACC-2): one primary user, who holds everything, and those it has invited, who hold what
//! it grants. They are part of the seller's account, so a change of them and whatever rests on them are decided on one
//! version of it.
//!
//! As long as nobody is named, whoever the issuer lets speak for the seller is as its primary user. The marketplace names
//! the first one, or the first who invites becomes it; from then on only who stands here gets in.
//!
//! Not here: what a level opens ([`crate::access`]), and how the link of an invitation is signed (the shell's).

use crate::{
    access::{Action, Caller, Feature, Level, Resource, allow},
    at::{Actor, At, Instant},
    id::{InvitationId, UserId},
    notice::{Notice, NoticeKind},
    outcome::{Outcome, Refusal},
    quarter::days_later,
    seller::{Seller, SellerEvent},
    store::Store,
    wish::Wishes,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Users and open invitations that one account holds; an item has a size.
pub const MOST_USERS: usize = 100;

/// What a secondary user may, feature by feature; what is not named is not granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeMap<Feature, Level>);

impl Grants {
    /// These. Nobody but the primary user changes users, so that level of them cannot be granted.
    pub fn of(grants: impl IntoIterator<Item = (Feature, Level)>) -> Result<Self, Refusal> {
        let grants: BTreeMap<_, _> = grants.into_iter().filter(|(_, level)| *level > Level::None).collect();
        if grants.get(&Feature::Users) == Some(&Level::Edit) {
            let sentence = "Users can be granted up to view: who invites and grants is the primary user.";
            let unmet = vec![Feature::Users.name()];
            return Err(Refusal { unmet, ..Refusal::input("ACC-2", "not_grantable", sentence) });
        }
        Ok(Self(grants))
    }

    /// All that can be granted.
    fn most() -> Self {
        let edit = Feature::ALL.into_iter().filter(|feature| *feature != Feature::Users);
        Self(edit.map(|feature| (feature, Level::Edit)).chain([(Feature::Users, Level::View)]).collect())
    }

    /// How far one gets with this feature.
    #[must_use]
    pub fn level(&self, feature: Feature) -> Level {
        self.0.get(&feature).copied().unwrap_or_default()
    }
}

/// What a user is to the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Holds everything, and alone changes users.
    Primary,
    /// Holds what it was granted.
    Secondary(Grants),
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Follows from seller and subject.
    pub id: UserId,
    /// Of its token.
    pub subject: String,
    /// As it was invited; unknown where the marketplace named it or it came first.
    pub name: Option<String>,
    /// Where it was invited.
    pub email: Option<String>,
    /// What it is.
    pub role: Role,
    /// Which mails it wants, as long as it is secondary.
    #[serde(default, skip_serializing_if = "Wishes::is_empty")]
    pub wishes: Wishes,
}

/// An invitation that nobody has taken yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Follows from the request that made it; a new one for the same address is another.
    pub id: InvitationId,
    /// Whom.
    pub name: String,
    /// Where.
    pub email: String,
    /// What it will hold.
    pub grants: Grants,
    /// The first instant at which it is over.
    pub until: Instant,
}

/// The users of a seller, and whom it has invited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Users {
    /// The primary user first, then in the order in which they joined.
    pub all: Vec<User>,
    /// Oldest first.
    pub invitations: Vec<Invitation>,
    /// Which mails go to the default address: the primary user says, and the next one begins anew.
    #[serde(default, skip_serializing_if = "Wishes::is_empty")]
    pub wishes: Wishes,
}

/// What happened to the users of a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum UsersEvent {
    /// This is the primary user from now on, whoever was before.
    PrimaryNamed {
        /// Its id.
        user: UserId,
        /// Its token's subject.
        subject: String,
    },
    /// Somebody was invited; an older invitation of the same address is over.
    Invited(Invitation),
    /// An invitation was taken back.
    Revoked {
        /// Which.
        invitation: InvitationId,
    },
    /// Somebody took an invitation.
    Joined {
        /// Which.
        invitation: InvitationId,
        /// Its id from now on.
        user: UserId,
        /// Its token's subject.
        subject: String,
    },
    /// A secondary user holds this from now on.
    Granted {
        /// Who.
        user: UserId,
        /// What.
        grants: Grants,
    },
    /// A secondary user is none any more.
    Removed {
        /// Who.
        user: UserId,
    },
    /// A user wants these mails from now on.
    MailChosen {
        /// Which secondary user; none: whoever reads the default address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        /// All that it has chosen.
        wishes: Wishes,
    },
    /// The primary user made another one primary, and stays as a secondary one.
    HandedOver {
        /// To whom.
        user: UserId,
    },
}

impl Users {
    /// Whether there is nothing to say of them yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.invitations.is_empty() && self.wishes.is_empty()
    }

    /// How far this subject gets with this feature.
    #[must_use]
    pub fn level(&self, subject: &str, feature: Feature) -> Level {
        match self.of_subject(subject).map(|user| &user.role) {
            Some(Role::Primary) => Level::Edit,
            Some(Role::Secondary(grants)) => grants.level(feature),
            None if self.all.is_empty() => Level::Edit,
            None => Level::None,
        }
    }

    /// Whether this subject is the primary user, or nobody is yet.
    #[must_use]
    pub fn is_primary(&self, subject: &str) -> bool {
        self.all.is_empty() || self.of_subject(subject).is_some_and(|user| user.role == Role::Primary)
    }

    /// The primary user, once somebody is.
    #[must_use]
    pub fn primary(&self) -> Option<&User> {
        self.all.iter().find(|user| user.role == Role::Primary)
    }

    /// The user with this subject.
    #[must_use]
    pub fn of_subject(&self, subject: &str) -> Option<&User> {
        self.all.iter().find(|user| user.subject == subject)
    }

    /// The user of this id.
    #[must_use]
    pub fn user(&self, id: &UserId) -> Option<&User> {
        self.all.iter().find(|user| user.id == *id)
    }

    /// The open invitation of this id.
    #[must_use]
    pub fn invitation(&self, id: &InvitationId) -> Option<&Invitation> {
        self.invitations.iter().find(|invitation| invitation.id == *id)
    }

    /// The event, on top of what was.
    #[must_use]
    pub fn apply(mut self, event: &UsersEvent) -> Self {
        match event {
            UsersEvent::PrimaryNamed { user, subject } => {
                if self.primary().is_some_and(|before| before.subject != *subject) {
                    self.wishes = Wishes::default();
                }
                self.all.retain(|known| known.role != Role::Primary && known.subject != *subject);
                let primary = User {
                    id: user.clone(),
                    subject: subject.clone(),
                    name: None,
                    email: None,
                    role: Role::Primary,
                    wishes: Wishes::default(),
                };
                self.all.insert(0, primary);
            }
            UsersEvent::Invited(invitation) => {
                self.invitations.retain(|older| !same_address(&older.email, &invitation.email));
                self.invitations.push(invitation.clone());
            }
            UsersEvent::Revoked { invitation } => self.invitations.retain(|open| open.id != *invitation),
            UsersEvent::Joined { invitation, user, subject } => {
                if let Some(taken) = self.invitation(invitation).cloned() {
                    self.invitations.retain(|open| open.id != taken.id);
                    self.all.push(User {
                        id: user.clone(),
                        subject: subject.clone(),
                        name: Some(taken.name),
                        email: Some(taken.email),
                        role: Role::Secondary(taken.grants),
                        wishes: Wishes::default(),
                    });
                }
            }
            UsersEvent::Granted { user, grants } => {
                for known in self.all.iter_mut().filter(|known| known.id == *user) {
                    known.role = Role::Secondary(grants.clone());
                    known.wishes.keep(|feature| grants.level(feature) >= Level::View);
                }
            }
            UsersEvent::MailChosen { user: None, wishes } => self.wishes = wishes.clone(),
            UsersEvent::MailChosen { user: Some(user), wishes } => {
                for known in self.all.iter_mut().filter(|known| known.id == *user) {
                    known.wishes = wishes.clone();
                }
            }
            UsersEvent::Removed { user } => self.all.retain(|known| known.id != *user),
            UsersEvent::HandedOver { user } => {
                self.wishes = Wishes::default();
                for known in &mut self.all {
                    if known.id == *user {
                        known.role = Role::Primary;
                        known.wishes = Wishes::default();
                    } else if known.role == Role::Primary {
                        known.role = Role::Secondary(Grants::most());
                    }
                }
                self.all.sort_by_key(|known| known.role != Role::Primary);
            }
        }
        self
    }
}

/// Mail finds an address whatever the case of its letters.
pub(crate) fn same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Seller {
    /// The primary user is whom the marketplace names anew; to name the same one again says nothing, and does not take
    /// back what was handed over meanwhile.
    pub(crate) fn primary_named_since(&self, before: Option<&str>) -> Option<SellerEvent> {
        let named = self.facts.primary_user.as_deref().filter(|named| Some(*named) != before)?;
        Some(self.primary_named(named))
    }

    /// What makes this subject the primary user.
    fn primary_named(&self, subject: &str) -> SellerEvent {
        let (user, subject) = (self.user_id(subject), subject.to_owned());
        SellerEvent::Users(UsersEvent::PrimaryNamed { user, subject })
    }

    /// The id of whoever has this subject: the same person is the same user, also after it was gone.
    fn user_id(&self, subject: &str) -> UserId {
        UserId::derived(&[self.store.as_str(), self.id.as_str(), subject])
    }

    /// ACC-1: somebody is invited, with what it will hold. The mail has the link with which it joins; one that was sent to
    /// the same address before is worth nothing any more.
    pub fn invite(
        &self,
        store: &Store,
        name: String,
        email: String,
        grants: Grants,
        at: &At,
    ) -> Result<Outcome<SellerEvent>, Refusal> {
        let subject = self.primary_asks(at)?;
        let users = &self.users;
        if users.all.iter().filter_map(|user| user.email.as_deref()).any(|known| same_address(known, &email)) {
            let sentence =
                "Somebody with this address is a user of this seller already; change what that user may do instead.";
            return Err(Refusal::state("ACC-1", "already_user", sentence));
        }
        let others = users.invitations.iter().filter(|open| !same_address(&open.email, &email)).count();
        if users.all.len().saturating_add(others) >= MOST_USERS {
            let sentence =
                format!("A seller has at most {MOST_USERS} users and open invitations: remove one of them first.");
            return Err(Refusal::state("ACC-1", "too_many_users", sentence));
        }
        let id = InvitationId::derived(&[self.store.as_str(), self.id.as_str(), &at.cause]);
        let until = days_later(store.zone, at.now, store.invitation_days);
        let invitation = Invitation { id: id.clone(), name, email, grants, until };
        let first = users.all.is_empty().then(|| self.primary_named(subject));
        let events = first.into_iter().chain([SellerEvent::Users(UsersEvent::Invited(invitation))]).collect();
        let kind = NoticeKind::Invitation { until };
        Ok(Outcome::of(events).then(Notice::to_invited(&self.store, &self.id, &id, kind)))
    }

    /// The primary user takes an invitation back; its link is worth nothing any more.
    pub fn revoke(&self, invitation: &InvitationId, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        self.primary_asks(at)?;
        self.users.invitation(invitation).ok_or_else(|| Refusal::unseen("invitation"))?;
        Ok(changed(UsersEvent::Revoked { invitation: invitation.clone() }))
    }

    /// The invitation of this id, as long as it can be taken. What became of it otherwise is for its seller to know.
    pub fn open_invitation(&self, invitation: &InvitationId, now: Instant) -> Result<&Invitation, Refusal> {
        self.users.invitation(invitation).filter(|open| now < open.until).ok_or_else(|| {
            let sentence = "This invitation was taken, taken back, replaced or not taken in time; ask for a new one.";
            Refusal::state("ACC-1", "invitation_over", sentence)
        })
    }

    /// Whoever has the link of an invitation joins, once: from now on this subject is a user of the seller.
    pub fn join(&self, invitation: &InvitationId, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        let subject = subject(at)?;
        self.open_invitation(invitation, at.now)?;
        if self.users.of_subject(subject).is_some() {
            return Err(Refusal::state("ACC-1", "already_user", "You are a user of this seller already."));
        }
        let (user, subject) = (self.user_id(subject), subject.to_owned());
        Ok(changed(UsersEvent::Joined { invitation: invitation.clone(), user, subject }))
    }

    /// ACC-2: what a secondary user holds from now on, at once.
    pub fn grant(&self, user: &UserId, grants: Grants, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        let known = self.secondary(user, at)?;
        if known.role == Role::Secondary(grants.clone()) {
            return Ok(Outcome::unchanged());
        }
        Ok(changed(UsersEvent::Granted { user: user.clone(), grants }))
    }

    /// A secondary user is none any more, at once.
    pub fn remove_user(&self, user: &UserId, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        self.secondary(user, at)?;
        Ok(changed(UsersEvent::Removed { user: user.clone() }))
    }

    /// The primary user makes another one primary in its place.
    pub fn hand_over(&self, user: &UserId, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        self.primary_asks(at)?;
        let known = self.users.user(user).ok_or_else(|| Refusal::unseen("user"))?;
        if known.role == Role::Primary {
            return Ok(Outcome::unchanged());
        }
        Ok(changed(UsersEvent::HandedOver { user: user.clone() }))
    }

    /// The subject that asks, if it is the primary user's: asked of the very version that is changed.
    fn primary_asks<'a>(&self, at: &'a At) -> Result<&'a str, Refusal> {
        let subject = subject(at)?;
        let caller = Caller::User { subject: subject.to_owned(), seller: Some(self.id.clone()) };
        allow(&caller, Action::Primary, Resource::Seller { seller: &self.id, users: &self.users })?;
        Ok(subject)
    }

    /// A user that the primary user may change. It stays itself: a seller is never without one.
    fn secondary(&self, user: &UserId, at: &At) -> Result<&User, Refusal> {
        self.primary_asks(at)?;
        let known = self.users.user(user).ok_or_else(|| Refusal::unseen("user"))?;
        if known.role == Role::Primary {
            let sentence = "The primary user stays, and holds everything; another one can be made primary first.";
            return Err(Refusal::state("ACC-2", "primary_user_stays", sentence));
        }
        Ok(known)
    }
}

/// Who asks, by its token's subject.
pub(crate) fn subject(at: &At) -> Result<&str, Refusal> {
    if let Actor::Seller(subject) = &at.actor
        && !subject.is_empty()
    {
        return Ok(subject);
    }
    Err(Refusal::forbidden("This token names no user: send it with that of a user who has signed in."))
}

pub(crate) fn changed(event: UsersEvent) -> Outcome<SellerEvent> {
    Outcome::of(vec![SellerEvent::Users(event)])
}

#[cfg(test)]
mod tests;
