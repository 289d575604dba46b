//! One item as it lies in a table: its key, the attributes of indexes, and its state, read as what its key says it is.
//!
//! The key of a restored item comes first or last, as the reader likes; a state whose key is not known yet is looked at
//! again when it is. Words of customers, bytes of mails, keys of links and secrets of webhooks are passed over and never held.

use super::{attribute::As, kind::Kind};
use domain::{
    associate::Profile,
    at::Instant,
    catalogue::Product,
    claim::{Claim, ClaimEvent},
    decision::DecisionRecord,
    digest::{Digest, Line},
    dispute::{Dispute, DisputeEvent},
    erasure::{Erasure, ErasureEvent},
    export::Export,
    hook::delivery::Delivery,
    id::{ContactId, OrderId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    insight::{DaySum, Fact, Lacking, Place as Day},
    ledger::{QuarterHead, Row},
    mail::{Report, Suppression},
    order::Order,
    pace::Bucket,
    policy::{Policy, PolicyEvent},
    received::{Fate, Quarantined, Spent},
    remedy::{Remedies, RemedyEvent},
    request::{Request, RequestEvent},
    routing::{RoutedContact, Thread},
    seller::{Seller, SellerEvent},
    survey::{Survey, SurveyEvent},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use shell::{
    audit::Audited,
    commit::EventRow,
    key::{Key, Table},
    ledger::FinalStatement,
    record::HandedOver,
    reply::Answered,
};
use std::{borrow::Cow, fmt};

/// Where an item lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place<'a> {
    /// In which table.
    pub table: Table,
    /// The partition.
    pub pk: Cow<'a, str>,
    /// The place in it.
    pub sk: Cow<'a, str>,
}

impl Place<'_> {
    /// Whether it is the place of this key.
    pub fn is(&self, key: &Key) -> bool {
        self.table == key.table && self.pk == key.pk && self.sk == key.sk
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}Table {} {}", self.table, self.pk, self.sk)
    }
}

/// A place, before anything lies there.
pub fn place_of(key: &Key) -> String {
    format!("{:?}Table {} {}", key.table, key.pk, key.sk)
}

/// The table of this name, as in the template.
pub fn table_named(name: &str) -> Option<Table> {
    Some(match name.strip_suffix("Table")? {
        "Sellers" => Table::Sellers,
        "Orders" => Table::Orders,
        "Inquiries" => Table::Inquiries,
        "Conversations" => Table::Conversations,
        "Requests" => Table::Requests,
        "Ledger" => Table::Ledger,
        "Outbox" => Table::Outbox,
        "Once" => Table::Once,
        "Parked" => Table::Parked,
        "Secrets" => Table::Secrets,
        "Audit" => Table::Audit,
        "Sessions" => Table::Sessions,
        _ => return None,
    })
}

/// The end of a mail, without the mail.
#[derive(Debug, Clone, Deserialize)]
pub struct NoticeState {
    /// How far it has come.
    pub status: NoticeStatus,
    /// What was reported of it.
    pub became: Option<Report>,
    /// What SES called it.
    pub message_id: Option<String>,
    /// What an answer to it is about.
    pub about: Option<Answered>,
}

/// How far a mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStatus {
    Waiting,
    Sending,
    Sent,
    Suppressed,
    Refused,
    Unknown,
}

/// What is known of parked input.
#[derive(Debug, Clone, Deserialize)]
pub struct ParkedState {
    /// Who could not take it.
    pub function: String,
    /// The message.
    pub body: String,
}

/// What a seller handed over, without its words.
#[derive(Debug, Clone, Deserialize)]
pub struct TransferState {
    /// Where.
    pub store: StoreId,
    /// By whom.
    pub seller: SellerId,
    /// As which contact.
    pub contact: ContactId,
    /// About which order.
    pub order: OrderId,
    /// Whether its words are erased.
    #[serde(rename = "text", deserialize_with = "is_empty")]
    pub is_erased: bool,
}

