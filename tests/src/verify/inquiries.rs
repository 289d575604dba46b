//! Inquiries and contacts: R1, that each contact has one routing record, and one of ours is part of exactly one inquiry,
//! whose events say so; that an inquiry is what its events tell; R4, R5, that nothing is ours that may not be.

use super::{
    Asked,
    history::{Happened, Histories, is_dense},
    item::Place,
    orders::Orders,
    shelf::{Shelf, ThreadOf},
};
use domain::{
    at::Instant,
    book::Book,
    decision::DecisionRecord,
    id::{ContactId, InquiryId, OrderId, RequestId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent, Status},
    routing::Owner,
    topic::{Family, Scope},
};
use shell::{
    key::{Key, escalated_key, may_be_queued_in, seller_key},
    record::{escalated_rank, held, rank, seller_rank},
};
use std::collections::{HashMap, HashSet};

/// An inquiry as its events tell it.
#[derive(Debug)]
pub struct Told<'s> {
    pub inquiry: Inquiry,
    events: Vec<Happened<'s, InquiryEvent>>,
}

impl<'s> Told<'s> {
    pub fn events(&self) -> impl Iterator<Item = &'s InquiryEvent> {
        self.events.iter().map(|event| &event.row.event)
    }

    /// The first event that is there.
    fn first_place(&self) -> &'s Place<'s> {
        self.events[0].place
    }

    /// The first and the last change.
    fn changes(&self) -> (u64, u64) {
        let at = |event: Option<&Happened<'_, InquiryEvent>>| event.map_or(0, |event| event.version);
        (at(self.events.first()), at(self.events.last()))
    }

    /// How often the seller was asked this.
    pub fn asked(&self, request: &RequestId) -> usize {
        self.events()
            .filter(|event| matches!(event, InquiryEvent::SellerAsked { request: r, .. } if r == request))
            .count()
    }

    /// RTE-12: every topic that an associate chose for it.
    pub fn chosen(&self) -> impl Iterator<Item = &'s str> {
        self.events().filter_map(|event| match event {
            InquiryEvent::TopicChosen { topic, .. } => Some(topic.as_str()),
            _ => None,
        })
    }

    /// What was decided in it.
    pub fn decisions(&self) -> impl Iterator<Item = &'s DecisionRecord> {
        self.events().filter_map(|event| match event {
            InquiryEvent::Resolved { decision, .. } => Some(decision.as_ref()),
            _ => None,
        })
    }
}

/// A contact in an inquiry.
#[derive(Debug)]
pub struct Part<'s> {
    /// Which.
    pub inquiry: &'s str,
    /// When it came.
    pub at: Instant,
    /// It found the inquiry live.
    pub joined: bool,
}

/// Every inquiry, by store and id, and every contact that is part of one.
#[derive(Debug, Default)]
pub struct Inquiries<'s> {
    pub told: HashMap<(&'s str, &'s str), Told<'s>>,
    pub parts: HashMap<(&'s str, &'s ContactId), Vec<Part<'s>>>,
}

impl Inquiries<'_> {
    pub fn get<'a>(&'a self, store: &'a StoreId, id: &'a InquiryId) -> Option<&'a Told<'a>> {
        self.told.get(&(store.as_str(), id.as_str()))
    }

    /// Every issue that an inquiry is about: where it is filed, that of its topic (RTE-12), and those of what was merged
    /// into it (INQ-1).
    fn issues(&self, book: &Book, inquiry: &Inquiry) -> HashSet<Family> {
        let of_topic = |inquiry: &Inquiry| book.topics.get(&inquiry.topic).map_or(inquiry.issue, |topic| topic.family);
        let (mut issues, mut ends) = (HashSet::new(), vec![inquiry]);
        while let Some(inquiry) = ends.pop() {
            issues.extend([inquiry.issue, of_topic(inquiry)]);
            let told = self.told.get(&(inquiry.store.as_str(), inquiry.id.as_str()));
            let absorbed = told.into_iter().flat_map(Told::events).filter_map(|event| match event {
                InquiryEvent::Absorbed(absorbed) => Some(&absorbed.from),
                _ => None,
            });
            let merged = absorbed.filter_map(|id| self.told.get(&(inquiry.store.as_str(), id.as_str())));
            ends.extend(merged.map(|told| &told.inquiry));
        }
        issues
    }
}

