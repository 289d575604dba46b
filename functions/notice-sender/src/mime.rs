//! A letter as the bytes of one mail: two readings of the same words, and headers that keep machines from answering.
//! The same letter gives the same bytes: nothing in it comes from a clock or from chance. Nothing in it tells us who
//! opened it.

use crate::letter::Letter;
use domain::{at::Instant, id::NoticeId};
use mail_builder::{
    MessageBuilder,
    headers::{content_type::ContentType, raw::Raw},
    mime::MimePart,
};
use shell::failure::Failure;

/// How the sender is called.
const SENDER: &str = "Customer Service";

/// The mail, from `from` to `to`, dated by the event that caused it.
pub fn build(notice: &NoticeId, letter: &Letter, from: &str, to: &str, date: Instant) -> Result<String, Failure> {
    let host = from.split_once('@').map_or("localhost", |(_, host)| host);
    let alternatives = ContentType::new("multipart/alternative").attribute("boundary", format!("={notice}="));
    let text = MimePart::new("text/plain", letter.text.as_str());
    let html = MimePart::new("text/html", letter.html.as_str());
    MessageBuilder::new()
        .from((SENDER, from))
        .to(to)
        .subject(letter.subject.as_str())
        .date(date.timestamp())
        .message_id(format!("{notice}@{host}"))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("X-Auto-Response-Suppress", Raw::new("All"))
        .body(MimePart::new(alternatives, vec![text, html]))
        .write_to_string()
        .map_err(|error| Failure::Fault(format!("a mail cannot be written: {error}")))
}
