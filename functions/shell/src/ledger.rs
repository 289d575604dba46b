//! How a seller's ledger is kept. A quarter that runs takes entries as they come. A quarter that has ended may have
//! been measured or closed: then its head is read, and changed in the same transaction, so that measuring and closing
//! never overlook an entry that was written beside them.

use crate::{
    Shell,
    commit::{Commit, due},
    failure::Failure,
    key::{HEAD, Key, Table},
    store::{Seen, Stretch},
};
use domain::{
    at::Instant,
    fee::Measure,
    id::{ContactId, SellerId, StoreId},
    insight::{Fact, Place},
    ledger::{Booking, ContactEntry, Entry, MEASURED_NEXT, Measuring, QuarterHead, Row, Thing, book},
    money::Money,
    quarter::Quarter,
    statement::{Fold, Listed, Statement},
    store::Store,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where a fact goes, and the head that must not have moved meanwhile.
#[derive(Debug, Clone)]
pub struct Booked {
    /// Where.
    pub booking: Booking,
    head: Option<Seen<QuarterHead>>,
}

/// A quarter that waits to be measured or closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// Which.
    pub quarter: Quarter,
}

/// Books a fact. No call while its quarter runs; one read after that.
pub async fn booked(shell: &Shell, store: &Store, seller: &SellerId, fact_at: Instant) -> Result<Booked, Failure> {
    let (own, wall) = (store.quarter_of(fact_at), shell.clock.wall());
    let head = if wall < own.end(store.zone) {
        None
    } else {
        shell.store.get::<QuarterHead>(&Key::quarter(&store.id, seller, own)).await?
    };
    let booking = book(fact_at, wall, store.zone, head.as_ref().map(|seen| &seen.state));
    Ok(Booked { booking, head })
}

/// Contacts of one quarter, as they are counted from now on, each with its fact among the seller's figures.
#[derive(Debug, Clone)]
pub struct Recount {
    booked: Booked,
    contacts: Vec<(ContactEntry, Option<(Place, Fact)>)>,
}

/// FEE-4: how contacts are counted from now on, each with when it came. What has been measured stays as it was counted
/// then: a rate that was published is frozen (FEE-10), and a dispute is the way to change what a statement says (FEE-11).
/// Two reads for each contact, and one for each quarter that is over.
pub async fn recount(
    shell: &Shell,
    store: &Store,
    seller: &SellerId,
    contacts: &[(ContactId, Instant)],
    change: impl Fn(&ContactEntry) -> Option<ContactEntry>,
) -> Result<Vec<Recount>, Failure> {
    let mut by_quarter: BTreeMap<Quarter, Vec<&(ContactId, Instant)>> = BTreeMap::new();
    for contact in contacts {
        by_quarter.entry(store.quarter_of(contact.1)).or_default().push(contact);
    }
    let mut recounts = Vec::new();
    for (quarter, contacts) in by_quarter {
        let Some((_, received_at)) = contacts.first() else { continue };
        let booked = booked(shell, store, seller, *received_at).await?;
        if (booked.booking != Booking { statement: quarter, measured_next: false }) {
            continue;
        }
        let mut changed = Vec::new();
        for (contact, received_at) in contacts {
            let key = Key::thing(&store.id, seller, quarter, false, &Thing::Contact(contact.clone()));
            let known = shell.store.get::<Row>(&key).await?.map(|seen| seen.state.entry);
            let Some(Entry::Contact(entry)) = known else { continue };
            let Some(next) = change(&entry) else { continue };
            let place = Place::of(*received_at, store);
            let fact = shell.store.get::<Fact>(&Key::contact_fact(&store.id, seller, place, contact)).await?;
            let fact = fact.map(|seen| (place, seen.state.counted_as(&next)));
            changed.push((next, fact));
        }
        if !changed.is_empty() {
            recounts.push(Recount { booked, contacts: changed });
        }
    }
    Ok(recounts)
}

