//! One notice, one mail (NTF, N1 to N6). What a notice has come to is kept under its id, so however often its message
//! is delivered, its mail is sent once; twice at most where it must arrive and the answer of SES was lost.
//!
//! Not here: what is owed to whom (the domain's), and bounces.

pub mod letter;
pub mod mime;
pub mod recipient;
pub mod state;

mod english;

use domain::notice::Notice;
use letter::Facts;
use recipient::Reader;
use shell::{
    Shell,
    commit::Expect,
    failure::Failure,
    key::Key,
    mail::Sent,
    queue::Record,
    store::{Seen, attempts},
};
use state::{Attempt, Mail, Next, Owner, State, next};

/// Sends one notice.
///
/// Calls: one read (what it has come to, and who reads it), one write that freezes the mail, one mail, one write of how
/// it ended. A message for a notice that has ended costs the read.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let notice: Notice = record.read()?;
    let owner = Owner::of(record, shell.clock.wall());
    let taken = attempts(&record.id, async || take(shell, record, &notice, &owner).await).await?;
    let Some(Seen { state: attempt, version }) = taken else { return Ok(()) };
    let answer = shell
        .mail
        .send(notice.id.as_str(), &attempt.mail.to, attempt.mail.mime.as_bytes())
        .await
        .unwrap_or_else(|failure| Sent::Refused(failure.to_string()));
    let state = attempt.answered(answer, notice.kind.must_arrive());
    if state != State::Sending(attempt) {
        settle(shell, &notice, version, &state).await?;
    }
    state.ended()
}

/// Makes the notice ours to send, if it still is to be sent.
async fn take(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    owner: &Owner,
) -> Result<Option<Seen<Attempt>>, Failure> {
    let key = Key::notice(&notice.id);
    let found = shell.store.get_all(&[key.clone(), recipient::key(notice)]).await?;
    let seen = found.state::<State>(&key)?;
    let version = seen.as_ref().map(|seen| seen.version);
    let reader = Reader::of(notice, &found)?;
    let mail = match reader.address() {
        Ok(to) => Ok(write(shell, record, notice, &reader, to)?),
        Err(why) => Err(why),
    };
    let found = seen.map(|seen| seen.state);
    match next(found.clone(), mail, notice.kind.must_arrive(), owner) {
        // What went wrong for good is said again: who wrote it down may have died before anybody was told.
        Next::Nothing => found.map_or(Ok(()), |state| state.ended()).map(|()| None),
        Next::Later => Err(Failure::Transient("another delivery may be sending it".into())),
        Next::Send(attempt) => Ok(Some(Seen { state: attempt, version: version.unwrap_or(1) })),
        Next::Take(attempt) => {
            shell.store.put(&key, Expect::Seen(version), &State::Sending(attempt.clone())).await?;
            Ok(Some(Seen { state: attempt, version: version.unwrap_or(0) + 1 }))
        }
        Next::End(state) => {
            shell.store.put(&key, Expect::Seen(version), &state).await?;
            state.ended().map(|()| None)
        }
    }
}

/// The mail as it reads today.
fn write(shell: &Shell, record: &Record, notice: &Notice, reader: &Reader, to: &str) -> Result<Mail, Failure> {
    let unknown = || Failure::bad_field("unknown_store", "store", format!("{} is no store", notice.store));
    let store = shell.book.store(&notice.store).ok_or_else(unknown)?;
    let facts = Facts { notice, store, portal: &shell.portal };
    let letter = letter::write(facts, reader.language)?;
    let mime = mime::build(&notice.id, &letter, &shell.mail.from, to, record.now)?;
    Ok(Mail { to: to.to_owned(), mime })
}

/// Writes down how it ended. Where something else stands there by now, either it is this, written by us though the
/// answer was lost, or another delivery took us for dead.
async fn settle(shell: &Shell, notice: &Notice, mut version: u64, state: &State) -> Result<(), Failure> {
    let key = Key::notice(&notice.id);
    attempts(&key.pk, async || {
        let put = shell.store.put(&key, Expect::Seen(Some(version)), state).await;
        if put != Err(Failure::Stale) {
            return put;
        }
        let found = shell.store.get_all(std::slice::from_ref(&key)).await?;
        match found.state::<State>(&key)? {
            Some(seen) if state.outranks(&seen.state) => {
                version = seen.version;
                Err(Failure::Stale)
            }
            _ => Ok(()),
        }
    })
    .await
}
