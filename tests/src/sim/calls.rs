//! What becomes of a call: the seed's choice, and the service that takes it.

use super::{chance::Fate, promises, run::Run};
use crate::{
    cloud::locked,
    faults::{Attempt, Kind, refusal},
    model::{Tables, Touched},
    traffic::Held,
};
use std::time::Duration;

fn touched(call: &Held) -> Touched {
    Tables::touched(&call.attempt.operation, &call.attempt.body)
}

impl Run<'_> {
    /// What becomes of a call.
    pub(super) async fn call(&mut self, held: Held) {
        self.calls += 1;
        self.may_be_mailed(held.worker, &held.attempt);
        if self.chance.rng.u8(..3) == 0 {
            let ms = self.chance.rng.u64(1..40);
            tokio::time::advance(Duration::from_millis(ms)).await;
            self.tell_time();
        }
        let conflicts = self.meets_another(&held) && self.chance.rng.bool();
        let operation = held.attempt.operation.clone();
        let fate = match self.chance.fate(&operation) {
            Fate::Well if conflicts && Kind::of(&operation).contains(&Kind::Conflict) => Fate::Fault(Kind::Conflict),
            fate => fate,
        };
        self.mark(&(&operation, format!("{fate:?}")));
        self.note(|| format!("{} of {}: {fate:?}", held.attempt.operation, held.attempt.function));
        match fate {
            Fate::Well => {
                let back = self.perform(&held.attempt, true);
                held.answer(Some(back));
            }
            Fate::Slow => {
                let back = self.perform(&held.attempt, true);
                self.slow.push((held, Some(back)));
            }
            Fate::Fault(kind) => self.fault(kind, held),
        }
    }

    /// Whether a call writes what another one writes that is under way.
    fn meets_another(&self, call: &Held) -> bool {
        let held = self.held.iter().filter(|other| other.worker != call.worker);
        let mut others = self.slow.iter().map(|(other, _)| other).chain(held).peekable();
        others.peek().is_some() && {
            let own = touched(call);
            !own.is_empty() && others.any(|other| !own.is_disjoint(&touched(other)))
        }
    }

    fn fault(&mut self, kind: Kind, held: Held) {
        self.trouble = true;
        if let Some(back) = refusal(kind, &held.attempt) {
            let back = self.bug.map_or(back.clone(), |bug| bug.heard(kind, &held.attempt, back));
            return held.answer(Some(back));
        }
        match kind {
            Kind::Lose => {
                self.perform(&held.attempt, false);
                held.answer(None);
            }
            Kind::LandLate | Kind::LandLast => self.goes_astray(held.attempt),
            Kind::KillBefore | Kind::KillAfter => {
                if kind == Kind::KillAfter {
                    self.perform(&held.attempt, false);
                }
                if let Some(n) = self.workers.iter().position(|worker| worker.id == held.worker) {
                    self.kill(n);
                }
            }
            _ => {}
        }
    }

    /// The services take a call.
    pub(super) fn perform(&mut self, attempt: &Attempt, whole: bool) -> (u16, String) {
        let cloud = &self.world.cloud;
        let lag = self.chance.lag();
        self.lagged += u64::from(lag > 0 && attempt.operation.contains("Write"));
        locked(&cloud.tables).lag = lag;
        let mails = locked(&cloud.mails).len();
        let back = match self.bug {
            Some(bug) => bug.perform(cloud, attempt, whole),
            None => cloud.answer(attempt),
        };
        if attempt.operation == "TransactWriteItems" && back.0 == 200 {
            promises::never_early(self, &attempt.body);
        }
        let taken = locked(&cloud.mails)[mails..].to_vec();
        self.mails_taken(&taken);
        back
    }
}
