//! One notice, one mail (NTF, N1 to N6). What a notice has come to is kept under its id, so however often its message
//! is delivered, its mail is sent once; twice at most where it must arrive and the answer of SES was lost.
//!
//! A link that lets its reader in is signed when the mail is written, so that it stands in the mail and nowhere else. What an
//! associate answers is read then, from the conversation, and the mail with it is kept there alone (INQ-5).
//!
//! What is not wanted ends so, and says it (N2). What is wanted once a day waits for its digest, and what other users want
//! too leaves as notices of their own (`owed`).
//!
//! Not here: what is owed to whom, the life of a mail (the domain's), and what SES says of it later (`mail-feedback`).

mod answer;
mod chinese;
mod english;
pub mod gathered;
pub mod letter;
pub mod mime;
pub mod owed;
pub mod recipient;
pub mod samples;

use answer::Answer as Said;
use domain::{
    at::{Actor, At, Instant},
    mail::{Answer, Attempt, Mail, Next, Owner, State, next},
    notice::{Notice, NoticeKind, Recipient},
    outcome::Refusal,
    quarter::days_later,
    store::Store,
    wish::Need,
};
use gathered::Gathered;
use letter::Facts;
use mime::Envelope;
use owed::Owed;
use recipient::Reader;
use shell::{
    Shell,
    commit::{Commit, Expect},
    failure::{Failure, known_store},
    key::Key,
    link::{Link, Purpose},
    mailing::Mailing,
    queue::Record,
    reply::{self, Answered},
    store::{Seen, attempts},
    telemetry,
};

/// Sends one notice.
///
/// Calls: one read (what it has come to, and who reads it), one transaction that freezes the mail unless its address is
/// suppressed, one mail, one write of how it ended; where it may be answered, that is a transaction with the name by which it
/// is found then. The first mail of a process that has a signed link, or a signed address to answer to, reads the keys of
/// links, and the first of all makes one: a `PutItem` and a `GetItem` more. To a suppressed address it is the write and no
/// mail. And so it is where the mail is not wanted, or wanted in a digest; what other users are owed of it is in the same
/// write. A digest costs one query more. A message for a notice that has ended costs the read.
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
        State::Unknown => {
            telemetry::mail_unknown();
            Err(Failure::Fault("the answer of SES was lost; a mail may not have arrived".into()))
        }
    }
}

/// Makes the notice ours to send, if it still is to be sent.
async fn take(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    owner: &Owner,
) -> Result<Option<Seen<Attempt>>, Failure> {
    let (key, said) = (Key::notice(&notice.id), Said::of(notice));
    let keys = [key.clone(), recipient::key(notice)].into_iter().chain(said.iter().flat_map(Said::keys));
    let found = shell.store.get_all(&keys.collect::<Vec<_>>()).await?;
    let seen = found.state::<Mailing>(&key)?;
    let version = seen.as_ref().map(|seen| seen.version);
    let mut reader = Reader::of(notice, &found)?;
    let words = said.as_ref().map_or(Ok(Ok(String::new())), |said| said.words(&found))?;
    let gathered = if seen.is_none() { Gathered::of(shell, notice, &found).await? } else { Some(Gathered::default()) };
    let content = words.and_then(|words| Ok((words, gathered.ok_or("not wanted")?)));
    let mail = match (reader.address(), content) {
        (Ok(to), Ok(content)) => Ok(write(shell, record, notice, &reader, to, &content).await?),
        (Err(why), _) | (_, Err(why)) => Err(why),
    };
    let found = match (seen.map(|seen| seen.state.state), &said) {
        (Some(state), Some(said)) => Some(said.thawed(state, &found)?),
        (state, _) => state,
    };
    let owed = Owed::copies(if found.is_none() { std::mem::take(&mut reader.copies) } else { Vec::new() });
    match next(found.clone(), mail, notice.kind.must_arrive(), owner) {
        // What went wrong for good is said again: who wrote it down may have died before anybody was told.
        Next::Nothing => found.as_ref().map_or(Ok(()), ended).map(|()| None),
        Next::Later => Err(Failure::Transient("another delivery may be sending it".into())),
        Next::Send(attempt) => Ok(Some(Seen { state: attempt, version: version.unwrap_or(1) })),
        Next::Take(attempt) => claim(shell, record, notice, (version, attempt), &owed).await,
        Next::End(state @ State::Unknown) => {
            shell.store.put(&key, Expect::Seen(version), &laid_down(notice, &state)).await?;
            ended(&state).map(|()| None)
        }
        Next::End(state) => {
            let owed = owed.gathered(shell, record, notice, &reader)?;
            end(shell, record, notice, (version, &state), &owed).await?;
            ended(&state).map(|()| None)
        }
    }
}

