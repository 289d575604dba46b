//! One mail a day (NTF-1, NTF-3): the notices of a day of the store that one reader wants together.
//!
//! A notice is kept as a line of the day on which it would have been mailed, in the transaction that says so, with the
//! clock that ends the day. When that rings the day is closed, in one transaction with the mail it owes: what is kept later
//! belongs to the next day, so no line is in two digests and none is in none, however often, late or early it rings. A day
//! without a line has no clock, and no mail.
//!
//! Not here: who wants what in a digest ([`crate::wish`]), which is asked again when the mail is written.

use crate::{
    at::Instant,
    clock::Alarm,
    id::{SellerId, StoreId, UserId},
    notice::{Notice, NoticeKind},
    outcome::FollowUp,
    quarter::day_start,
    store::Store,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The digest of one reader and one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Where.
    pub store: StoreId,
    /// Of which seller.
    pub seller: SellerId,
    /// Which secondary user reads it; none: the default address does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// A day of the store.
    pub day: NaiveDate,
}

/// A notice that waits for the end of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// In which digest.
    pub digest: Digest,
    /// Since when.
    pub at: Instant,
    /// What it says, and to whom.
    pub notice: Notice,
}

impl Digest {
    /// Where this notice waits; none for what goes to no user of a seller.
    #[must_use]
    pub fn of(notice: &Notice, day: NaiveDate) -> Option<Self> {
        let (seller, user) = notice.recipient.reader()?;
        Some(Self { store: notice.store.clone(), seller: seller.clone(), user: user.cloned(), day })
    }

    /// That of the day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { day: self.day.succ_opt().unwrap_or(self.day), ..self }
    }

    /// The mail: one for a reader and a day.
    #[must_use]
    pub fn notice(&self) -> Notice {
        let (kind, day) = (NoticeKind::Digest { day: self.day }, self.day.to_string());
        let whole = Notice::to_seller(&self.store, &self.seller, kind, &[&day]);
        self.user.as_ref().map_or_else(|| whole.clone(), |user| whole.to_user(&self.seller, user))
    }

    /// The end of its day.
    #[must_use]
    pub fn closes_at(&self, store: &Store) -> Instant {
        day_start(store.zone, self.day.succ_opt().unwrap_or(self.day))
    }

    /// The clock that closes it.
    #[must_use]
    pub fn clock(&self, store: &Store) -> FollowUp {
        FollowUp::Alarm { at: self.closes_at(store), alarm: Alarm::Digest(self.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, id, monday, store, utc};
    use crate::{at::after, notice::Recipient};

    fn digest(user: Option<&str>, day: &str) -> Digest {
        Digest { store: id("US"), seller: id("s"), user: user.map(id), day: day.parse().unwrap() }
    }

    #[test]
    fn ntf_3_a_digest_is_one_mail_for_a_reader_and_a_day() {
        let ids = [(None, "2017-06-05"), (Some("bo"), "2017-06-05"), (Some("cy"), "2017-06-05"), (None, "2017-06-06")]
            .map(|(user, day)| digest(user, day).notice().id);
        let apart: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(apart.len(), ids.len());
        assert_eq!(digest(Some("bo"), "2017-06-05").notice().id, ids[1], "the same is the same");
        let to = digest(Some("bo"), "2017-06-05").notice().recipient;
        assert_eq!(to, Recipient::User { seller: id("s"), user: id("bo") });
    }

    #[test]
    fn ntf_1_a_digest_ends_with_the_day_of_its_store() {
        let us = store("US");
        for (day, ends) in [
            ("2017-06-05", "2017-06-06T07:00:00Z"),
            ("2017-03-12", "2017-03-13T07:00:00Z"),
            ("2017-11-05", "2017-11-06T08:00:00Z"),
        ] {
            let digest = digest(None, day);
            assert_eq!(digest.closes_at(us), utc(ends), "{day}");
            let FollowUp::Alarm { at, alarm } = digest.clock(us) else { panic!("no clock") };
            assert_eq!((at, alarm), (utc(ends), Alarm::Digest(digest)));
        }
        assert_eq!(digest(None, "2017-12-31").next(), digest(None, "2018-01-01"));
    }

    #[test]
    fn ntf_1_a_line_stands_with_its_reader_and_what_is_a_customers_with_nobody() {
        let kind = || NoticeKind::TrialEnding { ends_at: monday(), days_left: 3 };
        let day = monday().date_naive();
        let owed = Notice::to_seller(&id("US"), &id("s"), kind(), &["3"]);
        assert_eq!(Digest::of(&owed, day), Some(Digest { day, ..digest(None, "2017-06-05") }));
        let copy = owed.to_user(&id("s"), &id("bo"));
        assert_eq!(Digest::of(&copy, day), Some(Digest { day, ..digest(Some("bo"), "2017-06-05") }));
        assert_eq!(Digest::of(&Notice::to_customer(&id("US"), &id("c"), kind(), &[]), day), None);
        let line = Line { digest: Digest::of(&copy, day).unwrap(), at: after(monday(), MILLI), notice: copy };
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line, "{text}");
    }
}
