//! Every item that was read, sorted by what it is. Here an item answers for itself alone: its layout is known, and its
//! key is the one that its state would be given (P1: a key that forgot its seller, or names another, is found).
//!
//! Not here: whatever one item says of another.

use super::{
    Asked,
    item::{Beside, Item, MarkerState, NoticeState, ParkedState, Place, State, TransferState, WordsState, table_named},
    kind::Kind,
    written::{Written, read, read_key},
};
use domain::{
    catalogue::Product,
    claim::{Claim, ClaimEvent},
    decision::DecisionRecord,
    digest::{Digest, Line},
    dispute::{Dispute, DisputeEvent},
    erasure::{Erasure, ErasureEvent},
    export::Export,
    hook::delivery::Delivery,
    id::{DecisionId, OrderId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    insight::{self, DayDue, DaySum, Fact, Lacking},
    ledger::{QuarterHead, Row},
    mail::Suppression,
    order::Order,
    policy::{Policy, PolicyEvent},
    quarter::Quarter,
    received::{Fate, Quarantined},
    remedy::{Remedies, RemedyEvent},
    request::{Request, RequestEvent, View},
    routing::{RoutedContact, Thread},
    seller::{Seller, SellerEvent},
    survey::{Survey, SurveyEvent},
};
use shell::{
    audit::Audited,
    commit::{EventRow, SCHEMA},
    key::{Key, about_key, day_of, seller_key, view_key},
    ledger::FinalStatement,
    record::{HandedOver, inquiry_key},
    reply::Answered,
};
use std::str::FromStr;

/// An item and its state.
#[derive(Debug)]
pub struct Kept<'a, T> {
    pub place: Place<'a>,
    pub beside: Beside<'a>,
    pub state: T,
}

impl<T> Kept<'_, T> {
    /// Which change made it.
    pub fn version(&self) -> u64 {
        self.beside.version.unwrap_or(0)
    }
}

/// A row of a seller's ledger, and where it is booked.
#[derive(Debug)]
pub struct Booked<'a> {
    pub place: Place<'a>,
    pub store: StoreId,
    pub seller: SellerId,
    pub quarter: Quarter,
    pub row: Row,
}

/// A thread, and what its key says of it.
#[derive(Debug)]
pub struct ThreadOf<'a> {
    pub place: Place<'a>,
    pub store: StoreId,
    pub order: OrderId,
    pub seller: SellerId,
    pub thread: Thread,
}

/// A decision, and with whom it stands.
#[derive(Debug)]
pub struct DecisionOf<'a> {
    pub place: Place<'a>,
    pub store: StoreId,
    pub seller: SellerId,
    pub record: Box<DecisionRecord>,
}

/// A fact for figures, and with whom and where it stands.
#[derive(Debug)]
pub struct FactOf<'a> {
    pub place: Place<'a>,
    pub store: StoreId,
    pub seller: SellerId,
    pub at: insight::Place,
    pub fact: Box<Fact>,
}

/// Something of a day of a seller.
#[derive(Debug)]
pub struct DayOf<'a, T> {
    pub kept: Kept<'a, T>,
    pub day: DayDue,
}

impl<'a, T> DayOf<'a, T> {
    fn read(asked: &mut Asked, kept: Kept<'a, T>) -> Option<Self> {
        let day = Key::day_due(&kept.place.pk, &kept.place.sk);
        asked.holds(day.is_some(), "P1", &kept.place, || "it is of no day of a seller: its key is wrong".into());
        Some(Self { day: day?, kept })
    }
}

