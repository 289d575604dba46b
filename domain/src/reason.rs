//! Reasons of decisions (JDG-2): which kinds of decision rest on which, and what must be so. Reasons are rows of
//! `data/reasons.toml`; the code knows the few facts that it can look up, and checks them.

use crate::decision::DecisionKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact without which a reason does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// The promised date is over, and no carrier says that it arrived by then.
    NotReceived,
    /// The return policy of the order does not take it back.
    NotReturnable,
    /// The return policy of the order takes it back, in time or late.
    Returnable,
    /// It came back.
    Returned,
    /// Its shipment is not confirmed.
    NotShipped,
    /// RET-4: the seller is abroad and has named no way back, and it costs little or the days are over.
    NoWayBack,
    /// RET-4: the seller named a refund without return as its way.
    ReturnWaived,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Stable, `snake_case`.
    pub code: String,
    /// For the seller to read, where the associate says nothing else.
    pub says: String,
    /// What may rest on it.
    pub kinds: Vec<DecisionKind>,
    /// Whether the goods are to come back where the decision lets them.
    #[serde(default)]
    pub comes_back: bool,
    /// What must be so.
    #[serde(default)]
    pub needs: Option<Need>,
}

/// All reasons, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(BTreeMap<String, Reason>);

impl Reasons {
    /// The reason of this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Reason> {
        self.0.get(code)
    }

    /// Those that this kind of decision may rest on, in the order of their codes.
    pub fn of(&self, kind: DecisionKind) -> impl Iterator<Item = &Reason> {
        self.0.values().filter(move |reason| reason.kinds.contains(&kind))
    }
}

impl FromIterator<Reason> for Reasons {
    fn from_iter<I: IntoIterator<Item = Reason>>(reasons: I) -> Self {
        Self(reasons.into_iter().map(|reason| (reason.code.clone(), reason)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Book;

    #[test]
    fn jdg_2_each_kind_of_decision_rests_on_a_reason_that_is_named() {
        let reasons = Book::shipped().unwrap().reasons;
        for kind in DecisionKind::ALL {
            assert!(reasons.of(kind).next().is_some(), "{kind:?}");
        }
        assert_eq!(reasons.get("weather"), None);
        assert_eq!(reasons.get("not_received").unwrap().needs, Some(Need::NotReceived));
    }

    #[test]
    fn jdg_3_a_store_names_no_ground_for_a_refund_without_return_that_is_no_reason_for_one() {
        let book = Book::shipped().unwrap();
        for store in book.stores.values() {
            for grounds in &store.returnless_grounds {
                for code in &grounds.reasons {
                    let reason = book.reasons.get(code).unwrap();
                    assert!(reason.kinds.contains(&DecisionKind::RefundReturnless), "{code}");
                }
            }
        }
    }
}
