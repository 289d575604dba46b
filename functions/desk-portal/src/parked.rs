//! What no delivery could mend: each message with its reason, and a button that sends it again when its cause is mended.

use crate::{
    parts::{done, frame, words},
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use pages::{
    frame::{Frame, fill},
    page,
    visit::Visit,
};
use serde::Deserialize;
use serde_json::{Value, json};
use shell::{failure::Failure, page::Page};

const LIST: &str = "GET /v1/stores/{store}/desk/parked";
const REDRIVE: &str = "POST /v1/stores/{store}/desk/parked/{parked_id}/redrive";

#[derive(Debug, Deserialize)]
struct Messages {
    parked: Vec<Message>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Message {
    parked_id: String,
    function: String,
    queue: String,
    reason: String,
    body: String,
    sent_at: DateTime<Utc>,
    parked_at: DateTime<Utc>,
}

/// What of a message tells it from another one of its queue.
const NAMES: [&str; 9] = ["type", "alarm", "id", "contact", "order_id", "order", "shipment_id", "seller_id", "seller"];
/// Those of them that are codes.
const CODES: [&str; 2] = ["type", "alarm"];

impl Message {
    /// What it is about, by the names that stand in it, and what it says by what that is called.
    fn about(&self, w: &Words) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let names = NAMES.iter().filter_map(|name| {
            let text = body.get(name)?.as_str()?;
            let said = CODES.contains(name).then(|| w.named(&format!("{name}_{text}"))).flatten();
            Some(said.unwrap_or(text).to_owned())
        });
        names.collect::<Vec<_>>().join(" · ")
    }

    /// Why it is here: by its code in words, and what there is to say of it.
    fn why(&self, w: &Words, frame: &Frame<'_>) -> (String, String) {
        let is_code = |code: &str| code.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_');
        let (code, detail) = self.reason.split_once(": ").filter(|(code, _)| is_code(code)).unzip();
        let said = code.map_or_else(
            || w.parked_fault.to_owned(),
            |code| w.named(&format!("parked_{code}")).map_or_else(|| w.said(code), str::to_owned),
        );
        let each = detail.unwrap_or(&self.reason).split("; ").map(|one| match one.split_once(' ') {
            // A problem begins with its field, a sentence with a capital.
            Some((field, problem)) if one.starts_with(|first: char| first.is_ascii_lowercase()) => {
                let field = if field == "body" { w.this_message } else { field };
                // There is no form here that would show the choices.
                let said = match problem.strip_prefix("must be one of ") {
                    Some(names) => fill(w.must_be_one_of, &[names]),
                    None => frame.told(problem),
                };
                fill("{0} {1}", &[field, &said])
            }
            _ => frame.told(one),
        });
        (said, each.collect::<Vec<_>>().join(frame.words.semicolon))
    }
}

#[derive(Template)]
#[template(path = "parked.html")]
struct Listed<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    messages: Messages,
}

/// Those that wait, the one that was sent first in front.
pub async fn list(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let messages = visit.ask(&desk_lead::ROUTES, desk_lead::handle, visit.to_list(LIST)).await?;
    let (frame, store) = (frame(visit, w.parked, "parked")?, visit.store.id.as_str());
    page(200, &Listed { frame, w, store, messages })
}

/// Sends one to its queue again.
pub async fn redrive(visit: &Visit<'_>) -> Result<String, Failure> {
    let id: String = visit.request.path("parked_id")?;
    let request = visit.to(REDRIVE).at_path("parked_id", &id).saying(visit.entered("key"), &json!({}));
    let _: Value = visit.ask(&desk_lead::ROUTES, desk_lead::handle, request).await?;
    Ok(done(visit, "parked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pages::words::Language;
    use shell::sqs::Queue;

    #[test]
    fn each_queue_from_which_a_message_can_come_has_a_name() {
        for queue in Queue::ALL {
            assert!(Words::of(Language::Zh).named(&format!("queue_{}", queue.name())).is_some(), "{}", queue.name());
        }
    }
}
