//! Who reads a notice: where the address lies, which language, whether it is wanted, and whether the address may be mailed
//! at all.
//!
//! Of a customer's contact only the address and the language are read here, never the words.

use domain::{
    notice::{Notice, Recipient},
    seller::{Seller, SellerLanguage},
    wish::{Choice, Need},
};
use serde::Deserialize;
use shell::{failure::Failure, fields::is_one_address, key::Key, store::Found};

/// Who reads the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    email: Option<String>,
    /// In which language.
    pub language: SellerLanguage,
    /// How it is wanted.
    pub choice: Choice,
    /// What others are owed of it.
    pub copies: Vec<Notice>,
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
        Recipient::Seller { seller } | Recipient::User { seller, .. } | Recipient::Invited { seller, .. } => {
            Key::seller(&notice.store, seller)
        }
        Recipient::Customer { contact } => Key::words(&notice.store, contact),
    }
}

impl Reader {
    /// The reader of this notice, as far as it is known.
    pub fn of(notice: &Notice, found: &Found) -> Result<Self, Failure> {
        let key = key(notice);
        if let Recipient::Customer { .. } = &notice.recipient {
            let words = found.state::<Words>(&key)?.map(|seen| seen.state).unwrap_or_default();
            return Ok(Self::wanting(words.email, language(words.language.as_deref())));
        }
        let Some(seller) = found.state::<Seller>(&key)?.map(|seen| seen.state) else {
            return Ok(Self::wanting(None, SellerLanguage::default()));
        };
        let email = match &notice.recipient {
            Recipient::Seller { .. } => Some(seller.facts.email.clone()),
            Recipient::User { user, .. } => seller.users.user(user).and_then(|user| user.email.clone()),
            // An invitation that is over by now has no address.
            Recipient::Invited { invitation, .. } => seller.users.invitation(invitation).map(|open| open.email.clone()),
            Recipient::Customer { .. } => None,
        };
        let choice = match (notice.kind.need(), notice.recipient.reader()) {
            (Need::Chosen(kind), Some((_, user))) => seller.choice(user, kind),
            // What is always mailed goes to the default address alone: a copy is of when it could be chosen.
            (Need::Always(_), Some((_, Some(_)))) => Choice::Never,
            _ => Choice::Each,
        };
        Ok(Self { choice, copies: seller.copies(notice), ..Self::wanting(email, seller.facts.language) })
    }

    const fn wanting(email: Option<String>, language: SellerLanguage) -> Self {
        Self { email, language, choice: Choice::Each, copies: Vec::new() }
    }

    /// Where to mail, or why not (N4). Whether the address has bounced is asked when the mail is taken.
    pub fn address(&self) -> Result<&str, &'static str> {
        match self.choice {
            Choice::Never => return Err("not wanted"),
            Choice::Daily => return Err("in a digest"),
            Choice::Each => {}
        }
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
        let reader = Reader::wanting(email.map(str::to_owned), SellerLanguage::En);
        reader.address().map(str::to_owned)
    }

    #[test]
    fn n4_nobody_is_mailed_where_there_is_no_address() {
        assert_eq!(address(None), Err("no address"));
        assert_eq!(address(Some("")), Err("no address"));
        assert_eq!(address(Some("li.wei@seller.example")), Ok("li.wei@seller.example".to_owned()));
    }

    #[test]
    fn n2_a_mail_that_is_not_wanted_says_so_also_where_there_is_no_address() {
        for (choice, why) in [(Choice::Never, "not wanted"), (Choice::Daily, "in a digest")] {
            for email in [None, Some("li.wei@seller.example".to_owned())] {
                let reader = Reader { choice, ..Reader::wanting(email, SellerLanguage::En) };
                assert_eq!(reader.address(), Err(why));
            }
        }
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
