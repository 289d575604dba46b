//! What several of these pages share: the links between them, what a form was sent with, and bodies made of forms.

use crate::words::Words;
use domain::money::Money;
use pages::{
    frame::{Frame, Link, Wrong, fill},
    visit::Visit,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use shell::failure::Failure;

/// The field of an amount, as people write one.
const AMOUNT: &str = "amount";

/// The words of a visit.
pub fn words(visit: &Visit<'_>) -> &'static Words {
    Words::of(visit.language)
}

/// Where a page of the desk is.
pub fn place(visit: &Visit<'_>, path: &str) -> String {
    format!("/stores/{}/desk/{path}", visit.store.id)
}

/// The same, to be told there that it is done.
pub fn done(visit: &Visit<'_>, path: &str) -> String {
    format!("{}?done=1", place(visit, path))
}

/// The frame of a page of this family, with the links to those that the visitor may have.
pub fn frame<'a>(visit: &Visit<'a>, title: &str, family: &str) -> Result<Frame<'a>, Failure> {
    let w = words(visit);
    let all = [
        (visit.may(&desk_api::ROUTES, "GET /v1/stores/{store}/desk/queue"), "queue", w.queue),
        (visit.may(&claim_desk::ROUTES, "GET /v1/stores/{store}/desk/claims"), "claims", w.claims),
        (visit.may(&dispute_desk::ROUTES, "GET /v1/stores/{store}/desk/disputes"), "disputes", w.disputes),
        (visit.may(&desk_lead::ROUTES, "GET /v1/stores/{store}/desk/escalations"), "escalations", w.escalations),
        (visit.may(&desk_lead::ROUTES, "GET /v1/stores/{store}/desk/associates"), "associates", w.associates),
        (visit.may(&desk_lead::ROUTES, "GET /v1/stores/{store}/desk/parked"), "parked", w.parked),
        (visit.may(&desk_lead::ROUTES, "GET /v1/stores/{store}/desk/mails"), "mails", w.mails),
    ];
    let links = all.into_iter().filter(|(may, ..)| *may);
    let links = links.map(|(_, to, text)| Link { place: place(visit, to), text, here: to == family });
    visit.frame(title, links.collect())
}

/// The form that was sent and did not do what it says, to be shown again as it was filled in.
pub struct Sent<'a> {
    visit: &'a Visit<'a>,
    form: String,
    wrong: Vec<Wrong>,
}

impl<'a> Sent<'a> {
    /// This form, where one was sent at all.
    pub fn new(visit: &'a Visit<'a>, form: &str, frame: &Frame<'_>) -> Self {
        let wrong = frame.trouble.as_ref().map_or_else(Vec::new, |trouble| trouble.fields.clone());
        let form = if frame.trouble.is_some() { form.to_owned() } else { String::new() };
        Self { visit, form, wrong }
    }

    /// Whether it was one at all.
    pub fn is_any(&self) -> bool {
        !self.form.is_empty()
    }

    /// Whether it was this one.
    pub fn is(&self, form: &str) -> bool {
        self.form == form
    }

    /// What it said in a field, where it was this one.
    pub fn entered(&self, form: &str, field: &str) -> &str {
        if self.is(form) { self.visit.entered(field) } else { "" }
    }

    /// Whether it said this in a field.
    pub fn chose(&self, form: &str, field: &str, value: &str) -> bool {
        self.entered(form, field) == value
    }

    /// What is wrong with a field of it. The API names each entry of a list, and an amount in minor units, where the
    /// form has one field.
    pub fn wrong(&self, form: &str, field: &str) -> Option<&str> {
        let is_of = |name: &str| {
            name.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('[') || (field == AMOUNT && rest == "_minor"))
        };
        let found = self.wrong.iter().find(|wrong| self.is(form) && is_of(&wrong.field));
        found.map(|wrong| wrong.problem.as_str())
    }
}

/// What a form says in these fields, each by its name; empty ones are not said.
pub fn body(visit: &Visit<'_>, fields: &[&str]) -> Map<String, Value> {
    let said = fields.iter().map(|field| (*field, visit.entered(field))).filter(|(_, text)| !text.is_empty());
    said.map(|(field, text)| (field.to_owned(), json!(text))).collect()
}

/// The amount that a form says, in minor units of the store's currency: `12.3` is as `12.30`.
pub fn minor(visit: &Visit<'_>) -> Result<Option<i64>, Failure> {
    let (text, currency) = (visit.entered(AMOUNT), visit.store.currency);
    if text.is_empty() {
        return Ok(None);
    }
    let digits = usize::from(currency.exponent().unwrap_or(0));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let full = if digits == 0 { whole.to_owned() } else { format!("{whole}.{part:0<digits$}") };
    let amount = Money::parse(&full, currency).filter(|_| digits > 0 || part.is_empty());
    let like = || fill(words(visit).amount_like, &[&shown(1230, visit)]);
    amount.map(|amount| Some(amount.minor)).ok_or_else(|| Failure::bad_field("invalid_input", AMOUNT, like()))
}

/// An amount as a field takes it: without its currency.
pub fn shown(minor: i64, visit: &Visit<'_>) -> String {
    let text = Money::new(minor, visit.store.currency).to_string();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The code of a value, as the API has it.
pub fn code(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}
