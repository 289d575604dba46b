//! What SQS and the stream do between two functions: a message that is received stays, unseen for a while, until it is
//! deleted; one that came too often goes to the dead letters; one that was deleted may come again.

use super::chance::Chance;
use crate::{
    World,
    cloud::{Message, locked},
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
