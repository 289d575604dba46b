//! The outbox: each entry says where it goes, what and when, and its index says the same; X3, that each request that is
//! awaited has the clock that ends it, and that an answer to each mail finds what it is about; N2, that no mail waits without a
//! message that will send it; N4, that no address is suppressed but for what was reported of a mail.

use super::{
    Asked, Moment,
    claims::Claims,
    item::{NoticeStatus, place_of},
    requests::Requests,
    sellers::Sellers,
    shelf::{Kept, Shelf},
};
use domain::{
    at::{Instant, after, hours_after},
    book::Book,
    claim,
    clock::Alarm,
    contact::Contact,
    erasure::{Erasure, Stage},
    hook::delivery::Call,
    inquiry::{Escalation, Inquiry, Status},
    notice::Notice,
    quarter::days_before,
    request::{Progress, SKEW_MARGIN},
};
use serde::de::DeserializeOwned;
use shell::{
    key::{Key, may_be_due_in},
    outbox::{AGAIN, LATER, NOW},
    reply::Answered,
    sqs::Queue,
};
use std::collections::{HashMap, HashSet};

/// At what clocks may point.
type Known<'k> = (&'k Sellers<'k>, &'k Requests<'k>, &'k Claims<'k>);

/// Asks of each entry and each mail.
pub fn check(asked: &mut Asked, book: &Book, moment: Moment, shelf: &Shelf<'_>, known: Known<'_>) {
    let mut names = HashSet::with_capacity(shelf.entries.len());
    for kept in &shelf.entries {
        let name = kept.place.pk.strip_prefix("ENTRY#").unwrap_or_default();
        names.insert(name);
        entry(asked, book, kept, name, known, shelf);
    }
    suppressions(asked, shelf);
    answerable(asked, shelf, known.1);
    if moment == Moment::Running {
        return;
    }
    let (_, requests, claims) = known;
    for kept in claims.values().filter(|kept| kept.state.stage == claim::Stage::AwaitingSeller) {
        let clock = format!("claim_answer#{}#{}", kept.state.id, kept.state.rounds.len().saturating_sub(1));
        asked.holds(names.contains(clock.as_str()), "X3", &kept.place, || {
            "its seller is asked, and no clock in the outbox will end that".into()
        });
    }
    let clocks = Clocks::among(&names);
    for inquiry in shelf.inquiries.iter().filter(|kept| kept.state.is_live() && kept.state.owned.is_some()) {
        clocks_of(asked, inquiry, &clocks);
    }
    for kept in requests.values().filter(|kept| kept.state.progress == Progress::Awaiting) {
        let clock = format!("request_expiry#{}", kept.state.id);
        asked.holds(names.contains(clock.as_str()), "X3", &kept.place, || {
            "it is awaited, and no clock in the outbox will end it".into()
        });
    }
    for kept in &shelf.notices {
        let status = kept.state.status;
        if matches!(status, NoticeStatus::Waiting | NoticeStatus::Sending) {
            let name = kept.place.pk.replacen("NOTICE#", "notice#", 1);
            asked.holds(names.contains(name.as_str()), "N2", &kept.place, || {
                format!("the mail is {status:?}, and no message is left that would send it")
            });
        }
    }
}

/// The clocks of inquiries that are set.
struct Clocks<'n> {
    /// INQ-3: of which, and for when.
    resolution: HashSet<(&'n str, &'n str)>,
    /// INQ-4: of which.
    idle: HashSet<&'n str>,
}

impl<'n> Clocks<'n> {
    fn among(names: &HashSet<&'n str>) -> Self {
        let (mut resolution, mut idle) = (HashSet::new(), HashSet::new());
        for name in names {
            let mut parts = name.split('#');
            match (parts.next(), parts.next(), parts.next()) {
                (Some("resolution"), Some(inquiry), Some(when)) => resolution.insert((inquiry, when)),
                (Some("idle_claim"), Some(inquiry), _) => idle.insert(inquiry),
                _ => continue,
            };
        }
        Self { resolution, idle }
    }
}

