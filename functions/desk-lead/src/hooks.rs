//! What the marketplace's systems were told or are to be told, as leads of the store find it: with its attempts, and sent again
//! when it was given up and the receiver is well.

use domain::{
    at::{Actor, Instant},
    hook::{
        HookKind,
        delivery::{Attempt, Delivery},
    },
    id::{HookId, SellerId},
    outcome::Refusal,
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    cursor,
    failure::Failure,
    http::Request,
    key::{Key, Table, hook_key},
    store::{IndexRange, place_in_index},
};

/// Webhooks of one answer.
const MOST: usize = 50;
/// How a webhook may stand; the first is what a lead looks for.
const STATES: [&str; 3] = ["given_up", "waiting", "delivered"];

#[derive(Debug, Serialize)]
struct Listed<'a> {
    hooks: Vec<View<'a>>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct View<'a> {
    hook_id: &'a HookId,
    #[serde(rename = "type")]
    kind: HookKind,
    seller_id: &'a SellerId,
    happened_at: Instant,
    state: &'static str,
    /// Since when it stands like this; of one that waits, when it is tried again.
    at: Instant,
    attempts_made: u32,
    attempts: &'a [Attempt],
}

fn view(delivery: &Delivery) -> View<'_> {
    let Delivery { hook, state, made, attempts, .. } = delivery;
    View {
        hook_id: &hook.id,
        kind: hook.kind,
        seller_id: &hook.seller,
        happened_at: hook.at,
        state: state.name(),
        at: state.at(),
        attempts_made: *made,
        attempts,
    }
}

/// Those of a store that stand like this, the latest first.
pub async fn list(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let asked = request.query::<String>("state")?;
    let state = asked.map_or(Some(STATES[0]), |asked| STATES.into_iter().find(|state| *state == asked));
    let unknown = || Failure::bad_field("invalid_input", "state", format!("must be one of {}", STATES.join(", ")));
    let hash = hook_key(&store.id, state.ok_or_else(unknown)?);
    let range =
        IndexRange { table: Table::Outbox, index: "hooks", hash: ("hook_key", &hash), until: None, newest_first: true };
    let after = cursor::asked::<(i64, HookId)>(request)?;
    let from = after.map(|(at, hook)| place_in_index(&Key::hook(&store.id, &hook), range.hash, ("hook_at", at)));
    let page = shell.store.full_page::<Delivery>(&range, from, MOST, |_| true).await?;
    let last = page.rows.last().filter(|_| page.next.is_some());
    let next_cursor = last.map(|last| cursor::after(&(last.state.at().timestamp_millis(), &last.hook.id)));
    Answer::ok(&Listed { hooks: page.rows.iter().map(view).collect(), next_cursor })
}

/// One that was given up is tried anew, at once and as long as the first time.
pub async fn redrive(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let key = Key::hook(&store.id, &request.path("hook_id")?);
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    request
        .write(shell, async || {
            let found = shell.store.get::<Delivery>(&key).await?;
            let seen = found.ok_or_else(|| Failure::from(Refusal::unseen("webhook")))?;
            let next = seen.state.redrive(at.now)?;
            let answer = Answer::ok(&view(&next))?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).delivery(Some(seen.version), &next)
        })
        .await
}
