//! How a schedule comes to rest: the faults end, everything is delivered, and time passes until nothing is due.

use super::{flow, run::Run};
use crate::cloud::locked;

/// A schedule ticks so long after something fell due, in milliseconds.
const TICKS_LATE: i64 = 30_000;

impl Run<'_> {
    /// The faults end; what is on its way arrives, what waits is delivered, and time passes until nothing is due.
    pub(super) async fn comes_to_rest(&mut self) {
        self.chance.end_faults();
        self.note(|| "the faults end".to_owned());
        self.goes_on(0).await;
        let at_once = self.chance.rng.u8(..8) > 0;
        for _ in 0..60 {
            let Some((at, package)) = self.next_due(at_once) else { break };
            let now = self.world.cloud.now();
            if at > now {
                self.base += at - now;
                self.tell_time();
            }
            match package {
                Some(package) => self.tick(package, 0),
                None => flow::redrive(self.world, std::mem::take(&mut self.dead)),
            }
            self.goes_on(0).await;
        }
    }

    /// The next time at which something happens by itself, and the schedule that does it, if it takes one.
    /// `at_once`: only when all that falls due has, as after an outage.
    fn next_due(&self, at_once: bool) -> Option<(i64, Option<&'static str>)> {
        let now = self.world.cloud.now();
        if !self.dead.is_empty() {
            return Some((now, None));
        }
        if let Some(at) = flow::next_seen(self.world) {
            return Some((at, None));
        }
        let mut tables = locked(&self.world.cloud.tables);
        if let Some(at) = tables.shows_all_at().filter(|at| *at > now) {
            return Some((at, None));
        }
        // At the least what the stream may have left to the sweep.
        let until = (self.base_of_chapter + self.chance.horizon).max(now + 120_000);
        let due = [("OutboxTable", "sla-sweep"), ("LedgerTable", "ledger-rollup")].map(|(table, package)| {
            let (first, last) = tables.due(table, until, now)?;
            // A tick comes a while after what it finds, by whatever clock.
            Some(((if at_once { last } else { first } + TICKS_LATE).max(now), Some(package)))
        });
        due.into_iter().flatten().min()
    }
}
