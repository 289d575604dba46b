//! What was cut off or could not be read.

use serde::{Deserialize, Serialize};

/// What was cut off or could not be read of a mail, so that whoever sees it knows that it is not all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The mail is longer than [`crate::LONGEST_MAIL`]: the rest was not looked at.
    MailCut,
    /// A head is longer than any head needs to be: the rest of its fields were not looked at.
    HeadCut,
    /// The body is longer than [`crate::LONGEST_TEXT`]: the rest is not in the text.
    TextCut,
    /// The HTML is longer than [`crate::LONGEST_HTML`], or made to be slow: the rest was left out.
    HtmlCut,
    /// There are more than [`crate::MOST_PARTS`] parts: the rest were not looked at; or so many that none was.
    TooManyParts,
    /// Parts are nested deeper than [`crate::DEEPEST`]: what is deeper was not looked at; or so deep that none was.
    TooDeep,
    /// A multipart has no boundary, or its boundary is nowhere: it was read as plain text.
    NoBoundary,
    /// The mail ends without its closing boundary: something may be missing.
    Unclosed,
    /// A charset that nobody knows: it was guessed.
    CharsetUnknown,
    /// A text that is not in the charset that it says: it was guessed.
    CharsetWrong,
    /// Base64 or quoted-printable with something else in it: it stands as it came.
    EncodingBroken,
    /// A part is encrypted, or signed so that only its signature's reader can read it: it is only a file.
    Sealed,
    /// A file has files in it: it was not opened.
    Archive,
}

/// Marks, each once, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Marks(pub Vec<Mark>);

impl Marks {
    /// This one too.
    pub fn add(&mut self, mark: Mark) {
        if !self.0.contains(&mark) {
            self.0.push(mark);
        }
    }

    /// This one too, if that is so.
    pub fn add_if(&mut self, is_so: bool, mark: Mark) {
        if is_so {
            self.add(mark);
        }
    }
}
