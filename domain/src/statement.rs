//! The statement of a seller's quarter (FEE-10): a pure fold of the ledger's entries and the cards. However often and
//! in whatever order the entries come, the bytes are the same, and so is their digest.
//!
//! Its own bounds are checked before it is given to anybody; a breach is a reason to stop and bill nothing.
//! Not here: when it is made and when it is final ([`crate::ledger`]).

use crate::{
    at::Instant,
    coverage::Uncovered,
    fee::{Measure, Rate, TierName},
    id::{ContactId, SellerId, ShipmentId, StoreId},
    ledger::{ContactEntry, Disposition, Entry, UnitEntry, UnitKey, count},
    money::{Money, MoneyError},
    quarter::Quarter,
    store::Store,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

/// Why units are charged or free. In alphabetical order, in which the lines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// At the rate of the line.
    Charged,
    /// Free by the card: few contacts.
    FreeCpu,
    /// Free by the card: few orders.
    FreeVolume,
    /// Not ours.
    NotCovered,
    /// FEE-8.
    Trial,
}

impl Reason {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::FreeCpu => "free_cpu",
            Self::FreeVolume => "free_volume",
            Self::NotCovered => "not_covered",
            Self::Trial => "trial",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why this unit stands in its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The rate in force when it shipped.
    Rated {
        /// By which card.
        card: String,
        /// Where in the card.
        tier: TierName,
        /// Of which quarter's rate: that of the shipping, also on a later statement.
        rate_of: Quarter,
    },
    /// Shipped in the trial.
    Trial,
    /// Not covered, and why.
    NotCovered(Uncovered),
}

/// A unit behind a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedUnit {
    /// Which.
    #[serde(flatten)]
    pub key: UnitKey,
    /// In which parcel.
    pub shipment: ShipmentId,
    /// When.
    pub shipped_at: Instant,
    /// Why it stands here.
    pub why: Why,
}

/// All units of one reason and one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Why.
    pub reason: Reason,
    /// Per unit; 0 where they are free.
    pub rate: Money,
    /// How many.
    pub units: u64,
    /// Rate times units.
    pub amount: Money,
    /// Each of them, by its key.
    pub listed: Vec<ListedUnit>,
}

/// What a seller owes for a quarter, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where.
    pub store: StoreId,
    /// Who.
    pub seller: SellerId,
    /// For which quarter.
    pub quarter: Quarter,
    /// By reason, then rate.
    pub lines: Vec<Line>,
    /// Every recorded contact with the rule that counted it or did not, by its id.
    pub contacts: Vec<ContactEntry>,
    /// All units of all lines.
    pub units: u64,
    /// The sum of the lines.
    pub total: Money,
    /// SHA-256 over everything above as JSON, in hex.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

/// Why there is no statement. Each needs a person; nothing is billed until then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// F8: one unit, two stories.
    #[error("the unit {0} is recorded twice with different facts")]
    UnitConflict(UnitKey),
    /// One contact, two stories.
    #[error("the contact {0} is recorded twice with different facts")]
    ContactConflict(ContactId),
    /// Shipped before the first rate card.
    #[error("no rate card is in force at {0}")]
    NoCard(Instant),
    /// The quarter of shipping has no published rate.
    #[error("nothing fixes the rate of {0}")]
    NoMeasure(Quarter),
    /// The lines hold other units than were given.
    #[error("{given} units were given and {listed} are listed")]
    UnitsLost {
        /// Into the fold.
        given: u64,
        /// Behind the lines.
        listed: u64,
    },
    /// A line or the total is not what its parts come to.
    #[error("an amount is not the sum of its parts")]
    WrongSum,
    /// Somebody would be paid for shipping.
    #[error("an amount is negative")]
    Negative,
    /// A free line that costs.
    #[error("a line of {0} has a rate")]
    NotFree(Reason),
    /// More than all units at the dearest rate.
    #[error("{total} is more than all units can cost, which is {most}")]
    AboveTop {
        /// The total.
        total: Money,
        /// Units times the top rate.
        most: Money,
    },
    /// A sum that is none.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// It cannot be written down.
    #[error("the statement cannot be written as JSON")]
    Unwritable,
}

