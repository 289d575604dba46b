//! What a notice says, as somebody reads it. A letter is made of the notice's facts, the store's name and time zone,
//! and links; there is no place in it for words of a customer (INQ-5, NTF-2). An answer is in the words of its associate,
//! and goes to the customer alone.
//!
//! The words stand in `templates/<kind of notice>/<language>.txt`, which begins with the subject, and `.html`, which
//! says the same; `templates/<language>.txt` and `.html` are the frame around them.

use crate::{chinese, english, gathered::Gathered};
use askama::Template;
use chrono::NaiveDate;
use domain::{
    at::Instant,
    id::RequestId,
    money::Money,
    notice::{DecisionFacts, Notice, NoticeKind, Recipient},
    quarter::Quarter,
    seller::SellerLanguage,
    store::Store,
    wish::Need,
};
use shell::{failure::Failure, reply::Answered};

/// A mail before it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// How the sender is called.
    pub sender: &'static str,
    /// One line.
    pub subject: String,
    /// To be read as it is.
    pub text: String,
    /// The same, to be looked at.
    pub html: String,
}

/// What a letter is written from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What there is to say, and to whom.
    pub notice: &'a Notice,
    /// Its name, and the clock that times are read off.
    pub store: &'a Store,
    /// Where links lead.
    pub portal: &'a str,
    /// What lets the reader in there that could not come in otherwise; empty where the letter has no such link.
    pub signed: &'a str,
    /// What an associate wrote; empty where the letter is ours alone.
    pub words: &'a str,
    /// In which language.
    pub language: SellerLanguage,
    /// What it says of a day, if it is a digest.
    pub gathered: &'a Gathered,
}

/// Writes the letter in the reader's language.
pub fn write(facts: Facts<'_>) -> Result<Letter, Failure> {
    match facts.language {
        SellerLanguage::En => english::write(facts),
        SellerLanguage::Zh => chinese::write(facts),
    }
}

/// A letter of these templates. Its text begins with a line that is the subject.
pub(crate) fn compose(
    sender: &'static str,
    text: &impl Template,
    html: impl FnOnce(&str) -> Result<String, askama::Error>,
) -> Result<Letter, Failure> {
    let unwritable = |error: askama::Error| Failure::Fault(format!("a letter cannot be written: {error}"));
    let written = text.render().map_err(unwritable)?;
    let (subject, text) = written
        .strip_prefix("Subject: ")
        .and_then(|letter| letter.split_once("\n\n"))
        .ok_or_else(|| Failure::Fault("a letter without a subject".into()))?;
    let html = html(subject).map_err(unwritable)?;
    Ok(Letter { sender, subject: subject.to_owned(), text: text.to_owned(), html })
}

