//! A statement while it is folded: the rows of a quarter come by in the order of their places, each stands somewhere, and what
//! is kept of them is what their line comes to. Of contacts and of what came late the names are kept too: only these may stand
//! in two places.

use super::{Breach, Contacts, Line, Listed, ListedUnit, PaidBack, Reason, Statement, Why, charge, negative};
use crate::{
    fee::Measure,
    id::SellerId,
    ledger::{ContactEntry, Counting, Disputed, Entry, ReversalEntry, Row, UnitEntry, place},
    money::{Money, MoneyError},
    quarter::Quarter,
    reimbursement::{For, ReimbursementEntry},
    store::Store,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

/// A statement that is being made.
#[derive(Debug)]
pub struct Fold<'a> {
    store: &'a Store,
    seller: &'a SellerId,
    quarter: Quarter,
    units: u64,
    /// By reason, then rate.
    lines: BTreeMap<(Reason, i64), Listing>,
    contacts: Listing,
    counted: u64,
    reimbursements: Listing,
    paid_back: Money,
    /// Where the last row stood.
    last: String,
    /// Names that may come again in another place.
    met: HashSet<String>,
}

/// Rows of one kind: how many, and the digest of all.
#[derive(Debug, Default)]
struct Listing {
    rows: u64,
    digest: Sha256,
}

impl Listing {
    fn add(&mut self, row: &impl Serialize) -> Result<(), Breach> {
        self.rows = self.rows.saturating_add(1);
        serde_json::to_writer(&mut self.digest, row).map_err(|_| Breach::Unwritable)?;
        self.digest.update(b"\n");
        Ok(())
    }

    fn hex(self) -> String {
        format!("{:x}", self.digest.finalize())
    }
}

impl<'a> Fold<'a> {
    /// Nothing has come yet.
    #[must_use]
    pub fn begin(store: &'a Store, seller: &'a SellerId, quarter: Quarter) -> Self {
        Self {
            store,
            seller,
            quarter,
            units: 0,
            lines: BTreeMap::new(),
            contacts: Listing::default(),
            counted: 0,
            reimbursements: Listing::default(),
            paid_back: Money::new(0, store.currency),
            last: String::new(),
            met: HashSet::new(),
        }
    }

    /// The next row; says what stands on the statement because of it.
    pub fn take(
        &mut self,
        row: &Row,
        measure_of: impl Fn(Quarter) -> Option<Measure>,
    ) -> Result<Option<Listed>, Breach> {
        self.follows(row)?;
        match &row.entry {
            Entry::Unit(unit) => self.unit(unit, measure_of).map(Some),
            Entry::Contact(contact) => self.contact(contact.clone()).map(Some),
            Entry::Reversal(reversal) => self.reversal(reversal).map(Some),
            Entry::Reimbursement(reimbursement) => self.reimbursement(reimbursement).map(Some),
            Entry::Package(_) => Ok(None),
        }
    }

    /// F8: a row stands behind the one before, and nothing stands twice.
    fn follows(&mut self, row: &Row) -> Result<(), Breach> {
        let name = row.entry.name();
        let place = place(row.measured_next, &name);
        if place < self.last {
            return Err(Breach::Disordered(place));
        }
        let may_come_again = row.measured_next || matches!(row.entry, Entry::Contact(_));
        if place == self.last || self.met.contains(&name) {
            return Err(Breach::Conflict(name));
        }
        if may_come_again {
            self.met.insert(name);
        }
        self.last = place;
        Ok(())
    }

    fn unit(&mut self, unit: &UnitEntry, measure_of: impl Fn(Quarter) -> Option<Measure>) -> Result<Listed, Breach> {
        self.units = self.units.saturating_add(1);
        let (reason, rate, why) = charge(self.store, measure_of, unit)?;
        if rate.currency != self.store.currency {
            return Err(MoneyError::TwoCurrencies.into());
        }
        let UnitEntry { key, shipment, shipped_at, .. } = unit.clone();
        self.listed(reason, rate, ListedUnit { key, shipment, shipped_at, why })
    }

    fn listed(&mut self, reason: Reason, rate: Money, unit: ListedUnit) -> Result<Listed, Breach> {
        self.lines.entry((reason, rate.minor)).or_default().add(&unit)?;
        Ok(Listed::Unit { reason, rate, unit })
    }

    fn contact(&mut self, contact: ContactEntry) -> Result<Listed, Breach> {
        self.counted = self.counted.saturating_add(u64::from(contact.counts.counts()));
        self.contacts.add(&contact)?;
        Ok(Listed::Contact(contact))
    }

    fn reversal(&mut self, reversal: &ReversalEntry) -> Result<Listed, Breach> {
        match &reversal.disputed {
            Disputed::Contact(contact) => self.contact(ContactEntry { counts: Counting::Reversed, ..contact.clone() }),
            Disputed::Unit { key, shipment, shipped_at, rate } => {
                let why = Why::Reversed { statement: reversal.statement, dispute: reversal.dispute.clone() };
                let unit = ListedUnit { key: key.clone(), shipment: shipment.clone(), shipped_at: *shipped_at, why };
                self.listed(Reason::Reversal, Money::new(rate.minor.saturating_neg(), self.store.currency), unit)
            }
        }
    }

    /// F9: something is paid back, and for a claim no more than any order can get.
    fn reimbursement(&mut self, reimbursement: &ReimbursementEntry) -> Result<Listed, Breach> {
        let ReimbursementEntry { why, amount, .. } = reimbursement;
        let most = self.store.claim_terms.iter().map(|terms| terms.most.minor).max().unwrap_or(0);
        let of_claim = matches!(why, For::Claim { .. } | For::Appeal { .. });
        if amount.minor <= 0 || of_claim && amount.minor > most {
            let most = Money::new(most, self.store.currency);
            return Err(Breach::NotPaidBack { amount: *amount, most });
        }
        self.paid_back = self.paid_back.plus(*amount)?;
        self.reimbursements.add(reimbursement)?;
        Ok(Listed::PaidBack(reimbursement.clone()))
    }

    /// Nothing more comes.
    pub fn ends(self) -> Result<Statement, Breach> {
        let currency = self.store.currency;
        let mut total = negative(self.paid_back);
        let mut lines = Vec::new();
        for ((reason, minor), listing) in self.lines {
            let (rate, units) = (Money::new(minor, currency), listing.rows);
            let amount = rate.times(units)?;
            total = total.plus(amount)?;
            lines.push(Line { reason, rate, units, amount, listed: listing.hex() });
        }
        let contacts = Contacts { recorded: self.contacts.rows, counted: self.counted, listed: self.contacts.hex() };
        let paid_back =
            PaidBack { causes: self.reimbursements.rows, amount: self.paid_back, listed: self.reimbursements.hex() };
        let statement = Statement {
            store: self.store.id.clone(),
            seller: self.seller.clone(),
            quarter: self.quarter,
            lines,
            contacts,
            paid_back,
            units: self.units,
            total,
            digest: String::new(),
        };
        statement.check(self.units, self.store)?;
        Ok(Statement { digest: statement.recompute_digest()?, ..statement })
    }
}
