//! Return policies that sellers submit: a lead looks at one, and approves or rejects it (RET-2).

use domain::{
    at::Actor,
    id::SellerId,
    outcome::{Outcome, Refusal},
    policy::{Policy, PolicyEvent},
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    failure::Failure,
    fields::Fields,
    http::Request,
    key::Key,
    store::Seen,
};

const LONGEST_REASON: usize = 1_000;

#[derive(Debug, Serialize)]
struct PolicyView<'a> {
    seller_id: &'a str,
    latest: &'a domain::policy::Version,
    approved: &'a [domain::policy::Approved],
}

fn view(policy: &Policy) -> Result<Answer, Failure> {
    Answer::ok(&PolicyView { seller_id: policy.seller.as_str(), latest: &policy.latest, approved: &policy.approved })
}

/// A seller's policy, with every version that was approved.
pub async fn show(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    view(&load(shell, request, store).await?.state)
}

/// It holds for the orders placed from now on.
pub async fn approve(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let fields = Fields::parse(&request.body)?;
    let version = number(&fields);
    let version = fields.build(|| version)?;
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    decide(shell, request, store, |policy| policy.approve(store, version, &at)).await
}

/// The seller reads the reason.
pub async fn reject(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let fields = Fields::parse(&request.body)?;
    let (version, reason) = (number(&fields), fields.text("reason", LONGEST_REASON));
    let (version, reason) = fields.build(|| Some((version?, reason?)))?;
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    decide(shell, request, store, |policy| policy.reject(version, reason.clone(), &at)).await
}

async fn decide(
    shell: &Shell,
    request: &Request,
    store: &Store,
    decide: impl Fn(&Policy) -> Result<Outcome<PolicyEvent>, Refusal>,
) -> Result<Answer, Failure> {
    let at = request.at(Actor::Associate(request.lead(&store.id)?))?;
    request
        .write(shell, async || {
            let seen = load(shell, request, store).await?;
            let outcome = decide(&seen.state)?;
            let answer = view(&outcome.after(&seen.state, Policy::apply))?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).policy(Some(&seen), outcome)
        })
        .await
}

async fn load(shell: &Shell, request: &Request, store: &Store) -> Result<Seen<Policy>, Failure> {
    let seller: SellerId = request.path("seller_id")?;
    let seen = shell.store.get(&Key::return_policy(&store.id, &seller)).await?;
    seen.ok_or_else(|| Refusal::unseen("return policy").into())
}

fn number(fields: &Fields) -> Option<u32> {
    fields.number("version", 1..=i64::from(u32::MAX)).and_then(|number| u32::try_from(number).ok())
}
