//! What is in one received mail. [`read`] takes the bytes as they came and always gives a [`Letter`]: whatever could not
//! be read is in its marks. It asks nobody, keeps nothing, and takes no more time or memory than the size of a mail
//! allows, whatever is in it.
//!
//! [`mail_parser`] reads the mail: its fields, parts, encodings and charsets. [`ammonia`] makes its HTML harmless. What
//! is here is what they do not give.
//!
//! | module | is |
//! |---|---|
//! | [`letter`] | what is in a mail |
//! | [`author`] | who wrote it: a person, or a machine that must never be answered |
//! | [`mark`] | what was cut off or could not be read |
//! | [`mod@file`] | what it brings besides its text |
//! | [`fold`] | which ranges of its text are quotes and signatures, for a view that folds them |
//! | `head` | who, when, and what it answers |
//! | `parts` | what its parts say, one after the other, and those of mails that it forwards |
//! | `flow` | paragraphs that were broken into lines |
//! | `html` | HTML as text, and as HTML that does nothing |
//! | `guard` | what the parser must not be given |
//! | `mend` | where the parser reads mails that people do send otherwise than they were meant |

pub mod author;
pub mod file;
mod flow;
pub mod fold;
mod guard;
mod head;
mod html;
pub mod letter;
pub mod mark;
mod mend;
mod parts;

pub use author::Author;
pub use file::File;
pub use fold::folds;
pub use letter::{Address, Letter};
pub use mark::Mark;

use head::Head;
use mail_parser::HeaderName;
use mark::Marks;
use parts::Reader;

/// Of a longer mail, the rest is not looked at: bytes.
pub const LONGEST_MAIL: usize = 25 * 1024 * 1024;

/// A text is not longer than this: bytes of UTF-8.
pub const LONGEST_TEXT: usize = 64 * 1024;

/// So much HTML of a mail is looked at: bytes of UTF-8.
pub const LONGEST_HTML: usize = 512 * 1024;

/// The most parts of a mail that are looked at.
pub const MOST_PARTS: usize = 100;

/// Parts within parts are looked at no deeper than this.
pub const DEEPEST: usize = 10;

/// The header by which we know a mail as ours, though a relay has given it another id: it names the host that we write
/// from. In lower case.
pub const OUR_HEADER: &str = "x-customer-service-host";

/// A longer subject is cut: characters.
const LONGEST_SUBJECT: usize = 1000;

/// What is in the mail that is these bytes. `envelope_from` is whom the envelope names as the sender, if the caller knows
/// it: empty or `<>` is the null path.
#[must_use]
pub fn read(raw: &[u8], envelope_from: Option<&str>) -> Letter {
    let mut marks = Marks::default();
    marks.add_if(raw.len() > LONGEST_MAIL, Mark::MailCut);
    let (raw, unclosed) = mend::mended(raw.get(..LONGEST_MAIL).unwrap_or(raw));
    marks.add_if(unclosed, Mark::Unclosed);
    let head = Head::read(&raw);
    marks.add_if(head.is_cut, Mark::HeadCut);
    let subject: String = head.text("subject").chars().take(LONGEST_SUBJECT).collect();
    let from = head.from();
    let mut reader = Reader::new(marks);
    let said = reader.mail(&raw, 0);
    let text = parts::trimmed(&said.text, &mut reader.marks);
    let Reader { files, marks, has_report, .. } = reader;
    let told = author::Told { from: from.as_ref(), subject: &subject, has_report, envelope_from };
    Letter {
        message_id: head.message_id(),
        answers_to: head.answers_to(),
        author: author::author(&head, &told),
        date: head.date(),
        html: Some(said.html).filter(|html| said.is_html && !html.trim().is_empty()),
        writers: head.writers(),
        from,
        to: head.addresses(&HeaderName::To),
        cc: head.addresses(&HeaderName::Cc),
        subject,
        text,
        files,
        marks: marks.0,
    }
}

#[cfg(test)]
mod tests;
