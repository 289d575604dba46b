//! Letters in English.

use crate::letter::{Facts, Letter};
use askama::Template;
use domain::{
    at::Instant,
    claim::criteria::Criterion,
    decision::DecisionKind,
    notice::{ClaimStep, NoticeKind, Recipient},
    quarter::Quarter,
    question::QuestionKind,
    seller::Enrolling,
};
use shell::failure::Failure;

#[derive(Template)]
#[template(path = "en.txt")]
struct Text<'a> {
    facts: Facts<'a>,
}

#[derive(Template)]
#[template(path = "en.html")]
struct Html<'a> {
    facts: Facts<'a>,
    subject: &'a str,
}

/// Writes the letter. Its text begins with a line that is the subject.
pub fn write(facts: Facts<'_>) -> Result<Letter, Failure> {
    let unwritable = |error: askama::Error| Failure::Fault(format!("a letter cannot be written: {error}"));
    let written = Text { facts }.render().map_err(unwritable)?;
    let (subject, text) = written
        .strip_prefix("Subject: ")
        .and_then(|letter| letter.split_once("\n\n"))
        .ok_or_else(|| Failure::Fault("a letter without a subject".into()))?;
    let html = Html { facts, subject }.render().map_err(unwritable)?;
    Ok(Letter { subject: subject.to_owned(), text: text.to_owned(), html })
}

/// What the templates ask for.
impl<'a> Facts<'a> {
    const fn kind(&self) -> &'a NoticeKind {
        &self.notice.kind
    }

    const fn for_seller(&self) -> bool {
        !matches!(self.notice.recipient, Recipient::Customer { .. })
    }

    /// The seller that the letter is about, as far as it has one.
    fn who(&self) -> &str {
        match &self.notice.recipient {
            Recipient::Seller { seller } | Recipient::Invited { seller, .. } => seller.as_str(),
            Recipient::Customer { .. } => "",
        }
    }

    fn link(&self, path: &str) -> String {
        format!("{}/{path}", self.portal.trim_end_matches('/'))
    }

    /// `Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)`. Seconds are dropped: whoever keeps to it is in time.
    fn time(&self, at: &Instant) -> String {
        let local = at.with_timezone(&self.store.zone);
        let utc = if local.date_naive() == at.date_naive() { "%H:%M" } else { "%-d %B, %H:%M" };
        format!("{} {} ({} UTC)", local.format("%A, %-d %B %Y, %H:%M"), self.clock(at), at.format(utc))
    }

    /// `16 June, 14:00 PDT`.
    fn short_time(&self, at: &Instant) -> String {
        format!("{} {}", at.with_timezone(&self.store.zone).format("%-d %B, %H:%M"), self.clock(at))
    }

    /// How the store's clock is called: `PDT`, or `Sao Paulo time` where there is no short name.
    fn clock(&self, at: &Instant) -> String {
        let short = at.with_timezone(&self.store.zone).format("%Z").to_string();
        if short.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return short;
        }
        let city = self.store.zone.name().rsplit('/').next().unwrap_or_default();
        format!("{} time", city.replace('_', " "))
    }

    /// `1 July to 30 September 2026`.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it matched, by reference")]
    fn days(&self, quarter: &Quarter) -> String {
        let zone = self.store.zone;
        let first = quarter.start(zone).with_timezone(&zone).date_naive();
        let last = quarter.end(zone).with_timezone(&zone).date_naive().pred_opt().unwrap_or(first);
        format!("{} to {}", first.format("%-d %B"), last.format("%-d %B %Y"))
    }
}