impl Statement {
    /// FEE-10: the statement over these entries. `measure_of` knows what was counted before a quarter, which fixes its
    /// rate: a late unit costs what it would have cost in time (FEE-9).
    pub fn fold<'a>(
        store: &Store,
        seller: &SellerId,
        quarter: Quarter,
        measure_of: impl Fn(Quarter) -> Option<Measure>,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> Result<Self, Breach> {
        let (units, contacts) = facts(entries)?;
        let given = count(units.len());
        let mut by_line: BTreeMap<(Reason, i64), Vec<ListedUnit>> = BTreeMap::new();
        for unit in units.into_values() {
            let (reason, rate, why) = charge(store, &measure_of, unit)?;
            if rate.currency != store.currency {
                return Err(MoneyError::TwoCurrencies.into());
            }
            let listed =
                ListedUnit { key: unit.key.clone(), shipment: unit.shipment.clone(), shipped_at: unit.shipped_at, why };
            by_line.entry((reason, rate.minor)).or_default().push(listed);
        }
        let mut total = Money::new(0, store.currency);
        let mut lines = Vec::new();
        for ((reason, minor), listed) in by_line {
            let (rate, units) = (Money::new(minor, store.currency), count(listed.len()));
            let amount = rate.times(units)?;
            total = total.plus(amount)?;
            lines.push(Line { reason, rate, units, amount, listed });
        }
        let mut statement = Self {
            store: store.id.clone(),
            seller: seller.clone(),
            quarter,
            lines,
            contacts: contacts.into_values().cloned().collect(),
            units: given,
            total,
            digest: String::new(),
        };
        statement.check(given, store)?;
        statement.digest = statement.recompute_digest()?;
        Ok(statement)
    }

    /// F9: the bounds that hold for every statement, whatever made it.
    pub fn check(&self, given: u64, store: &Store) -> Result<(), Breach> {
        let mut total = Money::new(0, store.currency);
        let mut listed = 0_u64;
        for line in &self.lines {
            if line.amount.minor < 0 || line.rate.minor < 0 {
                return Err(Breach::Negative);
            }
            if line.reason != Reason::Charged && line.rate.minor != 0 {
                return Err(Breach::NotFree(line.reason));
            }
            if line.rate.times(line.units)? != line.amount || line.units != count(line.listed.len()) {
                return Err(Breach::WrongSum);
            }
            listed = listed.saturating_add(line.units);
            total = total.plus(line.amount)?;
        }
        if listed != given || self.units != given {
            return Err(Breach::UnitsLost { given, listed });
        }
        if total != self.total {
            return Err(Breach::WrongSum);
        }
        let top = store.rate_cards.iter().map(|card| card.top().minor).max().unwrap_or(0);
        let most = Money::new(top, store.currency).times(given)?;
        if total.minor > most.minor {
            return Err(Breach::AboveTop { total, most });
        }
        Ok(())
    }

    /// The digest that belongs to the content; a stored statement is sound when it equals [`Statement::digest`].
    pub fn recompute_digest(&self) -> Result<String, Breach> {
        let bare = Self { digest: String::new(), ..self.clone() };
        let bytes = serde_json::to_vec(&bare).map_err(|_| Breach::Unwritable)?;
        Ok(format!("{:x}", Sha256::digest(&bytes)))
    }
}

type Facts<'a> = (BTreeMap<&'a UnitKey, &'a UnitEntry>, BTreeMap<&'a ContactId, &'a ContactEntry>);

