//! Each mail that comes in ends in exactly one of four ways: it is added to a matter that is there, opens one, is the same as
//! one that came before, or is kept with the cause for which nothing comes of it. SES has put its bytes into the bucket
//! before it says so here, so none is lost whatever happens.
//!
//! To whom a mail is, is known by the address that it was sent to: an address that we signed, of an inquiry or of a request,
//! or the mailbox for what came to a seller by mistake. Where it was sent to none of these, by the mail of ours that it says
//! it answers. Never by its subject.
//!
//! Calls: a mail is one `GetItem` (whether it came before), one request to S3 (its bytes), one `BatchGetItem` (what its
//! sender has written today, and what came about its matter) and one transaction; a customer's answer is one query more (the
//! inquiry's events), and one request to S3 for each file that it brings; a seller's mail one query (in whose names its
//! sender writes) and one `BatchGetItem` (those sellers and what the mail names), what came to it by mistake one
//! `BatchGetItem` more (whether it is known), and its reply one `GetItem` (the inquiry that waits for it); where no address
//! says to whom a mail is, and it answers some, one `BatchGetItem` more (what those were about); what the rules do not take
//! is one `GetItem` more (whether they took it before). The first mail of a process to a signed address reads the keys of
//! links. One that is kept for its verdicts alone is the first three and the transaction; the same mail again is one
//! `PutItem` more, and a message that comes again the first read.

mod mail;
mod seller;
mod wire;

use domain::received::Fate;
use mail::Mail;
use shell::{Shell, failure::Failure, queue::Record, store::attempts};

/// One mail.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let arrival = wire::read(record)?;
    if shell.store.get::<Fate>(&arrival.key()).await?.is_some() {
        return Ok(());
    }
    let raw = shell.mailbag.read(&arrival.receipt.action.object_key).await?;
    let mail = Mail::of(shell, &arrival, &raw).await?;
    attempts(&record.id, async || mail.take().await).await
}
