//! What a seller's figures are made of. Each fact is written with its cause, under its day, and leaves a mark there that its
//! day is to be added up. A day that is over is added up once; whoever shows a figure takes the sums of days that have no
//! mark, and adds up the facts of the others.
//!
//! A transaction puts a mark without looking, whatever stood there, so that facts of one seller do not wait for each other;
//! who adds a day up takes away exactly the marks it saw, and in the same transaction writes what it read after that.

use crate::{
    Shell,
    commit::{Commit, Item, due},
    failure::Failure,
    key::{
        CONTACTS, Key, Table, day_of, facts_of_day, facts_of_quarter, insights, lacking_in, marks_of_day,
        marks_of_quarter, sums_of_quarter,
    },
    store::Seen,
};
use chrono::NaiveDate;
use domain::{
    id::{ProductId, SellerId},
    insight::{Day, DayDue, DaySum, Fact, Lacking, Place, Stage},
    quarter::Quarter,
    question::CatalogueGap,
    store::Store,
};
use futures_util::future::{try_join, try_join_all};
use std::collections::{BTreeMap, BTreeSet};

/// After every name: ids and our own words hold nothing greater.
const LAST: &str = "~";
/// No sum of a day is kept that is larger, in bytes of JSON; an item holds 400 KB.
const LARGEST_SUM: usize = 300 * 1024;

impl Commit {
    /// Facts for a seller's figures. A product whose page was found lacking is named beside its fact, so that what its page
    /// says by now can be read while the facts still are.
    pub fn facts(self, store: &Store, seller: &SellerId, facts: Vec<(Place, Fact)>) -> Result<Self, Failure> {
        facts.into_iter().try_fold(self, |commit, (place, fact)| {
            let commit = match &fact {
                Fact::Lacking { gap: CatalogueGap { product, .. }, .. } => {
                    let key = Key::lacking(&store.id, seller, place.quarter, product);
                    commit.marked(key, &Lacking { product: product.clone() }, Item::new())?
                }
                _ => commit,
            };
            commit.insert(Key::fact(&store.id, seller, place, &fact), &fact)?.day_due(store, seller, place)
        })
    }

    /// A fact that turned out to be another, in the place of what it was.
    pub(crate) fn changed_fact(
        self,
        store: &Store,
        seller: &SellerId,
        place: Place,
        fact: &Fact,
    ) -> Result<Self, Failure> {
        self.replace(Key::fact(&store.id, seller, place, fact), fact)?.day_due(store, seller, place)
    }

    fn day_due(self, store: &Store, seller: &SellerId, place: Place) -> Result<Self, Failure> {
        let key = Key::day_mark(&store.id, seller, place, self.cause());
        let index = due(&key.pk, place.ends_at(store));
        self.marked(key, &place, index)
    }

    /// A day as far as it is added up, and without these marks. Where facts are left it stands among what is due.
    pub fn day_sum(self, store: &Store, work: Work) -> Result<Self, Failure> {
        let Work { day: DayDue { seller, place, .. }, marks, version, sum, after } = work;
        let kept = match serde_json::to_vec(&sum) {
            Ok(text) if text.len() <= LARGEST_SUM => DaySum::up_to(after, sum),
            Ok(_) => DaySum::too_large(),
            Err(error) => return Err(Failure::Fault(format!("a sum cannot be written: {error}"))),
        };
        let key = Key::day_sum(&store.id, &seller, place);
        let index = match &kept.stage {
            Stage::Adding { .. } => due(&key.pk, place.ends_at(store)),
            Stage::Complete | Stage::TooLarge => Item::new(),
        };
        let written = self.indexed_state(key, version, &kept, index)?;
        Ok(marks.into_iter().fold(written, |commit, (mark, seen)| commit.without(mark, seen)))
    }
}

/// What there is to do for a day.
#[derive(Debug, Clone)]
pub struct Work {
    day: DayDue,
    marks: Vec<(Key, u64)>,
    version: Option<u64>,
    sum: Day,
    /// The name of the last fact that is in the sum; none where all are, or none is yet.
    after: Option<String>,
}

impl Work {
    /// Whether there is something to do: the day's marks, and how far it is added up.
    pub async fn of(shell: &Shell, day: DayDue) -> Result<Option<Self>, Failure> {
        let (pk, place) = (insights(&day.store, &day.seller), day.place);
        let marks = shell.store.list::<Place>(Table::Ledger, &pk, &marks_of_day(place)).await?;
        let key = |sk| Key { table: Table::Ledger, pk: pk.clone(), sk };
        let marks: Vec<_> = marks.into_iter().map(|(sk, seen)| (key(sk), seen.version)).collect();
        let known = shell.store.get::<DaySum>(&Key::day_sum(&day.store, &day.seller, place)).await?;
        let version = known.as_ref().map(|seen| seen.version);
        let resumed = DaySum::resume(known.map(|seen| seen.state), !marks.is_empty());
        Ok(resumed.map(|(sum, after)| Self { day, marks, version, sum, after }))
    }

