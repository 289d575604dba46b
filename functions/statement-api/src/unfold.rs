//! What stands behind the lines of a statement: its units, contacts and reimbursements, a page at a time, each after a
//! place in the whole. They come by while the statement is folded, and no more than a page of them is kept.

use domain::{
    id::ContactId,
    ledger::{ContactEntry, UnitKey},
    statement::{Listed, ListedUnit, Reason},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use shell::{
    csv::Column,
    cursor,
    failure::Failure,
    fields::{Number, one_of_these},
    http::Request,
};
use std::collections::BTreeMap;

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

/// Rows as they come by, of which those are kept that stand first after a place.
struct Window<P> {
    after: Option<P>,
    /// A page of them, and one more that says that there are more.
    rows: BTreeMap<P, Value>,
    filter: String,
}

impl<P: Ord + Serialize + DeserializeOwned> Window<P> {
    /// After the place that the cursor of the query stands for.
    fn wanted(request: &Request, filter: String) -> Result<Self, Failure> {
        Ok(Self { after: cursor::asked(request)?, rows: BTreeMap::new(), filter })
    }

    fn put(&mut self, place: P, view: &impl Serialize) {
        let is_full = self.rows.len() > PAGE;
        let before = self.after.as_ref().is_some_and(|after| place <= *after);
        let behind = is_full && self.rows.last_key_value().is_some_and(|(last, _)| place > *last);
        if before || behind {
            return;
        }
        if is_full {
            self.rows.pop_last();
        }
        self.rows.insert(place, serde_json::to_value(view).unwrap_or_default());
    }

    fn page(mut self) -> Page {
        let more = self.rows.len() > PAGE;
        if more {
            self.rows.pop_last();
        }
        let next = self.rows.last_key_value().filter(|_| more).map(|(last, _)| cursor::after(last));
        Page { rows: self.rows.into_values().collect(), next, filter: self.filter }
    }
}

/// A unit's place in a statement: its line, then its key.
type UnitPlace = (Reason, i64, UnitKey);

/// The units that are asked for, of all lines or of one.
pub struct Units {
    reason: Option<Reason>,
    rate_minor: Option<i64>,
    window: Window<UnitPlace>,
}

#[derive(Serialize)]
struct UnitView<'a> {
    reason: Reason,
    rate_minor: i64,
    #[serde(flatten)]
    unit: &'a ListedUnit,
}

impl Units {
    /// Reads the query: `reason` and `rate_minor` name a line.
    pub fn wanted(request: &Request) -> Result<Self, Failure> {
        let reason = request.query::<String>("reason")?.map(|name| {
            Reason::deserialize(Value::from(name))
                .map_err(|_| Failure::bad_field("invalid_input", "reason", one_of_these::<Reason>()))
        });
        let reason = reason.transpose()?;
        let rate_minor = request.query::<Number<i64>>("rate_minor")?.map(|Number(rate)| rate);
        let named = reason.map(|reason| format!("reason={reason}&"));
        let rated = rate_minor.map(|rate| format!("rate_minor={rate}&"));
        let filter = [named, rated].into_iter().flatten().collect();
        Ok(Self { reason, rate_minor, window: Window::wanted(request, filter)? })
    }

    /// What stands on the statement comes by.
    pub fn take(&mut self, listed: Listed) {
        let Listed::Unit { reason, rate, unit } = listed else { return };
        let rate_minor = rate.minor;
        if self.reason.is_none_or(|asked| asked == reason) && self.rate_minor.is_none_or(|asked| asked == rate_minor) {
            let view = UnitView { reason, rate_minor, unit: &unit };
            self.window.put((reason, rate_minor, unit.key.clone()), &view);
        }
    }

    /// A page of them.
    pub fn page(self) -> Page {
        self.window.page()
    }
}

/// The contacts of the quarter.
pub struct Contacts(Window<ContactId>);

#[derive(Serialize)]
struct ContactView<'a> {
    #[serde(flatten)]
    entry: &'a ContactEntry,
    /// Whether it counts, which its rule says.
    counted: bool,
}

impl Contacts {
    /// Reads the query.
    pub fn wanted(request: &Request) -> Result<Self, Failure> {
        Window::wanted(request, String::new()).map(Self)
    }

    /// What stands on the statement comes by.
    pub fn take(&mut self, listed: Listed) {
        let Listed::Contact(entry) = listed else { return };
        let view = ContactView { entry: &entry, counted: entry.counts.counts() };
        self.0.put(entry.contact.clone(), &view);
    }

    /// A page of them.
    pub fn page(self) -> Page {
        self.0.page()
    }
}

/// What is paid back, each by its cause.
pub struct PaidBack(Window<String>);

impl PaidBack {
    /// Reads the query.
    pub fn wanted(request: &Request) -> Result<Self, Failure> {
        Window::wanted(request, String::new()).map(Self)
    }

    /// What stands on the statement comes by.
    pub fn take(&mut self, listed: Listed) {
        let Listed::PaidBack(entry) = listed else { return };
        self.0.put(entry.why.to_string(), &entry);
    }

    /// A page of them.
    pub fn page(self) -> Page {
        self.0.page()
    }
}
