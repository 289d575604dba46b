//! Surveys (INS-3): that each is what its events tell, and asks about a resolution that its inquiry has seen; D1, that each
//! answer is one score of the seller's, in the quarter in which it was given, and nothing else is; that no comment lies
//! where nobody answered.

use super::{
    Asked,
    history::{Histories, is_dense},
    inquiries::Inquiries,
    item::place_of,
    shelf::{Kept, Shelf},
};
use domain::{
    book::Book,
    inquiry::InquiryEvent,
    survey::{Question, Score, Stage, Survey},
};
use shell::key::Key;
use std::collections::HashMap;

/// Asks of each survey, each score and each comment.
pub fn check(asked: &mut Asked, book: &Book, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut scores: HashMap<_, &Kept<'_, Score>> =
        shelf.scores.iter().map(|kept| (kept.place.to_string(), kept)).collect();
    let mut comments: HashMap<_, _> = shelf.comments.iter().map(|kept| (kept.place.pk.as_ref(), &kept.place)).collect();
    let mut histories = Histories::of(asked, &shelf.survey_events);
    for kept in &shelf.surveys {
        let (survey, place) = (kept.state.as_ref(), &kept.place);
        let events = histories.0.remove(&(place.pk.as_ref(), place.sk.as_ref())).unwrap_or_default();
        is_dense(asked, "D1", &events, Some(1), Some(kept.version()), place);
        let told = events.iter().fold(None, |state, event| Survey::apply(state, &event.row.event));
        asked.holds(told.as_ref() == Some(survey), "D1", place, || "the survey is not what its events tell".into());
        if let Stage::Asked { question } | Stage::Answered { question, .. } = &survey.stage {
            asked.holds(has_seen(inquiries, survey, question), "D1", place, || {
                format!("its inquiry was not resolved at {}", question.resolved_at)
            });
        }
        let Some((given, store)) = survey.score().zip(book.store(&survey.about.store)) else { continue };
        comments.remove(place.pk.as_ref());
        let quarter = store.quarter_of(given.answered_at);
        let counted = place_of(&Key::score(&store.id, &survey.about.seller, quarter, &given.inquiry));
        asked.holds(scores.remove(&counted).is_some_and(|kept| kept.state == given), "D1", place, || {
            format!("it was answered, and {counted} does not say so")
        });
    }
    for kept in scores.values() {
        asked.found("D1", &kept.place, "a score that nobody gave".into());
    }
    for place in comments.values() {
        asked.found("D1", *place, "a comment on a survey that nobody answered".into());
    }
    for event in histories.0.values().filter_map(|events| events.first()) {
        asked.found("D1", event.place, "events of a survey that is not there".into());
    }
}

fn has_seen(inquiries: &Inquiries<'_>, survey: &Survey, question: &Question) -> bool {
    let told = inquiries.get(&survey.about.store, &survey.about.inquiry);
    told.is_some_and(|told| {
        told.events().any(|event| matches!(event, InquiryEvent::Resolved { at, .. } if *at == question.resolved_at))
    })
}
