//! What becomes of a mail that came in (RTE-8, RTE-9, REQ-5): exactly one of four things, and nothing comes of one that is
//! held back but that it is kept with its cause.
//!
//! A mail is never trusted for what it says of itself. Whoever took it says what it found (the verdicts); to whom a mail is
//! is known by the address that it was sent to, or by the mail of ours that it answers. Whatever a machine wrote is kept with
//! the matter, and is nothing that anybody said: it answers no clock, counts as no contact and is never answered (N6).
//!
//! Not here: reading the mail, and what an address of ours names.

use crate::{
    access::{Feature, Level},
    at::Instant,
    id::{ContactId, InquiryId, RequestId},
    seller::Seller,
    users::same_address,
};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was found of one thing; only a pass lets a mail act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// The sender's domain says nothing of it.
    Gray,
    /// It was not found out, whatever the reason.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What was found when the mail came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// No spam.
    pub spam: Verdict,
    /// No virus.
    pub virus: Verdict,
    /// The host may send for the envelope's sender.
    pub spf: Verdict,
    /// The signature is good.
    pub dkim: Verdict,
    /// The sender's domain stands for the address that is shown.
    pub dmarc: Verdict,
}

/// Who wrote a mail, as far as it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A person, whom a machine may answer.
    Person,
    /// Perhaps a person; no machine answers.
    Unanswered,
    /// A machine.
    Machine,
    /// We did; it came back.
    Ours,
}

/// To whom a mail is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// An inquiry, in answer to what the customer was told.
    Inquiry(InquiryId),
    /// A request, in answer to what the seller was asked.
    Request(RequestId),
    /// The mailbox for what came to a seller by mistake.
    Transfers,
}

/// Why nothing comes of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// A virus was found, or was not looked for.
    Virus,
    /// It is spam, or was not looked at.
    Spam,
    /// Its sender is not proved.
    NotAuthenticated,
    /// No address of ours, and it answers nothing of ours.
    NoAddressee,
    /// A machine wrote to a mailbox, or answered a question.
    Automatic,
    /// We wrote it ourselves.
    Ours,
    /// The sender has written too often today, or too much has come about the same matter.
    TooMany,
    /// Nobody of a seller writes from this address.
    UnknownSender,
    /// The sender's user may not answer for its seller (ACC-2).
    NotGranted,
    /// What it answers is not there, or is another seller's (ACC-3).
    Unseen,
    /// It says nothing.
    Empty,
    /// RTE-8: it names no order.
    NoOrder,
    /// RTE-8: it names none of the seller's orders.
    NotTheSellers,
    /// The rules do not take it: the code of the refusal.
    Refused {
        /// Which.
        code: String,
    },
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It was added to a matter that is there.
    Appended {
        /// Which: the inquiry, or the request.
        to: String,
        /// Whether a machine wrote it: it is kept there and does nothing.
        automatic: bool,
    },
    /// It is a matter of its own now, or several.
    Opened {
        /// As which contacts they are routed.
        contacts: Vec<ContactId>,
    },
    /// The same mail came before.
    Duplicate,
    /// Nothing comes of it.
    Quarantined {
        /// Why.
        #[serde(flatten)]
        cause: Cause,
    },
}

/// For so long it is known what became of a mail: longer than anything is told again.
pub const REMEMBERED: TimeDelta = TimeDelta::days(400);
/// For so long a mail of which nothing came can be looked at, as its bytes can.
pub const KEPT: TimeDelta = TimeDelta::days(90);

/// A mail of which nothing came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The name that it was given when it came in.
    pub mail: String,
    /// Where its bytes are kept.
    pub object: String,
    /// Who it says that it is from; nobody, if it says nothing.
    pub from: Option<String>,
    /// The addresses that it was sent to.
    pub to: Vec<String>,
    /// When it came in.
    pub at: Instant,
    /// Why.
    #[serde(flatten)]
    pub cause: Cause,
}

impl Verdicts {
    /// Whether the sender is proved as a customer's has to be: by its domain, or, where that has no policy, by its host or
    /// its signature.
    fn prove_sender(self) -> bool {
        let gray = self.dmarc == Verdict::Gray && [self.spf, self.dkim].contains(&Verdict::Pass);
        self.prove_address() || gray
    }

