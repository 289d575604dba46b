//! Reading on what decisions may rest: the reasons of all stores, and each store's grounds for a refund without return, by
//! their days.

use super::{DataError, File, by_day};
use crate::{
    reason::{Reason, Reasons},
    store::{InternationalReturns, RefundTime, ReturnlessGrounds},
};
use chrono_tz::Tz;
use iso_currency::Currency;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

/// Grounds as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGrounds {
    effective_from: Spanned<Datetime>,
    reasons: Vec<String>,
}

/// The time to refund what came back, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRefundTime {
    effective_from: Spanned<Datetime>,
    days: u32,
    business_days: bool,
}

/// What sellers abroad owe, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInternational {
    effective_from: Spanned<Datetime>,
    days: u64,
    returnless_up_to: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReasons {
    reasons: Vec<Spanned<Reason>>,
}

/// The reasons, each with a code of its own and something to rest on it.
pub(super) fn reasons(file: &File<'_>) -> Result<Reasons, DataError> {
    let raw: RawReasons = file.parse()?;
    let mut read: BTreeMap<String, Reason> = BTreeMap::new();
    for row in raw.reasons {
        let (start, reason) = (row.span().start, row.into_inner());
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if reason.code.is_empty() || !reason.code.bytes().all(plain) {
            return Err(file.error(start, format!("{:?} is no code: a-z and _", reason.code)));
        }
        if reason.kinds.is_empty() {
            return Err(file.error(start, format!("nothing may rest on {}", reason.code)));
        }
        if let Some(twice) = read.insert(reason.code.clone(), reason) {
            return Err(file.error(start, format!("{} is there twice", twice.code)));
        }
    }
    Ok(read.into_values().collect())
}

/// JDG-3: the grounds of a store, in the order of their days.
pub(super) fn grounds(file: &File<'_>, raw: &[RawGrounds], zone: Tz) -> Result<Vec<ReturnlessGrounds>, DataError> {
    let days = by_day(file, zone, "returnless grounds", raw.iter().map(|grounds| &grounds.effective_from))?;
    let read = raw.iter().zip(days);
    Ok(read
        .map(|(grounds, effective_from)| ReturnlessGrounds { effective_from, reasons: grounds.reasons.clone() })
        .collect())
}

/// RET-5: the times of a store, in the order of their days.
pub(super) fn refund_times(file: &File<'_>, raw: &[RawRefundTime], zone: Tz) -> Result<Vec<RefundTime>, DataError> {
    let from = by_day(file, zone, "refund times", raw.iter().map(|time| &time.effective_from))?;
    let read = raw.iter().zip(from);
    Ok(read
        .map(|(time, effective_from)| RefundTime { effective_from, days: time.days, business_days: time.business_days })
        .collect())
}

/// RET-4: what sellers abroad owe, in the order of its days.
pub(super) fn international(
    file: &File<'_>,
    raw: &[RawInternational],
    zone: Tz,
    currency: Currency,
) -> Result<Vec<InternationalReturns>, DataError> {
    let from = by_day(file, zone, "international returns", raw.iter().map(|rule| &rule.effective_from))?;
    let read = raw.iter().zip(from);
    read.map(|(rule, effective_from)| {
        let returnless_up_to = file.money(&rule.returnless_up_to, currency)?;
        Ok(InternationalReturns { effective_from, days: rule.days, returnless_up_to })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Book, MACROS, QUESTIONS, TOPICS, tests::refused_each};

    const ROW: &str = r#"{ code = "a", says = "A.", kinds = ["answer"] },"#;

    #[test]
    fn jdg_2_a_reason_that_breaks_a_rule_is_refused_with_its_line() {
        let refused = |row: &str| {
            let text = format!("reasons = [\n{ROW}\n{row}\n]");
            Book::read(&[], TOPICS, QUESTIONS, ("reasons.toml", &text), MACROS).unwrap_err().to_string()
        };
        assert_eq!(refused(ROW), "reasons.toml:3: a is there twice");
        assert_eq!(refused(&ROW.replace("\"a\"", "\"a-b\"")), "reasons.toml:3: \"a-b\" is no code: a-z and _");
        let nothing = ROW.replace("\"a\"", "\"b\"").replace("[\"answer\"]", "[]");
        assert_eq!(refused(&nothing), "reasons.toml:3: nothing may rest on b");
        let unknown = refused(&ROW.replace("says", "tells"));
        assert!(unknown.starts_with("reasons.toml:3: unknown field `tells`"), "{unknown}");
    }

    #[test]
    fn jdg_3_grounds_out_of_the_order_of_their_days_are_refused_with_their_line() {
        refused_each(&[(
            "[[returnless_grounds]]\neffective_from = 2026-05-22",
            "[[returnless_grounds]]\neffective_from = 1999-05-22",
            "1999-05-22",
            "returnless grounds stand in the order of their days",
        )]);
    }
}
