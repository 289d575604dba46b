//! What leads see besides: what runs out of time or has, and what each associate can do.

use crate::{
    parts::{Sent, done, frame, words},
    queue::Lines,
    words::Words,
};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::{contact::Channel, topic::Family};
use pages::{
    codes,
    frame::{Frame, fill},
    page,
    visit::{Visit, number},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shell::{failure::Failure, page::Page};
use std::collections::BTreeMap;

const ESCALATIONS: &str = "GET /v1/stores/{store}/desk/escalations";
const LIST: &str = "GET /v1/stores/{store}/desk/associates";
const SET: &str = "POST /v1/stores/{store}/desk/associates/{associate_id}";
/// The only form of the page.
const FORM: &str = "associates";

#[derive(Template)]
#[template(path = "escalations.html")]
struct Escalations<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    lines: Lines,
}

/// INQ-3: what is overdue or will be soon.
pub async fn escalations(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let lines = visit.ask(&desk_lead::ROUTES, desk_lead::handle, visit.to(ESCALATIONS)).await?;
    let (frame, store) = (frame(visit, w.escalations, "escalations")?, visit.store.id.as_str());
    page(200, &Escalations { frame, w, store, lines })
}

#[derive(Debug, Deserialize)]
struct Profiles {
    associates: Vec<Profile>,
}

#[derive(Debug, Deserialize)]
struct Profile {
    associate: String,
    languages: Vec<String>,
    skills: Vec<String>,
    capacity: BTreeMap<String, u32>,
    set_by: String,
    set_at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "associates.html")]
struct Associates<'a> {
    frame: Frame<'a>,
    w: &'static Words,
    store: &'a str,
    languages: &'a [String],
    skills: [&'static str; 6],
    channels: [&'static str; 3],
    sent: Sent<'a>,
    profiles: Vec<Profile>,
    /// Whose profile is to be changed.
    asked: String,
}

impl Associates<'_> {
    fn listed(&self, each: impl Iterator<Item = String>) -> String {
        each.collect::<Vec<_>>().join(self.frame.words.between)
    }

    /// A family of topics: what the desk calls an order is no skill.
    fn skill(&self, code: &str) -> String {
        codes::said(self.w.written_in, None, code)
    }

    fn skills(&self, profile: &Profile) -> String {
        self.listed(profile.skills.iter().map(|skill| self.skill(skill)))
    }

    fn languages(&self, profile: &Profile) -> String {
        self.listed(profile.languages.iter().map(|language| self.language(language)))
    }

    fn language(&self, code: &str) -> String {
        codes::language(self.w.written_in, code)
    }

    fn capacity(&self, profile: &Profile) -> String {
        let colon = self.frame.words.colon;
        self.listed(profile.capacity.iter().map(|(channel, most)| format!("{}{colon}{most}", self.w.said(channel))))
    }

    fn at_once(&self, channel: &str) -> String {
        fill(self.w.at_once, &[&self.w.said(channel)])
    }

    fn chosen(&self) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.associate == self.asked && !self.sent.is_any())
    }

    fn associate(&self) -> &str {
        if self.sent.is_any() { self.sent.entered(FORM, "associate") } else { &self.asked }
    }

    fn speaks(&self, language: &str) -> bool {
        let known = self.chosen().is_some_and(|profile| profile.languages.iter().any(|known| known == language));
        known || self.sent.chose(FORM, &format!("languages.{language}"), "yes")
    }

    fn can(&self, skill: &str) -> bool {
        let known = self.chosen().is_some_and(|profile| profile.skills.iter().any(|known| known == skill));
        known || self.sent.chose(FORM, &format!("skills.{skill}"), "yes")
    }

    fn most(&self, channel: &str) -> String {
        let known = self.chosen().and_then(|profile| profile.capacity.get(channel));
        let sent = || self.sent.entered(FORM, &format!("capacity.{channel}")).to_owned();
        known.map_or_else(sent, u32::to_string)
    }
}

/// Every profile, with a form for one.
pub async fn associates(visit: &Visit<'_>) -> Result<Page, Failure> {
    let w = words(visit);
    let known: Profiles = visit.ask(&desk_lead::ROUTES, desk_lead::handle, visit.to(LIST)).await?;
    let frame = frame(visit, w.associates, "associates")?;
    let (sent, profiles, asked) = (Sent::new(visit, FORM, &frame), known.associates, visit.asked("associate"));
    let (store, languages) = (visit.store.id.as_str(), visit.store.languages.as_slice());
    let (skills, channels) = (Family::EACH.map(Family::as_str), Channel::EACH.map(Channel::as_str));
    page(200, &Associates { frame, w, store, languages, skills, channels, sent, profiles, asked })
}

/// RTE-7: what an associate can do from now on.
pub async fn set(visit: &Visit<'_>) -> Result<String, Failure> {
    let named = |prefix: &str| -> Vec<_> { visit.group(prefix).into_keys().collect() };
    let capacity = visit.group("capacity.").into_iter().map(|(channel, most)| (channel.to_owned(), number(most)));
    let body = json!({
        "languages": named("languages."),
        "skills": named("skills."),
        "capacity": capacity.collect::<Map<String, Value>>(),
    });
    let request = visit.to(SET).at_path("associate_id", visit.entered("associate"));
    let request = request.saying(visit.entered("key"), &body);
    let _: Value = visit.ask(&desk_lead::ROUTES, desk_lead::handle, request).await?;
    Ok(done(visit, "associates"))
}
