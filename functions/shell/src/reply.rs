//! Addresses that an answer to a mail of ours goes to. Each says what is answered, and bears a part of a signature
//! ([`crate::link`]), so that nobody makes one up: `i-us-6h2b0y5tkz1wq8r4n9m3c7v0xd-5e0c7b11d6a2f93b40c8@mail.example`.
//! Mail systems change the case of what stands before the `@`, and cut it after 64 characters; neither matters here.
//!
//! Whoever has such an address may write to what it names, for as long as that is there. It gives nothing to read.

use crate::{bucket::hex, failure::Failure, link::Links, store::Store};
use domain::{
    book::Book,
    id::{InquiryId, RequestId, StoreId},
    notice::{Notice, NoticeKind},
};
use ring::hmac;
use serde::{Deserialize, Serialize};

/// So many bytes of a signature stand in an address: 80 bits.
const MAC_BYTES: usize = 10;

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// What the service told a customer.
    Inquiry(StoreId, InquiryId),
    /// What a seller was asked.
    Request(StoreId, RequestId),
}

impl Answered {
    /// What an answer to the mail of this notice is about: the customer's matter, or what the seller is asked.
    #[must_use]
    pub fn by(notice: &Notice) -> Option<Self> {
        let store = notice.store.clone();
        match &notice.kind {
            NoticeKind::Answer { inquiry, .. }
            | NoticeKind::InquiryResolved { inquiry: Some(inquiry), .. }
            | NoticeKind::Survey { inquiry, .. } => Some(Self::Inquiry(store, inquiry.clone())),
            NoticeKind::RequestOpened { request, .. }
            | NoticeKind::RequestReminder { request, .. }
            | NoticeKind::RequestExpired { request, .. } => Some(Self::Request(store, request.clone())),
            _ => None,
        }
    }

    /// What is signed.
    fn said(&self) -> String {
        let (letter, store, id) = match self {
            Self::Inquiry(store, id) => ('i', store, id.as_str()),
            Self::Request(store, id) => ('q', store, id.as_str()),
        };
        format!("{letter}-{}-{id}", store.as_str().to_lowercase())
    }
}

/// The address at this host to which an answer goes.
pub async fn address(links: &Links, store: &Store, answered: &Answered, host: &str) -> Result<String, Failure> {
    let said = answered.said();
    let mac = links.mac(store, &said).await?;
    Ok(format!("{said}-{}@{host}", part(mac.as_ref())))
}

/// What is answered by a mail to this address; none, if it is no address of ours.
pub async fn answered(links: &Links, store: &Store, book: &Book, address: &str) -> Result<Option<Answered>, Failure> {
    let Some((answered, mac)) = read(book, address) else { return Ok(None) };
    let said = answered.said();
    let ours = links.is_ours(store, |key| part(hmac::sign(key, said.as_bytes()).as_ref()) == mac).await?;
    Ok(ours.then_some(answered))
}

fn read(book: &Book, address: &str) -> Option<(Answered, String)> {
    let local = address.split_once('@')?.0.to_lowercase();
    let (said, mac) = local.rsplit_once('-')?;
    let (place, id) = said.rsplit_once('-')?;
    let (letter, store) = place.split_once('-')?;
    let store = book.stores.keys().find(|id| id.as_str().eq_ignore_ascii_case(store))?.clone();
    let answered = match letter {
        "i" => Answered::Inquiry(store, id.parse().ok()?),
        "q" => Answered::Request(store, id.parse().ok()?),
        _ => return None,
    };
    Some((answered, mac.to_owned()))
}

/// What of a signature stands in an address.
fn part(mac: &[u8]) -> String {
    hex(mac.get(..MAC_BYTES).unwrap_or(mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inquiry() -> Answered {
        Answered::Inquiry("US".parse().unwrap(), "6h2b0y5tkz1wq8r4n9m3c7v0xd".parse().unwrap())
    }

    #[test]
    fn an_address_is_read_in_whatever_case_it_comes_back() {
        let book = Book::shipped().unwrap();
        let mac = part(&[0xab; 32]);
        let address = format!("{}-{mac}@mail.example", inquiry().said());
        assert_eq!(address, "i-us-6h2b0y5tkz1wq8r4n9m3c7v0xd-abababababababababab@mail.example");
        assert!(address.split('@').next().unwrap().len() <= 64);
        for text in [address.clone(), address.to_uppercase()] {
            assert_eq!(read(&book, &text), Some((inquiry(), mac.clone())), "{text}");
        }
    }

    #[test]
    fn whatever_else_comes_is_no_address_of_ours() {
        let book = Book::shipped().unwrap();
        for text in [
            "",
            "@mail.example",
            "i-us-6h2b0y5tkz1wq8r4n9m3c7v0xd@mail.example",
            "x-us-6h2b0y5tkz1wq8r4n9m3c7v0xd-abababababababababab@mail.example",
            "i-xx-6h2b0y5tkz1wq8r4n9m3c7v0xd-abababababababababab@mail.example",
            "i-us-not an id-abababababababababab@mail.example",
        ] {
            assert_eq!(read(&book, text), None, "{text}");
        }
    }
}
