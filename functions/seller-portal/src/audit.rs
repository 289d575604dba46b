//! The activity: what people did in the seller's name or to its things, for the primary user alone (ACC-4): when, who,
//! what, and how what changed was before and is after. What is too long for a line is named.

use crate::{
    parts::{frame, more, words},
    words::{Words, account, audit},
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::money::Money;
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use shell::{failure::Failure, page::Page};
use std::collections::{BTreeMap, BTreeSet};

const LIST: &str = "GET /v1/stores/{store}/audit";
/// Longer texts are not shown in a line.
const LONGEST: usize = 120;
/// What somebody who is invited is granted, in a state.
const GRANTS: &str = "grants";
/// And what a user is.
const SECONDARY: &str = "secondary";

#[derive(Debug, Deserialize)]
struct Audit {
    changes: Vec<Change>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Change {
    at: DateTime<Utc>,
    by: String,
    subject: Option<String>,
    thing: String,
    what: Vec<String>,
    before: Map<String, Value>,
    after: Map<String, Value>,
}

/// What was changed, in words, and where it is.
struct Thing {
    text: String,
    place: Option<String>,
}

/// The values of a state by where they are, in words; none for what is too long for a line.
type Leaves = BTreeMap<String, Option<String>>;

#[derive(Template)]
#[template(path = "audit.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    a: &'static audit::Words,
    store: &'a str,
    list: Audit,
    next: Option<String>,
}

impl Shown<'_> {
    fn said(&self, code: &str) -> String {
        codes::said(self.a.written_in, self.a.named(code), code)
    }

    fn thing(&self, change: &Change) -> Thing {
        let (kind, id) = change.thing.split_once('#').unwrap_or((&change.thing, ""));
        let path = match kind {
            "SELLER" => Some("users".to_owned()),
            "RETURN_POLICY" => Some("return-policy".to_owned()),
            "REQUEST" => Some(format!("case-log/{id}")),
            "DISPUTE" => Some("disputes".to_owned()),
            "CLAIM" => Some(format!("claims/{id}")),
            "REMEDIES" => Some(format!("orders?order_id={id}")),
            _ => None,
        };
        let said = self.said(&kind.to_lowercase());
        let order = if kind == "REMEDIES" { Some(id) } else { self.order_of(&change.thing) };
        let text = match order {
            Some(order) => fill(self.a.of_order, &[&said, order]),
            None if id.is_empty() => said,
            None => fill(self.a.of_number, &[&said, id]),
        };
        Thing { text, place: path.map(|path| format!("/stores/{}/{path}", self.store)) }
    }

    /// The order that a thing is about, where a change on this page names it: the one that made it does.
    fn order_of(&self, thing: &str) -> Option<&str> {
        let of_thing = self.list.changes.iter().filter(|change| change.thing == thing);
        let mut states = of_thing.flat_map(|change| [&change.after, &change.before]);
        states.find_map(|state| state.get("order").or_else(|| state.get("disputed")?.get("order"))?.as_str())
    }

    fn happened(&self, change: &Change) -> String {
        let all: Vec<_> = change.what.iter().map(|event| self.said(&event.replace('.', "_"))).collect();
        all.join(" · ")
    }

    /// What changed, a line for each value.
    fn lines(&self, change: &Change) -> Vec<String> {
        let (mut before, mut after) = (Leaves::new(), Leaves::new());
        for (fields, leaves) in [(&change.before, &mut before), (&change.after, &mut after)] {
            for (name, value) in fields {
                self.leaves(self.said(name), name == GRANTS, value, leaves);
            }
        }
        let paths: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let line = |path: &String| {
            let text = |value: Option<&Option<String>>| match value {
                None => Some(self.a.unset.to_owned()),
                Some(text) => text.clone(),
            };
            match (text(before.get(path)), text(after.get(path))) {
                (Some(was), Some(is)) if was == is => None,
                (Some(was), Some(is)) => Some(fill(self.a.before_after, &[path, &was, &is])),
                _ => Some(fill(self.a.longer, &[path])),
            }
        };
        paths.into_iter().filter_map(line).collect()
    }

    /// The values in a value, by where they are in words. What somebody is granted is said as where it is granted: what
    /// is home there is a group of goods elsewhere.
    fn leaves(&self, path: String, granted: bool, value: &Value, leaves: &mut Leaves) {
        let of_portal = account::Words::of(self.a.written_in);
        let text = match value {
            Value::Object(fields) if !fields.is_empty() => {
                let Ok(amount) = Money::deserialize(value) else {
                    for (name, value) in fields {
                        let own = of_portal.named(name).filter(|_| granted);
                        let name_said = own.map_or_else(|| self.said(name), str::to_owned);
                        let granted = granted || [GRANTS, SECONDARY].contains(&name.as_str());
                        self.leaves([&path, self.frame.words.comma, &name_said].concat(), granted, value, leaves);
                    }
                    return;
                };
                Some(amount.to_string())
            }
            Value::Array(all) if !all.is_empty() && all.iter().all(|one| person(one).is_some()) => {
                for (who, one) in all.iter().filter_map(|one| Some((person(one)?, one.as_object()?))) {
                    for (name, value) in one.iter().filter(|(name, _)| !["id", "subject"].contains(&name.as_str())) {
                        self.leaves(
                            [path.as_str(), who, &self.said(name)].join(self.frame.words.comma),
                            name == GRANTS,
                            value,
                            leaves,
                        );
                    }
                }
                return;
            }
            Value::Array(all) => {
                let each: Option<Vec<_>> = all.iter().map(|one| one.as_str().map(|code| self.said(code))).collect();
                each.map(
                    |each| if each.is_empty() { self.a.unset.to_owned() } else { each.join(self.frame.words.between) },
                )
            }
            Value::String(text) => Some(match text.parse::<DateTime<Utc>>() {
                Ok(at) => self.frame.time(&at),
                // Of a dispute; a seller's accepted terms have that name too.
                Err(_) if text == "accepted" => self.a.is_accepted.to_owned(),
                Err(_) => {
                    let own = of_portal.named(text).filter(|_| granted);
                    own.or_else(|| self.a.named(text)).map_or_else(|| text.clone(), str::to_owned)
                }
            }),
            Value::Null | Value::Object(_) => Some(self.a.unset.to_owned()),
            other => Some(other.to_string()),
        };
        leaves.insert(path, text.filter(|text| text.chars().count() <= LONGEST));
    }
}

/// Who a user is, or somebody who is invited.
fn person(value: &Value) -> Option<&str> {
    value.get("subject").or_else(|| value.get("email"))?.as_str()
}

/// A page of what was done, the newest first.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let (w, a, store) = (words(visit), audit::Words::of(visit.language), visit.store.id.as_str());
    let list: Audit = visit.ask(&account_api::ROUTES, account_api::handle, visit.to_list(LIST)).await?;
    let next = more(&format!("/stores/{store}/audit"), list.next_cursor.as_deref());
    page(200, &Shown { frame: frame(visit, a.activity)?, w, a, store, list, next })
}
