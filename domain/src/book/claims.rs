//! Reading what a store says of claims: how long a refund can be claimed back, how much, and what is paid back without
//! one.

use super::{DataError, File, by_day};
use crate::{
    claim::terms::{ClaimTerms, ClaimWindow, CountsFrom, PaidBack, WithoutClaim},
    fee::BasisPoints,
};
use chrono_tz::Tz;
use iso_currency::Currency;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

/// The whole of a refund.
const WHOLE: BasisPoints = BasisPoints(10_000);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWindow {
    effective_from: Spanned<Datetime>,
    days: u64,
    from: CountsFrom,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerms {
    effective_from: Spanned<Datetime>,
    most: Spanned<String>,
    customer_damaged: Spanned<String>,
    answer_days: u64,
    appeal_days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPaidBack {
    effective_from: Spanned<Datetime>,
    refunds: Vec<WithoutClaim>,
}

pub(super) fn windows(file: &File<'_>, raw: &[RawWindow], zone: Tz) -> Result<Vec<ClaimWindow>, DataError> {
    let days = by_day(file, zone, "claim windows", raw.iter().map(|window| &window.effective_from))?;
    let read = raw.iter().zip(days);
    let window =
        |(raw, effective_from): (&RawWindow, _)| ClaimWindow { effective_from, days: raw.days, counts_from: raw.from };
    Ok(read.map(window).collect())
}

pub(super) fn terms(
    file: &File<'_>,
    raw: &[RawTerms],
    zone: Tz,
    currency: Currency,
) -> Result<Vec<ClaimTerms>, DataError> {
    let days = by_day(file, zone, "claim terms", raw.iter().map(|terms| &terms.effective_from))?;
    let read = raw.iter().zip(days).map(|(raw, effective_from)| {
        let customer_damaged = file.share(&raw.customer_damaged)?;
        if customer_damaged > WHOLE {
            return Err(file.error(raw.customer_damaged.span().start, "CLM-2: more than the refund is never paid back"));
        }
        Ok(ClaimTerms {
            effective_from,
            most: file.money(&raw.most, currency)?,
            customer_damaged,
            answer_days: raw.answer_days,
            appeal_days: raw.appeal_days,
        })
    });
    read.collect()
}

pub(super) fn paid_back(file: &File<'_>, raw: &[RawPaidBack], zone: Tz) -> Result<Vec<PaidBack>, DataError> {
    let days = by_day(file, zone, "what is paid back", raw.iter().map(|paid_back| &paid_back.effective_from))?;
    let read = raw.iter().zip(days);
    Ok(read.map(|(raw, effective_from)| PaidBack { effective_from, refunds: raw.refunds.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use crate::book::tests::{US, refused, refused_each, taken_each};

    #[test]
    fn clm_2_all_of_a_refund_may_be_paid_back_where_the_customer_damaged_it() {
        taken_each(&[("customer_damaged = \"50%\"", "customer_damaged = \"100%\"")]);
    }

    #[test]
    fn clm_2_what_is_said_of_claims_and_breaks_a_rule_is_refused_with_its_line() {
        refused_each(&[
            ("\"5000.00\"", "\"5000\"", "\"5000\"", "\"5000\" is no amount of USD: it has 2 decimals"),
            (
                "customer_damaged = \"50%\"",
                "customer_damaged = \"100.01%\"",
                "100.01%",
                "CLM-2: more than the refund is never paid back",
            ),
            (
                "customer_damaged = \"50%\"",
                "customer_damaged = \"half\"",
                "\"half\"",
                "\"half\" is not a share like \"5%\" or \"2.5%\"",
            ),
        ]);
        let unknown = refused(&US.replace("\"return_or_refund\"", "\"order\""));
        assert!(unknown.contains("unknown variant `order`, expected `refund` or `return_or_refund`"), "{unknown}");
        let unknown = refused(&US.replace("[\"goodwill\", ", "[\"bad_luck\", "));
        assert!(unknown.contains("unknown variant `bad_luck`"), "{unknown}");
    }
}
