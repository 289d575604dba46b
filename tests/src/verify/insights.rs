//! Facts for figures: D2, that each says what its cause says and stands on its day, that no cause is without its fact and
//! no fact without its cause, that the facts of a quarter come to what its ledger comes to, and each sum of a day to its facts.

use super::{
    Asked,
    item::{Beside, Place, place_of},
    shelf::{FactOf, Shelf},
};
use domain::{
    book::Book,
    id::{ProductId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent},
    insight::{self, Day, DayDue, DaySum, Fact, ORDERS_NAMED, Owned, Stage},
    ledger::{Booking, Entry, Row, measure},
    quarter::Quarter,
    request::Request,
};
use shell::key::{Key, may_be_due_in};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Display,
};

/// A fact by its name: store, seller, and what follows its day in the key.
type Name<'s> = (&'s str, &'s str, String);

/// The facts whose cause was not met yet.
struct Facts<'s>(HashMap<Name<'s>, &'s FactOf<'s>>);

fn name(sk: &str) -> String {
    sk.splitn(4, '#').nth(3).unwrap_or_default().to_owned()
}

impl<'s> Facts<'s> {
    fn of(asked: &mut Asked, shelf: &'s Shelf<'s>) -> Self {
        let mut facts: HashMap<Name<'s>, &'s FactOf<'s>> = HashMap::with_capacity(shelf.facts.len());
        for of in &shelf.facts {
            let known = facts.entry((of.store.as_str(), of.seller.as_str(), name(&of.place.sk))).or_insert(of);
            let (first, second) = if known.place <= of.place { (*known, of) } else { (of, *known) };
            asked.holds(first.place == second.place, "D2", &second.place, || {
                format!("it is told on {} too", first.at.day)
            });
            *known = first;
        }
        Self(facts)
    }

    /// The fact that a cause has left, taken out.
    fn take(&mut self, store: &'s StoreId, seller: &'s SellerId, sk: &str) -> Option<&'s FactOf<'s>> {
        self.0.remove(&(store.as_str(), seller.as_str(), name(sk)))
    }

    /// That this cause has left exactly this fact, on its day.
    fn told(
        &mut self,
        asked: &mut Asked,
        book: &Book,
        whose: (&'s StoreId, &'s SellerId),
        cause: &impl Display,
        fact: &Fact,
    ) {
        let Some(store) = book.store(whose.0) else { return };
        let at = insight::Place::of(fact.at(), store);
        let key = Key::fact(whose.0, whose.1, at, fact);
        let Some(found) = self.take(whose.0, whose.1, &key.sk) else {
            asked.found("D2", cause, format!("figures know nothing of it: {} is missing", key.sk));
            return;
        };
        asked.holds(*found.fact == *fact && found.at == at, "D2", &found.place, || {
            format!("its cause says {fact:?} on {}", at.day)
        });
    }
}

/// Asks of each fact, and of each cause of one.
pub fn check(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>) {
    let mut facts = Facts::of(asked, shelf);
    sums(asked, book, shelf);
    days(asked, book, shelf);
    lacking(asked, shelf);
    contacts(asked, shelf, &mut facts);
    resolutions(asked, book, shelf, &mut facts);
    requests(asked, book, shelf, &mut facts);
    surveys(asked, book, shelf, &mut facts);
    for orphan in facts.0.values() {
        let summed = matches!(*orphan.fact, Fact::Shipped(_) | Fact::Scanned(_));
        asked.holds(summed, "D2", &orphan.place, || "nothing that it could come of is there".into());
    }
}

type Of<'s> = (&'s StoreId, &'s SellerId, Quarter);

