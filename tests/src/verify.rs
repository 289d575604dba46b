//! The ledger verifier: reads every item of every table once and recomputes what must hold of them together, by the
//! domain's own functions where there are any. It is asked after a restore, which may hold a part of a transaction,
//! before the system is opened again; by an engineer at any time; and at the end of simulated schedules.
//!
//! A pure function: the same items, in whatever order, give the same findings. A finding is a fact, not a guess: what
//! can come about in a healthy store is accused of nothing. It mends nothing, and it cannot see what left no trace:
//! a whole transaction that is gone, with its marker.

mod attribute;
mod audit;
mod claims;
mod digests;
mod disputes;
mod erasures;
mod history;
mod hooks;
mod inquiries;
mod insights;
mod item;
mod kind;
mod ledger;
mod mails;
mod orders;
mod outbox;
mod policies;
mod quarters;
mod remedies;
mod requests;
mod retention;
mod sellers;
mod shelf;
mod surveys;
mod traces;
mod written;

use domain::book::Book;
use shelf::Shelf;
use std::fmt::{self, Display};
pub use written::{Read, Written};

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which invariant is broken, by its id.
    pub invariant: &'static str,
    /// The item that shows it: table, partition, place.
    pub place: String,
    /// What is wrong, for the person on call.
    pub what: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.invariant, self.place, self.what)
    }
}

/// What goes on while the items are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing: queues are empty and no function runs, as after a restore. Whatever waits must wait in the outbox.
    Still,
    /// Messages may be on their way: what is in no table may be in a queue.
    Running,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// All that does not hold, sorted.
    pub findings: Vec<Finding>,
    /// How many items were read.
    pub items: u64,
    /// How many questions were asked.
    pub checks: u64,
}

/// The questions that were asked, and those answered with no.
#[derive(Debug, Default)]
struct Asked {
    findings: Vec<Finding>,
    checks: u64,
}

impl Asked {
    /// Asks whether something holds.
    fn holds(
        &mut self,
        holds: bool,
        invariant: &'static str,
        place: &impl Display,
        what: impl FnOnce() -> String,
    ) -> bool {
        self.checks += 1;
        if !holds {
            self.findings.push(Finding { invariant, place: place.to_string(), what: what() });
        }
        holds
    }

    /// Something that does not.
    fn found(&mut self, invariant: &'static str, place: &impl Display, what: String) {
        self.holds(false, invariant, place, || what);
    }
}

/// Whether a table of this name, as in the template, is one of ours.
#[must_use]
pub fn is_table(name: &str) -> bool {
    item::table_named(name).is_some()
}

/// Recomputes all that must hold of these items. An item comes with its table's name in the template, as text or tree of
/// `DynamoDB` JSON.
pub fn verify<'a, I: Into<Written<'a>>>(
    book: &Book,
    moment: Moment,
    items: impl IntoIterator<Item = (&'a str, I)>,
) -> Report {
    let (mut asked, mut shelf, mut count) = (Asked::default(), Shelf::default(), 0);
    for (table, item) in items {
        shelf.put(&mut asked, table, item.into());
        count += 1;
    }
    let sellers = sellers::check(&mut asked, book, &shelf);
    mails::check(&mut asked, &shelf);
    let orders = orders::check(&mut asked, book, &shelf, &sellers);
    policies::check(&mut asked, &shelf);
    audit::check(&mut asked, &shelf);
    let inquiries = inquiries::check(&mut asked, book, &shelf, &orders);
    let requests = requests::check(&mut asked, &shelf, &inquiries, &orders);
    remedies::check(&mut asked, &shelf, &orders);
    ledger::check(&mut asked, book, &shelf, &orders, &inquiries);
    quarters::check(&mut asked, book, &shelf, &sellers);
    disputes::check(&mut asked, book, &shelf);
    surveys::check(&mut asked, &shelf, &inquiries);
    insights::check(&mut asked, book, &shelf);
    let claims = claims::check(&mut asked, book, &shelf);
    digests::check(&mut asked, moment, &shelf);
    outbox::check(&mut asked, book, moment, &shelf, (&sellers, &requests, &claims));
    hooks::check(&mut asked, moment, &shelf);
    erasures::check(&mut asked, moment, &shelf);
    retention::check(&mut asked, moment, &shelf, &inquiries);
    traces::check(&mut asked, moment, &shelf);
    let mut findings = asked.findings;
    findings.sort_unstable();
    findings.dedup();
    Report { findings, items: count, checks: asked.checks }
}
