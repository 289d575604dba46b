//! Which notices are wanted, by whom, and how (NTF-1, ACC-2).
//!
//! A notice on which a duty, money or access hangs goes to the seller's default address, whatever anybody wishes; of one
//! kind some may be such, as decisions are that the seller has to act on. Of any other each user says whether it wants a
//! mail each time, one a day, or none. The default address is the primary user's, who gets a mail each time until it says
//! otherwise. A secondary user gets none until it asks for it, and may ask only for what it may see: whether it may is
//! asked of [`allow`] when it chooses and again for each mail.
//!
//! Not here: how a day's notices become one mail ([`crate::digest`]), and how the link of a mail is signed (the shell's).

use crate::{
    access::{Action, Caller, Feature, Level, Resource, allow},
    at::At,
    id::UserId,
    notice::{ClaimStep, Notice, NoticeKind, Recipient},
    outcome::{Outcome, Refusal},
    seller::{Seller, SellerEvent},
    users::{Role, User, UsersEvent, changed, subject},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::collections::BTreeMap;

/// Secondary users that are mailed one kind of notice: what they are owed leaves in one transaction, which has a size.
pub const MOST_READERS: usize = 50;

/// A kind of notice that a user may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optional {
    /// The trial's end comes near.
    TrialEnding,
    /// The service decided, and the seller has to do nothing for it.
    Decided,
    /// A claim moved, and nothing is asked.
    ClaimMoved,
}

impl Optional {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::TrialEnding, Self::Decided, Self::ClaimMoved];

    /// Its stable name, which is that of the notice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrialEnding => "trial_ending",
            Self::Decided => "decided",
            Self::ClaimMoved => "claim_moved",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What somebody must be allowed to see to be told of it.
    #[must_use]
    pub const fn feature(self) -> Feature {
        match self {
            Self::TrialEnding => Feature::Home,
            Self::Decided => Feature::CaseLog,
            Self::ClaimMoved => Feature::Claims,
        }
    }
}

/// Why a notice cannot be done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The seller is bound by it, or its time runs by it.
    Duty,
    /// It says what is to be paid.
    Money,
    /// It lets somebody in.
    Access,
    /// It is the customer's, whom no user of a seller answers for.
    Customer,
}

/// Whether a notice can be done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// No.
    Always(Why),
    /// Yes: each user says.
    Chosen(Optional),
    /// It is what was chosen of a day.
    Gathered,
}

/// Kinds that could be done without before. What was chosen of them is still kept, and links that end them are still in
/// mails: both are read, and have no effect.
pub const ALWAYS_BY_NOW: [&str; 1] = ["handed_over"];

/// What is always mailed to a seller, by the names under which users see it.
pub const MANDATORY: [(&str, Why); 13] = [
    ("enrollment_complete", Why::Money),
    ("request_opened", Why::Duty),
    ("request_reminder", Why::Duty),
    ("request_expired", Why::Duty),
    ("decision_to_act_on", Why::Duty),
    ("handed_over", Why::Duty),
    ("rate_published", Why::Money),
    ("statement_ready", Why::Money),
    ("policy_decided", Why::Duty),
    ("claim_asked", Why::Duty),
    ("transfer_routed", Why::Duty),
    ("mail_not_taken", Why::Duty),
    ("invitation", Why::Access),
];

impl NoticeKind {
    /// Whether it can be done without: the one place that says so.
    #[must_use]
    pub const fn need(&self) -> Need {
        match self {
            Self::RequestOpened { .. }
            | Self::RequestReminder { .. }
            | Self::RequestExpired { .. }
            | Self::HandedOver { .. }
            | Self::PolicyDecided { .. }
            | Self::TransferRouted { .. }
            | Self::MailNotTaken { .. }
            | Self::ClaimMoved { step: ClaimStep::Asked { .. }, .. } => Need::Always(Why::Duty),
            Self::EnrollmentComplete { .. } | Self::RatePublished { .. } | Self::StatementReady { .. } => {
                Need::Always(Why::Money)
            }
            Self::Invitation { .. } => Need::Always(Why::Access),
            Self::Answer { .. } | Self::InquiryResolved { .. } | Self::Survey { .. } => Need::Always(Why::Customer),
            Self::TrialEnding { .. } => Need::Chosen(Optional::TrialEnding),
            Self::Decided { decision, .. } if decision.binds_the_seller() => Need::Always(Why::Duty),
            Self::Decided { .. } => Need::Chosen(Optional::Decided),
            Self::ClaimMoved {
                step: ClaimStep::FellSilent { .. } | ClaimStep::Granted { .. } | ClaimStep::Denied { .. },
                ..
            } => Need::Chosen(Optional::ClaimMoved),
            Self::Digest { .. } => Need::Gathered,
        }
    }
}

