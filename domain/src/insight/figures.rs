//! The rows that are shown: each figure of a quarter with that of the quarter before beside it, and the instant of which
//! it is true. JSON and CSV are both made of these rows (INS-4).

use super::{Day, Metric};
use crate::{
    at::{Instant, after},
    fee::{Measure, Rate},
    forecast::Forecast,
    ledger::QuarterHead,
    quarter::Quarter,
    seller::Trial,
    store::Store,
    survey::Csat,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many products are shown.
const PRODUCTS: usize = 10;

/// A quarter of a seller, as far as it is known.
#[derive(Debug, Clone)]
pub struct Figures<'a> {
    /// Which.
    pub quarter: Quarter,
    /// What fixes its rate; none before the seller's first.
    pub head: Option<&'a QuarterHead>,
    /// What was counted in it, once that is frozen.
    pub measured: Option<Measure>,
    /// The sum of its days.
    pub day: &'a Day,
}

/// A figure: a number, or a part and a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The number, in the metric's unit; none where it is not known or not shown.
    pub value: Option<i64>,
    /// The part.
    pub numerator: Option<u64>,
    /// The whole.
    pub denominator: Option<u64>,
    /// Where in the rate card.
    pub tier: Option<String>,
}

/// A figure as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is; the registry says what that means.
    pub metric: Metric,
    /// Of what: a topic or a product; none where it is of everything.
    pub of: Option<String>,
    /// Who bears it, where that is asked.
    pub liable: Option<String>,
    /// The figure.
    #[serde(flatten)]
    pub quantity: Quantity,
    /// The same a quarter before.
    pub previous: Quantity,
    /// When all that was known is in it.
    pub as_of: Instant,
}

fn number(value: impl TryInto<i64>) -> Quantity {
    Quantity { value: value.try_into().ok(), ..Quantity::default() }
}

fn share(numerator: u64, denominator: u64) -> Quantity {
    Quantity { numerator: Some(numerator), denominator: Some(denominator), ..Quantity::default() }
}

/// A mean in whole numbers, with what it is made of: what is left over is dropped.
fn mean(sum: u64, of: u64) -> Quantity {
    let value = sum.checked_div(of).and_then(|mean| i64::try_from(mean).ok());
    Quantity { value, ..share(sum, of) }
}

fn rate(rate: &Rate) -> Quantity {
    Quantity { tier: Some(rate.tier.to_string()), ..number(rate.amount.minor) }
}

