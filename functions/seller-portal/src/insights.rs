//! Insights: what a quarter's figures are, each with its definition and that of the quarter before, the reasons for
//! which customers wrote, and what product pages did not say. The same figures as JSON and CSV, since they are the same
//! answer.

use crate::{
    parts::{frame, said, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{
    insight::{Definition, Metric, Unit},
    quarter::Quarter,
    store::Store,
};
use futures_util::future::try_join3;
use pages::{
    frame::{Frame, fill},
    page, session,
    visit::Visit,
    words::Language,
};
use serde::Deserialize;
use shell::{Shell, failure::Failure, http::Request, page::Page};

/// The page.
pub const ROUTE: &str = "GET /stores/{store}/insights";

const FIGURES: &str = "GET /v1/stores/{store}/insights";
const REASON: &str = "GET /v1/stores/{store}/insights/reasons/{topic}";
const GAPS: &str = "GET /v1/stores/{store}/insights/gaps";
/// How many quarters can be chosen: those of two years, and the running one.
const QUARTERS: usize = 9;
/// The width of a bar that shows the most.
const FULL: u64 = 1000;

#[derive(Debug, Deserialize)]
struct OfQuarter {
    quarter: Quarter,
    previous_quarter: Quarter,
    as_of: DateTime<Utc>,
    figures: Vec<Figure>,
}

#[derive(Debug, Deserialize)]
struct Figure {
    metric: Metric,
    unit: Option<Unit>,
    of: Option<String>,
    liable: Option<String>,
    #[serde(flatten)]
    now: Quantity,
    previous: Quantity,
}

#[derive(Debug, Default, Deserialize)]
struct Quantity {
    value: Option<i64>,
    numerator: Option<u64>,
    denominator: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
struct Products {
    products: Vec<OfProduct>,
}

#[derive(Debug, Deserialize)]
struct OfProduct {
    product: String,
    contacts: u64,
    previous_contacts: u64,
}

#[derive(Debug, Deserialize)]
struct Gaps {
    gaps: Vec<Gap>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Gap {
    product: String,
    attribute: String,
    asked: u64,
}

#[derive(Template)]
#[template(path = "insights.html")]
struct Insights<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    visit: &'a Visit<'a>,
    figures: OfQuarter,
    topic: String,
    products: Vec<OfProduct>,
    gaps: Gaps,
}

/// The refunds of one reason that one party bears.
struct Refunded<'a> {
    reason: &'a str,
    liable: &'a str,
    count: &'a Figure,
    amount: Option<&'a Figure>,
}

impl Insights<'_> {
    /// Figures of everything; those of a topic or a product have their own tables.
    fn whole(&self) -> impl Iterator<Item = &Figure> {
        self.figures.figures.iter().filter(|figure| figure.of.is_none() && figure.liable.is_none())
    }

    /// For what customers made contact.
    fn reasons(&self) -> Vec<&Figure> {
        let of_a_topic = |figure: &&Figure| figure.metric == Metric::ContactReason && figure.of.is_some();
        self.figures.figures.iter().filter(of_a_topic).collect()
    }

    /// What was refunded, by reason and by who bears it: the number and the amount of one are two figures.
    fn refunds(&self) -> Vec<Refunded<'_>> {
        let all = &self.figures.figures;
        let counts = all.iter().filter(|figure| figure.metric == Metric::Refunds);
        let refunded = counts.filter_map(|count| {
            let same = |figure: &&Figure| {
                figure.metric == Metric::RefundAmount && figure.of == count.of && figure.liable == count.liable
            };
            let (reason, liable) = (count.of.as_deref()?, count.liable.as_deref()?);
            Some(Refunded { reason, liable, count, amount: all.iter().find(same) })
        });
        refunded.collect()
    }

    /// The products about which customers made contact most.
    fn most_asked(&self) -> Vec<(&str, &Figure)> {
        let of_products = self.figures.figures.iter().filter(|figure| figure.metric == Metric::ProductContacts);
        of_products.filter_map(|figure| Some((figure.of.as_deref()?, figure))).collect()
    }

    /// Where the next page of what product pages did not say is.
    fn more_gaps(&self) -> Option<String> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("quarter", &self.figures.quarter.to_string())
            .append_pair("topic", &self.topic)
            .append_pair("cursor", self.gaps.next_cursor.as_deref()?)
            .finish();
        Some(format!("/stores/{}/insights?{query}#gaps", self.store))
    }

    fn name(&self, figure: &Figure) -> &str {
        self.text(figure).0
    }

    fn meaning(&self, figure: &Figure) -> &str {
        self.text(figure).1
    }

    fn text(&self, figure: &Figure) -> (&str, &str) {
        let definition = self.visit.shell.book.metrics().ok().and_then(|metrics| metrics.get(&figure.metric));
        definition.map_or(("", ""), |Definition { name, meaning, .. }| match self.frame.language {
            Language::En => (&name.en, &meaning.en),
            Language::Zh => (&name.zh, &meaning.zh),
        })
    }

    fn said(&self, code: &str) -> String {
        said(self.w, code)
    }

    /// A figure as people read it, in its unit; a share with what it is made of.
    fn shown(&self, figure: &Figure, quantity: &Quantity) -> String {
        let of = |n: u64, d: u64| fill(self.w.of_total, &[&n.to_string(), &d.to_string()]);
        let aside = |text: &str, more: &str| self.frame.words.aside(text, more);
        match (&figure.unit, quantity) {
            // More than one contact for a unit is no part of a whole.
            (Some(Unit::Share), Quantity { numerator: Some(n), denominator: Some(d), .. })
                if figure.metric == Metric::Cpu =>
            {
                let counted =
                    |n: u64, one: &str, many| if n == 1 { one.to_owned() } else { fill(many, &[&n.to_string()]) };
                let contacts = counted(*n, self.w.one_contact, self.w.so_many_contacts);
                let units = counted(*d, self.w.one_unit, self.w.so_many_units);
                let both = [contacts, units].join(self.frame.words.comma);
                each(*n, *d).map_or_else(|| self.w.not_yet.to_owned(), |each| aside(&each, &both))
            }
            (Some(Unit::Share), Quantity { numerator: Some(n), denominator: Some(d), .. }) => {
                share(*n, *d).map_or_else(|| self.w.not_yet.to_owned(), |share| aside(&share, &of(*n, *d)))
            }
            (Some(Unit::Share), Quantity { denominator: Some(d), .. }) if *d > 0 => aside(self.w.few, &d.to_string()),
            (_, Quantity { value: None, .. }) => self.w.not_yet.to_owned(),
            (Some(Unit::Minor), Quantity { value: Some(minor), .. }) => self.frame.amount(minor),
            (Some(Unit::Minutes), Quantity { value: Some(value), .. }) => fill(self.w.minutes, &[&value.to_string()]),
            (Some(Unit::Days), Quantity { value: Some(value), .. }) => self.frame.words.in_days(value.unsigned_abs()),
            (_, Quantity { value: Some(value), .. }) => value.to_string(),
        }
    }

    /// The quarters that can be chosen: the running one and those before it, and the one that is shown.
    fn quarters(&self) -> Vec<Quarter> {
        let running = self.visit.store.quarter_of(self.visit.request.now);
        let last = std::iter::successors(Some(running), |quarter| Some(quarter.previous())).take(QUARTERS);
        let mut all: Vec<_> = last.chain([self.figures.quarter]).collect();
        all.sort_unstable_by(|one, other| other.cmp(one));
        all.dedup();
        all
    }

    fn most(&self) -> u64 {
        let both = |figure: &Figure| [figure.now.value, figure.previous.value];
        let most = self.reasons().into_iter().flat_map(both).flatten().max().unwrap_or(1);
        u64::try_from(most).unwrap_or(1).max(1)
    }

    /// How long a bar is, of a thousand for the longest.
    fn bar(&self, quantity: &Quantity) -> u64 {
        let value = quantity.value.and_then(|value| u64::try_from(value).ok()).unwrap_or(0);
        value.saturating_mul(FULL).checked_div(self.most()).unwrap_or(0)
    }
}

