//! What each function asks of AWS for its payload, and what is answered: recorded from the functions over the model of the
//! services (`tests/it/events.rs`), kept in `calls/`.

use crate::Outcome;
use serde::Deserialize;
use std::{collections::BTreeMap, fs, path::Path};

/// What was recorded of one function.
#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    /// The names that it was given.
    pub environment: BTreeMap<String, String>,
    /// Its calls, in order.
    pub calls: Vec<Call>,
}

/// One call.
#[derive(Debug, Clone, Deserialize)]
pub struct Call {
    /// `BatchGetItem`, `SendRawEmail`, …
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// Its body.
    pub answer: String,
}

impl Recording {
    /// That of this function.
    pub fn of(tests: &Path, function: &str) -> Outcome<Self> {
        let file = tests.join("bench/calls").join(format!("{function}.json"));
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}
