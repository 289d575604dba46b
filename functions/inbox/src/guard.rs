//! What the parser must not be given: mails that are made to be deep, slow or large when they are taken apart.
//!
//! A field is judged by the parser's own reading of it, wherever in the mail it may stand, so that the parser cannot find
//! more in it later. Without mails inside of mails it never nests and never calls itself; it gets them as files, and they
//! are read one by one.

use crate::mark::Mark;
use mail_parser::parsers::MessageStream;
use std::borrow::Cow;

/// The subtype that takes the place of those that the parser nests mails for. It is as long as each of them.
pub const INNER: &str = "x-mail";

/// The subtypes that the parser nests mails for.
const NESTING: [(&str, &str); 3] = [("message", "rfc822"), ("message", "global"), ("multipart", "digest")];

/// A content type or a disposition is not longer: its parameters are compared with each other.
const LONGEST_FIELD: usize = 4096;

/// There are no more content types and dispositions.
const MOST_FIELDS: usize = 10_000;

/// There are no more multiparts: for each of them, the rest of the mail is looked through.
const MOST_MULTIPARTS: usize = 100;

/// There are no more pairs of dashes, of which each may begin a part.
const MOST_DASHES: usize = 200_000;

/// There are no more colons, of which each may end the name of a field.
const MOST_COLONS: usize = 1_000_000;

/// The mail as the parser gets it; or why it must not get it.
pub fn checked(raw: &[u8]) -> Result<Cow<'_, [u8]>, Mark> {
    let dashes: usize = raw.chunk_by(|a, b| a == b).filter(|run| run.starts_with(b"-")).map(|run| run.len() / 2).sum();
    let colons: Vec<usize> = (0..raw.len()).filter(|&at| raw.get(at) == Some(&b':')).take(MOST_COLONS).collect();
    if dashes >= MOST_DASHES || colons.len() >= MOST_COLONS {
        return Err(Mark::TooManyParts);
    }
    let mut checked = Cow::Borrowed(raw);
    let (mut fields, mut multiparts) = (0, 0);
    for at in colons {
        let before = raw.get(..at).unwrap_or_default();
        let is_type = ends_with(before, "content-type");
        if !is_type && !ends_with(before, "content-disposition") {
            continue;
        }
        let rest = raw.get(at + 1..).unwrap_or_default();
        let field = rest.get(..LONGEST_FIELD).unwrap_or(rest);
        let ends = |two: &[u8]| matches!(two, [b'\n', next] if !matches!(next, b' ' | b'\t'));
        fields += 1;
        if fields > MOST_FIELDS || field.len() < rest.len() && !field.windows(2).any(ends) {
            return Err(Mark::TooManyParts);
        }
        let mut field = field.to_vec();
        while let Some((main, sub)) = content_type(&field).filter(|_| is_type) {
            if !NESTING.contains(&(main.as_str(), sub.as_str())) {
                multiparts += usize::from(main == "multipart");
                break;
            }
            let name = format!("{main}/{sub}");
            let found = field.windows(name.len()).position(|own| own.eq_ignore_ascii_case(name.as_bytes()));
            let begin = found.map(|begin| begin + main.len() + 1).ok_or(Mark::TooDeep)?;
            for (bytes, from) in [(field.as_mut_slice(), begin), (checked.to_mut().as_mut_slice(), at + 1 + begin)] {
                if let Some(own) = bytes.get_mut(from..from + INNER.len()) {
                    own.copy_from_slice(INNER.as_bytes());
                }
            }
        }
        if multiparts > MOST_MULTIPARTS {
            return Err(Mark::TooDeep);
        }
    }
    Ok(checked)
}

fn content_type(field: &[u8]) -> Option<(String, String)> {
    let value = MessageStream::new(field).parse_content_type();
    let kind = value.as_content_type()?;
    Some((kind.ctype().to_owned(), kind.subtype()?.to_owned()))
}

/// Whether this is before a colon the name of a field, as the parser reads names: without white space.
fn ends_with(before: &[u8], name: &str) -> bool {
    let mut letters = before.iter().rev().filter(|byte| !byte.is_ascii_whitespace());
    name.bytes().rev().all(|letter| letters.next().is_some_and(|own| own.eq_ignore_ascii_case(&letter)))
}
