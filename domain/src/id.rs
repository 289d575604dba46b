//! Names of things. An id is 1 to 64 characters of `[A-Za-z0-9._-]`, so that it can stand inside a key, a path
//! and a mail without escaping; every id that we make is derived from its cause, so that a retry makes the same one.
//!
//! Not here: keys of tables (the shell's), and any meaning read out of an id.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 64 characters of A-Z a-z 0-9 . _ -")]
pub struct NotAnId;

const LONGEST: usize = 64;

fn check(text: &str) -> Result<(), NotAnId> {
    let fits = !text.is_empty() && text.len() <= LONGEST;
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if fits && plain { Ok(()) } else { Err(NotAnId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }

            /// The id that follows from these causes: the same causes, the same id.
            #[must_use]
            pub fn derived(causes: &[&str]) -> Self { Self(digest(stringify!($name), causes)) }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { check(&text).map(|()| Self(text)) }
        }
        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { check(text).map(|()| Self(text.to_owned())) }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// A marketplace with its own currency, time zone and languages, e.g. `US`.
    StoreId;
    /// Who sells and ships.
    SellerId;
    /// Who bought.
    CustomerId;
    /// What was bought in one go.
    OrderId;
    /// One line of an order; a line of quantity 3 holds three units.
    ItemId;
    /// What the line sells.
    ProductId;
    /// One parcel, as the marketplace names it.
    ShipmentId;
    /// One session of a customer by phone, message or e-mail, as the marketplace names it.
    ContactId;
    /// The customer's matter: one or more contacts about one issue.
    InquiryId;
    /// A question to the seller in the Case Log.
    RequestId;
    /// What the service decided.
    DecisionId;
    /// What a seller holds against a line of a final statement.
    DisputeId;
    /// What a seller wants back of a refund.
    ClaimId;
    /// A parcel, as its carrier names it.
    TrackingNumber;
    /// A file of a reply in the Case Log.
    AttachmentId;
    /// One mail that is owed to somebody.
    NoticeId;
    /// One fact that the marketplace's systems are told.
    HookId;
    /// Somebody of the store's customer service.
    AssociateId;
    /// Somebody who acts for a seller.
    UserId;
    /// That somebody may become a user of a seller.
    InvitationId;
    /// That a lead reads all that is kept of somebody.
    ExportId;
}

/// 26 characters of Crockford's base 32: the first 130 bits of SHA-256 over the kind and its causes,
/// each ended by a byte that no id holds.
fn digest(kind: &str, causes: &[&str]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut hash = Sha256::new();
    for part in std::iter::once(&kind).chain(causes) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let bits = hash.finalize();
    (0..26_usize)
        .map(|n| {
            let bit = n.saturating_mul(5);
            let (byte, shift) = (bit.wrapping_div(8), bit.wrapping_rem(8));
            let pair = u16::from_be_bytes([
                bits.get(byte).copied().unwrap_or(0),
                bits.get(byte.saturating_add(1)).copied().unwrap_or(0),
            ]);
            let five = pair.rotate_left(u32::try_from(shift).unwrap_or(0).saturating_add(5)) & 31;
            char::from(ALPHABET.get(usize::from(five)).copied().unwrap_or(b'0'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_of_64_plain_characters_is_taken_and_of_65_is_not() {
        assert!("a".repeat(64).parse::<OrderId>().is_ok());
        assert!("a".repeat(65).parse::<OrderId>().is_err());
        assert!("".parse::<OrderId>().is_err());
    }

    #[test]
    fn an_id_with_a_separator_of_keys_is_refused() {
        for bad in ["a#b", "a/b", "a b", "ä", "a\n"] {
            assert!(bad.parse::<SellerId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn two_ways_to_cut_the_same_causes_give_two_ids() {
        assert_ne!(NoticeId::derived(&["ab", "c"]), NoticeId::derived(&["a", "bc"]));
        assert_ne!(NoticeId::derived(&["a"]).as_str(), RequestId::derived(&["a"]).as_str());
    }

    proptest! {
        #[test]
        fn a_derived_id_is_an_id_and_depends_on_its_causes_alone(a in ".*", b in ".*") {
            let id = InquiryId::derived(&[&a, &b]);
            prop_assert_eq!(id.as_str().len(), 26);
            prop_assert_eq!(id.as_str().parse::<InquiryId>(), Ok(id.clone()));
            prop_assert_eq!(InquiryId::derived(&[&a, &b]), id);
        }
    }
}
