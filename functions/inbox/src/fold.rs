//! Which ranges of a text are quotes or signatures. A view folds them; nothing is ever taken out of a text.

use serde::Deserialize;
use std::{ops::Range, sync::LazyLock};

/// The words that announce a quote.
#[derive(Debug, Default, Deserialize)]
struct Words {
    from: Vec<String>,
    fields: Vec<String>,
    dividers: Vec<String>,
    forwards: Vec<String>,
    wrote: Vec<Wrote>,
    wrote_before_a_name: Vec<(String, String)>,
    wrote_anyhow: Vec<String>,
}

/// What an attribution begins with, and what it ends with.
#[derive(Debug, Default, Deserialize)]
struct Wrote {
    begins: Vec<String>,
    ends: Vec<String>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("../data/quotes.toml")).unwrap_or_default());

/// An attribution is not longer than so many lines.
const LONGEST_ATTRIBUTION: usize = 4;

/// The most lines of a header block that are looked at.
const LONGEST_BLOCK: usize = 12;

/// A line, without its end, and where it and the next one begin.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    begin: usize,
    end: usize,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_quoted(&self) -> bool {
        self.text.trim_start().starts_with(['>', '＞'])
    }

    fn is_signature(&self) -> bool {
        self.text == "-- " || self.text == "--"
    }
}

/// The ranges of this text to fold: quotes with what announces them, and signatures. They are ascending, do not touch,
/// and leave something to be seen: answers between quotes stay, and a text of nothing but quotes is not folded at all.
#[must_use]
pub fn folds(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match fold_at(&lines, at) {
            Some(end) => {
                if let (Some(first), Some(last)) = (lines.get(at), lines.get(end - 1)) {
                    add(text, &mut found, first.begin..last.end);
                }
                at = end;
            }
            None => at += 1,
        }
    }
    if something_is_seen(text, &found) { found } else { Vec::new() }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut begin = 0;
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let end = begin + whole.len();
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        lines.push(Line { text: line.strip_suffix('\r').unwrap_or(line), begin, end });
        begin = end;
    }
    lines
}

/// A range more; with the one before it, if there is nothing between them.
fn add(text: &str, found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if text.get(last.end..range.start).is_some_and(|between| between.trim().is_empty()) => {
            last.end = range.end;
        }
        _ => found.push(range),
    }
}

fn something_is_seen(text: &str, found: &[Range<usize>]) -> bool {
    let mut seen = 0;
    for range in found {
        if text.get(seen..range.start).is_some_and(|between| !between.trim().is_empty()) {
            return true;
        }
        seen = range.end;
    }
    text.get(seen..).is_some_and(|rest| !rest.trim().is_empty())
}

/// If something to fold begins at this line: the line after it.
fn fold_at(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let line = lines.get(at)?;
    if line.is_blank() {
        return None;
    }
    if line.is_quoted() {
        return Some(quoted_until(lines, at));
    }
    if line.is_signature() {
        return Some(signature_until(lines, at));
    }
    if is_divider(line.text) {
        return Some(quote_after(lines, block_until(lines, next_said(lines, at + 1))));
    }
    if is_block(lines, at) && !is_after_forward(lines, at) {
        return Some(quote_after(lines, block_until(lines, at)));
    }
    attribution(lines, at)
}

