//! The parts of a mail: what they say, one after the other, and what they bring.

use crate::{
    DEEPEST, LONGEST_HTML, LONGEST_MAIL, LONGEST_TEXT, MOST_PARTS,
    file::File,
    flow, guard,
    head::Head,
    html,
    mark::{Mark, Marks},
    mend,
};
use mail_parser::{Message, MessageParser, MessagePart, MessagePartId, MimeHeaders, PartType};
use std::{fmt::Write, sync::LazyLock};

/// Of parts, only the fields that tell what is in them are read.
static PARSER: LazyLock<MessageParser> =
    LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());

/// What a part says.
#[derive(Debug, Default)]
pub struct Said {
    /// As text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// Whether any of it was HTML.
    pub is_html: bool,
}

/// What was found in a mail besides what it says.
#[derive(Debug)]
pub struct Reader {
    pub files: Vec<File>,
    pub marks: Marks,
    /// Whether a part of the mail itself, not of one that it forwards, is a report.
    pub has_report: bool,
    parts: usize,
    forwards: usize,
    has_text: bool,
    html_left: usize,
    /// So much of what is forwarded may still be looked into: it is held as often as it is nested.
    forwards_left: usize,
}

impl Reader {
    pub fn new(marks: Marks) -> Self {
        Self {
            files: Vec::new(),
            marks,
            has_report: false,
            parts: 0,
            forwards: 0,
            has_text: false,
            html_left: LONGEST_HTML,
            forwards_left: 2 * LONGEST_MAIL,
        }
    }

    /// What a mail says. One that must not be taken apart is a file.
    pub fn mail(&mut self, raw: &[u8], depth: usize) -> Said {
        match guard::checked(raw) {
            Ok(checked) => PARSER.parse(checked.as_ref()).map_or_else(Said::default, |mut mail| {
                // What was renamed is read as it came.
                mail.raw_message = raw.into();
                self.part(&mail, 0, depth)
            }),
            Err(mark) => self.unread(raw, mark),
        }
    }

    fn unread(&mut self, raw: &[u8], mark: Mark) -> Said {
        self.marks.add(mark);
        self.files.push(File::new(Some("mail.eml"), "message/rfc822", raw.to_vec(), 0));
        Said::default()
    }

    fn part(&mut self, mail: &Message<'_>, id: MessagePartId, depth: usize) -> Said {
        self.parts += 1;
        let Some(part) = mail.part(id) else { return Said::default() };
        let kind = kind(part);
        let is_forwarded = kind == "message/rfc822";
        if depth >= DEEPEST && (is_forwarded || part.is_multipart()) {
            self.marks.add(Mark::TooDeep);
            return Said::default();
        }
        match &part.body {
            PartType::Multipart(ids) => self.multipart(mail, &kind, ids, depth),
            _ if is_forwarded => self.forwarded(&mend::bytes(mail, part), depth),
            _ => self.leaf(mail, part, &kind, id == 0),
        }
    }

    fn multipart(&mut self, mail: &Message<'_>, kind: &str, ids: &[MessagePartId], depth: usize) -> Said {
        self.marks.add_if(kind == "multipart/encrypted", Mark::Sealed);
        let mut said = Vec::new();
        for id in ids {
            if self.parts >= MOST_PARTS {
                self.marks.add(Mark::TooManyParts);
                break;
            }
            said.push(self.part(mail, *id, depth + 1));
        }
        if kind == "multipart/alternative" { best(said) } else { joined(said) }
    }

    fn forwarded(&mut self, raw: &[u8], depth: usize) -> Said {
        if raw.len() > self.forwards_left {
            return self.unread(raw, Mark::TooDeep);
        }
        self.forwards_left -= raw.len();
        let (raw, _) = mend::mended(raw);
        let head = Head::read(&raw);
        self.forwards += 1;
        let inside = self.mail(&raw, depth + 1);
        self.forwards -= 1;
        let mut text = String::from("---------- Forwarded message ----------\n");
        for name in ["From", "Date", "Subject", "To"] {
            let value = head.text(name);
            if !value.is_empty() {
                let _ = writeln!(text, "{name}: {value}");
            }
        }
        text.push('\n');
        text.push_str(&inside.text);
        Said { html: html::of_text(&text), text, is_html: false }
    }

    fn leaf(&mut self, mail: &Message<'_>, part: &MessagePart<'_>, kind: &str, is_whole: bool) -> Said {
        self.marks.add_if(part.is_encoding_problem && !part.contents().is_empty(), Mark::EncodingBroken);
        let is_text = matches!(kind, "text/plain" | "text/html")
            || is_whole && kind.starts_with("text/") && kind != "text/calendar";
        let is_attached = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
        let is_file = is_attached || self.has_text && part.attachment_name().is_some();
        if kind.starts_with("multipart/") || is_text && !is_file {
            self.text(mail, part, kind)
        } else {
            self.file(part, kind, mend::bytes(mail, part), is_whole)
        }
    }