/// Asks of each inquiry, thread and contact.
pub fn check<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>, orders: &Orders<'_>) -> Inquiries<'s> {
    let mut inquiries = Inquiries::default();
    for ((pk, _), events) in Histories::of(asked, &shelf.inquiry_events).0 {
        tell(asked, &mut inquiries, pk, events);
    }
    states(asked, shelf, &inquiries);
    for told in inquiries.told.values() {
        let inquiry = &told.inquiry;
        let order = orders.get(&(&inquiry.store, &inquiry.order));
        let served = order.is_some_and(|order| {
            order.state.lines_of(&inquiry.seller).any(|l| inquiry.items.contains(&l.item) && l.coverage.is_covered())
        });
        asked.holds(served, "R4", told.first_place(), || {
            format!("order {} has no covered unit of {} that it is about", inquiry.order, inquiry.seller)
        });
    }
    contacts(asked, book, shelf, &inquiries);
    threads(asked, book, shelf, orders, &inquiries);
    handed_over(asked, shelf, &inquiries);
    for answer in shelf.answers.iter().chain(&shelf.notes) {
        let mut parts = answer.place.pk.split('#');
        let (store, inquiry) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        asked.holds(inquiries.told.contains_key(&(store, inquiry)), "R1", &answer.place, || {
            format!("an answer or a note in the inquiry {inquiry}, which is not there")
        });
    }
    inquiries
}

fn tell<'s>(asked: &mut Asked, inquiries: &mut Inquiries<'s>, pk: &'s str, events: Vec<Happened<'s, InquiryEvent>>) {
    let Some(first) = events.first() else { return };
    is_dense(asked, "R1", &events, None, None, first.place);
    let mut parts = pk.split('#');
    let (store, id) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    let mut inquiry = None;
    for (n, event) in events.iter().enumerate() {
        let part = match &event.row.event {
            InquiryEvent::Opened(opened) => {
                asked.holds(n == 0, "R1", event.place, || "the inquiry is opened once more".into());
                opened.contacts.first().map(|contact| (contact, opened.opened_at, false))
            }
            InquiryEvent::ContactJoined { contact, at, .. } => Some((contact, *at, true)),
            InquiryEvent::Reopened { contact, at, .. } => Some((contact, *at, false)),
            InquiryEvent::Claimed { .. }
            | InquiryEvent::Released { .. }
            | InquiryEvent::Reassigned { .. }
            | InquiryEvent::Noted { .. }
            | InquiryEvent::DueSoon { .. }
            | InquiryEvent::Overdue { .. }
            | InquiryEvent::Absorbed(_)
            | InquiryEvent::TopicChosen { .. }
            | InquiryEvent::SellerAsked { .. }
            | InquiryEvent::SellerReplied { .. }
            | InquiryEvent::SellerSilent { .. }
            | InquiryEvent::Answered { .. }
            | InquiryEvent::Resolved { .. }
            | InquiryEvent::Recalled { .. }
            | InquiryEvent::Merged { .. }
            | InquiryEvent::HandedToSeller { .. } => None,
        };
        if let Some((contact, at, joined)) = part {
            inquiries.parts.entry((store, contact)).or_default().push(Part { inquiry: id, at, joined });
        }
        inquiry = Inquiry::apply(inquiry, &event.row.event);
    }
    match inquiry {
        Some(inquiry) => drop(inquiries.told.insert((store, id), Told { inquiry, events })),
        None => asked.found("R1", first.place, "the event that opened the inquiry is missing".into()),
    }
}

