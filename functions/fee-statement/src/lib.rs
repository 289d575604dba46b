//! One quarter of one seller: measured a little after its end, which publishes the next quarter's rate; closed 72 hours
//! after its end, which makes its statement final. Which of the two is due is read off the head, so a message that comes
//! twice, or early, changes nothing.
//!
//! Calls: one query of the quarter (a page more per megabyte); to measure, one query of what the quarter before left over
//! and one read of the seller; one transaction.

use domain::{
    at::Actor,
    dispute::Dispute,
    hook::Hook,
    ledger::{Closed, QuarterHead},
    money::Money,
    notice::{Notice, NoticeKind},
    outcome::FollowUp,
    seller::{Seller, Status},
    store::Store,
};
use serde::{Deserialize, Serialize};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::{Failure, known_store},
    key::Key,
    ledger::{Account, Due, account, counted, left_over, statement},
    queue::Record,
    store::Seen,
};

/// What is kept of a final statement; its units are the ledger's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalStatement {
    /// All units.
    pub units: u64,
    /// The sum.
    pub total: Money,
    /// Of the whole statement, unit by unit.
    pub digest: String,
}

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let due: Due = record.read()?;
    let store = known_store(&shell.book, &due.store)?;
    record
        .write(shell, async || {
            let account = account(shell, &due).await?;
            let Some(head) = account.head.clone() else { return Ok(None) };
            let (measured, due_at) = (head.state.measured, head.state.due_at(store.zone));
            if due_at.is_none_or(|at| record.now < at) {
                return Ok(None);
            }
            let quarter = Quarter { shell, record, store, due: &due, account, head };
            if measured { quarter.close().await.map(Some) } else { quarter.measure().await.map(Some) }
        })
        .await
}

/// The quarter at hand, and all that is written in it.
struct Quarter<'a> {
    shell: &'a Shell,
    record: &'a Record,
    store: &'a Store,
    due: &'a Due,
    account: Account,
    head: Seen<QuarterHead>,
}

impl Quarter<'_> {
    /// FEE-5: what was counted fixes the next quarter's rate, is published and frozen.
    async fn measure(self) -> Result<Commit, Failure> {
        let Self { shell, record, store, due, account, head } = self;
        let measure = counted(store, due, &account, &left_over(shell, due).await?);
        let next = QuarterHead {
            quarter: due.quarter.next(),
            measure,
            published_at: Some(record.now),
            measured: false,
            closed: None,
            ..head.state.clone()
        };
        let seller = shell.store.get::<Seller>(&Key::seller(&due.store, &due.seller)).await?;
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
        let Self { shell, record, store, due, account, head } = self;
        let statement = statement(shell, store, due, &account).await?;
        let closed = Closed { at: record.now, digest: statement.digest.clone() };
        let kept = FinalStatement { units: statement.units, total: statement.total, digest: statement.digest };
        let says_something = !statement.lines.is_empty() || !statement.reimbursements.is_empty();
        let told = says_something.then(|| Hook::statement_final((&due.store, &due.seller), due.quarter, record.now));
        let notice = says_something.then(|| {
            let (units, total) = (statement.units, statement.total);
            let disputable_until = Dispute::until(store, closed.at);
            let kind = NoticeKind::StatementReady { quarter: due.quarter, units, total, disputable_until };
            FollowUp::from(Notice::to_seller(&due.store, &due.seller, kind, &[&due.quarter.to_string()]))
        });
        begin(record, "closed", due)
            .head(store, Some(head.version), &QuarterHead { closed: Some(closed), ..head.state })?
            .insert(Key::statement(&due.store, &due.seller, due.quarter), &kept)?
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