/// Whether a text is empty; it is not held.
fn is_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Text::deserialize(deserializer).map(|text| text.0.is_empty())
}

/// A mark that something was done, without the answer.
#[derive(Debug, Clone, Deserialize)]
pub struct MarkerState {
    /// Of the fact.
    pub digest: String,
}

/// Of what was said, whether it is erased.
#[derive(Debug, Clone, Deserialize)]
pub struct WordsState {
    /// When they were.
    #[serde(default)]
    pub erased_at: Option<Instant>,
}

/// What an item holds.
#[derive(Debug, Clone)]
pub enum State {
    Seller(Seller),
    SellerEvent(EventRow<SellerEvent>),
    Policy(Box<Policy>),
    PolicyEvent(EventRow<PolicyEvent>),
    Order(Order),
    Product(Product),
    Thread(Thread),
    Inquiry(Box<Inquiry>),
    InquiryEvent(EventRow<InquiryEvent>),
    Survey(Box<Survey>),
    SurveyEvent(EventRow<SurveyEvent>),
    Routed(RoutedContact),
    Words(WordsState),
    Profile(Profile),
    Answer(WordsState),
    Note(WordsState),
    Comment(WordsState),
    Erasure(Erasure),
    ErasureEvent(EventRow<ErasureEvent>),
    Export(Export),
    Request(Box<Request>),
    RequestEvent(EventRow<RequestEvent>),
    Transfer(TransferState),
    Decision(Box<DecisionRecord>),
    HandedOver(HandedOver),
    Remedies(Box<Remedies>),
    RemedyEvent(EventRow<RemedyEvent>),
    Head(QuarterHead),
    Statement(FinalStatement),
    Row(Row),
    Dispute(Box<Dispute>),
    DisputeEvent(EventRow<DisputeEvent>),
    Fact(Box<Fact>),
    DayMark(Day),
    Lacking(Lacking),
    DaySum(Box<DaySum>),
    Claim(Box<Claim>),
    ClaimEvent(EventRow<ClaimEvent>),
    Notice(NoticeState),
    Mailed(Answered),
    Hook(Box<Delivery>),
    Suppression(Suppression),
    DigestLine(Box<Line>),
    DigestClosed(Digest),
    Marker(MarkerState),
    Parked(ParkedState),
    /// Keys or secrets, passed over.
    Secret,
    Session,
    Audited(Box<Audited>),
    Writer(SellerId),
    Received(Fate),
    Quarantined(Quarantined),
    Spent,
    Bucket,
}

/// The attributes beside the state, as far as they are there.
#[derive(Debug, Clone, Default)]
pub struct Beside<'a> {
    pub schema: Option<u32>,
    pub version: Option<u64>,
    pub due_shard: Option<Cow<'a, str>>,
    pub due_at: Option<i64>,
    pub hook_key: Option<Cow<'a, str>>,
    pub hook_at: Option<i64>,
    pub queue_key: Option<Cow<'a, str>>,
    pub queue_rank: Option<Cow<'a, str>>,
    pub holder_key: Option<Cow<'a, str>>,
    pub holder_rank: Option<Cow<'a, str>>,
    pub escalated_key: Option<Cow<'a, str>>,
    pub escalated_rank: Option<Cow<'a, str>>,
    pub seller_key: Option<Cow<'a, str>>,
    pub seller_rank: Option<Cow<'a, str>>,
    pub decision_key: Option<Cow<'a, str>>,
    pub decided_at: Option<i64>,
    pub view_key: Option<Cow<'a, str>>,
    pub case_key: Option<Cow<'a, str>>,
    pub order_key: Option<Cow<'a, str>>,
    pub dispute_key: Option<Cow<'a, str>>,
    pub filed_at: Option<i64>,
    pub claim_key: Option<Cow<'a, str>>,
    pub waits_since: Option<i64>,
    pub kind: Option<Cow<'a, str>>,
    pub queue: Option<Cow<'a, str>>,
    pub body: Option<Cow<'a, str>>,
}

