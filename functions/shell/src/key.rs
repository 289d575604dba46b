//! Keys. Every key of every table is built here and nowhere else; an id holds no `#`, so parts cannot run into each
//! other, and whatever belongs to a seller has the seller in its key.

mod digest;
mod hook;
mod index;
mod mail;

pub use digest::*;
pub use hook::*;
pub use index::*;

use chrono::NaiveDate;
use domain::{
    at::Instant,
    id::{
        AssociateId, ClaimId, ContactId, CustomerId, DecisionId, DisputeId, ExportId, InquiryId, OrderId, ProductId,
        RequestId, SellerId, StoreId,
    },
    insight::{DayDue, Fact, Place, Scanned, Shipped},
    ledger::{Row, Thing, place},
    quarter::Quarter,
    topic::Family,
};

/// A table, by who may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Accounts and periods.
    Sellers,
    /// Orders, their coverage and parcels; products.
    Orders,
    /// Inquiries, their events, and where each contact went.
    Inquiries,
    /// Words of customers and answers to them. No seller-facing function may read it.
    Conversations,
    /// The Case Log, as the seller sees it, and what it handed over.
    Requests,
    /// Units, contacts, packages, rates and statements.
    Ledger,
    /// What is to leave, now or later; mails and webhooks with their state; what waits for the end of its day; addresses
    /// that are not mailed any more.
    Outbox,
    /// What has been done already.
    Once,
    /// Input that could not be taken, with its reason.
    Parked,
    /// Keys that sign links, and secrets that sign webhooks. Only who signs or reads one may read it.
    Secrets,
    /// What people changed of sellers' things. Each row is written where none is, and nothing deletes one.
    Audit,
    /// Who has signed in at the pages, and until when.
    Sessions,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 12] = [
        Self::Sellers,
        Self::Orders,
        Self::Inquiries,
        Self::Conversations,
        Self::Requests,
        Self::Ledger,
        Self::Outbox,
        Self::Once,
        Self::Parked,
        Self::Secrets,
        Self::Audit,
        Self::Sessions,
    ];

    /// The variable that holds its physical name.
    #[must_use]
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Sellers => "TABLE_SELLERS",
            Self::Orders => "TABLE_ORDERS",
            Self::Inquiries => "TABLE_INQUIRIES",
            Self::Conversations => "TABLE_CONVERSATIONS",
            Self::Requests => "TABLE_REQUESTS",
            Self::Ledger => "TABLE_LEDGER",
            Self::Outbox => "TABLE_OUTBOX",
            Self::Once => "TABLE_ONCE",
            Self::Parked => "TABLE_PARKED",
            Self::Secrets => "TABLE_SECRETS",
            Self::Audit => "TABLE_AUDIT",
            Self::Sessions => "TABLE_SESSIONS",
        }
    }
}

/// Where an item lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The table.
    pub table: Table,
    /// The partition.
    pub pk: String,
    /// The place in it.
    pub sk: String,
}

impl Key {
    fn new(table: Table, pk: String, sk: impl Into<String>) -> Self {
        Self { table, pk, sk: sk.into() }
    }

    /// The n-th event of the change that made this version of the item.
    #[must_use]
    pub fn event(&self, version: u64, n: usize) -> Self {
        Self::new(self.table, self.pk.clone(), format!("{}#EVENT#{version:010}#{n:02}", self.sk))
    }

    /// A seller's account.
    #[must_use]
    pub fn seller(store: &StoreId, seller: &SellerId) -> Self {
        Self::new(Table::Sellers, format!("{store}#{seller}"), "SELLER")
    }

    /// A seller's own return policy.
    #[must_use]
    pub fn return_policy(store: &StoreId, seller: &SellerId) -> Self {
        Self::new(Table::Sellers, format!("{store}#{seller}"), "RETURN_POLICY")
    }

    /// A session of the pages, by the digest of its secret name.
    #[must_use]
    pub fn session(digest: &str) -> Self {
        Self::new(Table::Sessions, format!("SESSION#{digest}"), "SESSION")
    }

    /// An order.
    #[must_use]
    pub fn order(store: &StoreId, order: &OrderId) -> Self {
        Self::new(Table::Orders, format!("{store}#{order}"), "ORDER")
    }

    /// What the catalogue says about a product.
    #[must_use]
    pub fn product(store: &StoreId, product: &ProductId) -> Self {
        Self::new(Table::Orders, format!("{store}#PRODUCT#{product}"), "PRODUCT")
    }

    /// What all contacts about one seller's part of an order have in common.
    #[must_use]
    pub fn thread(store: &StoreId, order: &OrderId, seller: &SellerId) -> Self {
        Self::new(Table::Inquiries, format!("{store}#{order}"), format!("{seller}#THREAD"))
    }