/// How a kind of notice is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// A mail each time.
    Each,
    /// In one mail a day, with all else of that day.
    Daily,
    /// Not at all.
    Never,
}

/// What a user has chosen; what is not named is as it is for whoever has not chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Wishes(BTreeMap<Optional, Choice>);

impl<'de> Deserialize<'de> for Wishes {
    /// Without what can be chosen no more; a name that never could be is none.
    fn deserialize<D: Deserializer<'de>>(kept: D) -> Result<Self, D::Error> {
        let kept = BTreeMap::<String, Choice>::deserialize(kept)?;
        let chosen = kept.into_iter().filter(|(name, _)| !ALWAYS_BY_NOW.contains(&name.as_str()));
        let known = |(name, choice): (String, Choice)| {
            let kind = Optional::named(&name).ok_or_else(|| D::Error::custom(format!("{name} is no kind of mail")))?;
            Ok((kind, choice))
        };
        chosen.map(known).collect::<Result<_, _>>().map(Self)
    }
}

impl Wishes {
    /// Whether nothing was chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same without what this user may not see any more: it does not come back with the grant.
    pub(crate) fn keep(&mut self, may_see: impl Fn(Feature) -> bool) {
        self.0.retain(|kind, _| may_see(kind.feature()));
    }

    fn choice(&self, kind: Optional) -> Option<Choice> {
        self.0.get(&kind).copied()
    }

    /// With these, and nothing that is as it would be anyway.
    fn with(&self, chosen: &BTreeMap<Optional, Choice>, anyway: Choice) -> Self {
        let all: BTreeMap<_, _> = self.0.iter().chain(chosen).map(|(kind, choice)| (*kind, *choice)).collect();
        Self(all.into_iter().filter(|(_, choice)| *choice != anyway).collect())
    }
}

/// A kind that can be done without, as a user sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Which.
    pub kind: Optional,
    /// How it is mailed to this user.
    pub choice: Choice,
    /// Whether the user may choose anything but never.
    pub may_choose: bool,
}

impl Seller {
    /// How this kind is mailed: to the default address, or to this secondary user.
    #[must_use]
    pub fn choice(&self, reader: Option<&UserId>, kind: Optional) -> Choice {
        let Some(reader) = reader else { return self.users.wishes.choice(kind).unwrap_or(Choice::Each) };
        let secondary = self.users.user(reader).filter(|user| user.role != Role::Primary);
        let allowed = secondary.filter(|user| self.may_see(&user.subject, kind).is_ok());
        allowed.and_then(|user| user.wishes.choice(kind)).unwrap_or(Choice::Never)
    }

    /// What this subject sees of its wishes.
    #[must_use]
    pub fn wishes_of(&self, subject: &str) -> Vec<Wish> {
        let reader = self.secondary_of(subject).map(|user| &user.id);
        let wish =
            |kind| Wish { kind, choice: self.choice(reader, kind), may_choose: self.may_see(subject, kind).is_ok() };
        Optional::ALL.into_iter().map(wish).collect()
    }

    /// Where mail to this subject goes: the default address, or where it was invited.
    #[must_use]
    pub fn address_of(&self, subject: &str) -> Option<&str> {
        self.secondary_of(subject).map_or(Some(&self.facts.email), |user| user.email.as_ref()).map(String::as_str)
    }