/// All items.
#[derive(Debug, Default)]
pub struct Shelf<'a> {
    pub sellers: Vec<Kept<'a, Seller>>,
    pub seller_events: Vec<Kept<'a, EventRow<SellerEvent>>>,
    pub policies: Vec<Kept<'a, Box<Policy>>>,
    pub policy_events: Vec<Kept<'a, EventRow<PolicyEvent>>>,
    pub orders: Vec<Kept<'a, Order>>,
    pub products: Vec<Kept<'a, Product>>,
    pub threads: Vec<ThreadOf<'a>>,
    pub inquiries: Vec<Kept<'a, Box<Inquiry>>>,
    pub inquiry_events: Vec<Kept<'a, EventRow<InquiryEvent>>>,
    pub surveys: Vec<Kept<'a, Box<Survey>>>,
    pub survey_events: Vec<Kept<'a, EventRow<SurveyEvent>>>,
    pub routed: Vec<Kept<'a, RoutedContact>>,
    pub words: Vec<Kept<'a, WordsState>>,
    pub answers: Vec<Kept<'a, WordsState>>,
    pub notes: Vec<Kept<'a, WordsState>>,
    pub comments: Vec<Kept<'a, WordsState>>,
    pub erasures: Vec<Kept<'a, Erasure>>,
    pub erasure_events: Vec<Kept<'a, EventRow<ErasureEvent>>>,
    pub exports: Vec<Kept<'a, Export>>,
    pub requests: Vec<Kept<'a, Box<Request>>>,
    pub request_events: Vec<Kept<'a, EventRow<RequestEvent>>>,
    pub transfers: Vec<Kept<'a, TransferState>>,
    pub decisions: Vec<DecisionOf<'a>>,
    pub handed_over: Vec<Kept<'a, HandedOver>>,
    pub remedies: Vec<Kept<'a, Box<Remedies>>>,
    pub remedy_events: Vec<Kept<'a, EventRow<RemedyEvent>>>,
    pub heads: Vec<Kept<'a, QuarterHead>>,
    pub statements: Vec<Kept<'a, FinalStatement>>,
    pub rows: Vec<Booked<'a>>,
    pub disputes: Vec<Kept<'a, Box<Dispute>>>,
    pub dispute_events: Vec<Kept<'a, EventRow<DisputeEvent>>>,
    pub facts: Vec<FactOf<'a>>,
    pub day_marks: Vec<DayOf<'a, insight::Place>>,
    pub day_sums: Vec<DayOf<'a, Box<DaySum>>>,
    pub lacking: Vec<Kept<'a, Lacking>>,
    pub claims: Vec<Kept<'a, Box<Claim>>>,
    pub claim_events: Vec<Kept<'a, EventRow<ClaimEvent>>>,
    pub entries: Vec<Kept<'a, ()>>,
    pub notices: Vec<Kept<'a, NoticeState>>,
    pub mailed: Vec<Kept<'a, Answered>>,
    pub hooks: Vec<Kept<'a, Box<Delivery>>>,
    pub suppressions: Vec<Kept<'a, Suppression>>,
    pub digest_lines: Vec<Kept<'a, Box<Line>>>,
    pub digests_closed: Vec<Kept<'a, Digest>>,
    pub markers: Vec<Kept<'a, MarkerState>>,
    pub parked: Vec<Kept<'a, ParkedState>>,
    pub audited: Vec<Kept<'a, Box<Audited>>>,
    pub writers: Vec<Kept<'a, SellerId>>,
    pub mails: Vec<Kept<'a, Fate>>,
    pub quarantined: Vec<Kept<'a, Quarantined>>,
}

