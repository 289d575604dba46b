//! One quarter of one seller: measured a little after its end, which publishes the next quarter's rate; closed 72 hours
//! after its end, which makes its statement final. Which of the two is due is read off the head, so a message that comes
//! twice, or early, changes nothing.
//!
//! The quarter's rows are folded page by page, so that a seller of millions of units takes no more room than a page. The head
//! is read before them: a row that is written meanwhile changes the head, and then nothing is committed.
//!
//! Calls: one read of the head; one query of the quarter (a page more per megabyte); to measure, at one time with it one query of
//! what the quarter before left over and one read of the seller; one transaction.

use domain::{
    at::Actor,
    dispute::Dispute,
    hook::Hook,
    ledger::{Closed, QuarterHead},
    notice::{Notice, NoticeKind},
    outcome::FollowUp,
    seller::{Seller, Status},
    store::Store,
};
use futures_util::future::try_join3;
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::{Failure, known_store},
    key::Key,
    ledger::{Due, FinalStatement, account, counted, left_over, statement},
    queue::Record,
    store::Seen,
};

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let due: Due = record.read()?;
    let store = known_store(&shell.book, &due.store)?;
    record
        .write(shell, async || {
            let head = Key::quarter(&due.store, &due.seller, due.quarter);
            let Some(head) = shell.store.get::<QuarterHead>(&head).await? else { return Ok(None) };
            let (measured, due_at) = (head.state.measured, head.state.due_at(store.zone));
            if due_at.is_none_or(|at| record.now < at) {
                return Ok(None);
            }
            let quarter = Quarter { shell, record, store, due: &due, head };
            if measured { quarter.close().await.map(Some) } else { quarter.measure().await.map(Some) }
        })
        .await
}

/// The quarter at hand.
struct Quarter<'a> {
    shell: &'a Shell,
    record: &'a Record,
    store: &'a Store,
    due: &'a Due,
    head: Seen<QuarterHead>,
}

impl Quarter<'_> {
    /// FEE-5: what was counted fixes the next quarter's rate, is published and frozen.
    async fn measure(self) -> Result<Commit, Failure> {
        let Self { shell, record, store, due, head } = self;
        let whose = Key::seller(&due.store, &due.seller);
        let read = try_join3(account(shell, due), left_over(shell, due), shell.store.get::<Seller>(&whose));
        let (account, left_over, seller) = Box::pin(read).await?;
        let measure = counted(shell, store, due, account, &left_over).await?;
        let next = QuarterHead {
            quarter: due.quarter.next(),
            measure,
            published_at: Some(record.now),
            measured: false,
            closed: None,
            ..head.state.clone()
        };
        let enrolled = seller.is_some_and(|seen| seen.state.status(store, record.now) != Status::NotEnrolled);
        let rate = store.rate_at(next.quarter.start(store.zone), &measure).filter(|_| enrolled);
        let told = rate.as_ref().map(|_| Hook::rate_published((&due.store, &due.seller), next.quarter, record.now));
        let notice = rate.map(|rate| {
            let kind = NoticeKind::RatePublished {
                quarter: next.quarter,
                rate: rate.amount,
                tier: Some(rate.tier),
                contacts: rate.contacts,
                units: rate.units,
            };
            FollowUp::from(Notice::to_seller(&due.store, &due.seller, kind, &[&next.quarter.to_string()]))
        });
        begin(record, "measured", due)
            .head(store, Some(head.version), &QuarterHead { measured: true, ..head.state })?
            .head(store, None, &next)?
            .tells(told)?
            .follow_ups(notice.into_iter().collect())
    }

    /// FEE-10: the statement becomes final.
    async fn close(self) -> Result<Commit, Failure> {
        let Self { shell, record, store, due, head } = self;
        let account = account(shell, due).await?;
        let statement = statement(shell, store, due, account, drop).await?.statement;
        let closed = Closed { at: record.now, digest: statement.digest.clone(), by_line: true };
        let says_something = !statement.lines.is_empty() || statement.paid_back.causes > 0;
        let told = says_something.then(|| Hook::statement_final((&due.store, &due.seller), due.quarter, record.now));
        let notice = says_something.then(|| {
            let (units, total) = (statement.units, statement.total);
            let disputable_until = Dispute::until(store, closed.at);
            let kind = NoticeKind::StatementReady { quarter: due.quarter, units, total, disputable_until };
            FollowUp::from(Notice::to_seller(&due.store, &due.seller, kind, &[&due.quarter.to_string()]))
        });
        begin(record, "closed", due)
            .head(store, Some(head.version), &QuarterHead { closed: Some(closed), ..head.state })?
            .insert(Key::statement(&due.store, &due.seller, due.quarter), &FinalStatement::of(statement))?
            .tells(told)?
            .follow_ups(notice.into_iter().collect())
    }
}

fn begin(record: &Record, what: &str, due: &Due) -> Commit {
    let name = format!("{what}#{}#{}#{}", due.store, due.seller, due.quarter);
    let fact = Fact::new("fee-statement", &name, name.as_bytes());
    let at = record.at(&fact, Actor::Service);
    Commit::new(fact, at)
}
