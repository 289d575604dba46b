//! One mail: to whom it is, whether it may act, and what becomes of it.

use crate::wire::Arrival;
use chrono::TimeDelta;
use domain::{
    at::{Actor, At, Instant, after},
    contact::{Channel, Contact, Subject},
    guess::Source,
    id::{ContactId, InquiryId, StoreId},
    inquiry::Inquiry,
    outcome::FollowUp,
    received::{Addressee, Allowance, Author, Cause, Fate, KEPT, Quarantined, REMEMBERED, Spent, admitted},
    store::Store,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use inbox::{Letter, Mark, author};
use shell::{
    Shell,
    commit::{Commit, Fact, digest},
    desk,
    failure::Failure,
    fields::is_one_address,
    key::Key,
    record::{AUTOMATIC, MailFile, MailRead, Noted, Opens, Words},
    reply::{Answered, answered},
    store::Committed,
};
use tokio::sync::OnceCell;

/// On the third day nobody counts what was written on the first.
const TWO_DAYS: TimeDelta = TimeDelta::days(2);
/// So many files of a mail are put away at one time.
const FILES_AT_ONCE: usize = 4;
/// Of all mails together, what tells one from another is in its name.
const CONTENT: &[u8] = b"";

/// A mail, read.
pub struct Mail<'a> {
    pub shell: &'a Shell,
    pub arrival: &'a Arrival,
    pub letter: Letter,
    pub author: Author,
    /// To whom it is, and of which store.
    pub addressee: Option<(&'a Store, Addressee)>,
    /// When it came in, which is never later than now.
    pub at: Instant,
    /// Whether its files lie by themselves.
    kept: OnceCell<()>,
}

/// What came today before a mail: from its sender, and about its matter.
pub struct Before {
    of_sender: Counted,
    about_one: Option<Counted>,
    /// What came from the sender, with this mail.
    pub spent: Spent,
    /// How much there may be.
    pub allowance: Allowance,
}

/// What came, with this mail, and where that is counted.
struct Counted {
    key: Key,
    seen: Option<u64>,
    spent: Spent,
}

/// What is decided of a mail, before it is written.
pub struct Decided {
    pub fate: Fate,
    /// Whatever else is written.
    pub commit: Commit,
    /// What its sender has written, where that counts.
    pub spent: Option<Spent>,
}

impl<'a> Mail<'a> {
    /// Reads a mail, and finds to whom it is.
    pub async fn of(shell: &'a Shell, arrival: &'a Arrival, raw: &[u8]) -> Result<Self, Failure> {
        let letter = inbox::read(raw, arrival.mail.source.as_deref());
        let author = author(&letter, &shell.mail.host);
        let mut addressee = None;
        for address in &arrival.receipt.recipients {
            if addressee.is_none() {
                addressee = addressed(shell, address).await?;
            }
        }
        if addressee.is_none() {
            addressee = answering(shell, &letter).await?;
        }
        let at = shell.clock.event(arrival.receipt.timestamp);
        Ok(Self { shell, arrival, letter, author, addressee, at, kept: OnceCell::new() })
    }

    /// Decides what becomes of it, and writes that down.
    pub async fn take(&self) -> Result<(), Failure> {
        let before = self.before().await?;
        let decided = match self.admitted(before.as_ref()) {
            Err(cause) => return self.write(self.quarantined(cause)?, before).await,
            Ok((store, addressee, before)) => match addressee {
                Addressee::Inquiry(inquiry) => self.to_inquiry(store, inquiry, before).await?,
                Addressee::Request(request) => self.to_request(store, request, before).await?,
                Addressee::Transfers => self.to_transfers(store, before).await?,
            },
        };
        // What the rules do not take may be what they took before, when it came first.
        let refused = matches!(decided.fate, Fate::Quarantined { .. });
        if refused && self.shell.store.answered(&self.fact()).await?.is_some() {
            return self.again().await;
        }
        self.write(decided, before).await
    }

    fn admitted<'b>(
        &'b self,
        before: Option<&'b Result<Before, Cause>>,
    ) -> Result<(&'b Store, &'b Addressee, &'b Before), Cause> {
        let verdicts = self.arrival.receipt.verdicts();
        let to = self.addressee.as_ref();
        admitted(verdicts, self.author, to.map(|(_, addressee)| addressee))?;
        let (store, addressee) = to.ok_or(Cause::NoAddressee)?;
        let before = before.ok_or(Cause::NotAuthenticated)?.as_ref().map_err(Clone::clone)?;
        Ok((store, addressee, before))
    }

    /// Who it says that it is from.
    pub fn from(&self) -> Option<&str> {
        self.letter.from.as_ref().map(|from| from.address.as_str()).filter(|address| is_one_address(address))
    }

    fn store(&self) -> Option<&StoreId> {
        self.addressee.as_ref().map(|(store, _)| &store.id)
    }

    /// What came today before it; none where nobody knows from whom it is, or of which store.
    async fn before(&self) -> Result<Option<Result<Before, Cause>>, Failure> {
        let (Some(from), Some((store, addressee))) = (self.from(), &self.addressee) else { return Ok(None) };
        let Some(allowance) = store.mail_allowance_at(self.at) else { return Ok(None) };
        let matter = match addressee {
            Addressee::Inquiry(id) => Some(Key::spent_on(&store.id, id.as_str())),
            Addressee::Request(id) => Some(Key::spent_on(&store.id, id.as_str())),
            Addressee::Transfers => None,
        };
        let sender = Key::spent(&store.id, from);
        let keys: Vec<_> = std::iter::once(&sender).chain(&matter).cloned().collect();
        let found = self.shell.store.get_all(&keys).await?;
        let day = self.at.with_timezone(&store.zone).date_naive();
        let counted = |key: Key, most: u32| -> Result<Result<Counted, Cause>, Failure> {
            let seen = found.state::<Spent>(&key)?;
            let spent = seen.as_ref().map(|seen| seen.state).unwrap_or_default().one_more(day, most);
            Ok(spent.map(|spent| Counted { key, seen: seen.map(|seen| seen.version), spent }))
        };
        let of_sender = counted(sender, allowance.mails)?;
        let about_one = matter.map(|matter| counted(matter, allowance.about_one)).transpose()?.transpose();
        Ok(Some(of_sender.and_then(|of_sender| {
            let spent = of_sender.spent;
            about_one.map(|about_one| Before { of_sender, about_one, spent, allowance })
        })))
    }

    /// The name under which it counts once: its own id and its sender, or all that it says.
    fn name(&self) -> String {
        let from = self.from().unwrap_or_default().to_lowercase();
        let letter = &self.letter;
        digest(
            match &letter.message_id {
                Some(id) => format!("id\n{from}\n{id}"),
                None => format!("text\n{from}\n{:?}\n{}\n{}", letter.date, letter.subject, letter.text),
            }
            .as_bytes(),
        )
    }

    fn fact(&self) -> Fact {
        Fact::new("mail-intake", self.name(), CONTENT)
    }

    /// The circumstances of what somebody does by it.
    pub fn circumstances(&self, actor: Actor) -> At {
        At { now: self.at, actor, cause: self.fact().cause() }
    }

    /// What it does, once.
    pub fn begin(&self, at: At) -> Commit {
        Commit::new(self.fact(), at)
    }

    /// Nothing comes of it.
    pub fn quarantined(&self, cause: Cause) -> Result<Decided, Failure> {
        let Mail { arrival, at, .. } = self;
        let kept = Quarantined {
            mail: arrival.mail.message_id.clone(),
            object: arrival.receipt.action.object_key.clone(),
            from: self.from().map(str::to_owned),
            to: arrival.receipt.recipients.clone(),
            at: *at,
            cause: cause.clone(),
        };
        let place = Key::quarantined(self.store(), *at, &arrival.mail.message_id);
        let commit = Commit::unmarked(self.circumstances(Actor::Service));
        let commit = commit.state_until(place, None, &kept, after(*at, KEPT))?;
        Ok(Decided { fate: Fate::Quarantined { cause }, commit, spent: None })
    }

    /// RTE-9: a customer's answer is a contact, and goes where its others went. What a machine wrote is kept there.
    async fn to_inquiry(&self, store: &Store, id: &InquiryId, before: &Before) -> Result<Decided, Failure> {
        let inquiry = match desk::told(self.shell, &store.id, id).await {
            Ok((inquiry, _)) => inquiry,
            Err(Failure::Refused(_)) => return self.quarantined(Cause::Unseen),
            Err(failure) => return Err(failure),
        };
        let (at, automatic) = (self.circumstances(Actor::Marketplace), self.author == Author::Machine);
        let to = Fate::Appended { to: id.to_string(), automatic };
        if automatic {
            let key = Key::note(&store.id, id, self.at, &at.cause);
            let associate = AUTOMATIC.parse().map_err(|_| Failure::Fault(format!("{AUTOMATIC} is no id")))?;
            let noted = Noted { associate, at: self.at, text: self.letter.text.clone() };
            return Ok(Decided { fate: to, commit: self.begin(at).insert(key, &noted)?, spent: Some(before.spent) });
        }
        if self.letter.text.is_empty() && self.letter.files.is_empty() {
            return self.quarantined(Cause::Empty);
        }
        let contact = self.contact(&inquiry);
        let fate = if inquiry.takes_at(self.at) { to } else { Fate::Opened { contacts: vec![contact.id.clone()] } };
        let words = Words {
            text: self.letter.text.clone(),
            email: self.from().map(str::to_owned),
            language: inquiry.language.clone(),
            mail: Some(self.read()),
            erased_at: None,
        };
        // Once, however often it is decided.
        self.kept.get_or_try_init(|| self.keep_files()).await?;
        let commit = self.begin(at).state(Key::words(&store.id, &contact.id), None, &words)?;
        let commit = commit.follow_ups(vec![FollowUp::Route(Box::new(contact))])?;
        Ok(Decided { fate, commit, spent: Some(before.spent) })
    }

    /// What a customer's mail brings, the desk can open, file by file. It lies there before anything says so.
    async fn keep_files(&self) -> Result<(), Failure> {
        let object = &self.arrival.receipt.action.object_key;
        let keep = self.letter.files.iter().zip(1..);
        let keep = keep.map(|(file, number)| self.shell.mailbag.keep(object, number, file.content.clone()));
        stream::iter(keep).buffer_unordered(FILES_AT_ONCE).try_collect().await
    }

    fn contact(&self, inquiry: &Inquiry) -> Contact {
        Contact {
            id: ContactId::derived(&["mail", &self.name()]),
            store: inquiry.store.clone(),
            customer: inquiry.customer.clone(),
            channel: Channel::Email,
            language: inquiry.language.clone(),
            mailable: self.from().is_some(),
            seller: inquiry.seller.clone(),
            subject: Some(Subject { order: inquiry.order.clone(), items: inquiry.items.clone() }),
            topic: inquiry.topic.clone(),
            source: Source::Told,
            received_at: self.at,
            transferred: false,
            outcome_mailed: false,
        }
    }

    fn read(&self) -> MailRead {
        let file = |file: &inbox::File| MailFile {
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.size,
            opens: Some(if file.shown { Opens::Shown } else { Opens::Saved }),
        };
        MailRead {
            object: self.arrival.receipt.action.object_key.clone(),
            message_id: self.letter.message_id.clone(),
            files: self.letter.files.iter().map(file).collect(),
            marks: self.letter.marks.iter().copied().map(code).collect(),
            folds: folds(&self.letter.text),
        }
    }

    /// Writes what was decided, in one transaction. Where the same mail has been acted on before, that it came again.
    async fn write(&self, decided: Decided, before: Option<Result<Before, Cause>>) -> Result<(), Failure> {
        let Decided { fate, mut commit, spent } = decided;
        commit = commit.state_until(self.arrival.key(), None, &fate, after(self.at, REMEMBERED))?;
        if let (Some(spent), Some(Ok(Before { of_sender, about_one, .. }))) = (spent, before) {
            for Counted { key, seen, spent } in std::iter::once(Counted { spent, ..of_sender }).chain(about_one) {
                commit = commit.state_until(key, seen, &spent, after(self.at, TWO_DAYS))?;
            }
        }
        match self.shell.store.commit(&commit).await? {
            Committed::Now => Ok(()),
            Committed::Before(_) => self.again().await,
        }
    }

    /// The same mail has been acted on before.
    async fn again(&self) -> Result<(), Failure> {
        let put = self.shell.store.put_until(&self.arrival.key(), &Fate::Duplicate, after(self.at, REMEMBERED)).await;
        // It was we who acted on it, and our answer was lost.
        if put == Err(Failure::Stale) { Ok(()) } else { put }
    }
}

