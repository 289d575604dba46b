//! The return policy: the store's standard beside the seller's own, field by field, and the form for the next version
//! (RET). Which field is better or worse is what the rule says that refuses worse ones.

use crate::{
    parts::{frame, given, words},
    words::{Words, policy},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{
    fee::BasisPoints,
    returns::{Payer, ReturnTerms},
};
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::{Visit, number},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{failure::Failure, page::Page};

const SHOW: &str = "GET /v1/stores/{store}/return-policy";
const WRITE: &str = "POST /v1/stores/{store}/return-policy";
const SUBMIT: &str = "POST /v1/stores/{store}/return-policy/submit";
const FIELDS: [&str; 7] = ["window_days", "windows", "non_returnable", "return_shipping", "late", "used", "different"];
const SHARES: [&str; 3] = ["late", "used", "different"];

#[derive(Debug, Deserialize)]
struct View {
    standard: Option<Standard>,
    in_force: Option<InForce>,
    latest: Option<Latest>,
    categories: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Standard {
    terms: ReturnTerms,
}

#[derive(Debug, Deserialize)]
struct InForce {
    number: u32,
    terms: ReturnTerms,
    since: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct Latest {
    number: u32,
    terms: ReturnTerms,
    stage: String,
    at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

/// A version of the seller's, as a column.
struct Own<'a> {
    heading: String,
    terms: &'a ReturnTerms,
}

#[derive(Template)]
#[template(path = "return_policy.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    p: &'static policy::Words,
    store: &'a str,
    view: View,
    visit: &'a Visit<'a>,
    may_change: bool,
}

impl Shown<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.p.written_in, self.p.named(code), code)
    }

    /// What orders have that are placed now.
    fn holds(&self) -> String {
        self.view.in_force.as_ref().map_or_else(
            || self.p.standard_in_force.to_owned(),
            |own| fill(self.p.own_in_force, &[&own.number.to_string(), &self.frame.time(&own.since)]),
        )
    }

    /// How far the newest version has come.
    fn standing(&self, latest: &Latest) -> String {
        let sentence = match latest.stage.as_str() {
            "submitted" => self.p.is_submitted,
            "approved" => self.p.is_approved,
            "rejected" => self.p.is_rejected,
            _ => self.p.is_draft,
        };
        let at = latest.at.map_or_else(String::new, |at| self.frame.time(&at));
        fill(sentence, &[&latest.number.to_string(), &at])
    }

    /// The version in force, and the newest one where it is another.
    fn owns(&self) -> Vec<Own<'_>> {
        let heading = |number: u32| fill(self.p.in_force, &[&number.to_string()]);
        let held = self.view.in_force.as_ref();
        let newest = self.view.latest.as_ref().filter(|latest| held.is_none_or(|held| held.number != latest.number));
        let held = held.map(|own| Own { heading: heading(own.number), terms: &own.terms });
        held.into_iter().chain(newest.map(|own| Own { heading: heading(own.number), terms: &own.terms })).collect()
    }

    fn shown(&self, field: &str, terms: &ReturnTerms) -> String {
        let days = |days: u64| self.frame.words.in_days(days);
        let window =
            |(category, of): (&String, &u64)| [&self.said(category), self.frame.words.colon, &days(*of)].concat();
        match field {
            "window_days" => days(terms.window_days),
            "windows" => terms.windows.iter().map(window).collect::<Vec<_>>().join(self.frame.words.between),
            "non_returnable" => terms
                .non_returnable
                .iter()
                .map(|category| self.said(category))
                .collect::<Vec<_>>()
                .join(self.frame.words.between),
            "return_shipping" => self.said(payer(terms.return_shipping)),
            share => share_of(terms, share).to_string(),
        }
    }

    fn standard(&self) -> Option<&ReturnTerms> {
        self.view.standard.as_ref().map(|standard| &standard.terms)
    }

    /// Whether a field is better than the standard, the same, or worse, and how that looks.
    fn against(&self, field: &str, own: &ReturnTerms) -> (&'static str, &'static str) {
        let Some(standard) = self.standard() else { return ("", "") };
        let worse = |these: &ReturnTerms, those: &ReturnTerms| {
            let mut worse = these.worse_than(those).into_iter();
            if SHARES.contains(&field) {
                share_of(these, field) > share_of(those, field)
            } else {
                worse.any(|worse| worse.field == field)
            }
        };
        match (worse(own, standard), worse(standard, own)) {
            (true, _) => ("late", self.p.worse),
            (false, true) => ("ok", self.p.better),
            (false, false) => ("soft", self.p.same),
        }
    }

    /// A version that is being looked at stays as it is; but what was written meanwhile is shown again.
    fn takes_form(&self) -> bool {
        let is_open = self.view.latest.as_ref().is_none_or(|latest| latest.stage != "submitted");
        self.may_change && (is_open || self.is_sent())
    }

    /// Whether the form was sent and came back.
    fn is_sent(&self) -> bool {
        !self.visit.entered("return_shipping").is_empty()
    }

    /// What the next version begins with.
    fn terms(&self) -> Option<&ReturnTerms> {
        let latest = self.view.latest.as_ref().map(|latest| &latest.terms);
        latest.or_else(|| self.standard())
    }

    /// What stands in a field of the form.
    fn filled(&self, name: &str) -> String {
        if self.is_sent() {
            return self.visit.entered(name).to_owned();
        }
        let Some(terms) = self.terms() else { return String::new() };
        match name {
            "window_days" => terms.window_days.to_string(),
            "return_shipping" => payer(terms.return_shipping).to_owned(),
            other => percent_of(terms, other.trim_start_matches("restocking.")),
        }
    }

    fn days(&self, category: &str) -> String {
        if self.is_sent() {
            return self.visit.entered(&format!("windows.{category}")).to_owned();
        }
        let days = self.terms().and_then(|terms| terms.windows.get(category));
        days.map_or_else(String::new, u64::to_string)
    }

    /// The days of the standard, of any goods or of these.
    fn least(&self, category: &str) -> String {
        let days = |terms: &ReturnTerms| terms.windows.get(category).unwrap_or(&terms.window_days).to_string();
        self.standard().map_or_else(String::new, days)
    }

    /// What the standard keeps at most, in percent.
    fn most(&self, share: &str) -> String {
        self.standard().map_or_else(String::new, |terms| percent_of(terms, share))
    }

    /// Who must not pay for returns, if the standard says so.
    fn must_not_pay(&self) -> &'static str {
        if self.standard().is_some_and(|terms| terms.return_shipping == Payer::Seller) { "customer" } else { "" }
    }

    /// Whether these goods come back by the standard.
    fn must_return(&self, category: &str) -> bool {
        self.standard().is_some_and(|terms| !terms.non_returnable.contains(category))
    }

    fn never(&self, category: &str) -> bool {
        if self.is_sent() {
            return !self.visit.entered(&format!("non_returnable.{category}")).is_empty();
        }
        self.terms().is_some_and(|terms| terms.non_returnable.contains(category))
    }
}