/// FEE-3: a quarter's days come to what its entries come to. Orders are told apart as far as a card asks.
fn sums(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>) {
    let mut days: BTreeMap<Of<'_>, Day> = BTreeMap::new();
    for of in &shelf.facts {
        let key = (&of.store, &of.seller, of.at.quarter);
        let day = days.entry(key).or_default();
        *day = std::mem::take(day).and(&of.fact);
    }
    let mut rows: HashMap<Of<'_>, Vec<&Row>> = HashMap::new();
    for booked in &shelf.rows {
        let key = (&booked.store, &booked.seller, booked.quarter);
        rows.entry(key).or_default().push(&booked.row);
        for quarter in [booked.quarter, booked.quarter.next()] {
            days.entry((&booked.store, &booked.seller, quarter)).or_default();
        }
    }
    for (of, day) in &days {
        let Some(store) = book.store(of.0) else { continue };
        let rows_of = |quarter| rows.get(&(of.0, of.1, quarter)).map_or(&[][..], Vec::as_slice).iter().copied();
        let mut measured = measure(rows_of(of.2), rows_of(of.2.previous()), of.2.end(store.zone));
        measured.orders = measured.orders.min(ORDERS_NAMED as u64);
        let place = place_of(&Key::quarter(of.0, of.1, of.2));
        asked.holds(day.measure() == measured, "D2", &place, || {
            format!("the facts of {} come to {:?}, its entries to {measured:?}", of.2, day.measure())
        });
    }
}

/// D2: a day without a mark is added up, as far as its sum says, to what its facts come to; a day with facts has one or the
/// other; and what is to be added up stands where the rollup looks.
fn days(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>) {
    let mut facts: BTreeMap<DayDue, Vec<&FactOf<'_>>> = BTreeMap::new();
    for of in &shelf.facts {
        let day = DayDue { store: of.store.clone(), seller: of.seller.clone(), place: of.at };
        facts.entry(day).or_default().push(of);
    }
    let marked: BTreeSet<&DayDue> = shelf.day_marks.iter().map(|of| &of.day).collect();
    let is_due = |kept: (&Beside<'_>, &Place<'_>), day: &DayDue| {
        let ends_at = book.store(&day.store).map(|store| day.place.ends_at(store).timestamp_millis());
        kept.0.due_at == ends_at && kept.0.due_shard.as_deref().is_some_and(|it| may_be_due_in(&kept.1.pk, it))
    };
    for of in &shelf.day_marks {
        let due = is_due((&of.kept.beside, &of.kept.place), &of.day);
        asked.holds(due, "S6", &of.kept.place, || "it does not stand where the rollup looks for it".into());
        let there = facts.contains_key(&of.day);
        asked.holds(there, "D2", &of.kept.place, || "it marks a day that has no facts".into());
    }
    let mut summed = BTreeSet::new();
    for of in &shelf.day_sums {
        let DaySum { stage, sum } = &*of.kept.state;
        let adding = matches!(stage, Stage::Adding { .. });
        let due = is_due((&of.kept.beside, &of.kept.place), &of.day);
        asked.holds(due == adding, "S6", &of.kept.place, || {
            format!("{stage:?}, and where the rollup looks for it is another matter")
        });
        summed.insert(&of.day);
        if marked.contains(&of.day) || *stage == Stage::TooLarge {
            continue;
        }
        let in_it = |fact: &&&FactOf<'_>| match stage {
            Stage::Adding { after } => fact.place.sk.as_ref() <= after.as_str(),
            Stage::Complete | Stage::TooLarge => true,
        };
        let facts = facts.get(&of.day).map_or(&[][..], Vec::as_slice).iter().filter(in_it);
        let mut day: Day = facts.map(|fact| &*fact.fact).collect();
        if sum.owned == Owned::default() && !sum.knows_whose_time() {
            // It was added up before that was counted: nobody takes it for its facts, and all else of it holds.
            day.owned = Owned::default();
        }
        asked.holds(day == *sum, "D2", &of.kept.place, || format!("its facts come to {day:?}"));
    }
    for (day, facts) in &facts {
        let Some(first) = facts.iter().min_by_key(|fact| &fact.place) else { continue };
        asked.holds(marked.contains(day) || summed.contains(day), "D2", &first.place, || {
            format!("nothing says that {} is to be added up, and it is not", day.place.day)
        });
    }
}

