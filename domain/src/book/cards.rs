//! Reading rate cards: they follow each other without gap or overlap, and so do the tiers of each.

use super::{DataError, File};
use crate::{
    fee::{BasisPoints, DefaultRate, Denominator, FreeReason, FreeRule, RateCard, Tier},
    insight::ORDERS_NAMED,
    money::Money,
};
use chrono_tz::Tz;
use iso_currency::Currency;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

/// A card as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCard {
    id: Spanned<String>,
    from: Spanned<Datetime>,
    until: Option<Spanned<Datetime>>,
    denominator: Denominator,
    free: Vec<Spanned<RawFree>>,
    tiers: Spanned<Vec<RawTier>>,
    default: Option<RawDefault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFree {
    reason: FreeReason,
    cpu_below: Option<Spanned<String>>,
    vtr_at_least: Option<Spanned<String>>,
    orders_below: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTier {
    over: Spanned<String>,
    up_to: Option<Spanned<String>>,
    rate: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDefault {
    up_to_units: Spanned<u64>,
    rate: Spanned<String>,
}

/// The cards of a store: one after the other, every measure with one rate, no rate falling.
pub(super) fn cards(
    file: &File<'_>,
    raw: &[RawCard],
    zone: Tz,
    currency: Currency,
) -> Result<Vec<RateCard>, DataError> {
    let mut read: Vec<RateCard> = Vec::new();
    for card in raw {
        let from = file.day(&card.from, zone)?;
        let until = card.until.as_ref().map(|until| file.day(until, zone)).transpose()?;
        let here = |problem: String| Err(file.error(card.from.span().start, problem));
        if let Some(before) = read.last() {
            match before.until {
                Some(end) if end == from => {}
                Some(end) if end < from => return here(format!("there is a gap between {} and this card", before.id)),
                _ => return here(format!("this card overlaps {}", before.id)),
            }
        }
        if until.is_some_and(|until| until <= from) {
            return here("a card ends after it begins".to_owned());
        }
        if read.iter().any(|other| other.id == *card.id.get_ref()) {
            return Err(file.error(card.id.span().start, "another card has this id"));
        }
        let (tiers, above) = tiers(file, &card.tiers, currency)?;
        read.push(RateCard {
            id: card.id.get_ref().clone(),
            from,
            until,
            denominator: card.denominator,
            free: card.free.iter().map(|rule| free(file, rule)).collect::<Result<_, _>>()?,
            tiers,
            above,
            default: card.default.as_ref().map(|default| default_rate(file, default, currency)).transpose()?,
        });
    }
    match raw.last().and_then(|card| card.until.as_ref()) {
        Some(until) => Err(file.error(until.span().start, "the last card has no end")),
        None => Ok(read),
    }
}

fn free(file: &File<'_>, raw: &Spanned<RawFree>) -> Result<FreeRule, DataError> {
    let rule = raw.get_ref();
    let share = |text: &Option<Spanned<String>>| text.as_ref().map(|text| file.share(text)).transpose();
    let (cpu_below, vtr_at_least) = (share(&rule.cpu_below)?, share(&rule.vtr_at_least)?);
    if cpu_below.is_none() && vtr_at_least.is_none() && rule.orders_below.is_none() {
        return Err(file.error(raw.span().start, "a way to be free has a condition"));
    }
    if let Some(limit) =
        rule.orders_below.as_ref().filter(|limit| crate::ledger::count(ORDERS_NAMED) < *limit.get_ref())
    {
        return Err(file.error(limit.span().start, format!("orders are told apart up to {ORDERS_NAMED}")));
    }
    let orders_below = rule.orders_below.as_ref().map(|limit| *limit.get_ref());
    Ok(FreeRule { reason: rule.reason, cpu_below, vtr_at_least, orders_below })
}

/// The bounded tiers, and the rate above them.
fn tiers(file: &File<'_>, raw: &Spanned<Vec<RawTier>>, currency: Currency) -> Result<(Vec<Tier>, Money), DataError> {
    let mut bounded: Vec<Tier> = Vec::new();
    let mut below = BasisPoints(0);
    let mut rows = raw.get_ref().iter().peekable();
    while let Some(row) = rows.next() {
        let (over, rate) = (file.share(&row.over)?, file.money(&row.rate, currency)?);
        let here = |problem: String| Err(file.error(row.over.span().start, problem));
        if over != below && bounded.is_empty() {
            return here(format!("the first tier starts at 0%, not at {over}"));
        }
        if over > below {
            return here(format!("there is a gap between the tiers, from {below} to {over}"));
        }
        if over < below {
            return here(format!("the tiers overlap, from {over} to {below}"));
        }
        if bounded.last().is_some_and(|before| before.rate.minor > rate.minor) {
            let problem = "F7: the rate falls while the contacts per unit rise";
            return Err(file.error(row.rate.span().start, problem));
        }
        let Some(text) = &row.up_to else {
            return match rows.peek() {
                Some(next) => Err(file.error(next.over.span().start, "a tier follows the one without an end")),
                None => Ok((bounded, rate)),
            };
        };
        let up_to = file.share(text)?;
        if up_to <= over {
            return Err(file.error(text.span().start, "a tier ends above its start"));
        }
        if rows.peek().is_none() {
            return Err(file.error(text.span().start, "the last tier has no end"));
        }
        bounded.push(Tier { up_to, rate });
        below = up_to;
    }
    Err(file.error(raw.span().start, "a card has tiers"))
}

fn default_rate(file: &File<'_>, raw: &RawDefault, currency: Currency) -> Result<DefaultRate, DataError> {
    let up_to_units = *raw.up_to_units.get_ref();
    if up_to_units == 0 {
        return Err(file.error(raw.up_to_units.span().start, "a default rate is for at least 1 unit"));
    }
    Ok(DefaultRate { up_to_units, rate: file.money(&raw.rate, currency)? })
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{refused_each, taken_each};

    /// Where the second card begins.
    const SECOND: &str = "from = 2026-05-22\ndenominator";

    #[test]
    fn fee_6_a_rate_may_stay_the_same_from_tier_to_tier_and_as_many_orders_be_asked_for_as_are_told_apart() {
        taken_each(&[("rate = \"0.50\"", "rate = \"0.25\""), ("orders_below = 30", "orders_below = 200")]);
    }

    #[test]
    fn fee_6_a_card_that_breaks_a_rule_is_refused_with_its_line() {
        let cases = [
            ("until = 2026-05-22", "until = 2026-05-23", SECOND, "this card overlaps us-2015"),
            ("until = 2026-05-22\n", "", SECOND, "this card overlaps us-2015"),
            ("until = 2026-05-22", "until = 2026-05-21", SECOND, "there is a gap between us-2015 and this card"),
            (
                "from = 2015-01-01\nuntil",
                "from = 2026-05-22\nuntil",
                "from = 2026-05-22\nuntil",
                "a card ends after it begins",
            ),
            (
                SECOND,
                "from = 2026-05-22\nuntil = 2027-01-01\ndenominator",
                "until = 2027-01-01",
                "the last card has no end",
            ),
            ("\"us-2026-05\"", "\"us-2015\" ", "\"us-2015\" ", "another card has this id"),
            (
                SECOND,
                "from = 2026-05-22T00:00:00Z\ndenominator",
                "2026-05-22T",
                "a day is needed here, like 2026-05-22",
            ),
            ("over = \"0%\"", "over = \"1%\"", "over = \"1%\"", "the first tier starts at 0%, not at 1%"),
            ("over = \"5%\"", "over = \"6%\"", "over = \"6%\"", "there is a gap between the tiers, from 5% to 6%"),
            ("over = \"5%\"", "over = \"4.5%\"", "over = \"4.5%\"", "the tiers overlap, from 4.5% to 5%"),
            ("{ over = \"30%\",", "{ over = \"30%\", up_to = \"90%\",", "up_to = \"90%\"", "the last tier has no end"),
            ("up_to = \"15%\",", "", "over = \"15%\"", "a tier follows the one without an end"),
            ("up_to = \"5%\"", "up_to = \"0%\"", "up_to = \"0%\"", "a tier ends above its start"),
            (
                "rate = \"0.50\"",
                "rate = \"0.24\"",
                "rate = \"0.24\"",
                "F7: the rate falls while the contacts per unit rise",
            ),
            ("\"15%\", rate", "\"15 %\", rate", "\"15 %\"", "\"15 %\" is not a share like \"5%\" or \"2.5%\""),
            ("\"95%\"", "\"95\"", "\"95\"", "\"95\" is not a share like \"5%\" or \"2.5%\""),
            ("\"0.50\"", "\"0.5\"", "\"0.5\"", "\"0.5\" is no amount of USD: it has 2 decimals"),
            ("up_to_units = 30", "up_to_units = 0", "up_to_units = 0", "a default rate is for at least 1 unit"),
            ("orders_below = 30", "orders_below = 201", "orders_below = 201", "orders are told apart up to 200"),
            (", cpu_below = \"3%\", vtr_at_least = \"95%\"", "", "free = [{", "a way to be free has a condition"),
        ];
        refused_each(&cases);
    }
}
