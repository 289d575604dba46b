//! What a survey shows, and what an answer to it looks like. Nobody's name, no word of anybody.

use chrono::{DateTime, Utc};
use domain::{
    store::Store,
    survey::{Rating, Standing, Survey},
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};

const LONGEST_COMMENT: usize = 1_000;

/// What a customer answers.
pub struct Said {
    pub rating: Rating,
    pub comment: Option<String>,
    /// The same answer gives the same text.
    pub canonical: String,
}

/// Reads an answer.
pub fn said(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let rating = fields.number("score", 1..=5).and_then(|n| u8::try_from(n).ok());
    let rating = rating.and_then(|number| Rating::try_from(number).ok());
    let comment = fields.text_if_given("comment", LONGEST_COMMENT);
    let canonical = format!("{:?}\n{}", rating.map(u8::from), comment.as_deref().unwrap_or_default());
    fields.build(|| Some(Said { rating: rating?, comment, canonical }))
}

#[derive(Debug, Serialize)]
pub struct SurveyView<'a> {
    store: &'a str,
    store_name: &'a str,
    order_id: &'a str,
    state: Standing,
    until: DateTime<Utc>,
}

/// What is asked.
pub fn view<'a>(store: &'a Store, survey: &'a Survey, state: Standing, until: DateTime<Utc>) -> SurveyView<'a> {
    let order_id = survey.about.order.as_str();
    SurveyView { store: store.id.as_str(), store_name: &store.name, order_id, state, until }
}