/// INQ-1: what a seller reads of a hand-over is what the inquiry tells; and what was merged into another one is told there.
fn handed_over(asked: &mut Asked, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut known = HashSet::new();
    for kept in &shelf.handed_over {
        let mut parts = kept.place.pk.split('#');
        let (store, seller) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let handed = &kept.state;
        known.insert((store, &handed.inquiry));
        let told = inquiries.told.get(&(store, handed.inquiry.as_str())).map(|told| &told.inquiry);
        let status = Status::HandedToSeller { at: handed.at, reason: handed.reason };
        let so = told.is_some_and(|inquiry| {
            inquiry.seller.as_str() == seller
                && inquiry.order == handed.order
                && inquiry.issue == handed.issue
                && inquiry.status == status
                && kept.place.is(&Key::handed_over(&inquiry.store, &inquiry.seller, handed.at, &inquiry.id))
        });
        asked.holds(so, "INQ-1", &kept.place, || {
            format!("the inquiry {} does not tell that it was handed over so", handed.inquiry)
        });
    }
    for told in inquiries.told.values() {
        let inquiry = &told.inquiry;
        match &inquiry.status {
            Status::HandedToSeller { .. } if inquiry.owned.is_some() => {
                let is_known = known.contains(&(inquiry.store.as_str(), &inquiry.id));
                asked.holds(is_known, "INQ-1", told.first_place(), || {
                    format!("it was handed to {}, and nothing says so there", inquiry.seller)
                });
            }
            Status::Merged { into, .. } if inquiry.owned.is_some() => {
                let other = inquiries.get(&inquiry.store, into);
                let absorbed = other
                    .into_iter()
                    .flat_map(Told::events)
                    .any(|event| matches!(event, InquiryEvent::Absorbed(absorbed) if absorbed.from == inquiry.id));
                asked.holds(absorbed, "INQ-1", told.first_place(), || {
                    format!("it was merged into {into}, which knows nothing of it")
                });
            }
            _ => {}
        }
    }
}

type Issue<'i> = (&'i StoreId, &'i OrderId, &'i SellerId, Family);

const fn issue(inquiry: &Inquiry) -> Issue<'_> {
    (&inquiry.store, &inquiry.order, &inquiry.seller, inquiry.issue)
}

/// The latest inquiry about an issue is the one that is kept; those before it are told by their events alone.
fn states(asked: &mut Asked, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut by_issue: HashMap<Issue<'_>, Vec<&Told<'_>>> = HashMap::with_capacity(inquiries.told.len());
    for told in inquiries.told.values() {
        by_issue.entry(issue(&told.inquiry)).or_default().push(told);
    }
    for kept in &shelf.inquiries {
        let mut episodes = by_issue.remove(&issue(&kept.state)).unwrap_or_default();
        episodes.sort_unstable_by_key(|told| (told.inquiry.episode, &told.inquiry.id));
        let (mut changes, mut count) = (0, 0);
        for told in &episodes {
            count += 1;
            let (first, last) = told.changes();
            asked.holds(told.inquiry.episode == count && first == changes + 1, "R1", told.first_place(), || {
                "what came before it about the same issue is missing".into()
            });
            changes = last;
        }
        let latest = episodes.last().map(|told| &told.inquiry);
        asked.holds(
            latest == Some(kept.state.as_ref()) && changes == kept.version(),
            "R1",
            &kept.place,
            || match latest {
                None => "no event tells of this inquiry".into(),
                Some(_) => {
                    format!("change {} of the inquiry is not what its events tell, up to {changes}", kept.version())
                }
            },
        );
        let inquiry = &kept.state;
        let stands = match (&kept.beside.queue_key, &kept.beside.queue_rank) {
            (Some(key), Some(at)) => {
                inquiry.is_live() && may_be_queued_in(&inquiry.store, &inquiry.id, key) && *at == rank(inquiry)
            }
            (None, None) => !inquiry.is_live(),
            _ => false,
        };
        asked.holds(stands, "S6", &kept.place, || {
            "its place in the queue of the associates is not what its state says".into()
        });
        let rank = escalated_rank(inquiry);
        let hash = rank.as_ref().map(|_| escalated_key(&inquiry.store));
        let stands = kept.beside.escalated_key.as_deref() == hash.as_deref()
            && kept.beside.escalated_rank.as_deref() == rank.as_deref();
        asked.holds(stands, "S6", &kept.place, || {
            "its place among those whose time runs out is not what its state says".into()
        });
        let (holder, rank) = held(inquiry).unzip();
        let stands = kept.beside.holder_key.as_deref() == holder.as_deref()
            && kept.beside.holder_rank.as_deref() == rank.as_deref();
        asked.holds(stands || inquiry.owned.is_none(), "S6", &kept.place, || {
            "its place among those of its associate is not what its state says".into()
        });
        let owner = inquiry.is_live().then(|| seller_key(&inquiry.store, &inquiry.seller));
        let place = inquiry.is_live().then(|| seller_rank(inquiry));
        let stands = kept.beside.seller_key.as_deref() == owner.as_deref()
            && kept.beside.seller_rank.as_deref() == place.as_deref();
        asked.holds(stands, "S6", &kept.place, || {
            "its place among the open ones of its seller is not what its state says".into()
        });
    }
    for told in by_issue.values().flatten() {
        asked.found("R1", told.first_place(), "events of an inquiry that is not there".into());
    }
}

