//! How sellers, inquiries, requests and decisions are laid down: a state with its version, its events beside it, and
//! the attributes that put it into an index while somebody has to see it there.

mod words;

pub use words::{AUTOMATIC, Comment, MailFile, MailRead, Noted, Opens, Words};

use crate::{
    Shell,
    commit::{Commit, EventRow, Item, number, text},
    customer,
    failure::Failure,
    key::{Key, Table, about_key, escalated_key, finest_queue_key, holder_key, seller_key, sortable, view_key},
    store::{Found, Seen},
};
use domain::{
    at::Instant,
    claim::{Claim, ClaimEvent},
    contact::{Channel, Contact},
    decision::DecisionRecord,
    dispute::{Dispute, DisputeEvent, Verdict},
    erasure::{Erasure, ErasureEvent},
    hook::Hook,
    id::{InquiryId, OrderId, SellerId, StoreId},
    inquiry::{Escalation, HandOver, Inquiry, InquiryEvent, Status},
    order::Order,
    outcome::Outcome,
    policy::{Policy, PolicyEvent},
    received::addresses,
    remedy::{Remedies, RemedyEvent},
    request::{Request, RequestEvent, View},
    routing::{RoutedContact, Thread},
    seller::{Seller, SellerEvent},
    store::Store,
    survey::{Survey, SurveyEvent},
    topic::Family,
};
use serde::{Deserialize, Serialize};

/// That a seller has a matter that was the service's, as the seller reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Which; the seller knows it as the case.
    pub inquiry: InquiryId,
    /// About which order.
    pub order: OrderId,
    /// The issue.
    pub issue: Family,
    /// Why.
    pub reason: HandOver,
    /// Since when.
    pub at: Instant,
}

/// The state that this makes of what was seen.
fn next<S: Clone, E>(
    seen: Option<&Seen<S>>,
    outcome: &Outcome<E>,
    apply: impl Fn(Option<S>, &E) -> Option<S>,
) -> Result<S, Failure> {
    let next = outcome.events.iter().fold(seen.map(|seen| seen.state.clone()), apply);
    next.ok_or_else(|| Failure::Fault("events of something that was never begun".into()))
}

impl Commit {
    /// RTE-6: the thread of an order stays as it was seen. A seller that takes an issue over at this moment comes after, and finds
    /// what was taken up again.
    pub fn thread_as_seen(self, key: Key, seen: Option<Seen<Thread>>) -> Result<Self, Failure> {
        let (version, thread) = seen.map_or_else(Default::default, |seen| (Some(seen.version), seen.state));
        self.state(key, version, &thread)
    }

    /// A state after this, with what happened and what follows.
    fn after<S: Serialize, E: Serialize>(
        self,
        outcome: Outcome<E>,
        key: Key,
        seen: Option<&Seen<S>>,
        next: &S,
        index: Item,
    ) -> Result<Self, Failure> {
        let version = seen.map(|seen| seen.version);
        self.events(&key, version.unwrap_or(0) + 1, &outcome.events)?
            .indexed_state(key, version, next, index)?
            .follow_ups(outcome.follow_ups)
    }

    /// The same of a thing of this seller (ACC-4).
    fn audited_after<S: Serialize, E: Serialize>(
        self,
        outcome: Outcome<E>,
        (key, whose): (Key, (&StoreId, &SellerId)),
        seen: Option<&Seen<S>>,
        next: &S,
        index: Item,
    ) -> Result<Self, Failure> {
        self.changed(whose, &key, (seen.map(|seen| &seen.state), next), &outcome.events)?
            .after(outcome, key, seen, next, index)
    }

