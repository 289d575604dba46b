//! Mails: the bytes are one. Whatever they are, a letter comes of them, always the same, in which nothing is longer than it
//! may be, nothing runs, and nothing is folded away as a whole.

use crate::Worth;
use inbox::{File, LONGEST_TEXT, folds};

/// What nothing that is only to be read is written with.
const ELEMENTS: [&str; 16] = [
    "applet", "base", "button", "embed", "form", "frame", "iframe", "img", "input", "link", "math", "meta", "object",
    "script", "style", "svg",
];
/// Where a link may lead.
const SCHEMES: [&str; 3] = ["http:", "https:", "mailto:"];

pub fn take(bytes: &[u8]) -> Worth {
    let letter = inbox::read(bytes, None);
    assert!(letter.text.len() <= LONGEST_TEXT, "the text has {} bytes", letter.text.len());
    assert!(!letter.text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{:?}", letter.text);
    assert!(!letter.subject.contains(char::is_control), "{:?}", letter.subject);
    is_folded(&letter.text);
    is_folded(&String::from_utf8_lossy(bytes));
    letter.html.as_deref().into_iter().for_each(is_harmless);
    letter.files.iter().for_each(is_safe);
    assert_eq!(letter, inbox::read(bytes, None), "the same bytes are the same letter");
    Worth::Keep
}

/// What is folded ascends, lies between characters, and leaves something to be seen.
fn is_folded(text: &str) {
    let found = folds(text);
    let (mut at, mut seen) = (0, found.is_empty());
    for range in &found {
        let between = text.get(at..range.start).expect("ranges ascend and lie between characters");
        assert!(text.get(range.clone()).is_some_and(|folded| !folded.is_empty()), "{range:?} of {text:?}");
        seen |= !between.trim().is_empty();
        at = range.end;
    }
    seen |= text.get(at..).is_some_and(|rest| !rest.trim().is_empty());
    assert!(seen, "all of {text:?} is folded");
}

/// No element that loads or runs, no handler, no link but to where one may lead.
fn is_harmless(html: &str) {
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let mut quoted = false;
        let end = tag.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let (tag, after) = tag.split_at(end.unwrap_or_else(|| panic!("a tag that does not end: {html}")));
        let mut pieces = tag.split('"');
        let names = pieces.clone().step_by(2).flat_map(str::split_whitespace).map(str::to_ascii_lowercase);
        for (nth, name) in names.enumerate() {
            let wrong = if nth == 0 { ELEMENTS.contains(&&*name) } else { name.starts_with("on") || name == "style=" };
            assert!(!wrong, "{name} in <{tag}> of {html}");
        }
        while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
            let leads = SCHEMES.iter().any(|scheme| value.to_ascii_lowercase().starts_with(scheme));
            assert!(leads || !name.ends_with("href="), "{value} in <{tag}> of {html}");
        }
        rest = after;
    }
}

/// A name that is safe wherever it stands, and only a picture is shown.
fn is_safe(file: &File) {
    let name = &file.name;
    assert!(!name.is_empty() && name.chars().count() <= 120, "{name:?}");
    assert!(!name.contains(|c: char| matches!(c, '/' | '\\') || c.is_control()), "{name:?}");
    assert_eq!(file.size, file.content.len());
    assert!(!file.shown || file.media_type.starts_with("image/"), "{}", file.media_type);
}
