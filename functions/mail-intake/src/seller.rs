//! What a seller mails: a reply to a request, or what came to it by mistake. Who writes is known by the address alone, which
//! is why it has to be proved.

use crate::mail::{Before, Decided, Mail};
use domain::{
    at::Actor,
    guess::{Guesser, topic_of},
    id::{RequestId, SellerId},
    notice::{Notice, NoticeKind},
    order::Order,
    outcome::FollowUp,
    received::{Cause, Fate, writer},
    request::{Request, Said},
    seller::Seller,
    store::Store,
    transfer::{Told, Transfer, Unclear, each_about, order_ids},
};
use shell::{
    desk::Replied,
    failure::Failure,
    key::{Key, Table},
    store::{Found, Seen},
};

/// Characters of a reply, and of a transfer.
const LONGEST: usize = 10_000;

/// In whose name somebody writes.
struct Writing {
    seller: SellerId,
    /// As which user, or why not.
    user: Result<String, Cause>,
}

impl Mail<'_> {
    /// REQ-5: a reply to a request, in time if it came in then.
    pub async fn to_request(&self, store: &Store, id: &RequestId, before: &Before) -> Result<Decided, Failure> {
        let sellers = self.sellers(store).await?;
        let requests: Vec<_> = sellers.iter().map(|seller| Key::request(&store.id, seller, id)).collect();
        let found = self.found(store, &sellers, requests.clone()).await?;
        let mut asked: Option<(Writing, Seen<Request>)> = None;
        for (writing, key) in self.writing(store, &sellers, &found)?.into_iter().zip(&requests) {
            asked = found.state::<Request>(key)?.map(|seen| (writing, seen)).or(asked);
        }
        let Some((Writing { seller, user }, seen)) = asked else {
            return self.quarantined(if sellers.is_empty() { Cause::UnknownSender } else { Cause::Unseen });
        };
        let user = match user {
            Ok(user) => user,
            Err(cause) => return self.told(store, &seller, Some(&seen.state), cause, before),
        };
        let text = self.text();
        if text.is_empty() {
            return self.told(store, &seller, Some(&seen.state), Cause::Empty, before);
        }
        let at = self.circumstances(Actor::Seller(user.clone()));
        let said = Said { text, ..Said::default() };
        let replied = match Replied::decide(self.shell, store, &seen.state, said, user, &at).await {
            Err(Failure::Refused(refusal)) => {
                let cause = Cause::Refused { code: refusal.code.to_owned() };
                return self.told(store, &seller, Some(&seen.state), cause, before);
            }
            replied => replied?,
        };
        let commit = self.begin(at).replied(store, &seen, replied)?.audited(&self.arrival.mail.message_id)?;
        let fate = Fate::Appended { to: id.to_string(), automatic: false };
        Ok(Decided { fate, commit, spent: Some(before.spent) })
    }

    /// RTE-8: each order of the seller that the mail names is handed over.
    pub async fn to_transfers(&self, store: &Store, before: &Before) -> Result<Decided, Failure> {
        let sellers = self.sellers(store).await?;
        let text = self.text();
        let named = order_ids(&format!("{}\n{text}", self.letter.subject));
        let keys: Vec<_> = named.iter().map(|order| Key::order(&store.id, order)).collect();
        let found = self.found(store, &sellers, keys.clone()).await?;
        let orders: Vec<Order> = found.states(&keys)?;
        let mut why = None;
        for Writing { seller, user } in self.writing(store, &sellers, &found)? {
            let own = match (user, each_about(&named, &orders, &seller)) {
                (Ok(user), Ok(own)) => Ok((user, own)),
                (Err(cause), _) => Err(cause),
                (_, Err(Unclear::NoneNamed)) => Err(Cause::NoOrder),
                (_, Err(_)) => Err(Cause::NotTheSellers),
            };
            match own {
                Ok((user, own)) => return self.transfer(store, &seller, user, &own, before).await,
                Err(cause) => why = Some((seller, cause)),
            }
        }
        match why {
            Some((seller, cause)) => self.told(store, &seller, None, cause, before),
            None => self.quarantined(Cause::UnknownSender),
        }
    }

    async fn transfer(
        &self,
        store: &Store,
        seller: &SellerId,
        user: String,
        orders: &[&Order],
        before: &Before,
    ) -> Result<Decided, Failure> {
        let text = self.text();
        let guesser = Guesser::shipped().map_err(|error| Failure::Fault(error.to_string()))?;
        let (topic, source) = topic_of(guesser.guess(&text), &self.shell.book.topics);
        let answered = before.spent.answered(self.author, before.allowance);
        let at = self.circumstances(Actor::Seller(user.clone()));
        let told =
            Told { order: None, topic: topic.code.clone(), text, language: None, source, by_mail: answered.is_some() };
        let transfers: Vec<_> =
            orders.iter().map(|order| (Transfer::of(&told, order, seller, user.clone(), &at), *order)).collect();
        let keys: Vec<_> =
            transfers.iter().map(|(transfer, _)| Key::transfer(&store.id, seller, &transfer.contact)).collect();
        let known = self.shell.store.get_all(&keys).await?;
        let (mut commit, mut contacts) = (self.begin(at), Vec::new());
        for ((transfer, order), key) in transfers.into_iter().zip(keys) {
            // The same words about the same order are the same transfer, by whatever way they came first.
            if known.state::<Transfer>(&key)?.is_none() {
                let contact = transfer.routed_as(&told, order, store);
                contacts.push(contact.id.clone());
                commit = commit.state(key, None, &transfer)?.follow_ups(vec![FollowUp::Route(Box::new(contact))])?;
            }
        }
        let fate = if contacts.is_empty() { Fate::Duplicate } else { Fate::Opened { contacts } };
        Ok(Decided { fate, commit, spent: Some(answered.unwrap_or(before.spent)) })
    }

    /// Nothing comes of it, and the seller is told why, if that is not too often; of a reply also which request it answers.
    fn told(
        &self,
        store: &Store,
        seller: &SellerId,
        answers: Option<&Request>,
        cause: Cause,
        before: &Before,
    ) -> Result<Decided, Failure> {
        let answered = before.spent.answered(self.author, before.allowance);
        let notice = answered.map(|_| {
            let kind = NoticeKind::MailNotTaken {
                order: answers.map(|request| request.order.clone()),
                request: answers.map(|request| request.id.clone()),
                received_at: Some(self.at),
                cause: cause.clone(),
            };
            FollowUp::from(Notice::to_seller(&store.id, seller, kind, &[&self.arrival.mail.message_id]))
        });
        let Decided { fate, commit, .. } = self.quarantined(cause)?;
        let commit = commit.follow_ups(notice.into_iter().collect())?;
        Ok(Decided { fate, commit, spent: Some(answered.unwrap_or(before.spent)) })
    }

    /// What it says, as much as is taken.
    fn text(&self) -> String {
        self.letter.text.trim().chars().take(LONGEST).collect()
    }

    /// In whose names its sender may write, as far as the addresses say.
    async fn sellers(&self, store: &Store) -> Result<Vec<SellerId>, Failure> {
        let Some(from) = self.from() else { return Ok(Vec::new()) };
        let rows = self.shell.store.list::<SellerId>(Table::Sellers, &Key::writers_from(&store.id, from), "").await?;
        Ok(rows.into_iter().map(|(_, seen)| seen.state).collect())
    }

    /// Those sellers, and whatever else is asked for, in one call.
    async fn found(&self, store: &Store, sellers: &[SellerId], mut keys: Vec<Key>) -> Result<Found, Failure> {
        if sellers.is_empty() {
            return Ok(Found::default());
        }
        keys.extend(sellers.iter().map(|seller| Key::seller(&store.id, seller)));
        self.shell.store.get_all(&keys).await
    }

    /// As which users of these sellers its sender writes.
    fn writing(&self, store: &Store, sellers: &[SellerId], found: &Found) -> Result<Vec<Writing>, Failure> {
        let from = self.from().unwrap_or_default();
        let one = |seller: &SellerId| {
            let account = found.state::<Seller>(&Key::seller(&store.id, seller))?;
            let user = account.map_or(Err(Cause::UnknownSender), |seen| writer(&seen.state, from));
            Ok(Writing { seller: seller.clone(), user })
        };
        sellers.iter().map(one).collect()
    }
}