/// Writes down that it is ours, unless its address is suppressed: both are asked in one transaction (N4).
async fn claim(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    (version, attempt): (Option<u64>, Attempt),
    owed: &Owed,
) -> Result<Option<Seen<Attempt>>, Failure> {
    let suppressed =
        Refusal::state("N4", "address_suppressed", "a mail to this address bounced or was complained about");
    let taken = laid_down(notice, &State::Sending(attempt.clone()));
    let commit = owed
        .with(Commit::unmarked(at(record, notice)).mailing(&notice.id, version, &taken)?, shell)?
        .unless(Key::suppression(&attempt.mail.to), suppressed);
    let commit = match Said::of(notice).map(|said| said.freeze(&attempt.mail.mime)) {
        Some((place, frozen)) => commit.replace(place, &frozen)?,
        None => commit,
    };
    match shell.store.commit(&commit).await {
        Ok(_) => Ok(Some(Seen { state: attempt, version: version.unwrap_or(0) + 1 })),
        Err(Failure::Refused(refusal)) => {
            let state = State::Suppressed { why: refusal.sentence };
            end(shell, record, notice, (version, &state), owed).await.map(|()| None)
        }
        Err(failure) => Err(failure),
    }
}

/// Writes down that it ends without being sent, and what is owed all the same. A line of a day that is closed meanwhile
/// belongs to the next.
async fn end(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    (version, state): (Option<u64>, &State),
    owed: &Owed,
) -> Result<(), Failure> {
    let ended = laid_down(notice, state);
    if owed.is_nothing() {
        return shell.store.put(&Key::notice(&notice.id), Expect::Seen(version), &ended).await;
    }
    let commit =
        |owed: &Owed| owed.with(Commit::unmarked(at(record, notice)).mailing(&notice.id, version, &ended)?, shell);
    match shell.store.commit(&commit(owed)?).await {
        Err(Failure::Refused(_)) => match shell.store.commit(&commit(&owed.a_day_later())?).await {
            Err(Failure::Refused(closed)) => Err(Failure::Transient(closed.sentence)),
            other => other.map(drop),
        },
        other => other.map(drop),
    }
}

fn at(record: &Record, notice: &Notice) -> At {
    At { now: record.now, actor: Actor::Service, cause: notice.id.to_string() }
}

/// How a notice is laid down that stands like this: without the bytes of a mail that are kept elsewhere.
fn laid_down(notice: &Notice, state: &State) -> Mailing {
    let state = if Said::of(notice).is_some() { state.clone().carrying("") } else { state.clone() };
    Mailing { state, about: Answered::by(notice) }
}

