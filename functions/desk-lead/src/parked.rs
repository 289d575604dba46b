//! What no delivery could mend, as leads of its store find it: with its reason, and sent again when its cause is mended.

use domain::{at::Actor, outcome::Refusal, store::Store};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    cursor,
    failure::Failure,
    http::Request,
    parked::{self, Parked},
    sqs::Queue,
};

/// Messages of one answer.
const MOST: usize = 50;
/// Characters of each: a message has up to 256 KB.
const EXCERPT: usize = 2_000;
/// So long is the place of a message in its partition.
const PLACE: std::ops::RangeInclusive<usize> = 1..=1024;

#[derive(Debug, Serialize)]
struct Listed<'a> {
    parked: Vec<View<'a>>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct View<'a> {
    parked_id: String,
    queue: &'static str,
    #[serde(flatten)]
    parked: &'a Parked,
}

/// Those that wait, the one that was sent first in front.
pub async fn list(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let after = cursor::asked::<String>(request)?;
    let mut page = parked::of_store(shell, &store.id, after.as_deref()).await?;
    let is_more = page.next.is_some() || page.rows.len() > MOST;
    page.rows.truncate(MOST);
    let next = page.rows.last().filter(|_| is_more).map(|(place, _)| cursor::after(place));
    for (_, seen) in &mut page.rows {
        seen.state.body = seen.state.body.chars().take(EXCERPT).collect();
    }
    let views = page.rows.iter().map(|(place, seen)| View {
        parked_id: cursor::after(place),
        queue: seen.state.queue().map_or("", Queue::name),
        parked: &seen.state,
    });
    Answer::ok(&Listed { parked: views.collect(), next_cursor: next })
}

#[derive(Debug, Serialize)]
struct Redriven<'a> {
    parked_id: &'a str,
}

/// A message goes to its queue again, as it was.
pub async fn redrive(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let id: String = request.path("parked_id")?;
    let place = cursor::place::<String>(&id).ok().filter(|place| PLACE.contains(&place.len()));
    let place = place.ok_or_else(|| Failure::from(Refusal::unseen("parked message")))?;
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    let answer = Answer::ok(&Redriven { parked_id: &id })?;
    request
        .write(shell, async || {
            let commit = Commit::new(request.fact()?, at.clone()).answering(&answer);
            parked::redrive(shell, commit, &store.id, &place).await
        })
        .await
}