/// Where the quoted lines from here end; blank lines between them are of them.
fn quoted_until(lines: &[Line<'_>], at: usize) -> usize {
    let of_it = (at..).zip(lines.iter().skip(at)).take_while(|(_, line)| line.is_quoted() || line.is_blank());
    of_it.filter(|(_, line)| line.is_quoted()).last().map_or(at, |(last, _)| last + 1)
}

/// A signature ends where a quote begins.
fn signature_until(lines: &[Line<'_>], at: usize) -> usize {
    let is_of_it = |nth: &usize| {
        let other = lines.get(*nth).is_some_and(|line| line.is_quoted() || is_divider(line.text));
        !other && !is_block(lines, *nth) && attribution(lines, *nth).is_none()
    };
    (at + 1..lines.len()).take_while(is_of_it).last().map_or(at + 1, |last| last + 1)
}

/// What was announced: the quoted lines if there are any, or else all the rest.
fn quote_after(lines: &[Line<'_>], at: usize) -> usize {
    let next = next_said(lines, at);
    match lines.get(next) {
        Some(line) if line.is_quoted() => quoted_until(lines, next),
        _ => lines.len(),
    }
}

/// The first line from here that is not blank.
fn next_said(lines: &[Line<'_>], at: usize) -> usize {
    lines.iter().skip(at).position(|line| !line.is_blank()).map_or(lines.len(), |after| at + after)
}

/// Whether the lines from here are the headers of another mail: who it was from, and two more.
fn is_block(lines: &[Line<'_>], at: usize) -> bool {
    if !lines.get(at).is_some_and(|line| is_named(line.text, &WORDS.from)) {
        return false;
    }
    let others = lines.iter().skip(at + 1).take(LONGEST_BLOCK).take_while(|line| !line.is_quoted());
    others.filter(|line| is_named(line.text, &WORDS.fields)).count() >= 2
}

/// Where the headers from here end.
fn block_until(lines: &[Line<'_>], at: usize) -> usize {
    let of_it = lines.iter().skip(at).take(LONGEST_BLOCK);
    let last =
        of_it.enumerate().rfind(|(_, line)| is_named(line.text, &WORDS.from) || is_named(line.text, &WORDS.fields));
    last.map_or(at, |(after, _)| at + after + 1)
}

/// Whether the line before says that what comes is forwarded: then it is what the mail is about.
fn is_after_forward(lines: &[Line<'_>], at: usize) -> bool {
    let before = lines.iter().take(at).rev().take(3);
    before.filter(|line| !line.is_blank()).take(1).any(|line| is_forward(line.text))
}

/// If the lines from here say that somebody wrote what comes: where that ends. Without marks of a quote, the words must
/// say when it was.
fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut words = String::new();
    for (nth, line) in lines.iter().enumerate().skip(at).take(LONGEST_ATTRIBUTION) {
        if line.is_blank() || line.is_quoted() {
            return None;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(line.text.trim());
        // Only words that name a day or an address say who wrote.
        if words.len() > 600 || !words.contains(|c: char| c.is_ascii_digit() || c == '@') {
            return None;
        }
        if says_wrote(&words, nth == at) {
            let next = next_said(lines, nth + 1);
            let is_quoted = lines.get(next).is_some_and(Line::is_quoted);
            return match (is_quoted, says_when(&words)) {
                (true, _) => Some(quoted_until(lines, next)),
                (false, true) => Some(lines.len()),
                (false, false) => None,
            };
        }
    }
    None
}

/// Whether there is a year and a time of day, or an address, in these words.
fn says_when(words: &str) -> bool {
    let has_year =
        words.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4 && number.starts_with("20"));
    let has_time = words
        .as_bytes()
        .windows(3)
        .any(|three| matches!(three, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()));
    has_year && (has_time || words.contains('@'))
}

/// Whether the line says that a mail follows that is answered.
fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let dashes = |c: char| matches!(c, '-' | '—' | '–' | '_' | '=');
    let words = line.trim_matches(|c: char| dashes(c) || c.is_whitespace()).to_lowercase();
    let before = line.chars().take_while(|c| dashes(*c)).count();
    let after = line.chars().rev().take_while(|c| dashes(*c)).count();
    before >= 2 && after >= 2 && WORDS.dividers.contains(&words)
}

/// Whether the line says that a mail follows that is forwarded.
fn is_forward(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let words = line.trim_matches(['-', ' ', ':', '：', '=', '_']);
    WORDS.forwards.iter().any(|begin| words.starts_with(begin))
}

/// Whether these words, of one line or of several, say that somebody wrote what follows.
fn says_wrote(words: &str, is_one_line: bool) -> bool {
    let words = words.to_lowercase();
    let words = words.trim();
    let begins = |all: &[String]| all.iter().any(|begin| words.starts_with(begin));
    let ends = |all: &[String]| all.iter().any(|end| words.ends_with(end));
    let by_both = || WORDS.wrote.iter().any(|wrote| begins(&wrote.begins) && ends(&wrote.ends));
    let named = |(begin, verb): &(String, String)| words.starts_with(begin) && words.contains(verb);
    let by_name = || words.ends_with(':') && WORDS.wrote_before_a_name.iter().any(named);
    by_both() || by_name() || is_one_line && ends(&WORDS.wrote_anyhow)
}

/// One of these names, perhaps in bold, a colon, and something after it or nothing.
fn is_named(line: &str, names: &[String]) -> bool {
    let line = line.trim().trim_start_matches(['*', '|', '·', '•']).trim_start();
    let Some((name, _)) = line.split_once([':', '：']).filter(|(name, _)| name.len() <= 60) else { return false };
    let name = name.trim_matches(['*', ' ', '\u{a0}', '\u{3000}', '|', '\t']).to_lowercase();
    names.contains(&name.replace(['\u{3000}', '\u{a0}'], ""))
}

#[cfg(test)]
mod tests;
