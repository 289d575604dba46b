//! One step of an erasure: a few contacts of a customer, in the order of their ids. Of each the customer's words and address,
//! what a seller that handed it over wrote, and all that was said in its inquiry; never of an inquiry that is live.
//!
//! A step is one transaction, with its progress and the clock of the next one, so a step that was interrupted is made
//! again, and one that is told twice is made once.

use super::Rung;
use domain::{
    at::Instant,
    erasure::{Erasure, Looked},
    id::{ContactId, CustomerId, InquiryId, StoreId},
    inquiry::Status,
    retention::Class,
    routing::RoutedContact,
};
use serde_json::Value;
use shell::{
    Shell,
    commit::Commit,
    customer::after,
    failure::Failure,
    key::{Key, Table},
    record::{inquiry_key, latest_of},
    retention::{erased, is_left},
    said::{is_erased, left_of},
    store::Seen,
};
use std::collections::BTreeSet;

/// Contacts that one step looks at.
const CONTACTS: usize = 5;
/// What one step erases at most; a transaction holds a hundred items.
const MOST: usize = 80;
/// An inquiry may go on in another, and that in another.
const MERGES: usize = 8;

impl Rung<'_> {
    /// The step that this clock is of, if it is the next one.
    pub(super) async fn erase(
        &self,
        (store, customer): (&StoreId, &CustomerId),
        (run, step): (u32, u32),
    ) -> Result<Option<Commit>, Failure> {
        let store = self.store(store)?;
        let seen = self.shell.store.get::<Erasure>(&Key::erasure(&store.id, customer)).await?;
        let Some(seen) = seen.filter(|seen| seen.state.expects(run, step)) else { return Ok(None) };
        let last = seen.state.upto.as_ref().map(|contact| Key::routed_contact(&store.id, contact));
        let contacts: Vec<ContactId> =
            after(self.shell, (&store.id, customer), Table::Inquiries, last, CONTACTS).await?;
        let mut going = Going {
            commit: self.commit(),
            looked: Looked { upto: seen.state.upto.clone(), more: contacts.len() > CONTACTS, ..Looked::default() },
            space: MOST,
            through: BTreeSet::new(),
        };
        for contact in contacts.iter().take(CONTACTS) {
            going = going.over(self.shell, &store.id, contact, self.at.now).await?;
            if going.looked.upto.as_ref() != Some(contact) {
                going.looked.more = true;
                break;
            }
        }
        let outcome = seen.state.went(store, going.looked, &self.at);
        going.commit.erasure(Some(&seen), outcome).map(Some)
    }
}

/// A step, as far as it has come.
struct Going {
    commit: Commit,
    looked: Looked,
    /// What it may still erase.
    space: usize,
    /// Inquiries of which nothing is left that this step has not erased.
    through: BTreeSet<InquiryId>,
}

impl Going {
    /// Goes over one contact: through with it, unless there is too much.
    async fn over(
        mut self,
        shell: &Shell,
        store: &StoreId,
        contact: &ContactId,
        now: Instant,
    ) -> Result<Self, Failure> {
        let (routed_key, words_key) = (Key::routed_contact(store, contact), Key::words(store, contact));
        let found = shell.store.get_all(&[routed_key.clone(), words_key.clone()]).await?;
        let routed = found.state::<RoutedContact>(&routed_key)?;
        let routed = routed.ok_or_else(|| Failure::Fault(format!("contact {contact} is gone")))?.state;
        let mut said = Vec::new();
        if let Some(inquiry) = routed.inquiry.as_ref().filter(|inquiry| !self.through.contains(*inquiry)) {
            match standing(shell, store, inquiry).await? {
                Standing::Live(live) => {
                    self.looked.waits_for.push(live);
                    self.looked.upto = Some(contact.clone());
                    return Ok(self);
                }
                Standing::Over(check) => {
                    let pk = Key::said_in(store, inquiry, "").pk;
                    said = shell.store.list::<Value>(Table::Conversations, &pk, "").await?;
                    said.retain(|(_, seen)| !is_erased(&seen.state));
                    if let Some((key, version)) = check.filter(|_| !said.is_empty()) {
                        self.commit = self.commit.unchanged_since(key, Some(version));
                    }
                }
            }
        }
        let all = said.len();
        if let Some(inquiry) = &routed.inquiry {
            for (place, Seen { state, .. }) in said.into_iter().take(self.space) {
                self.commit = self.commit.replace(Key::said_in(store, inquiry, &place), &left_of(&state, now))?;
            }
        }
        if all > self.space {
            self.space = 0;
            return Ok(self);
        }
        self.space -= all;
        self.through.extend(routed.inquiry.clone());
        let mut own = (Class::Words, words_key);
        let mut left = found.state::<Value>(&own.1)?;
        if left.is_none() {
            // What a seller wrote that handed the contact over may quote the customer.
            own = (Class::Transfers, Key::transfer(store, &routed.seller, contact));
            left = shell.store.get::<Value>(&own.1).await?;
        }
        let left = left.filter(|seen| is_left(own.0, &seen.state));
        if left.is_some() || all > 0 {
            self.looked.erased.push(contact.clone());
        }
        if let Some(seen) = left {
            self.commit = erased(self.commit, own, seen, now)?;
        }
        self.space = self.space.saturating_sub(1);
        self.looked.upto = Some(contact.clone());
        Ok(self)
    }
}

/// Whether an inquiry needs what was said in it.
enum Standing {
    /// It does, or the one that it goes on in.
    Live(InquiryId),
    /// It is over; and which version of what says so.
    Over(Option<(Key, u64)>),
}

async fn standing(shell: &Shell, store: &StoreId, inquiry: &InquiryId) -> Result<Standing, Failure> {
    let mut id = inquiry.clone();
    for _ in 0..MERGES {
        let Some(seen) = latest_of(shell, store, &id).await?.filter(|seen| seen.state.id == id) else {
            return Ok(Standing::Over(None));
        };
        match &seen.state.status {
            Status::Merged { into, .. } => id = into.clone(),
            _ if seen.state.is_live() => return Ok(Standing::Live(id)),
            _ => return Ok(Standing::Over(Some((inquiry_key(&seen.state), seen.version)))),
        }
    }
    Ok(Standing::Live(id))
}
