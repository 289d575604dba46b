//! Canned answers (INQ-2): those that fit an inquiry, and what an answer that is made of one says.

use crate::{Desk, wire::Words};
use domain::{
    inquiry::Inquiry,
    macros::{About, Canned, Origin, Slot, SlotProblem},
};
use serde::Serialize;
use shell::{
    commit::Answer,
    desk,
    failure::{Failure, Problem},
};

#[derive(Debug, Serialize)]
struct MacrosView<'a> {
    macros: Vec<MacroView<'a>>,
}

/// A macro, with what the service knows filled in.
#[derive(Debug, Serialize)]
struct MacroView<'a> {
    #[serde(flatten)]
    origin: Origin,
    title: &'a str,
    text: String,
    /// What is left to fill in.
    slots: &'a [Slot],
}

fn shown<'a>(canned: &Canned<'a>, about: &About<'_>) -> MacroView<'a> {
    let (origin, text) = (canned.origin(), canned.draft(about));
    MacroView { origin, title: canned.title(), text, slots: canned.slots() }
}

fn unfit(SlotProblem { slot, problem }: SlotProblem) -> Problem {
    Problem::new(format!("slots.{slot}"), problem)
}

impl Desk<'_> {
    /// The macros that fit an inquiry, as they would be said now.
    pub async fn macros(&self) -> Result<Answer, Failure> {
        let (inquiry, _) = desk::told(self.shell, &self.store.id, &self.inquiry_id()?).await?;
        let about = self.about(&inquiry)?;
        let fitting = self.shell.book.macros()?.fitting(&about);
        Answer::ok(&MacrosView { macros: fitting.iter().map(|canned| shown(canned, &about)).collect() })
    }

    /// What the customer is told, and the macro that it is made of, if it is.
    pub fn worded(&self, inquiry: &Inquiry, words: &Words) -> Result<(String, Option<Origin>), Failure> {
        let (code, slots) = match words {
            Words::Own(text) => return Ok((text.clone(), None)),
            Words::Macro { code, slots } => (code, slots),
        };
        let about = self.about(inquiry)?;
        let canned = self.shell.book.macros()?.named(code, &about).map_err(|fitting| {
            let problem = format!("must be one that fits the inquiry: {}", fitting.join(", "));
            Failure::bad_field("invalid_input", "macro", problem)
        })?;
        let text = canned.fill(&about, slots);
        let text = text.map_err(|problems| Failure::bad_input(problems.into_iter().map(unfit).collect()))?;
        Ok((text, Some(canned.origin())))
    }

    fn about<'a>(&'a self, inquiry: &'a Inquiry) -> Result<About<'a>, Failure> {
        Ok(About {
            inquiry,
            topic: self.topic_of(inquiry)?,
            store: self.store,
            associate: &self.associate,
            now: self.request.now,
        })
    }
}