/// A part of a whole in percent, to the second place; cut, not rounded.
fn share(numerator: u64, denominator: u64) -> Option<String> {
    let basis_points = numerator.checked_mul(10_000)?.checked_div(denominator)?;
    Some(format!("{}.{:02}%", basis_points / 100, basis_points % 100))
}

/// So many for each, to the fourth place, and at least to the second; cut, not rounded.
fn each(numerator: u64, denominator: u64) -> Option<String> {
    let parts = numerator.checked_mul(10_000)?.checked_div(denominator)?;
    let text = format!("{}.{:04}", parts / 10_000, parts % 10_000);
    let short = text.strip_suffix('0').map(|text| text.strip_suffix('0').unwrap_or(text));
    Some(short.unwrap_or(&text).to_owned())
}

/// The figures of the quarter that the query names, as a file.
pub async fn download(visit: &Visit<'_>) -> Result<Page, Failure> {
    let quarter = visit.asked("quarter");
    let request = visit.to(FIGURES).with_query("quarter", &quarter);
    let file = format!("insights-{}", visit.store.id);
    visit.download(&insight_api::ROUTES, insight_api::handle, request, &file).await
}

/// Reads what the page begins with, for the seller that the session is named for.
pub async fn ahead(shell: &Shell, request: &Request, store: &Store) -> Result<(), Failure> {
    match session::seller_named(request) {
        Some(seller) => insight_api::ahead(shell, request, store, &seller).await,
        None => Ok(()),
    }
}

/// The page: of the quarter that the query names, with the products of a topic where it names one.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, quarter, topic) = (words(visit), visit.asked("quarter"), visit.asked("topic"));
    let to = |route: &str| visit.to(route).with_query("quarter", &quarter);
    let products = async {
        if topic.is_empty() {
            return Ok(Products::default());
        }
        let request = to(REASON).at_path("topic", &topic);
        visit.ask(&insight_api::ROUTES, insight_api::handle, request).await
    };
    let gaps = to(GAPS).with_query("cursor", &visit.asked("cursor"));
    let (figures, gaps, products) = Box::pin(try_join3(
        visit.ask::<OfQuarter>(&insight_api::ROUTES, insight_api::handle, to(FIGURES)),
        visit.ask::<Gaps>(&insight_api::ROUTES, insight_api::handle, gaps),
        products,
    ))
    .await?;
    let frame =
        frame(visit, &fill(w.figures_of, &[&pages::words::Words::of(visit.language).of_quarter(&figures.quarter)]))?;
    let (store, products) = (visit.store.id.as_str(), products.products);
    page(200, &Insights { frame, w, store, visit, figures, topic, products, gaps })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ins_1_a_share_is_cut_to_the_hundredth_of_a_percent_and_there_is_none_of_nothing() {
        assert_eq!(share(40, 1000).as_deref(), Some("4.00%"));
        assert_eq!(share(2, 3).as_deref(), Some("66.66%"));
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn fee_3_contacts_for_each_unit_are_cut_to_the_fourth_place_and_there_are_none_for_no_unit() {
        for ((contacts, units), text) in
            [((2, 1), "2.00"), ((40, 1000), "0.04"), ((1, 3), "0.3333"), ((1, 8), "0.125"), ((0, 7), "0.00")]
        {
            assert_eq!(each(contacts, units).as_deref(), Some(text));
        }
        assert_eq!(each(1, 0), None);
    }
}
