//! By when associates are to have done what (INQ-3, INQ-4), and who gets what (RTE-7).

use super::{DataError, File, by_day};
use crate::{associate::HandOut, inquiry::DeskTimes};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTimes {
    effective_from: Spanned<Datetime>,
    resolution_hours: u32,
    warn_after_hours: u32,
    idle_minutes: u32,
}

pub(super) fn times(file: &File<'_>, raw: &[RawTimes], zone: Tz) -> Result<Vec<DeskTimes>, DataError> {
    let days = by_day(file, zone, "times of the desk", raw.iter().map(|times| &times.effective_from))?;
    let read = raw.iter().zip(days).map(|(times, effective_from)| {
        let problem = if times.warn_after_hours == 0 || times.warn_after_hours >= times.resolution_hours {
            "INQ-3: a lead is warned after the first contact and before the resolution is due"
        } else if times.idle_minutes == 0 {
            "INQ-4: a claim may be idle for a minute at least"
        } else {
            return Ok(DeskTimes {
                effective_from,
                resolution: TimeDelta::hours(times.resolution_hours.into()),
                warn_after: TimeDelta::hours(times.warn_after_hours.into()),
                idle: TimeDelta::minutes(times.idle_minutes.into()),
            });
        };
        Err(file.error(times.effective_from.span().start, problem))
    });
    read.collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHandOut {
    effective_from: Spanned<Datetime>,
    skill_for_minutes: u32,
    language_for_minutes: u32,
}

pub(super) fn hand_outs(file: &File<'_>, raw: &[RawHandOut], zone: Tz) -> Result<Vec<HandOut>, DataError> {
    let days = by_day(file, zone, "rules for handing out", raw.iter().map(|rule| &rule.effective_from))?;
    let read = raw.iter().zip(days).map(|(rule, effective_from)| {
        if rule.language_for_minutes < rule.skill_for_minutes {
            let problem = "RTE-7: the skill is let go before the language";
            return Err(file.error(rule.effective_from.span().start, problem));
        }
        Ok(HandOut {
            effective_from,
            skill_for: TimeDelta::minutes(rule.skill_for_minutes.into()),
            language_for: TimeDelta::minutes(rule.language_for_minutes.into()),
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{refused_each, taken_each};

    #[test]
    fn rte_7_the_skill_and_the_language_may_be_let_go_at_one_time() {
        taken_each(&[("language_for_minutes = 240", "language_for_minutes = 60")]);
    }

    #[test]
    fn inq_3_times_of_the_desk_that_break_a_rule_are_refused_with_their_line() {
        let warned = "INQ-3: a lead is warned after the first contact and before the resolution is due";
        let marked = "2000-01-01\nresolution_hours";
        refused_each(&[
            ("warn_after_hours = 36", "warn_after_hours = 48", marked, warned),
            ("warn_after_hours = 36", "warn_after_hours = 0", marked, warned),
            (
                "language_for_minutes = 240",
                "language_for_minutes = 59",
                "2000-01-01\nskill_for",
                "RTE-7: the skill is let go before the language",
            ),
            ("idle_minutes = 30", "idle_minutes = 0", marked, "INQ-4: a claim may be idle for a minute at least"),
        ]);
    }
}
