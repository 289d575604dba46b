//! What was counted in a quarter (FEE-3, FEE-7), added up while its rows come by, so that a quarter of a million units takes
//! no more room than one of ten.

use super::{ContactEntry, Entry, Row, UnitEntry};
use crate::{at::Instant, fee::Measure, id::OrderId};
use std::collections::{BTreeMap, BTreeSet};

/// A quarter that is being counted: first what the quarter before left to it, then its own rows in the order of their places.
/// A reversal and a reimbursement change no measure: rates that were published are frozen.
#[derive(Debug)]
pub struct Measuring {
    until: Instant,
    measure: Measure,
    /// The last order of which a unit was counted; its units stand together.
    order: Option<OrderId>,
    /// What the quarter before left, by name; of a parcel, whether it is proven.
    left_over: BTreeMap<String, bool>,
    orders_left_over: BTreeSet<OrderId>,
}

impl Measuring {
    /// Begins with what the quarter before left over. A parcel is proven by a scan before `until`, the quarter's end, however
    /// late the measuring runs.
    #[must_use]
    pub fn begin<'a>(left_over: impl IntoIterator<Item = &'a Row>, until: Instant) -> Self {
        let mut measuring = Self {
            until,
            measure: Measure::default(),
            order: None,
            left_over: BTreeMap::new(),
            orders_left_over: BTreeSet::new(),
        };
        for Row { entry, measured_next } in left_over {
            if *measured_next {
                let proven = measuring.count(entry);
                measuring.left_over.insert(entry.name(), proven);
                measuring.orders_left_over.extend(measuring.order.take());
            }
        }
        measuring
    }

    /// The next row of the quarter itself.
    pub fn take(&mut self, Row { entry, measured_next }: &Row) {
        if *measured_next {
            return;
        }
        match self.left_over.get(&entry.name()) {
            None => {
                self.count(entry);
            }
            // The one parcel that was told in both is proven by either.
            Some(proven) => add(!proven && self.proves(entry), &mut self.measure.packages_scanned),
        }
    }

    /// What was counted.
    #[must_use]
    pub fn ends(self) -> Measure {
        self.measure
    }

    /// Counts an entry; says whether it is a proven parcel.
    fn count(&mut self, entry: &Entry) -> bool {
        let proven = self.proves(entry);
        match entry {
            Entry::Unit(UnitEntry { key, disposition, .. }) => {
                add(disposition.is_covered(), &mut self.measure.units_covered);
                add(disposition.is_seller_fulfilled(), &mut self.measure.units_seller_fulfilled);
                if disposition.is_seller_fulfilled() {
                    let known = self.order.as_ref() == Some(&key.order) || self.orders_left_over.contains(&key.order);
                    add(!known, &mut self.measure.orders);
                    self.order = Some(key.order.clone());
                }
            }
            Entry::Contact(ContactEntry { counts, .. }) => add(counts.counts(), &mut self.measure.contacts),
            Entry::Package(package) => {
                add(package.seller_fulfilled, &mut self.measure.packages);
                add(proven, &mut self.measure.packages_scanned);
            }
            Entry::Reversal(_) | Entry::Reimbursement(_) => {}
        }
        proven
    }

    fn proves(&self, entry: &Entry) -> bool {
        let Entry::Package(package) = entry else { return false };
        package.seller_fulfilled && package.scanned_at.is_some_and(|at| at < self.until)
    }
}

/// One more, if it counts.
fn add(counts: bool, sum: &mut u64) {
    *sum = sum.saturating_add(u64::from(counts));
}

/// What was counted in a quarter of which all rows are at hand, in any order and however often: its own but those left to the
/// next, and those that the quarter before left to it.
#[must_use]
pub fn measure<'a>(
    own: impl IntoIterator<Item = &'a Row>,
    before: impl IntoIterator<Item = &'a Row>,
    until: Instant,
) -> Measure {
    let mut measuring = Measuring::begin(in_order(before), until);
    in_order(own).for_each(|row| measuring.take(row));
    measuring.ends()
}

fn in_order<'a>(rows: impl IntoIterator<Item = &'a Row>) -> impl Iterator<Item = &'a Row> {
    rows.into_iter().map(|row| (row.place(), row)).collect::<BTreeMap<_, _>>().into_values()
}
