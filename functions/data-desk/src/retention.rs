//! What will have been erased by itself by the end of a day: matter by matter, with what is left of each, and nothing is
//! changed. It is found by the clocks that will ring until then, which lie in the Outbox with those of all stores, so a
//! page may be short, or empty. What a clock has rung for a moment ago is in no list until it is erased.

use chrono::{NaiveDate, TimeDelta};
use domain::{
    at::{Instant, after},
    book::Book,
    clock::Alarm,
    quarter::day_start,
    retention::{Class, End, Kept, Over, Term, due_before},
    store::Store,
};
use serde::{Deserialize, Serialize};
use shell::{
    Shell,
    commit::Item,
    cursor,
    failure::Failure,
    http::Request,
    key::Table,
    outbox::{Entry, after_entry},
    retention::{Left, matter},
};
use std::collections::{BTreeMap, BTreeSet};

/// Matters of one page.
const MATTERS: usize = 5;
/// Pages of the index that one answer reads.
const PAGES: usize = 16;
/// Of an entry's name, in bytes.
const LONGEST_NAME: usize = 1_000;

/// Where a page begins: after which clock of which shard.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Start {
    shard: usize,
    after: Option<(String, i64)>,
}

/// A page.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    on: NaiveDate,
    as_of: Instant,
    /// What holds on that day.
    classes: BTreeMap<&'static str, &'a Term>,
    /// What is never erased by itself.
    kept: &'a [Kept],
    /// How much of each class, on this page.
    counts: BTreeMap<&'static str, usize>,
    matters: Vec<MatterView>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

/// A matter of which something will be gone.
#[derive(Debug, Serialize)]
struct MatterView {
    #[serde(flatten)]
    of: Of,
    ended_at: Instant,
    erased: BTreeMap<&'static str, Gone>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Of {
    Inquiry { inquiry_id: String, order_id: String, seller_id: String },
    Contact { contact_id: String, seller_id: String },
}

#[derive(Debug, Default, Serialize)]
struct Gone {
    count: usize,
    /// Contacts, or places in the inquiry.
    ids: Vec<String>,
}

/// The day that is asked for.
fn day(request: &Request, store: &Store) -> Result<(NaiveDate, Instant), Failure> {
    let wrong = |problem: &str| Failure::bad_field("invalid_input", "on", problem);
    let on = request.query::<String>("on")?.ok_or_else(|| wrong("is missing: a day, like 2028-08-04"))?;
    let on: NaiveDate = on.parse().map_err(|_| wrong("must be a day, like 2028-08-04"))?;
    let known = NaiveDate::from_ymd_opt(1970, 1, 1).zip(NaiveDate::from_ymd_opt(9998, 12, 31));
    let next = on.succ_opt().filter(|_| known.is_some_and(|(first, last)| (first..=last).contains(&on)));
    let next = next.ok_or_else(|| wrong("must be a day from 1970-01-01 to 9998-12-31"))?;
    Ok((on, day_start(store.zone, next)))
}

/// Where this page begins. A cursor is of the day for which it was given out.
fn start(request: &Request, last: Instant) -> Result<Option<Start>, Failure> {
    let Some(start) = cursor::asked::<Start>(request)? else {
        return Ok(None);
    };
    let is_of_it = |(entry, due_at): &(String, i64)| entry.len() <= LONGEST_NAME && *due_at <= last.timestamp_millis();
    if start.after.as_ref().is_none_or(is_of_it) {
        return Ok(Some(start));
    }
    Err(Failure::bad_field("invalid_input", "cursor", "is of another day: begin again without one"))
}

/// A clock of a matter of this store, and when it rings.
fn clock(item: &Item, store: &Store) -> Option<(Over, Instant, Instant)> {
    let entry = Entry::from_item(item)?;
    let Alarm::Retention { over, ended_at, rings_at, .. } = serde_json::from_str(&entry.body).ok()? else {
        return None;
    };
    (*over.store() == store.id).then_some((over, ended_at, rings_at))
}

