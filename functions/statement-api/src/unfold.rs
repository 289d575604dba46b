//! What stands behind the lines of a statement: its units, contacts and reimbursements, a page at a time, each after a
//! place in the whole.

use domain::{
    id::ContactId,
    ledger::{ContactEntry, UnitKey},
    reimbursement::ReimbursementEntry,
    statement::{Line, ListedUnit, Reason, Statement},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shell::{
    csv::Column,
    cursor,
    failure::Failure,
    fields::{Number, one_of_these},
    http::Request,
};

/// Rows of one answer.
const PAGE: usize = 500;

/// The columns of units as CSV.
pub const UNITS: [Column; 12] = [
    ("reason", "/reason"),
    ("rate_minor", "/rate_minor"),
    ("order", "/order"),
    ("item", "/item"),
    ("ordinal", "/ordinal"),
    ("shipment", "/shipment"),
    ("shipped_at", "/shipped_at"),
    ("card", "/why/rated/card"),
    ("tier", "/why/rated/tier"),
    ("rate_of", "/why/rated/rate_of"),
    ("not_covered", "/why/not_covered"),
    ("reversed", "/why/reversed/statement"),
];

/// The columns of contacts as CSV.
pub const CONTACTS: [Column; 6] = [
    ("contact", "/contact"),
    ("order", "/order"),
    ("topic", "/topic"),
    ("received_at", "/received_at"),
    ("counts", "/counts"),
    ("counted", "/counted"),
];

/// The columns of reimbursements as CSV.
pub const REIMBURSEMENTS: [Column; 7] = [
    ("for", "/for"),
    ("claim", "/claim"),
    ("decision", "/decision"),
    ("order", "/order"),
    ("amount_minor", "/amount/minor"),
    ("currency", "/amount/currency"),
    ("granted_at", "/granted_at"),
];

/// A page of rows.
pub struct Page {
    pub rows: Vec<Value>,
    /// The cursor of the next one.
    pub next: Option<String>,
    /// What of the query the next one needs too.
    pub filter: String,
}

/// A unit's place in a statement: its line, then its key.
type UnitPlace = (Reason, i64, UnitKey);

/// Which units are asked for: of which line, after which place.
#[derive(Debug, Default)]
pub struct Wanted {
    reason: Option<Reason>,
    rate_minor: Option<i64>,
    after: Option<UnitPlace>,
}

#[derive(Serialize)]
struct UnitView<'a> {
    reason: Reason,
    rate_minor: i64,
    #[serde(flatten)]
    unit: &'a ListedUnit,
}

#[derive(Serialize)]
struct ContactView<'a> {
    #[serde(flatten)]
    entry: &'a ContactEntry,
    /// Whether it counts, which its rule says.
    counted: bool,
}

/// Reads the query for units: `reason` and `rate_minor` name a line.
pub fn wanted(request: &Request) -> Result<Wanted, Failure> {
    let reason = request.query::<String>("reason")?.map(|name| {
        Reason::deserialize(Value::from(name))
            .map_err(|_| Failure::bad_field("invalid_input", "reason", one_of_these::<Reason>()))
    });
    let rate_minor = request.query::<Number<i64>>("rate_minor")?.map(|Number(rate)| rate);
    Ok(Wanted { reason: reason.transpose()?, rate_minor, after: after(request)? })
}

/// The place that the cursor of the query stands for.
pub fn after<T: serde::de::DeserializeOwned>(request: &Request) -> Result<Option<T>, Failure> {
    cursor::asked(request)
}

/// The units of the lines that are asked for.
pub fn units(statement: &Statement, wanted: &Wanted) -> Page {
    let asked = |line: &&Line| {
        wanted.reason.is_none_or(|reason| line.reason == reason)
            && wanted.rate_minor.is_none_or(|rate| line.rate.minor == rate)
    };
    let all = statement.lines.iter().filter(asked).flat_map(|line| line.listed.iter().map(move |unit| (line, unit)));
    let place = |(line, unit): &(&Line, &ListedUnit)| (line.reason, line.rate.minor, unit.key.clone());
    let reason = wanted.reason.map(|reason| format!("reason={reason}&"));
    let rate = wanted.rate_minor.map(|rate| format!("rate_minor={rate}&"));
    let filter = [reason, rate].into_iter().flatten().collect();
    let view = |(line, unit): &(&Line, &ListedUnit)| {
        serde_json::to_value(UnitView { reason: line.reason, rate_minor: line.rate.minor, unit }).unwrap_or_default()
    };
    page(all, wanted.after.as_ref(), place, view, filter)
}

/// Every contact of the quarter.
pub fn contacts(statement: &Statement, after: Option<&ContactId>) -> Page {
    let view = |entry: &&ContactEntry| {
        serde_json::to_value(ContactView { entry, counted: entry.counts.counts() }).unwrap_or_default()
    };
    page(&statement.contacts, after, |entry| entry.contact.clone(), view, String::new())
}

/// What is paid back.
pub fn reimbursements(statement: &Statement, after: Option<&String>) -> Page {
    let place = |entry: &&ReimbursementEntry| entry.why.to_string();
    let view = |entry: &&ReimbursementEntry| serde_json::to_value(entry).unwrap_or_default();
    page(&statement.reimbursements, after, place, view, String::new())
}

fn page<T, P: PartialOrd + Serialize>(
    all: impl IntoIterator<Item = T>,
    after: Option<&P>,
    place: impl Fn(&T) -> P,
    view: impl Fn(&T) -> Value,
    filter: String,
) -> Page {
    let (rows, next) = cursor::page(all, after, PAGE, place);
    Page { rows: rows.iter().map(view).collect(), next, filter }
}
