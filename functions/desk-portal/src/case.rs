//! An inquiry with all that belongs to it, as far as its page shows it.

use crate::{
    conversation::{Answered, SaidByCustomer, Written},
    queue::Line,
    words::Words,
};
use chrono::{DateTime, Utc};
use domain::{
    at::Actor,
    attachment::Attachment,
    money::Money,
    question::{QuestionKind, Takes},
    returns::ReturnTerms,
    unit::Units,
};
use pages::{
    codes,
    frame::{Frame, fill},
    visit::Visit,
    words::Language,
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub struct Case {
    #[serde(flatten)]
    pub line: Line,
    pub minutes: Option<Minutes>,
    pub opened_at: DateTime<Utc>,
    /// Since when nothing has come of it, while somebody works on it.
    pub idle_since: Option<DateTime<Utc>>,
    pub items: Vec<String>,
    pub order: Order,
    pub history: Vec<Past>,
    pub customer: Vec<SaidByCustomer>,
    pub transfers: Vec<Transfer>,
    pub requests: Vec<Asked>,
    pub catalogue: Vec<Fact>,
    pub answers: Vec<Answered>,
    pub notes: Vec<Written>,
    pub decisions: Vec<Decision>,
    pub return_policy: Option<Policy>,
    pub remedies: Option<Remedies>,
}

#[derive(Debug, Deserialize)]
pub struct Minutes {
    service: u64,
    seller: u64,
    customer: u64,
}

impl Minutes {
    pub fn said(&self, w: &Words) -> String {
        fill(w.spent, &[&self.service.to_string(), &self.seller.to_string(), &self.customer.to_string()])
    }
}

#[derive(Debug, Deserialize)]
pub struct Order {
    pub placed_at: DateTime<Utc>,
    lines: Vec<Ordered>,
    parcels: BTreeMap<String, Parcel>,
}

/// A line of the order.
#[derive(Debug, Deserialize)]
pub struct Ordered {
    pub item: String,
    seller: String,
    pub product: String,
    pub quantity: u16,
    pub unit_price: Money,
    pub promised_by: Option<DateTime<Utc>>,
    coverage: Coverage,
    pub shipped: Vec<u16>,
}

#[derive(Debug, Deserialize)]
struct Coverage {
    handled_by: String,
    trial_ends_at: Option<DateTime<Utc>>,
    why: Option<String>,
}

impl Ordered {
    /// Who handles it, and why or until when it is free.
    pub fn handled(&self, w: &Words, frame: &Frame<'_>) -> String {
        let Coverage { handled_by, trial_ends_at, why } = &self.coverage;
        let trial = trial_ends_at.as_ref().map(|end| fill(w.trial_until, &[&frame.time(end)]));
        match why.as_ref().map(|why| w.said(why)).or(trial) {
            Some(more) => w.signs().aside(&w.said(handled_by), &more),
            None => w.said(handled_by),
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Parcel {
    seller: String,
    pub shipped_at: DateTime<Utc>,
    pub scanned_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub protected_label: bool,
}

/// What a seller said of what it handed over.
#[derive(Debug, Deserialize)]
pub struct Transfer {
    pub topic: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// A request to the seller.
#[derive(Debug, Deserialize)]
pub struct Asked {
    pub request_id: String,
    pub question: Question,
    #[serde(rename = "asked_at")]
    pub at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub state: String,
    pub reply: Option<Reply>,
}

#[derive(Debug, Deserialize)]
pub struct Question {
    kind: QuestionKind,
    pub text: String,
    gap: Option<Gap>,
}

#[derive(Debug, Deserialize)]
struct Gap {
    product: String,
    attribute: String,
}

#[derive(Debug, Deserialize)]
pub struct Reply {
    pub text: String,
    #[serde(default)]
    answers: BTreeMap<String, Value>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub user: String,
    pub received_at: DateTime<Utc>,
    pub late: bool,
}

impl Asked {
    pub fn progress(&self, w: &Words) -> String {
        w.said(if self.state == "answered" { "answered_request" } else { &self.state })
    }

    /// What the product's page lacks, where it was asked for.
    pub fn lacking(&self, w: &Words) -> Option<String> {
        let gap = self.question.gap.as_ref()?;
        Some(fill(w.lacking, &[&gap.product, &gap.attribute]))
    }

    /// What was answered, by the labels of the question.
    pub fn answers(&self, w: &Words, visit: &Visit<'_>) -> Vec<(String, String)> {
        let slots = visit.shell.book.questions.slots(self.question.kind);
        let given = self.reply.iter().flat_map(|reply| &reply.answers);
        let read = |(name, value): (&String, &Value)| {
            let slot = slots.iter().find(|slot| slot.name == *name);
            let label = slot.map_or(name, |slot| match visit.language {
                Language::En => &slot.label.en,
                Language::Zh => &slot.label.zh,
            });
            let text = match (value, slot.map(|slot| &slot.takes)) {
                (Value::String(text), Some(Takes::Choice(_))) => w.said(text),
                (Value::String(text), _) => text.clone(),
                (other, _) => other.to_string(),
            };
            (label.clone(), text)
        };
        given.map(read).collect()
    }
}

/// What the page of a product says.
#[derive(Debug, Deserialize)]
pub struct Fact {
    pub product_id: String,
    pub name: String,
    pub value: String,
    pub source: String,
}

#[derive(Debug, Deserialize)]
pub struct Decision {
    pub id: String,
    pub kind: String,
    pub reason: Option<String>,
    pub basis: String,
    pub amount: Option<Money>,
    pub liable: String,
    pub decided_at: DateTime<Utc>,
    decided_by: DecidedBy,
    #[serde(default)]
    units: Vec<Units>,
}

#[derive(Debug, Deserialize)]
struct DecidedBy {
    by: String,
    associate: Option<String>,
}

impl Decision {
    pub fn by(&self, w: &Words) -> String {
        match (&self.decided_by.associate, self.decided_by.by.as_str()) {
            (Some(associate), _) => associate.clone(),
            (None, "associate") => w.an_associate.to_owned(),
            (None, by) => w.said(by),
        }
    }

    pub fn units(&self, w: &Words) -> String {
        named(&self.units, w)
    }
}

/// Ranges of units in words.
fn named(units: &[Units], w: &Words) -> String {
    let each = units.iter().map(|range| {
        let of = if range.first == range.last { w.unit_of } else { w.units_of };
        fill(of, &[range.item.as_str(), &range.first.to_string(), &range.last.to_string()])
    });
    each.collect::<Vec<_>>().join(w.signs().semicolon)
}

#[derive(Debug, Deserialize)]
pub struct Policy {
    version: String,
    pub terms: ReturnTerms,
}

impl Policy {
    /// The store's standard one, or the seller's own by its number.
    pub fn called(&self, w: &Words) -> String {
        codes::policy(&self.version, w.standard_policy, w.own_policy)
    }

    /// Days, and groups of goods that have their own.
    pub fn window(&self, w: &Words) -> String {
        let days = |days: u64| w.signs().in_days(days);
        let own = self.terms.windows.iter().map(|(group, own)| [&w.said(group), w.signs().colon, &days(*own)].concat());
        std::iter::once(days(self.terms.window_days)).chain(own).collect::<Vec<_>>().join(w.signs().semicolon)
    }

    pub fn exceptions(&self, w: &Words) -> String {
        let groups = self.terms.non_returnable.iter().map(|group| w.said(group));
        groups.collect::<Vec<_>>().join(w.signs().between)
    }

    pub fn payer(&self, w: &Words) -> String {
        w.said(&crate::parts::code(&self.terms.return_shipping))
    }

    /// The shares that may be kept, of hundredths of a percent in percent.
    pub fn kept(&self, w: &Words) -> String {
        let restocking = serde_json::to_value(self.terms.restocking).unwrap_or_default();
        let percent = |name: &str| {
            let share = restocking.get(name).and_then(Value::as_u64).unwrap_or(0);
            match share % 100 {
                0 => (share / 100).to_string(),
                part => format!("{}.{part:02}", share / 100),
            }
        };
        fill(w.kept, &[&percent("late"), &percent("used"), &percent("different")])
    }
}

/// What was given for this seller's part of the order, in whichever inquiry.
#[derive(Debug, Deserialize)]
pub struct Remedies {
    decided: Vec<Given>,
    pub refunds: Vec<PaidOut>,
    pub returns: Vec<CameBack>,
}

#[derive(Debug, Deserialize)]
struct Given {
    record: Decision,
}

#[derive(Debug, Deserialize)]
pub struct PaidOut {
    pub amount: Money,
    pub issued_at: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
pub struct CameBack {
    units: Vec<Units>,
    pub received_at: DateTime<Utc>,
    pub condition: String,
}

impl CameBack {
    pub fn units(&self, w: &Words) -> String {
        named(&self.units, w)
    }
}

/// One event.
#[derive(Debug, Deserialize)]
pub struct Past {
    pub at: DateTime<Utc>,
    actor: Actor,
    event: Happened,
}

#[derive(Debug, Deserialize)]
struct Happened {
    event: String,
    associate: Option<String>,
    topic: Option<String>,
    into: Option<String>,
    from: Option<String>,
    why: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    contacts: Vec<String>,
}

impl Past {
    /// What happened, with what tells it from another one of its kind.
    pub fn what(&self, w: &Words) -> String {
        let Happened { event, associate, topic, into, from, why, reason, .. } = &self.event;
        let codes = [topic, why, reason].into_iter().flatten().map(|code| w.said(code));
        let names = [associate, into, from].into_iter().flatten().cloned();
        let more: Vec<_> = codes.chain(names).collect();
        let what = w.said(event);
        if more.is_empty() { what } else { [&what, w.signs().colon, &more.join(w.signs().comma)].concat() }
    }

    pub fn who(&self, w: &Words) -> String {
        match &self.actor {
            Actor::Seller(user) => [w.seller, w.signs().comma, user].concat(),
            Actor::Associate(associate) => associate.to_string(),
            Actor::Customer => w.customer.to_owned(),
            Actor::Marketplace => w.marketplace.to_owned(),
            Actor::Service => w.the_service.to_owned(),
        }
    }

    /// How many contacts it brought.
    pub fn brought(&self) -> usize {
        match self.event.event.as_str() {
            "contact_joined" | "reopened" => 1,
            "opened" | "absorbed" => self.event.contacts.len(),
            _ => 0,
        }
    }
}

impl Case {
    /// The seller's part of the order, each line with whether it is asked about.
    pub fn lines(&self) -> Vec<(&Ordered, bool)> {
        let own = self.order.lines.iter().filter(|line| line.seller == self.line.seller_id);
        own.map(|line| (line, self.items.contains(&line.item))).collect()
    }

    /// The lines that are asked about.
    pub fn in_question(&self) -> Vec<&Ordered> {
        self.lines().into_iter().filter(|(_, asked)| *asked).map(|(line, _)| line).collect()
    }

    pub fn parcels(&self) -> Vec<(&String, &Parcel)> {
        self.order.parcels.iter().filter(|(_, parcel)| parcel.seller == self.line.seller_id).collect()
    }

    /// Decisions that gave something for the order: another one may take their place.
    pub fn given(&self) -> Vec<&Decision> {
        self.remedies.iter().flat_map(|remedies| &remedies.decided).map(|given| &given.record).collect()
    }

    pub fn is_live(&self) -> bool {
        matches!(self.line.status.as_str(), "open" | "working" | "waiting_seller" | "waiting_customer")
    }
}
