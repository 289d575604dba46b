//! One notice, one mail (NTF, N1 to N6). What a notice has come to is kept under its id, so however often its message
//! is delivered, its mail is sent once; twice at most where it must arrive and the answer of SES was lost.
//!
//! A link that lets its reader in is signed when the mail is written, so that it stands in the mail and nowhere else.
//!
//! Not here: what is owed to whom, the life of a mail (the domain's), and what SES says of it later (`mail-feedback`).

mod chinese;
mod english;
pub mod letter;
pub mod mime;
pub mod recipient;
pub mod samples;

use domain::{
    at::{Actor, At},
    mail::{Answer, Attempt, Mail, Next, Owner, State, next},
    notice::{Notice, NoticeKind, Recipient},
    outcome::Refusal,
};
use letter::Facts;
use recipient::Reader;
use shell::{
    Shell,
    commit::{Commit, Expect},
    failure::Failure,
    key::Key,
    link::{Link, Purpose},
    queue::Record,
    store::{Seen, attempts},
};

/// Sends one notice.
///
/// Calls: one read (what it has come to, and who reads it), one transaction that freezes the mail unless its address is
/// suppressed, one mail, one write of how it ended. The first mail of a process that has a signed link reads the keys of links,
/// and the first of all makes one: a `PutItem` and a `GetItem` more. To a suppressed address it is the write and no mail. A message for a
/// notice that has ended costs the read.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let notice: Notice = record.read()?;
    let owner = Owner { message: record.id.clone(), delivery: record.deliveries, since: shell.clock.wall() };
    let taken = attempts(&record.id, async || take(shell, record, &notice, &owner).await).await?;
    let Some(Seen { state: attempt, version }) = taken else { return Ok(()) };
    let answer = shell
        .mail
        .send(notice.id.as_str(), &attempt.mail.to, attempt.mail.mime.as_bytes())
        .await
        .unwrap_or_else(|failure| Answer::Refused(failure.to_string()));
    let state = attempt.answered(answer, notice.kind.must_arrive());
    let state = if state == State::Sending(attempt) { state } else { settle(shell, &notice, version, state).await? };
    ended(&state)
}

/// What becomes of the message: one that is not done comes again, and what went wrong for good is somebody's to see.
fn ended(state: &State) -> Result<(), Failure> {
    match state {
        State::Sent { .. } | State::Suppressed { .. } => Ok(()),
        State::Waiting { .. } => Err(Failure::Transient("SES takes no mail for now".into())),
        State::Sending(_) => Err(Failure::Transient("the answer of SES was lost; once more".into())),
        State::Refused { why } => Err(Failure::Fault(format!("SES refused a mail: {why}"))),
        State::Unknown => Err(Failure::Fault("the answer of SES was lost; a mail may not have arrived".into())),
    }
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
        Ok(to) => Ok(write(shell, record, notice, &reader, to).await?),
        Err(why) => Err(why),
    };
    let found = seen.map(|seen| seen.state);
    match next(found.clone(), mail, notice.kind.must_arrive(), owner) {
        // What went wrong for good is said again: who wrote it down may have died before anybody was told.
        Next::Nothing => found.as_ref().map_or(Ok(()), ended).map(|()| None),
        Next::Later => Err(Failure::Transient("another delivery may be sending it".into())),
        Next::Send(attempt) => Ok(Some(Seen { state: attempt, version: version.unwrap_or(1) })),
        Next::Take(attempt) => claim(shell, record, notice, version, attempt).await,
        Next::End(state) => {
            shell.store.put(&key, Expect::Seen(version), &state).await?;
            ended(&state).map(|()| None)
        }
    }
}

