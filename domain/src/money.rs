//! Money: whole minor units and a currency; sums are checked. There is no rounding anywhere: fees are a whole rate
//! times a number of units.

use iso_currency::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in the minor unit of its currency (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative only in a reversing entry.
    pub minor: i64,
    /// ISO 4217.
    pub currency: Currency,
}

/// Why a sum is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// More than fits.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies.
    #[error("amounts of two currencies cannot be added")]
    TwoCurrencies,
}

impl Money {
    /// So many minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The sum, where both are of one currency and it fits.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::TwoCurrencies);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// So many times the amount.
    pub fn times(self, count: u64) -> Result<Self, MoneyError> {
        let count = i64::try_from(count).map_err(|_| MoneyError::TooLarge)?;
        let minor = self.minor.checked_mul(count).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// `"12.30"` as 1230 minor units of a currency with two decimals. Refuses signs, spaces and lost digits.
    #[must_use]
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = usize::from(currency.exponent().unwrap_or(0));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(part) || part.len() != digits {
            return None;
        }
        format!("{whole}{part}").parse().ok().map(|minor| Self::new(minor, currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = usize::from(self.currency.exponent().unwrap_or(0));
        let sign = if self.minor < 0 { "-" } else { "" };
        let text = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits.saturating_add(1));
        let (whole, part) = text.split_at(text.len().saturating_sub(digits));
        let dot = if digits == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{dot}{part} {}", self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cents_are_shown_with_their_zeros() {
        assert_eq!(Money::new(5, Currency::USD).to_string(), "0.05 USD");
        assert_eq!(Money::new(-380_450, Currency::BRL).to_string(), "-3804.50 BRL");
        assert_eq!(Money::new(7, Currency::JPY).to_string(), "7 JPY");
        assert_eq!(Money::new(0, Currency::USD).to_string(), "0.00 USD");
    }

    #[test]
    fn a_text_that_is_no_amount_of_its_currency_is_refused() {
        for bad in
            ["", ".", ".50", "1", "1.", "1.5", "1.500", "+1.50", "-1.50", " 1.50", "1,50", "1.+5", "x.50", "1.x5"]
        {
            assert_eq!(Money::parse(bad, Currency::USD), None, "{bad}");
        }
        for bad in ["7.0", "-7", "+7", ""] {
            assert_eq!(Money::parse(bad, Currency::JPY), None, "{bad}");
        }
        assert_eq!(Money::parse("7", Currency::JPY), Some(Money::new(7, Currency::JPY)));
    }

    #[test]
    fn dollars_and_euros_are_not_added() {
        let sum = Money::new(1, Currency::USD).plus(Money::new(1, Currency::EUR));
        assert_eq!(sum, Err(MoneyError::TwoCurrencies));
        assert_eq!(Money::new(i64::MAX, Currency::USD).times(2), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn an_amount_that_is_shown_is_read_back(minor in 0_i64..1_000_000_000) {
            let money = Money::new(minor, Currency::USD);
            let shown = money.to_string();
            prop_assert_eq!(Money::parse(shown.trim_end_matches(" USD"), Currency::USD), Some(money));
        }

        #[test]
        fn an_amount_n_times_is_n_of_them_added(minor in -1000_i64..1000, n in 0_u64..50) {
            let one = Money::new(minor, Currency::EUR);
            let mut sum = Money::new(0, Currency::EUR);
            for _ in 0..n { sum = sum.plus(one).unwrap(); }
            prop_assert_eq!(one.times(n).unwrap(), sum);
        }
    }
}
