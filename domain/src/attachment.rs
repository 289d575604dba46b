//! What a seller attaches to its reply (REQ-6): a file that it names, declares and uploads itself, before it replies. What
//! it may be is data of the store. The service holds no file: it signs what the seller declared, and the store of files takes
//! exactly that.
//!
//! A name is for people to read. It is part of no key and no path, and whoever shows it escapes it.

use crate::{
    id::{AttachmentId, RequestId, SellerId, StoreId},
    request::Request,
};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

const LONGEST_NAME: usize = 100;
const DIGEST_LENGTH: usize = 64;

/// What may be attached, in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachable {
    /// Types of content.
    pub types: Vec<String>,
    /// Bytes of one file.
    pub largest: u64,
    /// Files of one reply.
    pub most: usize,
    /// For how long a link to upload is good.
    pub upload: TimeDelta,
    /// For how long a link to look at a file is good.
    pub download: TimeDelta,
}

/// A file as its seller declares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Declared {
    /// What the seller calls it.
    pub file_name: String,
    /// What it is.
    pub content_type: String,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

/// A file of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Which.
    pub attachment_id: AttachmentId,
    /// What was declared.
    #[serde(flatten)]
    pub file: Declared,
}

impl Declared {
    /// What of it is not allowed, each with its field.
    #[must_use]
    pub fn problems(&self, attachable: &Attachable) -> Vec<(&'static str, String)> {
        let length = self.file_name.chars().count();
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let types = || format!("must be one of {}", attachable.types.join(", "));
        let checks = [
            (
                "file_name",
                (1..=LONGEST_NAME).contains(&length)
                    && !self.file_name.trim().is_empty()
                    && !self.file_name.chars().any(misleads),
                format!("must be 1 to {LONGEST_NAME} characters, none of them / or \\ or one that cannot be seen"),
            ),
            ("content_type", attachable.types.contains(&self.content_type), types()),
            (
                "bytes",
                (1..=attachable.largest).contains(&self.bytes),
                format!("must be a whole number from 1 to {}", attachable.largest),
            ),
            (
                "sha256",
                self.sha256.len() == DIGEST_LENGTH && self.sha256.bytes().all(hex),
                format!("must be the SHA-256 of the file: {DIGEST_LENGTH} characters of 0-9 and a-f"),
            ),
        ];
        checks.into_iter().filter(|(_, holds, _)| !holds).map(|(field, _, problem)| (field, problem)).collect()
    }
}

/// What ends a path, is not seen, or turns what follows around.
fn misleads(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '/' | '\\')
}

impl Attachment {
    /// A file that belongs to a reply to this request. The same declaration is the same attachment.
    #[must_use]
    pub fn of(request: &Request, file: Declared) -> Self {
        let causes = [request.store.as_str(), request.seller.as_str(), request.id.as_str()];
        let said = [file.file_name.as_str(), &file.content_type, &file.bytes.to_string(), &file.sha256];
        let causes: Vec<_> = causes.into_iter().chain(said).collect();
        Self { attachment_id: AttachmentId::derived(&causes), file }
    }

    /// Where its content lies: below its seller and its request.
    #[must_use]
    pub fn place(&self, store: &StoreId, seller: &SellerId, request: &RequestId) -> String {
        format!("{store}/{seller}/{request}/{}", self.attachment_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        question::{Question, QuestionKind},
        testing::{at, monday, opened, store},
    };

    fn declared() -> Declared {
        let (file_name, content_type) = ("invoice 1.pdf".into(), "application/pdf".into());
        Declared { file_name, content_type, bytes: 3, sha256: "0a".repeat(32) }
    }

    fn wrong(file: &Declared) -> Vec<&'static str> {
        file.problems(&store("US").attachments).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn req_6_a_file_is_of_a_type_and_a_size_that_the_store_takes_to_the_last_byte() {
        let largest = store("US").attachments.largest;
        for (bytes, problems) in [(0, vec!["bytes"]), (1, vec![]), (largest, vec![]), (largest + 1, vec!["bytes"])] {
            assert_eq!(wrong(&Declared { bytes, ..declared() }), problems, "{bytes}");
        }
        for content_type in &store("US").attachments.types {
            assert_eq!(wrong(&Declared { content_type: content_type.clone(), ..declared() }), [""; 0]);
        }
        for content_type in ["text/html", "image/svg+xml", "application/PDF", "application/pdf; charset=x", ""] {
            assert_eq!(wrong(&Declared { content_type: content_type.into(), ..declared() }), ["content_type"]);
        }
    }

    #[test]
    fn req_6_a_file_name_is_read_by_people_and_misleads_nobody() {
        let named = |name: &str| wrong(&Declared { file_name: name.to_owned(), ..declared() });
        for good in ["a", "发票.pdf", "<b>&\".png", "..", &"a".repeat(100)] {
            assert_eq!(named(good), [""; 0], "{good}");
        }
        for bad in ["", " ", "a/b", "a\\b", "a\nb", "a\u{202e}fdp.exe", "a\u{2066}", "a\0", &"a".repeat(101)] {
            assert_eq!(named(bad), ["file_name"], "{bad:?}");
        }
    }

    #[test]
    fn req_6_a_digest_is_64_small_hex_digits_and_every_problem_is_named_at_once() {
        for sha256 in ["0a".repeat(31), "0a".repeat(33), "0A".repeat(32), "0g".repeat(32)] {
            assert_eq!(wrong(&Declared { sha256, ..declared() }), ["sha256"]);
        }
        let all = Declared { file_name: String::new(), content_type: "x".into(), bytes: 0, sha256: String::new() };
        assert_eq!(wrong(&all), ["file_name", "content_type", "bytes", "sha256"]);
    }

    #[test]
    fn req_6_the_same_declaration_for_the_same_request_is_the_same_attachment_and_its_name_is_in_no_place() {
        let ask = |topic: &str, at_| {
            let question = Question { kind: QuestionKind::FreeText, text: "Why?".into(), gap: None };
            let asked = Request::ask(&opened(topic), question, &at(at_));
            asked.events.iter().fold(None, Request::apply).unwrap()
        };
        let (one, other) = (ask("quality", monday()), ask("expiry", monday()));
        let other = Request { id: RequestId::derived(&["other"]), ..other };
        let first = Attachment::of(&one, declared());
        assert_eq!(first, Attachment::of(&one, declared()));
        let renamed = Declared { file_name: "b.pdf".into(), ..declared() };
        assert_ne!(first.attachment_id, Attachment::of(&one, renamed).attachment_id);
        assert_ne!(first.attachment_id, Attachment::of(&other, declared()).attachment_id);
        let place = first.place(&one.store, &one.seller, &one.id);
        assert_eq!(place, format!("US/s/{}/{}", one.id, first.attachment_id));
    }
}