impl Commit {
    /// Entries of a seller's ledger, and the head that they may have come late for.
    pub fn entries(
        self,
        store: &Store,
        seller: &SellerId,
        booked: Booked,
        entries: Vec<Entry>,
    ) -> Result<Self, Failure> {
        let Booking { statement, measured_next } = booked.booking;
        let with_entries = entries.into_iter().try_fold(self, |commit, entry| {
            let row = Row { entry, measured_next };
            commit.insert(Key::row(&store.id, seller, statement, &row), &row)
        })?;
        match booked.head {
            Some(head) => with_entries.head(store, Some(head.version), &head.state),
            None => Ok(with_entries),
        }
    }

    /// What is charged or paid back by what happens, if anything is.
    pub async fn with_entry(
        self,
        shell: &Shell,
        store: &Store,
        seller: &SellerId,
        entry: Option<Entry>,
    ) -> Result<Self, Failure> {
        let Some(entry) = entry else { return Ok(self) };
        let booked = booked(shell, store, seller, entry.happened_at()).await?;
        self.entries(store, seller, booked, vec![entry])
    }

    /// An entry in the place of an older one.
    pub fn replaced_entry(
        self,
        store: &Store,
        seller: &SellerId,
        booking: Booking,
        entry: Entry,
    ) -> Result<Self, Failure> {
        let Booking { statement, measured_next } = booking;
        let row = Row { entry, measured_next };
        self.replace(Key::row(&store.id, seller, statement, &row), &row)
    }

    /// FEE-4: contacts that are counted by another rule than before, in quarters that are not measured yet.
    pub fn recounted(self, store: &Store, seller: &SellerId, recounts: Vec<Recount>) -> Result<Self, Failure> {
        recounts.into_iter().try_fold(self, |commit, Recount { booked, contacts }| {
            let replaced = contacts.into_iter().try_fold(commit, |commit, (contact, fact)| {
                let replaced = commit.replaced_entry(store, seller, booked.booking, Entry::Contact(contact))?;
                match fact {
                    Some((place, fact)) => replaced.changed_fact(store, seller, place, &fact),
                    None => Ok(replaced),
                }
            })?;
            match booked.head {
                Some(head) => replaced.head(store, Some(head.version), &head.state),
                None => Ok(replaced),
            }
        })
    }

    /// The head of a quarter, in the index of due work as long as there is something to do.
    pub fn head(self, store: &Store, seen: Option<u64>, head: &QuarterHead) -> Result<Self, Failure> {
        let key = Key::quarter(&head.store, &head.seller, head.quarter);
        let index = head.due_at(store.zone).map(|at| due(&key.pk, at)).unwrap_or_default();
        self.indexed_state(key, seen, head, index)
    }

    /// The first quarter of a seller: nothing came before it. From then on each quarter makes the next.
    pub fn first_quarter(self, store: &Store, seller: &SellerId, now: Instant) -> Result<Self, Failure> {
        let head = QuarterHead {
            store: store.id.clone(),
            seller: seller.clone(),
            quarter: store.quarter_of(now),
            measure: Measure::default(),
            published_at: None,
            measured: false,
            closed: None,
        };
        self.head(store, None, &head)
    }
}

/// A seller's quarter as it is read: a page at a time, in the order of its places, so that the largest takes no more room than
/// a page. Its first page is there.
#[derive(Debug)]
pub struct Account {
    pk: String,
    first: Option<Stretch<Value>>,
    after: Option<String>,
}

/// A page of a quarter.
#[derive(Debug, Default)]
struct Page {
    /// The head, on the page where it stands: before every unit.
    head: Option<Seen<QuarterHead>>,
    rows: Vec<Row>,
}

/// What is kept of a final statement; the rows behind it are the ledger's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalStatement {
    /// All units.
    pub units: u64,
    /// The sum.
    pub total: Money,
    /// All that it says; earlier code kept no more than the sums.
    #[serde(default)]
    pub whole: Option<Statement>,
}

impl FinalStatement {
    /// Of this statement.
    #[must_use]
    pub const fn of(statement: Statement) -> Self {
        Self { units: statement.units, total: statement.total, whole: Some(statement) }
    }
}