    fn file(&mut self, part: &MessagePart<'_>, kind: &str, content: Vec<u8>, is_whole: bool) -> Said {
        let reports = ["message/delivery-status", "message/disposition-notification", "message/global-delivery-status"];
        self.has_report |= self.forwards == 0 && reports.contains(&kind);
        if is_whole && content.is_empty() && part.attachment_name().is_none() {
            return Said::default();
        }
        let file = File::new(part.attachment_name(), kind, content, self.files.len() + 1);
        let smime = part.content_type().and_then(|kind| kind.attribute("smime-type"));
        if kind.ends_with("/pkcs7-mime") || kind.ends_with("/x-pkcs7-mime") {
            self.marks.add_if(smime != Some("certs-only"), Mark::Sealed);
        } else if file.is_archive() {
            self.marks.add(Mark::Archive);
        }
        self.files.push(file);
        Said::default()
    }

    fn text(&mut self, mail: &Message<'_>, part: &MessagePart<'_>, kind: &str) -> Said {
        let told = |name: &str| part.content_type().and_then(|kind| kind.attribute(name)).filter(|own| !own.is_empty());
        self.marks.add_if(kind.starts_with("multipart/"), Mark::NoBoundary);
        let (text, mark) = mend::text(mail, part, told("charset"));
        if let Some(mark) = mark {
            self.marks.add(mark);
        }
        let text = plain(&text);
        self.has_text |= !text.trim().is_empty();
        if kind == "text/html" {
            let (begin, rest) = text.split_at(text.floor_char_boundary(self.html_left));
            self.html_left -= begin.len();
            let read = html::read(begin);
            self.marks.add_if(read.cut || !rest.is_empty(), Mark::HtmlCut);
            return Said { text: read.text, html: read.html, is_html: true };
        }
        let (begin, rest) = text.split_at(text.floor_char_boundary(LONGEST_TEXT));
        self.marks.add_if(!rest.is_empty(), Mark::TextCut);
        let is = |name: &str, value: &str| told(name).is_some_and(|own| own.eq_ignore_ascii_case(value));
        let text = if is("format", "flowed") { flow::unfolded(begin, is("delsp", "yes")) } else { begin.to_owned() };
        self.marks.add_if(text.contains("-----BEGIN PGP MESSAGE-----"), Mark::Sealed);
        Said { html: html::of_text(&text), text, is_html: false }
    }
}

/// What a part says that it is.
fn kind(part: &MessagePart<'_>) -> String {
    match part.content_type().map(|kind| (kind.ctype(), kind.subtype())) {
        Some(("message", Some(guard::INNER))) => "message/rfc822".to_owned(),
        Some((main, Some(sub))) => format!("{main}/{sub}"),
        Some(("text", None)) | None => "text/plain".to_owned(),
        Some(("html", None)) => "text/html".to_owned(),
        Some(_) => "application/octet-stream".to_owned(),
    }
}

/// One of several ways to say the same: what is plain, if that says anything, and the last that is HTML.
fn best(said: Vec<Said>) -> Said {
    let says = |said: &&Said| !said.text.trim().is_empty();
    let text = said.iter().filter(says).find(|said| !said.is_html).or_else(|| said.iter().find(says));
    let text = text.map(|said| said.text.clone()).unwrap_or_default();
    match said.into_iter().rev().find(|said| said.is_html) {
        Some(said) => Said { text, ..said },
        None => Said { html: html::of_text(&text), text, is_html: false },
    }
}

/// One after the other.
fn joined(said: Vec<Said>) -> Said {
    let mut all = Said::default();
    for said in said {
        all.is_html |= said.is_html;
        if !said.text.trim().is_empty() {
            if !all.text.is_empty() {
                all.text.push_str(if all.text.ends_with('\n') { "\n" } else { "\n\n" });
            }
            all.text.push_str(&said.text);
            all.html.push_str(&said.html);
        }
    }
    all
}

/// Lines that end with a line feed, and no characters that are not written.
fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The text of a mail: without blank lines around it, and not longer than it may be.
pub fn trimmed(text: &str, marks: &mut Marks) -> String {
    let begin = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
    let begin = text.get(..begin).and_then(|blank| blank.rfind('\n')).map_or(0, |end| end + 1);
    let text = text.get(begin..).unwrap_or_default().trim_end();
    marks.add_if(text.len() > LONGEST_TEXT, Mark::TextCut);
    text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or_default().to_owned()
}