/// INQ-3, INQ-4: a clock waits for whatever may run out.
fn clocks_of(asked: &mut Asked, kept: &Kept<'_, Box<Inquiry>>, clocks: &Clocks<'_>) {
    let inquiry = &kept.state;
    let paused = matches!(inquiry.status, Status::WaitingCustomer { .. });
    if !paused && inquiry.escalated != Some(Escalation::Overdue) {
        let due = inquiry.resolution_due.timestamp_millis().to_string();
        asked.holds(clocks.resolution.contains(&(inquiry.id.as_str(), due.as_str())), "X3", &kept.place, || {
            "its time runs, and no clock in the outbox will say when it is over".into()
        });
    }
    if matches!(inquiry.status, Status::Working { .. }) {
        asked.holds(clocks.idle.contains(inquiry.id.as_str()), "X3", &kept.place, || {
            "it is claimed, and no clock in the outbox will ask whether that is idle".into()
        });
    }
}

/// An answer to a mail finds what it is about, and that is there.
fn answerable(asked: &mut Asked, shelf: &Shelf<'_>, requests: &Requests<'_>) {
    let mailed: HashMap<_, _> = shelf.mailed.iter().map(|kept| (&*kept.place.pk, &kept.state)).collect();
    for kept in shelf.notices.iter().filter(|kept| kept.state.status == NoticeStatus::Sent) {
        let (Some(about), Some(id)) = (&kept.state.about, &kept.state.message_id) else { continue };
        asked.holds(mailed.get(Key::mailed(id).pk.as_str()) == Some(&about), "X3", &kept.place, || {
            "it may be answered, and by its name nobody finds what that is about".into()
        });
    }
    let inquiries: HashSet<_> = shelf.inquiry_events.iter().map(|kept| &*kept.place.pk).collect();
    for kept in &shelf.mailed {
        let is_there = match &kept.state {
            Answered::Inquiry(store, id) => inquiries.contains(Key::inquiry_history(store, id).pk.as_str()),
            Answered::Request(store, id) => requests.contains_key(&(store, id)),
        };
        asked.holds(is_there, "X3", &kept.place, || {
            format!("an answer would be about {:?}, which is not there", kept.state)
        });
    }
}

/// N4: the notice that an address is suppressed for was sent, and what became of it is why.
fn suppressions(asked: &mut Asked, shelf: &Shelf<'_>) {
    let reported: HashMap<_, _> = shelf.notices.iter().map(|kept| (&*kept.place.pk, kept.state.became)).collect();
    for kept in &shelf.suppressions {
        let notice = Key::notice(&kept.state.notice);
        let became = reported.get(notice.pk.as_str()).copied().flatten();
        asked.holds(became.is_some_and(|report| report.suppresses()), "N4", &kept.place, || {
            format!(
                "its address is suppressed for the notice {}, of which no such thing was reported",
                kept.state.notice
            )
        });
    }
}

fn entry(asked: &mut Asked, book: &Book, kept: &Kept<'_, ()>, name: &str, known: Known<'_>, shelf: &Shelf<'_>) {
    let beside = &kept.beside;
    let (Some(queue), Some(body)) = (beside.queue.as_deref().and_then(Queue::named), beside.body.as_deref()) else {
        asked.found("X3", &kept.place, "it does not say what goes to which queue".into());
        return;
    };
    let read = match queue {
        // What was parked may be anything, of any queue.
        _ if name.starts_with(AGAIN) => Ok((name.to_owned(), LATER)),
        Queue::Notices => parsed(body).map(|notice: Notice| (format!("notice#{}", notice.id), NOW)),
        Queue::Hooks => parsed(body).map(|call: Call| (call.fact(), if call.attempt == 0 { NOW } else { LATER })),
        Queue::Contacts => parsed(body).map(|c: Contact| (format!("contact#{}#{}", c.store, c.id), NOW)),
        Queue::Clocks => parsed(body).map(|alarm: Alarm| {
            rings(asked, book, kept, &alarm, known, shelf);
            (alarm.fact().join("#"), LATER)
        }),
        Queue::Events | Queue::Feedback | Queue::Fees | Queue::Days | Queue::Mails => {
            Err("nothing goes there by the outbox".into())
        }
    };
    match read {
        Err(why) => asked.found("X3", &kept.place, format!("its message cannot be taken: {why}")),
        Ok((named, kind)) => {
            asked.holds(named == name, "X3", &kept.place, || format!("its message is {named}"));
            asked.holds(beside.kind.as_deref() == Some(kind), "X3", &kept.place, || format!("it should leave {kind}"));
        }
    }
    let found = beside.due_at.is_some() && beside.due_shard.as_deref().is_some_and(|it| may_be_due_in(name, it));
    asked.holds(found, "X3", &kept.place, || "it does not stand where the sweep looks for it".into());
}

