//! Deciding: what an associate says is held against the facts and becomes a decision, which the seller sees and which
//! resolves the inquiry.

use crate::{Desk, wire::Words};
use domain::{
    decision::{DecidedBy, DecisionKind, DecisionRecord},
    id::DecisionId,
    inquiry::Inquiry,
    insight::Fact,
    judgement::{Deciding, Matter},
    notice::{DecisionFacts, Notice, NoticeKind},
    order::Order,
    remedy::Remedies,
    request::Request as CaseRequest,
    seller::Seller,
    unit::Unit,
};
use shell::{commit::Answer, failure::Failure, fields::Fields, key::Key, store::Seen};

const LONGEST_CODE: usize = 64;
const LONGEST_BASIS: usize = 1_000;
/// Units that one decision names; more are decided together, without naming them.
const UNITS_NAMED: usize = 100;

/// Reads a decision.
fn read(body: &[u8]) -> Result<Deciding, Failure> {
    let fields = Fields::parse(body)?;
    let (kind, reason) = (fields.one_of::<DecisionKind>("kind"), fields.text("reason", LONGEST_CODE));
    let basis = fields.text_if_given("basis", LONGEST_BASIS);
    let liable = fields.one_of_if_given("liable");
    let amount_minor = match kind {
        Some(DecisionKind::RefundPartial) => fields.number("amount_minor", 1..=i64::MAX),
        _ => None,
    };
    let units = if fields.has("units") { fields.list("units", UNITS_NAMED, unit) } else { Some(Vec::new()) };
    let supersedes = fields.ids("supersedes", UNITS_NAMED);
    fields.build(|| {
        let (units, supersedes) = (units?, supersedes?);
        Some(Deciding { kind: kind?, reason: reason?, basis, liable, units, amount_minor, supersedes })
    })
}

fn unit(fields: &Fields) -> Option<Unit> {
    let (item, ordinal) = (fields.id("item_id"), fields.number("ordinal", 1..=999));
    Some(Unit { item: item?, ordinal: u16::try_from(ordinal?).ok()? })
}

/// What a decision rests on, as it was found.
struct Found {
    order: Order,
    asked: Option<Seen<CaseRequest>>,
    remedies: Option<Seen<Remedies>>,
    seller: Option<Seller>,
}

impl Desk<'_> {
    /// JDG-1: the decision, which resolves the inquiry.
    pub async fn decide(&self) -> Result<Answer, Failure> {
        let deciding = read(&self.request.body)?;
        self.resolve(&deciding, None).await
    }

    /// An answer that ends the matter.
    pub async fn resolve_by(&self, words: &Words) -> Result<Answer, Failure> {
        self.resolve(&Deciding::plain(DecisionKind::Answer, "question_answered"), Some(words)).await
    }

    async fn resolve(&self, deciding: &Deciding, words: Option<&Words>) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let (inquiry, found) = (&seen.state, self.rests_on(&seen.state).await?);
                inquiry.decidable(&self.associate)?;
                let record = self.record(deciding, inquiry, &found)?;
                let decision = DecisionFacts::of(&record);
                let kind = NoticeKind::Decided { order: inquiry.order.clone(), decision };
                let told = Notice::to_seller(&inquiry.store, &inquiry.seller, kind, &[record.id.as_str()]);
                let outcome = match words {
                    Some(_) => inquiry.resolve_by_answer(&self.associate, record.clone(), self.store, &self.at()?)?,
                    None => inquiry.decide(&self.associate, record.clone(), self.store, &self.at()?)?,
                };
                let outcome = outcome.then(told);
                let answer = Answer::ok(&record)?;
                let told = Fact::of_inquiry(inquiry, &outcome.events);
                let commit = self
                    .facts(self.commit(&answer)?, inquiry, told)?
                    .inquiry(self.store, Some(&seen), outcome)?
                    .decision(inquiry, &record, found.remedies.as_ref(), found.asked.as_ref())?;
                match words {
                    Some(words) => self.say(commit, inquiry, words),
                    None => Ok(commit),
                }
            })
            .await
    }

    async fn rests_on(&self, inquiry: &Inquiry) -> Result<Found, Failure> {
        let (store, seller) = (&self.store.id, &inquiry.seller);
        let order_key = Key::order(store, &inquiry.order);
        let remedies_key = Key::remedies(store, seller, &inquiry.order);
        let request_key = inquiry.request.as_ref().map(|id| Key::request(store, seller, id));
        let seller_key = Key::seller(store, seller);
        let keys = [order_key.clone(), remedies_key.clone(), seller_key.clone()].into_iter().chain(request_key.clone());
        let keys: Vec<_> = keys.collect();
        let found = self.shell.store.get_all(&keys).await?;
        let order = found.state::<Order>(&order_key)?;
        Ok(Found {
            order: order.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?.state,
            asked: request_key.map(|key| found.state::<CaseRequest>(&key)).transpose()?.flatten(),
            remedies: found.state::<Remedies>(&remedies_key)?,
            seller: found.state::<Seller>(&seller_key)?.map(|seen| seen.state),
        })
    }

    /// JDG-2: the record, with what it rests on and the way back.
    fn record(&self, deciding: &Deciding, inquiry: &Inquiry, found: &Found) -> Result<DecisionRecord, Failure> {
        let (at, book) = (self.at()?, &self.shell.book);
        let matter = Matter {
            inquiry,
            order: &found.order,
            topic: self.topic_of(inquiry)?,
            store: self.store,
            reasons: &book.reasons,
            remedies: found.remedies.as_ref().map(|seen| &seen.state),
            request: found.asked.as_ref().map(|seen| &seen.state),
            seller_country: found.seller.as_ref().map(|seller| seller.facts.address_country.as_str()),
        };
        let by = DecidedBy::Associate { associate: Some(self.associate.clone()) };
        let id = DecisionId::derived(&[&at.cause, inquiry.id.as_str()]);
        Ok(matter.decide(deciding, by, id, at.now)?)
    }
}
