//! Reading when webhooks are tried again.

use super::{DataError, File, by_day};
use crate::hook::delivery::Schedule;
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSchedule {
    effective_from: Spanned<Datetime>,
    retry_after_minutes: Spanned<Vec<u32>>,
    jitter: Spanned<String>,
    ends_after_hours: u32,
    most_patience_hours: u32,
}

pub(super) fn schedules(file: &File<'_>, raw: &[RawSchedule], zone: Tz) -> Result<Vec<Schedule>, DataError> {
    let days = by_day(file, zone, "schedules of webhooks", raw.iter().map(|schedule| &schedule.effective_from))?;
    let read = raw.iter().zip(days).map(|(schedule, effective_from)| {
        let minutes = schedule.retry_after_minutes.get_ref();
        let rises = minutes.iter().zip(minutes.iter().skip(1)).all(|(before, next)| before <= next);
        if minutes.first().is_none_or(|first| *first == 0) || !rises {
            let problem = "a webhook is tried again after a minute or more, and never sooner than the time before";
            return Err(file.error(schedule.retry_after_minutes.span().start, problem));
        }
        Ok(Schedule {
            effective_from,
            delays: minutes.iter().map(|minutes| TimeDelta::minutes((*minutes).into())).collect(),
            jitter: file.share(&schedule.jitter)?,
            ends_after: TimeDelta::hours(schedule.ends_after_hours.into()),
            most_patience: TimeDelta::hours(schedule.most_patience_hours.into()),
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{refused_each, taken_each};

    #[test]
    fn a_webhook_waits_a_minute_at_least_and_never_shorter_than_before() {
        let problem = "a webhook is tried again after a minute or more, and never sooner than the time before";
        refused_each(&[
            ("after_minutes = [1, 5,", "after_minutes = [0, 5,", "after_minutes = [0", problem),
            ("after_minutes = [1, 5,", "after_minutes = [6, 5,", "after_minutes = [6", problem),
            ("[1, 5, 30, 120, 300, 600, 840, 1200]", "[]", "after_minutes = []", problem),
            (
                "jitter = \"10%\"",
                "jitter = \"much\"",
                "jitter = \"much\"",
                "\"much\" is not a share like \"5%\" or \"2.5%\"",
            ),
        ]);
        taken_each(&[("[1, 5, 30,", "[5, 5, 30,")]);
    }
}