/// Writes down that it is ours, unless its address is suppressed: both are asked in one transaction (N4).
async fn claim(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    version: Option<u64>,
    attempt: Attempt,
) -> Result<Option<Seen<Attempt>>, Failure> {
    let at = At { now: record.now, actor: Actor::Service, cause: notice.id.to_string() };
    let suppressed =
        Refusal::state("N4", "address_suppressed", "a mail to this address bounced or was complained about");
    let key = Key::notice(&notice.id);
    let commit = Commit::unmarked(at)
        .state(key.clone(), version, &State::Sending(attempt.clone()))?
        .unless(Key::suppression(&attempt.mail.to), suppressed);
    match shell.store.commit(&commit).await {
        Ok(_) => Ok(Some(Seen { state: attempt, version: version.unwrap_or(0) + 1 })),
        Err(Failure::Refused(refusal)) => {
            let state = State::Suppressed { why: refusal.sentence };
            shell.store.put(&key, Expect::Seen(version), &state).await.map(|()| None)
        }
        Err(failure) => Err(failure),
    }
}

/// The mail as it reads today.
async fn write(shell: &Shell, record: &Record, notice: &Notice, reader: &Reader, to: &str) -> Result<Mail, Failure> {
    let unknown = || Failure::bad_field("unknown_store", "store", format!("{} is no store", notice.store));
    let store = shell.book.store(&notice.store).ok_or_else(unknown)?;
    let signed = match link(notice) {
        None => String::new(),
        Some(link) => shell.links.sign(&shell.store, &link).await?,
    };
    let facts = Facts { notice, store, portal: &shell.portal, signed: &signed, language: reader.language };
    let letter = letter::write(facts)?;
    let mime = mime::build(&notice.id, &letter, &shell.mail.from, to, record.now)?;
    Ok(Mail { to: to.to_owned(), mime })
}

/// The link that lets the reader in, if the letter has one.
fn link(notice: &Notice) -> Option<Link> {
    let store = notice.store.to_string();
    match (&notice.kind, &notice.recipient) {
        (NoticeKind::Survey { inquiry, until, .. }, _) => {
            Some(Link { purpose: Purpose::Survey, until: *until, ids: vec![store, inquiry.to_string()] })
        }
        (NoticeKind::Invitation { until }, Recipient::Invited { seller, invitation }) => {
            let ids = vec![store, seller.to_string(), invitation.to_string()];
            Some(Link { purpose: Purpose::Invitation, until: *until, ids })
        }
        _ => None,
    }
}

/// Writes down how it ended, and says how it stands then. Where something else stands there by now, it is this, written
/// by us though the answer was lost, or SES has reported the mail already, or another delivery took us for dead.
async fn settle(shell: &Shell, notice: &Notice, mut version: u64, state: State) -> Result<State, Failure> {
    let key = Key::notice(&notice.id);
    attempts(&key.pk, async || {
        let put = shell.store.put(&key, Expect::Seen(Some(version)), &state).await;
        if put != Err(Failure::Stale) {
            return put.map(|()| state.clone());
        }
        let found = shell.store.get_all(std::slice::from_ref(&key)).await?;
        match found.state::<State>(&key)? {
            Some(seen) if state.outranks(&seen.state) => {
                version = seen.version;
                Err(Failure::Stale)
            }
            found => Ok(found.map_or_else(|| state.clone(), |seen| seen.state)),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n2_a_mail_that_did_not_or_may_not_have_arrived_is_put_before_a_person() {
        assert!(matches!(ended(&State::Unknown), Err(Failure::Fault(_))));
        let refused = State::Refused { why: "MessageRejected".into() };
        assert_eq!(ended(&refused), Err(Failure::Fault("SES refused a mail: MessageRejected".into())));
        assert_eq!(ended(&State::Sent { message_id: "ses-1".into(), became: None }), Ok(()));
        assert_eq!(ended(&State::Suppressed { why: "no address".into() }), Ok(()));
    }

    #[test]
    fn n2_a_mail_that_is_not_sent_yet_is_asked_for_again() {
        let mail = Mail { to: "li.wei@seller.example".into(), mime: "bytes".into() };
        let owner = Owner { message: "m".into(), delivery: 1, since: domain::at::Instant::UNIX_EPOCH };
        let waiting = State::Waiting { mail: mail.clone(), attempts: 0 };
        for state in [waiting, State::Sending(Attempt { mail, number: 1, owner })] {
            assert!(matches!(ended(&state), Err(Failure::Transient(_))), "{state:?}");
        }
    }
}
