//! Units of an order as decisions, returns and refunds name them. Units of one line that follow each other and have the
//! same amount stand as one range, so that what concerns a thousand units stays short.

use crate::{id::ItemId, money::Money};
use serde::{Deserialize, Serialize};

/// One piece of one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Which line.
    pub item: ItemId,
    /// Which of its pieces, from 1.
    pub ordinal: u16,
}

/// Pieces of one line that follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Which line.
    pub item: ItemId,
    /// The first of them, from 1.
    pub first: u16,
    /// The last of them.
    pub last: u16,
    /// The money that goes back for each; none where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Money>,
}

impl Units {
    /// Whether this unit is one of them.
    #[must_use]
    pub fn hold(&self, unit: &Unit) -> bool {
        self.item == unit.item && (self.first..=self.last).contains(&unit.ordinal)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Unit> + '_ {
        (self.first..=self.last).map(|ordinal| Unit { item: self.item.clone(), ordinal })
    }
}

/// Whether one of these ranges holds this unit.
#[must_use]
pub fn hold(ranges: &[Units], unit: &Unit) -> bool {
    ranges.iter().any(|range| range.hold(unit))
}

/// Each unit of these ranges.
pub fn each(ranges: &[Units]) -> impl Iterator<Item = Unit> + '_ {
    ranges.iter().flat_map(Units::iter)
}

/// Units with what goes back for each, as few ranges as their order allows.
#[must_use]
pub fn ranges(units: impl IntoIterator<Item = (Unit, Option<Money>)>) -> Vec<Units> {
    let mut ranges: Vec<Units> = Vec::new();
    for (unit, each) in units {
        match ranges.last_mut() {
            Some(last)
                if last.item == unit.item && last.each == each && last.last.checked_add(1) == Some(unit.ordinal) =>
            {
                last.last = unit.ordinal;
            }
            _ => ranges.push(Units { item: unit.item, first: unit.ordinal, last: unit.ordinal, each }),
        }
    }
    ranges
}

/// A total in shares as these weights have it: each rounded down, and what is left over goes to those that lost most, the
/// first of them first. The shares add up to the total; none is above its weight where the total is not above their sum.
#[must_use]
pub fn spread(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum <= 0 {
        return weights.iter().map(|_| 0).collect();
    }
    let exact = |weight: &i64| i128::from(total).saturating_mul(i128::from(*weight));
    let mut shares: Vec<i64> = weights.iter().map(|w| i64::try_from(exact(w).div_euclid(sum)).unwrap_or(*w)).collect();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|n| std::cmp::Reverse(weights.get(*n).map_or(0, |weight| exact(weight).rem_euclid(sum))));
    let spent = shares.iter().fold(0_i64, |spent, share| spent.saturating_add(*share));
    let over = usize::try_from(total.saturating_sub(spent)).unwrap_or(0);
    for n in by_loss.into_iter().take(over) {
        if let Some(share) = shares.get_mut(n) {
            *share = share.saturating_add(1);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::id;
    use iso_currency::Currency;
    use proptest::prelude::*;

    fn unit(item: &str, ordinal: u16) -> Unit {
        Unit { item: id(item), ordinal }
    }

    #[test]
    fn units_that_follow_each_other_and_have_the_same_amount_are_one_range() {
        let cents = |minor| Some(Money::new(minor, Currency::USD));
        let of = [
            (unit("a", 1), cents(5)),
            (unit("a", 2), cents(5)),
            (unit("a", 3), cents(6)),
            (unit("a", 5), cents(6)),
            (unit("b", 6), cents(6)),
        ];
        let ranges = ranges(of.clone());
        let seen: Vec<_> = ranges.iter().map(|r| (r.item.as_str(), r.first, r.last)).collect();
        assert_eq!(seen, [("a", 1, 2), ("a", 3, 3), ("a", 5, 5), ("b", 6, 6)]);
        assert_eq!(each(&ranges).collect::<Vec<_>>(), of.map(|(unit, _)| unit));
        assert!(hold(&ranges, &unit("a", 2)) && !hold(&ranges, &unit("a", 4)) && !hold(&ranges, &unit("c", 1)));
    }

    #[test]
    fn what_is_left_over_goes_to_those_that_lost_most_the_first_first() {
        assert_eq!(spread(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(spread(5, &[3, 7]), [2, 3], "1.5 and 3.5: the first of two equals");
        assert_eq!(spread(0, &[3, 7]), [0, 0]);
        assert_eq!(spread(9, &[0, 0]), [0, 0], "nothing is worth anything");
    }

    proptest! {
        #[test]
        fn the_shares_add_up_and_none_is_above_its_weight(
            weights in prop::collection::vec(0_i64..1_000_000, 1..50), thousandths in 0_i64..=1_000
        ) {
            let total = weights.iter().sum::<i64>() * thousandths / 1_000;
            let shares = spread(total, &weights);
            prop_assert_eq!(shares.iter().sum::<i64>(), total);
            prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| (0..=*weight).contains(share)));
        }
    }
}
