//! What a replay comes to.

use super::mapping::Counted;
use crate::cloud::Call;
use domain::quarter::Quarter;
use serde_json::Value as Json;
use std::{collections::BTreeMap, fmt};

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementRow {
    /// Whose.
    pub seller: String,
    /// Of which quarter.
    pub quarter: String,
    /// Why so much.
    pub reason: String,
    /// Per unit, in minor units.
    pub rate_minor: i64,
    /// How many.
    pub units: u64,
    /// Together, in minor units.
    pub amount_minor: i64,
}

/// What a replay comes to.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Lines of statements, sorted.
    pub rows: Vec<StatementRow>,
    /// Orders in the files.
    pub orders: u64,
    /// Units in the files.
    pub units: u64,
    /// Contacts that were taken.
    pub contacts: u64,
    /// Events that were fed.
    pub events: u64,
    /// Rows that carry nothing for the service, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Rows that were refused, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Why messages were parked.
    pub parked: Vec<String>,
    /// Messages that a queue gave up.
    pub unprocessed: u64,
    /// Calls, by function and operation.
    pub calls: BTreeMap<(String, String), u64>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    pub(super) fn of(counted: &Counted) -> Self {
        Self {
            orders: counted.orders,
            units: counted.units,
            skipped: counted.skipped.clone(),
            rejected: counted.rejected.clone(),
            ..Self::default()
        }
    }

    pub(super) fn reject(&mut self, reason: &str) {
        *self.rejected.entry(reason.to_owned()).or_default() += 1;
    }

    pub(super) fn note_calls(&mut self, calls: &[Call]) {
        for call in calls {
            *self.calls.entry((call.function.clone(), call.operation.clone())).or_default() += 1;
        }
    }

    /// The lines of a statement as its seller reads it.
    pub(super) fn statement(&mut self, seller: &str, quarter: Quarter, view: &Json) {
        for line in view["lines"].as_array().into_iter().flatten() {
            let number = |name: &str| line[name].as_i64().unwrap_or_default();
            self.rows.push(StatementRow {
                seller: seller.to_owned(),
                quarter: quarter.to_string(),
                reason: line["reason"].as_str().unwrap_or_default().to_owned(),
                rate_minor: number("rate_minor"),
                units: line["units"].as_u64().unwrap_or_default(),
                amount_minor: number("amount_minor"),
            });
        }
        self.rows.sort();
    }

    /// The lines as CSV.
    #[must_use]
    pub fn csv(&self) -> String {
        let head = "seller_id,quarter,reason,rate_minor,units,amount_minor\n".to_owned();
        self.rows.iter().fold(head, |text, row| {
            let StatementRow { seller, quarter, reason, rate_minor, units, amount_minor } = row;
            text + &format!("{seller},{quarter},{reason},{rate_minor},{units},{amount_minor}\n")
        })
    }

    /// Units of the statements, by reason.
    #[must_use]
    pub fn by_reason(&self) -> BTreeMap<String, u64> {
        let mut units = BTreeMap::new();
        for row in &self.rows {
            *units.entry(row.reason.clone()).or_default() += row.units;
        }
        units
    }

    /// All amounts, in minor units.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.rows.iter().map(|row| row.amount_minor).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons = |of: &BTreeMap<String, u64>| match of.len() {
            0 => "none".to_owned(),
            _ => of.iter().map(|(reason, n)| format!("{n} {reason}")).collect::<Vec<_>>().join(", "),
        };
        let total = self.total_minor();
        let stated: u64 = self.rows.iter().map(|row| row.units).sum();
        let calls: u64 = self.calls.values().sum();
        writeln!(f, "orders      {}", self.orders)?;
        writeln!(f, "units       {} in the files, {stated} on statements", self.units)?;
        writeln!(f, "contacts    {}", self.contacts)?;
        writeln!(f, "skipped     {}", reasons(&self.skipped))?;
        writeln!(f, "rejected    {}", reasons(&self.rejected))?;
        writeln!(f, "parked      {}, given up {}", self.parked.len(), self.unprocessed)?;
        writeln!(f, "statements  {} lines: {}", self.rows.len(), reasons(&self.by_reason()))?;
        writeln!(f, "total       {}.{:02}", total / 100, total % 100)?;
        #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
        let per_event = calls as f64 / self.events.max(1) as f64;
        writeln!(f, "calls       {calls} for {} events, {per_event:.2} each", self.events)?;
        for ((function, operation), n) in &self.calls {
            writeln!(f, "            {n:>8} {function} {operation}")?;
        }
        write!(f, "seconds     {:.1}", self.seconds)
    }
}
