//! Where the next page of a list begins, as a text that a caller gives back. It holds the place within the caller's
//! own partition only: whose partition it is comes from the token, never from the cursor.
//!
//! A list of an index goes on after an item of it ([`Listed`]); a list that is made whole for each answer, after a place
//! in it ([`page`]).

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

impl Listed<'_> {
    /// The cursor for what follows this item.
    #[must_use]
    pub fn after(self, last: &Item) -> String {
        let place = last.get("sk").and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
        let range = last.get(self.range).and_then(|range| range.as_n().ok()).map_or("", String::as_str);
        URL_SAFE_NO_PAD.encode(format!("{range}\n{place}"))
    }

    /// The item after which the caller asks to go on, if it does.
    pub fn asked(self, request: &Request) -> Result<Option<Item>, Failure> {
        request.query::<String>("cursor")?.map(|cursor| self.item(&cursor)).transpose()
    }

    fn item(self, cursor: &str) -> Result<Item, Failure> {
        let plain = plain(cursor)?;
        let (range, place) = plain.split_once('\n').ok_or_else(unknown)?;
        let range: i64 = range.parse().map_err(|_| unknown())?;
        Ok(Item::from([
            ("pk".to_owned(), text(self.pk)),
            ("sk".to_owned(), text(place)),
            (self.hash.0.to_owned(), text(self.hash.1)),
            (self.range.to_owned(), number(range)),
        ]))
    }
}

/// The cursor for what follows this place.
#[must_use]
pub fn after(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_string(place).unwrap_or_default())
}

/// The rows of a list after this place, as many as one answer holds, and the cursor for what follows them. Rows come in
/// the order of their places.
pub fn page<T, P: PartialOrd + Serialize>(
    all: impl IntoIterator<Item = T>,
    after: Option<&P>,
    most: usize,
    place: impl Fn(&T) -> P,
) -> (Vec<T>, Option<String>) {
    let before = |row: &T| after.is_some_and(|after| place(row) <= *after);
    let mut rest = all.into_iter().skip_while(before).peekable();
    let rows: Vec<_> = rest.by_ref().take(most).collect();
    let next = rows.last().filter(|_| rest.peek().is_some()).map(|last| self::after(&place(last)));
    (rows, next)
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
