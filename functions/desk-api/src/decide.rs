//! Deciding: what an associate says becomes a decision, which the seller sees and which resolves the inquiry.

use crate::Desk;
use domain::{
    decision::{DecidedBy, DecisionKind, DecisionRecord, STANDARD_POLICY, WayBack},
    id::DecisionId,
    inquiry::Inquiry,
    insight::Fact,
    money::Money,
    notice::{DecisionFacts, Notice, NoticeKind},
    order::Order,
    request::Request as CaseRequest,
    topic::Liable,
};
use shell::{commit::Answer, failure::Failure, fields::Fields, key::Key};

const LONGEST_BASIS: usize = 1_000;

/// What an associate decides.
pub struct Deciding {
    kind: DecisionKind,
    basis: String,
    liable: Option<Liable>,
    amount_minor: Option<i64>,
}

/// Reads a decision.
fn read(body: &[u8]) -> Result<Deciding, Failure> {
    let fields = Fields::parse(body)?;
    let (kind, basis) = (fields.one_of::<DecisionKind>("kind"), fields.text("basis", LONGEST_BASIS));
    let liable = fields.one_of_if_given("liable");
    let amount_minor = match kind {
        Some(DecisionKind::RefundPartial) => fields.number("amount_minor", 1..=i64::MAX),
        _ => None,
    };
    fields.build(|| Some(Deciding { kind: kind?, basis: basis?, liable, amount_minor }))
}

impl Deciding {
    /// An answer that ends the matter.
    pub fn by_answer() -> Self {
        Self {
            kind: DecisionKind::Answer,
            basis: "The customer's question is answered.".to_owned(),
            liable: None,
            amount_minor: None,
        }
    }

    /// What goes back to the customer: all of what the items cost, a part of it, or nothing.
    fn amount(&self, value: Money) -> Result<Option<Money>, Failure> {
        match (self.kind.refunds(), self.amount_minor) {
            (false, _) => Ok(None),
            (true, None) => Ok(Some(value)),
            (true, Some(part)) if part <= value.minor => Ok(Some(Money::new(part, value.currency))),
            (true, Some(_)) => Err(Failure::bad_field(
                "invalid_input",
                "amount_minor",
                format!("must be at most the price, {}", value.minor),
            )),
        }
    }
}

impl Desk<'_> {
    /// JDG-1: the decision, which resolves the inquiry.
    pub async fn decide(&self) -> Result<Answer, Failure> {
        let deciding = read(&self.request.body)?;
        self.resolve(&deciding, None).await
    }

    pub async fn resolve(&self, deciding: &Deciding, message: Option<&str>) -> Result<Answer, Failure> {
        self.request
            .write(self.shell, async || {
                let seen = self.find().await?;
                let inquiry = &seen.state;
                let order_key = Key::order(&self.store.id, &inquiry.order);
                let request_key = inquiry.request.as_ref().map(|id| Key::request(&self.store.id, &inquiry.seller, id));
                let keys: Vec<_> = std::iter::once(order_key.clone()).chain(request_key.clone()).collect();
                let found = self.shell.store.get_all(&keys).await?;
                let order = found.state::<Order>(&order_key)?;
                let order = order.ok_or_else(|| Failure::Fault(format!("order {} is gone", inquiry.order)))?;
                let asked = request_key.map(|key| found.state::<CaseRequest>(&key)).transpose()?.flatten();

                let record = self.record(deciding, inquiry, &order.state)?;
                let facts = DecisionFacts { kind: record.kind, amount: record.amount };
                let kind = NoticeKind::Decided { order: inquiry.order.clone(), decision: facts };
                let told = Notice::to_seller(&inquiry.store, &inquiry.seller, kind, &[record.id.as_str()]);
                let outcome = inquiry.decide(&self.associate, record.clone(), &self.at()?)?.then(told);
                let answer = Answer::ok(&record)?;
                let told = Fact::of_inquiry(inquiry, &outcome.events);
                let commit = self
                    .facts(self.commit(&answer)?, inquiry, told)?
                    .inquiry(Some(&seen), outcome)?
                    .decision(&inquiry.store, &inquiry.seller, &record, asked.as_ref())?;
                match message {
                    Some(message) => self.say(commit, inquiry, message),
                    None => Ok(commit),
                }
            })
            .await
    }

    /// JDG-2: the record, with what it rests on and the way back.
    fn record(&self, deciding: &Deciding, inquiry: &Inquiry, order: &Order) -> Result<DecisionRecord, Failure> {
        let at = self.at()?;
        let value = order.price_of(&inquiry.items, self.store.currency).map_err(|e| Failure::Fault(e.to_string()))?;
        let topic = self.shell.book.topics.get(&inquiry.topic);
        let topic = topic.ok_or_else(|| Failure::Fault(format!("topic {} is gone", inquiry.topic)))?;
        let liable = deciding.liable.unwrap_or(topic.liable);
        Ok(DecisionRecord {
            id: DecisionId::derived(&[&at.cause, inquiry.id.as_str()]),
            inquiry: inquiry.id.clone(),
            order: inquiry.order.clone(),
            items: inquiry.items.clone(),
            kind: deciding.kind,
            decided_by: DecidedBy::Associate { associate: self.associate.clone() },
            decided_at: at.now,
            basis: deciding.basis.clone(),
            policy: STANDARD_POLICY.to_owned(),
            amount: deciding.amount(value)?,
            liable,
            way_back: WayBack::of(deciding.kind, liable, at.now, self.store),
        })
    }
}
