//! What the tests of several modules build upon: a store, a seller, an order, a contact, an inquiry, each the plainest
//! of its kind. A test changes the one thing that it is about.

use crate::{
    at::{Actor, At, Instant},
    book::Book,
    contact::{Channel, Contact, Subject},
    coverage::{Coverage, Fulfilment, Uncovered},
    decision::{DecidedBy, DecisionKind, DecisionRecord, Facts, WayBack},
    id::NotAnId,
    inquiry::{Inquiry, InquiryEvent},
    judgement::Matter,
    money::Money,
    order::{Line, Order},
    outcome::Outcome,
    seller::{End, EndReason, Enrolling, Period, Plan, Seller, SellerEvent, SellerFacts, SellerLanguage, Standing},
    store::Store,
    topic::{Liable, Topic},
};
use chrono::TimeDelta;
use iso_currency::Currency;
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
    sync::LazyLock,
};

pub const MILLI: TimeDelta = TimeDelta::milliseconds(1);

static BOOK: LazyLock<Book> = LazyLock::new(|| Book::shipped().unwrap());

pub fn utc(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A date of 2017 that is a while before anything else in the tests.
pub fn monday() -> Instant {
    utc("2017-06-05T12:00:00Z")
}

pub fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

pub fn id<T: FromStr<Err = NotAnId>>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn store(name: &str) -> &'static Store {
    BOOK.store(&id(name)).unwrap()
}

pub fn topics() -> Vec<&'static Topic> {
    BOOK.topics.iter().collect()
}

pub fn topic(code: &str) -> &'static Topic {
    BOOK.topics.get(code).unwrap()
}

pub fn at(now: Instant) -> At {
    At { now, actor: Actor::Service, cause: "cause".into() }
}

/// A seller of the US store that meets every requirement.
pub fn facts() -> SellerFacts {
    SellerFacts {
        plan: Plan::Professional,
        standing: Standing::Good,
        address_country: "US".into(),
        email: "seller@example.com".into(),
        language: SellerLanguage::En,
        primary_user: None,
    }
}

pub fn with_events(seller: Option<&Seller>, outcome: &Outcome<SellerEvent>) -> Seller {
    outcome.events.iter().fold(seller.cloned(), Seller::apply).unwrap()
}

/// A seller of this store, registered under the terms of that time, and enrolled where the store does so by default.
pub fn registered(store: &Store, at: Instant) -> Seller {
    let facts = SellerFacts { address_country: store.address_countries[0].clone(), ..facts() };
    let terms = store.terms_at(at).map(|terms| terms.version.clone());
    with_events(None, &Seller::register(None, store, &id("s"), facts, terms, at))
}

/// From where [`serving`] counts its minutes.
pub fn origin() -> Instant {
    utc("2017-01-01T00:00:00Z")
}

/// A Brazilian seller with these periods, in minutes from the [`origin`]; one without an end is open.
pub fn serving(periods: &[(i64, Option<i64>)]) -> Seller {
    static BARE: LazyLock<Seller> = LazyLock::new(|| registered(store("BR"), origin()));
    let start = origin();
    let at = |minute: i64| start + minutes(minute);
    let period = |(from, end): &(i64, Option<i64>)| Period {
        starts_at: at(*from),
        opened_by: Enrolling::OptIn,
        ended: end.map(|end| End { at: at(end), reason: EndReason::OptedOut }),
    };
    Seller { periods: periods.iter().map(period).collect(), ..BARE.clone() }
}

pub const COVERED: Coverage = Coverage::Service { trial_ends_at: Instant::UNIX_EPOCH };

pub const fn uncovered(why: Uncovered) -> Coverage {
    Coverage::Seller { why }
}

/// One line of the order, sold by `s`.
pub fn line(item: &str, coverage: Coverage) -> Line {
    Line {
        item: id(item),
        seller: id("s"),
        product: id("product"),
        category: None,
        quantity: 1,
        unit_price: Money::new(1000, Currency::USD),
        fulfilment: Fulfilment::Seller,
        promised_by: None,
        coverage,
        shipped: BTreeSet::new(),
    }
}

pub fn order(lines: Vec<Line>) -> Order {
    Order {
        store: id("US"),
        id: id("o"),
        customer: id("customer"),
        placed_at: monday(),
        lines,
        parcels: BTreeMap::new(),
        policies: BTreeMap::new(),
        contests: Vec::new(),
    }
}

/// An e-mail about item `i` of the order.
pub fn contact(name: &str, topic: &str, received_at: Instant) -> Contact {
    Contact {
        id: id(name),
        store: id("US"),
        customer: id("customer"),
        channel: Channel::Email,
        language: "en".into(),
        mailable: true,
        seller: id("s"),
        subject: Some(Subject { order: id("o"), items: vec![id("i")] }),
        topic: topic.into(),
        source: crate::guess::Source::Told,
        received_at,
        transferred: false,
        outcome_mailed: false,
    }
}

/// The inquiry of a first e-mail about item `i`, received on [`monday`].
pub fn opened(code: &str) -> Inquiry {
    let order = order(vec![line("i", COVERED)]);
    let event = Inquiry::receive(None, &contact("c1", code, monday()), topic(code), &order, &[id("i")], store("US"));
    Inquiry::apply(None, &event).unwrap()
}

pub fn after_events(inquiry: &Inquiry, outcome: &Outcome<InquiryEvent>) -> Inquiry {
    outcome.events.iter().try_fold(inquiry.clone(), |state, event| Inquiry::apply(Some(state), event)).unwrap()
}

/// The matter of an inquiry about this order, as it was before anything was given.
pub fn matter<'a>(inquiry: &'a Inquiry, order: &'a Order) -> Matter<'a> {
    let (store, topic, reasons) = (store("US"), topic(&inquiry.topic), &BOOK.reasons);
    Matter { inquiry, order, topic, store, reasons, remedies: None, request: None, seller_country: Some("US") }
}

/// A decision of the associate `a` that costs nobody anything.
pub fn answered(inquiry: &Inquiry, at: Instant) -> DecisionRecord {
    DecisionRecord {
        id: id("d"),
        inquiry: inquiry.id.clone(),
        order: inquiry.order.clone(),
        items: inquiry.items.clone(),
        units: Vec::new(),
        kind: DecisionKind::Answer,
        decided_by: DecidedBy::Associate { associate: Some(id("a")) },
        decided_at: at,
        basis: "The page says so.".into(),
        reason: Some("question_answered".into()),
        facts: Facts::default(),
        policy: "standard".into(),
        amount: None,
        liable: Liable::Customer,
        return_shipping: None,
        return_method_by: None,
        way_back: WayBack::None,
        supersedes: Vec::new(),
    }
}