/// An item, read.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    pub place: Place<'a>,
    pub kind: Option<Kind>,
    pub beside: Beside<'a>,
    /// `None`: there is none, or nobody knows as what to read it.
    pub state: Option<State>,
}

/// An item as far as it was read.
pub struct Parsed<'a> {
    pub item: Item<'a>,
    /// The state came before the key that says what it is.
    pub late: bool,
}

/// How an item is read.
pub struct Reading {
    pub table: Table,
    /// As what, if that is known before its key is.
    pub known: Option<Kind>,
}

/// A text that is not copied where that can be helped.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taken;
        impl<'de> Visitor<'de> for Taken {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Taken)
    }
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Cow<'de, str>, A::Error> {
    map.next_value_seed(As::<Text<'de>>::type_of()).map(|text| text.0)
}

fn value<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value_seed(As::type_of())
}

fn state<'de, A: MapAccess<'de>>(kind: Kind, map: &mut A) -> Result<Option<State>, A::Error> {
    Ok(Some(match kind {
        Kind::Seller => State::Seller(value(map)?),
        Kind::SellerEvent => State::SellerEvent(value(map)?),
        Kind::Policy => State::Policy(value(map)?),
        Kind::PolicyEvent => State::PolicyEvent(value(map)?),
        Kind::Order => State::Order(value(map)?),
        Kind::Product => State::Product(value(map)?),
        Kind::Thread => State::Thread(value(map)?),
        Kind::Inquiry => State::Inquiry(value(map)?),
        Kind::InquiryEvent => State::InquiryEvent(value(map)?),
        Kind::Survey => State::Survey(value(map)?),
        Kind::SurveyEvent => State::SurveyEvent(value(map)?),
        Kind::Routed => State::Routed(value(map)?),
        Kind::Words => State::Words(value(map)?),
        Kind::Erasure => State::Erasure(value(map)?),
        Kind::ErasureEvent => State::ErasureEvent(value(map)?),
        Kind::Export => State::Export(value(map)?),
        Kind::Profile => State::Profile(value(map)?),
        Kind::Answer => State::Answer(value(map)?),
        Kind::Note => State::Note(value(map)?),
        Kind::Comment => State::Comment(value(map)?),
        Kind::LinkKeys | Kind::HookSecrets => map.next_value::<IgnoredAny>().map(|_| State::Secret)?,
        Kind::Session => map.next_value::<IgnoredAny>().map(|_| State::Session)?,
        Kind::Request => State::Request(value(map)?),
        Kind::RequestEvent => State::RequestEvent(value(map)?),
        Kind::Transfer => State::Transfer(value(map)?),
        Kind::Decision => State::Decision(value(map)?),
        Kind::HandedOver => State::HandedOver(value(map)?),
        Kind::Remedies => State::Remedies(value(map)?),
        Kind::RemedyEvent => State::RemedyEvent(value(map)?),
        Kind::Head => State::Head(value(map)?),
        Kind::Statement => State::Statement(value(map)?),
        Kind::Row => State::Row(value(map)?),
        Kind::Dispute => State::Dispute(value(map)?),
        Kind::DisputeEvent => State::DisputeEvent(value(map)?),
        Kind::Fact => State::Fact(value(map)?),
        Kind::DayMark => State::DayMark(value(map)?),
        Kind::Lacking => State::Lacking(value(map)?),
        Kind::DaySum => State::DaySum(value(map)?),
        Kind::Claim => State::Claim(value(map)?),
        Kind::ClaimEvent => State::ClaimEvent(value(map)?),
        Kind::Notice => State::Notice(value(map)?),
        Kind::Mailed => State::Mailed(value(map)?),
        Kind::Hook => State::Hook(value(map)?),
        Kind::Suppression => State::Suppression(value(map)?),
        Kind::DigestLine => State::DigestLine(value(map)?),
        Kind::DigestClosed => State::DigestClosed(value(map)?),
        Kind::Marker => State::Marker(value(map)?),
        Kind::Parked => State::Parked(value(map)?),
        Kind::Audited => State::Audited(value(map)?),
        Kind::Writer => State::Writer(value(map)?),
        Kind::Received => State::Received(value(map)?),
        Kind::Quarantined => State::Quarantined(value(map)?),
        Kind::Spent => value::<Spent, _>(map).map(|_| State::Spent)?,
        Kind::Bucket => value::<Bucket, _>(map).map(|_| State::Bucket)?,
        Kind::Entry => return map.next_value::<IgnoredAny>().map(|_| None),
    }))
}

