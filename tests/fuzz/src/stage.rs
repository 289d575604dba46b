//! The world that every input meets: prepared once, and put back after each input that wrote something.

use crate::past;
use serde_json::Value as Json;
use shell::key::BUCKET;
use std::collections::{BTreeMap, VecDeque};
use tokio::runtime::{Builder, Runtime};
use world::{
    World,
    cloud::{Kept, locked},
    model::{Place, Tables, Touched},
};

/// What was written since the world was put back, by table and key, as it stands now.
pub type Written = BTreeMap<(String, Place), Option<Json>>;

/// The world, and how it was.
pub struct Stage {
    /// The world.
    pub world: World,
    /// What inputs call things by, and their ids.
    pub names: Vec<(&'static str, String)>,
    runtime: Runtime,
    before: Kept,
    /// What was there then.
    known: Touched,
    now: i64,
    mails: usize,
    touched: Touched,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stage")
    }
}

impl Stage {
    /// A world in which everything has happened once.
    pub fn set() -> Self {
        // Whoever waits for a moment has waited for it at once.
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
        let (world, names) = runtime.block_on(past::tell());
        let (before, now, mails) = (world.cloud.kept(), world.cloud.now(), locked(&world.cloud.mails).len());
        locked(&world.cloud.calls).clear();
        let tables = locked(&world.cloud.tables);
        let all = world.template.tables.keys();
        let known =
            all.flat_map(|table| tables.items(table).map(|(place, _)| (table.clone(), place.clone()))).collect();
        drop(tables);
        Self { world, names, runtime, before, known, now, mails, touched: Touched::new() }
    }

    /// Waits for what a handler says.
    pub fn wait<T>(&self, answer: impl AsyncFnOnce(&World) -> T) -> T {
        self.runtime.block_on(answer(&self.world))
    }

    /// How many mails were sent since the world was put back.
    pub fn mails(&self) -> usize {
        locked(&self.world.cloud.mails).len() - self.mails
    }

    /// Messages that wait in queues.
    pub fn waiting(&self) -> usize {
        locked(&self.world.cloud.queues).values().map(VecDeque::len).sum()
    }

    /// Time passes; nothing ticks.
    pub fn later(&self, milliseconds: i64) {
        self.world.cloud.set_now(self.world.cloud.now() + milliseconds);
    }

    /// What was written since the world was put back, but for sellers' buckets, which count what is asked again too.
    pub fn written(&mut self) -> Written {
        self.listen();
        let tables = locked(&self.world.cloud.tables);
        let now = |(table, place): &(String, Place)| -> Option<Json> {
            let item = tables.items(table).find(|(there, _)| *there == place).map(|(_, item)| item);
            item.map(|item| serde_json::from_str(item).expect("an item is JSON"))
        };
        let lasting = self.touched.iter().filter(|(_, place)| &*place.sk != BUCKET);
        let all = lasting.map(|place| (place.clone(), now(place)));
        // A write that was refused has touched nothing.
        all.filter(|(place, now)| now.is_some() || self.known.contains(place)).collect()
    }

    fn listen(&mut self) {
        for call in std::mem::take(&mut *locked(&self.world.cloud.calls)) {
            self.touched.extend(Tables::touched(&call.operation, &call.body));
        }
    }

    /// Undoes whatever was written, sent and waited for.
    pub fn put_back(&mut self) {
        self.listen();
        if !self.touched.is_empty() || self.waiting() > 0 || self.mails() > 0 {
            self.touched.clear();
            self.world.cloud.put_back(&self.before);
            self.world.begin_anew();
        } else {
            self.world.cloud.set_now(self.now);
        }
    }
}