    /// What happened to a seller, and what follows.
    pub fn seller(self, seen: Option<&Seen<Seller>>, outcome: Outcome<SellerEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Seller::apply)?;
        let (whose, before) = ((&next.store, &next.id), seen.map(|seen| &seen.state));
        let told = Hook::enrollments(before, &outcome.events, self.now());
        let commit = self.writers(before, &next)?.tells(told)?;
        commit.audited_after(outcome, (Key::seller(&next.store, &next.id), whose), seen, &next, Item::new())
    }

    /// From where somebody writes in a seller's name, where that changes.
    fn writers(self, before: Option<&Seller>, next: &Seller) -> Result<Self, Failure> {
        let (before, now) = (before.map(addresses).unwrap_or_default(), addresses(next));
        let key = |address| Key::writer_from(&next.store, address, &next.id);
        let gone = before.difference(&now).fold(self, |commit, address| commit.removed(key(address)));
        now.difference(&before).try_fold(gone, |commit, address| commit.replace(key(address), &next.id))
    }

    /// What happened to a seller's return policy, and what follows.
    pub fn policy(self, seen: Option<&Seen<Policy>>, outcome: Outcome<PolicyEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Policy::apply)?;
        let (key, whose) = (Key::return_policy(&next.store, &next.seller), (&next.store, &next.seller));
        self.audited_after(outcome, (key, whose), seen, &next, Item::new())
    }

    /// What happened to an inquiry, and what follows, with the clocks that it sets (INQ-3, INQ-4). While it is live it
    /// stands in the queue of its store, and among those of its seller; when its time runs out also where leads look; and
    /// where the seller has it now, among what was handed over to it.
    pub fn inquiry(
        self,
        store: &Store,
        seen: Option<&Seen<Inquiry>>,
        outcome: Outcome<InquiryEvent>,
    ) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return self.follow_ups(outcome.follow_ups);
        }
        let next = next(seen, &outcome, Inquiry::apply)?;
        let (key, version) = (inquiry_key(&next), seen.map(|seen| seen.version));
        let next_version = version.unwrap_or(0) + 1;
        let history = Key::inquiry_history(&next.store, &next.id);
        let clocks = Inquiry::clocks(seen.map(|seen| &seen.state), (&next, next_version), store);
        let commit = self
            .events(&history, next_version, &outcome.events)?
            .indexed_state(key, version, &next, places_of(&next))?
            .follow_ups(outcome.follow_ups)?
            .follow_ups(clocks)?;
        let Status::HandedToSeller { at, reason } = next.status else { return Ok(commit) };
        let Inquiry { id: inquiry, order, issue, .. } = next;
        let handed = HandedOver { inquiry, order, issue, reason, at };
        commit.insert(Key::handed_over(&next.store, &next.seller, at, &handed.inquiry), &handed)
    }

    /// An order, as it is now. It stands among those of its customer.
    pub fn order(self, seen: Option<u64>, order: &Order) -> Result<Self, Failure> {
        let index = customer::index(&order.store, &order.customer);
        self.indexed_state(Key::order(&order.store, &order.id), seen, order, index)
    }

    /// Where a contact went. It stands among those of its customer. What was said in one that is the seller's from the
    /// beginning has a clock of its own.
    pub fn routed(self, store: &Store, routed: &RoutedContact, contact: &Contact) -> Result<Self, Failure> {
        let key = Key::routed_contact(&routed.store, &routed.contact);
        let told = Hook::routed(routed, self.now());
        self.tells([told])?
            .indexed_insert(key, routed, customer::index(&routed.store, &contact.customer))?
            .follow_ups(routed.kept_until(contact.received_at, store).into_iter().collect())
    }

    /// What happened to the erasure of a customer's data, and what follows.
    pub fn erasure(self, seen: Option<&Seen<Erasure>>, outcome: Outcome<ErasureEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Erasure::apply)?;
        self.after(outcome, Key::erasure(&next.store, &next.customer), seen, &next, Item::new())
    }

    /// What happened to a request, and what follows. It stands in its seller's Case Log, in the whole of it and in the
    /// view of its progress, and is found by its case and by its order.
    pub fn request(self, seen: Option<&Seen<Request>>, outcome: Outcome<RequestEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Request::apply)?;
        let (key, whose) = (Key::request(&next.store, &next.seller, &next.id), (&next.store, &next.seller));
        self.audited_after(outcome, (key, whose), seen, &next, in_case_log(&next))
    }

    /// A decision in this inquiry: where the seller finds it, among what was given for the order, and in the request it
    /// ends, if there was one.
    pub fn decision(
        self,
        inquiry: &Inquiry,
        record: &DecisionRecord,
        remedies: Option<&Seen<Remedies>>,
        request: Option<&Seen<Request>>,
    ) -> Result<Self, Failure> {
        let (store, seller) = (&inquiry.store, &inquiry.seller);
        let index = Item::from([
            ("decision_key".to_owned(), text(&seller_key(store, seller))),
            ("decided_at".to_owned(), number(record.decided_at.timestamp_millis())),
        ]);
        let given = Remedies::decide(remedies.map(|seen| &seen.state), (store, seller), inquiry.issue, record);
        let with_record = self
            .tells([Hook::decided(inquiry, record)])?
            .indexed_insert(Key::decision(store, seller, &record.id), record, index)?
            .remedies(remedies, given)?;
        match request {
            Some(request) => with_record.request(Some(request), request.state.decided(record)),
            None => Ok(with_record),
        }
    }

    /// What happened to a survey, and what follows.
    pub fn survey(self, seen: Option<&Seen<Survey>>, outcome: Outcome<SurveyEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Survey::apply)?;
        self.after(outcome, Key::survey(&next.about.store, &next.about.inquiry), seen, &next, Item::new())
    }

    /// What happened to the remedies of a seller's part of an order, and what follows.
    pub fn remedies(self, seen: Option<&Seen<Remedies>>, outcome: Outcome<RemedyEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Remedies::apply)?;
        let (key, whose) = (Key::remedies(&next.store, &next.seller, &next.order), (&next.store, &next.seller));
        self.audited_after(outcome, (key, whose), seen, &next, Item::new())
    }

    /// What happened to a dispute. While it is open it stands among those of its store.
    pub fn dispute(self, seen: Option<&Seen<Dispute>>, outcome: Outcome<DisputeEvent>) -> Result<Self, Failure> {
        let next = next(seen, &outcome, Dispute::apply)?;
        let (key, whose) = (Key::dispute(&next.store, &next.seller, &next.id), (&next.store, &next.seller));
        let open = next.verdict == Verdict::Open;
        let index = Item::from([
            ("dispute_key".to_owned(), text(next.store.as_str())),
            ("filed_at".to_owned(), number(next.filed_at.timestamp_millis())),
        ]);
        self.audited_after(outcome, (key, whose), seen, &next, if open { index } else { Item::new() })
    }

    /// What happened to a claim, and what follows. While it waits for a lead it stands among those of its store.
    pub fn claim(self, seen: Option<&Seen<Claim>>, outcome: Outcome<ClaimEvent>) -> Result<Self, Failure> {
        if outcome.is_unchanged() {
            return Ok(self);
        }
        let next = next(seen, &outcome, Claim::apply)?;
        let (key, whose) = (Key::claim(&next.store, &next.seller, &next.id), (&next.store, &next.seller));
        let index = next.waits_since().map(|since| {
            Item::from([
                ("claim_key".to_owned(), text(next.store.as_str())),
                ("waits_since".to_owned(), number(since.timestamp_millis())),
            ])
        });
        self.audited_after(outcome, (key, whose), seen, &next, index.unwrap_or_default())
    }
}