/// The mail as it reads today.
async fn write(
    shell: &Shell,
    record: &Record,
    notice: &Notice,
    reader: &Reader,
    to: &str,
    (words, gathered): &(String, Gathered),
) -> Result<Mail, Failure> {
    let store = known_store(&shell.book, &notice.store)?;
    let signed = match link(notice, store, record.now) {
        None => String::new(),
        Some(link) => shell.links.sign(&shell.store, &link).await?,
    };
    let facts =
        Facts { notice, store, portal: &shell.portal, signed: &signed, words, language: reader.language, gathered };
    let letter = letter::write(facts)?;
    let (from, host, stop) = (&shell.mail.from, &shell.mail.host, facts.stop());
    let reply_to = match facts.answerable() {
        Some(about) => Some(reply::address(&shell.links, &shell.store, &about, host).await?),
        None => None,
    };
    let (reply_to, stop, automatic) = (reply_to.as_deref(), stop.as_deref(), !facts.is_answer());
    let envelope = Envelope { from, host, to, automatic, reply_to, stop };
    let mime = mime::build(&notice.id, &letter, envelope, record.now)?;
    Ok(Mail { to: to.to_owned(), mime })
}

/// The link that lets the reader in, if the letter has one.
fn link(notice: &Notice, of: &Store, now: Instant) -> Option<Link> {
    let store = notice.store.to_string();
    match (&notice.kind, &notice.recipient) {
        (NoticeKind::Survey { inquiry, until, .. }, _) => {
            Some(Link { purpose: Purpose::Survey, until: *until, ids: vec![store, inquiry.to_string()] })
        }
        (NoticeKind::Invitation { until }, Recipient::Invited { seller, invitation }) => {
            let ids = vec![store, seller.to_string(), invitation.to_string()];
            Some(Link { purpose: Purpose::Invitation, until: *until, ids })
        }
        _ => {
            let (seller, user) = notice.recipient.reader()?;
            let what = may_stop(notice)?;
            let ids = [store, seller.to_string(), what.to_owned()].into_iter().chain(user.map(ToString::to_string));
            let until = days_later(of.zone, now, of.unsubscribe_days);
            Some(Link { purpose: Purpose::Unsubscribe, until, ids: ids.collect() })
        }
    }
}

/// What the reader may have no more of by a link of this mail: its kind, or whatever comes in a digest.
const fn may_stop(notice: &Notice) -> Option<&'static str> {
    match notice.kind.need() {
        Need::Always(_) => None,
        Need::Chosen(kind) => Some(kind.name()),
        Need::Gathered => Some(notice.kind.name()),
    }
}

/// Writes down how it ended, and says how it stands then. Where something else stands there by now, it is this, written
/// by us though the answer was lost, or SES has reported the mail already, or another delivery took us for dead. What SES
/// said is known to nobody else: while nothing can be read, it is written against the same version once more.
async fn settle(shell: &Shell, notice: &Notice, mut version: u64, state: State) -> Result<State, Failure> {
    let key = Key::notice(&notice.id);
    attempts(&key.pk, async || {
        let put = keep(shell, notice, version, &state).await;
        if put != Err(Failure::Stale) {
            return put.map(|()| state.clone());
        }
        let Ok(found) = shell.store.get_all(std::slice::from_ref(&key)).await else { return Err(Failure::Stale) };
        match found.state::<Mailing>(&key)? {
            Some(seen) if state.outranks(&seen.state.state) => {
                version = seen.version;
                Err(Failure::Stale)
            }
            found => Ok(found.map_or_else(|| state.clone(), |seen| seen.state.state)),
        }
    })
    .await
}

/// Writes down that it stands like this; of a mail that was taken and may be answered also by which name it is found.
async fn keep(shell: &Shell, notice: &Notice, version: u64, state: &State) -> Result<(), Failure> {
    let mailing = laid_down(notice, state);
    match (&mailing.about, state) {
        (Some(about), State::Sent { message_id, .. }) => {
            let at = At { now: shell.clock.wall(), actor: Actor::Service, cause: notice.id.to_string() };
            let commit = Commit::unmarked(at).mailing(&notice.id, Some(version), &mailing)?;
            shell.store.commit(&commit.answerable(message_id, about)?).await.map(drop)
        }
        _ => shell.store.put(&Key::notice(&notice.id), Expect::Seen(Some(version)), &mailing).await,
    }
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