/// The name of a share in the form.
fn share_name(share: &str) -> String {
    format!("restocking.{share}")
}

const fn payer(payer: Payer) -> &'static str {
    match payer {
        Payer::Seller => "seller",
        Payer::Customer => "customer",
    }
}

fn share_of(terms: &ReturnTerms, name: &str) -> BasisPoints {
    let shares = terms.restocking;
    match name {
        "late" => shares.late,
        "used" => shares.used,
        _ => shares.different,
    }
}

/// A share as a field in percent takes it.
fn percent_of(terms: &ReturnTerms, share: &str) -> String {
    share_of(terms, share).to_string().trim_end_matches('%').to_owned()
}

/// The policies of this moment.
pub async fn show(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, p, store) = (words(visit), policy::Words::of(visit.language), visit.store.id.as_str());
    let view = load(visit).await?;
    let may_change = visit.may(&return_policy_api::ROUTES, WRITE);
    page(200, &Shown { frame: frame(visit, p.title)?, w, p, store, view, visit, may_change })
}

async fn load(visit: &Visit<'_>) -> Result<View, Failure> {
    visit.ask(&return_policy_api::ROUTES, return_policy_api::handle, visit.to(SHOW)).await
}

/// Writes the next version. Shares are entered in percent, and sent in hundredths of one.
pub async fn write(visit: &Visit<'_>) -> Result<String, Failure> {
    let categories = load(visit).await?.categories;
    let days = |category: &String| {
        let days = given(visit, &format!("windows.{category}"))?;
        Some((category.clone(), number(days)))
    };
    let never = |category: &&String| given(visit, &format!("non_returnable.{category}")).is_some();
    let share = |name: &str| {
        let entered = given(visit, &share_name(name))?;
        Some(BasisPoints::parse(&format!("{entered}%")).map_or_else(|| json!(entered), |share| json!(share)))
    };
    let body = json!({
        "window_days": given(visit, "window_days").map(number),
        "windows": categories.iter().filter_map(days).collect::<Map<_, _>>(),
        "non_returnable": categories.iter().filter(never).collect::<Vec<_>>(),
        "return_shipping": given(visit, "return_shipping"),
        "restocking": { "late": share("late"), "used": share("used"), "different": share("different") },
    });
    change(visit, WRITE, &body).await
}

/// Submits the version that the form shows.
pub async fn submit(visit: &Visit<'_>) -> Result<String, Failure> {
    change(visit, SUBMIT, &json!({ "version": given(visit, "version").map(number) })).await
}

async fn change(visit: &Visit<'_>, route: &str, body: &Value) -> Result<String, Failure> {
    let request = visit.to(route).saying(visit.entered("key"), body);
    let _: Value = visit.ask(&return_policy_api::ROUTES, return_policy_api::handle, request).await?;
    Ok(format!("/stores/{}/return-policy?done=1", visit.store.id))
}