    /// Whether the address that is shown is proved, as it has to be where the address alone says who writes.
    fn prove_address(self) -> bool {
        self.dmarc == Verdict::Pass
    }
}

/// Whether a mail may act at all; a machine's may only be kept with an inquiry.
pub fn admitted(verdicts: Verdicts, author: Author, addressee: Option<&Addressee>) -> Result<(), Cause> {
    if verdicts.virus != Verdict::Pass {
        return Err(Cause::Virus);
    }
    if author == Author::Ours {
        return Err(Cause::Ours);
    }
    if verdicts.spam != Verdict::Pass {
        return Err(Cause::Spam);
    }
    let proved = match addressee {
        None => return Err(Cause::NoAddressee),
        Some(Addressee::Inquiry(_)) => verdicts.prove_sender(),
        Some(Addressee::Request(_) | Addressee::Transfers) => verdicts.prove_address(),
    };
    if !proved {
        return Err(Cause::NotAuthenticated);
    }
    match (author, addressee) {
        (Author::Machine, Some(Addressee::Request(_) | Addressee::Transfers)) => Err(Cause::Automatic),
        _ => Ok(()),
    }
}

/// RTE-8: where sellers send what came to them by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// What stands before the `@`, in lower case.
    pub name: String,
    /// For sellers with their address in one of these; a mail to another box of the store is taken all the same.
    pub countries: Vec<String>,
}

/// How often one sender may write to us, and be answered by a machine, and how often anybody may write about one matter, on
/// one day of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// From when.
    pub effective_from: Instant,
    /// Mails that are taken from one sender.
    pub mails: u32,
    /// N6: mails that one of ours answers.
    pub answers: u32,
    /// N6: mails that are taken about one inquiry or request.
    pub about_one: u32,
}

/// What a sender has had of it, or a matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// On which day.
    pub day: NaiveDate,
    /// Mails that were taken.
    pub mails: u32,
    /// Those that were answered.
    pub answers: u32,
}

impl Spent {
    /// With one mail more; none, if that is more than `most`. On another day everything begins anew.
    pub fn one_more(self, day: NaiveDate, most: u32) -> Result<Self, Cause> {
        let today = if self.day == day { self } else { Self { day, ..Self::default() } };
        if today.mails >= most {
            return Err(Cause::TooMany);
        }
        Ok(Self { mails: today.mails.saturating_add(1), ..today })
    }

    /// With one answer more; none, if a machine has said enough.
    #[must_use]
    pub fn answered(self, author: Author, allowance: Allowance) -> Option<Self> {
        let may = author == Author::Person && self.answers < allowance.answers;
        may.then_some(Self { answers: self.answers.saturating_add(1), ..self })
    }
}

/// The addresses from which somebody writes in a seller's name, in lower case.
#[must_use]
pub fn addresses(seller: &Seller) -> BTreeSet<String> {
    let users = seller.users.all.iter().filter_map(|user| user.email.as_deref());
    let all = users.chain([seller.facts.email.as_str()]).filter(|address| !address.is_empty());
    all.map(str::to_lowercase).collect()
}

/// As whom a sender writes in a seller's name: the primary user from the seller's own address, another user from the one it
/// was invited at. It has to hold what a reply or a transfer needs (ACC-2).
pub fn writer(seller: &Seller, from: &str) -> Result<String, Cause> {
    let users = &seller.users.all;
    let invited = |user: &&crate::users::User| user.email.as_deref().is_some_and(|email| same_address(email, from));
    if let Some(user) = users.iter().find(invited) {
        let may = seller.users.level(&user.subject, Feature::CaseLog) >= Level::Edit;
        return if may { Ok(user.subject.clone()) } else { Err(Cause::NotGranted) };
    }
    if !same_address(&seller.facts.email, from) {
        return Err(Cause::UnknownSender);
    }
    // Nobody may have signed in yet; the address is the seller's all the same.
    Ok(seller.name_of(None))
}

#[cfg(test)]
mod tests;
