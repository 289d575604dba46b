//! What a mail brings besides its text.

use bytes::Bytes;

/// Of a longer name, the middle is left out.
const LONGEST_NAME: usize = 120;

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// How it is called: safe in a path, in a header and on a page.
    pub name: String,
    /// What it says that it is, in lower case.
    pub media_type: String,
    /// How many bytes it has.
    pub size: usize,
    /// Its bytes, as they were before the transfer.
    pub content: Bytes,
    /// Whether it may be shown on a page. Whatever can contain a script is only for download.
    pub shown: bool,
}

impl File {
    /// A file, as the mail describes it; the number is for one without a name.
    pub fn new(name: Option<&str>, media_type: &str, content: Vec<u8>, number: usize) -> Self {
        let name = name.map(safe).filter(|name| !name.is_empty()).unwrap_or_else(|| unnamed(media_type, number));
        let shown = is_shown(media_type, &name, &content);
        Self { name, media_type: media_type.to_owned(), size: content.len(), content: content.into(), shown }
    }

    /// Whether it has files in it.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        let ends = "zip rar 7z tar gz tgz bz2 xz zst jar iso cab arj lzh";
        let kinds = "zip gzip rar 7z tar bzip xz java-archive ms-tnef vnd.rar vnd.ms-tnef";
        let documents = "docx xlsx pptx odt ods odp epub";
        let ends_with = |all: &str| extension(&self.name).is_some_and(|own| all.split(' ').any(|end| end == own));
        let kind = self.media_type.strip_prefix("application/").unwrap_or_default();
        let kind = kind.strip_prefix("x-").unwrap_or(kind);
        let begins = |with: &[u8]| self.content.starts_with(with);
        ends_with(ends)
            || kinds.split(' ').any(|own| kind.starts_with(own))
            || begins(b"Rar!")
            || begins(b"7z\xbc\xaf")
            || begins(b"PK\x03\x04") && !ends_with(documents)
    }
}

/// A name without a path, without characters that are not seen or turn the others around, and not too long.
fn safe(name: &str) -> String {
    let name = name.trim_end_matches(['/', '\\']);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |c: &char| !c.is_control() && !is_unseen(*c);
    let put = |c: char| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c };
    let kept: String = last.chars().filter(seen).map(put).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = kept.trim_matches(['.', ' ']);
    shortened(if kept.starts_with('~') || kept.starts_with('-') { kept.get(1..).unwrap_or_default() } else { kept })
}

/// Marks of direction, of nothing, and of the end of a line.
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// With its end kept, which tells what it is.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let end = extension(name).filter(|end| end.chars().count() <= 12).map_or(0, |end| end.chars().count() + 1);
    let begin = name.chars().take(LONGEST_NAME - end - 1);
    begin.chain(['…']).chain(name.chars().skip(length - end)).collect()
}

fn unnamed(media_type: &str, number: usize) -> String {
    let end = match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" => "vcf",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "text/html" => "html",
        _ => "bin",
    };
    format!("file-{number}.{end}")
}

fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, end)| end.to_lowercase())
}

/// Whether it is a picture that every browser only draws, by what it says, how it is called and how it begins.
fn is_shown(media_type: &str, name: &str, content: &[u8]) -> bool {
    let (begins, ends): (&[&[u8]], &[&str]) = match media_type {
        "image/jpeg" | "image/jpg" | "image/pjpeg" => (&[b"\xff\xd8\xff"], &["jpg", "jpeg", "jfif"]),
        "image/png" => (&[b"\x89PNG\r\n\x1a\n"], &["png"]),
        "image/gif" => (&[b"GIF87a", b"GIF89a"], &["gif"]),
        "image/webp" => (&[b"RIFF"], &["webp"]),
        _ => return false,
    };
    let named = extension(name).is_none_or(|end| ends.contains(&end.as_str()));
    named && begins.iter().any(|begin| content.starts_with(begin))
}
