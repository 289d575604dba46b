//! What each associate can do, as leads set it (RTE-7).

use domain::{
    associate::Profile,
    at::{Actor, At},
    contact::Channel,
    id::AssociateId,
    store::Store,
    topic::Family,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::{Answer, Commit},
    failure::Failure,
    fields::Fields,
    http::Request,
    key::{Key, Table},
};

/// More languages or skills than anybody has.
const MOST: usize = 50;
const LARGEST_CAPACITY: i64 = 100;

#[derive(Debug, Serialize)]
struct Associates {
    associates: Vec<Profile>,
}

/// Every profile of the store.
pub async fn list(shell: &Shell, store: &Store) -> Result<Answer, Failure> {
    let rows = shell.store.list::<Profile>(Table::Inquiries, &Key::profiles_of(&store.id), "").await?;
    Answer::ok(&Associates { associates: rows.into_iter().map(|(_, seen)| seen.state).collect() })
}

fn read(body: &[u8], store: &Store, associate: AssociateId, at: &At, lead: AssociateId) -> Result<Profile, Failure> {
    let fields = Fields::parse(body)?;
    let (languages, skills) = (fields.ids::<String>("languages", MOST), fields.ids::<Family>("skills", MOST));
    for language in languages.iter().flatten().filter(|language| store.worked_in(language).translation) {
        let known = store.languages.join(", ");
        fields.wrong("languages", format!("{language} is no language of store {}: it has {known}", store.id));
    }
    let of = fields.object("capacity");
    let capacity = Channel::EACH.map(|channel| {
        let most = of.as_ref().and_then(|most| most.number(channel.as_str(), 0..=LARGEST_CAPACITY));
        Some((channel, u32::try_from(most?).ok()?))
    });
    fields.build(|| {
        Some(Profile {
            store: store.id.clone(),
            associate,
            languages: languages?.iter().map(|language| store.worked_in(language).language).collect(),
            skills: skills?.into_iter().collect(),
            capacity: capacity.into_iter().collect::<Option<_>>()?,
            set_by: lead,
            set_at: at.now,
        })
    })
}

/// A lead says what an associate can do; from then on it is handed what fits.
pub async fn set(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let (associate, lead): (AssociateId, _) = (request.path("associate_id")?, request.lead(&store.id)?);
    let at = request.at(Actor::Associate(lead.clone()))?;
    let profile = read(&request.body, store, associate, &at, lead)?;
    request
        .write(shell, async || {
            let key = Key::profile(&store.id, &profile.associate);
            let known = shell.store.get::<Profile>(&key).await?;
            let answer = Answer::ok(&profile)?;
            Commit::new(request.fact()?, at.clone()).answering(&answer).state(
                key,
                known.map(|seen| seen.version),
                &profile,
            )
        })
        .await
}