/// What an address of ours is for.
async fn addressed<'a>(shell: &'a Shell, address: &str) -> Result<Option<(&'a Store, Addressee)>, Failure> {
    let local = address.split('@').next().unwrap_or_default();
    let mailbox = |store: &&Store| store.mailboxes.iter().any(|mailbox| mailbox.name.eq_ignore_ascii_case(local));
    if let Some(store) = shell.book.stores.values().find(mailbox) {
        return Ok(Some((store, Addressee::Transfers)));
    }
    let found = answered(&shell.links, &shell.store, &shell.book, address).await?;
    Ok(found.and_then(|answered| about(shell, answered)))
}

/// What the mails of ours are about that this one answers: the newest of which that is known.
async fn answering<'a>(shell: &'a Shell, letter: &Letter) -> Result<Option<(&'a Store, Addressee)>, Failure> {
    let names = letter.answers_to.iter().filter_map(|id| id.split_once('@')).map(|(name, _)| Key::mailed(name));
    let keys: Vec<_> = names.collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let found = shell.store.get_all(&keys).await?.states::<Answered>(&keys)?;
    Ok(found.into_iter().next().and_then(|answered| about(shell, answered)))
}

fn about(shell: &Shell, answered: Answered) -> Option<(&Store, Addressee)> {
    let (store, addressee) = match answered {
        Answered::Inquiry(store, id) => (store, Addressee::Inquiry(id)),
        Answered::Request(store, id) => (store, Addressee::Request(id)),
    };
    Some((shell.book.store(&store)?, addressee))
}

/// Who wrote a mail, if we write from this host.
fn author(letter: &Letter, host: &str) -> Author {
    match letter.author_for(host) {
        author::Author::Person => Author::Person,
        author::Author::PersonNotToBeAnswered(_) => Author::Unanswered,
        author::Author::Machine(author::Machine::Ours) => Author::Ours,
        author::Author::Machine(_) => Author::Machine,
    }
}

/// Where quotes and signatures lie in a text, in characters.
fn folds(text: &str) -> Vec<(usize, usize)> {
    let (mut bytes, mut characters) = (0, 0_usize);
    let mut at = |end: usize| {
        characters = characters.saturating_add(text.get(bytes..end).unwrap_or_default().chars().count());
        bytes = end;
        characters
    };
    inbox::folds(text).into_iter().map(|range| (at(range.start), at(range.end))).collect()
}

/// The code of a mark, which is that of its JSON.
fn code(mark: Mark) -> String {
    serde_json::to_value(mark).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}
