//! One message, one attempt to tell the marketplace's system of a fact. What came back is written down with the attempt, in
//! one transaction with the clock that rings for the next one; so whatever dies in between, either both are there, or the
//! message comes again and the same bytes go out under the same id once more (W1, W2).
//!
//! Calls: one `BatchGetItem` (how far it has come, and the secrets that sign it), one request to the receiver, one
//! transaction. The first webhook of all makes the first secret: a `PutItem` and a `GetItem` more. A message for an attempt
//! that was made costs the read.

use domain::{
    at::{Actor, At},
    hook::delivery::{Attempt, Call, Delivery, Due, Schedule, State},
};
use shell::{
    Shell,
    commit::Commit,
    failure::Failure,
    hook::{self, Secrets},
    key::Key,
    queue::Record,
    store::{Seen, attempts},
};
use tokio::time::Instant as Stopwatch;

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let call: Call = record.read()?;
    let schedule = shell.book.store(&call.hook.store).and_then(|store| store.hook_schedule_at(call.hook.at));
    let unknown = || {
        Failure::bad_field(
            "unknown_store",
            "store",
            format!("{} has no schedule for webhooks of that time", call.hook.store),
        )
    };
    let schedule = schedule.ok_or_else(unknown)?;
    let key = Key::hook(&call.hook.store, &call.hook.id);
    let found = shell.store.get_all(&[key.clone(), Key::hook_secrets()]).await?;
    let seen = found.state::<Delivery>(&key)?;
    let known = seen.as_ref().map(|seen| &seen.state);
    if let Some(delivery) = known {
        match delivery.due(call.attempt) {
            Due::Attempt => {}
            Due::Nothing => return Ok(()),
            Due::SayAgain => {
                hook::given_up(delivery);
                return Ok(());
            }
        }
    }
    let told = known.map_or(&call.hook, |delivery| &delivery.hook);
    let secrets = Secrets::of(shell, &found).await?;
    let (at, begun) = (shell.clock.wall(), Stopwatch::now());
    let (answer, asked) = hook::send(shell, told, &secrets).await?;
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let made = Made { call: &call, attempt: Attempt { at, milliseconds, answer }, asked, schedule };
    let mut last_seen = Some(seen);
    attempts(&record.id, async || {
        let seen = match last_seen.take() {
            Some(seen) => seen,
            None => shell.store.get_all(std::slice::from_ref(&key)).await?.state(&key)?,
        };
        made.write_down(shell, seen).await
    })
    .await
}

/// An attempt that was made.
struct Made<'a> {
    call: &'a Call,
    attempt: Attempt,
    asked: Option<domain::at::Instant>,
    schedule: &'a Schedule,
}

impl Made<'_> {
    /// Writes down what came of it, and when it is tried again, if it is.
    async fn write_down(&self, shell: &Shell, seen: Option<Seen<Delivery>>) -> Result<(), Failure> {
        let Self { call, attempt, asked, schedule } = self;
        let version = seen.as_ref().map(|seen| seen.version);
        let known = seen.map_or_else(|| Delivery::begin(call.hook.clone(), attempt.at), |seen| seen.state);
        let Some(next) = known.answered(call.attempt, *attempt, *asked, schedule) else { return Ok(()) };
        let at = At { now: attempt.at, actor: Actor::Service, cause: call.fact() };
        shell.store.commit(&Commit::unmarked(at).delivery(version, &next)?).await?;
        if matches!(next.state, State::GivenUp { .. }) {
            hook::given_up(&next);
        }
        Ok(())
    }
}
