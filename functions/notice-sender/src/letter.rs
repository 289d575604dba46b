//! What a notice says, as somebody reads it. A letter is made of the notice's facts, the store's name and time zone,
//! and links; there is no place in it for words of a customer (INQ-5, NTF-2).
//!
//! The words stand in `templates/<kind of notice>/<language>.txt`, which begins with the subject, and `.html`, which
//! says the same; `templates/<language>.txt` and `.html` are the frame around them.

use crate::english;
use domain::{notice::Notice, seller::SellerLanguage, store::Store};
use shell::failure::Failure;

/// A mail before it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// To be read as it is.
    pub text: String,
    /// The same, to be looked at.
    pub html: String,
}

/// What a letter is written from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What there is to say, and to whom.
    pub notice: &'a Notice,
    /// Its name, and the clock that times are read off.
    pub store: &'a Store,
    /// Where links lead.
    pub portal: &'a str,
    /// What lets the reader in there without a token of its own; empty where the letter has no such link.
    pub signed: &'a str,
}

/// Writes the letter in the reader's language.
pub fn write(facts: Facts<'_>, language: SellerLanguage) -> Result<Letter, Failure> {
    match language {
        // No letter is written in Chinese yet; who reads Chinese gets the English one.
        SellerLanguage::En | SellerLanguage::Zh => english::write(facts),
    }
}

#[cfg(test)]
mod tests;
