//! Which mails a visitor wants: a part of home, and the form that changes it. The form says on which version of the account
//! it was filled in.

use crate::words::mails::Words;
use chrono::{DateTime, Utc};
use pages::{codes, visit::Visit};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::failure::Failure;

/// How mail goes, as the API shows it.
pub const SHOW: &str = "GET /v1/stores/{store}/mail";
const CHOOSE: &str = "POST /v1/stores/{store}/mail";
const CHOICES: [&str; 3] = ["each", "daily", "never"];

/// Whether mail reaches the seller, and what is mailed to the visitor.
#[derive(Debug, Deserialize)]
pub struct Mail {
    pub email: Option<String>,
    pub suppressed: Option<Suppressed>,
    pub version: u64,
    pub to: Option<String>,
    pub kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
pub struct Suppressed {
    pub because: String,
    pub at: DateTime<Utc>,
}

/// A kind of mail, and how it is wanted.
#[derive(Debug, Deserialize)]
pub struct Kind {
    #[serde(rename = "kind")]
    pub name: String,
    pub choice: String,
    pub may_choose: bool,
}

impl Kind {
    /// As people read it.
    pub fn said(&self, s: &Words) -> String {
        codes::said(s.written_in, s.named(&self.name), &self.name)
    }

    /// Each choice, with its words and whether it is taken: as it was entered, or else as it is.
    pub fn choices(&self, s: &Words, visit: &Visit<'_>) -> Vec<(&'static str, String, bool)> {
        let entered = visit.entered(&field(&self.name));
        let taken = if entered.is_empty() { self.choice.as_str() } else { entered };
        let words = |choice| (choice, codes::said(s.written_in, s.named(choice), choice), choice == taken);
        CHOICES.into_iter().map(words).collect()
    }
}

fn field(kind: &str) -> String {
    format!("mail.{kind}")
}

/// Wants what the form says.
pub async fn choose(visit: &Visit<'_>) -> Result<String, Failure> {
    let entered = domain::wish::Optional::ALL.into_iter().map(|kind| (kind.name(), visit.entered(&field(kind.name()))));
    let choices: Map<_, _> = entered
        .filter(|(_, choice)| !choice.is_empty())
        .map(|(kind, choice)| (kind.to_owned(), json!(choice)))
        .collect();
    let version: Option<u64> = visit.entered("version").parse().ok();
    let request = visit.to(CHOOSE).saying(visit.entered("key"), &json!({ "choices": choices, "version": version }));
    let _: Value = visit.ask(&account_api::ROUTES, account_api::handle, request).await?;
    Ok(format!("/stores/{}/enrollment?done=1", visit.store.id))
}
