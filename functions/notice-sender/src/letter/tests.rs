//! What holds for every letter.

mod answers;
mod chinese;
mod claims;
mod customers;
mod wording;

use super::*;
use crate::samples::{
    SAID, SIGNED, Sample, answer, claim_denied, claim_granted, claim_moved, decided, decided_as, enrolled, every,
    expired, handed_over, invitation, not_taken, opened, policy_decided, rate, rate_of, refund, reminded, statement,
    store, survey, to_customer, trial_ending, usd, utc,
};
use domain::{
    claim::criteria::Criterion,
    decision::DecisionKind,
    fee::{BasisPoints, TierName},
    inquiry::HandOver,
    notice::{ClaimStep, DecisionFacts},
    question::QuestionKind,
    received::Cause,
    seller::Enrolling,
};
use std::collections::BTreeSet;

const LANGUAGES: [SellerLanguage; 2] = [SellerLanguage::En, SellerLanguage::Zh];

fn letter_in(store: &Store, notice: &Notice) -> Letter {
    translated(store, notice, SellerLanguage::En)
}

fn translated(store: &Store, notice: &Notice, language: SellerLanguage) -> Letter {
    Sample::of((String::new(), notice.clone())).letter(store, language).unwrap()
}

/// Each notice in each language.
fn every_letter() -> Vec<(Notice, SellerLanguage, Letter)> {
    let store = store("US");
    let each = every().into_iter().flat_map(|sample| LANGUAGES.map(|language| (sample.clone(), language)));
    each.map(|(sample, language)| {
        let letter = sample.letter(&store, language).unwrap();
        (sample.notice, language, letter)
    })
    .collect()
}

/// The mail as it is read.
fn whole(notice: &Notice) -> String {
    let letter = letter_in(&store("US"), notice);
    format!("{}\n\n{}", letter.subject, letter.text)
}

/// The same, without what every mail ends with.
fn read(notice: &Notice) -> String {
    let whole = whole(notice);
    whole.split_once("\n\nCustomer Service, United States store\n").unwrap().0.to_owned()
}

#[test]
fn a_time_is_given_on_the_stores_clock_and_in_utc() {
    let time = |id: &str, at: &str| {
        let letter = letter_in(&store(id), &opened(at, QuestionKind::ProductFact));
        letter.text.lines().find(|line| line.starts_with("Reply by")).unwrap().to_owned()
    };
    assert_eq!(time("US", "2026-06-17T21:00:00Z"), "Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)");
    assert_eq!(
        time("US", "2026-12-31T01:00:59Z"),
        "Reply by: Wednesday, 30 December 2026, 17:00 PST (31 December, 01:00 UTC)"
    );
    assert_eq!(time("DE", "2026-03-29T01:00:00Z"), "Reply by: Sunday, 29 March 2026, 03:00 CEST (01:00 UTC)");
    assert_eq!(
        time("BR", "2018-01-01T02:00:00Z"),
        "Reply by: Monday, 1 January 2018, 00:00 Sao Paulo time (02:00 UTC)"
    );
}

#[test]
fn the_text_and_the_html_of_a_letter_say_the_same_words() {
    for (notice, language, letter) in every_letter() {
        let (text, html) = (format!("{} {}", letter.subject, letter.text), shown(&letter.html));
        match language {
            SellerLanguage::En => assert_eq!(words(&text), words(&html), "{}", notice.kind.name()),
            // There is nothing between words: a table's cells are apart in one reading, and beside each other in the other.
            SellerLanguage::Zh => assert_eq!(signs(&text), signs(&html), "{}", notice.kind.name()),
        }
    }
}

#[test]
fn the_text_and_the_html_of_a_letter_lead_to_the_same_page() {
    for (notice, _, letter) in every_letter() {
        let in_text: BTreeSet<_> = letter.text.lines().filter(|line| line.starts_with("http")).collect();
        let in_html: BTreeSet<_> =
            letter.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(in_text, in_html);
        let customer = matches!(notice.kind, NoticeKind::InquiryResolved { .. } | NoticeKind::Answer { .. });
        let optional = !matches!(notice.kind.need(), Need::Always(_));
        if matches!(notice.kind, NoticeKind::Digest { .. }) {
            assert_eq!(in_text.len(), 6, "one for each thing that there is to see, and the last: {in_text:?}");
        } else {
            let pages = usize::from(!customer) + usize::from(optional);
            assert_eq!(in_text.len(), pages, "a customer has no business in the sellers' portal");
        }
        assert!(in_text.iter().all(|link| link.starts_with("https://portal.example/")));
        let signed = in_text.iter().filter(|link| link.contains(SIGNED)).count();
        let lets_in = ["survey", "invitation"].contains(&notice.kind.name());
        let expected = usize::from(lets_in || optional);
        assert_eq!(
            signed, expected,
            "who could not come in otherwise is let in by a link, and who may have no more mails"
        );
        assert_eq!(in_text.iter().any(|link| link.contains("/unsubscribe/")), optional, "{in_text:?}");
    }
}

#[test]
fn every_letter_says_whether_a_person_wrote_it_and_has_a_short_subject() {
    for (notice, language, Letter { subject, text, html, .. }) in every_letter() {
        let is_answer = notice.kind.name() == "answer";
        let (automatic, person) = match language {
            SellerLanguage::En => ("sent automatically", "A person wrote this email. To answer, just reply to it."),
            SellerLanguage::Zh => ("系统自动发送", "此邮件由客服人员撰写。如需答复，直接回复此邮件即可。"),
        };
        for reading in [&text, &html] {
            assert_eq!((reading.contains(automatic), reading.contains(person)), (!is_answer, is_answer));
        }
        assert!(!subject.contains('\n') && (10..=78).contains(&subject.chars().count()), "{subject}");
        assert!(!text.contains("\n\n\n") && !text.contains(" \n"), "{text:?}");
        assert!(text.lines().all(|line| line.chars().count() <= 120 || line.starts_with("http")), "{text}");
    }
}

#[test]
fn nothing_in_a_letter_is_fetched_when_it_is_opened() {
    for (_, _, Letter { html, .. }) in every_letter() {
        for tracker in ["<img", "src=", "url(", "<link", "<script", "@import"] {
            assert!(!html.contains(tracker), "{tracker}");
        }
    }
}

#[test]
fn a_name_with_signs_of_html_is_shown_as_it_is() {
    let store = Store { name: "R&D <Test>".to_owned(), ..store("US") };
    let letter = letter_in(&store, &statement());
    assert!(letter.text.contains("R&D <Test> store"));
    assert!(!letter.html.contains("<Test>"));
    assert_eq!(words(&format!("{} {}", letter.subject, letter.text)), words(&shown(&letter.html)));
}

/// What a browser shows of a page.
fn shown(html: &str) -> String {
    let (_, body) = html.split_once("<body>").unwrap();
    let tags = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    tags.collect::<Vec<_>>()
        .join(" ")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
}

/// The same where words are not apart.
fn signs(text: &str) -> String {
    words(text).concat().chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// The words alone: without links, marks and the layout of a table.
fn words(text: &str) -> Vec<String> {
    let mark = |c: char| matches!(c, ':' | ',' | '.');
    text.split_whitespace()
        .filter(|word| !word.starts_with("http") && *word != "--")
        .map(|word| word.trim_matches(mark).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
