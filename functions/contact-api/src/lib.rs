//! A customer's contact comes in, and whoever sent it can ask where it went.
//!
//! What it is about is settled here, so that the sender hears of a mistake at once; where it comes without a topic, one is
//! guessed from the words while they are at hand (RTE-12). The words go to the table that no seller-facing function can
//! read, and the contact, without them, goes to be routed.
//!
//! Calls: to take one, one `BatchGetItem` (order, and whether the contact is known) and one transaction; to look one up,
//! one `GetItem`.

mod wire;

use domain::{
    at::Actor,
    book::Book,
    contact::{Contact, subject},
    guess::{Guesser, Source, topic_of},
    id::ContactId,
    order::Order,
    outcome::{FollowUp, Refusal},
    routing::RoutedContact,
    store::Store,
    topic::{Scope, Topic},
};
use shell::{
    Shell,
    access::Route,
    commit::{Answer, Commit},
    failure::Failure,
    http::{Request, unrouted},
    key::Key,
    record::Words,
};
use wire::Told;

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 2] = [
    Route::marketplace("POST /v1/stores/{store}/contacts"),
    Route::marketplace("GET /v1/stores/{store}/contacts/{contact_id}"),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let store = request.store(&shell.book)?;
    match request.route.as_str() {
        "POST /v1/stores/{store}/contacts" => take(shell, request, store).await,
        "GET /v1/stores/{store}/contacts/{contact_id}" => look_up(shell, request, store).await,
        _ => unrouted(request),
    }
}

async fn take(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let told = wire::read(&request.body, &shell.book, store)?;
    let about = about(&shell.book, &told)?;
    let at = request.at(Actor::Marketplace)?;
    request
        .write(shell, async || {
            let words_key = Key::words(&store.id, &told.contact);
            let order_key = told.order.as_ref().map(|order| Key::order(&store.id, order));
            let keys: Vec<_> = std::iter::once(words_key.clone()).chain(order_key.clone()).collect();
            let found = shell.store.get_all(&keys).await?;
            if found.state::<Words>(&words_key)?.is_some() {
                let sentence =
                    format!("Contact {} was taken before; ask what became of it, or name another one.", told.contact);
                return Err(Refusal::state("RTE-10", "contact_known", sentence).into());
            }
            let order = order_key.map(|key| found.state::<Order>(&key)).transpose()?.flatten();
            let contact = settle(store, &told, &about, order.as_ref().map(|seen| &seen.state), request.now)?;
            let words = Words {
                text: told.message.clone(),
                email: told.email.clone(),
                language: contact.language.clone(),
                mail: None,
                erased_at: None,
            };
            let answer = Answer::new(202, &wire::accepted(&told.contact))?;
            Commit::new(request.fact()?, at.clone())
                .answering(&answer)
                .state(words_key, None, &words)?
                .follow_ups(vec![FollowUp::Route(Box::new(contact))])
        })
        .await
}

/// RTE-12: the topic that it comes with, or what its words say.
fn about<'a>(book: &'a Book, told: &Told<'a>) -> Result<(&'a Topic, Source), Failure> {
    if let Some(topic) = told.topic {
        return Ok((topic, Source::Told));
    }
    let guesser = Guesser::shipped().map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(topic_of(guesser.guess(&told.message), &book.topics))
}

/// RTE-10: what the contact is about, or the field that does not say it.
fn settle(
    store: &Store,
    told: &Told<'_>,
    (topic, source): &(&Topic, Source),
    order: Option<&Order>,
    now: domain::at::Instant,
) -> Result<Contact, Failure> {
    let unclear = |field: &'static str, problem: String| Failure::bad_field("invalid_input", field, problem);
    let (seller, subject) = match (&told.order, order) {
        (Some(id), None) => {
            let problem = format!("{id} is no order of this store (yet): send this again once it is placed");
            return Err(Failure::bad_field("unknown_order", "order_id", problem));
        }
        (Some(_), Some(order)) => {
            let (seller, subject) = subject(order, &told.customer, told.seller.as_ref(), &told.items)
                .map_err(|unclear| Failure::bad_field("invalid_input", unclear.field, unclear.problem))?;
            (seller, Some(subject))
        }
        (None, _) if told.topic.is_none() && topic.scope == Scope::InScope => {
            return Err(unclear("order_id", "is needed where no topic is given".into()));
        }
        (None, _) if topic.scope == Scope::InScope => {
            return Err(unclear("order_id", format!("is needed for the topic {}", topic.code)));
        }
        (None, _) => {
            let seller = told.seller.clone();
            let seller = seller.ok_or_else(|| unclear("seller_id", "is needed where there is no order".into()))?;
            (seller, None)
        }
    };
    Ok(Contact {
        id: told.contact.clone(),
        store: store.id.clone(),
        customer: told.customer.clone(),
        channel: told.channel,
        language: told.language.clone().unwrap_or_else(|| store.languages.first().cloned().unwrap_or_default()),
        mailable: told.email.is_some(),
        seller,
        subject,
        topic: topic.code.clone(),
        source: source.clone(),
        received_at: now,
        transferred: false,
        outcome_mailed: false,
    })
}

async fn look_up(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let contact: ContactId = request.path("contact_id")?;
    let routed = shell.store.get::<RoutedContact>(&Key::routed_contact(&store.id, &contact)).await?;
    let routed = routed.ok_or_else(|| Failure::from(Refusal::unseen("contact, or it is not routed yet")))?;
    Answer::ok(&wire::routed(&routed.state))
}