/// Each unit and each contact once. Of two stories about one the smallest key is reported, in whatever order they came.
fn facts<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Facts<'a>, Breach> {
    let (mut units, mut contacts) = (BTreeMap::new(), BTreeMap::new());
    let (mut unit_conflict, mut contact_conflict) = (None, None);
    for entry in entries {
        match entry {
            Entry::Unit(unit) => {
                if *units.entry(&unit.key).or_insert(unit) != unit {
                    unit_conflict = Some(unit_conflict.map_or(&unit.key, |known| std::cmp::min(known, &unit.key)));
                }
            }
            Entry::Contact(contact) => {
                let id = &contact.contact;
                if *contacts.entry(id).or_insert(contact) != contact {
                    contact_conflict = Some(contact_conflict.map_or(id, |known| std::cmp::min(known, id)));
                }
            }
            Entry::Package(_) => {}
        }
    }
    if let Some(key) = unit_conflict {
        return Err(Breach::UnitConflict(key.clone()));
    }
    match contact_conflict {
        Some(id) => Err(Breach::ContactConflict(id.clone())),
        None => Ok((units, contacts)),
    }
}

fn charge(
    store: &Store,
    measure_of: impl Fn(Quarter) -> Option<Measure>,
    unit: &UnitEntry,
) -> Result<(Reason, Money, Why), Breach> {
    let nothing = Money::new(0, store.currency);
    match unit.disposition {
        Disposition::Trial => Ok((Reason::Trial, nothing, Why::Trial)),
        Disposition::NotCovered(why) => Ok((Reason::NotCovered, nothing, Why::NotCovered(why))),
        Disposition::Chargeable => {
            let rate_of = store.quarter_of(unit.shipped_at);
            let measure = measure_of(rate_of).ok_or(Breach::NoMeasure(rate_of))?;
            let rate = store.rate_at(unit.shipped_at, &measure);
            let Rate { amount, tier, card, .. } = rate.ok_or(Breach::NoCard(unit.shipped_at))?;
            let reason = match tier {
                TierName::FreeCpu => Reason::FreeCpu,
                TierName::FreeVolume => Reason::FreeVolume,
                TierName::UpTo(_) | TierName::Above(_) | TierName::Default => Reason::Charged,
            };
            Ok((reason, amount, Why::Rated { card, tier, rate_of }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{book::Book, ledger::Counting};
    use proptest::{prelude::*, sample};

    fn store(id: &str) -> Store {
        Book::shipped().unwrap().store(&id.parse().unwrap()).unwrap().clone()
    }

    fn unit(number: u16, shipped_at: &str, disposition: Disposition) -> Entry {
        Entry::Unit(UnitEntry {
            key: UnitKey { order: "o".parse().unwrap(), item: "i".parse().unwrap(), ordinal: number },
            shipment: "p".parse().unwrap(),
            shipped_at: shipped_at.parse().unwrap(),
            disposition,
        })
    }

    fn contact(number: u16, counts: Counting) -> Entry {
        Entry::Contact(ContactEntry {
            contact: format!("c{number}").parse().unwrap(),
            order: "o".parse().unwrap(),
            topic: "late_delivery".into(),
            received_at: "2018-02-01T00:00:00Z".parse().unwrap(),
            counts,
        })
    }

    /// So many contacts on 100 units and orders, everything tracked.
    fn measured(contacts: u64) -> Measure {
        let hundred = Measure { units_covered: 100, units_seller_fulfilled: 100, orders: 100, ..Measure::default() };
        Measure { contacts, packages: 100, packages_scanned: 100, ..hundred }
    }

    /// The Brazilian 2018Q1: 10 contacts on 100 units before it, 0 before the quarter before.
    fn q1(entries: &[Entry]) -> Result<Statement, Breach> {
        let measure_of = |quarter: Quarter| match quarter.to_string().as_str() {
            "2018Q1" => Some(measured(10)),
            "2017Q4" => Some(measured(0)),
            _ => None,
        };
        Statement::fold(&store("BR"), &"s".parse().unwrap(), "2018Q1".parse().unwrap(), measure_of, entries)
    }

    fn lines(statement: &Statement) -> Vec<(Reason, i64, u64, i64)> {
        let figures = |line: &Line| (line.reason, line.rate.minor, line.units, line.amount.minor);
        statement.lines.iter().map(figures).collect()
    }

    const Q1: &str = "2018-02-01T00:00:00Z";
    const Q4: &str = "2017-12-31T23:59:59Z";

    #[test]
    fn fee_10_there_is_one_line_per_rate_and_reason_with_every_unit_behind_it() {
        let gap = Disposition::NotCovered(Uncovered::EnrollmentGap);
        let statement = q1(&[
            unit(4, Q1, gap),
            unit(1, Q1, Disposition::Chargeable),
            unit(3, Q1, Disposition::Trial),
            unit(2, Q1, Disposition::Chargeable),
        ])
        .unwrap();
        assert_eq!(
            lines(&statement),
            [(Reason::Charged, 125, 2, 250), (Reason::NotCovered, 0, 1, 0), (Reason::Trial, 0, 1, 0)]
        );
        assert_eq!((statement.units, statement.total.to_string().as_str()), (4, "2.50 BRL"));
        let whys: Vec<_> = statement.lines.iter().flat_map(|line| &line.listed).map(|unit| unit.why.clone()).collect();
        let q1 = "2018Q1".parse().unwrap();
        let rated =
            Why::Rated { card: "br-2016".into(), tier: TierName::UpTo(crate::fee::BasisPoints(1500)), rate_of: q1 };
        assert_eq!(whys, [rated.clone(), rated, Why::NotCovered(Uncovered::EnrollmentGap), Why::Trial]);
    }

    #[test]
    fn fee_9_a_late_unit_costs_what_it_would_have_cost_in_its_own_quarter() {
        let statement = q1(&[unit(1, Q4, Disposition::Chargeable), unit(2, Q1, Disposition::Chargeable)]).unwrap();
        assert_eq!(lines(&statement), [(Reason::Charged, 125, 1, 125), (Reason::FreeCpu, 0, 1, 0)]);
        assert_eq!(q1(&[unit(1, "2017-09-30T00:00:00Z", Disposition::Trial)]).unwrap().total.minor, 0);
        let unknown = q1(&[unit(1, "2017-09-30T00:00:00Z", Disposition::Chargeable)]);
        assert_eq!(unknown, Err(Breach::NoMeasure("2017Q3".parse().unwrap())));
    }

    #[test]
    fn fee_9_a_card_that_changes_inside_the_quarter_gives_two_lines() {
        let few = Measure { orders: 29, units_seller_fulfilled: 40, contacts: 6, ..measured(0) };
        let (before, on) = ("2026-05-22T06:59:59Z", "2026-05-22T07:00:00Z");
        let entries = [unit(1, before, Disposition::Chargeable), unit(2, on, Disposition::Chargeable)];
        let quarter = "2026Q2".parse().unwrap();
        let statement = Statement::fold(&store("US"), &"s".parse().unwrap(), quarter, |_| Some(few), &entries).unwrap();
        assert_eq!(lines(&statement), [(Reason::Charged, 25, 1, 25), (Reason::FreeVolume, 0, 1, 0)], "15 % exactly");
    }

    #[test]
    fn fee_4_every_contact_is_listed_with_its_rule() {
        let statement = q1(&[contact(2, Counting::Joined), contact(1, Counting::Counted)]).unwrap();
        let rules: Vec<_> = statement.contacts.iter().map(|contact| contact.counts.rule()).collect();
        assert_eq!(rules, ["fee-4.countable", "rte-9.joined"]);
        assert_eq!((statement.lines.len(), statement.total.minor), (0, 0));
    }

    #[test]
    fn f8_two_stories_about_one_unit_or_contact_bill_nothing() {
        let (one, two) = (unit(1, Q1, Disposition::Chargeable), unit(1, Q1, Disposition::Trial));
        assert!(matches!(q1(&[one.clone(), two.clone()]), Err(Breach::UnitConflict(_))));
        assert_eq!(q1(&[one.clone(), two.clone()]), q1(&[two, one]));
        let (one, two) = (contact(1, Counting::Counted), contact(1, Counting::Joined));
        assert_eq!(q1(&[one, two]), Err(Breach::ContactConflict("c1".parse().unwrap())));
    }

    #[test]
    fn f9_a_planted_breach_is_found() {
        let good = q1(&[unit(1, Q1, Disposition::Chargeable), unit(2, Q1, Disposition::Trial)]).unwrap();
        let after = |plant: fn(&mut Statement)| {
            let mut bad = good.clone();
            plant(&mut bad);
            bad.check(2, &store("BR")).unwrap_err()
        };
        assert_eq!(good.check(2, &store("BR")), Ok(()));
        assert_eq!(good.check(3, &store("BR")), Err(Breach::UnitsLost { given: 3, listed: 2 }));
        assert_eq!(after(|s| drop(s.lines.pop())), Breach::UnitsLost { given: 2, listed: 1 });
        assert_eq!(after(|s| s.lines[0].listed.clear()), Breach::WrongSum);
        assert_eq!(after(|s| s.lines[0].amount.minor = 124), Breach::WrongSum);
        assert_eq!(after(|s| s.total.minor = 126), Breach::WrongSum);
        assert_eq!(after(|s| s.lines[0].rate.minor = -125), Breach::Negative);
        assert_eq!(after(|s| s.lines[1].rate.minor = 1), Breach::NotFree(Reason::Trial));
        assert_eq!(after(|s| s.lines[0].amount.currency = iso_currency::Currency::EUR), Breach::WrongSum);
        assert_eq!(after(|s| s.total.currency = iso_currency::Currency::EUR), Breach::WrongSum);
        let dear = after(|s| {
            let much = Money::new(701, s.total.currency);
            (s.lines[0].rate, s.lines[0].amount, s.total) = (much, much, much);
        });
        assert_eq!(dear.to_string(), "7.01 BRL is more than all units can cost, which is 7.00 BRL");
    }

    #[test]
    fn f3_the_digest_is_that_of_the_content_and_changes_with_it() {
        let statement = q1(&[unit(1, Q1, Disposition::Chargeable)]).unwrap();
        let read: Statement = serde_json::from_slice(&serde_json::to_vec(&statement).unwrap()).unwrap();
        assert_eq!(read, statement);
        assert_eq!(read.recompute_digest().unwrap(), statement.digest);
        assert_eq!(statement.digest.len(), 64);
        let other = Statement { total: Money::new(126, statement.total.currency), ..read };
        assert_ne!(other.recompute_digest().unwrap(), statement.digest);
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let gap = Disposition::NotCovered(Uncovered::EnrollmentGap);
        let disposition = sample::select(vec![Disposition::Chargeable, Disposition::Trial, gap]);
        let units = prop::collection::btree_map(0_u16..50, (sample::select(vec![Q1, Q4]), disposition), 0..20);
        let contacts =
            prop::collection::btree_map(0_u16..50, sample::select(vec![Counting::Counted, Counting::Joined]), 0..9);
        (units, contacts).prop_map(|(units, contacts)| {
            let units = units.into_iter().map(|(number, (at, disposition))| unit(number, at, disposition));
            units.chain(contacts.into_iter().map(|(number, counts)| contact(number, counts))).collect()
        })
    }

    proptest! {
        #[test]
        fn f3_f6_order_and_repetition_of_the_entries_do_not_change_a_byte(
            (once, shuffled) in entries().prop_flat_map(|once| {
                let twice: Vec<_> = once.iter().chain(&once).cloned().collect();
                (Just(once), Just(twice).prop_shuffle())
            })
        ) {
            let bytes = |entries: &[Entry]| serde_json::to_vec(&q1(entries).unwrap()).unwrap();
            prop_assert_eq!(bytes(&once), bytes(&shuffled));
        }

        #[test]
        fn f1_every_unit_stands_in_exactly_one_line(entries in entries()) {
            let statement = q1(&entries).unwrap();
            let mut listed: Vec<_> = statement.lines.iter().flat_map(|line| &line.listed).map(|unit| &unit.key).collect();
            listed.sort();
            let given: Vec<_> = entries.iter().filter_map(|entry| match entry {
                Entry::Unit(unit) => Some(&unit.key),
                Entry::Contact(_) | Entry::Package(_) => None,
            }).collect();
            prop_assert_eq!(listed, given);
        }
    }
}