    /// The latest inquiry about one issue of one seller's part of an order.
    #[must_use]
    pub fn inquiry(store: &StoreId, order: &OrderId, seller: &SellerId, issue: Family) -> Self {
        Self::new(Table::Inquiries, format!("{store}#{order}"), format!("{seller}#{issue}"))
    }

    /// What events of one inquiry hang on; the first of them tells where its state lies.
    #[must_use]
    pub fn inquiry_history(store: &StoreId, inquiry: &InquiryId) -> Self {
        Self::new(Table::Inquiries, format!("{store}#INQUIRY#{inquiry}"), "INQUIRY")
    }

    /// The partition of what associates can do.
    #[must_use]
    pub fn profiles_of(store: &StoreId) -> String {
        format!("{store}#DESK#ASSOCIATES")
    }

    /// What an associate can do.
    #[must_use]
    pub fn profile(store: &StoreId, associate: &AssociateId) -> Self {
        Self::new(Table::Inquiries, Self::profiles_of(store), associate.as_str())
    }

    /// The survey of an inquiry.
    #[must_use]
    pub fn survey(store: &StoreId, inquiry: &InquiryId) -> Self {
        Self::new(Table::Inquiries, format!("{store}#INQUIRY#{inquiry}"), "SURVEY")
    }

    /// Where a contact went.
    #[must_use]
    pub fn routed_contact(store: &StoreId, contact: &ContactId) -> Self {
        Self::new(Table::Inquiries, format!("{store}#CONTACT#{contact}"), "ROUTE")
    }

    /// The words of a contact.
    #[must_use]
    pub fn words(store: &StoreId, contact: &ContactId) -> Self {
        Self::new(Table::Conversations, format!("{store}#CONTACT#{contact}"), "WORDS")
    }

    /// An answer to the customer; `cause` tells two of the same instant apart.
    #[must_use]
    pub fn answer(store: &StoreId, inquiry: &InquiryId, at: Instant, cause: &str) -> Self {
        Self::new(
            Table::Conversations,
            format!("{store}#INQUIRY#{inquiry}"),
            format!("ANSWER#{}#{cause}", sortable(at)),
        )
    }

    /// What an associate wrote down for the desk; `cause` tells two of the same instant apart.
    #[must_use]
    pub fn note(store: &StoreId, inquiry: &InquiryId, at: Instant, cause: &str) -> Self {
        Self::new(Table::Conversations, format!("{store}#INQUIRY#{inquiry}"), format!("NOTE#{}#{cause}", sortable(at)))
    }

    /// What a customer said with the answer to a survey.
    #[must_use]
    pub fn comment(store: &StoreId, inquiry: &InquiryId) -> Self {
        Self::new(Table::Conversations, format!("{store}#INQUIRY#{inquiry}"), "COMMENT")
    }

    /// Something that was said in the inquiry of this contact, by its place there.
    #[must_use]
    pub fn said_in(store: &StoreId, inquiry: &InquiryId, place: &str) -> Self {
        Self::new(Table::Conversations, format!("{store}#INQUIRY#{inquiry}"), place)
    }

    /// The erasure of a customer's personal data.
    #[must_use]
    pub fn erasure(store: &StoreId, customer: &CustomerId) -> Self {
        Self::new(Table::Conversations, format!("{store}#CUSTOMER#{customer}"), "ERASURE")
    }

    /// That a lead reads all that is kept of somebody.
    #[must_use]
    pub fn export(store: &StoreId, export: &ExportId) -> Self {
        Self::new(Table::Conversations, format!("{store}#EXPORT#{export}"), "EXPORT")
    }

    /// A request in a seller's Case Log.
    #[must_use]
    pub fn request(store: &StoreId, seller: &SellerId, request: &RequestId) -> Self {
        Self::new(Table::Requests, format!("{store}#{seller}"), format!("REQUEST#{request}"))
    }

    /// What a seller handed over, by the contact that it is routed as.
    #[must_use]
    pub fn transfer(store: &StoreId, seller: &SellerId, contact: &ContactId) -> Self {
        Self::new(Table::Requests, format!("{store}#{seller}"), format!("TRANSFER#{contact}"))
    }

    /// The partition of what was handed over to a seller.
    #[must_use]
    pub fn handed_over_to(store: &StoreId, seller: &SellerId) -> String {
        format!("{store}#{seller}#HANDED_OVER")
    }

    /// That a seller has an inquiry that was the service's.
    #[must_use]
    pub fn handed_over(store: &StoreId, seller: &SellerId, at: Instant, inquiry: &InquiryId) -> Self {
        Self::new(Table::Requests, Self::handed_over_to(store, seller), format!("{}#{inquiry}", sortable(at)))
    }