    /// A user says how these kinds are mailed to it from now on. To want one asks that it may see what it is about.
    pub fn choose(&self, chosen: &BTreeMap<Optional, Choice>, at: &At) -> Result<Outcome<SellerEvent>, Refusal> {
        let subject = subject(at)?;
        allow(&self.caller(subject), Action::User, self.resource())?;
        let wanted = || chosen.iter().filter(|(_, choice)| **choice != Choice::Never).map(|(kind, _)| *kind);
        for kind in wanted() {
            self.may_see(subject, kind)?;
        }
        let reader = self.secondary_of(subject);
        if reader.is_some_and(|reader| wanted().any(|kind| self.readers_but(&reader.id, kind) >= MOST_READERS)) {
            let sentence = format!(
                "At most {MOST_READERS} secondary users of a seller are mailed one kind of notice: one of them has to end it first."
            );
            return Err(Refusal::state("NTF-1", "too_many_readers", sentence));
        }
        Ok(self.chosen(reader, chosen))
    }

    /// Whoever has the link of such a mail wants no more of them; of a digest, of nothing that comes in one.
    pub fn decline(&self, reader: Option<&UserId>, kind: Option<Optional>) -> Result<Outcome<SellerEvent>, Refusal> {
        let known = reader.map(|id| self.users.user(id).ok_or_else(|| Refusal::unseen("mail"))).transpose()?;
        let reader = known.filter(|user| user.role != Role::Primary);
        let id = reader.map(|user| &user.id);
        let declined = Optional::ALL.into_iter().filter(|known| match kind {
            Some(kind) => kind == *known,
            None => self.choice(id, *known) == Choice::Daily,
        });
        Ok(self.chosen(reader, &declined.map(|kind| (kind, Choice::Never)).collect()))
    }

    /// NTF-3: what secondary users are owed of a notice to the default address; one each, by its own id.
    #[must_use]
    pub fn copies(&self, notice: &Notice) -> Vec<Notice> {
        let (Need::Chosen(kind), Recipient::Seller { .. }) = (notice.kind.need(), &notice.recipient) else {
            return Vec::new();
        };
        let wanting = self.users.all.iter().filter(|user| self.choice(Some(&user.id), kind) != Choice::Never);
        wanting.map(|user| notice.to_user(&self.id, &user.id)).collect()
    }

    /// In whose name a link of this reader's mail acts.
    #[must_use]
    pub fn name_of(&self, reader: Option<&UserId>) -> String {
        let user = reader.map_or_else(|| self.users.primary(), |id| self.users.user(id));
        user.map_or_else(|| self.id.to_string(), |user| user.subject.clone())
    }

    fn chosen(&self, reader: Option<&User>, chosen: &BTreeMap<Optional, Choice>) -> Outcome<SellerEvent> {
        let (before, anyway) = reader.map_or((&self.users.wishes, Choice::Each), |user| (&user.wishes, Choice::Never));
        let wishes = before.with(chosen, anyway);
        if wishes == *before {
            return Outcome::unchanged();
        }
        changed(UsersEvent::MailChosen { user: reader.map(|user| user.id.clone()), wishes })
    }

    /// The secondary user of this subject; whoever else speaks for the seller reads its default address.
    fn secondary_of(&self, subject: &str) -> Option<&User> {
        self.users.of_subject(subject).filter(|user| user.role != Role::Primary)
    }

    fn readers_but(&self, reader: &UserId, kind: Optional) -> usize {
        let others = self.users.all.iter().filter(|user| user.role != Role::Primary && user.id != *reader);
        others.filter(|user| user.wishes.choice(kind).is_some()).count()
    }

    fn may_see(&self, subject: &str, kind: Optional) -> Result<(), Refusal> {
        allow(&self.caller(subject), Action::Seller(kind.feature(), Level::View), self.resource())
    }

    fn caller(&self, subject: &str) -> Caller {
        Caller::User { subject: subject.to_owned(), seller: Some(self.id.clone()) }
    }

    const fn resource(&self) -> Resource<'_> {
        Resource::Seller { seller: &self.id, users: &self.users }
    }
}

#[cfg(test)]
mod tests;
