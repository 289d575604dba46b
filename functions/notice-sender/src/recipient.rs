//! Who reads a notice: where the address lies, which language, and whether the address may be mailed at all.
//!
//! Of a customer's contact only the address and the language are read here, never the words.

use domain::{
    notice::{Notice, Recipient},
    seller::{Seller, SellerLanguage},
};
use serde::Deserialize;
use shell::{failure::Failure, fields::is_one_address, key::Key, store::Found};

/// Who reads the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    email: Option<String>,
    /// In which language.
    pub language: SellerLanguage,
}

/// Of what a customer's contact holds, what a mail needs.
#[derive(Debug, Clone, Default, Deserialize)]
struct Words {
    email: Option<String>,
    language: Option<String>,
}

/// Where the address lies.
#[must_use]
pub fn key(notice: &Notice) -> Key {
    match &notice.recipient {
        Recipient::Seller { seller } | Recipient::Invited { seller, .. } => Key::seller(&notice.store, seller),
        Recipient::Customer { contact } => Key::words(&notice.store, contact),
    }
}

impl Reader {
    /// The reader of this notice, as far as it is known.
    pub fn of(notice: &Notice, found: &Found) -> Result<Self, Failure> {
        let key = key(notice);
        Ok(match &notice.recipient {
            Recipient::Seller { .. } => found
                .state::<Seller>(&key)?
                .map(|seen| seen.state.facts)
                .map_or_else(Self::default, |facts| Self { email: Some(facts.email), language: facts.language }),
            // An invitation that is over by now has no address.
            Recipient::Invited { invitation, .. } => {
                found.state::<Seller>(&key)?.map(|seen| seen.state).map_or_else(Self::default, |seller| Self {
                    email: seller.users.invitation(invitation).map(|open| open.email.clone()),
                    language: seller.facts.language,
                })
            }
            Recipient::Customer { .. } => {
                found.state::<Words>(&key)?.map(|seen| seen.state).map_or_else(Self::default, |words| Self {
                    email: words.email,
                    language: language(words.language.as_deref()),
                })
            }
        })
    }

    /// Where to mail, or why not (N4). Whether the address has bounced is asked when the mail is taken.
    pub fn address(&self) -> Result<&str, &'static str> {
        match self.email.as_deref() {
            None | Some("") => Err("no address"),
            Some(email) if !is_one_address(email) => Err("not an address"),
            Some(email) => Ok(email),
        }
    }
}

fn language(code: Option<&str>) -> SellerLanguage {
    if code.is_some_and(|code| code.starts_with("zh")) { SellerLanguage::Zh } else { SellerLanguage::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(email: Option<&str>) -> Result<String, &'static str> {
        let reader = Reader { email: email.map(str::to_owned), ..Reader::default() };
        reader.address().map(str::to_owned)
    }

    #[test]
    fn n4_nobody_is_mailed_where_there_is_no_address() {
        assert_eq!(address(None), Err("no address"));
        assert_eq!(address(Some("")), Err("no address"));
        assert_eq!(address(Some("li.wei@seller.example")), Ok("li.wei@seller.example".to_owned()));
    }

    #[test]
    fn n4_an_address_that_would_write_a_header_or_name_two_receivers_is_none() {
        for bad in ["a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "a", "@b", "a@", "a@b@c", "A <a@b>"] {
            assert_eq!(address(Some(bad)), Err("not an address"), "{bad:?}");
        }
    }

    #[test]
    fn of_a_contact_only_the_address_and_the_language_are_kept() {
        let words: Words =
            serde_json::from_str(r#"{"text":"Where is it?","email":"ana@mail.example","language":"zh-CN"}"#).unwrap();
        assert_eq!(words.email.as_deref(), Some("ana@mail.example"));
        assert_eq!(language(words.language.as_deref()), SellerLanguage::Zh);
        assert!(!format!("{words:?}").contains("Where"));
    }
}