/// The parts of a partition, where each is an id.
fn ids<A: FromStr, B: FromStr>(text: &str) -> Option<(A, B)> {
    let (first, second) = text.split_once('#')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

impl<'a> Shelf<'a> {
    /// Reads an item and puts it where it belongs.
    pub fn put(&mut self, asked: &mut Asked, table: &str, written: Written<'a>) {
        let Some(table) = table_named(table) else {
            asked.found("X6", &table, "no table of ours has this name".into());
            return;
        };
        match read(table, written) {
            Ok(item) => self.sort(asked, item),
            Err(why) => {
                let place = read_key(table, written);
                asked.found("X6", &place, format!("the item cannot be read: {why}"));
            }
        }
    }

    fn sort(&mut self, asked: &mut Asked, item: Item<'a>) {
        let Item { place, kind, beside, state } = item;
        let Some(kind) = kind else {
            asked.found("P1", &place, "nothing of this table has such a key: a part of it is missing or wrong".into());
            return;
        };
        if kind == Kind::Entry {
            self.entries.push(Kept { place, beside, state: () });
            return;
        }
        asked.holds(beside.schema == Some(SCHEMA), "X6", &place, || match beside.schema {
            Some(schema) => format!("the layout {schema} is not known here; {SCHEMA} is"),
            None => "it does not say in which layout it is written".into(),
        });
        let versioned = matches!(
            kind,
            Kind::Seller
                | Kind::Policy
                | Kind::Order
                | Kind::Product
                | Kind::Thread
                | Kind::Inquiry
                | Kind::Profile
                | Kind::Request
                | Kind::Remedies
                | Kind::Transfer
                | Kind::Head
                | Kind::Words
                | Kind::Erasure
                | Kind::Dispute
                | Kind::Survey
                | Kind::Claim
                | Kind::DayMark
                | Kind::DaySum
                | Kind::Quarantined
                | Kind::Spent
        );
        asked.holds(!versioned || beside.version.is_some_and(|v| v > 0), "X6", &place, || {
            "it does not count its changes".into()
        });
        let Some(state) = state else {
            asked.found("X6", &place, "it holds no state".into());
            return;
        };
        self.lay(asked, place, beside, state);
    }

    fn product(&mut self, asked: &mut Asked, kept: Kept<'a, Product>) {
        let named = kept.place.pk.split('#').nth(2) == Some(kept.state.id.as_str());
        asked.holds(named, "P1", &kept.place, || format!("its state belongs to the product {}", kept.state.id));
        self.products.push(kept);
    }

    fn thread(&mut self, asked: &mut Asked, place: Place<'a>, thread: Thread) {
        let seller = place.sk.split_once('#').and_then(|(seller, _)| seller.parse::<SellerId>().ok());
        match ids::<StoreId, OrderId>(&place.pk).zip(seller) {
            Some(((store, order), seller)) => self.threads.push(ThreadOf { place, store, order, seller, thread }),
            None => asked.found("P1", &place, "its key holds what is no id".into()),
        }
    }

    fn survey(&mut self, asked: &mut Asked, kept: Kept<'a, Box<Survey>>) {
        let key = Key::survey(&kept.state.about.store, &kept.state.about.inquiry);
        asked.holds(kept.place.is(&key), "P1", &kept.place, || {
            format!("its state belongs to {}", super::item::place_of(&key))
        });
        self.surveys.push(kept);
    }

    fn fact(&mut self, asked: &mut Asked, place: Place<'a>, fact: Box<Fact>) {
        let quarter = place.sk.split('#').nth(1).and_then(|quarter| quarter.parse().ok());
        let at = quarter.zip(day_of(&place.sk)).map(|(quarter, day)| insight::Place { quarter, day });
        let seller = place.pk.strip_suffix("#INSIGHTS").and_then(ids::<StoreId, SellerId>);
        let Some(((store, seller), at)) = seller.zip(at) else {
            asked.found("P1", &place, "it is of no day of a seller: its key is wrong".into());
            return;
        };
        let key = Key::fact(&store, &seller, at, &fact);
        asked.holds(place.is(&key), "P1", &place, || format!("its state belongs to {}", super::item::place_of(&key)));
        self.facts.push(FactOf { place, store, seller, at, fact });
    }

    fn row(&mut self, asked: &mut Asked, place: Place<'a>, row: Row) {
        let Some((store, seller, quarter)) = Key::quarter_of(&place.pk) else {
            asked.found("P1", &place, "it lies in no quarter of a seller: its key is wrong".into());
            return;
        };
        let key = Key::row(&store, &seller, quarter, &row);
        asked.holds(place.is(&key), "P1", &place, || format!("its state belongs to {}", super::item::place_of(&key)));
        self.rows.push(Booked { place, store, seller, quarter, row });
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of item")]
    fn lay(&mut self, asked: &mut Asked, place: Place<'a>, beside: Beside<'a>, state: State) {
        macro_rules! keep {
            ($shelf:ident, $state:expr) => {
                self.$shelf.push(Kept { place, beside, state: $state })
            };
        }
        macro_rules! keyed {
            ($key:expr) => {{
                let key = $key;
                asked.holds(place.is(&key), "P1", &place, || {
                    format!("its state belongs to {}", super::item::place_of(&key))
                });
            }};
        }
        match state {
            State::Seller(seller) => {
                keyed!(Key::seller(&seller.store, &seller.id));
                keep!(sellers, seller);
            }
            State::SellerEvent(row) => keep!(seller_events, row),
            State::Policy(policy) => {
                keyed!(Key::return_policy(&policy.store, &policy.seller));
                keep!(policies, policy);
            }
            State::PolicyEvent(row) => keep!(policy_events, row),
            State::Order(order) => {
                keyed!(Key::order(&order.store, &order.id));
                keep!(orders, order);
            }
            State::Product(product) => self.product(asked, Kept { place, beside, state: product }),
            State::Thread(thread) => self.thread(asked, place, thread),
            State::Inquiry(inquiry) => {
                keyed!(inquiry_key(&inquiry));
                keep!(inquiries, inquiry);
            }
            State::InquiryEvent(row) => {
                if let InquiryEvent::Opened(opened) = &row.event {
                    let history = Key::inquiry_history(&opened.store, &opened.id);
                    asked.holds(place.pk == history.pk, "P1", &place, || {
                        format!("it opens the inquiry {} of {}", opened.id, opened.store)
                    });
                }
                keep!(inquiry_events, row);
            }
            State::Routed(routed) => {
                keyed!(Key::routed_contact(&routed.store, &routed.contact));
                keep!(routed, routed);
            }
            State::Words(words) => keep!(words, words),
            State::Erasure(erasure) => {
                keyed!(Key::erasure(&erasure.store, &erasure.customer));
                keep!(erasures, erasure);
            }
            State::ErasureEvent(row) => keep!(erasure_events, row),
            State::Export(export) => {
                keyed!(Key::export(&export.store, &export.id));
                keep!(exports, export);
            }
            State::Profile(profile) => keyed!(Key::profile(&profile.store, &profile.associate)),
            State::Answer(said) => keep!(answers, said),
            State::Note(said) => keep!(notes, said),
            State::Comment(said) => keep!(comments, said),
            State::Survey(survey) => self.survey(asked, Kept { place, beside, state: survey }),
            State::SurveyEvent(row) => keep!(survey_events, row),
            State::Secret | State::Session | State::Spent | State::Bucket => {}
            State::Writer(seller) => keep!(writers, seller),
            State::Received(fate) => keep!(mails, fate),
            State::Quarantined(quarantined) => keep!(quarantined, quarantined),
            State::Request(request) => {
                keyed!(Key::request(&request.store, &request.seller, &request.id));
                in_case_log(asked, &place, &beside, &request);
                keep!(requests, request);
            }
            State::RequestEvent(row) => keep!(request_events, row),
            State::Transfer(transfer) => {
                keyed!(Key::transfer(&transfer.store, &transfer.seller, &transfer.contact));
                keep!(transfers, transfer);
            }
            State::Decision(record) => {
                let named = place.sk.strip_prefix("DECISION#").and_then(|id| id.parse::<DecisionId>().ok());
                asked.holds(named.as_ref() == Some(&record.id), "P1", &place, || {
                    format!("it is decision {}", record.id)
                });
                match ids::<StoreId, SellerId>(&place.pk) {
                    Some((store, seller)) => {
                        listed(asked, &place, &beside, (&store, &seller), &record);
                        self.decisions.push(DecisionOf { place, store, seller, record });
                    }
                    None => asked.found("P1", &place, "its key holds what is no id".into()),
                }
            }
            State::HandedOver(handed) => keep!(handed_over, handed),
            State::Remedies(remedies) => {
                keyed!(Key::remedies(&remedies.store, &remedies.seller, &remedies.order));
                keep!(remedies, remedies);
            }
            State::RemedyEvent(row) => keep!(remedy_events, row),
            State::Head(head) => {
                keyed!(Key::quarter(&head.store, &head.seller, head.quarter));
                keep!(heads, head);
            }
            State::Statement(statement) => keep!(statements, statement),
            State::Row(row) => self.row(asked, place, row),
            State::Dispute(dispute) => {
                keyed!(Key::dispute(&dispute.store, &dispute.seller, &dispute.id));
                keep!(disputes, dispute);
            }
            State::DisputeEvent(row) => keep!(dispute_events, row),
            State::Fact(fact) => self.fact(asked, place, fact),
            State::DayMark(at) => {
                if let Some(of) = DayOf::read(asked, Kept { place, beside, state: at }) {
                    asked.holds(of.day.place == at, "P1", &of.kept.place, || format!("it marks {}", at.day));
                    self.day_marks.push(of);
                }
            }
            State::Lacking(product) => keep!(lacking, product),
            State::DaySum(sum) => {
                self.day_sums.extend(DayOf::read(asked, Kept { place, beside, state: sum }));
            }
            State::Claim(claim) => {
                keyed!(Key::claim(&claim.store, &claim.seller, &claim.id));
                keep!(claims, claim);
            }
            State::ClaimEvent(row) => keep!(claim_events, row),
            State::Notice(notice) => keep!(notices, notice),
            State::Mailed(about) => keep!(mailed, about),
            State::Hook(delivery) => {
                keyed!(Key::hook(&delivery.hook.store, &delivery.hook.id));
                keep!(hooks, delivery);
            }
            State::Suppression(suppression) => keep!(suppressions, suppression),
            State::DigestLine(line) => {
                keyed!(Key::digest_line(&line.digest, &line.notice.id));
                keep!(digest_lines, line);
            }
            State::DigestClosed(digest) => {
                keyed!(Key::digest_closed(&digest));
                keep!(digests_closed, digest);
            }
            State::Marker(marker) => keep!(markers, marker),
            State::Parked(parked) => keep!(parked, parked),
            State::Audited(row) => {
                if let Some((store, seller)) = ids::<StoreId, SellerId>(&place.pk) {
                    keyed!(Key::audit(&store, &seller, row.at, &row.cause, &row.thing));
                }
                keep!(audited, row);
            }
        }
    }
}

fn listed(
    asked: &mut Asked,
    place: &Place<'_>,
    beside: &Beside<'_>,
    (store, seller): (&StoreId, &SellerId),
    record: &DecisionRecord,
) {
    // Decisions of earlier code are in no list.
    let unlisted = beside.decision_key.is_none() && beside.decided_at.is_none() && record.reason.is_none();
    let stands = beside.decision_key.as_deref() == Some(&seller_key(store, seller))
        && beside.decided_at == Some(record.decided_at.timestamp_millis());
    asked.holds(stands || unlisted, "S6", place, || "it does not stand among its seller's decisions".into());
}

fn in_case_log(asked: &mut Asked, place: &Place<'_>, beside: &Beside<'_>, request: &Request) {
    let stands = beside.seller_key.as_deref() == Some(&seller_key(&request.store, &request.seller))
        && beside.due_at == Some(request.due_at.timestamp_millis());
    asked.holds(stands, "S6", place, || "it does not stand in its seller's Case Log under its deadline".into());
    let about = |about: &str| about_key(&request.store, &request.seller, about);
    let found = beside.view_key.as_deref() == Some(&view_key(&request.store, &request.seller, View::of(request)))
        && beside.case_key.as_deref() == Some(&about(request.inquiry.as_str()))
        && beside.order_key.as_deref() == Some(&about(request.order.as_str()));
    asked.holds(found, "REQ-7", place, || "it is not found in its view, by its case or by its order".into());
}
