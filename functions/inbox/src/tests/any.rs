//! What holds for any bytes at all, for mails of the corpus with anything changed, and for any text that is folded.

use super::{corpus::mails, seen, *};
use proptest::prelude::*;
use std::sync::LazyLock;

static MAILS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| mails().into_iter().map(|(_, raw)| raw).collect());

/// What holds for a letter of any bytes.
fn holds(raw: &[u8]) {
    let letter = read(raw, None);
    assert!(letter.text.len() <= LONGEST_TEXT);
    assert!(letter.answers_to.len() <= 50);
    assert!(!letter.subject.contains(char::is_control) && !letter.text.contains(['\r', '\0']));
    for file in &letter.files {
        assert!(!file.name.is_empty() && file.name.chars().count() <= 120, "{:?}", file.name);
        assert!(!file.name.contains(['/', '\\']) && !file.name.contains(char::is_control), "{:?}", file.name);
        assert_eq!(file.size, file.content.len());
    }
    assert_eq!(seen(&letter), seen(&read(raw, None)), "the same bytes give the same letter");
    folded_well(&letter.text);
}

/// Ranges of folds are ascending, lie between characters, and leave something to be seen.
fn folded_well(text: &str) {
    let found = folds(text);
    let mut at = 0;
    let mut outside = String::new();
    for range in &found {
        assert!(at <= range.start && range.start < range.end, "{found:?}");
        outside.push_str(&text[at..range.start]);
        at = range.end;
    }
    outside.push_str(&text[at..]);
    assert!(found.is_empty() || !outside.trim().is_empty(), "all of {text:?} is folded");
}

/// A part of a mail replaced by other bytes, by a part of another, or by nothing.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let other = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..400_usize).prop_map(|(mail, at, length)| {
            let mail = mail.get(&MAILS);
            let at = at.index(mail.len() + 1);
            mail[at..(at + length).min(mail.len())].to_vec()
        }),
        "(--|=\\?utf-8\\?B\\?|\r\n\r\n|\r\n|<|>|\"|\\(|:|;|=|\\*0\\*=|%e5|,|\\\\| |\t){0,6}"
            .prop_map(String::into_bytes),
    ];
    let change = (any::<prop::sample::Index>(), 0..60_usize, other);
    (any::<prop::sample::Index>(), proptest::collection::vec(change, 1..6)).prop_map(|(mail, changes)| {
        let mut mail = mail.get(&MAILS).clone();
        for (at, length, other) in changes {
            let at = at.index(mail.len() + 1);
            mail.splice(at..(at + length).min(mail.len()), other);
        }
        mail
    })
}

/// Lines as they are in answers.
fn answer() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("> a quote"),
        Just(""),
        Just("-- "),
        Just("--"),
        Just("an answer"),
        Just("订单"),
        Just("On Mon, Nov 9, 2026 at 6:02 PM"),
        Just("somebody <a@x.example> wrote:"),
        Just("From: a@x.example"),
        Just("Sent: today"),
        Just("Subject: hello"),
        Just("-----Original Message-----"),
        Just("---------- Forwarded message ---------"),
        Just("发件人： 王"),
        Just("主题： 灯"),
        Just("在 2026年11月9日，王写道："),
        Just(">"),
        Just(" "),
        Just("Am 09.11.26 um 18:02 schrieb A:"),
    ];
    proptest::collection::vec((line, prop_oneof![Just("\n"), Just("\r\n")]), 0..30)
        .prop_map(|lines| lines.iter().flat_map(|(line, end)| [*line, *end]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_give_a_letter(raw in proptest::collection::vec(any::<u8>(), 0..2000)) {
        holds(&raw);
    }

    #[test]
    fn any_fields_give_a_letter(fields in "((From|To|Date|Subject|Message-ID|References|Content-Type|Content-Disposition): [\\x00-\\x7f€订\u{202e}]{0,60}\r\n){0,8}\r\n[\\x00-\\x7f]{0,200}") {
        holds(fields.as_bytes());
    }

    #[test]
    fn a_date_of_anything_gives_a_letter(date in "[0-9A-Za-z:,;+() \\\\-]{0,60}|[0-9]{1,12} [A-Z][a-z]{2} [0-9]{1,12} [0-9:]{1,20} [+-]?[0-9A-Z]{0,12}") {
        holds(format!("Date: {date}\r\n\r\n").as_bytes());
    }

    #[test]
    fn a_mail_of_the_corpus_with_anything_changed_gives_a_letter(raw in mutated()) {
        holds(&raw);
    }

    #[test]
    fn folds_of_any_text_leave_something_to_be_seen(text in "\\PC{0,300}") {
        folded_well(&text);
    }

    #[test]
    fn folds_of_answers_leave_something_to_be_seen(text in answer()) {
        folded_well(&text);
    }

    #[test]
    fn html_of_any_tags_is_clean_and_stays_so_when_it_is_read_again(html in "(<(/?)(p|b|a|table|tr|td|li|ul|div|script|style|svg|blockquote|pre|textarea)( href=\"?[a-z:/]{0,12}\"?)?>|[a-z &<>\"']){0,60}") {
        let once = crate::html::read(&html).html;
        super::payloads::is_clean(&html, &once);
        super::payloads::is_clean(&html, &crate::html::read(&once).html);
    }
}
