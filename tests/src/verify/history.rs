//! What happened to a thing, told by its events: all of them are there, numbered without a gap, and folded they are the
//! state that is stored.

use super::{Asked, item::Place, shelf::Kept};
use shell::commit::EventRow;
use std::{borrow::Borrow, collections::HashMap};

/// One event, by the change it was part of.
#[derive(Debug)]
pub struct Happened<'s, E> {
    pub version: u64,
    n: usize,
    pub place: &'s Place<'s>,
    pub row: &'s EventRow<E>,
}

/// The events of each thing, by the key they hang on, in order.
#[derive(Debug)]
pub struct Histories<'s, E>(pub HashMap<(&'s str, &'s str), Vec<Happened<'s, E>>>);

impl<'s, E> Histories<'s, E> {
    /// Sorts events by what they happened to.
    pub fn of(asked: &mut Asked, events: &'s [Kept<'s, EventRow<E>>]) -> Self {
        let mut all: HashMap<_, Vec<_>> = HashMap::with_capacity(events.len());
        for Kept { place, state: row, .. } in events {
            let numbered = place.sk.split_once("#EVENT#").and_then(|(thing, number)| {
                let (version, n) = number.split_once('#')?;
                Some((thing, version.parse().ok()?, n.parse().ok()?))
            });
            match numbered {
                Some((thing, version, n)) => {
                    all.entry((place.pk.as_ref(), thing)).or_default().push(Happened { version, n, place, row });
                }
                None => asked.found("P1", place, "an event that does not say of which change it is".into()),
            }
        }
        for events in all.values_mut() {
            events.sort_unstable_by_key(|event| (event.version, event.n));
        }
        Self(all)
    }

    /// Takes out the events of a thing, which are all there, each once.
    pub fn of_thing<T>(
        &mut self,
        asked: &mut Asked,
        invariant: &'static str,
        kept: &'s Kept<'s, T>,
    ) -> Vec<Happened<'s, E>> {
        let events = self.0.remove(&(kept.place.pk.as_ref(), kept.place.sk.as_ref())).unwrap_or_default();
        is_dense(asked, invariant, &events, Some(1), Some(kept.version()), &kept.place);
        events
    }

    /// The same, and folded they are what is stored.
    pub fn tell<T: Borrow<S>, S: PartialEq>(
        &mut self,
        asked: &mut Asked,
        (invariant, what): (&'static str, &str),
        kept: &'s Kept<'s, T>,
        apply: impl Fn(Option<S>, &E) -> Option<S>,
    ) -> Vec<Happened<'s, E>> {
        let events = self.of_thing(asked, invariant, kept);
        let told = events.iter().fold(None, |state, event| apply(state, &event.row.event));
        asked.holds(told.as_ref() == Some(kept.state.borrow()), invariant, &kept.place, || {
            format!("{what} is not what its events tell")
        });
        events
    }

    /// What is left are events of things that are not there.
    pub fn orphans(self, asked: &mut Asked, invariant: &'static str, problem: &str) {
        for event in self.0.values().filter_map(|events| events.first()) {
            asked.found(invariant, event.place, problem.into());
        }
    }
}

/// That the events of these changes are all there, each once: from `first`, if it is known, to `last`.
pub fn is_dense<E>(
    asked: &mut Asked,
    invariant: &'static str,
    events: &[Happened<'_, E>],
    first: Option<u64>,
    last: Option<u64>,
    of: &Place<'_>,
) {
    let mut before: Option<(u64, usize)> = None;
    for event in events {
        let follows = match before {
            None => event.n == 0 && first.is_none_or(|first| event.version == first),
            Some((version, n)) => [(version, n + 1), (version + 1, 0)].contains(&(event.version, event.n)),
        };
        asked.holds(follows, invariant, event.place, || match before {
            None => "an event before it is missing: it is the first that is there".into(),
            Some((version, n)) => {
                format!(
                    "an event between it and that of change {version}, number {n}, is missing, or it is one too many"
                )
            }
        });
        before = Some((event.version, event.n));
    }
    if let Some(last) = last {
        let told = before.map_or(0, |(version, _)| version);
        asked.holds(told == last, invariant, of, || {
            format!("it has been changed {last} times, and its events tell of {told} changes")
        });
    }
}
