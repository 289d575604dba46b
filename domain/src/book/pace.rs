//! Reading how fast the users of one seller may write (ACC-2).

use super::{DataError, File, by_day};
use crate::pace::Pace;
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPace {
    effective_from: Spanned<Datetime>,
    at_once: u32,
    each_seconds: u32,
}

pub(super) fn paces(file: &File<'_>, raw: &[RawPace], zone: Tz) -> Result<Vec<Pace>, DataError> {
    let days = by_day(file, zone, "paces of writing", raw.iter().map(|pace| &pace.effective_from))?;
    let read = raw.iter().zip(days).map(|(pace, effective_from)| {
        if pace.at_once == 0 || pace.each_seconds == 0 {
            let problem = "ACC-2: one at once, and one more each second, is the least";
            return Err(file.error(pace.effective_from.span().start, problem));
        }
        Ok(Pace { effective_from, at_once: pace.at_once, each: TimeDelta::seconds(pace.each_seconds.into()) })
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{refused_each, taken_each};

    #[test]
    fn acc_2_one_at_once_and_one_more_each_second_is_the_least() {
        let problem = "ACC-2: one at once, and one more each second, is the least";
        let here = "effective_from = 2015-01-01\nat_once";
        refused_each(&[
            ("at_once = 60", "at_once = 0", here, problem),
            ("each_seconds = 1", "each_seconds = 0", here, problem),
        ]);
        taken_each(&[("at_once = 60", "at_once = 1"), ("each_seconds = 1", "each_seconds = 60")]);
    }
}
