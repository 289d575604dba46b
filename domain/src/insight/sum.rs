//! A day that is over, added up once, so that nobody has to add up its facts for each look. A fact leaves a mark that its
//! day is to be added up, whenever it comes; so a sum is true as long as its day has no mark, and what came late makes its
//! day be added up anew.

use super::{Day, Fact, Place};
use crate::id::{SellerId, StoreId};
use serde::{Deserialize, Serialize};

/// A day of a seller that is to be added up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DayDue {
    /// Where.
    pub store: StoreId,
    /// Whose.
    pub seller: SellerId,
    /// Which.
    #[serde(flatten)]
    pub place: Place,
}

/// How far a day is added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Facts are left.
    Adding {
        /// The name of the last one that is in the sum.
        after: String,
    },
    /// Every fact is in it.
    Complete,
    /// It came to more than is kept of a day, so its facts are read for each look.
    TooLarge,
}

/// The facts of a day, as far as they are added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySum {
    /// How far.
    #[serde(flatten)]
    pub stage: Stage,
    /// What they come to.
    pub sum: Day,
}

impl DaySum {
    /// Whether whoever shows a figure may take it for the facts of its day: all of them are in it, with all that is shown of
    /// them today.
    #[must_use]
    pub fn stands_for_its_facts(&self) -> bool {
        self.stage == Stage::Complete && self.sum.knows_whose_time()
    }

    /// What to add to, and after which fact; `None`: there is nothing to do. A day that is marked begins anew, and so does one
    /// whose sum earlier code began, which left out what is shown today.
    #[must_use]
    pub fn resume(known: Option<Self>, marked: bool) -> Option<(Day, Option<String>)> {
        match known {
            _ if marked => Some((Day::default(), None)),
            Some(known) if !known.sum.knows_whose_time() => Some((Day::default(), None)),
            Some(Self { stage: Stage::Adding { after }, sum }) => Some((sum, Some(after))),
            Some(Self { stage: Stage::Complete | Stage::TooLarge, .. }) | None => None,
        }
    }

    /// With all facts up to the one of this name, or with all there are.
    #[must_use]
    pub fn up_to(after: Option<String>, sum: Day) -> Self {
        Self { stage: after.map_or(Stage::Complete, |after| Stage::Adding { after }), sum }
    }

    /// A day of which no sum is kept.
    #[must_use]
    pub fn too_large() -> Self {
        Self { stage: Stage::TooLarge, sum: Day::default() }
    }
}

impl<'a> Extend<&'a Fact> for Day {
    fn extend<I: IntoIterator<Item = &'a Fact>>(&mut self, facts: I) {
        *self = facts.into_iter().fold(std::mem::take(self), Self::and);
    }
}