/// A live inquiry, as far as the index of sellers shows it: where it lies and since when. Its state is not in there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInquiry {
    /// Which.
    pub inquiry: InquiryId,
    /// About which order.
    pub order: OrderId,
    /// Its place among those of the seller; the oldest comes first.
    pub place: String,
}

impl OpenInquiry {
    /// Reads an item of the index.
    pub fn read(item: &Item) -> Result<Self, Failure> {
        let field = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str);
        let (pk, place) = (field("pk"), field("seller_rank"));
        let ids = pk.split_once('#').zip(place.split_once('#'));
        let parsed = ids.and_then(|((_, order), (_, inquiry))| Some((order.parse().ok()?, inquiry.parse().ok()?)));
        let (order, inquiry) = parsed.ok_or_else(|| Failure::Fault(format!("{pk} is no open inquiry: {place}")))?;
        Ok(Self { inquiry, order, place: place.to_owned() })
    }
}

/// An inquiry's place among the live ones of its seller: since when, and which.
#[must_use]
pub fn seller_rank(inquiry: &Inquiry) -> String {
    format!("{}#{}", sortable(inquiry.opened_at), inquiry.id)
}

/// Where an inquiry's state lies.
#[must_use]
pub fn inquiry_key(inquiry: &Inquiry) -> Key {
    Key::inquiry(&inquiry.store, &inquiry.order, &inquiry.seller, inquiry.issue)
}

