//! Where the parser reads mails that people do send otherwise than their writers meant them: a function for each case.

use crate::{head::Head, mark::Mark};
use mail_parser::{
    Encoding, HeaderName, Message, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, charsets::map::charset_decoder},
    parsers::MessageStream,
};
use std::{borrow::Cow, ops::Range, string::FromUtf8Error};

/// The mail as it was meant, and whether its end was missing.
pub fn mended(raw: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let raw = [line_ends, end_of_head, head_in_utf8, joined_words, joined_names].iter().fold(
        Cow::Borrowed(raw),
        |raw, mend| match mend(&raw) {
            Some(mended) => Cow::Owned(mended),
            None => raw,
        },
    );
    match closed(&raw) {
        Some(closed) => (Cow::Owned(closed), true),
        None => (raw, false),
    }
}

/// A mail whose lines end with carriage returns alone would be one field.
fn line_ends(raw: &[u8]) -> Option<Vec<u8>> {
    let is_meant = raw.contains(&b'\r') && !raw.contains(&b'\n');
    is_meant.then(|| raw.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect())
}

/// A head without a blank line after it would take the body with it: it ends before the first line after its fields.
fn end_of_head(raw: &[u8]) -> Option<Vec<u8>> {
    let (mut at, mut end) = (0, None);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if line.trim_ascii().is_empty() {
            return end.map(|end| with(raw, end, b"\n"));
        }
        let name = line.iter().position(|&byte| byte == b':').and_then(|colon| line.get(..colon));
        let is_field = name.is_some_and(|name| name.trim_ascii_end().iter().all(u8::is_ascii_graphic));
        if is_field || line.starts_with(b"From ") {
            end = None;
        } else if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            end = end.or(Some(at));
        }
        at += line.len();
    }
    Some(end.map_or_else(|| with(raw, at, b"\n\n"), |end| with(raw, end, b"\n")))
}

fn with(raw: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    let (before, after) = raw.split_at_checked(at).unwrap_or((raw, b""));
    [before, more, after].concat()
}

/// A head in a charset that nothing names would be read as broken UTF-8: many systems in China write GBK into it.
fn head_in_utf8(raw: &[u8]) -> Option<Vec<u8>> {
    let mut lines = raw.split_inclusive(|&byte| byte == b'\n');
    let end = lines.by_ref().take_while(|line| !line.trim_ascii().is_empty()).map(<[u8]>::len).sum();
    let (head, body) = raw.split_at_checked(end)?;
    std::str::from_utf8(head).is_err().then(|| [guess(head).as_bytes(), body].concat())
}

/// Encoded words after each other are one: many mailers cut a character in two between them.
fn joined_words(raw: &[u8]) -> Option<Vec<u8>> {
    let mut cuts = Vec::new();
    let (mut at, mut last): (usize, Option<(&[u8], usize)>) = (0, None);
    while let Some(found) = raw.get(at..).and_then(|rest| rest.windows(2).position(|two| two == b"=?")) {
        at += found;
        let Some((begin, length)) = raw.get(at..).and_then(word) else {
            at += 2;
            continue;
        };
        if let Some((_, end)) = last.filter(|(own, _)| own.eq_ignore_ascii_case(begin))
            && let Some(between) = raw.get(end..at)
            && between.trim_ascii().is_empty()
            && between.split(|&byte| byte == b'\n').count() < 3
        {
            cuts.push(end - 2..at + begin.len());
        }
        at += length;
        last = Some((begin, at));
    }
    without(raw, &cuts)
}

/// The pieces of a name are one: mailers cut a character in two between them, and only the first tells their charset.
fn joined_names(raw: &[u8]) -> Option<Vec<u8>> {
    let mut between = Vec::new();
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.windows(2).position(|two| two == b"*=")) {
        at += found + 2;
        let before = raw.get(at.saturating_sub(100)..at - 2).unwrap_or_default();
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (name, number) = before.split_at_checked(before.len() - digits).unwrap_or_default();
        let name =
            name.strip_suffix(b"name*").map(|begin| begin.strip_suffix(b"file").unwrap_or(begin).trim_ascii_end());
        let value = name.and_then(|name| name.strip_suffix(b";")).filter(|value| !value.ends_with(b"\""));
        if let Some(value) = value.filter(|_| !matches!(number, b"" | b"0")) {
            between.push(at - 2 - (before.len() - value.len())..at);
        }
    }
    without(raw, &between)
}

fn without(raw: &[u8], cuts: &[Range<usize>]) -> Option<Vec<u8>> {
    let mut kept = Vec::with_capacity(raw.len());
    let mut from = 0;
    for cut in cuts {
        kept.extend_from_slice(raw.get(from..cut.start).unwrap_or_default());
        from = cut.end;
    }
    kept.extend_from_slice(raw.get(from..).unwrap_or_default());
    (!cuts.is_empty()).then_some(kept)
}

/// How the encoded word here begins, as far as its content, and how long it is.
fn word(raw: &[u8]) -> Option<(&[u8], usize)> {
    let raw = raw.get(..1000).unwrap_or(raw);
    let mut marks = raw.iter().enumerate().filter(|(_, byte)| **byte == b'?').map(|(at, _)| at).skip(1);
    let (_, begin, end) = (marks.next()?, marks.next()? + 1, marks.next()?);
    (raw.get(end + 1) == Some(&b'=')).then_some((raw.get(..begin)?, end + 2))
}

