//! Each hour: finds what is due in sellers' ledgers, quarters that wait to be measured or closed and days whose facts wait to
//! be added up, and sends each to be done by itself. It remembers nothing; what a missed hour left undone is found in the
//! next.
//!
//! Calls: one query per shard and page of what is due; per ten quarters or days one `SendMessageBatch`.

use serde::Serialize;
use shell::{
    Shell,
    commit::Item,
    failure::Failure,
    key::{HEAD, Key, Table},
    ledger::Due,
    schedule::Work,
    sqs::Queue,
};
use std::collections::BTreeSet;

/// One tick.
pub async fn handle(shell: &Shell, work: Work) -> Result<u64, Failure> {
    work.each_page(shell, Table::Ledger, async |page: &[_]| send(shell, page).await).await
}

async fn send(shell: &Shell, page: &[Item]) -> Result<u64, Failure> {
    let mut found = 0;
    let tasks = page.iter().map(task).collect::<Result<BTreeSet<_>, _>>()?;
    for queue in [Queue::Fees, Queue::Days] {
        let bodies: Vec<_> = tasks.iter().filter(|(of, _)| *of == queue).map(|(_, body)| body.as_str()).collect();
        for chunk in bodies.chunks(10) {
            let taken = shell.queues.send(queue, chunk).await?;
            found += taken.iter().filter(|taken| **taken).count() as u64;
        }
    }
    Ok(found)
}

/// What is to be done, by the key of what is due. The marks of one day are one task.
fn task(item: &Item) -> Result<(Queue, String), Failure> {
    let part = |name: &str| item.get(name).and_then(|part| part.as_s().ok()).map_or("", String::as_str);
    let (pk, sk) = (part("pk"), part("sk"));
    let unknown = |what: &str| Failure::Fault(format!("{pk}/{sk} is no {what} of a seller"));
    if sk == HEAD {
        let (store, seller, quarter) = Key::quarter_of(pk).ok_or_else(|| unknown("quarter"))?;
        return Ok((Queue::Fees, body(&Due { store, seller, quarter })?));
    }
    let day = Key::day_due(pk, sk).ok_or_else(|| unknown("day"))?;
    Ok((Queue::Days, body(&day)?))
}

fn body(task: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(task).map_err(|error| Failure::Fault(error.to_string()))
}
