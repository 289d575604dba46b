//! HTML, twice: as HTML that nothing can be done with but read it, by [`ammonia`], and that as text, by the parser.

use ammonia::{Builder, UrlRelative};
use mail_parser::decoders::html::html_to_text;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// The elements that a mail may be written with.
pub const ELEMENTS: &str = "a abbr b big blockquote br caption center cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins \
     kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul";

/// The attributes that any of them may have.
pub const ATTRIBUTES: &[&str] = &["dir", "lang"];

/// The attributes that one of them may have.
pub const OWN_ATTRIBUTES: &[(&str, &[&str])] =
    &[("a", &["href"]), ("td", &["colspan", "rowspan"]), ("th", &["colspan", "rowspan"]), ("ol", &["start"])];

/// Where a link may lead.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Elements whose content nobody sees.
const UNSEEN: [&str; 6] = ["script", "style", "title", "iframe", "noembed", "noframes"];

/// After so many tags, the rest is left out: each may look through all that are open.
const MOST_TAGS: usize = 6_000;

/// Before a tag of so many pieces, the rest is left out: its attributes are compared with each other.
const MOST_PIECES: usize = 4_096;

/// So many times as long as what was read, what is written is not HTML of a person.
const MOST_GROWTH: usize = 4;

/// Quotes are not marked deeper than this.
const DEEPEST_QUOTE: usize = 20;

/// Marks in a text that is being made: a line break, a line, a paragraph, a quote, and what comes after a quote.
const BREAK: char = '\u{5}';
const LINE: char = '\u{1}';
const PARAGRAPH: char = '\u{2}';
const QUOTE: char = '\u{3}';
const END: char = '\u{4}';

/// Which elements get which of these marks.
const MARKED: &[(char, &[&str])] = &[
    (LINE, &["div", "tr", "li", "dt", "dd", "center", "caption"]),
    (PARAGRAPH, &["p", "pre", "table", "ul", "ol", "dl", "hr", "h1", "h2", "h3", "h4", "h5", "h6"]),
    (QUOTE, &["blockquote"]),
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    let own = OWN_ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect()));
    builder
        .tags(ELEMENTS.split_whitespace().collect())
        .clean_content_tags(HashSet::from(UNSEEN))
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .tag_attributes(own.collect::<HashMap<_, _>>())
        .tag_attribute_values(HashMap::new())
        .set_tag_attribute_values(HashMap::new())
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Deny)
        .attribute_filter(|_, name, value| Some(if name == "href" { as_read(value) } else { value.into() }))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// Where a link leads, without what a browser passes over as it reads it (and an eye may not): who looks at how it begins
/// sees where it goes.
fn as_read(link: &str) -> Cow<'_, str> {
    let is_passed_over = |c: char| matches!(c, '\t' | '\n' | '\r');
    let link = link.trim_matches(|c| c <= ' ');
    if link.contains(is_passed_over) { link.replace(is_passed_over, "").into() } else { link.into() }
}

/// What HTML says.
#[derive(Debug)]
pub struct Read {
    /// As text.
    pub text: String,
    /// As HTML of the allowed elements, attributes and links.
    pub html: String,
    /// Whether its end was left out.
    pub cut: bool,
}

/// What this HTML says.
pub fn read(html: &str) -> Read {
    let (kept, mut cut) = bounded(html);
    let mut clean = CLEANER.clean(&kept).to_string();
    if clean.len() > MOST_GROWTH * html.len() + 1024 {
        cut = true;
        clean = of_text(&html_to_text(&kept));
    }
    Read { text: text(&clean), html: clean, cut }
}

/// As much of this HTML as takes a bounded time, and whether that is not all. Whatever is open is opened again in every
/// block after it, if it is not the same as before: elements of characters lose what makes them differ.
fn bounded(html: &str) -> (String, bool) {
    let mut kept = String::with_capacity(html.len());
    for (nth, piece) in html.split('<').enumerate() {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let pieces = tag.bytes().filter(|byte| byte.is_ascii_whitespace() || b"/\"'=".contains(byte)).count();
        if nth > MOST_TAGS || nth > 0 && pieces > MOST_PIECES {
            return (kept, true);
        }
        if nth > 0 {
            kept.push('<');
        }
        let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        if nth > 0 && name.len() < tag.len() && is_of_characters(name) {
            kept.extend([name, ">", after]);
        } else {
            kept.push_str(piece);
        }
    }
    (kept, false)
}

fn is_of_characters(name: &str) -> bool {
    let names = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    names.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Clean HTML as text. The parser knows only `br` and `p` as ends of lines, so that the words of two blocks or of two
/// cells would be one, loses the space after the first bold word of a line, and gives quotes no marks: whatever begins
/// a line gets a mark before it reads them.
fn text(clean: &str) -> String {
    let mut marked = String::from(LINE);
    for (nth, piece) in clean.split("<pre").enumerate() {
        let (pre, after) = piece.split_once("</pre>").filter(|_| nth > 0).unwrap_or(("", piece));
        let (begin, end) = if nth > 0 { ("<pre", "</pre>") } else { (" ", "") };
        marked.extend([begin, &pre.replace('\n', "<br>"), end, after]);
    }
    marked = marked.replace("<li>", "<li>- ").replace("<td", " <td").replace("<th", " <th");
    marked = marked.replace("<br>", &BREAK.to_string()).replace("</p>", &PARAGRAPH.to_string());
    for (mark, elements) in MARKED {
        for element in *elements {
            marked = marked.replace(&format!("<{element}"), &format!("{mark}<{element}"));
            let after = if *mark == QUOTE { END } else { *mark };
            marked = marked.replace(&format!("</{element}>"), &format!("</{element}>{after}"));
        }
    }
    let (mut lines, mut depth) = (vec![(0, String::new())], 0_usize);
    for piece in html_to_text(&marked).split_inclusive([LINE, PARAGRAPH, QUOTE, END]) {
        for (nth, line) in piece.split(BREAK).enumerate() {
            if nth > 0 {
                lines.push((depth, String::new()));
            }
            if let Some((_, last)) = lines.last_mut() {
                last.extend(line.chars().filter(|c| !c.is_control()));
            }
        }
        let (before, blank) = (depth, if piece.ends_with(LINE) { 1 } else { 2 });
        match piece.chars().next_back() {
            Some(LINE | PARAGRAPH) => {}
            Some(QUOTE) => depth += 1,
            Some(END) => depth = depth.saturating_sub(1),
            _ => continue,
        }
        let has = lines.iter().rev().take(blank).take_while(|(_, line)| line.trim().is_empty()).count();
        if has < lines.len() {
            lines.extend((has..blank).map(|_| (depth.min(before), String::new())));
        }
        if let Some((of_last, _)) = lines.last_mut() {
            *of_last = depth;
        }
    }
    let mut out = String::new();
    for (depth, line) in lines {
        out.extend(std::iter::repeat_n('>', depth.min(DEEPEST_QUOTE)));
        let mut words = line.split_whitespace().peekable();
        out.push_str(if depth > 0 && words.peek().is_some() { " " } else { "" });
        out.push_str(&words.collect::<Vec<_>>().join(" "));
        out.push('\n');
    }
    out
}

/// Plain text as HTML that looks the same.
pub fn of_text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<pre>{text}</pre>")
}
