//! Exports: that somebody of the store's leads asked for a copy of all that is kept of one customer or one seller, and until
//! when it can be read. What is in the copy is read when it is asked for, page by page, and kept nowhere.

use crate::{
    at::{Actor, At, Instant, hours_after},
    id::{AssociateId, CustomerId, ExportId, SellerId, StoreId},
    outcome::Refusal,
    store::Store,
};
use serde::{Deserialize, Serialize};

/// Of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A customer's.
    CustomerId(CustomerId),
    /// A seller's.
    SellerId(SellerId),
}

/// An export. It is written once and never changed: it says who has looked at whom, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Follows from the request that asked for it.
    pub id: ExportId,
    /// Where.
    pub store: StoreId,
    /// Of whom.
    pub of: Whose,
    /// What for.
    pub reason: String,
    /// Who asked.
    pub by: AssociateId,
    /// When.
    pub at: Instant,
    /// The first instant at which it is over.
    pub until: Instant,
}

impl Export {
    /// A lead asks for one.
    pub fn ask(store: &Store, of: Whose, reason: String, at: &At) -> Result<Self, Refusal> {
        let Actor::Associate(by) = &at.actor else {
            return Err(Refusal::forbidden("Only a lead asks for an export."));
        };
        let id = ExportId::derived(&[store.id.as_str(), &at.cause]);
        let until = hours_after(at.now, store.export_hours);
        Ok(Self { id, store: store.id.clone(), of, reason, by: by.clone(), at: at.now, until })
    }

    /// Whether it can be read now.
    pub fn is_open_at(&self, now: Instant) -> Result<(), Refusal> {
        if now < self.until {
            return Ok(());
        }
        let sentence = format!("This export could be read until {}; ask for a new one.", self.until.to_rfc3339());
        Err(Refusal::state("ACC-4", "export_over", sentence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{MILLI, at, id, monday, store};

    #[test]
    fn acc_4_an_export_says_who_asked_for_whose_what_for_and_is_read_for_a_day_and_not_a_moment_longer() {
        let by_lead = At { actor: Actor::Associate(id("lea")), ..at(monday()) };
        let of = || Whose::CustomerId(id("c"));
        let export = Export::ask(store("US"), of(), "She asked for it.".into(), &by_lead).unwrap();
        assert_eq!((export.by.as_str(), &export.of, export.at), ("lea", &of(), monday()));
        let until = hours_after(monday(), 24);
        assert_eq!(export.until, until);
        assert_eq!(export.is_open_at(until - MILLI), Ok(()));
        for late in [until, until + MILLI] {
            assert_eq!(export.is_open_at(late).unwrap_err().code, "export_over");
        }
        assert!(Export::ask(store("US"), of(), "No.".into(), &at(monday())).is_err(), "nobody else asks for one");
    }
}
