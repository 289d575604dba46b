//! What a seller's figures are made of: each fact is written with its cause, under its day; whoever shows a figure adds the
//! facts up. A day that is over gets a mark with each fact that comes late, so that nobody rests on an older sum.

use crate::{
    Shell,
    commit::Commit,
    failure::Failure,
    key::{CONTACTS, Key, Table, day_of, facts_of_day, facts_of_quarter, insights},
};
use chrono::NaiveDate;
use domain::{
    at::Instant,
    id::SellerId,
    insight::{Day, Fact, Place},
    quarter::Quarter,
    store::Store,
};
use std::collections::BTreeMap;

impl Commit {
    /// Facts for a seller's figures, told at `wall`.
    pub fn facts(
        self,
        store: &Store,
        seller: &SellerId,
        wall: Instant,
        facts: Vec<(Place, Fact)>,
    ) -> Result<Self, Failure> {
        facts.into_iter().try_fold(self, |commit, (place, fact)| {
            let written = commit.insert(Key::fact(&store.id, seller, place, &fact), &fact)?;
            if wall < place.ends_at(store) {
                return Ok(written);
            }
            written.replace(Key::late_fact(&store.id, seller, place, &fact), &place)
        })
    }
}

impl Commit {
    /// A fact that turned out to be another, in the place of what it was.
    pub(crate) fn changed_fact(
        self,
        store: &Store,
        seller: &SellerId,
        wall: Instant,
        place: Place,
        fact: &Fact,
    ) -> Result<Self, Failure> {
        let written = self.replace(Key::fact(&store.id, seller, place, fact), fact)?;
        if wall < place.ends_at(store) {
            return Ok(written);
        }
        written.replace(Key::late_fact(&store.id, seller, place, fact), &place)
    }
}

/// The days of a quarter, each as what its facts come to.
pub type Days = BTreeMap<NaiveDate, Day>;

/// The days of a quarter on which anything happened.
pub async fn days(shell: &Shell, store: &Store, seller: &SellerId, quarter: Quarter) -> Result<Days, Failure> {
    let pk = insights(&store.id, seller);
    let mut days = Days::new();
    for (name, fact) in shell.store.list::<Fact>(Table::Ledger, &pk, &facts_of_quarter(quarter)).await? {
        let day = day_of(&name).ok_or_else(|| Failure::Fault(format!("{pk}/{name} is of no day")))?;
        let sum = days.entry(day).or_default();
        *sum = std::mem::take(sum).and(&fact.state);
    }
    Ok(days)
}

/// The contacts of a day, by their ids.
pub async fn contacts(shell: &Shell, store: &Store, seller: &SellerId, place: Place) -> Result<Vec<Fact>, Failure> {
    let prefix = format!("{}{CONTACTS}", facts_of_day(place));
    let facts = shell.store.list::<Fact>(Table::Ledger, &insights(&store.id, seller), &prefix).await?;
    Ok(facts.into_iter().map(|(_, seen)| seen.state).collect())
}