/// What the templates ask for.
impl<'a> Facts<'a> {
    pub(crate) const fn kind(&self) -> &'a NoticeKind {
        &self.notice.kind
    }

    pub(crate) const fn for_seller(&self) -> bool {
        !matches!(self.notice.recipient, Recipient::Customer { .. })
    }

    /// Whether a person wrote it, who reads what is written back.
    pub(crate) const fn is_answer(&self) -> bool {
        matches!(self.notice.kind, NoticeKind::Answer { .. })
    }

    /// What a reply is about, where one is taken: none is, once it was decided without it.
    pub(crate) fn answerable(&self) -> Option<Answered> {
        let over = matches!(self.kind(), NoticeKind::RequestExpired { decision: Some(_), .. });
        Answered::by(self.notice).filter(|_| !over)
    }

    /// Whether a reply is taken.
    pub(crate) fn is_answerable(&self) -> bool {
        self.answerable().is_some()
    }

    /// The seller that the letter is about, as far as it has one.
    pub(crate) fn who(&self) -> &str {
        match &self.notice.recipient {
            Recipient::Seller { seller } | Recipient::User { seller, .. } | Recipient::Invited { seller, .. } => {
                seller.as_str()
            }
            Recipient::Customer { .. } => "",
        }
    }

    /// Where a reader ends mails of this kind, if it may do without them.
    pub(crate) fn stop(&self) -> Option<String> {
        let may_stop = !matches!(self.notice.kind.need(), Need::Always(_)) && !self.signed.is_empty();
        may_stop.then(|| self.opened("unsubscribe"))
    }

    /// The address of a page of the store.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}/stores/{}/{path}", self.portal, self.store.id)
    }

    /// The address of what was decided without an answer: that of the request, where an earlier notice does not say which
    /// decision.
    pub(crate) fn decided_page(&self, request: &RequestId, decision: &DecisionFacts) -> String {
        match &decision.id {
            Some(id) => self.page(&format!("decisions/{id}")),
            None => self.page(&format!("case-log/{request}")),
        }
    }

    /// The address of what the signed link of this notice opens.
    pub(crate) fn opened(&self, what: &str) -> String {
        format!("{}/{what}/{}", self.portal, self.signed)
    }

    pub(crate) fn store_name(&self) -> &str {
        match self.language {
            SellerLanguage::En => &self.store.name,
            SellerLanguage::Zh => &self.store.name_zh,
        }
    }

    /// A time on the store's clock and in UTC. Seconds are dropped: whoever keeps to it is in time.
    pub(crate) fn time(&self, at: &Instant) -> String {
        match self.language {
            SellerLanguage::En => english::time(self.store, at),
            SellerLanguage::Zh => chinese::time(self.store, at),
        }
    }

    /// The same in a subject.
    pub(crate) fn short_time(&self, at: &Instant) -> String {
        match self.language {
            SellerLanguage::En => english::short_time(self.store, at),
            SellerLanguage::Zh => chinese::short_time(self.store, at),
        }
    }

    /// A day.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it matched, by reference")]
    pub(crate) fn day(&self, day: &NaiveDate) -> String {
        match self.language {
            SellerLanguage::En => english::day(*day),
            SellerLanguage::Zh => chinese::day(*day),
        }
    }

    /// A quarter as people call it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it matched, by reference")]
    pub(crate) fn quarter(&self, quarter: &Quarter) -> String {
        let (year, number) = (quarter.year(), quarter.number());
        match self.language {
            SellerLanguage::En => format!("Q{number} {year}"),
            SellerLanguage::Zh => format!("{year}年第{number}季度"),
        }
    }

    /// The one before it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it matched, by reference")]
    pub(crate) fn quarter_before(&self, quarter: &Quarter) -> String {
        self.quarter(&quarter.previous())
    }

    /// What a statement comes to, and who owes it where it is not the seller.
    pub(crate) fn total(&self, total: &Money) -> String {
        if total.minor >= 0 {
            return total.to_string();
        }
        let amount = Money::new(total.minor.saturating_neg(), total.currency);
        match self.language {
            SellerLanguage::En => format!("{amount}, credited to you"),
            SellerLanguage::Zh => format!("{amount}，退还给您"),
        }
    }

    /// The first and the last day of a quarter.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it matched, by reference")]
    pub(crate) fn days(&self, quarter: &Quarter) -> String {
        let zone = self.store.zone;
        let first = quarter.start(zone).with_timezone(&zone).date_naive();
        let last = quarter.end(zone).with_timezone(&zone).date_naive().pred_opt().unwrap_or(first);
        match self.language {
            SellerLanguage::En => english::days(first, last),
            SellerLanguage::Zh => chinese::days(first, last),
        }
    }
}

/// How the store's clock is called: `PDT`, or what its city makes of it where there is no short name.
pub(crate) fn clock(store: &Store, at: &Instant, of_city: impl Fn(&str) -> String) -> String {
    let short = at.with_timezone(&store.zone).format("%Z").to_string();
    if short.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return short;
    }
    let city = store.zone.name().rsplit('/').next().unwrap_or_default();
    of_city(&city.replace('_', " "))
}

#[cfg(test)]
mod tests;
