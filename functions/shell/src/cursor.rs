//! Where the next page of a list begins, as a text that a caller gives back. It holds the place within the caller's
//! own partition only: whose partition it is comes from the token, never from the cursor.
//!
//! A list of an index goes on after an item of it ([`encode`]); a list that is made whole for each answer, after a place
//! in it ([`after`]).

use crate::{
    commit::{Item, number, text},
    failure::Failure,
    http::Request,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// The index of a list: its hash key, and a range key that holds a number.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The partition of the table.
    pub pk: &'a str,
    /// The name of the index' hash key, and its value.
    pub hash: (&'a str, &'a str),
    /// The name of its range key.
    pub range: &'a str,
}

/// The cursor for what follows this item.
#[must_use]
pub fn encode(last: &Item, listed: Listed<'_>) -> String {
    let place = last.get("sk").and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
    let range = last.get(listed.range).and_then(|range| range.as_n().ok()).map_or("", String::as_str);
    URL_SAFE_NO_PAD.encode(format!("{range}\n{place}"))
}

/// The cursor for what follows this place.
#[must_use]
pub fn after(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_string(place).unwrap_or_default())
}

/// The place after which the caller asks to go on, if it does.
pub fn asked<T: DeserializeOwned>(request: &Request) -> Result<Option<T>, Failure> {
    request.query::<String>("cursor")?.map(|text| place(&text)).transpose()
}

/// The place that a cursor stands for.
pub fn place<T: DeserializeOwned>(cursor: &str) -> Result<T, Failure> {
    serde_json::from_str(&plain(cursor)?).map_err(|_| unknown())
}

fn unknown() -> Failure {
    Failure::bad_field("invalid_input", "cursor", "is none that was given out: begin again without one")
}

fn plain(cursor: &str) -> Result<String, Failure> {
    let plain = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unknown())?;
    String::from_utf8(plain).map_err(|_| unknown())
}

/// The item that a cursor stands for.
pub fn decode(cursor: &str, listed: Listed<'_>) -> Result<Item, Failure> {
    let plain = plain(cursor)?;
    let (range, place) = plain.split_once('\n').ok_or_else(unknown)?;
    let range: i64 = range.parse().map_err(|_| unknown())?;
    Ok(Item::from([
        ("pk".to_owned(), text(listed.pk)),
        ("sk".to_owned(), text(place)),
        (listed.hash.0.to_owned(), text(listed.hash.1)),
        (listed.range.to_owned(), number(range)),
    ]))
}
