//! One day of one seller, added up: the facts of its figures become one item that whoever shows figures reads in their place.
//! What came late makes the day be added up anew. A day with more facts than one message should read is kept as far as it
//! is, and the next tick goes on there, so memory and time do not grow with the day.
//!
//! Calls: one query (the marks of the day), one `GetItem` (how far it is), one query per megabyte of facts, sixteen at most,
//! and one transaction. A day that is not over costs none, and one that has nothing to add the first two.

use domain::{at::Actor, insight::DayDue};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::{Failure, known_store},
    insight::Work,
    queue::Record,
};

/// Pages of one message, a megabyte each.
const PAGES: usize = 16;

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let due: DayDue = record.read()?;
    let store = known_store(&shell.book, &due.store)?;
    if due.place.quarter.nearest_day(due.place.day) != due.place.day {
        return Err(Failure::bad_field("invalid_input", "day", format!("is no day of {}", due.place.quarter)));
    }
    if record.now < due.place.ends_at(store) {
        return Ok(());
    }
    record
        .write(shell, async || {
            let Some(mut work) = Work::of(shell, due.clone()).await? else { return Ok(None) };
            for _ in 0..PAGES {
                if !work.add_page(shell).await? {
                    break;
                }
            }
            // What is written follows from what lies there, so a message that comes twice needs no mark of its own.
            let fact =
                Fact::new("insight-day", format!("{}#{}#{}", due.store, due.seller, due.place.day), &record.body);
            let commit = Commit::unmarked(record.at(&fact, Actor::Service));
            commit.day_sum(store, work).map(Some)
        })
        .await
}
