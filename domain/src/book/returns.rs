//! Reading what a store says of returns: its groups of goods, and its standard policies by their days.

use super::{DataError, File, by_day};
use crate::returns::{MonthDay, Payer, Restocking, ReturnTerms, Season, StandardPolicy};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Spanned, value::Datetime};

/// A standard policy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPolicy {
    version: Spanned<String>,
    effective_from: Spanned<Datetime>,
    window_days: u64,
    windows: Spanned<BTreeMap<String, u64>>,
    non_returnable: Spanned<Vec<String>>,
    return_shipping: Payer,
    restocking: RawRestocking,
    seasons: Vec<RawSeason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRestocking {
    late: Spanned<String>,
    used: Spanned<String>,
    different: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeason {
    bought_from: Spanned<String>,
    bought_until: Spanned<String>,
    returnable_until: Spanned<String>,
    sooner: Spanned<BTreeMap<String, Spanned<String>>>,
}

/// The groups of goods that policies may name.
pub(super) fn categories(file: &File<'_>, raw: &Spanned<Vec<String>>) -> Result<BTreeSet<String>, DataError> {
    let plain = |name: &String| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let read: BTreeSet<String> = raw.get_ref().iter().filter(|name| plain(name)).cloned().collect();
    if read.len() == raw.get_ref().len() {
        Ok(read)
    } else {
        Err(file.error(raw.span().start, "categories are named once each, by a-z and _"))
    }
}

/// The standard policies of a store, each with a name of its own, in the order of their days.
pub(super) fn policies(
    file: &File<'_>,
    raw: &[RawPolicy],
    zone: Tz,
    categories: &BTreeSet<String>,
) -> Result<Vec<StandardPolicy>, DataError> {
    let days = by_day(file, zone, "return policies", raw.iter().map(|policy| &policy.effective_from))?;
    let mut read: Vec<StandardPolicy> = Vec::new();
    for (policy, effective_from) in raw.iter().zip(days) {
        if read.iter().any(|other| other.version == *policy.version.get_ref()) {
            return Err(file.error(policy.version.span().start, "another return policy has this version"));
        }
        let names = policy.windows.get_ref().keys().chain(policy.non_returnable.get_ref());
        known(file, policy.windows.span().start, names, categories)?;
        let fees = &policy.restocking;
        read.push(StandardPolicy {
            version: policy.version.get_ref().clone(),
            effective_from,
            terms: ReturnTerms {
                window_days: policy.window_days,
                windows: policy.windows.get_ref().clone(),
                non_returnable: policy.non_returnable.get_ref().iter().cloned().collect(),
                return_shipping: policy.return_shipping,
                restocking: Restocking {
                    late: file.share(&fees.late)?,
                    used: file.share(&fees.used)?,
                    different: file.share(&fees.different)?,
                },
            },
            seasons: policy.seasons.iter().map(|raw| season(file, raw, categories)).collect::<Result<_, _>>()?,
        });
    }
    Ok(read)
}

fn known<'a>(
    file: &File<'_>,
    start: usize,
    names: impl Iterator<Item = &'a String>,
    categories: &BTreeSet<String>,
) -> Result<(), DataError> {
    let mut unknown = names.filter(|name| !categories.contains(*name));
    unknown.next().map_or(Ok(()), |name| Err(file.error(start, format!("{name} is no category of this store"))))
}

fn season(file: &File<'_>, raw: &RawSeason, categories: &BTreeSet<String>) -> Result<Season, DataError> {
    known(file, raw.sooner.span().start, raw.sooner.get_ref().keys(), categories)?;
    let season = Season {
        bought_from: month_day(file, &raw.bought_from)?,
        bought_until: month_day(file, &raw.bought_until)?,
        returnable_until: month_day(file, &raw.returnable_until)?,
        sooner: raw
            .sooner
            .get_ref()
            .iter()
            .map(|(name, day)| Ok((name.clone(), month_day(file, day)?)))
            .collect::<Result<_, DataError>>()?,
    };
    if season.bought_until < season.bought_from || season.bought_until <= season.returnable_until {
        let problem = "a season begins and ends in one year, and its last day of returning lies early in the next";
        return Err(file.error(raw.bought_from.span().start, problem));
    }
    Ok(season)
}

/// A day of every year, `"11-01"`. The 29th of February is none.
fn month_day(file: &File<'_>, text: &Spanned<String>) -> Result<MonthDay, DataError> {
    let parts = text.get_ref().split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let read = parts.filter(|(month, day)| NaiveDate::from_ymd_opt(2001, *month, *day).is_some());
    let day = read.map(|(month, day)| MonthDay { month, day });
    day.ok_or_else(|| {
        file.error(text.span().start, format!("{:?} is no day of a year, like \"11-01\"", text.get_ref()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused_each, taken_each};

    #[test]
    fn ret_3_a_season_may_be_a_single_day() {
        taken_each(&[("bought_from = \"11-01\"", "bought_from = \"12-31\"")]);
    }

    #[test]
    fn ret_3_a_return_policy_that_breaks_a_rule_is_refused_with_its_line() {
        refused_each(&[
            (
                "[\"apple\", \"baby\"",
                "[\"apple\", \"apple\"",
                "categories = ",
                "categories are named once each, by a-z and _",
            ),
            (
                "[\"apple\", \"baby\"",
                "[\"apple\", \"Baby\"",
                "categories = ",
                "categories are named once each, by a-z and _",
            ),
            ("{ baby = 90 }", "{ babies = 90 }", "windows = {", "babies is no category of this store"),
            (
                "\"customized\", \"gift",
                "\"customised\", \"gift",
                "windows = {",
                "customised is no category of this store",
            ),
            ("{ apple =", "{ pear =", "sooner", "pear is no category of this store"),
            ("late = \"20%\"", "late = \"20\"", "late = \"20\"", "\"20\" is not a share like \"5%\" or \"2.5%\""),
            ("\"11-01\"", "\"02-29\"", "\"02-29\"", "\"02-29\" is no day of a year, like \"11-01\""),
            ("\"12-31\"", "\"13-01\"", "\"13-01\"", "\"13-01\" is no day of a year, like \"11-01\""),
            (
                "\"12-31\"",
                "\"10-31\"",
                "\"10-31\"",
                "a season begins and ends in one year, and its last day of returning lies early in the next",
            ),
            (
                "returnable_until = \"01-31\"",
                "returnable_until = \"12-31\"",
                "bought_from",
                "a season begins and ends in one year, and its last day of returning lies early in the next",
            ),
        ]);
    }

    #[test]
    fn ret_3_two_return_policies_of_one_name_are_refused() {
        let policy = "[[return_policies]]\nversion = \"us-2000\"\neffective_from = 1999-01-01\nwindow_days = 30\n\
            windows = {}\nnon_returnable = []\nreturn_shipping = \"seller\"\nseasons = []\n\
            restocking = { late = \"0%\", used = \"0%\", different = \"0%\" }\n\n[[return_policies]]\nversion = \"us-2000\"";
        refused_each(&[(
            "[[return_policies]]\nversion = \"us-2000\"",
            policy,
            "\"us-2000\"\neffective_from = 2000",
            "another return policy has this version",
        )]);
    }
}
