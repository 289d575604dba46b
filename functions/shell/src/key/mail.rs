//! Keys of mails: how far each has come, by which name it is known, and which addresses are not mailed any more.

use super::{Key, Table};
use crate::commit::digest;
use domain::id::{InquiryId, NoticeId, StoreId};

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

    /// That an address is not mailed any more. Mail finds it whatever the case of its letters, and nobody reads it here.
    #[must_use]
    pub fn suppression(address: &str) -> Self {
        Self::new(Table::Outbox, format!("ADDRESS#{}", digest(address.to_lowercase().as_bytes())), "SUPPRESSED")
    }
}
