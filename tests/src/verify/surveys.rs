//! Surveys (INS-3): D1, that each is what its events tell, and asks about a resolution that its inquiry has seen; that no
//! comment lies where nobody answered. What figures know of the answers is asked with the other facts.

use super::{Asked, history::Histories, inquiries::Inquiries, shelf::Shelf};
use domain::{
    inquiry::InquiryEvent,
    survey::{Question, Stage, Survey},
};
use std::collections::HashMap;

/// Asks of each survey and each comment.
pub fn check(asked: &mut Asked, shelf: &Shelf<'_>, inquiries: &Inquiries<'_>) {
    let mut comments: HashMap<_, _> = shelf.comments.iter().map(|kept| (kept.place.pk.as_ref(), &kept.place)).collect();
    let mut histories = Histories::of(asked, &shelf.survey_events);
    for kept in &shelf.surveys {
        let (survey, place) = (kept.state.as_ref(), &kept.place);
        histories.tell(asked, ("D1", "the survey"), kept, Survey::apply);
        if let Stage::Asked { question } | Stage::Answered { question, .. } = &survey.stage {
            asked.holds(has_seen(inquiries, survey, question), "D1", place, || {
                format!("its inquiry was not resolved at {}", question.resolved_at)
            });
        }
        if let Stage::Answered { .. } = &survey.stage {
            comments.remove(place.pk.as_ref());
        }
    }
    for place in comments.values() {
        asked.found("D1", *place, "a comment on a survey that nobody answered".into());
    }
    histories.orphans(asked, "D1", "events of a survey that is not there");
}

fn has_seen(inquiries: &Inquiries<'_>, survey: &Survey, question: &Question) -> bool {
    let told = inquiries.get(&survey.about.store, &survey.about.inquiry);
    told.is_some_and(|told| {
        told.events().any(|event| matches!(event, InquiryEvent::Resolved { at, .. } if *at == question.resolved_at))
    })
}
