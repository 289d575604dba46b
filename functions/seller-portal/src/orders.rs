//! Orders: one is looked up by its number; who handles each line of it, and why (COV-4). And what came to the seller by
//! mistake is handed over here.

use crate::{
    parts::{frame, said, words},
    transfers::{self, Transfer},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use pages::{
    frame::{Frame, fill},
    page,
    visit::{Visit, if_there},
};
use serde::Deserialize;
use shell::{failure::Failure, page::Page};

const SHOW: &str = "GET /v1/stores/{store}/orders/{order_id}";

#[derive(Debug, Deserialize)]
struct Found {
    order_id: String,
    placed_at: DateTime<Utc>,
    handled_by: String,
    return_policy: Option<String>,
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    item_id: String,
    quantity: u64,
    shipped: u64,
    handled_by: String,
    trial_ends_at: Option<DateTime<Utc>>,
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct Orders<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    asked: String,
    order: Option<Found>,
    visit: &'a Visit<'a>,
    may_transfer: bool,
    transfer: Option<Transfer>,
}

impl Orders<'_> {
    fn by(&self, who: &str) -> String {
        said(self.w, if who == "seller" { "you" } else { who })
    }

    /// The order that is handed over, as far as it is known.
    fn of_transfer(&self) -> &str {
        if self.visit.came_back() { self.visit.entered("order_id") } else { &self.asked }
    }

    fn why(&self, line: &Line) -> String {
        let trial = line.trial_ends_at.as_ref().map(|end| fill(self.w.in_trial, &[&self.frame.time(end)]));
        match &line.why {
            Some(why) => said(self.w, why),
            None => trial.map_or_else(|| self.w.covered.to_owned(), |trial| fill("{0} {1}", &[self.w.covered, &trial])),
        }
    }
}

/// The page, with the order that the query names.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, asked) = (words(visit), visit.asked("order_id").trim().to_owned());
    let frame = frame(visit, w.orders)?;
    if !visit.may(&enrollment_api::ROUTES, SHOW) {
        return Err(domain::outcome::Refusal::unseen("page").into());
    }
    let request = visit.to(SHOW).at_path("order_id", &asked);
    let found = async {
        if asked.is_empty() {
            return Ok(None);
        }
        if_there(visit.ask::<Found>(&enrollment_api::ROUTES, enrollment_api::handle, request).await)
    };
    let (order, transfer) = Box::pin(try_join(found, transfers::asked(visit))).await?;
    let (store, may_transfer) = (visit.store.id.as_str(), transfers::may(visit));
    page(200, &Orders { frame, w, store, asked, order, visit, may_transfer, transfer })
}