/// D2: a product is named as found lacking in a quarter where a fact of that quarter says so. One that is not named only
/// costs whoever shows it a call more.
fn lacking(asked: &mut Asked, shelf: &Shelf<'_>) {
    let said = shelf.facts.iter().filter_map(|of| match &*of.fact {
        Fact::Lacking { gap, .. } => {
            let Key { pk, sk, .. } = Key::lacking(&of.store, &of.seller, of.at.quarter, &gap.product);
            Some(((pk, sk), &gap.product))
        }
        _ => None,
    });
    let said: HashMap<(String, String), &ProductId> = said.collect();
    for named in &shelf.lacking {
        let place = (named.place.pk.to_string(), named.place.sk.to_string());
        asked.holds(said.get(&place) == Some(&&named.state.product), "D2", &named.place, || {
            "no question of that quarter found its page lacking".into()
        });
    }
}

/// What lies at these places, by them: of two causes of one fact the first has it, in whatever order they were read.
fn sorted<'s, T>(kept: &'s [T], place: impl Fn(&T) -> &Place<'s>) -> Vec<&'s T> {
    let mut sorted: Vec<_> = kept.iter().collect();
    sorted.sort_unstable_by(|one, other| place(one).cmp(place(other)));
    sorted
}

fn contacts<'s>(asked: &mut Asked, shelf: &'s Shelf<'s>, facts: &mut Facts<'s>) {
    for booked in sorted(&shelf.rows, |booked| &booked.place) {
        let Entry::Contact(entry) = &booked.row.entry else { continue };
        let found = facts.take(&booked.store, &booked.seller, &format!("FACT###CONTACT#{}", entry.contact));
        let Some(found) = found else {
            asked.found("D2", &booked.place, "figures know nothing of the contact".into());
            continue;
        };
        let Fact::Contact { order, topic, at, counts, .. } = &*found.fact else { continue };
        let same = (order, topic, at, counts) == (&entry.order, &entry.topic, &entry.received_at, &entry.counts);
        let booking = Booking { statement: booked.quarter, measured_next: booked.row.measured_next };
        asked.holds(same && found.at.quarter == booking.measured_in(), "D2", &found.place, || {
            "its order, topic, time, rule or quarter is not what the ledger says".into()
        });
    }
}

fn resolutions<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>, facts: &mut Facts<'s>) {
    // As each was opened, and as it is by now: an associate may have said since what it is about.
    let mut known: HashMap<&str, (&Inquiry, Inquiry)> = HashMap::new();
    for kept in sorted(&shelf.inquiry_events, |kept| &kept.place) {
        let event = &kept.state.event;
        if let InquiryEvent::Opened(inquiry) = event {
            known.insert(&kept.place.pk, (inquiry, (**inquiry).clone()));
        } else if let Some((opened, now)) = known.remove(&*kept.place.pk) {
            for fact in Fact::of_inquiry(&now, std::slice::from_ref(event)) {
                facts.told(asked, book, (&opened.store, &opened.seller), &kept.place, &fact);
            }
            known.extend(Inquiry::apply(Some(now), event).map(|next| (&*kept.place.pk, (opened, next))));
        }
    }
}

fn requests<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>, facts: &mut Facts<'s>) {
    let known: HashMap<(&str, &str), &Request> =
        shelf.requests.iter().map(|kept| ((&*kept.place.pk, &*kept.place.sk), kept.state.as_ref())).collect();
    for kept in sorted(&shelf.request_events, |kept| &kept.place) {
        let of = kept.place.sk.split_once("#EVENT#").map_or("", |(request, _)| request);
        let Some(request) = known.get(&(&*kept.place.pk, of)) else { continue };
        for fact in Fact::of_request(request, std::slice::from_ref(&kept.state.event)) {
            facts.told(asked, book, (&request.store, &request.seller), &kept.place, &fact);
        }
    }
}

/// INS-3: each answer is one score of its seller.
fn surveys<'s>(asked: &mut Asked, book: &Book, shelf: &'s Shelf<'s>, facts: &mut Facts<'s>) {
    for kept in sorted(&shelf.surveys, |kept| &kept.place) {
        let about = &kept.state.about;
        if let Some(score) = kept.state.score() {
            facts.told(asked, book, (&about.store, &about.seller), &kept.place, &Fact::Scored(score));
        }
    }
}
