//! The corpus, mail by mail, and what holds for any bytes at all.

mod any;
mod big;
mod corpus;
mod payloads;

use super::*;

/// All that a reader sees of a letter.
fn seen(letter: &Letter) -> String {
    let files: Vec<_> = letter.files.iter().map(|file| (&file.name, &file.media_type, file.shown)).collect();
    let Letter { message_id, answers_to, from, to, cc, subject, date, text, html, author, marks, .. } = letter;
    format!(
        "{message_id:?} {answers_to:?} {from:?} {to:?} {cc:?} {subject:?} {date:?} {text:?} {html:?} {files:?} {author:?} {marks:?}"
    )
}