fn parsed<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

/// A clock points at something that is there, at the time that follows from it.
fn rings(asked: &mut Asked, book: &Book, kept: &Kept<'_, ()>, alarm: &Alarm, known: Known<'_>, shelf: &Shelf<'_>) {
    let (sellers, requests, claims) = known;
    let due: Option<Instant> = match alarm {
        Alarm::ClaimAnswer { store, claim, round, .. } => {
            let asked = claims.get(&(store, claim)).and_then(|kept| kept.state.rounds.get(*round));
            asked.map(|round| after(round.due_at, SKEW_MARGIN))
        }
        Alarm::RequestReminder { store, request, hours_left, .. } => {
            requests.get(&(store, request)).map(|kept| hours_after(kept.state.due_at, hours_left.saturating_neg()))
        }
        Alarm::RequestExpiry { store, request, .. } => {
            requests.get(&(store, request)).map(|kept| after(kept.state.due_at, SKEW_MARGIN))
        }
        Alarm::ReturnMethod { named: true, .. } => return,
        Alarm::ReturnMethod { store, seller, order, decision, .. } => {
            let place = place_of(&Key::remedies(store, seller, order));
            let decided = shelf.remedies.iter().find(|kept| kept.place.to_string() == place);
            let record = decided.and_then(|kept| Some(&kept.state.decision(decision)?.record));
            record.and_then(|record| record.return_method_by).map(|by| after(by, SKEW_MARGIN))
        }
        Alarm::RefundDue { store, received_at, .. } => {
            let due = book.store(store).and_then(|store| store.refund_due(*received_at));
            due.map(|due| after(due, SKEW_MARGIN))
        }
        Alarm::TrialEnding { store, seller, days_left } => {
            let known = sellers.get(&(store, seller)).zip(book.store(store));
            let Some((known, store)) = known else {
                asked.found("X3", &kept.place, format!("the clock is seller {seller}'s, which is not there"));
                return;
            };
            // Who left before service began has no trial, and a clock that rings for nothing.
            let Some(trial) = known.kept.state.trial(store) else { return };
            Some(days_before(store.zone, trial.ends_at, *days_left))
        }
        Alarm::Erasure { store, customer, run, step } => {
            let place = place_of(&Key::erasure(store, customer));
            let known = shelf.erasures.iter().find(|kept| kept.place.to_string() == place);
            let stale = known.is_none_or(|kept| !kept.state.expects(*run, *step));
            match known.map(|kept| &kept.state) {
                None => None,
                Some(Erasure { stage: Stage::Waiting { until }, .. }) if !stale => Some(*until),
                // What goes on at once is due when it was left; the clock of a step that was made rings for nothing.
                Some(_) => return,
            }
        }
        Alarm::Survey { about, resolved_at } => {
            let Some(store) = book.store(&about.store) else {
                asked.found(
                    "X3",
                    &kept.place,
                    format!("the clock is of the store {}, which is not there", about.store),
                );
                return;
            };
            Some(after(*resolved_at, store.survey.delay))
        }
        Alarm::Digest(digest) => book.store(&digest.store).map(|store| digest.closes_at(store)),
        Alarm::Resolution { rings_at, .. } | Alarm::IdleClaim { rings_at, .. } | Alarm::Retention { rings_at, .. } => {
            Some(*rings_at)
        }
    };
    match due {
        None => asked.found("X3", &kept.place, "the clock points at what is not there".into()),
        Some(due) => {
            let invariant = if matches!(alarm, Alarm::TrialEnding { .. }) { "E4" } else { "X3" };
            asked.holds(kept.beside.due_at == Some(due.timestamp_millis()), invariant, &kept.place, || {
                format!("the clock is to ring at {due}, and is set to another time")
            });
        }
    }
}