/// A statement, with the head of its quarter if the seller was ever enrolled by then.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The head.
    pub head: Option<Seen<QuarterHead>>,
    /// The statement.
    pub statement: Statement,
}

/// Begins to read a quarter, in one query; one more for each megabyte more.
pub async fn account(shell: &Shell, due: &Due) -> Result<Account, Failure> {
    let pk = Key::quarter(&due.store, &due.seller, due.quarter).pk;
    let first = Some(shell.store.prefixed(Table::Ledger, &pk, "", None).await?);
    Ok(Account { pk, first, after: None })
}

impl Account {
    /// The next page, as long as there is one.
    async fn next(&mut self, shell: &Shell) -> Result<Option<Page>, Failure> {
        let items = match (self.first.take(), self.after.take()) {
            (Some(first), _) => first,
            (None, Some(after)) => shell.store.prefixed(Table::Ledger, &self.pk, "", Some(&after)).await?,
            (None, None) => return Ok(None),
        };
        self.after = items.next;
        let mut page = Page::default();
        for (place, Seen { state, version }) in items.rows {
            let unreadable = |error: serde_json::Error| Failure::Fault(format!("{}/{place}: {error}", self.pk));
            if place == HEAD {
                page.head = Some(Seen { state: serde_json::from_value(state).map_err(unreadable)?, version });
            } else if !place.starts_with("STATEMENT") {
                page.rows.push(serde_json::from_value(state).map_err(unreadable)?);
            }
        }
        Ok(Some(page))
    }
}

/// What the quarter before left to this one, in one query.
pub async fn left_over(shell: &Shell, due: &Due) -> Result<Vec<Row>, Failure> {
    let key = Key::quarter(&due.store, &due.seller, due.quarter.previous());
    let rows = shell.store.list::<Row>(Table::Ledger, &key.pk, MEASURED_NEXT).await?;
    Ok(rows.into_iter().map(|(_, seen)| seen.state).collect())
}

/// What is counted in a quarter as its ledger has it now (FEE-3), with what was left to it. Once the quarter is over this
/// fixes the next one's rate; until then it is a forecast.
pub async fn counted(
    shell: &Shell,
    store: &Store,
    due: &Due,
    mut account: Account,
    left_over: &[Row],
) -> Result<Measure, Failure> {
    let mut measuring = Measuring::begin(left_over, due.quarter.end(store.zone));
    while let Some(page) = account.next(shell).await? {
        page.rows.iter().for_each(|row| measuring.take(row));
    }
    Ok(measuring.ends())
}

/// FEE-10: the statement of a quarter as its ledger has it now; each thing that stands on it is handed to `list`. Units that
/// came late carry the rate of the quarter in which they shipped, whose head is read for them.
pub async fn statement(
    shell: &Shell,
    store: &Store,
    due: &Due,
    mut account: Account,
    mut list: impl FnMut(Listed),
) -> Result<Folded, Failure> {
    let mut measures: BTreeMap<Quarter, Measure> = BTreeMap::new();
    let (mut head, mut fold) = (None, Fold::begin(store, &due.seller, due.quarter));
    let none = |breach| Failure::Fault(format!("the statement of {} {}: {breach}", due.seller, due.quarter));
    while let Some(page) = account.next(shell).await? {
        if let Some(seen) = page.head {
            measures.insert(due.quarter, seen.state.measure);
            head = Some(seen);
        }
        for row in &page.rows {
            let quarter = store.quarter_of(row.entry.happened_at());
            if matches!(row.entry, Entry::Unit(_)) && !measures.contains_key(&quarter) {
                let head = shell.store.get::<QuarterHead>(&Key::quarter(&due.store, &due.seller, quarter)).await?;
                measures.insert(quarter, head.map(|seen| seen.state.measure).unwrap_or_default());
            }
            let listed = fold.take(row, |quarter| measures.get(&quarter).copied()).map_err(none)?;
            listed.into_iter().for_each(&mut list);
        }
    }
    Ok(Folded { head, statement: fold.ends().map_err(none)? })
}
