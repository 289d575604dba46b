//! What became of a mail, as SES reports it later (NTF-3, N3, N4). It is added to the notice that the mail was tagged
//! with; a hard bounce or a complaint suppresses the address as well. Events come twice, in any order, and before the
//! sender has written that SES took the mail; what they add up to is the same.
//!
//! Calls: one `GetItem` (how the notice stands) and one `PutItem`; one transaction in its place where the address is
//! suppressed. An event that says nothing new costs the read.

mod wire;

use domain::{
    at::{Actor, At},
    mail::{Fate, State, Suppression, reported},
};
use shell::{
    Shell,
    commit::{Commit, Expect},
    failure::Failure,
    key::Key,
    queue::Record,
    store::attempts,
};
use wire::Said;

/// One event of SES.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let said = wire::read(&record.body)?;
    attempts(&record.id, async || add(shell, record, &said).await).await?;
    match said.report.fate {
        Fate::Rejected => Err(Failure::Fault("SES took a mail and did not let it out".into())),
        _ => Ok(()),
    }
}

/// Adds what was said to what is known.
async fn add(shell: &Shell, record: &Record, said: &Said) -> Result<(), Failure> {
    let key = Key::notice(&said.notice);
    let seen = shell.store.get::<State>(&key).await?;
    let version = seen.as_ref().map(|seen| seen.version);
    let Some(state) = reported(seen.map(|seen| seen.state), &said.message_id, said.report) else { return Ok(()) };
    if !said.report.suppresses() {
        return shell.store.put(&key, Expect::Seen(version), &state).await;
    }
    let at = At { now: record.now, actor: Actor::Service, cause: said.notice.to_string() };
    let suppression = Suppression { report: said.report, notice: said.notice.clone() };
    let commit =
        Commit::unmarked(at).state(key, version, &state)?.replace(Key::suppression(&said.address), &suppression)?;
    shell.store.commit(&commit).await.map(drop)
}
