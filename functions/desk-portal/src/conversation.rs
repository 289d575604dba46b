//! What was said to and by the customer, as the page of its inquiry shows it.

use crate::{case::Case, words::Words};
use chrono::{DateTime, Utc};
use pages::frame::fill;
use serde::Deserialize;

/// An answer or a note.
#[derive(Debug, Deserialize)]
pub struct Written {
    pub associate: String,
    pub at: DateTime<Utc>,
    pub text: String,
}

/// What the customer said at one time.
#[derive(Debug, Deserialize)]
pub struct SaidByCustomer {
    contact_id: String,
    text: String,
    mail: Option<Received>,
}

/// What else is to be known of it, where it came as a mail.
#[derive(Debug, Deserialize)]
pub struct Received {
    files: Vec<File>,
    marks: Vec<String>,
    folds: Vec<(usize, usize)>,
}

/// A file that a mail brought.
#[derive(Debug, Deserialize)]
struct File {
    name: String,
    media_type: String,
    bytes: usize,
    opens: Option<String>,
}

impl Received {
    /// The files that can be opened, each with its number, its name, and what it is.
    pub fn files(&self, w: &Words) -> Vec<(usize, &str, String)> {
        let there = (1..).zip(&self.files).filter(|(_, file)| file.opens.is_some());
        there.map(|(number, file)| (number, file.name.as_str(), file.said(w.mail_file_opens))).collect()
    }

    /// What of it is not seen here.
    pub fn notes(&self, w: &Words) -> Vec<String> {
        let unopened = self.files.iter().filter(|file| file.opens.is_none());
        unopened.map(|file| file.said(w.mail_file)).chain(self.marks.iter().map(|mark| w.said(mark))).collect()
    }
}

impl File {
    fn said(&self, how: &str) -> String {
        let kilobytes = self.bytes.div_ceil(1024).to_string();
        fill(how, &[self.name.as_str(), self.media_type.as_str(), &kilobytes])
    }
}

/// An answer, what it was made of, and how far its mail has come.
#[derive(Debug, Deserialize)]
pub struct Answered {
    #[serde(flatten)]
    written: Written,
    #[serde(rename = "macro")]
    made_of: Option<MadeOf>,
    mail: Option<Delivery>,
}

/// How far a mail has come.
#[derive(Debug, Deserialize)]
pub struct Delivery {
    state: String,
    why: Option<String>,
}

impl Delivery {
    pub fn said(&self, w: &Words) -> String {
        let said = w.said(&format!("mail_{}", self.state));
        match &self.why {
            Some(why) => w.signs().aside(&said, &w.said(why)),
            None => said,
        }
    }

    /// Whether the customer has not got it, and will not.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.as_str(), "bounced" | "suppressed")
    }
}

#[derive(Debug, Deserialize)]
struct MadeOf {
    code: String,
}

/// Something that was said to or by the customer.
pub struct Spoken<'a> {
    /// When, as far as it is known.
    pub at: Option<DateTime<Utc>>,
    /// Who answered; the customer where it is nobody.
    pub associate: Option<&'a str>,
    /// The macro that it was made of.
    pub made_of: Option<&'a str>,
    /// How far its mail has come, where it is mailed.
    pub mail: Option<&'a Delivery>,
    /// What else is to be known of it, where it came as a mail.
    pub received: Option<&'a Received>,
    /// In which contact the customer said it.
    pub contact: Option<&'a str>,
    pub text: &'a str,
}

impl Spoken<'_> {
    /// The text in pieces, and which of them are folded: quotes and signatures of a mail.
    pub fn pieces(&self) -> Vec<(bool, String)> {
        let folds = self.received.map_or(&[][..], |mail| &mail.folds);
        let ends = folds.iter().flat_map(|(from, to)| [*from, *to]).chain([usize::MAX]);
        let (mut left, mut at, mut folded, mut pieces) = (self.text.chars(), 0, false, Vec::new());
        for end in ends {
            let piece: String = left.by_ref().take(end.saturating_sub(at)).collect();
            if !piece.trim().is_empty() {
                pieces.push((folded, piece));
            }
            (at, folded) = (end, !folded);
        }
        pieces
    }
}

impl Case {
    /// What was said, in order. The words of customers have the times of their contacts, where there are as many of
    /// these; else they stand first.
    pub fn conversation(&self) -> Vec<Spoken<'_>> {
        let times = self.history.iter().flat_map(|past| std::iter::repeat_n(past.at, past.brought()));
        let times: Vec<_> = times.collect();
        let known = times.len() == self.customer.len();
        let said = self.customer.iter().enumerate().map(|(n, said)| {
            let at = times.get(n).filter(|_| known).copied();
            let SaidByCustomer { contact_id, text, mail } = said;
            let contact = Some(contact_id.as_str());
            Spoken { at, associate: None, made_of: None, mail: None, received: mail.as_ref(), contact, text }
        });
        let answered = self.answers.iter().map(|answer| Spoken {
            at: Some(answer.written.at),
            associate: Some(&answer.written.associate),
            made_of: answer.made_of.as_ref().map(|origin| origin.code.as_str()),
            mail: answer.mail.as_ref(),
            received: None,
            contact: None,
            text: &answer.written.text,
        });
        let mut all: Vec<_> = said.chain(answered).collect();
        all.sort_by_key(|spoken| spoken.at);
        all
    }
}
