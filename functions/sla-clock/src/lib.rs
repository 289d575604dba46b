//! A clock rang: what it points at is looked at again, and most often there is nothing to do.
//!
//! | alarm | reads | writes, in one transaction |
//! |---|---|---|
//! | reminder | 1 `GetItem` | mail |
//! | request expired | 1 `GetItem`, 1 `BatchGetItem` (order, inquiry, what was given, seller) | request, inquiry, events, decision, what is given, mails |
//! | no way back | 1 `GetItem`, 1 `BatchGetItem` (order, inquiry, seller, the order's thread) where none was named | inquiry, events, decision, what is given, mails |
//! | refund due | 1 `GetItem`, 1 `BatchGetItem` (inquiries, the order's thread) where it is overdue | inquiries, events |
//! | time to answer about a claim over | 1 `GetItem` | claim, event, mail |
//! | trial ending | 1 `GetItem` | mail |
//! | survey | 1 `BatchGetItem` (inquiry, survey) | survey, event, mail |
//! | erasure | 1 `GetItem`, 1 query of the customer's contacts, and for each of five of them 1 `BatchGetItem` (where it went, its words), 1 query and 1 `GetItem` of its inquiry and 1 query of what was said there, or 1 `GetItem` of what a seller wrote | words, answers, transfers, erasure, event |
//! | retention | 1 `GetItem` (the inquiry), or 1 query of its events where a later one followed it, and for each into which it was merged 1 query and 1 `GetItem`; where something is due 1 query of what was said there and for forty contacts 1 `BatchGetItem` | words, answers, transfers, the next clock |
//! | the day of a digest over | | that it is closed, mail |
//! | time to the resolution running out, or over | 1 `GetItem` (the inquiry) | inquiry, event |
//! | claim idle | 1 `GetItem` (the inquiry) | inquiry, event; or a clock, where something has come of it since |

mod erase;
mod retain;

use domain::{
    at::{Actor, At, Instant},
    claim::Claim,
    clock::Alarm,
    decision::DecisionRecord,
    id::{DecisionId, RequestId, SellerId, StoreId},
    inquiry::{Inquiry, InquiryEvent, Recall, rung},
    insight::{Fact as Told, Place},
    judgement::Matter,
    notice::{DecisionFacts, Notice, NoticeKind},
    order::Order,
    outcome::{FollowUp, Outcome},
    remedy::{Remedies, ReturnMethod},
    request::Request,
    routing::Thread,
    seller::Seller,
    store::Store,
    survey::{About, Survey},
    unit,
};
use shell::{
    Shell,
    commit::{Commit, Fact},
    failure::Failure,
    key::Key,
    queue::Record,
    store::Seen,
};
use std::collections::BTreeSet;

/// One message.
pub async fn handle(shell: &Shell, record: &Record) -> Result<(), Failure> {
    let alarm: Alarm = record.read()?;
    let fact = Fact::new("sla-clock", alarm.fact().join("#"), &record.body);
    let at = record.at(&fact, Actor::Service);
    let rung = Rung { shell, fact, at };
    record.write(shell, async || rung.answered(&alarm).await).await
}

/// A clock that rang.
struct Rung<'a> {
    shell: &'a Shell,
    fact: Fact,
    at: At,
}

