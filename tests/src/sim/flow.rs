//! What SQS and the stream do between two functions: a message that is received stays, unseen for a while, until it is
//! deleted; one that came too often goes to the dead letters; one that was deleted may come again.

use super::chance::Chance;
use crate::{
    World,
    cloud::{Message, locked},
    template::Mapping,
};

/// A received message is unseen for so long, in milliseconds.
pub const VISIBILITY: i64 = 180_000;
/// The most messages of a batch.
const BATCH: usize = 10;

/// Queues with a message that can be seen now.
pub fn waiting(world: &World) -> Vec<String> {
    let now = world.cloud.now();
    let queues = locked(&world.cloud.queues);
    let seen = |waiting: &&std::collections::VecDeque<Message>| waiting.iter().any(|m| m.visible_at <= now);
    queues.iter().filter(|(_, waiting)| seen(waiting)).map(|(queue, _)| queue.clone()).collect()
}

/// When the next unseen message is seen again.
pub fn next_seen(world: &World) -> Option<i64> {
    locked(&world.cloud.queues).values().flatten().map(|message| message.visible_at).min()
}

/// Some of what waits in a queue, in any order; what has come too often is dead.
pub fn receive(world: &World, queue: &str, chance: &mut Chance, dead: &mut Vec<(String, Message)>) -> Vec<Message> {
    let now = world.cloud.now();
    let patience = world.template.patience.get(queue).copied().unwrap_or(5);
    let mut queues = locked(&world.cloud.queues);
    let Some(messages) = queues.get_mut(queue) else { return Vec::new() };
    let mut batch = Vec::new();
    let mut seen: Vec<_> = (0..messages.len()).filter(|n| messages[*n].visible_at <= now).collect();
    chance.rng.shuffle(&mut seen);
    seen.truncate(chance.rng.usize(1..=BATCH));
    for n in seen {
        let message = &mut messages[n];
        if message.deliveries >= patience {
            dead.push((queue.to_owned(), message.clone()));
            message.body.clear();
            continue;
        }
        message.deliveries += 1;
        message.visible_at = now + VISIBILITY;
        batch.push(message.clone());
    }
    messages.retain(|message| !message.body.is_empty());
    batch
}

/// Deletes what was taken; now and then one stays and comes again.
pub fn delete(world: &World, queue: &str, taken: &[&String], chance: &mut Chance) {
    let mut queues = locked(&world.cloud.queues);
    let Some(messages) = queues.get_mut(queue) else { return };
    messages.retain(|message| {
        let duplicates = chance.duplicates;
        !taken.contains(&&message.id) || chance.happens(duplicates)
    });
}

/// A person sends back what was dead.
pub fn redrive(world: &World, dead: Vec<(String, Message)>) {
    let mut queues = locked(&world.cloud.queues);
    for (queue, message) in dead {
        queues.entry(queue).or_default().push_back(Message { deliveries: 0, visible_at: 0, ..message });
    }
}

/// The one shard of the outbox' stream: what becomes of a batch that its function could not take.
#[derive(Debug, Default)]
pub struct Shard {
    /// The sizes of what the present batch was cut into; the next one last.
    cut: Vec<usize>,
    /// How often the only item of a batch has failed.
    failures: u32,
    /// How many batches were halved.
    pub halved: u64,
    /// How many items were given up.
    pub given_up: u64,
}

impl Shard {
    /// What is too old is given up: the sweep finds it in the table.
    pub fn trim(&mut self, world: &World) {
        let (now, oldest) = (world.cloud.now(), mapping(world).oldest);
        let mut stream = locked(&world.cloud.stream);
        let known = stream.len();
        stream.retain(|entry| now - entry.at <= oldest);
        if stream.len() < known {
            self.given_up += (known - stream.len()) as u64;
            self.cut.clear();
            self.failures = 0;
        }
    }

    /// How many of so many that wait come next.
    pub fn next(&mut self, waiting: usize, chance: &mut Chance) -> usize {
        if self.cut.is_empty() {
            self.cut.push(chance.rng.usize(1..=waiting));
        }
        self.cut.last().copied().unwrap_or(waiting)
    }

    /// The batch was taken.
    pub fn taken(&mut self, world: &World) {
        let count = self.cut.pop().unwrap_or_default();
        self.failures = 0;
        locked(&world.cloud.stream).drain(..count);
    }

    /// The batch failed: it is halved, or tried again, or given up at last.
    pub fn failed(&mut self, world: &World) {
        let (mapping, count) = (mapping(world), self.cut.pop().unwrap_or_default());
        if mapping.bisects && count > 1 {
            self.halved += 1;
            self.cut.extend([count - count / 2, count / 2]);
        } else if self.failures < mapping.retries {
            self.failures += 1;
            self.cut.push(count);
        } else {
            self.given_up += count as u64;
            self.cut.push(count);
            self.taken(world);
        }
    }
}

fn mapping(world: &World) -> &Mapping {
    world.template.functions["outbox-relay"].stream.as_ref().expect("the relay has a stream")
}