    /// A decision that a seller sees.
    #[must_use]
    pub fn decision(store: &StoreId, seller: &SellerId, decision: &DecisionId) -> Self {
        Self::new(Table::Requests, format!("{store}#{seller}"), format!("DECISION#{decision}"))
    }

    /// What was given for the units of a seller's part of an order.
    #[must_use]
    pub fn remedies(store: &StoreId, seller: &SellerId, order: &OrderId) -> Self {
        Self::new(Table::Requests, format!("{store}#{seller}"), format!("REMEDIES#{order}"))
    }

    /// The head of a seller's quarter.
    #[must_use]
    pub fn quarter(store: &StoreId, seller: &SellerId, quarter: Quarter) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#{quarter}"), HEAD)
    }

    /// Whose quarter an item of the ledger belongs to.
    #[must_use]
    pub fn quarter_of(pk: &str) -> Option<(StoreId, SellerId, Quarter)> {
        let mut parts = pk.split('#');
        let quarter = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then_some(quarter)
    }

    /// A final statement.
    #[must_use]
    pub fn statement(store: &StoreId, seller: &SellerId, quarter: Quarter) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#{quarter}"), "STATEMENT")
    }

    /// A row of a seller's ledger.
    #[must_use]
    pub fn row(store: &StoreId, seller: &SellerId, quarter: Quarter, row: &Row) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#{quarter}"), row.place())
    }

    /// The entry of a unit or a contact, by its name.
    #[must_use]
    pub fn thing(store: &StoreId, seller: &SellerId, quarter: Quarter, measured_next: bool, thing: &Thing) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#{quarter}"), place(measured_next, thing))
    }

    /// A fact that figures are made of; those of a day stand together.
    #[must_use]
    pub fn fact(store: &StoreId, seller: &SellerId, place: Place, fact: &Fact) -> Self {
        Self::new(Table::Ledger, insights(store, seller), format!("{}{}", facts_of_day(place), name_of(fact)))
    }

    /// The fact that a contact is.
    #[must_use]
    pub fn contact_fact(store: &StoreId, seller: &SellerId, place: Place, contact: &ContactId) -> Self {
        Self::new(Table::Ledger, insights(store, seller), format!("{}{CONTACTS}{contact}", facts_of_day(place)))
    }

    /// That a day has facts which are to be added up: one of a few marks, so that writers of one seller seldom meet.
    #[must_use]
    pub fn day_mark(store: &StoreId, seller: &SellerId, place: Place, cause: &str) -> Self {
        let number = shard(cause, DAY_MARKS);
        Self::new(Table::Ledger, insights(store, seller), format!("{}{number:02}", marks_of_day(place)))
    }

    /// What the facts of a day come to.
    #[must_use]
    pub fn day_sum(store: &StoreId, seller: &SellerId, place: Place) -> Self {
        Self::new(Table::Ledger, insights(store, seller), format!("{}{}", sums_of_quarter(place.quarter), place.day))
    }

    /// That a question found a product's page lacking in a quarter.
    #[must_use]
    pub fn lacking(store: &StoreId, seller: &SellerId, quarter: Quarter, product: &ProductId) -> Self {
        Self::new(Table::Ledger, insights(store, seller), format!("{}{product}", lacking_in(quarter)))
    }

    /// The day that a mark or a sum is of.
    #[must_use]
    pub fn day_due(pk: &str, sk: &str) -> Option<DayDue> {
        let (store, seller) = pk.strip_suffix("#INSIGHTS")?.split_once('#')?;
        let quarter = sk.split('#').nth(1)?.parse().ok()?;
        let place = Place { quarter, day: day_of(sk)? };
        Some(DayDue { store: store.parse().ok()?, seller: seller.parse().ok()?, place })
    }

    /// What a seller holds against a final statement.
    #[must_use]
    pub fn dispute(store: &StoreId, seller: &SellerId, dispute: &DisputeId) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#DISPUTES"), format!("DISPUTE#{dispute}"))
    }

    /// What a seller claims back of a refund.
    #[must_use]
    pub fn claim(store: &StoreId, seller: &SellerId, claim: &ClaimId) -> Self {
        Self::new(Table::Ledger, format!("{store}#{seller}#CLAIMS"), format!("CLAIM#{claim}"))
    }

    /// An entry of the outbox.
    #[must_use]
    pub fn outbox(entry: &str) -> Self {
        Self::new(Table::Outbox, format!("ENTRY#{entry}"), "ENTRY")
    }

    /// The keys that sign links.
    #[must_use]
    pub fn link_keys() -> Self {
        Self::new(Table::Secrets, "LINKS".into(), "KEYS")
    }

    /// The mark that a fact has been acted on.
    #[must_use]
    pub fn once(scope: &str, fact: &str) -> Self {
        Self::new(Table::Once, format!("{scope}#{fact}"), "ONCE")
    }

    /// How many more changes a seller's users may send at once.
    #[must_use]
    pub fn bucket(store: &StoreId, seller: &SellerId) -> Self {
        Self::new(Table::Once, format!("{store}#SELLER#{seller}"), BUCKET)
    }

    /// The partition of a seller's audit.
    #[must_use]
    pub fn audit_of(store: &StoreId, seller: &SellerId) -> String {
        format!("{store}#{seller}")
    }

    /// A row of a seller's audit: when, by which request, and of which thing.
    #[must_use]
    pub fn audit(store: &StoreId, seller: &SellerId, at: Instant, cause: &str, thing: &str) -> Self {
        Self::new(Table::Audit, Self::audit_of(store, seller), format!("{}#{cause}#{thing}", sortable(at)))
    }

    /// The partition of input that could not be taken: of a store, or of none that we know.
    #[must_use]
    pub fn parked_of(store: Option<&StoreId>) -> String {
        format!("{}#PARKED", store.map_or("-", StoreId::as_str))
    }

    /// Input that a function could not take, by when it was sent.
    #[must_use]
    pub fn parked(store: Option<&StoreId>, sent_at: Instant, function: &str, message: &str) -> Self {
        Self::new(Table::Parked, Self::parked_of(store), format!("{}#{function}#{message}", sortable(sent_at)))
    }

    /// The same, by its place.
    #[must_use]
    pub fn parked_at(store: &StoreId, place: &str) -> Self {
        Self::new(Table::Parked, Self::parked_of(Some(store)), place)
    }
}

