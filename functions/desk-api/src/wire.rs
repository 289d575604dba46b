//! What associates send and see. Times are UTC, amounts are in minor units of the store's currency.

use chrono::{DateTime, Utc};
use domain::{
    id::{ItemId, ProductId},
    question::{CatalogueGap, Question, QuestionKind},
    request::Request,
};
use serde::Serialize;
use shell::{failure::Failure, fields::Fields};
use std::collections::BTreeMap;

const LONGEST_TEXT: usize = 10_000;
const LONGEST_ATTRIBUTE: usize = 100;
const LONGEST_CODE: usize = 64;

/// What an associate asks the seller.
pub struct Asking {
    pub kind: QuestionKind,
    pub text: String,
    /// INS-4: what the page of which item does not say; of the only item, where none is named.
    pub missing: Option<(Option<ItemId>, String)>,
}

/// Reads a question to the seller.
pub fn question(body: &[u8]) -> Result<Asking, Failure> {
    let fields = Fields::parse(body)?;
    let (kind, text) = (fields.one_of("kind"), fields.text("text", LONGEST_TEXT));
    let missing = match kind {
        Some(QuestionKind::ProductFact) => fields.text_if_given("attribute", LONGEST_ATTRIBUTE),
        _ => None,
    };
    let missing = missing.map(|attribute| (fields.id_if_given("item_id"), attribute));
    fields.build(|| Some(Asking { kind: kind?, text: text?, missing }))
}

impl Asking {
    /// The question, as the seller reads it. `products` are those of the inquiry's items.
    pub fn question(&self, products: &BTreeMap<ItemId, ProductId>) -> Result<Question, Failure> {
        let gap = match &self.missing {
            None => None,
            Some((item, attribute)) => {
                let product = match item {
                    Some(item) => products.get(item),
                    None => products.values().next().filter(|first| products.values().all(|other| other == *first)),
                };
                let names: Vec<_> = products.keys().map(ItemId::as_str).collect();
                let which =
                    || Failure::bad_field("invalid_input", "item_id", format!("must be one of {}", names.join(", ")));
                Some(CatalogueGap { product: product.ok_or_else(which)?.clone(), attribute: attribute.clone() })
            }
        };
        Ok(Question { kind: self.kind, text: self.text.clone(), gap })
    }
}

/// What the customer is told.
pub enum Words {
    /// In the associate's own words.
    Own(String),
    /// In those of a macro, with what the associate fills in.
    Macro { code: String, slots: BTreeMap<String, String> },
}

/// An answer to the customer.
pub struct Said {
    pub words: Words,
    pub resolve: bool,
}

/// Reads an answer.
pub fn answer(body: &[u8]) -> Result<Said, Failure> {
    let fields = Fields::parse(body)?;
    let (words, resolve) = (words(&fields), fields.flag("resolve"));
    fields.build(|| Some(Said { words: words?, resolve: resolve? }))
}

fn words(fields: &Fields) -> Option<Words> {
    match (fields.has("message"), fields.has("macro")) {
        (false, false) => fields.wrong("message", "is missing, and so is macro: send one of them"),
        (true, true) => fields.wrong("macro", "must not be given with message: an answer is made of one of them"),
        (true, false) if fields.has("slots") => fields.wrong("slots", "belong to a macro, and none is named"),
        (true, false) => return fields.text("message", LONGEST_TEXT).map(Words::Own),
        (false, true) => {
            let code = fields.text("macro", LONGEST_CODE);
            let slots =
                if fields.has("slots") { fields.map_if_given("slots", "a text") } else { Some(BTreeMap::new()) };
            return Some(Words::Macro { code: code?, slots: slots? });
        }
    }
    None
}

#[derive(Debug, Serialize)]
pub struct Asked<'a> {
    request_id: &'a str,
    due_at: DateTime<Utc>,
}

/// The request that was opened.
pub fn asked(request: &Request) -> Asked<'_> {
    Asked { request_id: request.id.as_str(), due_at: request.due_at }
}