fn contacts(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut known = HashSet::with_capacity(shelf.routed.len());
    for kept in &shelf.routed {
        let routed = &kept.state;
        known.insert((routed.store.as_str(), &routed.contact));
        let ours = routed.route.owner == Owner::Service;
        let parts = inquiries.parts.get(&(routed.store.as_str(), &routed.contact)).map_or(&[][..], Vec::as_slice);
        asked.holds(ours == routed.inquiry.is_some(), "R1", &kept.place, || {
            "a contact is part of an inquiry exactly when it is ours; this one is not".into()
        });
        asked.holds(parts.len() == usize::from(ours), "R1", &kept.place, || {
            format!("the contact is part of {} inquiries by their events", parts.len())
        });
        if let (Some(id), [part]) = (&routed.inquiry, parts) {
            let told = inquiries.get(&routed.store, id).map(|told| &told.inquiry);
            let fits = |told: &Inquiry| told.seller == routed.seller && Some(&told.order) == routed.order.as_ref();
            asked.holds(part.inquiry == id.as_str() && told.is_some_and(fits), "R1", &kept.place, || {
                format!("it is said to be part of {id}, and by its events it is part of {}", part.inquiry)
            });
        }
        let in_scope = book.topics.get(&routed.topic).is_some_and(|topic| topic.scope == Scope::InScope);
        asked.holds(!ours || in_scope, "R4", &kept.place, || format!("the topic {} is never ours", routed.topic));
    }
    for ((store, contact), parts) in &inquiries.parts {
        if !known.contains(&(*store, *contact)) {
            let key = format!("InquiriesTable {store}#CONTACT#{contact} ROUTE");
            let inquiry = parts.iter().map(|part| part.inquiry).min().unwrap_or_default();
            asked.found(
                "R1",
                &key,
                format!("contact {contact} is part of {inquiry}, and no record says where it went"),
            );
        }
    }
}

/// R5: what the seller has taken over is not live with us, and what was handed over is in the thread.
fn threads(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>, orders: &Orders<'_>, inquiries: &Inquiries<'_>) {
    let mut taken = HashSet::new();
    for ThreadOf { place, store, order, seller, thread } in &shelf.threads {
        let sells = orders.get(&(store, order)).is_some_and(|order| order.state.lines_of(seller).next().is_some());
        asked.holds(sells, "R1", place, || format!("{seller} sells nothing in order {order}"));
        taken.extend(thread.taken_over.iter().map(|issue| (store, order, seller, *issue)));
    }
    for kept in &shelf.inquiries {
        let inquiry = &kept.state;
        let is_taken = taken.contains(&issue(inquiry));
        let handed_over = matches!(inquiry.status, Status::HandedToSeller { reason, .. } if reason.takes_issue());
        let issues = inquiries.issues(book, inquiry);
        let of = |issue: &Family| taken.contains(&(&inquiry.store, &inquiry.order, &inquiry.seller, *issue));
        let is_known = issues.iter().any(of);
        asked.holds(!is_taken || !inquiry.is_live(), "R5", &kept.place, || {
            format!("{} took this issue over, and the inquiry is still ours", inquiry.seller)
        });
        asked.holds(!handed_over || is_known, "R5", &kept.place, || {
            format!("it was handed to {}, and the thread of the order does not know", inquiry.seller)
        });
    }
}
