//! Keys of mails: how far each of ours has come, by which name it is known, which addresses are not mailed any more, and
//! those of mail that comes in.

use super::{Key, Table, sortable};
use crate::commit::digest;
use domain::{
    at::Instant,
    id::{InquiryId, NoticeId, SellerId, StoreId},
};

/// An address as keys hold it: mail finds it whatever the case of its letters, and nobody reads it here.
fn hidden(address: &str) -> String {
    digest(address.to_lowercase().as_bytes())
}

impl Key {
    /// A mail and its state.
    #[must_use]
    pub fn notice(notice: &NoticeId) -> Self {
        Self::new(Table::Outbox, format!("NOTICE#{notice}"), "NOTICE")
    }

    /// What an answer to a mail is about, by the name that SES gave the mail, which is what its Message-ID begins with.
    #[must_use]
    pub fn mailed(message_id: &str) -> Self {
        Self::new(Table::Outbox, format!("MAILED#{message_id}"), "MAILED")
    }

    /// The bytes of a mail that holds words of a conversation. They lie there.
    #[must_use]
    pub fn mail(store: &StoreId, inquiry: &InquiryId, notice: &NoticeId) -> Self {
        Self::said_in(store, inquiry, &format!("MAIL#{notice}"))
    }

    /// That an address is not mailed any more.
    #[must_use]
    pub fn suppression(address: &str) -> Self {
        Self::new(Table::Outbox, format!("ADDRESS#{}", hidden(address)), "SUPPRESSED")
    }

    /// The sellers in whose names somebody writes from this address.
    #[must_use]
    pub fn writers_from(store: &StoreId, address: &str) -> String {
        format!("{store}#ADDRESS#{}", hidden(address))
    }

    /// That somebody writes from this address in a seller's name.
    #[must_use]
    pub fn writer_from(store: &StoreId, address: &str, seller: &SellerId) -> Self {
        Self::new(Table::Sellers, Self::writers_from(store, address), seller.to_string())
    }

    /// What became of a mail that came in, by the name that it was given then.
    #[must_use]
    pub fn received(mail: &str) -> Self {
        Self::new(Table::Once, format!("MAIL#{mail}"), "MAIL")
    }

    /// The partition of mails of which nothing came: of a store, or of none that we know.
    #[must_use]
    pub fn quarantine_of(store: Option<&StoreId>) -> String {
        format!("{}#QUARANTINE", store.map_or("-", StoreId::as_str))
    }

    /// A mail of which nothing came.
    #[must_use]
    pub fn quarantined(store: Option<&StoreId>, at: Instant, mail: &str) -> Self {
        Self::new(Table::Once, Self::quarantine_of(store), format!("{}#{mail}", sortable(at)))
    }

    /// How much somebody has written today, by the address.
    #[must_use]
    pub fn spent(store: &StoreId, address: &str) -> Self {
        Self::new(Table::Once, format!("{store}#SENDER#{}", hidden(address)), "SPENT")
    }

    /// How much has been written about an inquiry or a request today.
    #[must_use]
    pub fn spent_on(store: &StoreId, matter: &str) -> Self {
        Self::new(Table::Once, format!("{store}#MATTER#{matter}"), "SPENT")
    }
}