/// Of a multipart that does not end, the last part would stay encoded: it ends with the mail.
fn closed(raw: &[u8]) -> Option<Vec<u8>> {
    let head = Head::read(raw);
    let kind = head.values(&HeaderName::ContentType).find_map(|value| value.as_content_type())?;
    let boundary = kind.attribute("boundary").filter(|boundary| kind.ctype() == "multipart" && !boundary.is_empty())?;
    let (begin, end) = (format!("--{boundary}"), format!("--{boundary}--"));
    let has = |line: &str| raw.split(|&byte| byte == b'\n').any(|own| own.starts_with(line.as_bytes()));
    (has(&begin) && !has(&end)).then(|| with(raw, raw.len(), format!("\n{end}\n").as_bytes()))
}

/// The text of a part, which may be in another charset than its label says, or in one that it does not say.
pub fn text(message: &Message<'_>, part: &MessagePart<'_>, label: Option<&str>) -> (String, Option<Mark>) {
    let bytes = bytes(message, part);
    let small = label.map(str::to_ascii_lowercase);
    let is_utf8 = small.as_deref().is_none_or(|label| label.replace('-', "").ends_with("utf8"));
    let decode = label.filter(|_| !is_utf8).and_then(|label| charset_decoder(label.as_bytes()));
    let wrong = label.map(|_| if is_utf8 || decode.is_some() { Mark::CharsetWrong } else { Mark::CharsetUnknown });
    let is_of_one_byte = small.is_some_and(|label| {
        ["iso-8859", "latin", "windows-125", "cp125", "us-ascii"].iter().any(|begin| label.starts_with(begin))
    });
    match String::from_utf8(bytes) {
        Ok(text) if decode.is_none() => (text, wrong.filter(|mark| *mark == Mark::CharsetUnknown)),
        Ok(text) if is_of_one_byte && !text.is_ascii() => (text, wrong),
        bytes => {
            let bytes = bytes.map_or_else(FromUtf8Error::into_bytes, String::into_bytes);
            let text = decode.map(|decode| decode(&bytes)).filter(|text| !text.contains('\u{fffd}'));
            text.map_or_else(|| (guess(&bytes), wrong), |text| (text, None))
        }
    }
}

/// The bytes of a part as they were before the transfer.
pub fn bytes(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    let (begin, end) = (part.offset_body as usize, part.offset_end as usize);
    let raw = message.raw_message.get(begin..end).unwrap_or_default();
    let decoded = match (&part.body, part.encoding) {
        (_, Encoding::None) => before_a_footer(part, raw),
        (PartType::Binary(decoded) | PartType::InlineBinary(decoded), _) => Some(decoded.to_vec()),
        (_, Encoding::Base64) => whole(MessageStream::new(raw).decode_base64_mime(b"")),
        (_, Encoding::QuotedPrintable) => whole(MessageStream::new(raw).decode_quoted_printable_mime(b"")),
    };
    decoded.unwrap_or_else(|| raw.to_vec())
}

/// What was decoded, if it could be: the parser tells by where it ended.
fn whole((end, decoded): (usize, Cow<'_, [u8]>)) -> Option<Vec<u8>> {
    (end != usize::MAX).then(|| decoded.into_owned())
}

/// A mailing list that writes its footer below base64 leaves nothing that the parser decodes: the lines before are.
fn before_a_footer(part: &MessagePart<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    part.content_transfer_encoding().filter(|encoding| encoding.eq_ignore_ascii_case("base64"))?;
    let mut end = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if !line.trim_ascii().iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte)) {
            break;
        }
        end += line.len();
    }
    let (encoded, rest) = raw.split_at_checked(end)?;
    let between = if rest.is_empty() { "" } else { "\n" };
    Some([base64_decode(encoded)?.as_slice(), between.as_bytes(), rest].concat())
}

/// The text that these bytes most likely are: UTF-8, what they say as HTML, Chinese, or else of western Europe.
fn guess(bytes: &[u8]) -> String {
    let utf8 = String::from_utf8_lossy(bytes);
    let others = utf8.chars().filter(|c| !c.is_ascii()).count();
    if utf8.matches('\u{fffd}').count() * 3 <= others {
        return utf8.into_owned();
    }
    let begin = utf8.chars().take(1024).collect::<String>().to_ascii_lowercase();
    let declared = begin.split_once("charset=").map(|(_, label)| label.trim_start_matches(['"', '\'']));
    let declared = declared.and_then(|label| label.split(['"', '\'', ' ', ';', '>', '/']).next()).unwrap_or_default();
    let labels = [declared, if is_chinese(bytes) { "gb18030" } else { "" }, "windows-1252"];
    let decoders = labels.iter().filter_map(|label| charset_decoder(label.as_bytes()));
    decoders.map(|decode| decode(bytes)).find(|text| !text.contains('\u{fffd}')).unwrap_or_else(|| utf8.into_owned())
}

/// Whether at least half of its pairs are of the characters that Chinese is mostly written in.
fn is_chinese(bytes: &[u8]) -> bool {
    let (mut pairs, mut common) = (0_usize, 0_usize);
    let mut bytes = bytes.iter();
    while let Some(lead) = bytes.next() {
        if !lead.is_ascii() {
            pairs += 1;
            let trail = bytes.next().copied().unwrap_or_default();
            common += usize::from((0xb0..=0xd7).contains(lead) && trail >= 0xa1);
        }
    }
    pairs > 0 && common * 2 >= pairs
}