impl Figures<'_> {
    fn measure(&self) -> Measure {
        self.measured.unwrap_or_else(|| self.day.measure())
    }

    /// FEE-5, FEE-9: in force now or, of a quarter that is over, at its end.
    fn fee_rate(&self, store: &Store, now: Instant) -> Quantity {
        let last = after(self.quarter.end(store.zone), TimeDelta::milliseconds(-1));
        let found = self.head.and_then(|head| store.rate_at(now.min(last), &head.measure));
        found.as_ref().map(rate).unwrap_or_default()
    }

    /// FEE-12: what it comes to for the quarter after, by the card that is then in force.
    fn forecast(&self, store: &Store) -> Option<Forecast> {
        Some(store.card_at(self.quarter.next().start(store.zone))?.forecast(&self.measure()))
    }

    fn of(&self, metric: Metric, of: Option<&str>, liable: Option<&str>, store: &Store, now: Instant) -> Quantity {
        let day = self.day;
        let minutes = |minutes: Option<u64>| minutes.map(number).unwrap_or_default();
        let refunds = || {
            let parties = of.and_then(|topic| day.refunds.get(topic));
            let found = parties.and_then(|parties| parties.iter().find(|(party, _)| Some(party.as_str()) == liable));
            found.map(|(_, refunds)| *refunds).unwrap_or_default()
        };
        match metric {
            Metric::FeeRate => self.fee_rate(store, now),
            Metric::Csat => {
                let Csat { answers, satisfied } = day.scores.csat();
                Quantity { numerator: satisfied, denominator: Some(answers), ..Quantity::default() }
            }
            Metric::Cpu => self.forecast(store).map(|f| share(f.rate.contacts, f.rate.units)).unwrap_or_default(),
            Metric::Vtr => {
                let measure = self.measure();
                share(measure.packages_scanned, measure.packages)
            }
            Metric::NextRate => self.forecast(store).map(|f| rate(&f.rate)).unwrap_or_default(),
            Metric::ContactsLeft => {
                let next = self.forecast(store).filter(|_| self.measured.is_none()).and_then(|forecast| forecast.next);
                next.map(|dearer| number(dearer.contacts)).unwrap_or_default()
            }
            Metric::TrialDaysLeft => Quantity::default(),
            Metric::Contacts => number(day.contacts()),
            Metric::ContactReason => {
                let contacts = of.and_then(|topic| day.reasons.get(topic)).map_or(0, |reason| reason.contacts);
                Quantity { value: number(contacts).value, ..share(contacts, day.contacts()) }
            }
            Metric::ProductContacts => {
                let products = day.products(None);
                number(products.iter().find(|(id, _)| Some(id.as_str()) == of).map_or(0, |(_, contacts)| *contacts))
            }
            Metric::RequestsInTime => number(day.requests.in_time),
            Metric::RequestsLate => number(day.requests.late),
            Metric::RequestsExpired => number(day.requests.expired),
            Metric::Resolutions => number(day.resolved.count()),
            Metric::ResolutionMedian => minutes(day.resolved.percentile(50)),
            Metric::ResolutionP90 => minutes(day.resolved.percentile(90)),
            Metric::ServiceTime => mean(day.owned.service, day.owned.counted),
            Metric::SellerTime => mean(day.owned.seller, day.owned.counted),
            Metric::CustomerTime => mean(day.owned.customer, day.owned.counted),
            Metric::Refunds => number(refunds().count),
            Metric::RefundAmount => number(refunds().minor),
            Metric::CatalogueGaps => {
                number(day.gaps.values().map(std::collections::BTreeMap::len).fold(0_usize, usize::saturating_add))
            }
        }
    }

    /// Of what a metric is shown, most first where there is an order.
    fn keys(&self, metric: Metric, before: &Self) -> Vec<(Option<String>, Option<String>)> {
        match metric {
            Metric::ContactReason => {
                let topics: BTreeSet<_> = self.day.reasons.keys().chain(before.day.reasons.keys()).collect();
                let contacts = |topic: &String| self.day.reasons.get(topic).map_or(0, |reason| reason.contacts);
                let mut topics: Vec<_> = topics.into_iter().collect();
                topics.sort_by_key(|topic| std::cmp::Reverse(contacts(topic)));
                topics.into_iter().map(|topic| (Some(topic.clone()), None)).collect()
            }
            Metric::ProductContacts => {
                let products = self.day.products(None).into_iter().take(PRODUCTS);
                products.map(|(product, _)| (Some(product.to_string()), None)).collect()
            }
            Metric::Refunds | Metric::RefundAmount => {
                let both = self.day.refunds.iter().chain(&before.day.refunds);
                let keys: BTreeSet<_> =
                    both.flat_map(|(topic, parties)| parties.keys().map(move |party| (topic, *party))).collect();
                let shown = |(topic, party): (&String, crate::topic::Liable)| {
                    (Some(topic.clone()), Some(party.as_str().to_owned()))
                };
                keys.into_iter().map(shown).collect()
            }
            Metric::FeeRate
            | Metric::Csat
            | Metric::Cpu
            | Metric::Vtr
            | Metric::NextRate
            | Metric::ContactsLeft
            | Metric::TrialDaysLeft
            | Metric::Contacts
            | Metric::RequestsInTime
            | Metric::RequestsLate
            | Metric::RequestsExpired
            | Metric::Resolutions
            | Metric::ResolutionMedian
            | Metric::ResolutionP90
            | Metric::ServiceTime
            | Metric::SellerTime
            | Metric::CustomerTime
            | Metric::CatalogueGaps => vec![(None, None)],
        }
    }
}

/// INS-1, INS-2: every figure of a quarter, with that of the quarter before.
#[must_use]
pub fn figures(
    store: &Store,
    quarter: &Figures<'_>,
    before: &Figures<'_>,
    trial: Option<Trial>,
    now: Instant,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for metric in Metric::ALL {
        for (of, liable) in quarter.keys(metric, before) {
            let figure = |of_quarter: &Figures<'_>| of_quarter.of(metric, of.as_deref(), liable.as_deref(), store, now);
            let quantity = match (metric, trial) {
                (Metric::TrialDaysLeft, Some(trial)) => number(trial.days_left(store, now)),
                _ => figure(quarter),
            };
            rows.push(Row { metric, previous: figure(before), quantity, of, liable, as_of: now });
        }
    }
    rows
}