/// An inquiry's rank in the queue of its store: judgements that are owed and what is overdue first, then those who wait at
/// the phone, then by the promised resolution.
#[must_use]
pub fn rank(inquiry: &Inquiry) -> String {
    let urgency = match inquiry.status {
        Status::Open { judgement_owed: true } => 0,
        _ if inquiry.escalated == Some(Escalation::Overdue) => 0,
        _ if inquiry.channel.is_real_time() => 1,
        _ => 2,
    };
    format!("{urgency}#{}#{}", sortable(inquiry.resolution_due), inquiry.id)
}

/// An inquiry by its id: its first event says where its state lies. Where a later one about the same issue has followed
/// it, this is that one.
pub async fn latest_of(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Option<Seen<Inquiry>>, Failure> {
    let history = Key::inquiry_history(store, id);
    let first = shell.store.first::<EventRow<InquiryEvent>>(Table::Inquiries, &history.pk, "INQUIRY#EVENT#").await?;
    let Some(InquiryEvent::Opened(opened)) = first.map(|seen| seen.state.event) else { return Ok(None) };
    shell.store.get::<Inquiry>(&inquiry_key(&opened)).await
}

/// The latest inquiry about an issue, wherever the thread of its order has that filed. Under its own name it was read with
/// the thread; elsewhere it is one read more.
pub async fn filed(
    shell: &Shell,
    found: &Found,
    key_of: impl Fn(Family) -> Key,
    (issue, filed_under): (Family, Family),
) -> Result<Option<Seen<Inquiry>>, Failure> {
    let key = key_of(filed_under);
    if filed_under == issue { found.state(&key) } else { shell.store.get(&key).await }
}

/// Where its seller finds a request, each list by its deadline.
fn in_case_log(request: &Request) -> Item {
    let (store, seller) = (&request.store, &request.seller);
    Item::from([
        ("seller_key".to_owned(), text(&seller_key(store, seller))),
        ("view_key".to_owned(), text(&view_key(store, seller, View::of(request)))),
        ("case_key".to_owned(), text(&about_key(store, seller, request.inquiry.as_str()))),
        ("order_key".to_owned(), text(&about_key(store, seller, request.order.as_str()))),
        ("due_at".to_owned(), number(request.due_at.timestamp_millis())),
    ])
}

/// INQ-3: an inquiry's rank among those whose time runs out or is over; none where there is time left.
#[must_use]
pub fn escalated_rank(inquiry: &Inquiry) -> Option<String> {
    inquiry.escalated.filter(|_| inquiry.is_live())?;
    Some(format!("{}#{}", sortable(inquiry.resolution_due), inquiry.id))
}

/// The associate that works on an inquiry, and its rank among those that it works on: its channel, and which. None while
/// somebody else has the next word.
#[must_use]
pub fn held(inquiry: &Inquiry) -> Option<(String, String)> {
    let Status::Working { associate, .. } = &inquiry.status else { return None };
    let (channel, id) = (inquiry.channel.as_str(), &inquiry.id);
    Some((holder_key(&inquiry.store, associate), format!("{channel}#{id}")))
}

/// The channel of an inquiry that somebody works on, by an item of their index.
#[must_use]
pub fn channel_of(item: &Item) -> Option<Channel> {
    let rank = item.get("holder_rank")?.as_s().ok()?;
    let (channel, _) = rank.split_once('#')?;
    Channel::EACH.into_iter().find(|known| known.as_str() == channel)
}

/// While it is live it is found by the associates and by its seller.
fn places_of(inquiry: &Inquiry) -> Item {
    if !inquiry.is_live() {
        return Item::new();
    }
    let queue = finest_queue_key(&inquiry.store, &inquiry.id);
    let escalated = escalated_rank(inquiry).into_iter().flat_map(|rank| {
        [("escalated_key".to_owned(), text(&escalated_key(&inquiry.store))), ("escalated_rank".to_owned(), text(&rank))]
    });
    let held = held(inquiry)
        .into_iter()
        .flat_map(|(holder, rank)| [("holder_key".to_owned(), text(&holder)), ("holder_rank".to_owned(), text(&rank))]);
    let found = Item::from([
        ("queue_key".to_owned(), text(&queue)),
        ("queue_rank".to_owned(), text(&rank(inquiry))),
        ("seller_key".to_owned(), text(&seller_key(&inquiry.store, &inquiry.seller))),
        ("seller_rank".to_owned(), text(&seller_rank(inquiry))),
    ]);
    found.into_iter().chain(escalated).chain(held).collect()
}