impl Rung<'_> {
    async fn answered(&self, alarm: &Alarm) -> Result<Option<Commit>, Failure> {
        match alarm {
            Alarm::RequestReminder { store, seller, request, hours_left } => {
                let seen = self.request(store, seller, request).await?;
                self.remind(seen.state.remind(*hours_left, &self.at))
            }
            Alarm::RequestExpiry { store, seller, request } => {
                let seen = self.request(store, seller, request).await?;
                self.expire(self.store(store)?, seen).await
            }
            Alarm::ReturnMethod { store, seller, order, decision, .. } => {
                self.no_way_back(self.store(store)?, (&Key::remedies(store, seller, order), decision)).await
            }
            Alarm::RefundDue { store, seller, order, received_at } => {
                let (remedies, store) = (Key::remedies(store, seller, order), self.store(store)?);
                let due = store.refund_due(*received_at).unwrap_or(self.at.now);
                self.refund_due(store, &remedies, (*received_at, due)).await
            }
            Alarm::ClaimAnswer { store, seller, claim, round } => {
                let seen = self.shell.store.get::<Claim>(&Key::claim(store, seller, claim)).await?;
                let seen = seen.ok_or_else(|| Failure::Fault(format!("claim {claim} is gone")))?;
                let outcome = seen.state.fall_silent(*round, &self.at)?;
                let commit = || self.commit().claim(Some(&seen), outcome.clone());
                (!outcome.is_unchanged()).then(commit).transpose()
            }
            Alarm::TrialEnding { store, seller, days_left } => {
                let known = self.shell.store.get::<Seller>(&Key::seller(store, seller)).await?;
                let known = known.ok_or_else(|| Failure::Fault(format!("seller {seller} is gone")))?;
                self.remind(known.state.trial_ending(self.store(store)?, *days_left, &self.at))
            }
            Alarm::Survey { about, resolved_at } => self.survey(about, *resolved_at).await,
            Alarm::Erasure { store, customer, run, step } => self.erase((store, customer), (*run, *step)).await,
            Alarm::Retention { over, ended_at, rings_at, step } => {
                self.retain(over, (*ended_at, *rings_at, *step)).await
            }
            Alarm::Digest(digest) => {
                let commit = self.commit().insert(Key::digest_closed(digest), digest)?;
                commit.follow_ups(vec![digest.notice().into()]).map(Some)
            }
            Alarm::Resolution { about, rings_at, .. } => {
                rung(*rings_at, &self.at)?;
                self.look_again(about, |inquiry, store| inquiry.resolution_rings(store, &self.at)).await
            }
            Alarm::IdleClaim { about, rings_at } => {
                rung(*rings_at, &self.at)?;
                self.look_again(about, |inquiry, store| inquiry.idle_rings(store, &self.at)).await
            }
        }
    }

    fn commit(&self) -> Commit {
        Commit::new(self.fact.clone(), self.at.clone())
    }

    fn store(&self, store: &StoreId) -> Result<&Store, Failure> {
        self.shell.book.store(store).ok_or_else(|| Failure::Fault(format!("store {store} is gone")))
    }

    async fn request(&self, store: &StoreId, seller: &SellerId, request: &RequestId) -> Result<Seen<Request>, Failure> {
        let seen = self.shell.store.get(&Key::request(store, seller, request)).await?;
        seen.ok_or_else(|| Failure::Fault(format!("request {request} is gone")))
    }

    fn remind(&self, notice: Option<Notice>) -> Result<Option<Commit>, Failure> {
        notice.map(|notice| self.commit().follow_ups(vec![notice.into()])).transpose()
    }

    /// INQ-3, INQ-4: a clock of an inquiry; nothing comes of it where a later one about the issue has followed.
    async fn look_again(
        &self,
        about: &About,
        decide: impl Fn(&Inquiry, &Store) -> Outcome<InquiryEvent>,
    ) -> Result<Option<Commit>, Failure> {
        let store = self.store(&about.store)?;
        let key = Key::inquiry(&about.store, &about.order, &about.seller, about.issue);
        let latest = self.shell.store.get::<Inquiry>(&key).await?;
        let latest = latest.ok_or_else(|| Failure::Fault(format!("inquiry {} is gone", about.inquiry)))?;
        if latest.state.id != about.inquiry {
            return Ok(None);
        }
        let outcome = decide(&latest.state, store);
        if outcome.is_unchanged() && outcome.follow_ups.is_empty() {
            return Ok(None);
        }
        self.commit().inquiry(store, Some(&latest), outcome).map(Some)
    }

    /// REQ-4: silence ends in a judgement: the rule's, or a person's.
    async fn expire(&self, store: &Store, seen: Seen<Request>) -> Result<Option<Commit>, Failure> {
        let expired = seen.state.expire(&self.at)?;
        if expired.is_unchanged() {
            return Ok(None);
        }
        let request = &seen.state;
        let order_key = Key::order(&store.id, &request.order);
        let inquiry_key = Key::inquiry(&store.id, &request.order, &request.seller, request.issue);
        let remedies_key = Key::remedies(&store.id, &request.seller, &request.order);
        let seller_key = Key::seller(&store.id, &request.seller);
        let keys = [order_key.clone(), inquiry_key.clone(), remedies_key.clone(), seller_key.clone()];
        let found = self.shell.store.get_all(&keys).await?;
        let order = found.state::<Order>(&order_key)?;
        let inquiry = found.state::<Inquiry>(&inquiry_key)?;
        let (Some(order), Some(inquiry)) = (order, inquiry) else {
            return Err(Failure::Fault(format!("request {} is of an order or an inquiry that is gone", request.id)));
        };
        let topic = self.shell.book.topics.get(&inquiry.state.topic);
        let topic = topic.ok_or_else(|| Failure::Fault(format!("topic {} is gone", inquiry.state.topic)))?;
        let remedies = found.state::<Remedies>(&remedies_key)?;
        let seller = found.state::<Seller>(&seller_key)?;
        let matter = Matter {
            inquiry: &inquiry.state,
            order: &order.state,
            topic,
            store,
            reasons: &self.shell.book.reasons,
            remedies: remedies.as_ref().map(|seen| &seen.state),
            request: Some(request),
            seller_country: seller.as_ref().map(|seen| seen.state.facts.address_country.as_str()),
        };
        let silent = inquiry.state.seller_silent(request, matter.after_silence(request, self.at.now), store, &self.at);
        let decision = silent.events.iter().find_map(|event| match event {
            InquiryEvent::Resolved { decision, .. } => Some((**decision).clone()),
            _ => None,
        });

        let mut outcome = expired.then(expired_notice(request, decision.as_ref()));
        if let Some(record) = &decision {
            outcome.events.extend(request.decided(record).events);
        }
        let mut told = Told::of_request(request, &outcome.events);
        told.extend(Told::of_inquiry(&inquiry.state, &silent.events));
        let commit = self.commit().request(Some(&seen), outcome)?.inquiry(store, Some(&inquiry), silent)?.facts(
            store,
            &request.seller,
            Place::each(told, store),
        )?;
        match &decision {
            Some(record) => commit.decision(&inquiry.state, record, remedies.as_ref(), None).map(Some),
            None => Ok(Some(commit)),
        }
    }

    /// INS-3: the customer is asked how it was, or it is written down why not. That the inquiry stands as it was seen is asked
    /// in the transaction: whoever takes it up again meanwhile is not asked.
    async fn survey(&self, about: &About, resolved_at: Instant) -> Result<Option<Commit>, Failure> {
        let store = self.store(&about.store)?;
        let inquiry_key = Key::inquiry(&about.store, &about.order, &about.seller, about.issue);
        let survey_key = Key::survey(&about.store, &about.inquiry);
        let found = self.shell.store.get_all(&[inquiry_key.clone(), survey_key.clone()]).await?;
        let latest = found.state::<Inquiry>(&inquiry_key)?;
        let latest = latest.ok_or_else(|| Failure::Fault(format!("inquiry {} is gone", about.inquiry)))?;
        let known = found.state::<Survey>(&survey_key)?;
        let outcome =
            Survey::ask(known.as_ref().map(|seen| &seen.state), &latest.state, about, resolved_at, store, &self.at);
        if outcome.is_unchanged() {
            return Ok(None);
        }
        let commit = self.commit().survey(known.as_ref(), outcome)?;
        Ok(Some(commit.unchanged_since(inquiry_key, Some(latest.version))))
    }

    /// RET-4: a seller abroad has waived a return, or named no way for it: the rule refunds without it, or a person looks.
    async fn no_way_back(
        &self,
        store: &Store,
        (key, decision): (&Key, &DecisionId),
    ) -> Result<Option<Commit>, Failure> {
        let gone = || Failure::Fault(format!("what was given at {} is gone", key.sk));
        let remedies = self.shell.store.get::<Remedies>(key).await?.ok_or_else(gone)?;
        let known = &remedies.state;
        let issue = known.decision(decision).map(|decided| decided.issue).ok_or_else(gone)?;
        let waived = known.way(decision).is_some_and(|way| way.method == ReturnMethod::RefundWithoutReturn);
        if !waived && !known.lacks_way(decision) {
            return Ok(None);
        }
        let (order_key, seller_key) = (Key::order(&store.id, &known.order), Key::seller(&store.id, &known.seller));
        let inquiry_key = Key::inquiry(&store.id, &known.order, &known.seller, issue);
        let thread_key = Key::thread(&store.id, &known.order, &known.seller);
        let keys = [order_key, seller_key, inquiry_key, thread_key];
        let found = self.shell.store.get_all(&keys).await?;
        let [order_key, seller_key, inquiry_key, thread_key] = keys;
        let order = found.state::<Order>(&order_key)?.ok_or_else(gone)?.state;
        let seller = found.state::<Seller>(&seller_key)?.ok_or_else(gone)?.state;
        let inquiry = found.state::<Inquiry>(&inquiry_key)?.ok_or_else(gone)?;
        let seen = found.state::<Thread>(&thread_key)?;
        let thread = seen.as_ref().map(|seen| seen.state.clone()).unwrap_or_default();
        let topic = self.shell.book.topics.get(&inquiry.state.topic).ok_or_else(gone)?;
        let matter = Matter {
            inquiry: &inquiry.state,
            order: &order,
            topic,
            store,
            reasons: &self.shell.book.reasons,
            remedies: Some(known),
            request: None,
            seller_country: Some(&seller.facts.address_country),
        };
        let commit = self.commit().thread_as_seen(thread_key, seen)?;
        let record = matter.without_return(decision, self.at.now);
        let Some(record) = record.filter(|record| inquiry.state.is_decided_by_rule(record)) else {
            let recalled = inquiry.state.recall(Recall::NoWayBack, &thread, self.at.now);
            return commit.inquiry(store, Some(&inquiry), recalled).map(Some);
        };
        let kind = NoticeKind::Decided { order: known.order.clone(), decision: DecisionFacts::of(&record) };
        let told = Notice::to_seller(&store.id, &known.seller, kind, &[record.id.as_str()]);
        let mut decided = inquiry.state.decide_by_rule(&record, store, &self.at).then(told);
        if known.open(decision).any(|unit| !unit::hold(&record.units, &unit)) {
            decided.events.extend(inquiry.state.recalled(Recall::NoWayBack, &thread, self.at.now));
        }
        let told = Told::of_inquiry(&inquiry.state, &decided.events);
        commit
            .inquiry(store, Some(&inquiry), decided)?
            .decision(&inquiry.state, &record, Some(&remedies), None)?
            .facts(store, &known.seller, Place::each(told, store))
            .map(Some)
    }

    /// RET-5: what came back and is not refunded goes to a person.
    async fn refund_due(
        &self,
        store: &Store,
        remedies: &Key,
        (received_at, due): (Instant, Instant),
    ) -> Result<Option<Commit>, Failure> {
        let known = self.shell.store.get::<Remedies>(remedies).await?;
        let known = known.ok_or_else(|| Failure::Fault(format!("what was given at {} is gone", remedies.sk)))?.state;
        let issues: BTreeSet<_> = known.unpaid(received_at).into_iter().map(|decided| decided.issue).collect();
        if issues.is_empty() {
            return Ok(None);
        }
        let keys: Vec<_> =
            issues.into_iter().map(|issue| Key::inquiry(&known.store, &known.order, &known.seller, issue)).collect();
        let thread_key = Key::thread(&known.store, &known.order, &known.seller);
        let found = self.shell.store.get_all(&[&keys[..], std::slice::from_ref(&thread_key)].concat()).await?;
        let seen = found.state::<Thread>(&thread_key)?;
        let thread = seen.as_ref().map(|seen| seen.state.clone()).unwrap_or_default();
        let mut commit = self.commit().thread_as_seen(thread_key, seen)?;
        for key in &keys {
            let inquiry = found.state::<Inquiry>(key)?;
            let inquiry = inquiry.ok_or_else(|| Failure::Fault(format!("inquiry {} is gone", key.sk)))?;
            let recalled = inquiry.state.recall(Recall::RefundOverdue, &thread, due);
            commit = commit.inquiry(store, Some(&inquiry), recalled)?;
        }
        Ok(Some(commit))
    }
}

fn expired_notice(request: &Request, decision: Option<&DecisionRecord>) -> FollowUp {
    let kind = NoticeKind::RequestExpired {
        request: request.id.clone(),
        order: request.order.clone(),
        effective_at: request.due_at,
        decision: decision.map(DecisionFacts::of),
    };
    Notice::to_seller(&request.store, &request.seller, kind, &[request.id.as_str()]).into()
}