/// A page of what will have been erased by the end of the day that the request names.
pub async fn page<'a>(shell: &'a Shell, request: &Request, store: &'a Store) -> Result<Page<'a>, Failure> {
    let book: &Book = &shell.book;
    let (on, until) = day(request, store)?;
    let last = after(until, TimeDelta::milliseconds(-1));
    let in_force = store.retention_at(last).map(|policy| &policy.classes);
    let classes = in_force.into_iter().flatten().map(|(class, term)| (class.name(), term)).collect();
    let mut page = Page {
        on,
        as_of: request.now,
        classes,
        kept: book.kept()?,
        counts: BTreeMap::new(),
        matters: Vec::new(),
        next_cursor: None,
    };
    let shards: Vec<_> = shell.store.due_shards().collect();
    let mut start = start(request, last)?;
    let mut looked = 0;
    for _ in 0..PAGES {
        let Start { shard, after } = start.take().unwrap_or_default();
        let Some(name) = shards.get(shard) else {
            return Ok(page);
        };
        let from = after.map(|(entry, due_at)| after_entry(name, &entry, due_at));
        let clocks = shell.store.due(Table::Outbox, name, last, from).await?;
        for item in &clocks.rows {
            let Some((over, ended_at, rings_at)) = clock(item, store) else { continue };
            // Where it went on in another one it ended later, so what is not due now is not due then.
            if due_before(store, End::At(ended_at), rings_at, until).is_empty() {
                continue;
            }
            page.see(shell, store, &over, (ended_at, rings_at, until)).await?;
            looked += 1;
            if looked == MATTERS {
                page.next_cursor = Some(cursor::after(&Start { shard, after: place(item) }));
                return Ok(page);
            }
        }
        start = Some(match clocks.next {
            Some(next) => Start { shard, after: place(&next) },
            None => Start { shard: shard.saturating_add(1), after: None },
        });
    }
    page.next_cursor = start.filter(|start| start.shard < shards.len()).as_ref().map(cursor::after);
    Ok(page)
}

/// Where a clock stands in the index.
fn place(item: &Item) -> Option<(String, i64)> {
    let entry = item.get("pk")?.as_s().ok()?.strip_prefix("ENTRY#")?.to_owned();
    let due_at = item.get("due_at")?.as_n().ok()?.parse().ok()?;
    Some((entry, due_at))
}

impl Page<'_> {
    /// Looks at one matter, as its clock would on that day.
    async fn see(
        &mut self,
        shell: &Shell,
        store: &Store,
        over: &Over,
        (ended_at, rings_at, until): (Instant, Instant, Instant),
    ) -> Result<(), Failure> {
        let matter = matter(shell, over, ended_at).await?;
        let due: BTreeSet<Class> = due_before(store, matter.end, rings_at, until);
        let End::At(ended_at) = matter.end else { return Ok(()) };
        let left = if due.is_empty() { Vec::new() } else { matter.left(shell, &due, usize::MAX).await? };
        if left.is_empty() {
            return Ok(());
        }
        let mut erased: BTreeMap<&'static str, Gone> = BTreeMap::new();
        for Left { class, id, .. } in left {
            let gone = erased.entry(class.name()).or_default();
            gone.count = gone.count.saturating_add(1);
            gone.ids.push(id);
        }
        for (class, gone) in &erased {
            let count = self.counts.entry(class).or_default();
            *count = count.saturating_add(gone.count);
        }
        let of = match over {
            Over::Inquiry(about) => Of::Inquiry {
                inquiry_id: about.inquiry.to_string(),
                order_id: about.order.to_string(),
                seller_id: about.seller.to_string(),
            },
            Over::Contact { seller, contact, .. } => {
                Of::Contact { contact_id: contact.to_string(), seller_id: seller.to_string() }
            }
        };
        self.matters.push(MatterView { of, ended_at, erased });
        Ok(())
    }
}
