//! For how long it is kept what people said, in each store, and what is never erased.

use super::{DataError, File, by_day};
use crate::retention::{Class, Kept, Retention, Term};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

/// A customer may come back for 14 days (INQ-1), and is asked how it was for 15 (INS-3).
const LEAST_DAYS: u32 = 30;
const MOST_DAYS: u32 = 36_500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    effective_from: Spanned<Datetime>,
    look_again_days: u32,
    classes: Spanned<Vec<Spanned<RawTerm>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    class: Class,
    days: u32,
    reason: String,
}

pub(super) fn retention(file: &File<'_>, rows: &[RawRetention], zone: Tz) -> Result<Vec<Retention>, DataError> {
    let days = by_day(file, zone, "times of keeping", rows.iter().map(|row| &row.effective_from))?;
    let read = rows.iter().zip(days).map(|(row, effective_from)| {
        if !(1..=MOST_DAYS).contains(&row.look_again_days) {
            let problem = format!("what is kept is looked at again after 1 to {MOST_DAYS} days");
            return Err(file.error(row.effective_from.span().start, problem));
        }
        let look_again = TimeDelta::days(row.look_again_days.into());
        Ok(Retention { effective_from, look_again, classes: classes(file, &row.classes)? })
    });
    read.collect()
}

fn classes(file: &File<'_>, raw: &Spanned<Vec<Spanned<RawTerm>>>) -> Result<BTreeMap<Class, Term>, DataError> {
    let mut classes = BTreeMap::new();
    for row in raw.get_ref() {
        let RawTerm { class, days, reason } = row.get_ref();
        let name = class.name();
        let problem = if !(LEAST_DAYS..=MOST_DAYS).contains(days) {
            format!("{name} are kept for {LEAST_DAYS} to {MOST_DAYS} days: a matter may be taken up again")
        } else if reason.trim().is_empty() {
            format!("it is not said why {name} are kept")
        } else if classes.insert(*class, Term { days: *days, reason: reason.clone() }).is_some() {
            format!("{name} are there twice")
        } else {
            continue;
        };
        return Err(file.error(row.span().start, problem));
    }
    match Class::EACH.into_iter().find(|class| !classes.contains_key(class)) {
        None => Ok(classes),
        Some(class) => {
            Err(file.error(raw.span().start, format!("it is not said for how long {} are kept", class.name())))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKept {
    kept: Vec<Spanned<Kept>>,
}

pub(super) fn kept(file: &File<'_>) -> Result<Vec<Kept>, DataError> {
    let raw: RawKept = file.parse()?;
    let mut read: Vec<Kept> = Vec::new();
    for row in raw.kept {
        let (start, row) = (row.span().start, row.into_inner());
        if read.iter().any(|known| known.what == row.what) {
            return Err(file.error(start, format!("{} is there twice", row.what)));
        }
        if row.what.trim().is_empty() || row.reason.trim().is_empty() {
            return Err(file.error(start, "what is kept has a name and a reason"));
        }
        read.push(row);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Book, tests::refused_each};

    #[test]
    fn times_of_keeping_that_break_a_rule_are_refused_with_their_line() {
        let too_short = "notes are kept for 30 to 36500 days: a matter may be taken up again";
        refused_each(&[
            ("\"notes\", days = 365", "\"notes\", days = 29", "\"notes\"", too_short),
            ("\"notes\", days = 365", "\"notes\", days = 36501", "\"notes\"", too_short),
            ("class = \"notes\"", "class = \"answers\"", "\"answers\", days = 365", "answers are there twice"),
            (
                "  { class = \"notes\"",
                "# { class = \"notes\"",
                "classes = [",
                "it is not said for how long notes are kept",
            ),
            (
                "\"So long a customer may go back to what was said.\"",
                "\" \"",
                "\"words\"",
                "it is not said why words are kept",
            ),
            (
                "look_again_days = 180",
                "look_again_days = 0",
                "2000-01-01\nlook_again",
                "what is kept is looked at again after 1 to 36500 days",
            ),
        ]);
    }

    #[test]
    fn what_is_never_erased_has_a_name_and_a_reason_each_once() {
        let refused = |rows: &str| {
            let text = format!("kept = [\n{rows}\n]");
            kept(&File { name: "kept.toml", text: &text }).unwrap_err().to_string()
        };
        let row = "{ what = \"ledger\", reason = \"Money.\" },";
        assert_eq!(refused(&format!("{row}\n{row}")), "kept.toml:3: ledger is there twice");
        let silent = "kept.toml:2: what is kept has a name and a reason";
        assert_eq!(refused(&row.replace("Money.", " ")), silent);
        assert_eq!(refused(&row.replace("ledger", "")), silent);
        assert!(refused(&row.replace("what", "waht")).starts_with("kept.toml:2: unknown field `waht`"));
        assert!(Book::shipped().unwrap().kept().unwrap().iter().any(|kept| kept.what == "ledger"));
    }
}