/// The place of a seller's bucket.
pub const BUCKET: &str = "BUCKET";
/// The place of a quarter's head.
pub const HEAD: &str = "HEAD";

/// The partition of what a seller's figures are made of.
#[must_use]
pub fn insights(store: &StoreId, seller: &SellerId) -> String {
    format!("{store}#{seller}#INSIGHTS")
}

/// Prefix of the facts of a quarter.
#[must_use]
pub fn facts_of_quarter(quarter: Quarter) -> String {
    format!("FACT#{quarter}#")
}

/// Prefix of the facts of a day.
#[must_use]
pub fn facts_of_day(place: Place) -> String {
    format!("{}{}#", facts_of_quarter(place.quarter), place.day)
}

/// The day of a fact, a mark or a sum, by its place.
#[must_use]
pub fn day_of(sk: &str) -> Option<NaiveDate> {
    sk.split('#').nth(2)?.parse().ok()
}

/// Prefix of the marks of a quarter's days.
#[must_use]
pub fn marks_of_quarter(quarter: Quarter) -> String {
    format!("DUE#{quarter}#")
}

/// Prefix of the marks of a day.
#[must_use]
pub fn marks_of_day(place: Place) -> String {
    format!("{}{}#", marks_of_quarter(place.quarter), place.day)
}

/// Prefix of the sums of a quarter's days.
#[must_use]
pub fn sums_of_quarter(quarter: Quarter) -> String {
    format!("DAY#{quarter}#")
}

/// Prefix of the products whose pages were found lacking in a quarter.
#[must_use]
pub fn lacking_in(quarter: Quarter) -> String {
    format!("LACKING#{quarter}#")
}

/// The name of a fact: that of what happened, which happens once.
fn name_of(fact: &Fact) -> String {
    match fact {
        Fact::Shipped(Shipped { first, .. }) => format!("SHIPPED#{}#{}#{}", first.order, first.item, first.ordinal),
        Fact::Scanned(Scanned { order, shipment, .. }) => format!("SCANNED#{order}#{shipment}"),
        Fact::Contact { contact, .. } => format!("{CONTACTS}{contact}"),
        Fact::Resolved { decision, .. } => format!("RESOLVED#{decision}"),
        Fact::Replied { request, .. } => format!("REPLIED#{request}"),
        Fact::Expired { request, .. } => format!("EXPIRED#{request}"),
        Fact::Lacking { request, .. } => format!("LACKING#{request}"),
        Fact::Scored(score) => format!("SCORED#{}", score.inquiry),
    }
}

/// What the names of contacts begin with, among the facts of a day.
pub const CONTACTS: &str = "CONTACT#";

/// A day has at most so many marks.
pub const DAY_MARKS: u32 = 16;

/// An instant as text that sorts by time.
#[must_use]
pub fn sortable(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
