//! What is left of a matter that is over, and what it is replaced with once it was kept for long enough: for whoever erases
//! it, and for whoever only looks.
//!
//! Calls: what has become of an inquiry is one `GetItem`; one query more where a later one has followed it, and one query
//! and one `GetItem` for each into which it was merged. What is left is one query (what was said in it) and one `BatchGetItem`
//! for forty of its contacts (their words, and what a seller wrote).

use crate::{
    Shell,
    commit::Commit,
    desk,
    failure::Failure,
    key::{Key, Table},
    record::inquiry_key,
    said::{is_erased, left_of},
    store::Seen,
};
use domain::{
    at::Instant,
    id::{ContactId, InquiryId, SellerId, StoreId},
    inquiry::{Inquiry, Status},
    retention::{Class, End, Over},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Contacts whose words are read in one call.
const CONTACTS: usize = 40;
/// An inquiry may go on in another, and that in another.
const MERGES: usize = 8;

/// A matter, and what has become of it.
#[derive(Debug)]
pub struct Matter {
    /// What has become of it.
    pub end: End,
    /// Which version of what says so; none where that cannot change.
    pub check: Option<(Key, u64)>,
    store: StoreId,
    seller: SellerId,
    inquiry: Option<InquiryId>,
    contacts: Vec<ContactId>,
}

/// Something that was said in it, and is not erased.
#[derive(Debug)]
pub struct Left {
    /// What it is.
    pub class: Class,
    /// By which name it is found: its contact, or its place in the inquiry.
    pub id: String,
    key: Key,
    seen: Seen<Value>,
}

/// The class of something that was said in an inquiry, by its place.
fn class_of(place: &str) -> Option<Class> {
    match place.split('#').next()? {
        "ANSWER" | "MAIL" => Some(Class::Answers),
        "NOTE" => Some(Class::Notes),
        "COMMENT" => Some(Class::Comments),
        _ => None,
    }
}

/// An inquiry as its events tell it.
async fn told(shell: &Shell, store: &StoreId, id: &InquiryId) -> Result<Inquiry, Failure> {
    let events = desk::events(shell, store, id).await?;
    let told = events.iter().fold(None, |state, row| Inquiry::apply(state, &row.event));
    told.ok_or_else(|| Failure::Fault(format!("inquiry {id} is gone")))
}

/// An inquiry, and where its state lies with its version, if no later one has followed it.
async fn latest(shell: &Shell, key: Key, id: &InquiryId) -> Result<Option<(Inquiry, (Key, u64))>, Failure> {
    let seen = shell.store.get::<Inquiry>(&key).await?.filter(|seen| seen.state.id == *id);
    Ok(seen.map(|Seen { state, version }| (state, (key, version))))
}

/// What has become of a matter that ended then.
pub async fn matter(shell: &Shell, over: &Over, ended_at: Instant) -> Result<Matter, Failure> {
    let about = match over {
        Over::Inquiry(about) => about,
        Over::Contact { store, seller, contact } => {
            return Ok(Matter {
                end: End::At(ended_at),
                check: None,
                store: store.clone(),
                seller: seller.clone(),
                inquiry: None,
                contacts: vec![contact.clone()],
            });
        }
    };
    let store = &about.store;
    let key = Key::inquiry(store, &about.order, &about.seller, about.issue);
    let (own, mut check) = match latest(shell, key, &about.inquiry).await? {
        Some((own, check)) => (own, Some(check)),
        None => (told(shell, store, &about.inquiry).await?, None),
    };
    let mut last = own.clone();
    for _ in 0..MERGES {
        let Status::Merged { into, .. } = &last.status else { break };
        let next = told(shell, store, into).await?;
        (last, check) = match latest(shell, inquiry_key(&next), into).await? {
            Some((last, check)) => (last, Some(check)),
            None => (next, None),
        };
    }
    let end = End::of(&own, &last, ended_at);
    // Contacts of what was merged are contacts of what it goes on in.
    let is_merged = matches!(own.status, Status::Merged { .. });
    let Inquiry { id, store, seller, contacts, .. } = own;
    let contacts = if is_merged { Vec::new() } else { contacts };
    Ok(Matter { end, check, store, seller, inquiry: Some(id), contacts })
}

impl Matter {
    /// What is left of these classes: all of it, or more than `most`.
    pub async fn left(&self, shell: &Shell, classes: &BTreeSet<Class>, most: usize) -> Result<Vec<Left>, Failure> {
        let mut left = Vec::new();
        let of_inquiry = |class: &Class| matches!(class, Class::Answers | Class::Notes | Class::Comments);
        if let Some(inquiry) = self.inquiry.as_ref().filter(|_| classes.iter().any(of_inquiry)) {
            let pk = Key::said_in(&self.store, inquiry, "").pk;
            for (place, seen) in shell.store.list::<Value>(Table::Conversations, &pk, "").await? {
                let class = class_of(&place).filter(|class| classes.contains(class) && is_left(*class, &seen.state));
                if let Some(class) = class {
                    left.push(Left { class, key: Key::said_in(&self.store, inquiry, &place), id: place, seen });
                }
            }
        }
        for contacts in self.contacts.chunks(CONTACTS).filter(|_| !classes.iter().all(of_inquiry)) {
            if left.len() > most {
                break;
            }
            left.extend(self.of_contacts(shell, classes, contacts).await?);
        }
        Ok(left)
    }

    async fn of_contacts(
        &self,
        shell: &Shell,
        classes: &BTreeSet<Class>,
        contacts: &[ContactId],
    ) -> Result<Vec<Left>, Failure> {
        let keys = |contact: &ContactId| {
            [
                (Class::Words, Key::words(&self.store, contact)),
                (Class::Transfers, Key::transfer(&self.store, &self.seller, contact)),
            ]
        };
        let wanted = |(class, _): &(Class, Key)| classes.contains(class);
        let asked: Vec<_> = contacts.iter().flat_map(keys).filter(wanted).map(|(_, key)| key).collect();
        let found = shell.store.get_all(&asked).await?;
        let mut left = Vec::new();
        for contact in contacts {
            for (class, key) in keys(contact).into_iter().filter(wanted) {
                let seen = found.state::<Value>(&key)?.filter(|seen| is_left(class, &seen.state));
                left.extend(seen.map(|seen| Left { class, id: contact.to_string(), key, seen }));
            }
        }
        Ok(left)
    }
}

impl Left {
    /// Erases it: in this transaction.
    pub fn erased(self, commit: Commit, at: Instant) -> Result<Commit, Failure> {
        erased(commit, (self.class, self.key), self.seen, at)
    }
}

/// Whether there is anything to erase. A transfer is the seller's own record: its text goes, without a mark.
#[must_use]
pub fn is_left(class: Class, said: &Value) -> bool {
    match class {
        Class::Transfers => said.get("text").is_some_and(|text| text != ""),
        Class::Words | Class::Answers | Class::Notes | Class::Comments => !is_erased(said),
    }
}

/// Erases something that was said: in this transaction.
pub fn erased(
    commit: Commit,
    (class, key): (Class, Key),
    Seen { mut state, version }: Seen<Value>,
    at: Instant,
) -> Result<Commit, Failure> {
    match class {
        Class::Words => commit.state(key, Some(version), &left_of(&state, at)),
        Class::Transfers => {
            if let Some(text) = state.get_mut("text") {
                *text = json!("");
            }
            commit.state(key, Some(version), &state)
        }
        Class::Answers | Class::Notes | Class::Comments => commit.replace(key, &left_of(&state, at)),
    }
}