    /// Adds a page of facts; says whether more are left.
    pub async fn add_page(&mut self, shell: &Shell) -> Result<bool, Failure> {
        let (pk, from) = (insights(&self.day.store, &self.day.seller), facts_of_day(self.day.place));
        let to = format!("{from}{LAST}");
        let page = shell.store.stretch::<Fact>(Table::Ledger, &pk, (&from, &to), self.after.as_deref()).await?;
        self.sum.extend(page.rows.iter().map(|(_, seen)| &seen.state));
        self.after = page.next;
        Ok(self.after.is_some())
    }
}

/// The days of a quarter, each as what its facts come to.
pub type Days = BTreeMap<NaiveDate, Day>;

/// The days of a quarter with facts that no sum has yet.
pub async fn marked(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    quarter: Quarter,
) -> Result<BTreeSet<NaiveDate>, Failure> {
    let pk = insights(&store.id, seller);
    let marks = shell.store.list::<Place>(Table::Ledger, &pk, &marks_of_quarter(quarter)).await?;
    marks.into_iter().map(|(name, _)| day(&pk, &name)).collect()
}

/// The products whose pages were found lacking in a quarter.
pub async fn lacking(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    quarter: Quarter,
) -> Result<Vec<ProductId>, Failure> {
    let named = shell.store.list(Table::Ledger, &insights(&store.id, seller), &lacking_in(quarter)).await?;
    let product = |(_, seen): (_, Seen<Lacking>)| seen.state.product;
    Ok(named.into_iter().map(product).collect())
}

/// The days of a quarter on which anything happened, in two round trips: marks are read before sums, since a mark that is
/// gone by then has its facts in a sum. A day whose sum is not done yet, or holds too much to be kept, costs a third.
pub async fn days(shell: &Shell, store: &Store, seller: &SellerId, quarter: Quarter) -> Result<Days, Failure> {
    let pk = insights(&store.id, seller);
    let marked = marked(shell, store, seller, quarter).await?;
    let prefix = sums_of_quarter(quarter);
    let sums = shell.store.list::<DaySum>(Table::Ledger, &pk, &prefix);
    let (sums, mut days) = try_join(sums, added_up(shell, &pk, quarter, &marked)).await?;
    let mut unsummed = BTreeSet::new();
    for (name, Seen { state, .. }) in sums {
        let day = day(&pk, &name)?;
        if marked.contains(&day) {
            continue;
        }
        if state.stands_for_its_facts() {
            days.insert(day, state.sum);
        } else {
            unsummed.insert(day);
        }
    }
    days.append(&mut added_up(shell, &pk, quarter, &unsummed).await?);
    Ok(days)
}

/// What the facts of these days come to.
async fn added_up(shell: &Shell, pk: &str, quarter: Quarter, days: &BTreeSet<NaiveDate>) -> Result<Days, Failure> {
    let facts = facts_of_quarter(quarter);
    let of_a_stretch = async |(first, last)| {
        let (from, to) = (format!("{facts}{first}#"), format!("{facts}{last}#{LAST}"));
        let (mut days, mut after) = (Days::new(), None);
        loop {
            let page = shell.store.stretch::<Fact>(Table::Ledger, pk, (&from, &to), after.as_deref()).await?;
            for (name, fact) in page.rows {
                days.entry(day(pk, &name)?).or_default().extend([&fact.state]);
            }
            after = page.next;
            if after.is_none() {
                return Ok::<_, Failure>(days);
            }
        }
    };
    let found = try_join_all(stretches(days).into_iter().map(of_a_stretch)).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The day of which a place is.
fn day(pk: &str, name: &str) -> Result<NaiveDate, Failure> {
    day_of(name).ok_or_else(|| Failure::Fault(format!("{pk}/{name} is of no day")))
}

/// The first and the last of days that follow each other.
fn stretches(days: &BTreeSet<NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let mut stretches: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match stretches.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ => stretches.push((*day, *day)),
        }
    }
    stretches
}

/// The contacts of a day, by their ids.
pub async fn contacts(shell: &Shell, store: &Store, seller: &SellerId, place: Place) -> Result<Vec<Fact>, Failure> {
    let prefix = format!("{}{CONTACTS}", facts_of_day(place));
    let facts = shell.store.list::<Fact>(Table::Ledger, &insights(&store.id, seller), &prefix).await?;
    Ok(facts.into_iter().map(|(_, seen)| seen.state).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_follow_each_other_are_one_stretch_across_the_end_of_a_month_too() {
        let days = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<NaiveDate>>();
        let found = stretches(&days(&["2026-07-30", "2026-07-31", "2026-08-01", "2026-08-03"]).into_iter().collect());
        let found: Vec<_> = found.into_iter().map(|(first, last)| format!("{first} {last}")).collect();
        assert_eq!(found, ["2026-07-30 2026-08-01", "2026-08-03 2026-08-03"]);
        assert_eq!(stretches(&BTreeSet::new()), []);
    }
}