impl<'de> Visitor<'de> for Reading {
    type Value = Parsed<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parsed<'de>, A::Error> {
        let (mut pk, mut sk, mut beside) = (None, None, Beside::default());
        let (mut read, mut late) = (None, false);
        while let Some(Text(name)) = map.next_key()? {
            match name.as_ref() {
                "pk" => pk = Some(text(&mut map)?),
                "sk" => sk = Some(text(&mut map)?),
                "schema" => beside.schema = Some(value(&mut map)?),
                "version" => beside.version = Some(value(&mut map)?),
                "due_shard" => beside.due_shard = Some(text(&mut map)?),
                "due_at" => beside.due_at = Some(value(&mut map)?),
                "queue_key" => beside.queue_key = Some(text(&mut map)?),
                "queue_rank" => beside.queue_rank = Some(text(&mut map)?),
                "holder_key" => beside.holder_key = Some(text(&mut map)?),
                "holder_rank" => beside.holder_rank = Some(text(&mut map)?),
                "escalated_key" => beside.escalated_key = Some(text(&mut map)?),
                "escalated_rank" => beside.escalated_rank = Some(text(&mut map)?),
                "seller_key" => beside.seller_key = Some(text(&mut map)?),
                "seller_rank" => beside.seller_rank = Some(text(&mut map)?),
                "decision_key" => beside.decision_key = Some(text(&mut map)?),
                "decided_at" => beside.decided_at = Some(value(&mut map)?),
                "view_key" => beside.view_key = Some(text(&mut map)?),
                "case_key" => beside.case_key = Some(text(&mut map)?),
                "order_key" => beside.order_key = Some(text(&mut map)?),
                "dispute_key" => beside.dispute_key = Some(text(&mut map)?),
                "filed_at" => beside.filed_at = Some(value(&mut map)?),
                "claim_key" => beside.claim_key = Some(text(&mut map)?),
                "waits_since" => beside.waits_since = Some(value(&mut map)?),
                "hook_key" => beside.hook_key = Some(text(&mut map)?),
                "hook_at" => beside.hook_at = Some(value(&mut map)?),
                "kind" => beside.kind = Some(text(&mut map)?),
                "queue" => beside.queue = Some(text(&mut map)?),
                "body" => beside.body = Some(text(&mut map)?),
                "state" => {
                    let keyed = || Kind::at(self.table, pk.as_deref()?, sk.as_deref()?);
                    match self.known.or_else(keyed) {
                        Some(kind) => read = state(kind, &mut map)?,
                        None => late = map.next_value::<IgnoredAny>().map(|_| true)?,
                    }
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let missing = |name| move || A::Error::custom(format_args!("an item without {name}"));
        let (pk, sk) = (pk.ok_or_else(missing("pk"))?, sk.ok_or_else(missing("sk"))?);
        let kind = Kind::at(self.table, &pk, &sk);
        let late = late && self.known.is_none() && kind.is_some();
        let place = Place { table: self.table, pk, sk };
        Ok(Parsed { item: Item { place, kind, beside, state: read }, late })
    }
}
